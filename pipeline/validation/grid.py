"""Check kind `grid`: two independent readings of a ruled table put the same words into the same cells.

The provisions were cut along the page's own rules; another reader's cells are compared with them. A provision must lie in
one cell, and a cell must hold provisions of one section only.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING

from pipeline.model import Check, Place, Row

if TYPE_CHECKING:
    from pipeline.validation.figures import Tables

CellAt = Callable[[float, float], int | None]
"""The number of the other reader's cell at a point of the page, in points from its top left corner."""


def grid_check(tables: Tables, page: int, cell_at: CellAt | None) -> Check:
    """The verdict for one page. `cell_at` is None where the other reader found no grid: then it is undetermined."""
    rows = [r for r in tables.get("bill_provisions", ()) if r["page"] == page]
    subject = f"page {page}"
    if cell_at is None or not rows:
        message = f"Page {page}: the table has no full grid, so a second reader cannot find its cells."
        return Check(f"grid/page-{page}", "grid", subject, "undetermined", message)
    cells: dict[int, set[str]] = {}
    faults: list[Place] = []
    compared = 0
    for row in rows:
        key = str(row["provision_id"])
        numbers = {cell_at(*_middle(e)) for e in _evidence(tables, key)}
        if numbers == {None}:
            continue  # a box outside the table
        compared += 1
        if len(numbers) != 1 or None in numbers:
            faults.append(Place("bill_provisions", key, "lies in several cells of the second reading"))
            continue
        sections = cells.setdefault(next(n for n in numbers if n is not None), set())
        sections.add(str(row["section"]))
        if len(sections) > 1:
            faults.append(Place("bill_provisions", key, f"shares a cell with the section {min(sections)}"))
    if not compared:
        message = f"Page {page}: the second reader found a grid, but none of the provisions in it."
        return Check(f"grid/page-{page}", "grid", subject, "undetermined", message)
    message = f"Page {page}: {compared} provisions lie in {len(cells)} cells of the second reading's grid"
    if faults:
        message += f"; {len(faults)} of them disagree, first {faults[0].key!r} ({faults[0].reason})."
        return Check(f"grid/page-{page}", "grid", subject, "inconsistent", message, suspects=tuple(faults))
    return Check(f"grid/page-{page}", "grid", subject, "consistent", message + ", each in one of its own section.")


def _evidence(tables: Tables, key: str) -> Sequence[Row]:
    return [
        e
        for e in tables.get("evidence", ())
        if e["table"] == "bill_provisions" and e["key"] == key and e["field"] == "text"
    ]


def _middle(evidence: Row) -> tuple[float, float]:
    x0, top, x1, bottom = (Decimal(str(evidence[c])) for c in ("x0", "top", "x1", "bottom"))
    return float((x0 + x1) / 2), float((top + bottom) / 2)
