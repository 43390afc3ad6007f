"""What fonts are called, and what that and their numbers say of their glyphs. The same for every reader of PDF."""

from __future__ import annotations

import re

from pipeline.tolerances import Tolerance

_BOLD = re.compile(r"bold|black|heavy|demi|semib|-w[6-9]|gothic-?[em]?ub|gothic-?e(?![a-z])|kakupoptai", re.IGNORECASE)

UNKNOWN = "\ufffd"
"""What stands for a glyph without a Unicode value: the replacement character, which no text prints."""

BULLET_CODES = frozenset({127, 129, 141, 143, 144, 157})
"""Codes that WinAnsiEncoding leaves unused: they show the bullet (PDF 1.7, Annex D.2, note 3). Readers have no value for them."""

STRAIGHT = Tolerance(0.01, "straight of drawn", in_reading=True)
"""Text that leans less than this from straight up or down runs up or down."""

DEEPEST = 0.25
"""No letter's ink reaches further below the line than this part of its size. A font that claims more (Meiryo has 0.44) means
the space between its lines, and the box of its glyphs would stand below their ink."""

FILLED_AND_OUTLINED = frozenset({2, 6})
"""The text rendering modes that fill and stroke (PDF 1.7, 9.3.6); 6 clips as well. Office programs print a bold style of a
font that has no bold face, as most Japanese ones have none, by filling each glyph and drawing its outline in the same colour."""


def font_name(printed: str) -> tuple[str, bool]:
    """A font's name without the six letters that mark a subset, and whether the name says that it is bold."""
    name = printed.partition("+")[2] or printed
    return name, bool(_BOLD.search(name))


LOW_BYTE = 0xFF

LIGATURES = {"ff": "\ufb00", "fi": "\ufb01", "fl": "\ufb02", "ffi": "\ufb03", "ffl": "\ufb04", "st": "\ufb06"}
"""Latin ligatures by their letters."""


def glyph_text(text: str) -> str:
    """What a glyph that stands for several characters, or for none of Latin, is to be read as.

    A blank beside a letter in one glyph (fonts of leader dots have them) is no letter.
    """
    return unswapped(text.strip() or text) if len(text) > 1 or not text.isascii() else text


def unswapped(text: str) -> str:
    """A ligature whose letters were written with their bytes swapped, as Ghostscript 10.00 does: "fi" comes out as 昀椀.

    Of three letters it adds the last two up into one.
    """
    if not text or any(ord(c) <= LOW_BYTE or ord(c) & LOW_BYTE for c in text):
        return text
    letters = [chr(ord(c) >> 8) for c in text]
    joined = "".join(letters)
    summed = [
        lig
        for lig in LIGATURES
        if len(lig) == 3 and lig[0] == letters[0] and sum(map(ord, lig[1:])) == sum(map(ord, letters[1:]))
    ]
    if len(letters) == 2 and summed:
        return summed[0]
    return joined if joined in LIGATURES else text
