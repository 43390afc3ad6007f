"""The exchange rate that two amounts imply, against exact rational arithmetic."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.cross_edition.rates import (
    SHOWN_DIGITS,
    RateInterval,
    common_rate,
    digits_to_show,
    implied_rate,
    rate_text,
    relative_width,
)
from pipeline.validation.intervals import Interval, rounding_interval

positive = st.decimals("0.001", "9999999999999", allow_nan=False, allow_infinity=False, places=3)
shares = st.fractions(0, 1)


@st.composite
def amounts(draw: st.DrawFn) -> Interval:
    """What a printed amount above nothing stands for."""
    ends = sorted((draw(positive), draw(positive)))
    return Interval(ends[0], ends[1])


rates = st.builds(implied_rate, amounts(), amounts()).map(
    lambda rate: rate or pytest.fail("a rate of positive amounts")
)


def inside(interval: Interval, share: Fraction) -> Fraction:
    """A number of the interval, `share` of the way from its lower to its upper end."""
    assert interval.lower is not None
    assert interval.upper is not None
    lower = Fraction(interval.lower)
    return lower + share * (Fraction(interval.upper) - lower)


@given(amounts(), amounts(), shares, shares)
def test_a_rate_holds_for_whatever_the_true_amounts_are(
    amount: Interval, base: Interval, one: Fraction, two: Fraction
) -> None:
    """Each true amount over each true base lies in the implied interval, exactly."""
    rate = implied_rate(amount, base)
    assert rate is not None
    assert rate.upper is not None
    assert rate.lower <= inside(amount, one) / inside(base, two) <= rate.upper


@given(amounts(), amounts())
def test_a_rate_says_no_less_than_the_amounts_do(amount: Interval, base: Interval) -> None:
    """Its ends are themselves quotients of true amounts, and the rate the other way round is the inverse."""
    rate, inverse = implied_rate(amount, base), implied_rate(base, amount)
    assert rate is not None
    assert inverse is not None
    assert rate == RateInterval(
        inside(amount, Fraction(0)) / inside(base, Fraction(1)), inside(amount, Fraction(1)) / inside(base, Fraction(0))
    )
    assert rate.upper is not None
    assert inverse == RateInterval(1 / rate.upper, 1 / rate.lower)


@given(
    st.fractions(Fraction(1, 1000), 1000, max_denominator=10**6),
    st.lists(st.tuples(positive, st.sampled_from(["0.01", "1", "1000"])), min_size=1, max_size=6),
)
def test_amounts_exchanged_at_one_rate_have_it_in_common(true_rate: Fraction, bases: list[tuple[Decimal, str]]) -> None:
    """Whatever the rounding of either side, amounts that were exchanged at one rate admit that very rate."""
    implied = []
    for value, step in bases:
        exchanged = Fraction(value) * true_rate
        printed = Decimal(round(exchanged / Fraction(step))) * Decimal(step)
        rate = implied_rate(rounding_interval(printed, Decimal(step)), Interval(value, value))
        assert rate is not None
        implied.append(rate)
    common = common_rate(implied)
    assert common is not None
    assert common.upper is not None
    assert common.lower <= true_rate <= common.upper


@given(rates, st.integers(1, 15))
def test_a_rate_is_shown_rounded_outwards_and_by_less_than_a_digit(rate: RateInterval, digits: int) -> None:
    """What is shown contains the rate, and each end is nearer to it than one step of the last digit."""
    lower, upper = rate.rounded(digits)
    assert upper is not None
    assert rate.upper is not None
    for end, shown in ((rate.lower, lower), (rate.upper, upper)):
        step = Fraction(10) ** (shown.adjusted() - digits + 1)
        assert abs(Fraction(shown) - end) < step
    assert Fraction(lower) <= rate.lower
    assert rate.upper <= Fraction(upper)


@given(st.lists(rates, min_size=2, max_size=4))
def test_rates_without_a_common_one_are_not_shown_as_if_they_had(found: list[RateInterval]) -> None:
    """Rounding outwards never hides a contradiction from the reader."""
    digits = digits_to_show(found)
    shown = [RateInterval(*(Fraction(end) for end in rate.rounded(digits) if end is not None)) for rate in found]
    assert (common_rate(shown) is None) == (common_rate(found) is None)


def test_a_narrow_gap_takes_more_digits() -> None:
    """145.0001 and 145.0002 differ, and are shown so."""
    near = [RateInterval(Fraction(145), Fraction("145.0001")), RateInterval(Fraction("145.0002"), Fraction(146))]
    assert common_rate(near) is None
    assert digits_to_show(near) == 7
    assert digits_to_show(near[:1]) == SHOWN_DIGITS


def test_the_rates_of_the_official_slides() -> None:
    """1,969 億円 to USD 1.3 billion is 145.8 to 157.6 yen a dollar, 1,653 億円 to USD 1.1 billion 143.7 to 157.5."""
    tenth = Decimal("0.1")
    for yen, dollars, expected in (("1969", "1.3", ("145.8", "157.6")), ("1653", "1.1", ("143.7", "157.5"))):
        rate = implied_rate(
            rounding_interval(Decimal(yen) * 10**8, Decimal(10**8)),
            rounding_interval(Decimal(dollars) * 10**9, Decimal(10**8)),
        )
        assert rate is not None
        assert rate.upper is not None
        ends = [Decimal(end.numerator) / Decimal(end.denominator) for end in (rate.lower, rate.upper)]
        assert tuple(str(end.quantize(tenth)) for end in ends) == expected
    assert rate_text(rate, "JPY per USD") == "143.69 to 157.48 JPY per USD", "outwards, to five digits"


@pytest.mark.parametrize(
    ("amount", "base", "expected"),
    [
        (Interval(Decimal(1), None), Interval(Decimal(2), Decimal(4)), RateInterval(Fraction(1, 4), None)),
        (Interval(None, Decimal(3)), Interval(Decimal(2), Decimal(4)), RateInterval(Fraction(0), Fraction(3, 2))),
        (Interval(Decimal(1), Decimal(2)), Interval(Decimal(1), None), RateInterval(Fraction(0), Fraction(2))),
        (Interval(Decimal(1), Decimal(2)), Interval(Decimal(0), Decimal(4)), RateInterval(Fraction(1, 4), None)),
        (Interval(Decimal(-3), Decimal(-1)), Interval(Decimal(1), Decimal(2)), None),
        (Interval(Decimal(1), Decimal(2)), Interval(Decimal(0), Decimal(0)), None),
    ],
)
def test_an_end_that_is_not_known_leaves_the_rate_open(
    amount: Interval, base: Interval, expected: RateInterval | None
) -> None:
    """An amount of "over 1" bounds a rate from below only; nothing, or less, implies no rate."""
    assert implied_rate(amount, base) == expected


def test_how_coarse_an_amount_is_printed() -> None:
    """1.1 billion leaves a tenth of 1.1 open, 1,653 a sixteen-hundredth; what has no end cannot be told."""
    assert relative_width(rounding_interval(Decimal("1.1"), Decimal("0.1"))) == Fraction(1, 11)
    assert relative_width(rounding_interval(Decimal(1653), Decimal(1))) == Fraction(1, 1653)
    assert relative_width(Interval(Decimal(1), None)) is None
