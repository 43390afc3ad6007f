"""Tables with level rules only: the rules divide the rows, white space from top to bottom the columns."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise, takewhile
from typing import TYPE_CHECKING

from pipeline.layout.aligned_figures import lists_figures
from pipeline.layout.lines import Segment, common_size, lines_of
from pipeline.layout.panels import without_underlines
from pipeline.layout.table_cells import PrintedTable, TableCell, is_tabular, positions, printed_table
from pipeline.model import Box, union
from pipeline.tolerances import Tolerance

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pipeline.model import Page

ALIGNED = Tolerance(1.0, "aligned of level rules")
"""Rules belong to one table if their ends differ by less than this many font sizes."""

GUTTER = Tolerance(0.8, "gutter of level rules")
"""White space this many font sizes wide divides columns, if no text of any row stands in it."""

LEAST = 4
"""So many rules make a table's rows: with fewer they are the lines above and below a heading."""

OPEN_GAP = Tolerance(1.5, "open gap of level rules")
"""A row without a rule of its own stands within this many font sizes of the outermost rule, or of the row before it."""

ROW_GAP = Tolerance(0.6, "row gap of level rules")
"""White space this many font sizes high divides rows where no rule does."""

FILLED = Tolerance(0.6, "filled of level rules")
"""At least this part of the rows has text in two columns or more."""


def banded_tables(page: Page, segments: Sequence[Segment]) -> list[PrintedTable]:
    """The tables that level rules alone show."""
    size = common_size(segments)
    if not size:
        return []
    return [t for rules in _stacks(page, segments, size) if (t := _table(rules, segments, size)) is not None]


def _stacks(page: Page, segments: Sequence[Segment], size: float) -> Iterator[list[Box]]:
    """Rules of one length one below the other."""
    level = [
        r.box for r in without_underlines([r for r in page.rules if r.horizontal and r.length > 8 * size], segments)
    ]
    stacks: list[list[Box]] = []
    for box in sorted(level, key=lambda b: (b.middle, b.x0)):
        near = ALIGNED * size
        for stack in stacks:
            if abs(stack[0].x0 - box.x0) <= near and abs(stack[0].x1 - box.x1) <= near:
                stack.append(box)
                break
        else:
            stacks.append([box])
    return (stack for stack in stacks if len(stack) >= LEAST)


def _table(rules: Sequence[Box], segments: Sequence[Segment], size: float) -> PrintedTable | None:
    ys = positions((r.middle for r in rules), 0.5 * size)
    box = Box(min(r.x0 for r in rules), ys[0], max(r.x1 for r in rules), ys[-1])
    beside = [s for s in segments if box.x0 - size <= s.x0 and s.box.x1 <= box.x1 + size]
    inside = [s for s in beside if box.top <= s.box.middle <= box.bottom]
    if len(ys) < LEAST or not inside:
        return None
    starts = _columns(inside, GUTTER * size)
    if len(starts) < 2:
        return None
    rows = [[s for s in inside if a < s.box.middle <= b] for a, b in pairwise(ys)]
    above = _open_rows(lines_of(s for s in beside if s.box.middle < box.top)[::-1], box.top, starts, size)
    below = _open_rows(lines_of(s for s in beside if s.box.middle > box.bottom), box.bottom, starts, size)
    cells: list[TableCell] = []
    for number, row in enumerate([*above[::-1], *rows, *below]):
        columns: dict[int, list[Segment]] = {}
        for piece in (p for s in row for p in _pieces(s, starts, size)):
            columns.setdefault(_column_of(piece, starts, size), []).append(piece)
        cells += [TableCell(number, c, 1, 1, tuple(members)) for c, members in sorted(columns.items())]
    full = sum(sum(c.row == r for c in cells) > 1 for r in {c.row for c in cells})
    if full < FILLED * len(rows) or not is_tabular(cells) or any(lists_figures(c) for c in cells):
        return None
    return printed_table("level rules", union([box, *(s.box for c in cells for s in c.segments)]), cells)


def _column_of(segment: Segment, starts: Sequence[float], size: float) -> int:
    return max(i for i, x in enumerate(starts) if i == 0 or segment.x0 >= x - 0.1 * size)


def _pieces(segment: Segment, starts: Sequence[float], size: float) -> list[Segment]:
    """A segment cut where one of its words begins a column: a label and the text beside it may stand close together."""
    cuts = [0]
    for i, word in enumerate(segment.words):
        if i and any(abs(word.box.x0 - x) <= 0.5 * size for x in starts):
            cuts.append(i)
    if len(cuts) == 1:
        return [segment]
    cuts.append(len(segment.words))
    pieces = [Segment(segment.page, segment.words[a:b]) for a, b in pairwise(cuts)]
    return [replace(segment, words=pieces[0].words), *pieces[1:]]


def _open_rows(
    lines: Sequence[list[Segment]], edge: float, starts: Sequence[float], size: float
) -> list[list[Segment]]:
    """Rows beyond the outermost rule, from there on: lines that follow it closely, each of its text in one column.

    White space divides them; a row has text in two columns.
    """
    rows: list[list[Segment]] = []
    ends = [*starts[1:], float("inf")]
    for line in lines:
        box = union(s.box for s in line)
        gap = max(box.top - edge, edge - box.bottom)
        pieces = [p for s in line for p in _pieces(s, starts, size)]
        if gap > OPEN_GAP * size or any(p.box.x1 > ends[_column_of(p, starts, size)] for p in pieces):
            break
        edge = box.bottom if box.top >= edge else box.top
        if rows and gap < ROW_GAP * size:
            rows[-1] += line
        else:
            rows.append(list(line))

    def columns(row: Sequence[Segment]) -> set[int]:
        return {_column_of(p, starts, size) for s in row for p in _pieces(s, starts, size)}

    kept = takewhile(lambda row: len(columns(row)) > 1, rows)
    return [sorted(row, key=lambda s: (s.box.top, s.x0)) for row in kept]


def _columns(segments: Sequence[Segment], gutter: float) -> list[float]:
    """Where columns begin: behind white space that runs through all of `segments`."""
    starts: list[float] = []
    reached = float("-inf")
    for s in sorted(segments, key=lambda s: (s.x0, s.box.x1)):
        if s.x0 - reached > gutter:
            starts.append(s.x0)
        reached = max(reached, s.box.x1)
    return starts
