"""A ruled table whose left columns name what its right column says: each cell with the labels of its row."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pipeline.layout.grid import Cell


@dataclass(frozen=True)
class LabelledCell:
    """A cell that says something, and the cells left of it in its row, the nearest first. Merged ones label several."""

    cell: Cell
    labels: tuple[Cell, ...]


def labelled_cells(cells: Sequence[Cell]) -> tuple[list[LabelledCell], list[Cell]]:
    """The cells that say something, from the top and from left to right, and the labels. `cells` are of one table."""
    if not cells:
        return [], []
    edge = _content_edge(cells) - cells[0].segments[0].size
    labels = [c for c in cells if c.box.x0 < edge]
    contents = sorted((c for c in cells if c.box.x0 >= edge), key=lambda c: (c.box.top, c.box.x0))
    return [LabelledCell(cell, _labels_of(cell, labels)) for cell in contents], labels


def _labels_of(cell: Cell, labels: Sequence[Cell]) -> tuple[Cell, ...]:
    beside = [c for c in labels if c.box.top <= cell.middle <= c.box.bottom]
    return tuple(sorted(beside, key=lambda c: -c.box.x0))


def _content_edge(cells: Sequence[Cell]) -> float:
    """Where what the labels name begins: the left side that most cells have with no cell right of them."""
    size = cells[0].segments[0].size
    lasts: Counter[int] = Counter()
    for cell in cells:
        following = any(
            o is not cell and o.box.x0 >= cell.box.x1 - size and o.box.top <= cell.middle <= o.box.bottom for o in cells
        )
        if not following:
            lasts[round(cell.box.x0 / size)] += 1
    if not lasts:
        return min(c.box.x0 for c in cells)
    common = max(lasts, key=lambda k: (lasts[k], -k))
    return min(c.box.x0 for c in cells if abs(c.box.x0 / size - common) <= 1)
