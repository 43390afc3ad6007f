"""Fictional decks with known truth, to judge an extractor by decks it has never seen.

`make_deck` draws an English deck and `make_budget_slide_ja` a Japanese budget slide; each gives the PDF's bytes and a
truth in the structure that the scorer of extracted editions reads. What a deck says is in `content` and `inventing`,
how it looks is a `Style`; both follow from the seed alone. The decks are drawn with reportlab, so that the library
that writes is never the one that reads. Nothing here may import the pipeline.
"""

from __future__ import annotations

from .fonts import FontMissingError, english_fonts_available, japanese_font_available
from .japanese import make_budget_slide_ja
from .japanese_styles import JAPANESE_PRESETS, JapaneseStyle
from .making import make_deck
from .presets import PRESETS
from .styles import Style, random_style

__all__ = [
    "JAPANESE_PRESETS",
    "PRESETS",
    "FontMissingError",
    "JapaneseStyle",
    "Style",
    "english_fonts_available",
    "japanese_font_available",
    "make_budget_slide_ja",
    "make_deck",
    "random_style",
]
