"""Check kind `types`: every cell has its column's type and keeps its constraints, every amount lies in its bounds.

The contract adds to the table schemas that money has `lower <= value <= upper` (of "a part of X" the value is X).
"""

from __future__ import annotations

import re
from decimal import Decimal
from typing import TYPE_CHECKING

from pipeline.model import Check, Place, Row, Value
from pipeline.table_columns import columns_of, fits
from pipeline.validation.figures import FIGURE_KEYS, Tables, row_key
from pipeline.validation.messages import count

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from pipeline.table_schemas import TableField, TableSchema

_TYPES: Mapping[str, type | tuple[type, ...]] = {
    "string": str,
    "integer": int,
    "year": int,
    "boolean": bool,
    "number": (Decimal, int),
}


def type_checks(tables: Tables, schemas: Mapping[str, TableSchema]) -> Iterator[Check]:
    """One check for each table that has a schema, in the schemas' order."""
    for table, schema in schemas.items():
        rows = tables.get(table, ())
        faults = [] if _all_fit(rows, schema) else [place for row in rows for place in _faults(row, schema)]
        message = f"{table}: {count(len(rows), 'row')} with cells of the right types: consistent."
        if faults:
            first = faults[0]
            number = count(len(faults), "wrong cell")
            message = f"{table}: {number}, first in {first.key} ({first.reason}): inconsistent."
        yield Check(
            check_id=f"types/{table}",
            kind="types",
            subject=table,
            verdict="inconsistent" if faults else "consistent",
            message=message,
            suspects=tuple(faults),
        )


def _all_fit(rows: Sequence[Row], schema: TableSchema) -> bool:
    """Whether nothing is wrong with a table, told from its columns; False where one has to look at every cell."""
    columns = columns_of(schema, rows)
    return (
        columns is not None
        and all(fits(column, columns[column.name]) for column in schema.fields)
        and (schema.name not in FIGURE_KEYS or not any(_outside_bounds(row) for row in rows))
    )


def _faults(row: Row, schema: TableSchema) -> Iterator[Place]:
    key = row_key(row, schema.primary_key)
    for field in schema.fields:
        reason = _wrong(row.get(field.name), field)
        if reason:
            yield Place(schema.name, key, f"{field.name}: {reason}")
    for column in sorted(set(row) - set(schema.columns)):
        yield Place(schema.name, key, f"{column}: a column that the schema does not have")
    if schema.name in FIGURE_KEYS and _outside_bounds(row):
        reason = f"{row.get('value')} is not between the bounds {row.get('lower')} and {row.get('upper')}"
        yield Place(schema.name, key, f"value: {reason}")


def _outside_bounds(row: Row) -> bool:
    value, lower, upper = row.get("value"), row.get("lower"), row.get("upper")
    above = isinstance(value, Decimal) and isinstance(upper, Decimal) and value > upper
    below = isinstance(value, Decimal) and isinstance(lower, Decimal) and value < lower
    return above or below


def _wrong(value: Value, field: TableField) -> str:
    if value is None:
        return "a value is required" if field.required else ""
    # To Python a bool is an int.
    if not isinstance(value, _TYPES[field.type]) or (isinstance(value, bool) and field.type != "boolean"):
        return f"{value!r} is not of type {field.type}"
    if field.enum and value not in field.enum:
        return f"{value!r} is none of {', '.join(field.enum)}"
    if field.pattern is not None and not re.fullmatch(field.pattern, str(value)):
        return f"{value!r} does not have the form {field.pattern}"
    if field.minimum is not None and Decimal(str(value)) < field.minimum:
        return f"{value!r} is less than {field.minimum}"
    return ""
