"""A slide of which nothing is known: its tables, and its prose under the headings it stands under.

No figure is read out of a picture, and no amount as money but in a sentence that says, in the words of the deck's profile,
which year's budget it is: what any other number means on a slide of an unknown kind, nobody has said.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from pipeline.extractors.figures import take_figures
from pipeline.extractors.harvest import Context, Harvest
from pipeline.extractors.prose import Paragraphs, heading_field
from pipeline.layout.blocks import Block, blocks_of
from pipeline.layout.column_lines import LINE_GAP, body_style, is_set_off, make_lines
from pipeline.layout.lines import reading_order, segments_of
from pipeline.layout.panels import frames_of
from pipeline.layout.paragraphs import (
    apart,
    can_head,
    is_brief,
    is_heading,
    read_paragraphs,
    with_letter_bullets,
    without_highlights,
)
from pipeline.layout.side_by_side import prose_columns
from pipeline.layout.sideways import is_sideways
from pipeline.layout.tables import find_tables
from pipeline.passage import join, of_words
from pipeline.records import Printed, Reference, SlideReading
from pipeline.tolerances import Tolerance

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pipeline.layout.lines import Segment
    from pipeline.layout.outline import Entry
    from pipeline.layout.slide import Slide
    from pipeline.layout.table_cells import PrintedTable, TableCell
    from pipeline.model import Box, Page, Panel, Word
    from pipeline.passage import Passage

SLACK = Tolerance(0.5, "slack of prose and tables")
"""Text may stand out of its frame by this part of its height."""

NOTE_MARKS = "※*†‡"
"""Marks that lead from a text to its note are part of what is printed, bullets are not."""

CAPTION = Tolerance(3.0, "caption of prose and tables")
"""A table's caption stands within this many of its font sizes above the table."""


def extract(slide: Slide, context: Context) -> SlideReading:
    """The whole slide."""
    harvest = Harvest(slide, context.kind.kind)
    page = without_highlights(slide.page)
    segments, frames = list(slide.body), list(slide.frames)
    words = sorted(_words(segments), key=lambda w: w.number)
    sideways = [w for w in words if is_sideways(w)]
    if page is not slide.page or sideways:
        segments = segments_of(page, [w for w in words if not is_sideways(w)])
        frames = frames_of(page)
    found = find_tables(page, segments)
    groups = _groups(page, with_letter_bullets(found.outside), frames)
    _write_statements(harvest, context, groups)
    _write_sideways(harvest, sideways)
    for number, table in enumerate(found.tables):
        _write_table(harvest, table, number, _caption(groups, table))
    return harvest.reading()


def _words(segments: Sequence[Segment]) -> list[Word]:
    return [w for s in segments for w in (*(s.marker.passage.words if s.marker else ()), *s.words)]


@dataclass(frozen=True)
class _Region:
    """A block, and the box of the frame around it: its own, or one that has other blocks in it as well."""

    block: Block
    around: Box | None


def _regions(segments: Sequence[Segment], frames: Sequence[Panel], around: Box | None = None) -> list[_Region]:
    """The blocks in reading order. What stands in one outer frame is read before what stands outside it."""
    # A frame is held by a larger one only, and frames come smallest first.
    outer = [f for i, f in enumerate(frames) if not any(_holds(o.box, f.box) for o in frames[i + 1 :])]
    regions: list[_Region] = []
    for block in blocks_of(segments, outer):
        frame = block.frame
        inner = [f for f in frames if frame is not None and f is not frame and _holds(frame.box, f.box)]
        if frame is not None and any(_holds(f.box, s.box) for f in inner for s in block.segments):
            regions += _regions(block.segments, inner, frame.box)
        else:
            regions.append(_Region(block, frame.box if frame is not None else around))
    return [part for region in _rejoined(regions) for part in _columns(region)]


def _columns(region: _Region) -> list[_Region]:
    """A region by its columns of prose, in reading order."""
    columns = prose_columns(region.block.segments)
    if len(columns) == 1:
        return [region]
    return [replace(region, block=Block(tuple(column))) for column in columns]


def _rejoined(regions: Sequence[_Region]) -> list[_Region]:
    """Regions with those made one again that follow each other line by line: cuts between frames cut paragraphs too."""
    joined: list[_Region] = []
    for region in regions:
        last = joined[-1] if joined else None
        if last is not None and last.around == region.around and _follows(last.block, region.block):
            joined[-1] = replace(last, block=Block((*last.block.segments, *region.block.segments)))
        else:
            joined.append(region)
    return joined


def _follows(above: Block, below: Block) -> bool:
    if above.frame is not None or below.frame is not None:
        return False
    a, b = above.box, below.box
    gap = b.top - a.bottom
    size = below.segments[0].size
    return -0.5 * size <= gap <= LINE_GAP * size and a.overlap_x(b) > 0.5 * min(a.width, b.width)


def _holds(outer: Box, inner: Box) -> bool:
    """Whether a box lies in a larger one, give or take what a line of text may stand out."""
    height, room = inner.bottom - inner.top, outer.bottom - outer.top
    if (outer.x1 - outer.x0) * room <= (inner.x1 - inner.x0) * height:
        return False
    return outer.contains(inner, slack=SLACK * min(height, room))


