"""Lines of one column into entries: headings, bulleted items and paragraphs, each with its wrapped lines joined.

Where a line break falls is not written in a PDF. A line goes on from the one above it when it is set alike, stands close
below it, and either hangs under its text, or could not have begun on it: its first word would not have fitted there.
"""

from __future__ import annotations

from dataclasses import field
from typing import TYPE_CHECKING

from pipeline.cached import cached_property
from pipeline.layout.column_lines import (
    INDENT,
    LINE_GAP,
    SUB_INDENT,
    Line,
    closes,
    differs_in_ink,
    fits,
    is_centred,
    runs_on,
)
from pipeline.layout.entry_habits import (
    Hanging,
    bullets_of_all,
    gap_between_entries,
    hanging_of,
    heading_wraps,
    leading_of,
    wraps_align,
)
from pipeline.layout.rows import ruled_rows
from pipeline.model import Box, Panel, union
from pipeline.passage import EMPTY, Passage, join
from pipeline.values import value

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from pipeline.layout.lines import Marker, Segment, Style
    from pipeline.model import Rule


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
    aligned: bool = False,
) -> list[Entry]:
    """Lines of one column as entries.

    `right` is where the column's text ends. `opening` says of a line that opens an entry whatever its place (behind a
    ministry in brackets) where its text begins behind that; `continues` that it never opens one (a mark such as a lone
    "[New]"), `is_whole` that it is an entry by itself (a heading in ornamental brackets). `ended` says of an entry without a
    bullet and the line below it that the entry had ended. Where `rules` divide rows, a row is an entry. `hang` is how far,
    in font sizes, wraps of entries without bullets hang in the columns beside this one, and `leading` the least white space
    between lines there (`leading_of`); `aligned` says that wraps begin there where the text behind the bullet does.
    """

    def begins(line: Line) -> bool:
        return opening(line) is not None

    def is_under_opening(entry: Sequence[Line], line: Line) -> bool:
        text = opening(entry[0])
        return text is not None and line.marker is None and abs(line.x0 - text) <= INDENT * line.size

    entries: list[list[Line]] = []
    hanging = hanging_of(lines, begins, hang)
    headed = heading_wraps(lines)
    bullets = bullets_of_all(lines)
    aligned = aligned or wraps_align(lines, begins)
    apart = gap_between_entries(lines, begins, min(leading, leading_of(lines)))
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
                _goes_on(
                    entries[-1],
                    line,
                    right,
                    begins,
                    continues,
                    apart,
                    aligned=aligned,
                    headed=id(line) in headed,
                    bullets=bullets,
                )
                or (hanging is not None and _opens_plainly(entries[-1][0], begins) and hanging.wraps(entries[-1], line))
            )
        ):
            entries[-1].append(line)
        else:
            entries.append([line])
    return [Entry(tuple(group)) for group in entries]


def _is_set_in(entry: Sequence[Line], line: Line, right: float, hanging: Hanging | None, *, aligned: bool) -> bool:
    """Whether a line in an entry's row is set in behind where the wraps of such entries begin: a sub-entry."""
    if entry[0].marker is None:
        return hanging is not None and hanging.is_set_in(line)
    deeper = line.x0 - entry[0].x0 > SUB_INDENT * line.size
    return deeper and (aligned or fits(entry[-1], line, right)) and not runs_on(entry[-1], line)


def _opens_plainly(line: Line, begins: Callable[[Line], bool]) -> bool:
    return line.marker is None and not begins(line)


def _is_set_alike(above: Line, below: Line) -> bool:
    """Whether two lines are close together and set in one weight and size."""
    close = below.box.top - above.box.bottom <= LINE_GAP * max(below.size, above.size)
    return close and above.style.same_type(below.style)


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
    bullets: frozenset[str],
) -> bool:
    first, last = entry[0], entry[-1]
    if line.marker is not None or begins(line) or line.frame is not last.frame:
        return False
    if line.box.top - last.box.bottom > LINE_GAP * max(line.size, last.size):
        return False
    if continues(line):
        return True
    if not line.style.same_type(last.style) or line.underlined != last.underlined:
        return False
    if _is_in_brackets(entry) and line.passage.raw.lstrip().startswith(("(", "（")):
        return False
    hanging = line.x0 - first.x0
    if first.marker is not None or begins(first):
        return _goes_on_behind(entry, line, right, aligned=aligned, is_wrap=headed, bullets=bullets)
    # A short wrap may be mostly a mark in a colour of its own: what it begins with tells.
    if last.style.colour not in (line.style.colour, line.lead.colour):
        return False
    if abs(hanging) > INDENT * line.size and not is_centred(last, line):
        # Further left: the paragraph's first line was indented, if it was full.
        level = len(entry) == 1 or abs(line.x0 - last.x0) <= INDENT * line.size
        return hanging > 0 or (level and not fits(last, line, right))
    if headed:
        return True
    if line.box.top - last.box.bottom > apart:
        return False
    return not fits(last, line, right) or runs_on(last, line)


def _is_in_brackets(entry: Sequence[Line]) -> bool:
    """Whether an entry is nothing but one text in brackets, so that another bracket below it is another one."""
    text = " ".join(line.passage.raw.strip() for line in entry)
    return any(
        text.startswith(a) and text.endswith(b) and text.count(a) == text.count(b) == 1 for a, b in ("()", "（）")
    )


def _is_in_other_ink(entry: Sequence[Line], line: Line) -> bool:
    """Whether a whole line differs from all of the entry above it in colour or slant, and is no remark in brackets to it."""
    alike = all(above.is_of_one_colour and differs_in_ink(above, line) for above in entry)
    return alike and line.is_of_one_colour and not _is_in_brackets([line]) and not runs_on(entry[-1], line)


def _goes_on_behind(
    entry: Sequence[Line], line: Line, right: float, *, aligned: bool, is_wrap: bool, bullets: frozenset[str]
) -> bool:
    """Whether a line close below an entry that has a bullet, or bodies in front of its text, goes on with it."""
    first, last = entry[0], entry[-1]
    hanging = line.x0 - first.x0
    deeper = first.marker is not None and hanging > SUB_INDENT * line.size
    if deeper and (aligned or fits(last, line, right) or closes(last)) and not runs_on(last, line):
        return False  # set in further than the text above it: a sub-entry without a bullet
    if hanging >= -(INDENT * line.size):
        return True
    if line.start < first.start - INDENT * line.size:
        return False
    if _is_in_other_ink(entry, line):
        return False
    # A wrapped line set flush with the bullet: only where every entry has one, or nothing more fitted on the line above.
    has_amounts = line.limit is not None and any(above.limit is not None for above in entry)
    # Not behind a wrap that hangs under the text.
    hangs = len(entry) > 1 and last.x0 - line.x0 > INDENT * line.size
    listed = first.marker is not None and first.marker.text in bullets and not hangs
    return is_wrap or (listed and not has_amounts) or (not fits(last, line, right) and runs_on(last, line))
