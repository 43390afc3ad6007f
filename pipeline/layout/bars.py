"""Bar charts: bars, the categories they stand over, their labels and the axis.

Works on vertical bars; a chart with horizontal ones is read through transposed boxes. Bars may be stacked or grouped.
"""

from __future__ import annotations

import itertools
from collections import Counter
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from pipeline.model import Box, Page, Panel
from pipeline.tolerances import Tolerance

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from pipeline.layout.lines import Segment

LEGEND_SIDE = Tolerance(1.6, "side of a legend key")
"""A legend's sample is at most this many font sizes wide and high."""


@dataclass(frozen=True)
class Bar:
    """One bar: its panel, the category label it stands over, its value label, and what its height says (None: no axis)."""

    panel: Panel
    category: Segment
    label: Segment | None
    height: float
    measured: Decimal | None


@dataclass(frozen=True)
class Chart:
    """A bar chart: bars in order of category and height, the axis' labels, and each fill's legend text."""

    bars: tuple[Bar, ...]
    axis: tuple[Segment, ...]
    legend: dict[str, Segment]
    box: Box


def read_chart(
    page: Page,
    segments: Sequence[Segment],
    is_category: Callable[[Segment], bool],
    number: Callable[[Segment], Decimal | None],
) -> Chart | None:
    """The chart over (or beside) the segments that `is_category` knows. None where no bars stand there.

    `number` gives the value printed in a segment that is nothing but a number.
    """
    categories = [s for s in segments if is_category(s)]
    for transpose in (False, True):
        frame = _Frame(transpose)
        row = _row(categories, frame)
        if not row:
            continue
        bars = _bars(page, row, segments, frame)
        if bars:
            return _chart(page, bars, row, segments, number, frame)
    return None


@dataclass(frozen=True, slots=True)
class _Frame:
    """Boxes as if the bars stood upright: transposed for horizontal ones, mirrored so that they grow upwards."""

    transpose: bool

    def box(self, box: Box) -> Box:
        return Box(box.top, -box.x1, box.bottom, -box.x0) if self.transpose else box


def _row(categories: Sequence[Segment], frame: _Frame) -> list[Segment]:
    """The category labels that stand in one row, in order; the longest such row."""
    best: list[Segment] = []
    for lead in categories:
        box = frame.box(lead.box)
        if frame.transpose:
            row = [
                c
                for c in categories
                if abs(frame.box(c.box).top - box.top) < 1.5 * lead.size
                or abs(frame.box(c.box).bottom - box.bottom) < 1.5 * lead.size
            ]
        else:
            row = [c for c in categories if frame.box(c.box).overlap_y(box) > 0.5 * box.height]
        if len(row) > len(best):
            best = row
    if len(best) < 2:
        return []
    ordered = sorted(best, key=lambda s: frame.box(s.box).centre)
    centres = [frame.box(s.box).centre for s in ordered]
    distinct = all(b - a > 0.5 * ordered[0].size for a, b in itertools.pairwise(centres))
    return ordered if distinct else []


def _bars(
    page: Page, row: Sequence[Segment], segments: Sequence[Segment], frame: _Frame
) -> list[tuple[Panel, Segment]]:
    """Filled panels that stand on the common line above the labels, or on one another."""
    centres = [frame.box(s.box).centre for s in row]
    pitch = min(b - a for a, b in itertools.pairwise(centres))
    limit = min(frame.box(s.box).top for s in row) + 0.5 * row[0].size
    found: list[tuple[Panel, Segment]] = []
    for panel in page.panels:
        box = frame.box(panel.box)
        if panel.fill is None or box.width > pitch or box.bottom > limit or _is_legend(panel, segments):
            continue
        nearest = min(range(len(row)), key=lambda i: abs(centres[i] - box.centre))
        if abs(centres[nearest] - box.centre) <= 0.55 * pitch:
            found.append((panel, row[nearest]))
    if not found:
        return []
    # The line they stand on is the lower edge most of them share.
    size = row[0].size
    bottoms = Counter(round(frame.box(p.box).bottom / (0.25 * size)) for p, _ in found)
    ground = max(bottoms, key=lambda k: (bottoms[k], k)) * 0.25 * size
    standing = [(p, c) for p, c in found if abs(frame.box(p.box).bottom - ground) <= 0.5 * size]
    while True:
        on_top = [
            (p, c)
            for p, c in found
            if (p, c) not in standing
            and any(
                c is d
                and abs(frame.box(q.box).top - frame.box(p.box).bottom) <= 0.3 * size
                and frame.box(q.box).overlap_x(frame.box(p.box)) > 0.5 * frame.box(p.box).width
                for q, d in standing
            )
        ]
        if not on_top:
            return standing
        standing += on_top


def _is_legend(panel: Panel, segments: Sequence[Segment]) -> bool:
    """Whether a panel is a legend's sample: small, with words right behind it."""
    box = panel.box
    for s in segments:
        side = max(box.width, box.height)
        if (
            side <= LEGEND_SIDE * s.size
            and 0 <= s.box.x0 - box.x1 <= 1.5 * s.size
            and s.box.top <= box.middle <= s.box.bottom
        ):
            return any(c.isalpha() for c in s.text)
        if s.marker is not None and s.marker.box == box:
            return True
    return False


