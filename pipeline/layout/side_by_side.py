"""Columns of prose with hardly any space between them.

White space of a column's width divides blocks (`layout.blocks`). Columns may stand closer together than that: then it is the
lines that tell, several of which begin at one place behind another column's text, with nothing that crosses. Short
texts side by side are not taken for it: a label and what it labels are read together.
"""

from __future__ import annotations

from statistics import median
from typing import TYPE_CHECKING

from pipeline.layout.lines import lines_of
from pipeline.tolerances import Tolerance

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pipeline.layout.lines import Segment

LEAST = 3
"""So many lines that begin at one place behind other text make a column."""

WIDE = Tolerance(6.0, "wide of side by side")
"""Half of a column's lines are at least this many font sizes wide."""

ALIGNED = Tolerance(0.5, "aligned of side by side")
"""Lines begin at one place if they differ by less than this many font sizes."""

INDENT = Tolerance(2.0, "indent of side by side")
"""Lines wrapped under a bullet's text begin at most this many font sizes behind the bullet."""


def prose_columns(segments: Sequence[Segment]) -> list[list[Segment]]:
    """`segments` by the columns they stand in, from left to right; one list where there is one column."""
    starts = sorted(
        ((b.start, b.size) for line in lines_of(segments) for b in line[1:]),
        key=lambda start: start[0],
    )
    for x, size in starts:
        if sum(-float(ALIGNED) * size <= other - x <= float(INDENT) * size for other, _ in starts) < LEAST:
            continue
        edge = x - ALIGNED * size
        left = [s for s in segments if s.box.x1 <= x]
        right = [s for s in segments if s.start >= edge]
        if len(left) + len(right) == len(segments) and all(_is_prose(side) for side in (left, right)):
            return [*prose_columns(left), *prose_columns(right)]
    return [list(segments)]


def _is_prose(column: Sequence[Segment]) -> bool:
    return len(column) >= LEAST and median(s.box.width / s.size for s in column) >= float(WIDE)
