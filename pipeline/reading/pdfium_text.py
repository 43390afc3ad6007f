"""The glyphs of a page as pdfium finds them, put into columns.

pdfium is asked for each character's code point, the text object that draws it, its origin on the baseline and its box; what
the characters of one object share (font, size, matrix, colours) is asked once for each. What pdfium makes up to give running
text (spaces and line ends where it sees gaps) is left out: where words end is decided by `words`.
"""

from __future__ import annotations

import ctypes
import math
import sys
from array import array
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from pypdfium2 import raw

from pipeline.reading.characters import NO_CHARACTERS, Characters, Style
from pipeline.reading.fonts import (
    BULLET_CODES,
    DEEPEST,
    FILLED_AND_OUTLINED,
    LIGATURES,
    STRAIGHT,
    UNKNOWN,
    font_name,
    glyph_text,
)
from pipeline.reading.shown import PLACES

if TYPE_CHECKING:
    from pipeline.model import Box
    from pipeline.reading.characters import Indices, Numbers
    from pipeline.reading.font_measures import FontMeasures
    from pipeline.reading.shown import Frame
    from pipeline.reading.turned import Turn

HYPHEN_AT_LINE_END = 2
"""What pdfium gives instead of the code point of a hyphen that breaks a word over two lines."""

SAME_WIDTH = 0.002
"""Widths, in parts of the size, that differ by less are one: PDFs give them in thousandths, pdfium as single floats."""

VERTICAL_ORIGIN = 0.88
"""Where a vertical font's glyph hangs from, in parts of its size above the foot of its box (PDF 1.7, table 117, DW2)."""

CUT_OFF = 0.00101
"""pdfium cuts less than this off a width: a thousandth of the size, and the noise of single floats."""

_LETTERS = range(HYPHEN_AT_LINE_END + 1, sys.maxunicode + 1)
"""Codes that stand for themselves; a file may map a glyph to any number of four bytes."""
_SURROGATES = range(0xD800, 0xE000)
_LONGEST_FONT_NAME = 256


class _Run(NamedTuple):
    """What the glyphs of one text object share: its style, pdfium's font, and two matrices.

    Both take the text's own frame (one unit is the font's size, y upwards) somewhere: `own` to the PDF's own coordinates,
    `upright` to the page's, with y upwards still. `depth` is how far the font's box reaches below the baseline, in units;
    a font that writes downwards has none: its glyphs' boxes stand on the origins that pdfium gives.
    """

    style: int
    font: Any
    own: tuple[float, float, float, float]
    upright: tuple[float, float, float, float]
    depth: float
    is_vertical: bool


