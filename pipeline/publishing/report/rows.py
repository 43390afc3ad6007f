"""Every row of an edition under one number, with the page it is shown on and the name a person knows it by.

The review page speaks of rows by these numbers: a cell, a box on the page, a check's place and a bar of a chart that
mean the same row carry the same number.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipeline.values import value

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from pipeline.model import Edition, Row
    from pipeline.table_schemas import TableSchema

ABOUT_THE_EDITION = ("editions", "slides", "evidence", "residue", "checks")
"""Tables that say something about the reading itself. The page shows them in other ways than as rows."""

LABELS = ("name", "text", "label", "category", "title")
"""Columns that name a row to a person, the best first."""

_SUBJECTS = {"category": "budget_categories", "item": "budget_items", "note": "notes"}
"""The contract's `budget_amounts.subject_type`: the table that `subject_id` is a key of."""


@value(slots=False)
class NumberedRow:
    """One row. `page` is None where nothing ties it to one; `owner` is the row it is shown with, if any."""

    number: int
    table: str
    key: str
    row: Row
    label: str
    page: int | None
    owner: int | None


@value(slots=False)
class RowIndex:
    """All rows in the order of tables and of reading."""

    rows: tuple[NumberedRow, ...]
    numbers: Mapping[tuple[str, str], int]

    def number(self, table: str, key: str) -> int | None:
        """Give the number of a row by table and key; None where there is no such row."""
        return self.numbers.get((table, key))

    def of_table(self, table: str) -> list[NumberedRow]:
        """Give the rows of one table, in reading order."""
        return [r for r in self.rows if r.table == table]


def index_rows(edition: Edition, schemas: Mapping[str, TableSchema]) -> RowIndex:
    """Number the rows of all tables but those of `ABOUT_THE_EDITION`."""
    listed: list[tuple[str, str, Row]] = [
        (name, row_key(schema, row), row)
        for name, schema in schemas.items()
        if name not in ABOUT_THE_EDITION
        for row in edition.tables.get(name, ())
    ]
    numbers = {(table, key): number for number, (table, key, _) in enumerate(listed)}
    pages = _evidence_pages(edition.tables.get("evidence", ()))
    owners = [_owner(schemas, table, row, numbers) for table, _, row in listed]
    labels = _Labels(schemas, [(t, r) for t, _, r in listed], numbers)
    own_pages = [_page(row) or pages.get((table, key)) for table, key, row in listed]
    return RowIndex(
        tuple(
            NumberedRow(
                number, table, key, row, labels.label(number), own_pages[owner if owner is not None else number], owner
            )
            for number, ((table, key, row), owner) in enumerate(zip(listed, owners, strict=True))
        ),
        numbers,
    )


def row_key(schema: TableSchema, row: Row) -> str:
    """Write the row's primary key as `evidence` and checks do."""
    return "/".join(str(row.get(c)) for c in schema.primary_key)


def _page(row: Row) -> int | None:
    page = row.get("page")
    return page if isinstance(page, int) else None


def _evidence_pages(evidence: Sequence[Row]) -> dict[tuple[str, str], int]:
    pages: dict[tuple[str, str], int] = {}
    for entry in evidence:
        place = str(entry["table"]), str(entry["key"])
        page = _page(entry)
        if page is not None:
            pages[place] = min(page, pages.get(place, page))
    return pages


def _owner(
    schemas: Mapping[str, TableSchema], table: str, row: Row, numbers: Mapping[tuple[str, str], int]
) -> int | None:
    """Find the row that this one is a detail of: an amount's subject, or what a linking table links first."""
    if table == "budget_amounts":
        return numbers.get((_SUBJECTS.get(str(row.get("subject_type")), ""), str(row.get("subject_id"))))
    schema = schemas[table]
    linked = {field for key in schema.foreign_keys for field in key.fields}
    if not linked.issuperset(schema.primary_key):
        return None  # it has rows of its own, such as the cells of a table, and does not only link
    for key in schema.foreign_keys:
        first = schema.primary_key[:1] == key.fields and len(schema.primary_key) > 1
        if first and "page" in schemas[key.table].columns:
            return numbers.get((key.table, str(row.get(key.fields[0]))))
    return None


class _Labels:
    """Names rows; a row without a name of its own is named by the rows it refers to."""

    def __init__(
        self,
        schemas: Mapping[str, TableSchema],
        listed: Sequence[tuple[str, Row]],
        numbers: Mapping[tuple[str, str], int],
    ) -> None:
        self._schemas = schemas
        self._listed = listed
        self._numbers = numbers

    def label(self, number: int) -> str:
        table, row = self._listed[number]
        own = next((row[c] for c in LABELS if row.get(c)), None)
        if own is not None:
            return str(own)
        return " · ".join(self._part(table, row, column) for column in self._names_of(table, row))

    def _names_of(self, table: str, row: Row) -> list[str]:
        return [c for c in self._schemas[table].primary_key if c != "subject_type" and row.get(c) is not None]

    def _part(self, table: str, row: Row, column: str) -> str:
        target = next((k.table for k in self._schemas[table].foreign_keys if k.fields == (column,)), None)
        if table == "budget_amounts" and column == "subject_id":
            target = _SUBJECTS.get(str(row.get("subject_type")))
        other = None if target is None else self._numbers.get((target, str(row[column])))
        # A reference that leads back to rows without a name would go round; a name is then the printed key.
        if other is None or not any(self._listed[other][1].get(c) for c in LABELS):
            return str(row[column])
        return self.label(other)
