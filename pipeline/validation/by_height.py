"""Things on a page by where they stand downwards, so that those on one line are found without looking at all of them."""

from __future__ import annotations

import math
from bisect import bisect_left
from typing import TYPE_CHECKING, Generic, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from pipeline.model import Box

T = TypeVar("T")


class ByHeight(Generic[T]):
    """`things`, each with the box that `box_of` gives it. What has no place, its edges being no numbers, is never found."""

    def __init__(self, things: Iterable[T], box_of: Callable[[T], Box]) -> None:
        placed = [(thing, box_of(thing)) for thing in things]
        self._things = [(thing, box) for thing, box in placed if not math.isnan(box.top + box.bottom)]
        self._order = sorted(range(len(self._things)), key=lambda n: self._things[n][1].top)
        self._tops = [self._things[n][1].top for n in self._order]
        self._tallest = max((box.bottom - box.top for _, box in self._things), default=0.0)

    def crossing(self, top: float, bottom: float) -> list[T]:
        """Those that stand lower than `top` with their lower edge and higher than `bottom` with their upper one.

        In the order in which they were given.
        """
        first = bisect_left(self._tops, top - self._tallest)
        last = bisect_left(self._tops, bottom)
        return [self._things[n][0] for n in sorted(self._order[first:last]) if self._things[n][1].bottom > top]
