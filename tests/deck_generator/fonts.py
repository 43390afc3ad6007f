"""Fonts for the fictional decks: the ones every PDF reader has, and TrueType files found on this machine.

A slide's marks (▶, ➢, 【】) are often missing from its text font and come from another, as in a real slide; `runs` says
which font draws which stretch.
"""

from __future__ import annotations

import importlib.util
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont

if TYPE_CHECKING:
    from collections.abc import Iterator

_FOLDERS = (
    "/usr/share/fonts/truetype/dejavu",
    "/usr/share/fonts/truetype/liberation",
    "/usr/share/fonts/truetype/liberation2",
    "/usr/share/fonts/opentype/ipafont-gothic",
    "/usr/share/fonts/truetype/fonts-japanese-gothic",
    "/usr/share/fonts/opentype/ipaexfont-gothic",
    "/Library/Fonts",
)
_PACKAGES = {"matplotlib": "mpl-data/fonts/ttf", "japanize_matplotlib": "fonts"}

STANDARD = {"helvetica": ("Helvetica", "Helvetica-Bold"), "times": ("Times-Roman", "Times-Bold")}
EMBEDDED = {
    "dejavu": ("DejaVuSans", "DejaVuSans-Bold"),
    "dejavu-condensed": ("DejaVuSansCondensed", "DejaVuSansCondensed-Bold"),
    "dejavu-serif": ("DejaVuSerif", "DejaVuSerif-Bold"),
    "liberation-sans": ("LiberationSans-Regular", "LiberationSans-Bold"),
    "liberation-serif": ("LiberationSerif-Regular", "LiberationSerif-Bold"),
}
_JAPANESE = ("ipag", "ipaexg", "ipagp")
JAPANESE_FAMILY = "japanese"


class FontMissingError(LookupError):
    """A font that the deck needs is not on this machine: a test that meets it skips, naming the package to install."""


def _folders() -> Iterator[Path]:
    yield from (Path(folder) for folder in _FOLDERS)
    for package, inside in _PACKAGES.items():
        spec = importlib.util.find_spec(package)
        if spec and spec.origin:
            yield Path(spec.origin).parent / inside


@cache
def _file(name: str) -> Path | None:
    return next((path for folder in _folders() if (path := folder / f"{name}.ttf").is_file()), None)


@cache
def _registered(name: str) -> str:
    """Give the reportlab name of a TrueType font, registered on first use. Raises FontMissingError."""
    path = _file(name)
    if path is None:
        raise FontMissingError(
            f"no {name}.ttf here (Debian: fonts-dejavu-core, fonts-liberation, fonts-ipafont-gothic)"
        )
    pdfmetrics.registerFont(TTFont(name, str(path)))
    return name


def english_fonts_available() -> bool:
    """Whether every English style can be drawn here."""
    return all(_file(name) for pair in EMBEDDED.values() for name in pair)


def japanese_font_available() -> bool:
    """Whether Japanese slides can be drawn here."""
    return any(_file(name) for name in _JAPANESE)


def faces(family: str) -> tuple[str, str]:
    """Give the regular and the bold font of a family. Raises FontMissingError."""
    if family in STANDARD:
        return STANDARD[family]
    if family == JAPANESE_FAMILY:
        name = next((n for n in _JAPANESE if _file(n)), _JAPANESE[0])
        return _registered(name), _registered(name)
    regular, bold = EMBEDDED[family]
    return _registered(regular), _registered(bold)


def _has(font: str, character: str) -> bool:
    if font in {name for pair in STANDARD.values() for name in pair}:
        # cp1252 as the PDF standard encodings have it; the soft hyphen is drawn by embedded fonts only.
        return character.encode("cp1252", "ignore") != b"" and character != "\u00ad"
    return ord(character) in pdfmetrics.getFont(font).face.charWidths


@cache
def _fallback(character: str, bold: bool) -> str:
    """Give the font that draws a mark which the text font has not. Raises FontMissingError."""
    for family in ("dejavu", JAPANESE_FAMILY):
        font = faces(family)[bold]
        if _has(font, character):
            return font
    raise FontMissingError(f"no font here draws {character!r}")


@cache
def runs(text: str, family: str, bold: bool) -> tuple[tuple[str, str], ...]:
    """`text` cut into stretches with the font that draws each. Raises FontMissingError where none has a character."""
    own = faces(family)[bold]
    cut: list[tuple[str, str]] = []
    for character in text:
        font = own if _has(own, character) else _fallback(character, bold)
        if cut and cut[-1][1] == font:
            cut[-1] = (cut[-1][0] + character, font)
        else:
            cut.append((character, font))
    return tuple(cut)


def can_draw(text: str, family: str) -> bool:
    """Whether the family's own regular font has every character of `text`."""
    return all(_has(faces(family)[0], character) for character in text)


@cache
def width(text: str, family: str, bold: bool, size: float) -> float:
    """Give the width of `text` in points."""
    return float(sum(pdfmetrics.stringWidth(part, font, size) for part, font in runs(text, family, bold)))
