"""All checks of one deck: what its profile claims, and what holds for every deck."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from pipeline.validation.amounts_owned import MoneyOnPage, amount_checks
from pipeline.validation.arithmetic import claims_of
from pipeline.validation.claims import Claim, check_of, judged
from pipeline.validation.column_types import type_checks
from pipeline.validation.diagnosis import suspects_of
from pipeline.validation.evidence_inside import evidence_checks
from pipeline.validation.figures import Tables, read_ledger
from pipeline.validation.font_map import font_map_checks
from pipeline.validation.keys import key_checks
from pipeline.validation.words import word_checks

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from pipeline.check_sentences import CheckSentence, PinnedFigure
    from pipeline.model import Check, Document
    from pipeline.table_schemas import TableSchema


def validate(
    tables: Tables,
    sentences: Sequence[CheckSentence],
    pinned: Sequence[PinnedFigure] = (),
    document: Document | None = None,
    money_on_page: MoneyOnPage | None = None,
    schemas: Mapping[str, TableSchema] | None = None,
) -> tuple[Check, ...]:
    """Every check that can be made on `tables`, in a stable order: the sentences' first.

    `tables` have the contract's columns, money as Decimal. Without `document` the checks against the page are left out,
    without `money_on_page` the ownership of amounts, without `schemas` keys
    and types. Check ids are unique and depend on what is checked only, so they can be followed through editions.
    """
    checks = [*arithmetic_checks(tables, sentences, pinned), *word_checks(tables)]
    if schemas is not None:
        checks += [*key_checks(tables, schemas), *type_checks(tables, schemas)]
    if document is not None and money_on_page is not None:
        checks += amount_checks(tables, document, money_on_page)
    if document is not None:
        checks += [*evidence_checks(tables, document), *font_map_checks(document)]
    return _with_unique_ids(checks)


def arithmetic_checks(
    tables: Tables, sentences: Sequence[CheckSentence], pinned: Sequence[PinnedFigure] = ()
) -> tuple[Check, ...]:
    """The checks of the profile's sentences alone; those that fail name their suspects."""
    ledger = read_ledger(tables)
    claims = claims_of(ledger, sentences, pinned)

    def recompile(changed: Tables) -> tuple[Claim, ...]:
        return claims_of(read_ledger(changed), sentences, pinned)

    checks = []
    for claim in claims:
        failed = judged(claim).verdict == "inconsistent"
        checks.append(check_of(claim, suspects_of(claim, claims, ledger, recompile) if failed else ()))
    return _with_unique_ids(checks)


def _with_unique_ids(checks: Sequence[Check]) -> tuple[Check, ...]:
    """Ids that collide (the same budget in two currencies, say) get a suffix by order."""
    seen: dict[str, int] = {}
    unique = []
    for check in checks:
        times = seen[check.check_id] = seen.get(check.check_id, 0) + 1
        unique.append(replace(check, check_id=f"{check.check_id}-{times}") if times > 1 else check)
    return tuple(unique)
