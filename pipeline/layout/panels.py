"""Frames, bands and underlines: what the drawn shapes say about the text on them."""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import TYPE_CHECKING

import numpy as np

from pipeline.layout.word_runs import least_height
from pipeline.model import Box, Page, Panel, Rule
from pipeline.tolerances import Tolerance

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from pipeline.layout.lines import Segment

PAGE_SHARE = Tolerance(0.8, "share of the page that a frame has")
"""A panel that covers more than this part of the page is its background, not a frame around something."""

BAND_LINES = Tolerance(3.6, "height of a band")
"""A filled panel lower than this many font sizes of its text is a band behind a heading of one or two lines, not a frame."""


DIVIDERS = 3
"""So many rules that begin and end at the same places divide rows; none of them is there for the text above it."""

TOUCH = Tolerance(0.25, "touch of panels")
"""Cells of one row meet, and end level, within this part of the lowest frame's height: a rule's thickness."""


_RULES = "rules"
"""What the sides of a frame are drawn with that no panel is there for, in place of a colour."""


def frames_of(page: Page) -> list[Panel]:
    """Panels that can hold text, and frames drawn as four separate rules; the smaller first."""
    return without_background(possible_frames(page), page)


def without_background(frames: Iterable[Panel], page: Page) -> list[Panel]:
    """The frames without panels that are the page's background."""
    limit = PAGE_SHARE * page.width * page.height
    return [f for f in frames if f.stroke == _RULES or f.box.width * f.box.height < limit]


def possible_frames(page: Page) -> list[Panel]:
    """As `frames_of`, with the page's background."""
    height = least_height(page.words)
    frames = [p for p in page.panels if p.box.height >= height and p.box.width >= 2 * height]
    frames += [Panel(box, None, _RULES) for box in _ruled_frames(page.rules, height)]
    return sorted(frames, key=lambda p: (p.box.width * p.box.height, p.box.top, p.box.x0))


def _ruled_frames(rules: Sequence[Rule], height: float) -> list[Box]:
    """Boxes whose four sides are rules of their own, meeting at the corners."""
    near = 0.3 * height
    upright = [r.box for r in rules if not r.horizontal]
    level = [r.box for r in rules if r.horizontal]
    if not upright or not level:
        return []
    # A chart or a map has thousands of rules, so one side is compared with all others at once.
    tops, starts, ends = (np.array([getattr(r, side) for r in level]) for side in ("top", "x0", "x1"))
    xs, heads, feet = (np.array([getattr(u, side) for u in upright]) for side in ("x0", "top", "bottom"))

    def reach(left: Box, y: float) -> float:
        """How far to the right a level rule goes that starts at or before `left` and stands at `y`."""
        meeting = ends[(np.abs(tops - y) <= near) & (starts <= left.x0 + near)]
        return float(meeting.max()) if meeting.size else -np.inf

    boxes: list[Box] = []
    for left in upright:
        if left.bottom - left.top < height:
            continue
        end = min(reach(left, left.top), reach(left, left.bottom))
        alike = (np.abs(heads - left.top) <= near) & (np.abs(feet - left.bottom) <= near)
        for place in np.flatnonzero(alike & (xs - left.x0 >= 2 * height)):
            right = upright[place]
            if end >= right.x1 - near:
                boxes.append(Box(left.x0, left.top, right.x1, left.bottom))
    return boxes


def frame_around(box: Box, frames: Iterable[Panel]) -> Panel | None:
    """The smallest frame that holds the box's middle line. `frames` come smallest first, as from `frames_of`."""
    middle, slack = box.middle, 0.5 * box.height
    left, right = box.x0 + slack, box.x1 - slack
    for frame in frames:
        b = frame.box
        if b.top <= middle <= b.bottom and b.x0 <= left and b.x1 >= right:
            return frame
    return None


def cells_among(frames: Sequence[Panel]) -> frozenset[int]:
    """The frames (by identity) that are cells of a table's row: another one of their height touches them sideways."""
    near = TOUCH * min((f.box.height for f in frames), default=0.0)

    def touches(a: Box, b: Box) -> bool:
        beside = min(abs(a.x1 - b.x0), abs(b.x1 - a.x0)) <= near
        return beside and abs(a.top - b.top) <= near and abs(a.bottom - b.bottom) <= near

    return frozenset(id(a) for a in frames if any(b is not a and touches(a.box, b.box) for b in frames))


def without_underlines(rules: Iterable[Rule], segments: Iterable[Segment]) -> list[Rule]:
    """The rules that are no underline of any of `segments`."""
    lines = [(s, s.baseline - 0.1 * s.size, s.baseline + 0.4 * s.size) for s in segments]
    return [
        rule
        for rule in rules
        if not any(top <= rule.box.middle <= bottom and is_underlined(s, (rule,)) for s, top, bottom in lines)
    ]


def without_dividers(rules: Sequence[Rule]) -> list[Rule]:
    """The level rules that can underline a text: none of those that divide the rows of a list, each as long as the others."""
    level = [r for r in rules if r.horizontal]
    places = [(round(r.box.x0, 1), round(r.box.x1, 1)) for r in level]
    alike = Counter(places)
    return [r for r, place in zip(level, places, strict=True) if alike[place] < DIVIDERS]


def stripes_among(frames: Sequence[Panel]) -> list[tuple[Panel, ...]]:
    """The frames that may be stripes behind rows: those of one colour that are equally wide and stand in one column."""
    alike: dict[tuple[str, float, float], list[Panel]] = defaultdict(list)
    for frame in frames:
        if frame.fill is not None:
            alike[frame.fill, round(frame.box.x0, 1), round(frame.box.x1, 1)].append(frame)
    return [tuple(stripes) for stripes in alike.values() if len(stripes) > 1]


def is_band(frame: Panel, segment: Segment) -> bool:
    """Whether the frame is a filled strip behind this line only, as headings have it."""
    return frame.fill is not None and frame.box.height <= BAND_LINES * segment.largest


def is_underlined(segment: Segment, rules: Iterable[Rule]) -> bool:
    """Whether a rule runs under the text, as long as the text and not longer."""
    box, size, baseline = segment.box, segment.size, segment.baseline
    highest, lowest = baseline - 0.1 * size, baseline + 0.4 * size
    # Hardly any rule is level with a line, so that is asked first.
    near = [r.box for r in rules if r.box.top <= lowest and r.box.bottom >= highest and r.horizontal]
    level = [b for b in near if highest <= b.middle <= lowest]
    return any(abs(r.x0 - box.x0) <= size and abs(r.x1 - box.x1) <= size for r in level)
