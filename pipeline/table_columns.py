"""Whole columns held against their schema at once.

Nearly every table fits its schema. That it does is told from a column's values together: which types they have, which
different values there are, which is the least. Only a column that does not fit is gone through cell by cell, by those who
want to say what is wrong with which row.
"""

from __future__ import annotations

import re
from decimal import Decimal
from types import NoneType
from typing import TYPE_CHECKING, cast

from pipeline.table_schemas import (
    DECIMAL_DIGITS,
    DECIMAL_PLACES,
    LARGEST_INTEGER,
    LARGEST_YEAR,
    SMALLEST_YEAR,
    canonical_row,
)

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from pipeline.model import Value
    from pipeline.table_schemas import TableField, TableSchema

_SHORT_NUMBERS = re.compile(rf"(?:-?[0-9]{{1,{DECIMAL_DIGITS - DECIMAL_PLACES}}}(?:\.[0-9]{{1,{DECIMAL_PLACES}}})?,)*")
"""Numbers without an exponent, a comma behind each, that have no more digits than a number of a table may have."""

Columns = dict[str, list["Value"]]
"""A table by the names of its columns, in the schema's order; all columns are equally long."""

_TYPES: Mapping[str, type] = {"string": str, "integer": int, "year": int, "boolean": bool, "number": Decimal}


def canonical_columns(schema: TableSchema, rows: Sequence[Mapping[str, Value]]) -> Columns:
    """The table of `rows`, each as `canonical_row` gives it. Raises ValueError as `canonical_row` of the first wrong row."""
    columns = columns_of(schema, rows)
    if columns is not None:
        for column in schema.fields:
            if column.type == "string" and "" in columns[column.name]:
                columns[column.name] = [value or None for value in columns[column.name]]
        if all(fits(column, columns[column.name]) for column in schema.fields):
            return columns
    whole = [canonical_row(schema, row) for row in rows]
    return {name: [row[name] for row in whole] for name in schema.columns}


def columns_of(schema: TableSchema, rows: Sequence[Mapping[str, Value]]) -> Columns | None:
    """The cells of `rows` by column, those that a row does not have as None; None where the schema lacks a row's column."""
    if rows and all(tuple(row) == schema.columns for row in rows):  # as rows are made
        cells = zip(*[row.values() for row in rows], strict=True)
        return {name: list(values) for name, values in zip(schema.columns, cells, strict=True)}
    names = schema.by_name.keys()
    if not all(row.keys() <= names for row in rows):
        return None
    return {name: [row.get(name) for row in rows] for name in schema.columns}


def fits(column: TableField, values: Sequence[Value]) -> bool:
    """Whether `values` surely satisfy all that the schema says of a column; False where one has to look closer."""
    types = set(map(type, values))
    present: Sequence[Value] = values
    if NoneType in types:
        if column.required:
            return False
        types.discard(NoneType)
        present = [value for value in values if value is not None]
    if not types:
        return True
    if types != {_TYPES[column.type]}:
        return False
    if column.enum or column.pattern is not None:
        different = set(present)
        if column.enum and not different.issubset(column.enum):
            return False
        if column.pattern is not None and not all(re.fullmatch(column.pattern, str(value)) for value in different):
            return False
    return _in_range(column, present)


def _in_range(column: TableField, values: Sequence[Value]) -> bool:
    """Whether values, all of the column's type and at least one, are within its limits."""
    if column.type == "string":
        return "" not in values
    if column.type == "boolean":
        return column.minimum is None
    if column.type == "number":
        numbers = cast("Sequence[Decimal]", values)
        # Taking a decimal apart is slow: those that are written with few digits are told from their digits, all at once.
        written = ",".join(map(str, numbers)) + ","
        if not _SHORT_NUMBERS.fullmatch(written) and not all(map(_fits_decimal, numbers)):
            return False
        return column.minimum is None or min(numbers) >= column.minimum
    integers = cast("Sequence[int]", values)
    smallest, largest = (SMALLEST_YEAR, LARGEST_YEAR) if column.type == "year" else (-LARGEST_INTEGER, LARGEST_INTEGER)
    if column.minimum is not None:
        smallest = max(smallest, column.minimum)
    return smallest <= min(integers) and max(integers) <= largest


def _fits_decimal(value: Decimal) -> bool:
    if not value.is_finite():
        return False
    exponent = value.as_tuple().exponent
    return exponent >= -DECIMAL_PLACES and value.adjusted() < DECIMAL_DIGITS - DECIMAL_PLACES  # type: ignore[operator]
