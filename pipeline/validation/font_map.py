"""Check kind `font_map`: a font prints each character in one width, or its map to Unicode is in doubt.

What a PDF gives as text is what a font's map to Unicode says of its glyphs. Some programs write that map wrong for a few
glyphs: a dash comes out as "3", a ligature as "ü". No reader of the text can see it, but the widths tell: two glyphs that
claim to be the same digit differ, and an accented letter is not as wide as its plain one.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from pipeline.model import Check
from pipeline.validation.glyph_columns import glyph_columns, numbered, sideways_words

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from pipeline.model import Document, Page
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

_UNKNOWN = re.compile("[\ufffd\ue000-\uf8ff\U000f0000-\U000ffffd\U00100000-\U0010fffd]")
"""The replacement character, and the private use areas of Unicode."""


@dataclass(slots=True)
class _Seen:
    """How often a character is printed in one width, and the first word, with its page, in which it is."""

    times: int
    word: str
    page: int


Widths = dict[str, dict[float, _Seen]]
"""For each character the widths it is printed in, in parts of its font's height."""


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
        if isinstance(page, int) and _UNKNOWN.search(printed):
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


def _check(font: str, doubtful: Widths) -> Check:
    shown = []
    for character, found in sorted(doubtful.items()):
        places = ", ".join(f'"{seen.word}" on page {seen.page}' for seen in list(found.values())[:_SHOWN])
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


def _rarer(found: Mapping[float, _Seen]) -> list[float]:
    """The widths but for the usual one."""
    usual = max(found, key=lambda width: found[width].times)
    return [width for width in found if width != usual]


def _has(widths: Widths, character: str, width: float) -> bool:
    return any(_same(width, own) for own in widths.get(character, ()))


def _same(a: float, b: float) -> bool:
    return abs(a - b) <= SAME_WIDTH * max(a, b)


def _widths(document: Document) -> dict[str, Widths]:
    """The widths by font, of letters and digits only: nothing is asked of others."""
    fonts: dict[str, Widths] = {}
    for page in document.pages:
        _add_widths(fonts, page)
    return fonts


def _add_widths(fonts: dict[str, Widths], page: Page) -> None:
    """Each glyph of a page goes to the first width of its font and character that it has, or is a new one's first."""
    words, glyphs = page.words, glyph_columns(page.words)
    fonts_of, font = numbered(w.font for w in words)
    characters, character = glyphs.characters, glyphs.character
    height = glyphs.bottom - glyphs.top
    asked = np.array([_is_asked(c) for c in characters], np.bool_)[character]
    chosen = np.flatnonzero(asked & (height > 0) & ~sideways_words(glyphs, len(words))[glyphs.word])
    if not len(chosen):
        return
    # Those of one font and character together, each group in the order of the page.
    group = font[glyphs.word] * len(characters) + character
    chosen = chosen[np.argsort(group[chosen], kind="stable")]
    starts = np.flatnonzero(np.diff(group[chosen], prepend=-1))
    # Its box is as high as its font at its own size, also where a word mixes sizes.
    width = (glyphs.x1 - glyphs.x0)[chosen] / height[chosen]
    known = [
        fonts.setdefault(fonts_of[n // len(characters)], {}).setdefault(characters[n % len(characters)], {})
        for n in group[chosen[starts]].tolist()
    ]
    first = np.array([next(iter(k), w) for k, w in zip(known, width[starts].tolist(), strict=True)])
    sizes = np.diff(starts, append=len(chosen))
    firsts = np.repeat(first, sizes)
    alike = np.logical_and.reduceat(np.abs(width - firsts) <= SAME_WIDTH * np.maximum(width, firsts), starts)
    printed_in = glyphs.word[chosen]
    for widths, own, start, size, is_one, word in zip(
        known,
        first.tolist(),
        starts.tolist(),
        sizes.tolist(),
        alike.tolist(),
        printed_in[starts].tolist(),
        strict=True,
    ):
        if is_one:  # as nearly all are
            _add(widths, own, _Seen(size, words[word].text, page.number))
            continue
        run = slice(start, start + size)
        for n, one in zip(printed_in[run].tolist(), width[run].tolist(), strict=True):
            own = next((w for w in widths if _same(one, w)), one)
            _add(widths, own, _Seen(1, words[n].text, page.number))


def _add(widths: dict[float, _Seen], width: float, seen: _Seen) -> None:
    before = widths.setdefault(width, seen)
    if before is not seen:
        before.times += seen.times


def _is_asked(character: str) -> bool:
    """Whether widths are compared of it: a plain letter or digit, or a letter with an accent above."""
    if character.isascii() and character.isalnum():
        return True
    plain = _plain_letter(character)
    return plain != character and plain.lower() in _ACCENTS_ABOVE


def _plain_letter(character: str) -> str:
    return unicodedata.normalize("NFD", character)[:1]


def _unlike_their_letters(widths: Widths) -> list[str]:
    """Accented letters whose plain letter the font prints in other widths only."""
    found = []
    for character, own in widths.items():
        plain = _plain_letter(character)
        if plain == character or plain.lower() not in _ACCENTS_ABOVE or plain not in widths:
            continue
        if not any(_has(widths, plain, width) for width in own):
            found.append(character)
    return found
