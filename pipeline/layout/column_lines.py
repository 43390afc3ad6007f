"""The lines of one column: how each is set and where it stands, and what two of them say of each other."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from pipeline.cached import cached_property
from pipeline.layout.lines import Marker, Segment, Style, lines_of
from pipeline.layout.panels import frame_around, is_band, is_underlined, without_dividers
from pipeline.model import Box, Page, Panel, union
from pipeline.passage import Passage, is_spaceless, join
from pipeline.tolerances import Tolerance
from pipeline.values import value

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

LINE_GAP = Tolerance(1.05, "gap between lines")
"""Lines farther apart than this many font sizes (from the lower edge to the upper) are not one paragraph."""

LARGER = Tolerance(0.06, "size of a heading")
"""Text that is larger than other text by more than this part of it is set larger on purpose."""

SUB_INDENT = Tolerance(0.5, "indent of what stands under an entry")
"""What starts this many font sizes right of an entry's text stands under it."""

INDENT = Tolerance(0.6, "indent")
"""Starts that differ by less than this many font sizes are aligned."""


@value(slots=False, eq=False)
class Line:
    """The segments of one column that stand on one line, amount cells not included. Compared by identity."""

    segments: tuple[Segment, ...]
    frame: Panel | None = None
    underlined: bool = False
    limit: float | None = None
    """Where something that is not its text (an amount, or the rule before it) begins to the right of it."""

    @cached_property
    def marker(self) -> Marker | None:
        """The bullet, if there is one."""
        return self.segments[0].marker

    @cached_property
    def box(self) -> Box:
        """Around its text."""
        return union([s.box for s in self.segments]) if len(self.segments) > 1 else self.segments[0].box

    @cached_property
    def x0(self) -> float:
        """Where its text starts."""
        return self.segments[0].x0

    @cached_property
    def start(self) -> float:
        """Where it starts for a reader: at its bullet, if it has one."""
        return self.segments[0].start

    @cached_property
    def style(self) -> Style:
        """How most of its text is set."""
        if len(self.segments) == 1:
            return self.segments[0].style
        return max(self.segments, key=lambda s: len(s.text)).style

    @cached_property
    def size(self) -> float:
        """The size of most of its text, in points."""
        return self.style.size

    @cached_property
    def lead(self) -> Style:
        """The style of its first word."""
        word = self.segments[0].words[0]
        return Style(word.size, word.bold, word.colour)

    @cached_property
    def slanted(self) -> bool:
        """Whether its first word is set in italics, as far as its font's name says."""
        name = self.segments[0].words[0].font.casefold()
        return "italic" in name or "oblique" in name

    @cached_property
    def is_of_one_colour(self) -> bool:
        """Whether all its words have one colour."""
        return all(word.colour == self.lead.colour for s in self.segments for word in s.words)

    @cached_property
    def look(self) -> tuple[float, bool, str | None]:
        """Its size, to a tenth of a point, weight and colour, to be counted by."""
        style = self.style
        return round(style.size, 1), style.bold, style.colour

    @cached_property
    def passage(self) -> Passage:
        """Its text with its provenance."""
        return join([s.passage for s in self.segments]) if len(self.segments) > 1 else self.segments[0].passage

    @property
    def first_word_width(self) -> float:
        """The width of what had to fit on the line above for this line not to begin there."""
        word, start = self.segments[0].words[0], self.segments[0].skipped
        end = len(word.glyphs)
        glyph = word.glyphs[start if start < end else 0]
        if is_spaceless(glyph.text[0]):
            return glyph.box.width
        return word.box_of(end - 1, end).x1 - glyph.box.x0

    @cached_property
    def banded(self) -> bool:
        """Whether it stands on a filled strip of its own."""
        return self.frame is not None and is_band(self.frame, self.segments[0])


def make_lines(segments: Iterable[Segment], page: Page, frames: Sequence[Panel]) -> list[Line]:
    """Segments of one column as lines, from the top."""
    rules = without_dividers(page.rules)
    return [
        Line(tuple(row), frame_around(union([s.box for s in row]), frames), any(is_underlined(s, rules) for s in row))
        for row in lines_of(segments)
    ]


def body_style(lines: Iterable[Line]) -> Style | None:
    """The style of most of the text, bulleted lines counting double: what is set otherwise is set off."""
    weights: Counter[tuple[float, bool, str | None]] = Counter()
    for line in lines:
        weights[line.look] += len(line.passage.raw) * (2 if line.marker else 1)
    if not weights:
        return None
    size, bold, colour = max(weights, key=lambda k: (weights[k], k[0], k[1], k[2] or ""))
    return Style(size, bold, colour)


def is_set_off(line: Line, body: Style | None) -> bool:
    """Whether a line is set as a heading: bolder or larger than the body, underlined, or on a band."""
    if body is None:
        return False
    if line.underlined or (line.banded and not line.style.like(body)):
        return True
    # A heading may go on in smaller type (a subtitle, an amount), so a larger first word is enough.
    return (line.style.bold and not body.bold) or max(line.style.size, line.lead.size) > (1 + float(LARGER)) * body.size


def differs_in_ink(one: Line, other: Line) -> bool:
    """Whether two lines begin in different colours, or one of them in italics."""
    return one.lead.colour != other.lead.colour or one.slanted != other.slanted


def is_centred(above: Line, below: Line) -> bool:
    """Whether two lines have one middle and different ends, as centred text has."""
    return (
        abs(above.box.centre - below.box.centre) < 0.5 * below.size and abs(above.x0 - below.x0) > INDENT * below.size
    )


def fits(above: Line, below: Line, right: float) -> bool:
    """Whether the first word of `below` would have fitted at the end of `above`, so that the break was meant."""
    space = 0.0 if is_spaceless(above.passage.raw[-1:] or " ") else 0.25 * above.size
    if above.limit is not None:
        right = min(right, above.limit - 2 * space)
    return above.box.x1 + space + below.first_word_width <= right


def closes(above: Line) -> bool:
    """Whether a line ends as entries end: with a bracket closed, or a full stop."""
    return above.passage.raw.rstrip().endswith((")", "）", "]", "］", ".", "。"))


LEADING_ON = frozenset(("a", "an", "and", "as", "at", "by", "for", "from", "of", "or", "the", "to", "with"))
"""No English name ends with one of these: where a line does, the name goes on."""


def runs_on(above: Line, below: Line) -> bool:
    """Whether the words themselves say that a sentence goes on: an open bracket, a hyphen, a small letter, a word like "of"."""
    text, following = above.passage.raw.rstrip(), below.passage.raw.lstrip()
    if not text or not following:
        return False
    if any(text.count(a) > text.count(b) for a, b in ("()", "[]", "（）", "「」", "『』", "【】")):
        return True
    return text[-1] in ",-‐/&" or following[0].islower() or text.rsplit(None, 1)[-1] in LEADING_ON
