"""Tables without rules, shown by figures that stand in columns.

Only figures are taken for it: words that stand in columns may as well be two columns of prose. A row is a line; the lines
between the rows and the column heads right above them belong to the table, each as a row of its own.
"""

from __future__ import annotations

import re
from collections import Counter
from functools import lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING

from pipeline.layout.lines import common_size, lines_of
from pipeline.layout.table_cells import PrintedTable, TableCell, is_tabular, printed_table
from pipeline.model import Box, union
from pipeline.tolerances import Tolerance

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pipeline.layout.lines import Segment
    from pipeline.model import Page

LEAST = 3
"""So many lines with figures in the same columns make a table."""

APART = Tolerance(2.2, "apart of aligned figures")
"""Lines farther apart than this many font sizes are not of one table."""

CROSSED = Tolerance(0.2, "crossed of aligned figures")
"""White space divides columns where less than this part of the rows has text in it."""

RUN_OVER = Tolerance(0.6, "run over of aligned figures")
"""Lines of one cell are at most this many font sizes apart."""

FULL = Tolerance(0.5, "full of aligned figures")
"""At least this part of a table's places has text."""

UNLABELLED = 6
"""So many rows of figures are a table even where no words stand before them; fewer may be the axes of a chart."""

BETWEEN = 2
"""At most so many lines in a row may have no figures, a heading or a label that runs over; more is text between tables."""

TOGETHER = Tolerance(0.15, "together of aligned figures")
"""Stretches nearer than this many font sizes are one column."""

HEAD_LINES = 4
"""A table's column heads are at most so many lines."""

LISTED = 3
"""A cell with so many lines, most of them figures, is a column of a table whose rows have no rules."""

_FIGURE = re.compile(
    r"[\s(（\[△▲▼+\-–—−<>~約$€£¥￥]*(?:[A-Z]{2,3}\s?)?[$€£¥￥]?\s*\d[\d.,，．]*(?:\s\d{3})*(?:\s\.\d+)?\s*"
    r"(?:[%％‰)）\]*†‡億万千兆円件社人名校年]|[KMBT]|bn|pp|\d\))*"
)
_DATE = re.compile(r"\d{1,4}([./-])\d{1,2}(?:\1\d{1,4})?")
_NIL = re.compile(r"(?:[-–—−.…‥・]+|\(?[Xx]\)?|[Nn]\.?/?[Aa]\.?|\([A-Z]\))")


def aligned_tables(_page: Page, segments: Sequence[Segment]) -> list[PrintedTable]:
    """The tables that columns of figures show."""
    size = common_size(segments)
    if not size:
        return []
    tables = []
    for lines in _runs(lines_of(segments), size):
        table = _table(lines, size)
        if table is not None:
            tables.append(table)
    return tables


def is_figure(segment: Segment) -> bool:
    """Whether a segment is a number as it stands in a table, with sign, currency or per cent, or a date in numbers."""
    return segment.marker is None and _reads_as_figure(segment.text)


@lru_cache(maxsize=8192)
def _reads_as_figure(text: str) -> bool:
    return _FIGURE.fullmatch(text) is not None or _DATE.fullmatch(text) is not None


@lru_cache(maxsize=8192)
def is_nil(text: str) -> bool:
    """Whether a text stands for "nothing" or "not applicable" in a column of figures."""
    return _NIL.fullmatch(text) is not None


def lists_figures(cell: TableCell) -> bool:
    """Whether a cell lists figures line by line: then the lines are the rows, whatever rules are drawn."""
    lines = lines_of(cell.segments)
    return len(lines) >= LISTED and 2 * sum(any(is_figure(s) for s in line) for line in lines) > len(lines)


def _figures(line: Sequence[Segment]) -> int:
    return sum(is_figure(s) or is_nil(s.text) for s in line)


def _is_row(line: Sequence[Segment]) -> bool:
    """Whether a line is a label with figures, or figures alone."""
    figures = _figures(line)
    return len(line) > 1 and figures > 0 and any(is_figure(s) for s in line) and 2 * figures >= len(line) - 1


def _runs(lines: Sequence[list[Segment]], size: float) -> Iterator[list[list[Segment]]]:
    """Stretches of lines that hang together, from the column heads above the first row with figures to the last."""
    rows = [i for i, line in enumerate(lines) if _is_row(line)]
    group: list[int] = []
    for i in rows:
        if group and not _belongs(lines[group[-1] : i + 1], size):
            yield from _with_heads(lines, group, size)
            group = []
        group.append(i)
    yield from _with_heads(lines, group, size)


def _belongs(lines: Sequence[list[Segment]], size: float) -> bool:
    """Whether the last of `lines` is a row of the table whose last row is the first of them.

    A total may stand further below, with its figures in the same columns.
    """
    if len(lines) - 2 > BETWEEN:
        return False
    first, last = lines[0], lines[-1]
    alike = len(first) == len(last) and all(a.box.overlap_x(b.box) > 0 for a, b in zip(first, last, strict=True))
    return _close(lines, size) or (alike and len(lines) == 2 and _close(lines, 2 * size))