class _Reader:
    """Asks pdfium for everything on one text page; the columns are as long as there are glyphs."""

    def __init__(self, textpage: Any, frame: Frame, measures: FontMeasures) -> None:
        self.textpage = textpage
        self.frame = frame
        self.measures = measures
        self.texts: list[str] = []
        self.indices = array("q")
        self.run_of = array("q")
        self.origins = array("d")
        self.edges = array("d")
        self.runs: list[_Run] = []
        self.styles: dict[Style, int] = {}
        self._fonts: dict[int, tuple[str, bool, float, float]] = {}

    def read(self) -> None:
        """Every character that the page draws, in pdfium's order; the letters of a ligature are one glyph."""
        textpage = self.textpage
        x, y, box = ctypes.c_double(), ctypes.c_double(), raw.FS_RECTF()
        at_x, at_y, at_box = ctypes.byref(x), ctypes.byref(y), ctypes.byref(box)
        get_code, get_object, get_origin = (
            raw.FPDFText_GetUnicode,
            raw.FPDFText_GetTextObject,
            raw.FPDFText_GetCharOrigin,
        )
        get_box, is_unmapped, address = raw.FPDFText_GetLooseCharBox, raw.FPDFText_HasUnicodeMapError, ctypes.addressof
        numbers: dict[int, int] = {}
        before: tuple[int, float, float] | None = None
        for index in range(raw.FPDFText_CountChars(textpage)):
            drawing = get_object(textpage, index)
            if not drawing:
                continue  # made up by pdfium
            code = get_code(textpage, index)
            text = chr(code) if code in _LETTERS and code not in _SURROGATES else self._letter(index, code)
            if text.isspace() and raw.FPDFText_IsGenerated(textpage, index) == 1:
                continue
            if is_unmapped(textpage, index) == 1:
                text = "•" if code in BULLET_CODES else UNKNOWN
            where = address(drawing.contents)
            get_origin(textpage, index, at_x, at_y)
            get_box(textpage, index, at_box)
            run = numbers.get(where)
            if run is None:
                run = numbers[where] = len(self.runs)
                self.runs.append(self._run(index, drawing, y.value - box.bottom, box.left - x.value))
            place = (run, x.value, y.value)
            is_further = place == before
            if is_further and (joined := glyph_text(self.texts[-1] + text)) in (text, self.texts[-1], *LIGATURES):
                self.texts[-1] = joined
                self._widen(box)
                continue
            before = place
            self.texts.append(text)
            self.indices.append(index)
            self.run_of.append(run)
            # Of other glyphs that stand for several letters, each letter is given its part of the glyph's box.
            self.origins.extend((box.left if is_further else x.value, y.value))
            self.edges.extend((box.left, box.bottom, box.right, box.top))

    def _widen(self, box: Any) -> None:
        """Take a further letter of the last glyph, a ligature, into its box."""
        left, bottom, right, top = self.edges[-4:]
        self.edges[-4:] = array(
            "d", (min(left, box.left), min(bottom, box.bottom), max(right, box.right), max(top, box.top))
        )

    def _letter(self, index: int, code: int) -> str:
        if code == HYPHEN_AT_LINE_END and raw.FPDFText_IsHyphen(self.textpage, index) == 1:
            return "-"
        return chr(code) if 0 < code <= sys.maxunicode and code not in _SURROGATES else UNKNOWN

    def _run(self, index: int, drawing: Any, foot: float, indent: float) -> _Run:
        """What a text object's glyphs share; the box of the first begins `foot` below and `indent` right of its origin."""
        matrix = raw.FS_MATRIX()
        raw.FPDFText_GetMatrix(self.textpage, index, matrix)
        size = raw.FPDFText_GetFontSize(self.textpage, index)
        own = (matrix.a * size, matrix.b * size, matrix.c * size, matrix.d * size)
        f = self.frame
        upright = (
            f.a * own[0] + f.c * own[1],
            -f.b * own[0] - f.d * own[1],
            f.a * own[2] + f.c * own[3],
            -f.b * own[2] - f.d * own[3],
        )
        font = raw.FPDFTextObj_GetFont(drawing)
        name, is_bold, depth, hangs = self._font(font)
        # Both ways of writing may share a font; in pdfium's box of a glyph that hangs there is no room below the line.
        is_vertical = foot < hangs * own[3] and abs(indent) <= SAME_WIDTH * own[3]
        fill = _colour(raw.FPDFText_GetFillColor, self.textpage, index)
        if not is_bold and raw.FPDFTextObj_GetTextRenderMode(drawing) in FILLED_AND_OUTLINED:
            is_bold = _colour(raw.FPDFText_GetStrokeColor, self.textpage, index) == fill
        style = self.styles.setdefault(Style(name, is_bold, fill), len(self.styles))
        return _Run(style, font, own, upright, 0.0 if is_vertical else depth, is_vertical)

    def _font(self, font: Any) -> tuple[str, bool, float, float]:
        """A font's name, whether it is bold by it, its depth, and the room below the line that its glyphs have at least.

        Both are in parts of the size. The room is below any where the font is never used to write downwards.
        """
        where = ctypes.addressof(font.contents) if font else 0
        known = self._fonts.get(where)
        if known is None:
            name, descent, ascent = ctypes.create_string_buffer(_LONGEST_FONT_NAME), ctypes.c_float(), ctypes.c_float()
            if font:
                raw.FPDFFont_GetBaseFontName(font, name, _LONGEST_FONT_NAME)
                raw.FPDFFont_GetDescent(font, 1.0, descent)
                raw.FPDFFont_GetAscent(font, 1.0, ascent)
            printed = name.value.decode("utf-8", "replace")
            called, is_bold = font_name(printed)
            # Where a font does not say how deep it reaches, pdfium guesses from whichever of its letters are there.
            depth = 0.0 if called in self.measures.flat else -descent.value
            hangs = -math.inf
            if printed in self.measures.vertical and ascent.value > descent.value:
                hangs = -descent.value / (ascent.value - descent.value) / 2
            known = self._fonts[where] = (called, is_bold, depth, hangs)
        return known


