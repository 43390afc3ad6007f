"""The glyphs of a page as pdfium finds them, put into columns.

pdfium is asked for each character's code point, the text object that draws it, its origin on the baseline and its box; what
the characters of one object share (font, size, matrix, colours) is asked once for each. What pdfium makes up to give running
text (spaces and line ends where it sees gaps) is left out: where words end is decided by `words`.
"""

from __future__ import annotations

import ctypes
import sys
from typing import TYPE_CHECKING, Any

import numpy as np
from pypdfium2 import raw

from pipeline.reading.characters import NO_CHARACTERS, Characters, numbered
from pipeline.reading.fonts import (
    BULLET_CODES,
    DEEPEST,
    LIGATURES,
    STRAIGHT,
    UNKNOWN,
    glyph_text,
)
from pipeline.reading.pdfium_columns import RawCharacters, by_address, pointer, raw_characters
from pipeline.reading.pdfium_runs import SAME_WIDTH, FirstGlyphs, Fonts, runs_of
from pipeline.reading.shown import PLACES

if TYPE_CHECKING:
    from pipeline.model import Box
    from pipeline.reading.characters import Flags, Indices, Numbers
    from pipeline.reading.font_measures import FontMeasures
    from pipeline.reading.shown import Frame
    from pipeline.reading.turned import Turn

HYPHEN_AT_LINE_END = 2
"""What pdfium gives instead of the code point of a hyphen that breaks a word over two lines."""

VERTICAL_ORIGIN = 0.88
"""Where a vertical font's glyph hangs from, in parts of its size above the foot of its box (PDF 1.7, table 117, DW2)."""

CUT_OFF = 0.00101
"""pdfium cuts less than this off a width: a thousandth of the size, and the noise of single floats."""

_is_generated = by_address(raw.FPDFText_IsGenerated, ctypes.c_int)
_glyph_width = by_address(raw.FPDFFont_GetGlyphWidth, ctypes.c_int)

_ONE = ctypes.c_float(1.0)
"""The size at which fonts are asked for their measures: what they give are parts of the size then."""

_SURROGATES = range(0xD800, 0xE000)


class _Glyphs:
    """The glyphs of one text page with what they share: one a place in every column, in pdfium's order."""

    def __init__(self, textpage: Any, frame: Frame, measures: FontMeasures) -> None:
        self.textpage = textpage
        self._page = pointer(textpage)
        self.frame = frame
        self.measures = measures
        self._fonts = Fonts(measures)
        found = raw_characters(textpage)
        texts = self._texts(found)
        c = found.take(np.flatnonzero(np.array(list(map(bool, texts)), np.bool_)))
        texts, kept, is_letter = _joined([text for text in texts if text], c)
        self.letter, self.letters = numbered(texts)
        self.index = c.index[kept]
        # Of glyphs that stand for several letters, each letter is given its part of the glyph's box.
        self.x = np.where(is_letter, c.left, c.x)[kept]
        self.y = c.y[kept]
        self.left, self.bottom, self.right, self.top = c.left[kept], c.bottom[kept], c.right[kept], c.top[kept]
        drawings, first, self.run_of = np.unique(c.drawing[kept], return_index=True, return_inverse=True)
        feet, indents = (self.y - self.bottom)[first], (self.left - self.x)[first]
        leading = FirstGlyphs(self.index[first].tolist(), drawings.tolist(), feet, indents)
        self.runs = runs_of(self._page, frame, self._fonts, leading)

    def _texts(self, found: RawCharacters) -> list[str]:
        """What each character is to be read as; nothing where pdfium made it up."""
        codes = found.code.tolist()
        plain = {code: _letter(code) for code in set(codes)}
        texts = list(map(plain.__getitem__, codes))
        ambiguous = [HYPHEN_AT_LINE_END, *(code for code, text in plain.items() if text.isspace())]
        for n in np.flatnonzero(found.unmapped | np.isin(found.code, ambiguous)).tolist():
            texts[n] = self._text(found.index.item(n), codes[n], texts[n], is_unmapped=found.unmapped.item(n))
        return texts

    def _text(self, index: int, code: int, text: str, *, is_unmapped: bool) -> str:
        """What a character is to be read as whose code may mean something else than `text`."""
        if is_unmapped:
            if code in BULLET_CODES:
                return "•"
            return self.measures.letter(self._fonts.of_character(self._page, index).name, code) or UNKNOWN
        if code == HYPHEN_AT_LINE_END and raw.FPDFText_IsHyphen(self.textpage, index) == 1:
            return "-"
        return "" if text.isspace() and _is_generated(self._page, index) == 1 else text


def _letter(code: int) -> str:
    """The character of a code point; a file may map a glyph to any number of four bytes."""
    return chr(code) if 0 < code <= sys.maxunicode and code not in _SURROGATES else UNKNOWN


def _joined(texts: list[str], c: RawCharacters) -> tuple[list[str], Indices, Flags]:
    """The glyphs' texts, their places among the characters, and of each character whether it is a further letter of one.

    pdfium gives each letter of a glyph that stands for several by itself, at the origin of the first. Those of ligatures
    are put together again, and their boxes widened in place; a blank beside a letter in one glyph is none.
    """
    further = np.zeros(len(texts), np.bool_)
    further[1:] = (np.diff(c.drawing) == 0) & (np.diff(c.x) == 0) & (np.diff(c.y) == 0)
    joined_into: dict[int, int] = {}
    for n in np.flatnonzero(further).tolist():
        into = joined_into.get(n - 1, n - 1)
        joined = glyph_text(texts[into] + texts[n])
        if joined in (texts[n], texts[into], *LIGATURES):
            texts[into], texts[n] = joined, ""
            joined_into[n] = into
            for side, widest in ((c.left, min), (c.bottom, min), (c.right, max), (c.top, max)):
                side[into] = widest(side[into], side[n])
    kept = np.flatnonzero(np.array(list(map(bool, texts)), np.bool_))
    return [text for text in texts if text], kept, further


