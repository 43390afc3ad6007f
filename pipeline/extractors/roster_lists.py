"""Where the lists of a roster are: what stands under each heading, in its box, or in the cell that it labels."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import takewhile
from typing import TYPE_CHECKING

from rapidfuzz import fuzz

from pipeline.extractors.bodies import known_parts
from pipeline.extractors.labelled_cells import labelled_cells
from pipeline.language.folding import fold
from pipeline.layout.grid import read_table
from pipeline.layout.lines import lines_of
from pipeline.layout.panels import cells_among
from pipeline.passage import join
from pipeline.tolerances import Tolerance

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pipeline.extractors.harvest import Context
    from pipeline.layout.lines import Segment
    from pipeline.layout.slide import Slide
    from pipeline.model import Box, Panel
    from pipeline.profiles import Roster

ALIKE = 85
"""A heading this like (of 100) one of a roster's wordings opens that roster."""

HEADING_WORDS = 6
"""A heading in words that the profile does not know has so many words at most."""

SOON = 5
"""A heading that is set off from its list has a known body within so many steps, from itself to its first line, under it."""

NAME_LINES = 3
"""A name under a heading is looked for over so many lines."""

LEAST_TAGS = 2
"""A frame around one name has so many others like it at least."""

TAG_TIMES = 3
"""A frame around a name of several lines is less than so many times as high as one around a name of one line."""

LIST_LINES = 3
"""A box that holds a heading and its list is higher than so many of the heading's lines."""

ALIGNED = Tolerance(0.8, "alignment of roster headings")
"""Headings, or the lines of a name, under each other start within this many font sizes of one another."""

APART = Tolerance(1.1, "gap above a roster's heading")
"""A heading stands more than so many times as far below the list above it as above its own list."""

LEAST_LABELLED = 2
"""A table labels so many lists at least."""

_COUNT = re.compile(r"\(\s*\d[^()]*\)$")
"""How many bodies there are, behind a heading: "(10)", "(4 bodies)"."""

_WORD = re.compile(r"[^\W\d_]+")
_CLOSING = ">]) "


@dataclass(frozen=True)
class Heading:
    """The printed heading of a list of bodies, and the roster that it opens."""

    segment: Segment
    roster: Roster


def headings_of(slide: Slide, context: Context) -> list[Heading]:
    """The headings on a slide that open one of the profile's rosters, in the order of the slide's body."""
    found = []
    for segment in slide.body:
        roster = _worded(segment, context)
        if roster is None:
            roster = _headed(segment, context)
            roster = roster if roster and _opens_list(segment, slide, context) else None
        if roster is not None:
            found.append(Heading(segment, roster))
    return found


def _heading_text(segment: Segment) -> str:
    """What a heading says, folded, without the count of the bodies under it."""
    text = fold(segment.text).casefold().strip(" :")
    return _COUNT.sub("", text).rstrip(" :")


def _worded(segment: Segment, context: Context) -> Roster | None:
    """The roster of which a line is one of the wordings."""
    text = _heading_text(segment)
    for roster in context.kind.rosters:
        if any(fuzz.ratio(text, fold(known).casefold()) >= ALIKE for known in roster.headings):
            return roster
    return None


def _headed(segment: Segment, context: Context) -> Roster | None:
    """The roster that a line's last word is a head of, where the line reads like a heading and is no body itself."""
    text = _heading_text(segment).rstrip(_CLOSING)
    words = _WORD.findall(text)
    if not 1 < len(words) <= HEADING_WORDS or not text.endswith(words[-1]) or segment.text[:1].islower():
        return None
    roster = next((r for r in context.kind.rosters if words[-1] in {fold(h).casefold() for h in r.heads}), None)
    return roster if roster and context.organizations.resolve(segment.text) is None else None


def _opens_list(segment: Segment, slide: Slide, context: Context) -> bool:
    """Whether known bodies stand soon under a line that is set off from them, or right under one with a gap above it."""
    box, style = segment.box, segment.style
    beside = [s.start for s in slide.body if s.box.overlap_y(box) > 0 and s.start > box.x1 and s.style.like(style)]
    right = min(beside, default=float("inf"))
    under = [s for s in slide.body if s.box.top >= box.middle and s.box.x1 > box.x0 and s.start < right]
    under.sort(key=lambda s: (s.box.top, s.start))
    first = next((s for s in under if s.box.overlap_x(box) > 0), None)
    if first is None:
        return False
    if first.style.like(style):
        above = max(
            (s.baseline for s in slide.body if s.box.bottom <= box.middle and s.box.overlap_x(box) > 0), default=None
        )
        apart = above is None or _is_apart(above, segment, first)
        return apart and _begins_known(first, under, context)
    own = list(takewhile(lambda s: not s.style.like(style), under))
    return any(
        _begins_known(s, own, context) for s in own if s.box.top <= box.bottom + SOON * (first.box.top - box.top)
    )


def _is_apart(above: float, heading: Segment, below: Segment) -> bool:
    """Whether a heading stands further below a baseline than above the first line under it."""
    return heading.baseline - above > APART * (below.baseline - heading.baseline)


def _begins_known(first: Segment, lines: Sequence[Segment], context: Context) -> bool:
    """Whether a line begins a known body, with so many of those under it as it takes, or lists bodies, most of them known."""
    resolve = context.organizations.resolve
    column = [s for s in lines if s.box.top > first.box.middle and abs(s.start - first.start) <= ALIGNED * first.size]
    name = [first, *column[: NAME_LINES - 1]]
    if any(resolve(join(s.passage for s in name[:n]).text) is not None for n in range(1, len(name) + 1)):
        return True
    known, unknown = known_parts(first.text, context.organizations)
    return known > unknown


