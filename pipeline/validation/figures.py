"""Rows of money as figures: what each admits, and which rows a check sentence means.

A `Figure` is one row of a table of amounts with its interval; `Ledger` is everything about the tables that telling the
parts of a total takes: slides, categories, items and their sub-items, notes, and where each row stands on the page.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING

from pipeline.model import Row, Value
from pipeline.validation.intervals import EXACT, TWO, ZERO, Interval, widen
from pipeline.values import value

if TYPE_CHECKING:
    from pipeline.check_sentences import FigureSelector

Tables = Mapping[str, Sequence[Row]]

FIGURE_KEYS: Mapping[str, tuple[str, ...]] = {
    "budget_amounts": ("subject_type", "subject_id", "budget"),
    "stated_figures": ("figure_id",),
    "budget_trend": ("fiscal_year", "budget"),
}
"""Primary keys of the tables of amounts, from the contract."""

_SPACES = re.compile(r"\s+")
_FRACTION = re.compile(r"\d[.．]\d")


@value()
class Figure:
    """One row of `table`, its `index`-th, as a figure.

    `step` is the worth of the last printed digit, in units of the currency (None where the row does not tell). The
    subject's columns are empty for tables without subjects. `shared` names an amount that several rows share.
    """

    table: str
    index: int
    key: str
    page: int | None
    label: str
    value: Decimal
    interval: Interval
    step: Decimal | None
    currency: str
    fiscal_year: Value
    budget: Value
    stage: Value
    subject_type: str
    subject_id: str
    printed: str
    is_part_of: bool
    is_approximate: bool
    shared: str


@value(slots=False)
class Ledger:
    """The tables of one deck, indexed for the checks. Rows keep their reading order everywhere."""

    tables: Tables
    figures: Mapping[str, tuple[Figure, ...]]
    slide_kinds: Mapping[int, str]
    categories: Mapping[str, Row]
    items: Mapping[str, Row]
    children: Mapping[str, tuple[str, ...]]
    notes: Mapping[str, Row]
    amounts_of_items: Mapping[str, tuple[Figure, ...]]
    printed_at: Mapping[tuple[str, str], tuple[int, str, str]]


def row_key(row: Row, columns: Sequence[str]) -> str:
    """The row's primary key as one string, its columns joined by `/`: the `key` of evidence and of places."""
    return "/".join(["" if (part := row.get(column)) is None else str(part) for column in columns])


def folded(text: str) -> str:
    """For comparing words: without differences of case, width and spacing."""
    return _SPACES.sub("", unicodedata.normalize("NFKC", text)).casefold()


def read_ledger(tables: Tables) -> Ledger:
    """Index `tables` (contract columns, money as Decimal; tables that are absent count as empty)."""
    categories = _by_key(tables.get("budget_categories", ()), "category_id")
    items = _by_key(tables.get("budget_items", ()), "item_id")
    notes = _by_key(tables.get("notes", ()), "note_id")
    children: dict[str, list[str]] = {}
    for item_id, item in items.items():
        children.setdefault(_text(item.get("parent_item_id")), []).append(item_id)
    subjects: Mapping[str, Mapping[str, Row]] = {"category": categories, "item": items, "note": notes}
    figures = {
        table: tuple(
            read_figure(table, index, row, subjects)
            for index, row in enumerate(tables.get(table, ()))
            if isinstance(row.get("value"), Decimal)
        )
        for table in FIGURE_KEYS
    }
    amounts_of_items: dict[str, list[Figure]] = {}
    for figure in figures["budget_amounts"]:
        if figure.subject_type == "item":
            amounts_of_items.setdefault(figure.subject_id, []).append(figure)
    return Ledger(
        tables=tables,
        figures=figures,
        slide_kinds={
            page: _text(row.get("kind")) for row in tables.get("slides", ()) if isinstance(page := row.get("page"), int)
        },
        categories=categories,
        items=items,
        children={parent: tuple(listed) for parent, listed in children.items() if parent},
        notes=notes,
        amounts_of_items={item_id: tuple(listed) for item_id, listed in amounts_of_items.items()},
        printed_at=_printed_at(tables.get("evidence", ())),
    )


def read_figure(table: str, index: int, row: Row, subjects: Mapping[str, Mapping[str, Row]]) -> Figure:
    """One row as a figure. `subjects` gives the rows of categories, items and notes by their keys."""
    value = _decimal(row, "value") or ZERO
    lower, upper = _decimal(row, "lower"), _decimal(row, "upper")
    step = _step(value, lower, upper)
    is_part_of, is_approximate = row.get("is_part_of") is True, row.get("is_approximate") is True
    kind, subject_id = _text(row.get("subject_type")), _text(row.get("subject_id"))
    subject = subjects.get(kind, {}).get(subject_id, {})
    page = row.get("page") if "page" in row else subject.get("page")
    return Figure(
        table=table,
        index=index,
        key=row_key(row, FIGURE_KEYS[table]),
        page=page if isinstance(page, int) else None,
        label=_label(table, row, kind, subject),
        value=value,
        interval=admitted(lower, upper, step, is_part_of=is_part_of, is_approximate=is_approximate),
        step=step,
        currency=_text(row.get("currency")),
        fiscal_year=row.get("fiscal_year"),
        budget=row.get("budget"),
        stage=row.get("stage"),
        subject_type=kind,
        subject_id=subject_id,
        printed=_text(row.get("printed")),
        is_part_of=is_part_of,
        is_approximate=is_approximate,
        shared=_text(row.get("shared_amount_id")),
    )


