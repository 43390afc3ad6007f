"""Columns of a slide: where one reads down before one reads across.

A gutter is a vertical strip that no line crosses over some height, with lines that start along its right side. A column of
amounts beside their names has ragged or right-aligned starts and is not one: the caller says which segments are such cells.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from dataclasses import dataclass, replace
from itertools import pairwise
from statistics import median
from typing import TYPE_CHECKING, NamedTuple

from pipeline.layout.panels import frame_around, is_band
from pipeline.tolerances import Tolerance

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Sequence

    from pipeline.layout.lines import Segment
    from pipeline.model import Panel

ALIGNED = Tolerance(2.5, "alignment beside a gutter")
"""Lines belong to one column if they start within this many font sizes right of its edge: bullets, headings and sub-items
differ by their indents."""

APART = Tolerance(0.1, "distance of two gutters")
"""Two gutters are at least this part of the page's width apart; nearer ones are indents of one column."""

SAME_START = Tolerance(0.1, "same start of columns")
"""What starts within this many font sizes of each other starts at one column's edge."""

WIDER = Tolerance(0.2, "wider space between columns")
"""A gap between columns is wider than the spaces on its line by more than this part of them."""

STRIP = Tolerance(0.5, "strip beside a gutter")
"""The width of the strip that must be empty, in font sizes."""


@dataclass(frozen=True)
class Column:
    """A column's segments and where its text can run: from `x0` to the next column's edge or the page's text edge."""

    segments: tuple[Segment, ...]
    x0: float
    x1: float


@dataclass(frozen=True)
class Columns:
    """The columns from left to right, and the segments above, below and across them."""

    columns: tuple[Column, ...]
    outside: tuple[Segment, ...]


@dataclass(frozen=True, slots=True)
class _Gutter:
    """A strip left of `x`, from `top` to `bottom`, with so many `lines` on either side of it together."""

    x: float
    top: float
    bottom: float
    lines: int


class _Crossing(NamedTuple):
    """How far a line or a cell reaches sideways, where it stands, and its size."""

    left: float
    right: float
    top: float
    bottom: float
    size: float


def cut_at_columns(segments: Sequence[Segment], frames: Sequence[Panel]) -> list[Segment]:
    """The segments, cut where an amount at a column's right end comes so near to the next column that both are one run.

    A gap wider than the run's other spaces stands between two columns where the word behind it begins at the left edge of
    a frame, or where other lines begin.
    """
    starts = sorted([*(s.start for s in segments), *(f.box.x0 for f in frames)])
    return [piece for s in segments for piece in _cut(s, starts)]


def _cut(segment: Segment, starts: Sequence[float]) -> list[Segment]:
    words = segment.words
    gaps = [b.box.x0 - a.box.x1 for a, b in pairwise(words)]
    usual = median(gaps) if gaps else 0.0
    reach = SAME_START * segment.size
    cuts = [0]
    for at, gap in enumerate(gaps, start=1):
        if gap > (1 + float(WIDER)) * usual:
            x = words[at].box.x0
            before = any(c.isalnum() for word in words[cuts[-1] : at] for c in word.text)
            # The dots of a leader begin no column.
            if (
                before
                and any(c.isalnum() for c in words[at].text)
                and bisect_right(starts, x + reach) > bisect_left(starts, x - reach)
            ):
                cuts.append(at)
    if len(cuts) == 1:
        return [segment]
    pieces = [words[a:b] for a, b in pairwise([*cuts, len(words)])]
    return [
        replace(segment, words=piece) if i == 0 else replace(segment, words=piece, marker=None, skipped=0)
        for i, piece in enumerate(pieces)
    ]


def split_columns(
    segments: Sequence[Segment],
    width: float,
    is_cell: Callable[[Segment], bool],
    least: int = 3,
    frames: Sequence[Panel] = (),
) -> Columns:
    """The columns of `segments` on a page `width` points wide.

    A line on a filled band reaches as far as its band, so that a heading centred on one does not open a column.
    `least` is how many lines must start along each side of a gutter. Where there is no gutter everything is one
    column.
    """
    if not segments:
        return Columns((), ())
    cells = frozenset(id(s) for s in segments if is_cell(s))
    # An amount that is a little too wide for its column still stands in it.
    reach = [(s.start, s.box.centre) if id(s) in cells else _reach(s, frames) for s in segments]
    crossing = [_Crossing(*sides, s.box.top, s.box.bottom, s.size) for sides, s in zip(reach, segments, strict=True)]
    gutters = _gutters(segments, width, cells, least, crossing)
    right = max([s.box.x1 for s in segments])
    left = min([s.start for s in segments])
    if not gutters:
        return Columns((Column(tuple(segments), left, right),), ())
    stretches = [(min(g.top for g in gutters), max(g.bottom for g in gutters))]
    stretches += _more_stretches(gutters, segments, cells, crossing)
    edges = [left, *(g.x for g in gutters), right + 1]
    inside: list[list[Segment]] = [[] for _ in edges[:-1]]
    outside: list[Segment] = []
    for s, (start, end) in zip(segments, reach, strict=True):
        slack, middle = 0.05 * s.size, s.middle
        crossed = any(start < g.x - slack < end for g in gutters)
        if crossed or not any(top <= middle <= bottom for top, bottom in stretches):
            outside.append(s)
            continue
        index = max([i for i, edge in enumerate(edges[:-1]) if i == 0 or s.start >= edge - slack])
        inside[index].append(s)
    columns = []
    for i, members in enumerate(inside):
        ends = [s.box.x1 for s in members]
        columns.append(Column(tuple(members), edges[i], max(ends) if ends else edges[i + 1]))
    return Columns(tuple(columns), tuple(outside))


