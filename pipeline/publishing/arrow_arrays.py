"""Columns of a table as Arrow arrays.

`pyarrow.array` asks of every list whether it is one of pandas's, and loads pandas to find out: a third of a second and 50 MB.
So arrays are made here of their buffers, as the format lays them out
(https://arrow.apache.org/docs/format/Columnar.html).
"""

from __future__ import annotations

from array import array
from decimal import Context, Decimal, Inexact, InvalidOperation
from itertools import accumulate
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa

from pipeline.table_values import DECIMAL_DIGITS, DECIMAL_PLACES

if TYPE_CHECKING:
    from collections.abc import Sequence

_INT, _DECIMAL_BYTES = 4, 16
_ZERO = Decimal(0)
_EXACT = Context(prec=2 * DECIMAL_DIGITS, traps=[Inexact, InvalidOperation])
"""Moves the point of every number that fits, and raises where a digit would be lost."""


def arrow_array(values: Sequence[Any], kind: pa.DataType) -> pa.Array:
    """The values, None for none, as an array of one of the types that tables have.

    Raises ArithmeticError or ValueError where a number is too large for the type, is not finite or has more places.
    """
    gaps = _bits([value is not None for value in values]) if None in values else None
    if pa.types.is_string(kind):
        texts = [b"" if value is None else value.encode() for value in values]
        ends = array("i", accumulate(map(len, texts), initial=0))
        buffers = [gaps, pa.py_buffer(ends), pa.py_buffer(b"".join(texts))]
    elif pa.types.is_boolean(kind):
        buffers = [gaps, _bits([value is True for value in values])]
    elif pa.types.is_decimal(kind):
        buffers = [gaps, _decimals(values)]
    else:
        numbers = array("i" if kind.byte_width == _INT else "q", [value or 0 for value in values])
        buffers = [gaps, pa.py_buffer(numbers)]
    return pa.Array.from_buffers(kind, len(values), buffers)


def _bits(truths: Sequence[bool]) -> pa.Buffer:
    return pa.py_buffer(np.packbits(np.array(truths, np.bool_), bitorder="little"))


def _decimals(values: Sequence[Decimal | None]) -> pa.Buffer:
    """Numbers of units of the last place, each as the two's complement of its digits."""
    shifted = [_ZERO if value is None else _EXACT.scaleb(value, DECIMAL_PLACES) for value in values]
    units = list(map(int, shifted))
    if units != shifted:
        raise ValueError(f"a number has more than {DECIMAL_PLACES} places")
    if units and max(max(units), -min(units)) >= 10**DECIMAL_DIGITS:
        raise OverflowError(f"a number has more than {DECIMAL_DIGITS - DECIMAL_PLACES} digits before the point")
    return pa.py_buffer(b"".join([number.to_bytes(_DECIMAL_BYTES, "little", signed=True) for number in units]))