def characters_of(
    textpage: Any, frame: Frame, page: Box, measures: FontMeasures
) -> tuple[Characters, dict[Turn, Characters]]:
    """The glyphs of a pypdfium2 text page that lie on the page, in the page's frame.

    Those of text that runs up or down the page, or stands on its head, come apart, by the way it runs. `measures` are
    what its fonts say of themselves.
    """
    glyphs = _Glyphs(textpage.raw, frame, measures)
    if not glyphs.letters:
        return NO_CHARACTERS, {}
    run_of = glyphs.run_of
    a, b, c, d = glyphs.runs.upright[run_of].T
    depth = glyphs.runs.depth[run_of]
    x = frame.a * glyphs.x + frame.c * glyphs.y + frame.e
    y = frame.b * glyphs.x + frame.d * glyphs.y + frame.f
    told, true = _font_widths(glyphs)
    width = _widths(glyphs, told)
    # What pdfium cuts off each width is missing from the place of all that follows in the same piece of text.
    missing = np.where(true > 0, true - told, 0.0)
    width = np.where(true > 0, np.where(np.abs(width - told) <= SAME_WIDTH, true, width), width)
    vertical = glyphs.runs.is_vertical[run_of]
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
    read_as, letters = numbered([glyph_text(letter) for letter in glyphs.letters])
    found = Characters(
        read_as[glyphs.letter],
        letters,
        np.round(x0, PLACES),
        np.round(top - lift, PLACES),
        np.round(x1, PLACES),
        np.round(bottom - lift, PLACES),
        np.round(np.where(upright, y - np.where(vertical, VERTICAL_ORIGIN * size, 0.0), bottom), PLACES),
        np.round(size, PLACES),
        glyphs.runs.style[run_of],
        glyphs.runs.styles,
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


def _widths(glyphs: _Glyphs, told: Numbers) -> Numbers:
    """How wide each glyph is printed, in parts of its size; `told` is what pdfium has from its font, 0 where it has nothing.

    pdfium's box of a character holds its advance and its ink. Where the ink reaches further (an italic f), the advance is
    what the font says of the letter.
    """
    g = glyphs
    own = g.runs.own[g.run_of]
    level = np.abs(own[:, 0]) >= np.abs(own[:, 1])
    along = np.where(level, own[:, 0], own[:, 1])
    forwards = along > 0
    reached = np.where(
        level, np.where(forwards, g.right - g.x, g.x - g.left), np.where(forwards, g.top - g.y, g.y - g.bottom)
    )
    scale = np.maximum(np.abs(along), 1e-9)
    widths = reached / scale
    several = np.array([len(letter) > 1 for letter in g.letters], np.bool_)[g.letter]
    # Of a ligature pdfium has the ink only.
    widths = np.where((told > 0) & several, told, widths)
    x0, x1, y0, y1 = (ctypes.c_double() for _ in range(4))
    for n in np.flatnonzero((widths - told > SAME_WIDTH) & (told > 0)).tolist():
        raw.FPDFText_GetCharBox(g.textpage, int(g.index[n]), x0, x1, y0, y1)
        if level[n]:
            ink = x1.value - g.x[n] if forwards[n] else g.x[n] - x0.value
        else:
            ink = y1.value - g.y[n] if forwards[n] else g.y[n] - y0.value
        if ink / scale[n] >= widths[n] - SAME_WIDTH:
            widths[n] = told[n]
    return np.asarray(widths, np.float64)


def _font_widths(glyphs: _Glyphs) -> tuple[Numbers, Numbers]:
    """What each glyph's font says of its letter's width, in parts of the size, by pdfium and with the fractions it drops.

    Either is 0 where it is not known.
    """
    fonts, _ = numbered(glyphs.runs.font.tolist())
    exact = [glyphs.measures.widths.get(name, {}) for name in (style.font for style in glyphs.runs.styles)]
    # A page has some hundred letters of a font at most: each is asked for once.
    pairs = fonts[glyphs.run_of] * len(glyphs.letters) + glyphs.letter
    _, first, which = np.unique(pairs, return_index=True, return_inverse=True)
    width = ctypes.c_float()
    found = np.zeros((2, len(first)))
    for place, (number, letter) in enumerate(
        zip(glyphs.run_of[first].tolist(), glyphs.letter[first].tolist(), strict=True)
    ):
        text = LIGATURES.get(glyphs.letters[letter], glyphs.letters[letter])
        font, style = glyphs.runs.font.item(number), glyphs.runs.style.item(number)
        width.value = 0.0
        if font and len(text) == 1:
            _glyph_width(pointer(font), ord(text), _ONE, ctypes.byref(width))
        true = exact[style].get(text, 0.0)
        found[:, place] = width.value, true if 0 <= true - width.value < CUT_OFF else 0.0
    told, true_widths = found[:, which]
    return told, true_widths
