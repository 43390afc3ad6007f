"""Faults in figures: digits, points, units and brackets misread, amounts given to another row, bars measured wrong."""

from __future__ import annotations

import re
from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING

from pipeline.records import Reference
from tests.detection.what_was_read import (
    Fault,
    changed,
    items_of,
    page_of,
    readings_with,
    records,
    value_of,
    with_glyph,
)

if TYPE_CHECKING:
    from random import Random

    from pipeline.records import Record
    from tests.detection.decks import Deck


_NUMBER = re.compile(r"\d[\d,]*(?:\.\d+)?")
_TWO = Decimal(2)


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
    record = random.choice(records(deck, table))
    passage = value_of(record).passage
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
    record = random.choice(records(deck, "budget_amounts"))
    passage = value_of(record).passage
    number = _NUMBER.search(passage.raw)
    if number is None or "." not in number.group():
        return None
    place = passage.raw.index(".", number.start())
    text = number.group().replace(".", "").lstrip("0")
    return _misread(deck, random, "decimal point lost", record, {place: ""}, text) if text else None


def million_for_billion(deck: Deck, random: Random) -> Fault | None:
    """Million is read as billion, or billion as million."""
    record = random.choice(records(deck, "budget_amounts"))
    passage = value_of(record).passage
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
    value = value_of(record)
    passage = value.passage
    words = f'"{passage.printed}" as {number}, {"character" if random.random() < 0.5 else "value"}'
    at = page_of(passage), passage.box
    if words.endswith("character"):
        document = deck.recognised.document
        for place, other in sorted(characters.items(), reverse=True):
            document = with_glyph(document, list(passage.marks())[place], other)
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
    return Fault(kind, words, at, readings=readings_with(deck, {record.number: replace(record, fields=fields)}))


def lost_bracket(deck: Deck, random: Random) -> Fault | None:
    """An amount in brackets is read as one without, of the plain budget; its row has none of that yet."""
    amounts = records(deck, "budget_amounts")
    record = random.choice([r for r in amounts if value_of(r).passage.raw.startswith("[")])
    plain = next((r for r in amounts if not value_of(r).passage.raw.startswith("[")), None)
    subject = record.fields["subject_id"]
    if plain is None or any(r is not record and r.fields["subject_id"] == subject for r in amounts):
        return None
    passage = value_of(record).passage
    at = page_of(passage), passage.box
    kind, words = "bracket lost", passage.printed
    if random.random() < 0.5:
        document = deck.recognised.document
        for place in (len(passage) - 1, 0):
            document = with_glyph(document, list(passage.marks())[place], "")
        return Fault(kind, words, at, document=document)
    as_plain = {name: plain.fields[name] for name in ("budget", "fiscal_year", "stage")}
    return Fault(kind, words, at, readings=readings_with(deck, {record.number: changed(record, as_plain)}))


def neighbouring_row(deck: Deck, random: Random) -> Fault | None:
    """An amount is given to the row above or below."""
    amounts = [r for r in records(deck, "budget_amounts") if r.fields["subject_type"] == "item"]
    record = random.choice(amounts)
    items = items_of(deck, record)
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
    passage = value_of(record).passage
    readings = readings_with(deck, {record.number: changed(record, {"subject_id": target})})
    return Fault("amount at the neighbouring row", passage.printed, (page_of(passage), passage.box), readings=readings)


def bar_height(deck: Deck, random: Random) -> Fault | None:
    """A bar is measured by another line: higher or lower by more than drawing and measuring leave open."""
    bars = [r for r in records(deck, "budget_trend") if isinstance(r.fields["bar_value"], Decimal)]
    record = random.choice(bars)
    measured = record.fields["bar_value"]
    assert isinstance(measured, Decimal)
    highest = max(abs(Decimal(str(r.fields["bar_value"]))) for r in bars)
    # From twice the tolerance of a hundredth of the highest bar to a third of that bar.
    shift = highest * Decimal(random.randint(20, 330)) / 1000 * random.choice((-1, 1))
    if measured + shift <= 0:
        return None
    passage = value_of(record).passage
    readings = readings_with(deck, {record.number: changed(record, {"bar_value": measured + shift})})
    return Fault(
        "bar height changed", f"{passage.printed}: {shift:+}", (page_of(passage), passage.box), readings=readings
    )
