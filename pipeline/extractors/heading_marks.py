"""What tells a heading among entries with bullets: a bullet of its own that is set off, or a colour or slant of its own."""

from __future__ import annotations

from collections import defaultdict
from itertools import pairwise
from typing import TYPE_CHECKING

from pipeline.layout.column_lines import INDENT, differs_in_ink, is_set_off

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence

    from pipeline.layout.lines import Style
    from pipeline.layout.outline import Entry


def are_mostly_set_off(entries: Iterable[Entry], body: Style | None) -> bool:
    """Whether more than half of the entries are set off, as the uses of a heading's bullet are."""
    said = [is_set_off(e.lines[0], body) for e in entries]
    return 2 * sum(said) > len(said)


def headed_by_bullets(entries: Sequence[Entry], body: Style | None, marks: Collection[str]) -> frozenset[Entry]:
    """The entries of a column whose bullet heads others: mostly set off, and always above an entry that is not.

    `marks` are signs that say something of an entry, and are no bullets.
    """
    uses: defaultdict[str, list[Entry]] = defaultdict(list)
    for e in entries:
        if e.marker is not None and e.marker.text not in marks:
            uses[e.marker.text].append(e)
    below = dict(pairwise(entries))
    return frozenset(
        e
        for used in uses.values()
        if are_mostly_set_off(used, body) and all(_heads(one, below.get(one), body) for one in used)
        for e in used
    )


def _heads(one: Entry, below: Entry | None, body: Style | None) -> bool:
    if below is None or one.marker is None or is_set_off(below.lines[0], body):
        return False
    return below.marker is None or below.marker.text != one.marker.text


def headed_by_ink(entries: Sequence[Entry], body: Style | None) -> frozenset[Entry]:
    """The entries without a bullet, each in a colour or slant of its own right above one that has a bullet and is body text.

    What is set in behind that bullet, or has words in several colours, is none.
    """
    return frozenset(
        a
        for a, b in pairwise(entries)
        if a.marker is None
        and b.marker is not None
        and not is_set_off(b.lines[0], body)
        and a.start - b.start <= INDENT * a.style.size
        and all(line.is_of_one_colour and differs_in_ink(line, b.lines[0]) for line in a.lines)
    )
