"""Sums hold where the printed figures admit it, fail where they do not, and say which of the two."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import pytest
from deck_tables import NAMES, Tables, amount, bar, item, slides, stated, truth_tables
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.check_sentences import CHECK_SENTENCES, CheckSentence
from pipeline.validation.checking import arithmetic_checks

if TYPE_CHECKING:
    from pipeline.model import Check

STATED_TOTAL: dict[str, Any] = {
    "kind": "sum",
    "name": "stated-total",
    "title": "The stated total is the sum of the categories and the notes' amounts",
    "total": {"table": "stated_figures", "slide": "major_budgets"},
    "parts": [
        {"table": "budget_amounts", "subject_type": "category"},
        {"table": "budget_amounts", "subject_type": "note"},
    ],
}
CATEGORY_ITEMS: dict[str, Any] = {
    "kind": "sum",
    "name": "category-items",
    "title": "A category is not less than the sum of its items",
    "total": {"table": "budget_amounts", "subject_type": "category"},
    "parts": [{"table": "budget_amounts", "subject_type": "item"}],
}
PARTIAL = {"partial_when": [{"table": "notes", "says": ["Mainly  describes"]}]}
SAME: dict[str, Any] = {
    "kind": "same_figure",
    "name": "figure-stated-twice",
    "places": [{"table": "stated_figures"}, {"table": "budget_trend"}],
}


def sentences(*given: dict[str, Any]) -> tuple[CheckSentence, ...]:
    """Check sentences as a profile would give them."""
    return CHECK_SENTENCES.validate_python(given)


def run(tables: Tables, *given: dict[str, Any]) -> dict[str, Check]:
    """The checks by their ids."""
    return {check.check_id: check for check in arithmetic_checks(tables, sentences(*given))}


def one_category(*items: tuple[str, str | None, str | None], total: str = "10 million", **options: Any) -> Tables:
    """A category with items: each a key, its amount (None for none) and its parent item."""
    return {
        "slides": slides({4: "major_budgets"}),
        "budget_categories": [{"category_id": "safety", "page": 4, "category": "Safety"}],
        "budget_items": [item(key, "safety", parent) for key, _, parent in items],
        "budget_amounts": [
            amount("category", "safety", "initial", 2025, total),
            *(
                amount("item", key, "initial", 2025, printed, part=printed.startswith("a part"), **options)
                for key, printed, _ in items
                if printed
            ),
        ],
        "stated_figures": [],
        "notes": [],
    }


ITEMS_ID = "sum/category-items/safety/2025-initial"


@pytest.mark.parametrize("name", NAMES)
def test_untouched_deck_raises_no_alarm(name: str) -> None:
    """No sum and no repeated figure is inconsistent on a deck as it was printed."""
    checks = run(truth_tables(name), STATED_TOTAL, {**CATEGORY_ITEMS, **PARTIAL}, SAME)
    assert checks
    assert not [c for c in checks.values() if c.verdict == "inconsistent"]


def test_stated_totals_of_2025_are_consistent_with_both_intervals_shown() -> None:
    """4.0 + 1,200 + 2.0 + 120 million is 1.326 billion, between 1.2709 and 1.3811; 1.3 is between 1.25 and 1.35."""
    check = run(truth_tables("japan-2025"), STATED_TOTAL)["sum/stated-total/2025-initial"]
    assert check.verdict == "consistent"
    assert (check.stated, check.lower, check.upper) == (Decimal(10**8 * 13), Decimal(1270900000), Decimal(1381100000))
    # The overlap is [1.2709, 1.35]: 0.0791 billion is 0.791 steps of 0.1 billion; four parts make noise of sqrt(4/12).
    assert check.slack == Decimal("0.791")
    assert check.noise == Decimal("0.577")
    assert check.message == (
        "FY2025 initial: stated USD 1.3 billion (1.25 to 1.35); "
        "categories and Note 3 add up to USD 1.326 billion (1.2709 to 1.3811): consistent."
    )


@pytest.mark.parametrize("change", ["0.2", "-0.2"])
@pytest.mark.parametrize("index", [0, 1])
def test_stated_total_changed_by_a_fifth_of_a_billion_is_inconsistent(index: int, change: str) -> None:
    """Each total that stands on the budget slide fails its sum when 0.2 billion off."""
    tables = truth_tables("japan-2025")
    row = tables["stated_figures"][index]
    for column in ("value", "lower", "upper"):
        value = row[column]
        assert isinstance(value, Decimal)
        row[column] = value + Decimal(change) * 10**9
    check = list(run(tables, STATED_TOTAL).values())[index]
    assert check.verdict == "inconsistent"
    assert check.rows[0].key == row["figure_id"]


def test_dropped_category_is_inconsistent_and_named() -> None:
    """Without the amount of its largest category the total falls short, and the missing amount is named."""
    tables = truth_tables("japan-2025")
    key = "innovation-of-ai-and-innovation-by-ai"
    tables["budget_amounts"] = [
        row for row in tables["budget_amounts"] if (row["subject_id"], row["budget"]) != (key, "initial")
    ]
    check = run(tables, STATED_TOTAL)["sum/stated-total/2025-initial"]
    assert check.verdict == "inconsistent"
    assert "fall short" in check.message
    assert check.suspects[0].key == f"category/{key}/initial"


def test_excess_of_items_is_inconsistent_even_where_the_list_is_partial() -> None:
    """Items of 6 and 7 million exceed 10 million, whatever else is missing."""
    tables = one_category(("a", "6 million", None), ("b", "7 million", None), ("c", None, None))
    tables["notes"] = [{"note_id": "n", "number": 1, "mark": None, "page": 4, "text": "This mainly describes AI."}]
    check = run(tables, {**CATEGORY_ITEMS, **PARTIAL})[ITEMS_ID]
    assert check.verdict == "inconsistent"
    # The parts are at least 5.5 + 6.5, the total at most 10.5.
    assert "exceed it by USD 1.5 million at least" in check.message


def test_shortfall_is_inconsistent_unless_something_explains_it() -> None:
    """8 of 10 million is a shortfall; an item without an amount, or a partial list, leaves it undetermined."""
    complete = one_category(("a", "8 million", None))
    assert run(complete, CATEGORY_ITEMS)[ITEMS_ID].verdict == "inconsistent"

    unprinted = run(one_category(("a", "8 million", None), ("b", None, None)), CATEGORY_ITEMS)[ITEMS_ID]
    assert (unprinted.verdict, unprinted.upper) == ("undetermined", None)
    assert "1 item without an amount" in unprinted.message

    complete["notes"] = [{"note_id": "n", "number": 1, "mark": None, "page": 4, "text": "This mainly describes AI."}]
    partial = run(complete, {**CATEGORY_ITEMS, **PARTIAL})[ITEMS_ID]
    assert partial.verdict == "undetermined"
    assert "Note 1" in partial.message

    complete["notes"][0]["page"] = 9
    elsewhere = run(complete, {**CATEGORY_ITEMS, **PARTIAL})[ITEMS_ID]
    assert elsewhere.verdict == "inconsistent"


def test_amount_in_one_budget_adds_nothing_to_the_other() -> None:
    """An item with a supplementary amount only is no excuse for a shortfall of the initial budget."""
    tables = one_category(("a", "8 million", None), ("b", None, None))
    tables["budget_amounts"] += [
        amount("item", "b", "supplementary", 2024, "3 million"),
        amount("category", "safety", "supplementary", 2024, "3 million"),
    ]
    checks = run(tables, CATEGORY_ITEMS)
    assert checks[ITEMS_ID].verdict == "inconsistent"
    assert checks["sum/category-items/safety/2024-supplementary"].verdict == "consistent"


def test_part_of_an_amount_counts_as_anything_up_to_it() -> None:
    """A part of 5 million fills up 8 to 10 million; with 8 million alone and a part of 1 million it cannot."""
    fits = one_category(("a", "8 million", None), ("b", "a part of 5 million", None))
    assert run(fits, CATEGORY_ITEMS)[ITEMS_ID].verdict == "consistent"
    # At most 7.5 + 1.5 = 9.0, and the total is at least 9.5.
    short = one_category(("a", "7 million", None), ("b", "a part of 1 million", None))
    assert run(short, CATEGORY_ITEMS)[ITEMS_ID].verdict == "inconsistent"
    # At least more than 10.5, and the total is at most 10.5: a part is never nothing.
    full = one_category(("a", "11 million", None), ("b", "a part of 5 million", None))
    assert run(full, CATEGORY_ITEMS)[ITEMS_ID].verdict == "inconsistent"


def test_shared_amount_counts_once() -> None:
    """Two items that share one amount of 10 million come to 10 million, not to 20."""
    shared = one_category(("a", "10 million", None), ("b", "10 million", None), shared_amount_id="s1")
    assert run(shared, CATEGORY_ITEMS)[ITEMS_ID].verdict == "consistent"
    assert run(shared, CATEGORY_ITEMS)[ITEMS_ID].upper == Decimal(10500000)


def test_sub_items_are_not_counted_beside_their_item() -> None:
    """An item's own amount counts, its sub-items are checked against it, and without one its sub-items count."""
    tables = one_category(("a", "10 million", None), ("a1", "6 million", "a"), ("a2", "4 million", "a"))
    checks = run(tables, CATEGORY_ITEMS)
    assert checks[ITEMS_ID].verdict == "consistent"
    assert checks[ITEMS_ID].upper == Decimal(10500000)
    assert checks["sum/category-items/a/2025-initial"].verdict == "consistent"

    wrong = one_category(("a", "10 million", None), ("a1", "6 million", "a"), ("a2", "9 million", "a"))
    assert run(wrong, CATEGORY_ITEMS)["sum/category-items/a/2025-initial"].verdict == "inconsistent"

    umbrella = one_category(("a", None, None), ("a1", "6 million", "a"), ("a2", "4 million", "a"))
    assert run(umbrella, CATEGORY_ITEMS)[ITEMS_ID].verdict == "consistent"


