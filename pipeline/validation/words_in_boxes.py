"""A page's words looked up by place, for the checks that go back from evidence to the page.

Nearly all evidence holds whole words: which do is arithmetic on the columns of all their boxes at once. Only where a
box cuts through a word are its glyphs asked for, one by one.
"""

from __future__ import annotations

from functools import cached_property
from operator import attrgetter, itemgetter
from typing import TYPE_CHECKING

import numpy as np

from pipeline.model import Box
from pipeline.values import value

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from numpy.typing import NDArray

    from pipeline.model import Glyph, Page, Word

ROUNDING = 0.01
"""In points: how far a box may have been moved by writing it with two decimals."""

MOST_PAIRS = 1_000_000
"""So many pairs of a box and a word are compared at once, so that a page of tens of thousands of words fits into memory."""

_upper_edge = attrgetter("top")
_from_the_left = attrgetter("box.x0", "number")
_number = attrgetter("number")


@value()
class Held:
    """The words of which something may stand in `box`: those that lie in it whole, and those that it may cut."""

    box: Box
    whole: tuple[Word, ...]
    cut: tuple[Word, ...]


def whole_in(boxes: Iterable[Held]) -> frozenset[int]:
    """The numbers of the words that lie whole in one of the boxes."""
    return frozenset([word.number for held in boxes for word in held.whole])


@value(slots=False)
class WordsInBoxes:
    """The words of one page."""

    page: Page

    @cached_property
    def shown(self) -> Box:
        """What of the page is seen."""
        return Box(0.0, 0.0, self.page.width, self.page.height)

    @cached_property
    def _downwards(self) -> tuple[NDArray[np.intp], NDArray[np.float64], float]:
        """The places of all words from the top, their edges (left, upper, right, lower), and how high the tallest is."""
        edges = _edges([word.box for word in self.page.words])
        order = np.argsort(edges[1], kind="stable")
        return order, edges[:, order], float(np.max(edges[3] - edges[1], initial=0.0))

    def look_up(self, boxes: Iterable[Box]) -> list[Held]:
        """What each of `boxes` holds, in their order; all are looked up at once."""
        listed = list(boxes)
        distinct = sorted(dict.fromkeys(listed), key=_upper_edge)
        step = max(1, MOST_PAIRS // max(1, len(self.page.words)))
        found: dict[Box, Held] = {}
        for start in range(0, len(distinct), step):
            found.update(self._look_up(distinct[start : start + step]))
        return [found[box] for box in listed]

    def _look_up(self, boxes: Sequence[Box]) -> Iterator[tuple[Box, Held]]:
        """As `look_up`, for boxes that come from the top: only the words of their height are compared with them."""
        edges = _edges(boxes)
        order, words, tallest = self._downwards
        near = slice(
            np.searchsorted(words[1], edges[1, 0] - tallest - ROUNDING),
            np.searchsorted(words[1], np.max(edges[3]), side="right"),
        )
        order, words = order[near], words[:, near]
        x0, top, x1, bottom = edges[:, :, None]
        left, upper, right, lower = words
        box, word = np.nonzero((right >= x0) & (left <= x1) & (lower >= top) & (upper <= bottom))
        x0, top, x1, bottom = edges[:, box]
        left, upper, right, lower = words[:, word]
        inside = (left >= x0 - ROUNDING) & (right <= x1 + ROUNDING)
        inside &= (upper >= top - ROUNDING) & (lower <= bottom + ROUNDING)
        whole: list[list[Word]] = [[] for _ in boxes]
        cut: list[list[Word]] = [[] for _ in boxes]
        for place, number, is_inside in zip(box.tolist(), order[word].tolist(), inside.tolist(), strict=True):
            (whole if is_inside else cut)[place].append(self.page.words[number])
        for b, w, c in zip(boxes, whole, cut, strict=True):
            yield b, Held(b, tuple(w), tuple(c))

    def standing_in(self, regions: Sequence[Box]) -> frozenset[int]:
        """The numbers of the words whose middles lie in one of `regions`."""
        order, (left, upper, right, lower), _ = self._downwards
        centre, middle = (left + right) / 2, (upper + lower) / 2
        inside = np.zeros(len(order), np.bool_)
        step = max(1, MOST_PAIRS // max(1, len(order)))
        for start in range(0, len(regions), step):
            x0, top, x1, bottom = _edges(regions[start : start + step])[:, :, None]
            within = (middle >= top) & (middle <= bottom) & (centre >= x0) & (centre <= x1)
            inside |= np.any(within, axis=0)
        return frozenset(self.page.words[n].number for n in order[inside].tolist())

    def shows(self, held: Held, text: str) -> bool:
        """Whether a box holds whole words alone, which from left to right are `text`, give or take its spaces."""
        if any(self._any_glyph(word, held.box) for word in held.cut):
            return False
        words = held.whole if len(held.whole) < 2 else sorted(held.whole, key=_from_the_left)
        return "".join([word.text for word in words]) == text.replace(" ", "")

    def text_in(self, held: Held) -> str:
        """The glyphs with their centres in a box, from left to right.

        Evidence stands on one line, and what is raised on it is no line of its own. Of a glyph that runs over the page's
        edge the part that is seen counts.
        """
        words = sorted((*held.whole, *held.cut), key=_number)
        found = [(glyph.box.x0, glyph.text) for word in words for glyph in self._glyphs_of(word, held.box)]
        return "".join(text for _, text in sorted(found, key=itemgetter(0)))

    def numbers_in(self, boxes: Iterable[Held]) -> frozenset[int]:
        """The numbers of the words that have a glyph in one of the boxes."""
        numbers: set[int] = set()
        for held in boxes:
            numbers.update([word.number for word in held.whole])
            numbers.update([word.number for word in held.cut if self._any_glyph(word, held.box)])
        return frozenset(numbers)

    def _any_glyph(self, word: Word, box: Box) -> bool:
        return any(True for _ in self._glyphs_of(word, box))

    def _glyphs_of(self, word: Word, box: Box) -> Iterator[Glyph]:
        runs_over = not self.shown.contains(word.box)
        for glyph in word.glyphs:
            if _holds(box, _cut(glyph.box, self.shown) if runs_over else glyph.box):
                yield glyph


def _edges(boxes: Sequence[Box]) -> NDArray[np.float64]:
    """Left, upper, right and lower edges of boxes, as four rows."""
    return np.array([(b.x0, b.top, b.x1, b.bottom) for b in boxes], np.float64).reshape(-1, 4).T


def _cut(glyph: Box, shown: Box) -> Box:
    return Box(
        max(glyph.x0, shown.x0), max(glyph.top, shown.top), min(glyph.x1, shown.x1), min(glyph.bottom, shown.bottom)
    )


def _holds(box: Box, glyph: Box) -> bool:
    return (
        box.x0 - ROUNDING <= glyph.centre <= box.x1 + ROUNDING
        and box.top - ROUNDING <= glyph.middle <= box.bottom + ROUNDING
    )
