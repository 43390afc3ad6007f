"""What a table on a page is, however it was found, and the measures that all ways of finding one share."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from pipeline.layout.lines import Segment
    from pipeline.model import Box

Sign = Literal["net of rules", "level rules", "aligned figures"]
"""What showed that a table is there."""

ROWS = 2
"""A table has at least so many rows with text in two columns; anything less is a line, a frame or a pair of boxes."""


@dataclass(frozen=True)
class TableCell:
    """A cell with text: its first row and column, how many it reaches over, and its text from the top."""

    row: int
    column: int
    row_span: int
    column_span: int
    segments: tuple[Segment, ...]


@dataclass(frozen=True)
class PrintedTable:
    """A table: its place, its numbers of rows and columns, and its cells row by row. Empty cells are left out."""

    sign: Sign
    box: Box
    rows: int
    columns: int
    cells: tuple[TableCell, ...]


def is_tabular(cells: Sequence[TableCell]) -> bool:
    """Whether cells with text stand in rows and columns: several rows of two cells and more, several columns of them."""
    rows = Counter(c.row for c in cells)
    columns = Counter(c.column for c in cells)
    return sum(n > 1 for n in rows.values()) >= ROWS and sum(n > 1 for n in columns.values()) >= 2


def printed_table(sign: Sign, box: Box, cells: Sequence[TableCell]) -> PrintedTable:
    """The table of `cells` without the rows and columns in which none begins: double rules, and space between."""
    rows = {r: i for i, r in enumerate(sorted({c.row for c in cells}))}
    columns = {c: i for i, c in enumerate(sorted({c.column for c in cells}))}
    made = [
        TableCell(
            rows[c.row],
            columns[c.column],
            sum(c.row <= r < c.row + c.row_span for r in rows),
            sum(c.column <= x < c.column + c.column_span for x in columns),
            c.segments,
        )
        for c in cells
    ]
    return PrintedTable(sign, box, len(rows), len(columns), tuple(sorted(made, key=lambda c: (c.row, c.column))))


def positions(values: Iterable[float], near: float) -> list[float]:
    """`values` in order, those nearer than `near` to the first of a group as one."""
    found: list[float] = []
    for value in sorted(values):
        if not found or value - found[-1] > near:
            found.append(value)
    return found
