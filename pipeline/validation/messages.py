"""Numbers and verdicts in words, for people who publish figures.

Money is shown on the scale that the stated figure was printed on, with the digits that were printed: 1.3 billion stays
1.3 billion, and what its parts add up to is shown beside it in billions, all digits kept.
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from pipeline.validation.intervals import EXACT, Interval

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pipeline.model import Value

_SCALES = (
    (Decimal(1), ""),
    (Decimal(10) ** 3, " thousand"),
    (Decimal(10) ** 6, " million"),
    (Decimal(10) ** 9, " billion"),
    (Decimal(10) ** 12, " trillion"),
)


def scale_of(step: Decimal | None) -> Decimal:
    """The power of a thousand that a figure with last digit worth `step` was printed in: 0.1 billion is in billions."""
    if step is None or step <= 1:
        return _SCALES[0][0]
    return next((scale for scale, _ in _SCALES if scale >= step), _SCALES[-1][0])


def scale_for(value: Decimal) -> Decimal:
    """The largest power of a thousand that is not above `value`, for a number without a printed form."""
    return next((scale for scale, _ in reversed(_SCALES) if abs(value) >= scale), _SCALES[0][0])


def format_number(value: Decimal, scale: Decimal = Decimal(1), step: Decimal | None = None) -> str:
    """`value` in units of `scale`, exact, with thousands separators.

    With `step`, digits are shown down to it, so that 4.0 million keeps its zero.
    """
    exponent = scale.adjusted()
    shown = EXACT.scaleb(value, -exponent)
    shown = shown.normalize(EXACT)
    digits = max(0, -int(shown.as_tuple().exponent))
    if step is not None and step > 0:
        digits = max(digits, exponent - step.normalize(EXACT).adjusted())
    return f"{shown:,.{max(0, digits)}f}"


def format_money(value: Decimal, currency: str, scale: Decimal = Decimal(1), step: Decimal | None = None) -> str:
    """For instance `USD 1.3 billion` for 1,300,000,000 on the scale of billions."""
    name = next(name for size, name in _SCALES if size == scale)
    return f"{currency} {format_number(value, scale, step)}{name}"


def format_interval(interval: Interval, scale: Decimal = Decimal(1)) -> str:
    """For instance `1.25 to 1.35`, `above 0 to 2.05`, `576 or more`, `6 or less`."""
    lower, upper = interval.lower, interval.upper
    if lower is None:
        if upper is None:
            return "anything"
        number = format_number(upper, scale)
        return f"less than {number}" if interval.upper_open else f"{number} or less"
    if upper is None:
        number = format_number(lower, scale)
        return f"more than {number}" if interval.lower_open else f"{number} or more"
    if lower == upper:
        return f"exactly {format_number(lower, scale)}"
    above = "above " if interval.lower_open else ""
    below = "below " if interval.upper_open else ""
    return f"{above}{format_number(lower, scale)} to {below}{format_number(upper, scale)}"


def budget_name(fiscal_year: Value, budget: Value) -> str:
    """For instance `FY2025 initial`."""
    year = f"FY{fiscal_year}" if fiscal_year is not None else "year not stated"
    return f"{year} {budget}" if budget else year


def enumerate_words(words: Sequence[str]) -> str:
    """`a`, `a and b`, `a, b and c`."""
    if len(words) < 2:
        return "".join(words)
    return f"{', '.join(words[:-1])} and {words[-1]}"


def count(number: int, noun: str) -> str:
    """`1 item`, `2 items`, `2 categories`."""
    if number == 1:
        return f"1 {noun}"
    plural = f"{noun[:-1]}ies" if noun.endswith("y") else f"{noun}s"
    return f"{number} {plural}"


def sentence(text: str) -> str:
    """With a capital letter in front and a full stop behind."""
    return f"{text[:1].upper()}{text[1:]}{'' if text.endswith(('.', '!', '?')) else '.'}"
