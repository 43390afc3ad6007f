"""Rows that are the cells of a printed table, laid out as that table: a reviewer compares it with the page at a glance."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

from pipeline.publishing.report.blocks import Block, Column, Line, Piece

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pipeline.publishing.report.rows import NumberedRow, RowIndex
    from pipeline.table_schemas import TableSchema

_PLACE = {"row", "column"}


def is_grid(schema: TableSchema) -> bool:
    """Whether the rows of a table are cells: its key says in which row and column of which other table each stands."""
    return set(schema.primary_key) >= _PLACE and bool(schema.foreign_keys)


def grid_block(index: RowIndex, schema: TableSchema, rows: Sequence[NumberedRow], page: int | None) -> Block:
    """The cells of a page, table by table under its heading; a merged cell stands in its first place."""
    width = max(_number(r, "column") for r in rows)
    key = schema.foreign_keys[0]
    lines: list[Line] = []
    for name, cells in groupby(rows, key=lambda r: str(r.row[key.fields[0]])):
        members = list(cells)
        owner = index.number(key.table, name)
        heading = str(index.rows[owner].row.get("heading") or name) if owner is not None else name
        lines.append(Line((Piece(heading, members[0].number, key.fields[0]),)))
        lines += _lines(members, width)
    return Block(schema.name, page, tuple(Column(str(n + 1)) for n in range(width)), tuple(lines))


def _lines(cells: Sequence[NumberedRow], width: int) -> Iterator[Line]:
    for _, row in groupby(cells, key=lambda c: _number(c, "row")):
        placed = {_number(c, "column"): c for c in row}
        first = next(iter(placed.values()))
        pieces = tuple(
            (Piece(str(placed[n].row["text"]), placed[n].number, "text"),) if n in placed else ()
            for n in range(1, width + 1)
        )
        yield Line((), first.number, 0, pieces)


def _number(row: NumberedRow, column: str) -> int:
    value = row.row[column]
    return value if isinstance(value, int) else 1
