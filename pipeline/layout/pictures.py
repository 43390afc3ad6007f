"""Pictures on a page: where something stands whose inside is not read.

A chart may be pasted as one picture, as a background with a picture for each bar, or in strips; what overlaps or meets
is one picture. Icons beside the text and what stands at the same place on most pages (a logo, a background) are left out.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from pipeline.layout.slide import REPEATED
from pipeline.model import Box, union
from pipeline.tolerances import Tolerance

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pipeline.model import Document, Page

ICON = Tolerance(3.0, "icon of pictures")
"""A picture lower or narrower than this many lines of the page's text is an icon."""

MEETING = Tolerance(0.5, "meeting of pictures")
"""Pictures nearer than this part of a line are one picture in pieces."""

Place = tuple[int, int, int, int]
"""A box in hundredths of the page's width and height."""


def repeated_places(document: Document) -> frozenset[Place]:
    """Where most pages (three at least) have a picture: the frame of the slides, not what one says."""
    seen = Counter(place for page in document.pages for place in {_place(i.box, page) for i in page.images})
    least = max(3.0, REPEATED * len(document.pages))
    return frozenset(place for place, count in seen.items() if count >= least)


def pictures_of(page: Page, repeated: frozenset[Place] = frozenset()) -> list[Box]:
    """The boxes of the pictures on a page, from the top and from left to right, cut to the page."""
    if not page.images:
        return []
    line = _line_height(page)
    shown = [_cut(i.box, page) for i in page.images if _place(i.box, page) not in repeated]
    boxes = _together([b for b in shown if b.width > 0 and b.height > 0], MEETING * line)
    found = [b for b in boxes if min(b.width, b.height) >= ICON * line]
    return sorted(found, key=lambda b: (b.top, b.x0))


def _line_height(page: Page) -> float:
    heights: Counter[float] = Counter()
    for word in page.words:
        heights[round(word.size, 1)] += len(word.glyphs)
    return max(heights, key=lambda k: (heights[k], k)) if heights else min(page.width, page.height) / 50


def _cut(box: Box, page: Page) -> Box:
    return Box(max(0.0, box.x0), max(0.0, box.top), min(page.width, box.x1), min(page.height, box.bottom))


def _place(box: Box, page: Page) -> Place:
    return (
        round(100 * box.x0 / page.width),
        round(100 * box.top / page.height),
        round(100 * box.x1 / page.width),
        round(100 * box.bottom / page.height),
    )


def _together(boxes: Iterable[Box], near: float) -> list[Box]:
    """Boxes that overlap or all but meet, as one."""
    merged: list[Box] = []
    for box in boxes:
        grown = box
        while True:
            touching = [m for m in merged if m.overlap_x(grown) > -near and m.overlap_y(grown) > -near]
            if not touching:
                break
            merged = [m for m in merged if m not in touching]
            grown = union([grown, *touching])
        merged.append(grown)
    return merged
