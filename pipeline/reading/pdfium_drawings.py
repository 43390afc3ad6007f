"""What else a page draws: its paths and pictures as pdfium holds them, drawings inside drawings included.

They come in pdfplumber's terms: each figure of a path by itself, two points as a line, four square corners as a rectangle,
anything else as a curve with the points that lie on it.
"""

from __future__ import annotations

import ctypes
from itertools import repeat
from typing import TYPE_CHECKING, Any

from pypdfium2 import raw

from pipeline.model import Box, Image
from pipeline.reading.pdfium_columns import by_address, pointer
from pipeline.reading.shown import settled

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from pipeline.reading.graphics import Path
    from pipeline.reading.shown import Frame

DEPTH = 16
"""Drawings inside drawings are followed so deep; deeper ones are not seen on slides."""

_BEZIER_POINTS = 3
"""A piece of a curve is given as three points, of which the last lies on it."""

_RECTANGLE = 5
"""So many points has a rectangle, with the first again at the end."""

_object = by_address(raw.FPDFPage_GetObject, ctypes.c_void_p)
_object_inside = by_address(raw.FPDFFormObj_GetObject, ctypes.c_void_p)
_type = by_address(raw.FPDFPageObj_GetType, ctypes.c_int)
_count_marks = by_address(raw.FPDFPageObj_CountMarks, ctypes.c_int)
_mark = by_address(raw.FPDFPageObj_GetMark, ctypes.c_void_p)
_kind_of_value = by_address(raw.FPDFPageObjMark_GetParamValueType, ctypes.c_int)
_remove_mark = by_address(raw.FPDFPageObj_RemoveMark, ctypes.c_int)

_Point = tuple[float, float]


class Drawings:
    """The paths and pictures of one page, in the file's order, in the page's frame.

    On the way, pieces of text lose what is to be read in their place, so the page's text is to be loaded afterwards.
    """

    def __init__(self, page: Any, frame: Frame, on_path: Callable[[int], None] = lambda _count: None) -> None:
        """Reads all of a pypdfium2 page; `on_path` is told how many paths there are so far, and may raise."""
        self.paths: list[Path] = []
        self.images: list[Image] = []
        self._on_path = on_path
        self._colours: dict[tuple[int, int, int], str] = {}
        objects = map(_object, repeat(pointer(page.raw)), range(raw.FPDFPage_CountObjects(page.raw)))
        self._read(objects, frame, DEPTH)

    def _read(self, objects: Iterable[int | None], frame: Frame, depth: int) -> None:
        """Read what stands at these addresses; thousands of pieces of text may be among them."""
        for address in objects:
            handle = ctypes.c_void_p.from_param(address)
            kind = _type(handle)
            if kind == raw.FPDF_PAGEOBJ_TEXT:
                _forget_replacement(handle)
                continue
            drawn = ctypes.cast(address or 0, raw.FPDF_PAGEOBJECT)
            if kind == raw.FPDF_PAGEOBJ_PATH:
                self._read_path(drawn, frame)
            elif kind == raw.FPDF_PAGEOBJ_IMAGE:
                self.images.append(Image(_bounds(_unit_square(frame.inside(_matrix(drawn))))))
            elif kind == raw.FPDF_PAGEOBJ_FORM and depth:
                numbers = map(ctypes.c_ulong, range(raw.FPDFFormObj_CountObjects(drawn)))
                inside = map(_object_inside, repeat(handle), numbers)
                self._read(inside, frame.inside(_matrix(drawn)), depth - 1)

    def _read_path(self, drawn: Any, frame: Frame) -> None:
        fill_mode, strokes = ctypes.c_int(), ctypes.c_int()
        raw.FPDFPath_GetDrawMode(drawn, fill_mode, strokes)
        painted = {
            "fill": fill_mode.value != raw.FPDF_FILLMODE_NONE,
            "stroke": bool(strokes.value),
            "non_stroking_color": self._colour(raw.FPDFPageObj_GetFillColor, drawn),
            "stroking_color": self._colour(raw.FPDFPageObj_GetStrokeColor, drawn),
        }
        within = frame.inside(_matrix(drawn))
        for points, curved in _figures(drawn):
            placed = [within.at(*point) for point in points]
            box = _bounds(placed)
            self.paths.append(
                {
                    "object_type": _kind(placed, curved=curved),
                    "x0": box.x0,
                    "top": box.top,
                    "x1": box.x1,
                    "bottom": box.bottom,
                    "pts": placed,
                    **painted,
                }
            )
            self._on_path(len(self.paths))

    def _colour(self, get: Any, drawn: Any) -> str | None:
        red, green, blue, alpha = (ctypes.c_uint() for _ in range(4))
        if not get(drawn, red, green, blue, alpha):
            return None
        parts = (red.value, green.value, blue.value)
        known = self._colours.get(parts)
        if known is None:
            known = self._colours[parts] = "#{:02x}{:02x}{:02x}".format(*parts)
        return known


