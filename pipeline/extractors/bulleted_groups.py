"""Bulleted measures under groups under pillars, with boxes of prose around them.

A pillar is a column (or a stretch of one) under a heading; inside it smaller headings make groups, bullets make measures,
and bullets set further in make sub-measures.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from rapidfuzz import fuzz

from pipeline.cached import cached_property
from pipeline.extractors.body_column import body_lists
from pipeline.extractors.harvest import Context, Harvest
from pipeline.extractors.heading_marks import headed_by_bullets, headed_by_ink
from pipeline.extractors.measure_records import MeasureRecords
from pipeline.extractors.measures_table import MeasuresTable, measures_table
from pipeline.extractors.prose import write_statements
from pipeline.language.folding import fold
from pipeline.layout.blocks import blocks_of
from pipeline.layout.column_lines import INDENT, LINE_GAP, SUB_INDENT, Line, body_style, is_set_off, make_lines
from pipeline.layout.columns import split_columns
from pipeline.layout.entry_habits import leading_of
from pipeline.layout.outline import Entry, read_entries
from pipeline.passage import join
from pipeline.records import Printed, SlideReading

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pipeline.layout.grid import Cell
    from pipeline.layout.lines import Segment, Style
    from pipeline.layout.slide import Slide
    from pipeline.passage import Passage

ALIKE = 85
"""Headings this like (of 100) are the same heading, reworded."""

_Look = tuple[bool, float, bool, str | None, bool, str, int]


@dataclass(frozen=True)
class _Column:
    """A column's entries from the top, and those among them that head others."""

    entries: list[Entry]
    headings: frozenset[Entry]

    @cached_property
    def measures(self) -> list[Entry]:
        return [e for e in self.entries if e not in self.headings]

    @cached_property
    def base(self) -> float:
        """Where the text of measures begins that are no part of others."""
        return min((e.x0 for e in self.measures), default=0.0)

    def is_set_in(self, entry: Entry) -> bool:
        """Whether an entry begins behind where the others do, so that it may be part of the measure above it."""
        return entry.x0 - self.base > SUB_INDENT * entry.style.size

    def look(self, heading: Entry) -> _Look:
        """How a heading is set; of one with a bullet also which, and how far in, since that alone may tell pillar from group."""
        line = heading.lines[0]
        bullet, indent = "", 0
        if heading.marker is not None:
            bullet = heading.marker.text
            indent = round((heading.start - min(e.start for e in self.headings)) / (SUB_INDENT * heading.style.size))
        return line.banded, round(line.lead.size, 1), line.lead.bold, line.lead.colour, line.underlined, bullet, indent


def extract(slide: Slide, context: Context) -> SlideReading:
    """The whole slide."""
    harvest = Harvest(slide, context.kind.kind)
    boxes, rest = _known_boxes(slide, context)
    lists = body_lists(rest, context)
    bodies = {s for lines in lists for s in lines}
    table = measures_table(slide, rest, bodies)
    if table is not None:
        _write_table(harvest, context, table, lists)
        prose = [s for s in slide.body if s in boxes or s in table.outside]
        write_statements(harvest, context, prose, lambda text: _is_like(text, context.kind.headings))
        return harvest.reading()
    top = _pillars_top(rest, context)
    if top is None:
        top = _first_bullets_top(slide, rest)
    inside = [s for s in rest if s.box.middle >= top]
    prose = [s for s in slide.body if s in boxes or (s.box.middle < top and s not in bodies)]
    write_statements(harvest, context, prose, lambda text: _is_like(text, context.kind.headings))
    _write_pillars(harvest, context, [s for s in inside if s not in bodies], lists)
    return harvest.reading()


def _is_like(text: str, known: Sequence[str]) -> bool:
    return _likeness(text, known) >= ALIKE


def _likeness(text: str, known: Sequence[str]) -> float:
    """How like (of 100) a text is to the one of `known` that it is most like."""
    return max((fuzz.ratio(fold(text).casefold(), fold(k).casefold()) for k in known), default=0.0)


