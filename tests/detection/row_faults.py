"""Faults in rows and words: rows lost, doubled, misplaced or merged, words lost, columns read across."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from pipeline.passage import Passage, join
from pipeline.records import Printed, Reference
from tests.detection.what_was_read import (
    Fault,
    amounts_of,
    changed,
    first_line,
    lines_of,
    page_of,
    printed,
    readings_with,
    readings_without,
    records,
    refers,
    set_aside,
    totals,
    value_of,
)

if TYPE_CHECKING:
    from random import Random

    from pipeline.records import Content, Record
    from tests.detection.decks import Deck


def dropped_row(deck: Deck, random: Random) -> Fault | None:
    """A row is not read: an item with its amounts, a category's or a note's amount."""
    chosen = random.choice([*records(deck, "budget_items"), *totals(deck)])
    amount = amounts_of(deck, chosen.number)
    if chosen.table == "budget_amounts":
        gone, passage = [chosen], value_of(chosen).passage
    else:
        if any(refers(r, "parent_item_id", chosen.number) for r in records(deck, "budget_items")):
            return None
        bodies = [r for r in records(deck, "item_organizations") if refers(r, "item_id", chosen.number)]
        gone = [chosen, *amount, *bodies]
        passage = value_of(amount[0]).passage if amount else printed(chosen, "name").passage
    readings = readings_without(deck, random, gone)
    return Fault("row dropped", passage.printed, (page_of(passage), passage.box), readings=readings)


def doubled_row(deck: Deck, random: Random) -> Fault | None:
    """An item is read twice, with its amounts."""
    item = random.choice(records(deck, "budget_items"))
    amounts = amounts_of(deck, item.number)
    free = 1 + max(r.number for reading in deck.readings for r in reading.records)
    position = int(str(item.fields["position"]))
    twin = replace(item, number=free, fields={**item.fields, "position": position + 1})
    copies = [
        replace(a, number=free + n, fields={**a.fields, "subject_id": Reference(free)})
        for n, a in enumerate(amounts, start=1)
    ]
    later = {
        r.number: changed(r, {"position": int(str(r.fields["position"])) + 1})
        for r in records(deck, "budget_items")
        if int(str(r.fields["position"])) > position
    }
    readings = readings_with(deck, later, added={item.page: [twin, *copies]}, after=item.number)
    passage = value_of(amounts[0]).passage if amounts else printed(item, "name").passage
    return Fault("row doubled", passage.printed, (page_of(passage), passage.box), readings=readings)


def swapped_category(deck: Deck, random: Random) -> Fault | None:
    """An item is put under another category."""
    item = random.choice(records(deck, "budget_items"))
    others = [c for c in records(deck, "budget_categories") if not refers(item, "category_id", c.number)]
    if not others or any(refers(r, "parent_item_id", item.number) for r in records(deck, "budget_items")):
        return None
    other = random.choice(others)
    heading = replace(printed(other, "category"), inherited=True)
    fields: dict[str, Content] = {"category_id": Reference(other.number), "category": heading, "parent_item_id": None}
    amounts = amounts_of(deck, item.number)
    passage = value_of(amounts[0]).passage if amounts else printed(item, "name").passage
    readings = readings_with(deck, {item.number: changed(item, fields)})
    return Fault("category swapped", passage.printed, (page_of(passage), passage.box), readings=readings)


def lost_mark(deck: Deck, random: Random) -> Fault | None:
    """The mark of a new item is not understood."""
    marked = [r for r in records(deck, "budget_items") if isinstance(r.fields["is_new"], Printed)]
    if not marked:
        return None
    item = random.choice(marked)
    mark = printed(item, "is_new").passage
    if random.random() < 0.5:
        # Taken for a part of the name.
        name = replace(printed(item, "name"), passage=join([printed(item, "name").passage, mark]))
        new = changed(item, {"is_new": False, "name": name})
        return Fault(
            "[New] lost",
            "kept in the name",
            (page_of(mark), mark.box),
            readings=readings_with(deck, {item.number: new}),
        )
    new = changed(item, {"is_new": False})
    readings = set_aside(readings_with(deck, {item.number: new}), random, mark)
    return Fault("[New] lost", mark.printed, (page_of(mark), mark.box), readings=readings)


def cut_name(deck: Deck, random: Random) -> Fault | None:
    """A name loses its last words."""
    item = random.choice(records(deck, "budget_items"))
    name = printed(item, "name").passage
    ends = [m.start() for m in re.finditer(r"\s", name.raw)]
    if not ends:
        return None
    cut = random.choice(ends)
    kept, gone = name[:cut].strip(), name[cut:].strip()
    at = page_of(gone), gone.box
    if random.random() < 1 / 3:
        # The words were seen, the value does not have them.
        new = changed(item, {"name": Printed(name, value=kept.text)})
        return Fault("name cut", kept.text, at, readings=readings_with(deck, {item.number: new}))
    new = changed(item, {"name": Printed(kept)})
    return Fault("name cut", kept.text, at, readings=set_aside(readings_with(deck, {item.number: new}), random, gone))


def merged_names(deck: Deck, random: Random) -> Fault | None:
    """Two items that follow each other are read as one with both names; amounts that it has twice are lost."""
    items = sorted(records(deck, "budget_items"), key=lambda r: int(str(r.fields["position"])))
    place = random.randrange(len(items) - 1)
    one, two = items[place], items[place + 1]
    if one.fields["column"] != two.fields["column"] or one.fields["category_id"] != two.fields["category_id"]:
        return None
    return _merged(deck, random, "two names merged", one, two)


def _merged(deck: Deck, random: Random, kind: str, one: Record, two: Record) -> Fault | None:
    if any(refers(r, "parent_item_id", two.number) for r in records(deck, "budget_items")):
        return None
    name = join([printed(one, "name").passage, printed(two, "name").passage])
    taken = {r.fields["budget"] for r in amounts_of(deck, one.number)}
    moved = {
        r.number: changed(r, {"subject_id": Reference(one.number)})
        for r in amounts_of(deck, two.number)
        if r.fields["budget"] not in taken
    }
    lost = [two, *(r for r in amounts_of(deck, two.number) if r.fields["budget"] in taken)]
    new = {one.number: changed(one, {"name": Printed(name)}), **moved}
    readings = readings_with(deck, new, removed={r.number for r in lost})
    amounts = [value_of(r).passage for r in lost if r.table == "budget_amounts"]
    claimed = [printed(two, "is_new").passage] if isinstance(two.fields["is_new"], Printed) else []
    for passage in (*amounts, *claimed):
        readings = set_aside(readings, random, passage)
    passage = printed(two, "name").passage
    return Fault(
        kind,
        f"{printed(one, 'name').passage.text} + {passage.text}",
        (page_of(passage), passage.box),
        readings=readings,
    )


def crossed_columns(deck: Deck, random: Random) -> Fault | None:
    """The columns are read across: rows in the order of their height, names of side-by-side rows joined, lines exchanged."""
    return random.choice((_crossed_order, _crossed_names, _crossed_lines))(deck, random)


def _crossed_order(deck: Deck, random: Random) -> Fault | None:
    items = sorted(records(deck, "budget_items"), key=lambda r: int(str(r.fields["position"])))
    across = sorted(items, key=lambda r: (printed(r, "name").passage.box.top, printed(r, "name").passage.box.x0))
    # A stretch of the page, not always all of it.
    start = random.randrange(len(across) - 2)
    stretch = across[start : start + random.randint(3, len(across))]
    places = sorted(int(str(r.fields["position"])) for r in stretch)
    new = {
        r.number: changed(r, {"position": position})
        for r, position in zip(stretch, places, strict=True)
        if position != r.fields["position"]
    }
    if not new:
        return None
    passage = printed(stretch[0], "name").passage
    return Fault("column order crossed", "rows", (page_of(passage), passage.box), readings=readings_with(deck, new))


def _crossed_names(deck: Deck, random: Random) -> Fault | None:
    items = records(deck, "budget_items")
    one = random.choice(items)
    beside = [
        r
        for r in items
        if r.page == one.page
        and int(str(r.fields["column"])) > int(str(one.fields["column"]))
        and first_line(r).overlap_y(first_line(one)) > 0.5 * first_line(one).height
    ]
    return _merged(deck, random, "column order crossed", one, beside[0]) if beside else None


def _crossed_lines(deck: Deck, random: Random) -> Fault | None:
    table, field = random.choice(
        (("budget_items", "name"), ("policy_measures", "text"), ("statements", "text"), ("bill_provisions", "text"))
    )
    pairs = [
        (one, two)
        for one in records(deck, table)
        for two in records(deck, table)
        if one.page == two.page and _side_by_side(printed(one, field).passage, printed(two, field).passage)
    ]
    if not pairs:
        return None
    one, two = random.choice(pairs)
    first, second = (lines_of(printed(r, field).passage) for r in (one, two))
    new = {
        one.number: changed(one, {field: Printed(join([first[0], *second[1:]]))}),
        two.number: changed(two, {field: Printed(join([second[0], *first[1:]]))}),
    }
    passage = second[1]
    return Fault("column order crossed", "lines", (page_of(passage), passage.box), readings=readings_with(deck, new))


def _side_by_side(one: Passage, two: Passage) -> bool:
    """Whether both have several lines, in two columns, the second lines at one height."""
    first, second = lines_of(one), lines_of(two)
    return len(first) > 1 and len(second) > 1 and one.box.x1 < two.box.x0 and first[1].box.overlap_y(second[1].box) > 0
