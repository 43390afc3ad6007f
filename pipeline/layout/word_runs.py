"""Words chained from left to right into runs: while the gap stays small and no wall stands between them."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import defaultdict
from dataclasses import field
from operator import attrgetter
from typing import TYPE_CHECKING

from pipeline.cached import cached_property
from pipeline.layout.justified import whole_lines
from pipeline.model import Box, Page, Word
from pipeline.tolerances import Tolerance
from pipeline.values import value

if TYPE_CHECKING:
    from collections.abc import Hashable, Sequence

    from pipeline.layout.lines import Segment

SEGMENT_GAP = Tolerance(0.85, "gap that ends a segment")
"""A gap wider than this part of the font size ends a segment. Word spaces are at most about half of it, even justified; two
spaces are 0.56; the narrowest gutters seen on slides are 1.2."""

STYLE_GAP = Tolerance(0.5, "gap where the style changes")
"""So wide a gap is enough where bold text turns into plain text or back: a label and what it labels."""


@value(slots=False, eq=False)
class PageWords:
    """A page, and those of its words that are to be cut into segments, with what is measured of them before any cut.

    Nothing here hangs on a tolerance, so that the page can be cut again with others without measuring it again.
    """

    page: Page
    words: Sequence[Word]
    segments: dict[Hashable, Segment] = field(default_factory=dict)
    """Every segment that a cut gave, by what makes it the one it is: what it knows of itself is worked out once."""

    @cached_property
    def measures(self) -> _Measures:
        """The words' edges and styles as columns, with the walls between them."""
        return _Measures(self.words, _walls(self.page))


class _Measures:
    """Columns, one place for each word, from left to right."""

    def __init__(self, words: Sequence[Word], walls: Sequence[Box]) -> None:
        self.words = sorted(words, key=attrgetter("box.x0", "box.x1", "number"))
        boxes = [w.box for w in self.words]
        self.x0 = [b.x0 for b in boxes]
        self.x1 = [b.x1 for b in boxes]
        self.size = [w.size for w in self.words]
        self.bold = [w.bold for w in self.words]
        self.baseline = [w.baseline for w in self.words]
        # Text does not rise or fall by more than a row. A font of size 0 draws words without height.
        highest = max([b.bottom - b.top for b in boxes], default=1.0) or 1.0
        self.row = [int((b.top + b.bottom) / 2 // highest) for b in boxes]
        self.largest = max(self.size, default=1.0)
        self.walls = sorted(walls, key=attrgetter("x0"))
        self.wall_places = [wall.x0 for wall in self.walls]
        places = [*self.wall_places, float("inf")]
        self.next_wall = [places[bisect_left(places, x1)] for x1 in self.x1]
        """Where the nearest wall stands at the end of each word, or right of it."""

    def is_within_height(self, a: int, b: int) -> bool:
        """Whether the smaller of two words has its middle within the larger one's height."""
        small, large = (a, b) if self.size[a] <= self.size[b] else (b, a)
        box = self.words[large].box
        return box.top <= self.words[small].box.middle <= box.bottom

    def wall_between(self, a: int, b: int) -> bool:
        """Whether a wall stands where one word ends and the other begins, which is further right or left of it."""
        return self.divides(self.words[a], self.words[b])

    def divides(self, a: Word, b: Word) -> bool:
        """The same of two words themselves."""
        one, other = a.box.x1, b.box.x0
        left, right = (one, other) if one < other else (other, one)
        first = bisect_left(self.wall_places, left)
        last = bisect_right(self.wall_places, right, first)
        middle = (a.box.middle + b.box.middle) / 2
        return any(w.top <= middle <= w.bottom for w in self.walls[first:last])


def _walls(page: Page) -> list[Box]:
    """Vertical lines that text does not cross: rules and the sides of panels that are taller than a line of text."""
    height = least_height(page.words)
    walls = [r.box for r in page.rules if not r.horizontal and r.length > height]
    for panel in page.panels:
        b = panel.box
        if b.height > height and b.width > height:
            walls += [Box(b.x0, b.top, b.x0, b.bottom), Box(b.x1, b.top, b.x1, b.bottom)]
    return walls


def least_height(words: Sequence[Word]) -> float:
    """The height of the lowest of `words`; 0 where there are none."""
    return min([w.box.bottom - w.box.top for w in words], default=0.0)


def runs_of(words: PageWords) -> list[list[Word]]:
    """The words in runs, each from left to right, in the order of where they begin."""
    of = words.measures
    x1, sizes, bolds, baselines, next_wall = of.x1, of.size, of.bold, of.baseline, of.next_wall
    segment_gap, style_gap = float(SEGMENT_GAP), float(STYLE_GAP)
    widest = max(segment_gap, style_gap) * of.largest
    runs: list[list[int]] = []
    # Runs that a word may still continue, by the row that they stand in.
    rows: dict[int, list[list[int]]] = defaultdict(list)
    columns = zip(of.x0, of.row, sizes, bolds, baselines, strict=True)
    for word, (x0, row, size, bold, baseline) in enumerate(columns):
        best: list[int] | None = None
        best_gap = 0.0
        for near in (row - 1, row, row + 1):
            passed = False
            for run in rows.get(near, ()):
                last = run[-1]
                gap = x0 - x1[last]
                if gap > widest:
                    passed = True
                    continue
                other = sizes[last]
                larger, smaller = (size, other) if other <= size else (other, size)
                limit = segment_gap if bolds[last] == bold else style_gap
                if gap > limit * larger or gap < -0.6 * larger or (best is not None and gap >= best_gap):
                    continue
                # Superscripts and raised bullets are smaller than what they stand beside.
                if abs(baselines[last] - baseline) > 0.25 * smaller and not (
                    smaller < 0.8 * larger and of.is_within_height(last, word)
                ):
                    continue
                # In most gaps there is no wall.
                if gap and not x1[last] < x0 < next_wall[last] and of.wall_between(last, word):
                    continue
                best, best_gap = run, gap
            if passed:
                # All words to come stand further right still, so what ends too far left of this one is done with.
                rows[near] = [run for run in rows[near] if x0 - x1[run[-1]] <= widest]
        if best is None:
            best = []
            runs.append(best)
            rows[row].append(best)
        elif row != of.row[best[-1]] and not any(run is best for run in rows[row]):
            rows[row].append(best)
        best.append(word)
    return whole_lines([[of.words[n] for n in run] for run in runs], of.divides)
