"""Check kind `brackets`: amounts in brackets belong to one budget, and those without to one for each column of amounts.

A slide that sets one of its budgets in brackets does so throughout. Which budget that is was read from the slide; here
it is only asked whether all that is printed alike was read alike. Where plain amounts are of several budgets they stand
in columns, each of one budget, so those that end at the same edge must agree.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pipeline.language.folding import fold
from pipeline.model import Check, Place, Value
from pipeline.validation.figures import FIGURE_KEYS, Tables, row_key
from pipeline.validation.messages import budget_name, count
from pipeline.validation.placed import Placed, PlacedEvidence, at, page_check

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

KIND = "brackets"

_OPENING = "[(【〔《〈<{"

SAME_EDGE = 0.5
"""Amounts whose right edges differ by less than this part of a line's height end at the same edge."""


@dataclass(frozen=True, slots=True)
class _Printed:
    place: Placed
    bracket: str
    budget: tuple[Value, Value]


def bracket_checks(tables: Tables, evidence: PlacedEvidence) -> Iterator[Check]:
    """One check for each page with amounts in brackets, in page order."""
    pages: dict[int, list[_Printed]] = {}
    for row in tables.get("budget_amounts", ()):
        parts = evidence.of("budget_amounts", row_key(row, FIGURE_KEYS["budget_amounts"]), "value")
        if parts and not parts[0].corrected:
            first = fold(parts[0].printed[:1])
            bracket = first if first and first in _OPENING else ""
            printed = _Printed(parts[0], bracket, (row.get("fiscal_year"), row.get("budget")))
            pages.setdefault(parts[0].page, []).append(printed)
    for page, amounts in sorted(pages.items()):
        bracketed = sum(bool(a.bracket) for a in amounts)
        if not bracketed:
            continue
        faults = list(_faults(amounts))
        checked = f"{count(len(amounts), 'amount')}, {bracketed} of them in brackets"
        yield page_check(KIND, page, checked, "all that is printed alike of one budget", faults)


def _faults(amounts: Sequence[_Printed]) -> Iterator[Place]:
    groups: dict[str, list[_Printed]] = {}
    for amount in amounts:
        groups.setdefault(amount.bracket, []).append(amount)
    for bracket, group in groups.items():
        budgets = Counter(a.budget for a in group)
        usual = budgets.most_common(1)[0][0]
        for amount in group:
            if amount.budget != usual and (bracket or _shares_edge(amount, group)):
                reason = (
                    f"{at(amount.place)}, is read as {budget_name(*amount.budget)}; "
                    f"others {'in such brackets' if bracket else 'without brackets'} are {budget_name(*usual)}"
                )
                yield Place("budget_amounts", amount.place.key, reason)


def _shares_edge(amount: _Printed, group: Sequence[_Printed]) -> bool:
    """Whether an amount of another budget ends at the same edge."""
    reach = SAME_EDGE * amount.place.box.height
    return any(o.budget != amount.budget and abs(o.place.box.x1 - amount.place.box.x1) <= reach for o in group)