def test_total_that_states_nothing_for_a_budget_is_exceeded_by_any_item() -> None:
    """A category with an initial amount only cannot have an item with a supplementary one."""
    tables = one_category(("a", "10 million", None), ("b", None, None))
    tables["budget_amounts"].append(amount("item", "b", "supplementary", 2024, "3 million"))
    check = run(tables, CATEGORY_ITEMS)["sum/category-items/safety/2024-supplementary"]
    assert check.verdict == "inconsistent"
    assert check.suspects[0].key == "category/safety/supplementary"


def test_exact_sums_of_the_japanese_slide_fail_when_off_by_one() -> None:
    """502 + 3,605 + 240 + 33 = 4,380 holds as printed; with `exact`, one more or less in any of the five fails."""
    sentence = {**STATED_TOTAL, "exact": True}
    check_id = "sum/stated-total/2025-supplementary"
    assert run(truth_tables("fy2025-supplementary"), sentence)[check_id].verdict == "consistent"
    for change in (Decimal(10**8), Decimal(-(10**8))):
        for place in range(5):
            tables = truth_tables("fy2025-supplementary")
            categories = [row for row in tables["budget_amounts"] if row["subject_type"] == "category"]
            row = [tables["stated_figures"][0], *categories][place]
            for column in ("value", "lower", "upper"):
                value = row[column]
                assert isinstance(value, Decimal)
                row[column] = value + change
            assert run(tables, sentence)[check_id].verdict == "inconsistent"


