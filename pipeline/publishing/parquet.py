"""The rows of a table as Parquet, with their types. pyarrow is imported only when a file is written: it is slow."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipeline.table_schemas import DECIMAL_DIGITS, DECIMAL_PLACES

if TYPE_CHECKING:
    from pipeline.table_columns import Columns
    from pipeline.table_schemas import TableSchema


def parquet_bytes(schema: TableSchema, table: Columns) -> bytes:
    """Write the table as one Parquet file.

    Texts are UTF-8 strings, integers 64 bits, years 32 bits, numbers decimal(38, 4): never floating point. A column
    with `required` is not nullable; its description is the field's metadata. Neither a time nor a path is written.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    types = {
        "string": pa.string(),
        "integer": pa.int64(),
        "year": pa.int32(),
        "boolean": pa.bool_(),
        "number": pa.decimal128(DECIMAL_DIGITS, DECIMAL_PLACES),
    }
    layout = pa.schema(
        [
            pa.field(f.name, types[f.type], nullable=not f.required, metadata={"description": f.description})
            for f in schema.fields
        ]
    )
    columns = [pa.array(table[f.name], type=types[f.type]) for f in schema.fields]
    sink = pa.BufferOutputStream()
    pq.write_table(pa.Table.from_arrays(columns, schema=layout), sink, compression="zstd", version="2.6")
    content: bytes = sink.getvalue().to_pybytes()
    return content
