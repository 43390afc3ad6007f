"""Ruled tables: cells from the rules around them, whether the grid is full or has horizontal rules only.

A cell is found by looking up, down, left and right from its text to the nearest rule: so merged cells come out whole. Where
no vertical rule stands between two texts, a wide gap divides them. Filled stripes count as rules along their edges.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pipeline.cached import cached_property
from pipeline.layout.lines import Segment, common_size, lines_of
from pipeline.layout.panels import without_underlines
from pipeline.layout.word_runs import STYLE_GAP
from pipeline.model import Box, Page, Panel, union
from pipeline.passage import Passage, join
from pipeline.tolerances import Tolerance

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

CELL_GAP = Tolerance(1.3, "gap between cells")
"""Texts farther apart sideways than this many font sizes stand in different cells, where no rule says so."""

SIDES = 2
"""A table whose left cells label its rows has at least so many upright rules."""

OPEN_ROW = Tolerance(1.2, "height of an open row")
"""A row without a rule below it begins within this many font sizes of the last stripe."""

BOX_GAP = Tolerance(1.5, "box gap of grid")
"""Boxes of one row of a table made of boxes stand at most this many font sizes apart."""

TOUCH = Tolerance(0.25, "distance at which rules touch")
"""Edges nearer than this part of the text's size are one edge."""


@dataclass(frozen=True)
class Cell:
    """A table cell: its text, and how far it reaches. Sides without a rule reach as far as the text."""

    box: Box
    segments: tuple[Segment, ...]

    @cached_property
    def passage(self) -> Passage:
        """Its text with its provenance, without bullets."""
        return join(s.passage for s in self.segments)

    @cached_property
    def middle(self) -> float:
        """The middle of its text."""
        return union(s.box for s in self.segments).middle


@dataclass(frozen=True)
class Table:
    """The cells of a ruled table from the top and from left to right, and the segments outside it."""

    cells: tuple[Cell, ...]
    outside: tuple[Segment, ...]
    box: Box | None


@dataclass(frozen=True, slots=True)
class _Edges:
    level: tuple[Box, ...]
    upright: tuple[Box, ...]


def has_sides(page: Page) -> bool:
    """Whether a page has the upright rules of a table with labels: what has fewer is a list between rules."""
    return sum(not rule.horizontal for rule in page.rules) >= SIDES


def read_table(page: Page, segments: Sequence[Segment]) -> Table:
    """The ruled table among `segments`. Without rules every segment is outside."""
    size = common_size(segments) or 1.0
    edges = _edges(page, segments, size)
    if len(edges.level) < 2:
        return Table((), tuple(segments), None)
    region = _with_open_rows(union([*edges.level, *edges.upright]), page, segments, size)
    region = _with_open_head(region, edges, segments, size)
    inside = [s for s in segments if region.contains(s.box, slack=0.6 * size)]
    outside = [s for s in segments if not region.contains(s.box, slack=0.6 * size)]
    groups: dict[tuple[float, float, float, float], list[Segment]] = defaultdict(list)
    for s in inside:
        groups[_bounds(s, edges, region, size)].append(s)
    cells = []
    for (left, top, right, bottom), members in groups.items():
        ruled_left = any(abs(e.x0 - left) < 1e-6 for e in edges.upright)
        ruled_right = any(abs(e.x0 - right) < 1e-6 for e in edges.upright)
        pieces = (
            [members] if ruled_left and ruled_right else [p for g in _split_by_gaps(members) for p in _split_rows(g)]
        )
        for i, piece in enumerate(pieces):
            start = min(s.start for s in piece)
            x0 = left if i == 0 and ruled_left else start
            x1 = min((s.start for p in pieces for s in p if s.start > max(t.box.x1 for t in piece)), default=right)
            cells.append(
                Cell(Box(x0, top, max(x1, x0), bottom), tuple(sorted(piece, key=lambda s: (s.box.top, s.start))))
            )
    cells.sort(key=lambda c: (c.box.top, c.box.x0, c.middle))
    return Table(tuple(cells), tuple(outside), region)


def _with_open_rows(region: Box, page: Page, segments: Sequence[Segment], size: float) -> Box:
    """The region with the rows that go on above and below it without a rule of their own (between stripes)."""
    frames = [p.box for p in page.panels if not region.contains(p.box, slack=size)]
    grown = True
    while grown:
        grown = False
        for s in segments:
            if not (region.x0 - size <= s.start and s.box.x1 <= region.x1 + size) or region.contains(
                s.box, slack=0.6 * size
            ):
                continue
            if any(f.contains(s.box, slack=size) for f in frames):
                continue
            if -2 * size <= s.box.top - region.bottom <= OPEN_ROW * size:
                region, grown = Box(region.x0, region.top, region.x1, s.box.bottom + 0.2 * size), True
    return region


