"""Check kind `marks`: a row has a flag just where its mark is printed on its line.

The marks of the profile are looked for in the page's characters anew. One that stands on the line of a budget item
belongs to it; a flag without its mark, and a mark without its flag, are faults. Marks in running text (a note that
explains them) belong to that text.
"""

from __future__ import annotations

from bisect import bisect_right
from itertools import accumulate
from typing import TYPE_CHECKING

from pipeline.language.folding import lower_same_length
from pipeline.model import Box, Check, Place, union
from pipeline.own_marks import is_bare
from pipeline.validation.messages import count
from pipeline.validation.placed import PlacedEvidence, page_check

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from pipeline.model import Document, Page
    from pipeline.validation.figures import Tables
    from pipeline.validation.row_lines import RowLines

KIND = "marks"

_PROSE = frozenset({"text", "heading", "title", "label", "group", "category"})


def mark_checks(
    tables: Tables,
    evidence: PlacedEvidence,
    document: Document,
    marks: Mapping[str, Sequence[str]],
    rows: Mapping[int, RowLines],
) -> Iterator[Check]:
    """One check for each page with budget items, in page order."""
    items = {str(row.get("item_id")): row for row in tables.get("budget_items", ())}
    corrected = {(p.key, p.field) for parts in evidence.by_field.values() for p in parts if p.corrected}
    for page in document.pages:
        if page.number not in rows:
            continue
        prose = [p.box for p in evidence.by_page.get(page.number, ()) if p.field in _PROSE]
        found: dict[tuple[str, str], Box] = {}
        for flag, box in _printed(page, marks):
            if any(text.contains(box, 0.5) for text in prose):
                continue
            for owner in rows[page.number].owners_of(box, either_side=True):
                if owner.startswith("item/"):
                    found.setdefault((owner.removeprefix("item/"), flag), box)
        faults = []
        for (key, flag), box in found.items():
            if key in items and items[key].get(flag) is not True and (key, flag) not in corrected:
                where = f"page {page.number} at {box.x0:.0f}, {box.top:.0f}"
                faults.append(Place("budget_items", key, f"{where}: a mark of {flag} is printed, the row has no flag"))
        for key, row in items.items():
            for flag in marks:
                lost = row.get("page") == page.number and row.get(flag) is True and (key, flag) not in found
                # A mark that is drawn, not printed, has no words to point at.
                if lost and evidence.of("budget_items", key, flag) and (key, flag) not in corrected:
                    faults.append(Place("budget_items", key, f"{flag}: no mark is printed on the lines of {key}"))
        yield page_check(KIND, page.number, count(len(found), "mark"), "each with a row that has the flag", faults)


def _printed(page: Page, marks: Mapping[str, Sequence[str]]) -> Iterator[tuple[str, Box]]:
    """Every mark on the page with its box, in order; a mark that is part of a longer one is found once."""
    text = lower_same_length("".join([word.text for word in page.words]))
    ends = list(accumulate(len(word.text) for word in page.words))

    def box_at(place: int) -> Box:
        """Where a character of the page's text stands."""
        n = bisect_right(ends, place)
        word = page.words[n]
        glyphs = [g for g, glyph in enumerate(word.glyphs) for _ in glyph.text]
        return word.glyphs[glyphs[place - ends[n] + len(word.text)]].box

    for flag, printed in marks.items():
        yield from ((flag, word.box) for word in page.words if is_bare(word.text) and word.text in printed)
    wanted = sorted(
        (
            (lower_same_length(m).replace(" ", ""), flag)
            for flag, ms in marks.items()
            for m in ms
            if m and not is_bare(m)
        ),
        key=lambda entry: -len(entry[0]),
    )
    taken: set[int] = set()
    for mark, flag in wanted:
        start = text.find(mark)
        while start >= 0:
            span = range(start, start + len(mark))
            boxes = [box_at(place) for place in span]
            box = union(boxes)
            # Characters of two lines are no mark.
            if taken.isdisjoint(span) and box.height < 2 * max(b.height for b in boxes):
                taken.update(span)
                yield flag, box
            start = text.find(mark, start + 1)
