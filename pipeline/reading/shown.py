"""Where things stand: what of a page is shown, in the frame of the upright page, and to which precision.

Readers give coordinates in the frame of the media box, turned upright. How far the crop box lies inside it on each side
is worked out here from the page's own entries, because the sides change places with `/Rotate` (PDF 1.7, 7.7.3.3).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence

PLACES = 3
"""Coordinates are kept to a thousandth of a point. Those of a page that is turned, or cut out of a larger one, are
computed another way; what differs by the noise of that arithmetic alone must compare as equal."""


def settled(coordinate: float) -> float:
    """A coordinate in points without the noise of floating point arithmetic."""
    return round(coordinate, PLACES)


@dataclass(frozen=True, slots=True)
class Margins:
    """How much of the media box is not shown, in points at each side of the upright page."""

    left: float
    top: float
    right: float
    bottom: float


def margins_of(media: Sequence[float], crop: Sequence[float] | None, rotation: int) -> Margins:
    """The margins of a page with these entries: two opposite corners each, y upwards, `rotation` clockwise in degrees.

    A crop box that reaches outside the media box is cut to it; one that lies wholly outside counts as none.
    """
    x0, x1 = sorted((media[0], media[2]))
    y0, y1 = sorted((media[1], media[3]))
    if crop is None:
        return Margins(0, 0, 0, 0)
    left, right = sorted((crop[0], crop[2]))
    bottom, top = sorted((crop[1], crop[3]))
    left, right, bottom, top = max(left, x0), min(right, x1), max(bottom, y0), min(top, y1)
    if right <= left or top <= bottom:
        return Margins(0, 0, 0, 0)
    sides = [left - x0, y1 - top, x1 - right, bottom - y0]  # clockwise from the left
    # A quarter turn clockwise brings the lower side to the left, the left one to the top, and so on.
    turns = rotation // 90 % 4
    sides = sides[-turns:] + sides[:-turns] if turns else sides
    return Margins(*sides)


class Frame(NamedTuple):
    """The way from a PDF's own coordinates (y upwards) to those of the upright page: x' = ax + cy + e, y' = bx + dy + f."""

    a: float
    b: float
    c: float
    d: float
    e: float
    f: float
    width: float
    height: float

    def inside(self, matrix: tuple[float, float, float, float, float, float]) -> Frame:
        """The way from the coordinates that `matrix` brings to the PDF's own, on to the page."""
        a, b, c, d, e, f = matrix
        return Frame(
            self.a * a + self.c * b,
            self.b * a + self.d * b,
            self.a * c + self.c * d,
            self.b * c + self.d * d,
            self.a * e + self.c * f + self.e,
            self.b * e + self.d * f + self.f,
            self.width,
            self.height,
        )

    def at(self, x: float, y: float) -> tuple[float, float]:
        """Where a point stands on the page."""
        return self.a * x + self.c * y + self.e, self.b * x + self.d * y + self.f


def frame_of(shown: tuple[float, float, float, float], rotation: int) -> Frame:
    """The frame of a page of which `shown` (left, bottom, right, top) is shown, turned clockwise by `rotation` degrees."""
    x0, y0, x1, y1 = shown
    width, height = x1 - x0, y1 - y0
    turned = rotation // 90 % 4
    if turned == 1:
        return Frame(0, 1, 1, 0, -y0, -x0, height, width)
    if turned == 2:
        return Frame(-1, 0, 0, 1, x1, -y0, width, height)
    if turned == 3:
        return Frame(0, -1, -1, 0, y1, x1, height, width)
    return Frame(1, 0, 0, -1, -x0, y1, width, height)
