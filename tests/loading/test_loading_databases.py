"""In a database: real keys, types, comments and views, and one transaction a load."""

# ruff: noqa: S608 - the statements are made of names of these tests

from __future__ import annotations

import importlib
import signal
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import fictional_edition
import pytest
from reading_back import DATABASES, SCHEMAS, Place, comparable, hard_tables, qualified, query, read_back, write

from pipeline.editions import budget_rows
from pipeline.errors import TargetError
from pipeline.loading import load_edition

if TYPE_CHECKING:
    from collections.abc import Callable

pytestmark = pytest.mark.parametrize("kind", DATABASES)

NOTES = (
    "CREATE TABLE {{notes}} (deck TEXT NOT NULL, edition TEXT NOT NULL, note_id TEXT NOT NULL, number {}, mark TEXT,"
    " page {{integer}} NOT NULL, text TEXT NOT NULL, PRIMARY KEY ({}))"
)
"""The table of notes, but for a type and its key."""

INSERTING = {"duckdb": "_insert", "sqlite": "_insert", "postgresql": "_copy"}


def everything(place: Place) -> dict[str, Any]:
    """All rows of all tables of a target."""
    return {table: comparable(rows) for table, rows in read_back(place).items()}


def test_the_database_itself_keeps_the_keys(kind: str, make_place: Callable[[str], Place], tmp_path: Path) -> None:
    """A second row of a key, a reference to nothing, a missing value: the database refuses each."""
    place = make_place(kind)
    load_edition(write(tmp_path), place.target, **place.options)
    named = "INSERT INTO {item_organizations} (deck, edition, item_id, organization_id) VALUES ('harbours', "
    note = "INSERT INTO {notes} (deck, edition, note_id, page, text) VALUES ('harbours', "
    for statement in (
        "INSERT INTO {editions} SELECT * FROM {editions}",
        named + "'3025', 'no such item', 'ministry-of-piers')",
        named + "'3099', 'piers/deep', 'ministry-of-piers')",
        note + "'3099', 'n', 1, 'x')",
        note + "'3025', 'n', 1, NULL)",
        "UPDATE {budget_items} SET parent_item_id = 'no such item' WHERE item_id = 'piers/shallow'",
        "DELETE FROM {organizations}",
    ):
        with pytest.raises(Exception, match=r"(?i)constraint"):
            query(place, statement.format(**{t: qualified(place, t) for t in SCHEMAS}))


def test_money_compares_and_orders_as_numbers(kind: str, make_place: Callable[[str], Place], tmp_path: Path) -> None:
    """9 is less than 10 and than 0.5 million: an amount is never compared as a text."""
    place = make_place(kind)
    load_edition(write(tmp_path), place.target, **place.options)
    amounts = qualified(place, "budget_amounts")
    _, rows = query(place, f"SELECT printed FROM {amounts} WHERE value < 1000000 ORDER BY value")
    assert [printed for (printed,) in rows] == ["▲2", "0.50 dollar"]
    _, rows = query(place, f"SELECT printed FROM {amounts} WHERE value >= 4000000 ORDER BY value")
    assert [printed for (printed,) in rows] == ["[4.0 million dollar]", "1.3 billion dollar"]


def test_columns_have_types_and_comments(kind: str, make_place: Callable[[str], Place], tmp_path: Path) -> None:
    """Money is DECIMAL(38, 4), and what the schema says of a table and a column stands in the database."""
    place = make_place(kind)
    load_edition(write(tmp_path), place.target, **place.options)
    field, table = SCHEMAS["budget_amounts"].by_name["value"], SCHEMAS["budget_amounts"]
    schema = (place.schema or "main").replace("'", "''")
    statements = {
        "duckdb": "SELECT c.data_type, c.comment, t.comment FROM duckdb_columns() c JOIN duckdb_tables() t"
        " USING (table_name) WHERE table_name = 'budget_amounts' AND column_name = 'value'",
        "sqlite": "SELECT (SELECT type FROM pragma_table_info('budget_amounts') WHERE name = 'value'), c.description,"
        ' t.title || \'. \' || t.description FROM _columns c JOIN _tables t ON t."table" = c."table"'
        " WHERE c.\"table\" = 'budget_amounts' AND c.\"column\" = 'value'",
        "postgresql": "SELECT upper(format_type(atttypid, atttypmod)), col_description(attrelid, attnum),"
        " obj_description(attrelid) FROM pg_attribute JOIN pg_class c ON c.oid = attrelid JOIN pg_namespace n"
        f" ON n.oid = relnamespace WHERE nspname = '{schema}' AND relname = 'budget_amounts' AND attname = 'value'",
    }
    _, rows = query(place, statements[kind])
    assert [(r[0].replace("NUMERIC", "DECIMAL"), *r[1:]) for r in rows] == [
        ("DECIMAL(38,4)", field.description, f"{table.title}. {table.description}")
    ]


