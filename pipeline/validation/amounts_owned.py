"""Check kind `amounts_owned`: every amount of money on a page belongs to exactly one record.

The amounts are looked for on the page anew and their places compared with the evidence of the records. An amount
belongs to the record of a table of amounts whose evidence covers it; standing in prose (a statement, a note, a heading)
it belongs to that text. One that nobody owns was lost or swallowed by a name; one with two owners was read twice. Rows
that share one printed amount are one owner.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from pipeline.model import Box, Check, Document, Page, Place, Row
from pipeline.validation.evidence_inside import evidence_box
from pipeline.validation.figures import FIGURE_KEYS, Tables, row_key
from pipeline.validation.messages import count

MONEY_FIELDS = frozenset({"value", "printed"})
"""Fields of evidence that point at the amount itself."""

PROSE_FIELDS = frozenset({"text", "heading", "title", "label"})
"""Fields that hold running text, in which an amount may stand without being one of the deck's figures."""

_COVERED = 0.5
"""An amount is covered by evidence that has more than half of its area: boxes of neighbours touch, no more."""


@dataclass(frozen=True, slots=True)
class MoneyExpression:
    """An amount of money found on a page: its words, and a box for each line that it stands on."""

    page: int
    boxes: tuple[Box, ...]
    printed: str


MoneyOnPage = Callable[[Page], Sequence[MoneyExpression]]


def amount_checks(tables: Tables, document: Document, money_on_page: MoneyOnPage) -> Iterator[Check]:
    """One check for each page with money on it, in page order."""
    evidence: dict[int, list[Row]] = {}
    for row in tables.get("evidence", ()):
        page_number = row.get("page")
        if isinstance(page_number, int):
            evidence.setdefault(page_number, []).append(row)
    shared = _shared(tables)
    for page in document.pages:
        money = money_on_page(page)
        if money:
            yield _page_check(page, money, evidence.get(page.number, []), shared)


def _page_check(
    page: Page, money: Sequence[MoneyExpression], evidence: Sequence[Row], shared: Mapping[tuple[str, str], str]
) -> Check:
    boxes = [(row, evidence_box(row)) for row in evidence]
    faults: list[str] = []
    suspects: list[Place] = []
    for expression in money:
        owners = list(dict.fromkeys(_owners(expression, boxes, MONEY_FIELDS, FIGURE_KEYS)))
        distinct = {shared.get(owner, "/".join(owner)) for owner in owners}
        if len(distinct) == 1 or (not owners and any(_owners(expression, boxes, PROSE_FIELDS, None))):
            continue
        first = expression.boxes[0]
        at = f'"{expression.printed}" at {first.x0:.0f}, {first.top:.0f}'
        faults.append(f"{at} belongs to {count(len(distinct), 'record') if distinct else 'no record'}")
        suspects += [Place(table, key, f"one of several that claim {at}") for table, key in owners]
    message = f"Page {page.number}: {count(len(money), 'amount')} of money"
    message += f"; {'; '.join(faults)}: inconsistent." if faults else ", each of one record: consistent."
    return Check(
        check_id=f"amounts_owned/page-{page.number}",
        kind="amounts_owned",
        subject=f"page {page.number}",
        verdict="inconsistent" if faults else "consistent",
        message=message,
        suspects=tuple(suspects),
    )


def _owners(
    expression: MoneyExpression,
    evidence: Iterable[tuple[Row, Box]],
    fields: frozenset[str],
    tables: Mapping[str, object] | None,
) -> Iterator[tuple[str, str]]:
    """The records of which one field covers the expression; `tables` of None is any table."""
    area: dict[tuple[str, str, str], float] = {}
    whole = sum(b.width * b.height for b in expression.boxes)
    for row, box in evidence:
        table, key, field = str(row.get("table")), str(row.get("key")), str(row.get("field"))
        if field in fields and (tables is None or table in tables):
            covered = sum(max(0.0, box.overlap_x(b)) * max(0.0, box.overlap_y(b)) for b in expression.boxes)
            area[table, key, field] = area.get((table, key, field), 0.0) + covered
    for (table, key, _), covered in area.items():
        if covered > _COVERED * whole:
            yield table, key


def _shared(tables: Tables) -> dict[tuple[str, str], str]:
    """For each row of an amount that several rows share, the name of that amount."""
    return {
        ("budget_amounts", row_key(row, FIGURE_KEYS["budget_amounts"])): f"shared {row['shared_amount_id']}"
        for row in tables.get("budget_amounts", ())
        if row.get("shared_amount_id")
    }
