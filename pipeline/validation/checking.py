"""All checks of one deck: what its profile claims, and what holds for every deck."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from pipeline.validation.amounts_owned import MoneyOnPage, amount_checks, loose_amounts
from pipeline.validation.arithmetic import claims_of
from pipeline.validation.bar_drawn import bar_checks
from pipeline.validation.brackets import bracket_checks
from pipeline.validation.category_heading import category_checks
from pipeline.validation.claimed_once import claimed_once_checks
from pipeline.validation.claims import Claim, check_of, judged
from pipeline.validation.column_types import type_checks
from pipeline.validation.diagnosis import LooseAmount, suspects_of
from pipeline.validation.digits import digit_checks
from pipeline.validation.evidence_inside import evidence_checks
from pipeline.validation.figures import Tables, read_ledger
from pipeline.validation.font_map import font_map_checks, unknown_character_checks
from pipeline.validation.keys import key_checks
from pipeline.validation.marks import mark_checks
from pipeline.validation.on_pages import OnPages, look_up
from pipeline.validation.reading_order import reading_order_checks
from pipeline.validation.row_lines import beside_name_checks, lines_of_rows
from pipeline.validation.text_reread import text_checks
from pipeline.validation.words import word_checks
from pipeline.validation.words_on_rows import unread_word_checks

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from pipeline.check_sentences import CheckSentence, PinnedFigure
    from pipeline.model import Box, Check, Document, Page
    from pipeline.table_schemas import TableSchema


def validate(
    tables: Tables,
    sentences: Sequence[CheckSentence],
    pinned: Sequence[PinnedFigure] = (),
    document: Document | None = None,
    money_on_page: MoneyOnPage | None = None,
    schemas: Mapping[str, TableSchema] | None = None,
    marks: Mapping[str, Sequence[str]] | None = None,
    opened_lines: Callable[[Page], Sequence[Box]] | None = None,
    subtotals: Sequence[str] = (),
) -> tuple[Check, ...]:
    """Every check that can be made on `tables`, in a stable order: the sentences' first.

    `tables` have the contract's columns, money as Decimal. Without `document` the checks against the page are left out,
    without `money_on_page` the ownership of amounts, without `schemas` keys and types. `marks` are the profile's, by
    flag; `opened_lines` gives the lines of a page that a bullet opens, each as the box of its text; `subtotals` are the
    profile's. Check ids are unique and depend on what is checked only, so they can be followed through editions.
    """
    places = look_up(tables, document)
    loose: Sequence[LooseAmount] = ()
    owned: list[Check] = []
    if document is not None and money_on_page is not None:
        money = {page.number: money_on_page(page) for page in document.pages}
        owned += amount_checks(tables, document, lambda page: money[page.number], places)
        if any(check.verdict == "inconsistent" for check in owned):
            loose = loose_amounts(tables, document, lambda page: money[page.number])
    checks = [*arithmetic_checks(tables, sentences, pinned, loose), *word_checks(tables, document, places)]
    if schemas is not None:
        checks += [*key_checks(tables, schemas), *type_checks(tables, schemas)]
    checks += owned
    if document is not None:
        checks += [
            *evidence_checks(tables, document, places),
            *font_map_checks(document),
            *unknown_character_checks(tables),
        ]
        opened = opened_lines or (lambda _page: ())
        checks += _page_checks(tables, document, places, schemas or {}, marks or {}, opened, subtotals)
    return _with_unique_ids(checks)


def _page_checks(
    tables: Tables,
    document: Document,
    places: OnPages,
    schemas: Mapping[str, TableSchema],
    marks: Mapping[str, Sequence[str]],
    opened_lines: Callable[[Page], Sequence[Box]],
    subtotals: Sequence[str],
) -> Iterator[Check]:
    """What arithmetic cannot see, the page must: each kind asks the page whether the rows are what stands there."""
    evidence = places.evidence
    rows = lines_of_rows(tables, evidence, document, subtotals)
    yield from digit_checks(tables, evidence)
    yield from bracket_checks(tables, evidence)
    yield from beside_name_checks(tables, evidence, rows)
    yield from mark_checks(tables, evidence, document, marks, rows)
    yield from claimed_once_checks(tables, evidence)
    yield from unread_word_checks(tables, places, document, marks, opened_lines)
    yield from text_checks(tables, evidence, schemas)
    yield from reading_order_checks(tables, evidence, document, opened_lines)
    yield from category_checks(tables, evidence)
    yield from bar_checks(tables, evidence, document)


def arithmetic_checks(
    tables: Tables,
    sentences: Sequence[CheckSentence],
    pinned: Sequence[PinnedFigure] = (),
    loose: Sequence[LooseAmount] = (),
) -> tuple[Check, ...]:
    """The checks of the profile's sentences alone; those that fail name their suspects.

    `loose` are the amounts on the page that no row has: what a sum that falls short may lack.
    """
    ledger = read_ledger(tables)
    claims = claims_of(ledger, sentences, pinned)

    def recompile(changed: Tables) -> tuple[Claim, ...]:
        return claims_of(read_ledger(changed), sentences, pinned)

    checks = []
    for claim in claims:
        judgement = judged(claim)
        failed = judgement.verdict == "inconsistent"
        suspects = suspects_of(claim, claims, ledger, recompile, loose) if failed else ()
        checks.append(check_of(claim, judgement, suspects))
    return _with_unique_ids(checks)


def _with_unique_ids(checks: Sequence[Check]) -> tuple[Check, ...]:
    """Ids that collide (the same budget in two currencies, say) get a suffix by order."""
    seen: dict[str, int] = {}
    unique = []
    for check in checks:
        times = seen[check.check_id] = seen.get(check.check_id, 0) + 1
        unique.append(replace(check, check_id=f"{check.check_id}-{times}") if times > 1 else check)
    return tuple(unique)
