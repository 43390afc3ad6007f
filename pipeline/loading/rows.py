"""Editions side by side: `deck` and `edition` in front of every table and every key.

This is what all targets share: the shape that the tables have there, and an edition's rows in that shape. Reading an
edition's files is in `editions`.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from pipeline.editions import open_edition, read_rows
from pipeline.errors import DamagedEditionError, SchemaError
from pipeline.table_schemas import ForeignKey, TableField, TableSchema, in_dependency_order, key_problems

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from pipeline.model import Row, Value

DECK = TableField("deck", "string", "Deck", "Name of the deck family, as in its profile.", required=True)
EDITION = TableField("edition", "string", "Edition", "Name of the edition, unique within its deck.", required=True)
EDITION_KEY = (DECK.name, EDITION.name)
EDITIONS = "editions"
"""The table that has one row an edition; every other one refers to it."""

RowTuple = tuple["Value", ...]


@dataclass(frozen=True)
class EditionRows:
    """One edition's rows by table, each a tuple in the order of the table's columns side by side."""

    deck: str
    edition: str
    rows: Mapping[str, list[RowTuple]]


def side_by_side(schemas: Mapping[str, TableSchema]) -> dict[str, TableSchema]:
    """Give the tables as they stand in a target, each after those it refers to.

    `deck` and `edition` are the first columns, the first of the primary key and the first of each foreign key; every
    table but `editions` refers to `editions` as well.
    """
    return {s.name: _with_edition(s, EDITIONS in schemas) for s in in_dependency_order(schemas)}


def read_edition(path: Path, schemas: Mapping[str, TableSchema]) -> EditionRows:
    """Read the extracted edition in the folder `path` as rows for the tables of `side_by_side(schemas)`.

    A table or column that an edition of an earlier release lacks is empty. Raises EditionNotFoundError and
    DamagedEditionError as `editions.read_rows`, DamagedEditionError too where a key stands twice or a referenced row is
    not there, and SchemaError where the edition has a table or column that the schemas do not know.
    """
    opened = open_edition(path.resolve())
    tables = read_rows(opened.path)
    identity = (opened.deck, opened.edition)
    described = [(r.get("deck"), r.get("edition")) for r in tables.get(EDITIONS, ())]
    problems = [] if described == [identity] else [f"{EDITIONS} does not describe {'/'.join(identity)}."]
    for name, rows in tables.items():
        if name not in schemas:
            raise _unknown(f"{opened.path}: the table {name}")
        if rows:
            _check_columns(opened.path, schemas[name], rows[0])
    problems += key_problems(schemas, tables)
    if problems:
        raise DamagedEditionError(f"{opened.path}: {problems[0]}", "Write it again with `policydeck run --force`.")
    return EditionRows(
        *identity, {name: [_tuple(identity, s, r) for r in tables.get(name, ())] for name, s in schemas.items()}
    )


def self_references(table: TableSchema) -> list[ForeignKey]:
    """Give the foreign keys by which rows of `table` refer to rows of the same table."""
    return [k for k in table.foreign_keys if k.table == table.name]


def in_batches(table: TableSchema, rows: Sequence[RowTuple]) -> list[list[RowTuple]]:
    """Split `rows` so that a row that refers to another of the same table comes in a later batch than that one.

    Rows that refer to each other in a circle come together in the last batch.
    """
    keys = self_references(table)
    if not keys:
        return [list(rows)]
    place = {column: n for n, column in enumerate(table.columns)}
    named = [([place[c] for c in k.fields], [place[c] for c in k.reference_fields]) for k in keys]
    batches: list[list[RowTuple]] = []
    waiting = list(rows)
    while waiting:
        # What a row still waits for is what waits itself: a row that is nowhere must not hold up the others.
        missing = [{tuple(row[n] for n in to) for row in waiting} for _, to in named]
        ready: list[RowTuple] = []
        later: list[RowTuple] = []
        for row in waiting:
            refers = [tuple(row[n] for n in of) in gone for (of, _), gone in zip(named, missing, strict=True)]
            (later if any(refers) else ready).append(row)
        batches.append(ready or waiting)
        waiting = later if ready else []
    return batches


def _with_edition(schema: TableSchema, has_editions: bool) -> TableSchema:
    own = tuple(f for f in schema.fields if f.name not in EDITION_KEY)
    known = schema.by_name
    front = tuple(replace(known.get(f.name, f), required=True, unique=False) for f in (DECK, EDITION))
    keys = [ForeignKey(_in_front(k.fields), k.table, _in_front(k.reference_fields)) for k in schema.foreign_keys]
    if has_editions and schema.name != EDITIONS:
        keys.insert(0, ForeignKey(EDITION_KEY, EDITIONS, EDITION_KEY))
    return replace(schema, fields=front + own, primary_key=_in_front(schema.primary_key), foreign_keys=tuple(keys))


def _in_front(columns: Sequence[str]) -> tuple[str, ...]:
    return (*EDITION_KEY, *(c for c in columns if c not in EDITION_KEY))


def _tuple(identity: tuple[str, str], schema: TableSchema, row: Row) -> RowTuple:
    return (*identity, *(row.get(c) for c in schema.columns if c not in EDITION_KEY))


def _check_columns(path: Path, schema: TableSchema, row: Row) -> None:
    unknown = [c for c in row if c not in schema.by_name]
    if unknown:
        raise _unknown(f"{path}: the column {unknown[0]} of {schema.name}")
    lacking = [f.name for f in schema.fields if f.required and f.name not in row]
    if lacking:
        raise SchemaError(
            f"{path}: {schema.name} lacks the column {lacking[0]}, which this release requires.",
            "Write the edition again with `policydeck run --force`.",
        )


def _unknown(what: str) -> SchemaError:
    return SchemaError(
        f"{what} is not known to this release.",
        "Update policydeck, or write the edition again with `policydeck run --force`.",
    )
