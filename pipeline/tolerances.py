"""The tolerances that geometry is judged with: named numbers that can be moved, to see what hangs by a hair.

A tolerance says how many times something measured on the page (a size, a width) a distance may be: `LINE_GAP * size` is a
length. It is the same object wherever it is imported, and what it is worth is asked when it is used, so that one reading
can be made with other tolerances (`moved`) while another thread reads with the usual ones.
"""

from __future__ import annotations

from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator


@dataclass(frozen=True)
class Move:
    """Every tolerance, or the one called `only`, multiplied by `factor`."""

    factor: float
    only: str | None = None


_move: ContextVar[Move | None] = ContextVar("move", default=None)
_known: dict[str, Tolerance] = {}


class Tolerance:
    """A number with a name, which is unique and says in words what is measured.

    `in_reading` marks those that glyphs and drawings are put together with: moving one takes reading the file anew.
    """

    __slots__ = ("in_reading", "name", "value")

    def __init__(self, value: float, name: str, *, in_reading: bool = False) -> None:
        if name in _known:
            raise ValueError(f"two tolerances are called {name!r}")
        self.value = value
        self.name = name
        self.in_reading = in_reading
        _known[name] = self

    def __float__(self) -> float:
        move = _move.get()
        if move is None or (move.only is not None and move.only != self.name):
            return self.value
        return self.value * move.factor

    def __mul__(self, measured: float) -> float:
        return float(self) * measured

    __rmul__ = __mul__

    def __repr__(self) -> str:
        return f"Tolerance({self.value}, {self.name!r})"


@contextmanager
def moved(move: Move) -> Iterator[None]:
    """Until the block ends, and in this thread only, tolerances are worth what `move` makes of them."""
    token = _move.set(move)
    try:
        yield
    finally:
        _move.reset(token)


def known_tolerances() -> tuple[Tolerance, ...]:
    """Every tolerance of the modules that have been imported, by name."""
    return tuple(_known[name] for name in sorted(_known))
