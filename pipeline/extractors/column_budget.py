"""A budget in columns: categories with their amounts, groups, items and sub-items, notes and the stated figures.

The amounts of an item may follow its name, stand at the right edge on any of its lines, in columns of their own, behind
dotted leaders or beside a brace that joins several items.
"""

from __future__ import annotations

import itertools
from collections import Counter
from dataclasses import dataclass, field, replace
from itertools import pairwise
from statistics import median
from typing import TYPE_CHECKING

from pipeline.extractors.amount_cells import raw_column, read_columns
from pipeline.extractors.amount_layout import is_cell
from pipeline.extractors.around_budget import give_up_lone_amounts, take_stated_rows, take_unit
from pipeline.extractors.body_column import body_cells
from pipeline.extractors.budget_meaning import Meaning, meaning_of
from pipeline.extractors.column_text import Cell, ColumnText, read_item
from pipeline.extractors.figures import budget_of, budget_year_of
from pipeline.extractors.harvest import Context, Harvest
from pipeline.extractors.notes import Note, take_notes, write_notes
from pipeline.extractors.prose import write_statements
from pipeline.extractors.row_numbers import take_row_numbers
from pipeline.extractors.side_labels import take_side_labels
from pipeline.language.folding import comparison_key
from pipeline.layout.columns import Column, cut_at_columns, split_columns
from pipeline.layout.lines import lines_of
from pipeline.layout.panels import cells_among, stripes_among
from pipeline.records import OpenGroup, Printed, Reference, SlideReading
from pipeline.tolerances import Tolerance

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pipeline.extractors.figures import BudgetYear
    from pipeline.extractors.item_text import ItemText
    from pipeline.language.amounts import FoundAmount
    from pipeline.layout.lines import Segment
    from pipeline.layout.outline import Entry
    from pipeline.layout.slide import Slide
    from pipeline.model import Panel
    from pipeline.passage import Passage


APART = Tolerance(2.5, "space above a heading that stands apart")
"""A heading with so many times the usual space above it stands apart from what is above."""

MANY_GROUPS = 2
"""The usual space above a heading is known from so many headings at least."""


@dataclass
class _Place:
    """Where the reader is: the open category, group and item. `frame` holds the open category's items."""

    category: int | None = None
    category_name: Passage | None = None
    group: Passage | None = None
    group_claimed: bool = True
    item: int | None = None
    frame: Panel | None = None
    fresh: bool = False
    """Whether a category header came and no item under it yet, so that the next frame is its own."""
    rival: int | None = None
    """Another category that the open group may belong to, by its place on the page."""


@dataclass
class _State:
    harvest: Harvest
    context: Context
    meaning: Meaning
    position: int = 0
    categories: int = 0
    cells: frozenset[int] = frozenset()
    """The frames that are cells of a table, which begin and end nothing."""
    shared: dict[int, int] = field(default_factory=dict)
    """The first item that each shared cell was given to, by the cell's identity."""
    newest: dict[str, int] = field(default_factory=dict)
    """Of each budget the newest year that a column of amounts is headed with."""
    place: _Place = field(default_factory=_Place)


def extract(slide: Slide, context: Context) -> SlideReading:
    """The whole slide."""
    harvest = Harvest(slide, context.kind.kind)
    notes, rest = take_notes(slide.body, context.profile.notes)

    context, rest = take_unit(harvest, rest, context)
    rest = take_stated_rows(harvest, rest, context)
    rest = take_row_numbers(harvest, rest)
    context = replace(context, body_cells=body_cells(rest, context))
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
    state = _State(harvest, context, meaning, cells=cells, newest=_newest_years(texts))
    _read_bands(state, texts, headers)
    _write_note_amounts(state, notes)
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
    state: _State, texts: Sequence[ColumnText], headers: Sequence[tuple[Entry, ItemText, tuple[Segment, ...]]]
) -> None:
    """Column after column; between two headers that run across all columns only what stands between them."""
    usual = _usual_gap(texts)
    edges = [float("-inf"), *(entry.box.middle for entry, _, _ in headers), float("inf")]
    for i, (top, bottom) in enumerate(itertools.pairwise(edges)):
        if i > 0:
            entry, item, _ = headers[i - 1]
            _open_category(state, entry, item)
        for number, text in enumerate(texts, start=1):
            entries = [e for e in text.entries if top <= e.box.middle < bottom]
            _read_column(state, text, entries, number, usual)