def _known_boxes(slide: Slide, context: Context) -> tuple[list[Segment], list[Segment]]:
    """Segments in framed boxes whose first line is a heading that the profile knows as prose, and all others."""
    boxed: list[Segment] = []
    for block in blocks_of(slide.body, slide.frames):
        if block.frame is not None and _is_like(block.segments[0].text, context.kind.headings):
            boxed += block.segments
    return boxed, [s for s in slide.body if s not in boxed]


def _pillars_top(segments: Sequence[Segment], context: Context) -> float | None:
    """Where the pillars begin: at the first heading that the profile knows as a pillar."""
    tops = [s.box.top for s in segments if s.marker is None and _is_like(s.text, context.kind.pillars)]
    return min(tops) - 0.01 if tops else None


def _first_bullets_top(slide: Slide, segments: Sequence[Segment]) -> float:
    """Where no pillar is known by name: at the headings right above the first bullets of each column."""
    tops = []
    for column in split_columns(segments, slide.page.width, lambda _segment: False, 2, slide.frames).columns:
        lines = make_lines(column.segments, slide.page, slide.frames)
        body = body_style(lines)
        first = next((i for i, line in enumerate(lines) if line.marker is not None), None)
        if first is None:
            continue
        while first > 0 and is_set_off(lines[first - 1], body):
            first -= 1
        tops.append(lines[first].box.top)
    return min(tops, default=float("inf"))


def _write_pillars(
    harvest: Harvest, context: Context, segments: Sequence[Segment], lists: Sequence[Sequence[Segment]]
) -> None:
    slide = harvest.slide
    split = split_columns(segments, slide.page.width, lambda _segment: False, 2, slide.frames)
    body = body_style(make_lines(segments, slide.page, slide.frames))
    parts = [make_lines(column.segments, slide.page, slide.frames) for column in split.columns]
    if split.outside:
        parts.append(make_lines(split.outside, slide.page, slide.frames))
    leading = min(map(leading_of, parts), default=float("inf"))
    columns = [_read_column(lines, leading, body, context) for lines in parts]
    looks = _pillar_looks(columns, context)
    records = MeasureRecords(harvest, context)
    records.place_bodies([e for column in columns for e in column.measures], lists)
    for column in columns:
        _write_column(harvest, context, column, looks, records)


def _read_column(lines: Sequence[Line], leading: float, body: Style | None, context: Context) -> _Column:
    right = max((line.box.x1 for line in lines), default=0.0)
    entries = read_entries(lines, right, leading=leading)
    column = _Column(entries, _headings(entries, body, context))
    whole = _whole_headings(column, context)
    return column if len(whole) == len(entries) else _Column(whole, _headings(whole, body, context))


def _headings(entries: Sequence[Entry], body: Style | None, context: Context) -> frozenset[Entry]:
    """The entries that head others.

    Those set off and without a bullet, or in a colour of their own above bullets, and those whose bullet is a heading's.
    Where there is none without a bullet: those set off with others set in below, if any.
    """
    plain = frozenset(e for e in entries if e.marker is None and is_set_off(e.lines[0], body))
    plain |= headed_by_ink(entries, body)
    if not plain:
        set_in = {a for a, b in pairwise(entries) if b.x0 - a.x0 > SUB_INDENT * a.style.size}
        above = frozenset(e for e in set_in if is_set_off(e.lines[0], body))
        if above:
            return above
    return plain | headed_by_bullets(entries, body, context.profile.marks.of_items)


def _whole_headings(column: _Column, context: Context) -> list[Entry]:
    """The entries with the lines of one heading put together: set alike and close, with nothing under the upper one.

    A heading that the profile knows as a pillar is whole by itself, and so is one with a bullet.
    """
    whole: list[Entry] = []
    last: Entry | None = None
    for entry in column.entries:
        if (
            last is not None
            and {last, entry} <= column.headings
            and last.marker is None is entry.marker
            and column.look(last) == column.look(entry)
            and entry.box.top - last.box.bottom <= LINE_GAP * entry.style.size
            and not _is_pillar_alone(whole[-1], entry, context.kind.pillars)
        ):
            whole[-1] = Entry((*whole[-1].lines, *entry.lines))
        else:
            whole.append(entry)
        last = entry
    return whole


