"""Which text of a column is an amount: pieces of money in cells of their own, or in the line of their name."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING

from pipeline.extractors.bodies import listed_bodies
from pipeline.extractors.item_text import trailing_amounts
from pipeline.language.amounts import Vocabulary, find_amounts, is_amount_fragment, mark_kind
from pipeline.layout.lines import same_line
from pipeline.tolerances import Tolerance

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from pipeline.extractors.harvest import Context
    from pipeline.layout.column_lines import Line
    from pipeline.layout.columns import Column
    from pipeline.layout.lines import Segment

NAME_SHARE = Tolerance(0.3, "share of a column that is the name's")
"""What begins within this part of a column's width, with nothing to its left, is text and not an amount cell."""

WIDE_SPACE = Tolerance(1.3, "space of a Han character")
"""A space as wide as a Han character, with its side bearings: so far behind its name an amount is still in its line."""

ALIGNED_EDGE = Tolerance(0.3, "slack of amounts in line")
"""Amounts whose ends differ by less than this many font sizes stand in line with each other."""

IN_LINE = 2
"""An amount stands in a column of amounts where at least so many others are in line with it, or all where there are fewer."""

DASHES = " -‐–—―－−"
"""What may stand in front of a mark on a line of its own."""


def is_cell(segment: Segment, context: Context) -> bool:
    """Whether a segment is nothing but amounts, pieces of them, and marks, or what else stands in a table's cells.

    These are the cells that the context knows, and on a slide that declares a unit bare numbers, signs for no amount, and
    lists of bodies.
    """
    if segment.marker is not None:
        return False
    marks = context.profile.marks
    if _is_fragment(segment.text, context.vocabulary, marks.is_new, marks.is_ai_safety):
        return True
    if segment in context.table_cells:
        return True
    if context.scale is None:
        return False
    text = without_marks(segment.text, context).strip()
    return (
        [(a.start, a.end) for a in context.amounts_in_cell(text)] == [(0, len(text))]
        or bool(mark_kind(text, context.vocabulary))
        or bool(listed_bodies(text, context.organizations))
    )


def names_and_cells(column: Column, context: Context) -> tuple[list[Segment], list[Segment]]:
    """Names and amount cells: a cell is nothing but amounts, and does not begin where names begin.

    In a table with a column of bodies that may stand in front of the names.
    """
    bound = column.x0 + NAME_SHARE * (column.x1 - column.x0)
    names: list[Segment] = []
    cells: list[Segment] = []
    low: list[Segment] = []
    for s in column.segments:
        if s in context.table_cells:
            cells.append(s)
        elif not is_cell(s, context):
            names.append(s)
        elif s.start >= bound or _has_left_of(s, column.segments):
            cells.append(s)
        else:
            low.append(s)
    # Long amounts on a line of their own begin far left, and end where the others do.
    ends = sorted(c.box.x1 for c in cells)
    for s in low:
        reach = ALIGNED_EDGE * s.size
        in_line = bisect_right(ends, s.box.x1 + reach) - bisect_left(ends, s.box.x1 - reach)
        (cells if in_line >= IN_LINE and s.start - column.x0 > s.size else names).append(s)
    return names, cells


def _has_left_of(segment: Segment, segments: Iterable[Segment]) -> bool:
    """Whether something else stands on the segment's line, left of it."""
    left = segment.box.x0
    return any(o is not segment and o.box.x1 <= left and same_line(o, segment) for o in segments)


def with_own_dash(segment: Segment, context: Context) -> Segment:
    """A segment that is a mark alone ("– [New]") has no bullet: the dash in front ends the name on the line above."""
    marker = segment.marker
    if marker is None or not marker.passage or segment.skipped or without_marks(segment.text, context).strip():
        return segment
    return replace(segment, words=(*marker.passage.words, *segment.words), marker=None)


def without_marks(text: str, context: Context) -> str:
    """A text with the profile's marks taken out."""
    marks = context.profile.marks
    return _without(text, marks.is_new, marks.is_ai_safety)


