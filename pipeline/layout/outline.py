"""Lines of one column into entries: headings, bulleted items and paragraphs, each with its wrapped lines joined.

Where a line break falls is not written in a PDF. A line goes on from the one above it when it is set alike, stands close
below it, and either hangs under its text, or could not have begun on it: its first word would not have fitted there.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import field
from itertools import pairwise
from typing import TYPE_CHECKING

from pipeline.cached import cached_property
from pipeline.layout.lines import Marker, Segment, Style, lines_of
from pipeline.layout.panels import frame_around, is_band, is_underlined, without_dividers
from pipeline.layout.rows import ruled_rows
from pipeline.model import Box, Page, Panel, union
from pipeline.passage import EMPTY, Passage, is_spaceless, join
from pipeline.tolerances import Tolerance
from pipeline.values import value

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from pipeline.model import Rule

LINE_GAP = Tolerance(1.05, "gap between lines")
"""Lines farther apart than this many font sizes (from the lower edge to the upper) are not one paragraph."""

LARGER = Tolerance(0.06, "size of a heading")
"""Text that is larger than other text by more than this part of it is set larger on purpose."""

SUB_INDENT = Tolerance(0.5, "indent of what stands under an entry")
"""What starts this many font sizes right of an entry's text stands under it."""

SAME_GAP = Tolerance(0.08, "gap between lines of an entry")
"""White spaces between the lines of one entry differ by less than this part of the font size."""

INDENT = Tolerance(0.6, "indent")
"""Starts that differ by less than this many font sizes are aligned."""


@value(slots=False, eq=False)
class Line:
    """The segments of one column that stand on one line, amount cells not included. Compared by identity."""

    segments: tuple[Segment, ...]
    frame: Panel | None = None
    underlined: bool = False
    limit: float | None = None
    """Where something that is not its text (an amount) begins to the right of it."""

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


@value(slots=False, eq=False)
class Entry:
    """A heading, an item or a paragraph: one or more lines. Compared by identity."""

    lines: tuple[Line, ...]
    extra: tuple[Segment, ...] = field(default=())
    """Segments that belong to it without being part of its text, such as amounts in a column of their own."""

    @cached_property
    def marker(self) -> Marker | None:
        """The bullet, if there is one."""
        return self.lines[0].marker

    @cached_property
    def x0(self) -> float:
        """Where its text starts."""
        return self.lines[0].x0

    @cached_property
    def start(self) -> float:
        """Where it starts for a reader: at its bullet, if it has one."""
        return self.lines[0].start

    @cached_property
    def style(self) -> Style:
        """How most of its text is set."""
        return self.lines[0].style

    @cached_property
    def box(self) -> Box:
        """Around its text."""
        return union([line.box for line in self.lines])

    @cached_property
    def passage(self) -> Passage:
        """Its text with its provenance."""
        return join([line.passage for line in self.lines])

    @cached_property
    def text(self) -> str:
        """Its text as a reader would type it."""
        return self.passage.text

    @property
    def frame(self) -> Panel | None:
        """The frame that it stands in."""
        return self.lines[0].frame

    @property
    def marker_passage(self) -> Passage:
        """The printed bullet; empty where there is none or it was drawn."""
        return self.marker.passage if self.marker else EMPTY


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


