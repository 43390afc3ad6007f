"""What each table must look like, read from `schemas/tables/*.yaml`, and how one of its cells is written as text.

A file there is a Table Schema of Data Package v2 (https://datapackage.org/standard/table-schema/) with two keys more:
`order`, the table's place among the tables, and `columnType` on fields, a name from the Budget Standard Taxonomy of
Fiscal Data Package 1.0. Writing the files of an edition is in `publishing`, reading them back in `editions`; what both
must agree on is here.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Literal, cast

from pipeline.errors import SchemaError

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from pipeline.model import Row, Value

FieldType = Literal["string", "integer", "number", "boolean", "year"]

TABLE_SCHEMA_PROFILE = "https://datapackage.org/profiles/2.0/tableschema.json"

DECIMAL_PLACES = 4
"""How many places after the point a number of a table may have: what its Parquet column, decimal(38, 4), can hold."""

DECIMAL_DIGITS = 38
"""How many digits a number of a table may have in all, the `DECIMAL_PLACES` included."""

LARGEST_INTEGER = 2**63 - 1
"""What an integer column, 64 bits in Parquet, can hold; as much below zero."""

SMALLEST_YEAR, LARGEST_YEAR = 1000, 9999
"""A year is written with four digits."""

_TYPES = ("string", "integer", "number", "boolean", "year")
_TABLE_KEYS = {"order", "title", "description", "fields", "primaryKey", "foreignKeys"}
_DESCRIPTOR_KEYS = {"$schema", "missingValues"}
_FIELD_KEYS = {"name", "type", "title", "description", "constraints", "columnType", "bareNumber"}
_CONSTRAINT_KEYS = {"required", "unique", "enum", "minimum", "pattern"}
_INTEGER = re.compile(r"-?[0-9]+")
_YEAR = re.compile(r"[0-9]{4}")
_NUMBER = re.compile(r"-?[0-9]+(\.[0-9]+)?")


@dataclass(frozen=True, slots=True)
class TableField:
    """One column: its type, what it means, and what its values must satisfy.

    `pattern` is a regular expression that the whole value must match. `column_type` is empty where Fiscal Data Package
    has no name for the column.
    """

    name: str
    type: FieldType
    title: str
    description: str
    required: bool = False
    unique: bool = False
    enum: tuple[str, ...] = ()
    minimum: int | None = None
    pattern: str | None = None
    column_type: str = ""


@dataclass(frozen=True, slots=True)
class ForeignKey:
    """The columns `fields` hold a key of the table `table`, found there in `reference_fields`."""

    fields: tuple[str, ...]
    table: str
    reference_fields: tuple[str, ...]


@dataclass(frozen=True)
class TableSchema:
    """One table: its columns in order, its primary key and what it refers to."""

    name: str
    title: str
    description: str
    fields: tuple[TableField, ...]
    primary_key: tuple[str, ...]
    foreign_keys: tuple[ForeignKey, ...] = field(default=())
    order: int = 0

    @cached_property
    def columns(self) -> tuple[str, ...]:
        """The names of the columns, in order."""
        return tuple(f.name for f in self.fields)

    @cached_property
    def by_name(self) -> Mapping[str, TableField]:
        """The columns by name."""
        return {f.name: f for f in self.fields}


def schemas_folder() -> Path:
    """Find where the schemas that this release ships stand: in a wheel inside the package, in a clone beside it."""
    packaged = Path(__file__).parent / "_schemas"
    return packaged if packaged.is_dir() else Path(__file__).parents[1] / "schemas"


def load_table_schemas(folder: Path | None = None) -> dict[str, TableSchema]:
    """Load all table schemas of `folder` (the shipped ones by default), by table name, in their `order`.

    Raises SchemaError naming the file and the key where one is missing, misspelt or cannot hold, and where a foreign
    key refers to a table or column that is not there.
    """
    import yaml

    place = folder if folder is not None else schemas_folder() / "tables"
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    found: list[TableSchema] = []
    for path in sorted(place.glob("*.yaml")):
        try:
            content = yaml.load(path.read_bytes(), Loader=loader)  # noqa: S506 - both are safe loaders
        except yaml.YAMLError as error:
            raise _wrong(path.name, " ".join(str(error).split())) from error
        found.append(table_schema(path.stem, content, source=path.name))
    if not found:
        raise SchemaError(
            f"No table schema stands in {place.name}.", "Install policydeck again, or restore schemas/tables."
        )
    schemas = {s.name: s for s in sorted(found, key=lambda s: (s.order, s.name))}
    for schema in schemas.values():
        for key in schema.foreign_keys:
            other = schemas.get(key.table)
            if other is None or not set(key.reference_fields) <= set(other.columns):
                raise _wrong(
                    f"{schema.name}.yaml", f"foreign key {key.fields} refers to what {key.table} does not have"
                )
    return schemas


def table_schema(name: str, content: object, *, source: str) -> TableSchema:
    """Read the table `name` from the mapping of a schema file, or from the `schema` of a resource of a data package.

    Raises SchemaError naming `source` and the key that is missing, misspelt or of the wrong type.
    """
    table = _mapping(content, source, "the file", _TABLE_KEYS | _DESCRIPTOR_KEYS)
    fields = tuple(_field(f, source) for f in _sequence(table, "fields", source))
    primary_key = _names(table.get("primaryKey"), source, "primaryKey")
    foreign_keys = []
    for key in _sequence(table, "foreignKeys", source) if "foreignKeys" in table else ():
        entry = _mapping(key, source, "foreignKeys", {"fields", "reference"})
        reference = _mapping(entry.get("reference"), source, "reference", {"resource", "fields"})
        foreign_keys.append(
            ForeignKey(
                _names(entry.get("fields"), source, "foreignKeys.fields"),
                # Data Package writes a reference of a table to itself as an empty name.
                str(reference.get("resource") or name),
                _names(reference.get("fields"), source, "reference.fields"),
            )
        )
    columns = {f.name for f in fields}
    for key_name in (*primary_key, *(n for k in foreign_keys for n in k.fields)):
        if key_name not in columns:
            raise _wrong(source, f"a key names the column {key_name!r}, which is not a field")
    order = table.get("order", 0)
    return TableSchema(
        name,
        str(table.get("title", name)),
        str(table.get("description", "")),
        fields,
        primary_key,
        tuple(foreign_keys),
        order if isinstance(order, int) else 0,
    )


def descriptor(schema: TableSchema) -> dict[str, object]:
    """Give the Table Schema of Data Package v2 as it stands in `datapackage.json`, its keys in a fixed order."""
    described: dict[str, object] = {
        "$schema": TABLE_SCHEMA_PROFILE,
        "fields": [_field_descriptor(f) for f in schema.fields],
    }
    described["missingValues"] = [""]
    described["primaryKey"] = list(schema.primary_key)
    if schema.foreign_keys:
        described["foreignKeys"] = [
            {
                "fields": list(k.fields),
                "reference": {
                    "resource": "" if k.table == schema.name else k.table,
                    "fields": list(k.reference_fields),
                },
            }
            for k in schema.foreign_keys
        ]
    return described


def in_dependency_order(schemas: Mapping[str, TableSchema]) -> list[TableSchema]:
    """Sort the tables so that each comes after those its foreign keys refer to, otherwise in their own order.

    Raises SchemaError where tables refer to each other in a circle.
    """
    ordered: dict[str, TableSchema] = {}
    waiting = list(schemas.values())
    while waiting:
        ready = [s for s in waiting if all(k.table in ordered or k.table == s.name for k in s.foreign_keys)]
        if not ready:
            raise _wrong(f"{waiting[0].name}.yaml", "its foreign keys run in a circle")
        ordered[ready[0].name] = ready[0]
        waiting.remove(ready[0])
    return list(ordered.values())


def canonical_row(schema: TableSchema, row: Mapping[str, Value]) -> Row:
    """Give `row` with every column of the table in order; an absent column and an empty text are None.

    Raises ValueError naming table, column and value where the row has an unknown column or lacks a required value, or
    where a value has the wrong type or breaks a constraint: a stage has made a row that it must not make.
    """
    unknown = [name for name in row if name not in schema.by_name]
    if unknown:
        raise ValueError(f"table {schema.name} has no column {unknown[0]!r}: {dict(row)!r}")
    whole: Row = {}
    for column in schema.fields:
        value = row.get(column.name)
        value = None if value == "" else value
        problem = _problem(column, value)
        if problem:
            raise ValueError(f"table {schema.name}, column {column.name}: {problem}: {dict(row)!r}")
        whole[column.name] = value
    return whole


def key_problems(schemas: Mapping[str, TableSchema], tables: Mapping[str, Sequence[Mapping[str, Value]]]) -> list[str]:
    """Give a sentence for every primary key that stands twice and every foreign key whose row is not there."""
    problems = []
    for schema in schemas.values():
        seen: set[tuple[Value, ...]] = set()
        for row in tables.get(schema.name, ()):
            key = tuple(row.get(c) for c in schema.primary_key)
            if key in seen:
                problems.append(f"{schema.name}: the key {_shown(key)} stands twice.")
            seen.add(key)
        for foreign in schema.foreign_keys:
            known = {tuple(r.get(c) for c in foreign.reference_fields) for r in tables.get(foreign.table, ())}
            for row in tables.get(schema.name, ()):
                reference = tuple(row.get(c) for c in foreign.fields)
                if any(v is not None and v != "" for v in reference) and reference not in known:
                    problems.append(
                        f"{schema.name}: {', '.join(foreign.fields)} {_shown(reference)} is not in {foreign.table}."
                    )
    return problems


def cell_text(value: Value) -> str:
    """Write the value as a cell of a CSV file: None is empty, a decimal has no exponent and no trailing zeros."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Decimal):
        return decimal_text(value)
    return str(value)


