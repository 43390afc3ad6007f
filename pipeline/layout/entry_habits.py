"""How a column sets its entries: how far wraps hang, what space stands between entries, whether each has a bullet.

None of this is written in a PDF. It shows where there is no doubt, and decides where there is some.
"""

from __future__ import annotations

from collections import Counter
from itertools import pairwise
from typing import TYPE_CHECKING

from pipeline.layout.column_lines import INDENT, LINE_GAP, Line, body_style, is_set_off, runs_on
from pipeline.tolerances import Tolerance
from pipeline.values import value

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from pipeline.layout.lines import Style

SAME_GAP = Tolerance(0.08, "gap between lines of an entry")
"""White spaces between the lines of one entry differ by less than this part of the font size."""

LEAST_LISTED = 3
"""So many entries with bullets are a list at least."""


@value()
class Hanging:
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
        return self.is_set_in(line) and not under_bullet and not (above and runs_on(above[-1], line))

    def is_set_in(self, line: Line) -> bool:
        """Whether a line like the entries begins further right than their wraps do."""
        return line.style.like(self.body) and line.x0 - self.hung > INDENT * line.size

    def wraps(self, entry: Sequence[Line], line: Line) -> bool:
        """Whether a line stands close under a flush entry, set alike and where wraps begin."""
        last, reach = entry[-1], INDENT * line.size
        alike = line.marker is None and line.style.like(last.style) and line.underlined == last.underlined
        near = line.frame is last.frame and line.box.top - last.box.bottom <= LINE_GAP * line.size
        return alike and near and abs(entry[0].x0 - self.base) <= reach and abs(line.x0 - self.hung) <= reach


def hanging_of(lines: Sequence[Line], begins: Callable[[Line], bool], hang: float | None = None) -> Hanging | None:
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
            return Hanging(base, min(hung), body)
    return None if hang is None else _hanging_as_elsewhere(unmarked, body, hang)


def _hanging_as_elsewhere(lines: Sequence[Line], body: Style, hang: float) -> Hanging | None:
    """Entries and sub-entries without bullets, none of which wraps, in a column beside others whose wraps hang by `hang`."""
    found = Hanging(min(line.x0 for line in lines), min(line.x0 for line in lines) + hang * body.size, body)
    reach = float(INDENT) * body.size
    flush = [line for line in lines if line.x0 - found.base <= reach]
    return found if all(line in flush or found.is_set_in(line) for line in lines) and len(flush) < len(lines) else None


def hanging_indent(lines: Sequence[Line], begins: Callable[[Line], bool]) -> float | None:
    """How far, in font sizes, wraps of entries without bullets hang in a column; None where they do not, as far as it shows.

    `begins` says of a line that it opens an entry whatever its place.
    """
    found = hanging_of(lines, begins)
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
            # The last line may be nothing but a mark in a colour of its own.
            if near and line.style.same_type(last.style) and abs(line.x0 - found[-1][0].x0) <= INDENT * line.size:
                found[-1].append(line)
            else:
                found.append([line])
    return [entry for entry in found if len(entry) > 1 and entry[0].marker is not None]


def wraps_align(lines: Sequence[Line], begins: Callable[[Line], bool]) -> bool:
    """Whether wrapped lines begin where the text behind the bullet does, so that what is set in further is no wrap."""
    return any(
        b.marker is None
        and (a.marker is not None or begins(a))
        and b.style.like(a.style)
        and abs(b.x0 - a.x0) <= 0.3 * b.size
        and b.frame is a.frame
        for a, b in pairwise(lines)
    )


def gap_between_entries(lines: Sequence[Line], begins: Callable[[Line], bool], leading: float) -> float:
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


def bullets_of_all(lines: Sequence[Line]) -> frozenset[str]:
    """The bullets that entries begin with, where every entry has one; none where a line may begin an entry without.

    Then a line without a bullet never stands first, apart, or below what is set otherwise. A sign before a few entries only
    is a mark, and tells nothing of the lines below it.
    """
    body = body_style(lines)
    plain = [line for line in lines if body is not None and line.style.like(body)]
    below = {id(b) for a, b in pairwise(lines) if b.marker is None and _are_near(a, b)}
    if not all(id(line) in below for line in plain if line.marker is None):
        return frozenset()
    counts = Counter(line.marker.text for line in plain if line.marker is not None)
    return frozenset(bullet for bullet, count in counts.items() if count >= LEAST_LISTED)


def heading_wraps(lines: Sequence[Line]) -> frozenset[int]:
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
