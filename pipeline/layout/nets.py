"""Tables drawn as a net: rules, or filled and framed cells, that meet.

The sides of all rules and panels are joined where they run on, and fall into nets where they meet. In a net, each
square between neighbouring positions of rules is a cell; squares that no side divides are one merged cell.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from pipeline.layout.aligned_figures import lists_figures
from pipeline.layout.grid import CELL_GAP
from pipeline.layout.lines import common_size, lines_of
from pipeline.layout.panels import PAGE_SHARE
from pipeline.layout.table_cells import PrintedTable, TableCell, is_tabular, positions, printed_table
from pipeline.model import Box, union
from pipeline.tolerances import Tolerance

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from pipeline.layout.lines import Segment
    from pipeline.model import Page

TOUCH = Tolerance(0.25, "touch of nets")
"""Sides nearer than this part of the text's size meet."""

NARROW = Tolerance(0.5, "narrow of nets")
"""A row or column narrower than this part of the text's size holds no text: its two sides are one (a double rule)."""

FILLED = Tolerance(0.4, "filled of nets")
"""At least this part of a table's cells has text; a chart's grid has hardly any."""

UNDIVIDED = Tolerance(0.25, "undivided of nets")
"""Where more than this part of the cells has text side by side with a column's gap between, rules are missing in the net."""

HEAD_GAP = Tolerance(1.0, "head gap of nets")
"""Column heads stand within this many font sizes above the table."""

INSIDE = Tolerance(0.9, "inside of nets")
"""At least this part of the text in a table's box stands inside its cells, not across their sides."""


@dataclass(frozen=True, slots=True)
class _Side:
    """A straight side: its place across (`at`), and from where to where it runs."""

    at: float
    start: float
    end: float


@dataclass(frozen=True, slots=True)
class _Net:
    level: tuple[_Side, ...]
    upright: tuple[_Side, ...]

    @property
    def box(self) -> Box:
        return Box(
            min(s.start for s in self.level),
            min(s.start for s in self.upright),
            max(s.end for s in self.level),
            max(s.end for s in self.upright),
        )


def net_tables(page: Page, segments: Sequence[Segment]) -> list[PrintedTable]:
    """The tables drawn as nets; one inside another's cell comes first, and its text is not the outer one's."""
    size = common_size(segments)
    if not size:
        return []
    tables = []
    taken: set[int] = set()
    places = [(s, s.box.centre, s.box.middle) for s in segments]
    nets = [(net, net.box) for net in _nets(page, size)]
    for net, box in sorted(nets, key=lambda n: (n[1].width * n[1].height, n[1].top, n[1].x0)):
        inside = [
            s for s, x, y in places if box.x0 <= x <= box.x1 and box.top <= y <= box.bottom and id(s) not in taken
        ]
        table = _table(net, box, inside, [s for s in segments if id(s) not in taken], size) if inside else None
        if table is not None:
            taken.update(id(s) for c in table.cells for s in c.segments)
            tables.append(table)
    return tables


def _nets(page: Page, size: float) -> Iterator[_Net]:
    near = TOUCH * size
    level = [_Side(r.box.middle, r.box.x0, r.box.x1) for r in page.rules if r.horizontal]
    upright = [_Side(r.box.centre, r.box.top, r.box.bottom) for r in page.rules if not r.horizontal]
    for panel in page.panels:
        b = panel.box
        if b.width * b.height > PAGE_SHARE * page.width * page.height or min(b.width, b.height) < NARROW * size:
            continue
        level += [_Side(b.top, b.x0, b.x1), _Side(b.bottom, b.x0, b.x1)]
        upright += [_Side(b.x0, b.top, b.bottom), _Side(b.x1, b.top, b.bottom)]
    level, upright = _joined(level, near), _joined(upright, near)
    group = list(range(len(level) + len(upright)))

    def root(i: int) -> int:
        while group[i] != i:
            group[i] = group[group[i]]
            i = group[i]
        return i

    places = [column.at for column in upright]  # from left to right, as they were joined
    for i, row in enumerate(level):
        for j in range(bisect_left(places, row.start - near), bisect_right(places, row.end + near)):
            if upright[j].start - near <= row.at <= upright[j].end + near:
                group[root(i)] = root(len(level) + j)
    members: dict[int, tuple[list[_Side], list[_Side]]] = {}
    for i, side in enumerate([*level, *upright]):
        members.setdefault(root(i), ([], []))[i >= len(level)].append(side)
    for across, down in members.values():
        if len(across) > 1 and len(down) > 1:
            yield _Net(tuple(across), tuple(down))


def _joined(sides: Iterable[_Side], near: float) -> list[_Side]:
    """Sides at one place, joined where one runs on in the other."""
    lanes: list[list[_Side]] = []
    for side in sorted(sides, key=lambda s: (s.at, s.start, s.end)):
        if lanes and side.at - lanes[-1][0].at <= near:
            lanes[-1].append(side)
        else:
            lanes.append([side])
    joined: list[_Side] = []
    for lane in lanes:
        at = lane[0].at
        start, end = None, 0.0
        for side in sorted(lane, key=lambda s: (s.start, s.end)):
            if start is None:
                start, end = side.start, side.end
            elif side.start <= end + near:
                end = max(end, side.end)
            else:
                joined.append(_Side(at, start, end))
                start, end = side.start, side.end
        if start is not None:
            joined.append(_Side(at, start, end))
    return joined


