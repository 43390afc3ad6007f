"""What an extractor hands on: records whose fields know where they were printed.

A record belongs to a table of the contract. Its fields are passages (printed text), plain values, or references to other
records of the same slide. Fields that a record takes over from a heading are `inherited`: they can be pointed at, but the
heading's words were claimed by the heading's own record (or by the first one under it).
"""

from __future__ import annotations

from dataclasses import field
from typing import TYPE_CHECKING

from pipeline.model import Value
from pipeline.values import value

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pipeline.passage import Passage


@value()
class Printed:
    """A field that was read from the page. `value` is what the table holds; None means the passage's clean text."""

    passage: Passage
    value: Value = None
    inherited: bool = False


@value()
class Reference:
    """A field that names another record of the same deck, by that record's `number`."""

    record: int


Content = Printed | Reference | Value


@value(slots=False)
class Record:
    """One row to be. `number` is unique in the deck; `page` is where it starts."""

    number: int
    table: str
    page: int
    fields: Mapping[str, Content]


@value()
class Furniture:
    """Printed text that carries no data of its own, and why (a page number, a bullet, a legend …)."""

    passage: Passage
    reason: str


@value()
class Doubt:
    """Something an extractor could not settle from the page alone, or settled with help, and how.

    `kind` becomes the check's kind, `subject` names what it is about. `settled` is False where nothing decided.
    """

    kind: str
    subject: str
    message: str
    settled: bool = True


@value()
class OpenGroup:
    """Records under one heading whose category the layout leaves open; the likeliest category comes first."""

    group: str
    items: tuple[int, ...]
    categories: tuple[int, ...]


@value(slots=False)
class SlideReading:
    """What one extractor made of one slide."""

    page: int
    kind: str
    title: str
    records: tuple[Record, ...] = ()
    furniture: tuple[Furniture, ...] = ()
    doubts: tuple[Doubt, ...] = field(default=())
    open_groups: tuple[OpenGroup, ...] = field(default=())