def admitted(
    lower: Decimal | None, upper: Decimal | None, step: Decimal | None, *, is_part_of: bool, is_approximate: bool
) -> Interval:
    """What a row's bounds admit.

    Of "a part of X" nothing is known but (0, upper]. "Around" doubles the rounding interval, half a step more on each
    side: so much is said by a writer who finds it worth saying, and a figure two steps away still contradicts it.
    """
    if lower is not None and upper is not None and lower > upper:
        # That such a row is wrong is for the check of the columns to say.
        lower, upper = upper, lower
    open_below = is_part_of and lower == ZERO and (upper is None or upper > ZERO)
    interval = Interval(lower, upper, lower_open=open_below)
    # "Up to" and "over" are marked as approximate too; their one-sided bounds already say all.
    one_sided = lower is None or upper is None or EXACT.subtract(upper, lower) != step
    if not is_approximate or step is None or (one_sided and not open_below):
        return interval
    widened = widen(interval, EXACT.multiply(step, Decimal("0.5")))
    return Interval(ZERO, widened.upper, lower_open=True) if open_below else widened


def as_coarse_as_printed(figure: Figure) -> Interval:
    """What a figure admits where the zeros that a whole number ends in may stand for digits that were rounded away."""
    if not figure.step or not figure.value or figure.is_part_of or _FRACTION.search(figure.printed):
        return figure.interval
    digits = f"{abs(figure.value) / figure.step:f}".partition(".")[0]
    zeros = len(digits) - len(digits.rstrip("0"))
    half_more = EXACT.multiply(EXACT.subtract(figure.step.scaleb(zeros), figure.step), Decimal("0.5"))
    return widen(figure.interval, half_more)


def select(ledger: Ledger, selector: FigureSelector) -> tuple[Figure, ...]:
    """The figures that a selector of a check sentence means, in reading order."""
    return tuple(
        figure
        for figure in ledger.figures[selector.table]
        if (selector.subject_type is None or figure.subject_type == selector.subject_type)
        and (selector.budget is None or figure.budget == selector.budget)
        and (selector.slide is None or ledger.slide_kinds.get(figure.page or 0) == selector.slide)
    )


def group_of(figure: Figure, by: Sequence[str]) -> tuple[Value, ...]:
    """What a figure must share with others to be compared: the columns in `by`, and always its currency."""
    columns: Mapping[str, Value] = {
        "fiscal_year": figure.fiscal_year,
        "budget": figure.budget,
        "stage": figure.stage,
    }
    return (*(columns[c] for c in by), figure.currency)


def slug(group: Sequence[Value]) -> str:
    """The group's columns, without the currency, for a check's id: `2025-initial`."""
    return "-".join(str(v) if v is not None else "none" for v in group[:-1])


def where_printed(ledger: Ledger, figure: Figure) -> str:
    """Page, box and printed words of a figure, from its evidence where there is some."""
    page, box, printed = ledger.printed_at.get((figure.table, figure.key), (figure.page, "", figure.printed))
    place = f"page {page}{box}" if page is not None else "page not known"
    return f'{place}, printed "{printed}"' if printed else place


def _label(table: str, row: Row, kind: str, subject: Row) -> str:
    if table == "stated_figures":
        return _text(row.get("label"))
    if table == "budget_trend":
        return "the chart"
    if kind == "note":
        number = subject.get("number")
        return f"Note {number}" if number is not None else "a note"
    return _text(subject.get("name" if kind == "item" else "category"))


def _step(value: Decimal, lower: Decimal | None, upper: Decimal | None) -> Decimal | None:
    if upper is not None and upper > value:
        return EXACT.multiply(EXACT.subtract(upper, value), TWO)
    if lower is not None and lower < value:
        return EXACT.multiply(EXACT.subtract(value, lower), TWO)
    return None


def _printed_at(evidence: Iterable[Row]) -> dict[tuple[str, str], tuple[int, str, str]]:
    """Where each row's money stands: its `printed` field, else its `value`; several parts are joined, the box is the first's."""
    found: dict[tuple[str, str, str], list[Row]] = {}
    for row in evidence:
        if row.get("field") in ("printed", "value"):
            found.setdefault((_text(row.get("table")), _text(row.get("key")), _text(row.get("field"))), []).append(row)
    places: dict[tuple[str, str], tuple[int, str, str]] = {}
    for (table, key, field), rows in found.items():
        page = rows[0].get("page")
        if isinstance(page, int) and (field == "printed" or (table, key) not in places):
            places[table, key] = (page, box_words(rows[0]), " ".join(_text(r.get("printed")) for r in rows))
    return places


def box_words(row: Row) -> str:
    """The box of a row of evidence in words, to the point: ` at 243, 92 to 307, 100`; empty where it has none."""
    edges = [row.get(edge) for edge in ("x0", "top", "x1", "bottom")]
    if not all(isinstance(edge, Decimal) for edge in edges):
        return ""
    x0, top, x1, bottom = (f"{edge:.0f}" for edge in edges)
    return f" at {x0}, {top} to {x1}, {bottom}"


def _by_key(rows: Iterable[Row], column: str) -> dict[str, Row]:
    return {_text(row.get(column)): row for row in rows}


def _decimal(row: Row, column: str) -> Decimal | None:
    value = row.get(column)
    return value if isinstance(value, Decimal) else None


def _text(value: Value) -> str:
    return "" if value is None else str(value)
