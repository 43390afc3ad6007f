"""Notes: "(Note 3) …", 「（注３）…」, "※ …", with the lines they run on over."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pipeline.language.folding import fold_same_length
from pipeline.layout.column_lines import LINE_GAP
from pipeline.layout.lines import Segment, lines_of
from pipeline.passage import Passage, join
from pipeline.records import Printed

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from pipeline.extractors.harvest import Harvest
    from pipeline.profiles import Notes


MOST_DIGITS = 4
"""A note's number has no more digits: what is longer is no number of a note, and beyond the tables' whole numbers soon."""


@dataclass(frozen=True)
class Note:
    """One note as it stands: its opening ("(Note 3)" or a mark) and its text."""

    number: int | None
    mark: str
    opening: Passage
    text: Passage
    segments: tuple[Segment, ...]


def take_notes(segments: Sequence[Segment], notes: Notes) -> tuple[list[Note], list[Segment]]:
    """The notes among `segments`, in reading order, and the segments that are none."""
    found: list[Note] = []
    used: set[int] = set()
    openings = {id(s) for s in segments if _opening(s, notes) is not None}
    if not openings:
        return [], list(segments)
    ordered = [s for line in lines_of(segments) for s in line]
    for i, s in enumerate(ordered):
        if id(s) not in openings or id(s) in used:
            continue
        members = [s, *_running_on(s, ordered[i + 1 :], openings, used)]
        used.update(id(m) for m in members)
        found += _notes_in(members, notes)
    return found, [s for s in segments if id(s) not in used]


def _opening(segment: Segment, notes: Notes) -> int | None:
    """Where the note's text begins in the segment; None where the segment opens no note."""
    raw = segment.passage.raw
    match = notes.pattern.match(raw)
    if match is None and (folded := fold_same_length(raw)) != raw:
        match = notes.pattern.match(folded)
    if match and len(match["number"]) <= MOST_DIGITS:
        return match.end()
    if segment.marker is not None and segment.marker.text in notes.marks:
        return 0
    for mark in notes.marks:
        if raw.startswith(mark) and len(raw) > len(mark):
            return len(mark)
    return None


def _running_on(first: Segment, later: Iterable[Segment], openings: set[int], used: set[int]) -> list[Segment]:
    """The segments below `first` that its text runs on over: set alike, close below, not left of its start."""
    members: list[Segment] = []
    last = first
    for s in later:
        if id(s) in used:
            continue
        level = abs(s.box.middle - last.box.middle) < 0.5 * last.box.height
        if s.box.overlap_x(first.box) <= 0 and not level:
            continue
        if id(s) in openings:
            if level:
                continue
            break
        if level:
            if s.style.same_size(first.style) and 0 <= s.start - last.box.x1 < 3 * first.size:
                members.append(s)
                last = s
            continue
        close = s.box.top - last.box.bottom <= LINE_GAP * first.size
        if (
            not close
            or not s.style.same_size(first.style)
            or s.start < first.start - first.size
            or s.marker is not None
        ):
            break
        members.append(s)
        last = s
    return members


def _notes_in(members: Sequence[Segment], notes: Notes) -> list[Note]:
    """The note that the segments make; several, where a further number stands within the text."""
    passages = [
        join([m.marker.passage, m.passage]) if m.marker is not None and m.marker.passage else m.passage for m in members
    ]
    passage = join(passages)
    folded = fold_same_length(passage.raw)
    starts = [
        m
        for m in notes.pattern.finditer(folded)
        if len(m["number"]) <= MOST_DIGITS and (m.start() == 0 or folded[m.start() - 1].isspace())
    ]
    # A number that does not follow is a mention of another note.
    starts = [m for n, m in enumerate(starts) if not n or int(m["number"]) == int(starts[n - 1]["number"]) + 1]
    if not starts or starts[0].start() != 0:
        mark = next((k for k in notes.marks if passage.raw.startswith(k)), passage.raw[:1])
        return [Note(None, mark, passage[: len(mark)], passage[len(mark) :].strip(), tuple(members))]
    found = []
    for i, match in enumerate(starts):
        end = starts[i + 1].start() if i + 1 < len(starts) else len(passage)
        text = passage[match.end() : end].strip(" 　:：")
        found.append(Note(int(match["number"]), "", passage[match.start() : match.end()].strip(), text, tuple(members)))
    return found


def write_notes(harvest: Harvest, notes: Iterable[Note]) -> list[tuple[Note, int]]:
    """Adds the notes as records and returns each with its record's number."""
    written = []
    for note in notes:
        number = harvest.add(
            "notes",
            {
                "number": Printed(note.opening, value=note.number) if note.number is not None else None,
                "mark": Printed(note.opening, value=note.mark) if note.number is None else None,
                "page": harvest.page,
                "text": Printed(note.text),
            },
        )
        written.append((note, number))
    return written
