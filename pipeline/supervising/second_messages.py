"""What travels between a process that reads a document and the second one beside it (`second_process`), as JSON.

Both run on one machine, so numbers are sent as they are in memory (doubles, in base64): they arrive as they left, in a
tenth of the time that text would take. An answer comes in parts, since a line has a longest length (`process`). The second
process has read the PDF too, so what comes from there is checked for its form: ValueError and TypeError say that it has
another.
"""

from __future__ import annotations

import math
from array import array
from base64 import b64decode, b64encode
from typing import TYPE_CHECKING, Any

from pipeline.model import Box, Glyph
from pipeline.page_image import PageImage
from pipeline.reading.lattice import LatticeCell

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from pipeline.reading.second_reader import SecondReading

Message = dict[str, Any]

_SIDES = 4
_MOST_GLYPHS = 20_000
_MOST_BYTES = 2**20
"""So many are sent in one part."""


def packed(boxes: Iterable[Box]) -> str:
    """Boxes as text."""
    numbers = array("d")
    for box in boxes:
        numbers.extend((box.x0, box.top, box.x1, box.bottom))
    return b64encode(numbers).decode()


def unpacked(text: str) -> list[Box]:
    """The boxes again."""
    numbers = array("d")
    numbers.frombytes(b64decode(text, validate=True))
    if len(numbers) % _SIDES:
        raise ValueError("a box has not four sides")
    if not all(map(math.isfinite, numbers)):
        raise ValueError("a box stands nowhere")
    return [Box(*numbers[n : n + _SIDES]) for n in range(0, len(numbers), _SIDES)]


def parts_of_cells(cells: Iterable[LatticeCell]) -> Iterator[Message]:
    """An answer about cells."""
    for cell in cells:
        yield {"cell": cell.number, "boxes": packed(cell.boxes)}


def cells_of(parts: Iterable[Message]) -> tuple[LatticeCell, ...]:
    """The cells again."""
    return tuple(map(_cell, parts))


def _cell(part: Message) -> LatticeCell:
    match part:
        case {"cell": int(number), "boxes": str(boxes)}:
            return LatticeCell(_number(number), tuple(unpacked(boxes)))
        case _:
            raise ValueError("no cell")


def parts_of_glyphs(second: SecondReading) -> Iterator[Message]:
    """An answer about glyphs."""
    for page, found in (second.glyphs or {}).items():
        for start in range(0, len(found), _MOST_GLYPHS):
            part = found[start : start + _MOST_GLYPHS]
            yield {"page": page, "texts": [g.text for g in part], "boxes": packed([g.box for g in part])}
    yield {"reader": second.reader, "pages": None if second.glyphs is None else list(second.glyphs)}


def second_reading_of(parts: Sequence[Message]) -> SecondReading:
    """The second reading again."""
    from pipeline.reading.second_reader import QUICK, THOROUGH, SecondReading

    match parts:
        case [*pages, {"reader": str(reader), "pages": None | list() as numbers}] if reader in (QUICK, THOROUGH):
            found: dict[int, list[Glyph]] = {_number(number): [] for number in numbers or ()}
        case _:
            raise ValueError("no second reading")
    for part in pages:
        match part:
            case {"page": int(number), "texts": list(texts), "boxes": str(sides)} if _number(number) in found:
                boxes = unpacked(sides)
            case _:
                raise ValueError("no glyphs")
        if len(texts) != len(boxes) or not all(isinstance(text, str) for text in texts):
            raise ValueError("glyphs and boxes do not match")
        found[number] += map(Glyph, texts, boxes)
    return SecondReading(reader, None if numbers is None else found)


def _number(value: object) -> int:
    """A number of a page or cell: JSON has booleans too, which Python takes for numbers."""
    if type(value) is not int:
        raise ValueError(f"{str(value)[:20]} is no number")
    return value


def parts_of_pictures(pictures: Iterable[PageImage]) -> Iterator[Message]:
    """An answer about pictures: each begins one, or goes on with the one before."""
    for picture in pictures:
        about = {"picture": picture.page, "size": [picture.width, picture.height], "type": picture.media_type}
        for start in range(0, len(picture.data), _MOST_BYTES):
            yield {**about, "data": b64encode(picture.data[start : start + _MOST_BYTES]).decode()}


def pictures_of(parts: Iterable[Message]) -> tuple[PageImage, ...]:
    """The pictures again."""
    about: dict[int, tuple[float, float, str]] = {}
    data: dict[int, bytes] = {}
    for part in parts:
        match part:
            case {"picture": int(page), "size": [float(width), float(height)], "type": str(kind), "data": str(text)}:
                about[_number(page)] = width, height, kind
                data[page] = data.get(page, b"") + b64decode(text, validate=True)
            case _:
                raise ValueError("no picture")
        if kind not in ("image/png", "image/jpeg"):
            raise ValueError(f"no type of picture: {kind[:20]}")
        if not (0 < width < math.inf and 0 < height < math.inf):
            raise ValueError("a picture without a size")
    return tuple(PageImage(page, *about[page], data[page]) for page in data)


def question_of_glyphs(boxes: Mapping[int, Sequence[Box]], *, thorough: bool) -> Message:
    """What is asked about glyphs."""
    return {"boxes": {str(page): packed(asked) for page, asked in boxes.items()}, "thorough": thorough}


def boxes_asked(question: Message) -> dict[int, list[Box]]:
    """The boxes that glyphs are asked for in, by page."""
    return {int(page): unpacked(boxes) for page, boxes in question["boxes"].items()}
