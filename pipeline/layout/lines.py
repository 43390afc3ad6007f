"""Words into segments: runs of words that stand on one line without a wide gap between them.

A segment never crosses a gutter, a frame's edge or a vertical rule. Bullets (printed or drawn) are taken off the segment
that follows them, so that a segment's box starts where its line starts for a reader.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import Counter, defaultdict
from dataclasses import replace
from itertools import pairwise
from operator import attrgetter
from typing import TYPE_CHECKING

from pipeline.cached import cached_property
from pipeline.model import Box, Curve, Page, Word, union
from pipeline.passage import EMPTY, Passage, is_spaceless, of_words
from pipeline.tolerances import Tolerance
from pipeline.values import value

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

SEGMENT_GAP = Tolerance(0.85, "gap that ends a segment")
"""A gap wider than this part of the font size ends a segment. Word spaces are at most about half of it, even justified; two
spaces are 0.56; the narrowest gutters seen on slides are 1.2."""

STYLE_GAP = Tolerance(0.5, "gap where the style changes")
"""So wide a gap is enough where bold text turns into plain text or back: a label and what it labels."""

JUSTIFIED = Tolerance(4.0, "space of a justified line")
"""Justification stretches a space to so many font sizes at most: narrow columns are hardly ever justified."""

NEXT_LINE = Tolerance(2.2, "pitch of a justified paragraph")
"""The next line of a paragraph is at most this many font sizes away."""

SAME_SPACE = Tolerance(0.03, "same space of a justified line")
"""The spaces of a justified line differ by less than this part of the font size."""

MARKER_GAP = Tolerance(4.0, "gap behind a bullet")
"""A bullet stands at most this many font sizes before its text."""

SAME_START = Tolerance(0.1, "start of bullets in line")
"""Bullets whose left ends differ by less than this many font sizes stand in line."""

DRAWN_BULLET = Tolerance(0.75, "size of a drawn bullet")
"""A drawn shape whose sides are both below this part of the font size can be a bullet."""

DRAWN_ARROW = Tolerance(1.1, "drawn arrow of lines")
"""A drawn triangle is as high as a printed one at most: this part of the font size."""

DOT_GAP = Tolerance(4.0, "gap of drawn dots")
"""The dots of a drawn line are apart by at most so many times their own size."""

MARK_SHARE = Tolerance(0.25, "mark share of lines")
"""Triangles before more than this part of a page's texts are its bullets, and mark nothing."""

BULLETS = frozenset("•◦‣⁃∙·・･●○◯◎■□▪▫◆◇❖▶►▷▸▹➢➤➔→⇒✓✔☑★☆※*–—―－─━-‐‑‒−+»›❑❏⮚▲△▼▽♦❯¶§✦✧⚫⚪◼◻⬛⬜")
"""Characters that stand before an entry. Symbol fonts put theirs into the private use area, which counts as well, as does a
glyph without a Unicode value."""

_DASHES = frozenset("–—―－─━-‐‑‒−+*")
"""Marks that are also written inside text: bullets only where a space, a mark or a script without spaces follows."""


@value()
class Style:
    """How text is set, for comparison. `size` is in points."""

    size: float
    bold: bool
    colour: str | None

    def like(self, other: Style) -> bool:
        """The same weight and colour and nearly the same size."""
        return self.bold == other.bold and self.colour == other.colour and self.same_size(other)

    def same_size(self, other: Style) -> bool:
        """Nearly the same size: the difference is below what is set on purpose."""
        return abs(self.size - other.size) <= 0.06 * max(self.size, other.size)


@value(slots=False)
class Marker:
    """A bullet: its character (`•` for a drawn one) and place. `passage` is empty where it was drawn as a shape."""

    text: str
    box: Box
    passage: Passage = EMPTY


