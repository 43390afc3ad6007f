"""Bulleted measures under groups under pillars, with boxes of prose around them.

A pillar is a column (or a stretch of one) under a heading; inside it smaller headings make groups, bullets make measures,
and bullets set further in make sub-measures.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from rapidfuzz import fuzz

from pipeline.extractors.bodies import parts_of_list
from pipeline.extractors.harvest import Context, Harvest
from pipeline.extractors.measures_table import MeasuresTable, measures_table, text_of
from pipeline.extractors.prose import write_statements
from pipeline.language.folding import fold
from pipeline.layout.blocks import blocks_of
from pipeline.layout.columns import split_columns
from pipeline.layout.outline import SUB_INDENT, Entry, body_style, is_set_off, make_lines, read_entries
from pipeline.records import Printed, Reference, SlideReading

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pipeline.layout.grid import Cell
    from pipeline.layout.lines import Segment, Style
    from pipeline.layout.slide import Slide
    from pipeline.passage import Passage

ALIKE = 85
"""Headings this like (of 100) are the same heading, reworded."""

_BRACKETS = re.compile(r"[(（]([^()（）]*)[)）]")

_Look = tuple[bool, float, bool, str | None, bool]


@dataclass
class _Column:
    entries: list[Entry]
    base: float


def extract(slide: Slide, context: Context) -> SlideReading:
    """The whole slide."""
    harvest = Harvest(slide, context.kind.kind)
    boxes, rest = _known_boxes(slide, context)
    table = measures_table(slide, rest)
    if table is not None:
        _write_table(harvest, context, table)
        prose = [s for s in slide.body if s in boxes or s in table.outside]
        write_statements(harvest, context, prose, lambda text: _is_like(text, context.kind.headings))
        return harvest.reading()
    top = _pillars_top(rest, context)
    if top is None:
        top = _first_bullets_top(slide, rest)
    inside = [s for s in rest if s.box.middle >= top]
    prose = [s for s in slide.body if s in boxes or s.box.middle < top]
    write_statements(harvest, context, prose, lambda text: _is_like(text, context.kind.headings))
    _write_pillars(harvest, context, inside)
    return harvest.reading()


def _is_like(text: str, known: Sequence[str]) -> bool:
    return any(fuzz.ratio(fold(text).casefold(), fold(k).casefold()) >= ALIKE for k in known)


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


def _write_pillars(harvest: Harvest, context: Context, segments: Sequence[Segment]) -> None:
    slide = harvest.slide
    split = split_columns(segments, slide.page.width, lambda _segment: False, 2, slide.frames)
    body = body_style(make_lines(segments, slide.page, slide.frames))
    columns = [_read_column(column.segments, slide, body) for column in split.columns]
    if split.outside:
        columns.append(_read_column(split.outside, slide, body))
    looks = _pillar_looks(columns, body, context)
    position = 0
    for column in columns:
        position = _write_column(harvest, context, column, body, looks, position)


def _read_column(segments: Sequence[Segment], slide: Slide, body: Style | None) -> _Column:
    lines = make_lines(segments, slide.page, slide.frames)
    right = max((line.box.x1 for line in lines), default=0.0)
    entries = read_entries(lines, right)
    measures = [e for e in entries if not _is_heading(e, body)]
    return _Column(entries, min((e.x0 for e in measures), default=0.0))


def _is_heading(entry: Entry, body: Style | None) -> bool:
    return entry.marker is None and is_set_off(entry.lines[0], body)


def _look(entry: Entry) -> _Look:
    line = entry.lines[0]
    return line.banded, round(line.lead.size, 1), line.lead.bold, line.lead.colour, line.underlined


def _pillar_looks(columns: Sequence[_Column], body: Style | None, context: Context) -> set[_Look]:
    """How pillars are set: like those the profile knows, else like the first heading of a column."""
    headings = [e for c in columns for e in c.entries if _is_heading(e, body)]
    known = {_look(e) for e in headings if _is_like(e.text, context.kind.pillars)}
    if known:
        return known
    firsts = [next((e for e in c.entries if _is_heading(e, body)), None) for c in columns]
    looks = Counter(_look(e) for e in firsts if e is not None)
    return {max(looks, key=lambda k: (k[0], k[1], looks[k]))} if looks else set()


def _write_column(
    harvest: Harvest, context: Context, column: _Column, body: Style | None, looks: set[_Look], position: int
) -> int:
    pillar: Passage | None = None
    group: Passage | None = None
    claimed = {"pillar": True, "group": True}
    parent: int | None = None

    def close(name: str, passage: Passage | None) -> None:
        if passage is not None and not claimed[name]:
            harvest.discard(passage, "heading without entries")

    for entry in column.entries:
        harvest.discard_marker(entry)
        if _is_heading(entry, body):
            parent = None
            if _look(entry) in looks or _is_like(entry.text, context.kind.pillars):
                close("group", group)
                close("pillar", pillar)
                pillar, group = entry.passage, None
                claimed |= {"pillar": False, "group": True}
            else:
                close("group", group)
                group, claimed["group"] = entry.passage, False
            continue
        position += 1
        is_sub = parent is not None and entry.x0 - column.base > SUB_INDENT * entry.style.size
        under = (
            Printed(pillar, inherited=claimed["pillar"]) if pillar else None,
            Printed(group, inherited=claimed["group"]) if group else None,
        )
        number = _write_measure(harvest, context, entry, under, parent if is_sub else None, position)
        claimed = {"pillar": True, "group": True}
        if not is_sub:
            parent = number
    close("group", group)
    close("pillar", pillar)
    return position


def _write_measure(
    harvest: Harvest,
    context: Context,
    entry: Entry,
    under: tuple[Printed | None, Printed | None],
    parent: int | None,
    position: int,
) -> int:
    """One measure with its bodies; `under` are the pillar and the group that it stands under. Returns its number."""
    number = harvest.add(
        "policy_measures",
        {
            "page": harvest.page,
            "pillar": under[0],
            "group": under[1],
            "parent_measure_id": Reference(parent) if parent is not None else None,
            "text": Printed(entry.passage),
            "position": position,
        },
    )
    _write_organizations(harvest, context, number, entry.passage)
    return number


def _write_table(harvest: Harvest, context: Context, table: MeasuresTable) -> None:
    """The measures of a table: the label nearest to them is their group, the next one their pillar."""
    for cell in table.heads:
        harvest.discard(text_of(cell), "column head")
    claimed: set[int] = set()

    def label(cell: Cell | None) -> Printed | None:
        return Printed(text_of(cell), inherited=id(cell) in claimed) if cell is not None else None

    position = 0
    for row in table.rows:
        group, pillar = row.labels if len(row.labels) > 1 else (None, *row.labels)
        base = min(s.x0 for s in row.cell.segments)
        parent: int | None = None
        lines = make_lines(row.cell.segments, harvest.slide.page, ())
        for entry in read_entries(lines, max(s.box.x1 for s in row.cell.segments)):
            position += 1
            harvest.discard_marker(entry)
            is_sub = parent is not None and entry.x0 - base > SUB_INDENT * entry.style.size
            number = _write_measure(
                harvest, context, entry, (label(pillar), label(group)), parent if is_sub else None, position
            )
            claimed.update(id(cell) for cell in row.labels)
            if not is_sub:
                parent = number


def _write_organizations(harvest: Harvest, context: Context, measure: int, passage: Passage) -> None:
    """The bodies that stand in brackets in a measure; the profile's mark ("etc.") at their end says that there are others."""
    seen: set[str] = set()
    others_at_end = _at_end(context.profile.marks.and_others)
    for match in _BRACKETS.finditer(passage.raw):
        start, end = match.span(1)
        others = others_at_end.search(passage.raw[start:end])
        stop = start + others.start() if others else end
        for a, b in parts_of_list(passage.raw, start, stop, context.organizations):
            part = passage[a:b].strip()
            body = context.organizations.resolve(part.text)
            if body is None or body.organization_id in seen:
                continue
            seen.add(body.organization_id)
            harvest.add(
                "measure_organizations",
                {
                    "measure_id": Reference(measure),
                    "organization_id": body.organization_id,
                    "printed": Printed(part, inherited=True),
                    "and_others": others is not None,
                },
            )


def _at_end(marks: Sequence[str]) -> re.Pattern[str]:
    """One of `marks` at the end of a list, with the comma before it; its full stop may be missing."""
    words = "|".join(re.escape(mark.rstrip(".")) for mark in marks) or r"(?!)"
    return re.compile(rf"(?:,\s*)?(?<![A-Za-z])(?:{words})\.?\s*$", re.IGNORECASE)
