"""A word knows the box around some of its glyphs, in whichever form it has them."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from pipeline.model import union
from pipeline.reading.pdf import read_document
from tests.at_hand import DECKS

if TYPE_CHECKING:
    from pipeline.model import Word


def _stretches(word: Word) -> list[tuple[int, int]]:
    """Every stretch of a word's glyphs."""
    length = len(word.glyphs)
    return [(start, stop) for start in range(length) for stop in range(start + 1, length + 1)]


def test_a_stretch_has_the_box_of_its_glyphs_in_either_form() -> None:
    """Of columns and of single glyphs it is the smallest box around those of the stretch, and the word's around all."""
    words = [word for page in read_document(DECKS["2026"][0]).pages for word in page.words]
    assert any(len(word.glyphs) > 1 for word in words)
    for word in words:
        single = replace(word, glyphs=tuple(word.glyphs))
        assert word.box_of(0, len(word.glyphs)) == word.box
        for start, stop in _stretches(word):
            expected = union([glyph.box for glyph in list(word.glyphs)[start:stop]])
            assert word.box_of(start, stop) == expected
            assert single.box_of(start, stop) == expected


@pytest.mark.parametrize("stretch", [(0, 0), (-1, 1), (2, 1), (0, 1000)])
def test_a_stretch_that_a_word_does_not_have_has_no_box(stretch: tuple[int, int]) -> None:
    """It is refused in either form: the next glyphs of the page are another word's."""
    word = next(w for page in read_document(DECKS["2026"][0]).pages for w in page.words if len(w.glyphs) > 1)
    for asked in (word, replace(word, glyphs=tuple(word.glyphs))):
        with pytest.raises(IndexError):
            asked.box_of(*stretch)
