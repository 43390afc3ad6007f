"""Check kind `category_heading`: an item has the category that the page's headers give it.

Going through the items in reading order, an item stands under the last header above it in its column, or goes on with
the category that was open at the foot of the column before. All items under one printed group have one category, and between two
items of a column the category changes only where a header or another group stands between them.

A header that stands beside its items, left of them, may be anywhere along them: an item belongs to the last one above it or
the next one below, and the category changes only to that of a header further down.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pipeline.model import Box, Check, Place, Value
from pipeline.validation.messages import count
from pipeline.validation.placed import Placed, PlacedEvidence, at, page_check

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from pipeline.validation.figures import Tables

KIND = "category_heading"

NEAR_EDGE = 0.5
"""A header begins no further left than its column's items by more than this many heights of the header."""


@dataclass(frozen=True, slots=True)
class _Item:
    place: Placed
    column: Value
    category: str
    group: tuple[Box, ...]


def category_checks(tables: Tables, evidence: PlacedEvidence) -> Iterator[Check]:
    """One check for each page with budget items, in page order."""
    names = {str(r.get("category_id")): str(r.get("category") or "") for r in tables.get("budget_categories", ())}
    headers = [parts[0] for key in names if (parts := evidence.of("budget_categories", key, "category"))]
    pages: dict[int, list[_Item]] = {}
    rows = [r for r in tables.get("budget_items", ()) if isinstance(r.get("position"), int)]
    for row in sorted(rows, key=lambda r: int(str(r.get("position")))):
        key = str(row.get("item_id"))
        parts = evidence.of("budget_items", key, "name")
        changed = any(p.corrected for f in ("category", "category_id") for p in evidence.of("budget_items", key, f))
        if parts and row.get("category_id") is not None and not changed:
            group = tuple(p.box for p in evidence.of("budget_items", key, "group"))
            item = _Item(parts[0], row.get("column"), str(row.get("category_id")), group)
            pages.setdefault(parts[0].page, []).append(item)
    for page, items in sorted(pages.items()):
        faults = list(_faults(items, [h for h in headers if h.page == page], names))
        yield page_check(KIND, page, count(len(items), "item"), "each under its category's header", faults)


def _faults(items: Sequence[_Item], headers: Sequence[Placed], names: Mapping[str, str]) -> Iterator[Place]:
    columns = _columns(items)
    heads = [_head(header, columns) for header in headers]
    heights = {head.place.key: head.place.box.middle for head in heads if head.beside}
    groups: dict[tuple[Box, ...], list[_Item]] = {}
    for item in items:
        if item.group:
            groups.setdefault(item.group, []).append(item)
    carried: str | None = None
    before: _Item | None = None
    for item in items:
        if before is not None and before.column != item.column:
            carried = _open_at_foot(before, items, heads)
        above, below = _heads_around(item, heads)
        allowed = [c for c in (above.key if above else None, carried, below.key if below else None) if c is not None]
        usual = _usual(groups.get(item.group, ()))
        reason = ""
        if allowed and item.category not in allowed:
            reason = f'stands under "{names.get(allowed[0], "")}"'
        elif usual is not None and item.category != usual:
            reason = f'stands in a group of "{names.get(usual, "")}"'
        elif (
            before is not None
            and before.column == item.column
            and before.category != item.category
            and before.group == item.group
            and _heads_around(before, heads)[0] is above
            and not heights.get(before.category, 0.0) < heights.get(item.category, 0.0)
        ):
            reason = f'stands right below an item of "{names.get(before.category, "")}"'
        if reason:
            yield Place("budget_items", item.place.key, f"{at(item.place)}, {reason}")
        before = item


def _open_at_foot(last: _Item, items: Sequence[_Item], heads: Sequence[_Head]) -> str:
    """The category that is open at the foot of a column: that of a header below all its items, or else the last one's."""
    lowest = max(item.place.box.middle for item in items if item.column == last.column)
    below = [h.place for h in heads if h.column == last.column and not h.beside and h.place.box.middle > lowest]
    return max(below, key=lambda place: place.box.middle).key if below else last.category


@dataclass(frozen=True, slots=True)
class _Column:
    column: Value
    x0: float
    x1: float


@dataclass(frozen=True, slots=True)
class _Head:
    """A header with the column it heads; `beside` where it stands left of the column's items and not above them."""

    place: Placed
    column: Value
    beside: bool


def _columns(items: Sequence[_Item]) -> list[_Column]:
    """Each column with where its items' names begin and end, from the left."""
    found = []
    for column in dict.fromkeys(item.column for item in items):
        boxes = [item.place.box for item in items if item.column == column]
        found.append(_Column(column, min(b.x0 for b in boxes), max(b.x1 for b in boxes)))
    return sorted(found, key=lambda c: c.x0)


def _head(header: Placed, columns: Sequence[_Column]) -> _Head:
    """The column that a header stands beside, or else over: the last that begins left of its middle."""
    box = header.box
    ends = [float("-inf"), *(c.x1 for c in columns)]
    for end, column in zip(ends, columns, strict=False):
        if end <= box.x0 and box.x1 <= column.x0:
            return _Head(header, column.column, beside=True)
    over = [c.column for c in columns if c.x0 - NEAR_EDGE * box.height <= box.centre]
    return _Head(header, over[-1] if over else columns[0].column, beside=False)


def _heads_around(item: _Item, heads: Sequence[_Head]) -> tuple[Placed | None, Placed | None]:
    """The last header above an item in its column, and the next one below of those that stand beside their items."""
    own = [h for h in heads if h.column == item.column]
    above = [h.place for h in own if h.place.box.middle < item.place.box.middle]
    below = [h.place for h in own if h.beside and h.place.box.middle >= item.place.box.middle]
    return (
        max(above, key=lambda h: h.box.middle, default=None),
        min(below, key=lambda h: h.box.middle, default=None),
    )


def _usual(group: Sequence[_Item]) -> str | None:
    """The category of most items of a group; None where there is no such one."""
    counts: dict[str, int] = {}
    for item in group:
        counts[item.category] = counts.get(item.category, 0) + 1
    most = max(counts.values(), default=0)
    best = [c for c, n in counts.items() if n == most]
    return best[0] if len(best) == 1 and len(group) > 1 else None
