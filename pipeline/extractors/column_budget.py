"""A budget in columns: categories with their amounts, groups, items and sub-items, notes and the stated figures.

The amounts of an item may follow its name, stand at the right edge on any of its lines, in columns of their own, behind
dotted leaders or beside a brace that joins several items.
"""

from __future__ import annotations

import itertools
from collections import Counter
from dataclasses import replace
from itertools import pairwise
from statistics import median
from typing import TYPE_CHECKING

from pipeline.extractors.amount_cells import raw_column, read_columns
from pipeline.extractors.amount_layout import is_cell
from pipeline.extractors.around_budget import give_up_lone_amounts, take_stated_rows, take_unit
from pipeline.extractors.body_column import body_cells
from pipeline.extractors.budget_meaning import meaning_of
from pipeline.extractors.budget_records import (
    Place,
    State,
    add_item,
    leave_nameless,
    open_category,
    open_group,
    state_total,
    sum_category,
    write_note_amounts,
)
from pipeline.extractors.column_text import ColumnText, read_item
from pipeline.extractors.figures import budget_year_of
from pipeline.extractors.harvest import Context, Harvest
from pipeline.extractors.notes import take_notes
from pipeline.extractors.nothing_cells import take_signs
from pipeline.extractors.prose import write_statements
from pipeline.extractors.row_numbers import take_row_numbers
from pipeline.extractors.side_labels import take_side_labels
from pipeline.language.folding import comparison_key
from pipeline.layout.columns import Column, cut_at_columns, split_columns
from pipeline.layout.lines import lines_of
from pipeline.layout.panels import cells_among, stripes_among
from pipeline.records import OpenGroup, SlideReading
from pipeline.tolerances import Tolerance

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pipeline.extractors.item_text import ItemText
    from pipeline.layout.lines import Segment
    from pipeline.layout.outline import Entry
    from pipeline.layout.slide import Slide


APART = Tolerance(2.5, "space above a heading that stands apart")
"""A heading with so many times the usual space above it stands apart from what is above."""

MANY_GROUPS = 2
"""The usual space above a heading is known from so many headings at least."""


def extract(slide: Slide, context: Context) -> SlideReading:
    """The whole slide."""
    harvest = Harvest(slide, context.kind.kind)
    notes, rest = take_notes(slide.body, context.profile.notes)

    context, rest = take_unit(harvest, rest, context)
    rest = take_stated_rows(harvest, rest, context)
    rest = take_row_numbers(harvest, rest)
    rest, signs = take_signs(rest, context)
    context = replace(context, table_cells=body_cells(rest, context) | signs)
    labels, rest = take_side_labels(rest, slide, context)
    rest = cut_at_columns(rest, slide.frames)
    columns = split_columns(rest, slide.page.width, lambda s: is_cell(s, context), frames=slide.frames)
    texts = read_columns(columns.columns, slide, context, labels)
    prose = list(columns.outside)
    headers = _headers_across(slide, columns.outside, texts, context)
    across = {id(s) for _, _, segments in headers for s in segments}
    prose = [s for s in prose if id(s) not in across]
    for text in texts:
        prose += text.preamble
        for head in text.head_line:
            harvest.discard(head.passage, "column head")
    write_statements(harvest, context, _without_stray_amounts(harvest, context, prose, _extent(texts)))
    give_up_lone_amounts(harvest, context)
    meaning = meaning_of(harvest, notes, slide.title, context, _brackets_of_items(texts))
    cells = cells_among(slide.frames) | _rows_of_table(slide, texts)
    state = State(harvest, context, meaning, cells=cells, newest=_newest_years(texts))
    _read_bands(state, texts, headers)
    write_note_amounts(state, notes)
    return harvest.reading()


def _rows_of_table(slide: Slide, texts: Sequence[ColumnText]) -> frozenset[int]:
    """The frames (by identity) that are stripes: some of them are behind single entries, of whatever height."""
    held = Counter(id(e.frame) for text in texts for e in text.entries if e.frame is not None)
    return frozenset(
        id(stripe)
        for stripes in stripes_among(slide.frames)
        if any(held[id(stripe)] == 1 for stripe in stripes)
        for stripe in stripes
    )


