"""Where every printed word went: a field of a record, furniture with its reason, or the residue.

Counted by glyph, since a word may be cut ("Japan[79"): it is used when a field has part of it and nothing of it is left.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from decimal import Decimal
from operator import itemgetter
from typing import TYPE_CHECKING

from pipeline.layout.lines import segments_of
from pipeline.model import Box
from pipeline.records import Printed, SlideReading

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from pipeline.model import Page, Row, Word
    from pipeline.passage import Passage

Glyph = tuple[int, int, int]
"""Page, word and place in the word."""

_word_of = itemgetter(0, 1)


@dataclass(frozen=True)
class Account:
    """One page's words by what became of them; the first three add up to all of them."""

    used: int
    furniture: int
    unaccounted: tuple[Word, ...]
    reasons: tuple[str, ...]


def account(page: Page, reading: SlideReading) -> Account:
    """The words of `page` accounted for by what the extractor claimed."""
    fields: set[Glyph] = set()
    for passage in _claims(reading):
        fields |= passage.glyphs
    waste: set[Glyph] = set()
    for piece in reading.furniture:
        waste |= piece.passage.glyphs
    # A word of which as many glyphs are taken as it has is taken whole; so no word is gone through glyph by glyph.
    in_fields, taken = Counter(map(_word_of, fields)), Counter(map(_word_of, fields | waste))
    used = furniture = 0
    left: list[Word] = []
    for word in page.words:
        place = page.number, word.number
        if taken[place] < len(word.glyphs):
            left.append(word)
        elif in_fields[place]:
            used += 1
        else:
            furniture += 1
    reasons = tuple(sorted({f.reason for f in reading.furniture if f.passage}))
    return Account(used, furniture, tuple(left), reasons)


def _claims(reading: SlideReading) -> Iterable[Passage]:
    for record in reading.records:
        for content in record.fields.values():
            if isinstance(content, Printed) and not content.inherited:
                yield content.passage


def residue_rows(page: Page, words: Sequence[Word]) -> list[Row]:
    """The words that nothing took, those that stand together in one row."""
    if not words:
        return []
    return [
        {
            "page": page.number,
            "x0": rounded(s.box.x0),
            "top": rounded(s.box.top),
            "x1": rounded(s.box.x1),
            "bottom": rounded(s.box.bottom),
            "text": s.text if s.marker is None else f"{s.marker.text} {s.text}",
        }
        for s in segments_of(page, words)
    ]


def rounded(length: float) -> Decimal:
    """A length in points to two decimals, as tables hold it."""
    return Decimal(f"{length:.2f}")


def shown_part(box: Box, page: Page) -> Box:
    """What of a box lies on the page: text may run over its edge."""
    return Box(max(box.x0, 0.0), max(box.top, 0.0), min(box.x1, page.width), min(box.bottom, page.height))
