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

from pipeline.reading.characters import Character
from pipeline.reading.drawn_text import interpret
from pipeline.reading.fonts import BULLET_CODES, DEEPEST, STRAIGHT, UNKNOWN, font_name, glyph_text
from pipeline.reading.graphics import colour_of
from pipeline.reading.shown import PLACES, settled

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from pipeline.model import Box
    from pipeline.reading.turned import Turn

_UNMAPPED = re.compile(r"\(cid:(\d+)\)")


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
    return font_name(printed.decode("latin-1") if isinstance(printed, bytes) else str(printed))


def _unicode(text: str) -> str:
    """The text of a glyph that stands for several characters, or that pdfminer has no value for and writes as `(cid:127)`."""
    match = _UNMAPPED.fullmatch(text)
    if match is None:
        return glyph_text(text)
    return "•" if int(match[1]) in BULLET_CODES else UNKNOWN
