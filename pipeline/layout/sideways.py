"""Text set sideways, such as the title of a chart's upright axis: a line that runs up or down the page.

Reading gives such a line as one word, in its own order. It is a text by itself: lines that run across cannot go on with it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pipeline.model import Box, Word


def is_sideways(word: Word) -> bool:
    """Whether a word runs up or down the page: each of its glyphs stands above or below the one before it."""
    above_or_below = False
    before: Box | None = None
    for glyph in word.glyphs:
        if glyph.text.isspace():
            continue
        box = glyph.box
        if before is not None:
            if abs(before.middle - box.middle) <= abs(before.centre - box.centre):
                return False  # as the first two glyphs of nearly every word tell
            above_or_below = True
        before = box
    return above_or_below