def _close(lines: Sequence[list[Segment]], size: float) -> bool:
    """Whether each line follows the one above it without a gap that ends a table."""
    boxes = [union(s.box for s in line) for line in lines]
    return all(b.top - a.bottom <= APART * size for a, b in pairwise(boxes))


def _with_heads(lines: Sequence[list[Segment]], rows: Sequence[int], size: float) -> Iterator[list[list[Segment]]]:
    if len(rows) < LEAST:
        return
    columns = _columns([lines[i] for i in rows], size)
    first = rows[0]
    for i in range(rows[0] - 1, max(-1, rows[0] - 1 - HEAD_LINES), -1):
        # Heads of most columns are heads across a wider gap; a lone one may stand between lines of several.
        gap = 2 * APART if 2 * len(lines[i]) >= len(columns) else APART
        if not _close(lines[i : i + 2], size * gap / float(APART)):
            break
        # A lone one over the figures belongs to them; one that begins at the left is the text before the table.
        if len(lines[i]) > 1 or (columns and lines[i][0].start > columns[0][1]):
            first = i
        elif i < first - 1:
            break
    last = rows[-1]
    for i in range(last + 1, min(last + 1 + BETWEEN, len(lines))):
        # A label or description that runs over under the last row, right of the first column.
        under = (
            all(columns[0][1] < s.start and s.box.x1 <= columns[-1][1] + size for s in lines[i]) if columns else False
        )
        if not under or not _close(lines[i - 1 : i + 1], size * float(RUN_OVER) / float(APART)):
            break
        last = i
    yield list(lines[first : last + 1])


def _table(lines: Sequence[list[Segment]], size: float) -> PrintedTable | None:
    rows = [line for line in lines if _is_row(line)]
    columns = _columns(rows, size)
    if len(columns) < 2:
        return None
    cells: dict[tuple[int, int, int], list[Segment]] = {}
    shared = 0
    for r, line in enumerate(lines):
        for s in line:
            over = [i for i, (x0, x1) in enumerate(columns) if min(s.box.x1, x1) - max(s.start, x0) > 0.3 * size]
            if not over:
                middle = (s.start + s.box.x1) / 2
                over = [min(range(len(columns)), key=lambda i: abs(sum(columns[i]) / 2 - middle))]
            key = (r, over[0], over[-1] - over[0] + 1)
            shared += key in cells and is_figure(s)
            cells.setdefault(key, []).append(s)
    if shared > len(rows) // 2:
        return None
    figures = Counter(c for (_, c, _), members in cells.items() if all(is_figure(s) for s in members))
    if max(figures.values(), default=0) < LEAST:
        return None
    labelled = sum(not is_figure(line[0]) for line in rows)
    if 2 * labelled < len(rows) < UNLABELLED:
        return None
    made = _apart(cells)
    if not is_tabular(made) or len(made) < FULL * len(lines) * len(columns):
        return None
    box = union(Box(s.start, s.box.top, s.box.x1, s.box.bottom) for line in lines for s in line)
    return printed_table("aligned figures", box, made)


def _apart(cells: dict[tuple[int, int, int], list[Segment]]) -> list[TableCell]:
    """Cells so that no two of a row overlap: what reaches into the next one's columns ends before them."""
    made: list[TableCell] = []
    for (row, column, span), members in sorted(cells.items()):
        last = made[-1] if made else None
        if last is not None and last.row == row and column < last.column + last.column_span:
            if column == last.column:
                made[-1] = TableCell(row, column, 1, max(span, last.column_span), (*last.segments, *members))
                continue
            made[-1] = TableCell(row, last.column, 1, column - last.column, last.segments)
        made.append(TableCell(row, column, 1, span, tuple(members)))
    return made


def _columns(rows: Sequence[Sequence[Segment]], size: float) -> list[tuple[float, float]]:
    """From where to where each column reaches: where text of enough rows stands, then where any text of one column does."""
    spans = [(s.start, s.box.x1) for line in rows for s in line]
    core = _stretches(spans, max(1.0, CROSSED * len(rows)), size)

    def crosses(s: Segment) -> bool:
        # A head may reach right up to the next column without standing over it; figures keep their distance.
        reach = 0.0 if is_figure(s) else size
        return sum(min(s.box.x1, b) - max(s.start, a) > -reach for a, b in core) > 1

    return _stretches([(s.start, s.box.x1) for line in rows for s in line if not crosses(s)], 1.0, size)


def _stretches(spans: Sequence[tuple[float, float]], least: float, size: float) -> list[tuple[float, float]]:
    """Where at least `least` of the spans lie over one another, next to no gap between them left out."""
    events = sorted([(a, 1) for a, _ in spans] + [(b, -1) for _, b in spans], key=lambda e: (e[0], -e[1]))
    found: list[tuple[float, float]] = []
    depth, start = 0, None
    for x, step in events:
        before, depth = depth, depth + step
        if before < least <= depth:
            start = x
        elif before >= least > depth and start is not None:
            if found and start - found[-1][1] < TOGETHER * size:
                found[-1] = (found[-1][0], x)
            else:
                found.append((start, x))
            start = None
    return found
