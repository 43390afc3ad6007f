"""Check kind `font_map`: a font prints each character in one width, or its map to Unicode is in doubt.

What a PDF gives as text is what a font's map to Unicode says of its glyphs. Some programs write that map wrong for a few
glyphs: a dash comes out as "3", a ligature as "ü". No reader of the text can see it, but the widths tell: two glyphs that
claim to be the same digit differ, and an accented letter is not as wide as its plain one.
"""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from typing import TYPE_CHECKING

from pipeline.layout.sideways import is_sideways
from pipeline.model import Check

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from pipeline.model import Document, Word
    from pipeline.validation.figures import Tables

SAME_WIDTH = 0.004
"""Widths that differ by less than this part of them are one: PDFs give widths in thousandths of the font's size."""

SCALED = 0.25
"""Where more than this part of a font's letters and digits has several widths, lines are stretched or squeezed: nothing can
be told from widths."""

LEAST_CHARACTERS = 10
"""So many different letters and digits of a font must be seen before it can be said to be stretched or not."""

_ACCENTS_ABOVE = frozenset("aceouyn")
"""Letters that fonts make no wider for an accent; a narrow letter such as i may be."""

_SHOWN = 3

Widths = dict[str, dict[float, list[tuple["Word", int]]]]
"""For each character the widths it is printed in, each with the words, and their pages, where it is."""


def font_map_checks(document: Document) -> Iterator[Check]:
    """One undetermined check for each font that contradicts itself, in the order of the fonts' names; none for the others."""
    fonts = _widths(document)
    for font, widths in sorted(fonts.items()):
        plain = {c: found for c, found in widths.items() if c.isascii() and c.isalnum()}
        several = {c: found for c, found in plain.items() if len(found) > 1}
        if len(plain) >= LEAST_CHARACTERS and len(several) > SCALED * len(plain):
            continue
        # A word may mix fonts and goes by the name of its first letter's: a width that another font has is that font's.
        others = [w for name, w in fonts.items() if name != font]
        doubtful = {
            c: found
            for c, found in several.items()
            if c.isdigit() and any(not any(_has(o, c, width) for o in others) for width in _rarer(found))
        }
        doubtful |= {c: widths[c] for c in _unlike_their_letters(widths)}
        if doubtful:
            yield _check(font, doubtful)


def unknown_character_checks(tables: Tables) -> Iterator[Check]:
    """One undetermined check for each page on which a value holds a character of which nobody can say what it is.

    That is the replacement character, where a font maps a glyph to nothing, and those of the private use areas, which mean
    what their font wants.
    """
    doubtful: dict[int, list[str]] = {}
    for row in tables.get("evidence", ()):
        printed, page = str(row.get("printed") or ""), row.get("page")
        if isinstance(page, int) and any(_is_unknown(c) for c in printed):
            doubtful.setdefault(page, []).append(f'"{printed}" at {row.get("x0")}, {row.get("top")}')
    for page, found in sorted(doubtful.items()):
        shown = "; ".join(found[:_SHOWN]) + ("; …" if len(found) > _SHOWN else "")
        yield Check(
            check_id=f"font_map/page-{page}",
            kind="font_map",
            subject=f"page {page}",
            verdict="undetermined",
            message=f"Page {page}: characters without a meaning were read: {shown}: undetermined, compare with the page.",
        )


def _is_unknown(character: str) -> bool:
    return character == "\ufffd" or unicodedata.category(character) == "Co"


def _check(font: str, doubtful: Widths) -> Check:
    shown = []
    for character, found in sorted(doubtful.items()):
        first = [words[0] for words in found.values()]
        places = ", ".join(f'"{word.text}" on page {page}' for word, page in first[:_SHOWN])
        shown.append(f'"{character}" in {places}')
    return Check(
        check_id=f"font_map/{font}",
        kind="font_map",
        subject=font,
        verdict="undetermined",
        message=(
            f"The font {font} prints one character in several widths, so its map to Unicode may be wrong: "
            f"{'; '.join(shown)}: undetermined, compare with the page."
        ),
    )


def _rarer(found: Mapping[float, Sequence[object]]) -> list[float]:
    """The widths but for the usual one."""
    usual = max(found, key=lambda width: len(found[width]))
    return [width for width in found if width != usual]


def _has(widths: Widths, character: str, width: float) -> bool:
    return any(_same(width, own) for own in widths.get(character, ()))


def _same(a: float, b: float) -> bool:
    return abs(a - b) <= SAME_WIDTH * max(a, b)


def _widths(document: Document) -> dict[str, Widths]:
    fonts: dict[str, Widths] = defaultdict(lambda: defaultdict(dict))
    for page in document.pages:
        for word in (w for w in page.words if not is_sideways(w)):
            for glyph in word.glyphs:
                if glyph.box.height <= 0:
                    continue
                # Its box is as high as its font at its own size, also where a word mixes sizes.
                width = glyph.box.width / glyph.box.height
                known = fonts[word.font][glyph.text]
                own = next((w for w in known if _same(width, w)), width)
                known.setdefault(own, []).append((word, page.number))
    return fonts


def _unlike_their_letters(widths: Widths) -> list[str]:
    """Accented letters whose plain letter the font prints in other widths only."""
    found = []
    for character, own in widths.items():
        plain = unicodedata.normalize("NFD", character)[:1]
        if plain == character or plain.lower() not in _ACCENTS_ABOVE or plain not in widths:
            continue
        if not any(_has(widths, plain, width) for width in own):
            found.append(character)
    return found