def test_a_note_on_rounding_takes_exactness_back() -> None:
    """With a note that sums may differ by rounding, a total one off is consistent; two and a half off it is not."""
    says = [{"table": "notes", "says": ["一致しない"]}]
    sentence = {**STATED_TOTAL, "exact": True, "rounded_when": says}
    check_id = "sum/stated-total/2025-supplementary"
    for text, change, verdict in (
        ("四捨五入のため、合計は一致しないことがある。", 10**8, "consistent"),
        ("四捨五入のため、合計は一致しないことがある。", 25 * 10**7 + 1, "inconsistent"),
        ("小項目は四捨五入した額。", 10**8, "inconsistent"),
    ):
        tables = truth_tables("fy2025-supplementary")
        page = tables["stated_figures"][0]["page"]
        tables["notes"] = [{"note_id": "n", "number": 1, "mark": None, "page": page, "text": text}]
        for column in ("value", "lower", "upper"):
            value = tables["stated_figures"][0][column]
            assert isinstance(value, Decimal)
            tables["stated_figures"][0][column] = value + change
        assert run(tables, sentence)[check_id].verdict == verdict


def test_a_title_may_call_a_list_partial() -> None:
    """A slide of the "main measures" lists no others: a shortfall is undetermined, an excess is not excused."""
    title = {"partial_when": [{"table": "slides", "says": ["main measures"]}]}
    for printed, verdict in (("8 million", "undetermined"), ("12 million", "inconsistent")):
        tables = one_category(("a", printed, None))
        assert run(tables, {**CATEGORY_ITEMS, **title})[ITEMS_ID].verdict == "inconsistent"
        tables["slides"][0]["title"] = "The main measures on AI"
        assert run(tables, {**CATEGORY_ITEMS, **title})[ITEMS_ID].verdict == verdict


