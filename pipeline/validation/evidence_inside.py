"""Check kind `evidence_inside`: every piece of evidence lies on its page and the page shows there what it says.

What stands in the box is read again from the document (its words, and of a word that the box cuts the glyphs whose
centres lie in it) and compared with the printed words, ignoring spaces, since those are not drawn.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pipeline.model import Check, Document, Place
from pipeline.passage import clean
from pipeline.validation.messages import count
from pipeline.validation.on_pages import OnPages, look_up
from pipeline.validation.words_in_boxes import ROUNDING, Held, WordsInBoxes

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pipeline.validation.figures import Tables
    from pipeline.validation.placed import Placed

_SPACES = re.compile(r"\s+")


def evidence_checks(tables: Tables, document: Document, places: OnPages | None = None) -> Iterator[Check]:
    """One check for each page that evidence points at, in page order; pages that do not exist come last.

    `places` are the same tables' and document's, where another check looks them up as well.
    """
    places = look_up(tables, document) if places is None else places
    pages = places.words
    for number, evidence in sorted(
        places.evidence.by_page.items(), key=lambda found: (found[0] not in pages, found[0])
    ):
        if number in pages:
            found = zip(evidence, places.held(number), strict=True)
            reasons = [(placed, _reason(placed, held, pages[number])) for placed, held in found]
        else:
            reasons = [(placed, "the document has no such page") for placed in evidence]
        yield _page_check(number, reasons)


def _page_check(number: int, evidence: Sequence[tuple[Placed, str]]) -> Check:
    faults = [Place(p.table, p.key, f"{p.field}: {reason}") for p, reason in evidence if reason]
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


def _reason(placed: Placed, held: Held, words: WordsInBoxes) -> str:
    """Why the page does not show the evidence; empty where it does."""
    if not words.shown.contains(placed.box, ROUNDING):
        return "the box leaves the page"
    if words.shows(held, placed.printed):
        return ""
    printed, shown = _bare(placed.printed), _bare(words.text_in(held))
    return "" if printed == shown else f'printed "{printed}", in the box stands "{shown}"'


def _bare(text: str) -> str:
    return _SPACES.sub("", clean(text))