def _brackets_of_items(texts: Sequence[ColumnText]) -> set[str]:
    """The opening brackets that items' amounts stand in; the empty text for an amount in none."""
    return {
        found.bracket
        for text in texts
        for entry in text.entries
        if not text.is_heading(entry)
        for _, found in read_item(entry, text).amounts
    }


def _newest_years(texts: Sequence[ColumnText]) -> dict[str, int]:
    """Of each budget the newest year that a column of amounts is headed with."""
    newest: dict[str, int] = {}
    for head in (c.head for text in texts for cells in text.cells.values() for c in cells):
        if head is not None:
            newest[head.budget] = max(newest.get(head.budget, head.fiscal_year), head.fiscal_year)
    return newest


def _extent(texts: Sequence[ColumnText]) -> tuple[float, float]:
    """Between which heights the categories and what stands under them run; an empty stretch where there are none."""
    tops = [text.top_of(e) for text in texts for e in text.entries if text.is_category(e, read_item(e, text))]
    bottoms = [e.box.bottom for text in texts for e in text.entries]
    return (min(tops), max(bottoms)) if tops else (0.0, 0.0)


def _without_stray_amounts(
    harvest: Harvest, context: Context, prose: Sequence[Segment], extent: tuple[float, float]
) -> list[Segment]:
    """What is prose outside the columns. An amount alone that no label beside or above it explains is no sentence.

    Nor is a text with an amount between the rows of the table, which run between the heights of `extent`. They belong to
    rows that were not seen: they are left over, so that a check names them.
    """
    first, last = extent
    kept: list[Segment] = []
    label = False
    for line in lines_of(prose):
        above, label = label, any(budget_year_of(s.text, context.profile.budgets) is not None for s in line)
        for s in line:
            row = is_cell(s, context) or first < s.box.middle < last
            if label or above or not (row and context.amounts(s.text)):
                kept.append(s)
            else:
                harvest.doubt(
                    "amounts",
                    f"page {harvest.page}",
                    f"The amount {s.text!r} stands beside no item.",
                    settled=False,
                )
    return kept


def _headers_across(
    slide: Slide, outside: Sequence[Segment], texts: Sequence[ColumnText], context: Context
) -> list[tuple[Entry, ItemText, tuple[Segment, ...]]]:
    """Category headers that run across all columns: lines set off with an amount that belongs to no fiscal year."""
    if len(texts) < 2 or not outside:
        return []
    found = []
    whole = raw_column(Column(tuple(outside), 0.0, slide.page.width), slide, context, texts[0].styles)
    for entry in whole.entries:
        item = read_item(entry, whole)
        named = whole.is_heading(entry) and item.amounts and item.name.text
        if named and budget_year_of(entry.text, context.profile.budgets) is None:
            members = [s for line in entry.lines for s in line.segments]
            members += [s for cell in whole.cells_of(entry) for s in cell.segments]
            found.append((entry, item, tuple(members)))
    return found


def _read_bands(
    state: State, texts: Sequence[ColumnText], headers: Sequence[tuple[Entry, ItemText, tuple[Segment, ...]]]
) -> None:
    """Column after column; between two headers that run across all columns only what stands between them."""
    usual = _usual_gap(texts)
    edges = [float("-inf"), *(entry.box.middle for entry, _, _ in headers), float("inf")]
    for i, (top, bottom) in enumerate(itertools.pairwise(edges)):
        if i > 0:
            entry, item, _ = headers[i - 1]
            open_category(state, entry, item)
        for number, text in enumerate(texts, start=1):
            entries = [e for e in text.entries if top <= e.box.middle < bottom]
            _read_column(state, text, entries, number, usual)


