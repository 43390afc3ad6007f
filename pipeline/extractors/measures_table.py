"""Measures in a ruled table: in front of each cell of measures its group, and in front of that or above it its pillar."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from pipeline.extractors.labelled_cells import LabelledCell, cells_of, head_rows, labelled_cells
from pipeline.layout.grid import has_sides, read_table

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from pipeline.layout.grid import Cell
    from pipeline.layout.lines import Segment
    from pipeline.layout.slide import Slide

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


def measures_table(slide: Slide, segments: Sequence[Segment], bodies: Collection[Segment]) -> MeasuresTable | None:
    """The table of measures on a slide; None where they stand in no table. `bodies` stand in a column of their own.

    Every cell of measures has as many labels as the others, and no label has a bullet: boxes of measures side by side are
    no table.
    """
    if not has_sides(slide.page):
        return None
    table = read_table(slide.page, [s for s in segments if s not in bodies])
    contents, labels = labelled_cells(table.cells)
    heads = head_rows(contents, slide.page)
    rows = [row for row in contents if row not in heads]
    depths = {len(row.labels) for row in rows}
    headed = cells_of(heads)
    is_table = (
        len(rows) >= LEAST_ROWS
        and len(depths) == 1
        and 0 < max(depths) <= MOST_LABELS
        and (bool(bodies) or any(s.marker is not None for row in rows for s in row.cell.segments))
        and all(s.marker is None for label in labels for s in label.segments)
    )
    if not is_table:
        return None
    used = {id(cell) for row in rows for cell in row.labels} | {id(cell) for cell in headed}
    bands = [cell for cell in labels if id(cell) not in used]
    if bands and max(depths) == MOST_LABELS:
        return None
    return MeasuresTable(tuple(_under_band(row, bands) for row in rows), headed, table.outside)


def _under_band(row: LabelledCell, bands: Sequence[Cell]) -> LabelledCell:
    """A row with the cell above it that runs across the columns (a pillar's) as its outermost label."""
    above = [cell for cell in bands if cell.middle < row.cell.middle]
    return replace(row, labels=(*row.labels, max(above, key=lambda cell: cell.middle))) if above else row
