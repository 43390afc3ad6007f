"""Editions side by side: `deck` and `edition` in front of every table and every key.

This is what all targets share: the shape that the tables have there, and an edition's rows in that shape. Reading an
edition's files is in `package`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import chain
from operator import itemgetter
from typing import TYPE_CHECKING, Any, TypeVar

from pipeline.errors import DamagedEditionError, SchemaError
from pipeline.loading.package import Package, read_cells
from pipeline.table_schemas import ForeignKey, TableField, TableSchema, in_dependency_order
from pipeline.table_values import DECIMAL_DIGITS, DECIMAL_PLACES

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
AnyRow = TypeVar("AnyRow", bound=tuple[Any, ...])
Cells = tuple[str | None, ...]
"""The cells of one column: a tuple, because the garbage collector does not look into tuples of texts again and again."""

Columns = list[Cells]
_ByName = dict[str, Cells]


def _lines_of(cell: str) -> re.Pattern[str]:
    return re.compile(f"(?:(?:{cell})?\n)*+")


_PATTERNS: Mapping[FieldType, re.Pattern[str]] = {
    "boolean": _lines_of("true|false"),
    "integer": _lines_of("-?[0-9]{1,19}"),
    "year": _lines_of("[0-9]{4}"),
    "number": _lines_of(rf"-?[0-9]{{1,{DECIMAL_DIGITS - DECIMAL_PLACES}}}(?:\.[0-9]{{1,{DECIMAL_PLACES}}})?"),
}
"""A whole column, a cell a line, may be this."""


@dataclass(frozen=True)
class EditionRows:
    """One edition's cells by table, column by column in the order of the table side by side.

    They are the texts of the edition's CSV files, of which it is known that they are of their columns' types; None is
    no value. What takes texts (COPY, Arrow) need not wait for Python to make values of them; `typed_rows` does.
    """

    deck: str
    edition: str
    cells: Mapping[str, Columns]

    def count(self, table: str) -> int:
        """Give the number of rows of a table."""
        return len(self.cells[table][0])


def side_by_side(schemas: Mapping[str, TableSchema]) -> dict[str, TableSchema]:
    """Give the tables as they stand in a target, each after those it refers to.

    `deck` and `edition` are the first columns, the first of the primary key and the first of each foreign key; every
    table but `editions` refers to `editions` as well.
    """
    return {s.name: _with_edition(s, EDITIONS in schemas) for s in in_dependency_order(schemas)}


def read_edition(package: Package, schemas: Mapping[str, TableSchema]) -> EditionRows:
    """Read the extracted edition of `package` as rows for the tables of `side_by_side(schemas)`.

    Each file is compared with its hash in the package. A table or column that an edition of an earlier release lacks
    is empty. Raises DamagedEditionError where a file is missing, has other bytes or does not fit its schema, a key
    stands twice or a referenced row is not there, and SchemaError where the edition has a table or column that the
    schemas do not know.
    """
    path = package.path
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
    return EditionRows(*identity, {name: _in_order(identity, s, columns.get(name, {})) for name, s in schemas.items()})


def columns_of(table: TableSchema, editions: Sequence[EditionRows]) -> Columns:
    """Give the cells of `table` of all `editions`, one after the other."""
    return [tuple(chain.from_iterable(e.cells[table.name][n] for e in editions)) for n in range(len(table.fields))]


def typed_rows(table: TableSchema, editions: Sequence[EditionRows]) -> list[RowTuple]:
    """Give the rows of `table` of all `editions` as values."""
    columns = zip(table.fields, columns_of(table, editions), strict=True)
    return list(zip(*(_typed(f.type, cells) for f, cells in columns), strict=True))


def self_references(table: TableSchema) -> list[ForeignKey]:
    """Give the foreign keys by which rows of `table` refer to rows of the same table."""
    return [k for k in table.foreign_keys if k.table == table.name]


def in_batches(table: TableSchema, rows: Sequence[AnyRow]) -> list[list[AnyRow]]:
    """Split `rows` so that a row that refers to another of the same table comes in a later batch than that one.

    Rows that refer to each other in a circle come together in the last batch.
    """
    keys = self_references(table)
    if not keys:
        return [list(rows)]
    place = {column: n for n, column in enumerate(table.columns)}
    of = [itemgetter(*(place[c] for c in k.fields)) for k in keys]
    to = [itemgetter(*(place[c] for c in k.reference_fields)) for k in keys]
    batches: list[list[AnyRow]] = []
    waiting = list(rows)
    while waiting:
        # What a row still waits for is what waits itself: a row that is nowhere must not hold up the others.
        missing = [set(map(named, waiting)) for named in to]
        ready: list[AnyRow] = []
        later: list[AnyRow] = []
        for row in waiting:
            waits = any(refers(row) in gone for refers, gone in zip(of, missing, strict=True))
            (later if waits else ready).append(row)
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


def _in_order(identity: tuple[str, str], schema: TableSchema, columns: _ByName) -> Columns:
    length = max((len(cells) for cells in columns.values()), default=0)
    own = [columns.get(c, (None,) * length) for c in schema.columns if c not in EDITION_KEY]
    front: Columns = [(value,) * length for value in identity]
    return [*front, *own]


def _columns(path: Path, schema: TableSchema, header: Sequence[str], rows: Sequence[Sequence[str]]) -> _ByName:
    """Give the cells of a table by column. Whole columns at a time: loading is to be near COPY in speed."""
    unknown = [c for c in header if c not in schema.by_name]
    if unknown:
        raise _unknown(f"{path}: the column {unknown[0]} of {schema.name}")
    lacking = [f.name for f in schema.fields if f.required and f.name not in header]
    if lacking and rows:
        raise SchemaError(
            f"{path}: {schema.name} lacks the column {lacking[0]}, which this release requires.",
            "Write the edition again with `policydeck run --force`.",
        )
    if any(len(row) != len(header) for row in rows):
        raise _misfit(path, schema, "rows differ in length")
    columns: _ByName = {}
    for name, texts in zip(header, zip(*rows, strict=True) if rows else [()] * len(header), strict=True):
        column, has_gaps = schema.by_name[name], "" in texts
        pattern = _PATTERNS.get(column.type)
        if pattern and not pattern.fullmatch("\n".join(texts) + "\n"):
            raise _misfit(path, schema, f"a cell of {name} is no {column.type}")
        if column.required and has_gaps:
            raise _misfit(path, schema, f"a cell of {name} is empty")
        columns[name] = tuple([text or None for text in texts]) if has_gaps else texts
    return columns


def _typed(kind: FieldType, cells: Sequence[str | None]) -> Sequence[Value]:
    if kind == "string":
        return cells
    if kind == "boolean":
        return [None if text is None else text == "true" for text in cells]
    if kind == "number":
        return [None if text is None else Decimal(text) for text in cells]
    return [None if text is None else int(text) for text in cells]


def _key_problems(schemas: Mapping[str, TableSchema], tables: Mapping[str, _ByName]) -> list[str]:
    """Say which primary keys stand twice and which references lead nowhere, as `table_values.key_problems`."""
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


def _picked(columns: _ByName, names: Sequence[str]) -> list[tuple[str | None, ...]]:
    return list(zip(*(columns[n] for n in names), strict=True)) if all(n in columns for n in names) else []


def _unknown(what: str) -> SchemaError:
    return SchemaError(
        f"{what} is not known to this release.",
        "Update policydeck, or write the edition again with `policydeck run --force`.",
    )


def _misfit(path: Path, schema: TableSchema, what: str) -> DamagedEditionError:
    return DamagedEditionError(
        f"{path}: {schema.name} does not fit its schema ({what}).", "Write it again with `policydeck run --force`."
    )
