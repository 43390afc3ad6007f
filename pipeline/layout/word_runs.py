"""Words chained from left to right into runs: while the gap stays small and no wall stands between them."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import defaultdict
from dataclasses import field
from itertools import pairwise
from operator import attrgetter
from typing import TYPE_CHECKING

from pipeline.cached import cached_property
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

JUSTIFIED = Tolerance(4.0, "space of a justified line")
"""Justification stretches a space to so many font sizes at most: narrow columns are hardly ever justified."""

SAME_SPACE = Tolerance(0.03, "same space of a justified line")
"""The spaces of a justified line differ by less than this part of the font size."""

SAME_CELL_START = Tolerance(0.1, "same start of cells")
"""Words that start within this many font sizes of each other stand in one column of cells."""


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
        self.top = [b.top for b in boxes]
        self.bottom = [b.bottom for b in boxes]
        self.middle = [b.middle for b in boxes]
        self.size = [w.size for w in self.words]
        self.bold = [w.bold for w in self.words]
        self.baseline = [w.baseline for w in self.words]
        # Text does not rise or fall by more than a row. A font of size 0 draws words without height.
        highest = max([b.bottom - b.top for b in boxes], default=1.0) or 1.0
        self.row = [int(middle // highest) for middle in self.middle]
        self.largest = max(self.size, default=1.0)
        self.walls = sorted(walls, key=attrgetter("x0"))
        self.wall_places = [wall.x0 for wall in self.walls]
        places = [*self.wall_places, float("inf")]
        self.next_wall = [places[bisect_left(places, x1)] for x1 in self.x1]
        """Where the nearest wall stands at the end of each word, or right of it."""

    def on_one_line(self, a: int, b: int) -> bool:
        """Whether two words stand on one line: on one baseline, or the smaller one raised or lowered."""
        small, large = (a, b) if self.size[a] <= self.size[b] else (b, a)
        if abs(self.baseline[a] - self.baseline[b]) <= 0.25 * self.size[small]:
            return True
        # Superscripts and raised bullets: their middle lies within the larger glyphs' height.
        within = self.top[large] <= self.middle[small] <= self.bottom[large]
        return within and self.size[small] < 0.8 * self.size[large]

    def wall_between(self, a: int, b: int) -> bool:
        """Whether a wall stands where one word ends and the other begins, which is further right or left of it."""
        one, other = self.x1[a], self.x0[b]
        if one < other < self.next_wall[a]:
            return False  # as nearly everywhere
        left, right = (one, other) if one < other else (other, one)
        first = bisect_left(self.wall_places, left)
        last = bisect_right(self.wall_places, right, first)
        middle = (self.middle[a] + self.middle[b]) / 2
        return any(w.top <= middle <= w.bottom for w in self.walls[first:last])


def _walls(page: Page) -> list[Box]:
    """Vertical lines that text does not cross: rules and the sides of panels that are taller than a line of text."""
    height = lowest(page.words)
    walls = [r.box for r in page.rules if not r.horizontal and r.length > height]
    for panel in page.panels:
        b = panel.box
        if b.height > height and b.width > height:
            walls += [Box(b.x0, b.top, b.x0, b.bottom), Box(b.x1, b.top, b.x1, b.bottom)]
    return walls


def lowest(words: Sequence[Word]) -> float:
    """The height of the lowest of `words`; 0 where there are none."""
    return min([w.box.bottom - w.box.top for w in words], default=0.0)


def runs_of(words: PageWords) -> list[list[Word]]:
    """The words in runs, each from left to right, in the order of where they begin."""
    of = words.measures
    x1, size, bold = of.x1, of.size, of.bold
    segment_gap, style_gap = float(SEGMENT_GAP), float(STYLE_GAP)
    widest = max(segment_gap, style_gap) * of.largest
    runs: list[list[int]] = []
    # Runs that a word may still continue, by the row that they stand in.
    rows: dict[int, list[list[int]]] = defaultdict(list)
    for word, (start, row) in enumerate(zip(of.x0, of.row, strict=True)):
        best: list[int] | None = None
        best_gap = 0.0
        for near in (row - 1, row, row + 1):
            passed = False
            for run in rows.get(near, ()):
                last = run[-1]
                gap = start - x1[last]
                if gap > widest:
                    passed = True
                    continue
                larger = max(size[word], size[last])
                limit = segment_gap if bold[last] == bold[word] else style_gap
                if gap > limit * larger or gap < -0.6 * larger or (best is not None and gap >= best_gap):
                    continue
                if of.on_one_line(last, word) and not (gap and of.wall_between(last, word)):
                    best, best_gap = run, gap
            if passed:
                # All words to come stand further right still, so what ends too far left of this one is done with.
                rows[near] = [run for run in rows[near] if start - x1[run[-1]] <= widest]
        if best is None:
            best = []
            runs.append(best)
            rows[row].append(best)
        elif row != of.row[best[-1]] and not any(run is best for run in rows[row]):
            rows[row].append(best)
        best.append(word)
    return [[of.words[n] for n in run] for run in _whole_justified(runs, of)]


def _whole_justified(runs: list[list[int]], of: _Measures) -> list[list[int]]:
    """The runs with those put together that only justification set apart: all spaces of such a line are equally wide.

    Words of a table's cells may be equally far apart as well: those begin where others do, above or below them.
    """
    lines: dict[float, list[list[int]]] = defaultdict(list)
    for run in runs:
        lines[round(of.baseline[run[0]], 1)].append(run)
    joined: set[int] = set()
    for line in lines.values():
        if len(line) == 1:
            continue
        line.sort(key=lambda run: of.x0[run[0]])
        spaces = [of.x0[b] - of.x1[a] for a, b in pairwise([word for run in line for word in run])]
        whole = line[0]
        for a, b in pairwise(line):
            last, first = a[-1], b[0]
            space, size = of.x0[first] - of.x1[last], of.size[first]
            if (
                0 < space <= JUSTIFIED * size
                and of.size[last] == size
                and sum([abs(other - space) <= SAME_SPACE * size for other in spaces]) > 1
                and _is_prose(of.words[last])
                and _is_prose(of.words[first])
                and not of.wall_between(last, first)
                and not any(o is not b and abs(of.x0[o[0]] - of.x0[first]) <= SAME_CELL_START * size for o in runs)
            ):
                whole += b
                joined.add(id(b))
            else:
                whole = b
    return [run for run in runs if id(run) not in joined] if joined else runs


def _is_prose(word: Word) -> bool:
    """Whether a word is one of a running text, and not a figure, a label or a script without spaces."""
    return any(c.islower() for c in word.text) and not any(c.isdigit() for c in word.text)
