"""What the figures of a deck say about a fault, worked out by brute force and apart from every check of the pipeline.

A row of money admits a set of true values: everything that rounds to what is printed, and of "a part of" an amount
everything above nothing up to it. A deck of rows is *admitted* where each relation that holds on every slide deck of this
family can be met by some choice of true values: a stated total is its categories and notes; what is stated in several
places is one number; a category is its items, or more where the slide calls its list partial or an item has no amount;
an item is its sub-items likewise; a bar is as high as its label.

A fault is *detectable* where the rows with the fault in them are not admitted. It *can be told* where, of all single
changes that undo a misreading (`changes`), those that make the rows admitted again all belong to the culprit's row.

Numbers are exact rationals. Nothing here imports from `pipeline.validation`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pipeline.model import Row

Tables = Mapping[str, Sequence["Row"]]

Budget = tuple[object, object]
"""Fiscal year and budget."""

OPEN_LIST = ("mainly describes", "not limited to")
"""How the notes of these slides say that a list of items is not all that its total holds."""

BAR = Fraction(1, 100)
"""Bars are drawn and measured to a hundredth of the chart's highest one."""

AROUND = Fraction(1, 2)
"""An amount that is "around" a figure may be half a step further away than rounding takes it."""


@dataclass(frozen=True)
class Money:
    """One row of money. It admits the numbers from `low` (above it where `open_low`) to `high`.

    `table` and `key` are the row's own; `subject` is the row that has the amount, `owner` the category of an item.
    """

    table: str
    key: str
    kind: str
    subject: str
    budget: Budget
    value: Fraction
    low: Fraction
    high: Fraction
    open_low: bool
    digits: str
    step: Fraction
    bar: Fraction | None = None

    @property
    def identity(self) -> tuple[str, str]:
        """The row, for comparing culprits."""
        return self.table, self.key


@dataclass(frozen=True)
class Sheet:
    """All rows of money, and what else the relations need: `parents` of items, `owners` (their categories)."""

    money: tuple[Money, ...]
    owners: Mapping[str, str]
    parents: Mapping[str, str]
    categories: tuple[str, ...]
    open_list: bool
    highest: Fraction
    slide_totals: frozenset[str]
    pins: Mapping[Budget, Fraction]


def sheet_of(tables: Tables, pins: Mapping[Budget, Fraction]) -> Sheet:
    """The tables of an edition as rows of money. `pins` are the manifest's figures by fiscal year and budget."""
    kinds = {row["page"]: row["kind"] for row in tables["slides"]}
    bars = [_fraction(row["bar_value"]) for row in tables["budget_trend"] if row["bar_value"] is not None]
    money = [_money("budget_amounts", row) for row in tables["budget_amounts"] if not _repeats(row, tables)]
    money += [_money("stated_figures", row) for row in tables["stated_figures"]]
    money += [_money("budget_trend", row) for row in tables["budget_trend"]]
    texts = " ".join(str(row["text"]).casefold() for row in tables["notes"])
    return Sheet(
        tuple(money),
        {str(r["item_id"]): str(r["category_id"]) for r in tables["budget_items"]},
        {str(r["item_id"]): str(r["parent_item_id"]) for r in tables["budget_items"] if r["parent_item_id"]},
        tuple(str(r["category_id"]) for r in tables["budget_categories"]),
        any(words in texts for words in OPEN_LIST),
        max(bars, default=Fraction(0)),
        frozenset(str(r["figure_id"]) for r in tables["stated_figures"] if kinds.get(r["page"]) == "major_budgets"),
        pins,
    )


@dataclass(frozen=True)
class Relation:
    """One thing that must hold, the rows of money that take part in it, and whether some true values meet it."""

    name: str
    members: frozenset[tuple[str, str]]
    holds: bool


def contradictions(sheet: Sheet) -> list[Relation]:
    """The relations that no choice of true values can meet."""
    return [relation for relation in _relations(sheet) if not relation.holds]


def changes(sheet: Sheet, missing: Sequence[Money] = ()) -> Iterator[tuple[tuple[str, str], Sheet, bool]]:
    """Every single change that undoes a misreading: the row that it changes, the result, and whether the row moves.

    Another digit, a point put back, ten or a thousand times as much or as little, the other budget, another category, a
    row taken out, a bar measured anew; and `missing` amounts, which stand on the page and are in no row, put in.
    """
    for i, row in enumerate(sheet.money):
        for changed in _other_rows(row):
            yield row.identity, _with_row(sheet, i, changed), False
        if row.table == "budget_amounts":
            for moved in _moved(sheet, i, row):
                yield row.identity, moved, True
    for amount in missing:
        yield amount.identity, replace(sheet, money=(*sheet.money, amount)), True


