"""Loading editions into a schema of a PostgreSQL database, by COPY."""

from __future__ import annotations

import contextlib
from itertools import islice
from typing import TYPE_CHECKING, Any

from pipeline.errors import TargetError
from pipeline.loading.lines import Lines
from pipeline.loading.sql import (
    Relation,
    check_relations,
    comments,
    create_table,
    delete_edition,
    listed,
    literal,
    qualified,
    quoted,
    views,
)
from pipeline.loading.targets import UNCHANGED, Target, library, refused
from pipeline.table_values import DECIMAL_DIGITS, DECIMAL_PLACES

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from pipeline.loading.edition_groups import Editions
    from pipeline.loading.rows import Cells, Columns
    from pipeline.table_schemas import FieldType, TableSchema

TYPES: Mapping[FieldType, str] = {
    "string": "text",
    "integer": "bigint",
    "year": "integer",
    "boolean": "boolean",
    "number": f"numeric({DECIMAL_DIGITS},{DECIMAL_PLACES})",
}

_PATIENCE = 10
"""Seconds to wait for a server, where the address does not say."""

_NULL = "\\N"
_ESCAPES = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})
_ROWS_AT_ONCE = 10_000
_BYTES_AT_ONCE = 1 << 20

_COLLATION = ' COLLATE "C"'
_KINDS = {"r": "table", "p": "table", "f": "table", "v": "view", "m": "view"}
_CONNECTING = "Look at user, password, host, port and database of the target, and whether the server runs."

_RELATIONS = """
SELECT c.relname, c.relkind::text, a.attname, pg_catalog.format_type(a.atttypid, a.atttypmod), a.attnotnull,
       pg_catalog.array_position(i.indkey::int2[], a.attnum)
FROM pg_catalog.pg_class c
JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
LEFT JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
LEFT JOIN pg_catalog.pg_index i ON i.indrelid = c.oid AND i.indisprimary
WHERE n.nspname = %s AND c.relname = ANY(%s)
ORDER BY c.relname, a.attnum
"""


def load(target: Target, tables: Mapping[str, TableSchema], editions: Editions, schema: str | None) -> None:
    """Load `editions` into `schema` (by default the connection's own, usually `public`), in one transaction.

    Two loads into the same schema take turns. Raises TargetError with the database as it was.
    """
    psycopg = library("psycopg", "postgresql")
    with _connected(psycopg, target) as connection:
        try:
            with connection.transaction(), connection.cursor() as cursor:
                _load(cursor, target, tables, editions, schema)
        except psycopg.Error as error:
            editions.look_for_faults()
            raise refused(target, error, "The database gives the reason; mend it and load again.") from error


@contextlib.contextmanager
def _connected(psycopg: Any, target: Target) -> Iterator[Any]:
    try:
        settings = psycopg.conninfo.conninfo_to_dict(target.address)
    except psycopg.Error as error:
        raise _misread(target) from error
    # A password whose "@", "/" or ":" is not encoded shifts all parts: then the driver's message could show some of it.
    if "@" in f"{settings.get('host', '')}{settings.get('dbname', '')}" or not _is_port(settings.get("port", "")):
        raise _misread(target)
    settings.setdefault("connect_timeout", _PATIENCE)
    settings.setdefault("application_name", "policydeck")
    settings["client_encoding"] = "utf8"
    try:
        connection = psycopg.connect(**settings)
    except psycopg.Error as error:
        raise refused(target, error, _CONNECTING) from error
    with contextlib.closing(connection):
        yield connection


