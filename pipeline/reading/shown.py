"""Where things stand: what of a page is shown, in the frame of the upright page, and to which precision.

Readers give coordinates in the frame of the media box, turned upright. How far the crop box lies inside it on each side
is worked out here from the page's own entries, because the sides change places with `/Rotate` (PDF 1.7, 7.7.3.3).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

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
