"""Words into segments: runs of words that stand on one line without a wide gap between them.

A segment never crosses a gutter, a frame's edge or a vertical rule. Bullets (printed or drawn) are taken off the segment
that follows them, so that a segment's box starts where its line starts for a reader.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from itertools import pairwise
from operator import attrgetter
from typing import TYPE_CHECKING

from pipeline.cached import cached_property
from pipeline.layout.word_runs import PageWords, runs_of
from pipeline.model import Box, Curve, Page, Word, union
from pipeline.passage import EMPTY, Passage, is_spaceless, of_words
from pipeline.tolerances import Tolerance
from pipeline.values import value

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

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
        return self.colour == other.colour and self.same_type(other)

    def same_type(self, other: Style) -> bool:
        """The same weight and nearly the same size, in whatever colour."""
        return self.bold == other.bold and self.same_size(other)

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
        return self.passage.box if self.skipped else union([w.box for w in self.words])

    @cached_property
    def middle(self) -> float:
        """Half-way between the upper and the lower edge of its box."""
        return self.box.middle

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
        size, bold, colour = first.size, first.bold, first.colour
        for word in self.words[1:]:
            if word.size != size or word.bold != bold or word.colour != colour:
                return self._commonest_style()
        return Style(round(size, 2), bold, colour)

    def _commonest_style(self) -> Style:
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
    def largest(self) -> float:
        """The size of its largest word, in points."""
        return max([w.size for w in self.words])

    @cached_property
    def baseline(self) -> float:
        """The baseline of its longest word, from the top of the page."""
        if len({w.baseline for w in self.words}) == 1:
            return self.words[0].baseline
        return max(self.words, key=lambda w: len(w.text)).baseline


def segments_of(page: Page, words: Iterable[Word] | None = None) -> list[Segment]:
    """The segments of a page (or of some of its words), from the top and from left to right, bullets taken off."""
    return cut(PageWords(page, page.words if words is None else tuple(words)))


def cut(words: PageWords) -> list[Segment]:
    """As `segments_of`; a segment that an earlier cut gave as well, with other tolerances, is the very one."""
    segments = [_made(words, run) for run in runs_of(words)]
    segments = _with_printed_markers(segments, words)
    return reading_order(_with_drawn_markers(segments, words))


def _made(words: PageWords, run: Sequence[Word]) -> Segment:
    """The segment of a run, its own bullet taken off."""
    key = tuple(map(id, run))
    made = words.segments.get(key)
    if made is None:
        made = words.segments[key] = _own_marker(Segment(words.page.number, tuple(run)))
    return made


def _marked(words: PageWords, segment: Segment, marker: Marker) -> Segment:
    """The segment with `marker` in front. Of two bullets in a row ("• ▶ Name") the inner one stays with the text."""
    if segment.marker is None:
        return _behind(words, marker, segment.words)
    inner = () if segment.skipped else segment.marker.passage.words
    return _behind(words, marker, (*inner, *segment.words))


def _behind(words: PageWords, marker: Marker, text: tuple[Word, ...], skipped: int = 0) -> Segment:
    """The segment of `text` behind a marker: the very one that has these words and a marker in that place already."""
    key = (marker.text, marker.box, *map(id, marker.passage.words), skipped, *map(id, text))
    made = words.segments.get(key)
    if made is None:
        made = words.segments[key] = Segment(words.page.number, text, marker, skipped)
    return made


def common_size(segments: Iterable[Segment]) -> float:
    """The size of most of the text, in points; 0 where there is none."""
    sizes: Counter[float] = Counter()
    for s in segments:
        sizes[round(s.size, 1)] += len(s.text)
    return max(sizes, key=lambda k: (sizes[k], k)) if sizes else 0.0


def reading_order(segments: Iterable[Segment]) -> list[Segment]:
    """Line by line from the top, each from left to right. Lines are told apart by half their height."""
    ordered = sorted(segments, key=lambda s: (s.middle, s.start))
    lines: list[list[Segment]] = []
    for segment in ordered:
        if lines and same_line(lines[-1][0], segment):
            lines[-1].append(segment)
        else:
            lines.append([segment])
    for line in lines:
        if len(line) > 1:
            line.sort(key=lambda s: (s.start, s.box.top))
    return [s for line in lines for s in line]


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


def is_bullet(text: str) -> bool:
    """Whether a printed word is nothing but a bullet."""
    return len(text) == 1 and (text in BULLETS or text == "\ufffd" or "\ue000" <= text <= "\uf8ff")


def _with_printed_markers(segments: Sequence[Segment], words: PageWords) -> list[Segment]:
    """A bullet standing alone before a segment becomes that segment's marker."""
    alone: list[Segment] = []
    rest: list[Segment] = []
    for s in segments:
        if not all(is_bullet(w.text) for w in s.words):
            rest.append(s)
        elif s.marker is None:
            alone.append(s)
        else:
            # A justified line may set two of them ("• ▶ Name") apart from their text.
            alone += [Segment(s.page, (w,)) for w in (*s.marker.passage.words, *s.words)]
    reaches = [_marker_reach(s) for s in rest] if alone else []
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
            rest[target] = _marked(words, rest[target], Marker(word.text, word.box, lone.passage))
            reaches[target] = _marker_reach(rest[target])
    return [_marked_like_others(s, rest, words) for s in rest]


