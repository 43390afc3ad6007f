"""Where the lists of a roster are: what stands under each heading, in its box, or in the cell that it labels."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from rapidfuzz import fuzz

from pipeline.extractors.labelled_cells import labelled_cells
from pipeline.language.folding import fold
from pipeline.layout.grid import read_table
from pipeline.layout.panels import cells_among

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pipeline.extractors.harvest import Context
    from pipeline.layout.lines import Segment
    from pipeline.layout.slide import Slide
    from pipeline.model import Box, Panel
    from pipeline.profiles import Roster

ALIKE = 85
"""A heading this like (of 100) one of a roster's wordings opens that roster."""

LEAST_TAGS = 2
"""A frame around one name has so many others like it at least."""

LIST_LINES = 3
"""A box that holds a heading and its list is higher than so many of the heading's lines."""

LEAST_LABELLED = 2
"""A table labels so many lists at least."""


@dataclass(frozen=True)
class Heading:
    """The printed heading of a list of bodies, and the roster that it opens."""

    segment: Segment
    roster: Roster


def headings_of(slide: Slide, context: Context) -> list[Heading]:
    """The headings on a slide that open one of the profile's rosters, in the order of the slide's body."""
    found = []
    for segment in slide.body:
        text = fold(segment.text).casefold().strip(" :：")
        for roster in context.kind.rosters:
            if any(fuzz.ratio(text, fold(known).casefold()) >= ALIKE for known in roster.headings):
                found.append(Heading(segment, roster))
                break
    return found


def lists_under(headings: Sequence[Heading], slide: Slide) -> list[list[Segment]]:
    """What stands under each heading."""
    labelled = _labelled(headings, slide)
    return [labelled.get(id(h.segment)) or _region(h, headings, slide) for h in headings]


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
    """The frames (by identity) that hold a name each: several are as high as one another, or side by side."""
    near = 0.1 * min((f.box.height for f in frames), default=0.0)

    def alike(a: Box, b: Box) -> bool:
        level = abs(a.top - b.top) <= near and abs(a.bottom - b.bottom) <= near
        return level or abs(a.height - b.height) <= near

    return frozenset(id(a) for a in frames if sum(b is not a and alike(a.box, b.box) for b in frames) >= LEAST_TAGS)


def _holds_all(box: Box, heading: Heading, slide: Slide, bottom: float) -> bool:
    """Whether the frame is the list's own: nothing under the heading stands outside it."""
    inside = [s for s in slide.body if heading.segment.box.bottom < s.box.middle < bottom]
    return all(box.contains(s.box, slack=s.size) for s in inside)