def read_entries(
    lines: Sequence[Line],
    right: float,
    *,
    opening: Callable[[Line], float | None] = lambda _line: None,
    continues: Callable[[Line], bool] = lambda _line: False,
    is_whole: Callable[[Line], bool] = lambda _line: False,
    ended: Callable[[Sequence[Line], Line], bool] = lambda _entry, _below: False,
    rules: Sequence[Rule] = (),
    hang: float | None = None,
    leading: float = float("inf"),
) -> list[Entry]:
    """Lines of one column as entries.

    `right` is where the column's text ends. `opening` says of a line that opens an entry whatever its place (behind a
    ministry in brackets) where its text begins behind that; `continues` that it never opens one (a mark such as a lone
    "[New]"), `is_whole` that it is an entry by itself (a heading in ornamental brackets). `ended` says of an entry without a
    bullet and the line below it that the entry had ended. Where `rules` divide rows, a row is an entry. `hang` is how far,
    in font sizes, wraps of entries without bullets hang in the columns beside this one, and `leading` the least white space
    between lines there (`leading_of`).
    """

    def begins(line: Line) -> bool:
        return opening(line) is not None

    def is_under_opening(entry: Sequence[Line], line: Line) -> bool:
        text = opening(entry[0])
        return text is not None and line.marker is None and abs(line.x0 - text) <= INDENT * line.size

    entries: list[list[Line]] = []
    hanging = _hanging(lines, begins, hang)
    headed = _heading_wraps(lines)
    aligned = _wraps_align(lines, begins)
    apart = _gap_between_entries(lines, begins, min(leading, leading_of(lines)))
    rows = ruled_rows(lines, rules, begins)
    for line in lines:
        row, above = rows.get(id(line)), rows.get(id(entries[-1][-1])) if entries else None
        alone = not continues(line) and (is_whole(line) or (bool(entries) and is_whole(entries[-1][-1])))
        hung = bool(entries) and is_under_opening(entries[-1], line)
        if row is not None and above is not None and (row != above or _is_set_alike(entries[-1][-1], line)):
            if row == above and not _is_set_in(entries[-1], line, right, hanging, aligned=aligned):
                entries[-1].append(line)
            else:
                entries.append([line])
        elif alone or (
            hanging is not None
            and hanging.opens(line, entries[-1] if entries else ())
            and not continues(line)
            and not hung
        ):
            entries.append([line])
        elif (
            entries
            and not (_opens_plainly(entries[-1][0], begins) and not continues(line) and ended(entries[-1], line))
            and (
                _goes_on(entries[-1], line, right, begins, continues, apart, aligned=aligned, headed=id(line) in headed)
                or (hanging is not None and _opens_plainly(entries[-1][0], begins) and hanging.wraps(entries[-1], line))
            )
        ):
            entries[-1].append(line)
        else:
            entries.append([line])
    return [Entry(tuple(group)) for group in entries]


def _is_set_in(entry: Sequence[Line], line: Line, right: float, hanging: _Hanging | None, *, aligned: bool) -> bool:
    """Whether a line in an entry's row is set in behind where the wraps of such entries begin: a sub-entry."""
    if entry[0].marker is None:
        return hanging is not None and hanging.is_set_in(line)
    return line.x0 - entry[0].x0 > SUB_INDENT * line.size and (aligned or fits(entry[-1], line, right))


def _opens_plainly(line: Line, begins: Callable[[Line], bool]) -> bool:
    return line.marker is None and not begins(line)


def _is_set_alike(above: Line, below: Line) -> bool:
    """Whether two lines are close together and set in one weight and size."""
    close = below.box.top - above.box.bottom <= LINE_GAP * max(below.size, above.size)
    return close and above.style.bold == below.style.bold and above.style.same_size(below.style)


@value()
class _Hanging:
    """Entries without bullets whose wrapped lines hang: where entries begin, where their wraps do, and their style."""

    base: float
    hung: float
    body: Style

    def opens(self, line: Line, above: Sequence[Line]) -> bool:
        """Whether a line begins an entry: flush with the others, or set in further than wraps are (a sub-entry).

        Under the text of a sub-entry with a bullet, which is `above`, it is that one's wrap.
        """
        if line.marker is not None or not line.style.like(self.body):
            return False
        if abs(line.x0 - self.base) <= INDENT * line.size:
            return True
        under_bullet = bool(above) and above[0].marker is not None and abs(line.x0 - above[0].x0) <= INDENT * line.size
        return self.is_set_in(line) and not under_bullet and not (above and _runs_on(above[-1], line))

    def is_set_in(self, line: Line) -> bool:
        """Whether a line like the entries begins further right than their wraps do."""
        return line.style.like(self.body) and line.x0 - self.hung > INDENT * line.size

    def wraps(self, entry: Sequence[Line], line: Line) -> bool:
        """Whether a line stands close under a flush entry, set alike and where wraps begin."""
        last, reach = entry[-1], INDENT * line.size
        alike = line.marker is None and line.style.like(last.style) and line.underlined == last.underlined
        near = line.frame is last.frame and line.box.top - last.box.bottom <= LINE_GAP * line.size
        return alike and near and abs(entry[0].x0 - self.base) <= reach and abs(line.x0 - self.hung) <= reach


