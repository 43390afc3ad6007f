"""Check kind `evidence_inside`: every piece of evidence lies on its page and the page shows there what it says.

The glyphs whose centres lie in the box are read again from the document and compared with the printed words, ignoring
spaces, since those are not drawn.
"""

from __future__ import annotations

import re
from decimal import Decimal
from typing import TYPE_CHECKING

from pipeline.model import Box, Check, Document, Page, Place, Row, Value, Word
from pipeline.passage import clean
from pipeline.validation.messages import count

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from pipeline.validation.figures import Tables

_SPACES = re.compile(r"\s+")
_ROUNDING = 0.01
"""In points: how far a box may have been moved by writing it with two decimals."""


def evidence_checks(tables: Tables, document: Document) -> Iterator[Check]:
    """One check for each page that evidence points at, in page order; pages that do not exist come last."""
    by_page: dict[int, list[Row]] = {}
    for row in tables.get("evidence", ()):
        by_page.setdefault(int(_float(row.get("page"))), []).append(row)
    pages = {page.number: page for page in document.pages}
    for number in sorted(by_page, key=lambda n: (n not in pages, n)):
        yield _page_check(number, pages.get(number), by_page[number])


def evidence_box(row: Row) -> Box:
    """The box of one row of `evidence`, in points."""
    return Box(*(_float(row.get(edge)) for edge in ("x0", "top", "x1", "bottom")))


class _Levels:
    """A page's words by the height at which they stand, so that a box is compared with those near it only."""

    def __init__(self, page: Page) -> None:
        self.step = max((word.box.height for word in page.words), default=0.0) or 1.0
        self.levels: dict[int, list[Word]] = {}
        for word in page.words:
            self.levels.setdefault(int(word.box.top // self.step), []).append(word)

    def near(self, box: Box) -> Iterator[Word]:
        """Every word that may overlap `box`, and few others, in reading order line by line."""
        # A word reaches at most one step below the level it begins in.
        for level in range(int(box.top // self.step) - 1, int(box.bottom // self.step) + 1):
            yield from self.levels.get(level, ())


def read_box(words: Iterable[Word], box: Box) -> str:
    """The glyphs with their centres in `box`, in the order of `words`, without spaces."""
    found = [
        (glyph.box.x0, glyph.text)
        for word in words
        # Spelled out, since many words are compared with every piece of evidence.
        if word.box.top <= box.bottom and word.box.bottom >= box.top and word.box.x0 <= box.x1 and word.box.x1 >= box.x0
        for glyph in word.glyphs
        if _holds(box, glyph.box)
    ]
    return _bare("".join(text for _, text in found))


def _page_check(number: int, page: Page | None, evidence: Sequence[Row]) -> Check:
    levels = _Levels(page) if page is not None else None
    faults = [place for row in evidence if (place := _fault(row, page, levels))]
    message = f"Page {number}: {count(len(evidence), 'piece')} of evidence"
    if faults:
        message += f", of which {len(faults)} not found, first {faults[0].key} ({faults[0].reason}): inconsistent."
    else:
        message += ", each read again in its place: consistent."
    return Check(
        check_id=f"evidence_inside/page-{number}",
        kind="evidence_inside",
        subject=f"page {number}",
        verdict="inconsistent" if faults else "consistent",
        message=message,
        suspects=tuple(faults),
    )


def _fault(row: Row, page: Page | None, levels: _Levels | None) -> Place | None:
    table, key, field = str(row.get("table")), str(row.get("key")), row.get("field")
    if page is None or levels is None:
        return Place(table, key, f"{field}: the document has no such page")
    box = evidence_box(row)
    if not Box(0.0, 0.0, page.width, page.height).contains(box, _ROUNDING):
        return Place(table, key, f"{field}: the box leaves the page")
    printed, shown = (
        _bare(str(row.get("printed") or "")),
        read_box(sorted(levels.near(box), key=lambda w: w.number), box),
    )
    if printed != shown:
        return Place(table, key, f'{field}: printed "{printed}", in the box stands "{shown}"')
    return None


def _holds(box: Box, glyph: Box) -> bool:
    return (
        box.x0 - _ROUNDING <= glyph.centre <= box.x1 + _ROUNDING
        and box.top - _ROUNDING <= glyph.middle <= box.bottom + _ROUNDING
    )


def _bare(text: str) -> str:
    return _SPACES.sub("", clean(text))


def _float(value: Value) -> float:
    return float(value) if isinstance(value, int | float | Decimal) else float("nan")
