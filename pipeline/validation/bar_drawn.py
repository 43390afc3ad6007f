"""Check kind `bar_drawn`: the bars of a chart were measured as they are drawn.

Each bar is found on the page again, from the place of its label alone: the filled rectangle that the label stands on or
in. What the bars were measured to must be in proportion to what the rectangles measure; the axis plays no part in it.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from statistics import median
from typing import TYPE_CHECKING

from pipeline.model import Box, Check, Document, Page, Place
from pipeline.validation.bar_height import DRAWING_TOLERANCE
from pipeline.validation.figures import FIGURE_KEYS, Tables, row_key
from pipeline.validation.messages import count
from pipeline.validation.placed import Placed, PlacedEvidence, at, page_check

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

KIND = "bar_drawn"

LABEL_GAP = 2.5
"""A label stands at most so many of its heights from its bar."""

LABEL_SHIFT = 0.25
"""The middle of a label may lie beside its bar by this part of the bar's width."""


SAME_LINE = 0.1
"""Ends that differ by less than this part of the narrowest bar's width are drawn on the same line."""


@dataclass(frozen=True, slots=True)
class _Bar:
    place: Placed
    measured: Decimal


def bar_checks(tables: Tables, evidence: PlacedEvidence, document: Document) -> Iterator[Check]:
    """One check for each page with at least two measured bars; undetermined where the rectangles are not found."""
    pages: dict[int, list[_Bar]] = {}
    for row in tables.get("budget_trend", ()):
        parts = evidence.of("budget_trend", row_key(row, FIGURE_KEYS["budget_trend"]), "value")
        measured = row.get("bar_value")
        if parts and isinstance(measured, Decimal):
            pages.setdefault(parts[0].page, []).append(_Bar(parts[0], measured))
    for page in document.pages:
        bars = pages.get(page.number, [])
        if len(bars) < 2:
            continue
        lengths = _lengths(page, [b.place.box for b in bars])
        if lengths is None:
            message = f"Page {page.number}: the rectangles of the bars were not found again: undetermined."
            yield Check(f"{KIND}/page-{page.number}", KIND, f"page {page.number}", "undetermined", message)
            continue
        faults = list(_faults(bars, lengths))
        yield page_check(KIND, page.number, count(len(bars), "bar"), "measured in proportion", faults)


def _faults(bars: Sequence[_Bar], lengths: Sequence[float]) -> Iterator[Place]:
    # Most bars are measured right; the middle one tells how much a point is worth.
    worth = median(float(bar.measured) / length for bar, length in zip(bars, lengths, strict=True))
    tolerance = float(DRAWING_TOLERANCE) * worth * max(lengths)
    for bar, length in zip(bars, lengths, strict=True):
        if abs(float(bar.measured) - worth * length) > tolerance:
            reason = f"{at(bar.place)}: the bar was measured to {bar.measured:,f}, beside the others it is {worth * length:,.0f}"
            yield Place("budget_trend", bar.place.key, reason)


def _lengths(page: Page, labels: Sequence[Box]) -> list[float] | None:
    """The lengths of the bars behind the labels, upright ones or lying ones; None where not every label has its own."""
    filled = [p.box for p in page.panels if p.fill is not None and p.box.width > 0 and p.box.height > 0]
    # A frame around the chart holds several labels.
    single = [b for b in filled if sum(_holds(b, label) for label in labels) <= 1]
    best: tuple[tuple[int, int], list[float]] | None = None
    for turned in (False, True):
        found = [_bar_of(_turn(label, turned), [_turn(b, turned) for b in single]) for label in labels]
        bars = [b for b in found if b is not None]
        if len({(b.x0, b.top) for b in bars}) == len(labels):
            standing = _standing(bars)
            if best is None or standing > best[0]:
                best = standing, [b.height for b in bars]
    return best[1] if best else None


def _standing(bars: Sequence[Box]) -> tuple[int, int]:
    """How many bars stand on the line that most of them stand on, and how many there or on the end of another bar."""
    reach = SAME_LINE * min(b.width for b in bars)
    grounds = [sum(abs(o.bottom - b.bottom) <= reach for o in bars) for b in bars]
    ground = bars[grounds.index(max(grounds))].bottom
    stacked = sum(
        abs(b.bottom - ground) > reach and any(abs(b.bottom - o.top) <= reach and b.overlap_x(o) > 0 for o in bars)
        for b in bars
    )
    return max(grounds), max(grounds) + stacked


def _bar_of(label: Box, bars: Sequence[Box]) -> Box | None:
    near = []
    for bar in bars:
        reach = LABEL_SHIFT * bar.width
        if not bar.x0 - reach <= label.centre <= bar.x1 + reach:
            continue
        inside = bar.top <= label.middle <= bar.bottom
        gap = bar.top - label.bottom
        if inside or -0.5 * label.height <= gap <= LABEL_GAP * label.height:
            near.append((not inside, abs(gap), bar))
    return min(near, key=lambda n: (n[0], n[1]))[2] if near else None


def _turn(box: Box, turned: bool) -> Box:
    """A lying bar as if it stood."""
    return Box(box.top, -box.x1, box.bottom, -box.x0) if turned else box


def _holds(box: Box, label: Box) -> bool:
    return box.x0 <= label.centre <= box.x1 and box.top <= label.middle <= box.bottom
