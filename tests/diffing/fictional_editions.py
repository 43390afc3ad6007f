"""Small editions of a deck that does not exist, and Hypothesis strategies for such editions."""

from __future__ import annotations

import random
from decimal import Decimal
from typing import TYPE_CHECKING

from hypothesis import strategies as st

from pipeline.diffing import EditionRows

if TYPE_CHECKING:
    from pipeline.model import Row, Value

CATEGORIES = ("Harbours", "Forests")
GROUPS = ("Dredging", "Planting", "Signals & lights")
NAMES = (
    "Support for coastal pilots",
    "Assistance for coastal pilots",
    "Beech renewal programme, phase 1",
    "Beech renewal programme, phase 2",
    "Study on tidal gauges",
    "Study on tidal charts",
    "Lighthouse automation",
    "灯台の自動化の推進",
    "灯台の自動化の支援",
    "=SUM(A1)",
)


def item(name: str, category: str = "Harbours", group: str = "Dredging", **more: Value) -> Row:
    """A budget item; its key follows from group and name."""
    key = f"{group}/{name}".lower().replace(" ", "-")
    row: Row = {"item_id": key, "category_id": category.lower(), "category": category, "group": group}
    row |= {"parent_item_id": None, "name": name, "is_new": False, "is_ai_safety": False, "page": 4, "position": 0}
    return row | more


def amount(
    subject: str, value: str, step: str, *, budget: str = "initial", year: int = 2031, kind: str = "item",
    part: bool = False, currency: str = "USD",
) -> Row:  # fmt: skip
    """An amount of `value`, printed to the digit `step`."""
    v, half = Decimal(value), Decimal(step) / 2
    return {
        "subject_type": kind, "subject_id": subject, "budget": budget, "fiscal_year": year, "stage": None, "value": v,
        "lower": Decimal(0) if part else v - half, "upper": v + half, "is_part_of": part, "currency": currency,
        "printed": f"{value}",
    }  # fmt: skip


def category(name: str) -> Row:
    """A budget category; its key is its name in lower case."""
    return {"category_id": name.lower(), "page": 4, "category": name, "position": 0}


def edition(year: int, items: list[Row], amounts: list[Row] | None = None, **tables: list[Row]) -> EditionRows:
    """An edition of these items; its categories are those that the items name."""
    found = {row["category"] for row in items}
    categories = [category(str(name)) for name in sorted(map(str, found))]
    rows = {"budget_categories": categories, "budget_items": items, "budget_amounts": amounts or []}
    return EditionRows("fictional", str(year), rows | tables)


@st.composite
def editions(draw: st.DrawFn, year: int) -> EditionRows:
    """An edition with some of the names, each under one heading, in any order, with amounts, notes and evidence."""
    chosen = draw(st.lists(st.sampled_from(NAMES), max_size=6, unique=True))
    items: list[Row] = []
    amounts: list[Row] = []
    for position, name in enumerate(chosen):
        row = item(name, draw(st.sampled_from(CATEGORIES)), draw(st.sampled_from(GROUPS)), position=position)
        row["is_new"] = draw(st.booleans())
        items.append(row)
        if draw(st.booleans()):
            value, step = draw(st.sampled_from([("4000000", "100000"), ("1200000000", "100000000"), ("7", "1")]))
            amounts.append(amount(str(row["item_id"]), value, step, year=year, part=draw(st.booleans())))
    texts = draw(st.lists(st.sampled_from(["Amounts are rounded.", f"Supplementary of FY{year}", "x"]), unique=True))
    notes: list[Row] = [{"note_id": f"n{n}", "number": n, "page": 1, "text": text} for n, text in enumerate(texts)]
    evidence: list[Row] = [
        {"table": "notes", "key": row["note_id"], "field": "text", "part": 0, "x0": draw(st.integers(0, 9))}
        for row in notes
    ]
    tables = {"notes": notes, "evidence": evidence}
    if draw(st.booleans()):
        tables["residue"] = [{"page": 1, "text": "stray"}, {"page": 1, "text": "stray"}]
    return edition(year, items, amounts, **tables)


def shuffled(rows: EditionRows, seed: int) -> EditionRows:
    """The same edition with the rows of each table in another order."""
    order = random.Random(seed)  # noqa: S311
    tables = {name: order.sample(table, len(table)) for name, table in rows.tables.items()}
    return EditionRows(rows.deck, rows.edition, tables)
