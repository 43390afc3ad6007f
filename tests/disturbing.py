"""Disturbances of a PDF that a reader does not see: the same slide, stored differently.

Each takes a PDF's bytes and gives a PDF that renders like it (scaled or reordered where its name says so), for the
tests that the same slide gives the same tables. `Disturbance.map_box` and `map_page` say where a box and a page of
the original are found afterwards, in the frame of the upright page as it is seen: points from the top left corner of
the crop box, after `/Rotate`. Characters are taken apart by `deck_generator/pdf_glyphs.py`.
"""

from __future__ import annotations

import random
from dataclasses import dataclass
from io import BytesIO
from typing import TYPE_CHECKING, Any

from pypdf import PageObject, PdfReader, PdfWriter, Transformation
from pypdf.generic import ContentStream, DecodedStreamObject, FloatObject, NameObject, NumberObject, RectangleObject

from tests.deck_generator.pdf_glyphs import Glyph, glyph_operations, split_page

if TYPE_CHECKING:
    from collections.abc import Callable

Box = tuple[float, float, float, float]
"""x0, top, x1, bottom."""

_SCALE = 0.7
_OTHER_BOXES = ("/TrimBox", "/BleedBox", "/ArtBox")


@dataclass(frozen=True)
class Disturbance:
    """One disturbance: `apply` gives the disturbed PDF; `map_page(page, pages)` and `map_box` where things are in it.

    Pages are counted from 1; `pages` is how many the document has.
    """

    name: str
    apply: Callable[[bytes], bytes]
    map_page: Callable[[int, int], int]
    map_box: Callable[[Box], Box]


def _same_page(page: int, pages: int) -> int:
    return page


def _same_box(box: Box) -> Box:
    return box


def _written(pdf: bytes, change: Callable[[PageObject, PdfWriter], None]) -> bytes:
    writer = PdfWriter(clone_from=PdfReader(BytesIO(pdf)))
    for page in writer.pages:
        change(page, writer)
    return _bytes(writer)


def _bytes(writer: PdfWriter) -> bytes:
    buffer = BytesIO()
    writer.write(buffer)
    return buffer.getvalue()


def _set_contents(page: PageObject, writer: PdfWriter, operations: list[tuple[Any, bytes]]) -> None:
    parsed = ContentStream(None, writer)
    parsed.operations = operations
    stream = DecodedStreamObject()
    stream.set_data(parsed.get_data())
    page[NameObject("/Contents")] = writer._add_object(stream.flate_encode())


def shuffle_characters(pdf: bytes, seed: int = 0) -> bytes:
    """Every character drawn on its own, at its own place, in random order; rules, areas and pictures before them."""

    def change(page: PageObject, writer: PdfWriter) -> None:
        dice = random.Random(f"{seed} {page.page_number}")  # noqa: S311 - a seed is what makes it repeatable
        graphics, glyphs = split_page(page, writer)
        dice.shuffle(glyphs)
        _set_contents(page, writer, [*_isolated(graphics), *_drawn(glyphs)])

    return _written(pdf, change)


def draw_twice(pdf: bytes, offset: float = 0.2) -> bytes:
    """All text drawn a second time, `offset` points to the right, as some programs do to make it look bold."""

    def change(page: PageObject, writer: PdfWriter) -> None:
        original = ContentStream(page["/Contents"].get_object(), writer).operations
        _, glyphs = split_page(page, writer)
        moved = [([FloatObject(v) for v in (1, 0, 0, 1, offset, 0)], b"cm"), *_drawn(glyphs)]
        _set_contents(page, writer, [*_isolated(original), *_isolated(moved)])

    return _written(pdf, change)


def _isolated(operations: list[tuple[Any, bytes]]) -> list[tuple[Any, bytes]]:
    return [([], b"q"), *operations, ([], b"Q")]


def _drawn(glyphs: list[Glyph]) -> list[tuple[Any, bytes]]:
    return [operation for glyph in glyphs for operation in glyph_operations(glyph)]


def _boxes(page: PageObject) -> dict[str, list[float]]:
    """Give the media box and the crop box, as they hold for this page."""
    boxes = {"/MediaBox": page.mediabox, "/CropBox": page.cropbox}
    return {name: [float(v) for v in box] for name, box in boxes.items()}


def _transform(
    page: PageObject, matrix: tuple[float, float, float, float, float, float], boxes: dict[str, list[float]]
) -> None:
    """Put the page's content through `matrix` and give it new boxes; links are dropped: they would stay behind."""
    page.add_transformation(Transformation(matrix))
    for name in (*_OTHER_BOXES, "/Annots"):
        page.pop(name, None)
    for name, box in boxes.items():
        page[NameObject(name)] = RectangleObject([round(v, 4) for v in box])


