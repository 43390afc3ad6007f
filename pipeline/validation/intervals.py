"""Exact arithmetic on intervals of decimal numbers.

The rules are those of XBRL *Calculations 1.1* (recommendation of 2023-02-22): a figure shown to a step s stands for the
closed interval [v - s/2, v + s/2]; a sum's interval is the sum of its parts' intervals, each times its weight; the same
fact stated twice stands for the intersection; two figures agree when their intervals overlap. Two things are added:
ends that are open (of "a part of X" only (0, X] is known) and ends that are infinite (an amount that is missing).

Nothing is rounded: every operation gives the exact result.
"""

from __future__ import annotations

from decimal import MAX_EMAX, MAX_PREC, MIN_EMIN, Context, Decimal, Inexact, InvalidOperation, Overflow
from typing import TYPE_CHECKING

from pipeline.values import value

if TYPE_CHECKING:
    from collections.abc import Iterable

ZERO = Decimal(0)
TWO = Decimal(2)

# As wide as decimal goes, and an error instead of a rounded result: sums and products of decimals always fit.
EXACT = Context(prec=MAX_PREC, Emax=MAX_EMAX, Emin=MIN_EMIN, traps=[Inexact, InvalidOperation, Overflow])

# Halving ends after one more digit; dividing in the context above would ask for all of MAX_PREC.
_HALF = Decimal("0.5")


@value()
class Interval:
    """The numbers from `lower` to `upper`; an end that is None is infinite, one that is open does not belong to it.

    Raises ValueError where it would be empty.
    """

    lower: Decimal | None
    upper: Decimal | None
    lower_open: bool = False
    upper_open: bool = False

    def __post_init__(self) -> None:
        if self.lower is None or self.upper is None:
            return
        if self.lower > self.upper or (self.lower == self.upper and (self.lower_open or self.upper_open)):
            message = f"no number lies between {self.lower} and {self.upper}"
            raise ValueError(message)


NOTHING = Interval(ZERO, ZERO)
"""The sum of no parts."""

UNKNOWN = Interval(ZERO, None)
"""What an amount that is not printed can be: anything from nothing upwards."""


def rounding_interval(value: Decimal, step: Decimal) -> Interval:
    """What a figure rounded to `step` stands for: half a step to both sides, ends included.

    Digits of `value` beyond the step are kept: the interval is centred on the value as reported.
    """
    half = EXACT.multiply(abs(step), _HALF)
    return Interval(EXACT.subtract(value, half), EXACT.add(value, half))


def add(one: Interval, two: Interval) -> Interval:
    """The sums of a number from each."""
    lower = None if one.lower is None or two.lower is None else EXACT.add(one.lower, two.lower)
    upper = None if one.upper is None or two.upper is None else EXACT.add(one.upper, two.upper)
    return Interval(
        lower,
        upper,
        lower is not None and (one.lower_open or two.lower_open),
        upper is not None and (one.upper_open or two.upper_open),
    )


def total(intervals: Iterable[Interval]) -> Interval:
    """The sum of all; of none it is exactly zero."""
    lower: Decimal | None = ZERO
    upper: Decimal | None = ZERO
    lower_open = upper_open = False
    for interval in intervals:
        lower = None if lower is None or interval.lower is None else EXACT.add(lower, interval.lower)
        upper = None if upper is None or interval.upper is None else EXACT.add(upper, interval.upper)
        lower_open |= interval.lower_open
        upper_open |= interval.upper_open
    return Interval(lower, upper, lower is not None and lower_open, upper is not None and upper_open)


def scale(interval: Interval, weight: Decimal | int) -> Interval:
    """Each number times `weight`; a negative weight swaps the ends."""
    factor = Decimal(weight)
    if factor == 0:
        return NOTHING
    lower = None if interval.lower is None else EXACT.multiply(interval.lower, factor)
    upper = None if interval.upper is None else EXACT.multiply(interval.upper, factor)
    if factor > 0:
        return Interval(lower, upper, interval.lower_open, interval.upper_open)
    return Interval(upper, lower, interval.upper_open, interval.lower_open)


def widen(interval: Interval, by: Decimal) -> Interval:
    """With both ends moved outwards by `by`, which is not negative."""
    return Interval(
        None if interval.lower is None else EXACT.subtract(interval.lower, by),
        None if interval.upper is None else EXACT.add(interval.upper, by),
        interval.lower_open,
        interval.upper_open,
    )


def intersect(one: Interval, two: Interval) -> Interval | None:
    """The numbers that are in both, or None where there are none."""
    lower, lower_open = _inner(one.lower, one.lower_open, two.lower, two.lower_open, greater=True)
    upper, upper_open = _inner(one.upper, one.upper_open, two.upper, two.upper_open, greater=False)
    if lower is not None and upper is not None and (lower > upper or (lower == upper and (lower_open or upper_open))):
        return None
    return Interval(lower, upper, lower_open, upper_open)


def intersect_all(intervals: Iterable[Interval]) -> Interval | None:
    """The numbers that are in every one of `intervals` (at least one), or None where there are none."""
    result: Interval | None = Interval(None, None)
    for interval in intervals:
        result = intersect(result, interval) if result is not None else None
    return result


def overlaps(one: Interval, two: Interval) -> bool:
    """Whether some number is in both; a shared closed end is enough."""
    return intersect(one, two) is not None


def contains(interval: Interval, value: Decimal) -> bool:
    """Whether `value` is in it."""
    return overlaps(interval, Interval(value, value))


def depth(one: Interval, two: Interval) -> Decimal | None:
    """The length of the overlap, or, negative, of the gap between them; None where the overlap is infinite."""
    lower, _ = _inner(one.lower, False, two.lower, False, greater=True)
    upper, _ = _inner(one.upper, False, two.upper, False, greater=False)
    return None if lower is None or upper is None else EXACT.subtract(upper, lower)


def _inner(
    one: Decimal | None, one_open: bool, two: Decimal | None, two_open: bool, *, greater: bool
) -> tuple[Decimal | None, bool]:
    """Of two ends on the same side, the one further inside, and whether it is open."""
    if one is None or two is None:
        return (two, two_open) if one is None else (one, one_open)
    if one == two:
        return one, one_open or two_open
    return (one, one_open) if (one > two) == greater else (two, two_open)