@lru_cache(maxsize=8192)
def _without(text: str, *kinds: tuple[str, ...]) -> str:
    for marks in kinds:
        for mark in marks:
            text = text.replace(mark, " ")
    return text


@lru_cache(maxsize=8192)
def _is_fragment(text: str, vocabulary: Vocabulary, *marks: tuple[str, ...]) -> bool:
    return is_amount_fragment(_without(text, *marks).strip(), vocabulary)


def amounts_are_inline(columns: Sequence[Column], context: Context) -> bool:
    """Whether amounts follow their names, wherever those end, instead of standing in line with each other."""
    if context.scale is not None:
        return False
    aligned = following = 0
    for column in columns:
        _, cells = names_and_cells(column, context)
        # A piece of an amount that ends where all lines end was broken there.
        complete = [c for c in cells if is_complete(c, context)]
        whole = frozenset(map(id, complete))
        lefts, rights = [c.box.x0 for c in complete], [c.box.x1 for c in complete]
        wanted = max(1, min(IN_LINE, len(complete) - 1))
        for cell in cells:
            if cell in context.table_cells:
                continue
            reach, box = ALIGNED_EDGE * cell.size, cell.box
            # A complete cell is in line with itself, too.
            in_line = max(
                sum([abs(x - box.x1) <= reach for x in rights]), sum([abs(x - box.x0) <= reach for x in lefts])
            )
            if in_line - 1 >= wanted and id(cell) in whole:
                aligned += 1
            elif follows(cell, column.segments) is not None:
                following += 1
    return following > aligned


def is_complete(cell: Segment, context: Context) -> bool:
    """Whether a cell is amounts from its beginning to its end, marks aside, with their currency and brackets closed."""
    return is_whole_amounts(cell.text, context)


def is_whole_amounts(printed: str, context: Context) -> bool:
    """The same of a text."""
    marks = context.profile.marks
    return _is_whole_amounts(printed, context.vocabulary, marks.is_new, marks.is_ai_safety)


@lru_cache(maxsize=8192)
def _is_whole_amounts(printed: str, vocabulary: Vocabulary, *marks: tuple[str, ...]) -> bool:
    text = _without(printed, *marks).strip()
    found = find_amounts(text, vocabulary)
    return bool(found) and (found[0].start, found[-1].end) == (0, len(text)) and is_balanced(text)


def follows(cell: Segment, segments: Iterable[Segment]) -> Segment | None:
    """The segment on the cell's line that ends where a wide space before the cell begins, if there is one."""
    return next(
        (
            s
            for s in segments
            if 0 <= cell.box.x0 - s.box.x1 <= WIDE_SPACE * cell.size
            and s.box.overlap_y(cell.box) > 0.5 * cell.box.height
        ),
        None,
    )


def ends_in_amount(line: Line, context: Context) -> bool:
    """Whether a line has text and, behind it in the same run of words, an amount at its end."""
    found = trailing_amounts(line.segments[-1].passage, context, complete=True)
    return bool(found) and found[0].start > 0


def budgets_beside(line: Line, cells: Iterable[Segment], context: Context) -> set[bool]:
    """Whether amounts beside a line are in brackets: one of each kind makes an item, the plain one first."""
    beside = cells_beside(line, cells)
    found = [a for c in beside if is_complete(c, context) for a in context.amounts(c.passage.raw)]
    return {bool(a.bracket) for a in found}


def cells_beside(line: Line, cells: Iterable[Segment]) -> list[Segment]:
    """The cells right of a line that share more than half their height with it."""
    box = line.box
    top, bottom = box.top, box.bottom
    # Few cells are level with a line, so that is asked first.
    level = [c for c in cells if (b := c.box).bottom > top and b.top < bottom]
    return [c for c in level if c.box.x0 >= box.x1 and c.box.overlap_y(box) > 0.5 * c.box.height]


def is_balanced(text: str) -> bool:
    """Whether every bracket in a text is closed in it."""
    return all(text.count(a) == text.count(b) for a, b in ("[]", "()", "［］", "（）", "〔〕", "【】"))
