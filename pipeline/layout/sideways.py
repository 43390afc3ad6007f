"""Text set sideways, such as the title of a chart's upright axis: a line that runs up or down the page.

Reading gives such a line as one word, in its own order. It is a text by itself: lines that run across cannot go on with it.
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pipeline.model import Word


def is_sideways(word: Word) -> bool:
    """Whether a word runs up or down the page: each of its glyphs stands above or below the one before it."""
    glyphs = [g.box for g in word.glyphs if not g.text.isspace()]
    return len(glyphs) > 1 and all(abs(a.middle - b.middle) > abs(a.centre - b.centre) for a, b in pairwise(glyphs))
