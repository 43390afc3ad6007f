"""A table's column of bodies: beside each name, in a cell of its own, the ministries that it belongs to."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from pipeline.extractors.bodies import listed_bodies
from pipeline.language.amounts import is_amount_fragment
from pipeline.layout.column_lines import LINE_GAP
from pipeline.layout.stacks import stacks_of
from pipeline.model import union
from pipeline.passage import join
from pipeline.tolerances import Tolerance

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pipeline.extractors.harvest import Context
    from pipeline.layout.lines import Segment
    from pipeline.passage import Passage

    Lines = tuple[Segment, ...]

ALIGNED_BODIES = Tolerance(0.3, "slack of bodies in line")
"""Bodies whose left sides, middles or right sides differ by less than this many font sizes stand in line."""

MOST_LINES = 6
"""A list of bodies is wrapped over so many lines at most."""

BRACKET, AND_OTHERS = "bracket around a body", "and others"
"""The reasons under which what stands around bodies is set aside."""

LEAST_CELLS = 2
"""So many cells below each other are a column."""


def body_lists(segments: Sequence[Segment], context: Context) -> list[Lines]:
    """The lists of bodies in a slide's table, each with the lines of its cell: they stand in line, each beside a name.

    A ministry that heads a list of items is no cell: most of what stands in line with it is names.
    """
    lists = [lines for stack in stacks_of(s for s in segments if s.marker is None) for lines in _lists(stack, context)]
    if len(lists) < LEAST_CELLS:
        return []
    listed = {s for lines in lists for s in lines}
    names = [s for s in segments if s not in listed and not is_amount_fragment(s.text, context.vocabulary)]
    lists = [lines for lines in lists if not any(_goes_on(name, lines[0]) for name in names)]
    cells = []
    for one in lists:
        column = [other for other in lists if other is one or _are_in_line(one, other)]
        strip = union(s.box for lines in column for s in lines)
        level = [name for name in names if strip.top <= name.box.middle <= strip.bottom]
        inside = [name for name in level if name.box.overlap_x(strip) > 0]
        beside = [name for name in level if name.box.overlap_x(strip) <= 0]
        if len(column) >= LEAST_CELLS and len(inside) < len(column) <= len(beside):
            cells.append(one)
    return cells


def body_cells(segments: Sequence[Segment], context: Context) -> frozenset[Segment]:
    """The lines of a slide's column of bodies; none where it has no such column."""
    return frozenset(s for lines in body_lists(segments, context) for s in lines)


def bodies_of_cell(passage: Passage, context: Context) -> tuple[list[Passage], list[tuple[Passage, str]]]:
    """The bodies that a cell lists, and its brackets, separators and "etc." with the reason why each says nothing itself.

    Both are empty where the cell says something else.
    """
    places = listed_bodies(passage.raw, context.organizations, context.profile.marks.and_others)
    if not places:
        return [], []
    before, behind = passage[: places[0][0]], passage[places[-1][1] :]
    around = [(before, BRACKET), (behind, AND_OTHERS if any(c.isalnum() for c in behind.raw) else BRACKET)]
    between = [(passage[a[1] : b[0]], "separator") for a, b in pairwise(places)]
    rest = [(piece.strip(), reason) for piece, reason in (*around, *between)]
    return [passage[a:b] for a, b in places], [(piece, reason) for piece, reason in rest if piece]


def _lists(stack: Lines, context: Context) -> Iterator[Lines]:
    """The lists of bodies among lines below each other, each as long as can be."""
    at = 0
    while at < len(stack):
        for end in range(min(len(stack), at + MOST_LINES), at, -1):
            text = join(s.passage for s in stack[at:end]).raw
            if listed_bodies(text, context.organizations, context.profile.marks.and_others):
                yield stack[at:end]
                at = end
                break
        else:
            at += 1


def _goes_on(name: Segment, line: Segment) -> bool:
    """Whether a line stands right below a name and is set like it, so that it may be the end of its text."""
    gap = line.box.top - name.box.bottom
    below = name.box.middle < line.box.top and gap <= LINE_GAP * line.size
    return below and name.box.overlap_x(line.box) > 0 and name.style.like(line.style)


def _are_in_line(one: Lines, other: Lines) -> bool:
    a, b = union(s.box for s in one), union(s.box for s in other)
    apart = min(abs(a.x0 - b.x0), abs(a.centre - b.centre), abs(a.x1 - b.x1))
    return a.overlap_y(b) <= 0 and apart <= ALIGNED_BODIES * one[0].size
