"""A page that is cut into segments again, with other tolerances, comes out as if it had never been cut before."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from pipeline.layout.lines import cut
from pipeline.layout.slide import Sheet, read_slides
from pipeline.layout.word_runs import SEGMENT_GAP, STYLE_GAP, PageWords
from pipeline.reading.pdf import read_document
from pipeline.tolerances import Move, moved
from tests.at_hand import DATA, DECKS

if TYPE_CHECKING:
    from pathlib import Path

    from pipeline.layout.lines import Segment

_FAR = (Move(0.3), Move(0.5), Move(0.5, SEGMENT_GAP.name), Move(3.0, SEGMENT_GAP.name), Move(0.3, STYLE_GAP.name))
_MOVES = (Move(1.1), Move(2.0), *_FAR, Move(1.0))
_DOCUMENTS = (DECKS["2025"][0], *sorted(DATA.glob("*.pdf"))[::4])


def _shown(segment: Segment) -> tuple[object, ...]:
    marker = segment.marker
    bullet = (marker.text, marker.box, marker.passage.raw) if marker else None
    return tuple(w.number for w in segment.words), segment.skipped, bullet, segment.text, segment.box


@pytest.mark.parametrize("path", _DOCUMENTS, ids=lambda path: path.stem)
def test_a_page_cut_again_comes_out_as_cut_the_first_time(path: Path) -> None:
    """What is kept of a page between two cuts hangs on no tolerance: each cut gives what a page never cut before gives."""
    for page in read_document(path).pages:
        words = Sheet(page).words
        cut(words)
        for move in _MOVES:
            with moved(move):
                again = cut(words)
                anew = cut(PageWords(page, words.words))
            assert [_shown(s) for s in again] == [_shown(s) for s in anew]


def test_tolerances_moved_far_change_what_a_page_is_cut_into() -> None:
    """The claim above is about something: with such tolerances the deck's pages are cut otherwise."""
    pages = read_document(DECKS["2025"][0]).pages
    usual = [[_shown(s) for s in cut(Sheet(page).words)] for page in pages]
    for move in _FAR:
        with moved(move):
            assert [[_shown(s) for s in cut(Sheet(page).words)] for page in pages] != usual


def test_a_segment_that_comes_out_the_same_is_the_very_one() -> None:
    """So that what it knows of itself is worked out once, however often the page is cut."""
    document = read_document(DECKS["2025"][0])
    slides = read_slides(document)
    again = read_slides(document, known=[slide.sheet for slide in slides])
    for before, after in zip(slides, again, strict=True):
        assert all(a is b for a, b in zip(before.segments, after.segments, strict=True))
        assert before.frames == after.frames