def _read_column(state: _State, text: ColumnText, entries: Sequence[Entry], column: int, usual: float) -> None:
    """One column. `state.place` comes in as the last column left it: its foot may go on here.

    `usual` is the white space that usually stands above a group.
    """
    carried = _Place(state.place.category, state.place.category_name, state.place.group, state.place.group_claimed)
    state.place = _Place(
        carried.category, carried.category_name, carried.group, carried.group_claimed, state.place.item, None, True
    )
    for above, entry in zip([None, *entries], entries, strict=False):
        item = read_item(entry, text)
        if not item.name.text:
            _leave_nameless(state, entry, item)
            continue
        if _is_called(item, state.context.profile.budgets.totals):
            _state_total(state, entry, item)
            continue
        if _is_called(item, state.context.profile.budgets.subtotals) and state.place.category is not None:
            _sum_category(state, entry, item, state.place.category)
            continue
        if text.is_category(entry, item):
            _open_category(state, entry, item)
            continue
        _enter_frame(state, entry, carried, column)
        if text.is_heading(entry):
            _open_group(state, entry, item)
            apart = above is not None and not text.is_heading(above) and _stands_apart(text, above, entry, usual)
            if column > 1 and apart:
                _leave_open(state, carried)
        else:
            _add_item(state, text, entry, item, column)
    for cell in text.unowned:
        state.harvest.doubt(
            "amounts",
            f"page {state.harvest.page}",
            f"The amount {cell.passage.text!r} stands beside no item.",
            settled=False,
        )


def _leave_nameless(state: _State, entry: Entry, item: ItemText) -> None:
    """Amounts or marks without a name are no row: their words are left over, and a check says so."""
    what = "The amount" if item.amounts else "The text"
    state.harvest.doubt(
        "amounts", f"page {state.harvest.page}", f"{what} {entry.text!r} stands beside no item.", settled=False
    )


def _is_called(item: ItemText, names: Sequence[str]) -> bool:
    """Whether a row has amounts and one of these names: the table's total (合計) or a category's (小計)."""
    return bool(item.amounts) and comparison_key(item.name.text) in {comparison_key(name) for name in names}


def _sum_category(state: _State, entry: Entry, item: ItemText, category: int) -> None:
    """The amounts of a category from the row below its items that sums them up."""
    state.harvest.discard_marker(entry)
    state.harvest.discard(item.name, "name of a subtotal")
    _discard_marks(state, item)
    _write_amounts(state, "category", category, item)


def _state_total(state: _State, entry: Entry, item: ItemText) -> None:
    """The amounts of the table's total as stated figures."""
    harvest = state.harvest
    harvest.discard_marker(entry)
    _discard_marks(state, item)
    for i, (cell, found, about) in enumerate(_of_newest_year(state, item)):
        harvest.add(
            "stated_figures",
            {
                "page": harvest.page,
                "label": Printed(item.name, inherited=i > 0),
                "fiscal_year": Printed(item.name, value=about.fiscal_year, inherited=True),
                "budget": Printed(item.name, value=about.budget, inherited=True),
                "stage": about.stage or None,
                "value": Printed(cell.passage[found.start : found.end], value=found.amount.value),
                "lower": found.amount.lower,
                "upper": found.amount.upper,
                "currency": found.amount.currency,
                "is_approximate": found.amount.is_approximate,
                "printed": found.amount.printed,
            },
        )


def _of_newest_year(state: _State, item: ItemText) -> list[tuple[Cell, FoundAmount, BudgetYear]]:
    """An item's amounts with their budgets; of one budget in several years (in columns with heads) the slide's newest."""
    kept = []
    for cell, found in item.amounts:
        about = state.meaning.of(found.bracket, cell)
        if about is None:
            continue
        if cell.head is not None and about.fiscal_year < state.newest.get(about.budget, about.fiscal_year):
            state.harvest.discard(cell.passage[found.start : found.end], "amount of an earlier year")
        else:
            kept.append((cell, found, about))
    return kept


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


def _leave_open(state: _State, carried: _Place) -> None:
    """The group may go on with the category that was open at the foot of the last column."""
    place = state.place
    if carried.category is None or place.category is None or carried.category == place.category:
        return
    place.rival = carried.category
    state.harvest.open_groups.append(
        OpenGroup(place.group.text if place.group else "", (), (place.category, place.rival))
    )


def _enter_frame(state: _State, entry: Entry, carried: _Place, column: int) -> None:
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
        state.place = _Place(
            carried.category, carried.category_name, carried.group, carried.group_claimed, None, frame, False
        )


def _open_category(state: _State, entry: Entry, item: ItemText) -> None:
    harvest = state.harvest
    state.categories += 1
    number = harvest.add(
        "budget_categories",
        {"page": harvest.page, "category": Printed(item.name), "position": state.categories},
    )
    harvest.discard_marker(entry)
    _discard_marks(state, item)
    state.place = _Place(category=number, category_name=item.name, fresh=True)
    _write_amounts(state, "category", number, item)


def _open_group(state: _State, entry: Entry, item: ItemText) -> None:
    place = state.place
    if not place.group_claimed and place.group is not None:
        state.harvest.discard(place.group, "heading without items")
    state.harvest.discard_marker(entry)
    _discard_marks(state, item)
    for _, found in item.amounts:
        state.harvest.doubt(
            "amounts",
            item.name.text,
            f"The amount {found.amount.printed!r} stands beside a group's heading, which has none.",
            settled=False,
        )
    if place.rival is not None and place.category is not None:
        # What follows an open group in its column is as open as that group.
        state.harvest.open_groups.append(OpenGroup(item.name.text, (), (place.category, place.rival)))
    place.group, place.group_claimed, place.item = item.name, False, None


