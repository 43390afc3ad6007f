"""A ligature whose map to Unicode has its bytes swapped is read as its letters; Han characters stay what they are."""

from __future__ import annotations

import pytest

from pipeline.reading.fonts import glyph_text


@pytest.mark.parametrize(
    ("written", "read"), [("昀椀", "fi"), ("昀氀", "fl"), ("昀昀", "ff"), ("昀\ucf00", "ffi"), ("昀\ud200", "ffl")]
)
def test_swapped_letters_are_put_right(written: str, read: str) -> None:
    """U+6600 U+6900 for one glyph is 00 66 00 69 read the wrong way round: "fi". "ffi" has its last two added up."""
    assert glyph_text(written) == read


@pytest.mark.parametrize("text", ["fi", "株式会社", "平成", "一一", ""])
def test_other_glyphs_of_several_characters_stay(text: str) -> None:
    """Ligatures that are mapped right, and squared words of several Han characters."""
    assert glyph_text(text) == text
