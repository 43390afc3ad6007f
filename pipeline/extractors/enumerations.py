"""Enumerated lists in a cell: "(a) … (b) …", each member at the start of a line. What counts the members says nothing of them."""

from __future__ import annotations

import re
from string import ascii_lowercase
from typing import TYPE_CHECKING

from pipeline.passage import join

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

    from pipeline.layout.column_lines import Line
    from pipeline.passage import Passage

LEAST = 2
"""So many members count up in one cell at least: a single "(a)" may be anything."""

LONGEST = 20
"""A list in a cell has at most so many members, as there are circled numbers."""

_ORDERS = (
    tuple(str(n) for n in range(1, LONGEST + 1)),
    tuple(ascii_lowercase[:LONGEST]),
    ("i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x", "xi", "xii"),
    tuple(chr(ord("①") + n) for n in range(LONGEST)),
)
_LEAD = re.compile(r"(?P<open>[(（]?)(?P<mark>\d{1,2}|[a-z]{1,4})(?P<close>[)）]|[.．](?=\s))\s*|(?P<circled>[①-⑳])\s*")

Form = tuple[int, str, str]
"""How members are counted: in which order, and what stands before and behind the count."""


def forms_of(lines: Sequence[Line]) -> Iterator[Form]:
    """The forms in which a cell's lines count up from the first one on."""
    for form, number, _ in _leads(lines[0]):
        if number == 1 and len(_members(lines, form)) >= LEAST:
            yield form


def split_enumeration(lines: Sequence[Line], forms: Collection[Form]) -> list[tuple[Passage, Passage]]:
    """Each member of a cell's list as what counts it and what it says; empty if it does not begin with a member."""
    for form, number, _ in _leads(lines[0]):
        if form in forms and number == 1:
            return [_parts(member, form) for member in _members(lines, form)]
    return []


def _leads(line: Line) -> Iterator[tuple[Form, int, int]]:
    """What a line may begin with: the form, the count, and where the text behind it begins. "(i)" is in two orders."""
    found = _LEAD.match(line.passage.raw)
    if found is None or found.end() == len(line.passage):
        return
    mark = found["circled"] or found["mark"]
    for number, order in enumerate(_ORDERS):
        if mark in order:
            yield (number, found["open"] or "", found["close"] or ""), order.index(mark) + 1, found.end()


def _members(lines: Sequence[Line], form: Form) -> list[list[Line]]:
    members: list[list[Line]] = []
    for line in lines:
        if not members or any((of, n) == (form, len(members) + 1) for of, n, _ in _leads(line)):
            members.append([line])
        else:
            members[-1].append(line)
    return members


def _parts(member: Sequence[Line], form: Form) -> tuple[Passage, Passage]:
    first = member[0].passage
    end = next(end for of, _, end in _leads(member[0]) if of == form)
    return first[:end].strip(), join([first[end:], *(line.passage for line in member[1:])])