def _marked_like_others(segment: Segment, segments: Sequence[Segment], words: PageWords) -> Segment:
    """A dash that touches a Latin word is a bullet where others have the same one at the same distance from the left."""
    first = segment.words[0]
    head = first.text[0]
    if segment.marker is not None or len(first.text) < 2 or head not in _DASHES or first.glyphs[0].text != head:
        return segment
    box = first.box_of(0, 1)
    for other in segments:
        mark = other.marker
        if mark is not None and mark.text == head and abs(mark.box.x0 - box.x0) <= SAME_START * segment.size:
            return _behind(words, Marker(head, box, of_words(segment.page, [first])[:1]), segment.words, skipped=1)
    return segment


def _marker_reach(segment: Segment) -> tuple[float, float]:
    """Between which heights a marker of the segment has its middle: within its line, or hardly outside."""
    box, slack = segment.box, 0.1 * segment.size
    return box.top - slack, box.bottom + slack


def _own_marker(segment: Segment) -> Segment:
    first = segment.words[0]
    if len(segment.words) > 1 and is_bullet(first.text):
        marker = Marker(first.text, first.box, of_words(segment.page, [first]))
        return Segment(segment.page, segment.words[1:], marker)
    head = first.text[0]
    glued = len(first.text) > 1 and is_bullet(head) and first.glyphs[0].text == head
    if glued and (head not in _DASHES or is_spaceless(first.text[1]) or is_bullet(first.text[1])):
        marker = Marker(head, first.box_of(0, 1), of_words(segment.page, [first])[:1])
        return Segment(segment.page, segment.words, marker, 1)
    return segment


def _with_drawn_markers(segments: Sequence[Segment], words: PageWords) -> list[Segment]:
    """Small drawn shapes (dots, squares, dashes) before a segment are bullets as well."""
    page = words.page
    shapes = [p.box for p in page.panels] + [c.box for c in page.curves]
    arrows = {c.box for c in page.curves if _points_right(c)}
    if len(arrows) > MARK_SHARE * len(segments):
        arrows = set()  # they are the bullets
    shapes += [r.box for r in page.rules if r.horizontal]
    largest = DRAWN_BULLET * max((s.size for s in segments), default=0.0)
    shapes = _without_dots([box for box in shapes if max(box.width, box.height) <= largest])
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
                marked.append(_with_drawn_arrow(words, s, [*outer, best]))
                continue
            square = best.width > 0 and abs(best.width - best.height) < 0.2 * best.width
            marked.append(_marked(words, s, Marker("•" if square else "–", best)))
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


def _with_drawn_arrow(words: PageWords, segment: Segment, shapes: Sequence[Box]) -> Segment:
    """The segment with a drawn triangle as its marker, which starts where its bullet does."""
    bullet = segment.marker
    boxes = [*shapes, bullet.box] if bullet else shapes
    marker = Marker("▶", union(boxes), bullet.passage if bullet else EMPTY)
    return _behind(words, marker, segment.words, segment.skipped)


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
