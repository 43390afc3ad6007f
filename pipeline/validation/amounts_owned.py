"""Check kind `amounts_owned`: every amount of money on a page belongs to exactly one record, which says the same.

The amounts are looked for on the page anew and their places compared with the evidence of the records. An amount
belongs to the record of a table of amounts whose evidence covers it; standing in prose (a statement, a note, a heading)
it belongs to that text. One that nobody owns was lost or swallowed by a name; one with two owners was read twice. Of a
pair that stands side by side ("0.12 billion [0.09 billion]") both are records or none is. Rows
that share one printed amount are one owner. The owner's value, bounds and currency must be those of the amount as it is
read anew from its line, "a part of" included.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from operator import attrgetter

from pipeline.model import Amount, Box, Check, Document, Page, Place, Row
from pipeline.validation.by_height import ByHeight
from pipeline.validation.diagnosis import LooseAmount
from pipeline.validation.figures import FIGURE_KEYS, Tables, admitted, row_key
from pipeline.validation.messages import count
from pipeline.validation.on_pages import OnPages, look_up
from pipeline.validation.placed import Placed, place_evidence

MONEY_FIELDS = frozenset({"value", "printed"})
"""Fields of evidence that point at the amount itself."""

PROSE_FIELDS = frozenset({"text", "heading", "title", "label"})
"""Fields that hold running text, in which an amount may stand without being one of the deck's figures."""

_COVERED = 0.5
"""An amount is covered by evidence that has more than half of its area: boxes of neighbours touch, no more."""

SPACE = 1.0
"""A space between two amounts of a pair is no wider than so many line heights."""


@dataclass(frozen=True, slots=True)
class MoneyExpression:
    """An amount of money found on a page: its words, a box for each line that it stands on, and what it says.

    `amount` is None where only its place is known.
    """

    page: int
    boxes: tuple[Box, ...]
    printed: str
    amount: Amount | None = None


MoneyOnPage = Callable[[Page], Sequence[MoneyExpression]]


def amount_checks(
    tables: Tables, document: Document, money_on_page: MoneyOnPage, places: OnPages | None = None
) -> Iterator[Check]:
    """One check for each page with money on it, in page order.

    `places` are the same tables' and document's, where another check looks them up as well.
    """
    evidence = (look_up(tables, document) if places is None else places).evidence.by_page
    shared = _shared(tables)
    figures = _figures(tables)
    for page in document.pages:
        money = money_on_page(page)
        if money:
            yield _page_check(page, money, evidence.get(page.number, ()), shared, figures)


def loose_amounts(tables: Tables, document: Document, money_on_page: MoneyOnPage) -> tuple[LooseAmount, ...]:
    """The amounts on the pages that no record of money has and that stand in no text, in reading order."""
    evidence = place_evidence(tables).by_page
    found = []
    for page in document.pages:
        here = evidence.get(page.number, ())
        of_money, of_prose = _by_height(_of_money(here)), _by_height(_of_prose(here))
        for money in money_on_page(page):
            if money.amount is None or any(_owners(money, of_money)):
                continue
            if not any(_owners(money, of_prose)):
                found.append(_loose(money, money.amount))
    return tuple(found)


def _loose(money: MoneyExpression, amount: Amount) -> LooseAmount:
    box = money.boxes[0]
    where = (
        f'page {money.page} at {box.x0:.0f}, {box.top:.0f} to {box.x1:.0f}, {box.bottom:.0f}, printed "{money.printed}"'
    )
    interval = admitted(
        amount.lower,
        amount.upper,
        amount.unit,
        is_part_of=amount.is_part_of,
        is_approximate=amount.is_approximate,
    )
    return LooseAmount(where, amount.currency, interval)


