"""One figure followed through all editions, languages and currencies: statements side by side, and the rates implied.

Nothing is converted: amounts of two currencies are only held against each other through the rate they imply.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pipeline.cross_edition.rates import RateInterval, implied_rate, relative_width
from pipeline.cross_edition.statements import EditionName, EditionTables, FigureName, Statement, statements_of
from pipeline.editions import edition_order
from pipeline.validation.intervals import Interval, intersect_all

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence


@dataclass(frozen=True)
class EditionFigure:
    """What one edition says of one figure in one currency, all its statements together.

    `interval` is what all of them admit; None where they contradict one another. `stage` is what any of them names: a
    bar of a chart never says that it is a draft.
    """

    edition: EditionName
    name: FigureName
    currency: str
    stage: str
    interval: Interval | None
    statements: tuple[Statement, ...]


@dataclass(frozen=True)
class ImpliedRate:
    """What two editions that state one figure in two currencies imply: units of `amount`'s currency for one of `base`'s.

    `converted` are the sides whose amounts were made from the other's by exchange, as far as the printing tells: that
    of the currency that is mostly printed coarser, both where neither is.
    """

    name: FigureName
    amount: EditionFigure
    base: EditionFigure
    rate: RateInterval
    converted: tuple[EditionFigure, ...]

    @property
    def unit(self) -> str:
        """For instance `JPY per USD`."""
        return f"{self.amount.currency} per {self.base.currency}"

    @property
    def same_stage(self) -> bool:
        """Whether both are drafts or neither says so; between a draft and another statement a budget may change."""
        return self.amount.stage == self.base.stage

    def other(self, side: EditionFigure) -> EditionFigure:
        """The other one of the two."""
        return self.base if side is self.amount else self.amount


@dataclass(frozen=True)
class FigureSeries:
    """One figure through the editions: by deck, oldest first, currency by currency."""

    name: FigureName
    by_edition: tuple[EditionFigure, ...]
    rates: tuple[ImpliedRate, ...]


def follow(editions: Sequence[EditionTables]) -> tuple[tuple[FigureSeries, ...], tuple[Statement, ...]]:
    """All figures that `editions` state, by year and budget, and the statements that name no year or no budget.

    The result does not depend on the order of `editions`.
    """
    ordered = sorted(editions, key=lambda e: (e.name.deck, edition_order(e.name.edition), e.name.edition))
    statements = [statement for edition in ordered for statement in statements_of(edition)]
    figures: dict[FigureName, dict[tuple[EditionName, str], list[Statement]]] = {}
    for statement in statements:
        if statement.name is not None:
            group = figures.setdefault(statement.name, {})
            group.setdefault((statement.edition, statement.figure.currency), []).append(statement)
    sides = {
        name: tuple(_edition_figure(edition, name, currency, listed) for (edition, currency), listed in group.items())
        for name, group in sorted(figures.items())
    }
    pairs = [pair for listed in sides.values() for pair in _pairs(listed)]
    bases, converted = _bases(pairs), _converted(pairs)
    return (
        tuple(FigureSeries(name, listed, _rates(name, listed, bases, converted)) for name, listed in sides.items()),
        tuple(statement for statement in statements if statement.name is None),
    )


def _edition_figure(
    edition: EditionName, name: FigureName, currency: str, statements: Sequence[Statement]
) -> EditionFigure:
    stage = max(statement.stage for statement in statements)
    interval = intersect_all(statement.figure.interval for statement in statements)
    return EditionFigure(edition, name, currency, stage, interval, tuple(statements))


_Pair = tuple[EditionFigure, EditionFigure]


def _pairs(figures: Sequence[EditionFigure]) -> list[_Pair]:
    """Any two of another currency, the first of the two being of the currency that comes first by name."""
    return [
        (one, two)
        for one in figures
        for two in figures
        if one.currency < two.currency and one.interval is not None and two.interval is not None
    ]


def _bases(pairs: Iterable[_Pair]) -> dict[frozenset[str], str]:
    """For each two currencies the one whose unit is priced: mostly the dearer one, so that rates are above one."""
    votes: dict[frozenset[str], list[int]] = {}
    currencies: dict[frozenset[str], _Pair] = {}
    for one, two in pairs:
        key = frozenset((one.currency, two.currency))
        currencies[key] = (one, two)
        dearer = one.statements[0].figure.value < two.statements[0].figure.value
        votes.setdefault(key, []).append(1 if dearer else -1)
    return {key: (one if sum(votes[key]) > 0 else two).currency for key, (one, two) in currencies.items()}


def _converted(pairs: Iterable[_Pair]) -> dict[frozenset[str], frozenset[str]]:
    """For each two currencies the one that amounts were exchanged into; both where the printing does not tell.

    Who exchanges an amount prints it no finer than it was given, so the currency that is mostly printed coarser is it.
    """
    votes: dict[frozenset[str], int] = {}
    for one, two in pairs:
        key = frozenset((one.currency, two.currency))
        votes[key] = votes.get(key, 0) + _coarser(one, two)
    converted = {}
    for key, vote in votes.items():
        first, second = sorted(key)
        converted[key] = key if vote == 0 else frozenset((first if vote > 0 else second,))
    return converted


def _coarser(one: EditionFigure, two: EditionFigure) -> int:
    """1 where `one` is printed coarser, -1 where `two` is, 0 where neither is."""
    widths = [relative_width(side.interval) if side.interval is not None else None for side in (one, two)]
    if widths[0] is None or widths[1] is None or widths[0] == widths[1]:
        return 0
    return 1 if widths[0] > widths[1] else -1


def _rates(
    name: FigureName,
    figures: Sequence[EditionFigure],
    bases: dict[frozenset[str], str],
    converted: dict[frozenset[str], frozenset[str]],
) -> tuple[ImpliedRate, ...]:
    found = []
    for one, two in _pairs(figures):
        key = frozenset((one.currency, two.currency))
        amount, base = (two, one) if one.currency == bases[key] else (one, two)
        rate = implied_rate(amount.interval, base.interval) if amount.interval and base.interval else None
        if rate is not None:
            sides = tuple(side for side in (amount, base) if side.currency in converted[key])
            found.append(ImpliedRate(name, amount, base, rate, sides))
    return tuple(found)
