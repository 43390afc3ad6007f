"""Editions side by side: `deck` and `edition` in front of every table and every key.

This is what all targets share: the shape that the tables have there, and an edition's rows in that shape. Reading an
edition's files is in `package`.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import repeat
from typing import TYPE_CHECKING

from pipeline.errors import DamagedEditionError, SchemaError
from pipeline.loading.package import read_cells, read_package
from pipeline.table_schemas import ForeignKey, TableField, TableSchema, in_dependency_order

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from pipeline.model import Value
    from pipeline.table_schemas import FieldType

DECK = TableField("deck", "string", "Deck", "Name of the deck family, as in its profile.", required=True)
EDITION = TableField("edition", "string", "Edition", "Name of the edition, unique within its deck.", required=True)
EDITION_KEY = (DECK.name, EDITION.name)
EDITIONS = "editions"
"""The table that has one row an edition; every other one refers to it."""

RowTuple = tuple["Value", ...]
_Columns = dict[str, list["Value"]]

_BOOLEANS: Mapping[str, Value] = {"": None, "true": True, "false": False}
_NUMERALS = frozenset("0123456789.-")


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

    Each file is compared with its hash in the package. A table or column that an edition of an earlier release lacks
    is empty. Raises EditionNotFoundError where the folder holds no edition, DamagedEditionError where a file is
    missing or has other bytes, a key stands twice or a referenced row is not there, and SchemaError where the edition
    has a table or column that the schemas do not know.
    """
    package = read_package(path)
    columns = {}
    for name, resource in package.resources.items():
        if name not in schemas:
            raise _unknown(f"{path}: the table {name}")
        columns[name] = _columns(path, schemas[name], *read_cells(path, resource))
    identity = (package.deck, package.edition)
    described = columns.get(EDITIONS, {})
    problems = (
        []
        if [*zip(*(described.get(c, ()) for c in EDITION_KEY), strict=False)] == [identity]
        else [f"{EDITIONS} does not describe {'/'.join(identity)}"]
    )
    problems += _key_problems(schemas, columns)
    if problems:
        raise DamagedEditionError(f"{path}: {problems[0]}.", "Write it again with `policydeck run --force`.")
    return EditionRows(*identity, {name: _rows(identity, s, columns.get(name, {})) for name, s in schemas.items()})


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


def _rows(identity: tuple[str, str], schema: TableSchema, columns: _Columns) -> list[RowTuple]:
    length = max((len(values) for values in columns.values()), default=0)
    own = [columns.get(c) or repeat(None, length) for c in schema.columns if c not in EDITION_KEY]
    return list(zip(*(repeat(value, length) for value in identity), *own, strict=True))


def _columns(path: Path, schema: TableSchema, header: Sequence[str], cells: Sequence[Sequence[str]]) -> _Columns:
    """Give the typed values of a table by column. Whole columns at a time: loading is to be near COPY in speed."""
    unknown = [c for c in header if c not in schema.by_name]
    if unknown:
        raise _unknown(f"{path}: the column {unknown[0]} of {schema.name}")
    lacking = [f.name for f in schema.fields if f.required and f.name not in header]
    if lacking and cells:
        raise SchemaError(
            f"{path}: {schema.name} lacks the column {lacking[0]}, which this release requires.",
            "Write the edition again with `policydeck run --force`.",
        )
    try:
        texts = list(zip(*cells, strict=True)) if cells else [()] * len(header)
        return {c: _typed(schema.by_name[c].type, column) for c, column in zip(header, texts, strict=True)}
    except (ValueError, KeyError, ArithmeticError) as error:
        raise DamagedEditionError(
            f"{path}: {schema.name} does not fit its schema ({error}).", "Write it again with `policydeck run --force`."
        ) from error


def _typed(kind: FieldType, texts: Sequence[str]) -> list[Value]:
    if kind == "string":
        return [text or None for text in texts]
    if kind == "boolean":
        return [_BOOLEANS[text] for text in texts]
    # Python reads more as a number than the tables may hold: "NaN", "1e5", "1_000".
    if not set("".join(texts)) <= _NUMERALS:
        raise ValueError(f"a cell of the type {kind} holds something else")
    if kind == "number":
        return [Decimal(text) if text else None for text in texts]
    return [int(text) if text else None for text in texts]


def _key_problems(schemas: Mapping[str, TableSchema], tables: Mapping[str, _Columns]) -> list[str]:
    """Say which primary keys stand twice and which references lead nowhere, as `table_schemas.key_problems`."""
    problems = []
    for name, columns in tables.items():
        schema = schemas[name]
        keys = _picked(columns, schema.primary_key)
        if len(set(keys)) < len(keys):
            problems.append(f"{name}: a key stands twice")
        for foreign in schema.foreign_keys:
            known = set(_picked(tables.get(foreign.table, {}), foreign.reference_fields))
            for key in _picked(columns, foreign.fields):
                if key not in known and None not in key:
                    problems.append(f"{name}: {', '.join(foreign.fields)} {key!r} is not in {foreign.table}")
                    break
    return problems


def _picked(columns: _Columns, names: Sequence[str]) -> list[tuple[Value, ...]]:
    return list(zip(*(columns[n] for n in names), strict=True)) if all(n in columns for n in names) else []


def _unknown(what: str) -> SchemaError:
    return SchemaError(
        f"{what} is not known to this release.",
        "Update policydeck, or write the edition again with `policydeck run --force`.",
    )
