"""Dashed and dotted lines that a program drew dash by dash, as the rules that a reader sees.

Browsers draw a dashed border as hundreds of small filled rectangles. Left as they are, a box's frame would be no frame, and
its dashes would look like bullets.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from pipeline.model import Box, Panel, Rule, union
from pipeline.tolerances import Tolerance

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

LEAST_DASHES = 8
"""So many alike in a row are a line; fewer may be bullets or squares of a legend."""

DASH_GAP = Tolerance(1.5, "dash gap of dashes", in_reading=True)
"""The gap after a dash is at most so many times its length; bullets stand a line apart, which is more."""


def join_dashes(panels: Mapping[Box, Panel], thin: float) -> tuple[dict[Box, Panel], list[Rule]]:
    """The panels that are no dashes, and the rules that the dashes make. A dash is at most `thin` points wide."""
    small = [p for p in panels.values() if p.fill is not None and min(p.box.width, p.box.height) <= thin]
    rules: list[Rule] = []
    dashes: set[Box] = set()
    for horizontal in (True, False):
        rows: dict[tuple[float, float, str | None], list[Box]] = defaultdict(list)
        for p in small:
            b = p.box
            rows[(b.top, b.bottom, p.fill) if horizontal else (b.x0, b.x1, p.fill)].append(b)
        for (_, _, colour), boxes in sorted(rows.items(), key=lambda item: (item[0][0], item[0][1], item[0][2] or "")):
            for run in _runs(boxes, horizontal):
                rules.append(Rule(union(run), horizontal, colour))
                dashes.update(run)
    return {box: p for box, p in panels.items() if box not in dashes}, rules


def _runs(boxes: Iterable[Box], horizontal: bool) -> list[Sequence[Box]]:
    def span(box: Box) -> tuple[float, float]:
        return (box.x0, box.x1) if horizontal else (box.top, box.bottom)

    runs: list[list[Box]] = []
    for box in sorted(boxes, key=span):
        start, end = span(box)
        if runs and start - span(runs[-1][-1])[1] <= DASH_GAP * (end - start):
            runs[-1].append(box)
        else:
            runs.append([box])
    return [run for run in runs if len(run) >= LEAST_DASHES]