def _through(matrix: tuple[float, float, float, float, float, float], box: list[float]) -> list[float]:
    a, b, c, d, e, f = matrix
    xs = [a * x + c * y + e for x in box[::2] for y in box[1::2]]
    ys = [b * x + d * y + f for x in box[::2] for y in box[1::2]]
    return [min(xs), min(ys), max(xs), max(ys)]


def rotate(pdf: bytes, angle: int) -> bytes:
    """Content turned against the clock by 90, 180 or 270 degrees and `/Rotate` set so that the page is seen upright.

    Raises ValueError for another angle.
    """
    if angle not in (90, 180, 270):
        raise ValueError(f"pages turn by 90, 180 or 270 degrees, not {angle}")

    def change(page: PageObject, writer: PdfWriter) -> None:
        boxes = _boxes(page)
        x0, y0, x1, y1 = boxes["/MediaBox"]
        matrix = {
            90: (0.0, 1.0, -1.0, 0.0, y1, -x0),
            180: (-1.0, 0.0, 0.0, -1.0, x1, y1),
            270: (0.0, -1.0, 1.0, 0.0, -y0, x1),
        }[angle]
        turned = (int(page.get("/Rotate") or 0) + angle) % 360
        _transform(page, matrix, {name: _through(matrix, box) for name, box in boxes.items()})
        page[NameObject("/Rotate")] = NumberObject(turned)

    return _written(pdf, change)


def shift_media_box(pdf: bytes, dx: float, dy: float) -> bytes:
    """Give the page somewhere in a larger media box whose origin is not zero, cut out of it by a crop box."""

    def change(page: PageObject, writer: PdfWriter) -> None:
        matrix = (1.0, 0.0, 0.0, 1.0, dx, dy)
        crop = _through(matrix, _boxes(page)["/CropBox"])
        wide, high = abs(dx), abs(dy)
        media = [crop[0] - wide / 2, crop[1] - high / 3, crop[2] + wide / 4, crop[3] + high / 2]
        _transform(page, matrix, {"/MediaBox": media, "/CropBox": crop})

    return _written(pdf, change)


def scale(pdf: bytes, factor: float = _SCALE) -> bytes:
    """Everything, the page included, at another size."""

    def change(page: PageObject, writer: PdfWriter) -> None:
        matrix = (factor, 0.0, 0.0, factor, 0.0, 0.0)
        _transform(page, matrix, {name: _through(matrix, box) for name, box in _boxes(page).items()})

    return _written(pdf, change)


def _order(pages: int, seed: int) -> list[int]:
    """Give the original's pages (from 0) in their new order, which is another one where there are two or more."""
    order = list(range(pages))
    dice = random.Random(seed)  # noqa: S311 - a seed is what makes it repeatable
    while pages > 1 and order == sorted(order):
        dice.shuffle(order)
    return order


def reorder_pages(pdf: bytes, seed: int = 0) -> bytes:
    """Give the pages in another order."""
    reader = PdfReader(BytesIO(pdf))
    writer = PdfWriter()
    for number in _order(len(reader.pages), seed):
        writer.add_page(reader.pages[number])
    return _bytes(writer)


def _scaled(factor: float) -> Callable[[Box], Box]:
    def map_box(box: Box) -> Box:
        return (box[0] * factor, box[1] * factor, box[2] * factor, box[3] * factor)

    return map_box


def _turned(angle: int) -> Disturbance:
    return Disturbance(f"rotated by {angle}", lambda pdf: rotate(pdf, angle), _same_page, _same_box)


DISTURBANCES: tuple[Disturbance, ...] = (
    Disturbance("characters shuffled", lambda pdf: shuffle_characters(pdf, 1), _same_page, _same_box),
    Disturbance("text drawn twice", draw_twice, _same_page, _same_box),
    _turned(90),
    _turned(180),
    _turned(270),
    Disturbance("media box shifted", lambda pdf: shift_media_box(pdf, 120.0, 60.0), _same_page, _same_box),
    Disturbance("media box shifted back", lambda pdf: shift_media_box(pdf, -90.0, -45.0), _same_page, _same_box),
    Disturbance("scaled to 70 %", scale, _same_page, _scaled(_SCALE)),
    Disturbance(
        "pages reordered",
        lambda pdf: reorder_pages(pdf, 1),
        lambda page, pages: _order(pages, 1).index(page - 1) + 1,
        _same_box,
    ),
)
"""Every disturbance that leaves the tables as they are."""