@value(slots=False, eq=False)
class Segment:
    """Words on one line, from left to right. Compared by identity: no two of one reading have the same words."""

    page: int
    words: tuple[Word, ...]
    marker: Marker | None = None
    skipped: int = 0
    """How many glyphs at the start of the first word belong to the marker."""

    @cached_property
    def passage(self) -> Passage:
        """The text with its provenance, the bullet not included."""
        passage = of_words(self.page, self.words)
        return (passage[self.skipped :] if self.skipped else passage).strip()

    @cached_property
    def text(self) -> str:
        """The text as a reader would type it."""
        return self.passage.text

    @cached_property
    def box(self) -> Box:
        """Around the text, the marker not included."""
        return self.passage.box if self.skipped else union(w.box for w in self.words)

    @cached_property
    def x0(self) -> float:
        """Where the text starts."""
        return self.box.x0

    @cached_property
    def start(self) -> float:
        """Where the line starts for a reader: at the marker, if it has one."""
        return min(self.marker.box.x0, self.box.x0) if self.marker else self.box.x0

    @cached_property
    def style(self) -> Style:
        """The style of most of its characters."""
        first = self.words[0]
        if all(w.size == first.size and w.bold == first.bold and w.colour == first.colour for w in self.words):
            return Style(round(first.size, 2), first.bold, first.colour)
        weights: Counter[tuple[float, bool, str | None]] = Counter()
        for word in self.words:
            weights[(round(word.size, 2), word.bold, word.colour)] += len(word.text)
        size, bold, colour = max(weights, key=lambda k: (weights[k], k[0], k[1], k[2] or ""))
        return Style(size, bold, colour)

    @cached_property
    def size(self) -> float:
        """The size of most of its characters, in points."""
        return self.style.size

    @cached_property
    def baseline(self) -> float:
        """The baseline of its longest word, from the top of the page."""
        return max(self.words, key=lambda w: len(w.text)).baseline


def segments_of(page: Page, words: Iterable[Word] | None = None, known: Iterable[Segment] = ()) -> list[Segment]:
    """The segments of a page (or of some of its words), from the top and from left to right, bullets taken off.

    `known` are segments that the same page was cut into before, with other tolerances. One that comes out the same is the
    very one, so that its text and style, once worked out, are not worked out again.
    """
    chosen = page.words if words is None else tuple(words)
    walls = _walls(page)
    runs = _whole_justified(_runs(chosen, walls), walls)
    segments = [Segment(page.number, tuple(run)) for run in runs]
    segments = _with_printed_markers(segments)
    segments = _with_drawn_markers(segments, page)
    same = {_identity(s): s for s in known}
    return reading_order([same.get(_identity(s), s) for s in segments] if same else segments)


def _identity(segment: Segment) -> tuple[object, ...]:
    """What makes a segment of a page the one it is: its words (these very ones), and its bullet with its place."""
    marker = segment.marker
    bullet = (marker.text, marker.box, *map(id, marker.passage.words)) if marker else None
    return tuple(map(id, segment.words)), segment.skipped, bullet


def reading_order(segments: Iterable[Segment]) -> list[Segment]:
    """Line by line from the top, each from left to right. Lines are told apart by half their height."""
    ordered = sorted(segments, key=lambda s: (s.box.middle, s.start))
    lines: list[list[Segment]] = []
    for segment in ordered:
        if lines and same_line(lines[-1][0], segment):
            lines[-1].append(segment)
        else:
            lines.append([segment])
    return [s for line in lines for s in sorted(line, key=lambda s: (s.start, s.box.top))]


def same_line(a: Segment, b: Segment) -> bool:
    """Whether two segments stand on one line: they share more than half the height of the lower one."""
    one, two = a.box, b.box
    # Asked of every two neighbours on a page, so without a call for either height or what they share.
    lower = one.bottom if one.bottom < two.bottom else two.bottom  # noqa: FURB136
    shared = lower - (one.top if one.top > two.top else two.top)  # noqa: FURB136
    return shared > 0.5 * (one.bottom - one.top) or shared > 0.5 * (two.bottom - two.top)


def lines_of(segments: Iterable[Segment]) -> list[list[Segment]]:
    """Segments that stand on one line together, from the top, each line from left to right."""
    lines: list[list[Segment]] = []
    for segment in reading_order(segments):
        if lines and same_line(lines[-1][0], segment):
            lines[-1].append(segment)
        else:
            lines.append([segment])
    return lines


def _walls(page: Page) -> list[Box]:
    """Vertical lines that text does not cross: rules and the sides of panels that are taller than a line of text."""
    height = min((w.box.height for w in page.words), default=0.0)
    walls = [r.box for r in page.rules if not r.horizontal and r.length > height]
    for panel in page.panels:
        b = panel.box
        if b.height > height and b.width > height:
            walls += [Box(b.x0, b.top, b.x0, b.bottom), Box(b.x1, b.top, b.x1, b.bottom)]
    return walls


