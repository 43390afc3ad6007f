"""What the columns of each table mean for a comparison: what identifies a row, names it, places it, or is only noise.

The tables and their keys are the published contract's. Pairing and the classification of changes read the meaning of a
column from here and know no table by name; a table that is not listed is compared by whole rows.
"""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

NameKind = Literal["name", "text"]

_NOTHING: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class TableShape:
    """How the rows of one table are compared.

    `name` is the column that says what a row is about; a table without one holds facts about other rows and is paired
    by key alone. A `name` of kind `text` is prose, where a changed number is an edit and not another thing. `place`
    columns say under which headings a row stands. `references` maps a column to the table its value is a key of;
    `parent` is the one that points into the same table. `volatile` columns say where on the slide something stood or
    how it was read. `years_roll` holds where a year that moves along with the edition is not a change. A table that is
    not `shown` says nothing about what the government changed.
    """

    table: str
    key: tuple[str, ...]
    name: str | None = None
    kind: NameKind = "name"
    place: tuple[str, ...] = ()
    references: tuple[tuple[str, str], ...] = ()
    parent: str | None = None
    flags: tuple[str, ...] = ()
    mark_of_the_new: str | None = None
    amounts_as: str | None = None
    volatile: frozenset[str] = _NOTHING
    years_roll: bool = False
    shown: bool = True


_WHERE = frozenset({"page", "column", "position"})
_READ = frozenset({"page", "column", "position", "printed"})

# In this order a table comes after every table it refers to.
_SHAPES = (
    TableShape("organizations", ("organization_id",), "name", volatile=_WHERE),
    TableShape("budget_categories", ("category_id",), "category", amounts_as="category", volatile=_WHERE),
    TableShape(
        "budget_items",
        ("item_id",),
        "name",
        place=("category", "group"),
        references=(("category_id", "budget_categories"),),
        parent="parent_item_id",
        flags=("is_ai_safety",),
        mark_of_the_new="is_new",
        amounts_as="item",
        volatile=_WHERE,
    ),
    TableShape(
        "policy_measures",
        ("measure_id",),
        "text",
        "text",
        place=("pillar", "group"),
        parent="parent_measure_id",
        volatile=_WHERE,
    ),
    TableShape("bill_provisions", ("provision_id",), "text", "text", place=("part", "section"), volatile=_WHERE),
    TableShape("statements", ("statement_id",), "text", "text", place=("heading",), volatile=_WHERE, years_roll=True),
    TableShape(
        "notes", ("note_id",), "text", "text", flags=("mark",), amounts_as="note", volatile=_WHERE, years_roll=True
    ),
    TableShape(
        "stated_figures", ("figure_id",), "label", "text", flags=("budget", "stage"), volatile=_WHERE, years_roll=True
    ),
    TableShape("budget_trend", ("fiscal_year", "budget"), volatile=frozenset({"page", "position", "bar_value"})),
    TableShape(
        "measure_organizations",
        ("measure_id", "organization_id"),
        references=(("measure_id", "policy_measures"), ("organization_id", "organizations")),
        volatile=_READ,
    ),
    TableShape(
        "institute_organizations",
        ("organization_id", "role"),
        references=(("organization_id", "organizations"),),
        volatile=_READ,
    ),
    TableShape(
        "item_organizations",
        ("item_id", "organization_id"),
        references=(("item_id", "budget_items"), ("organization_id", "organizations")),
        volatile=_READ,
    ),
    TableShape("printed_tables", ("table_id",), "heading", "text", volatile=_WHERE, years_roll=True),
    TableShape("table_cells", ("table_id", "row", "column"), references=(("table_id", "printed_tables"),)),
    TableShape("pictures", ("page", "number"), shown=False),
    # Told through the subjects: see `EditionDiff.amounts`.
    TableShape("budget_amounts", ("subject_type", "subject_id", "budget"), shown=False),
    TableShape("editions", ("edition",), shown=False),
    TableShape("slides", ("page",), shown=False),
    TableShape("evidence", ("table", "key", "field", "part"), shown=False),
    TableShape("residue", (), shown=False),
    TableShape("checks", ("check_id",), shown=False),
)

SHAPES = MappingProxyType({shape.table: shape for shape in _SHAPES})

AMOUNT_SUBJECTS = MappingProxyType({shape.amounts_as: shape.table for shape in _SHAPES if shape.amounts_as})
"""The table that `subject_id` of an amount points into, by its `subject_type`."""

AMOUNT_COLUMNS = frozenset({"value", "lower", "upper", "currency", "is_part_of", "is_approximate", "printed"})
"""The columns that say one amount together; they are compared as an interval, never one by one."""


def shape_of(table: str) -> TableShape:
    """The shape of `table`; of one that the contract does not name, a shape without key and name."""
    return SHAPES.get(table) or TableShape(table, (), volatile=_WHERE)


def ordered(tables: set[str]) -> list[str]:
    """`tables` so that each comes after those it refers to; the ones the contract does not name follow by name."""
    return [t for t in SHAPES if t in tables] + sorted(tables - set(SHAPES))
