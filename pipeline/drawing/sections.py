"""Titled tables of plain cells: what is shown to a person, before any format draws it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Tone = Literal["plain", "added", "removed", "changed", "faint"]


@dataclass(frozen=True, slots=True)
class Track:
    """An interval on a line, for formats that draw: where it begins and ends, and a mark in it, in per cent of the line.

    Drawn hollow where `is_tentative`.
    """

    lower: float
    mark: float
    upper: float
    is_tentative: bool = False


@dataclass(frozen=True, slots=True)
class Cell:
    """Text to show, and in which tone. Lines are separated by line feeds. A web page draws `track` before the text."""

    text: str
    tone: Tone = "plain"
    track: Track | None = None


@dataclass(frozen=True, slots=True)
class Section:
    """One titled table. `note` stands below the title.

    `numeric` says which columns are set flush right, `whole` which are not folded to save room.
    """

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    note: str = ""
    numeric: frozenset[int] = frozenset()
    whole: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class View:
    """All that is to be drawn: a title, a sentence that sums it up, and titled tables.

    The first `overview` tables are about the whole, the others each about a part of it.
    """

    title: str
    summary: str
    sections: tuple[Section, ...]
    overview: int = 0
