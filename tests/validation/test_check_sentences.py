"""Check sentences are read strictly, and a wrong one says where it is wrong; messages read well."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from pydantic import ValidationError

from pipeline.check_sentences import CHECK_SENTENCES, SumSentence
from pipeline.validation.intervals import Interval
from pipeline.validation.messages import format_interval, format_money, scale_of

SUM: dict[str, Any] = {
    "kind": "sum",
    "name": "stated-total",
    "title": "The stated total is the sum of the categories",
    "total": {"table": "stated_figures"},
    "parts": [{"table": "budget_amounts", "subject_type": "category"}],
}


def test_sentence_is_read_with_its_defaults() -> None:
    """By default a sum is by year and budget, to within rounding, with weights of one."""
    (sentence,) = CHECK_SENTENCES.validate_python([SUM])
    assert isinstance(sentence, SumSentence)
    assert sentence.by == ("fiscal_year", "budget")
    assert (sentence.exact, sentence.partial_when, sentence.parts[0].weight) == (False, (), 1)


@pytest.mark.parametrize(
    ("change", "location"),
    [
        ({"totel": {}}, (0, "sum", "totel")),
        ({"total": {"table": "stated_figures", "slde": "x"}}, (0, "sum", "total", "slde")),
        ({"total": {"table": "figures"}}, (0, "sum", "total", "table")),
        ({"parts": []}, (0, "sum", "parts")),
        ({"by": ["year"]}, (0, "sum", "by", 0)),
        ({"name": "Stated Total"}, (0, "sum", "name")),
        ({"partial_when": [{"table": "notes", "says": []}]}, (0, "sum", "partial_when", 0, "says")),
        ({"kind": "summ"}, (0,)),
    ],
)
def test_misspelt_key_is_found_at_its_place(change: dict[str, Any], location: tuple[Any, ...]) -> None:
    """The error's location is the path of the wrong key, so that a profile's line can be found from it."""
    with pytest.raises(ValidationError) as caught:
        CHECK_SENTENCES.validate_python([{**SUM, **change}])
    assert caught.value.errors()[0]["loc"] == location


@pytest.mark.parametrize(
    ("value", "step", "shown"),
    [
        ("1300000000", "100000000", "USD 1.3 billion"),
        ("4000000", "100000", "USD 4.0 million"),
        ("124000000", "1000000", "USD 124 million"),
        ("120000000", "10000000", "USD 0.12 billion"),
        ("142000", "1", "USD 142,000"),
        ("-2500", "100", "USD -2.5 thousand"),
    ],
)
def test_money_is_shown_as_it_was_printed(value: str, step: str, shown: str) -> None:
    """The scale and the digits are those of the printed figure, no more and no fewer."""
    worth = Decimal(step)
    assert format_money(Decimal(value), "USD", scale_of(worth), worth) == shown


@pytest.mark.parametrize(
    ("interval", "shown"),
    [
        (Interval(Decimal(1250000000), Decimal(1350000000)), "1.25 to 1.35"),
        (Interval(Decimal(0), Decimal(2050000000), lower_open=True), "above 0 to 2.05"),
        (Interval(Decimal(576400000), None), "0.5764 or more"),
        (Interval(None, Decimal(10**9)), "1 or less"),
        (Interval(Decimal(10**9), Decimal(10**9)), "exactly 1"),
    ],
)
def test_interval_is_shown_exactly(interval: Interval, shown: str) -> None:
    """Every digit of an end is shown; ends that are open or infinite are said in words."""
    assert format_interval(interval, Decimal(10**9)) == shown
