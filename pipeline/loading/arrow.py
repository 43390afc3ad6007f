"""Rows as Arrow tables, with their types: for Parquet, and for DuckDB, which takes them without copying.

pyarrow is imported only when a table is made: it is slow.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pipeline.table_values import DECIMAL_DIGITS, DECIMAL_PLACES

if TYPE_CHECKING:
    from pipeline.loading.rows import Columns
    from pipeline.table_schemas import TableSchema

_BLOCK = 1 << 22
"""Bytes that Arrow parses at once. A longer row it refuses; such an edition is read with care instead."""
_AFTER_ALL_YEARS = 10_000
"""A year has four digits, as in the CSV files."""


def arrow_schema(table: TableSchema) -> Any:
    """Give the Arrow schema of `table`: texts, 64-bit integers, 32-bit years, numbers decimal(38, 4).

    A column that must have a value is not nullable; descriptions stand in the metadata of columns and table.
    """
    import pyarrow as pa

    types = {
        "string": pa.string(),
        "integer": pa.int64(),
        "year": pa.int32(),
        "boolean": pa.bool_(),
        "number": pa.decimal128(DECIMAL_DIGITS, DECIMAL_PLACES),
    }
    return pa.schema(
        [
            pa.field(f.name, types[f.type], nullable=not f.required, metadata={"description": f.description})
            for f in table.fields
        ],
        metadata={"title": table.title, "description": table.description},
    )


def arrow_table(table: TableSchema, columns: Columns) -> Any:
    """Give the cells of `columns`, which are texts, with their types as an Arrow table."""
    import pyarrow as pa

    layout = arrow_schema(table)
    # From texts and not from Python's decimals, which Arrow takes more than ten times as long to read.
    return pa.Table.from_arrays(
        [pa.array(cells, type=pa.string()).cast(f.type) for cells, f in zip(columns, layout, strict=True)],
        schema=layout,
    )


def table_of_lines(table: TableSchema, content: bytes) -> Any:
    """Give rows that are lines of CSV, without a header, as an Arrow table; None where a cell is not of its type.

    An empty cell is no value. Cells that must have a value are not looked for.
    """
    import pyarrow as pa
    from pyarrow import csv

    layout = arrow_schema(table)
    if not content:
        return layout.empty_table()
    try:
        read = csv.read_csv(
            pa.BufferReader(content),
            read_options=csv.ReadOptions(column_names=list(table.columns), block_size=_BLOCK),
            parse_options=csv.ParseOptions(ignore_empty_lines=False),
            convert_options=csv.ConvertOptions(
                column_types={f.name: f.type for f in layout},
                null_values=[""],
                strings_can_be_null=True,
                true_values=["true"],
                false_values=["false"],
            ),
        )
    except pa.ArrowInvalid:
        return None
    return read if all(_are_years(read.column(f.name)) for f in table.fields if f.type == "year") else None


def _are_years(column: Any) -> bool:
    import pyarrow.compute as pc

    ends = pc.min_max(column).as_py()
    return ends["min"] is None or (ends["min"] >= 0 and ends["max"] < _AFTER_ALL_YEARS)
