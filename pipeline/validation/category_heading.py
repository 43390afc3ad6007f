"""Check kind `category_heading`: an item has the category that the page's headers give it.

Going through the items in reading order, an item stands under the last header above it in its column, or goes on with
the category that the column before ended with. All items under one printed group have one category, and between two
items of a column the category changes only where a header or another group stands between them.
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
    edges = sorted(
        {
            column: min(i.place.box.x0 for i in items if i.column == column) for column in {i.column for i in items}
        }.items(),
        key=lambda e: e[1],
    )
    groups: dict[tuple[Box, ...], list[_Item]] = {}
    for item in items:
        if item.group:
            groups.setdefault(item.group, []).append(item)
    carried: str | None = None
    before: _Item | None = None
    for item in items:
        if before is not None and before.column != item.column:
            carried = before.category
        above = _header_above(item, headers, edges)
        allowed = {c for c in (above.key if above else None, carried) if c is not None}
        usual = _usual(groups.get(item.group, ()))
        reason = ""
        if allowed and item.category not in allowed:
            reason = f'stands under "{names.get(above.key if above else carried or "", "")}"'
        elif usual is not None and item.category != usual:
            reason = f'stands in a group of "{names.get(usual, "")}"'
        elif (
            before is not None
            and before.column == item.column
            and before.category != item.category
            and before.group == item.group
            and _header_above(before, headers, edges) is above
        ):
            reason = f'stands right below an item of "{names.get(before.category, "")}"'
        if reason:
            yield Place("budget_items", item.place.key, f"{at(item.place)}, {reason}")
        before = item


def _header_above(item: _Item, headers: Sequence[Placed], edges: Sequence[tuple[Value, float]]) -> Placed | None:
    """The last header above an item in the item's column."""
    above = [h for h in headers if h.box.middle < item.place.box.middle and _column(h.box, edges) == item.column]
    return max(above, key=lambda h: h.box.middle, default=None)


def _column(header: Box, edges: Sequence[tuple[Value, float]]) -> Value:
    """The column that a header stands over: the last that begins left of its middle."""
    inside = [column for column, edge in edges if edge - NEAR_EDGE * header.height <= header.centre]
    return inside[-1] if inside else edges[0][0]


def _usual(group: Sequence[_Item]) -> str | None:
    """The category of most items of a group; None where there is no such one."""
    counts: dict[str, int] = {}
    for item in group:
        counts[item.category] = counts.get(item.category, 0) + 1
    most = max(counts.values(), default=0)
    best = [c for c, n in counts.items() if n == most]
    return best[0] if len(best) == 1 and len(group) > 1 else None
