"""The Cabinet Office's own slide in Japanese, as published: read whole, in yen, its totals proven."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path

import pytest

from pipeline.run import Options, Workshop, exit_code_of, read_edition

_SHARED = Path(__file__).parents[1].parent / "shared"
_SLIDE = _SHARED / "realdocs" / "cao-ai-budget-fy2025-supplementary-ja.pdf"
_TRUTH = _SHARED / "truth" / "fy2025-supplementary.truth.json"

pytestmark = pytest.mark.skipif(
    not (_SLIDE.is_file() and _TRUTH.is_file()),
    reason="the official slide is not redistributed and not beside the project",
)


@pytest.fixture(scope="module")
def edition(tmp_path_factory: pytest.TempPathFactory):
    """The slide as read."""
    folder = tmp_path_factory.mktemp("official")
    return read_edition(_SLIDE, Workshop(Options(out=folder / "extracted", sources=folder))).edition


def test_it_is_recognised_and_named(edition) -> None:
    """Deck and edition come from what the slide says, not from the file's name."""
    assert (edition.deck, edition.edition) == ("cao-ai-budget-ja", "fy2025-supplementary")


def test_nothing_is_left_and_nothing_contradicts(edition) -> None:
    """Every word went somewhere and no check fails."""
    assert edition.tables["residue"] == []
    assert exit_code_of(edition.checks, edition.tables["residue"]) == 0


def test_the_stated_total_is_exactly_its_categories(edition) -> None:
    """502 + 3,605 + 240 + 33 = 4,380 (in 100 million yen), as a person adds it up."""
    amounts = [r["value"] for r in edition.tables["budget_amounts"] if r["subject_type"] == "category"]
    assert sorted(amounts) == [Decimal(n) * 10**8 for n in (33, 240, 502, 3605)]
    total = next(c for c in edition.checks if c.kind == "sum" and c.subject.startswith("FY2025 supplementary"))
    assert (total.verdict, total.stated) == ("consistent", Decimal(4380) * 10**8)


def test_items_are_those_of_the_truth(edition) -> None:
    """Name, category, mark, body and amount of every programme, as a careful person read them off the slide."""
    truth = json.loads(_TRUTH.read_text(encoding="utf-8"))
    bodies: dict[object, list[str]] = {}
    for row in edition.tables["item_organizations"]:
        bodies.setdefault(row["item_id"], []).append(str(row["printed"]))
    amounts = {
        r["subject_id"]: (r["value"], r["is_part_of"])
        for r in edition.tables["budget_amounts"]
        if r["subject_type"] == "item"
    }
    read = {
        (
            _bare(r["category"]),
            _bare(r["name"]),
            r["is_new"],
            tuple(bodies.get(r["item_id"], ())),
            amounts.get(r["item_id"]),
        )
        for r in edition.tables["budget_items"]
    }
    expected = {
        (
            _bare(i["category"]),
            _bare(i["name"]),
            i["is_new"],
            tuple(i["organizations"]),
            (Decimal(str(i["supplementary"]["value"])).quantize(Decimal(1)), i["supplementary"]["is_part_of"]),
        )
        for i in truth["items"]
    }
    assert read == expected


def test_a_brace_shares_one_amount(edition) -> None:
    """The items that a curly brace joins have its amount as a part, and name the same amount."""
    shared = [r for r in edition.tables["budget_amounts"] if r["shared_amount_id"]]
    assert len(shared) == 6
    assert len({r["shared_amount_id"] for r in shared}) == 3
    assert all(r["is_part_of"] and r["lower"] == 0 for r in shared)


def _bare(text: object) -> str:
    return "".join(str(text).split())
