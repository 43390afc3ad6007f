"""Money in a short form for people: `USD 1.3 billion`, `USD 1.25–1.35 billion`, `around JPY 196.9 billion`.

For messages and reviews; tables hold the decimals themselves.
"""

from __future__ import annotations

from decimal import Decimal, localcontext
from typing import TYPE_CHECKING

from pipeline.language.quantities import exact_context, plain

if TYPE_CHECKING:
    from pipeline.model import Amount

_SCALES = (
    (Decimal(10) ** 12, " trillion"),
    (Decimal(10) ** 9, " billion"),
    (Decimal(10) ** 6, " million"),
    (Decimal(1), ""),
)


def format_money(value: Decimal, currency: str) -> str:
    """`value`, exactly, in the largest of trillion, billion and million that it reaches: `USD 1.3 billion`."""
    factor, name = _scale(value)
    return f"{currency} {_number(value, factor)}{name}"


def format_interval(lower: Decimal, upper: Decimal, currency: str) -> str:
    """Both ends, exactly, in one unit: `USD 1.25–1.35 billion`; one number where they are equal."""
    if lower == upper:
        return format_money(lower, currency)
    factor, name = _scale(max(abs(lower), abs(upper)))
    # A dash in front of a minus sign is hard to read.
    between = " to " if upper < 0 or lower < 0 else "–"
    return f"{currency} {_number(lower, factor)}{between}{_number(upper, factor)}{name}"


def format_amount(amount: Amount) -> str:
    """Return the figure with as many digits as were printed: `USD 4.0 million`, `part of`, `around` in front."""
    factor, name = _scale(amount.value)
    with localcontext(exact_context()):
        step = amount.unit / factor
        number = amount.value / factor
        shown = number.quantize(step) if step < 1 else number
    meaning = "part of " if amount.is_part_of else "around " if amount.is_approximate else ""
    return f"{meaning}{amount.currency} {shown:,f}{name}"


def _scale(value: Decimal) -> tuple[Decimal, str]:
    return next(((factor, name) for factor, name in _SCALES if abs(value) >= factor), _SCALES[-1])


def _number(value: Decimal, factor: Decimal) -> str:
    with localcontext(exact_context()):
        return f"{plain(value / factor):,f}"
