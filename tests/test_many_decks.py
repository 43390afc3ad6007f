"""A thousand decks are made by the same hand as one: each its own, each known, each made again byte for byte."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from pipeline.manifest import MANIFEST_NAME, load_manifest
from pipeline.run import Options, run
from tests.deck_generator.fonts import english_fonts_available, japanese_font_available
from tests.deck_generator.many import truth_of, write_decks
from tests.truth_records import missed_and_invented

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.skipif(
    not (english_fonts_available() and japanese_font_available()),
    reason="needs DejaVu, Liberation and IPA fonts (Debian: fonts-dejavu-core, fonts-liberation, fonts-ipafont-gothic)",
)


def test_every_deck_is_its_own(tmp_path: Path) -> None:
    """No two decks say the same, and no two have one edition; the manifest names each with its bytes."""
    decks = write_decks(30, tmp_path)
    said = {json.dumps({k: v for k, v in truth_of(deck).items() if k != "made"}) for deck in decks}
    assert len(said) == len(decks)
    manifest = load_manifest(tmp_path / MANIFEST_NAME)
    assert [source.file for source in manifest.sources] == [deck.name for deck in decks]


def test_a_seed_gives_the_same_decks_whatever_the_count(tmp_path: Path) -> None:
    """The first three of six are the three; another seed gives others; a deck that was changed is made anew."""
    few, more, others = (
        [deck.read_bytes() for deck in write_decks(n, tmp_path / name, seed)]
        for n, name, seed in ((3, "few", 0), (6, "more", 0), (3, "others", 1))
    )
    assert few == more[:3]
    assert not set(few) & set(others)
    changed = tmp_path / "few" / "deck-00002.pdf"
    changed.write_bytes(b"%PDF-1.7 something else")
    assert write_decks(3, tmp_path / "few")[1].read_bytes() == few[1]


def test_the_decks_are_read_from_their_folder_as_their_truths(tmp_path: Path) -> None:
    """A run over the folder writes every deck under its own edition, and its tables say what the truth says."""
    decks = write_decks(4, tmp_path / "decks")
    results = run(options=Options(out=tmp_path / "out", sources=tmp_path / "decks"))
    assert {result.source.name for result in results} == {deck.name for deck in decks}
    for result in results:
        assert result.edition is not None, result.error
        truth = truth_of(tmp_path / "decks" / result.source.name)
        assert missed_and_invented(result.edition.tables, truth) == {}
        assert result.edition.edition == truth["made"]["edition"]
