"""Columns looked at as wholes say what rows looked at one by one say."""

from __future__ import annotations

import io
from decimal import Decimal
from typing import TYPE_CHECKING

import pyarrow.parquet as pq
from hypothesis import example, given
from hypothesis import strategies as st

from pipeline.publishing.parquet import parquet_bytes
from pipeline.table_columns import canonical_columns
from pipeline.table_schemas import TableField, TableSchema
from pipeline.table_values import canonical_row

if TYPE_CHECKING:
    from pipeline.model import Row

SCHEMA = TableSchema(
    "harbours",
    "Harbours",
    "",
    (
        TableField("key", "string", "Key", "", required=True, pattern="[a-z]+"),
        TableField("kind", "string", "Kind", "", enum=("pier", "quay")),
        TableField("opened", "year", "Opened", ""),
        TableField("berths", "integer", "Berths", "", minimum=0),
        TableField("cost", "number", "Cost", ""),
        TableField("is_open", "boolean", "Is open", ""),
    ),
    ("key",),
)

NUMBERS = st.one_of(
    st.decimals(allow_nan=True, allow_infinity=True),
    st.decimals(min_value=-1000, max_value=1000, places=6),
    # Zeros behind the last place that a table keeps are nothing lost.
    st.decimals(min_value=-1000, max_value=1000, places=4).map(lambda d: d.quantize(Decimal("0.0000001"))),
)
CELLS = {
    "key": st.sampled_from(["a", "bc", "B", "", None]),
    "kind": st.sampled_from(["pier", "quay", "mole", "", None]),
    "opened": st.sampled_from([1000, 3025, 999, True, None]),
    "berths": st.sampled_from([0, 7, -1, 2**63, None]),
    "cost": st.one_of(NUMBERS, st.none(), st.just(1)),
    "is_open": st.sampled_from([True, False, 1, None]),
}
ROWS = st.lists(st.one_of(st.fixed_dictionaries(CELLS), st.fixed_dictionaries({}, optional=CELLS)), max_size=4)


@given(ROWS)
@example([{"key": "a", "cost": Decimal("1.50000")}])
@example([{"key": "a", "cost": Decimal("1.00001")}])
def test_columns_say_what_rows_say(rows: list[Row]) -> None:
    """The same cells where every row fits, and the same complaint where one does not."""
    expected: list[Row] | str
    found: list[Row] | str
    try:
        expected = [canonical_row(SCHEMA, row) for row in rows]
    except ValueError as error:
        expected = str(error)
    try:
        columns = canonical_columns(SCHEMA, rows)
        found = [dict(zip(columns, cells, strict=True)) for cells in zip(*columns.values(), strict=True)]
    except ValueError as error:
        found = str(error)
    assert found == expected


def test_tables_without_rows_tell_their_own_schemas_apart() -> None:
    """What is kept of a schema is not given for another one, though they differ in no more than a description."""
    other = TableSchema(
        *(SCHEMA.name, SCHEMA.title, SCHEMA.description),
        (TableField("key", "string", "Key", "another", required=True, pattern="[a-z]+"), *SCHEMA.fields[1:]),
        SCHEMA.primary_key,
    )
    empty = {name: [] for name in SCHEMA.columns}
    for schema, description in ((SCHEMA, b""), (other, b"another"), (SCHEMA, b"")):
        read = pq.read_table(io.BytesIO(parquet_bytes(schema, empty)))
        assert read.num_rows == 0
        assert read.schema.field("key").metadata[b"description"] == description
