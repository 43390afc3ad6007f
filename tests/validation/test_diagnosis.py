"""A sum that fails names the row that a single change would clear, the planted one first."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest
from deck_tables import Tables, amount, bar, item, slides, stated

from pipeline.check_sentences import CHECK_SENTENCES, PinnedFigure
from pipeline.validation.checking import arithmetic_checks
from pipeline.validation.diagnosis import LooseAmount
from pipeline.validation.intervals import Interval

if TYPE_CHECKING:
    from pipeline.model import Check, Row

SENTENCES = CHECK_SENTENCES.validate_python(
    [
        {
            "kind": "sum",
            "name": "total",
            "title": "total",
            "total": {"table": "stated_figures"},
            "parts": [{"table": "budget_amounts", "subject_type": "category"}],
        },
        {
            "kind": "sum",
            "name": "items",
            "title": "items",
            "total": {"table": "budget_amounts", "subject_type": "category"},
            "parts": [{"table": "budget_amounts", "subject_type": "item"}],
        },
        {
            "kind": "same_figure",
            "name": "twice",
            "places": [{"table": "stated_figures"}, {"table": "budget_trend"}],
        },
    ]
)


def deck() -> Tables:
    """Two categories whose items and totals hold exactly, in two budgets; the amounts are far from each other."""
    amounts: list[Row] = [
        amount("category", "safety", "initial", 2025, "61.0 million"),
        amount("category", "growth", "initial", 2025, "412.0 million"),
        amount("category", "safety", "supplementary", 2024, "7.3 million"),
        amount("category", "growth", "supplementary", 2024, "25.9 million"),
        amount("item", "audit", "initial", 2025, "48.2 million"),
        amount("item", "screening", "initial", 2025, "12.8 million"),
        amount("item", "screening", "supplementary", 2024, "7.3 million"),
        amount("item", "compute", "initial", 2025, "385.6 million"),
        amount("item", "data", "initial", 2025, "26.4 million"),
        amount("item", "schools", "supplementary", 2024, "25.9 million"),
    ]
    return {
        "slides": slides({4: "major_budgets"}),
        "budget_categories": [
            {"category_id": "safety", "page": 4, "category": "Safety"},
            {"category_id": "growth", "page": 4, "category": "Growth"},
        ],
        "budget_items": [
            item("audit", "safety"),
            item("screening", "safety"),
            item("compute", "growth"),
            item("data", "growth"),
            item("schools", "growth"),
        ],
        "budget_amounts": amounts,
        "stated_figures": [
            stated("initial", 4, 2025, "initial", "473.0 million"),
            stated("supplementary", 4, 2024, "supplementary", "33.2 million"),
        ],
        "budget_trend": [
            bar(2025, "initial", "473.0 million", None),
            bar(2024, "supplementary", "33.2 million", None),
        ],
        "notes": [],
        "evidence": [evidence("budget_amounts", "item/audit/initial", "48.2 million", 4)],
    }


def evidence(table: str, key: str, printed: str, page: int) -> Row:
    """Where the amount of a row stands."""
    box: dict[str, Any] = {"x0": Decimal(1), "top": Decimal(1), "x1": Decimal(9), "bottom": Decimal(9)}
    return {"table": table, "key": key, "field": "printed", "part": 0, "page": page, **box, "printed": printed}


def find(tables: Tables, key: str) -> Row:
    """The amount with that key."""
    kind, subject, budget = key.split("/")
    rows = tables["budget_amounts"]
    return next(r for r in rows if (r["subject_type"], r["subject_id"], r["budget"]) == (kind, subject, budget))


def reprint(tables: Tables, key: str, printed: str) -> None:
    """Read an amount as something else."""
    row = find(tables, key)
    kind, subject, budget = key.split("/")
    row.update(amount(kind, subject, budget, int(str(row["fiscal_year"])), printed))


def failed(tables: Tables) -> list[Check]:
    """The checks that fail."""
    return [check for check in arithmetic_checks(tables, SENTENCES) if check.verdict == "inconsistent"]


def test_sound_deck_fails_nothing() -> None:
    """The deck that the faults are planted in holds."""
    checks = arithmetic_checks(deck(), SENTENCES)
    assert {check.verdict for check in checks} == {"consistent"}


@pytest.mark.parametrize(
    ("key", "printed", "words"),
    [
        ("item/audit/initial", "98.2 million", "48.2 million, one digit misread"),
        ("category/growth/initial", "472.0 million", "412.0 million, one digit misread"),
        ("item/audit/initial", "482 million", "48.2 million, a decimal point lost"),
        ("item/compute/initial", "385.6 billion", "385.6 million, read 1,000 times too large"),
        ("category/safety/initial", "610.0 million", "USD 61 million, read 10 times too large"),
        ("item/screening/supplementary", "7.3 billion", "7.3 million, read 1,000 times too large"),
    ],
)
def test_misread_amount_is_named_first(key: str, printed: str, words: str) -> None:
    """An amount with a wrong digit, point or unit is the first suspect of each sum it spoils, with the right value."""
    tables = deck()
    reprint(tables, key, printed)
    checks = failed(tables)
    assert checks
    for check in checks:
        assert check.suspects[0].key == key
        assert words in check.suspects[0].reason


def test_misread_stated_total_is_named_first() -> None:
    """A total that neither its parts nor the chart admit is itself the suspect."""
    tables = deck()
    tables["stated_figures"][0] = stated("initial", 4, 2025, "initial", "493.0 million")
    checks = failed(tables)
    assert {check.kind for check in checks} == {"sum", "same_figure"}
    sums = [check for check in checks if check.kind == "sum"]
    assert [(s.table, s.key) for s in sums[0].suspects[:1]] == [("stated_figures", "initial")]


def test_lost_bracket_is_named_first() -> None:
    """A supplementary amount read as an initial one exceeds the initial budget, which names it."""
    tables = deck()
    find(tables, "item/schools/supplementary").update({"budget": "initial", "fiscal_year": 2025})
    (excess,) = failed(tables)
    assert excess.check_id == "sum/items/growth/2025-initial"
    assert excess.suspects[0].key == "item/schools/initial"
    assert "FY2024 supplementary, a bracket lost or added" in excess.suspects[0].reason


def test_item_in_the_wrong_category_is_named_first() -> None:
    """An item under another category makes one sum too large and the other too small."""
    tables = deck()
    tables["budget_items"][3]["category_id"] = "safety"
    excess = next(check for check in failed(tables) if check.check_id == "sum/items/safety/2025-initial")
    assert excess.suspects[0].key == "item/data/initial"
    assert '"Growth", another category' in excess.suspects[0].reason


def test_doubled_row_is_named_first() -> None:
    """Of two rows that are alike the later one is the suspect."""
    tables = deck()
    tables["budget_items"].append(item("data-2", "growth"))
    tables["budget_amounts"].append(amount("item", "data-2", "initial", 2025, "26.4 million"))
    (check,) = failed(tables)
    assert check.suspects[0].key == "item/data-2/initial"
    assert "twice" in check.suspects[0].reason


def test_missing_amount_of_a_category_is_named_first() -> None:
    """A category that lost its amount in one budget is named, in its total's sum and in its own."""
    tables = deck()
    tables["budget_amounts"].remove(find(tables, "category/growth/initial"))
    checks = failed(tables)
    assert {check.check_id for check in checks} == {"sum/total/2025-initial", "sum/items/growth/2025-initial"}
    assert {check.suspects[0].key for check in checks} == {"category/growth/initial"}
    assert {check.suspects[0].table for check in checks} == {"budget_amounts"}


