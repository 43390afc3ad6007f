"""Measures in a ruled table: in front of each cell of measures its group, and in front of that its pillar."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pipeline.extractors.labelled_cells import LabelledCell, labelled_cells
from pipeline.layout.grid import read_table
from pipeline.layout.outline import body_style, is_set_off, make_lines
from pipeline.passage import Passage, join

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pipeline.layout.grid import Cell
    from pipeline.layout.lines import Segment
    from pipeline.layout.slide import Slide

SIDES = 2
"""A table with labels has at least so many vertical rules: what has fewer is a list between rules."""

LEAST_ROWS = 2
"""A table has so many rows of measures at least."""

MOST_LABELS = 2
"""A measure has a group and a pillar; a table with more columns in front of its measures is read as something else."""


@dataclass(frozen=True)
class MeasuresTable:
    """The rows of measures from the top, the cells that head the columns, and the segments outside the table."""

    rows: tuple[LabelledCell, ...]
    heads: tuple[Cell, ...]
    outside: tuple[Segment, ...]


def measures_table(slide: Slide, segments: Sequence[Segment]) -> MeasuresTable | None:
    """The table of measures on a slide; None where they stand in no table.

    Every cell of measures has as many labels as the others, and no label has a bullet: boxes of measures side by side are
    no table.
    """
    if sum(not rule.horizontal for rule in slide.page.rules) < SIDES:
        return None
    table = read_table(slide.page, segments)
    contents, labels = labelled_cells(table.cells)
    body = body_style(make_lines([s for c in contents for s in c.cell.segments], slide.page, ()))
    lines = [(row, make_lines(row.cell.segments, slide.page, ())) for row in contents]
    heads = [row for row, (first, *_) in lines if first.marker is None and is_set_off(first, body)]
    rows = [row for row in contents if row not in heads]
    depths = {len(row.labels) for row in rows}
    is_table = (
        len(rows) >= LEAST_ROWS
        and len(depths) == 1
        and 0 < max(depths) <= MOST_LABELS
        and all(head.cell.middle < rows[0].cell.middle for head in heads)
        and any(s.marker is not None for row in rows for s in row.cell.segments)
        and all(s.marker is None for label in labels for s in label.segments)
    )
    if not is_table:
        return None
    headed = tuple(cell for head in heads for cell in (*head.labels, head.cell))
    return MeasuresTable(tuple(rows), headed, table.outside)


def text_of(cell: Cell) -> Passage:
    """A cell's text with its provenance."""
    return join(s.passage for s in cell.segments)
