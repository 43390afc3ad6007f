"""What a page draws: its glyphs, paths and pictures, taken from pdfplumber's page.

pdfplumber makes a dictionary of some thirty entries for every glyph, which takes as long as parsing the page. The glyphs are
therefore taken from the layout below it (`Page.layout`, pdfminer's objects) with the few entries that are needed; paths and
pictures are few, and come as pdfplumber describes them.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from pdfminer.layout import LTChar, LTContainer

from pipeline.reading.drawn_text import interpret
from pipeline.reading.graphics import colour_of
from pipeline.reading.shown import PLACES, settled
from pipeline.reading.words import Character
from pipeline.tolerances import Tolerance

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from pipeline.model import Box
    from pipeline.reading.turned import Turn

_BOLD = re.compile(r"bold|black|heavy|demi|semib|-w[6-9]|gothic-?[em]?ub|gothic-?e(?![a-z])|kakupoptai", re.IGNORECASE)
_UNMAPPED = re.compile(r"\(cid:(\d+)\)")
UNKNOWN = "\ufffd"
"""What stands for a glyph without a Unicode value: the replacement character, which no text prints."""

_BULLET_CODES = frozenset({127, 129, 141, 143, 144, 157})
"""Codes that WinAnsiEncoding leaves unused: they show the bullet (PDF 1.7, Annex D.2, note 3). pdfminer has no value for them."""


STRAIGHT = Tolerance(0.01, "straight of drawn", in_reading=True)
"""Text that leans less than this from straight up or down runs up or down."""


DEEPEST = 0.25
"""No letter's ink reaches further below the line than this part of its size. A font that claims more (Meiryo has 0.44) means
the space between its lines, and the box of its glyphs would stand below their ink."""


@dataclass(frozen=True, slots=True)
class Drawn:
    """What one page draws, in the file's order: glyphs as pdfminer's objects, the rest as pdfplumber's dictionaries.

    `outlined` says of each glyph whether it is made bold by its outline, `vertical` whether its font writes downwards.
    """

    outlined: Sequence[bool]
    vertical: Sequence[bool]
    glyphs: list[LTChar] = field(default_factory=list)
    paths: list[dict[str, Any]] = field(default_factory=list)
    images: list[dict[str, Any]] = field(default_factory=list)


def drawn_on(plumbed: Any) -> Drawn:
    """What a pdfplumber page draws, drawings inside drawings included."""
    drawn = Drawn(*interpret(plumbed))
    _collect(plumbed, plumbed.layout, drawn)
    return drawn


def _collect(plumbed: Any, container: Iterable[Any], drawn: Drawn) -> None:
    for item in container:
        if isinstance(item, LTChar):
            drawn.glyphs.append(item)
        elif isinstance(item, LTContainer):
            _collect(plumbed, item, drawn)
        else:
            described = plumbed.process_object(item)
            kind = described["object_type"]
            if kind in ("line", "rect", "curve"):
                drawn.paths.append(described)
            elif kind == "image":
                drawn.images.append(described)


def characters_of(
    drawn: Drawn, plumbed: Any, shift: tuple[float, float], page: Box
) -> tuple[list[Character], dict[Turn, list[Character]]]:
    """The glyphs that lie on the page, moved by `shift` from pdfplumber's frame into the page's.

    Those of text that runs up or down the page, or stands on its head, come apart, by the way it runs.
    """
    turned: dict[Turn, list[Character]] = {}
    colours: dict[object, str | None] = {}
    fonts: dict[object, tuple[str, bool]] = {}
    # pdfplumber's frame: pdfminer's, with y downwards from the media box's top and x from where the media box begins.
    left, above = plumbed.mediabox[0] + shift[0], plumbed.mediabox[1] + plumbed.height + shift[1]
    characters: list[Character] = []
    for glyph, is_outlined, is_vertical in zip(drawn.glyphs, drawn.outlined, drawn.vertical, strict=True):
        x0, x1 = round(glyph.x0 + left, PLACES), round(glyph.x1 + left, PLACES)
        # pdfminer's box of an upright glyph runs from the font's descent to one size above it; the matrix has the baseline
        # itself, which glyphs of several fonts on one line share.
        depth = glyph.matrix[5] - glyph.y0 if glyph.upright else 0.0
        # Of text that stands on its head the ascent reaches below the baseline, and is ink; a vertical font's glyph hangs
        # from its origin.
        lift = max(0.0, depth - DEEPEST * glyph.size) if glyph.matrix[3] > 0 and not is_vertical else 0.0
        top, bottom = round(above - glyph.y1 - lift, PLACES), round(above - glyph.y0 - lift, PLACES)
        if x1 < 0 or x0 > page.x1 or bottom < 0 or top > page.bottom:
            continue
        font = fonts.get(glyph.fontname)
        if font is None:
            font = fonts[glyph.fontname] = _font(glyph.fontname)
        paint = glyph.graphicstate.ncolor
        if paint not in colours:
            colours[paint] = colour_of(paint)
        size = settled(glyph.size)
        text = glyph.get_text()
        turn = None if glyph.upright and glyph.matrix[0] > 0 else _turn(glyph)
        to = characters if turn is None else turned.setdefault(turn, [])
        to.append(
            Character(
                text if len(text) == 1 else _unicode(text),
                x0,
                top,
                x1,
                bottom,
                round(bottom - (depth - lift), PLACES) if glyph.upright else bottom,
                size if size > 0 else bottom - top,
                font[0],
                font[1] or is_outlined,
                colours[paint],
            )
        )
    return characters, turned


def _turn(glyph: LTChar) -> Turn | None:
    """Which way a glyph's line runs, if straight up, down or back: along the first axis of its matrix."""
    a, b = glyph.matrix[:2]
    if a < 0 and abs(b) <= STRAIGHT * abs(a) and glyph.matrix[3] < 0:
        return "over"
    if abs(a) > STRAIGHT * abs(b):
        return None
    return "up" if b > 0 else "down"


def _font(printed: object) -> tuple[str, bool]:
    """A font's name without the six letters that mark a subset, and whether the name says that it is bold."""
    name = printed.decode("latin-1") if isinstance(printed, bytes) else str(printed)
    name = name.partition("+")[2] or name
    return name, bool(_BOLD.search(name))


def _unicode(text: str) -> str:
    """The text of a glyph that stands for several characters, or that pdfminer has no value for and writes as `(cid:127)`."""
    match = _UNMAPPED.fullmatch(text)
    if match is None:
        return _swapped(text) if text and all(ord(c) > LOW_BYTE and not ord(c) & LOW_BYTE for c in text) else text
    return "•" if int(match[1]) in _BULLET_CODES else UNKNOWN


LOW_BYTE = 0xFF

_LIGATURES = frozenset({"ff", "fi", "fl", "ffi", "ffl", "st"})
"""What Latin ligatures stand for (U+FB00 to U+FB06)."""


def _swapped(text: str) -> str:
    """A ligature whose letters were written with their bytes swapped, as Ghostscript 10.00 does: "fi" comes out as 昀椀.

    Of three letters it adds the last two up into one.
    """
    letters = [chr(ord(c) >> 8) for c in text]
    joined = "".join(letters)
    summed = [
        lig for lig in _LIGATURES if len(lig) == 3 and lig[0] == letters[0] and _sum(lig[1:]) == _sum(letters[1:])
    ]
    if len(letters) == 2 and summed:
        return summed[0]
    return joined if joined in _LIGATURES else text


def _sum(letters: Sequence[str]) -> int:
    return sum(map(ord, letters))
