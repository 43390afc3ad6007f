"""A ruled table whose left columns name what its right columns say: one provision a bullet or cell, and boxes around it."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from pipeline.extractors.harvest import Context, Harvest
from pipeline.extractors.prose import heading_field, paragraphs_of, write_statements
from pipeline.layout.grid import Cell, read_table
from pipeline.layout.outline import make_lines, read_entries
from pipeline.passage import Passage, join
from pipeline.records import Printed, SlideReading

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pipeline.layout.lines import Segment
    from pipeline.layout.slide import Slide


def extract(slide: Slide, context: Context) -> SlideReading:
    """The whole slide."""
    harvest = Harvest(slide, context.kind.kind)
    table = read_table(slide.page, slide.body)
    position = _write_cells(harvest, table.cells)
    prose: list[Segment] = []
    for group in paragraphs_of(slide, table.outside):
        if group.heading is None or not group.entries:
            prose += [
                s for e in (group.heading, *group.entries) if e is not None for line in e.lines for s in line.segments
            ]
            continue
        for i, entry in enumerate(group.entries):
            position += 1
            harvest.discard_marker(entry)
            harvest.add(
                "bill_provisions",
                {
                    "page": harvest.page,
                    "part": None,
                    "section": heading_field(group.heading.passage, own=i == 0),
                    "text": Printed(entry.passage),
                    "position": position,
                },
            )
        harvest.discard_marker(group.heading)
    write_statements(harvest, context, prose)
    return harvest.reading()


def _write_cells(harvest: Harvest, cells: Sequence[Cell]) -> int:
    if not cells:
        return 0
    edge = _content_edge(cells)
    slack = cells[0].segments[0].size
    labels = [c for c in cells if c.box.x0 < edge - slack]
    texts = {id(c): _label(harvest, c) for c in labels}
    claimed: set[int] = set()
    position = 0
    for cell in sorted((c for c in cells if c.box.x0 >= edge - slack), key=lambda c: (c.box.top, c.box.x0)):
        named = sorted((c for c in labels if c.box.top <= cell.middle <= c.box.bottom), key=lambda c: -c.box.x0)
        section = named[0] if named else None
        part = named[1] if len(named) > 1 else None
        for entry_text in _provisions(harvest, cell):
            position += 1
            harvest.add(
                "bill_provisions",
                {
                    "page": harvest.page,
                    "part": Printed(texts[id(part)], inherited=id(part) in claimed) if part else None,
                    "section": Printed(texts[id(section)], inherited=id(section) in claimed) if section else None,
                    "text": Printed(entry_text),
                    "position": position,
                },
            )
            claimed.update(id(c) for c in (section, part) if c is not None)
    for label in labels:
        if id(label) not in claimed:
            harvest.discard(texts[id(label)], "label without entries")
    return position


def _content_edge(cells: Sequence[Cell]) -> float:
    """Where what the labels name begins: the left side that most cells have with no cell right of them."""
    size = cells[0].segments[0].size
    lasts: Counter[int] = Counter()
    for cell in cells:
        following = any(
            o is not cell and o.box.x0 >= cell.box.x1 - size and o.box.top <= cell.middle <= o.box.bottom for o in cells
        )
        if not following:
            lasts[round(cell.box.x0 / size)] += 1
    if not lasts:
        return min(c.box.x0 for c in cells)
    common = max(lasts, key=lambda k: (lasts[k], -k))
    return min(c.box.x0 for c in cells if abs(c.box.x0 / size - common) <= 1)


def _label(harvest: Harvest, cell: Cell) -> Passage:
    for s in cell.segments:
        if s.marker is not None:
            harvest.discard(s.marker.passage, "bullet")
    return join(s.passage for s in cell.segments)


def _provisions(harvest: Harvest, cell: Cell) -> list[Passage]:
    """One text a bullet; a cell without bullets is one text."""
    if all(s.marker is None for s in cell.segments):
        return [join(s.passage for s in cell.segments)]
    lines = make_lines(cell.segments, harvest.slide.page, ())
    texts = []
    for entry in read_entries(lines, max(s.box.x1 for s in cell.segments)):
        harvest.discard_marker(entry)
        texts.append(entry.passage)
    return texts
