"""One figure through the editions, as the review page draws it: a line an edition, all on one scale."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pipeline.publishing.report.money import share

if TYPE_CHECKING:
    from collections.abc import Sequence
    from decimal import Decimal

    from pipeline.model import Place, Verdict
    from pipeline.publishing.report.charts import Json
    from pipeline.publishing.report.rows import RowIndex


@dataclass(frozen=True, slots=True)
class EditionLine:
    """What one edition states of a figure.

    `text` and `admits` say it in words, `lower`, `value` and `upper` in units of the currency (an end that is None is
    open). `place` is its row where the edition is the page's own. `stage` is `draft` or empty.
    """

    edition: str
    stage: str
    text: str
    admits: str
    lower: Decimal | None
    value: Decimal
    upper: Decimal | None
    place: Place | None = None


@dataclass(frozen=True, slots=True)
class ThroughEditions:
    """One figure with a line for each edition that states it, oldest first, and whether they fit."""

    title: str
    verdict: Verdict
    message: str
    lines: tuple[EditionLine, ...]


def through_editions(charts: Sequence[ThroughEditions], index: RowIndex) -> list[Json]:
    """Give what the page draws. Lengths are per cent of the largest amount of the figure; an open end is None."""
    made: list[Json] = []
    for chart in charts:
        whole = max(line.value if line.upper is None else line.upper for line in chart.lines)
        made.append(
            {
                "title": chart.title,
                "verdict": chart.verdict,
                "message": chart.message,
                "lines": [
                    {
                        "edition": line.edition,
                        "stage": line.stage,
                        "text": line.text,
                        "admits": line.admits,
                        "row": None if line.place is None else index.number(line.place.table, line.place.key),
                        "drawing": {
                            "stated": share(line.value, whole),
                            "lower": None if line.lower is None else share(line.lower, whole),
                            "upper": None if line.upper is None else share(line.upper, whole),
                        },
                    }
                    for line in chart.lines
                ],
            }
        )
    return made
