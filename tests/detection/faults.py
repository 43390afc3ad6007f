"""Faults as a reader or an extractor makes them, planted one at a time into what was read.

The page stays as it is. A *reader's* fault changes the characters of the document (a digit read as another, a point not
seen); all that follows is read from them. An *extractor's* fault changes the records: the value beside its words, the
row that an amount was given to, the words that a name was made of. What a record no longer claims is left over, or was
set aside as furniture, as the two ways in which an extractor loses words.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import TYPE_CHECKING

from pipeline.model import Box, Document, Glyph, Page, union
from pipeline.passage import Mark, Passage, join
from pipeline.records import Content, Furniture, Printed, Record, Reference, SlideReading

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from random import Random

    from tests.detection.decks import Deck

_NUMBER = re.compile(r"\d[\d,]*(?:\.\d+)?")
_TWO = Decimal(2)


@dataclass(frozen=True)
class Fault:
    """One planted fault: either `document` or `readings` is what was read instead.

    `at` is the page and box where the culprit stands: the figure that was misread, the row that is gone.
    """

    kind: str
    description: str
    at: tuple[int, Box]
    document: Document | None = None
    readings: tuple[SlideReading, ...] | None = None


# Figures


def one_digit(deck: Deck, random: Random) -> Fault | None:
    """One digit of an amount in the budget is read as another."""
    return _digit(deck, random, "one digit changed", "budget_amounts")


def stated_total(deck: Deck, random: Random) -> Fault | None:
    """One digit of a figure that the deck states about the whole is read as another."""
    return _digit(deck, random, "stated total changed", "stated_figures")


def chart_label(deck: Deck, random: Random) -> Fault | None:
    """One digit of a bar's label is read as another."""
    return _digit(deck, random, "chart label changed", "budget_trend")


def _digit(deck: Deck, random: Random, kind: str, table: str) -> Fault | None:
    record = random.choice(_records(deck, table))
    passage = _value(record).passage
    number = _NUMBER.search(passage.raw)
    if number is None:
        return None
    places = [i for i in range(*number.span()) if passage.raw[i].isdigit()]
    place = random.choice(places)
    leading = place == number.start() and len(places) > 1 and passage.raw[place + 1 : place + 2] != "."
    other = random.choice([d for d in "0123456789" if d != passage.raw[place] and not (leading and d == "0")])
    text = passage.raw[number.start() : place] + other + passage.raw[place + 1 : number.end()]
    if not any(d in "123456789" for d in text):
        return None
    return _misread(deck, random, kind, record, {place: other}, text)


def lost_point(deck: Deck, random: Random) -> Fault | None:
    """The decimal point of an amount is not seen."""
    record = random.choice(_records(deck, "budget_amounts"))
    passage = _value(record).passage
    number = _NUMBER.search(passage.raw)
    if number is None or "." not in number.group():
        return None
    place = passage.raw.index(".", number.start())
    text = number.group().replace(".", "").lstrip("0")
    return _misread(deck, random, "decimal point lost", record, {place: ""}, text) if text else None


def million_for_billion(deck: Deck, random: Random) -> Fault | None:
    """Million is read as billion, or billion as million."""
    record = random.choice(_records(deck, "budget_amounts"))
    passage = _value(record).passage
    word = re.search("[mb]illion", passage.raw)
    if word is None:
        return None
    other = "b" if word.group() == "million" else "m"
    text = _NUMBER.search(passage.raw)
    factor = Decimal(1000) if other == "b" else Decimal("0.001")
    return text and _misread(deck, random, "million for billion", record, {word.start(): other}, text.group(), factor)


def _misread(
    deck: Deck,
    random: Random,
    kind: str,
    record: Record,
    characters: dict[int, str],
    number: str,
    factor: Decimal = Decimal(1),
) -> Fault:
    """A figure misread: by the reader (other characters in the document), or by the extractor (another value)."""
    value = _value(record)
    passage = value.passage
    words = f'"{passage.printed}" as {number}, {"character" if random.random() < 0.5 else "value"}'
    at = _page(passage), passage.box
    if words.endswith("character"):
        document = deck.recognised.document
        for place, other in sorted(characters.items(), reverse=True):
            document = _with_glyph(document, passage.marks[place], other)
        return Fault(kind, words, at, document=document)
    old = _NUMBER.search(passage.raw)
    assert old is not None
    unit = Decimal(str(value.value)) / Decimal(old.group().replace(",", "")) * factor
    plain = number.replace(",", "")
    half = unit.scaleb(-len(plain.partition(".")[2])) / _TWO
    worth = Decimal(plain) * unit
    raw = "".join(characters.get(i, c) for i, c in enumerate(passage.raw))
    fields = {**record.fields, "value": replace(value, value=worth), "upper": worth + half}
    fields["printed"] = raw.strip("[]") if record.table != "budget_trend" else raw
    if not record.fields.get("is_part_of"):
        fields["lower"] = worth - half
    return Fault(kind, words, at, readings=_with(deck, {record.number: replace(record, fields=fields)}))


