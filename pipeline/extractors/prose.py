"""Prose: paragraphs and bullets under the heading they stand under.

Reads slides that no other shape fits, and the boxes and paragraphs around the other shapes.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pipeline.extractors.figures import budget_year_of, take_figures
from pipeline.extractors.harvest import Context, Harvest
from pipeline.extractors.run_in_headings import opens_run_in
from pipeline.layout.blocks import Block, blocks_of
from pipeline.layout.column_lines import Line, body_style, is_set_off, make_lines
from pipeline.layout.outline import Entry, read_entries
from pipeline.records import Printed, SlideReading
from pipeline.tolerances import Tolerance

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from pipeline.layout.lines import Segment
    from pipeline.layout.slide import Slide
    from pipeline.model import Panel
    from pipeline.passage import Passage


SAME_GAP = Tolerance(0.2, "gap between the lines of a heading in prose")
"""The lines of one heading are no farther apart than it is from its text, give or take this part of the font size."""


@dataclass(frozen=True)
class Paragraphs:
    """Entries under one heading; `heading` is None where they have none of their own."""

    heading: Entry | None
    entries: tuple[Entry, ...]
    block: Block


def extract(slide: Slide, context: Context) -> SlideReading:
    """A whole slide as prose."""
    harvest = Harvest(slide, context.kind.kind)
    write_statements(harvest, context, slide.body)
    return harvest.reading()


def write_statements(
    harvest: Harvest,
    context: Context,
    segments: Iterable[Segment],
    is_heading: Callable[[str], bool] = lambda _text: False,
) -> None:
    """Adds `segments` as statements (and as stated figures, where a sentence states one).

    A heading goes into the column `heading` of each paragraph under it; paragraphs without one stand under the slide's
    title. `is_heading` says of a text that it is a heading although it is not set as one.
    """
    position = sum(r.table == "statements" for r in harvest.records)
    words = context.profile.budgets

    def is_figure(text: str) -> bool:
        return budget_year_of(text, words) is not None and bool(context.amounts(text))

    for group in paragraphs_of(harvest.slide, list(segments), is_heading, is_figure):
        heading = group.heading.passage if group.heading else harvest.slide.title
        entries = list(group.entries)
        if not entries and group.heading is not None:
            # A heading with nothing under it is still something that the slide says.
            entries, heading = [group.heading], harvest.slide.title
        first = True
        for entry in entries:
            harvest.discard_marker(entry)
            if take_figures(harvest, context, entry.passage):
                continue
            position += 1
            harvest.add(
                "statements",
                {
                    "page": harvest.page,
                    "heading": heading_field(
                        heading, group.heading is not None and first and entry is not group.heading
                    ),
                    "text": Printed(entry.passage),
                    "position": position,
                },
            )
            first = False
        if first and group.heading is not None and entries != [group.heading]:
            harvest.discard(heading, "heading")
        if group.heading is not None:
            harvest.discard_marker(group.heading)


def heading_field(heading: Passage, own: bool) -> Printed | None:
    """A heading as a field: claimed by the first row under it, inherited by the others."""
    return Printed(heading, inherited=not own) if heading else None


def paragraphs_of(
    slide: Slide,
    segments: Sequence[Segment],
    is_heading: Callable[[str], bool] = lambda _text: False,
    is_figure: Callable[[str], bool] = lambda _text: False,
) -> list[Paragraphs]:
    """`segments` as paragraphs in reading order, each block's under its heading.

    A line that states a figure (`is_figure`) is no heading, however it is set. A block without a heading that stands
    below a heading alone on its own (a band, or a bold line) is under that one.
    """
    blocks = blocks_of(segments, slide.frames)
    body = body_style(make_lines(segments, slide.page, slide.frames))
    groups: list[Paragraphs] = []
    for block in blocks:
        lines = make_lines(block.segments, slide.page, _frame_list(block))
        entries = read_entries(lines, block.right, opening=opens_run_in)
        plain = [e for e in entries if is_figure(e.text)]
        groups += [Paragraphs(None, (e,), block) for e in plain]
        entries = [e for e in entries if e not in plain]
        groups += _headed(_whole_headings(entries), block, lambda line: is_set_off(line, body), is_heading)
    return _under_headings(groups)


def _frame_list(block: Block) -> list[Panel]:
    return [block.frame] if block.frame is not None else []


def _whole_headings(entries: Sequence[Entry]) -> list[Entry]:
    """Entries with the lines of one heading put together, where they are set alike and stand out from what follows."""
    whole: list[Entry] = []
    for i, entry in enumerate(entries):
        last = whole[-1] if whole else None
        following = entries[i + 1] if i + 1 < len(entries) else None
        if (
            last is not None
            and following is not None
            and last.marker is None
            and entry.marker is None
            and _stands_out(entry, following)
            and last.style.like(entry.style)
            and last.lines[-1].underlined == entry.lines[0].underlined
            and 0
            <= entry.box.top - last.box.bottom
            <= following.box.top - entry.box.bottom + SAME_GAP * entry.style.size
        ):
            whole[-1] = Entry((*last.lines, *entry.lines))
        else:
            whole.append(entry)
    return whole


def _headed(
    entries: Sequence[Entry], block: Block, is_off: Callable[[Line], bool], is_heading: Callable[[str], bool]
) -> list[Paragraphs]:
    """Entries of one block cut at its headings: what is set off from what follows it."""
    groups: list[Paragraphs] = []
    for i, entry in enumerate(entries):
        following = entries[i + 1] if i + 1 < len(entries) else None
        head = is_heading(entry.text) or (
            entry.marker is None
            and (
                (following is None and len(entries) == 1 and is_off(entry.lines[0]))
                or (following is not None and _stands_out(entry, following))
            )
        )
        if head:
            groups.append(Paragraphs(entry, (), block))
        elif groups:
            last = groups[-1]
            groups[-1] = Paragraphs(last.heading, (*last.entries, entry), block)
        else:
            groups.append(Paragraphs(None, (entry,), block))
    return groups


def _stands_out(entry: Entry, following: Entry) -> bool:
    """Whether an entry is set as the heading of the one that follows it."""
    one, two = entry.style, following.style
    if one.bold and not two.bold:
        return one.size >= 0.94 * two.size
    if one.size > 1.06 * two.size:
        return one.bold or not two.bold
    return entry.lines[0].underlined and not following.lines[0].underlined


def _under_headings(groups: Sequence[Paragraphs]) -> list[Paragraphs]:
    """Groups without a heading put under the nearest lone heading above them that covers them sideways."""
    headed: list[Paragraphs] = []
    lone: list[int] = []
    for group in groups:
        if group.heading is not None and not group.entries:
            lone.append(len(headed))
            headed.append(group)
            continue
        target = None
        if group.heading is None:
            box = group.block.box
            for i in reversed(lone):
                above = headed[i].block.box
                if above.middle < box.middle and above.overlap_x(box) > 0.5 * box.width:
                    target = i
                    break
        if target is None:
            headed.append(group)
        else:
            kept = headed[target]
            headed[target] = Paragraphs(kept.heading, (*kept.entries, *group.entries), kept.block)
    return headed
