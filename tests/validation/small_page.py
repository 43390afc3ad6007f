"""A budget page drawn by hand, small enough to count, with the tables and the evidence that a right reading gives.

Two columns with a category each. Characters are 5 points wide and 8 high; lines are 20 points apart.
"""

from __future__ import annotations

import re
from decimal import Decimal
from typing import TYPE_CHECKING

from deck_tables import Tables, amount, bar, item, slides

from pipeline.model import Box, Document, Glyph, Page, Panel, Word, union

if TYPE_CHECKING:
    from pipeline.model import Row

WIDTH, HEIGHT, LINE = 5.0, 8.0, 20.0

PAGE = 4

PRINTED: tuple[tuple[float, float, str], ...] = (
    (10, 20, "Safety"),
    (100, 20, "60 million"),
    (180, 20, "[9.3 million]"),
    (10, 40, "Audit of models"),
    (100, 40, "48 million"),
    (10, 60, "Screening [New]"),
    (180, 60, "[9.3 million]"),
    (10, 80, "Guidance"),
    (310, 20, "Growth"),
    (400, 20, "412 million"),
    (480, 20, "[26 million]"),
    (310, 40, "Compute for all"),
    (310, 60, "who need it"),
    (400, 60, "385 million"),
    (310, 80, "Schools [New]"),
    (480, 80, "[26 million]"),
)
"""What stands on the page: left edge, top edge and the words of one line."""


def words_at(x0: float, top: float, text: str, first: int) -> list[Word]:
    """The words of one line, numbered from `first`."""
    words = []
    for n, found in enumerate(re.finditer(r"\S+", text)):
        start = x0 + WIDTH * found.start()
        glyphs = tuple(
            Glyph(c, Box(start + WIDTH * i, top, start + WIDTH * (i + 1), top + HEIGHT))
            for i, c in enumerate(found.group())
        )
        box = union(g.box for g in glyphs)
        words.append(
            Word(
                first + n,
                found.group(),
                box,
                glyphs,
                "Font",
                HEIGHT,
                bold=False,
                colour=None,
                baseline=top + HEIGHT - 2,
                spaced=True,
            )
        )
    return words


def page(panels: tuple[Panel, ...] = ()) -> Page:
    """The page as the reader gives it: words numbered line by line from the top."""
    words: list[Word] = []
    for x0, top, text in sorted(PRINTED, key=lambda line: (line[1], line[0])):
        words += words_at(x0, top, text, len(words))
    return Page(PAGE, 600, 200, tuple(words), panels=panels)


def document(panels: tuple[Panel, ...] = ()) -> Document:
    """A document of that page alone."""
    return Document("deck.pdf", "0" * 64, (page(panels),), "", "", "")


def proof(table: str, key: str, field: str, x0: float, top: float, printed: str, part: int = 0) -> Row:
    """Evidence for words that begin at a place."""
    edges = {"x0": x0, "top": top, "x1": x0 + WIDTH * len(printed), "bottom": top + HEIGHT}
    boxes = {edge: Decimal(str(value)) for edge, value in edges.items()}
    place: Row = {"table": table, "key": key, "field": field, "part": part, "page": PAGE}
    return {**place, **boxes, "printed": printed, "correction": None}


def tables() -> Tables:
    """What a right reading of the page gives."""
    items = {
        "audit": ("safety", 1, "Audit of models"),
        "screening": ("safety", 1, "Screening"),
        "guidance": ("safety", 1, "Guidance"),
        "compute": ("growth", 2, "Compute for all who need it"),
        "schools": ("growth", 2, "Schools"),
    }
    amounts = {
        "category/safety/initial": (100, 20, "60 million"),
        "category/safety/supplementary": (180, 20, "[9.3 million]"),
        "item/audit/initial": (100, 40, "48 million"),
        "item/screening/supplementary": (180, 60, "[9.3 million]"),
        "category/growth/initial": (400, 20, "412 million"),
        "category/growth/supplementary": (480, 20, "[26 million]"),
        "item/compute/initial": (400, 60, "385 million"),
        "item/schools/supplementary": (480, 80, "[26 million]"),
    }
    years = {"initial": 2025, "supplementary": 2024}
    return {
        "slides": slides({PAGE: "major_budgets"}),
        "budget_categories": [
            {"category_id": key, "page": PAGE, "category": key.title(), "position": n}
            for n, key in enumerate(("safety", "growth"), start=1)
        ],
        "budget_items": [
            {
                **item(key, category),
                "category": category.title(),
                "group": None,
                "name": name,
                "column": column,
                "position": n,
                "is_new": key in ("screening", "schools"),
            }
            for n, (key, (category, column, name)) in enumerate(items.items(), start=1)
        ],
        "budget_amounts": [
            amount(*key.split("/"), years[key.rpartition("/")[2]], printed.strip("[]"))
            for key, (_, _, printed) in amounts.items()
        ],
        "notes": [],
        "evidence": [
            proof("budget_categories", "safety", "category", 10, 20, "Safety"),
            proof("budget_categories", "growth", "category", 310, 20, "Growth"),
            proof("budget_items", "audit", "name", 10, 40, "Audit of models"),
            proof("budget_items", "screening", "name", 10, 60, "Screening"),
            proof("budget_items", "screening", "is_new", 60, 60, "[New]"),
            proof("budget_items", "guidance", "name", 10, 80, "Guidance"),
            proof("budget_items", "compute", "name", 310, 40, "Compute for all"),
            proof("budget_items", "compute", "name", 310, 60, "who need it", part=1),
            proof("budget_items", "schools", "name", 310, 80, "Schools"),
            proof("budget_items", "schools", "is_new", 350, 80, "[New]"),
            *(proof("budget_amounts", key, "value", *place) for key, place in amounts.items()),
        ],
    }


def chart() -> tuple[Tables, tuple[Panel, ...]]:
    """Three bars of 0.8, 1.1 and 1.3 billion, a point to 10 million, standing on one line with their labels above."""
    values = ((2024, "initial", "0.8"), (2024, "supplementary", "1.1"), (2025, "initial", "1.3"))
    rows, evidence, panels = [], [], []
    for n, (year, budget, label) in enumerate(values):
        height = float(Decimal(label) * 100)
        left, top = 50.0 + 100 * n, 180 - height
        panels.append(Panel(Box(left, top, left + 40, 180), "#336699", None))
        printed = bar(year, budget, f"{label} billion", f"{Decimal(label) * 10**9:f}")
        rows.append({**printed, "printed": label})
        evidence.append(proof("budget_trend", f"{year}/{budget}", "value", left + 12, top - 12, label))
    return {"budget_trend": rows, "evidence": evidence}, tuple(panels)