def _table(
    net: _Net, box: Box, inside: Sequence[Segment], segments: Sequence[Segment], size: float
) -> PrintedTable | None:
    """The table that a net is, if it is one; `inside` are those of `segments` whose middles are in its box."""
    near = TOUCH * size
    narrow = NARROW * min(common_size(inside), size)
    # A table may be open at its sides: then its rules reach further than the last side across them.
    xs = positions([*(s.at for s in net.upright), box.x0, box.x1], narrow)
    ys = positions([*(s.at for s in net.level), box.top, box.bottom], narrow)
    if len(xs) < 3 or len(ys) < 3:
        return None
    cells = _cells(net, xs, ys, near, narrow)
    numbers = {square: number for number, squares in enumerate(cells) for square in squares}
    found: dict[int, list[Segment]] = {}
    within = 0
    for s in inside:
        row, column = _index(ys, s.box.middle), _index(xs, s.box.centre)
        number = numbers[row, column]
        found.setdefault(number, []).append(s)
        left, right = xs[min(c for _, c in cells[number])], xs[max(c for _, c in cells[number]) + 1]
        within += left - narrow <= s.box.x0 and s.box.x1 <= right + narrow
    if within < INSIDE * len(inside) or len(found) < FILLED * len(cells):
        return None
    made = [_cell(cells[n], members) for n, members in found.items()]
    if not is_tabular(made) or any(lists_figures(c) for c in made):
        return None
    if sum(_is_divided(c) for c in made) > UNDIVIDED * len(made):
        return None
    heads = _heads(segments, box, xs, len({c.column for c in made}), size)
    if heads:
        box = union([box, *(s.box for c in heads for s in c.segments)])
    return printed_table("net of rules", box, [*heads, *made])


def _heads(
    segments: Sequence[Segment], box: Box, xs: Sequence[float], columns_used: int, size: float
) -> list[TableCell]:
    """Column heads without rules of their own: the line right above the net, if most columns have one text of it."""
    above = [s for s in segments if s.box.middle < box.top and s.box.x1 > box.x0 and s.x0 < box.x1]
    line = lines_of(above)[-1] if above else []
    if not line or box.top - union(s.box for s in line).bottom > HEAD_GAP * size:
        return []
    columns = [_index(xs, s.box.centre) for s in line]
    inside = all(xs[c] - size <= s.x0 and s.box.x1 <= xs[c + 1] + size for c, s in zip(columns, line, strict=True))
    if not inside or len(set(columns)) < max(2.0, 0.5 * columns_used) or len(set(columns)) < len(columns):
        return []
    return [TableCell(-1, c, 1, 1, (s,)) for c, s in zip(columns, line, strict=True)]


def _cell(squares: Sequence[tuple[int, int]], members: Sequence[Segment]) -> TableCell:
    rows, columns = [r for r, _ in squares], [c for _, c in squares]
    return TableCell(
        min(rows), min(columns), max(rows) - min(rows) + 1, max(columns) - min(columns) + 1, tuple(members)
    )


def _is_divided(cell: TableCell) -> bool:
    """Whether white space as wide as between columns runs through a cell of several lines."""
    lines = lines_of(cell.segments)
    return any(b.start - a.box.x1 > CELL_GAP * a.size for line in lines for a, b in pairwise(line))


def _index(edges: Sequence[float], value: float) -> int:
    """Between which two edges a value lies; the last two for what lies beyond."""
    return next((i for i, (_, b) in enumerate(pairwise(edges)) if value <= b), len(edges) - 2)


def _cells(
    net: _Net, xs: Sequence[float], ys: Sequence[float], near: float, narrow: float
) -> list[list[tuple[int, int]]]:
    """The squares of each cell, squares without a side between them together."""
    rows, columns = len(ys) - 1, len(xs) - 1
    owner = {(r, c): (r, c) for r in range(rows) for c in range(columns)}

    def root(square: tuple[int, int]) -> tuple[int, int]:
        while owner[square] != square:
            square = owner[square]
        return square

    def sides_at(sides: Sequence[_Side], at: float) -> list[tuple[float, float]]:
        return [(s.start - near, s.end + near) for s in sides if 0 <= s.at - at <= narrow]

    def divided(sides: Sequence[tuple[float, float]], middle: float) -> bool:
        return any(start <= middle <= end for start, end in sides)

    upright = [sides_at(net.upright, x) for x in xs]
    level = [sides_at(net.level, y) for y in ys]
    for r in range(rows):
        for c in range(columns):
            if c + 1 < columns and not divided(upright[c + 1], (ys[r] + ys[r + 1]) / 2):
                owner[root((r, c + 1))] = root((r, c))
            if r + 1 < rows and not divided(level[r + 1], (xs[c] + xs[c + 1]) / 2):
                owner[root((r + 1, c))] = root((r, c))
    groups: dict[tuple[int, int], list[tuple[int, int]]] = {}
    for square in owner:
        groups.setdefault(root(square), []).append(square)
    cells: list[list[tuple[int, int]]] = []
    for squares in groups.values():
        height = len({r for r, _ in squares})
        width = len({c for _, c in squares})
        # A cell is a rectangle. What is joined otherwise has sides missing, and stays apart.
        cells += [squares] if height * width == len(squares) else [[s] for s in squares]
    return cells
