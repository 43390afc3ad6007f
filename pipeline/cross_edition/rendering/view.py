"""Figures through the editions as titled tables, the same for every format that a person reads."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from pipeline.cross_edition.checks import most_precise
from pipeline.cross_edition.rates import rate_text
from pipeline.drawing import Cell, Section, Tone, Track, View
from pipeline.validation.messages import count, enumerate_words, format_interval, format_money, scale_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from pipeline.cross_edition.following import EditionFigure, FigureSeries
    from pipeline.cross_edition.series import Series
    from pipeline.cross_edition.statements import EditionName, Statement
    from pipeline.model import Check

_MARKS: Mapping[str, tuple[str, Tone]] = {
    "consistent": ("✓", "added"),
    "inconsistent": ("✗", "removed"),
    "undetermined": ("?", "changed"),
}
_ORDER = ("inconsistent", "undetermined", "consistent")
_COLUMNS = ("Edition", "Stated", "True value in", "Stage", "Place")
_DRAWN = (
    "Each bar is what rounding admits, on a line from nothing to the largest amount of that figure in that currency; the "
    "mark in it is the printed amount. A draft is drawn hollow."
)
_WHOLE = frozenset({0})
_SHARE_PLACES = 3


def view(series: Series, *, drawn: bool = False) -> View:
    """What a person is shown of `series`; `drawn` adds a column with each amount as a bar, for a format that draws."""
    sections = [_figure(figure, drawn=drawn) for figure in series.figures]
    sections += [_unplaced(series.unplaced), _rates(series.figures), _checks(series.checks)]
    decks = {edition.deck for edition in series.editions}
    title = f"Budget figures through {count(len(series.editions), 'edition')} of {count(len(decks), 'deck')}"
    return View(title, _in_a_sentence(series) + (f" {_DRAWN}" if drawn else ""), tuple(s for s in sections if s.rows))


def _in_a_sentence(series: Series) -> str:
    editions = [len({side.edition for side in figure.by_edition}) for figure in series.figures]
    if len(editions) == 1:
        said = f"1 figure, stated by {count(editions[0], 'edition')}"
    else:
        several = sum(number > 1 for number in editions)
        said = f"{count(len(editions), 'figure')}, {several or 'none'} of them stated by more than one edition"
    counts = [(verdict, sum(c.verdict == verdict for c in series.checks)) for verdict in reversed(_ORDER)]
    verdicts = enumerate_words([f"{number} {verdict}" for verdict, number in counts if number])
    return f"{said}. Checks across editions: {verdicts or 'none'}."


def _figure(figure: FigureSeries, *, drawn: bool) -> Section:
    largest: dict[str, Decimal] = {}
    for side in figure.by_edition:
        for statement in side.statements:
            end = statement.figure.interval.upper
            end = statement.figure.value if end is None else end
            largest[side.currency] = max(end, largest.get(side.currency, Decimal(0)))
    rows = tuple(
        (
            *_cells(statement, side),
            *((Cell("", track=_track(statement, side, largest[side.currency])),) if drawn else ()),
        )
        for side in figure.by_edition
        for statement in side.statements
    )
    columns = (*_COLUMNS, "Drawn") if drawn else _COLUMNS
    # A page scrolls sideways where it is narrow; a terminal cannot.
    return Section(str(figure.name), columns, rows, whole=frozenset(range(len(_COLUMNS))) if drawn else _WHOLE)


def _cells(statement: Statement, side: EditionFigure | None) -> tuple[Cell, ...]:
    figure, scale = statement.figure, scale_of(statement.figure.step)
    around = "around " if figure.is_approximate else ""
    stage = statement.stage or (f"({side.stage})" if side and side.stage else "")
    return (
        Cell(_name(statement.edition)),
        Cell(around + format_money(figure.value, figure.currency, scale, figure.step)),
        Cell(format_interval(figure.interval, scale)),
        Cell(stage, "changed" if statement.stage else "faint"),
        Cell(_place(statement), "faint"),
    )


def _name(edition: EditionName) -> str:
    """Deck and edition; a long name breaks behind the deck, where it can be read on."""
    name = str(edition)
    return name if len(name) <= _EDITION_WIDTH else name.replace("/", "/\n")


_EDITION_WIDTH = 24
"""Characters of an edition's name that leave room for the other columns on a terminal of common width."""


def _place(statement: Statement) -> str:
    """Page and table, and below them each box: x0, top, x1, bottom in whole points.

    The formats for programs have boxes as they were measured.
    """
    where = ("" if statement.page is None else f"page {statement.page}, ") + statement.figure.table
    boxes = ((s.box.x0, s.box.top, s.box.x1, s.box.bottom) for s in statement.spots)
    return "\n".join([where, *(", ".join(f"{side:.0f}" for side in box) for box in boxes)])


def _track(statement: Statement, side: EditionFigure, whole: Decimal) -> Track | None:
    interval, value = statement.figure.interval, statement.figure.value
    if whole <= 0 or value < 0:
        return None
    lower = max(interval.lower or Decimal(0), Decimal(0))
    upper = whole if interval.upper is None else interval.upper
    return Track(_share(lower, whole), _share(value, whole), _share(upper, whole), bool(side.stage))


def _share(part: Decimal, whole: Decimal) -> float:
    return round(float(part / whole * 100), _SHARE_PLACES)


def _unplaced(statements: Sequence[Statement]) -> Section:
    rows = tuple((*_cells(statement, None), Cell(statement.label)) for statement in statements)
    note = "The slide does not say of which fiscal year, or of which budget, these speak."
    return Section("No year or budget", (*_COLUMNS, "Label"), rows, note, whole=_WHOLE)


def _rates(figures: Sequence[FigureSeries]) -> Section:
    rows = tuple(
        (
            Cell(str(figure.name)),
            Cell(rate_text(rate.rate, rate.unit)),
            Cell("\n".join(_amount(side) for side in (rate.amount, rate.base)), "faint"),
        )
        for figure in figures
        for rate in figure.rates
    )
    note = "What two statements of one figure imply, rounded outwards. No exchange rate is looked up or assumed."
    return Section("Implied exchange rates", ("Figure", "Rate", "Implied by"), rows, note, whole=_WHOLE)


def _amount(side: EditionFigure) -> str:
    best = most_precise(side)
    words = [side.stage, "around" if best.is_approximate else ""]
    money = format_money(best.value, best.currency, scale_of(best.step), best.step)
    return " ".join([*(w for w in words if w), money, "in", str(side.edition)])


def _checks(checks: Sequence[Check]) -> Section:
    rows = []
    for check in sorted(checks, key=lambda c: _ORDER.index(c.verdict)):
        mark, tone = _MARKS[check.verdict]
        places = [f"look at {p.table} {p.key}: {p.reason}" for p in check.suspects]
        rows.append((Cell(f"{mark} {check.verdict}", tone), Cell("\n".join([check.message, *places]))))
    return Section("Checks across editions", ("Verdict", "Claim"), tuple(rows), whole=_WHOLE)
