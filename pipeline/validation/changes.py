"""The ways in which one amount is read wrongly, undone.

Each change turns the row as it was read into a row as it might have been printed: another digit, a decimal point that
was lost, a power of ten (a million for a billion), the words "a part of" lost; or it moves the row: to the other budget
(a bracket lost), to another category, or away where the same row was read twice.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import TYPE_CHECKING

from pipeline.validation.claims import rescaled
from pipeline.validation.figures import Figure, Ledger, Tables, folded
from pipeline.validation.intervals import EXACT, ZERO, Interval, add
from pipeline.validation.messages import budget_name, format_money, scale_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from pipeline.model import Row

_FRACTION = re.compile(r"\d[.．](\d+)")
_REPEATED = re.compile(r"^(?P<stem>.+?)-\d+$")
_TEN = Decimal(10)
_FACTORS = tuple((_TEN**n, _TEN**-n) for n in (1, 3))
"""The factors that a unit misread makes: ten, and a thousand for million and billion."""


@dataclass(frozen=True)
class ValueChange:
    """`figure` is the row with another value; `description` completes the sentence that names the suspect."""

    kind: str
    figure: Figure
    description: str


@dataclass(frozen=True)
class RowChange:
    """`tables` are the deck's with the row moved or gone."""

    kind: str
    tables: Tables
    description: str


def value_changes(figure: Figure) -> tuple[ValueChange, ...]:
    """Other values that the row may have been printed with, without repetitions, in a fixed order."""
    return (*_digits(figure), *_lost_points(figure), *_factors(figure), *_part_of(figure))


def row_changes(figure: Figure, companions: Sequence[Figure], ledger: Ledger) -> tuple[RowChange, ...]:
    """Other places that the row may belong to. `companions` are the figures it was counted with."""
    if figure.table != "budget_amounts":
        return ()
    return (*_other_budget(figure, ledger), *_other_category(figure, ledger), *_doubled(figure, companions, ledger))


def _digits(figure: Figure) -> Iterable[ValueChange]:
    if not figure.step:
        return
    mantissa = EXACT.to_integral_value(abs(figure.value) / figure.step)
    match = _FRACTION.search(figure.printed)
    digits = f"{mantissa:f}".zfill((len(match.group(1)) if match else 0) + 1)
    sign = -1 if figure.value < 0 else 1
    for place, was in enumerate(digits):
        for digit in "0123456789":
            # No figure is printed with a zero in front of other digits before the point.
            leading = place == 0 and digit == "0" and len(digits) > (len(match.group(1)) if match else 0) + 1
            if digit == was or leading:
                continue
            other = Decimal(digits[:place] + digit + digits[place + 1 :])
            value = EXACT.multiply(EXACT.multiply(other, figure.step), sign)
            changed = _with_value(figure, value)
            yield ValueChange("digit", changed, f"it would fit as {_money(changed)}, one digit misread")


def _lost_points(figure: Figure) -> Iterable[ValueChange]:
    if not figure.step or _FRACTION.search(figure.printed):
        return
    length = len(f"{EXACT.to_integral_value(abs(figure.value) / figure.step):f}")
    for places in range(1, min(length, 3)):
        changed = rescaled(figure, _TEN**-places)
        yield ValueChange("point", changed, f"it would fit as {_money(changed)}, a decimal point lost")


def _factors(figure: Figure) -> Iterable[ValueChange]:
    for pair in _FACTORS:
        for factor in pair:
            changed = rescaled(figure, factor)
            times = pair[0].normalize()
            size = "large" if factor < 1 else "small"
            money = format_money(changed.value, changed.currency, scale_of(changed.step))
            words = f"it would fit as {money}, read {times:,f} times too {size}"
            yield ValueChange("factor", changed, words)


def _part_of(figure: Figure) -> Iterable[ValueChange]:
    if figure.is_part_of or figure.value <= 0 or figure.subject_type != "item":
        return
    changed = replace(figure, interval=Interval(ZERO, figure.interval.upper, lower_open=True), is_part_of=True)
    yield ValueChange("part", changed, "it would fit as only a part of that amount, the words for it lost")


def _with_value(figure: Figure, value: Decimal) -> Figure:
    by = EXACT.subtract(value, figure.value)
    moved = add(figure.interval, Interval(by, by))
    if figure.is_part_of:
        if moved.upper is None or moved.upper <= ZERO:
            return replace(figure, value=value, interval=Interval(ZERO, ZERO))
        moved = Interval(ZERO, moved.upper, lower_open=True)
    return replace(figure, value=value, interval=moved)


def _other_budget(figure: Figure, ledger: Ledger) -> Iterable[RowChange]:
    amounts = ledger.figures["budget_amounts"]
    taken = {f.budget for f in amounts if (f.subject_type, f.subject_id) == (figure.subject_type, figure.subject_id)}
    years = {f.budget: f.fiscal_year for f in reversed(amounts)}
    for budget, year in years.items():
        if budget not in taken and budget is not None:
            tables = _with_row(ledger.tables, figure, {"budget": budget, "fiscal_year": year})
            words = f"it would fit as {budget_name(year, budget)}, a bracket lost or added"
            yield RowChange("bracket", tables, words)


def _other_category(figure: Figure, ledger: Ledger) -> Iterable[RowChange]:
    item = ledger.items.get(figure.subject_id) if figure.subject_type == "item" else None
    if item is None:
        return
    for category_id, category in ledger.categories.items():
        if category_id == item.get("category_id"):
            continue
        rows = [
            {**row, "category_id": category_id, "parent_item_id": None} if row is item else row
            for row in ledger.tables["budget_items"]
        ]
        words = f'it would fit under "{category.get("category")}", another category'
        yield RowChange("category", {**ledger.tables, "budget_items": rows}, words)


def _doubled(figure: Figure, companions: Sequence[Figure], ledger: Ledger) -> Iterable[RowChange]:
    twins = [f for f in companions if f.index != figure.index and _is_twin(f, figure)]
    # Of two that are alike, the later one is the repetition.
    if twins and figure.index > min(f.index for f in twins):
        rows = [row for index, row in enumerate(ledger.tables[figure.table]) if index != figure.index]
        yield RowChange("doubled", {**ledger.tables, figure.table: rows}, "the same row stands in the sum twice")


def _is_twin(one: Figure, two: Figure) -> bool:
    same_subject = (
        one.subject_id in (two.subject_id, _stem(two.subject_id))
        or two.subject_id == _stem(one.subject_id)
        or folded(one.label) == folded(two.label)
    )
    return one.table == two.table and one.value == two.value and one.is_part_of == two.is_part_of and same_subject


def _stem(key: str) -> str:
    match = _REPEATED.match(key)
    return match.group("stem") if match else key


def _with_row(tables: Tables, figure: Figure, columns: Row) -> Tables:
    rows = [{**row, **columns} if index == figure.index else row for index, row in enumerate(tables[figure.table])]
    return {**tables, figure.table: rows}


def _money(figure: Figure) -> str:
    return format_money(figure.value, figure.currency, scale_of(figure.step), figure.step)