def _is_pillar_alone(above: Entry, below: Entry, pillars: Sequence[str]) -> bool:
    """Whether one of two headings is a known pillar, and more like it by itself than both are together."""
    alone = max(_likeness(above.text, pillars), _likeness(below.text, pillars))
    return alone >= ALIKE and alone >= _likeness(join([above.passage, below.passage]).text, pillars)


def _pillar_looks(columns: Sequence[_Column], context: Context) -> set[_Look]:
    """How pillars are set: like those the profile knows, else like the first heading of a column."""
    known = {c.look(e) for c in columns for e in c.headings if _is_like(e.text, context.kind.pillars)}
    if known:
        return known
    firsts = [(c, next((e for e in c.entries if e in c.headings), None)) for c in columns]
    looks = Counter(c.look(e) for c, e in firsts if e is not None)
    return {max(looks, key=lambda k: (k[0], k[1], looks[k]))} if looks else set()


def _write_column(
    harvest: Harvest, context: Context, column: _Column, looks: set[_Look], records: MeasureRecords
) -> None:
    pillar: Passage | None = None
    group: Passage | None = None
    claimed = {"pillar": True, "group": True}
    records.end_measure()

    def close(name: str, passage: Passage | None) -> None:
        if passage is not None and not claimed[name]:
            harvest.discard(passage, "heading without entries")
            harvest.doubt("measures", passage.text, "Nothing stands under this heading.", settled=False)

    for entry in column.entries:
        if entry in column.headings:
            harvest.discard_marker(entry)
            records.end_measure()
            if column.look(entry) in looks or _is_like(entry.text, context.kind.pillars):
                close("group", group)
                close("pillar", pillar)
                pillar, group = entry.passage, None
                claimed |= {"pillar": False, "group": True}
            else:
                close("group", group)
                group, claimed["group"] = entry.passage, False
            continue
        if _may_be_several(entry):
            harvest.doubt(
                "measures",
                entry.text,
                "Nothing says whether these lines are one measure: none of them has a bullet or is set in.",
                settled=False,
            )
        records.write(
            entry,
            Printed(pillar, inherited=claimed["pillar"]) if pillar else None,
            Printed(group, inherited=claimed["group"]) if group else None,
            is_set_in=column.is_set_in(entry),
        )
        claimed = {"pillar": True, "group": True}
    close("group", group)
    close("pillar", pillar)


def _may_be_several(entry: Entry) -> bool:
    """Whether a later line of an entry without a bullet could as well begin one: it is flush, and begins with a capital."""
    return entry.marker is None and any(
        abs(line.x0 - entry.x0) <= INDENT * line.size and line.passage.raw.lstrip()[:1].isupper()
        for line in entry.lines[1:]
    )


def _write_table(harvest: Harvest, context: Context, table: MeasuresTable, lists: Sequence[Sequence[Segment]]) -> None:
    """The measures of a table: the label nearest to them is their group, the next one their pillar."""
    for cell in table.heads:
        harvest.discard(cell.passage, "column head")
    claimed: set[int] = set()

    def label(cell: Cell | None) -> Printed | None:
        return Printed(cell.passage, inherited=id(cell) in claimed) if cell is not None else None

    cells = [make_lines(row.cell.segments, harvest.slide.page, ()) for row in table.rows]
    columns = [_read_column(lines, leading_of(lines), None, context) for lines in cells]
    records = MeasureRecords(harvest, context)
    records.place_bodies([e for column in columns for e in column.entries], lists)
    for row, column in zip(table.rows, columns, strict=True):
        group, pillar = row.labels if len(row.labels) > 1 else (None, *row.labels)
        records.end_measure()
        for entry in column.entries:
            records.write(entry, label(pillar), label(group), is_set_in=column.is_set_in(entry))
            claimed.update(id(cell) for cell in row.labels)
