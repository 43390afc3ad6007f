"""Finding and reading editions: by name, as rows, as DataFrames, and noticing damage."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path

import pytest
from fictional_edition import tables, write

from pipeline.editions import (
    EditionPlace,
    budget_columns,
    find_edition,
    list_editions,
    open_edition,
    read_checks,
    read_rows,
)
from pipeline.errors import AmbiguousEditionError, DamagedEditionError, EditionNotFoundError


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Two editions of one deck, one of another, and what an interrupted run leaves."""
    first = write(tmp_path / "harbours" / "3025")
    for other in ("harbours/3026", "bridges/3025", "harbours/.3027.new"):
        place = tmp_path / other
        place.mkdir(parents=True)
        (place / "datapackage.json").write_bytes((first / "datapackage.json").read_bytes())
    return tmp_path


def test_editions_are_listed_without_what_a_crash_left(root: Path) -> None:
    """Editions come sorted by deck and edition; hidden folders are none; a root that is not there has none."""
    assert list_editions(root) == (
        EditionPlace("bridges", "3025", root / "bridges" / "3025"),
        EditionPlace("harbours", "3025", root / "harbours" / "3025"),
        EditionPlace("harbours", "3026", root / "harbours" / "3026"),
    )
    assert list_editions(root / "nothing") == ()


def test_an_edition_is_found_by_name_by_deck_and_by_folder(root: Path) -> None:
    """A name is enough where it is the only one; deck and name, and a folder, always are."""
    assert find_edition("3026", root) == root / "harbours" / "3026"
    assert find_edition("bridges/3025", root) == root / "bridges" / "3025"
    assert find_edition(str(root / "harbours" / "3025"), Path("elsewhere")) == root / "harbours" / "3025"


def test_an_unknown_or_ambiguous_name_is_explained(root: Path) -> None:
    """Several editions of that name are listed; for none, near names are suggested, or what there is."""
    with pytest.raises(AmbiguousEditionError, match="bridges/3025, harbours/3025"):
        find_edition("3025", root)
    with pytest.raises(EditionNotFoundError, match=r"Did you mean harbours/3026"):
        find_edition("harbors/3026", root)
    with pytest.raises(EditionNotFoundError, match="There are: bridges/3025"):
        find_edition("zzz", root)
    with pytest.raises(EditionNotFoundError, match="policydeck run"):
        find_edition("3025", root / "nothing")
    with pytest.raises(EditionNotFoundError):
        find_edition("harbours/.3027.new", root)


def test_tables_are_dataframes_of_proper_types(root: Path) -> None:
    """Years are Int64, truth values boolean, texts string, money decimals; no value is NA or None, never 0 or ''."""
    opened = open_edition("harbours/3025", root)
    assert (opened.deck, opened.edition, opened.title) == ("harbours", "3025", "Harbours of Atlantis")
    assert list(opened.tables) == list(read_rows(opened.path))
    amounts = opened.tables["budget_amounts"]
    types = {c: str(amounts[c].dtype) for c in ("fiscal_year", "is_part_of", "printed", "value")}
    assert types == {"fiscal_year": "Int64", "is_part_of": "boolean", "printed": "string", "value": "object"}
    assert list(amounts["value"]) == [Decimal(1300000000), Decimal("0.5"), Decimal(4000000), Decimal(-2)]
    assert amounts["upper"].isna().tolist() == [False, False, False, True]
    assert amounts["is_approximate"].isna().tolist() == [True, True, True, False]
    assert opened.tables["residue"].empty
    assert list(opened.tables["residue"].columns) == ["page", "x0", "top", "x1", "bottom", "text"]


def test_budget_has_one_row_an_item_with_both_amounts(root: Path) -> None:
    """The wide view keeps the items' order, with empty cells for no amount; notes and categories are not in it."""
    budget = open_edition("harbours/3025", root).budget
    assert tuple(budget.columns) == budget_columns()
    assert budget["item_id"].tolist() == ["piers/deep", "piers/shallow"]
    assert budget["initial_value"].tolist() == [Decimal("0.5"), None]
    assert budget["supplementary_value"].tolist() == [Decimal(4000000), None]
    assert budget["supplementary_fiscal_year"][0] == 3024
    assert budget["is_new"].tolist() == [True, False]
    assert str(budget["initial_fiscal_year"].dtype) == "Int64"


def test_plain_pandas_reads_the_csv(root: Path) -> None:
    """The CSV needs no help: pandas' own reader gets the same number of rows and the same texts."""
    import pandas as pd

    frame = pd.read_csv(root / "harbours" / "3025" / "data" / "statements.csv")
    assert frame["text"].tolist() == [tables()["statements"][0]["text"]]


def test_a_table_is_read_when_it_is_asked_for(root: Path) -> None:
    """Opening reads no table: one that is damaged shows when it is asked for, the others are still there."""
    (root / "harbours" / "3025" / "data" / "notes.csv").write_bytes(b"note_id\n")
    opened = open_edition("harbours/3025", root)
    assert len(opened.tables["budget_items"]) == 2
    with pytest.raises(DamagedEditionError):
        opened.tables["notes"]


@pytest.mark.parametrize("file", ["data/notes.csv", "checks.json"])
def test_other_bytes_are_noticed(root: Path, file: str) -> None:
    """One changed byte is an error that names the file, unless verification is switched off."""
    place = root / "harbours" / "3025" / file
    place.write_bytes(place.read_bytes().replace(b"too", b"two").replace(b"less", b"lass"))
    with pytest.raises(DamagedEditionError, match=place.name):
        read_rows(place.parents[1] if "data" in file else place.parent) if "data" in file else read_checks(place.parent)
    folder = root / "harbours" / "3025"
    assert read_rows(folder, verify=False)["notes"][0]["note_id"] == "n3"
    assert len(read_checks(folder, verify=False)) == 2


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"note_id,number,mark,page\n",
        b"note_id,number,mark,page,text\nn,3,,1\n",
        b"note_id,number,mark,page,text\nn,three,,1,x\n",
        b'note_id,number,mark,page,text\nn,3,,1,"x\n',
        b"note_id,number,mark,page,text\nn,3,,1,\xff\n",
    ],
)
def test_a_table_that_does_not_fit_its_schema_is_damage(root: Path, content: bytes) -> None:
    """Without verification too, a wrong header, row length, type, quote or encoding is an error, never a guess."""
    folder = root / "harbours" / "3025"
    (folder / "data" / "notes.csv").write_bytes(content)
    with pytest.raises(DamagedEditionError, match=r"notes\.csv"):
        read_rows(folder, verify=False)


def test_missing_and_foreign_files_are_damage(root: Path) -> None:
    """A missing table, a missing package and a package of something else are one line with the file's name."""
    folder = root / "harbours" / "3025"
    (folder / "data" / "notes.csv").unlink()
    with pytest.raises(DamagedEditionError, match=r"notes\.csv cannot be read"):
        read_rows(folder)
    for foreign in ("[]", "{}", "{", json.dumps({"resources": [{"name": "x"}]})):
        (folder / "datapackage.json").write_text(foreign, encoding="utf-8")
        with pytest.raises(DamagedEditionError, match=r"datapackage\.json"):
            read_rows(folder)
    with pytest.raises(DamagedEditionError, match="cannot be read"):
        read_checks(root / "nothing")


def test_a_very_long_text_is_read(tmp_path: Path) -> None:
    """A text longer than the default limit of Python's csv module comes back whole."""
    text = "x" * 300_000
    folder = write(tmp_path / "e", {"notes": [{"note_id": "n", "page": 1, "text": text}]})
    assert read_rows(folder)["notes"][0]["text"] == text
