"""What a reader found on a page, put together as a `Page`: the same for every reader of PDF."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pipeline.errors import UnreadableTextError
from pipeline.model import Box, Image, Page
from pipeline.reading.fonts import UNKNOWN
from pipeline.reading.graphics import Path, sort_paths
from pipeline.reading.turned import Turn, turned_words
from pipeline.reading.words import words_of
from pipeline.tolerances import Tolerance

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from pipeline.reading.characters import Characters

UNMAPPED_SHARE = Tolerance(0.1, "share of glyphs without a Unicode value", in_reading=True)
"""A page where more than this part of the glyphs has no Unicode value cannot be read."""


@dataclass(frozen=True, slots=True)
class Found:
    """What stands on one page, in the page's frame: upright glyphs, turned ones by the way they run, paths and pictures.

    Paths are in pdfplumber's terms; see `graphics`.
    """

    width: float
    height: float
    characters: Characters
    turned: Mapping[Turn, Characters]
    paths: Sequence[Path]
    images: Sequence[Image]


def page_of(name: str, number: int, found: Found) -> Page:
    """The page made of what was found. Raises UnreadableTextError where its fonts have no usable map to Unicode."""
    characters = found.characters
    unmapped = int(characters.among(UNKNOWN.__eq__).sum())
    if unmapped > UNMAPPED_SHARE * len(characters):
        font = characters.styles[characters.style[0]].font
        raise UnreadableTextError(
            f"{name}, page {number}: {unmapped} of {len(characters)} glyphs have no Unicode value (font {font}).",
            "Ask the publisher for a PDF with text, or run it through a text recognition tool.",
        )
    box = Box(0, 0, found.width, found.height)
    rules, panels, curves = sort_paths(found.paths, (0, 0), box)
    words = words_of(characters)
    return Page(
        number=number,
        width=found.width,
        height=found.height,
        words=(*words, *turned_words(found.turned, box, len(words))),
        rules=rules,
        panels=panels,
        curves=curves,
        images=tuple(found.images),
    )
