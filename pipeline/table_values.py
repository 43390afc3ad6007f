"""What a cell of a table may hold, and how it is written as text.

Writing the files of an edition is in `publishing`, reading them back in `editions`; what both must agree on is here. How
whole columns are looked at, which is faster, is in `table_columns`.
"""

from __future__ import annotations

import re
from decimal import Decimal
from typing import TYPE_CHECKING, cast

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from pipeline.model import Row, Value
    from pipeline.table_schemas import TableField, TableSchema

DECIMAL_PLACES = 4
"""How many places after the point a number of a table may have: what its Parquet column, decimal(38, 4), can hold."""

DECIMAL_DIGITS = 38
"""How many digits a number of a table may have in all, the `DECIMAL_PLACES` included."""

LARGEST_INTEGER = 2**63 - 1
"""What an integer column, 64 bits in Parquet, can hold; as much below zero."""

SMALLEST_YEAR, LARGEST_YEAR = 1000, 9999
"""A year is written with four digits."""

_INTEGER = re.compile(r"-?[0-9]+")
_YEAR = re.compile(r"[0-9]{4}")
_NUMBER = re.compile(r"-?[0-9]+(\.[0-9]+)?")


def canonical_row(schema: TableSchema, row: Mapping[str, Value]) -> Row:
    """Give `row` with every column of the table in order; an absent column and an empty text are None.

    Raises ValueError naming table, column and value where the row has an unknown column or lacks a required value, or
    where a value has the wrong type or breaks a constraint: a stage has made a row that it must not make.
    """
    unknown = [name for name in row if name not in schema.by_name]
    if unknown:
        raise ValueError(f"table {schema.name} has no column {unknown[0]!r}: {dict(row)!r}")
    whole: Row = {}
    for column in schema.fields:
        value = row.get(column.name)
        value = None if value == "" else value
        problem = _problem(column, value)
        if problem:
            raise ValueError(f"table {schema.name}, column {column.name}: {problem}: {dict(row)!r}")
        whole[column.name] = value
    return whole


def key_problems(schemas: Mapping[str, TableSchema], tables: Mapping[str, Sequence[Mapping[str, Value]]]) -> list[str]:
    """Give a sentence for every primary key that stands twice and every foreign key whose row is not there."""
    problems = []
    for schema in schemas.values():
        seen: set[tuple[Value, ...]] = set()
        for row in tables.get(schema.name, ()):
            key = tuple(row.get(c) for c in schema.primary_key)
            if key in seen:
                problems.append(f"{schema.name}: the key {_shown(key)} stands twice.")
            seen.add(key)
        for foreign in schema.foreign_keys:
            known = {tuple(r.get(c) for c in foreign.reference_fields) for r in tables.get(foreign.table, ())}
            for row in tables.get(schema.name, ()):
                reference = tuple(row.get(c) for c in foreign.fields)
                if any(v is not None and v != "" for v in reference) and reference not in known:
                    problems.append(
                        f"{schema.name}: {', '.join(foreign.fields)} {_shown(reference)} is not in {foreign.table}."
                    )
    return problems


def cell_text(value: Value) -> str:
    """Write the value as a cell of a CSV file: None is empty, a decimal has no exponent and no trailing zeros."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Decimal):
        return decimal_text(value)
    return str(value)


def cell_value(column: TableField, text: str) -> Value:
    """Read the value that `cell_text` wrote. Raises ValueError where the text is no value of the column's type."""
    if text == "":
        return None
    if column.type == "string":
        return text
    if column.type == "boolean" and text in ("true", "false"):
        return text == "true"
    if column.type == "number" and _NUMBER.fullmatch(text):
        return Decimal(text)
    if (column.type == "integer" and _INTEGER.fullmatch(text)) or (column.type == "year" and _YEAR.fullmatch(text)):
        return int(text)
    raise ValueError(f"column {column.name}: {text!r} is not of type {column.type}")


def decimal_text(value: Decimal) -> str:
    """Write a finite decimal as short as it can be: 4000000, 0.5, -2. Raises ValueError where it is not finite."""
    text = str(value)  # the shortest way, where it needs no exponent
    if text.isdigit():
        return text
    if not value.is_finite():
        raise ValueError(f"{value} is not a finite number")
    if "E" in text:
        text = format(value, "f")
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text in ("-0", "") else text


def _problem(column: TableField, value: Value) -> str | None:
    """Say what is wrong with `value` in `column`; None where nothing is."""
    if value is None:
        return "no value where one is required" if column.required else None
    problem = _type_problem(column, value)
    if problem:
        return problem
    if column.enum and value not in column.enum:
        return f"{value!r} is none of {', '.join(column.enum)}"
    if column.minimum is not None and cast("int", value) < column.minimum:
        return f"{value!r} is less than {column.minimum}"
    if column.pattern is not None and not re.fullmatch(column.pattern, str(value)):
        return f"{value!r} does not match {column.pattern}"
    return None


def _type_problem(column: TableField, value: Value) -> str | None:
    wrong = f"{value!r} is not of type {column.type}"
    if column.type == "string":
        return None if isinstance(value, str) else wrong
    if column.type == "boolean":
        return None if isinstance(value, bool) else wrong
    if column.type in ("integer", "year"):
        if not isinstance(value, int) or isinstance(value, bool):
            return wrong
        largest = LARGEST_YEAR if column.type == "year" else LARGEST_INTEGER
        smallest = SMALLEST_YEAR if column.type == "year" else -LARGEST_INTEGER
        return None if smallest <= value <= largest else f"{value} is out of range"
    if not isinstance(value, Decimal) or not value.is_finite():
        return wrong
    exponent = cast("int", value.as_tuple().exponent)
    lost = value.as_tuple().digits[exponent + DECIMAL_PLACES :] if exponent < -DECIMAL_PLACES else ()
    if any(lost) or (value and value.adjusted() >= DECIMAL_DIGITS - DECIMAL_PLACES):
        return f"{value} does not fit into {DECIMAL_DIGITS} digits with {DECIMAL_PLACES} after the point"
    return None


def _shown(key: Sequence[Value]) -> str:
    return " / ".join(cell_text(v) for v in key)