def _chart(
    page: Page,
    bars: Sequence[tuple[Panel, Segment]],
    row: Sequence[Segment],
    segments: Sequence[Segment],
    number: Callable[[Segment], Decimal | None],
    frame: _Frame,
) -> Chart:
    boxes = [frame.box(p.box) for p, _ in bars]
    left, right = min(b.x0 for b in boxes), max(b.x1 for b in boxes)
    numbers = [(s, v) for s in segments if s not in row and (v := number(s)) is not None]
    ticks = _ticks(numbers, left, right, frame)
    scale = _scale(ticks, page, frame)
    labels = _labels([(s, v) for s, v in numbers if s not in [t for t, _ in ticks]], bars, frame)
    made = []
    order = sorted(
        range(len(bars)),
        key=lambda i: (boxes[i].centre if frame.transpose else row.index(bars[i][1]), boxes[i].x0, -boxes[i].bottom),
    )
    if scale is None:
        scale = _scale_of_labels(labels, boxes)
    for i in order:
        panel, category = bars[i]
        label = labels.get(i)
        measured = None if scale is None else round(Decimal(boxes[i].height) * scale, 4)
        made.append(Bar(panel, category, label[0] if label else None, boxes[i].height, measured))
    legend = _legend(page, [p for p, _ in bars], segments)
    area = Box(
        min(b.box.x0 for b in (p for p, _ in bars)),
        min(p.box.top for p, _ in bars),
        max(p.box.x1 for p, _ in bars),
        max(p.box.bottom for p, _ in bars),
    )
    return Chart(tuple(made), tuple(t for t, _ in ticks), legend, area)


def _ticks(
    numbers: Sequence[tuple[Segment, Decimal]], left: float, right: float, frame: _Frame
) -> list[tuple[Segment, Decimal]]:
    """The axis' labels: numbers outside the bars' span, in one pile, rising upwards by equal steps."""
    best: list[tuple[Segment, Decimal]] = []
    for side in ("left", "right"):
        pile = [
            (s, v)
            for s, v in numbers
            if (frame.box(s.box).x1 <= left if side == "left" else frame.box(s.box).x0 >= right)
        ]
        pile.sort(key=lambda t: -frame.box(t[0].box).middle)
        values = [v for _, v in pile]
        if len(pile) >= 3 and _even(values) and len(pile) > len(best):
            best = pile
    return best


def _even(values: Sequence[Decimal]) -> bool:
    steps = {b - a for a, b in itertools.pairwise(values)}
    return len(steps) == 1 and next(iter(steps)) > 0


def _scale(ticks: Sequence[tuple[Segment, Decimal]], page: Page, frame: _Frame) -> Decimal | None:
    """Value per point, from the first and last label of the axis, or from the gridlines at their height."""
    if len(ticks) < 2:
        return None
    (low, low_value), (high, high_value) = ticks[0], ticks[-1]
    span = _height_of(low, page, frame) - _height_of(high, page, frame)
    if span <= 0:
        return None
    return (high_value - low_value) / Decimal(span)


def _height_of(tick: Segment, page: Page, frame: _Frame) -> float:
    """Where a label's line is: the rule nearest to its middle, or the middle itself."""
    middle = frame.box(tick.box).middle
    across = frame.transpose
    rules = [frame.box(r.box).middle for r in page.rules if r.horizontal != across]
    near = [y for y in rules if abs(y - middle) <= 0.5 * tick.size]
    return min(near, key=lambda y: abs(y - middle), default=middle)


def _scale_of_labels(labels: dict[int, tuple[Segment, Decimal]], boxes: Sequence[Box]) -> Decimal | None:
    """Value per point where there is no axis: what most labels say of their own bars (the median)."""
    ratios = sorted(v / Decimal(boxes[i].height) for i, (_, v) in labels.items() if boxes[i].height > 0)
    return ratios[len(ratios) // 2] if len(ratios) >= 2 else None


def _labels(
    numbers: Sequence[tuple[Segment, Decimal]], bars: Sequence[tuple[Panel, Segment]], frame: _Frame
) -> dict[int, tuple[Segment, Decimal]]:
    """Each bar's label: the number inside it, or else the nearest one right above it; no number twice."""
    pairs = []
    for i, (panel, _) in enumerate(bars):
        bar = frame.box(panel.box)
        for n, (s, _) in enumerate(numbers):
            box = frame.box(s.box)
            if not bar.x0 - 0.25 * bar.width <= box.centre <= bar.x1 + 0.25 * bar.width:
                continue
            inside = bar.top <= box.middle <= bar.bottom
            above = bar.top - box.bottom
            if inside:
                pairs.append((0, abs(box.middle - bar.middle), i, n))
            elif -0.5 * s.size <= above <= 2.5 * s.size:
                pairs.append((1, abs(above), i, n))
    taken: dict[int, int] = {}
    for _, _, i, n in sorted(pairs):
        if i not in taken and n not in taken.values():
            taken[i] = n
    return {i: numbers[n] for i, n in taken.items()}


def _legend(page: Page, bars: Sequence[Panel], segments: Sequence[Segment]) -> dict[str, Segment]:
    """The words behind each fill's sample; where there is no sample, words set in the fill's colour."""
    legend: dict[str, Segment] = {}
    fills = {p.fill for p in bars if p.fill}
    for fill in sorted(fills):
        samples = [p for p in page.panels if p.fill == fill and p not in bars]
        best: tuple[float, Segment] | None = None
        for sample in samples:
            for s in segments:
                if (
                    not any(c.isalpha() for c in s.text)
                    or not s.box.top - 0.3 * s.size <= sample.box.middle <= s.box.bottom + 0.3 * s.size
                ):
                    continue
                gap = s.box.x0 - sample.box.x1
                if -0.2 * s.size <= gap <= 3 * s.size and (best is None or gap < best[0]):
                    best = gap, s
        if best is None:
            coloured = [s for s in segments if s.style.colour == fill and any(c.isalpha() for c in s.text)]
            if len(coloured) == 1:
                best = 0.0, coloured[0]
        if best is not None:
            legend[fill] = best[1]
    return legend
