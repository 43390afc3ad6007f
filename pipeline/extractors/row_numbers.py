"""A table's column of row numbers: 1, 2, 3 … in front of the names. They count the rows and say nothing of them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pipeline.layout.lines import same_line
from pipeline.tolerances import Tolerance

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pipeline.extractors.harvest import Harvest
    from pipeline.layout.lines import Segment

IN_LINE_NUMBERS = Tolerance(0.3, "slack of row numbers in line")
"""Numbers whose left sides, middles or right sides differ by less than this many font sizes stand in line."""

LEAST = 3
"""Fewer numbers in line may be anything."""

_NUMBER = re.compile(r"[(（]?(\d{1,3})[.．)）]?")


def take_row_numbers(harvest: Harvest, segments: Sequence[Segment]) -> list[Segment]:
    """The segments without the row numbers, which are set aside.

    Row numbers count up by one from 1, stand in line below each other, and each first on its line with something behind it.
    """
    first = [
        (int(found[1]), s)
        for s in segments
        if s.marker is None and (found := _NUMBER.fullmatch(s.text)) and _begins_a_line(s, segments)
    ]
    for side in ("x0", "centre", "x1"):
        for one in (s for number, s in first if number == 1):
            edge, reach = getattr(one.box, side), IN_LINE_NUMBERS * one.size
            column = sorted(
                ((n, s) for n, s in first if abs(getattr(s.box, side) - edge) <= reach),
                key=lambda pair: pair[1].box.top,
            )
            if len(column) >= LEAST and [n for n, _ in column] == list(range(1, len(column) + 1)):
                for _, s in column:
                    harvest.discard(s.passage, "row number")
                numbers = [s for _, s in column]
                return [s for s in segments if s not in numbers]
    return list(segments)


def _begins_a_line(segment: Segment, segments: Sequence[Segment]) -> bool:
    """Whether something stands right of a segment on its line, and nothing left of it."""
    level = [s for s in segments if s is not segment and same_line(s, segment)]
    return bool(level) and all(s.box.x0 >= segment.box.x1 for s in level)
