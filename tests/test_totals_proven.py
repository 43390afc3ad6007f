"""The stated totals of a deck are proven: right, they pass; changed by what matters, they fail and say so."""

from __future__ import annotations

import copy
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from pipeline.manifest import load_manifest
from pipeline.profiles import load_profile
from pipeline.reading.pdf import read_document
from pipeline.table_schemas import load_table_schemas, schemas_folder
from pipeline.validation import validate
from tests.at_hand import DECKS, PROJECT, Editions

if TYPE_CHECKING:
    from collections.abc import Callable

    from pipeline.model import Check, Document, Row

Tables = dict[str, list["Row"]]

FIFTH = Decimal(200_000_000)
"""USD 0.2 billion: more than the rounding of all parts together leaves open in either total."""

PINNED = {(2025, "initial"): "1300000000", (2024, "supplementary"): "1100000000", (2024, "initial"): "800000000"}
"""What the 2025 slides state, in USD."""


@pytest.fixture(scope="module")
def document() -> Document:
    """The 2025 document."""
    return read_document(DECKS["2025"][0])


@pytest.fixture
def tables(editions: Editions) -> Tables:
    """The tables of the 2025 edition, to be changed."""
    edition = editions["2025"].edition
    assert edition is not None
    return copy.deepcopy(dict(edition.tables))


@pytest.fixture(scope="module")
def all_checks_of(document: Document) -> Callable[[Tables], dict[str, Check]]:
    """The checks of tables that claim to be the 2025 edition, by id; amounts on the page are not looked for anew."""
    profile = load_profile(schemas_folder() / "decks" / "japan-ai-policy.yaml")
    entry = load_manifest(PROJECT / "source_pdfs" / "sources.yaml").entry_for(edition="2025")
    assert entry is not None
    schemas = load_table_schemas()

    def check(tables: Tables) -> dict[str, Check]:
        return {
            c.check_id: c for c in validate(tables, profile.checks, entry.pinned, document, lambda _page: [], schemas)
        }

    return check


@pytest.fixture(scope="module")
def checks_of(all_checks_of: Callable[[Tables], dict[str, Check]]) -> Callable[[Tables], dict[str, Check]]:
    """The arithmetic ones of those checks."""
    kinds = ("sum", "same_figure", "pinned", "bar_height")
    return lambda tables: {name: c for name, c in all_checks_of(tables).items() if c.kind in kinds}


def totals(checks: dict[str, Check]) -> dict[str, Check]:
    """The checks of a stated total against its parts, by fiscal year and budget."""
    return {name.rpartition("/")[2]: c for name, c in checks.items() if name.startswith("sum/stated-total/")}


def test_the_three_stated_totals_are_consistent(editions: Editions) -> None:
    """USD 1.3, 1.1 and 0.8 billion are stated, equal what is pinned, and the first two are the sum of their parts."""
    edition = editions["2025"].edition
    assert edition is not None
    verdicts = {c.check_id: (c.verdict, c.stated) for c in edition.checks}
    for (year, budget), value in PINNED.items():
        found = {
            name.split("/")[0]: verdict
            for name, verdict in verdicts.items()
            if f"{year}-{budget}" in name and not name.startswith("sum/category")
        }
        wanted = {"pinned", "same_figure", "bar_height"} | ({"sum"} if (year, budget) != (2024, "initial") else set())
        assert set(found) == wanted
        assert set(found.values()) == {("consistent", Decimal(value))}


def test_the_parts_of_a_total_are_the_categories_and_note_3(
    tables: Tables, checks_of: Callable[[Tables], dict[str, Check]]
) -> None:
    """The interval of the sum is that of the three categories and Note 3, added by hand from the printed slide.

    FY2025 initial: 4.0 million, 1.2 billion, 2.0 million and 0.12 billion, each give or take half a unit of its last digit.
    """
    check = totals(checks_of(tables))["2025-initial"]
    halves = Decimal("0.05e6") + Decimal("0.05e9") + Decimal("0.05e6") + Decimal("0.005e9")
    middle = Decimal("4.0e6") + Decimal("1.2e9") + Decimal("2.0e6") + Decimal("0.12e9")
    assert (check.lower, check.upper) == (middle - halves, middle + halves)


@pytest.mark.parametrize(("year", "budget"), [(2025, "initial"), (2024, "supplementary"), (2024, "initial")])
@pytest.mark.parametrize("change", [FIFTH, -FIFTH])
def test_a_total_changed_by_a_fifth_of_a_billion_is_inconsistent(
    change: Decimal, year: int, budget: str, tables: Tables, checks_of: Callable[[Tables], dict[str, Check]]
) -> None:
    """Wherever the figure is stated in words, 0.2 billion more or less makes its checks fail: sum, chart and manifest."""
    places = [r for r in tables["stated_figures"] if (r["fiscal_year"], r["budget"]) == (year, budget)]
    assert places
    for place in places:
        for field in ("value", "lower", "upper"):
            place[field] += change  # type: ignore[operator]
    failed = {name.split("/")[0] for name, c in checks_of(tables).items() if c.verdict == "inconsistent"}
    # FY2024 initial has no parts on the slides.
    assert failed >= {"same_figure", "pinned"} | ({"sum"} if (year, budget) != (2024, "initial") else set())


@pytest.mark.parametrize(
    ("category", "fails"),
    [
        # 0.9 and 1.2 billion are most of either total. Without 124 million the supplementary parts reach 0.95 to 1.06,
        # which still meets 1.05 to 1.15; 4.0 and 2.0 million are less than the rounding of 1.2 billion alone.
        ("innovation-of-ai-and-innovation-by-ai", {"2025-initial", "2024-supplementary"}),
        ("ensuring-ai-safety-security", set()),
        ("international-collaboration-cooperation", set()),
    ],
)
def test_a_dropped_category_is_inconsistent_where_it_shows(
    category: str, fails: set[str], tables: Tables, checks_of: Callable[[Tables], dict[str, Check]]
) -> None:
    """Without a category a total fails exactly where the rounding does not hide the loss."""
    before = len(tables["budget_amounts"])
    tables["budget_amounts"] = [r for r in tables["budget_amounts"] if r["subject_id"] != category]
    tables["budget_categories"] = [r for r in tables["budget_categories"] if r["category_id"] != category]
    assert len(tables["budget_amounts"]) < before
    found = totals(checks_of(tables))
    assert {name for name, c in found.items() if c.verdict == "inconsistent"} == fails


@pytest.mark.parametrize("position", [0, 1, 2])
def test_no_dropped_category_goes_unnoticed(
    position: int, tables: Tables, all_checks_of: Callable[[Tables], dict[str, Check]]
) -> None:
    """Where arithmetic cannot see the loss of a category, its items do: they refer to one that is not there."""
    gone = tables["budget_categories"].pop(position)["category_id"]
    tables["budget_amounts"] = [r for r in tables["budget_amounts"] if r["subject_id"] != gone]
    assert any(c.verdict == "inconsistent" for c in all_checks_of(tables).values())
