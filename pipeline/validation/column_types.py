"""Check kind `types`: every cell has its column's type and keeps its constraints, every amount lies in its bounds.

The contract adds to the table schemas that money has `lower <= value <= upper` (of "a part of X" the value is X).
"""

from __future__ import annotations

import re
from decimal import Decimal
from typing import TYPE_CHECKING

from pipeline.model import Check, Place, Row, Value
from pipeline.validation.figures import FIGURE_KEYS, Tables, row_key
from pipeline.validation.messages import count

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

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
        faults = [place for row in rows for place in _faults(row, schema)]
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


def _faults(row: Row, schema: TableSchema) -> Iterator[Place]:
    key = row_key(row, schema.primary_key)
    for field in schema.fields:
        reason = _wrong(row.get(field.name), field)
        if reason:
            yield Place(schema.name, key, f"{field.name}: {reason}")
    for column in sorted(set(row) - set(schema.columns)):
        yield Place(schema.name, key, f"{column}: a column that the schema does not have")
    if schema.name in FIGURE_KEYS:
        value, lower, upper = row.get("value"), row.get("lower"), row.get("upper")
        above = isinstance(value, Decimal) and isinstance(upper, Decimal) and value > upper
        below = isinstance(value, Decimal) and isinstance(lower, Decimal) and value < lower
        if above or below:
            yield Place(schema.name, key, f"value: {value} is not between the bounds {lower} and {upper}")


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
