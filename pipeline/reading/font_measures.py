"""What a PDF's fonts say of their measures where pdfium does not pass it on: read from the fonts' own entries, by playa.

Three things are wanted. A font that writes downwards has its glyphs' boxes elsewhere. A font whose descriptor gives 0 as
ascent and descent says nothing of its height; pdfium guesses it then, from whichever letters the file happens to hold. And
pdfium cuts widths to whole thousandths of the size, so that on a long line set in one piece, by a program that writes
fractions (browsers do), the last words come out half a point too far left.
"""

from __future__ import annotations

from collections import defaultdict
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from playa.font import CIDFont, Font
from playa.pdftypes import ContentStream, ObjRef, PSLiteral, resolve1

from pipeline.reading.fonts import font_name
from pipeline.reading.inflating import is_stream
from pipeline.reading.playa_classes import MALFORMED

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    import playa

    from pipeline.reading.preflight import Inspected

DEPTH = 16
"""Drawings inside drawings are followed so deep."""

_CODES_OF_A_SIMPLE_FONT = 256


@dataclass(slots=True)
class FontMeasures:
    """`flat` are the names, without their subset's mark, of fonts that say nothing of their height.

    `vertical` are the names, as printed, of those that write downwards.
    `widths` has for fonts with fractions in their widths each letter's true width, in parts of the size.
    """

    flat: set[str] = field(default_factory=set)
    vertical: set[str] = field(default_factory=set)
    widths: dict[str, dict[str, float]] = field(default_factory=dict)
    _document: playa.Document | None = None
    _entries: dict[str, list[dict[str, Any]]] = field(default_factory=lambda: defaultdict(list))
    _fonts: dict[str, list[Font]] = field(default_factory=dict)

    def letter(self, name: str, code: int) -> str:
        """What a code of the font of that name stands for, by the names of its glyphs; nothing where nobody can say.

        pdfium reads what a font's map to Unicode says, and of fonts without one the usual encodings only. Fonts that are
        drawn (Type 3) and those that number their glyphs by Unicode itself say it in other ways.
        """
        if name not in self._fonts:
            self._fonts[name] = []
            for entries in self._entries.get(name, ()):
                with suppress(*MALFORMED):
                    self._fonts[name].append(_font(self._document, entries))
        found = set()
        for font in self._fonts[name]:
            with suppress(*MALFORMED):
                found |= {text for _, text in font.decode(code.to_bytes(_bytes_of(font), "big"))}
        return found.pop() or "" if len(found) == 1 else ""


def font_measures(inspected: Inspected) -> FontMeasures:
    """The measures of all fonts that the pages' resources name; those of a malformed font or file are left out."""
    measures = FontMeasures(_document=inspected.document)
    seen: set[int] = set()
    with suppress(*MALFORMED):
        for page in inspected.pages:
            for entries in _fonts(page["Resources"], DEPTH, seen):
                with suppress(*MALFORMED):
                    _measure(inspected.document, entries, measures)
    return measures


def _fonts(resources: Any, depth: int, seen: set[int]) -> Iterator[dict[str, Any]]:
    known = _new(resources, seen, dict)
    if known is None or not depth:
        return
    fonts = resolve1(known.get("Font"))
    for reference in fonts.values() if isinstance(fonts, dict) else ():
        entries = _new(reference, seen, dict)
        if entries is not None:
            yield entries
    placed = resolve1(known.get("XObject"))
    for reference in placed.values() if isinstance(placed, dict) else ():
        stream = _new(reference, seen, ContentStream)
        if stream is not None and _name(stream.attrs.get("Subtype")) == "Form":
            yield from _fonts(stream.attrs.get("Resources"), depth - 1, seen)


def _new(reference: Any, seen: set[int], kind: type) -> Any:
    """What is referred to, where it is of that kind and has not been met before."""
    if isinstance(reference, ObjRef):
        if reference.objid in seen:
            return None
        seen.add(reference.objid)
    item = resolve1(reference)
    return item if type(item) is kind else None


def _measure(document: playa.Document, entries: dict[str, Any], measures: FontMeasures) -> None:
    inner = resolve1(entries.get("DescendantFonts"))
    described: Any = resolve1(inner[0]) if isinstance(inner, list) and inner else entries
    # pdfium calls a composite font by the name of the font inside it.
    printed = _name(resolve1(described.get("BaseFont")))
    name, _ = font_name(printed)
    if _tells_letters(entries):
        measures._entries[name].append(entries)  # noqa: SLF001 - made here
    encoding = resolve1(entries.get("Encoding"))
    if _name(encoding).endswith("-V") or (is_stream(encoding) and encoding.attrs.get("WMode") == 1):
        measures.vertical.add(printed)
    descriptor = resolve1(described.get("FontDescriptor"))
    if isinstance(descriptor, dict) and not any(resolve1(descriptor.get(entry)) for entry in ("Ascent", "Descent")):
        measures.flat.add(name)
    if _has_fractions(resolve1(described.get("W" if described is not entries else "Widths"))):
        known = measures.widths.setdefault(name, {})
        for text, width in _widths(document, entries).items():
            # Two subsets of one font agree; where they do not, nobody can say which of them a letter is of.
            known[text] = width if known.get(text, width) == width else 0.0


def _tells_letters(entries: dict[str, Any]) -> bool:
    """Whether a font says without a map to Unicode of its own which letters its codes stand for.

    A composite font does only where its codes are Unicode, which it declares; else they number its glyphs.
    """
    to_unicode = resolve1(entries.get("ToUnicode"))
    if entries.get("DescendantFonts") is not None:
        return _name(to_unicode).startswith("Identity")
    return not is_stream(to_unicode)


def _has_fractions(widths: Any) -> bool:
    for item in widths if isinstance(widths, list) else ():
        number = resolve1(item)
        if isinstance(number, list):
            if _has_fractions(number):
                return True
        elif isinstance(number, float) and not number.is_integer():
            return True
    return False


def _widths(document: playa.Document, entries: dict[str, Any]) -> Mapping[str, float]:
    font = _font(document, entries)
    size = _bytes_of(font)
    codes = font.widths if size > 1 else range(_CODES_OF_A_SIMPLE_FONT)
    found: dict[str, float] = {}
    for code in codes:
        for cid, text in font.decode(code.to_bytes(size, "big")):
            if text:
                found[text] = font.hdisp(cid)
    return found


def _font(document: playa.Document | None, entries: dict[str, Any]) -> Font:
    if document is None:
        raise ValueError("no document")
    return document.get_font(0, entries)


def _bytes_of(font: Font) -> int:
    """How long a font's codes are; those of a composite font may differ, and nearly all are two bytes long."""
    return 2 if isinstance(font, CIDFont) else 1


def _name(value: Any) -> str:
    return value.name if isinstance(value, PSLiteral) else ""