def test_negative_weight_deducts() -> None:
    """10 million less a deduction of 4 million is 6 million."""
    tables = one_category()
    tables["budget_amounts"].append(amount("note", "n", "initial", 2025, "4 million"))
    tables["stated_figures"] = [stated("total", 4, 2025, "initial", "6 million")]
    parts = [STATED_TOTAL["parts"][0], {**STATED_TOTAL["parts"][1], "weight": -1}]
    checks = run(tables, {**STATED_TOTAL, "parts": parts})
    check = checks["sum/stated-total/2025-initial"]
    # [9.5, 10.5] - [3.5, 4.5] = [5, 7]
    assert (check.verdict, check.lower, check.upper) == ("consistent", Decimal(5000000), Decimal(7000000))


def test_total_stated_twice_counts_as_what_both_admit() -> None:
    """10 million and 10.4 million mean 10.35 to 10.45; parts of 9.5 to 10.0 meet the first, not both."""
    tables = one_category(total="9.75 million")
    tables["stated_figures"] = [stated("one", 4, 2025, "initial", "10 million")]
    check_id = "sum/stated-total/2025-initial"
    assert run(tables, STATED_TOTAL)[check_id].verdict == "consistent"
    tables["stated_figures"].append(stated("two", 4, 2025, "initial", "10.4 million"))
    assert run(tables, STATED_TOTAL)[check_id].verdict == "inconsistent"
    tables["stated_figures"].append(stated("three", 4, 2025, "initial", "12 million"))
    blocked = run(tables, STATED_TOTAL)[check_id]
    assert blocked.verdict == "inconsistent"
    assert "different values" in blocked.message


def test_check_that_could_not_have_failed_says_so() -> None:
    """A part of 100 million under a partial list admits any total: no power; with 8 and 2 million there is."""
    tables = one_category(("a", "a part of 100 million", None))
    tables["notes"] = [{"note_id": "n", "number": 1, "mark": None, "page": 4, "text": "This mainly describes AI."}]
    assert "no power" in run(tables, {**CATEGORY_ITEMS, **PARTIAL})[ITEMS_ID].message
    tight = one_category(("a", "8 million", None), ("b", "2 million", None))
    assert "no power" not in run(tight, CATEGORY_ITEMS)[ITEMS_ID].message