def lost_bracket(deck: Deck, random: Random) -> Fault | None:
    """An amount in brackets is read as one without, of the plain budget; its row has none of that yet."""
    amounts = _records(deck, "budget_amounts")
    record = random.choice([r for r in amounts if _value(r).passage.raw.startswith("[")])
    plain = next((r for r in amounts if not _value(r).passage.raw.startswith("[")), None)
    subject = record.fields["subject_id"]
    if plain is None or any(r is not record and r.fields["subject_id"] == subject for r in amounts):
        return None
    passage = _value(record).passage
    at = _page(passage), passage.box
    kind, words = "bracket lost", passage.printed
    if random.random() < 0.5:
        document = deck.recognised.document
        for place in (len(passage) - 1, 0):
            document = _with_glyph(document, passage.marks[place], "")
        return Fault(kind, words, at, document=document)
    as_plain = {name: plain.fields[name] for name in ("budget", "fiscal_year", "stage")}
    return Fault(kind, words, at, readings=_with(deck, {record.number: _changed(record, as_plain)}))


def neighbouring_row(deck: Deck, random: Random) -> Fault | None:
    """An amount is given to the row above or below."""
    amounts = [r for r in _records(deck, "budget_amounts") if r.fields["subject_type"] == "item"]
    record = random.choice(amounts)
    items = _items_of(deck, record)
    numbers = [i.number for i in items]
    subject = record.fields["subject_id"]
    assert isinstance(subject, Reference)
    place = numbers.index(subject.record)
    other = place + random.choice((-1, 1))
    if not 0 <= other < len(items) or items[other].fields["column"] != items[place].fields["column"]:
        return None
    target = Reference(numbers[other])
    if any(r.fields["subject_id"] == target and r.fields["budget"] == record.fields["budget"] for r in amounts):
        return None
    passage = _value(record).passage
    readings = _with(deck, {record.number: _changed(record, {"subject_id": target})})
    return Fault("amount at the neighbouring row", passage.printed, (_page(passage), passage.box), readings=readings)


def bar_height(deck: Deck, random: Random) -> Fault | None:
    """A bar is measured by another line: higher or lower by more than drawing and measuring leave open."""
    bars = [r for r in _records(deck, "budget_trend") if isinstance(r.fields["bar_value"], Decimal)]
    record = random.choice(bars)
    measured = record.fields["bar_value"]
    assert isinstance(measured, Decimal)
    highest = max(abs(Decimal(str(r.fields["bar_value"]))) for r in bars)
    # From twice the tolerance of a hundredth of the highest bar to a third of that bar.
    shift = highest * Decimal(random.randint(20, 330)) / 1000 * random.choice((-1, 1))
    if measured + shift <= 0:
        return None
    passage = _value(record).passage
    readings = _with(deck, {record.number: _changed(record, {"bar_value": measured + shift})})
    return Fault(
        "bar height changed", f"{passage.printed}: {shift:+}", (_page(passage), passage.box), readings=readings
    )


# Rows


def dropped_row(deck: Deck, random: Random) -> Fault | None:
    """A row is not read: an item with its amounts, a category's or a note's amount."""
    chosen = random.choice([*_records(deck, "budget_items"), *_totals(deck)])
    amount = _amounts_of(deck, chosen.number)
    if chosen.table == "budget_amounts":
        gone, passage = [chosen], _value(chosen).passage
    else:
        if any(_refers(r, "parent_item_id", chosen.number) for r in _records(deck, "budget_items")):
            return None
        bodies = [r for r in _records(deck, "item_organizations") if _refers(r, "item_id", chosen.number)]
        gone = [chosen, *amount, *bodies]
        passage = _value(amount[0]).passage if amount else _printed(chosen, "name").passage
    readings = _lost(deck, random, gone)
    return Fault("row dropped", passage.printed, (_page(passage), passage.box), readings=readings)


