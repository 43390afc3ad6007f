"""Lists whose members are counted: "(a) … (b) …", "1. … 2. …", "① … ②", each member at the start of a line of one cell."""

from __future__ import annotations

import pytest

from pipeline.extractors.enumerations import forms_of, split_enumeration
from pipeline.layout.column_lines import Line, make_lines
from pipeline.layout.lines import segments_of
from tests.typed_pages import Typed, page_of


def _lines(*texts: str) -> list[Line]:
    page = page_of([Typed(20, 50 + 12 * n, text) for n, text in enumerate(texts)])
    return make_lines(segments_of(page), page, ())


def _members(*texts: str) -> list[tuple[str, str]]:
    lines = _lines(*texts)
    return [(count.text, text.text) for count, text in split_enumeration(lines, set(forms_of(lines)))]


@pytest.mark.parametrize(
    ("one", "two"), [("(a)", "(b)"), ("(1)", "(2)"), ("1.", "2."), ("1)", "2)"), ("①", "②"), ("(i)", "(ii)")]
)
def test_what_counts_up_line_by_line_is_a_list(one: str, two: str) -> None:
    """Each member is a text of its own, with its wrapped lines and without what counts it."""
    found = _members(f"{one} Testing of", "models", f"{two} Training")
    assert found == [(one, "Testing of models"), (two, "Training")]


@pytest.mark.parametrize(
    "texts",
    [
        ("(a) Testing of models", "and training"),
        ("Testing of models under", "(a) one act, and", "(b) another"),
        ("(a) Testing", "(c) Training"),
        ("1.2 million people", "2.5 million homes"),
        ("2024) was the first year of", "2025) the second"),
    ],
)
def test_what_does_not_count_up_from_the_first_line_is_none(texts: tuple[str, ...]) -> None:
    """A single letter, a list inside a sentence, a count that leaves one out and figures make no list."""
    assert _members(*texts) == []


def test_a_list_of_one_is_known_by_the_lists_beside_it() -> None:
    """Where another cell counts its members in a form, one member in that form is a list, too."""
    forms = set(forms_of(_lines("(a) Testing", "(b) Training")))
    one = split_enumeration(_lines("(a) Advice"), forms)
    assert [text.text for _, text in one] == ["Advice"]
