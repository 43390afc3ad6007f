"""The table schemas as data: complete, consistent with each other, and refused with file and key where wrong."""

from __future__ import annotations

import re
from decimal import Decimal
from pathlib import Path

import pytest
from fictional_edition import tables

from pipeline.errors import SchemaError
from pipeline.table_schemas import descriptor, in_dependency_order, load_table_schemas, schemas_folder, table_schema
from pipeline.table_values import decimal_text, key_problems

SCHEMAS = load_table_schemas()
CONTRACT = Path(__file__).parents[2].parent / "shared" / "design" / "contract.md"

ADDED = {"printed_tables", "table_cells", "pictures"}
"""Tables beyond the contract, which welcomes more."""

GOOD = """
order: 1
title: Tides
description: Tides.
primaryKey: [tide_id]
fields:
  - {name: tide_id, type: string, title: Tide, description: Key., constraints: {required: true}}
"""


def test_every_table_and_column_of_the_contract_has_a_schema() -> None:
    """Each table of the contract starts with its columns in order and has its primary key; `->` is a foreign key."""
    if not CONTRACT.is_file():
        pytest.skip("the contract's text is not beside the project")
    rows = re.findall(r"^\| `(\w+)` \| (.+) \|$", CONTRACT.read_text(encoding="utf-8"), re.MULTILINE)
    contract = {name: text for name, text in rows if name in SCHEMAS or name.islower()}
    assert set(SCHEMAS) - set(contract) == ADDED
    assert set(contract) <= set(SCHEMAS)
    for name, text in contract.items():
        schema = SCHEMAS[name]
        listed = re.split(r" : |\. ", re.sub(r"\([^)]*\)", "", text))[0]
        columns = re.findall(r"`(\w+)`(\*?)(->)?", listed)
        assert [c for c, _, _ in columns] == list(schema.columns[: len(columns)]), name
        starred = tuple(c for c, star, _ in columns if star)
        assert schema.primary_key == (starred or schema.columns), name
        arrows = {c for c, _, arrow in columns if arrow}
        assert arrows == {c for key in schema.foreign_keys for c in key.fields}, name


def test_every_column_is_explained() -> None:
    """Each table and column has a title and a description; primary key columns are required, others may be empty."""
    for schema in SCHEMAS.values():
        assert schema.title
        assert schema.description.endswith(".")
        for column in schema.fields:
            assert column.title
            assert column.description.endswith("."), (schema.name, column.name)
            assert not (column.name in schema.primary_key and not column.required)


def test_a_schema_survives_the_data_package() -> None:
    """What stands in datapackage.json reads back as the same schema, apart from the table's own title and order."""
    for schema in SCHEMAS.values():
        again = table_schema(schema.name, descriptor(schema), source="datapackage.json")
        assert (again.fields, again.primary_key, again.foreign_keys) == (
            schema.fields,
            schema.primary_key,
            schema.foreign_keys,
        )


def test_tables_can_be_loaded_in_order() -> None:
    """In dependency order each table comes after the tables its foreign keys refer to."""
    seen: set[str] = set()
    for schema in in_dependency_order(dict(reversed(SCHEMAS.items()))):
        assert {k.table for k in schema.foreign_keys} <= seen | {schema.name}
        seen.add(schema.name)
    assert seen == set(SCHEMAS)


def test_keys_that_stand_twice_or_refer_to_nothing_are_named() -> None:
    """A sound edition has no key problem; a doubled row and a lost reference have one sentence each."""
    rows = tables()
    assert key_problems(SCHEMAS, rows) == []
    rows["notes"] *= 2
    rows["item_organizations"] = [{"item_id": "gone", "organization_id": "ministry-of-piers"}]
    assert key_problems(SCHEMAS, rows) == [
        "notes: the key n3 stands twice.",
        "item_organizations: item_id gone is not in budget_items.",
    ]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (GOOD.replace("primaryKey", "primarykey"), "unknown key 'primarykey'"),
        (GOOD.replace("type: string", "type: text"), "type 'text'"),
        (GOOD.replace("required", "requierd"), "unknown key 'requierd'"),
        (GOOD.replace("[tide_id]", "[tide]"), "names the column 'tide'"),
        (GOOD.replace("required: true", "pattern: '['"), "no regular expression"),
        (GOOD + "foreignKeys: [{fields: [tide_id], reference: {resource: moons, fields: [moon_id]}}]", "moons"),
        ("- 1", "not a mapping"),
        ("{", "tides.yaml"),
    ],
)
def test_a_wrong_schema_is_refused_by_file_and_key(tmp_path: Path, text: str, said: str) -> None:
    """A misspelt key, an unknown type, a key on no column and broken YAML are errors that name the file."""
    (tmp_path / "tides.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(SchemaError, match=re.escape(said)) as caught:
        load_table_schemas(tmp_path)
    assert "tides.yaml" in caught.value.message


def test_a_good_schema_is_taken_and_none_is_an_error(tmp_path: Path) -> None:
    """The schema that the refusals above start from is right; a folder without any is an error."""
    with pytest.raises(SchemaError):
        load_table_schemas(tmp_path)
    (tmp_path / "tides.yaml").write_text(GOOD, encoding="utf-8")
    assert list(load_table_schemas(tmp_path)) == ["tides"]
    assert schemas_folder().is_dir()


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("1.3E+9", "1300000000"),
        ("4000000.0", "4000000"),
        ("0.50", "0.5"),
        ("-0.0", "0"),
        ("100", "100"),
        ("-2E-4", "-0.0002"),
    ],
)
def test_decimals_are_written_plainly(value: str, text: str) -> None:
    """No exponent, no trailing zeros after the point, no negative zero; whole numbers keep their zeros."""
    assert decimal_text(Decimal(value)) == text


def test_what_is_not_a_finite_number_is_refused() -> None:
    """Infinity is no value of a table: a bound that is not there is empty."""
    with pytest.raises(ValueError, match="finite"):
        decimal_text(Decimal("Infinity"))
