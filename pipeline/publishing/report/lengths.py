"""Lengths as the review page holds them: to a hundredth of a point, all of a page at once."""

from __future__ import annotations

from operator import itemgetter
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from pipeline.model import Box

PLACES = 2
"""How many decimal places of a point are kept."""

_edges_of = itemgetter("x0", "top", "x1", "bottom")

NEAR_A_HALF = 1e-3
"""In hundredths of a point: so near to the middle between two numbers, noise of the product decides which is nearer."""


def box_edges(boxes: Iterable[Box]) -> list[list[float]]:
    """Left, upper, right and lower edge of each box, rounded."""
    return _rounded([(b.x0, b.top, b.x1, b.bottom) for b in boxes])


def row_edges(rows: Iterable[Mapping[str, Any]]) -> list[list[float]]:
    """Left, upper, right and lower edge of each row that has them as columns, rounded."""
    return _rounded([[float(edge) for edge in _edges_of(row)] for row in rows])


def _rounded(boxes: Sequence[Sequence[float]]) -> list[list[float]]:
    """Each number as `round` gives it, which takes a microsecond for one."""
    lengths = np.array(boxes, np.float64).reshape(-1, 4)
    hundredths = lengths * 10**PLACES
    rounded = np.rint(hundredths) / 10**PLACES
    undecided = np.abs(hundredths - np.floor(hundredths) - 0.5) < NEAR_A_HALF
    rounded[undecided] = [round(length, PLACES) for length in lengths[undecided].tolist()]
    listed: list[list[float]] = rounded.tolist()
    return listed
