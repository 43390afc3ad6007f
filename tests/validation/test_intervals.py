"""Interval arithmetic is exact and follows the published rules of XBRL Calculations 1.1."""

from __future__ import annotations

from decimal import Decimal, localcontext
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.validation.intervals import (
    NOTHING,
    UNKNOWN,
    Interval,
    add,
    contains,
    depth,
    intersect,
    intersect_all,
    overlaps,
    rounding_interval,
    scale,
    total,
    widen,
)

DECIMALS = st.decimals(
    min_value=Decimal("-1e20"), max_value=Decimal("1e20"), allow_nan=False, allow_infinity=False, places=9
)


@st.composite
def intervals(draw: st.DrawFn) -> Interval:
    """Intervals with any combination of closed, open and infinite ends."""
    one, two = sorted([draw(DECIMALS), draw(DECIMALS)])
    lower = draw(st.sampled_from([one, None]))
    upper = draw(st.sampled_from([two, None]))
    open_allowed = one < two
    return Interval(lower, upper, open_allowed and draw(st.booleans()), open_allowed and draw(st.booleans()))


def holds(interval: Interval, number: Fraction) -> bool:
    """Whether a rational number is in it: the reference that the decimals are compared with."""
    if interval.lower is not None:
        lower = Fraction(interval.lower)
        if number < lower or (number == lower and interval.lower_open):
            return False
    if interval.upper is not None:
        upper = Fraction(interval.upper)
        if number > upper or (number == upper and interval.upper_open):
            return False
    return True


def end(value: Decimal | None) -> Fraction | None:
    """An end as an exact fraction."""
    return None if value is None else Fraction(value)


@given(intervals(), intervals())
def test_sum_of_intervals_has_exactly_the_sums_of_their_ends(one: Interval, two: Interval) -> None:
    """Each end of a sum is the exact rational sum of the ends, infinite if one is, open if one is."""
    result = add(one, two)
    for side in ("lower", "upper"):
        ends = end(getattr(one, side)), end(getattr(two, side))
        expected = None if None in ends else ends[0] + ends[1]  # type: ignore[operator]
        assert end(getattr(result, side)) == expected
        opened = getattr(one, f"{side}_open") or getattr(two, f"{side}_open")
        assert getattr(result, f"{side}_open") == (opened and expected is not None)


@given(intervals(), DECIMALS, st.integers(-5, 5))
def test_scaled_interval_holds_exactly_the_scaled_numbers(interval: Interval, number: Decimal, weight: int) -> None:
    """A number is in an interval just when the number times the weight is in the interval times the weight."""
    if weight:
        scaled = scale(interval, weight)
        assert holds(scaled, Fraction(number) * weight) == holds(interval, Fraction(number))
    else:
        assert scale(interval, weight) == NOTHING


@given(intervals(), intervals(), DECIMALS)
def test_intersection_holds_exactly_what_both_hold(one: Interval, two: Interval, number: Decimal) -> None:
    """A number is in the intersection just when it is in both; with none in common there is no intersection."""
    common = intersect(one, two)
    both = holds(one, Fraction(number)) and holds(two, Fraction(number))
    assert both == (common is not None and holds(common, Fraction(number)))
    assert overlaps(one, two) == (common is not None)
    assert contains(one, number) == holds(one, Fraction(number))


@given(intervals(), intervals())
def test_intervals_overlap_in_either_order_and_are_apart_when_the_gap_is_positive(one: Interval, two: Interval) -> None:
    """Overlap does not depend on the order; a negative depth is the exact gap between intervals that are apart."""
    assert overlaps(one, two) == overlaps(two, one)
    length = depth(one, two)
    if length is not None and length < 0:
        assert not overlaps(one, two)
    if length is None or length > 0:
        assert overlaps(one, two)
    if length is not None:
        uppers = [Fraction(i.upper) for i in (one, two) if i.upper is not None]
        lowers = [Fraction(i.lower) for i in (one, two) if i.lower is not None]
        assert Fraction(length) == min(uppers) - max(lowers)


