"""What the review page of an edition draws: its figures beside those of the earlier editions of its deck.

Only of earlier editions and of its own deck: so a page does not change when a later edition or another deck comes, and
two currencies, which nothing converts, never share a scale.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipeline.cross_edition.checks import most_precise, outcome_of, same_figure_check
from pipeline.cross_edition.following import follow
from pipeline.model import Place
from pipeline.publishing.report import EditionLine, ThroughEditions
from pipeline.validation.messages import format_interval, format_money, scale_of, sentence

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pipeline.cross_edition.following import EditionFigure
    from pipeline.cross_edition.statements import EditionName, EditionTables


def charts_of(edition: EditionTables, earlier: Sequence[EditionTables]) -> tuple[ThroughEditions, ...]:
    """A chart for each figure that both `edition` and one of `earlier` state in one currency, by year and budget."""
    figures, _ = follow([*earlier, edition])
    charts: list[ThroughEditions] = []
    for figure in figures:
        own = [side for side in figure.by_edition if side.edition == edition.name]
        for side in own:
            sides = [other for other in figure.by_edition if other.currency == side.currency]
            if len(sides) > 1:
                check = same_figure_check(figure, side.currency, sides)
                lines = tuple(_lines(sides, edition.name))
                outcome = sentence(outcome_of(check.verdict, sides))
                charts.append(ThroughEditions(str(figure.name), check.verdict, outcome, lines))
    return tuple(charts)


def _lines(sides: Sequence[EditionFigure], own: EditionName) -> Iterator[EditionLine]:
    for side in sides:
        figure = most_precise(side)
        interval = side.interval or figure.interval
        scale = scale_of(figure.step)
        around = "around " if figure.is_approximate else ""
        yield EditionLine(
            side.edition.edition,
            side.stage,
            around + format_money(figure.value, figure.currency, scale, figure.step),
            format_interval(interval, scale),
            interval.lower,
            figure.value,
            interval.upper,
            Place(figure.table, figure.key) if side.edition == own else None,
        )
