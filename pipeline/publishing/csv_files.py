"""The rows of a table as CSV, the form that git and people compare: RFC 4180 with LF instead of CRLF.

The module `csv` is not used for writing, because which texts it quotes has changed between releases of Python, and an
edition must come out the same from all of them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from pipeline.table_schemas import cell_text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pipeline.model import Value
    from pipeline.table_columns import Columns
    from pipeline.table_schemas import TableField, TableSchema

_TRUTHS = {None: "", True: "true", False: "false"}


def csv_bytes(schema: TableSchema, columns: Columns) -> bytes:
    """Write a header and the rows of `columns` as UTF-8, one line a row, quoted only where needed.

    Raises ValueError where a text cannot be written in UTF-8.
    """
    cells = [_cells(column, columns[column.name]) for column in schema.fields]
    header = ",".join([_quoted(name) for name in schema.columns])
    return "".join([f"{line}\n" for line in (header, *map(",".join, zip(*cells, strict=True)))]).encode("utf-8")


def _cells(column: TableField, values: Sequence[Value]) -> list[str]:
    if column.type == "boolean":
        return [_TRUTHS[cast("bool | None", value)] for value in values]
    if column.type != "string":
        return ["" if value is None else cell_text(value) for value in values]  # no number needs quotes
    texts = ["" if value is None else cast("str", value) for value in values]
    # One look at the whole column: in most there is nothing to quote.
    return [_quoted(text) for text in texts] if _needs_quotes("".join(texts)) else texts


def _quoted(text: str) -> str:
    return '"' + text.replace('"', '""') + '"' if _needs_quotes(text) else text


def _needs_quotes(text: str) -> bool:
    return '"' in text or "," in text or "\r" in text or "\n" in text
