"""Check kind `words`: every word of a slide was used, or is furniture for a stated reason; none is left over."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipeline.model import Box, Check, Place, Row, Verdict
from pipeline.validation.messages import count
from pipeline.validation.on_pages import OnPages, look_up

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pipeline.model import Document, Page
    from pipeline.validation.figures import Tables
    from pipeline.validation.words_in_boxes import Held, WordsInBoxes

_COLUMNS = ("words", "words_used", "words_furniture", "words_unaccounted")

PICTURE = 0.5
"""A page without words of which a picture covers more than this part was scanned."""

_SHOWN = 5
"""How many of the words left over are quoted in the message."""


def word_checks(tables: Tables, document: Document | None = None, places: OnPages | None = None) -> Iterator[Check]:
    """One check for each slide, in the order of the table `slides`.

    With `document` the account is audited: the words are counted on the page anew, and those that were used must be seen
    in evidence, so that a row which was dropped after its words were counted is missed. `places` are the same tables'
    and document's, where another check looks them up as well.
    """
    places = look_up(tables, document) if places is None else places
    for row in tables.get("slides", ()):
        page = row.get("page")
        faults = list(_faults(row, tables))
        if isinstance(page, int) and page in places.words:
            faults += _audit(row, places.words[page], places.held(page))
        words, used, furniture, left = (_number(row, column) for column in _COLUMNS)
        account = f"page {page}: {count(words, 'word')}, {used} used, {furniture} furniture, {left} left over"
        verdict: Verdict = "inconsistent" if faults else "consistent"
        message = f"{account}{''.join(f', {fault}' for fault in faults)}: {verdict}."
        yield Check(
            check_id=f"words/page-{page}",
            kind="words",
            subject=f"page {page}",
            verdict=verdict,
            message=message[0].upper() + message[1:],
            rows=(Place("slides", str(page)),),
        )


def _faults(row: Row, tables: Tables) -> Iterator[str]:
    words, used, furniture, left = (_number(row, column) for column in _COLUMNS)
    lost = words - used - furniture - left
    if lost:
        yield f"which is {abs(lost)} {'too few' if lost > 0 else 'too many'}"
    if left:
        yield f"namely {', '.join(_left_over(tables, row)) or 'see the residue'}"


def _audit(row: Row, words: WordsInBoxes, evidence: Sequence[Held]) -> Iterator[str]:
    counted = len(words.page.words)
    if not counted and any(_covers(image.box, words.page) for image in words.page.images):
        yield "because it is a picture without a text layer, of which nothing was read"
    if counted != _number(row, "words"):
        yield f"but the page has {count(counted, 'word')}"
    shown = len(words.numbers_in(evidence))
    if shown < _number(row, "words_used"):
        yield f"but evidence shows {shown} of those used"


def _covers(box: Box, page: Page) -> bool:
    shown = max(0.0, box.overlap_x(Box(0, 0, page.width, page.height)))
    tall = max(0.0, box.overlap_y(Box(0, 0, page.width, page.height)))
    return shown * tall > PICTURE * page.width * page.height


def _left_over(tables: Tables, slide: Row) -> list[str]:
    texts = [str(r.get("text")) for r in tables.get("residue", ()) if r.get("page") == slide.get("page")]
    return [f'"{text}"' for text in texts[:_SHOWN]] + (["…"] if len(texts) > _SHOWN else [])


def _number(row: Row, column: str) -> int:
    value = row.get(column)
    return value if isinstance(value, int) else 0
