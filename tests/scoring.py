"""Compares an extracted edition with what a careful reader found in its deck: whole records, field by field.

A record counts as right when every field of it is; text is compared without white space and with dashes and quotation
marks folded, money as decimals. Statements are compared as the text under a heading.
"""

from __future__ import annotations

import csv
import json
import unicodedata
from collections import Counter
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Hashable
    from pathlib import Path

Records = dict[str, "Counter[tuple[Hashable, ...]]"]

_FOLD = str.maketrans("’‘“”–—−", "''\"\"---")


@dataclass(frozen=True)
class Score:
    """`missed` and `surplus` are the records that only the truth, and only the edition, has, by table."""

    right: int
    missed: tuple[tuple[str, tuple[Hashable, ...]], ...]
    surplus: tuple[tuple[str, tuple[Hashable, ...]], ...]

    @property
    def f1(self) -> float:
        """The harmonic mean of precision and recall over all records."""
        wrong = len(self.missed) + len(self.surplus)
        return 2 * self.right / (2 * self.right + wrong) if self.right else 0.0


def score(package: Path, truth: Path) -> Score:
    """Compare the edition in the folder `package` with the JSON file `truth`."""
    found, wanted = records_of_package(package), records_of_truth(truth)
    right = sum((found[table] & wanted[table]).total() for table in wanted)
    missed = [(table, r) for table in wanted for r in (wanted[table] - found[table]).elements()]
    surplus = [(table, r) for table in wanted for r in (found[table] - wanted[table]).elements()]
    return Score(right, tuple(missed), tuple(surplus))


def folded(value: str | None) -> str:
    """Text as it is compared."""
    return "".join(unicodedata.normalize("NFKC", value or "").translate(_FOLD).split())


def records_of_package(package: Path) -> Records:
    """The comparable records of an extracted edition, by table."""

    def rows(table: str) -> list[dict[str, str]]:
        with (package / "data" / f"{table}.csv").open(encoding="utf-8", newline="") as file:
            return list(csv.DictReader(file))

    amounts = {
        (r["subject_type"], r["subject_id"], r["budget"]): (
            Decimal(r["value"]),
            r["currency"],
            r["is_part_of"] == "true",
        )
        for r in rows("budget_amounts")
    }

    def both(kind: str, key: str) -> tuple[Hashable, Hashable]:
        return amounts.get((kind, key, "initial")), amounts.get((kind, key, "supplementary"))

    items = rows("budget_items")
    names = {r["item_id"]: r["name"] for r in items}
    statements: dict[str, str] = {}
    for r in rows("statements"):
        statements[folded(r["heading"])] = statements.get(folded(r["heading"]), "") + folded(r["text"])
    return {
        "categories": Counter(
            (folded(r["category"]), *both("category", r["category_id"])) for r in rows("budget_categories")
        ),
        "items": Counter(
            (
                *(folded(text) for text in (r["category"], r["group"], names.get(r["parent_item_id"]), r["name"])),
                r["is_new"] == "true",
                r["is_ai_safety"] == "true",
                *both("item", r["item_id"]),
            )
            for r in items
        ),
        "measures": Counter(
            (folded(r["pillar"]), folded(r["group"]), bool(r["parent_measure_id"]), folded(r["text"]))
            for r in rows("policy_measures")
        ),
        "provisions": Counter((folded(r["section"]), folded(r["text"])) for r in rows("bill_provisions")),
        "organizations": Counter((r["role"], folded(r["printed"])) for r in rows("institute_organizations")),
        "statements": Counter((heading, text.replace("!", "")) for heading, text in statements.items()),
        "notes": Counter((r["number"], folded(r["text"])) for r in rows("notes")),
        "stated": Counter(_figure(r) for r in rows("stated_figures")),
        "trend": Counter(_figure(r) for r in rows("budget_trend")),
        "infrastructure_note": Counter(
            [next((both("note", r["note_id"]) for r in rows("notes") if any(both("note", r["note_id"]))), (None, None))]
        ),
    }


def records_of_truth(path: Path) -> Records:
    """The comparable records of a truth file, by table."""
    truth: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"), parse_float=Decimal)

    def both(entry: dict[str, Any]) -> tuple[Hashable, Hashable]:
        return _amount(entry["initial"]), _amount(entry["supplementary"])

    return {
        "categories": Counter((folded(c["category"]), *both(c)) for c in truth["categories"]),
        "items": Counter(
            (
                *(folded(i[field]) for field in ("category", "group", "parent", "name")),
                i["is_new"],
                i["is_ai_safety"],
                *both(i),
            )
            for i in truth["items"]
        ),
        "measures": Counter(
            (folded(m["pillar"]), folded(m["group"]), m["sub"], folded(m["text"])) for m in truth["measures"]
        ),
        "provisions": Counter((folded(p["section"]), folded(p["text"])) for p in truth["provisions"]),
        "organizations": Counter((o["role"], folded(o["name"])) for o in truth["organizations"]),
        "statements": Counter((folded(s["heading"]), folded(s["text"]).replace("!", "")) for s in truth["statements"]),
        "notes": Counter((str(n["number"] or ""), folded(n["text"])) for n in truth["notes"]),
        "stated": Counter(_figure(s) for s in truth["stated"]),
        "trend": Counter(_figure(t) for t in truth["trend"]),
        "infrastructure_note": Counter([both(truth["infrastructure_note"])]),
    }


def _amount(stated: dict[str, Any] | None) -> Hashable:
    return None if stated is None else (Decimal(stated["value"]), stated["currency"], stated["is_part_of"])


def _figure(row: dict[str, Any]) -> tuple[Hashable, ...]:
    return int(row["fiscal_year"]), row["budget"], Decimal(row["value"]), row["currency"]
