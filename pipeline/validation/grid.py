"""Check kind `grid`: two independent readings of a ruled table put the same words into the same cells.

The provisions were cut along the page's own rules; another reader's cells are compared with them. A provision must lie in
one cell, a cell must hold provisions of one section only, and a section's heading to the left of a provision must share a
row of the grid with it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, NamedTuple

from pipeline.model import Check, Place, Row

if TYPE_CHECKING:
    from pipeline.validation.figures import Tables


class Cell(NamedTuple):
    """A cell of the other reader: its number on the page and the rows that it reaches over, in points from the top."""

    number: int
    top: float
    bottom: float


CellAt = Callable[[float, float], Cell | None]
"""The other reader's cell at a point of the page, in points from its top left corner."""


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
        text = _evidence(tables, key, "text")
        found = {cell_at(*_middle(e)) for e in text}
        if found == {None}:
            continue  # a box outside the table
        compared += 1
        cell = next(c for c in found if c is not None)
        if len(found) != 1:
            faults.append(Place("bill_provisions", key, "lies in several cells of the second reading"))
            continue
        sections = cells.setdefault(cell.number, set())
        sections.add(str(row["section"]))
        if len(sections) > 1:
            faults.append(Place("bill_provisions", key, f"shares a cell with the section {min(sections)}"))
        elif not _beside_its_heading(cell, text, _evidence(tables, key, "section"), cell_at):
            faults.append(Place("bill_provisions", key, f"stands in no row of the section {row['section']}"))
    if not compared:
        message = f"Page {page}: the second reader found a grid, but none of the provisions in it."
        return Check(f"grid/page-{page}", "grid", subject, "undetermined", message)
    message = f"Page {page}: {compared} provisions lie in {len(cells)} cells of the second reading's grid"
    if faults:
        message += f"; {len(faults)} of them disagree, first {faults[0].key!r} ({faults[0].reason})."
        return Check(f"grid/page-{page}", "grid", subject, "inconsistent", message, suspects=tuple(faults))
    return Check(f"grid/page-{page}", "grid", subject, "consistent", message + ", each in one of its own section.")


def _beside_its_heading(cell: Cell, text: Sequence[Row], heading: Sequence[Row], cell_at: CellAt) -> bool:
    """Whether the heading's cell shares a row with `cell`; one that stands above it, or outside the grid, has none to share."""
    left = [e for e in heading if all(Decimal(str(e["x1"])) <= Decimal(str(t["x0"])) for t in text)]
    rows = [c for e in left if (c := cell_at(*_middle(e))) is not None]
    return all(min(c.bottom, cell.bottom) > max(c.top, cell.top) for c in rows)


def _evidence(tables: Tables, key: str, field: str) -> Sequence[Row]:
    return [
        e
        for e in tables.get("evidence", ())
        if e["table"] == "bill_provisions" and e["key"] == key and e["field"] == field
    ]


def _middle(evidence: Row) -> tuple[float, float]:
    x0, top, x1, bottom = (Decimal(str(evidence[c])) for c in ("x0", "top", "x1", "bottom"))
    return float((x0 + x1) / 2), float((top + bottom) / 2)
