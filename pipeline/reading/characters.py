"""The glyphs of one page as columns: what a reader of PDF hands on, whichever library it asks.

A slide has thousands of glyphs, and what is done with them first (their order, their lines, the gaps between them) is
arithmetic: on whole columns it takes a tenth of the time that it takes glyph by glyph.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, TypeVar, overload

import numpy as np

from pipeline.cached import cached_property
from pipeline.model import Box, Glyph, Glyphs
from pipeline.values import value

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from numpy.typing import NDArray

    Numbers = NDArray[np.float64]
    Indices = NDArray[np.intp]
    Flags = NDArray[np.bool_]

T = TypeVar("T")


class Style(NamedTuple):
    """What a reader sees of a glyph beside its letter: font (without its subset's mark), bold, colour as in `Word`."""

    font: str
    bold: bool
    colour: str | None


class Character(NamedTuple):
    """One glyph with its style. Coordinates as in `Box`; `baseline` is measured from the top of the page."""

    text: str
    x0: float
    top: float
    x1: float
    bottom: float
    baseline: float
    size: float
    font: str
    bold: bool
    colour: str | None


@value(slots=False, eq=False)
class Characters:
    """Glyphs in some order, one a place in every column; coordinates as in `Box`, in points.

    `letters` and `styles` are those that occur, each once; `letter` and `style` say which of them each glyph has.
    """

    letter: Indices
    letters: tuple[str, ...]
    x0: Numbers
    top: Numbers
    x1: Numbers
    bottom: Numbers
    baseline: Numbers
    size: Numbers
    style: Indices
    styles: tuple[Style, ...]

    def __len__(self) -> int:
        return len(self.letter)

    def __iter__(self) -> Iterator[Character]:
        columns = (self.x0, self.top, self.x1, self.bottom, self.baseline, self.size, self.style)
        for text, *numbers, style in zip(self.texts, *(c.tolist() for c in columns), strict=True):
            yield Character(text, *numbers, *self.styles[style])

    @cached_property
    def texts(self) -> tuple[str, ...]:
        """What each glyph is read as."""
        return tuple(map(self.letters.__getitem__, self.letter.tolist()))

    def among(self, is_wanted: Callable[[str], bool]) -> Flags:
        """Which glyphs are read as something wanted; asked of each letter that occurs."""
        return np.array([is_wanted(letter) for letter in self.letters], np.bool_)[self.letter]

    @cached_property
    def edges(self) -> tuple[list[float], list[float], list[float], list[float]]:
        """The columns x0, top, x1 and bottom as lists, of which a single number is had much faster."""
        return self.x0.tolist(), self.top.tolist(), self.x1.tolist(), self.bottom.tolist()

    def take(self, places: Indices) -> Characters:
        """The glyphs at these places, in their order."""
        return Characters(
            self.letter[places],
            self.letters,
            self.x0[places],
            self.top[places],
            self.x1[places],
            self.bottom[places],
            self.baseline[places],
            self.size[places],
            self.style[places],
            self.styles,
        )

    @classmethod
    def of(cls, characters: Iterable[Character]) -> Characters:
        """Single glyphs as columns."""
        listed = list(characters)
        letter, letters = numbered([c.text for c in listed])
        style, styles = numbered([Style(c.font, c.bold, c.colour) for c in listed])
        x0, top, x1, bottom, baseline, size = np.array([c[1:7] for c in listed], np.float64).reshape(-1, 6).T
        return cls(letter, letters, x0, top, x1, bottom, baseline, size, style, styles)


def numbered(values: Sequence[T]) -> tuple[Indices, tuple[T, ...]]:
    """Of each value its place among those that occur, and these, each once."""
    places = {value: place for place, value in enumerate(dict.fromkeys(values))}
    return np.array(list(map(places.__getitem__, values)), np.intp), tuple(places)


class GlyphRun(Glyphs):
    """Neighbouring glyphs of a page's columns as the sequence that a `Word` has; a glyph is made when it is asked for."""

    __slots__ = ("_characters", "_glyphs", "_start", "_stop")

    def __init__(self, characters: Characters, start: int, stop: int) -> None:
        self._characters = characters
        self._start = start
        self._stop = stop
        self._glyphs: tuple[Glyph, ...] | None = None

    @property
    def columns(self) -> Characters:
        """All glyphs of the page, of which these stand from `start` up to `stop`."""
        return self._characters

    @property
    def start(self) -> int:
        """The place of the first of these glyphs in `columns`."""
        return self._start

    @property
    def stop(self) -> int:
        """The place behind the last of these glyphs in `columns`."""
        return self._stop

    def _made(self) -> tuple[Glyph, ...]:
        if self._glyphs is None:
            c, run = self._characters, slice(self._start, self._stop)
            columns = zip(c.texts[run], *[edge[run] for edge in c.edges], strict=True)
            self._glyphs = tuple([Glyph(text, Box(*edges)) for text, *edges in columns])
        return self._glyphs

    def box_of(self, start: int, stop: int) -> Box:
        """The smallest box around the glyphs from `start` up to `stop`. Raises IndexError where there are none or not so many."""
        if not 0 <= start < stop <= self._stop - self._start:
            raise IndexError(f"glyphs {start} to {stop} of {len(self)}")
        x0, top, x1, bottom = self._characters.edges
        first = self._start + start
        if stop - start == 1:
            return Box(x0[first], top[first], x1[first], bottom[first])
        run = slice(first, self._start + stop)
        return Box(min(x0[run]), min(top[run]), max(x1[run]), max(bottom[run]))

    def __len__(self) -> int:
        return self._stop - self._start

    def __iter__(self) -> Iterator[Glyph]:
        return iter(self._made())

    @overload
    def __getitem__(self, index: int) -> Glyph: ...
    @overload
    def __getitem__(self, index: slice) -> tuple[Glyph, ...]: ...
    def __getitem__(self, index: int | slice) -> Glyph | tuple[Glyph, ...]:
        if self._glyphs is not None or isinstance(index, slice) or not 0 <= index < self._stop - self._start:
            return self._made()[index]
        # Of most words only the ends are looked at.
        return Glyph(self._characters.texts[self._start + index], self.box_of(index, index + 1))

    def __eq__(self, other: object) -> bool:
        return tuple(self) == tuple(other) if isinstance(other, GlyphRun | tuple) else NotImplemented

    def __hash__(self) -> int:
        return hash(self._made())

    def __repr__(self) -> str:
        return repr(self._made())


NO_CHARACTERS = Characters.of(())
