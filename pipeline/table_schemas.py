"""What each table must look like, read from `schemas/tables/*.yaml`.

A file there is a Table Schema of Data Package v2 (https://datapackage.org/standard/table-schema/) with two keys more:
`order`, the table's place among the tables, and `columnType` on fields, a name from the Budget Standard Taxonomy of
Fiscal Data Package 1.0. What a cell may hold is in `table_values`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Literal, cast

from pipeline.errors import SchemaError

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

FieldType = Literal["string", "integer", "number", "boolean", "year"]

TABLE_SCHEMA_PROFILE = "https://datapackage.org/profiles/2.0/tableschema.json"

_TYPES = ("string", "integer", "number", "boolean", "year")
_TABLE_KEYS = {"order", "title", "description", "fields", "primaryKey", "foreignKeys"}
_DESCRIPTOR_KEYS = {"$schema", "missingValues"}
_FIELD_KEYS = {"name", "type", "title", "description", "constraints", "columnType", "bareNumber"}
_CONSTRAINT_KEYS = {"required", "unique", "enum", "minimum", "pattern"}


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

    def __hash__(self) -> int:
        return self._hash

    @cached_property
    def _hash(self) -> int:
        # Over all its columns and their descriptions: worked out once, since what is made of a schema is kept by it.
        return hash((self.name, self.fields, self.primary_key, self.foreign_keys))

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


def _wrong(source: str, what: str) -> SchemaError:
    return SchemaError(f"{source}: {what}.", "Correct the file, or restore the one that the release ships.")
