"""All characters of a text page, asked of pdfium one by one, as they come: columns without any meaning yet.

This is where reading spends its time, in five calls a character. pypdfium2's own functions check and convert every argument
of each; the same functions of the library are called here by address, with arguments that need no conversion.
"""

from __future__ import annotations

from ctypes import PYFUNCTYPE, Structure, byref, c_double, c_float, c_int, c_uint, c_void_p, cast
from dataclasses import dataclass, fields
from itertools import repeat
from typing import TYPE_CHECKING, Any

import numpy as np
from pypdfium2 import raw

if TYPE_CHECKING:
    from collections.abc import Callable

    from pipeline.reading.characters import Flags, Indices, Numbers


def by_address(function: Any, result: Any) -> Callable[..., Any]:
    """A function of pdfium without types for its arguments: a whole number is an int of C, all else made beforehand.

    Converting takes longer than pdfium's answer. It keeps the interpreter's lock: each call takes a fraction of a microsecond.
    """
    return PYFUNCTYPE(result)(cast(function, c_void_p).value or 0)


def pointer(handle: Any) -> Any:
    """A handle of pypdfium2's `raw`, or an address, as a parameter of functions `by_address`."""
    return c_void_p.from_param(handle if isinstance(handle, int) else cast(handle, c_void_p).value)


_code = by_address(raw.FPDFText_GetUnicode, c_uint)
text_object = by_address(raw.FPDFText_GetTextObject, c_void_p)
"""The address of the text object that draws a character of a text page; None where pdfium has made the character up."""
_is_unmapped = by_address(raw.FPDFText_HasUnicodeMapError, c_int)
_origin = by_address(raw.FPDFText_GetCharOrigin, c_int)
_box = by_address(raw.FPDFText_GetLooseCharBox, c_int)


class _Placed(Structure):
    """Where a character stands: its origin as pdfium writes it, and its box, with the sides in pdfium's order."""

    _fields_ = (
        ("x", c_double),
        ("y", c_double),
        ("left", c_float),
        ("top", c_float),
        ("right", c_float),
        ("bottom", c_float),
    )


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
    page = pointer(textpage)
    count = max(0, raw.FPDFText_CountChars(textpage))
    drawing = np.array([address or 0 for address in map(text_object, repeat(page), range(count))], np.intp)
    index = np.flatnonzero(drawing)
    listed = index.tolist()
    placed = _placed(page, listed)
    return RawCharacters(
        index=index,
        drawing=drawing[index],
        code=np.array(list(map(_code, repeat(page), listed)), np.intp),
        unmapped=np.array(list(map(_is_unmapped, repeat(page), listed)), np.intp) == 1,
        **{name: placed[name].astype(np.float64) for name, *_ in _Placed._fields_},
    )


def _placed(page: Any, listed: list[int]) -> Any:
    """A record as `_Placed` for each of the characters."""
    one = _Placed()
    x, y, box = byref(one, _Placed.x.offset), byref(one, _Placed.y.offset), byref(one, _Placed.left.offset)
    records = bytearray()
    for n in listed:
        _origin(page, n, x, y)
        _box(page, n, box)
        records += one
    return np.frombuffer(records, np.dtype(_Placed))