def _colour(get: Any, textpage: Any, index: int) -> str | None:
    parts = [ctypes.c_uint() for _ in range(4)]
    if not get(textpage, index, *parts):
        return None
    red, green, blue, _ = (part.value for part in parts)
    return f"#{red:02x}{green:02x}{blue:02x}"


def characters_of(
    textpage: Any, frame: Frame, page: Box, measures: FontMeasures
) -> tuple[Characters, dict[Turn, Characters]]:
    """The glyphs of a pypdfium2 text page that lie on the page, in the page's frame.

    Those of text that runs up or down the page, or stands on its head, come apart, by the way it runs. `measures` are
    what its fonts say of themselves.
    """
    reader = _Reader(textpage.raw, frame, measures)
    reader.read()
    if not reader.texts:
        return NO_CHARACTERS, {}
    run_of = np.array(reader.run_of, np.intp)
    a, b, c, d = np.array([run.upright for run in reader.runs])[run_of].T
    depth = np.array([run.depth for run in reader.runs])[run_of]
    x, y = np.array(reader.origins).reshape(-1, 2).T
    x, y = frame.a * x + frame.c * y + frame.e, frame.b * x + frame.d * y + frame.f
    told, true = _font_widths(reader)
    width = _widths(reader, run_of, told)
    # What pdfium cuts off each width is missing from the place of all that follows in the same piece of text.
    missing = np.where(true > 0, true - told, 0.0)
    width = np.where(true > 0, np.where(np.abs(width - told) <= SAME_WIDTH, true, width), width)
    vertical = np.array([run.is_vertical for run in reader.runs])[run_of]
    width = np.where(vertical, 1.0, width)
    behind = _summed_before(missing, run_of)
    x, y = x + a * behind, y - b * behind
    # The glyph's box is `width` units wide and one unit high; its corners on the page, y downwards.
    across = np.stack((np.zeros_like(width), width))
    up = np.stack((-depth, 1 - depth))
    xs = np.stack([x + a * across[i] + c * up[j] for i in (0, 1) for j in (0, 1)])
    ys = np.stack([y - b * across[i] - d * up[j] for i in (0, 1) for j in (0, 1)])
    x0, x1, top, bottom = xs.min(0), xs.max(0), ys.min(0), ys.max(0)
    size = bottom - top
    upright = (a * d > 0) & (b * c <= 0)
    lift = np.where(upright & (d > 0), np.maximum(0.0, bottom - y - DEEPEST * size), 0.0)
    found = Characters(
        tuple([glyph_text(text) for text in reader.texts]),
        np.round(x0, PLACES),
        np.round(top - lift, PLACES),
        np.round(x1, PLACES),
        np.round(bottom - lift, PLACES),
        np.round(np.where(upright, y - np.where(vertical, VERTICAL_ORIGIN * size, 0.0), bottom), PLACES),
        np.round(size, PLACES),
        np.array([run.style for run in reader.runs], np.intp)[run_of],
        tuple(reader.styles),
    )
    on_page = (found.x1 >= 0) & (found.x0 <= page.x1) & (found.bottom >= 0) & (found.top <= page.bottom)
    straight = float(STRAIGHT)
    turns: dict[Turn, Indices] = {
        "over": (a < 0) & (np.abs(b) <= straight * np.abs(a)) & (d < 0),
        "up": (b > 0) & (np.abs(a) <= straight * np.abs(b)) & ~(upright & (a > 0)),
        "down": (b < 0) & (np.abs(a) <= straight * np.abs(b)) & ~(upright & (a > 0)),
    }
    lying = ~np.logical_or.reduce(list(turns.values()))
    turned = {turn: found.take(np.flatnonzero(which & on_page)) for turn, which in turns.items() if which.any()}
    return found.take(np.flatnonzero(lying & on_page)), turned