def _with_open_head(region: Box, edges: _Edges, segments: Sequence[Segment], size: float) -> Box:
    """The region with a first row that has no rule above it, as tables with rules between their rows have.

    It is a row if it begins where the table's labels do, has text where their texts begin, and nothing in it crosses from
    one to the other. A label over several columns of labels ends before its own text, which begins where a column does. A
    table with sides is closed at its top.
    """
    if any(e.top <= region.top + size for e in edges.upright):
        return region
    inside = [s for s in segments if region.contains(s.box, slack=0.6 * size)]
    starts = Counter(round(s.start / size) for s in inside)
    left = min((s.start for s in inside), default=region.x0)
    texts = [s.start for s in inside if s.start > left + CELL_GAP * size and starts[round(s.start / size)] > 1]
    if not texts:
        return region
    edge = min(texts)
    above = sorted((s for s in segments if s.box.middle < region.top), key=lambda s: -s.box.bottom)

    def is_own_text(text: Segment, label: Segment) -> bool:
        beside = text.start > label.box.x1 and text.box.overlap_y(label.box) > 0
        return beside and any(abs(text.start - column) <= 0.5 * size for column in texts)

    def is_label(s: Segment) -> bool:
        return abs(s.start - left) <= 0.5 * size and (s.box.x1 < edge or any(is_own_text(t, s) for t in above))

    top = region.top
    row: list[Segment] = []
    for s in above:
        if top - s.box.bottom > OPEN_ROW * size or not (is_label(s) or s.start >= edge - 0.5 * size):
            break
        row.append(s)
        top = min(top, s.box.top)
    labels = [s for s in row if is_label(s)]
    if not labels or len(labels) == len(row):
        return region
    return Box(region.x0, top - 0.2 * size, region.x1, region.bottom)


def _edges(page: Page, segments: Sequence[Segment], size: float) -> _Edges:
    """The table's rules: of the most common colour, with the edges of touching or striped panels."""
    near = TOUCH * size
    rules = without_underlines(page.rules, segments)
    colours = Counter(r.colour for r in rules if r.horizontal)
    common = max(colours, key=lambda c: (colours[c], c or "")) if colours else None
    level = [r.box for r in rules if r.horizontal and (r.colour == common or colours[r.colour] > 2)]
    upright = [r.box for r in rules if not r.horizontal and r.length > size]
    for panel, is_cell in _table_panels(page.panels, segments, near):
        b = panel.box
        level += [Box(b.x0, b.top, b.x1, b.top), Box(b.x0, b.bottom, b.x1, b.bottom)]
        if not is_cell:
            continue  # a stripe runs behind several cells
        upright += [Box(b.x0, b.top, b.x0, b.bottom), Box(b.x1, b.top, b.x1, b.bottom)]
    level = _merged_level(level, near)
    level = [box for box in level if box.width > 4 * size]
    return _without_boxes(_Edges(tuple(level), tuple(_merged_upright(upright, near))), near)


def _without_boxes(edges: _Edges, near: float) -> _Edges:
    """The edges without those of single boxes beside the table: two level and two upright ones that meet no others."""
    parts: list[list[Box]] = []
    for edge in (*edges.level, *edges.upright):
        met = [p for p in parts if any(edge.overlap_x(o) >= -near and edge.overlap_y(o) >= -near for o in p)]
        parts = [p for p in parts if p not in met] + [[edge, *(o for p in met for o in p)]]
    boxes = [p for p in parts if sum(e in edges.level for e in p) == 2 == sum(e in edges.upright for e in p)]
    if len(boxes) == len(parts):
        return edges
    alone = {id(e) for p in boxes for e in p}
    return _Edges(
        tuple(e for e in edges.level if id(e) not in alone), tuple(e for e in edges.upright if id(e) not in alone)
    )


