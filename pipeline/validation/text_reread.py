"""Check kind `text_reread`: a name or text is what stands in its boxes, no less and no more.

The evidence of one field, its parts joined, must be the value character for character; spaces and the hyphens at which
lines are broken are not compared. That the page shows the evidence is for `evidence_inside` to say.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pipeline.model import Check, Place
from pipeline.passage import clean
from pipeline.validation.digits import printed_money
from pipeline.validation.figures import FIGURE_KEYS, Tables, row_key
from pipeline.validation.messages import count
from pipeline.validation.placed import Placed, PlacedEvidence, at, page_check

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from pipeline.model import Row
    from pipeline.table_schemas import TableSchema

KIND = "text_reread"

_TEXT_FIELDS: Mapping[str, tuple[str, ...]] = {
    "statements": ("heading", "text"),
    "policy_measures": ("pillar", "group", "text"),
    "bill_provisions": ("part", "section", "text"),
    "institute_organizations": ("printed",),
    "stated_figures": ("label",),
    "notes": ("text",),
    "budget_categories": ("category",),
    "budget_items": ("category", "group", "name"),
    "budget_trend": ("series",),
}
"""Columns that hold printed text as it stands, by table."""

_IDENTITY = frozenset({"text", "name"})
"""Of those, what a row is made of: without evidence the row was read from nowhere."""

_NOT_COMPARED = re.compile("[\\s\u00ad\u2010\u2011-]+")


def text_checks(tables: Tables, evidence: PlacedEvidence, schemas: Mapping[str, TableSchema]) -> Iterator[Check]:
    """One check for each page that texts were read from, in page order."""
    checked: dict[int, int] = {}
    faults: dict[int, list[Place]] = {}
    for table, row, key in _rows(tables, schemas):
        for field in _TEXT_FIELDS.get(table, ()):
            value = row.get(field)
            parts = evidence.of(table, key, field)
            page = parts[0].page if parts else row.get("page")
            if not isinstance(value, str) or not isinstance(page, int) or (parts and parts[0].corrected):
                continue
            if not parts and field not in _IDENTITY:
                continue
            checked[page] = checked.get(page, 0) + 1
            reason = _difference(value, parts, field)
            if reason:
                faults.setdefault(page, []).append(Place(table, key, reason))
        if table in FIGURE_KEYS:
            parts = evidence.of(table, key, "value")
            if parts and not parts[0].corrected:
                checked[parts[0].page] = checked.get(parts[0].page, 0) + 1
                shown = printed_money("".join(p.printed for p in parts))
                if printed_money(row.get("printed")) not in shown:
                    reason = f'{at(parts[0])}, is noted as "{row.get("printed")}"'
                    faults.setdefault(parts[0].page, []).append(Place(table, key, reason))
    for page, number in sorted(checked.items()):
        yield page_check(KIND, page, count(number, "text"), "each as it stands in its boxes", faults.get(page, []))


def _rows(tables: Tables, schemas: Mapping[str, TableSchema]) -> Iterator[tuple[str, Row, str]]:
    for table in {**_TEXT_FIELDS, **FIGURE_KEYS}:
        keys = FIGURE_KEYS.get(table) or (schemas[table].primary_key if table in schemas else ())
        for row in tables.get(table, ()) if keys else ():
            yield table, row, row_key(row, keys)


def _difference(value: str, parts: Sequence[Placed], field: str) -> str:
    if not parts:
        return f'{field}: "{value}" has no place on the page'
    printed = "".join(p.printed for p in parts)
    # Most texts stand as they are noted but for spaces, and need no folding to be told alike.
    if value.replace(" ", "") == printed.replace(" ", "") or _bare(value) == _bare(printed):
        return ""
    return f'{field}: {at(parts[0])}, is noted as "{value}"'


def _bare(text: str) -> str:
    return _NOT_COMPARED.sub("", clean(text))
