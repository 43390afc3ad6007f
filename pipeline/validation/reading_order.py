"""Check kind `reading_order`: no reading order crosses a column, in the order of rows or inside a text.

The budget items of a column follow each other downwards, and the reader goes back to an earlier column only below a
category's header (which then runs across all columns). The lines of one text follow each other downwards too, each under
the ones before it; and no line that a bullet opens lies in the middle of a text, since there another row begins.
"""

from __future__ import annotations

from bisect import bisect_left
from operator import attrgetter
from typing import TYPE_CHECKING

from pipeline.layout.lines import is_bullet
from pipeline.model import Box, Check, Place, Row, union
from pipeline.validation.messages import count
from pipeline.validation.placed import Placed, PlacedEvidence, at, page_check, same_line

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from pipeline.model import Document, Page
    from pipeline.validation.figures import Tables

KIND = "reading_order"

_upper_edge = attrgetter("top")

_TEXTS = {
    "statements": "text",
    "policy_measures": "text",
    "bill_provisions": "text",
    "notes": "text",
    "budget_items": "name",
}
"""The fields that hold a row's own running text."""

SAME_EDGE = 0.5
"""Two lines begin at the same place where they differ by less than this part of a line's height."""

MARK_WIDTH = 8.0
"""A text may begin behind a mark ("(Note 3)", 【総】) that is no part of it and at most so many line heights wide."""


def reading_order_checks(
    tables: Tables, evidence: PlacedEvidence, document: Document, opened_lines: Callable[[Page], Sequence[Box]]
) -> Iterator[Check]:
    """One check for each page that texts were read from, in page order."""
    texts: dict[int, list[tuple[Placed, ...]]] = {}
    for (table, _, field), parts in evidence.by_field.items():
        if _TEXTS.get(table) == field:
            texts.setdefault(parts[0].page, []).append(parts)
    pages = {page.number: page for page in document.pages}
    for number, listed in sorted(texts.items()):
        faults = [*_order_of_items(tables, evidence, number)]
        opened = sorted(opened_lines(pages[number]) if number in pages else (), key=_upper_edge)
        for parts in listed:
            here = [p for p in parts if p.page == number]
            reason = _crossing(here) or _swallowed(here, opened)
            if reason:
                faults.append(Place(here[0].table, here[0].key, reason))
        yield page_check(KIND, number, count(len(listed), "text"), "each read downwards in one column", faults)


def _order_of_items(tables: Tables, evidence: PlacedEvidence, page: int) -> Iterator[Place]:
    headers = [
        p.box.middle
        for (table, _, field), parts in evidence.by_field.items()
        if table == "budget_categories" and field == "category"
        for p in parts
        if p.page == page
    ]
    before: tuple[Row, Placed] | None = None
    lowest = float("-inf")
    for row in _in_order(tables, page):
        parts = evidence.of("budget_items", str(row.get("item_id")), "name")
        if not parts or parts[0].page != page:
            continue
        here = parts[0]
        if before is not None and not _may_follow(before, (row, here), [h for h in headers if h > lowest]):
            reason = f"{at(here)}, cannot be read next after {before[1].key}"
            yield Place("budget_items", here.key, reason)
        before, lowest = (row, here), max(lowest, here.box.middle)


def _in_order(tables: Tables, page: int) -> list[Row]:
    rows = [r for r in tables.get("budget_items", ()) if r.get("page") == page and isinstance(r.get("position"), int)]
    return sorted(rows, key=lambda r: int(str(r.get("position"))))


def _may_follow(before: tuple[Row, Placed], here: tuple[Row, Placed], headers: Sequence[float]) -> bool:
    """`headers` are the middles of the categories' headers below all that was read so far."""
    one, two = before[0].get("column"), here[0].get("column")
    if not isinstance(one, int) or not isinstance(two, int):
        return True
    if one == two:
        # A column is as wide as its lines: what begins right of the line before stands in another one.
        return here[1].box.middle > before[1].box.middle
    if two > one:
        return here[1].box.x0 > before[1].box.x0
    return any(h < here[1].box.middle for h in headers)


def _crossing(parts: Sequence[Placed]) -> str:
    """Why the lines cannot be one text read downwards; empty where they can."""
    for i, part in enumerate(parts[1:], start=1):
        last = parts[i - 1]
        if same_line(last.box, part.box):
            if part.box.x0 < last.box.x1 - SAME_EDGE * part.box.height:
                return f"{at(part)}, is read behind what stands right of it"
            continue
        if part.box.middle < last.box.middle:
            return f"{at(part)}, is read behind what stands below it"
        before = union(p.box for p in parts[:i])
        if part.box.x0 >= before.x1 or part.box.x1 < before.x0 - MARK_WIDTH * part.box.height:
            return f"{at(part)}, is read as one text with another column"
    return ""


def _own_mark(part: Placed) -> float:
    """How far behind the beginning of a text its first line may begin, where the text has the mark before it as well."""
    return MARK_WIDTH * part.box.height if is_bullet(part.printed[:1]) else 0.0


def _swallowed(parts: Sequence[Placed], opened: Sequence[Box]) -> str:
    """Whether a line that a bullet opens lies in the text behind its beginning. `opened` come from the top."""
    for i, part in enumerate(parts):
        slack = SAME_EDGE * part.box.height
        start = part.box.x0 + (_own_mark(part) or slack) if i == 0 else part.box.x0 - slack
        # Of two boxes on one line neither begins below the other's end.
        above = opened[: bisect_left(opened, part.box.bottom, key=_upper_edge)]
        if any(
            box.bottom > part.box.top and start <= box.x0 < part.box.x1 and same_line(part.box, box) for box in above
        ):
            return f"{at(part)}, holds the beginning of another row"
    return ""