def _table_panels(panels: Sequence[Panel], segments: Sequence[Segment], near: float) -> list[tuple[Panel, bool]]:
    """Panels that are cells (they touch another one side to side) or stripes, and whether they are cells."""
    holding = [p for p in panels if any(p.box.contains(s.box, slack=near) for s in segments)]

    def beside(a: Box, b: Box) -> bool:
        return (abs(a.x1 - b.x0) <= near or abs(b.x1 - a.x0) <= near) and a.overlap_y(b) > near

    def above(a: Box, b: Box) -> bool:
        return (abs(a.bottom - b.top) <= near or abs(b.bottom - a.top) <= near) and a.overlap_x(b) > near

    def striped(a: Panel, b: Panel) -> bool:
        alike = a.fill == b.fill and a.stroke == b.stroke and a.fill is not None
        return alike and abs(a.box.x1 - b.box.x1) <= near

    def partner(a: Box, b: Box) -> bool:
        level = abs(a.top - b.top) <= near and abs(a.bottom - b.bottom) <= near
        return level and -near <= max(a.x0, b.x0) - min(a.x1, b.x1) <= float(BOX_GAP) * near / float(TOUCH)

    def stacked(a: Box, b: Box) -> bool:
        return abs(a.x0 - b.x0) <= near and abs(a.x1 - b.x1) <= near

    rows = [p for p in holding if any(o is not p and partner(p.box, o.box) for o in holding)]
    found = []
    for p in holding:
        others = [o for o in panels if o is not p]
        in_grid = any(o is p for o in rows) and sum(stacked(p.box, o.box) for o in rows) > 2
        if in_grid or any(beside(p.box, o.box) for o in others):
            found.append((p, True))
        elif any(above(p.box, o.box) for o in others) or sum(striped(p, o) for o in others) >= 2:
            found.append((p, False))
    return found


def _merged_level(boxes: Iterable[Box], near: float) -> list[Box]:
    """Horizontal rules at one height joined where they touch."""
    merged: list[Box] = []
    for box in sorted(boxes, key=lambda b: (round(b.middle / max(near, 1e-6)), b.x0)):
        last = merged[-1] if merged else None
        if last is not None and abs(last.middle - box.middle) <= 2 * near and box.x0 <= last.x1 + 2 * near:
            merged[-1] = Box(min(last.x0, box.x0), last.top, max(last.x1, box.x1), last.bottom)
        else:
            merged.append(box)
    return sorted(merged, key=lambda b: (b.top, b.x0))


def _merged_upright(boxes: Iterable[Box], near: float) -> list[Box]:
    """Vertical rules at one place joined where they touch."""
    merged: list[Box] = []
    for box in sorted(boxes, key=lambda b: (round(b.x0 / max(near, 1e-6)), b.top)):
        last = merged[-1] if merged else None
        if last is not None and abs(last.x0 - box.x0) <= 2 * near and box.top <= last.bottom + 2 * near:
            merged[-1] = Box(last.x0, min(last.top, box.top), last.x1, max(last.bottom, box.bottom))
        else:
            merged.append(box)
    return merged


def _bounds(segment: Segment, edges: _Edges, region: Box, size: float) -> tuple[float, float, float, float]:
    """The nearest rules to the left, above, to the right and below; the region's edge where there is none."""
    box, slack = segment.box, 0.15 * size
    level = [
        e
        for e in edges.level
        if e.x0 - slack <= box.x0
        and e.x1 + slack >= min(box.x1, e.x1 + slack)
        and e.overlap_x(box) > 0.5 * min(box.width, size)
    ]
    upright = [e for e in edges.upright if e.top - slack <= box.middle <= e.bottom + slack]
    top = max((e.middle for e in level if e.middle <= box.middle), default=region.top)
    bottom = min((e.middle for e in level if e.middle > box.middle), default=region.bottom)
    left = max((e.x0 for e in upright if e.x0 <= segment.start + slack), default=region.x0)
    right = min((e.x0 for e in upright if e.x0 >= box.x1 - slack), default=region.x1)
    return left, top, right, bottom


def _split_by_gaps(members: Sequence[Segment]) -> list[list[Segment]]:
    """Texts in groups with a wide gap between them, from left to right."""
    ordered = sorted(members, key=lambda s: s.start)
    groups = [[ordered[0]]]
    reached = ordered[0].box.x1
    for s in ordered[1:]:
        limit = CELL_GAP if s.style.bold == groups[-1][-1].style.bold else STYLE_GAP
        if s.start - reached > limit * s.size:
            groups.append([])
        groups[-1].append(s)
        reached = max(reached, s.box.x1)
    return groups


def _split_rows(members: Sequence[Segment]) -> list[list[Segment]]:
    """Texts one below the other that no rule divides: what is bold and what is not come apart, then what a gap divides."""
    runs: list[list[Segment]] = []
    for row in lines_of(members):
        if runs and (
            row[0].marker is not None or runs[-1][-1].marker is not None or row[0].style.bold == runs[-1][-1].style.bold
        ):
            runs[-1] += row
        else:
            runs.append(list(row))
    return [piece for run in runs for piece in _split_by_gaps(run)]
