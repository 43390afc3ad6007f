"""Decks drawn by Hypothesis, choice by choice: what is read is the truth, or the run says that it is not.

That holds of nearly all decks, and where it does not is found by looking: `HYPOTHESIS_PROFILE=long pytest
tests/test_drawn_decks.py` draws new decks for as long as it takes to read two thousand, fails at the first that is wrong in
silence and shrinks it. An ordinary run draws twelve, other ones after every change of the code (Hypothesis takes numbers and
words from it), so it allows for one or two that nobody has looked for yet, and fails where a change makes them common.
"""

from __future__ import annotations

import os
import tempfile
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, Phase, event, given, settings

from tests.benchmarks.random_decks import judge
from tests.deck_generator import english_fonts_available, japanese_font_available
from tests.deck_generator.strategies import DrawnDeck, decks, japanese_slides

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy

_COMMON = settings(
    deadline=None,
    suppress_health_check=[
        HealthCheck.too_slow,
        HealthCheck.data_too_large,
        HealthCheck.filter_too_much,
        HealthCheck.large_base_example,
    ],
    print_blob=True,
)
settings.register_profile(
    "drawn decks", _COMMON, max_examples=12, derandomize=True, database=None, phases=[Phase.explicit, Phase.generate]
)
settings.register_profile("drawn decks, long", _COMMON, max_examples=2000)
LONG = os.environ.get("HYPOTHESIS_PROFILE") == "long"
PROFILE = settings.get_profile("drawn decks, long" if LONG else "drawn decks")

SILENT_AT_MOST = 2
"""Of the twelve decks of an ordinary run. Long runs find one in about a hundred."""


def _assert_hardly_ever_silent(strategy: SearchStrategy[DrawnDeck]) -> None:
    outcomes: Counter[str] = Counter()

    @PROFILE
    @given(strategy)
    def read(deck: DrawnDeck) -> None:
        with tempfile.TemporaryDirectory() as folder:
            verdict = judge(0, deck.pdf, deck.truth, Path(folder))
        event(verdict.outcome)
        outcomes[verdict.outcome] += 1
        kept = os.environ.get("DRAWN_DECKS_KEPT_IN")
        if verdict.outcome == "silently wrong" and kept:
            Path(kept, "silently-wrong.pdf").write_bytes(deck.pdf)  # the last one is the smallest
        assert not (LONG and verdict.outcome == "silently wrong"), verdict.differences

    read()
    assert outcomes["silently wrong"] <= SILENT_AT_MOST, outcomes
    assert outcomes["perfect"] > outcomes.total() / 2, outcomes


@pytest.mark.skipif(
    not english_fonts_available(),
    reason="needs DejaVu and Liberation fonts (Debian: fonts-dejavu-core, fonts-liberation)",
)
def test_an_english_deck_is_read_right_or_the_run_says_so() -> None:
    """Whatever its columns, wraps, brackets, units, fonts and sizes: hardly a record differs from the truth in silence."""
    _assert_hardly_ever_silent(decks())


@pytest.mark.skipif(not japanese_font_available(), reason="needs a Japanese font (Debian: fonts-ipafont-gothic)")
def test_a_japanese_slide_is_read_right_or_the_run_says_so() -> None:
    """The same of slides in Japanese: areas, tables, columns and lists, stored in any order."""
    _assert_hardly_ever_silent(japanese_slides())
