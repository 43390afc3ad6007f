"""An open group gets its category from the earlier edition or the totals, or stays open: nothing is guessed."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.settling import MOST_ASSIGNMENTS, Candidate, settle, with_categories

if TYPE_CHECKING:
    from pipeline.model import Row

Tables = dict[str, list["Row"]]

BOTH = ("safety", "growth")


def _category(key: str) -> Row:
    return {"category_id": key, "category": key.title()}


def _item(key: str, group: str | None, category: str | None = None, parent: str | None = None) -> Row:
    return {
        "item_id": key, "category_id": category, "category": category.title() if category else None,
        "group": group, "parent_item_id": parent, "name": f"Project {key}",
    }  # fmt: skip


def _amount(kind: str, key: str, value: str, *, part: bool = False, shared: str | None = None) -> Row:
    """An amount printed to a whole number, so it is known to half a unit."""
    half = Decimal("0.5")
    return {
        "subject_type": kind, "subject_id": key, "budget": "initial", "fiscal_year": 2030, "currency": "USD",
        "value": Decimal(value), "lower": Decimal(0) if part else Decimal(value) - half, "upper": Decimal(value) + half,
        "is_part_of": part, "shared_amount_id": shared,
    }  # fmt: skip


def _tables(items: list[Row], amounts: list[Row], edition: str = "2030") -> Tables:
    return {
        "editions": [{"edition": edition}],
        "budget_categories": [_category("safety"), _category("growth")],
        "budget_items": items,
        "budget_amounts": amounts,
    }


def test_a_group_with_one_candidate_is_settled_by_the_layout() -> None:
    """Nothing else is asked, not even totals that it exceeds: those have a check of their own."""
    tables = _tables([_item("a", "Robots")], [_amount("category", "safety", "1"), _amount("item", "a", "9")])
    (settlement,) = settle([Candidate("Robots", ("a",), ("safety",))], tables).settlements
    assert (settlement.category, settlement.by) == ("safety", "layout")


def test_the_earlier_edition_decides_and_is_named() -> None:
    """The group stood under Growth, and the check says in which edition."""
    tables = _tables([_item("a", "Robots")], [])
    old = _tables([_item("z", "ROBOTS", "growth")], [], "2029")
    settled = settle([Candidate("Robots", ("a",), BOTH)], tables, old)
    assert settled.settlements[0].category == "growth"
    (check,) = settled.checks
    assert (check.kind, check.verdict, check.subject) == ("category", "consistent", "Robots")
    assert "edition 2029" in check.message
    assert [place.key for place in check.rows] == ["a"]


def test_a_new_group_of_known_items_goes_where_they_were() -> None:
    """The group got another name, but both of its programmes stood under Growth."""
    tables = _tables([_item("a", "Machines"), _item("b", "Machines")], [])
    old = _tables([_item("a", "Robots", "growth"), _item("b", "Robots", "growth"), _item("c", "Data", "safety")], [])
    (settlement,) = settle([Candidate("Machines", ("a", "b"), BOTH)], tables, old).settlements
    assert (settlement.category, settlement.by) == ("growth", "earlier edition")


def test_an_earlier_edition_that_has_it_twice_does_not_decide() -> None:
    """Under both categories there is a group of that name: which one is meant is open."""
    tables = _tables([_item("a", "Others")], [])
    old = _tables([_item("y", "Others", "growth"), _item("z", "Others", "safety")], [])
    settled = settle([Candidate("Others", ("a",), BOTH)], tables, old)
    assert settled.settlements[0].category is None
    assert settled.checks[0].verdict == "undetermined"


def test_totals_rule_out_a_category_that_the_items_exceed() -> None:
    """Safety has at most 10.5 and its own item surely 7.5, so 3.5 more at least do not fit; Growth has room."""
    amounts = [
        _amount("category", "safety", "10"), _amount("category", "growth", "100"),
        _amount("item", "s", "8"), _amount("item", "a", "4"),
    ]  # fmt: skip
    tables = _tables([_item("s", "Tests", "safety"), _item("a", "Robots")], amounts)
    settled = settle([Candidate("Robots", ("a",), BOTH)], tables)
    assert (settled.settlements[0].category, settled.settlements[0].by) == ("growth", "totals")
    assert "'Growth'" in settled.checks[0].message


def test_rounding_leaves_room() -> None:
    """8, 2 and 2 may be 7.5, 1.5 and 1.5, and the total 10.5: what rounding allows is not ruled out."""
    amounts = [
        _amount("category", "safety", "10"), _amount("category", "growth", "100"),
        _amount("item", "s", "8"), _amount("item", "a", "2"), _amount("item", "b", "2"),
    ]  # fmt: skip
    tables = _tables([_item("s", "Tests", "safety"), _item("a", "Robots"), _item("b", "Robots")], amounts)
    assert settle([Candidate("Robots", ("a", "b"), BOTH)], tables).settlements[0].category is None


def test_a_part_of_an_amount_may_be_nothing() -> None:
    """Of "a part of 40" only 0 to 40.5 is known, so it fits everywhere and decides nothing."""
    amounts = [
        _amount("category", "safety", "10"), _amount("category", "growth", "100"), _amount("item", "a", "40", part=True),
    ]  # fmt: skip
    tables = _tables([_item("a", "Robots")], amounts)
    settlement = settle([Candidate("Robots", ("a",), BOTH)], tables).settlements[0]
    assert (settlement.category, settlement.by) == (None, "nothing")


def test_an_amount_below_another_is_counted_once() -> None:
    """The sub-item's 6 is a part of the umbrella's 8, and a shared amount is one amount: 8 and 3 may fit into 10."""
    amounts = [
        _amount("category", "safety", "10"), _amount("category", "growth", "100"),
        _amount("item", "a", "8"), _amount("item", "a1", "6"),
        _amount("item", "b", "3", shared="x"), _amount("item", "c", "3", shared="x"),
    ]  # fmt: skip
    items = [_item("a", "Robots"), _item("a1", "Robots", parent="a"), _item("b", "Robots"), _item("c", "Robots")]
    settlement = settle([Candidate("Robots", ("a", "a1", "b", "c"), BOTH)], _tables(items, amounts)).settlements[0]
    assert settlement.category is None


def test_groups_are_settled_together() -> None:
    """Each of two groups fits under Safety alone, both do not; the earlier edition puts one there, so the other is out."""
    amounts = [
        _amount("category", "safety", "10"), _amount("category", "growth", "100"),
        _amount("item", "a", "8"), _amount("item", "b", "8"),
    ]  # fmt: skip
    tables = _tables([_item("a", "Robots"), _item("b", "Data")], amounts)
    candidates = [Candidate("Robots", ("a",), BOTH), Candidate("Data", ("b",), BOTH)]
    assert [s.category for s in settle(candidates, tables).settlements] == [None, None]
    old = _tables([_item("a", "Robots", "safety")], [])
    settled = settle(candidates, tables, old).settlements
    assert [(s.category, s.by) for s in settled] == [("safety", "earlier edition"), ("growth", "totals")]


def test_an_earlier_edition_against_the_totals_decides_nothing() -> None:
    """The group stood under Safety, which it exceeds now: one of the two is misread, and the check says so."""
    amounts = [_amount("category", "safety", "10"), _amount("category", "growth", "100"), _amount("item", "a", "50")]
    old = _tables([_item("a", "Robots", "safety")], [], "2029")
    settled = settle([Candidate("Robots", ("a",), BOTH)], _tables([_item("a", "Robots")], amounts), old)
    assert settled.settlements[0].category is None
    assert settled.checks[0].verdict == "undetermined"
    assert "edition 2029" in settled.checks[0].message


def test_earlier_categories_that_do_not_fit_together_decide_nothing() -> None:
    """Both groups stood under Safety and each alone fits there, but not both: which one moved is open."""
    amounts = [
        _amount("category", "safety", "10"), _amount("category", "growth", "100"),
        _amount("item", "a", "8"), _amount("item", "b", "8"),
    ]  # fmt: skip
    tables = _tables([_item("a", "Robots"), _item("b", "Data")], amounts)
    old = _tables([_item("a", "Robots", "safety"), _item("b", "Data", "safety")], [])
    candidates = [Candidate("Robots", ("a",), BOTH), Candidate("Data", ("b",), BOTH)]
    assert [s.category for s in settle(candidates, tables, old).settlements] == [None, None]


def test_totals_that_allow_no_category_leave_the_group_open() -> None:
    """An amount that is too large for every category is misread, and no reason to choose."""
    amounts = [_amount("category", "safety", "10"), _amount("category", "growth", "20"), _amount("item", "a", "50")]
    settled = settle([Candidate("Robots", ("a",), BOTH)], _tables([_item("a", "Robots")], amounts))
    assert (settled.settlements[0].category, settled.checks[0].verdict) == (None, "undetermined")
    assert "neither" in settled.checks[0].message


def test_a_category_that_is_too_full_already_does_not_stop_the_others() -> None:
    """A third category whose items exceed it says nothing about a group that cannot belong there."""
    amounts = [
        _amount("category", "safety", "10"), _amount("category", "growth", "100"), _amount("category", "other", "1"),
        _amount("item", "o", "9"), _amount("item", "a", "50"),
    ]  # fmt: skip
    tables = _tables([_item("o", "Misread", "other"), _item("a", "Robots")], amounts)
    assert settle([Candidate("Robots", ("a",), BOTH)], tables).settlements[0].category == "growth"


def test_many_open_groups_are_still_settled() -> None:
    """With more ways than can be tried, each group is tried by itself."""
    count = 40
    assert 2**count > MOST_ASSIGNMENTS
    amounts = [_amount("category", "safety", "10"), _amount("category", "growth", "100000")]
    amounts += [_amount("item", f"i{n}", "50") for n in range(count)]
    tables = _tables([_item(f"i{n}", f"G{n}") for n in range(count)], amounts)
    settled = settle([Candidate(f"G{n}", (f"i{n}",), BOTH) for n in range(count)], tables)
    assert {s.category for s in settled.settlements} == {"growth"}


def test_the_settled_category_is_written_to_the_items_alone() -> None:
    """Items of a settled group get its category, those of an open one none; the tables given stay as they were."""
    tables = _tables([_item("a", "Robots"), _item("b", "Data", "safety"), _item("c", "Chips", "safety")], [])
    old = _tables([_item("a", "Robots", "growth")], [])
    settled = settle([Candidate("Robots", ("a",), BOTH), Candidate("Data", ("b",), BOTH)], tables, old)
    rows = {r["item_id"]: (r["category_id"], r["category"]) for r in with_categories(tables, settled)["budget_items"]}
    assert rows == {"a": ("growth", "Growth"), "b": (None, None), "c": ("safety", "Safety")}
    assert tables["budget_items"][0]["category_id"] is None


@settings(max_examples=60, deadline=None)
@given(st.lists(st.integers(1, 30), min_size=1, max_size=4), st.integers(1, 60), st.integers(1, 60))
def test_what_the_totals_settle_never_exceeds_a_category(values: list[int], safety: int, growth: int) -> None:
    """Whatever the amounts, the categories settled by totals hold their items' least sums."""
    amounts = [_amount("category", "safety", str(safety)), _amount("category", "growth", str(growth))]
    amounts += [_amount("item", f"i{n}", str(value)) for n, value in enumerate(values)]
    tables = _tables([_item(f"i{n}", f"G{n}") for n in range(len(values))], amounts)
    candidates = [Candidate(f"G{n}", (f"i{n}",), BOTH) for n in range(len(values))]
    half = Decimal("0.5")
    for category, total in (("safety", safety), ("growth", growth)):
        settled = settle(candidates, tables).settlements
        inside = [v - half for s, v in zip(settled, values, strict=True) if s.category == category]
        assert sum(inside, Decimal(0)) <= total + half
