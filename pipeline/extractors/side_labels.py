"""Labels beside lists: filled boxes at the left, each as high as the list beside it, that say what category it is.

What heads a list stands above it elsewhere; here it stands in a box of its own, set in lines as short as the box is wide.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pipeline.layout.outline import Entry, make_lines
from pipeline.layout.panels import frame_around, is_band
from pipeline.model import union
from pipeline.tolerances import Tolerance

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from pipeline.extractors.harvest import Context
    from pipeline.layout.lines import Segment
    from pipeline.layout.slide import Slide
    from pipeline.model import Panel

FEW = 2
"""Labels come in sets of at least so many, and so many lines at least stand beside each."""

AS_WIDE = Tolerance(1.0, "difference in width of labels")
"""Labels of one set differ in width by less than this many font sizes."""


@dataclass(frozen=True)
class SideLabel:
    """A label's box and its text as an entry."""

    panel: Panel
    entry: Entry

    def covers(self, segment: Segment) -> bool:
        """Whether a segment stands in the list beside the label."""
        box = self.panel.box
        return segment.start >= box.x1 and box.top <= segment.box.middle <= box.bottom


def take_side_labels(
    segments: Sequence[Segment], slide: Slide, context: Context
) -> tuple[list[SideLabel], list[Segment]]:
    """The side labels among `segments`, from the top, and the segments that are in none.

    There are labels where several boxes of one width and filling have text of their own and a list beside them, and most of
    them name an amount.
    """
    framed: dict[int, list[Segment]] = {}
    for s in segments:
        frame = frame_around(s.box, slide.frames)
        if frame is not None and frame.fill is not None and s.marker is None:
            framed.setdefault(slide.frames.index(frame), []).append(s)
    found = [
        SideLabel(panel, Entry(tuple(make_lines(members, slide.page, slide.frames))))
        for panel, members in ((slide.frames[i], members) for i, members in framed.items())
        if _is_beside_a_list(panel, members, segments, _in_boxes_like(panel, framed, slide))
    ]
    alike = [label for label in found if sum(_are_alike(label, other) for other in found) >= FEW]
    named = [label for label in alike if context.amounts(label.entry.passage.raw)]
    if 2 * len(named) < len(alike) or not alike:
        return [], list(segments)
    taken = {id(s) for label in alike for line in label.entry.lines for s in line.segments}
    return sorted(alike, key=lambda label: label.panel.box.top), [s for s in segments if id(s) not in taken]


def _in_boxes_like(panel: Panel, framed: Mapping[int, Sequence[Segment]], slide: Slide) -> frozenset[int]:
    """The segments (by identity) in other boxes of the same filling: what heads columns side by side is no list."""
    alike = [members for i, members in framed.items() if slide.frames[i].fill == panel.fill]
    return frozenset(id(s) for members in alike for s in members)


def _is_beside_a_list(
    panel: Panel, members: Sequence[Segment], segments: Sequence[Segment], labels: frozenset[int]
) -> bool:
    if is_band(panel, members[0]):
        return False
    box = panel.box
    inside = [s for s in segments if box.contains(s.box, slack=0.5 * s.size)]
    beside = [
        s for s in segments if s.start >= box.x1 and box.top <= s.box.middle <= box.bottom and id(s) not in labels
    ]
    if len(inside) != len(members) or len(beside) < FEW:
        return False
    text = union(s.box for s in members)
    # Text that fills a box from its top is a list of its own; a label's is centred, up and down and sideways.
    size = members[0].size
    return abs(text.middle - box.middle) <= size and abs(text.centre - box.centre) <= size


def _are_alike(one: SideLabel, other: SideLabel) -> bool:
    a, b = one.panel, other.panel
    return a.fill == b.fill and abs(a.box.width - b.box.width) <= AS_WIDE * one.entry.style.size
