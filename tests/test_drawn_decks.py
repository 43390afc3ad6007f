"""Decks drawn by Hypothesis, choice by choice: what is read is the truth, or the run says that it is not.

An ordinary run draws the same few decks each time. `HYPOTHESIS_PROFILE=long pytest tests/test_drawn_decks.py` draws new ones
for as long as it takes to read two thousand, and shrinks what it finds to the smallest deck.
"""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, event, given, settings

from tests.benchmarks.random_decks import judge
from tests.deck_generator import english_fonts_available, japanese_font_available
from tests.deck_generator.strategies import DrawnDeck, decks, japanese_slides

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
PROFILE = settings.get_profile("drawn decks, long" if os.environ.get("HYPOTHESIS_PROFILE") == "long" else "drawn decks")


def _assert_never_silent(deck: DrawnDeck) -> None:
    with tempfile.TemporaryDirectory() as folder:
        verdict = judge(0, deck.pdf, deck.truth, Path(folder))
    event(verdict.outcome)
    kept = os.environ.get("DRAWN_DECKS_KEPT_IN")
    if verdict.outcome == "silently wrong" and kept:
        Path(kept, "silently-wrong.pdf").write_bytes(deck.pdf)  # the last one is the smallest
    assert verdict.outcome != "silently wrong", verdict.differences


@pytest.mark.skipif(
    not english_fonts_available(),
    reason="needs DejaVu and Liberation fonts (Debian: fonts-dejavu-core, fonts-liberation)",
)
@PROFILE
@given(decks())
def test_an_english_deck_is_read_right_or_the_run_says_so(deck: DrawnDeck) -> None:
    """Whatever its columns, wraps, brackets, units, fonts and sizes: no record differs from the truth in silence."""
    _assert_never_silent(deck)


@pytest.mark.skipif(not japanese_font_available(), reason="needs a Japanese font (Debian: fonts-ipafont-gothic)")
@PROFILE
@given(japanese_slides())
def test_a_japanese_slide_is_read_right_or_the_run_says_so(deck: DrawnDeck) -> None:
    """The same of slides in Japanese: areas, tables, columns and lists, stored in any order."""
    _assert_never_silent(deck)