def _gutters(
    segments: Sequence[Segment],
    width: float,
    cells: Collection[int],
    least: int,
    crossing: Sequence[_Crossing],
) -> list[_Gutter]:
    lines = sorted((s for s in segments if id(s) not in cells), key=lambda s: s.middle)
    middles = [s.middle for s in lines]
    found: list[_Gutter] = []
    for x in sorted({round(s.start, 1) for s in lines}):
        best = _best_run(x, segments, lines, middles, least, crossing)
        if best:
            found.append(best)
    kept: list[_Gutter] = []
    for gutter in sorted(found, key=lambda g: (-g.lines, -(g.bottom - g.top), g.x)):
        if all(abs(gutter.x - k.x) >= APART * width for k in kept) and _has_column_before(gutter, kept, lines, least):
            kept.append(gutter)
    return sorted(kept, key=lambda g: g.x)


def _has_column_before(gutter: _Gutter, kept: Sequence[_Gutter], lines: Sequence[Segment], least: int) -> bool:
    """Whether enough lines stand between this gutter and the next one to its left, so that they are a column."""
    edge = max((k.x for k in kept if k.x < gutter.x), default=float("-inf"))
    between = [
        s
        for s in lines
        if gutter.top <= s.middle <= gutter.bottom and s.start >= edge - 0.1 * s.size and s.box.x1 <= gutter.x
    ]
    return len(between) >= least


def _more_stretches(
    gutters: Sequence[_Gutter],
    segments: Sequence[Segment],
    cells: Collection[int],
    crossing: Sequence[_Crossing],
) -> list[tuple[float, float]]:
    """Where a gutter goes on above or below a line that crosses it, as under a category's header across all columns.

    It goes on where lines start along it again, with others left of it, and a cell stands among them.
    """
    found: list[tuple[float, float]] = []
    aligned = float(ALIGNED)
    for gutter in gutters:
        for top, bottom in _open_stretches(gutter.x, crossing):
            within = [s for s in segments if top <= s.middle <= bottom]
            lines = [s for s in within if id(s) not in cells]
            starts = any(abs(s.start - gutter.x) <= aligned * s.size for s in lines)
            before = any(s.box.x1 <= gutter.x for s in lines)
            if starts and before and len(lines) < len(within):
                found.append((min([s.box.top for s in within]), max([s.box.bottom for s in within])))
    return found


def _open_stretches(x: float, crossing: Iterable[_Crossing]) -> list[tuple[float, float]]:
    """The stretches of the page, from top to bottom, in which nothing crosses a strip left of `x`."""
    strip = float(STRIP)
    closed = [
        (top, bottom)
        for left, right, top, bottom, size in crossing
        if left < x - 0.05 * size and right > x - strip * size
    ]
    edges = [float("-inf")]
    for top, bottom in sorted(closed):
        edges += [top, bottom]
    edges.append(float("inf"))
    return list(zip(edges[::2], edges[1::2], strict=True))


def _reach(segment: Segment, frames: Sequence[Panel]) -> tuple[float, float]:
    """How far a line reaches sideways: as far as the band behind it, if there is one."""
    frame = frame_around(segment.box, frames)
    if frame is not None and is_band(frame, segment):
        inset = ALIGNED * segment.size
        return min(segment.start, frame.box.x0 + inset), max(segment.box.x1, frame.box.x1 - inset)
    return segment.start, segment.box.x1


def _best_run(
    x: float,
    segments: Sequence[Segment],
    lines: Sequence[Segment],
    middles: Sequence[float],
    least: int,
    crossing: Sequence[_Crossing],
) -> _Gutter | None:
    """The stretch of page, from top to bottom, in which nothing crosses a strip left of `x` and most lines start at it.

    `lines` come in the order of their `middles`.
    """
    aligned = float(ALIGNED)
    best: _Gutter | None = None
    for top, bottom in _open_stretches(x, crossing):
        inside = lines[bisect_left(middles, top) : bisect_right(middles, bottom)]
        if len(inside) < least:
            continue
        after = [s for s in inside if s.start >= x - 0.1 * s.size]
        starts = [s for s in after if s.start <= x + aligned * s.size]
        if len(starts) < least or sum([s.box.x1 <= x for s in inside]) < least:
            continue
        within = [s for s in segments if top <= s.middle <= bottom]
        # What stands on either side of the strip counts whole, so that a column's outermost edge wins over its indents,
        # and over the start of a single line above it.
        run = _Gutter(x, min([s.box.top for s in within]), max([s.box.bottom for s in within]), len(inside))
        if best is None or run.lines > best.lines:
            best = run
    return best
