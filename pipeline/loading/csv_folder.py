"""Loading editions into a folder of CSV files: `FOLDER/<deck>/<edition>/<table>.csv` (see `folders`).

The files are as those of an extracted edition (UTF-8, LF, RFC 4180, empty cell = no value), with `deck` and `edition`
in front.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pipeline.loading.folders import load_files

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from pipeline.loading.edition_groups import Editions
    from pipeline.loading.rows import Columns
    from pipeline.loading.targets import Target
    from pipeline.table_schemas import TableSchema


_NEEDS_QUOTES = re.compile('[",\r\n]')


class _Csv:
    suffix = ".csv"

    def content(self, table: TableSchema, columns: Columns) -> bytes:
        """Write a header and the rows; quoted is only what needs it."""
        rows = [line(table.columns), *(line(row) for row in zip(*columns, strict=True))]
        return "".join(rows).encode()

    def difference(self, table: TableSchema, path: Path) -> str:
        """Compare the header."""
        with path.open(encoding="utf-8", errors="replace", newline="") as file:
            found = file.readline().rstrip("\r\n")
        wanted = ",".join(table.columns)
        return "" if found == wanted else f"its header is {found}"


def load(target: Target, tables: Mapping[str, TableSchema], editions: Editions, schema: str | None) -> None:
    """Load `editions` into the folder, one after the other. Raises TargetError, the edition at fault as it was."""
    load_files(target, tables, editions, schema, _Csv())


def line(cells: Iterable[str | None]) -> str:
    """Write a row as a line of CSV, quoted only what needs it."""
    return (
        ",".join(['"' + c.replace('"', '""') + '"' if c and _NEEDS_QUOTES.search(c) else c or "" for c in cells]) + "\n"
    )
