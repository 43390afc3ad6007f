"""Evidence as boxes, read once for all checks that go back to the page.

`Placed` is one row of the table `evidence` with its box as numbers; `PlacedEvidence` finds them by page and by field.
Every check here compares with what the page shows: that the evidence itself shows it is for `evidence_inside` to say.
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from pipeline.model import Box, Check, Place, Row, Value
from pipeline.validation.messages import count
from pipeline.values import value

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from pipeline.validation.figures import Tables

_NUMBERS = (Decimal, int, float)


@value()
class Placed:
    """One piece of evidence. Points from the page's top left corner; `corrected` where a person changed the value."""

    table: str
    key: str
    field: str
    page: int
    box: Box
    printed: str
    corrected: bool


@value(slots=False)
class PlacedEvidence:
    """All evidence of a deck. `by_field` gives the parts of one field of one row, in order."""

    by_page: Mapping[int, tuple[Placed, ...]]
    by_field: Mapping[tuple[str, str, str], tuple[Placed, ...]]

    def of(self, table: str, key: str, field: str) -> tuple[Placed, ...]:
        """The parts of one field; none where it has no evidence."""
        return self.by_field.get((table, key, field), ())


def place_evidence(tables: Tables) -> PlacedEvidence:
    """Index the table `evidence` by page and by field."""
    by_page: dict[int, list[Placed]] = {}
    by_field: dict[tuple[str, str, str], list[Placed]] = {}
    for row in tables.get("evidence", ()):
        table, key, field = str(row.get("table")), str(row.get("key")), str(row.get("field"))
        page = row.get("page")
        placed = Placed(
            table,
            key,
            field,
            page if isinstance(page, int) else 0,
            evidence_box(row),
            str(row.get("printed") or ""),
            row.get("correction") is not None,
        )
        by_page.setdefault(placed.page, []).append(placed)
        by_field.setdefault((table, key, field), []).append(placed)
    return PlacedEvidence(
        {page: tuple(listed) for page, listed in by_page.items()},
        {field: tuple(listed) for field, listed in by_field.items()},
    )


def evidence_box(row: Row) -> Box:
    """The box of one row of `evidence`, in points."""
    return Box(_float(row.get("x0")), _float(row.get("top")), _float(row.get("x1")), _float(row.get("bottom")))


def at(placed: Placed) -> str:
    """Page, corner and printed words, for a message: `page 4 at 243, 92, printed "4.0 million dollar"`."""
    return f'page {placed.page} at {placed.box.x0:.0f}, {placed.box.top:.0f}, printed "{placed.printed}"'


def page_check(kind: str, page: int, checked: str, holds: str, faults: Sequence[Place]) -> Check:
    """One verdict for one page: `checked` is what was looked at, `holds` what is true of all of it where nothing fails."""
    message = f"Page {page}: {checked}, {holds}: consistent."
    if faults:
        message = f"Page {page}: {checked}; {count(len(faults), 'fault')}, first {faults[0].reason}: inconsistent."
    return Check(
        check_id=f"{kind}/page-{page}",
        kind=kind,
        subject=f"page {page}",
        verdict="inconsistent" if faults else "consistent",
        message=message,
        suspects=tuple(faults),
    )


def same_line(one: Box, two: Box) -> bool:
    """Whether two boxes stand on one line: they share more than half the height of the lower one."""
    return one.overlap_y(two) > 0.5 * min(one.height, two.height)


def pages_of(placed: Iterable[Placed]) -> list[int]:
    """The pages that pieces of evidence stand on, in order."""
    return sorted({p.page for p in placed})


def _float(value: Value) -> float:
    return float(value) if isinstance(value, _NUMBERS) else float("nan")