def _other_rows(row: Money) -> Iterator[Money]:
    for value, step in _other_values(row):
        yield _valued(row, value, step)
    if row.bar is not None:
        yield replace(row, bar=row.value)


def _moved(sheet: Sheet, place: int, row: Money) -> Iterator[Sheet]:
    rows = sheet.money
    of_row = [r.budget for r in rows if r.kind == row.kind and r.subject == row.subject]
    for budget in dict.fromkeys(r.budget for r in rows if r.table == "budget_amounts"):
        if budget not in of_row:
            yield _with_row(sheet, place, replace(row, budget=budget))
    for category in sheet.categories if row.kind == "item" else ():
        if category != sheet.owners.get(row.subject):
            parents = {item: parent for item, parent in sheet.parents.items() if item != row.subject}
            yield replace(sheet, owners={**sheet.owners, row.subject: category}, parents=parents)
    if any(r is not row and r.kind == row.kind and _alike(r, row) for r in rows):
        yield _with_row(sheet, place)


def _with_row(sheet: Sheet, place: int, *new: Money) -> Sheet:
    return replace(sheet, money=(*sheet.money[:place], *new, *sheet.money[place + 1 :]))


def told(sheet: Sheet, missing: Sequence[Money] = ()) -> set[tuple[str, str]]:
    """The rows of which a single change leaves no contradiction."""
    broken = contradictions(sheet)
    if not broken:
        return set()
    # Changing a value helps only where the row takes part in all that is broken; this only saves time.
    everywhere = frozenset.intersection(*(relation.members for relation in broken))
    return {
        identity
        for identity, changed, moves in changes(sheet, missing)
        if (moves or identity in everywhere) and all(relation.holds for relation in _relations(changed))
    }


def missing_of(tables: Tables, gone: Tables) -> list[Money]:
    """The amounts of the untouched `tables` that are not in `gone`: what a reader of the page finds in no row."""
    kept = {(str(r["subject_type"]), str(r["subject_id"]), r["budget"]) for r in gone["budget_amounts"]}
    rows = [
        r for r in tables["budget_amounts"] if (str(r["subject_type"]), str(r["subject_id"]), r["budget"]) not in kept
    ]
    return [_money("budget_amounts", row) for row in rows]


def _relations(sheet: Sheet) -> Iterator[Relation]:
    """All relations of a deck, the cheapest first."""
    amounts = [m for m in sheet.money if m.table == "budget_amounts"]
    for bar in (m for m in sheet.money if m.bar is not None):
        slack = BAR * sheet.highest
        assert bar.bar is not None
        yield _relation(f"bar {bar.key}", [bar], bar.low <= bar.bar + slack and bar.bar - slack <= bar.high)
    for budget in dict.fromkeys(m.budget for m in sheet.money):
        places = [m for m in sheet.money if m.table != "budget_amounts" and m.budget == budget]
        if len(places) > 1:
            yield _relation(f"same {budget}", places, _meet(places) is not None)
        said = [m for m in places if m.table == "stated_figures"]
        pin = sheet.pins.get(budget)
        if pin is not None:
            yield _relation(f"pinned {budget}", said, bool(said) and all(m.low <= pin <= m.high for m in said))
        parts = [m for m in amounts if m.budget == budget and m.kind in ("category", "note")]
        if parts and any(m.key in sheet.slide_totals for m in said):
            known = {m.subject for m in amounts if m.kind == "category"}
            holds = _sum_holds(_meet(places), parts, open_above=not known >= set(sheet.categories))
            yield _relation(f"total {budget}", [*places, *parts], holds)
    yield from _lists(sheet, amounts)


def _relation(name: str, members: Sequence[Money], holds: bool) -> Relation:
    return Relation(name, frozenset(m.identity for m in members), holds)


def _lists(sheet: Sheet, amounts: Sequence[Money]) -> Iterator[Relation]:
    """Categories and their items; items and their sub-items."""
    children: dict[str, list[str]] = {}
    for item, owner in sheet.owners.items():
        parent = sheet.parents.get(item)
        under = parent if parent is not None and sheet.owners.get(parent) == owner else None
        children.setdefault(f"item/{under}" if under is not None else f"category/{owner}", []).append(item)
    own: dict[str, list[Money]] = {}
    for m in amounts:
        own.setdefault(f"{m.kind}/{m.subject}", []).append(m)
    for parent, listed in children.items():
        totals = own.get(parent, [])
        for budget in dict.fromkeys(m.budget for m in amounts):
            parts = [m for item in listed for m in _leaves(item, budget, own, children)]
            if not totals or not parts:
                continue
            total = [m for m in totals if m.budget == budget]
            unknown = any(_has_none(item, own, children) for item in listed)
            # Where a total is given for another budget only, there is nothing in this one.
            goal = _meet(total) if total else (Fraction(0), Fraction(0), False)
            holds = _sum_holds(goal, parts, open_above=unknown or sheet.open_list)
            yield _relation(f"list {parent} {budget}", [*total, *parts], holds)


