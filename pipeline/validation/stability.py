"""Check kind `stability`: a value that changes when the extraction's tolerances are moved a little is not certain.

Rows are compared by what they say and where it is printed, never by their keys or their order. A row under moved
tolerances is the counterpart of the one that it shares most of its printed characters with.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import TYPE_CHECKING

from pipeline.model import Check, Place
from pipeline.records import Content, Printed, Record, Reference, SlideReading
from pipeline.validation.messages import count

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from pipeline.passage import Passage
    from pipeline.validation.figures import Tables

_NOT_SAID = frozenset({"position"})
"""Columns that count the rows before a row: one row more or less is no change of all that follow."""

_SHOWN = 3
"""How many changes the message quotes; the suspects are all of them."""

_Spot = tuple[int, str, str]
"""Page, left and upper edge of a printed character, to a hundredth of a point."""

_Said = tuple[str, tuple[tuple[str, object], ...]]


@dataclass(frozen=True)
class Repeat:
    """The extraction once more: how the tolerances were moved, and what came out, or why nothing did."""

    how: str
    readings: tuple[SlideReading, ...] = ()
    failure: str = ""


def stability_checks(readings: Sequence[SlideReading], repeats: Iterable[Repeat], tables: Tables) -> Iterator[Check]:
    """One check for each of `readings`, which every one of `repeats` was made of again, in page order."""
    pages = {reading.page: _Page(reading) for reading in readings}
    changes: dict[int, dict[Place, list[str]]] = {number: {} for number in pages}
    names: _Names | None = None
    times = 0
    for repeat in repeats:
        times += 1
        again = {reading.page: reading for reading in repeat.readings}
        for number, page in pages.items():
            if repeat.failure or number not in again:
                place = Place("slides", str(number), f"cannot be read at all ({repeat.failure or 'no reading'})")
                changes[number].setdefault(place, []).append(repeat.how)
                continue
            other = _Page(again[number], page)
            if page.slide == other.slide and page.says_the_same(other):
                continue
            names = names or _Names(tables)
            for place in _changes(page, other, names):
                changes[number].setdefault(place, []).append(repeat.how)
    for number in sorted(pages):
        yield _check(pages[number], changes[number], times)


class _Page:
    """One page's records, by what they say; `first` is the first reading of the page, where this is another."""

    def __init__(self, reading: SlideReading, first: _Page | None = None) -> None:
        # By their words' identity: most readings of a page share its words, which the first one keeps alive.
        self.known: dict[tuple[int, int], _Spot] = {} if first is None else first.known
        self.is_first = first is None
        self.number = reading.page
        self.slide = {"kind": reading.kind, "title": reading.title}
        self.records = reading.records
        self._beginnings: dict[int, tuple[str, _Spot | None]] = {}

    @cached_property
    def by_number(self) -> Mapping[int, Record]:
        """The records by the numbers that references name them with."""
        return {record.number: record for record in self.records}

    @cached_property
    def said(self) -> list[_Said]:
        """What each record says and where."""
        return [self._said(record) for record in self.records]

    def says_the_same(self, other: _Page) -> bool:
        """Whether both say the same of as many rows, in whatever order: nearly always in the same."""
        return self.said == other.said or Counter(self.said) == Counter(other.said)

    def _said(self, record: Record) -> _Said:
        """The record without its number and its place in the order."""
        fields = [(name, self.content(c)) for name, c in record.fields.items() if name not in _NOT_SAID]
        return record.table, tuple(fields)

    def content(self, content: Content) -> object:
        """A field's content, for comparison."""
        if isinstance(content, Printed):
            value = content.passage.raw if content.value is None else content.value
            return "printed", value, self._spot(content.passage)
        if isinstance(content, Reference):
            # The row it names, by where that begins: a change of what that row says is that row's.
            return "row", *self._begins(content.record)
        return "plain", content

    def _begins(self, number: int) -> tuple[str, _Spot | None]:
        """The table of a record, and where its first field begins; many records may name one."""
        if number not in self._beginnings:
            named = self.by_number.get(number)
            first = _first(named) if named else None
            self._beginnings[number] = named.table if named else "", self._spot(first.passage) if first else None
        return self._beginnings[number]

    def _spot(self, passage: Passage) -> _Spot | None:
        """As `_first_spot`, of a glyph that begins many passages worked out once."""
        for stretch in passage.stretches:
            if stretch.word is not None:
                glyph = id(stretch.word), stretch.glyph
                spot = self.known.get(glyph) or _first_spot(passage)
                if self.is_first and spot is not None:
                    self.known[glyph] = spot
                return spot
        return None

    def shown(self, content: Content) -> str:
        """A field's content as a person reads it."""
        if isinstance(content, Printed):
            return f'"{content.passage.text}"' if content.value is None else _value(content.value)
        if isinstance(content, Reference):
            named = self.by_number.get(content.record)
            return f'"{_title(named)}"' if named else "another page's row"
        return "nothing" if content is None else _value(content)


