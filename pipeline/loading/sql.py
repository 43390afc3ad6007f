"""What the three databases share: quoted names, tables with keys, comments, the two views, and the shape check.

Every identifier is quoted; values are bound by each target. Only texts of our own schemas are written as literals,
because no database binds the text of a comment.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pipeline.editions import AMOUNT_COLUMNS, BUDGETS, budget_columns
from pipeline.loading.rows import EDITION_KEY, EDITIONS
from pipeline.loading.targets import Target, refused

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pipeline.table_schemas import FieldType, TableSchema

ELSEWHERE = "Load into another file or schema, or move away what is in the way."

_VIEW_COMMENTS = {
    "budget": "One row an item of the budget, its initial and its supplementary amount beside it.",
    "latest": "The latest edition of each deck: the last one by its name.",
}


@dataclass(frozen=True, slots=True)
class Relation:
    """A table or view as a database has it. A column is its name, type and whether it must have a value."""

    kind: str
    columns: tuple[tuple[str, str, bool], ...]
    primary_key: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class View:
    """A view: its columns, the query that makes them, and what it is."""

    name: str
    columns: tuple[str, ...]
    query: str
    comment: str


def quoted(name: str) -> str:
    """Quote an identifier."""
    return '"' + name.replace('"', '""') + '"'


def literal(text: str) -> str:
    """Write a text of our own as a literal."""
    return "'" + text.replace("'", "''") + "'"


def qualified(schema: str | None, name: str) -> str:
    """Quote the name of a table or view in its schema."""
    return quoted(name) if schema is None else f"{quoted(schema)}.{quoted(name)}"


def listed(columns: tuple[str, ...]) -> str:
    """Quote columns and put commas between them."""
    return ", ".join(quoted(c) for c in columns)


def create_table(table: TableSchema, types: Mapping[FieldType, str], schema: str | None) -> str:
    """Write the statement that makes `table`, with its primary and foreign keys."""
    lines = [
        f"{quoted(name)} {kind}{' NOT NULL' if needed else ''}" for name, kind, needed in shape(table, types).columns
    ]
    lines.append(f"PRIMARY KEY ({listed(table.primary_key)})")
    lines.extend(
        f"FOREIGN KEY ({listed(k.fields)}) REFERENCES {qualified(schema, k.table)} ({listed(k.reference_fields)})"
        for k in table.foreign_keys
    )
    return f"CREATE TABLE {qualified(schema, table.name)} (\n  " + ",\n  ".join(lines) + "\n)"


def comments(table: TableSchema, schema: str | None) -> list[str]:
    """Write the statements that put the descriptions of `table` and its columns into the database."""
    name = qualified(schema, table.name)
    made = [f"COMMENT ON TABLE {name} IS {literal(f'{table.title}. {table.description}')}"]
    made.extend(f"COMMENT ON COLUMN {name}.{quoted(f.name)} IS {literal(f.description)}" for f in table.fields)
    return made


def delete_edition(table: TableSchema, schema: str | None, mark: str) -> str:
    """Write the statement that removes one edition; `mark` is how the database binds a value."""
    name = qualified(schema, table.name)
    return f"DELETE FROM {name} WHERE " + " AND ".join(f"{quoted(c)} = {mark}" for c in EDITION_KEY)  # noqa: S608 - quoted


def views(tables: Mapping[str, TableSchema], schema: str | None, collation: str = "") -> list[View]:
    """Write the views that `tables` allow.

    `budget` has one row an item with its initial and supplementary amounts beside it, `latest` the row of `editions` of
    each deck's latest edition: the last by its name, character by character (`collation` makes a database compare so).
    """
    made = []
    if {"budget_items", "budget_amounts"} <= set(tables):
        made.append(_budget(schema))
    if EDITIONS in tables:
        made.append(_latest(tables[EDITIONS], schema, collation))
    return made


def shape(table: TableSchema, types: Mapping[FieldType, str]) -> Relation:
    """Give `table` as the database must have it."""
    columns = tuple((f.name, types[f.type], f.required or f.name in table.primary_key) for f in table.fields)
    return Relation("table", columns, table.primary_key)


def check_relations(
    target: Target,
    found: Mapping[str, Relation],
    tables: Mapping[str, TableSchema],
    types: Mapping[FieldType, str],
    made: list[View],
) -> set[str]:
    """Give the names of the tables that are there already, as they must be.

    Raises TargetError at the first of the relations `found` that has the name of a table or view but another shape.
    """
    for name, table in tables.items():
        if name in found:
            difference = _difference(found[name], shape(table, types))
            if difference:
                raise refused(
                    target, f"the {found[name].kind} {name} in the way has another shape ({difference})", ELSEWHERE
                )
    for view in made:
        other = found.get(view.name)
        if other and (other.kind != "view" or tuple(c[0] for c in other.columns) != view.columns):
            raise refused(target, f"another {other.kind} called {view.name} is in the way", ELSEWHERE)
    return {name for name in tables if name in found}


def _difference(found: Relation, wanted: Relation) -> str:
    """Say in what `found` is not as `wanted`; empty where it is."""
    if found.kind != "table":
        return f"it is a {found.kind}"
    names, needed = [c[0] for c in found.columns], [c[0] for c in wanted.columns]
    for name in needed:
        if name not in names:
            return f"it has no column {name}"
    for name in names:
        if name not in needed:
            return f"it has a column {name}"
    if names != needed:
        return "its columns are in another order"
    for (name, kind, must), (_, wanted_kind, wanted_must) in zip(found.columns, wanted.columns, strict=True):
        if kind != wanted_kind:
            return f"column {name} is {kind} instead of {wanted_kind}"
        if must != wanted_must:
            return f"column {name} is {'NOT NULL' if must else 'nullable'}"
    if found.primary_key != wanted.primary_key:
        return f"its primary key is ({', '.join(found.primary_key)})"
    return ""


def _budget(schema: str | None) -> View:
    own = (*EDITION_KEY, *(c for c in budget_columns() if not c.startswith(tuple(f"{b}_" for b in BUDGETS))))
    selected = [f"item.{quoted(c)} AS {quoted(c)}" for c in own]
    selected += [f"{b}.{quoted(c)} AS {quoted(f'{b}_{c}')}" for b in BUDGETS for c in AMOUNT_COLUMNS]
    joins = [
        f"LEFT JOIN {qualified(schema, 'budget_amounts')} AS {b} ON {b}.deck = item.deck AND {b}.edition = item.edition"
        f" AND {b}.subject_type = 'item' AND {b}.subject_id = item.item_id AND {b}.budget = {literal(b)}"
        for b in BUDGETS
    ]
    query = "\n".join(["SELECT " + ", ".join(selected), f"FROM {qualified(schema, 'budget_items')} AS item", *joins])
    return View("budget", (*EDITION_KEY, *budget_columns()), query, _VIEW_COMMENTS["budget"])


def _latest(editions: TableSchema, schema: str | None, collation: str) -> View:
    name = qualified(schema, editions.name)
    query = (
        f"SELECT {', '.join(f'e.{quoted(c)} AS {quoted(c)}' for c in editions.columns)}\nFROM {name} AS e\n"  # noqa: S608 - quoted
        f"WHERE NOT EXISTS (SELECT 1 FROM {name} AS later"
        f" WHERE later.deck = e.deck AND later.edition{collation} > e.edition{collation})"
    )
    return View("latest", editions.columns, query, _VIEW_COMMENTS["latest"])