def _leaves(
    item: str, budget: object, own: Mapping[str, list[Money]], children: Mapping[str, list[str]]
) -> list[Money]:
    here = [m for m in own.get(f"item/{item}", []) if m.budget == budget]
    return here or [m for child in children.get(f"item/{item}", []) for m in _leaves(child, budget, own, children)]


def _has_none(item: str, own: Mapping[str, list[Money]], children: Mapping[str, list[str]]) -> bool:
    """Whether no amount at all is printed for an item, nor for all of its sub-items."""
    if own.get(f"item/{item}"):
        return False
    below = children.get(f"item/{item}", [])
    return any(_has_none(child, own, children) for child in below) if below else True


Span = tuple[Fraction, Fraction, bool]
"""Lowest and highest number, and whether the lowest is left out."""


def _meet(rows: Sequence[Money]) -> Span | None:
    low = max(r.low for r in rows)
    high = min(r.high for r in rows)
    left_out = any(r.open_low for r in rows if r.low == low)
    return None if low > high or (low == high and left_out) else (low, high, left_out)


def _sum_holds(goal: Span | None, parts: Sequence[Money], *, open_above: bool) -> bool:
    if goal is None:
        return False
    low, high = sum((p.low for p in parts), Fraction(0)), sum((p.high for p in parts), Fraction(0))
    beyond = low > goal[1] or (low == goal[1] and any(p.open_low for p in parts))
    short = high < goal[0] or (high == goal[0] and goal[2])
    return not beyond and (open_above or not short)


def _other_values(row: Money) -> Iterator[tuple[Fraction, Fraction]]:
    """Values that the row may have been printed with: each with the worth of its last digit."""
    if not row.step:
        return
    for place, was in enumerate(row.digits):
        for digit in "0123456789":
            other = row.digits[:place] + digit + row.digits[place + 1 :]
            if digit != was and int(other):
                yield int(other) * row.step, row.step
    for factor in (Fraction(10), Fraction(1, 10), Fraction(1000), Fraction(1, 1000)):
        yield row.value * factor, row.step * factor
    for places in range(2, len(row.digits)):
        yield row.value / 10**places, row.step / 10**places


def _valued(row: Money, value: Fraction, step: Fraction) -> Money:
    wide = (row.high - row.value) / row.step * step
    low = Fraction(0) if row.open_low else value - wide
    return replace(row, value=value, low=low, high=value + wide, step=step)


def _money(table: str, row: Row) -> Money:
    value, low, high = (_fraction(row[c]) for c in ("value", "lower", "upper"))
    step = 2 * (high - value)
    part = row.get("is_part_of") is True
    if row.get("is_approximate") is True and not part:
        low, high = low - AROUND * step, high + AROUND * step
    kind, subject = str(row.get("subject_type") or ""), str(row.get("subject_id") or "")
    keys = {
        "budget_amounts": f"{kind}/{subject}/{row.get('budget')}",
        "stated_figures": str(row.get("figure_id")),
        "budget_trend": f"{row.get('fiscal_year')}/{row.get('budget')}",
    }
    bar = row.get("bar_value")
    digits = re.sub(r"\D", "", re.sub(r"^\D*([\d,.]*\d).*$", r"\1", str(row["printed"]), flags=re.DOTALL))
    return Money(
        table,
        keys[table],
        kind,
        subject,
        (row["fiscal_year"], row["budget"]),
        value,
        low,
        high,
        part,
        digits,
        step,
        None if bar is None else _fraction(bar),
    )


def _repeats(row: Row, tables: Tables) -> bool:
    """Whether an amount that several rows share was counted at an earlier row."""
    shared = row.get("shared_amount_id")
    return bool(shared) and next(r for r in tables["budget_amounts"] if r.get("shared_amount_id") == shared) is not row


def _alike(one: Money, two: Money) -> bool:
    """Whether two rows may be one that was read twice."""
    return (_stem(one.subject), one.budget, one.value) == (_stem(two.subject), two.budget, two.value)


def _stem(key: str) -> str:
    return re.sub(r"-\d+$", "", key)


def _fraction(value: object) -> Fraction:
    return Fraction(value) if isinstance(value, (Decimal, int)) else Fraction(0)