def doubled_row(deck: Deck, random: Random) -> Fault | None:
    """An item is read twice, with its amounts."""
    item = random.choice(_records(deck, "budget_items"))
    amounts = _amounts_of(deck, item.number)
    free = 1 + max(r.number for reading in deck.readings for r in reading.records)
    position = int(str(item.fields["position"]))
    twin = replace(item, number=free, fields={**item.fields, "position": position + 1})
    copies = [
        replace(a, number=free + n, fields={**a.fields, "subject_id": Reference(free)})
        for n, a in enumerate(amounts, start=1)
    ]
    later = {
        r.number: _changed(r, {"position": int(str(r.fields["position"])) + 1})
        for r in _records(deck, "budget_items")
        if int(str(r.fields["position"])) > position
    }
    readings = _with(deck, later, added={item.page: [twin, *copies]}, after=item.number)
    passage = _value(amounts[0]).passage if amounts else _printed(item, "name").passage
    return Fault("row doubled", passage.printed, (_page(passage), passage.box), readings=readings)


def swapped_category(deck: Deck, random: Random) -> Fault | None:
    """An item is put under another category."""
    item = random.choice(_records(deck, "budget_items"))
    others = [c for c in _records(deck, "budget_categories") if not _refers(item, "category_id", c.number)]
    if not others or any(_refers(r, "parent_item_id", item.number) for r in _records(deck, "budget_items")):
        return None
    other = random.choice(others)
    heading = replace(_printed(other, "category"), inherited=True)
    fields: dict[str, Content] = {"category_id": Reference(other.number), "category": heading, "parent_item_id": None}
    amounts = _amounts_of(deck, item.number)
    passage = _value(amounts[0]).passage if amounts else _printed(item, "name").passage
    readings = _with(deck, {item.number: _changed(item, fields)})
    return Fault("category swapped", passage.printed, (_page(passage), passage.box), readings=readings)


# Words


def lost_mark(deck: Deck, random: Random) -> Fault | None:
    """The mark of a new item is not understood."""
    marked = [r for r in _records(deck, "budget_items") if isinstance(r.fields["is_new"], Printed)]
    if not marked:
        return None
    item = random.choice(marked)
    mark = _printed(item, "is_new").passage
    if random.random() < 0.5:
        # Taken for a part of the name.
        name = replace(_printed(item, "name"), passage=join([_printed(item, "name").passage, mark]))
        changed = _changed(item, {"is_new": False, "name": name})
        return Fault(
            "[New] lost", "kept in the name", (_page(mark), mark.box), readings=_with(deck, {item.number: changed})
        )
    changed = _changed(item, {"is_new": False})
    readings = _set_aside(_with(deck, {item.number: changed}), random, mark)
    return Fault("[New] lost", mark.printed, (_page(mark), mark.box), readings=readings)


def cut_name(deck: Deck, random: Random) -> Fault | None:
    """A name loses its last words."""
    item = random.choice(_records(deck, "budget_items"))
    name = _printed(item, "name").passage
    ends = [m.start() for m in re.finditer(r"\s", name.raw)]
    if not ends:
        return None
    cut = random.choice(ends)
    kept, gone = name[:cut].strip(), name[cut:].strip()
    at = _page(gone), gone.box
    if random.random() < 1 / 3:
        # The words were seen, the value does not have them.
        changed = _changed(item, {"name": Printed(name, value=kept.text)})
        return Fault("name cut", kept.text, at, readings=_with(deck, {item.number: changed}))
    changed = _changed(item, {"name": Printed(kept)})
    return Fault("name cut", kept.text, at, readings=_set_aside(_with(deck, {item.number: changed}), random, gone))


def merged_names(deck: Deck, random: Random) -> Fault | None:
    """Two items that follow each other are read as one with both names; amounts that it has twice are lost."""
    items = sorted(_records(deck, "budget_items"), key=lambda r: int(str(r.fields["position"])))
    place = random.randrange(len(items) - 1)
    one, two = items[place], items[place + 1]
    if one.fields["column"] != two.fields["column"] or one.fields["category_id"] != two.fields["category_id"]:
        return None
    return _merged(deck, random, "two names merged", one, two)


def _merged(deck: Deck, random: Random, kind: str, one: Record, two: Record) -> Fault | None:
    if any(_refers(r, "parent_item_id", two.number) for r in _records(deck, "budget_items")):
        return None
    name = join([_printed(one, "name").passage, _printed(two, "name").passage])
    taken = {r.fields["budget"] for r in _amounts_of(deck, one.number)}
    moved = {
        r.number: _changed(r, {"subject_id": Reference(one.number)})
        for r in _amounts_of(deck, two.number)
        if r.fields["budget"] not in taken
    }
    lost = [two, *(r for r in _amounts_of(deck, two.number) if r.fields["budget"] in taken)]
    changed = {one.number: _changed(one, {"name": Printed(name)}), **moved}
    readings = _with(deck, changed, removed={r.number for r in lost})
    amounts = [_value(r).passage for r in lost if r.table == "budget_amounts"]
    claimed = [_printed(two, "is_new").passage] if isinstance(two.fields["is_new"], Printed) else []
    for passage in (*amounts, *claimed):
        readings = _set_aside(readings, random, passage)
    passage = _printed(two, "name").passage
    return Fault(
        kind, f"{_printed(one, 'name').passage.text} + {passage.text}", (_page(passage), passage.box), readings=readings
    )


