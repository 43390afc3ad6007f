"""What the characters of one text object share, asked of pdfium once for each object: font, size, matrix and colours.

Where programs place each letter by itself, a page has thousands of objects: so they come in columns, as characters do.
"""

from __future__ import annotations

import ctypes
import math
from dataclasses import dataclass
from itertools import repeat, starmap
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from pypdfium2 import raw

from pipeline.reading.characters import Style
from pipeline.reading.fonts import FILLED_AND_OUTLINED, font_name
from pipeline.reading.pdfium_columns import by_address, pointer, text_object

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pipeline.reading.characters import Flags, Indices, Numbers
    from pipeline.reading.font_measures import FontMeasures
    from pipeline.reading.shown import Frame

SAME_WIDTH = 0.002
"""Widths, in parts of the size, that differ by less are one: PDFs give them in thousandths, pdfium as single floats."""

_LONGEST_FONT_NAME = 256
_MATRIX = 6
"""So many numbers has a matrix."""

_matrix = by_address(raw.FPDFText_GetMatrix, ctypes.c_int)
_size = by_address(raw.FPDFText_GetFontSize, ctypes.c_double)
_used_font = by_address(raw.FPDFTextObj_GetFont, ctypes.c_void_p)
_rendering_mode = by_address(raw.FPDFTextObj_GetTextRenderMode, ctypes.c_int)
_fill_colour = by_address(raw.FPDFText_GetFillColor, ctypes.c_int)
_stroke_colour = by_address(raw.FPDFText_GetStrokeColor, ctypes.c_int)


class Font(NamedTuple):
    """A font's name, whether it is bold by it, its depth, and the room below the line that its glyphs have at least.

    Both are in parts of the size. The room is below any where the font is never used to write downwards.
    """

    name: str
    is_bold: bool
    depth: float
    hangs: float


class Fonts:
    """The fonts of one text page, by the address that pdfium has each at (0 for none)."""

    def __init__(self, measures: FontMeasures) -> None:
        self._measures = measures
        self._known: dict[int, Font] = {}

    def at(self, address: int) -> Font:
        """The font there."""
        known = self._known.get(address)
        if known is None:
            known = self._known[address] = self._asked(address)
        return known

    def of_character(self, page: Any, index: int) -> Font:
        """The font that a character, by its number in the text page, is printed in; `page` as from `pointer`."""
        return self.at(_used_font(pointer(text_object(page, index))) or 0)

    def _asked(self, address: int) -> Font:
        font = ctypes.cast(address, raw.FPDF_FONT)
        name, descent, ascent = ctypes.create_string_buffer(_LONGEST_FONT_NAME), ctypes.c_float(), ctypes.c_float()
        if font:
            raw.FPDFFont_GetBaseFontName(font, name, _LONGEST_FONT_NAME)
            raw.FPDFFont_GetDescent(font, 1.0, descent)
            raw.FPDFFont_GetAscent(font, 1.0, ascent)
        printed = name.value.decode("utf-8", "replace")
        called, is_bold = font_name(printed)
        # Where a font does not say how deep it reaches, pdfium guesses from whichever of its letters are there.
        depth = 0.0 if called in self._measures.flat else -descent.value
        hangs = -math.inf
        if printed in self._measures.vertical and ascent.value > descent.value:
            hangs = -descent.value / (ascent.value - descent.value) / 2
        return Font(called, is_bold, depth, hangs)


@dataclass(frozen=True, slots=True, eq=False)
class Runs:
    """What the glyphs of each text object share: its style, the address of pdfium's font (0 for none), and two matrices.

    Both take the text's own frame (one unit is the font's size, y upwards) somewhere, as rows a, b, c and d: `own` to the
    PDF's own coordinates, `upright` to the page's, with y upwards still. `depth` is how far the font's box reaches below
    the baseline, in units; a font that writes downwards has none: its glyphs' boxes stand on the origins that pdfium gives.
    `style` is a place in `styles`.
    """

    style: Indices
    font: Indices
    own: Numbers
    upright: Numbers
    depth: Numbers
    is_vertical: Flags
    styles: tuple[Style, ...]


