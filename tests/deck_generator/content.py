"""What a fictional deck says, apart from how it looks, and the truth a careful person would read off it."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any


@dataclass(frozen=True)
class Money:
    """An amount: `value` is the printed figure in units of the currency, `printed` its words without brackets."""

    value: Decimal
    printed: str
    is_part_of: bool = False
    currency: str = "USD"


@dataclass(frozen=True)
class Item:
    """A programme of the budget slide. An item with `children` is an umbrella and has no amount of its own."""

    name: str
    is_new: bool = False
    is_ai_safety: bool = False
    initial: Money | None = None
    supplementary: Money | None = None
    children: tuple[Item, ...] = ()
    organizations: tuple[str, ...] = ()


@dataclass(frozen=True)
class Group:
    """Items under one head; `name` is empty where a category has no groups."""

    name: str
    items: tuple[Item, ...]


@dataclass(frozen=True)
class Category:
    """A category with its printed amounts. Its list is partial: they are at least those of its items."""

    name: str
    initial: Money | None
    supplementary: Money | None
    groups: tuple[Group, ...]


@dataclass(frozen=True)
class Measure:
    """A measure and its sub-measures, ministries in brackets included."""

    text: str
    children: tuple[str, ...] = ()


@dataclass(frozen=True)
class MeasureGroup:
    """Measures under one underlined or bold head; `name` is empty where the pillar has no groups."""

    name: str
    measures: tuple[Measure, ...]


@dataclass(frozen=True)
class Pillar:
    """One pillar of the policy framework."""

    name: str
    groups: tuple[MeasureGroup, ...]


@dataclass(frozen=True)
class Statement:
    """Prose under a heading. Each paragraph stands on a line of its own."""

    heading: str
    paragraphs: tuple[str, ...]


@dataclass(frozen=True)
class BillRow:
    """A row of the bill's table: one cell a provision where `bulleted` is false, else one cell with a bullet each."""

    section: str
    provisions: tuple[str, ...]
    bulleted: bool = True


@dataclass(frozen=True)
class Point:
    """One bar of the chart. `printed` is its label in the chart's unit of a billion."""

    fiscal_year: int
    budget: str
    value: Decimal


@dataclass(frozen=True)
class DeckContent:
    """Everything the deck says. `year` is the fiscal year of the draft budget."""

    year: int
    titles: dict[str, str]
    top_statements: tuple[Statement, ...]
    council: Statement
    pillars: tuple[Pillar, ...]
    necessity: BillRow
    bill_rows: tuple[BillRow, ...]
    bill_box: BillRow
    institute: tuple[str, ...]
    director: Statement
    ministries: tuple[str, ...]
    organizations: tuple[str, ...]
    budget_statement: str
    categories: tuple[Category, ...]
    total_initial: Decimal
    total_supplementary: Decimal
    infrastructure: tuple[Money, Money]
    notes: tuple[str, ...]
    last_initial: Decimal
    trend: tuple[Point, ...]
    extra: Statement | None


def stated_lines(content: DeckContent) -> tuple[str, str]:
    """Give the two stated figures of the budget slide, as printed."""
    return (
        f"Draft budget for FY{content.year} : USD {content.total_initial} billion",
        f"Supplemental budget for FY{content.year - 1} : USD {content.total_supplementary} billion",
    )


def trend_sentences(content: DeckContent) -> tuple[str, str]:
    """Give the two sentences above the chart, as printed."""
    return (
        f"Draft budget for FY{content.year} is around USD {content.total_initial} billion.",
        f"Budget for FY{content.year - 1} is around USD {content.last_initial} billion.",
    )


@dataclass(frozen=True)
class BudgetSlide:
    """What the budget slide says, whatever its language."""

    stated: tuple[str, ...]
    statement: str
    categories: tuple[Category, ...]
    notes: tuple[str, ...]


def budget_slide(content: DeckContent) -> BudgetSlide:
    """Give the part of the deck that stands on the budget slide."""
    return BudgetSlide(stated_lines(content), content.budget_statement, content.categories, content.notes)


def money_row(amount: Money | None) -> dict[str, Any] | None:
    """Give the truth of an amount."""
    if amount is None:
        return None
    return {
        "value": float(amount.value),
        "currency": amount.currency,
        "is_part_of": amount.is_part_of,
        "printed": amount.printed,
    }


def item_rows(category: Category) -> list[dict[str, Any]]:
    """Give the truth of a category's items, in reading order."""
    rows = []
    for group in category.groups:
        for item in group.items:
            for parent, one in ((None, item), *((item.name, child) for child in item.children)):
                row: dict[str, Any] = {
                    "category": category.name,
                    "group": group.name,
                    "parent": parent,
                    "name": one.name,
                    "is_new": one.is_new,
                    "is_ai_safety": one.is_ai_safety,
                    "initial": money_row(one.initial),
                    "supplementary": money_row(one.supplementary),
                }
                if one.organizations:
                    row["organizations"] = list(one.organizations)
                rows.append(row)
    return rows


def _measure_rows(content: DeckContent) -> list[dict[str, Any]]:
    return [
        {"pillar": pillar.name, "group": group.name, "text": text, "sub": sub}
        for pillar in content.pillars
        for group in pillar.groups
        for measure in group.measures
        for text, sub in ((measure.text, False), *((child, True) for child in measure.children))
    ]


def _stated_rows(content: DeckContent) -> list[dict[str, Any]]:
    year, billion = content.year, Decimal(10**9)
    figures = (
        (stated_lines(content)[0].split(" :")[0], year, "initial", content.total_initial),
        (stated_lines(content)[1].split(" :")[0], year - 1, "supplementary", content.total_supplementary),
        (trend_sentences(content)[0], year, "initial", content.total_initial),
        (trend_sentences(content)[1], year - 1, "initial", content.last_initial),
    )
    return [
        {"label": label, "fiscal_year": of_year, "budget": budget, "value": float(value * billion), "currency": "USD"}
        for label, of_year, budget, value in figures
    ]


def truth(content: DeckContent) -> dict[str, Any]:
    """Give what a careful person reads off the deck, in the structure of the scorer's truth files."""
    titles = content.titles
    statements = [*content.top_statements, content.council]
    statements.append(Statement(titles["institute"], content.institute))
    statements += [content.director, Statement(titles["budgets"], (content.budget_statement,))]
    statements += [content.extra] if content.extra else []
    rows = (content.necessity, *content.bill_rows, content.bill_box)
    return {
        "edition": str(content.year),
        "categories": [
            {"category": c.name, "initial": money_row(c.initial), "supplementary": money_row(c.supplementary)}
            for c in content.categories
        ],
        "items": [row for category in content.categories for row in item_rows(category)],
        "measures": _measure_rows(content),
        "provisions": [{"section": row.section, "text": text} for row in rows for text in row.provisions],
        "organizations": [
            *({"role": "relevant ministry", "name": name} for name in content.ministries),
            *({"role": "related organization", "name": name} for name in content.organizations),
        ],
        "statements": [{"heading": s.heading, "text": " ".join(s.paragraphs)} for s in statements],
        "notes": [{"number": n, "text": text} for n, text in enumerate(content.notes, 1)],
        "stated": _stated_rows(content),
        "trend": [
            {
                "fiscal_year": p.fiscal_year,
                "budget": p.budget,
                "value": float(p.value * Decimal(10**9)),
                "currency": "USD",
            }
            for p in content.trend
        ],
        "infrastructure_note": {
            "initial": money_row(content.infrastructure[0]),
            "supplementary": money_row(content.infrastructure[1]),
        },
        "changes": None,
        "fault": None,
    }