def _page_check(
    page: Page,
    money: Sequence[MoneyExpression],
    evidence: Sequence[Placed],
    shared: Mapping[tuple[str, str], str],
    figures: Mapping[tuple[str, str], Row],
) -> Check:
    of_money, of_prose = _by_height(_of_money(evidence)), _by_height(_of_prose(evidence))
    pairs = _by_height(placed for placed in _of_money(evidence) if placed.table == "budget_amounts")
    words: dict[tuple[str, str], str] = {}
    for placed in evidence:
        if placed.field == "value":
            owner = placed.table, placed.key
            words[owner] = words.get(owner, "") + _bare(placed.printed)
    faults: list[str] = []
    suspects: list[Place] = []
    whole_amounts = [m for m in money if any(_owners(m, pairs))]
    for expression in money:
        owners = list(dict.fromkeys(_owners(expression, of_money)))
        distinct = {shared.get(owner, "/".join(owner)) for owner in owners}
        first = expression.boxes[0]
        at = f'"{expression.printed}" at {first.x0:.0f}, {first.top:.0f}'
        if len(distinct) == 1:
            for table, key in owners:
                # An amount that goes on in the next line is not whole here.
                whole = words.get((table, key)) == _bare(expression.printed)
                reason = _says_otherwise(figures.get((table, key), {}), expression.amount) if whole else ""
                if reason:
                    faults.append(f"{at} {reason}")
                    suspects.append(Place(table, key, f"{at} {reason}"))
            continue
        if not owners and any(_owners(expression, of_prose)):
            if any(_beside(expression, other) for other in whole_amounts):
                faults.append(f"{at} belongs to no record, the amount beside it does")
            continue
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


def _by_height(evidence: Iterable[Placed]) -> ByHeight[Placed]:
    return ByHeight(evidence, attrgetter("box"))


def _of_money(evidence: Sequence[Placed]) -> list[Placed]:
    return [placed for placed in evidence if placed.field in MONEY_FIELDS and placed.table in FIGURE_KEYS]


def _of_prose(evidence: Sequence[Placed]) -> list[Placed]:
    return [placed for placed in evidence if placed.field in PROSE_FIELDS]


def _owners(expression: MoneyExpression, evidence: ByHeight[Placed]) -> Iterator[tuple[str, str]]:
    """The records of which one field covers the expression."""
    area: dict[tuple[str, str, str], float] = {}
    whole = sum([b.width * b.height for b in expression.boxes])
    top, bottom = min([b.top for b in expression.boxes]), max([b.bottom for b in expression.boxes])
    for placed in evidence.crossing(top, bottom):
        box = placed.box
        if all(box.top >= b.bottom or box.bottom <= b.top for b in expression.boxes):
            continue
        covered = sum(max(0.0, box.overlap_x(b)) * max(0.0, box.overlap_y(b)) for b in expression.boxes)
        field = placed.table, placed.key, placed.field
        area[field] = area.get(field, 0.0) + covered
    for (table, key, _), covered in area.items():
        if covered > _COVERED * whole:
            yield table, key


def _beside(one: MoneyExpression, two: MoneyExpression) -> bool:
    """Whether two amounts stand side by side on a line with no more than a space between, as both of a pair do."""
    left, right = sorted((one.boxes[0], two.boxes[-1]), key=lambda b: b.x0)
    return left.overlap_y(right) > 0.5 * left.height and -left.overlap_x(right) <= SPACE * left.height


def _bare(text: str) -> str:
    return "".join(text.split())


def _figures(tables: Tables) -> Mapping[tuple[str, str], Row]:
    """The rows of money that were read from the page as they are: none that a person corrected."""
    corrected = {
        (row.get("table"), row.get("key")) for row in tables.get("evidence", ()) if row.get("correction") is not None
    }
    return {
        (table, key): row
        for table, columns in FIGURE_KEYS.items()
        # Labels of a chart are plain numbers on the chart's unit.
        if table != "budget_trend"
        for row in tables.get(table, ())
        if (table, key := row_key(row, columns)) not in corrected
    }


def _says_otherwise(row: Row, amount: Amount | None) -> str:
    """In which column a row differs from the amount that stands in its place; empty where in none."""
    if not row or amount is None:
        return ""
    columns: dict[str, object] = {"value": amount.value, "upper": amount.upper, "currency": amount.currency}
    # A shared amount is of each row only a part, whatever its words say.
    if not row.get("shared_amount_id"):
        columns["lower"] = amount.lower
        columns["is_part_of"] = amount.is_part_of
    wrong = [c for c, value in columns.items() if c in row and row[c] != value]
    return f"is noted with another {wrong[0]} ({row[wrong[0]]})" if wrong else ""


def _shared(tables: Tables) -> dict[tuple[str, str], str]:
    """For each row of an amount that several rows share, the name of that amount."""
    return {
        ("budget_amounts", row_key(row, FIGURE_KEYS["budget_amounts"])): f"shared {row['shared_amount_id']}"
        for row in tables.get("budget_amounts", ())
        if row.get("shared_amount_id")
    }
