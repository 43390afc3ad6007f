"""Check kind `evidence_inside`: every piece of evidence lies on its page and the page shows there what it says.

The glyphs whose centres lie in the box are read again from the document and compared with the printed words, ignoring
spaces, since those are not drawn.
"""

from __future__ import annotations

import re
from decimal import Decimal
from typing import TYPE_CHECKING

from pipeline.model import Box, Check, Document, Place, Row, Value
from pipeline.passage import clean
from pipeline.validation.messages import count
from pipeline.validation.placed import evidence_box
from pipeline.validation.words_in_boxes import ROUNDING, WordsInBoxes

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pipeline.validation.figures import Tables

_SPACES = re.compile(r"\s+")


def evidence_checks(tables: Tables, document: Document) -> Iterator[Check]:
    """One check for each page that evidence points at, in page order; pages that do not exist come last."""
    by_page: dict[int, list[Row]] = {}
    for row in tables.get("evidence", ()):
        by_page.setdefault(int(_float(row.get("page"))), []).append(row)
    pages = {page.number: WordsInBoxes(page) for page in document.pages}
    for number in sorted(by_page, key=lambda n: (n not in pages, n)):
        yield _page_check(number, pages.get(number), by_page[number])


def _page_check(number: int, words: WordsInBoxes | None, evidence: Sequence[Row]) -> Check:
    faults = [place for row in evidence if (place := _fault(row, words))]
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


def _fault(row: Row, words: WordsInBoxes | None) -> Place | None:
    table, key, field = str(row.get("table")), str(row.get("key")), row.get("field")
    if words is None:
        return Place(table, key, f"{field}: the document has no such page")
    box = evidence_box(row)
    if not Box(0.0, 0.0, words.page.width, words.page.height).contains(box, ROUNDING):
        return Place(table, key, f"{field}: the box leaves the page")
    printed, shown = _bare(str(row.get("printed") or "")), _bare(words.text_in(box))
    if printed != shown:
        return Place(table, key, f'{field}: printed "{printed}", in the box stands "{shown}"')
    return None


def _bare(text: str) -> str:
    return _SPACES.sub("", clean(text))


def _float(value: Value) -> float:
    return float(value) if isinstance(value, int | float | Decimal) else float("nan")
