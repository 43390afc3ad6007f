"""Lines that state several totals: each amount gets the year and budget that are said of it, and no other's."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, cast

import pytest

from pipeline.extractors.figures import take_figures
from pipeline.extractors.harvest import Context, Harvest
from pipeline.language.amounts import load_vocabulary
from pipeline.organizations import load_organizations
from pipeline.passage import of_words
from pipeline.profiles import load_profile
from pipeline.records import Printed
from tests.typed_pages import Typed, page_of

if TYPE_CHECKING:
    from pipeline.layout.slide import Slide

_SCHEMAS = Path(__file__).parents[1] / "schemas"


def _stated(text: str) -> list[tuple[object, ...]]:
    """Year, budget, stage, printed amount and label of each figure that a line states."""
    profile = load_profile(_SCHEMAS / "decks" / "japan-ai-policy.yaml")
    context = Context(profile, profile.slides[0], load_vocabulary(_SCHEMAS), load_organizations())
    page = page_of([Typed(20, 50, text)])
    harvest = Harvest(cast("Slide", SimpleNamespace(page=page)), "major_budgets")
    take_figures(harvest, context, of_words(1, page.words))

    def value(content: object) -> object:
        return content.value if isinstance(content, Printed) else content

    found = []
    for record in harvest.records:
        f = record.fields
        label = cast("Printed", f["label"]).passage.text
        found.append((value(f["fiscal_year"]), value(f["budget"]), value(f["stage"]), value(f["printed"]), label))
    return found


@pytest.mark.parametrize(
    ("text", "stage", "first", "second"),
    [
        (
            "Total: USD 3 million (FY2030 draft), USD 2 million (FY2029 supplementary)",
            "draft",
            "Total: USD 3 million (FY2030 draft)",
            "USD 2 million (FY2029 supplementary)",
        ),
        (
            "Government draft for FY2030: USD 3 million; supplementary budget for FY2029: USD 2 million",
            "draft",
            "Government draft for FY2030",
            "supplementary budget for FY2029",
        ),
        (
            "FY2030: USD 3 million FY2029 (supplementary): USD 2 million",
            None,
            "FY2030",
            "FY2029 (supplementary)",
        ),
        (
            "A total of USD 3 million in the draft budget for FY2030 and USD 2 million in the supplementary budget for FY2029",
            "draft",
            "A total of USD 3 million in the draft budget for FY2030 and",
            "USD 2 million in the supplementary budget for FY2029",
        ),
        (
            "FY2030: USD 3 million (draft); FY2029: USD 2 million (supplementary)",
            "draft",
            "FY2030: USD 3 million (draft)",
            "FY2029: USD 2 million (supplementary)",
        ),
        (
            "JFY2030 draft budget: USD 3 million; JFY2029 supplementary budget: USD 2 million",
            "draft",
            "JFY2030 draft budget",
            "JFY2029 supplementary budget",
        ),
    ],
)
def test_each_amount_has_the_year_that_is_said_of_it(text: str, stage: str | None, first: str, second: str) -> None:
    """Whether the years stand before the amounts or behind them; beside a supplementary budget a bare year is the initial."""
    assert _stated(text) == [
        (2030, "initial", stage, "USD 3 million", first),
        (2029, "supplementary", None, "USD 2 million", second),
    ]


def test_what_brackets_say_of_another_amount_is_not_taken() -> None:
    """An amount in front of brackets that hold another one with its year gets no year from them, and is no part of it."""
    found = _stated("Total budget: USD 3 million [FY2029 supplementary: USD 2 million]")
    assert found == [(2029, "supplementary", None, "USD 2 million", "[FY2029 supplementary: USD 2 million]")]


def test_a_bare_year_alone_states_no_budget() -> None:
    """Nothing says that amounts of two years are budgets where no budget is named; nor does a sentence about a year."""
    assert _stated("FY2030: USD 3 million; FY2029: USD 2 million") == []
    found = _stated("Grants in FY2030 were USD 3 million; FY2029 supplementary budget: USD 2 million")
    assert [figure[:4] for figure in found] == [(2029, "supplementary", None, "USD 2 million")]
