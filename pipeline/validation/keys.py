"""Check kind `keys`: every primary key is there once, and every reference finds its row.

A reference of which a column is empty refers to nothing and is right.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from pipeline.model import Check, Place, Row, Value
from pipeline.validation.figures import Tables, row_key
from pipeline.validation.messages import count

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from pipeline.table_schemas import ForeignKey, TableSchema

_SUBJECTS = {"category": "budget_categories", "item": "budget_items", "note": "notes"}


def key_checks(tables: Tables, schemas: Mapping[str, TableSchema]) -> Iterator[Check]:
    """One check for each table that has a schema, in the schemas' order."""
    for table, schema in schemas.items():
        rows = tables.get(table, ())
        faults = [*_repeated(rows, schema)]
        for foreign in schema.foreign_keys:
            faults += _dangling(rows, schema, foreign, tables)
        if table == "budget_amounts":
            faults += _subjects(rows, schema, tables, schemas)
        yield Check(
            check_id=f"keys/{table}",
            kind="keys",
            subject=table,
            verdict="inconsistent" if faults else "consistent",
            message=_message(table, rows, faults),
            suspects=tuple(faults),
        )


def _repeated(rows: Sequence[Row], schema: TableSchema) -> Iterator[Place]:
    columns = [[row.get(column) for row in rows] for column in schema.primary_key]
    keys = list(zip(*columns, strict=True))
    times = Counter(keys)
    if len(times) == len(keys) and not any(None in column for column in columns):
        return
    for row, key in zip(rows, keys, strict=True):
        if None in key:
            yield Place(schema.name, row_key(row, schema.primary_key), "part of the primary key is empty")
        elif key and times[key] > 1:
            yield Place(schema.name, row_key(row, schema.primary_key), f"the primary key stands {times[key]} times")


def _dangling(rows: Sequence[Row], schema: TableSchema, foreign: ForeignKey, tables: Tables) -> Iterator[Place]:
    target = foreign.table or schema.name
    known = {tuple(row.get(c) for c in foreign.reference_fields) for row in tables.get(target, ())}
    for row in rows:
        key = tuple(row.get(c) for c in foreign.fields)
        if None not in key and key not in known:
            reason = f"no row of {target} has the key {_shown(key)}"
            yield Place(schema.name, row_key(row, schema.primary_key), reason)


def _subjects(
    rows: Sequence[Row], schema: TableSchema, tables: Tables, schemas: Mapping[str, TableSchema]
) -> Iterator[Place]:
    """Amounts whose subject is not in the table that its kind names; a Table Schema cannot say that."""
    known = {
        kind: {row.get(schemas[table].primary_key[0]) for row in tables.get(table, ())}
        for kind, table in _SUBJECTS.items()
        if table in schemas
    }
    for row in rows:
        kind = str(row.get("subject_type"))
        if kind in known and row.get("subject_id") not in known[kind]:
            reason = f"no row of {_SUBJECTS[kind]} has the key {row.get('subject_id')}"
            yield Place(schema.name, row_key(row, schema.primary_key), reason)


def _message(table: str, rows: Sequence[Row], faults: Sequence[Place]) -> str:
    if not faults:
        return (
            f"{table}: the keys of {count(len(rows), 'row')} are unique and every reference finds its row: consistent."
        )
    first = faults[0]
    return f"{table}: {count(len(faults), 'row')} with a wrong key, first {first.key} ({first.reason}): inconsistent."


def _shown(key: Sequence[Value]) -> str:
    return "/".join(str(v) for v in key)
