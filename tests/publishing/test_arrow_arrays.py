"""Arrays made of their buffers are those that pyarrow makes, and pandas is not loaded for them."""

from __future__ import annotations

import subprocess
import sys
from decimal import Decimal
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.publishing.arrow_arrays import arrow_array
from pipeline.table_values import DECIMAL_DIGITS, DECIMAL_PLACES

NUMBER = pa.decimal128(DECIMAL_DIGITS, DECIMAL_PLACES)
LARGEST = 10**DECIMAL_DIGITS - 1
VALUES = {
    pa.string(): st.text(st.characters(codec="utf-8")),
    pa.bool_(): st.booleans(),
    pa.int64(): st.integers(-(2**63), 2**63 - 1),
    pa.int32(): st.integers(-(2**31), 2**31 - 1),
    NUMBER: st.builds(
        lambda units, places: Decimal(units).scaleb(-places) if abs(units) < 10**20 else Decimal(f"{units}E-4"),
        st.integers(-LARGEST, LARGEST),
        st.integers(0, DECIMAL_PLACES),
    ),
}


@pytest.mark.parametrize("kind", VALUES, ids=str)
@settings(deadline=None)  # the first asks pyarrow, which loads pandas
@given(data=st.data())
def test_an_array_is_the_one_that_pyarrow_makes(kind: pa.DataType, data: st.DataObject) -> None:
    """Values and gaps of every type of column, none at all included, are as pyarrow.array has them."""
    values: list[Any] = data.draw(st.lists(st.none() | VALUES[kind], max_size=20))
    made = arrow_array(values, kind)
    made.validate(full=True)
    assert made.equals(pa.array(values, type=kind))
    assert made.to_pylist() == values


@pytest.mark.parametrize(
    ("value", "kind"),
    [
        (2**63, pa.int64()),
        (2**31, pa.int32()),
        (Decimal(10 ** (DECIMAL_DIGITS - DECIMAL_PLACES)), NUMBER),
        (Decimal("0.00001"), NUMBER),
        (Decimal(f"1.{'0' * 100}1"), NUMBER),
        (Decimal("NaN"), NUMBER),
        (Decimal("Infinity"), NUMBER),
    ],
)
def test_a_number_that_does_not_fit_is_refused(value: Any, kind: pa.DataType) -> None:
    """A number is never cut to what the type can hold."""
    with pytest.raises((ArithmeticError, ValueError)):
        arrow_array([None, value], kind)


def test_zeros_behind_the_last_place_are_no_digits() -> None:
    """A number whose further places are noughts is that number."""
    assert arrow_array([Decimal("1.500000"), Decimal("1E+3")], NUMBER).to_pylist() == [Decimal("1.5"), Decimal(1000)]


def test_an_edition_is_written_without_pandas() -> None:
    """A process that writes Parquet has not loaded pandas for it."""
    program = (
        "import sys, pyarrow as pa; from pipeline.publishing.arrow_arrays import arrow_array; import pyarrow.parquet as pq; "
        "pq.write_table(pa.table([arrow_array(['a', None], pa.string())], names=['a']), pa.BufferOutputStream()); "
        "assert 'pandas' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", program], check=True)