def test_the_view_budget_has_an_item_a_row(kind: str, make_place: Callable[[str], Place], tmp_path: Path) -> None:
    """Each item once, with its own initial and supplementary amount, and without one where it has none."""
    place = make_place(kind)
    for edition in ("3025", "3026"):
        load_edition(write(tmp_path, edition), place.target, **place.options)
    names, rows = query(place, f"SELECT * FROM {qualified(place, 'budget')} ORDER BY deck, edition, item_id")
    tables = fictional_edition.tables()
    expected = budget_rows(tables["budget_items"], tables["budget_amounts"])
    assert names == ["deck", "edition", *expected[0]]
    read = [dict(zip(names, row, strict=True)) for row in rows]
    assert [(r["edition"], r["item_id"]) for r in read] == [
        ("3025", "piers/deep"),
        ("3025", "piers/shallow"),
        ("3026", "piers/deep"),
        ("3026", "piers/shallow"),
    ]
    assert [(float(r["initial_value"]), int(r["supplementary_value"])) for r in read[::2]] == [(0.5, 4000000)] * 2
    assert [(r["initial_value"], r["supplementary_printed"]) for r in read[1::2]] == [(None, None)] * 2


def test_the_view_latest_has_the_last_edition_of_each_deck(
    kind: str, make_place: Callable[[str], Place], tmp_path: Path
) -> None:
    """One row a deck, that of its greatest edition, in whatever order they were loaded."""
    place = make_place(kind)
    for deck, edition in (("harbours", "3026"), ("harbours", "3025"), ("quays", "3001"), ("harbours", "3026-b")):
        load_edition(write(tmp_path, edition, deck), place.target, **place.options)
    names, rows = query(place, f"SELECT * FROM {qualified(place, 'latest')} ORDER BY deck")
    assert names[:2] == ["deck", "edition"]
    assert [row[:2] for row in rows] == [("harbours", "3026-b"), ("quays", "3001")]


