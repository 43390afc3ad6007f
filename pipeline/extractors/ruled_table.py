"""A ruled table whose left columns name what its right columns say: one provision a bullet or cell, and boxes around it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipeline.extractors.harvest import Context, Harvest
from pipeline.extractors.labelled_cells import cells_of, head_rows, labelled_cells
from pipeline.extractors.prose import heading_field, paragraphs_of, write_statements
from pipeline.extractors.run_in_headings import without_run_in
from pipeline.layout.column_lines import make_lines
from pipeline.layout.grid import Cell, read_table
from pipeline.layout.outline import read_entries
from pipeline.records import Printed, SlideReading

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pipeline.layout.lines import Segment
    from pipeline.layout.slide import Slide
    from pipeline.passage import Passage


LEAST_RUN_IN = 2
"""So many paragraphs of a slide begin with a heading at least, or it only stresses a word."""


def extract(slide: Slide, context: Context) -> SlideReading:
    """The whole slide."""
    harvest = Harvest(slide, context.kind.kind)
    table = read_table(slide.page, slide.body)
    position = _write_cells(harvest, table.cells)
    prose: list[Segment] = []
    groups = paragraphs_of(slide, table.outside)
    run_in = {e: parts for group in groups for e in group.entries if (parts := without_run_in(e)) is not None}
    for group in groups:
        if group.heading is None and len(run_in) >= LEAST_RUN_IN and all(e in run_in for e in group.entries):
            for entry in group.entries:
                position += 1
                heading, colon, text = run_in[entry]
                harvest.discard(colon, "colon behind a heading")
                _write_provision(harvest, None, Printed(heading), text, position)
            continue
        if group.heading is None or not group.entries:
            prose += [
                s for e in (group.heading, *group.entries) if e is not None for line in e.lines for s in line.segments
            ]
            continue
        for i, entry in enumerate(group.entries):
            position += 1
            harvest.discard_marker(entry)
            section = heading_field(group.heading.passage, own=i == 0)
            _write_provision(harvest, None, section, entry.passage, position)
        harvest.discard_marker(group.heading)
    write_statements(harvest, context, prose)
    return harvest.reading()


def _write_provision(
    harvest: Harvest, part: Printed | None, section: Printed | None, text: Passage, position: int
) -> None:
    harvest.add(
        "bill_provisions",
        {"page": harvest.page, "part": part, "section": section, "text": Printed(text), "position": position},
    )


def _write_cells(harvest: Harvest, cells: Sequence[Cell]) -> int:
    contents, labels = labelled_cells(cells)
    heads = head_rows(contents, harvest.slide.page)
    headed = cells_of(heads)
    for cell in headed:
        harvest.discard(cell.passage, "column head")
    contents = [row for row in contents if row not in heads]
    labels = [cell for cell in labels if cell not in headed]
    texts = {id(c): _label(harvest, c) for c in labels}
    claimed: set[int] = set()
    position = 0
    for content in contents:
        section, part = (*content.labels, None, None)[:2]
        for entry_text in _provisions(harvest, content.cell):
            position += 1
            _write_provision(
                harvest,
                Printed(texts[id(part)], inherited=id(part) in claimed) if part else None,
                Printed(texts[id(section)], inherited=id(section) in claimed) if section else None,
                entry_text,
                position,
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
    return cell.passage


def _provisions(harvest: Harvest, cell: Cell) -> list[Passage]:
    """One text a bullet; a cell without bullets is one text."""
    if all(s.marker is None for s in cell.segments):
        return [cell.passage]
    lines = make_lines(cell.segments, harvest.slide.page, ())
    texts = []
    for entry in read_entries(lines, max(s.box.x1 for s in cell.segments)):
        harvest.discard_marker(entry)
        texts.append(entry.passage)
    return texts
