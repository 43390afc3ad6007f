"""The rows of a table as Parquet, with their types. pyarrow is imported only when a file is written: it is slow."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from pipeline.table_values import DECIMAL_DIGITS, DECIMAL_PLACES

if TYPE_CHECKING:
    import pyarrow as pa

    from pipeline.table_columns import Columns
    from pipeline.table_schemas import TableSchema


KEPT = 256
"""So many tables' layouts are kept: those of some states of the schemas, of which a process needs one."""


def parquet_bytes(schema: TableSchema, table: Columns) -> bytes:
    """Write the table as one Parquet file.

    Texts are UTF-8 strings, integers 64 bits, years 32 bits, numbers decimal(38, 4): never floating point. A column
    with `required` is not nullable; its description is the field's metadata. Neither a time nor a path is written.
    """
    return _written(schema, table) if any(table.values()) else _without_rows(schema)


@lru_cache(maxsize=KEPT)
def _without_rows(schema: TableSchema) -> bytes:
    return _written(schema, {name: [] for name in schema.columns})


def _written(schema: TableSchema, table: Columns) -> bytes:
    import pyarrow as pa
    import pyarrow.parquet as pq

    from pipeline.publishing.arrow_arrays import arrow_array

    layout = _layout(schema)
    columns = [arrow_array(table[field.name], field.type) for field in layout]
    sink = pa.BufferOutputStream()
    pq.write_table(pa.Table.from_arrays(columns, schema=layout), sink, compression="zstd", version="2.6")
    content: bytes = sink.getvalue().to_pybytes()
    return content


@lru_cache(maxsize=KEPT)
def _layout(schema: TableSchema) -> pa.Schema:
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
            for f in schema.fields
        ]
    )
