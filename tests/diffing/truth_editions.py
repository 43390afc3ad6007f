"""Editions as contract tables, made from the truth files beside the project, for the tests of the comparison."""

from __future__ import annotations

import json
import re
from collections import Counter
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from pipeline.diffing.edition_diff import EditionRows

if TYPE_CHECKING:
    from pipeline.model import Row

TRUTH = Path(__file__).parents[2].parent / "shared" / "truth"
FILES = {"2025": "japan-2025", "2026": "sample-2026", "2027": "sample-2027"}
SCALES = {"million": 10**6, "billion": 10**9}


def truth(edition: str) -> dict[str, Any]:
    """The truth of one edition; the test is skipped where the folder is absent."""
    path = TRUTH / f"{FILES[edition]}.truth.json"
    if not path.is_file():
        pytest.skip("the truth files (../shared/truth) are not beside this project")
    return dict(json.loads(path.read_text(encoding="utf-8")))


def slug(text: str) -> str:
    """A key made of what the text says."""
    return re.sub(r"[^a-z0-9]+", "-", text.lower().replace("&", "")).strip("-")


class Keys:
    """Slugs that are unique: one that would collide gets a suffix by order."""

    def __init__(self) -> None:
        self.seen: Counter[str] = Counter()

    def __call__(self, *parts: str) -> str:
        """The key for `parts`."""
        key = "/".join(slug(p) for p in parts if p)
        self.seen[key] += 1
        return key if self.seen[key] == 1 else f"{key}-{self.seen[key]}"


def amount(subject_type: str, subject: str, budget: str, year: int, stated: dict[str, Any]) -> Row:
    """An amount with the interval that its printed digits leave."""
    number, scale = re.findall(r"([\d.]+) (million|billion)", stated["printed"])[0]
    value = Decimal(number) * SCALES[scale]
    half = Decimal(SCALES[scale]) / 10 ** len(number.partition(".")[2]) / 2
    part = bool(stated["is_part_of"])
    return {
        "subject_type": subject_type, "subject_id": subject, "budget": budget, "fiscal_year": year,
        "stage": "draft" if budget == "initial" else None, "value": value,
        "lower": Decimal(0) if part else value - half, "upper": value + half,
        "is_part_of": part, "currency": stated["currency"], "printed": stated["printed"],
    }  # fmt: skip


def figure(stated: dict[str, Any]) -> Row:
    """Stated figures and the trend print billions with one decimal."""
    value, half = Decimal(str(stated["value"])).quantize(Decimal(1)), Decimal(50_000_000)
    return {"value": value, "lower": value - half, "upper": value + half, "currency": stated["currency"]}


def edition_rows(edition: str) -> EditionRows:
    """One edition of the truth as the contract's tables."""
    t, year, key = truth(edition), int(edition), Keys()
    amounts: list[Row] = []

    def add(subject_type: str, subject: str, stated: dict[str, Any]) -> None:
        for budget, y in (("initial", year), ("supplementary", year - 1)):
            if stated.get(budget):
                amounts.append(amount(subject_type, subject, budget, y, stated[budget]))

    categories: list[Row] = []
    for n, c in enumerate(t["categories"]):
        categories.append({"category_id": slug(c["category"]), "page": 4, "category": c["category"], "position": n})
        add("category", slug(c["category"]), c)
    items: list[Row] = []
    ids: dict[str, str] = {}
    for n, i in enumerate(t["items"]):
        item_id = key(i["group"], i["name"])
        ids[i["name"]] = item_id
        items.append({
            "item_id": item_id, "category_id": slug(i["category"]), "category": i["category"], "group": i["group"],
            "parent_item_id": ids.get(i["parent"] or ""), "name": i["name"], "is_new": i["is_new"],
            "is_ai_safety": i["is_ai_safety"], "page": 4, "column": 1, "position": n,
        })  # fmt: skip
        add("item", item_id, i)
    measures: list[Row] = []
    parent: str | None = None
    for n, m in enumerate(t["measures"]):
        measure_id = key(m["group"], m["text"])
        parent = parent if m["sub"] else None
        measures.append({
            "measure_id": measure_id, "page": 1, "pillar": m["pillar"], "group": m["group"],
            "parent_measure_id": parent, "text": m["text"], "position": n,
        })  # fmt: skip
        parent = parent or measure_id
    notes: list[Row] = [
        {"note_id": f"note-{n['number']}", "number": n["number"], "page": 4, "text": n["text"]} for n in t["notes"]
    ]
    add("note", "note-3", t["infrastructure_note"])
    return EditionRows("example", edition, {
        "editions": [{"edition": edition, "deck": "example", "source_sha256": "0" * 60 + edition, "pages": 5}],
        "budget_categories": categories,
        "budget_items": items,
        "budget_amounts": amounts,
        "policy_measures": measures,
        "notes": notes,
        "bill_provisions": [
            {"provision_id": key(p["section"], p["text"]), "page": 2, "part": None, **p, "position": n}
            for n, p in enumerate(t["provisions"])
        ],
        "statements": [
            {"statement_id": key(s["heading"], s["text"][:40]), "page": 1, **s, "position": n}
            for n, s in enumerate(t["statements"])
        ],
        "stated_figures": [
            {"figure_id": key(s["label"]), "page": 4, "label": s["label"], "fiscal_year": s["fiscal_year"],
             "budget": s["budget"], "stage": "draft" if "Draft" in s["label"] else None, **figure(s),
             "is_approximate": "around" in s["label"], "printed": None}
            for s in t["stated"]
        ],
        "budget_trend": [
            {"fiscal_year": p["fiscal_year"], "budget": p["budget"], "series": None, **figure(p), "printed": None}
            for p in t["trend"]
        ],
    })  # fmt: skip
