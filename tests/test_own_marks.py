"""The marks of a deck: those of its profile in another dress, and those that its notes explain."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from pipeline.layout.slide import read_slides
from pipeline.model import Document
from pipeline.options import Options
from pipeline.own_marks import may_be_marked, with_own_marks
from pipeline.workshop import Workshop
from tests.typed_pages import Typed, page_of

if TYPE_CHECKING:
    from pipeline.profiles import Marks, Profile


@pytest.fixture(scope="module")
def profile() -> Profile:
    """The profile of the English slides, whose mark of what is new is a word in brackets."""
    return next(p for p in Workshop(Options()).profiles if p.deck == "japan-ai-policy")


def marks_of(profile: Profile, *lines: str) -> Marks:
    """The marks that a slide with these lines makes of the profile's."""
    page = page_of([Typed(50, 60 + 40 * n, line) for n, line in enumerate(lines)])
    document = Document(name="deck.pdf", sha256="", pages=(page,), title="", producer="", created="")
    return with_own_marks(profile, read_slides(document)).marks


@pytest.mark.parametrize(
    ("line", "mark"),
    [
        ("Network {New}", "{New}"),
        ("Network 〔New〕", "〔New〕"),
        ("Network [ New ]", "[ New ]"),
        ("Network [NEW!]", "[NEW!]"),
        ("• ★New Network", "★New"),
        ("Network New!", "New!"),
        ("Network NEW", "NEW"),
        ("NEW Network", "NEW"),
    ],
)
def test_a_word_of_a_mark_is_one_in_any_dress(line: str, mark: str, profile: Profile) -> None:
    """Other brackets, a star, an exclamation mark and capitals by themselves are as good as the profile's own brackets."""
    known = profile.marks.is_new
    assert marks_of(profile, "Major AI-related Budgets", line).is_new == (*known, mark)


@pytest.mark.parametrize("sign", ["★", "◎", "◆", "†", "[S]"])
def test_a_sign_means_what_a_note_says_of_it(sign: str, profile: Profile) -> None:
    """A note that explains a sign makes it a mark, also where its sentence goes on in the next line."""
    for note in (
        [f"(Note 2) {sign} indicates initiatives related to AI safety."],
        [f"{sign} denotes initiatives related to", "ensuring AI safety."],
    ):
        marks = marks_of(profile, "Major AI-related Budgets", *note)
        assert marks.is_ai_safety == (*profile.marks.is_ai_safety, sign)
        assert marks.is_new == profile.marks.is_new
    assert marks_of(profile, f"{sign} indicates new initiatives.").is_new == (*profile.marks.is_new, sign)


@pytest.mark.parametrize(
    "line",
    [
        "New network of renewable energy",
        "Network (New Energy Organization)",
        "NEW ENERGY",
        "NEWS network",
        "A new network",
        "[ ] indicates the supplementary budget. Items of AI safety are listed above.",
        "This list indicates initiatives of AI safety.",
        "50% indicates AI safety.",
        "★ indicates items of several ministries.",
    ],
)
def test_what_is_of_a_name_or_means_something_else_is_no_mark(line: str, profile: Profile) -> None:
    """A word that a name begins with, contains, or is printed in capitals throughout with, marks nothing.

    Nor do brackets of amounts, words, percentages, and signs of which a note says something else.
    """
    assert marks_of(profile, "Major AI-related Budgets", line) == profile.marks


@pytest.mark.parametrize(
    ("name", "may_be"),
    [
        ("Network New", True),
        ("Network new*", True),
        ("New: network", True),
        ("New network", False),
        ("Renew", False),
        ("New", False),
    ],
)
def test_a_word_at_a_name_s_end_may_be_a_mark(name: str, *, may_be: bool, profile: Profile) -> None:
    """No name ends with "New" of itself; many begin with it."""
    assert may_be_marked(name, profile.marks.is_new) is may_be
