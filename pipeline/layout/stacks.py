"""Lines below each other that are set alike: what may be one text, wrapped in a narrow cell."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipeline.layout.column_lines import LINE_GAP

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pipeline.layout.lines import Segment


def stacks_of(segments: Iterable[Segment]) -> list[tuple[Segment, ...]]:
    """Segments that stand close below each other in one style, together, from the top; one by itself is a stack of one."""
    stacks: list[list[Segment]] = []
    for s in sorted(segments, key=lambda s: (s.box.top, s.box.x0)):
        for stack in stacks:
            last = stack[-1]
            is_below = s.box.middle > last.box.bottom and s.box.top - last.box.bottom <= LINE_GAP * s.size
            if is_below and last.box.overlap_x(s.box) > 0 and last.style.like(s.style):
                stack.append(s)
                break
        else:
            stacks.append([s])
    return [tuple(stack) for stack in stacks]
