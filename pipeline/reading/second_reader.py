"""A second, independent reader of the same PDF: what was read by pdfium is read again by a library that shares no code with it.

In an ordinary run that is playa, which reads a page of money in the time of a few checks and is asked only for what is
printed where amounts stand. In a thorough one it is pdfplumber, the reference, for everything.
"""

from __future__ import annotations

import math
from bisect import bisect_right
from contextlib import closing
from functools import cache, partial
from typing import TYPE_CHECKING, Any, NamedTuple

import playa

import pipeline.reading.playa_classes  # noqa: F401 - see there
from pipeline.errors import PolicydeckError
from pipeline.model import Box, Glyph
from pipeline.reading.fonts import DEEPEST, glyph_text
from pipeline.reading.shown import frame_of, margins_of
from pipeline.reading.source_file import bytes_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from playa.font import Font

    from pipeline.reading.shown import Frame

QUICK, THOROUGH = "playa", "pdfplumber"


class SecondReading(NamedTuple):
    """The name of the library, and the glyphs of each page; None where it failed, which the caller must report."""

    reader: str
    glyphs: Mapping[int, Sequence[Glyph]] | None


def second_reading(
    path: Path, boxes: Mapping[int, Sequence[Box]], password: str | None = None, *, thorough: bool = False
) -> SecondReading:
    """The glyphs in the given boxes (by page, as in `pipeline.model`) and beside them, or, `thorough`, all of those pages."""
    if not boxes:
        return SecondReading(THOROUGH if thorough else QUICK, {})
    if thorough:
        from pipeline.reading.reference import reference_pages  # pdfplumber, which an ordinary run has no use of

        try:
            pages = reference_pages(path.name, bytes_of(path), password, boxes.keys())
        except PolicydeckError:
            return SecondReading(THOROUGH, None)
        return SecondReading(THOROUGH, {p.number: [g for w in p.words for g in w.glyphs] for p in pages})
    try:
        with closing(_Document(bytes_of(path), password=password or "", space="default")) as document:
            return SecondReading(QUICK, {n: tuple(_glyphs(document.pages[n - 1], boxes[n])) for n in sorted(boxes)})
    except Exception:
        return SecondReading(QUICK, None)


class _Document(playa.Document):
    """A PDF whose fonts work out once what a string of codes says and how wide a glyph is.

    Where programs place each letter by itself, a page has thousands of strings and nearly all are one letter long.
    """

    def get_font(self, objid: int = 0, spec: dict[str, Any] | None = None) -> Font:
        font = super().get_font(objid, spec)
        if "decode" not in vars(font):
            # Of this font only; mypy sees methods that are replaced.
            font.decode = cache(partial(_decoded, font.decode))  # type: ignore[method-assign]
            font.hdisp = cache(font.hdisp)  # type: ignore[method-assign]
        return font


def _decoded(decode: Callable[[bytes], Iterable[tuple[int, str]]], codes: bytes) -> tuple[tuple[int, str], ...]:
    return tuple(decode(codes))


class _Level(NamedTuple):
    """Heights that boxes take up which overlap there, and how far each of these reaches to the left and to the right."""

    top: float
    bottom: float
    reaches: list[tuple[float, float]]


def _glyphs(page: Any, boxes: Sequence[Box]) -> Iterator[Glyph]:
    """The page's glyphs whose middle lies at the height of one of the boxes, without blanks.

    Of level text only what is printed in such a box, or beside it by up to its height, is sure to be among them.
    """
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
        if is_level:
            level = _at(levels, (top + bottom) / 2)
            if level is None or not _reaches(drawn, within, level):
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
            if _at(levels, box.middle) is not None:
                yield Glyph(text, box)


def _reaches(drawn: Any, within: Frame, level: _Level) -> bool:
    """Whether any glyph of a piece of level text may stand in one of the boxes at its height, or beside one."""
    if drawn.gstate.charspace < 0 or drawn.gstate.wordspace < 0:
        return True
    # Within its piece a glyph can only be set back by the adjustments between them, in thousandths of the size.
    back = within.a / 1000 * sum([n for n in drawn.args if isinstance(n, int | float) and n > 0])
    end = within.e + math.hypot(*drawn.displacement)
    return any(left <= end + back and within.e - back <= right for left, right in level.reaches)


def _box(within: Frame, font: Any, cid: int, depth: float) -> Box:
    """A glyph's box as the first reader has it: one size high, from the font's depth below the baseline, on its ink."""
    if font.vertical:
        left, low = (-offset for offset in font.position(cid))
        right = left + 1
    else:
        left, low, right = 0.0, -depth, font.hdisp(cid)
    xs, ys = zip(*(within.at(x, y) for x in (left, right) for y in (low, low + 1)), strict=True)
    return Box(min(xs), min(ys), max(xs), max(ys))


def _levels(boxes: Sequence[Box]) -> list[_Level]:
    """The heights that the boxes take up, from the top, those that overlap as one."""
    levels: list[_Level] = []
    for box in sorted(boxes, key=lambda box: (box.top, box.bottom)):
        reach = box.x0 - box.height, box.x1 + box.height
        if levels and box.top <= levels[-1].bottom:
            last = levels[-1]
            levels[-1] = _Level(last.top, max(box.bottom, last.bottom), [*last.reaches, reach])
        else:
            levels.append(_Level(box.top, box.bottom, [reach]))
    return levels


def _at(levels: Sequence[_Level], height: float) -> _Level | None:
    n = bisect_right(levels, height, key=lambda level: level.top) - 1
    return levels[n] if n >= 0 and height <= levels[n].bottom else None


def _frame(page: Any) -> Frame:
    x0, y0, x1, y1 = page.mediabox
    margins = margins_of(page.mediabox, page.cropbox, 0)
    return frame_of((x0 + margins.left, y0 + margins.bottom, x1 - margins.right, y1 - margins.top), page.rotate)
