"""Tables on a page of which nothing is known beforehand: any number of them, each with its grid of cells.

`layout.grid` reads the one ruled table of a slide that is known to have one. Here the page is asked first whether there is
a table at all. Three signs are taken, the strongest first: a net of rules and filled cells; level rules with columns
between them; figures in columns. What only looks like one (a frame, boxes side by side, the axes of a chart) is left alone.

A cell that reaches over several rows or columns has their number as its span. Rows and columns count from 0.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from pipeline.layout.aligned_figures import aligned_tables, is_figure, is_nil
from pipeline.layout.level_rules import banded_tables
from pipeline.layout.lines import Segment
from pipeline.layout.nets import net_tables

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pipeline.layout.table_cells import PrintedTable
    from pipeline.model import Page


@dataclass(frozen=True)
class TablesOnPage:
    """The tables of a page from the top, and the segments that stand in none of them."""

    tables: tuple[PrintedTable, ...]
    outside: tuple[Segment, ...]


def find_tables(page: Page, segments: Sequence[Segment]) -> TablesOnPage:
    """Every table among `segments`."""
    tables: list[PrintedTable] = []
    parted = [_parted(s) for s in segments]
    rest = [piece for pieces in parted for piece in pieces]
    taken: set[int] = set()
    for find in (net_tables, banded_tables, aligned_tables):
        for table in find(page, rest):
            taken |= {w.number for cell in table.cells for s in cell.segments for w in s.words}
            tables.append(table)
        rest = [s for s in rest if s.words[0].number not in taken]
    tables.sort(key=lambda t: (t.box.top, t.box.x0))
    outside: list[Segment] = []
    for whole, pieces in zip(segments, parted, strict=True):
        loose = [piece for piece in pieces if piece.words[0].number not in taken]
        outside += [whole] if len(loose) == len(pieces) else loose
    return TablesOnPage(tuple(tables), tuple(outside))


def _parted(segment: Segment) -> tuple[Segment, ...]:
    """A dash before a figure is no bullet in a table but the cell beside it, which says "nil"; so are dashes in a row."""
    marker = segment.marker
    if marker is None and len(segment.words) > 1 and all(is_nil(w.text) for w in segment.words):
        return tuple(Segment(segment.page, (word,)) for word in segment.words)
    if marker is None or not marker.passage or segment.skipped:
        return (segment,)
    bare = replace(segment, marker=None)
    if not is_figure(bare):
        return (segment,)
    return Segment(segment.page, marker.passage.words), bare