def _runs(words: Sequence[Word], walls: Sequence[Box]) -> list[list[Word]]:
    """Words chained from left to right while the gap stays small and no wall stands between them."""
    runs: list[list[Word]] = []
    # Runs that a word may still continue, by the row that they stand in: text does not rise or fall by more than one.
    rows: dict[int, list[list[Word]]] = defaultdict(list)
    step = max([w.box.height for w in words], default=1.0) or 1.0  # a font of size 0 draws words without height
    segment_gap, style_gap = float(SEGMENT_GAP), float(STYLE_GAP)
    widest = max(segment_gap, style_gap) * max([w.size for w in words], default=1.0)
    walls = sorted(walls, key=attrgetter("x0"))
    edges = [wall.x0 for wall in walls]
    for word in sorted(words, key=attrgetter("box.x0", "box.x1", "number")):
        x0, size, bold = word.box.x0, word.size, word.bold
        row = int(word.box.middle // step)
        best: list[Word] | None = None
        best_gap = 0.0
        for near in (row - 1, row, row + 1):
            if near not in rows:
                continue
            passed = False
            for run in rows[near]:
                last = run[-1]
                gap = x0 - last.box.x1
                if gap > widest:
                    passed = True
                    continue
                larger = max(size, last.size)
                limit = segment_gap if last.bold == bold else style_gap
                if gap > limit * larger or gap < -0.6 * larger or (best is not None and gap >= best_gap):
                    continue
                if _on_one_line(last, word) and not (gap and _wall_between(last, word, walls, edges)):
                    best, best_gap = run, gap
            if passed:
                # All words to come stand further right still, so what ends too far left of this one is done with.
                rows[near] = [run for run in rows[near] if x0 - run[-1].box.x1 <= widest]
        if best is None:
            best = []
            runs.append(best)
            rows[row].append(best)
        elif row != int(best[-1].box.middle // step) and not any(run is best for run in rows[row]):
            rows[row].append(best)
        best.append(word)
    return runs


def _whole_justified(runs: list[list[Word]], walls: Sequence[Box]) -> list[list[Word]]:
    """The runs with those put together that only justification set apart: all spaces of such a line are equally wide.

    Words of a table's cells may be equally far apart as well. Those begin where others do, above or below them, and a
    justified line begins where the next line of its paragraph does.
    """
    lines: dict[float, list[list[Word]]] = defaultdict(list)
    for run in runs:
        lines[round(run[0].baseline, 1)].append(run)
    walls = sorted(walls, key=attrgetter("x0"))
    edges = [wall.x0 for wall in walls]
    joined: set[int] = set()
    for line in lines.values():
        if len(line) == 1:
            continue
        line.sort(key=lambda run: run[0].box.x0)
        spaces = [b.box.x0 - a.box.x1 for a, b in pairwise([word for run in line for word in run])]
        whole = line[0]
        for a, b in pairwise(line):
            last, first = a[-1], b[0]
            space, size = first.box.x0 - last.box.x1, max(last.size, first.size)
            if (
                0 < space <= JUSTIFIED * size
                and last.size == first.size
                and sum(abs(other - space) <= SAME_SPACE * size for other in spaces) > 1
                and _is_prose(last)
                and _is_prose(first)
                and not _wall_between(last, first, walls, edges)
                and not _begins_like_others(first, b, runs)
                and _has_line_near(whole, runs)
            ):
                whole += b
                joined.add(id(b))
            else:
                whole = b
    return [run for run in runs if id(run) not in joined] if joined else runs


def _begins_like_others(word: Word, own: Sequence[Word], runs: Iterable[Sequence[Word]]) -> bool:
    return any(o is not own and abs(o[0].box.x0 - word.box.x0) <= SAME_START * word.size for o in runs)


def _has_line_near(line: Sequence[Word], runs: Iterable[Sequence[Word]]) -> bool:
    """Whether another line right above or below begins where the text of this one does."""
    word = next((w for w in line if not is_bullet(w.text)), line[0])
    return any(
        0.5 * word.size < abs(o[0].baseline - word.baseline) <= NEXT_LINE * word.size
        and abs(o[0].box.x0 - word.box.x0) <= SAME_START * word.size
        for o in runs
    )


def _is_prose(word: Word) -> bool:
    """Whether a word is one of a running text, and not a figure, a label or a script without spaces."""
    return any(c.islower() for c in word.text) and not any(c.isdigit() for c in word.text)


def _on_one_line(a: Word, b: Word) -> bool:
    small, large = (a, b) if a.size <= b.size else (b, a)
    if abs(a.baseline - b.baseline) <= 0.25 * small.size:
        return True
    # Superscripts and raised bullets: their middle lies within the larger glyphs' height.
    return large.box.top <= small.box.middle <= large.box.bottom and small.size < 0.8 * large.size


def _wall_between(a: Word, b: Word, walls: Sequence[Box], edges: Sequence[float]) -> bool:
    """Whether a wall stands where one word ends and the other begins. `walls` come by their places, which are `edges`."""
    one, other = a.box.x1, b.box.x0
    left, right = (one, other) if one < other else (other, one)
    first = bisect_left(edges, left)
    last = bisect_right(edges, right, first)
    if first == last:
        return False
    middle = (a.box.middle + b.box.middle) / 2
    return any(w.top <= middle <= w.bottom for w in walls[first:last])


def is_bullet(text: str) -> bool:
    """Whether a printed word is nothing but a bullet."""
    return len(text) == 1 and (text in BULLETS or text == "\ufffd" or "\ue000" <= text <= "\uf8ff")


def _with_printed_markers(segments: Sequence[Segment]) -> list[Segment]:
    """A bullet at the start of a segment, or standing alone before one, becomes that segment's marker."""
    alone: list[Segment] = []
    rest: list[Segment] = []
    for s in segments:
        if all(is_bullet(w.text) for w in s.words):
            # A justified line may set two of them ("• ▶ Name") apart from their text.
            alone += [replace(s, words=(w,)) for w in s.words]
        else:
            rest.append(_own_marker(s))
    reaches = [_marker_reach(s) for s in rest]
    for lone in sorted(alone, key=lambda s: -s.box.x0):
        word = lone.words[0]
        middle, right = word.box.middle, word.box.x1
        target: int | None = None
        # Most segments stand on other lines, so that is asked first.
        for i in [i for i, (top, bottom) in enumerate(reaches) if top <= middle <= bottom]:
            s = rest[i]
            near = not s.skipped and -0.3 * s.size <= s.start - right <= MARKER_GAP * s.size
            if near and (target is None or s.start < rest[target].start):
                target = i
        if target is None:
            rest.append(lone)
            reaches.append(_marker_reach(lone))
        else:
            s = rest[target]
            rest[target] = _behind(s, Marker(word.text, word.box, of_words(s.page, lone.words)))
            reaches[target] = _marker_reach(rest[target])
    return [_marked_like_others(s, rest) for s in rest]


def _marked_like_others(segment: Segment, segments: Sequence[Segment]) -> Segment:
    """A dash that touches a Latin word is a bullet where others have the same one at the same distance from the left."""
    first = segment.words[0]
    head = first.text[0]
    if segment.marker is not None or len(first.text) < 2 or head not in _DASHES or first.glyphs[0].text != head:
        return segment
    box = first.glyphs[0].box
    for other in segments:
        mark = other.marker
        if mark is not None and mark.text == head and abs(mark.box.x0 - box.x0) <= SAME_START * segment.size:
            return replace(segment, marker=Marker(head, box, of_words(segment.page, [first])[:1]), skipped=1)
    return segment


def _behind(segment: Segment, marker: Marker) -> Segment:
    """The segment with `marker` in front. Of two bullets in a row ("• ▶ Name") the inner one stays with the text."""
    if segment.marker is None:
        return replace(segment, marker=marker)
    inner = () if segment.skipped else segment.marker.passage.words
    return replace(segment, words=(*inner, *segment.words), marker=marker, skipped=0)


def _marker_reach(segment: Segment) -> tuple[float, float]:
    """Between which heights a marker of the segment has its middle: within its line, or hardly outside."""
    return segment.box.top - 0.1 * segment.size, segment.box.bottom + 0.1 * segment.size


def _own_marker(segment: Segment) -> Segment:
    first = segment.words[0]
    if len(segment.words) > 1 and is_bullet(first.text):
        marker = Marker(first.text, first.box, of_words(segment.page, [first]))
        return replace(segment, words=segment.words[1:], marker=marker)
    head = first.text[0]
    glued = len(first.text) > 1 and is_bullet(head) and first.glyphs[0].text == head
    if glued and (head not in _DASHES or is_spaceless(first.text[1]) or is_bullet(first.text[1])):
        marker = Marker(head, first.glyphs[0].box, of_words(segment.page, [first])[:1])
        return replace(segment, marker=marker, skipped=1)
    return segment


def _with_drawn_markers(segments: Sequence[Segment], page: Page) -> list[Segment]:
    """Small drawn shapes (dots, squares, dashes) before a segment are bullets as well."""
    shapes = [p.box for p in page.panels] + [c.box for c in page.curves]
    arrows = {c.box for c in page.curves if _points_right(c)}
    if len(arrows) > MARK_SHARE * len(segments):
        arrows = set()  # they are the bullets
    shapes += [r.box for r in page.rules if r.horizontal]
    largest = DRAWN_BULLET * max((s.size for s in segments), default=0.0)
    shapes = [box for box in shapes if max(box.width, box.height) <= largest]
    shapes = _without_dots(shapes)
    if not shapes:
        return list(segments)
    middles = [box.middle for box in shapes]
    taken: set[Box] = set()
    marked: list[Segment] = []
    for s in sorted(segments, key=lambda s: (s.box.top, s.start)):
        best: Box | None = None
        top, bottom = _marker_reach(s)
        for box in [box for box, middle in zip(shapes, middles, strict=True) if top <= middle <= bottom]:
            largest = (DRAWN_ARROW if box in arrows else DRAWN_BULLET) * s.size
            if box in taken or max(box.width, box.height) > largest:
                continue
            # A mark stands behind the bullet, if there is one.
            gap = (s.x0 if box in arrows else s.start) - box.x1
            if 0 <= gap <= MARKER_GAP * s.size and (best is None or box.x0 > best.x0):
                best = box
        if best is not None and not any(
            o is not s and same_line(o, s) and best.x1 <= o.box.x1 <= s.box.x0 for o in segments
        ):
            taken.add(best)
            if best in arrows:
                outer = _bullet_before(best, shapes, s)
                taken.update(outer)
                marked.append(_with_drawn_arrow(s, [*outer, best]))
                continue
            square = best.width > 0 and abs(best.width - best.height) < 0.2 * best.width
            marked.append(_behind(s, Marker("•" if square else "–", best)))
        else:
            marked.append(s)
    return marked


def _without_dots(shapes: Sequence[Box]) -> list[Box]:
    """The shapes without those that stand side by side like the dots of a drawn line, level and equally high."""
    rows: dict[tuple[float, float], list[Box]] = defaultdict(list)
    for box in shapes:
        rows[round(box.middle, 1), round(box.height, 1)].append(box)
    dots: set[Box] = set()
    for row in rows.values():
        row.sort(key=attrgetter("x0"))
        for a, b in pairwise(row):
            if 0 <= b.x0 - a.x1 <= DOT_GAP * max(a.width, a.height):
                dots.update((a, b))
    return [box for box in shapes if box not in dots]


def _with_drawn_arrow(segment: Segment, shapes: Sequence[Box]) -> Segment:
    """The segment with a drawn triangle as its marker, which starts where its bullet does."""
    bullet = segment.marker
    boxes = [*shapes, bullet.box] if bullet else shapes
    return replace(segment, marker=Marker("▶", union(boxes), bullet.passage if bullet else EMPTY))


def _bullet_before(arrow: Box, shapes: Sequence[Box], s: Segment) -> list[Box]:
    """The bullet of an entry that has a drawn mark behind its bullet ("• ▶ Name"): the entry starts there."""
    top, bottom = _marker_reach(s)
    before = [
        box
        for box in shapes
        if max(box.width, box.height) <= DRAWN_BULLET * s.size
        and 0 <= arrow.x0 - box.x1 <= MARKER_GAP * s.size
        and top <= box.middle <= bottom
    ]
    return [max(before, key=lambda box: box.x0)] if before else []


def _points_right(curve: Curve) -> bool:
    """Whether a shape is a triangle with an upright left side and its tip in the middle of the right one."""
    box, corners = curve.box, set(curve.points)
    tips = [(x, y) for x, y in corners if box.x1 - x <= 0.1 * box.width]
    base = {round((y - box.top) / max(box.height, 1e-6)) for x, y in corners if x - box.x0 <= 0.1 * box.width}
    middle = len(tips) == 1 and abs(tips[0][1] - box.middle) <= 0.1 * box.height
    return len(corners) == 3 and middle and base == {0, 1}
