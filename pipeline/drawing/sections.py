"""Titled tables of plain cells: what is shown to a person, before any format draws it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Tone = Literal["plain", "added", "removed", "changed", "faint"]


@dataclass(frozen=True, slots=True)
class Cell:
    """Text to show, and in which tone. Lines are separated by line feeds."""

    text: str
    tone: Tone = "plain"


@dataclass(frozen=True, slots=True)
class Section:
    """One titled table. `numeric` says which columns are set flush right; `note` stands below the title."""

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    note: str = ""
    numeric: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class View:
    """All that is to be drawn: a title, a sentence that sums it up, and titled tables."""

    title: str
    summary: str
    sections: tuple[Section, ...]
