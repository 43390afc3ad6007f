"""A PDF changed where a test wants it: characters moved, exchanged, or given another text than they show.

Places are in points from the top left corner of the page, as in `evidence`; pages are upright here and have no crop box.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from io import BytesIO
from typing import TYPE_CHECKING, Any

import pdfplumber
from pypdf import PdfReader, PdfWriter
from pypdf.generic import ContentStream, DecodedStreamObject, DictionaryObject, NameObject, TextStringObject

from tests.deck_generator.pdf_glyphs import Glyph, glyph_operations, split_page

if TYPE_CHECKING:
    from collections.abc import Callable

    from pipeline.model import Row

Box = tuple[float, float, float, float]
"""x0, top, x1, bottom."""


@dataclass(frozen=True)
class Drawn:
    """One glyph as the page draws it, the text that it stands for, and its box."""

    glyph: Glyph
    text: str
    box: Box
    actual_text: str | None = None

    def inside(self, box: Box) -> bool:
        """Whether its centre lies in a box."""
        x, y = (self.box[0] + self.box[2]) / 2, (self.box[1] + self.box[3]) / 2
        return box[0] <= x <= box[2] and box[1] <= y <= box[3]

    def moved(self, dx: float = 0.0, dy: float = 0.0) -> Drawn:
        """The same glyph elsewhere; `dy` counts downwards."""
        a, b, c, d, e, f = self.glyph.matrix
        return replace(self, glyph=replace(self.glyph, matrix=(a, b, c, d, e + dx, f - dy)))


def redrawn(pdf: bytes, page: int, change: Callable[[list[Drawn]], list[Drawn]]) -> bytes:
    """The PDF with the glyphs of `page` (from 1) drawn as `change` says."""
    writer = PdfWriter(clone_from=PdfReader(BytesIO(pdf)))
    target = writer.pages[page - 1]
    graphics, glyphs = split_page(target, writer)
    operations: list[Any] = [([], b"q"), *graphics, ([], b"Q")]
    for drawn in change(_located(pdf, page, glyphs)):
        operations += _operations(drawn)
    parsed = ContentStream(None, writer)
    parsed.operations = operations
    stream = DecodedStreamObject()
    stream.set_data(parsed.get_data())
    target[NameObject("/Contents")] = writer._add_object(stream.flate_encode())
    buffer = BytesIO()
    writer.write(buffer)
    return buffer.getvalue()


def _operations(drawn: Drawn) -> list[Any]:
    operations = glyph_operations(drawn.glyph)
    if drawn.actual_text is None:
        return operations
    properties = DictionaryObject({NameObject("/ActualText"): TextStringObject(drawn.actual_text)})
    return [([NameObject("/Span"), properties], b"BDC"), *operations, ([], b"EMC")]


def _located(pdf: bytes, page: int, glyphs: list[Glyph]) -> list[Drawn]:
    """Each glyph with the text and box of the character that pdfplumber finds at its origin."""
    cells: dict[tuple[int, int], list[dict[str, Any]]] = {}
    with pdfplumber.open(BytesIO(pdf)) as document:
        for c in document.pages[page - 1].chars:
            cells.setdefault((round(c["matrix"][4]), round(c["matrix"][5])), []).append(c)

    def located(glyph: Glyph) -> Drawn:
        x, y = glyph.matrix[4:]
        near = [
            c
            for column in (round(x) - 1, round(x), round(x) + 1)
            for row in (round(y) - 1, round(y), round(y) + 1)
            for c in cells.get((column, row), ())
        ]
        c = min(near, key=lambda c: abs(c["matrix"][4] - x) + abs(c["matrix"][5] - y))
        return Drawn(glyph, c["text"], (c["x0"], c["top"], c["x1"], c["bottom"]))

    return [located(glyph) for glyph in glyphs]


def with_text(pdf: bytes, page: int, box: Box, text: str) -> bytes:
    """The PDF with the glyphs in `box` exchanged, one by one, for others of the same font that stand for `text`.

    Raises ValueError where the page does not have them, or `text` is not as long as what it replaces.
    """

    def change(drawn: list[Drawn]) -> list[Drawn]:
        wanted = _wanted(drawn, box, text)
        return [_like(d, wanted[d.box], drawn) if d.box in wanted else d for d in drawn]

    return redrawn(pdf, page, change)


def _wanted(drawn: list[Drawn], box: Box, text: str) -> dict[Box, str]:
    """For each glyph in `box`, by its own box, the character that it is to become."""
    old = sorted(d.box for d in drawn if d.inside(box) and not d.text.isspace())
    return dict(zip(old, text.replace(" ", ""), strict=True))


def _like(drawn: Drawn, text: str, others: list[Drawn]) -> Drawn:
    if drawn.text == text:
        return drawn
    donor = next((o for o in others if o.text == text and o.glyph.font == drawn.glyph.font), None)
    if donor is None:
        raise ValueError(f"the page has no {text!r} in the font of {drawn.text!r}")
    return replace(drawn, glyph=replace(drawn.glyph, code=donor.glyph.code))


def with_actual_text(pdf: bytes, page: int, box: Box, text: str) -> bytes:
    """The PDF in which the glyphs in `box` look as they did and are declared to read as `text`, one character each."""

    def change(drawn: list[Drawn]) -> list[Drawn]:
        wanted = _wanted(drawn, box, text)
        return [replace(d, actual_text=wanted[d.box]) if wanted.get(d.box, d.text) != d.text else d for d in drawn]

    return redrawn(pdf, page, change)


def with_moved(pdf: bytes, page: int, box: Box, dx: float = 0.0, dy: float = 0.0) -> bytes:
    """The PDF with the glyphs in `box` elsewhere; `dy` counts downwards."""
    return redrawn(pdf, page, lambda drawn: [d.moved(dx, dy) if d.inside(box) else d for d in drawn])


def box_of(evidence: Row) -> Box:
    """The box of one row of `evidence`."""
    x0, top, x1, bottom = (float(str(evidence[side])) for side in ("x0", "top", "x1", "bottom"))
    return x0, top, x1, bottom