def _read_column(state: State, text: ColumnText, entries: Sequence[Entry], column: int, usual: float) -> None:
    """One column. `state.place` comes in as the last column left it: its foot may go on here.

    `usual` is the white space that usually stands above a group.
    """
    carried = Place(state.place.category, state.place.category_name, state.place.group, state.place.group_claimed)
    state.place = Place(
        carried.category, carried.category_name, carried.group, carried.group_claimed, state.place.item, None, True
    )
    for above, entry in zip([None, *entries], entries, strict=False):
        item = read_item(entry, text)
        if not item.name.text:
            leave_nameless(state, entry, item)
            continue
        if _is_called(item, state.context.profile.budgets.totals):
            state_total(state, entry, item)
            continue
        if _is_called(item, state.context.profile.budgets.subtotals) and state.place.category is not None:
            sum_category(state, entry, item, state.place.category)
            continue
        if text.is_category(entry, item):
            open_category(state, entry, item)
            continue
        _enter_frame(state, entry, carried, column)
        if text.is_heading(entry):
            open_group(state, entry, item)
            apart = above is not None and not text.is_heading(above) and _stands_apart(text, above, entry, usual)
            if column > 1 and apart:
                _leave_open(state, carried)
        else:
            add_item(state, text, entry, item, column)
    for cell in text.unowned:
        state.harvest.doubt(
            "amounts",
            f"page {state.harvest.page}",
            f"The amount {cell.passage.text!r} stands beside no item.",
            settled=False,
        )


def _is_called(item: ItemText, names: Sequence[str]) -> bool:
    """Whether a row has amounts and one of these names: the table's total (合計) or a category's (小計)."""
    return bool(item.amounts) and comparison_key(item.name.text) in {comparison_key(name) for name in names}


def _usual_gap(texts: Sequence[ColumnText]) -> float:
    """The white space that usually stands above a group's heading; between any two entries, where there are few groups."""
    pairs = [(text, above, entry) for text in texts for above, entry in pairwise(text.entries)]
    plain = [p for p in pairs if not p[0].is_heading(p[1])]
    headings = [_gap(*p) for p in plain if p[0].is_heading(p[2]) and not p[0].is_category(p[2], read_item(p[2], p[0]))]
    if len(headings) >= MANY_GROUPS:
        return median(headings)
    return median([_gap(*p) for p in plain] or [0.0])


def _gap(text: ColumnText, above: Entry, entry: Entry) -> float:
    """The white space between two entries, the amounts of the upper one included."""
    bottoms = [above.box.bottom, *(cell.passage.box.bottom for cell in text.cells_of(above))]
    return entry.box.top - max(bottoms)


def _stands_apart(text: ColumnText, above: Entry, entry: Entry, usual: float) -> bool:
    """Whether so much space stands above a heading, without a frame, that it may begin something new."""
    gap = _gap(text, above, entry)
    return entry.frame is None and gap > APART * max(usual, 0.3 * entry.style.size) and gap > entry.style.size


def _leave_open(state: State, carried: Place) -> None:
    """The group may go on with the category that was open at the foot of the last column."""
    place = state.place
    if carried.category is None or place.category is None or carried.category == place.category:
        return
    place.rival = carried.category
    state.harvest.open_groups.append(
        OpenGroup(place.group.text if place.group else "", (), (place.category, place.rival))
    )


def _enter_frame(state: State, entry: Entry, carried: Place, column: int) -> None:
    """A frame without a header of its own goes on with the category that was open at the foot of the last column."""
    place = state.place
    if entry.lines[0].banded or id(entry.frame) in state.cells:
        return
    frame = entry.frame
    if place.fresh:
        place.frame, place.fresh = frame, False
        return
    if frame is place.frame or frame is None:
        return
    if place.frame is not None and place.frame.box.contains(frame.box, slack=entry.style.size):
        return  # a stripe in the frame that holds the category
    if place.frame is not None and frame.box.contains(place.frame.box, slack=entry.style.size):
        place.frame = frame
        return
    place.frame = frame
    if column > 1 and carried.category is not None and carried.category != place.category:
        state.place = Place(
            carried.category, carried.category_name, carried.group, carried.group_claimed, None, frame, False
        )
