"""Text that stands together: what one frame holds, and what white space sets apart.

The page is cut where white space runs right through, first between columns, then between paragraphs (a recursive X-Y cut:
Nagy and Seth 1984), with every frame kept whole. The order of the cuts is the order of reading.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pipeline.cached import cached_property
from pipeline.layout.panels import frame_around, is_band
from pipeline.model import Box, Panel, union
from pipeline.tolerances import Tolerance

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from pipeline.layout.lines import Segment

COLUMN_GAP = Tolerance(1.6, "gap between columns of blocks")
"""White space this many font sizes wide, right through, stands between columns."""

BLOCK_GAP = Tolerance(1.0, "gap between blocks")
"""White space this many font sizes high, right through, stands between blocks."""


@dataclass(frozen=True)
class Block:
    """Segments that belong together, and the frame around them where there is one."""

    segments: tuple[Segment, ...]
    frame: Panel | None = None

    @cached_property
    def box(self) -> Box:
        """Around the frame, or else around the text with its bullets."""
        if self.frame is not None:
            return self.frame.box
        return union(Box(s.start, s.box.top, s.box.x1, s.box.bottom) for s in self.segments)

    @property
    def right(self) -> float:
        """Where its text ends: as far from the frame's right side as it begins from the left one."""
        text = max(s.box.x1 for s in self.segments)
        if self.frame is None:
            return text
        inset = max(0.0, min(s.start for s in self.segments) - self.frame.box.x0)
        return max(text, self.frame.box.x1 - inset)

    @property
    def banded(self) -> bool:
        """Whether it stands on a filled strip of its own."""
        return self.frame is not None and is_band(self.frame, self.segments[0])


def blocks_of(segments: Iterable[Segment], frames: Sequence[Panel]) -> list[Block]:
    """The blocks of `segments` in reading order."""
    framed: dict[int, list[Segment]] = {}
    units: list[Block] = []
    places = {id(frame): i for i, frame in enumerate(frames)}
    for s in segments:
        frame = frame_around(s.box, frames)
        if frame is None:
            units.append(Block((s,)))
        else:
            framed.setdefault(places[id(frame)], []).append(s)
    # What stands in a frame around other frames is cut by itself, so that an outer frame does not swallow the inner ones.
    for index, members in framed.items():
        inner = [
            frames[i] for i in framed if i != index and frames[index].box.contains(frames[i].box, slack=members[0].size)
        ]
        if inner and not is_band(frames[index], members[0]):
            units += [Block((s,)) for s in members]
        else:
            units.append(Block(tuple(members), frames[index]))
    return [block for group in _cut(units) for block in _merge(group)]


def _merge(group: Sequence[Block]) -> list[Block]:
    """One block of what no cut divides; a frame stays a block of its own."""
    loose = [s for b in group if b.frame is None for s in b.segments]
    merged = [b for b in group if b.frame is not None]
    if loose:
        merged.append(Block(tuple(loose)))
    return sorted(merged, key=lambda b: (b.box.top, b.box.x0))


def _cut(units: Sequence[Block]) -> list[list[Block]]:
    if len(units) <= 1:
        return [list(units)] if units else []
    size = min(s.size for u in units for s in u.segments)
    across = _split(units, [(u.box.x0, u.box.x1) for u in units], COLUMN_GAP * size)
    if across and any(_height(side) > 1.8 * size for side in across):
        return [g for side in across for g in _cut(side)]
    down = _split(units, [(u.box.top, u.box.bottom) for u in units], BLOCK_GAP * size)
    if down:
        return [g for part in down for g in _cut(part)]
    if any(u.frame is not None for u in units):
        # Frames side by side or one below the other with hardly any space between them.
        for spans in ([(u.box.x0, u.box.x1) for u in units], [(u.box.top, u.box.bottom) for u in units]):
            parts = _split(units, spans, -0.3 * size)
            if parts:
                return [g for part in parts for g in _cut(part)]
    return [list(units)]


def _height(units: Sequence[Block]) -> float:
    box = union(u.box for u in units)
    return box.height


def _split(units: Sequence[Block], spans: Sequence[tuple[float, float]], least: float) -> list[list[Block]] | None:
    """`units` in groups with a gap of more than `least` between their spans, or None where there is no such gap."""
    order = sorted(range(len(units)), key=lambda i: spans[i])
    groups: list[list[Block]] = [[units[order[0]]]]
    reached = spans[order[0]][1]
    for i in order[1:]:
        start, end = spans[i]
        if start - reached > least:
            groups.append([])
        groups[-1].append(units[i])
        reached = max(reached, end)
    return groups if len(groups) > 1 else None