def crossed_columns(deck: Deck, random: Random) -> Fault | None:
    """The columns are read across: rows in the order of their height, names of side-by-side rows joined, lines exchanged."""
    return random.choice((_crossed_order, _crossed_names, _crossed_lines))(deck, random)


def _crossed_order(deck: Deck, random: Random) -> Fault | None:
    items = sorted(_records(deck, "budget_items"), key=lambda r: int(str(r.fields["position"])))
    across = sorted(items, key=lambda r: (_printed(r, "name").passage.box.top, _printed(r, "name").passage.box.x0))
    # A stretch of the page, not always all of it.
    start = random.randrange(len(across) - 2)
    stretch = across[start : start + random.randint(3, len(across))]
    places = sorted(int(str(r.fields["position"])) for r in stretch)
    changed = {
        r.number: _changed(r, {"position": position})
        for r, position in zip(stretch, places, strict=True)
        if position != r.fields["position"]
    }
    if not changed:
        return None
    passage = _printed(stretch[0], "name").passage
    return Fault("column order crossed", "rows", (_page(passage), passage.box), readings=_with(deck, changed))


def _crossed_names(deck: Deck, random: Random) -> Fault | None:
    items = _records(deck, "budget_items")
    one = random.choice(items)
    beside = [
        r
        for r in items
        if r.page == one.page
        and int(str(r.fields["column"])) > int(str(one.fields["column"]))
        and _line(r).overlap_y(_line(one)) > 0.5 * _line(one).height
    ]
    return _merged(deck, random, "column order crossed", one, beside[0]) if beside else None


def _crossed_lines(deck: Deck, random: Random) -> Fault | None:
    table, field = random.choice(
        (("budget_items", "name"), ("policy_measures", "text"), ("statements", "text"), ("bill_provisions", "text"))
    )
    pairs = [
        (one, two)
        for one in _records(deck, table)
        for two in _records(deck, table)
        if one.page == two.page and _side_by_side(_printed(one, field).passage, _printed(two, field).passage)
    ]
    if not pairs:
        return None
    one, two = random.choice(pairs)
    first, second = (_lines(_printed(r, field).passage) for r in (one, two))
    changed = {
        one.number: _changed(one, {field: Printed(join([first[0], *second[1:]]))}),
        two.number: _changed(two, {field: Printed(join([second[0], *first[1:]]))}),
    }
    passage = second[1]
    return Fault("column order crossed", "lines", (_page(passage), passage.box), readings=_with(deck, changed))


def _side_by_side(one: Passage, two: Passage) -> bool:
    """Whether both have several lines, in two columns, the second lines at one height."""
    first, second = _lines(one), _lines(two)
    return len(first) > 1 and len(second) > 1 and one.box.x1 < two.box.x0 and first[1].box.overlap_y(second[1].box) > 0


KINDS: dict[str, Callable[[Deck, Random], Fault | None]] = {
    "one digit changed": one_digit,
    "decimal point lost": lost_point,
    "million for billion": million_for_billion,
    "bracket lost": lost_bracket,
    "amount at the neighbouring row": neighbouring_row,
    "row dropped": dropped_row,
    "row doubled": doubled_row,
    "category swapped": swapped_category,
    "[New] lost": lost_mark,
    "name cut": cut_name,
    "two names merged": merged_names,
    "column order crossed": crossed_columns,
    "stated total changed": stated_total,
    "chart label changed": chart_label,
    "bar height changed": bar_height,
}


# What was read, changed


def _records(deck: Deck, table: str) -> list[Record]:
    return [r for reading in deck.readings for r in reading.records if r.table == table]


def _totals(deck: Deck) -> list[Record]:
    return [r for r in _records(deck, "budget_amounts") if r.fields["subject_type"] != "item"]


def _items_of(deck: Deck, amount: Record) -> list[Record]:
    items = [r for r in _records(deck, "budget_items") if r.page == amount.page]
    return sorted(items, key=lambda r: int(str(r.fields["position"])))


