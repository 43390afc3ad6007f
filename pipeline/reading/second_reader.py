"""A second, independent reader of the same PDF: what was read by pdfium is read again by a library that shares no code with it.

In an ordinary run that is playa, which reads a page of money in the time of a few checks and is asked for the lines with
amounts only. In a thorough one it is pdfplumber, the reference, for everything.
"""

from __future__ import annotations

import math
from bisect import bisect_right
from contextlib import closing
from typing import TYPE_CHECKING, Any, NamedTuple

import playa

import pipeline.reading.playa_classes  # noqa: F401 - see there
from pipeline.errors import PolicydeckError
from pipeline.model import Box, Glyph
from pipeline.reading.fonts import DEEPEST, glyph_text
from pipeline.reading.reference import reference_pages
from pipeline.reading.shown import frame_of, margins_of
from pipeline.reading.source_file import bytes_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from pipeline.reading.shown import Frame

QUICK, THOROUGH = "playa", "pdfplumber"


class SecondReading(NamedTuple):
    """The name of the library, and the glyphs of each page; None where it failed, which the caller must report."""

    reader: str
    glyphs: Mapping[int, Sequence[Glyph]] | None


def second_reading(
    path: Path, boxes: Mapping[int, Sequence[Box]], password: str | None = None, *, thorough: bool = False
) -> SecondReading:
    """The glyphs on the lines of the given boxes (by page, as in `pipeline.model`), or, `thorough`, all of those pages."""
    if not boxes:
        return SecondReading(THOROUGH if thorough else QUICK, {})
    if thorough:
        try:
            pages = reference_pages(path.name, bytes_of(path), password, boxes.keys())
        except PolicydeckError:
            return SecondReading(THOROUGH, None)
        return SecondReading(THOROUGH, {p.number: [g for w in p.words for g in w.glyphs] for p in pages})
    try:
        with closing(playa.Document(bytes_of(path), password=password or "", space="default")) as document:
            return SecondReading(QUICK, {n: tuple(_glyphs(document.pages[n - 1], boxes[n])) for n in sorted(boxes)})
    except Exception:
        return SecondReading(QUICK, None)


def _glyphs(page: Any, boxes: Sequence[Box]) -> Iterator[Glyph]:
    """The page's glyphs whose middle lies at the height of one of the boxes, without blanks."""
    frame = _frame(page)
    levels = _levels(boxes)
    for drawn in page.flatten():
        if drawn.object_type != "text" or drawn.font is None:
            continue
        font, within = drawn.font, frame.inside(drawn.matrix)
        depth = min(DEEPEST, abs(font.descent * font.matrix[3]))
        # All glyphs of one piece of level text stand at one height.
        is_level = within.b == 0 == within.c and within.a > 0 and not font.vertical
        top, bottom = within.f + within.d * (1 - depth), within.f - within.d * depth
        if is_level and not _among(levels, (top + bottom) / 2):
            continue
        for glyph in drawn:
            text = glyph_text(glyph.text or "")
            if not text or text.isspace():
                continue
            e, f = glyph.matrix[4:]
            if is_level:
                x0 = frame.a * e + frame.c * f + frame.e
                yield Glyph(text, Box(x0, top, x0 + within.a * font.hdisp(glyph.cid), bottom))
                continue
            x, y = frame.at(e, f)
            box = _box(within._replace(e=x, f=y), font, glyph.cid, depth)
            if _among(levels, box.middle):
                yield Glyph(text, box)


def _box(within: Frame, font: Any, cid: int, depth: float) -> Box:
    """A glyph's box as the first reader has it: one size high, from the font's depth below the baseline, on its ink."""
    if font.vertical:
        left, low = (-offset for offset in font.position(cid))
        right = left + 1
    else:
        left, low, right = 0.0, -depth, font.hdisp(cid)
    xs, ys = zip(*(within.at(x, y) for x in (left, right) for y in (low, low + 1)), strict=True)
    return Box(min(xs), min(ys), max(xs), max(ys))


def _levels(boxes: Sequence[Box]) -> list[tuple[float, float]]:
    """The heights that the boxes take up, from the top, those that overlap as one."""
    levels: list[tuple[float, float]] = []
    for top, bottom in sorted((box.top, box.bottom) for box in boxes):
        if levels and top <= levels[-1][1]:
            levels[-1] = (levels[-1][0], max(bottom, levels[-1][1]))
        else:
            levels.append((top, bottom))
    return levels


def _among(levels: Sequence[tuple[float, float]], height: float) -> bool:
    n = bisect_right(levels, (height, math.inf)) - 1
    return n >= 0 and height <= levels[n][1]


def _frame(page: Any) -> Frame:
    x0, y0, x1, y1 = page.mediabox
    margins = margins_of(page.mediabox, page.cropbox, 0)
    return frame_of((x0 + margins.left, y0 + margins.bottom, x1 - margins.right, y1 - margins.top), page.rotate)
