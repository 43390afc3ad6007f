"""The exchange rate that two statements of one figure imply, as an interval, in exact arithmetic.

A printed amount stands for a closed interval (XBRL Calculations 1.1), so amounts of a in [a1, a2] and of b in [b1, b2]
for the same figure imply a rate in [a1 / b2, a2 / b1]. Quotients of decimals are fractions, and they stay fractions
until they are shown; what is shown is rounded outwards. No rate is looked up or assumed anywhere.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, Context, Decimal
from fractions import Fraction
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from pipeline.validation.intervals import Interval

SHOWN_DIGITS = 5
"""Significant digits of a rate in words: amounts are seldom printed with more."""
RATE_DIGITS = 12
"""Significant digits of a rate in data; its exact ends follow from the statements."""
_MOST_DIGITS = 40


@dataclass(frozen=True, slots=True)
class RateInterval:
    """The rates from `lower` to `upper`, both included; None is unbounded above. A rate is never below nothing."""

    lower: Fraction
    upper: Fraction | None

    def rounded(self, digits: int = SHOWN_DIGITS) -> tuple[Decimal, Decimal | None]:
        """Both ends rounded outwards to that many significant digits."""
        return (
            _rounded(self.lower, digits, ROUND_FLOOR),
            None if self.upper is None else _rounded(self.upper, digits, ROUND_CEILING),
        )


def implied_rate(amount: Interval, base: Interval) -> RateInterval | None:
    """How many units of `amount`'s currency one unit of `base`'s is worth; None where either is not above nothing.

    An end that is open or infinite widens the rate, it never narrows it.
    """
    if not _can_be_positive(amount) or not _can_be_positive(base):
        return None
    least = Fraction(0) if amount.lower is None else max(Fraction(amount.lower), Fraction(0))
    lower = Fraction(0) if base.upper is None else least / Fraction(base.upper)
    if amount.upper is None or base.lower is None or base.lower <= 0:
        return RateInterval(lower, None)
    return RateInterval(lower, Fraction(amount.upper) / Fraction(base.lower))


def common_rate(rates: Iterable[RateInterval]) -> RateInterval | None:
    """The rates that all of `rates` admit (of none: any), or None where there are none."""
    lower, upper = Fraction(0), None
    for rate in rates:
        lower = max(lower, rate.lower)
        upper = rate.upper if upper is None else upper if rate.upper is None else min(upper, rate.upper)
    return RateInterval(lower, upper) if upper is None or lower <= upper else None


def digits_to_show(rates: Sequence[RateInterval]) -> int:
    """How many digits show what is so: rates that have nothing in common must not seem to, once rounded outwards."""
    if common_rate(rates) is not None:
        return SHOWN_DIGITS
    return next(
        (d for d in range(SHOWN_DIGITS, _MOST_DIGITS) if common_rate(_shown(r, d) for r in rates) is None), _MOST_DIGITS
    )


def relative_width(interval: Interval) -> Fraction | None:
    """How coarse an amount is printed: the interval's length as a share of its middle, None where it has no end."""
    if interval.lower is None or interval.upper is None or interval.lower + interval.upper <= 0:
        return None
    lower, upper = Fraction(interval.lower), Fraction(interval.upper)
    return 2 * (upper - lower) / (upper + lower)


def rate_text(rate: RateInterval, unit: str, digits: int = SHOWN_DIGITS) -> str:
    """For instance `143.69 to 157.48 JPY per USD`, without a unit `143.69 to 157.48`."""
    lower, upper = rate.rounded(digits)
    unit = f" {unit}" if unit else ""
    return f"{lower:,f}{unit} or more" if upper is None else f"{lower:,f} to {upper:,f}{unit}"


def _shown(rate: RateInterval, digits: int) -> RateInterval:
    lower, upper = rate.rounded(digits)
    return RateInterval(Fraction(lower), None if upper is None else Fraction(upper))


def _can_be_positive(interval: Interval) -> bool:
    return interval.upper is None or interval.upper > 0


def _rounded(number: Fraction, digits: int, rounding: str) -> Decimal:
    # Decimal's division is correctly rounded in the direction asked for.
    context = Context(prec=digits, rounding=rounding)
    exact = Context(prec=_MOST_DIGITS + len(str(number.numerator)) + len(str(number.denominator)))
    return context.divide(exact.create_decimal(number.numerator), exact.create_decimal(number.denominator))