def _hanging(lines: Sequence[Line], begins: Callable[[Line], bool], hang: float | None = None) -> _Hanging | None:
    """How wraps hang in a column. Two show it, or one that hangs as far as `hang`."""
    body = body_style(lines)
    plain = [line for line in lines if body is not None and line.style.like(body)]
    unmarked = [line for line in plain if line.marker is None and not begins(line)]
    if body is None or len(unmarked) < (4 if hang is None else 2):
        return None
    starts = sorted(unmarked, key=lambda line: line.x0)
    # What begins further left than the entries may be a line of prose above them.
    for base in [a.x0 for a, b in pairwise(starts) if b.x0 - a.x0 <= INDENT * a.size]:
        flush = [line for line in unmarked if 0 <= line.x0 - base <= INDENT * line.size]
        hung = [
            b.x0
            for a, b in pairwise(plain)
            if b.marker is None
            and INDENT * b.size < b.x0 - base < 4 * b.size
            and a.marker is None
            and 0 <= a.x0 - base <= INDENT * a.size
        ]
        # Marked lines that begin further left own the flush lines as their wraps.
        opens_left = any((line.marker or begins(line)) and line.start < base - INDENT * line.size for line in plain)
        as_elsewhere = hang is not None and any(abs(x - base - hang * body.size) <= INDENT * body.size for x in hung)
        if len(hung) >= (1 if as_elsewhere else 2) and len(flush) >= 2 and not opens_left:
            return _Hanging(base, min(hung), body)
    return None if hang is None else _hanging_as_elsewhere(unmarked, body, hang)


def _hanging_as_elsewhere(lines: Sequence[Line], body: Style, hang: float) -> _Hanging | None:
    """Entries and sub-entries without bullets, none of which wraps, in a column beside others whose wraps hang by `hang`."""
    found = _Hanging(min(line.x0 for line in lines), min(line.x0 for line in lines) + hang * body.size, body)
    reach = float(INDENT) * body.size
    flush = [line for line in lines if line.x0 - found.base <= reach]
    return found if all(line in flush or found.is_set_in(line) for line in lines) and len(flush) < len(lines) else None


def hanging_indent(lines: Sequence[Line], opening: Callable[[Line], float | None]) -> float | None:
    """How far, in font sizes, wraps of entries without bullets hang in a column; None where they do not, as far as it shows.

    `opening` is that of `read_entries`.
    """
    found = _hanging(lines, lambda line: opening(line) is not None)
    return (found.hung - found.base) / found.body.size if found is not None else None


def wrapped_entries(lines: Sequence[Line]) -> list[list[Line]]:
    """The entries with a bullet whose wrapped lines stand close below it and begin where its text does, two lines at least."""
    found: list[list[Line]] = []
    for line in lines:
        if line.marker is not None:
            found.append([line])
        elif found:
            last = found[-1][-1]
            near = line.frame is last.frame and 0 <= line.box.top - last.box.bottom <= LINE_GAP * line.size
            if near and line.style.like(last.style) and abs(line.x0 - found[-1][0].x0) <= INDENT * line.size:
                found[-1].append(line)
            else:
                found.append([line])
    return [entry for entry in found if len(entry) > 1 and entry[0].marker is not None]


def _wraps_align(lines: Sequence[Line], begins: Callable[[Line], bool]) -> bool:
    """Whether wrapped lines begin where the text behind the bullet does, so that what is set in further is no wrap."""
    return any(
        b.marker is None
        and (a.marker is not None or begins(a))
        and b.style.like(a.style)
        and abs(b.x0 - a.x0) <= 0.3 * b.size
        and b.frame is a.frame
        for a, b in pairwise(lines)
    )


def _gap_between_entries(lines: Sequence[Line], begins: Callable[[Line], bool], leading: float) -> float:
    """The white space that stands between entries without bullets and not between their lines; infinite where none does.

    It shows where lines that begin at one place are farther apart than the lines of entries are (`leading_of`).
    """
    plain = [
        (a, b)
        for a, b in pairwise(lines)
        if a.marker is None and b.marker is None and not (begins(a) or begins(b)) and _are_near(a, b)
    ]
    gaps = [_gap(a, b) for a, b in plain if abs(b.x0 - a.x0) <= INDENT * b.size]
    near = [gap for gap in (*gaps, leading) if gap - leading <= float(SAME_GAP)]
    far = [gap for gap in gaps if gap - leading > float(SAME_GAP)]
    if not far or not near or min(far) - max(near) < 2 * float(SAME_GAP):
        return float("inf")
    return (max(near) + min(far)) / 2 * plain[0][0].size


