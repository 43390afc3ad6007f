"""Loading editions into a folder of Parquet files: `FOLDER/<deck>/<edition>/<table>.parquet` (see `folders`)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipeline.loading.arrow import arrow_schema, arrow_table
from pipeline.loading.folders import load_files

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from pipeline.loading.edition_groups import Editions
    from pipeline.loading.rows import Columns
    from pipeline.loading.targets import Target
    from pipeline.table_schemas import TableSchema


class _Parquet:
    suffix = ".parquet"

    def content(self, table: TableSchema, columns: Columns) -> bytes:
        """Write the rows with their types, in their order; neither a time nor a path is written."""
        import pyarrow as pa
        import pyarrow.parquet as pq

        sink = pa.BufferOutputStream()
        pq.write_table(arrow_table(table, columns), sink, compression="zstd", version="2.6")
        content: bytes = sink.getvalue().to_pybytes()
        return content

    def difference(self, table: TableSchema, path: Path) -> str:
        """Compare names, types and nullability of the columns."""
        import pyarrow as pa
        import pyarrow.parquet as pq

        try:
            found = pq.read_schema(path)
        except pa.ArrowInvalid:
            return "it is no Parquet file"
        wanted = arrow_schema(table)
        if found.names != wanted.names:
            return f"its columns are {', '.join(found.names)}"
        changed = [f.name for f, w in zip(found, wanted, strict=True) if not f.equals(w)]
        return f"column {changed[0]} is {found.field(changed[0]).type}" if changed else ""


def load(target: Target, tables: Mapping[str, TableSchema], editions: Editions, schema: str | None) -> None:
    """Load `editions` into the folder, one after the other. Raises TargetError, the edition at fault as it was."""
    load_files(target, tables, editions, schema, _Parquet())
