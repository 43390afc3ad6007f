"""What became of each word of a page, one word at a time.

The rule is that of the account of words which every run keeps: a word that has a glyph which nothing took is residue;
else it went to the table that has a part of it; else it is furniture. That account counts, this names the table.
"""

from __future__ import annotations

from collections import Counter
from operator import itemgetter
from typing import TYPE_CHECKING

from pipeline.records import Printed
from pipeline.values import value

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from pipeline.model import Box, Document, Page
    from pipeline.records import SlideReading

FURNITURE = "furniture"
RESIDUE = "residue"

_Glyph = tuple[int, int, int]
"""Page, word and place in the word."""

_word_of = itemgetter(0, 1)


@value()
class WordFate:
    """One printed word and what it became.

    `fate` is the name of a table, `FURNITURE` or `RESIDUE`; `reason` says why furniture is furniture and is empty
    otherwise. `box` is in PDF points from the top left corner of the page.
    """

    page: int
    box: Box
    text: str
    fate: str
    reason: str = ""


def word_fates(document: Document, readings: Iterable[SlideReading]) -> Mapping[int, Sequence[WordFate]]:
    """Name what became of every word of `document`, by page number, in the order of the page's words.

    `readings` are those of its slides, in any order. On a page without a reading every word is residue. A word that was
    cut between two tables counts for the one that has more of it, the earlier record's where they have as much.
    """
    by_page = {reading.page: reading for reading in readings}
    return {page.number: _fates(page, by_page.get(page.number)) for page in document.pages}


def _fates(page: Page, reading: SlideReading | None) -> tuple[WordFate, ...]:
    tables: dict[_Glyph, str] = {}
    reasons: dict[_Glyph, str] = {}
    if reading is not None:
        # What is written last stays, so the earlier record comes after the later ones.
        for record in reversed(reading.records):
            for content in record.fields.values():
                if isinstance(content, Printed) and not content.inherited:
                    tables.update(dict.fromkeys(content.passage.glyphs, record.table))
        for piece in reading.furniture:
            reasons.update(dict.fromkeys(piece.passage.glyphs, piece.reason))
    # Nearly all words go whole to one table, which counting tells; only the others are looked at glyph by glyph.
    shares = Counter(zip(map(_word_of, tables), tables.values(), strict=True))
    whole = {(word, count): table for (word, table), count in shares.items()}
    found = []
    for word in page.words:
        size = len(word.glyphs)
        table = whole.get(((page.number, word.number), size))
        if table is not None:
            found.append(WordFate(page.number, word.box, word.text, table))
            continue
        glyphs = [(page.number, word.number, index) for index in range(size)]
        fate, reason = _fate(glyphs, tables, reasons)
        found.append(WordFate(page.number, word.box, word.text, fate, reason))
    return tuple(found)


def _fate(glyphs: Sequence[_Glyph], tables: Mapping[_Glyph, str], reasons: Mapping[_Glyph, str]) -> tuple[str, str]:
    taken = [tables.get(g) for g in glyphs]
    if any(table is None and g not in reasons for table, g in zip(taken, glyphs, strict=True)):
        return RESIDUE, ""
    # Counter keeps the order of first sight among equals, so the earlier glyphs' table wins a tie.
    counted = Counter(table for table in taken if table is not None)
    if counted:
        return counted.most_common(1)[0][0], ""
    return FURNITURE, next((reasons[g] for g in glyphs), "")
