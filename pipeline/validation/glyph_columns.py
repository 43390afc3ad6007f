"""The glyphs of words as columns, for the checks that ask something of every glyph of a deck.

A deck has tens of thousands of glyphs. What is asked of all of them is arithmetic on their edges, and done on whole columns
it takes a fifth of the time that it takes glyph by glyph.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from pipeline.model import Word

    Numbers = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class GlyphColumns:
    """Glyphs in the order of their words, one a place in every column; edges as in `Box`, in points.

    `word` says which of the words each glyph belongs to, by the word's place among them.
    """

    texts: list[str]
    x0: Numbers
    top: Numbers
    x1: Numbers
    bottom: Numbers
    word: NDArray[np.intp]


def glyph_columns(words: Sequence[Word]) -> GlyphColumns:
    """The glyphs of `words`, in order."""
    glyphs = [g for w in words for g in w.glyphs]
    boxes = [g.box for g in glyphs]
    return GlyphColumns(
        [g.text for g in glyphs],
        np.array([b.x0 for b in boxes], np.float64),
        np.array([b.top for b in boxes], np.float64),
        np.array([b.x1 for b in boxes], np.float64),
        np.array([b.bottom for b in boxes], np.float64),
        np.repeat(np.arange(len(words)), [len(w.glyphs) for w in words]),
    )


def sideways_words(glyphs: GlyphColumns, words: int) -> NDArray[np.bool_]:
    """Which of the `words` run up or down the page, by the rule of `pipeline.layout.sideways`."""
    drawn = np.flatnonzero([not text.isspace() for text in glyphs.texts])
    word = glyphs.word[drawn]
    # The places where a glyph follows another of the same word.
    next_to = np.flatnonzero(word[1:] == word[:-1])
    middle, centre = (glyphs.top + glyphs.bottom)[drawn] / 2, (glyphs.x0 + glyphs.x1)[drawn] / 2
    steep = np.abs(np.diff(middle)) > np.abs(np.diff(centre))
    pairs = np.bincount(word[next_to], minlength=words)
    steep_pairs = np.bincount(word[next_to], weights=steep[next_to], minlength=words)
    return np.asarray((pairs > 0) & (steep_pairs == pairs), np.bool_)
