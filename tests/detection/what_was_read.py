"""What was read of a deck, and copies of it with some records or characters changed: what faults are planted with."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import pairwise
from typing import TYPE_CHECKING

from pipeline.model import Box, Glyph, union
from pipeline.records import Furniture, Printed, Reference, SlideReading

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from random import Random

    from pipeline.model import Document, Page
    from pipeline.passage import Mark, Passage
    from pipeline.records import Content, Record
    from tests.detection.decks import Deck


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


def records(deck: Deck, table: str) -> list[Record]:
    """All records of a table, in reading order."""
    return [r for reading in deck.readings for r in reading.records if r.table == table]


def totals(deck: Deck) -> list[Record]:
    """The amounts of categories and notes."""
    return [r for r in records(deck, "budget_amounts") if r.fields["subject_type"] != "item"]


def items_of(deck: Deck, amount: Record) -> list[Record]:
    """The items on the page of an amount, in the order of their positions."""
    items = [r for r in records(deck, "budget_items") if r.page == amount.page]
    return sorted(items, key=lambda r: int(str(r.fields["position"])))


def amounts_of(deck: Deck, subject: int) -> list[Record]:
    """The amounts of an item."""
    return [
        r
        for r in records(deck, "budget_amounts")
        if r.fields["subject_type"] == "item" and refers(r, "subject_id", subject)
    ]


def refers(record: Record, field: str, number: int) -> bool:
    """Whether a field of a record names the record with that number."""
    return record.fields.get(field) == Reference(number)


def value_of(record: Record) -> Printed:
    """The value of a record of money, with its words."""
    return printed(record, "value")


def printed(record: Record, field: str) -> Printed:
    """A field that was read from the page."""
    content = record.fields[field]
    assert isinstance(content, Printed)
    return content


def page_of(passage: Passage) -> int:
    """The page that a passage stands on."""
    return next(m.page for m in passage.marks() if m.word)


def first_line(item: Record) -> Box:
    """The box of the first line of an item's name."""
    return printed(item, "name").passage.parts()[0].box


def lines_of(passage: Passage) -> list[Passage]:
    """The passage cut where its lines end."""
    starts: list[int] = []
    last: Box | None = None
    for n, mark in enumerate(passage.marks()):
        if mark.box is None:
            continue
        if last is None or mark.box.top >= last.middle:
            starts.append(n)
        last = mark.box
    return [passage[start:end].strip() for start, end in pairwise([*starts, len(passage)])]


def changed(record: Record, fields: Mapping[str, Content]) -> Record:
    """A record with some of its fields changed."""
    return replace(record, fields={**record.fields, **fields})


def readings_with(
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


def readings_without(deck: Deck, random: Random, gone: Sequence[Record]) -> tuple[SlideReading, ...]:
    """The readings without some records, whose words are left over or were set aside."""
    readings = readings_with(deck, {}, removed={r.number for r in gone})
    aside = random.random() < 0.5
    for record in gone:
        for content in record.fields.values():
            if aside and isinstance(content, Printed) and not content.inherited:
                readings = _with_furniture(readings, content.passage)
    return readings


def set_aside(readings: tuple[SlideReading, ...], random: Random, passage: Passage) -> tuple[SlideReading, ...]:
    """Words that no record has: left over, or taken for furniture."""
    return _with_furniture(readings, passage) if random.random() < 0.5 else readings


def _with_furniture(readings: tuple[SlideReading, ...], passage: Passage) -> tuple[SlideReading, ...]:
    page = page_of(passage)
    return tuple(
        replace(r, furniture=(*r.furniture, Furniture(passage, "separator"))) if r.page == page else r for r in readings
    )


def with_glyph(document: Document, mark: Mark, text: str) -> Document:
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
