"""Tables of a small deck, written by hand or made from a truth file, for the tests of validation."""

from __future__ import annotations

import json
import re
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from pipeline.model import Row

SHARED = Path(__file__).parents[2].parent / "shared"
NAMES = ("japan-2025", "sample-2026", "sample-2027", "fy2025-supplementary")

_UNITS = {
    "billion": Decimal(10) ** 9,
    "million": Decimal(10) ** 6,
    "億": Decimal(10) ** 8,
}
_NUMBER = re.compile(r"([\d,]+(?:\.\d+)?)\s*(billion|million|億)")

Tables = dict[str, list[Row]]


def slug(text: str) -> str:
    """A key made of a name."""
    return re.sub(r"[^\w]+", "-", text.casefold()).strip("-")


def money(printed: str, *, part: bool = False, currency: str = "USD") -> Row:
    """The columns of an amount as printed: `1.3 billion`, `502億`."""
    match = _NUMBER.search(printed)
    assert match is not None
    number, unit = Decimal(match.group(1).replace(",", "")), _UNITS[match.group(2)]
    step = unit.scaleb(int(number.as_tuple().exponent))
    value = number * unit
    lower, upper = (Decimal(0) if part else value - step / 2), value + step / 2
    return {
        "value": value,
        "lower": lower,
        "upper": upper,
        "is_part_of": part,
        "currency": currency,
        "printed": printed,
    }


def amount(kind: str, subject: str, budget: str, year: int, printed: str, **options: Any) -> Row:
    """One row of `budget_amounts`."""
    row: Row = {"subject_type": kind, "subject_id": subject, "budget": budget, "fiscal_year": year, "stage": None}
    extra = {key: value for key, value in options.items() if key == "shared_amount_id"}
    known = {key: value for key, value in options.items() if key != "shared_amount_id"}
    return {**row, **money(printed, **known), "is_approximate": False, "shared_amount_id": None, **extra}


def stated(key: str, page: int, year: int, budget: str, printed: str, *, around: bool = False, **options: Any) -> Row:
    """One row of `stated_figures`."""
    columns = money(printed, **options)
    columns.pop("is_part_of")
    row: Row = {"figure_id": key, "page": page, "label": key, "fiscal_year": year, "budget": budget, "stage": None}
    return {**row, **columns, "is_approximate": around}


def bar(year: int, budget: str, printed: str, height: str | None) -> Row:
    """One row of `budget_trend`; `height` is what the bar's height says, in units of the currency."""
    columns = money(printed)
    columns.pop("is_part_of")
    row: Row = {"fiscal_year": year, "budget": budget, "series": budget}
    return {**row, **columns, "bar_value": None if height is None else Decimal(height)}


def item(key: str, category: str, parent: str | None = None) -> Row:
    """One row of `budget_items`, named by its key."""
    return {
        "item_id": key,
        "category_id": category,
        "category": category,
        "group": "Group",
        "parent_item_id": parent,
        "name": key,
        "is_new": False,
        "is_ai_safety": False,
        "page": 4,
        "column": 0,
        "position": 0,
    }


def slides(kinds: dict[int, str]) -> list[Row]:
    """The table `slides`, without words."""
    return [
        {
            "page": page,
            "kind": kind,
            "title": kind,
            "words": 0,
            "words_used": 0,
            "words_furniture": 0,
            "words_unaccounted": 0,
            "furniture": None,
        }
        for page, kind in kinds.items()
    ]


def truth_tables(name: str) -> Tables:
    """The tables that a deck's truth file says it holds; skips where the file is not at hand."""
    path = SHARED / "truth" / f"{name}.truth.json"
    if not path.is_file():
        pytest.skip("the truth files stand in the folder `shared` beside the project, which is not here")
    truth = json.loads(path.read_text(encoding="utf-8"))
    years = {figure["budget"]: figure["fiscal_year"] for figure in truth["stated"][:2][::-1]}
    tables: Tables = {
        "slides": slides({4: "major_budgets", 5: "budget_trends"}),
        "stated_figures": [_stated(figure) for figure in truth["stated"]],
        "budget_categories": [],
        "budget_items": [],
        "budget_amounts": [],
        "budget_trend": [
            bar(figure["fiscal_year"], figure["budget"], f"{Decimal(str(figure['value'])) / 10**9} billion", None)
            for figure in truth["trend"]
        ],
        "notes": [
            {"note_id": f"note-{n}", "number": note["number"], "mark": None, "page": 4, "text": note["text"]}
            for n, note in enumerate(truth["notes"])
        ],
    }
    keys: dict[str, str] = {}
    for category in truth["categories"]:
        key = keys[category["category"]] = slug(category["category"])
        tables["budget_categories"].append({"category_id": key, "page": 4, "category": category["category"]})
        tables["budget_amounts"] += _amounts("category", key, category, years)
    parents = {entry["name"]: slug(entry["name"]) for entry in truth["items"]}
    for entry in truth["items"]:
        key = slug(entry["name"])
        parent = parents.get(entry["parent"]) if entry["parent"] else None
        tables["budget_items"].append({**item(key, keys[entry["category"]], parent), "name": entry["name"]})
        tables["budget_amounts"] += _amounts("item", key, entry, years)
    if truth.get("infrastructure_note"):
        tables["budget_amounts"] += _amounts("note", "note-2", truth["infrastructure_note"], years)
    return tables


def _amounts(kind: str, key: str, entry: dict[str, Any], years: dict[str, int]) -> list[Row]:
    return [
        amount(kind, key, budget, years[budget], found["printed"], part=found["is_part_of"], currency=found["currency"])
        for budget in ("initial", "supplementary")
        if (found := entry.get(budget))
    ]


def _stated(figure: dict[str, Any]) -> Row:
    value, currency = Decimal(str(figure["value"])), figure["currency"]
    unit, name = (Decimal(10) ** 9, "billion") if currency == "USD" else (Decimal(10) ** 8, "億")
    number = (value / unit).normalize()
    around = "around" in figure["label"]
    return stated(
        slug(figure["label"]),
        5 if around else 4,
        figure["fiscal_year"],
        figure["budget"],
        f"{number:f} {name}",
        around=around,
        currency=currency,
    )
