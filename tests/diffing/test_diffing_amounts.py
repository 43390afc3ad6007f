"""Amounts are compared as intervals."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

import pytest
from fictional_editions import amount, category, edition, item
from hypothesis import given
from hypothesis import strategies as st

from pipeline.diffing import diff_editions
from pipeline.diffing.amounts import Comparison, Figure, Interval, compare, figure_of
from pipeline.diffing.rendering.view import growth_text, money

if TYPE_CHECKING:
    from pipeline.diffing.totals import CategoryTotal
    from pipeline.model import Row


def figure(value: str, step: str, **more: object) -> Figure:
    """A figure printed to the digit `step`."""
    found = figure_of(amount("x", value, step, **more))  # type: ignore[arg-type]
    assert found is not None
    return found


def compared(old: tuple[str, str], new: tuple[str, str]) -> Comparison:
    """Two figures, each a value and its last printed step, compared."""
    return compare(figure(*old), figure(*new))


@pytest.mark.parametrize(
    ("old", "new", "state"),
    [
        (("4.0", "0.1"), ("4.0", "0.1"), "same"),
        (("1200", "100"), ("1180", "10"), "restated"),  # [1150, 1250] holds 1180
        (("1200", "100"), ("1200", "10"), "restated"),
        (("1200", "100"), ("1300", "100"), "changed"),  # they touch at 1250, but the digits are the same in kind
        (("1200", "100"), ("1260", "10"), "changed"),  # [1255, 1265] is above 1250
    ],
)
def test_a_change_of_rounding_is_not_a_change_of_budget(old: tuple[str, str], new: tuple[str, str], state: str) -> None:
    """Another number of digits with overlapping intervals is a restatement, anything else that differs a change."""
    assert compared(old, new).state == state


def test_part_of_and_presence_are_states_of_their_own() -> None:
    """Part of X against X is no growth; an amount may appear and disappear."""
    whole, part = figure("5", "1"), figure("5", "1", part=True)
    assert (compare(whole, part).state, compare(part, whole).state) == ("now part of", "no longer part of")
    assert compare(whole, part).growth is None
    assert compare(None, whole).state == "appeared"
    assert compare(whole, None).state == "disappeared"
    assert compare(part, figure("6", "1", part=True)).state == "changed"


def test_growth_is_the_range_that_rounding_leaves() -> None:
    """From 4.0 in [3.95, 4.05] to 4.6 in [4.55, 4.65]: between 4.55/4.05 and 4.65/3.95, rounded outwards."""
    growth = compared(("4.0", "0.1"), ("4.6", "0.1")).growth
    assert growth == Interval(Decimal("0.1234"), Decimal("0.1773"))  # 0.12345..., 0.17721...
    assert growth_text(growth) == "+12 % to +18 %"


def test_currencies_are_not_compared() -> None:
    """No exchange rate is assumed: another currency is a change without growth."""
    comparison = compare(figure("5", "1"), figure("5", "1", currency="JPY"))
    assert (comparison.state, comparison.growth) == ("changed", None)


@given(*[st.decimals(min_value=1, max_value=1000, places=2) for _ in range(4)])
def test_growth_holds_whatever_the_true_values_are(a: Decimal, b: Decimal, c: Decimal, d: Decimal) -> None:
    """For true values anywhere in the intervals, the true growth lies in the stated range."""
    steps = [min(x, y) for x, y in ((a, b), (c, d))]
    old, new = figure(str(a), str(steps[0])), figure(str(c), str(steps[1]))
    growth = compare(old, new).growth
    if growth is not None and growth.lower is not None and growth.upper is not None:
        for before in (old.interval.lower, old.value, old.interval.upper):
            for after in (new.interval.lower, new.value, new.interval.upper):
                assert before is not None
                assert after is not None
                assert growth.lower <= after / before - 1 <= growth.upper


@pytest.mark.parametrize(
    ("value", "unit", "text"),
    [
        ("4000000", "100000", "4.0 million"),
        ("300000000", "100000000", "0.3 billion"),
        ("124000000", "1000000", "124 million"),
        ("196900000000", "100000000", "196.9 billion"),
        ("142000", "1", "142,000"),
    ],
)
def test_money_shows_the_digits_that_were_printed(value: str, unit: str, text: str) -> None:
    """No digit that was not printed, none lost."""
    assert money(Decimal(value), Decimal(unit)) == text


# Figures that both editions state


def stated(label: str, year: int, value: str, step: str = "100", stage: str | None = None) -> Row:
    """A stated figure of one fiscal year, printed to the digit `step`."""
    v, half = Decimal(value), Decimal(step) / 2
    return {
        "figure_id": label, "page": 4, "label": label, "fiscal_year": year, "budget": "initial", "stage": stage,
        "value": v, "lower": v - half, "upper": v + half, "currency": "USD", "is_approximate": False, "printed": value,
    }  # fmt: skip


def test_a_figure_both_editions_state_is_compared_across_them() -> None:
    """The draft of 2031 against last year's budget of the 2032 edition: a revision of one year, its stage noted."""
    old = edition(2031, [], stated_figures=[stated("Draft budget for FY2031", 2031, "1300", stage="draft")])
    new = edition(2032, [], stated_figures=[
        stated("Draft budget for FY2032", 2032, "600", stage="draft"), stated("Budget for FY2031 was", 2031, "1200"),
    ])  # fmt: skip
    diff = diff_editions(old, new)
    (shared,) = diff.shared_figures
    assert (shared.fiscal_year, shared.comparison.state, shared.draft_became_final) == (2031, "changed", True)
    assert shared.comparison.same_year
    assert diff.tables["stated_figures"].pairs[0].carried
    (own,) = diff.stated
    assert own.comparison.old is not None
    assert own.comparison.new is not None
    assert (own.comparison.old.fiscal_year, own.comparison.new.fiscal_year) == (2031, 2032)