def test_missing_sides_leave_a_sum_undetermined() -> None:
    """A stated figure without any parts, and parts without a stated figure, are listed as undetermined."""
    tables = one_category(("a", "10 million", None))
    tables["stated_figures"] = [stated("last-year", 4, 2024, "initial", "8 million")]
    checks = run(tables, STATED_TOTAL)
    assert {c.check_id: c.verdict for c in checks.values()} == {
        "sum/stated-total/2024-initial": "undetermined",
        "sum/stated-total/2025-initial": "undetermined",
    }


def test_verdict_carries_both_intervals() -> None:
    """What the total admits stands beside what its parts admit: 10 million is 9.5 to 10.5, 8 and 2 million 9 to 11."""
    check = run(one_category(("a", "8 million", None), ("b", "2 million", None)), CATEGORY_ITEMS)[ITEMS_ID]
    assert (check.stated_lower, check.stated_upper) == (Decimal(9500000), Decimal(10500000))
    assert (check.lower, check.upper) == (Decimal(9000000), Decimal(11000000))


def test_rule_of_duplicates_a_total_stated_elsewhere_is_narrowed_by_it() -> None:
    """Calculations 1.1, duplicates: 10 million on the slide and 10.4 in the chart are one fact, 10.35 to 10.45.

    Parts of 9.75 million (9.745 to 9.755) meet the slide's figure alone and not the fact.
    """
    tables = one_category(total="9.75 million")
    tables["stated_figures"] = [stated("one", 4, 2025, "initial", "10 million")]
    tables["budget_trend"] = [bar(2025, "initial", "10.4 million", None)]
    check_id = "sum/stated-total/2025-initial"
    assert run(tables, STATED_TOTAL)[check_id].verdict == "consistent"
    narrowed = run(tables, STATED_TOTAL, SAME)[check_id]
    assert narrowed.verdict == "inconsistent"
    assert (narrowed.stated_lower, narrowed.stated_upper) == (Decimal(10350000), Decimal(10450000))


def test_round_number_elsewhere_narrows_nothing_below_its_zeros() -> None:
    """On a chart in millions 700 may be 0.7 billion as it stands on the slide; 710 is not rounded to a hundred."""
    tables = one_category(total="736 million")
    tables["stated_figures"] = [stated("one", 4, 2025, "initial", "0.7 billion")]
    for label, verdict in (("700 million", "consistent"), ("710 million", "inconsistent")):
        tables["budget_trend"] = [bar(2025, "initial", label, None)]
        assert run(tables, STATED_TOTAL, SAME)["sum/stated-total/2025-initial"].verdict == verdict


def test_rule_of_duplicates_without_a_common_value_blocks_the_sum() -> None:
    """Calculations 1.1, duplicates: 10 million here and 12 million there are no fact, so no sum is compared with it."""
    tables = one_category(total="10 million")
    tables["stated_figures"] = [stated("one", 4, 2025, "initial", "10 million")]
    tables["budget_trend"] = [bar(2025, "initial", "12 million", None)]
    checks = run(tables, STATED_TOTAL, SAME)
    assert checks["same_figure/figure-stated-twice/2025-initial"].verdict == "inconsistent"
    blocked = checks["sum/stated-total/2025-initial"]
    assert "blocked, the total is stated with different values (USD 10 million and USD 12 million)" in blocked.message
    assert "which bear out USD 10 million only" in blocked.message
    assert blocked.slack is None


