"""Rows that go into a bulk load without being cut into cells: the same rows, and the same errors."""

from __future__ import annotations

import csv
import hashlib
import io
import json
from typing import TYPE_CHECKING

import fictional_edition
import pytest
from reading_back import SCHEMAS, Place, comparable, from_csv, hard_tables, read_back, write

from pipeline.errors import DamagedEditionError
from pipeline.loading import load_edition, load_editions
from pipeline.loading.arrow import arrow_table
from pipeline.loading.lines import read_lines
from pipeline.loading.package import read_package
from pipeline.loading.rows import columns_of, read_edition, side_by_side

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from pipeline.model import Row

TABLES = side_by_side(SCHEMAS)
BULK = ("duckdb", "postgresql")


PLAIN: dict[str, list[Row]] = {
    "statements": [{"statement_id": "s", "page": 1, "heading": None, "text": 'A, "b" and a "', "position": 0}]
}
"""The fictional edition has a statement of two lines; with this one instead, each row of it is a line."""


def note(text: str) -> Row:
    """A row of the table `notes`."""
    return {"note_id": "n", "number": None, "mark": None, "page": 1, "text": text}


def respelt(edition: Path, table: str, old: str, new: str) -> Path:
    """Change a cell of an edition and its hash with it: whole, but not what the pipeline writes."""
    file = edition / "data" / f"{table}.csv"
    content = file.read_text(encoding="utf-8").replace(old, new, 1).encode()
    assert content != file.read_bytes()
    file.write_bytes(content)
    place = edition / "datapackage.json"
    package = json.loads(place.read_text(encoding="utf-8"))
    for resource in package["resources"]:
        if resource["name"] == table:
            resource |= {"bytes": len(content), "hash": "sha256:" + hashlib.sha256(content).hexdigest()}
    place.write_text(json.dumps(package), encoding="utf-8")
    return edition


def test_lines_are_the_rows_that_careful_reading_gives(tmp_path: Path) -> None:
    """Of several editions: the same typed values in the same order, and lines that say the same to any reader of CSV."""
    quoted = {**PLAIN, "notes": [note('commas, "quotes" and a " alone')], "budget_amounts": []}
    paths = [
        write(tmp_path, "3025", changed=PLAIN),
        write(tmp_path, "30,26", changed=PLAIN),
        write(tmp_path, "3027", changed=quoted),
    ]
    packages = [read_package(path) for path in paths]
    lines = read_lines(packages, TABLES)
    assert lines is not None
    editions = [read_edition(package, SCHEMAS) for package in packages]
    for name, table in TABLES.items():
        cells = columns_of(table, editions)
        assert lines[name].table.to_pylist() == arrow_table(table, cells).to_pylist(), name
        read = list(csv.reader(io.StringIO(lines[name].content.decode(), newline="")))
        assert read == [[c or "" for c in row] for row in zip(*cells, strict=True)], name


@pytest.mark.parametrize("text", ["two\nlines", "a return\r", 'quotes "over\ntwo" lines'])
def test_a_text_of_several_lines_is_read_with_care(tmp_path: Path, text: str) -> None:
    """Where a line may not be a row, no file of the group is taken as lines."""
    for texts, has_lines in (("one line", True), (text, False)):
        path = write(tmp_path, changed={**PLAIN, "notes": [note(texts)], "budget_amounts": []})
        assert (read_lines([read_package(path)], TABLES) is not None) == has_lines
    assert read_lines([read_package(write(tmp_path, "hard", changed=hard_tables()))], TABLES) is None


@pytest.mark.parametrize("kind", BULK)
@pytest.mark.parametrize(
    ("table", "old", "new", "said"),
    [
        ("notes", ",1,", ",one,", "page is no integer"),
        ("stated_figures", ",3025,", ",30250,", "fiscal_year is no year"),
        ("budget_amounts", ",true,", ",yes,", "is_approximate is no boolean"),
        ("budget_amounts", ",0.5,", ",0.500001,", "value is no number"),
        ("budget_items", "piers,", "quays,", "'quays'.* is not in budget_categories"),
    ],
)
def test_what_does_not_fit_is_named(
    kind: str, table: str, old: str, new: str, said: str, make_place: Callable[[str], Place], tmp_path: Path
) -> None:
    """A cell of another type or a reference to nothing is the edition's fault, said as such; the target stays."""
    place = make_place(kind)
    load_edition(write(tmp_path / "old", changed=PLAIN), place.target, **place.options)
    before = {name: comparable(rows) for name, rows in read_back(place).items()}
    spoilt = write(tmp_path / "new", changed=PLAIN)
    with pytest.raises(DamagedEditionError, match=said):
        load_edition(respelt(spoilt, table, old, new), place.target, **place.options)
    assert {name: comparable(rows) for name, rows in read_back(place).items()} == before


@pytest.mark.parametrize("kind", BULK)
def test_what_is_read_back_equals_the_csv(kind: str, make_place: Callable[[str], Place], tmp_path: Path) -> None:
    """Loaded as lines, beside another edition and once more: every value of both is as its CSV has it."""
    place = make_place(kind)
    paths = [write(tmp_path, name, changed=PLAIN) for name in ("3025", "3026")]
    load_editions(paths, place.target, **place.options)
    load_edition(paths[1], place.target, **place.options)
    for name, rows in read_back(place).items():
        assert comparable(rows) == comparable([row for path in paths for row in from_csv(path, name)]), name


@pytest.mark.parametrize("kind", BULK)
def test_a_key_that_stands_twice_is_named(kind: str, make_place: Callable[[str], Place], tmp_path: Path) -> None:
    """The database refuses the second row; what is said is which table of the edition has it."""
    place = make_place(kind)
    notes = fictional_edition.tables()["notes"]
    with pytest.raises(DamagedEditionError, match="notes: a key stands twice"):
        load_edition(write(tmp_path, changed={**PLAIN, "notes": [*notes, notes[0]]}), place.target, **place.options)
