"""Check kind `words_on_rows`: between the budget items of a column no word is left that no row has.

The words account knows what was set aside as furniture, and an extractor may set aside what it should have read. So
wherever items stand, from the first to the last line of a column's names, and on every line that a bullet opens where
names begin, each word with a letter or a digit in it must lie in the evidence of some row. Further printings of a mark on a
row that has it may be left, and so may the head of a column that is printed again where the column goes on.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pipeline.language.folding import lower_same_length
from pipeline.model import Box, Check, Place, union
from pipeline.validation.messages import count
from pipeline.validation.placed import page_check
from pipeline.validation.words_in_boxes import whole_in

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from pipeline.model import Document, Glyph, Page, Word
    from pipeline.validation.figures import Tables
    from pipeline.validation.on_pages import OnPages
    from pipeline.validation.placed import PlacedEvidence

KIND = "words_on_rows"

_LETTER_OR_DIGIT = re.compile(r"[^\W_]")

SHOWN = 0.5
"""A word lies in evidence that holds more than this part of its letters and digits."""


SAME_EDGE = 0.5
"""Lines that begin at the same edge differ by less than this part of a line's height."""

TOUCH = 0.02
"""In points: boxes of the same glyphs differ by no more than the rounding of what is written."""


def unread_word_checks(
    tables: Tables,
    places: OnPages,
    document: Document,
    marks: Mapping[str, Sequence[str]],
    opened_lines: Callable[[Page], Sequence[Box]],
) -> Iterator[Check]:
    """One check for each page with budget items, in page order."""
    evidence = places.evidence
    columns: dict[int, dict[object, list[Box]]] = {}
    for row in tables.get("budget_items", ()):
        for placed in evidence.of("budget_items", str(row.get("item_id")), "name"):
            columns.setdefault(placed.page, {}).setdefault(row.get("column"), []).append(placed.box)
    printed = {lower_same_length(mark).replace(" ", "") for listed in marks.values() for mark in listed}
    for page in document.pages:
        if page.number not in columns:
            continue
        names = list(columns[page.number].values())
        rows = [line for line in opened_lines(page) if any(_begins_like(line, b) for boxes in names for b in boxes)]
        regions = [*(union(boxes) for boxes in names), *rows]
        inside = places.words[page.number].standing_in(regions)
        words = [w for w in page.words if w.number in inside and _bears_meaning(w, printed)]
        covered = whole_in(places.held(page.number))
        unread = list(_uncovered(page, words, evidence, printed, covered))
        # What is printed again outside of the items, and is of no row there either, heads the columns.
        around = [w for w in page.words if w.number not in inside] if unread else []
        heads = {w.text for w in _uncovered(page, around, evidence, printed)}
        faults = [
            Place(
                "slides",
                str(page.number),
                f'page {page.number} at {w.box.x0:.0f}, {w.box.top:.0f}: "{w.text}" is in no row',
            )
            for w in unread
            if w.text not in heads
        ]
        yield page_check(KIND, page.number, f"{count(len(words), 'word')} between items", "each in a row", faults)


def _bears_meaning(word: Word, marks: set[str]) -> bool:
    return _LETTER_OR_DIGIT.search(word.text) is not None and lower_same_length(word.text) not in marks


def _begins_like(line: Box, name: Box) -> bool:
    """Whether a line begins at the same edge as a name."""
    return abs(line.x0 - name.x0) <= SAME_EDGE * line.height


def _uncovered(
    page: Page,
    words: Sequence[Word],
    evidence: PlacedEvidence,
    marks: set[str],
    covered: frozenset[int] = frozenset(),
) -> Iterator[Word]:
    """The words of which no more than half of the letters and digits lie in evidence. Boxes are looked up by their height.

    `covered` are the numbers of words that are known to lie whole in evidence. Of a word with one of the `marks` at its end
    the rest counts.
    """
    if all(w.number in covered for w in words):
        return
    step = max(w.box.height for w in words)
    rows: dict[int, list[Box]] = {}
    for placed in evidence.by_page.get(page.number, ()):
        for level in range(int(placed.box.top // step), int(placed.box.bottom // step) + 1):
            rows.setdefault(level, []).append(placed.box)
    for word in words:
        if word.number in covered:
            continue
        near = [b for b in rows.get(int(word.box.middle // step), ()) if b.x0 <= word.box.x1 and b.x1 >= word.box.x0]
        if any(b.contains(word.box, TOUCH) for b in near):
            continue
        letters = _letters(word, marks)
        held = sum(
            any(b.x0 <= g.box.centre <= b.x1 and b.top <= g.box.middle <= b.bottom for b in near) for g in letters
        )
        if held <= SHOWN * len(letters):
            yield word


def _letters(word: Word, marks: set[str]) -> list[Glyph]:
    """The glyphs of a word's letters and digits, without those of a mark at its end, unless it is nothing else."""
    text = lower_same_length(word.text)
    end = min((len(text) - len(m) for m in marks if text.endswith(m) and len(m) < len(text)), default=len(text))
    kept: list[Glyph] = []
    at = 0
    for glyph in word.glyphs:
        if at < end and any(c.isalnum() for c in glyph.text):
            kept.append(glyph)
        at += len(glyph.text)
    return kept
