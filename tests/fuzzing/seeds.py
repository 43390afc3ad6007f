"""What fuzzing starts from: small decks of one slide, stored without compression so that a mutation changes what is drawn."""

from __future__ import annotations

from dataclasses import replace
from io import BytesIO

from pypdf import PdfReader, PdfWriter
from pypdf.generic import DecodedStreamObject, StreamObject

from tests import unknown_documents as drawn
from tests.at_hand import DATA
from tests.deck_generator import PRESETS, make_deck

_SLIDES = {
    "budgets": ("dotted-leaders", ("budgets",)),
    "chart": ("dotted-leaders", ("trends",)),
    "bill": ("frameless", ("bill",)),
    "institute": ("frameless", ("institute",)),
    "framework": ("frameless", ("framework",)),
}
"""Presets whose fonts are those that every reader has; few fonts are embedded, so the decks stay small."""

_FROM_OTHERS = ("bars-labelled-with-units", "japanese-table")
"""Decks of other producers: fonts with several bytes a character, forms, pictures, marked content."""


def uncompressed(pdf: bytes) -> bytes:
    """The same PDF with every deflated stream as the bytes that it stands for, and one table of objects."""
    writer = PdfWriter(clone_from=PdfReader(BytesIO(pdf)))
    for place, thing in enumerate(writer._objects):
        if isinstance(thing, StreamObject) and "/FlateDecode" in str(thing.get("/Filter")):
            plain = DecodedStreamObject()
            plain.update({k: v for k, v in thing.items() if k not in ("/Filter", "/DecodeParms", "/Length")})
            plain.set_data(thing.get_data())
            writer._objects[place] = plain
    buffer = BytesIO()
    writer.write(buffer)
    return buffer.getvalue()


def seeds() -> dict[str, bytes]:
    """Every seed by name. Raises FontMissingError where this machine cannot draw the decks."""
    made = {
        name: uncompressed(make_deck(1, replace(PRESETS[preset], order=order, size=2))[0])
        for name, (preset, order) in _SLIDES.items()
    }
    for page in drawn.PAGES:
        made[page.__name__] = uncompressed(drawn.document(page))
    for name in _FROM_OTHERS:
        made[name] = uncompressed((DATA / "producers" / f"{name}.pdf").read_bytes())
    return made
