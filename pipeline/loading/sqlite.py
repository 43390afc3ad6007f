"""Loading editions into an SQLite file.

SQLite has no decimal type. A number is stored so that it is exact and compares as a number: as an integer where it is a
whole number of at most 64 bits (nearly all money), else as a double where the double's shortest decimal form is the
number itself, which holds for every fraction of up to 15 digits: `Decimal(repr(x))` gives it back. What neither can
hold is stored as a BLOB of its decimal digits: exact, but compare it by `CAST(x AS REAL)`. Sums of fractions that
SQLite itself makes are floating point; DuckDB and PostgreSQL have decimals. Booleans are 0 and 1.

SQLite has no comments either: titles and descriptions stand in the tables `_tables` and `_columns`.
"""

from __future__ import annotations

import contextlib
import sqlite3
from decimal import Decimal
from typing import TYPE_CHECKING

from pipeline.loading.rows import typed_rows
from pipeline.loading.sql import (
    Relation,
    check_relations,
    create_table,
    delete_edition,
    listed,
    quoted,
    views,
)
from pipeline.loading.targets import Target, check_file, no_schema, refused
from pipeline.table_schemas import TableField, TableSchema
from pipeline.table_values import DECIMAL_DIGITS, DECIMAL_PLACES, decimal_text

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from pipeline.loading.edition_groups import Editions
    from pipeline.loading.rows import RowTuple
    from pipeline.model import Value
    from pipeline.table_schemas import FieldType

TYPES: Mapping[FieldType, str] = {
    "string": "TEXT",
    "integer": "INTEGER",
    "year": "INTEGER",
    "boolean": "BOOLEAN",
    "number": f"DECIMAL({DECIMAL_DIGITS},{DECIMAL_PLACES})",
}

_LARGEST_INTEGER = 2**63 - 1
_PATIENCE = 10.0
"""Seconds to wait for another program that is writing to the file."""


def _text(name: str) -> TableField:
    return TableField(name, "string", name.capitalize(), "")


def _dictionary(name: str, key: tuple[str, ...]) -> TableSchema:
    fields = tuple(_text(c) for c in (*key, *(("type",) if len(key) > 1 else ()), "title", "description"))
    return TableSchema(name, name, "", fields, key)


_TABLES = _dictionary("_tables", ("table",))
_COLUMNS = _dictionary("_columns", ("table", "column"))


def load(target: Target, tables: Mapping[str, TableSchema], editions: Editions, schema: str | None) -> None:
    """Load `editions` into the file, in one transaction. Raises TargetError with the file as it was."""
    no_schema(target, schema)
    existed = check_file(target)
    try:
        with contextlib.closing(sqlite3.connect(target.path, timeout=_PATIENCE, isolation_level=None)) as connection:
            _load(connection, target, tables, editions)
    except BaseException as error:
        if not existed:
            target.path.unlink(missing_ok=True)
        if isinstance(error, sqlite3.Error):
            raise refused(target, error, "See whether another program has the file open, or has changed it.") from error
        raise


def stored_number(value: Decimal) -> int | float | bytes:
    """Give the form in which a number is stored: exact in each of them (see the module)."""
    if value == value.to_integral_value() and abs(value) <= _LARGEST_INTEGER:
        return int(value)
    double = float(value)
    return double if Decimal(repr(double)) == value else decimal_text(value).encode()


def _load(
    connection: sqlite3.Connection,
    target: Target,
    tables: Mapping[str, TableSchema],
    editions: Editions,
) -> None:
    connection.execute("PRAGMA foreign_keys = ON")
    connection.execute("BEGIN IMMEDIATE")
    # Rows may then come before those that they refer to; the references are checked when the transaction ends.
    connection.execute("PRAGMA defer_foreign_keys = ON")
    made = views(tables, None)
    described = {_TABLES.name: _TABLES, _COLUMNS.name: _COLUMNS}
    there = check_relations(target, _relations(connection), {**tables, **described}, TYPES, made)
    for name, table in {**tables, **described}.items():
        if name not in there:
            connection.execute(create_table(table, TYPES, None))
    for table in reversed(list(tables.values())):
        connection.executemany(delete_edition(table, None, "?"), editions.identities)
    for group in editions.groups():
        for table in tables.values():
            _insert(connection, table, typed_rows(table, group))
    _describe(connection, tables)
    for view in made:
        connection.execute(f"DROP VIEW IF EXISTS {quoted(view.name)}")
        connection.execute(f"CREATE VIEW {quoted(view.name)} AS {view.query}")
    connection.execute("COMMIT")


def _insert(connection: sqlite3.Connection, table: TableSchema, rows: Sequence[RowTuple], verb: str = "INSERT") -> None:
    numbers = [n for n, f in enumerate(table.fields) if f.type == "number"]
    marks = ", ".join("?" for _ in table.fields)
    connection.executemany(
        f"{verb} INTO {quoted(table.name)} ({listed(table.columns)}) VALUES ({marks})",
        (_stored(row, numbers) for row in rows) if numbers else rows,
    )


def _stored(row: RowTuple, numbers: Sequence[int]) -> list[Value | float | bytes]:
    stored: list[Value | float | bytes] = list(row)
    for n in numbers:
        value = row[n]
        if isinstance(value, Decimal):
            stored[n] = stored_number(value)
    return stored


def _describe(connection: sqlite3.Connection, tables: Mapping[str, TableSchema]) -> None:
    _insert(connection, _TABLES, [(t.name, t.title, t.description) for t in tables.values()], "INSERT OR REPLACE")
    columns: list[RowTuple] = [
        (t.name, f.name, f.type, f.title, f.description) for t in tables.values() for f in t.fields
    ]
    _insert(connection, _COLUMNS, columns, "INSERT OR REPLACE")


def _relations(connection: sqlite3.Connection) -> dict[str, Relation]:
    """Read the tables and views of the file; names are compared without case, as SQLite does."""
    found = {}
    for kind, name in connection.execute("SELECT type, name FROM sqlite_master WHERE type IN ('table', 'view')"):
        columns = connection.execute('SELECT name, type, "notnull", pk FROM pragma_table_info(?)', (name,)).fetchall()
        key = sorted((pk, column) for column, _, _, pk in columns if pk)
        found[name.lower()] = Relation(
            kind, tuple((c, k, bool(n)) for c, k, n, _ in columns), tuple(column for _, column in key)
        )
    return found