class FirstGlyphs(NamedTuple):
    """The first glyph of each text object: its number in the text page, the object's address, and where its box begins.

    That is so far below its origin, and so far right of it.
    """

    number: list[int]
    drawing: list[int]
    feet: Numbers
    indents: Numbers


def runs_of(page: Any, frame: Frame, fonts: Fonts, first: FirstGlyphs) -> Runs:
    """What the text objects say of which these are the first glyphs; `page` as from `pointer`."""
    sizes = np.array(list(map(_size, repeat(page), first.number)))
    own = _matrices(page, first.number) * sizes[:, np.newaxis]
    a, b, c, d = own.T
    upright = np.stack(
        [frame.a * a + frame.c * b, -frame.b * a - frame.d * b, frame.a * c + frame.c * d, -frame.b * c - frame.d * d],
        1,
    )
    handles = list(map(ctypes.c_void_p.from_param, first.drawing))
    addresses = [address or 0 for address in map(_used_font, handles)]
    used = list(map(fonts.at, addresses))
    hangs = np.array([font.hangs for font in used])
    with np.errstate(invalid="ignore"):  # text without any height hangs from nothing
        # Both ways of writing may share a font; in pdfium's box of a glyph that hangs there is no room below the line.
        is_vertical = (first.feet < hangs * d) & (np.abs(first.indents) <= SAME_WIDTH * d)
    looks = _looks(page, first.number, handles, used)
    places = {look: place for place, look in enumerate(dict.fromkeys(looks))}
    return Runs(
        np.array([places[look] for look in looks], np.intp),
        np.array(addresses, np.intp),
        own,
        upright,
        np.where(is_vertical, 0.0, [font.depth for font in used]),
        is_vertical,
        tuple(starmap(Style, places)),
    )


def _looks(
    page: Any, index: Sequence[int], handles: Sequence[Any], used: Sequence[Font]
) -> list[tuple[str, bool, str | None]]:
    """Each one's style, as what a `Style` is made of."""
    fills = _colours(_fill_colour, page, index)
    is_bold = [font.is_bold for font in used]
    light = [n for n, bold in enumerate(is_bold) if not bold]
    modes = map(_rendering_mode, [handles[n] for n in light])
    outlined = [n for n, mode in zip(light, modes, strict=True) if mode in FILLED_AND_OUTLINED]
    for n, stroke in zip(outlined, _colours(_stroke_colour, page, [index[n] for n in outlined]), strict=True):
        is_bold[n] = stroke == fills[n]
    return list(zip([font.name for font in used], is_bold, fills, strict=True))


def _matrices(page: Any, index: Sequence[int]) -> Numbers:
    """The first four numbers of each one's matrix, a row each; where pdfium gives none, zeros."""
    one, none = raw.FS_MATRIX(), raw.FS_MATRIX()
    place = ctypes.byref(one)
    records = bytearray()
    for n in index:
        records += one if _matrix(page, n, place) else none
    return np.frombuffer(records, np.float32).reshape(len(index), _MATRIX)[:, :4].astype(np.float64)


def _colours(get: Any, page: Any, index: Sequence[int]) -> list[str | None]:
    """Each one's colour as in `Word`."""
    parts = (ctypes.c_uint * 4)()
    places = [ctypes.byref(parts, n * ctypes.sizeof(ctypes.c_uint)) for n in range(4)]
    records, given = bytearray(), []
    for n in index:
        given.append(get(page, n, *places))
        records += parts
    red, green, blue, _ = np.frombuffer(records, np.uint32).reshape(len(index), 4).T
    codes = (red << 16 | green << 8 | blue).tolist()
    names = {code: f"#{code:06x}" for code in set(codes)}
    return [names[code] if is_given else None for code, is_given in zip(codes, given, strict=True)]
