"""A ruled table whose left columns name what its right columns say: one provision a bullet or cell, and boxes around it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipeline.extractors.harvest import Context, Harvest
from pipeline.extractors.labelled_cells import labelled_cells
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
    contents, labels = labelled_cells(cells)
    texts = {id(c): _label(harvest, c) for c in labels}
    claimed: set[int] = set()
    position = 0
    for content in contents:
        section, part = (*content.labels, None, None)[:2]
        for entry_text in _provisions(harvest, content.cell):
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
