"""All characters of a text page, asked of pdfium one by one, as they come: columns without any meaning yet.

This is where reading spends its time, in five calls a character. pypdfium2's own functions check and convert every argument
of each; the same functions of the library are called here by address, with plain numbers, and write straight into the columns.
"""

from __future__ import annotations

from ctypes import PYFUNCTYPE, c_int, c_uint, c_void_p, cast
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any

import numpy as np
from pypdfium2 import raw

if TYPE_CHECKING:
    from collections.abc import Callable

    from pipeline.reading.characters import Flags, Indices, Numbers


def _by_address(function: Any, result: Any, *arguments: Any) -> Callable[..., Any]:
    """A function of pdfium that takes plain numbers. It keeps the interpreter's lock: each call takes a microsecond."""
    return PYFUNCTYPE(result, *arguments)(cast(function, c_void_p).value or 0)


_code = _by_address(raw.FPDFText_GetUnicode, c_uint, c_void_p, c_int)
_object = _by_address(raw.FPDFText_GetTextObject, c_void_p, c_void_p, c_int)
_is_unmapped = _by_address(raw.FPDFText_HasUnicodeMapError, c_int, c_void_p, c_int)
_origin = _by_address(raw.FPDFText_GetCharOrigin, c_int, c_void_p, c_int, c_void_p, c_void_p)
_box = _by_address(raw.FPDFText_GetLooseCharBox, c_int, c_void_p, c_int, c_void_p)

_DOUBLE = 8
_FOUR_FLOATS = 16
_RECTANGLE = ("left", "top", "right", "bottom")
"""The order in which pdfium's rectangle has its sides."""


@dataclass(frozen=True, slots=True, eq=False)
class RawCharacters:
    """Characters in pdfium's order, those left out that it makes up; coordinates are the PDF's own, y upwards.

    `index` is each one's number in the text page, `drawing` the address of the text object that draws it, `code` its code
    point; `unmapped` are those whose font has no Unicode value for them. The box holds the advance and the ink.
    """

    index: Indices
    drawing: Indices
    code: Indices
    unmapped: Flags
    x: Numbers
    y: Numbers
    left: Numbers
    bottom: Numbers
    right: Numbers
    top: Numbers

    def take(self, places: Indices) -> RawCharacters:
        """Those at these places, in their order."""
        return RawCharacters(**{f.name: getattr(self, f.name)[places] for f in fields(self)})


def raw_characters(textpage: Any) -> RawCharacters:
    """Everything on a text page, a handle of pypdfium2's `raw`, that some text object draws."""
    page = cast(textpage, c_void_p).value
    count = max(0, raw.FPDFText_CountChars(textpage))
    drawings = [_object(page, n) or 0 for n in range(count)]
    drawing = np.array(drawings, np.intp)
    index = np.flatnonzero(drawing)
    listed = index.tolist()
    codes = np.array([_code(page, n) for n in listed], np.intp)
    unmapped = np.array([_is_unmapped(page, n) == 1 for n in listed], np.bool_)
    origins = np.zeros((len(listed), 2), np.float64)
    boxes = np.zeros((len(listed), 4), np.float32)
    at_origin, at_box = origins.ctypes.data, boxes.ctypes.data
    for n in listed:
        _origin(page, n, at_origin, at_origin + _DOUBLE)
        _box(page, n, at_box)
        at_origin += 2 * _DOUBLE
        at_box += _FOUR_FLOATS
    sides = dict(zip(_RECTANGLE, boxes.astype(np.float64).T, strict=True))
    return RawCharacters(
        index=index,
        drawing=drawing[index],
        code=codes,
        unmapped=unmapped,
        x=origins[:, 0],
        y=origins[:, 1],
        **sides,
    )