def cell_value(column: TableField, text: str) -> Value:
    """Read the value that `cell_text` wrote. Raises ValueError where the text is no value of the column's type."""
    if text == "":
        return None
    if column.type == "string":
        return text
    if column.type == "boolean" and text in ("true", "false"):
        return text == "true"
    if column.type == "number" and _NUMBER.fullmatch(text):
        return Decimal(text)
    if (column.type == "integer" and _INTEGER.fullmatch(text)) or (column.type == "year" and _YEAR.fullmatch(text)):
        return int(text)
    raise ValueError(f"column {column.name}: {text!r} is not of type {column.type}")


def decimal_text(value: Decimal) -> str:
    """Write a finite decimal as short as it can be: 4000000, 0.5, -2. Raises ValueError where it is not finite."""
    text = str(value)  # the shortest way, where it needs no exponent
    if text.isdigit():
        return text
    if not value.is_finite():
        raise ValueError(f"{value} is not a finite number")
    if "E" in text:
        text = format(value, "f")
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text in ("-0", "") else text


def _problem(column: TableField, value: Value) -> str | None:
    """Say what is wrong with `value` in `column`; None where nothing is."""
    if value is None:
        return "no value where one is required" if column.required else None
    problem = _type_problem(column, value)
    if problem:
        return problem
    if column.enum and value not in column.enum:
        return f"{value!r} is none of {', '.join(column.enum)}"
    if column.minimum is not None and cast("int", value) < column.minimum:
        return f"{value!r} is less than {column.minimum}"
    if column.pattern is not None and not re.fullmatch(column.pattern, str(value)):
        return f"{value!r} does not match {column.pattern}"
    return None


