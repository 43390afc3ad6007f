"""Check kind `digits`: every figure has the digits that stand in its place on the page, and each unit one meaning.

The number is taken from the printed words by itself, without the grammar that the extractors read amounts with: its
digits and its decimal point must be those of the value and of its rounding step, and what is left, the power of ten,
must be the same wherever the same unit ("million", 億) follows the number; on a chart, wherever none does.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from pipeline.language.folding import fold
from pipeline.model import Check, Place, Row, Value
from pipeline.passage import is_spaceless
from pipeline.validation.figures import FIGURE_KEYS, Tables, row_key
from pipeline.validation.messages import count
from pipeline.validation.placed import Placed, PlacedEvidence, at, page_check, pages_of

if TYPE_CHECKING:
    from collections.abc import Iterator

KIND = "digits"

_NUMBER = re.compile(r"(?<![\d.,])(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?(?![\d.,]*\d)")
_WORD = re.compile(r"[^\W\d_]+")
_ONE, _TEN = Decimal(1), Decimal(10)


@dataclass(frozen=True, slots=True)
class _Reading:
    """One figure and its number as printed; `exponent` is the power of ten between them, None where there is none."""

    place: Placed
    number: Decimal
    unit: str
    exponent: int | None
    step: Decimal | None


def digit_checks(tables: Tables, evidence: PlacedEvidence) -> Iterator[Check]:
    """One check for each page with figures that hold one plain number, in page order."""
    readings = [
        reading
        for table, keys in FIGURE_KEYS.items()
        for row in tables.get(table, ())
        if (reading := _reading(table, row, evidence.of(table, row_key(row, keys), "value")))
    ]
    usual: dict[str, Counter[int]] = {}
    for reading in readings:
        if reading.exponent is not None:
            usual.setdefault(reading.unit, Counter())[reading.exponent] += 1
    for page in pages_of(r.place for r in readings):
        here = [r for r in readings if r.place.page == page]
        faults = [fault for r in here if (fault := _fault(r, usual))]
        yield page_check(KIND, page, count(len(here), "figure"), "with the digits that are printed", faults)


def _reading(table: str, row: Row, parts: tuple[Placed, ...]) -> _Reading | None:
    """None where the words hold no number or several, as 「1兆2,000億円」, or a person corrected the value."""
    value = row.get("value")
    if not parts or parts[0].corrected or not isinstance(value, Decimal):
        return None
    printed = fold(" ".join(p.printed for p in parts))
    numbers = list(_NUMBER.finditer(printed))
    if len(numbers) != 1:
        return None
    number = Decimal(numbers[0].group().replace(",", ""))
    word = _WORD.search(printed, numbers[0].end())
    unit = word.group() if word else ""
    if unit and is_spaceless(unit[0]):
        unit = unit[0]
    # On a chart the unit stands in its title.
    unit = f"{unit.casefold()} {row.get('currency')}" if unit else f"page {parts[0].page} {table}"
    return _Reading(parts[0], number, unit, _exponent(abs(value), number), _step(row, value))


def _exponent(value: Decimal, number: Decimal) -> int | None:
    """The whole power of ten that makes the value of the number; None where none does."""
    if not number or not value:
        return None
    exponent = value.adjusted() - number.adjusted()
    return exponent if number.scaleb(exponent) == value else None


def _fault(reading: _Reading, usual: dict[str, Counter[int]]) -> Place | None:
    place = reading.place
    if not reading.number:
        return None
    if reading.exponent is None:
        return Place(place.table, place.key, f"{at(place)}, has other digits than the value")
    exponents = usual[reading.unit]
    most = max(exponents.values())
    if exponents[reading.exponent] < most or sum(n == most for n in exponents.values()) > 1:
        return Place(place.table, place.key, f"{at(place)}, is read with another unit than elsewhere")
    printed_step = _TEN ** (reading.exponent + int(reading.number.as_tuple().exponent))
    if reading.step is not None and reading.step != printed_step:
        return Place(place.table, place.key, f"{at(place)}, is given other bounds than its last digit allows")
    return None


def _step(row: Row, value: Decimal) -> Decimal | None:
    """The width of a rounding interval; None for bounds that mean something else ("up to", "over", "a part of")."""
    lower, upper = row.get("lower"), row.get("upper")
    if not isinstance(lower, Decimal) or not isinstance(upper, Decimal):
        return None
    return upper - lower if value - lower == upper - value else None


def printed_money(value: Value) -> str:
    """The printed words of money for comparing: folded and without spaces."""
    return "".join(fold(str(value or "")).split())