@given(DECIMALS, st.integers(-9, 15))
def test_rounding_interval_is_half_a_step_to_both_sides(value: Decimal, exponent: int) -> None:
    """Calculations 1.1, rounding: v to d decimals stands for the closed interval v ± ½·10⁻ᵈ, exactly."""
    interval = rounding_interval(value, Decimal(1).scaleb(exponent))
    half = Fraction(10) ** exponent / 2
    assert interval.lower is not None
    assert interval.upper is not None
    assert Fraction(interval.lower) == Fraction(value) - half
    assert Fraction(interval.upper) == Fraction(value) + half
    assert not interval.lower_open
    assert not interval.upper_open


def test_arithmetic_does_not_depend_on_the_precision_around_it() -> None:
    """A caller's decimal context of three digits rounds nothing."""
    one = Interval(Decimal("123456789.123"), Decimal("223456789.123"))
    with localcontext() as context:
        context.prec = 3
        assert total([one, one]) == Interval(Decimal("246913578.246"), Decimal("446913578.246"))


@given(st.lists(intervals(), max_size=5))
def test_a_total_is_what_adding_one_by_one_gives(parts: list[Interval]) -> None:
    """Ends that are open or infinite stay so, whichever part has them."""
    one_by_one = NOTHING
    for part in parts:
        one_by_one = add(one_by_one, part)
    assert total(parts) == one_by_one


def test_rule_of_overlap_closed_ends_that_touch_agree() -> None:
    """Calculations 1.1, overlap: 1.2 and 1.3 to one digit share 1.25 and are consistent; 1.2 and 1.4 are not."""
    tenth = Decimal("0.1")
    figures = {v: rounding_interval(Decimal(v), tenth) for v in ("1.2", "1.3", "1.4")}
    assert overlaps(figures["1.2"], figures["1.3"])
    assert not overlaps(figures["1.2"], figures["1.4"])


def test_rule_of_duplicates_the_same_fact_twice_stands_for_the_intersection() -> None:
    """Calculations 1.1, duplicates: 1.3 (one digit) and 1.34 (two) mean [1.335, 1.345]; 1.3 and 1.36 mean nothing."""
    coarse = rounding_interval(Decimal("1.3"), Decimal("0.1"))
    fine = rounding_interval(Decimal("1.34"), Decimal("0.01"))
    other = rounding_interval(Decimal("1.36"), Decimal("0.01"))
    assert intersect_all([coarse, fine]) == Interval(Decimal("1.335"), Decimal("1.345"))
    assert intersect_all([coarse, other]) is None


def test_rule_of_negative_weights_the_ends_change_places() -> None:
    """Calculations 1.1, weights: [2, 3] with weight -1 is [-3, -2], and (0, 5] becomes [-5, 0)."""
    assert scale(Interval(Decimal(2), Decimal(3)), -1) == Interval(Decimal(-3), Decimal(-2))
    part = Interval(Decimal(0), Decimal(5), lower_open=True)
    assert scale(part, -1) == Interval(Decimal(-5), Decimal(0), upper_open=True)


def test_rule_of_excess_digits_are_kept() -> None:
    """Digits beyond the stated accuracy are not rounded away: 1234 to the hundred is [1184, 1284], not [1150, 1250]."""
    assert rounding_interval(Decimal(1234), Decimal(100)) == Interval(Decimal(1184), Decimal(1284))


def test_part_of_an_amount_is_more_than_nothing() -> None:
    """(0, X] does not meet an exact zero, while an unknown amount does."""
    part = Interval(Decimal(0), Decimal(5), lower_open=True)
    assert not overlaps(part, NOTHING)
    assert overlaps(UNKNOWN, NOTHING)


def test_empty_interval_is_refused() -> None:
    """An interval that no number is in cannot be made."""
    with pytest.raises(ValueError, match="no number"):
        Interval(Decimal(2), Decimal(1))
    with pytest.raises(ValueError, match="no number"):
        Interval(Decimal(1), Decimal(1), lower_open=True)


@given(intervals(), st.decimals(min_value=0, max_value=10**9, places=3))
def test_widened_interval_holds_the_interval(interval: Interval, by: Decimal) -> None:
    """Widening by a length moves both ends outwards by exactly that length."""
    wide = widen(interval, by)
    for side, sign in (("lower", -1), ("upper", 1)):
        before, after = end(getattr(interval, side)), end(getattr(wide, side))
        assert after == (None if before is None else before + sign * Fraction(by))
