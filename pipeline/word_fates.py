"""Where every printed word of a page went: into a table, set aside as furniture with its reason, or nowhere.

A word may be cut ("Japan[79"). One that has a glyph which nothing took is residue; else it went to the table that has more
of it, the earlier record's where two have as much; else it is furniture. The account of words that every run keeps counts
this, and the review page shows it.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from pipeline.records import Printed
from pipeline.values import value

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from pipeline.model import Box, Document, Page, Word
    from pipeline.passage import Passage, Stretch
    from pipeline.records import SlideReading

FURNITURE = "furniture"
RESIDUE = "residue"


@value(slots=False)
class WordFates:
    """The words of one page, each with what it became, in columns of one length and in the order of the page's words.

    A fate is the name of a table, `FURNITURE` or `RESIDUE`; a reason says why furniture is furniture and is empty
    otherwise. Boxes are in PDF points from the top left corner of the page.
    """

    boxes: Sequence[Box]
    texts: Sequence[str]
    fates: Sequence[str]
    reasons: Sequence[str]


def word_fates(document: Document, readings: Iterable[SlideReading]) -> Mapping[int, WordFates]:
    """Name what became of every word of `document`, by page number.

    `readings` are those of its slides, in any order. On a page without a reading every word is residue.
    """
    by_page = {reading.page: reading for reading in readings}
    return {page.number: _fates_on(page, by_page.get(page.number)) for page in document.pages}


_Claims = dict[int, list[tuple["Stretch", str]]]
"""By the number of a word: what of it was taken, and what for."""


def _fates_on(page: Page, reading: SlideReading | None) -> WordFates:
    read: _Claims = {}
    aside: _Claims = {}
    if reading is not None:
        for record in reading.records:
            for content in record.fields.values():
                if isinstance(content, Printed) and not content.inherited:
                    _claim(read, page.number, content.passage, record.table)
        for piece in reading.furniture:
            _claim(aside, page.number, piece.passage, piece.reason)
    found = [_fate(word, read.get(word.number, ()), aside.get(word.number, ())) for word in page.words]
    return WordFates(
        [word.box for word in page.words],
        [word.text for word in page.words],
        [fate for fate, _ in found],
        [reason for _, reason in found],
    )


def _claim(claims: _Claims, page: int, passage: Passage, taker: str) -> None:
    for stretch in passage.stretches:
        if stretch.word is not None and stretch.page == page:
            claims.setdefault(stretch.word.number, []).append((stretch, taker))


def _fate(word: Word, read: Sequence[tuple[Stretch, str]], aside: Sequence[tuple[Stretch, str]]) -> tuple[str, str]:
    size = len(word.glyphs)
    # Nearly all words go to one place, and whole; only the others are looked at glyph by glyph.
    if len(read) == 1 and _is_whole(read[0][0], size):
        return read[0][1], ""
    if len(aside) == 1 and not read and _is_whole(aside[0][0], size):
        return FURNITURE, aside[0][1]
    # What is written last stays, so the earlier record comes after the later ones.
    tables = _by_glyph(reversed(read))
    reasons = _by_glyph(aside)
    if any(glyph not in tables and glyph not in reasons for glyph in range(size)):
        return RESIDUE, ""
    # Counter keeps the order of first sight among equals, so the earlier glyphs' table wins a tie.
    counted = Counter(tables[glyph] for glyph in range(size) if glyph in tables)
    if counted:
        return counted.most_common(1)[0][0], ""
    return FURNITURE, reasons[0] if size else ""


def _is_whole(stretch: Stretch, size: int) -> bool:
    return stretch.glyph == 0 and stretch.end == size


def _by_glyph(claims: Iterable[tuple[Stretch, str]]) -> dict[int, str]:
    return {glyph: taker for stretch, taker in claims for glyph in range(stretch.glyph, stretch.end)}
