"""A ruled table whose left columns name what its right columns say: one provision a bullet or cell, and boxes around it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipeline.extractors.enumerations import forms_of, split_enumeration
from pipeline.extractors.harvest import Context, Harvest
from pipeline.extractors.labelled_cells import cells_of, head_rows, headed_cells, labelled_cells
from pipeline.extractors.prose import heading_field, paragraphs_of, write_statements
from pipeline.extractors.run_in_headings import without_run_in
from pipeline.layout.column_lines import make_lines
from pipeline.layout.grid import Cell, read_table
from pipeline.layout.outline import read_entries
from pipeline.passage import join
from pipeline.records import Printed, SlideReading

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from pipeline.extractors.enumerations import Form
    from pipeline.extractors.labelled_cells import HeadedCell
    from pipeline.layout.column_lines import Line
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
    if headed := headed_cells(cells, harvest.slide.page):
        return _write_headed(harvest, headed)
    contents, labels = labelled_cells(cells)
    heads = head_rows(contents, harvest.slide.page)
    heading = cells_of(heads)
    for cell in heading:
        harvest.discard(cell.passage, "column head")
    contents = [row for row in contents if row not in heads]
    labels = [cell for cell in labels if cell not in heading]
    texts = {id(c): _label(harvest, c) for c in labels}
    claimed: set[int] = set()
    position = 0
    lines = [make_lines(content.cell.segments, harvest.slide.page, ()) for content in contents]
    forms = {form for of_cell in lines for form in forms_of(of_cell)}
    for content, of_cell in zip(contents, lines, strict=True):
        section, part = (*content.labels, None, None)[:2]
        for entry_text in _provisions(harvest, of_cell, forms):
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


def _write_headed(harvest: Harvest, cells: Sequence[HeadedCell]) -> int:
    position = 0
    forms = {form for cell in cells for form in forms_of(cell.lines)}
    for cell in cells:
        section = join(line.passage for line in cell.heading)
        for n, text in enumerate(_provisions(harvest, cell.lines, forms)):
            position += 1
            _write_provision(harvest, None, Printed(section, inherited=n > 0), text, position)
    return position


def _provisions(harvest: Harvest, lines: Sequence[Line], forms: Collection[Form]) -> list[Passage]:
    """One text a bullet, or a member of a list counted in one of `forms`; a cell with neither is one text."""
    if all(s.marker is None for line in lines for s in line.segments):
        members = split_enumeration(lines, forms)
        for count, _ in members:
            harvest.discard(count, "count of a list")
        return [text for _, text in members] or [join(line.passage for line in lines)]
    texts = []
    for entry in read_entries(lines, max(s.box.x1 for line in lines for s in line.segments)):
        harvest.discard_marker(entry)
        texts.append(entry.passage)
    return texts