def _forget_replacement(text: Any) -> None:
    """Take from a piece of text what the file says is to be read in its place (`/ActualText`; PDF 1.7, 14.9.4).

    `text` is as from `pointer`. What counts is what is printed, and a replacement may say otherwise: pdfium would give nothing
    but that.
    """
    for n in reversed(range(_count_marks(text))):
        mark = ctypes.c_void_p.from_param(_mark(text, ctypes.c_ulong(n)))
        if _kind_of_value(mark, b"ActualText") != raw.FPDF_OBJECT_UNKNOWN:
            _remove_mark(text, mark)


def _figures(path: Any) -> Iterator[tuple[list[_Point], bool]]:
    """The figures of a path, each with the points that lie on it, the first again at the end where it is closed.

    With each comes whether any piece of it is curved.
    """
    x, y = ctypes.c_float(), ctypes.c_float()
    at_x, at_y = ctypes.byref(x), ctypes.byref(y)
    points: list[_Point] = []
    curved, controls = False, 0
    for n in range(raw.FPDFPath_CountSegments(path)):
        segment = raw.FPDFPath_GetPathSegment(path, n)
        kind = raw.FPDFPathSegment_GetType(segment)
        if kind == raw.FPDF_SEGMENT_MOVETO:
            if len(points) > 1:
                yield points, curved
            points, curved, controls = [], False, 0
        elif kind == raw.FPDF_SEGMENT_BEZIERTO:
            curved = True
            controls += 1
            if controls < _BEZIER_POINTS:
                continue
            controls = 0
        raw.FPDFPathSegment_GetPoint(segment, at_x, at_y)
        points.append((x.value, y.value))
        if raw.FPDFPathSegment_GetClose(segment) and points[-1] != points[0]:
            points.append(points[0])
    if len(points) > 1:
        yield points, curved


def _kind(points: list[_Point], *, curved: bool) -> str:
    if not curved and len(set(points)) == 2:
        return "line"
    if curved or len(points) != _RECTANGLE or points[0] != points[-1]:
        return "curve"
    (x0, y0), (x1, y1), (x2, y2), (x3, y3), _ = points
    square = (x0 == x1 and y1 == y2 and x2 == x3 and y3 == y0) or (y0 == y1 and x1 == x2 and y2 == y3 and x3 == x0)
    return "rect" if square else "curve"


def _matrix(drawn: Any) -> tuple[float, float, float, float, float, float]:
    m = raw.FS_MATRIX()
    raw.FPDFPageObj_GetMatrix(drawn, m)
    return m.a, m.b, m.c, m.d, m.e, m.f


def _unit_square(frame: Frame) -> list[_Point]:
    """Where the corners of a picture come to stand: it is drawn into the square of one unit."""
    return [frame.at(x, y) for x in (0, 1) for y in (0, 1)]


def _bounds(points: list[_Point]) -> Box:
    xs, ys = zip(*points, strict=True)
    return Box(settled(min(xs)), settled(min(ys)), settled(max(xs)), settled(max(ys)))