@pytest.mark.parametrize("table", ["organizations", "checks"])
def test_a_failure_half_way_leaves_what_was_there(
    kind: str, table: str, make_place: Callable[[str], Place], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After an error in the middle of a load the edition that was there is there in full, and no other."""
    place = make_place(kind)
    load_edition(write(tmp_path / "old"), place.target, **place.options)
    before = everything(place)
    module = importlib.import_module(f"pipeline.loading.{kind}")
    inserting = getattr(module, INSERTING[kind])

    def failing(connection: Any, schema: Any, *rest: Any) -> None:
        if schema.name == table:
            raise RuntimeError("cut off")
        inserting(connection, schema, *rest)

    monkeypatch.setattr(module, INSERTING[kind], failing)
    with pytest.raises(RuntimeError, match="cut off"):
        load_edition(write(tmp_path / "new", changed=hard_tables()), place.target, **place.options)
    assert everything(place) == before


def test_a_load_that_fails_into_a_new_file_leaves_no_file(
    kind: str, make_place: Callable[[str], Place], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where no file was, none is after a failed load; in a server there is no schema then."""
    place = make_place(kind)
    module = importlib.import_module(f"pipeline.loading.{kind}")
    monkeypatch.setattr(module, INSERTING[kind], lambda *_: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        load_edition(write(tmp_path / "in"), place.target, **place.options)
    if kind == "postgresql":
        assert query(place, f"SELECT 1 FROM pg_namespace WHERE nspname = '{place.schema}'")[1] == []
    else:
        assert [p.name for p in tmp_path.iterdir()] == ["in"]


KILLED = """
import importlib, os, signal, sys
sys.path.insert(0, sys.argv[5])
from pathlib import Path
from pipeline.loading import load_edition
from pipeline.table_schemas import load_table_schemas
kind, function, target, schema = sys.argv[1:5]
module = importlib.import_module("pipeline.loading." + kind)
inserting = getattr(module, function)
def killed(connection, table, *rest):
    if table.name == "evidence":
        os.kill(os.getpid(), signal.SIGKILL)
    inserting(connection, table, *rest)
setattr(module, function, killed)
load_edition(Path(sys.argv[6]), target, schema=schema or None, schemas=load_table_schemas())
"""


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="this system cannot kill a process outright")
def test_a_load_killed_half_way_leaves_what_was_there(
    kind: str, make_place: Callable[[str], Place], tmp_path: Path
) -> None:
    """A process killed in the middle of a load leaves the old edition whole, and the next load goes through."""
    place = make_place(kind)
    load_edition(write(tmp_path / "old"), place.target, **place.options)
    before = everything(place)
    edition = write(tmp_path / "new", changed=hard_tables())
    root = Path(__file__).parents[2]
    arguments = [kind, INSERTING[kind], place.target, place.schema or "", str(root), str(edition)]
    process = subprocess.run([sys.executable, "-c", KILLED, *arguments], cwd=root, check=False, timeout=60)
    assert process.returncode == -signal.SIGKILL
    assert everything(place) == before
    load_edition(edition, place.target, **place.options)
    assert everything(place) != before


@pytest.mark.parametrize(
    ("made", "said"),
    [
        ("CREATE TABLE {notes} (a integer)", "the table notes in the way has another shape"),
        (NOTES.format("TEXT", "deck, edition, note_id"), "another shape .column number is"),
        (NOTES.format("{integer}", "deck, note_id"), "another shape .its primary key is .deck, note_id"),
        ("CREATE VIEW {notes} AS SELECT 1 AS a", "the view notes in the way has another shape"),
        ("CREATE TABLE {budget} (a integer)", "another table called budget is in the way"),
        ("CREATE VIEW {latest} AS SELECT 1 AS a", "another view called latest is in the way"),
    ],
)
def test_another_shape_in_the_way_is_refused(
    kind: str, made: str, said: str, make_place: Callable[[str], Place], tmp_path: Path
) -> None:
    """What has the name of one of our tables or views, but is not it, is named and left alone; nothing is made."""
    place = make_place(kind)
    if place.schema:
        query(place, f"CREATE SCHEMA {qualified(place, '')[:-3]}")
    integer = "INTEGER" if kind == "sqlite" else "BIGINT"
    made = made.replace("{integer}", integer)
    query(place, made.format(**{t: qualified(place, t) for t in (*SCHEMAS, "budget", "latest")}))
    with pytest.raises(TargetError, match=said) as caught:
        load_edition(write(tmp_path), place.target, **place.options)
    assert "\n" not in str(caught.value)
    with pytest.raises(Exception, match=r"(?i)exist|no such table"):
        query(place, f"SELECT * FROM {qualified(place, 'editions')}")


@pytest.mark.parametrize("change", ["ADD COLUMN more text", "DROP COLUMN mark", "RENAME COLUMN mark TO sign"])
def test_a_changed_table_of_ours_is_refused(
    kind: str, change: str, make_place: Callable[[str], Place], tmp_path: Path
) -> None:
    """A table that was altered since it was loaded is not written to, and keeps its rows."""
    place = make_place(kind)
    load_edition(write(tmp_path), place.target, **place.options)
    query(place, f"ALTER TABLE {qualified(place, 'notes')} {change}")
    before = everything(place)
    with pytest.raises(TargetError, match="the table notes in the way has another shape"):
        load_edition(write(tmp_path / "new", changed=hard_tables()), place.target, **place.options)
    assert everything(place) == before


def test_a_file_marked_read_only_is_left_alone(kind: str, make_place: Callable[[str], Place], tmp_path: Path) -> None:
    """A file that may not be written is not, even by a user who could; in a server, a database that is read-only."""
    place = make_place(kind)
    load_edition(write(tmp_path / "old"), place.target, **place.options)
    before = everything(place)
    target = place.target
    if kind == "postgresql":
        target += "?options=-c%20default_transaction_read_only%3Don"
    else:
        place.path.chmod(0o444)
    with pytest.raises(TargetError, match="read-only"):
        load_edition(write(tmp_path / "new", changed=hard_tables()), target, **place.options)
    if kind != "postgresql":
        place.path.chmod(0o644)
    assert everything(place) == before