def _groups(page: Page, segments: Sequence[Segment], frames: Sequence[Panel]) -> list[Paragraphs]:
    """Paragraphs in reading order, those of one heading together."""
    body = body_style(make_lines(segments, page, frames))
    groups: list[tuple[Paragraphs, Box | None]] = []
    for region in _regions(segments, frames):
        block = region.block
        lines = apart(make_lines(block.segments, page, [block.frame] if block.frame is not None else []))
        entries = read_paragraphs(lines, block.right)
        found: list[Paragraphs] = []
        for i, entry in enumerate(entries):
            if i + 1 < len(entries):
                heads = is_heading(entry, entries[i + 1])
            else:
                heads = len(entries) == 1 and can_head(entry) and is_set_off(entry.lines[0], body)
            if heads or not found:
                found.append(Paragraphs(entry, (), block) if heads else Paragraphs(None, (entry,), block))
            else:
                found[-1] = replace(found[-1], entries=(*found[-1].entries, entry))
        groups += [(group, region.around) for group in found]
    return _under_headings(groups)


def _under_headings(groups: Sequence[tuple[Paragraphs, Box | None]]) -> list[Paragraphs]:
    """Groups without a heading put under the one above them: a lone one as wide as they are, or that of the frame around.

    What follows in their block comes along.
    """
    sections: list[list[Paragraphs]] = []
    boxes: list[Box | None] = []
    followed: int | None = None
    block: Block | None = None
    for group, around in groups:
        if group.block is not block:
            block, followed = group.block, None
        if group.heading is None:
            box = group.block.box
            followed = next((i for i in reversed(range(len(sections))) if _covers(sections[i][0], boxes[i], box)), None)
            if followed is not None and len(sections[followed]) == 1:
                head = sections[followed][0]
                sections[followed][0] = replace(head, entries=(*head.entries, *group.entries))
                continue
        if followed is not None:
            sections[followed].append(group)
        else:
            sections.append([group])
            boxes.append(around)
    return [group for section in sections for group in section]


def _covers(above: Paragraphs, around: Box | None, box: Box) -> bool:
    if above.heading is None:
        return False
    if around is not None and _holds(around, box):
        return above.heading.box.middle < box.middle
    lone = len(above.block.segments) == sum(len(line.segments) for line in above.heading.lines)
    place = above.block.box
    return lone and place.middle < box.middle and place.overlap_x(box) > 0.5 * box.width


def _write_statements(harvest: Harvest, context: Context, groups: Sequence[Paragraphs]) -> None:
    position = 0
    for group in groups:
        heading = _printed(group.heading) if group.heading else harvest.slide.title
        entries = list(group.entries)
        if not entries and group.heading is not None:
            # A heading with nothing under it is still something that the slide says.
            entries, heading = [group.heading], harvest.slide.title
        own = group.heading is not None and entries != [group.heading]
        for entry in entries:
            text = _printed(entry)
            if not _is_note_mark(entry.lines[0].segments[0]):
                harvest.discard_marker(entry)
            if take_figures(harvest, context, text):
                continue
            position += 1
            harvest.add(
                "statements",
                {
                    "page": harvest.page,
                    "heading": heading_field(heading, own),
                    "text": Printed(text),
                    "position": position,
                },
            )
            own = False
        if own:
            harvest.discard(heading, "heading")


def _write_sideways(harvest: Harvest, words: Sequence[Word]) -> None:
    """Texts set sideways, each by itself, behind the others: where they belong in the order of reading is not known."""
    before = sum(r.table == "statements" for r in harvest.records)
    for position, word in enumerate(words, start=before + 1):
        text = Printed(of_words(harvest.page, [word]))
        heading = heading_field(harvest.slide.title, own=False)
        harvest.add("statements", {"page": harvest.page, "heading": heading, "text": text, "position": position})


def _printed(entry: Entry) -> Passage:
    """All that is printed in an entry but the bullet it begins with; marks of notes, and marks inside it, are text."""
    segments = [s for line in entry.lines for s in line.segments]
    pieces: list[Passage] = []
    for i, s in enumerate(segments):
        kept = s.marker is not None and (i > 0 or _is_note_mark(s))
        pieces += [s.marker.passage, s.passage] if kept and s.marker else [s.passage]
    return join(pieces)


def _is_note_mark(segment: Segment) -> bool:
    return segment.marker is not None and segment.marker.text in NOTE_MARKS


def _caption(groups: Sequence[Paragraphs], table: PrintedTable) -> Passage | None:
    """What stands right above a table, as wide as it or set as a heading: the last line before it."""
    best: Entry | None = None
    for group in groups:
        for entry in (group.heading, *group.entries):
            if entry is None or entry.marker is not None or entry.box.overlap_x(table.box) <= 0:
                continue
            gap = table.box.top - entry.box.bottom
            if -0.5 * entry.style.size <= gap <= CAPTION * entry.style.size and is_brief(entry):
                best = entry if best is None or entry.box.bottom > best.box.bottom else best
    return _printed(best) if best else None


def _write_table(harvest: Harvest, table: PrintedTable, number: int, caption: Passage | None) -> None:
    heading = caption or harvest.slide.title
    record = harvest.add(
        "printed_tables",
        {
            "page": harvest.page,
            "heading": Printed(heading, inherited=True) if heading else None,
            "rows": table.rows,
            "columns": table.columns,
            "shown_by": table.sign,
            "position": number + 1,
        },
    )
    for cell in table.cells:
        harvest.add(
            "table_cells",
            {
                "table_id": Reference(record),
                "row": cell.row + 1,
                "column": cell.column + 1,
                "row_span": cell.row_span,
                "column_span": cell.column_span,
                "text": Printed(_text(cell)),
            },
        )


def _text(cell: TableCell) -> Passage:
    """All that is printed in a cell, its bullets too: they tell its lines apart."""
    pieces: list[Passage] = []
    for s in reading_order(cell.segments):
        pieces += [s.marker.passage, s.passage] if s.marker else [s.passage]
    return join(pieces)
