"""Check kind `evidence_inside`: every piece of evidence lies on its page and the page shows there what it says.

What stands in the box is read again from the document (its words, and of a word that the box cuts the glyphs whose
centres lie in it) and compared with the printed words, ignoring spaces, since those are not drawn.
"""

from __future__ import annotations

import re
from decimal import Decimal
from typing import TYPE_CHECKING

from pipeline.model import Check, Document, Place, Row, Value
from pipeline.passage import clean
from pipeline.validation.messages import count
from pipeline.validation.placed import evidence_box
from pipeline.validation.words_in_boxes import ROUNDING, WordsInBoxes, words_by_page

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from pipeline.model import Box
    from pipeline.validation.figures import Tables

_SPACES = re.compile(r"\s+")


def evidence_checks(
    tables: Tables, document: Document, pages: Mapping[int, WordsInBoxes] | None = None
) -> Iterator[Check]:
    """One check for each page that evidence points at, in page order; pages that do not exist come last.

    `pages` are the words of the document's pages by place, where another check looks them up as well.
    """
    by_page: dict[int, list[Row]] = {}
    for row in tables.get("evidence", ()):
        by_page.setdefault(int(_float(row.get("page"))), []).append(row)
    pages = words_by_page(document) if pages is None else pages
    for number in sorted(by_page, key=lambda n: (n not in pages, n)):
        yield _page_check(number, pages.get(number), by_page[number])


def _page_check(number: int, words: WordsInBoxes | None, evidence: Sequence[Row]) -> Check:
    boxes = [evidence_box(row) for row in evidence]
    if words is not None:
        words.look_up(box for box in boxes if words.shown.contains(box, ROUNDING))
    faults = [place for row, box in zip(evidence, boxes, strict=True) if (place := _fault(row, box, words))]
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


def _fault(row: Row, box: Box, words: WordsInBoxes | None) -> Place | None:
    table, key, field = str(row.get("table")), str(row.get("key")), row.get("field")
    if words is None:
        return Place(table, key, f"{field}: the document has no such page")
    if not words.shown.contains(box, ROUNDING):
        return Place(table, key, f"{field}: the box leaves the page")
    text = str(row.get("printed") or "")
    if words.shows(box, text):
        return None
    printed, shown = _bare(text), _bare(words.text_in(box))
    if printed != shown:
        return Place(table, key, f'{field}: printed "{printed}", in the box stands "{shown}"')
    return None


def _bare(text: str) -> str:
    return _SPACES.sub("", clean(text))


def _float(value: Value) -> float:
    return float(value) if isinstance(value, int | float | Decimal) else float("nan")