def _add_item(state: _State, text: ColumnText, entry: Entry, item: ItemText, column: int) -> None:
    harvest, place = state.harvest, state.place
    is_sub = place.item is not None and text.is_sub_item(entry)
    state.position += 1
    flags = {flag: _flag(item, flag) for flag in ("is_new", "is_ai_safety")}
    number = harvest.add(
        "budget_items",
        {
            "category_id": Reference(place.category) if place.category is not None else None,
            "category": Printed(place.category_name, inherited=True) if place.category_name else None,
            "group": Printed(place.group, inherited=place.group_claimed) if place.group else None,
            "parent_item_id": Reference(place.item) if is_sub and place.item is not None else None,
            "name": Printed(item.name),
            **flags,
            "page": harvest.page,
            "column": column,
            "position": state.position,
        },
    )
    place.group_claimed = True
    if place.rival is not None:
        last = harvest.open_groups[-1]
        harvest.open_groups[-1] = replace(last, items=(*last.items, number))
    if entry.marker is not None and not item.marker_is_mark:
        harvest.discard_marker(entry)
    _discard_marks(state, item)
    if place.category is None:
        harvest.doubt(
            "category", item.name.text, "Nothing on the page says to which category this item belongs.", settled=False
        )
    if not is_sub:
        place.item = number
    for body in item.bodies:
        harvest.add("item_organizations", {"item_id": Reference(number), "printed": Printed(body)})
    _write_amounts(state, "item", number, item)


def _flag(item: ItemText, flag: str) -> Printed | bool:
    """Whether the item carries a mark; one that is drawn as a shape has no words to show."""
    marks = item.marks.get(flag)
    return Printed(marks[0], value=True) if marks else marks is not None


def _discard_marks(state: _State, item: ItemText) -> None:
    """The second and later printings of a mark, and the brackets that stand around a ministry."""
    for marks in item.marks.values():
        for mark in marks[1:]:
            state.harvest.discard(mark, "mark printed twice")
    for passage, reason in item.rest:
        state.harvest.discard(passage, reason)


def _write_amounts(state: _State, subject: str, number: int, item: ItemText) -> None:
    harvest = state.harvest
    written: set[str] = set()
    read = _of_newest_year(state, item)
    unread = [(c, f, None) for c, f in item.amounts if state.meaning.of(f.bracket, c) is None]
    for cell, found, about in [*read, *unread]:
        if about is None or about.budget in written:
            harvest.doubt(
                "amounts",
                item.name.text,
                f"The amount {found.amount.printed!r} has no reading: "
                + (
                    "nothing says which budget it is."
                    if about is None
                    else f"a {about.budget} amount was read already."
                ),
                settled=False,
            )
            continue
        written.add(about.budget)
        amount = found.amount
        first = state.shared.setdefault(id(cell), number) if cell.shared else None
        harvest.add(
            "budget_amounts",
            {
                "subject_type": subject,
                "subject_id": Reference(number),
                "budget": about.budget,
                "fiscal_year": about.fiscal_year,
                "stage": about.stage or None,
                "value": Printed(
                    cell.passage[found.start : found.end], value=amount.value, inherited=first not in (None, number)
                ),
                "lower": amount.lower if first is None else amount.lower * 0,
                "upper": amount.upper,
                "is_part_of": amount.is_part_of or cell.shared,
                "currency": amount.currency,
                "printed": amount.printed,
                "shared_amount_id": Reference(first) if first is not None else None,
            },
        )


def _write_note_amounts(state: _State, notes: Sequence[Note]) -> None:
    """Amounts in the notes: those that belong to the budget ("in addition to the above, …"), in the note's own words."""
    for note, number in write_notes(state.harvest, notes):
        for found in state.context.amounts(note.text.raw):
            cell = Cell(note.text, ())
            before = note.text.raw[: found.start]
            named = budget_of(before, state.context.profile.budgets) if not found.bracket else None
            about = state.meaning.of(found.bracket, cell)
            if about is None or (named is not None and named != about.budget):
                continue
            amount = found.amount
            state.harvest.add(
                "budget_amounts",
                {
                    "subject_type": "note",
                    "subject_id": Reference(number),
                    "budget": about.budget,
                    "fiscal_year": about.fiscal_year,
                    "stage": about.stage or None,
                    "value": Printed(note.text[found.start : found.end], value=amount.value, inherited=True),
                    "lower": amount.lower,
                    "upper": amount.upper,
                    "is_part_of": amount.is_part_of,
                    "currency": amount.currency,
                    "printed": amount.printed,
                    "shared_amount_id": None,
                },
            )
