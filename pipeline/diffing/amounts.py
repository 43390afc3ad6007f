"""Amounts compared as what they are: intervals that rounding leaves, of one budget and one fiscal year.

A printed figure stands for the closed interval that rounding to its last digit leaves (XBRL Calculations 1.1), "a part
of X" for (0, upper of X]. So "1.2 billion" and "1,180 million" need not differ, and growth is a range.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from pipeline.model import Value

State = Literal["same", "restated", "changed", "now part of", "no longer part of", "appeared", "disappeared"]

_GROWTH_STEP = Decimal("0.0001")


@dataclass(frozen=True, slots=True)
class Interval:
    """A closed interval of money, in units of its currency. None is unbounded on that side."""

    lower: Decimal | None
    upper: Decimal | None

    def __add__(self, other: Interval) -> Interval:
        return Interval(_sum(self.lower, other.lower), _sum(self.upper, other.upper))

    def __neg__(self) -> Interval:
        return Interval(
            None if self.upper is None else Decimal(0) - self.upper,
            None if self.lower is None else Decimal(0) - self.lower,
        )

    def __sub__(self, other: Interval) -> Interval:
        return self + -other

    def overlaps(self, other: Interval) -> bool:
        """Whether some value lies in both."""
        return _at_most(self.lower, other.upper) and _at_most(other.lower, self.upper)


NOTHING = Interval(Decimal(0), Decimal(0))


def total(intervals: Iterable[Interval]) -> Interval:
    """The sum of `intervals`; of none, exactly nothing."""
    result = NOTHING
    for interval in intervals:
        result = result + interval
    return result


def _sum(one: Decimal | None, two: Decimal | None) -> Decimal | None:
    return None if one is None or two is None else one + two


def _at_most(lower: Decimal | None, upper: Decimal | None) -> bool:
    return lower is None or upper is None or lower <= upper


@dataclass(frozen=True, slots=True)
class Figure:
    """One amount as an edition states it. `interval` is what it admits; `unit` one step of its last printed digit.

    `unit` is 0 for an exact figure and None where the row does not tell. Of "a part of X", `value` is X.
    """

    value: Decimal
    interval: Interval
    unit: Decimal | None
    currency: str
    fiscal_year: int | None
    budget: str
    stage: str
    is_part_of: bool
    is_approximate: bool
    printed: str
    label: str = ""
    shared_as: str = ""

    @property
    def rounding(self) -> Interval:
        """What rounding leaves of the printed value, whether or not the amount is only a part of it."""
        half = self.unit / 2 if self.unit is not None else Decimal(0)
        return Interval(self.value - half, self.value + half) if self.is_part_of else self.interval


def figure_of(row: Mapping[str, Value], label: str = "") -> Figure | None:
    """The figure that a row of amounts, stated figures or a trend states; None where it has no value."""
    value = row.get("value")
    if not isinstance(value, Decimal | int) or isinstance(value, bool):
        return None
    value = Decimal(value)
    lower, upper = _decimal(row.get("lower")), _decimal(row.get("upper"))
    half = upper - value if upper is not None else value - lower if lower is not None else None
    year = row.get("fiscal_year")
    return Figure(
        value=value,
        interval=Interval(lower, upper),
        unit=2 * half if half is not None and half >= 0 else None,
        currency=_text(row.get("currency")),
        fiscal_year=year if isinstance(year, int) else None,
        budget=_text(row.get("budget")),
        stage=_text(row.get("stage")),
        is_part_of=row.get("is_part_of") is True,
        is_approximate=row.get("is_approximate") is True,
        printed=_text(row.get("printed")),
        label=label,
        shared_as=_text(row.get("shared_amount_id")),
    )


def _decimal(value: Value) -> Decimal | None:
    return Decimal(value) if isinstance(value, Decimal | int) else None


def _text(value: Value) -> str:
    return "" if value is None else str(value)


@dataclass(frozen=True, slots=True)
class Comparison:
    """How two figures of one budget stand to each other.

    `growth` is the range of new / old - 1 that the rounding leaves, rounded outwards to four decimals; None where one
    is missing, only a part is known, the currencies differ, or the old one is not known to be above nothing.
    """

    state: State
    old: Figure | None
    new: Figure | None
    growth: Interval | None = None

    @property
    def same_year(self) -> bool:
        """Whether both speak of one fiscal year, so that a difference is a revision and no growth of the budget."""
        return (
            self.old is not None
            and self.new is not None
            and self.old.fiscal_year is not None
            and self.old.fiscal_year == self.new.fiscal_year
        )


def compare(old: Figure | None, new: Figure | None) -> Comparison:
    """Compare what two editions state. Raises ValueError where neither states anything.

    `restated` is the same money printed with another number of digits: the roundings overlap and their steps differ.
    `changed` is another printed value at the same step, or values that no rounding reconciles.
    """
    if old is None and new is None:
        message = "there is nothing to compare"
        raise ValueError(message)
    if old is None:
        return Comparison("appeared", old, new)
    if new is None:
        return Comparison("disappeared", old, new)
    state = _state(old, new)
    return Comparison(state, old, new, None if state == "same" else _growth(old, new))


def _state(old: Figure, new: Figure) -> State:
    if old.is_part_of != new.is_part_of:
        return "now part of" if new.is_part_of else "no longer part of"
    if old.currency != new.currency:
        return "changed"
    if old.value == new.value and old.interval == new.interval:
        return "same"
    if old.unit != new.unit and old.rounding.overlaps(new.rounding):
        return "restated"
    return "changed"


def _growth(old: Figure, new: Figure) -> Interval | None:
    if old.is_part_of or new.is_part_of or old.currency != new.currency:
        return None
    before, after = old.interval, new.interval
    if before.lower is None or before.lower <= 0 or after.lower is None or after.lower < 0:
        return None
    lower = None if before.upper is None else after.lower / before.upper - 1
    upper = None if after.upper is None else after.upper / before.lower - 1
    return Interval(
        None if lower is None else lower.quantize(_GROWTH_STEP, ROUND_FLOOR),
        None if upper is None else upper.quantize(_GROWTH_STEP, ROUND_CEILING),
    )
