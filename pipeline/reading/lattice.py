"""camelot's reading of a ruled table: a second opinion on where its cells are.

camelot costs over a second to import, so it is loaded only when a page has a full grid.
"""

from __future__ import annotations

import logging
import warnings
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pipeline.model import Box
from pipeline.reading.shown import Margins, margins_of

if TYPE_CHECKING:
    from pathlib import Path


@dataclass(frozen=True, slots=True)
class LatticeCell:
    """A cell, merged ones whole, in points from the top left corner of the page, and its number on the page."""

    number: int
    boxes: tuple[Box, ...]

    def holds(self, x: float, y: float) -> bool:
        """Whether a point lies in the cell."""
        return any(b.x0 <= x <= b.x1 and b.top <= y <= b.bottom for b in self.boxes)


def lattice_cells(path: Path, page: int, height: float, password: str | None = None) -> tuple[LatticeCell, ...]:
    """The cells that camelot finds on a page `height` points high by the lines drawn around them; empty without a grid."""
    import camelot

    # How blocks of text follow each other says nothing about lines, and finding it out takes a tenth of the time.
    text_layout = {"boxes_flow": None}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        logging.getLogger("camelot").setLevel(logging.ERROR)
        tables = camelot.read_pdf(  # type: ignore[attr-defined]
            str(path),
            pages=str(page),
            flavor="lattice",
            engine="vector",
            password=password,
            layout_kwargs=text_layout,
        )
    # camelot measures from the media box's lower left corner, y upwards.
    margins = _margins(path, page, password)
    left, above = margins.left, margins.bottom + height
    cells: list[LatticeCell] = []
    for table in tables:
        for group in _merged(table.cells):
            boxes = tuple(
                Box(c.x1 - left, above - c.y2, c.x2 - left, above - c.y1) for c in (table.cells[i][j] for i, j in group)
            )
            cells.append(LatticeCell(len(cells), boxes))
    return tuple(cells)


def _margins(path: Path, page: int, password: str | None) -> Margins:
    import playa  # camelot reads the page with it as well

    with playa.open(path, password=password or "") as pdf:
        entries = pdf.pages[page - 1]
        return margins_of(entries.mediabox, entries.cropbox, entries.rotate)


def _merged(grid: list[list[object]]) -> list[list[tuple[int, int]]]:
    """The positions of cells with no line between them, together."""
    groups: dict[tuple[int, int], list[tuple[int, int]]] = {}
    for i, row in enumerate(grid):
        for j, cell in enumerate(row):
            group = [(i, j)]
            if j > 0 and not cell.left:  # type: ignore[attr-defined]
                group = groups[i, j - 1]
                group.append((i, j))
            if i > 0 and not cell.top:  # type: ignore[attr-defined]
                above = groups[i - 1, j]
                if above is not group:
                    above += [place for place in group if place not in above]
                    for place in above:
                        groups[place] = above
                    group = above
            groups[i, j] = group
    unique: dict[int, list[tuple[int, int]]] = {}
    for group in groups.values():
        unique.setdefault(id(group), sorted(set(group)))
    return sorted(unique.values())
