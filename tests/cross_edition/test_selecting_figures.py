"""Which figure is meant by what a person writes."""

from __future__ import annotations

import pytest

from pipeline.cross_edition import FigureName
from pipeline.cross_edition.selecting import select
from pipeline.errors import FigureNotFoundError

NAMES = [FigureName(year, budget) for year in (2023, 2024, 2025) for budget in ("initial", "supplementary")]


@pytest.mark.parametrize(
    "text",
    [
        "2024-supplementary", "FY2024 supplementary", "fy2024-supplementary", "FY 2024, Supplementary",
        "supplementary 2024", "2024_supplementary", "fiscal year 2024 supplementary", "令和6年度 supplementary",
    ],
)  # fmt: skip
def test_a_figure_may_be_written_in_many_ways(text: str) -> None:
    """A year as slides print it and the kind of budget, in any order, with or without separators."""
    assert [name.slug for name in select(text, NAMES)] == ["2024-supplementary"]


def test_a_year_or_a_budget_alone_means_all_of_it() -> None:
    """`2024` is both budgets of the year, `initial` that of every year."""
    assert [name.slug for name in select("FY2024", NAMES)] == ["2024-initial", "2024-supplementary"]
    assert [name.fiscal_year for name in select("initial", NAMES)] == [2023, 2024, 2025]


@pytest.mark.parametrize(
    ("text", "advice"),
    [
        ("2024-suplementary", "Did you mean 2024-supplementary?"),
        ("FY2024 suplementary", "Did you mean 2024-supplementary"),
        ("2031-initial", "There are: 2023-initial, 2023-supplementary"),
        ("", "There are: "),
        ("2024 2025", "There are: "),
        ("the budget", "There are: "),
        ("2024-initial-supplementary", "Did you mean 2024-supplementary"),
        ("initial-ish", "There are: "),
    ],
)
def test_what_means_no_figure_is_refused_with_advice(text: str, advice: str) -> None:
    """A typo is answered by what is near, everything else by what there is; never by an empty table."""
    with pytest.raises(FigureNotFoundError) as caught:
        select(text, NAMES)
    assert caught.value.code == "PD021"
    assert repr(text) in caught.value.message
    assert caught.value.advice.startswith(advice)
    assert "\n" not in str(caught.value)


def test_where_no_edition_states_a_figure_that_is_said() -> None:
    """Decks that are not about budgets have none to name."""
    with pytest.raises(FigureNotFoundError, match="2024-initial") as caught:
        select("2024-initial", [])
    assert caught.value.advice == "None states any budget figure."
