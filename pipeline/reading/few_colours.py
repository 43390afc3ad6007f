"""A drawn page in as few colours as a palette has room for.

A drawn page is flat: along its rows nine of ten pixels have the colour of the one before. So colours are counted and
replaced by runs of equal pixels, and a run is as quick as a pixel.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from PIL import Image

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Bytes = NDArray[np.uint8]
    Colours = NDArray[np.uint32]
    Integers = NDArray[np.intp]

PALETTE_SIZE = 256
"""So many colours has a picture whose pixels are one byte each, which is compressed three times as fast."""

STEPS = (1, 2, 4, 8, 16)
"""Shades, of 256 a channel, within which colours may be merged to fit a palette: more than the last would be seen."""

_RGB, _RED_GREEN, _BLUE, _SHADES = 0xFFFFFF, 0xFFFF, 16, 256
"""The three bytes of a pixel that are its colour: red is the lowest, then green; where blue begins; shades of each."""


class FewColours(NamedTuple):
    """A picture as rows of numbers of colours, and these: three bytes each, red, green and blue."""

    pixels: Bytes
    colours: bytes


@dataclass(frozen=True, slots=True, eq=False)
class Runs:
    """A picture as runs of equal pixels, row by row: where each begins, counted in pixels, and its colour."""

    shape: tuple[int, int]
    starts: Integers
    colours: Colours

    @classmethod
    def of(cls, pixels: Bytes) -> Runs:
        """The runs of rows of pixels of four bytes each: red, green, blue and one that does not count."""
        height, width, _ = pixels.shape
        flat = np.ascontiguousarray(pixels).view("<u4").reshape(-1)
        begins = np.ones(flat.size, np.bool_)
        np.not_equal(flat[1:], flat[:-1], out=begins[1:])
        starts = np.flatnonzero(begins)
        return cls((height, width), starts, flat[starts] & np.uint32(_RGB))

    def lengths(self) -> Integers:
        """How many pixels each run has."""
        height, width = self.shape
        return np.diff(self.starts, append=height * width)

    def different(self, most: int) -> Colours | None:
        """The colours that occur, each once; None where they are more than `most`."""
        counted = Image.frombuffer("RGBX", (len(self.colours), 1), self.colours).getcolors(most)
        if counted is None:
            return None
        listed: list[Any] = [colour for _, colour in counted]
        return np.array(listed, np.uint8).view("<u4").reshape(-1)


def _places(colours: Colours, known: Colours) -> NDArray[np.uint16]:
    """The place of each colour among those that are `known`, each once, which hold all of them and are at most 65,536.

    A table of all colours would take 32 MB, and a look into it a moment each: red and green lead to a row of their own for
    blue, and there are as many rows as pairs of red and green occur.
    """
    pairs, row = np.unique(known & _RED_GREEN, return_inverse=True)
    rows = np.zeros(_RED_GREEN + 1, np.uint32)
    rows[pairs] = np.arange(len(pairs)) * _SHADES
    places = np.zeros(len(pairs) * _SHADES, np.uint16)
    places[row * _SHADES + (known >> _BLUE)] = np.arange(len(known))
    # Small numbers throughout, which the machine keeps at hand.
    return places.take(rows.take(colours & np.uint32(_RED_GREEN)) + (colours >> np.uint32(_BLUE)))


def few_colours(picture: Runs, most: int) -> FewColours | None:
    """The picture in the colours of a palette: the common ones as they are, the rare ones within less than the last step.

    None where it has more than `most` colours, or where those cannot be merged into so few.
    """
    known = picture.different(most)
    if known is None:
        return None
    channels = np.stack([known >> shift & 0xFF for shift in (0, 8, 16)]).astype(np.intp)
    if len(np.unique(_cells(channels, STEPS[-1]))) > PALETTE_SIZE:
        return None
    number, lengths = _places(picture.colours, known), picture.lengths()
    pixels = np.bincount(number, weights=lengths, minlength=len(known))
    # The commonest first; which of equally common ones comes first must not be left to chance.
    order = np.lexsort((*channels[::-1], pixels))[::-1]
    channels = channels[:, order]
    kept, place = np.unique(_merged(channels), return_inverse=True)
    of_number = np.empty(len(known), np.uint8)
    of_number[order] = place
    rows = np.repeat(of_number[number], lengths).reshape(picture.shape)
    return FewColours(rows, channels[:, kept].T.astype(np.uint8).tobytes())


def _cells(channels: Integers, step: int) -> Integers:
    """A number for each colour that those share which are alike in all but `step` shades; a row of `channels` each."""
    red, green, blue = channels // step
    return np.asarray((red << 16) + (green << 8) + blue, np.intp)


def _merged(channels: Integers) -> Integers:
    """For each of the colours, the commonest first, the place of the one that it is shown as.

    That is the commonest which is alike in all but as few shades as possible, of those within which all fit a palette. As
    many of the merged ones as there is room for, the commonest, are shown as they are.
    """
    for step in STEPS:
        _, first, cell = np.unique(_cells(channels, step), return_index=True, return_inverse=True)
        if len(first) <= PALETTE_SIZE:
            break
    shown = np.asarray(first[cell], np.intp)
    spare = np.flatnonzero(shown != np.arange(len(shown)))[: PALETTE_SIZE - len(first)]
    shown[spare] = spare
    return shown
