"""Figures that stand in several places, beside bars, or pinned in the manifest must agree."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest
from deck_tables import Tables, bar, slides, stated

from pipeline.check_sentences import CHECK_SENTENCES, PinnedFigure
from pipeline.validation.checking import arithmetic_checks

if TYPE_CHECKING:
    from pipeline.model import Check

SAME: dict[str, Any] = {
    "kind": "same_figure",
    "name": "figure-stated-twice",
    "places": [{"table": "stated_figures"}, {"table": "budget_trend"}],
}
BARS = {"kind": "bar_height", "name": "label-against-bar"}
PINNED = {"kind": "pinned", "name": "pinned-figures"}


def deck() -> Tables:
    """A total on two slides and in a chart, one more in a sentence and the chart."""
    return {
        "slides": slides({4: "major_budgets", 5: "budget_trends"}),
        "stated_figures": [
            stated("header", 4, 2025, "initial", "1.3 billion"),
            stated("sentence", 5, 2025, "initial", "1.3 billion", around=True),
            stated("sentence-before", 5, 2024, "initial", "0.8 billion", around=True),
        ],
        "budget_trend": [
            bar(2024, "initial", "0.8 billion", "800000000"),
            bar(2025, "initial", "1.3 billion", "1310000000"),
            bar(2025, "supplementary", "1.1 billion", None),
        ],
    }


def run(tables: Tables, *given: dict[str, Any], pinned: tuple[PinnedFigure, ...] = ()) -> dict[str, Check]:
    """The checks by their ids."""
    sentences = CHECK_SENTENCES.validate_python(given)
    return {check.check_id: check for check in arithmetic_checks(tables, sentences, pinned)}


def move(tables: Tables, table: str, index: int, by: str) -> None:
    """Change a figure as if it had been printed differently."""
    row = tables[table][index]
    for column in ("value", "lower", "upper"):
        value = row[column]
        assert isinstance(value, Decimal)
        row[column] = value + Decimal(by) * 10**9


def pin(year: int, billions: str, budget: str = "initial", **options: Any) -> PinnedFigure:
    """A pinned figure in US dollars."""
    content = {"fiscal_year": year, "budget": budget, "value": Decimal(billions) * 10**9, "currency": "USD"}
    return PinnedFigure.model_validate({**content, **options})


def test_figure_in_several_places_is_consistent() -> None:
    """The same figure in a heading, a sentence and the chart agrees; a bar that stands alone is not listed."""
    checks = run(deck(), SAME)
    assert {c: k.verdict for c, k in checks.items()} == {
        "same_figure/figure-stated-twice/2025-initial": "consistent",
        "same_figure/figure-stated-twice/2024-initial": "consistent",
    }


@pytest.mark.parametrize(("table", "index"), [("stated_figures", 0), ("stated_figures", 1), ("budget_trend", 1)])
def test_odd_one_out_of_three_places_is_named_first(table: str, index: int) -> None:
    """1.5 against two of 1.3 is inconsistent, also for the one that says "around"; the odd one is the suspect."""
    tables = deck()
    move(tables, table, index, "0.2")
    check = run(tables, SAME)["same_figure/figure-stated-twice/2025-initial"]
    assert check.verdict == "inconsistent"
    assert check.suspects[0].table == table
    assert "1.3 billion" in check.suspects[0].reason
    assert f"page {tables[table][index].get('page', 'not known')}" in check.suspects[0].reason


def test_around_doubles_the_rounding_interval_and_no_more() -> None:
    """Around 0.8 is 0.7 to 0.9: half a step deep in 0.9 (0.85 to 0.95), which plain 0.8 only touches; 1.0 is beyond."""
    tables = deck()
    move(tables, "budget_trend", 0, "0.1")
    assert run(tables, SAME)["same_figure/figure-stated-twice/2024-initial"].slack == Decimal("0.5")
    move(tables, "budget_trend", 0, "0.1")
    assert run(tables, SAME)["same_figure/figure-stated-twice/2024-initial"].verdict == "inconsistent"


def test_figure_stated_once_is_undetermined() -> None:
    """A stated figure with nothing beside it is listed, not passed."""
    tables = deck()
    del tables["budget_trend"][0]
    assert run(tables, SAME)["same_figure/figure-stated-twice/2024-initial"].verdict == "undetermined"


def test_figures_in_different_currencies_are_not_compared() -> None:
    """The same budget in dollars and in yen is two figures, with two checks."""
    tables = deck()
    tables["stated_figures"].append(stated("yen", 4, 2025, "initial", "1969億", currency="JPY"))
    checks = run(tables, SAME)
    assert checks["same_figure/figure-stated-twice/2025-initial"].verdict == "consistent"
    assert checks["same_figure/figure-stated-twice/2025-initial-2"].verdict == "undetermined"


def test_bar_within_drawing_tolerance_agrees_with_its_label() -> None:
    """The highest bar is 1.31 billion, so bars are good to 0.0131: 0.85 + 0.0131 still meets 0.8, more not."""
    check_id = "bar_height/label-against-bar/2024-initial"
    tables = deck()
    assert {c.verdict for c in run(tables, BARS).values()} == {"consistent", "undetermined"}
    tables["budget_trend"][0]["bar_value"] = Decimal(863100000)
    assert run(tables, BARS)[check_id].verdict == "consistent"
    tables["budget_trend"][0]["bar_value"] = Decimal(863100001)
    assert run(tables, BARS)[check_id].verdict == "inconsistent"
    # And below, 0.75 - 0.0131.
    tables["budget_trend"][0]["bar_value"] = Decimal(736900000)
    assert run(tables, BARS)[check_id].verdict == "consistent"
    tables["budget_trend"][0]["bar_value"] = Decimal(736899999)
    assert run(tables, BARS)[check_id].verdict == "inconsistent"


def test_bar_without_a_measured_height_is_undetermined() -> None:
    """Where there is no axis the label is neither confirmed nor refuted."""
    assert run(deck(), BARS)["bar_height/label-against-bar/2025-supplementary"].verdict == "undetermined"


def test_label_changed_by_one_digit_is_inconsistent_with_its_bar() -> None:
    """A label of 1.4 stands for 1.35 at least; the bar is drawn to 1.31 give or take 0.0131."""
    tables = deck()
    move(tables, "budget_trend", 1, "0.1")
    check = run(tables, BARS)["bar_height/label-against-bar/2025-initial"]
    assert check.verdict == "inconsistent"
    assert check.suspects[0].key == "2025/initial"


def test_pinned_figures_must_be_stated() -> None:
    """A pinned figure that a statement contradicts, or that is nowhere stated, is inconsistent."""
    pins = (pin(2025, "1.3"), pin(2024, "0.8"), pin(2024, "1.1", "supplementary"))
    verdicts = [c.verdict for c in run(deck(), PINNED, pinned=pins).values()]
    assert verdicts == ["consistent", "consistent", "inconsistent"]
    tables = deck()
    move(tables, "stated_figures", 2, "-0.3")
    check = run(tables, PINNED, pinned=pins)["pinned/pinned-figures/2024-initial"]
    assert check.verdict == "inconsistent"
    assert "0.8 billion" in check.message
    assert check.suspects[0].key == "sentence-before"


def test_pinned_stage_is_compared_where_it_is_given() -> None:
    """A figure pinned as a draft is not met by one that is not called a draft."""
    tables = deck()
    draft = (pin(2025, "1.3", stage="draft"),)
    check_id = "pinned/pinned-figures/2025-initial"
    assert run(tables, PINNED, pinned=draft)[check_id].verdict == "inconsistent"
    tables["stated_figures"][0]["stage"] = "draft"
    assert run(tables, PINNED, pinned=draft)[check_id].verdict == "consistent"
