"""The rows of a table as CSV, the form that git and people compare: RFC 4180 with LF instead of CRLF.

The module `csv` is not used for writing, because which texts it quotes has changed between releases of Python, and an
edition must come out the same from all of them.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pipeline.table_schemas import cell_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from pipeline.model import Row
    from pipeline.table_schemas import TableSchema

_NEEDS_QUOTES = re.compile('[",\r\n]')


def csv_bytes(schema: TableSchema, rows: Sequence[Row]) -> bytes:
    """Write a header and `rows` (as `canonical_row` gives them) as UTF-8, one line a row, quoted only where needed.

    Raises ValueError where a text cannot be written in UTF-8.
    """
    lines = [_line(schema.columns)]
    lines.extend(_line([cell_text(value) for value in row.values()]) for row in rows)
    return "".join(lines).encode("utf-8")


def _line(cells: Iterable[str]) -> str:
    return ",".join(['"' + c.replace('"', '""') + '"' if _NEEDS_QUOTES.search(c) else c for c in cells]) + "\n"
