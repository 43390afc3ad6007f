"""A ruled table whose left columns name what its right column says: each cell with the labels of its row, or its own heading."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pipeline.layout.column_lines import body_style, is_set_off, make_lines

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pipeline.layout.column_lines import Line
    from pipeline.layout.grid import Cell
    from pipeline.model import Page


@dataclass(frozen=True)
class LabelledCell:
    """A cell that says something, and the cells left of it in its row, the nearest first. Merged ones label several."""

    cell: Cell
    labels: tuple[Cell, ...]


@dataclass(frozen=True)
class HeadedCell:
    """A cell that begins with its own heading: the heading's lines and those below it, each at least one."""

    heading: tuple[Line, ...]
    lines: tuple[Line, ...]


def headed_cells(cells: Sequence[Cell], page: Page) -> list[HeadedCell]:
    """The cells of a table that is no more than boxes side by side: each begins with lines set off, and has no others.

    Empty where one cell does not, or no two stand beside each other: there the left one may label the right one.
    """
    if not any(a.box.x1 <= b.box.x0 and a.box.overlap_y(b.box) > 0 for a in cells for b in cells):
        return []
    lines = [make_lines(cell.segments, page, ()) for cell in cells]
    body = body_style([line for of_cell in lines for line in of_cell])
    found = []
    for of_cell in lines:
        off = [line.marker is None and is_set_off(line, body) for line in of_cell]
        end = off.index(False) if False in off else len(off)
        if not 0 < end < len(off) or any(off[end:]):
            return []
        found.append(HeadedCell(tuple(of_cell[:end]), tuple(of_cell[end:])))
    return found


def labelled_cells(cells: Sequence[Cell]) -> tuple[list[LabelledCell], list[Cell]]:
    """The cells that say something, from the top and from left to right, and the labels. `cells` are of one table."""
    if not cells:
        return [], []
    edge = _content_edge(cells) - cells[0].segments[0].size
    labels = [c for c in cells if c.box.x0 < edge]
    contents = sorted((c for c in cells if c.box.x0 >= edge), key=lambda c: (c.box.top, c.box.x0))
    return [LabelledCell(cell, _labels_of(cell, labels)) for cell in contents], labels


def head_rows(rows: Sequence[LabelledCell], page: Page) -> list[LabelledCell]:
    """The rows at the top of a table that head its columns: a line in bold, where what the cells below say is not."""
    lines = [make_lines(row.cell.segments, page, ()) for row in rows]
    body = body_style([line for of_row in lines for line in of_row])
    heads = []
    for row, of_row in zip(rows, lines, strict=True):
        is_bold = body is not None and of_row[0].style.bold and not body.bold
        if len(of_row) > 1 or of_row[0].marker is not None or not is_bold:
            break
        heads.append(row)
    return heads if len(heads) < len(rows) else []


def cells_of(rows: Sequence[LabelledCell]) -> tuple[Cell, ...]:
    """The cells of rows, each once: a merged one labels several."""
    cells = {id(cell): cell for row in rows for cell in (*row.labels, row.cell)}
    return tuple(cells.values())


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