def _summed_before(values: Numbers, run_of: Indices) -> Numbers:
    """For each glyph the sum of the values of those before it in its run."""
    order = np.argsort(run_of, kind="stable")
    sums = np.cumsum(values[order]) - values[order]
    first = np.flatnonzero(np.diff(run_of[order], prepend=-1))
    result = np.empty_like(values)
    result[order] = sums - np.repeat(sums[first], np.diff(np.append(first, len(values))))
    return result


def _widths(reader: _Reader, run_of: Indices, told: Numbers) -> Numbers:
    """How wide each glyph is printed, in parts of its size.

    pdfium's box of a character holds its advance and its ink. Where the ink reaches further (an italic f), the advance is
    what the font says of the letter.
    """
    own = np.array([run.own for run in reader.runs])[run_of]
    along = np.where(np.abs(own[:, 0]) >= np.abs(own[:, 1]), own[:, 0], own[:, 1])
    level = np.abs(own[:, 0]) >= np.abs(own[:, 1])
    x, y = np.array(reader.origins).reshape(-1, 2).T
    left, bottom, right, top = np.array(reader.edges).reshape(-1, 4).T
    reached = np.where(level, np.where(along > 0, right - x, x - left), np.where(along > 0, top - y, y - bottom))
    scale = np.maximum(np.abs(along), 1e-9)
    widths = reached / scale
    several = np.fromiter((len(text) > 1 for text in reader.texts), np.bool_, len(reader.texts))
    indent = np.where(level & (along > 0), left - x, 0.0)
    # Of a ligature, and of text that the file gives in other words, pdfium has the ink only.
    widths = np.where((told > 0) & (several | (indent > SAME_WIDTH * scale)), told, widths)
    in_doubt = np.flatnonzero((np.abs(told - widths) > SAME_WIDTH) & (told > 0))
    x0, x1, y0, y1 = (ctypes.c_double() for _ in range(4))
    for n in in_doubt.tolist():
        raw.FPDFText_GetCharBox(reader.textpage, reader.indices[n], x0, x1, y0, y1)
        if level[n]:
            ink = x1.value - x[n] if along[n] > 0 else x[n] - x0.value
        else:
            ink = y1.value - y[n] if along[n] > 0 else y[n] - y0.value
        if ink / scale[n] >= widths[n] - SAME_WIDTH and told[n] < widths[n]:
            widths[n] = told[n]
    return np.asarray(widths, np.float64)


def _font_widths(reader: _Reader) -> tuple[Numbers, Numbers]:
    """What each glyph's font says of its letter's width, in parts of the size, by pdfium and with the fractions it drops.

    Either is 0 where it is not known.
    """
    known: dict[tuple[int, str], tuple[float, float]] = {}
    fonts = [ctypes.addressof(run.font.contents) if run.font else 0 for run in reader.runs]
    exact = [reader.measures.widths.get(name, {}) for name in (style.font for style in reader.styles)]
    width = ctypes.c_float()
    found = []
    for text, number in zip(reader.texts, reader.run_of, strict=True):
        key = (fonts[number], text)
        widths = known.get(key)
        if widths is None:
            run = reader.runs[number]
            letter = LIGATURES.get(text, text)
            width.value = 0.0
            if run.font and len(letter) == 1:
                raw.FPDFFont_GetGlyphWidth(run.font, ord(letter), 1.0, width)
            true = exact[run.style].get(letter, 0.0)
            widths = known[key] = (width.value, true if 0 <= true - width.value < CUT_OFF else 0.0)
        found.append(widths)
    told, true_widths = np.array(found, np.float64).T
    return told, true_widths
