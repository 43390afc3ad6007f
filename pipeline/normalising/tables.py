"""Records of all slides to the contract's tables, with a key for every row and evidence for every value."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from pipeline.normalising.accounting import Account, account, residue_rows, rounded, shown_part
from pipeline.normalising.keys import LONG_TEXT_WORDS, Keys, slug
from pipeline.records import Content, Doubt, Printed, Record, Reference, SlideReading
from pipeline.word_fates import word_fates

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from pipeline.model import Document, Page, Row, Value
    from pipeline.organizations import Organization, OrganizationRegistry
    from pipeline.passage import Part, Passage
    from pipeline.profiles import Profile
    from pipeline.table_schemas import TableSchema
    from pipeline.word_fates import WordFates

BAR_PLACES = Decimal("0.01")
"""A bar's measured value is rounded to this part of its currency's unit."""


@dataclass(frozen=True)
class Normalised:
    """The tables (all but `checks`, which validation makes) and what the extractors could not settle."""

    tables: Mapping[str, list[Row]]
    doubts: tuple[Doubt, ...]
    fates: Mapping[int, WordFates]
    """What became of every word, by page number."""
    open_groups: tuple[tuple[str, tuple[str, ...], tuple[str, ...]], ...] = ()
    """Groups whose category is open: heading, keys of the items, keys of the categories."""


def normalise(
    document: Document,
    profile: Profile,
    readings: Sequence[SlideReading],
    organizations: OrganizationRegistry,
    schemas: Mapping[str, TableSchema],
    *,
    edition: str,
    title: str,
    version: str,
) -> Normalised:
    """The tables of one edition. `readings` are its slides in page order; `version` is the pipeline's."""
    maker = _Maker(organizations, schemas, {page.number: page for page in document.pages})
    maker.add_all([record for reading in readings for record in reading.records])
    fates = word_fates(document, readings)
    accounts = [
        account(page, reading, fates[page.number]) for page, reading in zip(document.pages, readings, strict=True)
    ]
    tables = maker.tables
    tables["slides"] = [_slide_row(reading, a) for reading, a in zip(readings, accounts, strict=True)]
    tables["residue"] = [
        row for page, a in zip(document.pages, accounts, strict=True) for row in residue_rows(page, a.unaccounted)
    ]
    tables["editions"] = [
        {
            "edition": edition,
            "deck": profile.deck,
            "title": title,
            "language": profile.language,
            "source_file": document.name,
            "source_sha256": document.sha256,
            "pages": len(document.pages),
            "pdf_producer": document.producer or None,
            "pdf_created": document.created or None,
            "pipeline_version": version,
            "profile_sha256": profile.sha256,
        }
    ]
    tables["organizations"] = maker.organization_rows()
    doubts = [d for reading in readings for d in reading.doubts] + maker.doubts
    complete = {name: tables.get(name, []) for name in schemas if name != "checks"}
    open_groups = [
        (group.group, maker.keys_of(group.items), maker.keys_of(group.categories))
        for reading in readings
        for group in reading.open_groups
    ]
    return Normalised(complete, tuple(doubts), fates, tuple(open_groups))


def _slide_row(reading: SlideReading, a: Account) -> Row:
    return {
        "page": reading.page,
        "kind": reading.kind,
        "title": reading.title or None,
        "words": a.used + a.furniture + len(a.unaccounted),
        "words_used": a.used,
        "words_furniture": a.furniture,
        "words_unaccounted": len(a.unaccounted),
        "furniture": "; ".join(a.reasons) or None,
    }