def _type_problem(column: TableField, value: Value) -> str | None:
    wrong = f"{value!r} is not of type {column.type}"
    if column.type == "string":
        return None if isinstance(value, str) else wrong
    if column.type == "boolean":
        return None if isinstance(value, bool) else wrong
    if column.type in ("integer", "year"):
        if not isinstance(value, int) or isinstance(value, bool):
            return wrong
        largest = LARGEST_YEAR if column.type == "year" else LARGEST_INTEGER
        smallest = SMALLEST_YEAR if column.type == "year" else -LARGEST_INTEGER
        return None if smallest <= value <= largest else f"{value} is out of range"
    if not isinstance(value, Decimal) or not value.is_finite():
        return wrong
    exponent = cast("int", value.as_tuple().exponent)
    lost = value.as_tuple().digits[exponent + DECIMAL_PLACES :] if exponent < -DECIMAL_PLACES else ()
    if any(lost) or (value and value.adjusted() >= DECIMAL_DIGITS - DECIMAL_PLACES):
        return f"{value} does not fit into {DECIMAL_DIGITS} digits with {DECIMAL_PLACES} after the point"
    return None


def _field(content: object, source: str) -> TableField:
    entry = _mapping(content, source, "fields", _FIELD_KEYS)
    name = entry.get("name")
    if not isinstance(name, str) or not name:
        raise _wrong(source, "a field has no name")
    kind = entry.get("type")
    if kind not in _TYPES:
        raise _wrong(source, f"field {name}: type {kind!r} is none of {', '.join(_TYPES)}")
    limits = _mapping(entry.get("constraints") or {}, source, f"field {name}, constraints", _CONSTRAINT_KEYS)
    minimum, pattern = limits.get("minimum"), limits.get("pattern")
    if pattern is not None:
        try:
            re.compile(str(pattern))
        except re.error as error:
            raise _wrong(source, f"field {name}: pattern {pattern!r} is no regular expression") from error
    return TableField(
        name,
        cast("FieldType", kind),
        str(entry.get("title", name)),
        str(entry.get("description", "")),
        required=limits.get("required") is True,
        unique=limits.get("unique") is True,
        enum=_names(limits["enum"], source, f"field {name}, enum") if "enum" in limits else (),
        minimum=minimum if isinstance(minimum, int) else None,
        pattern=str(pattern) if pattern is not None else None,
        column_type=str(entry.get("columnType", "")),
    )


