"""Labels beside lists: boxes at the left, each as high as the list beside it, that say what category it is.

What heads a list stands above it elsewhere; here it stands in a box of its own, set in lines as short as the box is wide:
a filled one, or the merged cell of a table that spans several rows.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pipeline.extractors.bodies import listed_bodies
from pipeline.layout.column_lines import make_lines
from pipeline.layout.grid import has_sides, read_table
from pipeline.layout.outline import Entry
from pipeline.layout.panels import frame_around, is_band
from pipeline.model import Panel, union
from pipeline.tolerances import Tolerance

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from pipeline.extractors.harvest import Context
    from pipeline.layout.grid import Cell
    from pipeline.layout.lines import Segment
    from pipeline.layout.slide import Slide

FEW = 2
"""Labels come in sets of at least so many, and so many lines at least stand beside each."""

AS_WIDE = Tolerance(1.0, "difference in width of labels")
"""Labels of one set differ in width by less than this many font sizes."""


@dataclass(frozen=True)
class SideLabel:
    """A label's box and its text as an entry."""

    panel: Panel
    entry: Entry
    is_group: bool = False
    """Whether it says which group of a category the rows are, and not which category."""

    def covers(self, segment: Segment) -> bool:
        """Whether a segment stands in the list beside the label."""
        box = self.panel.box
        return segment.start >= box.x1 and box.top <= segment.box.middle <= box.bottom


def take_side_labels(
    segments: Sequence[Segment], slide: Slide, context: Context
) -> tuple[list[SideLabel], list[Segment]]:
    """The side labels among `segments`, from the top, and the segments that are in none.

    There are labels where several boxes of one width and filling have text of their own and a list beside them, and most of
    them name an amount; or where a table's cells at the left span several rows and name amounts.
    """
    labels = _filled_labels(segments, slide, context) or _merged_cells(segments, slide, context)
    taken = {id(s) for label in labels for line in label.entry.lines for s in line.segments}
    return sorted(labels, key=lambda label: (label.panel.box.top, label.is_group)), [
        s for s in segments if id(s) not in taken
    ]


def _filled_labels(segments: Sequence[Segment], slide: Slide, context: Context) -> list[SideLabel]:
    framed: dict[int, list[Segment]] = {}
    for s in segments:
        frame = frame_around(s.box, slide.frames)
        if frame is not None and frame.fill is not None and s.marker is None:
            framed.setdefault(slide.frames.index(frame), []).append(s)
    found = [
        SideLabel(panel, Entry(tuple(make_lines(members, slide.page, slide.frames))))
        for panel, members in ((slide.frames[i], members) for i, members in framed.items())
        if _is_beside_a_list(panel, members, segments, _in_boxes_like(panel, framed, slide))
    ]
    alike = [label for label in found if sum(_are_alike(label, other) for other in found) >= FEW]
    named = [label for label in alike if context.amounts(label.entry.passage.raw)]
    return alike if 2 * len(named) >= len(alike) else []


def _merged_cells(segments: Sequence[Segment], slide: Slide, context: Context) -> list[SideLabel]:
    """The cells at a ruled table's left that name an amount, where one of them spans several rows."""
    if not has_sides(slide.page):
        return []
    table = read_table(slide.page, segments)
    left = min((cell.box.x0 for cell in table.cells), default=0.0)
    plain = [cell for cell in table.cells if all(s.marker is None for s in cell.segments)]
    first = _starting_at(left, plain)
    categories = [cell for cell in first if _amounts(cell, context)] or _spanning(first, table.cells, context)
    rows = [_rows(cell, table.cells) for cell in categories]
    if len(categories) < FEW or max(rows) < FEW or min(rows) < 1:
        return []
    groups = _groups_behind(categories, plain, context)
    return [*(_label(c, slide) for c in categories), *(_label(c, slide, is_group=True) for c in groups)]


def _spanning(first: Sequence[Cell], cells: Sequence[Cell], context: Context) -> list[Cell]:
    """The cells at the left that stand beside their rows, from the first that spans several: no heads, no sums, no ministries."""
    spans = [cell for cell in first if _rows(cell, cells) >= FEW]
    if not spans:
        return []
    narrow = [
        cell
        for cell in first
        if abs(cell.box.x1 - spans[0].box.x1) <= AS_WIDE * cell.segments[0].size and cell.middle >= spans[0].box.top
    ]
    listed = any(listed_bodies(c.passage.raw, context.organizations) for c in narrow)
    return [] if listed else narrow


def _groups_behind(categories: Sequence[Cell], cells: Sequence[Cell], context: Context) -> list[Cell]:
    """The cells right of the categories, where some span several rows and what stands right of them are names, not amounts."""
    found = [
        cell
        for cell in _starting_at(max(c.box.x1 for c in categories), cells)
        if any(c.box.top <= cell.middle <= c.box.bottom for c in categories)
    ]
    edge = max((cell.box.x1 for cell in found), default=0.0)
    names = [cell for cell in _starting_at(edge, cells) if not _amounts(cell, context)]
    spans = max((_rows(cell, cells) for cell in found), default=0) >= FEW
    return found if spans and len(names) >= len(found) and not any(_amounts(c, context) for c in found) else []


def _label(cell: Cell, slide: Slide, *, is_group: bool = False) -> SideLabel:
    lines = make_lines(cell.segments, slide.page, slide.frames)
    return SideLabel(Panel(cell.box, None, "rules"), Entry(tuple(lines)), is_group)


def _starting_at(x: float, cells: Sequence[Cell]) -> list[Cell]:
    return [cell for cell in cells if abs(cell.box.x0 - x) <= AS_WIDE * cell.segments[0].size]


def _amounts(cell: Cell, context: Context) -> bool:
    return bool(context.amounts(cell.passage.raw))


def _rows(label: Cell, cells: Sequence[Cell]) -> int:
    """How many cells stand right beside a cell, below each other, in the height that it spans."""
    beside = _starting_at(label.box.x1, cells)
    return len({cell.box.top for cell in beside if label.box.top <= cell.middle <= label.box.bottom})


def _in_boxes_like(panel: Panel, framed: Mapping[int, Sequence[Segment]], slide: Slide) -> frozenset[int]:
    """The segments (by identity) in other boxes of the same filling: what heads columns side by side is no list."""
    alike = [members for i, members in framed.items() if slide.frames[i].fill == panel.fill]
    return frozenset(id(s) for members in alike for s in members)


def _is_beside_a_list(
    panel: Panel, members: Sequence[Segment], segments: Sequence[Segment], labels: frozenset[int]
) -> bool:
    if is_band(panel, members[0]):
        return False
    box = panel.box
    inside = [s for s in segments if box.contains(s.box, slack=0.5 * s.size)]
    beside = [
        s for s in segments if s.start >= box.x1 and box.top <= s.box.middle <= box.bottom and id(s) not in labels
    ]
    if len(inside) != len(members) or len(beside) < FEW:
        return False
    text = union(s.box for s in members)
    # Text that fills a box from its top is a list of its own; a label's is centred, up and down and sideways.
    size = members[0].size
    return abs(text.middle - box.middle) <= size and abs(text.centre - box.centre) <= size


def _are_alike(one: SideLabel, other: SideLabel) -> bool:
    a, b = one.panel, other.panel
    return a.fill == b.fill and abs(a.box.width - b.box.width) <= AS_WIDE * one.entry.style.size
