"""Check kind `one_place`: every printed character that was taken ended in one place, a field of one row or furniture.

A heading is taken over by every row under it, and one amount can be shared; such fields are inherited, and the characters
belong to the one row that they stand in. What two rows claim was read twice, and one of them is wrong. That none is left
over is for the kind `words` to say.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipeline.model import Check, Place
from pipeline.records import Printed, Record, SlideReading
from pipeline.validation.messages import count

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from pipeline.passage import Mark, Passage

_SHOWN = 3
"""How many of the characters' groups the message quotes."""

_Owner = tuple[int, str]
"""The number of a record and the name of its field; furniture has its reason, and no record."""

_GlyphId = tuple[int, int, int]
"""Page, word and place in the word."""

_FURNITURE = -1


def one_place_checks(readings: Iterable[SlideReading]) -> Iterator[Check]:
    """One check for each slide, in the order of the readings."""
    for reading in readings:
        yield _slide_check(reading)


def _slide_check(reading: SlideReading) -> Check:
    claims = list(_claims(reading))
    claimed, twice = _taken(passage for _, passage in claims)
    suspects = _suspects(claims, twice, reading) if twice else ()
    message = f"Page {reading.page}: {count(claimed, 'printed character')} taken"
    if suspects:
        quoted = "; ".join(place.reason for place in suspects[:_SHOWN])
        message += f", of which {len(twice)} into several places ({quoted}): inconsistent."
    else:
        message += ", each into one place: consistent."
    return Check(
        check_id=f"one_place/page-{reading.page}",
        kind="one_place",
        subject=f"page {reading.page}",
        verdict="inconsistent" if suspects else "consistent",
        message=message,
        suspects=suspects,
    )


def _claims(reading: SlideReading) -> Iterator[tuple[_Owner, Passage]]:
    for record in reading.records:
        for name, content in record.fields.items():
            if isinstance(content, Printed) and not content.inherited:
                yield (record.number, name), content.passage
    for piece in reading.furniture:
        yield (_FURNITURE, piece.reason), piece.passage


def _taken(passages: Iterable[Passage]) -> tuple[int, frozenset[_GlyphId]]:
    """How many characters the passages take, and which of them more than one takes."""
    spans: dict[tuple[int, int], list[tuple[int, int, int]]] = {}
    for taker, passage in enumerate(passages):
        for stretch in passage.stretches:
            if stretch.word is not None:
                spans.setdefault((stretch.page, stretch.word.number), []).append((taker, stretch.glyph, stretch.end))
    taken = 0
    twice: set[_GlyphId] = set()
    for (page, word), listed in spans.items():
        if len(listed) == 1:  # as of nearly all words
            _, start, end = listed[0]
            taken += end - start
            continue
        takers: dict[int, set[int]] = {}
        for taker, start, end in listed:
            for glyph in range(start, end):
                takers.setdefault(glyph, set()).add(taker)
        taken += len(takers)
        twice |= {(page, word, glyph) for glyph, several in takers.items() if len(several) > 1}
    return taken, frozenset(twice)


def _suspects(
    claims: Sequence[tuple[_Owner, Passage]], twice: frozenset[_GlyphId], reading: SlideReading
) -> tuple[Place, ...]:
    """What is claimed twice, by who claims it: one place for each set of claims on the same characters."""
    owners: dict[_GlyphId, list[_Owner]] = {}
    marks: dict[_GlyphId, Mark] = {}
    for owner, passage in claims:
        for mark in passage.marks():
            if mark.word is not None and (glyph := (mark.page, mark.word.number, mark.glyph)) in twice:
                marks[glyph] = mark
                listed = owners.setdefault(glyph, [])
                if owner not in listed:
                    listed.append(owner)
    shared: dict[tuple[_Owner, ...], list[Mark]] = {}
    for glyph, listed in owners.items():
        shared.setdefault(tuple(listed), []).append(marks[glyph])
    records = {record.number: record for record in reading.records}
    return tuple(_place(listed, characters, records) for listed, characters in shared.items())


def _place(owners: tuple[_Owner, ...], shared: list[Mark], records: dict[int, Record]) -> Place:
    words = "".join(mark.printed for mark in shared)
    box = shared[0].box
    at = f" at {box.x0:.2f}, {box.top:.2f}" if box is not None else ""
    named = " and ".join(_named(owner, records) for owner in owners)
    first = records.get(owners[0][0])
    title = _title(first) if first is not None else ""
    return Place(first.table if first else "slides", title, f'page {shared[0].page}{at}: "{words}" is in {named}')


def _named(owner: _Owner, records: dict[int, Record]) -> str:
    number, name = owner
    return f"furniture ({name})" if number == _FURNITURE else f"{records[number].table} {name}"


def _title(record: Record) -> str:
    printed = [c.passage.text for c in record.fields.values() if isinstance(c, Printed) and not c.inherited]
    return printed[0] if printed else ""
