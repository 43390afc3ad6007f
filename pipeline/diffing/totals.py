"""Where the change of a category's budget came from: new, dropped, renamed, moved and changed items, as intervals.

An item that states no amount for a budget counts as nothing there, as printed; how many items state no amount at all is
said beside, since the unexplained rest may be theirs. An amount "a part of X" counts as anything in [0, X], one that
several items share counts once, and an item inside another that states the amount itself is not counted again.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from pipeline.diffing.amounts import NOTHING, Figure, Interval, total

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

Source = Literal["new", "dropped", "renamed", "changed", "unchanged", "moved in", "moved out"]
SOURCES: tuple[Source, ...] = ("new", "dropped", "renamed", "changed", "unchanged", "moved in", "moved out")


@dataclass(frozen=True, slots=True)
class ItemAmounts:
    """One item in one edition: its category and parent (keys) and its figures by budget."""

    key: str
    category: str
    parent: str
    figures: Mapping[str, Figure]


@dataclass(frozen=True, slots=True)
class ItemChange:
    """One item in both editions, or in one. Keys of the old edition are written in the new one's terms."""

    old: ItemAmounts | None
    new: ItemAmounts | None
    renamed: bool = False


@dataclass(frozen=True, slots=True)
class Contribution:
    """What the items of one kind added to the change of a category's budget (new less old)."""

    source: Source
    items: int
    change: Interval


@dataclass(frozen=True, slots=True)
class CategoryTotal:
    """The change of one category's budget of one kind, and where it came from.

    `change` is the difference of the printed totals; None where an edition prints none, or in another currency.
    `unexplained` is what is left of it after the listed items; `without_amount` counts the items that state no amount.
    """

    old_category: str
    new_category: str
    budget: str
    old: Figure | None
    new: Figure | None
    currency: str
    change: Interval | None
    contributions: tuple[Contribution, ...]
    unexplained: Interval | None
    without_amount: int


def category_total(
    key: str,
    names: tuple[str, str],
    budget: str,
    stated: tuple[Figure | None, Figure | None],
    items: Sequence[ItemChange],
) -> CategoryTotal | None:
    """The account of the category `key` for `budget`; None where nothing states an amount, or currencies are mixed."""
    inside = [i for i in items if key in {side.category for side in (i.old, i.new) if side}]
    owners = _owners(inside, budget)
    counted = [(i, _figure(i.old, budget, owners[0]), _figure(i.new, budget, owners[1])) for i in inside]
    figures = [f for _, old, new in counted for f in (old, new) if f] + [f for f in stated if f]
    currencies = {f.currency for f in figures}
    if len(currencies) != 1:
        return None
    contributions = _contributions(key, counted)
    change = stated[1].interval - stated[0].interval if stated[0] and stated[1] else None
    explained = total(c.change for c in contributions)
    return CategoryTotal(
        *names,
        budget,
        *stated,
        currencies.pop(),
        change,
        contributions,
        None if change is None else change - explained,
        sum(any(side and side.category == key and not side.figures for side in (i.old, i.new)) for i in inside),
    )


def _owners(items: Iterable[ItemChange], budget: str) -> tuple[dict[str, bool], dict[str, bool]]:
    """For each edition, which items state an amount themselves."""
    sides: tuple[dict[str, bool], dict[str, bool]] = ({}, {})
    for item in items:
        for n, side in enumerate((item.old, item.new)):
            if side:
                sides[n][side.key] = budget in side.figures
    return sides


def _figure(side: ItemAmounts | None, budget: str, owners: Mapping[str, bool]) -> Figure | None:
    if side is None or owners.get(side.parent, False):
        return None
    return side.figures.get(budget)


def _contributions(
    key: str, counted: Iterable[tuple[ItemChange, Figure | None, Figure | None]]
) -> tuple[Contribution, ...]:
    changes: dict[Source, list[Interval]] = {source: [] for source in SOURCES}
    shared: tuple[set[str], set[str]] = (set(), set())
    for item, *pair in counted:
        inside = [bool(side and side.category == key) for side in (item.old, item.new)]
        figures = [f if here else None for f, here in zip(pair, inside, strict=True)]
        if figures == [None, None]:
            continue
        before, after = (_once(f, seen) for f, seen in zip(figures, shared, strict=True))
        changes[_source(item, figures, inside)].append(after - before)
    return tuple(Contribution(source, len(found), total(found)) for source, found in changes.items() if found)


def _once(figure: Figure | None, seen: set[str]) -> Interval:
    """The interval of a figure; nothing where it is missing or shared with an item already counted."""
    if figure is None or figure.shared_as in seen:
        return NOTHING
    if figure.shared_as:
        seen.add(figure.shared_as)
    return figure.interval


def _source(item: ItemChange, figures: Sequence[Figure | None], inside: Sequence[bool]) -> Source:
    if item.old is None:
        return "new"
    if item.new is None:
        return "dropped"
    if not all(inside):
        return "moved in" if inside[1] else "moved out"
    if item.renamed:
        return "renamed"
    old, new = figures
    same = old and new and (old.value, old.interval, old.is_part_of) == (new.value, new.interval, new.is_part_of)
    return "unchanged" if same else "changed"