class _Names:
    """The keys of rows, by where what they say is printed."""

    def __init__(self, tables: Tables) -> None:
        self._keys: dict[tuple[str, int, str, str], set[str]] = {}
        for row in tables.get("evidence", ()):
            if row["part"] == 0:
                place = (str(row["table"]), int(str(row["page"])), str(row["x0"]), str(row["top"]))
                self._keys.setdefault(place, set()).add(str(row["key"]))

    def key(self, record: Record) -> str:
        """The key of the record's row; empty where it has none. A heading that rows share names none of them."""
        for content in record.fields.values():
            for part in content.passage.parts()[:1] if isinstance(content, Printed) else ():
                found = self._keys.get((record.table, part.page, f"{part.box.x0:.2f}", f"{part.box.top:.2f}"), ())
                if len(found) == 1:
                    return next(iter(found))
        return ""


def _changes(page: _Page, other: _Page, names: _Names) -> Iterator[Place]:
    """What `other` says differently, row by row."""
    for name, before in page.slide.items():
        if other.slide[name] != before:
            yield Place("slides", str(page.number), f'{name}: "{before}" becomes "{other.slide[name]}"')
    lost = _only_in(page, other)
    new = _only_in(other, page)
    for record in lost:
        key = names.key(record)
        counterpart = _counterpart(record, new)
        if counterpart is None:
            yield Place(record.table, key, f"{_named(record)}: the row is lost")
            continue
        new.remove(counterpart)
        for name in sorted({*record.fields, *counterpart.fields} - _NOT_SAID):
            old, new_ = record.fields.get(name), counterpart.fields.get(name)
            if page.content(old) != other.content(new_):
                one, two = page.shown(old), other.shown(new_)
                becomes = f"{one} becomes {two}" if one != two else f"{one} is read from another place"
                yield Place(record.table, key, f"{_named(record)}: {name}: {becomes}")
    for record in new:
        yield Place(record.table, "", f"{_named(record)}: a row appears that the tables do not have")


def _only_in(page: _Page, other: _Page) -> list[Record]:
    surplus = Counter(page.said) - Counter(other.said)
    found = []
    for record, what in zip(page.records, page.said, strict=True):
        if surplus[what] > 0:
            surplus[what] -= 1
            found.append(record)
    return found


def _counterpart(record: Record, candidates: Sequence[Record]) -> Record | None:
    spots = _spots(record)
    best, most = None, 0
    for candidate in candidates:
        shared = len(spots & _spots(candidate)) if candidate.table == record.table else 0
        if shared > most:
            best, most = candidate, shared
    return best


def _spots(record: Record) -> frozenset[_Spot]:
    """Where the characters stand that the record claims for itself."""
    return frozenset(
        spot
        for content in record.fields.values()
        if isinstance(content, Printed) and not content.inherited
        for mark in content.passage.marks()
        if mark.box is not None
        for spot in ((mark.page, f"{mark.box.x0:.2f}", f"{mark.box.top:.2f}"),)
    )


def _first_spot(passage: Passage) -> _Spot | None:
    for mark in passage.marks():
        if mark.box is not None:
            return mark.page, f"{mark.box.x0:.2f}", f"{mark.box.top:.2f}"
    return None


def _first(record: Record) -> Printed | None:
    """The first field that is the record's own; one that it took over, where it has no other."""
    printed = [c for c in record.fields.values() if isinstance(c, Printed) and c.passage]
    return next((c for c in printed if not c.inherited), printed[0] if printed else None)


def _title(record: Record) -> str:
    first = _first(record)
    return first.passage.text if first is not None else ""


def _named(record: Record) -> str:
    """What the row says first, and where."""
    first = _first(record)
    spot = _first_spot(first.passage) if first is not None else None
    where = f"page {record.page} at {spot[1]}, {spot[2]}" if spot is not None else f"page {record.page}"
    return f'"{_title(record)}" ({where})'


def _value(value: object) -> str:
    return f"{value:,}" if isinstance(value, Decimal) else str(value)


def _check(page: _Page, changes: Mapping[Place, Sequence[str]], times: int) -> Check:
    values = sum(c is not None for r in page.records for name, c in r.fields.items() if name not in _NOT_SAID)
    checked = f"Page {page.number}: {count(values, 'value')} of {count(len(page.records), 'row')} were read "
    checked += f"{count(times, 'more time')} with other tolerances"
    suspects = tuple(
        Place(place.table, place.key, f"{place.reason} with {_moves(how)}") for place, how in changes.items()
    )
    if suspects:
        listed = "; ".join(s.reason for s in suspects[:_SHOWN])
        more = f"; and {len(suspects) - _SHOWN} more" if len(suspects) > _SHOWN else ""
        message = f"{checked}, and {count(len(suspects), 'value')} changed: {listed}{more}: undetermined."
    else:
        message = f"{checked} and stayed the same: consistent."
    return Check(
        check_id=f"stability/page-{page.number}",
        kind="stability",
        subject=f"page {page.number}",
        verdict="undetermined" if suspects else "consistent",
        message=message,
        suspects=suspects,
    )


def _moves(how: Sequence[str]) -> str:
    return how[0] if len(how) == 1 else f"{how[0]}, and with {count(len(how) - 1, 'other move')} of them"