def test_the_most_precise_statement_is_compared() -> None:
    """Where an edition states a figure twice, the one with more digits speaks; both places are named."""
    old = edition(2031, [], stated_figures=[stated("a", 2031, "1200"), stated("b", 2031, "1180", "10")])
    new = edition(2032, [], stated_figures=[stated("c", 2031, "1180", "10")])
    (shared,) = diff_editions(old, new).shared_figures
    assert (shared.comparison.state, shared.old_labels) == ("same", ("a", "b"))


# Totals by category


def totals() -> CategoryTotal:
    """The account of a category in which one item is new, and one each was dropped, renamed, changed and kept."""
    names_old = ["Tidal gauges", "Support for coastal pilots at sea", "Pilot boats", "Lighthouse automation"]
    names_new = ["Fog horns", "Assistance for coastal pilots at sea", "Pilot boats", "Lighthouse automation"]
    values_old, values_new = ["10", "20", "30", "40"], ["7", "25", "33", "40"]
    sides = []
    for year, names, values, whole in ((2031, names_old, values_old, "100"), (2032, names_new, values_new, "110")):
        rows = [item(name) for name in names]
        amounts = [amount(str(r["item_id"]), v, "1", year=year) for r, v in zip(rows, values, strict=True)]
        amounts.append(amount("harbours", whole, "10", year=year, kind="category"))
        sides.append(edition(year, rows, amounts, budget_categories=[category("Harbours")]))
    (account,) = diff_editions(*sides).totals
    return account


def test_a_categorys_change_is_split_by_where_it_came_from() -> None:
    """+10 in print; +7 new, -10 dropped, +5 renamed, +3 changed, each give or take its rounding; the rest is said."""
    account = totals()
    assert account.change == Interval(Decimal(0), Decimal(20))  # [105, 115] - [95, 105]
    parts = {c.source: (c.items, c.change) for c in account.contributions}
    assert parts == {
        "new": (1, Interval(Decimal("6.5"), Decimal("7.5"))),
        "dropped": (1, Interval(Decimal("-10.5"), Decimal("-9.5"))),
        "renamed": (1, Interval(Decimal(4), Decimal(6))),
        "changed": (1, Interval(Decimal(2), Decimal(4))),
        "unchanged": (1, Interval(Decimal(-1), Decimal(1))),
    }
    # 0 to 20 less (1 to 9): what the listed items leave.
    assert account.unexplained == Interval(Decimal(-9), Decimal(19))


def test_what_is_counted_in_a_parent_is_not_counted_again() -> None:
    """An item inside another that states an amount itself adds nothing to the category's account."""
    parent = item("Lighthouses")
    child = item("Lamps", parent_item_id=parent["item_id"])
    amounts = [amount(str(parent["item_id"]), "10", "1"), amount(str(child["item_id"]), "4", "1")]
    (account,) = diff_editions(edition(2031, []), edition(2032, [parent, child], amounts)).totals
    assert [(c.source, c.items) for c in account.contributions] == [("new", 1)]
