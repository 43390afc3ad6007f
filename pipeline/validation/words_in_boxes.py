"""A page's words looked up by place, for the checks that go back from evidence to the page.

Nearly all evidence holds whole words: which do is arithmetic on the columns of all their boxes at once. Only where a
box cuts through a word are its glyphs asked for, one by one.
"""

from __future__ import annotations

from dataclasses import field
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
    """The words of which something may stand in a box: those that lie in it whole, and those that it may cut."""

    whole: tuple[Word, ...]
    cut: tuple[Word, ...]


@value(slots=False)
class WordsInBoxes:
    """The words of one page. What a box holds is looked up once, however many checks ask."""

    page: Page
    _found: dict[Box, Held] = field(default_factory=dict, compare=False, repr=False)

    @cached_property
    def shown(self) -> Box:
        """What of the page is seen."""
        return Box(0.0, 0.0, self.page.width, self.page.height)

    @cached_property
    def _downwards(self) -> tuple[NDArray[np.intp], NDArray[np.float64], float]:
        """The places of all words from the top, their edges (left, upper, right, lower), and how high the tallest is."""
        boxes = [w.box for w in self.page.words]
        edges = np.array([(b.x0, b.top, b.x1, b.bottom) for b in boxes], np.float64).reshape(-1, 4).T
        order = np.argsort(edges[1], kind="stable")
        return order, edges[:, order], float(np.max(edges[3] - edges[1], initial=0.0))

    def look_up(self, boxes: Iterable[Box]) -> None:
        """Find out at once what each of `boxes` holds."""
        new = [box for box in dict.fromkeys(boxes) if box not in self._found]
        new.sort(key=_upper_edge)
        step = max(1, MOST_PAIRS // max(1, len(self.page.words)))
        for start in range(0, len(new), step):
            self._look_up(new[start : start + step])

    def _look_up(self, boxes: Sequence[Box]) -> None:
        """As `look_up`, for boxes that come from the top: only the words of their height are compared with them."""
        edges = np.array([(b.x0, b.top, b.x1, b.bottom) for b in boxes], np.float64)
        order, words, tallest = self._downwards
        near = slice(
            np.searchsorted(words[1], edges[0, 1] - tallest - ROUNDING),
            np.searchsorted(words[1], np.max(edges[:, 3]), side="right"),
        )
        order, words = order[near], words[:, near]
        x0, top, x1, bottom = (column[:, None] for column in edges.T)
        left, upper, right, lower = words
        box, word = np.nonzero((right >= x0) & (left <= x1) & (lower >= top) & (upper <= bottom))
        x0, top, x1, bottom = edges[box].T
        left, upper, right, lower = words[:, word]
        inside = (left >= x0 - ROUNDING) & (right <= x1 + ROUNDING)
        inside &= (upper >= top - ROUNDING) & (lower <= bottom + ROUNDING)
        whole: list[list[Word]] = [[] for _ in boxes]
        cut: list[list[Word]] = [[] for _ in boxes]
        for place, number, is_inside in zip(box.tolist(), order[word].tolist(), inside.tolist(), strict=True):
            (whole if is_inside else cut)[place].append(self.page.words[number])
        self._found.update((b, Held(tuple(w), tuple(c))) for b, w, c in zip(boxes, whole, cut, strict=True))

    def standing_in(self, regions: Sequence[Box]) -> frozenset[int]:
        """The numbers of the words whose middles lie in one of `regions`."""
        order, (left, upper, right, lower), _ = self._downwards
        centre, middle = (left + right) / 2, (upper + lower) / 2
        inside = np.zeros(len(order), np.bool_)
        for region in regions:
            inside |= (middle >= region.top) & (middle <= region.bottom) & (centre >= region.x0) & (centre <= region.x1)
        return frozenset(self.page.words[n].number for n in order[inside].tolist())

    def held(self, box: Box) -> Held:
        """The words that stand in `box` or touch it."""
        if box not in self._found:
            self.look_up((box,))
        return self._found[box]

    def shows(self, box: Box, text: str) -> bool:
        """Whether `box` holds whole words alone, which from left to right are `text`, give or take its spaces."""
        held = self.held(box)
        if any(self._any_glyph(word, box) for word in held.cut):
            return False
        words = held.whole if len(held.whole) < 2 else sorted(held.whole, key=_from_the_left)
        return "".join([word.text for word in words]) == text.replace(" ", "")

    def glyphs_in(self, box: Box) -> Iterator[tuple[Word, Glyph]]:
        """The glyphs with their centres in `box`, each with its word, in no particular order.

        Of a glyph that runs over the page's edge the part that is seen counts.
        """
        held = self.held(box)
        for word in sorted((*held.whole, *held.cut), key=_number):
            for glyph in self._glyphs_of(word, box):
                yield word, glyph

    def text_in(self, box: Box) -> str:
        """Those glyphs from left to right: evidence stands on one line, and what is raised on it is no line of its own."""
        found = [(glyph.box.x0, glyph.text) for _, glyph in self.glyphs_in(box)]
        return "".join(text for _, text in sorted(found, key=itemgetter(0)))

    def numbers_in(self, boxes: Iterable[Box]) -> frozenset[int]:
        """The numbers of the words that have a glyph in one of `boxes`."""
        distinct = dict.fromkeys(boxes)
        self.look_up(distinct)
        numbers: set[int] = set()
        for box in distinct:
            held = self._found[box]
            numbers.update(word.number for word in held.whole)
            numbers.update(word.number for word in held.cut if self._any_glyph(word, box))
        return frozenset(numbers)

    def whole_in(self, boxes: Iterable[Box]) -> frozenset[int]:
        """The numbers of the words that lie whole in one of `boxes`."""
        distinct = dict.fromkeys(boxes)
        self.look_up(distinct)
        return frozenset([word.number for box in distinct for word in self._found[box].whole])

    def _any_glyph(self, word: Word, box: Box) -> bool:
        return any(True for _ in self._glyphs_of(word, box))

    def _glyphs_of(self, word: Word, box: Box) -> Iterator[Glyph]:
        runs_over = not self.shown.contains(word.box)
        for glyph in word.glyphs:
            if _holds(box, _cut(glyph.box, self.shown) if runs_over else glyph.box):
                yield glyph


def _cut(glyph: Box, shown: Box) -> Box:
    return Box(
        max(glyph.x0, shown.x0), max(glyph.top, shown.top), min(glyph.x1, shown.x1), min(glyph.bottom, shown.bottom)
    )


def _holds(box: Box, glyph: Box) -> bool:
    return (
        box.x0 - ROUNDING <= glyph.centre <= box.x1 + ROUNDING
        and box.top - ROUNDING <= glyph.middle <= box.bottom + ROUNDING
    )
