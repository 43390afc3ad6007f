"""What a budget slide says about its own amounts: the year and budget of plain ones and of bracketed ones.

Nothing of this is known beforehand: the stated figures, the notes ("[ ] indicates the supplementary budget for FY 2024"),
the heads of the amount columns and the slide's title say it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pipeline.extractors.figures import BudgetYear, budget_of, budget_year_of
from pipeline.records import Printed

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from collections.abc import Set as AbstractSet

    from pipeline.extractors.column_text import Cell
    from pipeline.extractors.harvest import Context, Harvest
    from pipeline.extractors.notes import Note
    from pipeline.passage import Passage

_EMPTY_BRACKETS = re.compile(r"([\[［(（【〔<＜〈])\s*([\]］)）】〕>＞〉])(?P<says>[^.。]*)")


@dataclass(frozen=True)
class Meaning:
    """`plain` is what an amount without brackets belongs to, `bracketed` what one in brackets (by opening one) does."""

    plain: BudgetYear | None
    bracketed: Mapping[str, BudgetYear]

    def of(self, bracket: str, cell: Cell) -> BudgetYear | None:
        """The budget of an amount: the head of its column if it has one, else what its bracket means."""
        if cell.head is not None:
            return cell.head
        if not bracket:
            return self.plain
        return self.bracketed.get(_narrow(bracket))


def meaning_of(
    harvest: Harvest, notes: Sequence[Note], title: Passage, context: Context, brackets: AbstractSet[str] = frozenset()
) -> Meaning:
    """Reads the meaning off the slide; `harvest` holds its stated figures already.

    `brackets` are those that items' amounts stand in, the empty one for those in none. Where none stands without one, the
    only kind of which no text says what it means stands for nothing: its amounts are plain. What the slide does not say,
    the other slides of its kind may: they are one table.
    """
    words = context.profile.budgets
    stated = _stated(harvest) or _stated_beside(context)
    bracketed: dict[str, BudgetYear] = {}
    own = (*(n.text.raw for n in notes), *(_text(r.fields.get("text")) for r in harvest.records))
    for text in (*own, *(" ".join(lines) for lines in context.beside)):
        for match in _EMPTY_BRACKETS.finditer(text):
            about = budget_year_of(match["says"], words)
            budget = budget_of(match["says"], words)
            if about is None and budget is not None:
                about = next((s for s in stated if s.budget == budget), None)
            if about is not None:
                # The stage is stated with the figure, not with the bracket.
                bracketed.setdefault(_narrow(match[1]), about)
    plain = budget_year_of(title.raw, words)
    others = [s for s in stated if s not in bracketed.values()]
    if plain is None and others:
        newest = max(s.fiscal_year for s in others)
        plain = next(s for s in others if s.fiscal_year == newest)
    elif plain is not None:
        plain = next((s for s in stated if (s.fiscal_year, s.budget) == (plain.fiscal_year, plain.budget)), plain)
    unsaid = {_narrow(bracket) for bracket in brackets} - set(bracketed)
    if plain is not None and "" not in unsaid and len(unsaid) == 1:
        bracketed[unsaid.pop()] = plain
    elif not bracketed and plain is not None:
        # Without a note: the brackets hold the other budget that the slide states, where there is just one.
        rest = {(s.fiscal_year, s.budget): s for s in stated if s.budget != plain.budget}
        if len(rest) == 1:
            only = next(iter(rest.values()))
            bracketed = {"[": only, "(": only}
    return Meaning(plain, bracketed)


def _stated(harvest: Harvest) -> list[BudgetYear]:
    figures = []
    for record in harvest.records:
        if record.table == "stated_figures":
            year, budget = record.fields["fiscal_year"], record.fields["budget"]
            if isinstance(year, Printed) and isinstance(budget, Printed) and isinstance(year.value, int):
                figures.append(BudgetYear(year.value, str(budget.value), str(record.fields["stage"] or "")))
    return figures


def _stated_beside(context: Context) -> list[BudgetYear]:
    """The budgets of the figures that the other slides of this kind state, each in a line with its year."""
    lines = [line for slide in context.beside for line in slide if context.amounts(line)]
    return [about for line in lines if (about := budget_year_of(line, context.profile.budgets)) is not None]


def _text(content: object) -> str:
    return content.passage.raw if isinstance(content, Printed) else ""


def _narrow(bracket: str) -> str:
    return {"［": "[", "（": "("}.get(bracket, bracket)
