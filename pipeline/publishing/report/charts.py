"""The budget as bars and the trend as columns, worked out so that the page has only to draw them.

Lengths are per cent of the longest bar they are compared with. Every bar names the rows it stands for.
"""

from __future__ import annotations

from collections import defaultdict
from decimal import ROUND_CEILING, Decimal
from typing import TYPE_CHECKING

from pipeline.publishing.report.money import share, short_money

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from pipeline.model import Check
    from pipeline.publishing.report.rows import NumberedRow, RowIndex

Json = dict[str, object]

_TICKS = 5
"""A scale has about so many steps."""
_NICE_STEPS = (Decimal(1), Decimal(2), Decimal("2.5"), Decimal(5), Decimal(10))
_MARGIN = Decimal("0.12")
"""So much of an interval's drawing is left free at either side."""


def budget_bars(index: RowIndex) -> list[Json]:
    """Give a card for each category: its stated amounts, and what the amounts of the items of each group add up to.

    The amounts of categories share one scale for each currency, the groups of a category have their own. An amount
    printed as a part of another is counted, not drawn: only an upper bound of it is known. An amount that several rows
    share is drawn once; the sub-items of an item that has an amount of the same budget are in that amount already.
    """
    amounts = _amounts_by_subject(index)
    categories = index.of_table("budget_categories")
    largest: dict[str, Decimal] = defaultdict(Decimal)
    for category in categories:
        for amount in amounts.get(category.number, ()):
            currency = str(amount.row["currency"])
            largest[currency] = max(largest[currency], _value(amount))
    items: dict[str, list[NumberedRow]] = defaultdict(list)
    for item in index.of_table("budget_items"):
        items[str(item.row.get("category_id"))].append(item)
    return [
        {
            "row": category.number,
            "title": category.label,
            "stated": [
                {
                    "row": a.number,
                    "budget": budget_title(a),
                    "kind": a.row["budget"],
                    "text": short_money(_value(a), str(a.row["currency"])),
                    "length": share(_value(a), largest[str(a.row["currency"])]),
                }
                for a in amounts.get(category.number, ())
            ],
            "groups": _groups(items.get(category.key, ()), amounts, index),
        }
        for category in categories
    ]


def _amounts_by_subject(index: RowIndex) -> dict[int, list[NumberedRow]]:
    found: dict[int, list[NumberedRow]] = defaultdict(list)
    for amount in index.of_table("budget_amounts"):
        if amount.owner is not None:
            found[amount.owner].append(amount)
    return found


def _groups(items: Iterable[NumberedRow], amounts: Mapping[int, Sequence[NumberedRow]], index: RowIndex) -> list[Json]:
    bars: dict[tuple[str, str, str], list[NumberedRow]] = defaultdict(list)
    parts: dict[tuple[str, str, str], int] = defaultdict(int)
    first: dict[str, int] = {}
    shared: set[object] = set()
    for item in items:
        group = str(item.row.get("group") or "")
        first.setdefault(group, item.number)
        for amount in amounts.get(item.number, ()):
            place = (group, budget_title(amount), str(amount.row["currency"]))
            mark = amount.row.get("shared_amount_id")
            if _in_parent(item, amount, amounts, index) or (mark is not None and (mark, place[1]) in shared):
                continue
            shared.add((mark, place[1]))
            if amount.row.get("is_part_of") is True:
                parts[place] += 1
            else:
                bars[place].append(amount)
    places = list(dict.fromkeys([*bars, *parts]))
    sums = {place: sum((_value(a) for a in bars[place]), Decimal()) for place in places}
    longest = max(sums.values(), default=Decimal())
    return [
        {
            "row": row,
            "title": group,
            "bars": [
                {
                    "budget": place[1],
                    "text": short_money(sums[place], place[2]) if bars[place] else "",
                    "parts": parts[place],
                    "pieces": [
                        {
                            "row": a.number,
                            "kind": a.row["budget"],
                            "length": share(_value(a), longest),
                            "text": f"{a.label}: {short_money(_value(a), place[2])}",
                        }
                        for a in bars[place]
                    ],
                }
                for place in sorted(places)
                if place[0] == group
            ],
        }
        for group, row in first.items()
    ]


