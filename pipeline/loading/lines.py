"""Many editions' rows as lines of CSV that nobody has cut into cells: what a bulk load takes.

Python looks at the bytes of a file (its hash, its header, that a line is a row) and Arrow at the cells. What a database
keeps by itself (keys, references, values that must be there) is left to it; where something is wrong, `rows` reads the
editions again with care and names what it is.
"""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pipeline.loading.arrow import table_of_lines
from pipeline.loading.csv_folder import line
from pipeline.loading.package import read_content
from pipeline.loading.rows import EDITION_KEY, EDITIONS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from pipeline.loading.package import Package
    from pipeline.table_schemas import TableSchema

_LINE_END = b"\n"
_QUOTE = b'"'


@dataclass(frozen=True)
class Lines:
    """Rows of one table side by side: as CSV without a header, an empty cell being no value, and as an Arrow table."""

    content: bytes
    table: Any

    @property
    def count(self) -> int:
        """The number of rows."""
        return int(self.table.num_rows)


def read_lines(packages: Sequence[Package], tables: Mapping[str, TableSchema]) -> dict[str, Lines] | None:
    """Read the rows of all `packages` by table of `side_by_side`, or None where they must be read with more care.

    That is where an edition lacks a table or a column or has another one, a text goes over several lines, or a cell is
    not of its column's type. Raises DamagedEditionError where a file is missing or has other bytes than were written.
    """
    contents: dict[str, list[bytes]] = {name: [] for name in tables}
    for package in packages:
        if package.resources.keys() != tables.keys():
            return None
        for name, resource in package.resources.items():
            rows = _with_edition(package, tables[name], read_content(package.path, resource))
            if rows is None:
                return None
            contents[name].append(rows)
    found = {}
    for name, table in tables.items():
        content = b"".join(contents[name])
        made = table_of_lines(table, content)
        if made is None:
            return None
        found[name] = Lines(content, made)
    return found


def _with_edition(package: Package, table: TableSchema, content: bytes) -> bytes | None:
    """The lines of one file without its header, deck and edition in front; None where they cannot be had so simply."""
    header, end, body = content.partition(_LINE_END)
    own = [c for c in table.columns if c not in EDITION_KEY]
    front = line((package.deck, package.edition)).rstrip("\n").encode()
    if table.name == EDITIONS:
        # Its own file has deck and edition already, wherever they stand: a single row, which is made anew.
        return _edition_line(package, table, content)
    if not end or header.decode("utf-8", "replace") != ",".join(own) or not _is_row_a_line(body):
        return None
    rows = front + b"," + body.replace(_LINE_END, _LINE_END + front + b",") if body else b""
    return rows[: -len(front) - 1] if rows else rows


def _edition_line(package: Package, table: TableSchema, content: bytes) -> bytes | None:
    try:
        rows = list(csv.DictReader(io.StringIO(content.decode(), newline=""), strict=True))
    except (UnicodeDecodeError, csv.Error):
        return None
    identity = {"deck": package.deck, "edition": package.edition}
    if len(rows) != 1 or rows[0].keys() != set(table.columns) or {c: rows[0][c] for c in EDITION_KEY} != identity:
        return None
    written = line([rows[0][c] for c in table.columns]).encode()
    return written if _is_row_a_line(written) else None


def _is_row_a_line(body: bytes) -> bool:
    """Whether each line is a whole row: no text in it goes on in the next line, and the last one ends."""
    if b"\r" in body or (body and not body.endswith(_LINE_END)):
        return False
    return _QUOTE not in body or all(row.count(_QUOTE) % 2 == 0 for row in body.split(_LINE_END))
