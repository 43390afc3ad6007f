"""Loading editions into a DuckDB file.

Rows go in as Arrow tables. DuckDB refuses to remove a row and the rows that refer to it in one transaction (its
documentation, "Indexes: over-eager constraint checking"), so to replace an edition our tables are made anew within the
transaction, the rows of the other editions copied. A new edition is simply added.
"""

from __future__ import annotations

import contextlib
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from pipeline.loading.arrow import arrow_table
from pipeline.loading.lines import Lines
from pipeline.loading.rows import EDITION_KEY, EDITIONS, in_batches, self_references
from pipeline.loading.sql import (
    Relation,
    View,
    check_relations,
    comments,
    create_table,
    listed,
    literal,
    qualified,
    quoted,
    views,
)
from pipeline.loading.targets import Target, check_file, library, refused
from pipeline.table_values import DECIMAL_DIGITS, DECIMAL_PLACES

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from pipeline.loading.edition_groups import Editions
    from pipeline.table_schemas import FieldType, TableSchema

TYPES: Mapping[FieldType, str] = {
    "string": "VARCHAR",
    "integer": "BIGINT",
    "year": "INTEGER",
    "boolean": "BOOLEAN",
    "number": f"DECIMAL({DECIMAL_DIGITS},{DECIMAL_PLACES})",
}

_MAIN = "main"
_MAGIC = b"DUCK"
_MAGIC_PLACE = slice(8, 12)
"""Where the file format has its mark (DuckDB documentation, "Storage versions and format")."""

_ARRIVING = "policydeck_arriving"
_KEPT = "policydeck_kept_"


def load(target: Target, tables: Mapping[str, TableSchema], editions: Editions, schema: str | None) -> None:
    """Load `editions` into the file, in one transaction. Raises TargetError with the file as it was."""
    duckdb = library("duckdb", "duckdb")
    existed = check_file(target)
    if existed:
        _check_format(target)
    try:
        with contextlib.closing(duckdb.connect(str(target.path))) as connection, _transaction(connection):
            _load(connection, target, tables, editions, schema or _MAIN)
    except BaseException as error:
        if not existed:
            for path in (target.path, target.path.with_name(target.path.name + ".wal")):
                path.unlink(missing_ok=True)
        if isinstance(error, duckdb.Error):
            editions.look_for_faults()
            raise refused(target, error, "See whether another program has the file open, or has changed it.") from error
        raise


def _load(
    connection: Any,
    target: Target,
    tables: Mapping[str, TableSchema],
    editions: Editions,
    schema: str,
) -> None:
    if schema != _MAIN:
        connection.execute(f"CREATE SCHEMA IF NOT EXISTS {quoted(schema)}")
    made = views(tables, schema)
    there = check_relations(target, _relations(connection, schema), tables, TYPES, made)
    kept = _set_aside(connection, tables, editions, schema, there)
    for name, table in tables.items():
        if kept or name not in there:
            _run(connection, create_table(table, TYPES, schema), *comments(table, schema))
        if name in kept:
            _put_back(connection, table, schema)
    for group in editions.bulk_groups(tables):
        for name, table in tables.items():
            rows = group[name]
            _insert_all(connection, table, schema, rows.table if isinstance(rows, Lines) else arrow_table(table, rows))
    _run(connection, *kept.values())
    for view in made:
        _make_view(connection, view, schema)


@contextlib.contextmanager
def _transaction(connection: Any) -> Iterator[None]:
    # What is not committed when the connection closes is rolled back.
    connection.execute("BEGIN TRANSACTION")
    yield
    connection.execute("COMMIT")


def _set_aside(
    connection: Any,
    tables: Mapping[str, TableSchema],
    editions: Editions,
    schema: str,
    there: set[str],
) -> dict[str, str]:
    """Where an edition is there already, copy the rows of all others into temporary tables and drop ours.

    Gives for each table set aside the statement that makes its users' indexes again; nothing where none had to be.
    """
    if EDITIONS not in there or not any(_is_there(connection, e, schema) for e in editions.identities):
        return {}
    others = " AND ".join(f"NOT ({' AND '.join(f'{quoted(c)} = ?' for c in EDITION_KEY)})" for _ in editions.identities)
    keys = [value for identity in editions.identities for value in identity]
    kept: dict[str, str] = {}
    for name in reversed([n for n in tables if n in there]):
        found = connection.execute(
            "SELECT sql FROM duckdb_indexes() WHERE database_name = current_database() AND schema_name = ?"
            " AND table_name = ? ORDER BY index_name",
            [schema, name],
        ).fetchall()
        kept[name] = ";\n".join(sql.rstrip("; \n") for (sql,) in found if sql)
        connection.execute(
            f"CREATE TEMP TABLE {quoted(_KEPT + name)} AS SELECT * FROM {qualified(schema, name)} WHERE {others}",  # noqa: S608 - quoted
            keys,
        )
        connection.execute(f"DROP TABLE {qualified(schema, name)}")
    return kept


