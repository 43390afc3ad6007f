"""Figures as a reviewer reads them: short, and exact to the last digit."""

from __future__ import annotations

from decimal import ROUND_HALF_EVEN, Context, Decimal

from pipeline.table_values import DECIMAL_DIGITS, decimal_text

_EXACT = Context(prec=2 * DECIMAL_DIGITS)
_SCALES = (
    (Decimal(10) ** 12, " trillion"),
    (Decimal(10) ** 9, " billion"),
    (Decimal(10) ** 6, " million"),
    (Decimal(1), ""),
)
_SHARE_STEP = Decimal("0.001")
_MEASURE_STEP = Decimal("0.01")


def short_money(value: Decimal, currency: str = "", like: Decimal | None = None) -> str:
    """Write `value` exactly in the largest of trillion, billion and million that it (or `like`) reaches."""
    size = abs(value if like is None else like)
    factor, name = next((s for s in _SCALES if size >= s[0]), _SCALES[-1])
    number = f"{Decimal(decimal_text(_EXACT.divide(value, factor))):,f}" if value else "0"
    name = name if value else ""
    return f"{currency} {number}{name}".strip()


def short_range(lower: Decimal | None, upper: Decimal | None, currency: str = "") -> str:
    """Write an interval, either end of which may be None: "USD 0.95 billion to 1.05 billion", "USD 2 or more"."""
    if lower is not None and upper is not None:
        if lower == upper:
            return short_money(lower, currency)
        return f"{short_money(lower, currency, upper)} to {short_money(upper)}"
    if lower is not None:
        return f"{short_money(lower, currency)} or more"
    if upper is not None:
        return f"{short_money(upper, currency)} or less"
    return ""


def measure_text(value: Decimal) -> str:
    """Write a measure (a slack, a noise) to two places: "0.79", "-22"."""
    return decimal_text(value.quantize(_MEASURE_STEP, rounding=ROUND_HALF_EVEN, context=_EXACT))


def share(part: Decimal, whole: Decimal) -> float:
    """Give `part` as per cent of `whole`, to draw with: 0 where either is not above zero."""
    if part <= 0 or whole <= 0:
        return 0.0
    ratio = _EXACT.divide(part * 100, whole)
    return float(ratio.quantize(_SHARE_STEP, rounding=ROUND_HALF_EVEN, context=_EXACT))