def leading_of(lines: Sequence[Line]) -> float:
    """The least white space between two lines set alike, in font sizes: between the lines of one entry, if any is wrapped."""
    return min((_gap(a, b) for a, b in pairwise(lines) if _are_near(a, b)), default=float("inf"))


def _are_near(above: Line, below: Line) -> bool:
    gap = below.box.top - above.box.bottom
    return below.style.like(above.style) and below.frame is above.frame and gap <= LINE_GAP * below.size


def _gap(above: Line, below: Line) -> float:
    return (below.box.top - above.box.bottom) / below.size


def _heading_wraps(lines: Sequence[Line]) -> frozenset[int]:
    """The lines without a bullet (by identity) that belong to the heading above them, though they may begin at its bullet.

    They stand on one band with it, or under a heading with a bullet, where headings set like it all have one.
    """
    body = body_style(lines)
    below = [
        (a, b)
        for a, b in pairwise(lines)
        if b.marker is None and b.style.like(a.style) and is_set_off(b, body) and is_set_off(a, body)
    ]
    wraps = {id(b) for a, b in below if a.marker is not None}
    for a, b in below:
        if id(a) in wraps:
            wraps.add(id(b))
    alone = [line.style for line in lines if line.marker is None and id(line) not in wraps and is_set_off(line, body)]
    marked = {id(b) for _, b in below if id(b) in wraps and not any(b.style.like(style) for style in alone)}
    return frozenset(marked | {id(b) for a, b in below if a.banded and b.banded and a.frame is b.frame})


def _goes_on(
    entry: Sequence[Line],
    line: Line,
    right: float,
    begins: Callable[[Line], bool],
    continues: Callable[[Line], bool],
    apart: float,
    *,
    aligned: bool,
    headed: bool,
) -> bool:
    first, last = entry[0], entry[-1]
    if line.marker is not None or begins(line) or line.frame is not last.frame:
        return False
    if line.box.top - last.box.bottom > LINE_GAP * max(line.size, last.size):
        return False
    if continues(line):
        return True
    if line.style.bold != last.style.bold or not line.style.same_size(last.style) or line.underlined != last.underlined:
        return False
    hanging = line.x0 - first.x0
    if first.marker is not None or begins(first):
        deeper = first.marker is not None and hanging > SUB_INDENT * line.size
        if deeper and (aligned or fits(last, line, right) or _closes(last)) and not _runs_on(last, line):
            return False  # set in further than the text above it: a sub-entry without a bullet
        if hanging >= -(INDENT * line.size):
            return True
        # A wrapped line set flush with the bullet: only where nothing more fitted on the line above.
        return line.start >= first.start - INDENT * line.size and (
            headed or (not fits(last, line, right) and _runs_on(last, line))
        )
    if line.style.colour != last.style.colour:
        return False
    if abs(hanging) > INDENT * line.size and not is_centred(last, line):
        # Further left: the paragraph's first line was indented, if it was full.
        level = len(entry) == 1 or abs(line.x0 - last.x0) <= INDENT * line.size
        return hanging > 0 or (level and not fits(last, line, right))
    if headed:
        return True
    if line.box.top - last.box.bottom > apart:
        return False
    return not fits(last, line, right) or _runs_on(last, line)


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


def _closes(above: Line) -> bool:
    """Whether a line ends as entries end: with a bracket closed, or a full stop."""
    return above.passage.raw.rstrip().endswith((")", "）", "]", "］", ".", "。"))


def _runs_on(above: Line, below: Line) -> bool:
    """Whether the words themselves say that a sentence goes on: an open bracket, a hyphen, a small letter."""
    text, following = above.passage.raw.rstrip(), below.passage.raw.lstrip()
    if not text or not following:
        return False
    if any(text.count(a) > text.count(b) for a, b in ("()", "[]", "（）", "「」", "『』", "【】")):
        return True
    return text[-1] in ",-‐/&" or following[0].islower()