def _is_there(connection: Any, edition: tuple[str, str], schema: str) -> bool:
    query = f"SELECT 1 FROM {qualified(schema, EDITIONS)} WHERE deck = ? AND edition = ?"  # noqa: S608 - quoted
    return bool(connection.execute(query, list(edition)).fetchall())


def _put_back(connection: Any, table: TableSchema, schema: str) -> None:
    """Copy what was set aside into the new table, a row that is referred to before those that refer to it."""
    into, kept = qualified(schema, table.name), f"temp.{quoted(_KEPT + table.name)}"
    keys = self_references(table)
    ready = " AND ".join(
        f"(k.{quoted(key.fields[-1])} IS NULL OR EXISTS (SELECT 1 FROM {into} AS p WHERE "  # noqa: S608 - quoted
        + " AND ".join(
            f"p.{quoted(to)} = k.{quoted(of)}" for of, to in zip(key.fields, key.reference_fields, strict=True)
        )
        + "))"
        for key in keys
    )
    same = " AND ".join(f"t.{quoted(c)} = k.{quoted(c)}" for c in table.primary_key)
    query = f"INSERT INTO {into} SELECT k.* FROM {kept} AS k"  # noqa: S608 - quoted
    if keys:
        query += f" WHERE NOT EXISTS (SELECT 1 FROM {into} AS t WHERE {same}) AND {ready}"  # noqa: S608 - quoted
    copied = 1
    while copied:
        (copied,) = connection.execute(query).fetchone()
        copied = copied if keys else 0
    connection.execute(f"DROP TABLE {kept}")


def _insert_all(connection: Any, table: TableSchema, schema: str, rows: Any) -> None:
    """Insert, a row that is referred to in a statement before those that refer to it: DuckDB looks no further."""
    keys = self_references(table)
    if not keys:
        _insert(connection, table, schema, rows)
        return
    needed = tuple(f for f in table.fields if any(f.name in (*k.fields, *k.reference_fields) for k in keys))
    numbered = zip(*(rows.column(f.name).to_pylist() for f in needed), range(rows.num_rows), strict=True)
    for batch in in_batches(replace(table, fields=needed), list(numbered)):
        _insert(connection, table, schema, rows.take([row[-1] for row in batch]))


def _insert(connection: Any, table: TableSchema, schema: str, rows: Any) -> None:
    """Insert an Arrow table."""
    if not rows.num_rows:
        return
    connection.register(_ARRIVING, rows)
    columns = listed(table.columns)
    connection.execute(f"INSERT INTO {qualified(schema, table.name)} ({columns}) SELECT {columns} FROM {_ARRIVING}")  # noqa: S608 - quoted
    connection.unregister(_ARRIVING)


def _make_view(connection: Any, view: View, schema: str) -> None:
    name = qualified(schema, view.name)
    _run(
        connection,
        f"CREATE OR REPLACE VIEW {name} AS {view.query}",
        f"COMMENT ON VIEW {name} IS {literal(view.comment)}",
    )


def _run(connection: Any, *statements: str) -> None:
    for statement in statements:
        if statement:
            connection.execute(statement)


def _relations(connection: Any, schema: str) -> dict[str, Relation]:
    """Read the tables and views of the schema; names are compared without case, as DuckDB does."""
    here = "database_name = current_database() AND schema_name = ?"
    kinds = {
        name: kind
        for kind in ("table", "view")
        for (name,) in connection.execute(f"SELECT {kind}_name FROM duckdb_{kind}s() WHERE {here}", [schema]).fetchall()  # noqa: S608 - ours
    }
    columns: dict[str, list[tuple[str, str, bool]]] = {}
    for name, column, kind, nullable in connection.execute(
        f"SELECT table_name, column_name, data_type, is_nullable FROM duckdb_columns() WHERE {here}"  # noqa: S608 - ours
        " ORDER BY table_name, column_index",
        [schema],
    ).fetchall():
        columns.setdefault(name, []).append((column, kind, not nullable))
    keys = dict(
        connection.execute(
            f"SELECT table_name, constraint_column_names FROM duckdb_constraints() WHERE {here}"  # noqa: S608 - ours
            " AND constraint_type = 'PRIMARY KEY'",
            [schema],
        ).fetchall()
    )
    return {
        name.lower(): Relation(kind, tuple(columns.get(name, ())), tuple(keys.get(name, ())))
        for name, kind in kinds.items()
    }


def _check_format(target: Target) -> None:
    """Raise TargetError for a file of another kind: DuckDB would try to fetch an extension that reads it."""
    with target.path.open("rb") as file:
        start = file.read(_MAGIC_PLACE.stop)
    if start[_MAGIC_PLACE] != _MAGIC:
        raise refused(target, "the file is not a DuckDB database", "Name another file.")
