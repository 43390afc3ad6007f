"""The records of a budget: categories, items with their marks and bodies, amounts, totals and the amounts in notes.

What is written where depends on where the reader of the columns is (`Place`): under which category, group and item.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from pipeline.extractors.column_text import Cell
from pipeline.extractors.figures import budget_of
from pipeline.extractors.notes import write_notes
from pipeline.own_marks import may_be_marked
from pipeline.records import OpenGroup, Printed, Reference

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pipeline.extractors.budget_meaning import Meaning
    from pipeline.extractors.column_text import ColumnText
    from pipeline.extractors.figures import BudgetYear
    from pipeline.extractors.harvest import Context, Harvest
    from pipeline.extractors.item_text import ItemText
    from pipeline.extractors.notes import Note
    from pipeline.language.amounts import FoundAmount
    from pipeline.layout.outline import Entry
    from pipeline.model import Panel
    from pipeline.passage import Passage


@dataclass
class Place:
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
class State:
    """What one slide's budget is written with and into, and how far the writing has come."""

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
    place: Place = field(default_factory=Place)


def leave_nameless(state: State, entry: Entry, item: ItemText) -> None:
    """Amounts or marks without a name are no row: their words are left over, and a check says so."""
    what = "The amount" if item.amounts else "The text"
    state.harvest.doubt(
        "amounts", f"page {state.harvest.page}", f"{what} {entry.text!r} stands beside no item.", settled=False
    )


def sum_category(state: State, entry: Entry, item: ItemText, category: int) -> None:
    """The amounts of a category from the row below its items that sums them up."""
    state.harvest.discard_marker(entry)
    state.harvest.discard(item.name, "name of a subtotal")
    _discard_marks(state, item)
    _write_amounts(state, "category", category, item)


def state_total(state: State, entry: Entry, item: ItemText) -> None:
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


def _of_newest_year(state: State, item: ItemText) -> list[tuple[Cell, FoundAmount, BudgetYear]]:
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


def open_category(state: State, entry: Entry, item: ItemText) -> None:
    """Write a category with its amounts; what follows stands under it."""
    harvest = state.harvest
    state.categories += 1
    number = harvest.add(
        "budget_categories",
        {"page": harvest.page, "category": Printed(item.name), "position": state.categories},
    )
    harvest.discard_marker(entry)
    _discard_marks(state, item)
    state.place = Place(category=number, category_name=item.name, fresh=True)
    _write_amounts(state, "category", number, item)


def open_group(state: State, entry: Entry, item: ItemText) -> None:
    """Open a group of the open category. It is written with its items; one without any is set aside."""
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


def add_item(state: State, text: ColumnText, entry: Entry, item: ItemText, column: int) -> None:
    """Write an item, or a part of the last one, with its marks, bodies and amounts, under the open category and group."""
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
    if flags["is_new"] is False and may_be_marked(item.name.text, state.context.profile.marks.is_new):
        message = "Its name ends or begins with a word that marks what is new, printed as if it were part of the name."
        harvest.doubt("marks", item.name.text, message, settled=False)
    if not is_sub:
        place.item = number
    for body in item.bodies:
        harvest.add("item_organizations", {"item_id": Reference(number), "printed": Printed(body)})
    _write_amounts(state, "item", number, item)


def _flag(item: ItemText, flag: str) -> Printed | bool:
    """Whether the item carries a mark; one that is drawn as a shape has no words to show."""
    marks = item.marks.get(flag)
    return Printed(marks[0], value=True) if marks else marks is not None


def _discard_marks(state: State, item: ItemText) -> None:
    """The second and later printings of a mark, and the brackets that stand around a ministry."""
    for marks in item.marks.values():
        for mark in marks[1:]:
            state.harvest.discard(mark, "mark printed twice")
    for passage, reason in item.rest:
        state.harvest.discard(passage, reason)


def _write_amounts(state: State, subject: str, number: int, item: ItemText) -> None:
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


def write_note_amounts(state: State, notes: Sequence[Note]) -> None:
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