class _Maker:
    """Makes rows and evidence; remembers each record's key for the references to it."""

    def __init__(
        self, organizations: OrganizationRegistry, schemas: Mapping[str, TableSchema], pages: Mapping[int, Page]
    ) -> None:
        self.organizations = organizations
        self.schemas = schemas
        self.pages = pages
        self.tables: dict[str, list[Row]] = {"evidence": []}
        self.doubts: list[Doubt] = []
        self._keys: dict[str, Keys] = {}
        self._key_of: dict[int, str] = {}
        self._rows_by_key: dict[str, dict[tuple[Value, ...], Row]] = {}
        self._bodies: dict[str, Row] = {}
        self._pieces_of: dict[int, list[Row]] = {}

    def add_all(self, records: Sequence[Record]) -> None:
        """Rows in an order in which every reference points back."""
        for table in _ORDER:
            for record in records:
                if record.table == table:
                    self._add(record)

    def organization_rows(self) -> list[Row]:
        """The bodies that rows of this edition name, by key."""
        return [self._bodies[key] for key in sorted(self._bodies)]

    def keys_of(self, records: Iterable[int]) -> tuple[str, ...]:
        """The keys of records by their numbers."""
        return tuple(self._key_of[number] for number in records)

    def _add(self, record: Record) -> None:
        values = {name: self._value(content) for name, content in record.fields.items()}
        if record.table in ("institute_organizations", "measure_organizations"):
            printed = _printed_text(record.fields["printed"])
            values["organization_id"] = self._body(printed, self.organizations.resolve(printed))
        elif record.table == "item_organizations":
            printed = _printed_text(record.fields["printed"])
            values["organization_id"] = self._holder(printed, values["item_id"])
        self._make_key(record, values)
        schema = self.schemas[record.table]
        row: Row = {name: values.get(name) for name in schema.columns}
        if self._is_double(record.table, row, schema):
            return
        self.tables.setdefault(record.table, []).append(row)
        self._evidence(record, row, schema)

    def _value(self, content: Content) -> Value:
        if isinstance(content, Reference):
            return self._key_of[content.record]
        if isinstance(content, Printed):
            return content.passage.text if content.value is None else content.value
        if isinstance(content, Decimal):
            return content if content.as_tuple().exponent >= -4 else content.quantize(BAR_PLACES)  # type: ignore[operator]
        return content

    def _make_key(self, record: Record, values: dict[str, Value]) -> None:
        make = _KEYS.get(record.table)
        if make is None:
            return
        column, parts = make(values)
        key = self._keys.setdefault(record.table, Keys()).unique(*parts)
        values[column] = key
        self._key_of[record.number] = key

    def _is_double(self, table: str, row: Row, schema: TableSchema) -> bool:
        """Whether a row with this primary key is there already, where keys are not made unique by a suffix."""
        if table in _KEYS:
            return False
        key = tuple(row[c] for c in schema.primary_key)
        other = self._rows_by_key.setdefault(table, {}).setdefault(key, row)
        if other is row:
            return False
        if other != row:
            named = " / ".join(str(k) for k in key)
            self.doubts.append(
                Doubt("keys", named, f"{table}: {named} was read twice; the first reading was kept.", settled=False)
            )
        return True

    def _holder(self, printed: str, item: Value) -> str:
        """The key of the body that an item is printed with; where that is noted already ("内・内（科）") one of its own."""
        found = self.organizations.resolve_holder(printed)
        if found is not None and any(
            row["item_id"] == item and row["organization_id"] == found.organization_id
            for row in self.tables.get("item_organizations", ())
        ):
            found = None
        return self._body(printed, found)

    def _body(self, printed: str, found: Organization | None) -> str:
        """The key of the body printed so; an unknown one gets its own from its name."""
        if found is not None:
            self._bodies.setdefault(
                found.organization_id,
                {
                    "organization_id": found.organization_id,
                    "name": found.name,
                    "abbreviation": found.abbreviation or None,
                    "kind": found.kind or None,
                    "name_ja": found.name_ja or None,
                },
            )
            return found.organization_id
        key = slug(printed)
        self._bodies.setdefault(
            key, {"organization_id": key, "name": printed, "abbreviation": None, "kind": None, "name_ja": None}
        )
        return key

    def _evidence(self, record: Record, row: Row, schema: TableSchema) -> None:
        key = "/".join(str(row[c]) for c in schema.primary_key)
        for name, content in record.fields.items():
            if isinstance(content, Printed) and name in schema.columns:
                place: Row = {"table": record.table, "key": key, "field": name}
                self.tables["evidence"] += [{**place, **piece} for piece in self._pieces(content.passage)]

    def _pieces(self, passage: Passage) -> list[Row]:
        """What is said of each part of a passage; rows that take over one heading have the same passage."""
        # By the very passage: to compare two of them takes as long as to make the pieces. The readings keep them all.
        if id(passage) not in self._pieces_of:
            self._pieces_of[id(passage)] = [self._piece(n, part) for n, part in enumerate(passage.parts())]
        return self._pieces_of[id(passage)]

    def _piece(self, number: int, part: Part) -> Row:
        box = shown_part(part.box, self.pages[part.page])
        return {
            "part": number,
            "page": part.page,
            "x0": rounded(box.x0),
            "top": rounded(box.top),
            "x1": rounded(box.x1),
            "bottom": rounded(box.bottom),
            "printed": part.printed,
            "correction": None,
        }


def _printed_text(content: Content) -> str:
    return content.passage.text if isinstance(content, Printed) else str(content)


_ORDER = (
    "statements",
    "printed_tables",
    "table_cells",
    "pictures",
    "policy_measures",
    "measure_organizations",
    "bill_provisions",
    "institute_organizations",
    "stated_figures",
    "notes",
    "budget_categories",
    "budget_items",
    "item_organizations",
    "budget_amounts",
    "budget_trend",
)


def _text(value: Value) -> str:
    return "" if value is None else str(value)


_KEYS: Mapping[str, Callable[[dict[str, Value]], tuple[str, tuple[str, ...]]]] = {
    "statements": lambda v: (
        "statement_id",
        (slug(_text(v.get("heading")), LONG_TEXT_WORDS), slug(_text(v["text"]), LONG_TEXT_WORDS)),
    ),
    "printed_tables": lambda v: ("table_id", (slug(_text(v.get("heading")), LONG_TEXT_WORDS) or "table",)),
    "policy_measures": lambda v: (
        "measure_id",
        (
            slug(_text(v.get("pillar"))) if v.get("pillar") else "",
            slug(_text(v.get("group"))) if v.get("group") else "",
            slug(_text(v["text"]), LONG_TEXT_WORDS),
        ),
    ),
    "bill_provisions": lambda v: (
        "provision_id",
        (slug(_text(v.get("section"))) if v.get("section") else "", slug(_text(v["text"]), LONG_TEXT_WORDS)),
    ),
    "stated_figures": lambda v: (
        "figure_id",
        (f"{v['fiscal_year']}-{v['budget']}", slug(_text(v["label"]), LONG_TEXT_WORDS)),
    ),
    "notes": lambda v: (
        "note_id",
        (f"note-{v['number']}" if v.get("number") is not None else slug(_text(v["text"]), LONG_TEXT_WORDS),),
    ),
    "budget_categories": lambda v: ("category_id", (slug(_text(v["category"])),)),
    "budget_items": lambda v: (
        "item_id",
        (
            slug(_text(v.get("group") or v.get("category"))) if v.get("group") or v.get("category") else "",
            slug(_text(v["name"])),
        ),
    ),
}
"""How each table's key column is made from a row's values."""
