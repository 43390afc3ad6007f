"""Decks that nobody drew by hand: the pipeline reads them as a person would, whatever their layout."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

import pytest

from pipeline.profiles import load_profiles
from pipeline.run import Options, Workshop, read_edition
from pipeline.table_schemas import schemas_folder
from tests.deck_generator import (
    JAPANESE_PRESETS,
    PRESETS,
    english_fonts_available,
    japanese_font_available,
    make_budget_slide_ja,
    make_deck,
)
from tests.truth_records import missed_and_invented

if TYPE_CHECKING:
    from pathlib import Path

    from pipeline.model import Edition

needs_fonts = pytest.mark.skipif(
    not english_fonts_available(),
    reason="needs DejaVu and Liberation fonts (Debian: fonts-dejavu-core, fonts-liberation)",
)
needs_japanese = pytest.mark.skipif(
    not japanese_font_available(), reason="needs a Japanese font (Debian: fonts-ipafont-gothic)"
)
needs_japanese_profile = pytest.mark.skipif(
    all(profile.language != "ja" for profile in load_profiles(schemas_folder() / "decks")),
    reason="no profile in schemas/decks/ is for a deck in Japanese",
)


@pytest.fixture
def workshop(tmp_path: Path) -> Workshop:
    """A workshop without a manifest and earlier editions, so that nothing is known of a deck beforehand."""
    return Workshop(Options(out=tmp_path / "no editions", sources=tmp_path / "no sources"))


def _read(pdf: bytes, tmp_path: Path, workshop: Workshop) -> Edition:
    path = tmp_path / "deck.pdf"
    path.write_bytes(pdf)
    return read_edition(path, workshop).edition


def _assert_read_right(edition: Edition, truth: dict[str, Any]) -> None:
    assert missed_and_invented(edition.tables, truth) == {}
    assert edition.tables["residue"] == []


def _assert_consistent(edition: Edition) -> None:
    failed = [check.message for check in edition.checks if check.verdict == "inconsistent"]
    assert failed == []


@cache
def _preset(name: str) -> tuple[bytes, dict[str, Any]]:
    return make_deck(sorted(PRESETS).index(name), PRESETS[name])


@needs_fonts
@pytest.mark.parametrize("name", sorted(PRESETS))
def test_a_deck_of_any_preset_style_is_read_as_its_truth(name: str, tmp_path: Path, workshop: Workshop) -> None:
    """Every record of the truth is in the tables, nothing else is, no word is left over and no check fails."""
    pdf, truth = _preset(name)
    edition = _read(pdf, tmp_path, workshop)
    _assert_read_right(edition, truth)
    _assert_consistent(edition)
    assert edition.edition == truth["edition"]


@pytest.mark.slow
@needs_fonts
@pytest.mark.parametrize("seed", [*range(100, 112), 114])
def test_a_deck_of_a_random_style_is_read_as_its_truth(seed: int, tmp_path: Path, workshop: Workshop) -> None:
    """What holds for the presets holds for styles that nobody chose."""
    pdf, truth = make_deck(seed)
    edition = _read(pdf, tmp_path, workshop)
    _assert_read_right(edition, truth)
    _assert_consistent(edition)


ONCE_MISREAD = {
    300: "a sub-item that begins where the mark of the one above it does, whose wraps hang",
    315: "a name that ends in a full stop, with a dotted leader behind it",
    363: "a ministry's name broken where the next word would have fitted",
    374: "the same of a name of two words",
    377: "an abbreviation in brackets on a line of its own",
    481: "amounts in the middle of their names, one of which ends with a mark on a line of its own",
    488: "a title's second half that begins left of the right column",
    540: "sub-items without bullets, one with each kind of amount",
    621: "two labels of neighbouring bars with hardly a space between them",
    661: "a compound whose halves are words, broken at its hyphen",
    702: "a heading of two lines in a box, the second of which would have fitted",
    719: "a ministry's name of three lines",
    729: "a broken word whose halves are words",
    1101: "a pillar's heading of two lines",
    1523: "a sub-item all in brackets below one that ends with a mark",
    2069: "a name's last word beside a mark in red that is as long",
    2604: "a pillar broken behind a preposition, where the next word would have fitted",
    2681: "sub-items in brackets in a column that shows of no wrap where it begins",
}


@pytest.mark.slow
@needs_fonts
@pytest.mark.parametrize("seed", ONCE_MISREAD, ids=ONCE_MISREAD.values())
def test_a_deck_that_was_once_misread_is_read_as_its_truth(seed: int, tmp_path: Path, workshop: Workshop) -> None:
    """Each of these decks has something on it that a reader never stumbles over, and this pipeline once did."""
    pdf, truth = make_deck(seed)
    edition = _read(pdf, tmp_path, workshop)
    _assert_read_right(edition, truth)
    _assert_consistent(edition)


@needs_japanese
@needs_japanese_profile
@pytest.mark.parametrize("name", sorted(JAPANESE_PRESETS))
def test_a_japanese_slide_of_any_preset_style_is_read_as_its_truth(
    name: str, tmp_path: Path, workshop: Workshop
) -> None:
    """A budget slide in Japanese, with amounts in 億円 and notes behind marks, is read like an English one."""
    pdf, truth = make_budget_slide_ja(sorted(JAPANESE_PRESETS).index(name), JAPANESE_PRESETS[name])
    edition = _read(pdf, tmp_path, workshop)
    _assert_read_right(edition, truth)
    _assert_consistent(edition)


@pytest.mark.slow
@needs_japanese
@needs_japanese_profile
@pytest.mark.parametrize("seed", [*range(24), 327, 353, 388, 637])
def test_a_japanese_slide_of_a_random_style_is_read_as_its_truth(seed: int, tmp_path: Path, workshop: Workshop) -> None:
    """What holds for the presets holds for styles that nobody chose: areas, tables, and lists of every make."""
    pdf, truth = make_budget_slide_ja(seed)
    edition = _read(pdf, tmp_path, workshop)
    _assert_read_right(edition, truth)
    _assert_consistent(edition)