def _load(
    cursor: Any,
    target: Target,
    tables: Mapping[str, TableSchema],
    editions: Editions,
    schema: str | None,
) -> None:
    place = _schema(cursor, target, schema)
    made = views(tables, place, _COLLATION)
    there = check_relations(target, _relations(cursor, place, [*tables, *(v.name for v in made)]), tables, TYPES, made)
    statements = [
        statement
        for name, table in tables.items()
        if name not in there
        for statement in (create_table(table, TYPES, place), *comments(table, place))
    ]
    if statements:
        cursor.execute(";\n".join(statements))
    for name in reversed([name for name in tables if name in there]):
        cursor.executemany(delete_edition(tables[name], place, "%s"), editions.identities)
    for group in editions.bulk_groups(tables):
        for name, table in tables.items():
            _copy(cursor, table, place, group[name])
    for view in made:
        name = qualified(place, view.name)
        cursor.execute(f"CREATE OR REPLACE VIEW {name} AS {view.query}")
        cursor.execute(f"COMMENT ON VIEW {name} IS {literal(view.comment)}")


def _schema(cursor: Any, target: Target, schema: str | None) -> str:
    """Give the schema to load into, made where it is not there, and locked against another load."""
    if schema is None:
        schema = cursor.execute("SELECT current_schema()").fetchone()[0]
        if schema is None:
            raise refused(target, "the connection has no schema of its own", "Name a schema.")
    cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended('policydeck/' || %s, 0))", [schema])
    # Not CREATE … IF NOT EXISTS: that asks for the right to make schemas even where this one is there.
    if not cursor.execute("SELECT 1 FROM pg_catalog.pg_namespace WHERE nspname = %s", [schema]).fetchall():
        cursor.execute(f"CREATE SCHEMA {quoted(schema)}")
    return str(schema)


def _copy(cursor: Any, table: TableSchema, schema: str, rows: Lines | Columns) -> None:
    if not isinstance(rows, Lines):
        _copy_cells(cursor, table, schema, rows)
    elif rows.count:
        statement = f"COPY {qualified(schema, table.name)} ({listed(table.columns)}) FROM STDIN (FORMAT csv)"
        with cursor.copy(statement) as copy:
            for start in range(0, len(rows.content), _BYTES_AT_ONCE):
                copy.write(rows.content[start : start + _BYTES_AT_ONCE])


def _copy_cells(cursor: Any, table: TableSchema, schema: str, columns: Columns) -> None:
    """Copy cells that may hold anything, line ends too, in COPY's text format."""
    if not columns[0]:
        return
    rows = map("\t".join, zip(*(_escaped(cells) for cells in columns), strict=True))
    with cursor.copy(f"COPY {qualified(schema, table.name)} ({listed(table.columns)}) FROM STDIN") as copy:
        while lines := list(islice(rows, _ROWS_AT_ONCE)):
            copy.write("\n".join(lines) + "\n")


def _escaped(cells: Cells) -> list[str]:
    """Write cells in COPY's text format (PostgreSQL documentation, "COPY", section "Text Format")."""
    if any(c in "".join(filter(None, cells)) for c in "\\\t\n\r"):
        return [_NULL if c is None else c.translate(_ESCAPES) for c in cells]
    return [_NULL if c is None else c for c in cells]


def _relations(cursor: Any, schema: str, names: list[str]) -> dict[str, Relation]:
    found: dict[str, list[Any]] = {}
    for name, *rest in cursor.execute(_RELATIONS, [schema, names]).fetchall():
        found.setdefault(name, []).append(rest)
    return {
        name: Relation(
            _KINDS.get(rows[0][0], "relation"),
            tuple((column, kind, needed) for _, column, kind, needed, _ in rows if column is not None),
            tuple(column for _, column, _, _, place in sorted(rows, key=lambda r: r[4] or 0) if place is not None),
        )
        for name, rows in found.items()
    }


def _is_port(text: str) -> bool:
    return all(part.isdigit() for part in text.split(",") if part)


def _misread(target: Target) -> TargetError:
    return TargetError(
        f"{target.shown} is no address of a PostgreSQL database. {UNCHANGED}",
        "In user and password write : / @ ? # and % as %3A %2F %40 %3F %23 and %25.",
    )