def lists_under(headings: Sequence[Heading], slide: Slide, context: Context) -> list[list[Segment]]:
    """What stands under each heading."""
    labelled = _labelled(headings, slide)
    return [labelled.get(id(h.segment)) or _before_next(h, _region(h, headings, slide), context) for h in headings]


def _before_next(heading: Heading, members: list[Segment], context: Context) -> list[Segment]:
    """What stands under a heading, down to a line that is set like it, apart from the list, and opens one of its own.

    Nobody knows what that one lists: its heading is none of the profile's.
    """
    style, lines = heading.segment.style, lines_of(members)
    if not lines or lines[0][0].style.like(style):
        return members
    for above, line, below in zip(lines, lines[1:], lines[2:], strict=False):
        first = line[0]
        if not first.style.like(style) or below[0].style.like(style) or above[0].style.like(style):
            continue
        set_apart = _is_apart(above[0].baseline, first, below[0])
        aligned = abs(first.start - heading.segment.start) <= ALIGNED * first.size
        if set_apart and aligned and context.organizations.resolve(first.text) is None:
            return [s for s in members if s.box.middle < first.box.top]
    return members


def _labelled(headings: Sequence[Heading], slide: Slide) -> dict[int, list[Segment]]:
    """The lists in a ruled table's cells, by the heading (its identity) that labels each; empty where it labels none."""
    if len(headings) < LEAST_LABELLED or not slide.page.rules:
        return {}
    table = read_table(slide.page, slide.body)
    contents, _ = labelled_cells(table.cells)
    labels = {id(h.segment) for h in headings}
    found = {
        id(label.segments[0]): list(row.cell.segments)
        for row in contents
        for label in row.labels
        if len(label.segments) == 1 and id(label.segments[0]) in labels
    }
    return found if len(found) >= LEAST_LABELLED else {}


def _region(heading: Heading, headings: Sequence[Heading], slide: Slide) -> list[Segment]:
    """The segments under a heading: down to the next heading below it, across to the next one beside it."""
    box = heading.segment.box
    beside = [h for h in headings if h is not heading and h.segment.box.overlap_y(box) > 0]
    is_first = all(h.segment.start >= box.x0 for h in beside)
    start = float("-inf") if is_first else _start(heading, headings, slide)
    right = min((_start(h, headings, slide) for h in beside if h.segment.start > box.x0), default=float("inf"))
    below = [
        h.segment.box.top
        for h in headings
        if h.segment.box.top > box.bottom and (not beside or h.segment.box.overlap_x(box) > 0)
    ]
    bottom = min(below, default=float("inf"))
    tall = [f.box for f in slide.frames if f.box.height > LIST_LINES * box.height]
    frame = next((f for f in tall if f.contains(box, slack=1)), None)
    if frame is not None and not any(frame.contains(h.segment.box, slack=1) for h in beside):
        start, right = float("-inf"), float("inf")  # the list's own box says how far it goes
    cells = cells_among(slide.frames) | tags_among(slide.frames)
    taken = []
    for s in slide.body:
        if not (box.middle < s.box.middle < bottom and start <= s.start < right) or s is heading.segment:
            continue
        if frame is not None and not frame.contains(s.box, slack=s.size):
            continue
        own = next((f.box for f in slide.frames if id(f) not in cells and f.box.contains(s.box, slack=1)), None)
        if frame is None and own is not None and own.top > box.bottom and not _holds_all(own, heading, slide, bottom):
            continue  # a box of its own below the list
        taken.append(s)
    return taken


def _start(heading: Heading, headings: Sequence[Heading], slide: Slide) -> float:
    """How far left a list begins: with its heading, or where what stands under a centred heading does."""
    box, size = heading.segment.box, heading.segment.size
    before = [
        h.segment.box.x1
        for h in headings
        if h is not heading and h.segment.box.overlap_y(box) > 0 and h.segment.box.x1 <= box.x0
    ]
    edge = max(before, default=float("-inf"))
    under = [
        s.start for s in slide.body if s.box.top >= box.bottom and s.box.overlap_x(box) > 0 and edge < s.start < box.x0
    ]
    return min([heading.segment.start, *under]) - size


def tags_among(frames: Sequence[Panel]) -> frozenset[int]:
    """The frames (by identity) that hold a name each: several are as high as one another, or side by side.

    So do those of names of more lines, which are as wide as such a frame and stand in one column with it.
    """
    near = 0.1 * min((f.box.height for f in frames), default=0.0)

    def alike(a: Box, b: Box) -> bool:
        level = abs(a.top - b.top) <= near and abs(a.bottom - b.bottom) <= near
        return level or abs(a.height - b.height) <= near

    def in_column(a: Box, b: Box) -> bool:
        aligned = abs(a.x0 - b.x0) <= near and abs(a.x1 - b.x1) <= near
        return aligned and b.height < a.height < TAG_TIMES * b.height

    tags = [a for a in frames if sum(b is not a and alike(a.box, b.box) for b in frames) >= LEAST_TAGS]
    higher = [a for a in frames if any(in_column(a.box, b.box) for b in tags)]
    return frozenset(id(f) for f in (*tags, *higher))


def _holds_all(box: Box, heading: Heading, slide: Slide, bottom: float) -> bool:
    """Whether the frame is the list's own: nothing under the heading stands outside it."""
    inside = [s for s in slide.body if heading.segment.box.bottom < s.box.middle < bottom]
    return all(box.contains(s.box, slack=s.size) for s in inside)
