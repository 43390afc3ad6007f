"""A page's words looked up by place, for the checks that go back from evidence to the page."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from operator import itemgetter
from typing import TYPE_CHECKING

from pipeline.model import Box

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from pipeline.model import Glyph, Page, Word

ROUNDING = 0.01
"""In points: how far a box may have been moved by writing it with two decimals."""


@dataclass(frozen=True)
class WordsInBoxes:
    """The words of one page in strips as high as its tallest word, so that a box is compared with its neighbours only."""

    page: Page

    @cached_property
    def _shown(self) -> Box:
        return Box(0.0, 0.0, self.page.width, self.page.height)

    @cached_property
    def _height(self) -> float:
        return max((w.box.height for w in self.page.words), default=0.0) or 1.0

    @cached_property
    def _strips(self) -> Mapping[int, Sequence[Word]]:
        strips: dict[int, list[Word]] = {}
        for word in self.page.words:
            for strip in range(int(word.box.top // self._height), int(word.box.bottom // self._height) + 1):
                strips.setdefault(strip, []).append(word)
        return strips

    def glyphs_in(self, box: Box) -> Iterator[tuple[Word, Glyph]]:
        """The glyphs with their centres in `box`, each with its word, in no particular order.

        Of a glyph that runs over the page's edge the part that is seen counts.
        """
        seen: set[int] = set()
        for strip in range(int(box.top // self._height), int(box.bottom // self._height) + 1):
            for word in self._strips.get(strip, ()):
                apart = (
                    word.box.x1 < box.x0
                    or word.box.x0 > box.x1
                    or word.box.bottom < box.top
                    or word.box.top > box.bottom
                )
                if apart or word.number in seen:
                    continue
                seen.add(word.number)
                runs_over = not self._shown.contains(word.box)
                for glyph in word.glyphs:
                    if _holds(box, _cut(glyph.box, self._shown) if runs_over else glyph.box):
                        yield word, glyph

    def text_in(self, box: Box) -> str:
        """Those glyphs from left to right: evidence stands on one line, and what is raised on it is no line of its own."""
        found = [(glyph.box.x0, glyph.text) for _, glyph in self.glyphs_in(box)]
        return "".join(text for _, text in sorted(found, key=itemgetter(0)))

    def numbers_in(self, boxes: Sequence[Box]) -> frozenset[int]:
        """The numbers of the words that have a glyph in one of `boxes`."""
        return frozenset(word.number for box in boxes for word, _ in self.glyphs_in(box))


def _cut(glyph: Box, shown: Box) -> Box:
    return Box(
        max(glyph.x0, shown.x0), max(glyph.top, shown.top), min(glyph.x1, shown.x1), min(glyph.bottom, shown.bottom)
    )


def _holds(box: Box, glyph: Box) -> bool:
    return (
        box.x0 - ROUNDING <= glyph.centre <= box.x1 + ROUNDING
        and box.top - ROUNDING <= glyph.middle <= box.bottom + ROUNDING
    )