def _in_parent(
    item: NumberedRow, amount: NumberedRow, amounts: Mapping[int, Sequence[NumberedRow]], index: RowIndex
) -> bool:
    parent = index.number("budget_items", str(item.row.get("parent_item_id")))
    if parent is None or index.rows[parent].row.get("category_id") != item.row.get("category_id"):
        return False
    return any(a.row["budget"] == amount.row["budget"] for a in amounts.get(parent, ()))


def budget_title(amount: NumberedRow) -> str:
    """Name the budget of an amount: "Initial FY2025"."""
    year = amount.row.get("fiscal_year")
    return f"{str(amount.row['budget']).capitalize()} FY{year}" if year else str(amount.row["budget"]).capitalize()


def trend_columns(index: RowIndex) -> list[Json]:
    """Give a chart for each currency of `budget_trend`: a column a fiscal year, its budgets one on the other.

    `length` is the printed figure, `measured` what the bar's height on the page says (None where it was not measured).
    """
    by_currency: dict[str, list[NumberedRow]] = defaultdict(list)
    for point in index.of_table("budget_trend"):
        by_currency[str(point.row["currency"])].append(point)
    charts: list[Json] = []
    for currency, points in by_currency.items():
        years: dict[object, list[NumberedRow]] = defaultdict(list)
        for point in points:
            years[point.row["fiscal_year"]].append(point)
        ticks = scale_ticks(max(sum((max(_value(p), Decimal()) for p in ps), Decimal()) for ps in years.values()))
        charts.append(
            {
                "currency": currency,
                "pages": sorted({p.page for p in points if p.page is not None}),
                "ticks": [{"at": share(t, ticks[-1]), "text": short_money(t, like=ticks[-1])} for t in ticks],
                "columns": [
                    {
                        "title": f"FY{year}",
                        "pieces": [
                            {
                                "row": p.number,
                                "kind": p.row["budget"],
                                "series": str(p.row.get("series") or p.row["budget"]),
                                "text": short_money(_value(p), like=ticks[-1]),
                                "length": share(_value(p), ticks[-1]),
                                "measured": _measured(p, ticks[-1]),
                            }
                            for p in listed
                        ],
                    }
                    for year, listed in sorted(years.items(), key=lambda entry: str(entry[0]))
                ],
            }
        )
    return charts


def scale_ticks(largest: Decimal) -> list[Decimal]:
    """Give the marks of a scale from 0 to at least `largest`, a round number apart."""
    if largest <= 0:
        return [Decimal(0), Decimal(1)]
    rough = largest / _TICKS
    power = Decimal(1).scaleb(rough.adjusted())
    step = next(n * power for n in _NICE_STEPS if n * power >= rough)
    count = int((largest / step).to_integral_value(ROUND_CEILING))
    return [step * n for n in range(count + 1)]


def interval_drawing(check: Check) -> Json | None:
    """Place what a check states and what its parts admit on one line, in per cent; None where nothing is to place.

    An end that is open is None and reaches the edge of the drawing.
    """
    if check.stated is None or (check.lower is None and check.upper is None):
        return None
    ends = [v for v in (check.stated, check.lower, check.upper) if v is not None]
    width = max(ends) - min(ends) or abs(check.stated) or Decimal(1)
    left = min(ends) - width * _MARGIN
    whole = max(ends) + width * _MARGIN - left
    return {
        "stated": share(check.stated - left, whole),
        "lower": None if check.lower is None else share(check.lower - left, whole),
        "upper": None if check.upper is None else share(check.upper - left, whole),
    }


def _measured(point: NumberedRow, whole: Decimal) -> float | None:
    value = point.row.get("bar_value")
    return share(value, whole) if isinstance(value, Decimal) else None


def _value(amount: NumberedRow) -> Decimal:
    value = amount.row["value"]
    return value if isinstance(value, Decimal) else Decimal(str(value))
