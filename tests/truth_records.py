"""What an edition says against what the deck's truth says: records to compare, one tuple a row.

A truth is what a careful person reads off a deck, as `deck_generator` gives it. Text is compared without white space,
with dashes and quotation marks of all kinds as one; money by value and currency.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from decimal import Decimal
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pipeline.model import Row

_ONE_FORM = str.maketrans({"’": "'", "‘": "'", "“": '"', "”": '"', "–": "-", "—": "-", "−": "-"})

Records = dict[str, Counter[tuple[Any, ...]]]


def plain(value: object) -> str:
    """A text as it is compared; nothing is empty text."""
    text = unicodedata.normalize("NFKC", "" if value is None else str(value)).translate(_ONE_FORM)
    return re.sub(r"\s+", "", text)


def missed_and_invented(tables: Mapping[str, list[Row]], truth: Mapping[str, Any]) -> dict[str, list[tuple[Any, ...]]]:
    """Every record of the truth that the tables lack, and every one that they have beyond it, by table; empty if none."""
    got, want = records_of_tables(tables), records_of_truth(truth)
    found: dict[str, list[tuple[Any, ...]]] = {}
    for table, expected in want.items():
        found[f"{table} missed"] = sorted((expected - got[table]).elements(), key=repr)
        found[f"{table} invented"] = sorted((got[table] - expected).elements(), key=repr)
    return {name: records for name, records in found.items() if records}


def records_of_tables(tables: Mapping[str, list[Row]]) -> Records:
    """The records that an edition's tables hold."""
    amounts = {
        (row["subject_type"], row["subject_id"], row["budget"]): (
            row["value"],
            row["currency"],
            bool(row["is_part_of"]),
        )
        for row in tables["budget_amounts"]
    }

    def both(kind: str, key: object) -> tuple[Any, Any]:
        return amounts.get((kind, key, "initial")), amounts.get((kind, key, "supplementary"))

    names = {row["item_id"]: row["name"] for row in tables["budget_items"]}
    texts = {row["measure_id"]: row["text"] for row in tables["policy_measures"]}
    prose: dict[str, str] = {}
    for row in tables["statements"]:
        heading = plain(row["heading"])
        prose[heading] = prose.get(heading, "") + plain(row["text"])
    return {
        "categories": Counter(
            (plain(row["category"]), *both("category", row["category_id"])) for row in tables["budget_categories"]
        ),
        "items": Counter(
            (
                plain(row["category"]),
                plain(row["group"]),
                plain(names.get(row["parent_item_id"])),
                plain(row["name"]),
                bool(row["is_new"]),
                bool(row["is_ai_safety"]),
                *both("item", row["item_id"]),
            )
            for row in tables["budget_items"]
        ),
        "measures": Counter(
            (plain(row["pillar"]), plain(row["group"]), row["parent_measure_id"] is not None, plain(row["text"]))
            for row in tables["policy_measures"]
        ),
        "measure organizations": Counter(
            (plain(texts[row["measure_id"]]), plain(row["printed"])) for row in tables["measure_organizations"]
        ),
        "provisions": Counter((plain(row["section"]), plain(row["text"])) for row in tables["bill_provisions"]),
        "organizations": Counter((row["role"], plain(row["printed"])) for row in tables["institute_organizations"]),
        "item organizations": Counter(
            (plain(names[row["item_id"]]), plain(row["printed"])) for row in tables["item_organizations"]
        ),
        "statements": Counter(prose.items()),
        "notes": Counter((row["number"], plain(row["text"])) for row in tables["notes"]),
        "stated": Counter(map(_figure, tables["stated_figures"])),
        "trend": Counter(map(_figure, tables["budget_trend"])),
        "amounts of notes": Counter(pair for row in tables["notes"] if any(pair := both("note", row["note_id"]))),
    }


def records_of_truth(truth: Mapping[str, Any]) -> Records:
    """The records that a truth holds."""
    note = truth.get("infrastructure_note") or {"initial": None, "supplementary": None}
    aside = _money(note["initial"]), _money(note["supplementary"])
    bodies = [(plain(m["text"]), plain(o)) for m in truth["measures"] for o in m.get("organizations", ())]
    # Of most decks the truth leaves out which bodies a measure names.
    of_measures = {"measure organizations": Counter(bodies)} if bodies else {}
    return of_measures | {
        "categories": Counter(
            (plain(c["category"]), _money(c["initial"]), _money(c["supplementary"])) for c in truth["categories"]
        ),
        "items": Counter(
            (
                plain(i["category"]),
                plain(i["group"]),
                plain(i["parent"]),
                plain(i["name"]),
                bool(i["is_new"]),
                bool(i["is_ai_safety"]),
                _money(i["initial"]),
                _money(i["supplementary"]),
            )
            for i in truth["items"]
        ),
        "measures": Counter(
            (plain(m["pillar"]), plain(m["group"]), bool(m["sub"]), plain(m["text"])) for m in truth["measures"]
        ),
        "provisions": Counter((plain(p["section"]), plain(p["text"])) for p in truth["provisions"]),
        "organizations": Counter((o["role"], plain(o["name"])) for o in truth["organizations"]),
        "item organizations": Counter(
            (plain(i["name"]), plain(o)) for i in truth["items"] for o in i.get("organizations", ())
        ),
        "statements": Counter((plain(s["heading"]), plain(s["text"])) for s in truth["statements"]),
        "notes": Counter((n["number"], plain(n["text"])) for n in truth["notes"]),
        "stated": Counter(map(_figure, truth["stated"])),
        "trend": Counter(map(_figure, truth["trend"])),
        "amounts of notes": Counter([aside] if any(aside) else []),
    }


def _money(amount: Mapping[str, Any] | Row | None) -> tuple[Decimal, str, bool] | None:
    if amount is None:
        return None
    return _cents(amount["value"]), str(amount["currency"]), bool(amount["is_part_of"])


def _figure(row: Mapping[str, Any]) -> tuple[Any, ...]:
    return row["fiscal_year"], row["budget"], _cents(row["value"]), row["currency"]


def _cents(value: object) -> Decimal:
    return Decimal(str(value)).quantize(Decimal("0.01"))
