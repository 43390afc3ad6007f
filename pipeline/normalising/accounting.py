"""The account of a page's words: how many were used, how many are furniture, and which are left over."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from pipeline.layout.lines import segments_of
from pipeline.model import Box
from pipeline.word_fates import FURNITURE, RESIDUE

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pipeline.model import Page, Row, Word
    from pipeline.records import SlideReading
    from pipeline.word_fates import WordFates


@dataclass(frozen=True)
class Account:
    """One page's words by what became of them; the first three add up to all of them."""

    used: int
    furniture: int
    unaccounted: tuple[Word, ...]
    reasons: tuple[str, ...]


def account(page: Page, reading: SlideReading, words: WordFates) -> Account:
    """The words of `page`, whose fates are `words`, counted. The reasons are those of all that was set aside."""
    left = tuple(word for word, fate in zip(page.words, words.fates, strict=True) if fate == RESIDUE)
    furniture = words.fates.count(FURNITURE)
    reasons = tuple(sorted({f.reason for f in reading.furniture if f.passage}))
    return Account(len(page.words) - furniture - len(left), furniture, left, reasons)


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
