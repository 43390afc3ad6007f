"""Rows as Arrow tables, with their types: for Parquet, and for DuckDB, which takes them without copying.

pyarrow is imported only when a table is made: it is slow.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pipeline.table_schemas import DECIMAL_DIGITS, DECIMAL_PLACES

if TYPE_CHECKING:
    from pipeline.loading.rows import Columns
    from pipeline.table_schemas import TableSchema


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