def _field_descriptor(column: TableField) -> dict[str, object]:
    described: dict[str, object] = {"name": column.name, "type": column.type}
    if column.type in ("number", "integer"):
        described["bareNumber"] = True
    described["title"], described["description"] = column.title, column.description
    limits: dict[str, object] = {}
    if column.required:
        limits["required"] = True
    if column.unique:
        limits["unique"] = True
    if column.enum:
        limits["enum"] = list(column.enum)
    if column.minimum is not None:
        limits["minimum"] = column.minimum
    if column.pattern is not None:
        limits["pattern"] = column.pattern
    if limits:
        described["constraints"] = limits
    if column.column_type:
        described["columnType"] = column.column_type
    return described


def _mapping(content: object, source: str, where: str, known: Iterable[str]) -> Mapping[str, object]:
    if not isinstance(content, Mapping):
        raise _wrong(source, f"{where} is not a mapping")
    for key in content:
        if key not in known:
            raise _wrong(source, f"{where} has the unknown key {key!r}")
    return cast("Mapping[str, object]", content)


def _sequence(content: Mapping[str, object], key: str, source: str) -> Sequence[object]:
    value = content.get(key)
    if not isinstance(value, list) or not value:
        raise _wrong(source, f"{key} is missing or is not a list")
    return value


def _names(value: object, source: str, where: str) -> tuple[str, ...]:
    if not isinstance(value, list) or not value or not all(isinstance(v, str) for v in value):
        raise _wrong(source, f"{where} is missing or is not a list of names")
    return tuple(value)


def _shown(key: Sequence[Value]) -> str:
    return " / ".join(cell_text(v) for v in key)


def _wrong(source: str, what: str) -> SchemaError:
    return SchemaError(f"{source}: {what}.", "Correct the file, or restore the one that the release ships.")