def _amounts_of(deck: Deck, subject: int) -> list[Record]:
    return [
        r
        for r in _records(deck, "budget_amounts")
        if r.fields["subject_type"] == "item" and _refers(r, "subject_id", subject)
    ]


def _refers(record: Record, field: str, number: int) -> bool:
    return record.fields.get(field) == Reference(number)


def _value(record: Record) -> Printed:
    return _printed(record, "value")


def _printed(record: Record, field: str) -> Printed:
    content = record.fields[field]
    assert isinstance(content, Printed)
    return content


def _page(passage: Passage) -> int:
    return next(m.page for m in passage.marks if m.word)


def _line(item: Record) -> Box:
    return _printed(item, "name").passage.parts()[0].box


def _lines(passage: Passage) -> list[Passage]:
    """The passage cut where its lines end."""
    lines: list[list[Mark]] = []
    for mark in passage.marks:
        last = next((m for m in reversed(lines[-1]) if m.word), None) if lines else None
        starts = mark.box is not None and (last is None or last.box is None or mark.box.top >= last.box.middle)
        if starts:
            lines.append([])
        if lines:
            lines[-1].append(mark)
    return [Passage(tuple(line)).strip() for line in lines]


def _changed(record: Record, fields: Mapping[str, Content]) -> Record:
    return replace(record, fields={**record.fields, **fields})


def _with(
    deck: Deck,
    changed: dict[int, Record],
    removed: set[int] | frozenset[int] = frozenset(),
    added: dict[int, list[Record]] | None = None,
    after: int | None = None,
) -> tuple[SlideReading, ...]:
    """The readings with some records changed, some gone, and others behind the record `after`."""
    readings = []
    for reading in deck.readings:
        records: list[Record] = []
        for record in reading.records:
            if record.number not in removed:
                records.append(changed.get(record.number, record))
            if record.number == after:
                records += (added or {}).get(reading.page, [])
        groups = tuple(replace(g, items=tuple(i for i in g.items if i not in removed)) for g in reading.open_groups)
        readings.append(replace(reading, records=tuple(records), open_groups=groups))
    return tuple(readings)


def _lost(deck: Deck, random: Random, gone: Sequence[Record]) -> tuple[SlideReading, ...]:
    """The readings without some records, whose words are left over or were set aside."""
    readings = _with(deck, {}, removed={r.number for r in gone})
    aside = random.random() < 0.5
    for record in gone:
        for content in record.fields.values():
            if aside and isinstance(content, Printed) and not content.inherited:
                readings = _with_furniture(readings, content.passage)
    return readings


def _set_aside(readings: tuple[SlideReading, ...], random: Random, passage: Passage) -> tuple[SlideReading, ...]:
    """Words that no record has: left over, or taken for furniture."""
    return _with_furniture(readings, passage) if random.random() < 0.5 else readings


def _with_furniture(readings: tuple[SlideReading, ...], passage: Passage) -> tuple[SlideReading, ...]:
    page = _page(passage)
    return tuple(
        replace(r, furniture=(*r.furniture, Furniture(passage, "separator"))) if r.page == page else r for r in readings
    )


def _with_glyph(document: Document, mark: Mark, text: str) -> Document:
    """The document with one glyph read as another, or not at all where `text` is empty."""
    assert mark.word is not None
    wanted = mark.word.number
    pages = tuple(
        _page_with(page, wanted, mark.glyph, text) if page.number == mark.page else page for page in document.pages
    )
    return replace(document, pages=pages)


def _page_with(page: Page, number: int, index: int, text: str) -> Page:
    words = []
    for word in page.words:
        if word.number != number:
            words.append(word)
            continue
        glyphs = list(word.glyphs)
        glyphs[index : index + 1] = [Glyph(text, glyphs[index].box)] if text else []
        if glyphs:
            words.append(
                replace(
                    word,
                    text="".join(g.text for g in glyphs),
                    glyphs=tuple(glyphs),
                    box=union(g.box for g in glyphs),
                )
            )
    return replace(page, words=tuple(words))


def plant(deck: Deck, kind: str, random: Random, number: int) -> Iterator[Fault]:
    """`number` different faults of a kind, or as many as a fair number of tries finds."""
    seen: set[tuple[str, tuple[int, Box]]] = set()
    for _ in range(TRIES * number):
        if len(seen) == number:
            return
        fault = KINDS[kind](deck, random)
        if fault is not None and (fault.description, fault.at) not in seen:
            seen.add((fault.description, fault.at))
            yield fault


TRIES = 20
"""So many places are tried for each fault that is wanted."""