def test_entry_that_ends_in_hoka_leaves_its_list_open() -> None:
    """「…ほか」 says that more is meant than is listed: a shortfall is undetermined, an excess is not excused."""
    rule = {"partial_when": [{"table": "notes", "says": ["主な"], "items_end": ["ほか"]}]}
    tables = one_category(("a", "8 million", None))
    sentence = {**CATEGORY_ITEMS, **rule}
    assert run(tables, sentence)[ITEMS_ID].verdict == "inconsistent"
    tables["budget_items"][0]["name"] = "人材育成（研修ほか）"
    check = run(tables, sentence)[ITEMS_ID]
    assert check.verdict == "undetermined"
    assert 'the entry "人材育成（研修ほか）"' in check.message
    tables["budget_amounts"][1].update(amount("item", "a", "initial", 2025, "12 million"))
    assert run(tables, sentence)[ITEMS_ID].verdict == "inconsistent"


PARTS = st.lists(
    st.tuples(st.integers(1, 99999), st.integers(-1, 3), st.booleans(), st.sampled_from((1, -1))),
    min_size=1,
    max_size=6,
)


@settings(deadline=None)
@given(st.integers(1, 299999), st.integers(-1, 3), PARTS)
def test_verdict_is_that_of_exact_rational_arithmetic(total: int, accuracy: int, parts: list[Any]) -> None:
    """A sum of figures with any accuracies, weights of 1 and -1, and parts of amounts, against fractions.

    The total v to d decimals is [v - ½·10⁻ᵈ, v + ½·10⁻ᵈ]; so is each part, times its weight; of "a part of X" it is
    (0, X + ½·10⁻ᵈ]. Consistent is where the two overlap.
    """
    tables = one_category(total="1 million")
    tables["stated_figures"] = [stated("total", 4, 2025, "initial", "1 million")]
    tables["budget_amounts"] = []
    tables["budget_categories"] = []
    _set(tables["stated_figures"][0], total, accuracy, part=False)
    low = high = Fraction(0)
    low_left_out = high_left_out = False
    for n, (value, digits, part, weight) in enumerate(parts):
        kind = "category" if weight > 0 else "note"
        row = amount(kind, f"row-{n}", "initial", 2025, "1 million", part=part)
        _set(row, value, digits, part=part)
        tables["budget_amounts"].append(row)
        ends = Fraction(0) if part else Fraction(value) - _half(digits), Fraction(value) + _half(digits)
        low += ends[0] if weight > 0 else -ends[1]
        high += ends[1] if weight > 0 else -ends[0]
        low_left_out |= part and weight > 0
        high_left_out |= part and weight < 0
    weighted = [STATED_TOTAL["parts"][0], {**STATED_TOTAL["parts"][1], "weight": -1}]
    check = run(tables, {**STATED_TOTAL, "parts": weighted})["sum/stated-total/2025-initial"]
    stated_low, stated_high = Fraction(total) - _half(accuracy), Fraction(total) + _half(accuracy)
    beyond = low > stated_high or (low == stated_high and low_left_out)
    short = high < stated_low or (high == stated_low and high_left_out)
    assert check.verdict == ("inconsistent" if beyond or short else "consistent")
    assert check.lower is not None
    assert check.upper is not None
    assert (Fraction(check.lower), Fraction(check.upper)) == (low, high)


def _half(digits: int) -> Fraction:
    return Fraction(1, 2) / Fraction(10) ** digits


def _set(row: dict[str, Any], value: int, digits: int, *, part: bool) -> None:
    half = Decimal(5).scaleb(-digits - 1)
    row.update(value=Decimal(value), lower=Decimal(0) if part else Decimal(value) - half, upper=Decimal(value) + half)


def test_other_places_of_a_total_lend_a_sum_no_power() -> None:
    """That the chart would contradict a misread total is no merit of the sum: parts that admit anything have no power."""
    tables = one_category(total="10 million")
    tables["budget_amounts"][0].update(is_part_of=True, lower=Decimal(0), upper=Decimal(10) ** 12)
    tables["stated_figures"] = [stated("one", 4, 2025, "initial", "10 million")]
    tables["budget_trend"] = [bar(2025, "initial", "10 million", None)]
    assert "no power" in run(tables, STATED_TOTAL, SAME)["sum/stated-total/2025-initial"].message