def test_suspect_is_named_with_its_page_and_printed_words() -> None:
    """The reason says where on the page to look, with the box and the words of the evidence."""
    tables = deck()
    reprint(tables, "item/audit/initial", "98.2 million")
    tables["evidence"] = [evidence("budget_amounts", "item/audit/initial", "98.2 million dollar", 7)]
    (check,) = failed(tables)
    assert check.suspects[0].reason.startswith('page 7 at 1, 1 to 9, 9, printed "98.2 million dollar": ')


def test_passed_checks_have_no_suspects() -> None:
    """Suspicion falls on rows only where something failed."""
    pins = (PinnedFigure(fiscal_year=2025, budget="initial", value=Decimal(473000000), currency="USD"),)
    assert not [check for check in arithmetic_checks(deck(), SENTENCES, pins) if check.suspects]


def test_amount_on_the_page_that_no_row_has_is_named_where_it_closes_the_gap() -> None:
    """The audit's 48.2 million is gone; of two amounts that no row has the one that fits is named, with its place."""
    tables = deck()
    tables["budget_items"] = [row for row in tables["budget_items"] if row["item_id"] != "audit"]
    tables["budget_amounts"].remove(find(tables, "item/audit/initial"))
    loose = [
        LooseAmount('page 4 at 10, 20 to 60, 28, printed "48.2 million"', "USD", admits("48.2 million")),
        LooseAmount('page 4 at 10, 40 to 60, 48, printed "30 million"', "USD", admits("30 million")),
    ]
    (short,) = [c for c in arithmetic_checks(tables, SENTENCES, (), loose) if c.verdict == "inconsistent"]
    assert short.check_id == "sum/items/safety/2025-initial"
    assert short.suspects[0].reason.startswith('page 4 at 10, 20 to 60, 28, printed "48.2 million": no row has this')
    assert not [s for s in short.suspects if "30 million" in s.reason]


def admits(printed: str) -> Interval:
    """What an amount as printed admits."""
    row = amount("item", "x", "initial", 2025, printed)
    lower, upper = row["lower"], row["upper"]
    assert isinstance(lower, Decimal)
    assert isinstance(upper, Decimal)
    return Interval(lower, upper)


def test_row_that_is_counted_elsewhere_is_named_in_the_sum_that_lacks_it() -> None:
    """Data under Safety leaves Growth short by its 26.4 million, and is named there as well as where it is too much."""
    tables = deck()
    tables["budget_items"][3]["category_id"] = "safety"
    short = next(check for check in failed(tables) if check.check_id == "sum/items/growth/2025-initial")
    assert short.suspects[0].key == "item/data/initial"
    assert '"Growth", another category' in short.suspects[0].reason


def test_bar_that_was_measured_otherwise_is_named() -> None:
    """No other label fits the bar and the sentence both, so the bar itself is at fault."""
    tables = deck()
    tables["budget_trend"][0]["bar_value"] = Decimal(473000000)
    tables["budget_trend"][1]["bar_value"] = Decimal(300000000)
    height = CHECK_SENTENCES.validate_python([{"kind": "bar_height", "name": "bar"}])
    checks = arithmetic_checks(tables, (*SENTENCES, *height))
    (check,) = [c for c in checks if c.verdict == "inconsistent"]
    assert check.suspects[0].key == "2024/supplementary"
    assert "measured or drawn to another height" in check.suspects[0].reason
