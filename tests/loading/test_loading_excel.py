"""The workbook: typed cells, texts that stay texts, and a way from each budget row to its page."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import openpyxl
import pytest
from reading_back import SCHEMAS, Place, hard_tables, write

from pipeline.errors import TargetError
from pipeline.loading import load_edition

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


@pytest.fixture
def workbook(make_place: Callable[[str], Place], tmp_path: Path) -> Any:
    """Two editions in one workbook, opened."""
    place = make_place("excel")
    load_edition(write(tmp_path / "in", "3024"), place.target, schemas=SCHEMAS)
    load_edition(write(tmp_path / "in", "3025", changed=hard_tables()), place.target, schemas=SCHEMAS)
    return openpyxl.load_workbook(place.path)


def cells(sheet: Any) -> list[dict[str, Any]]:
    """The rows of a sheet below its header, as cells by column."""
    header, *rows = sheet.iter_rows()
    return [dict(zip([c.value for c in header], row, strict=True)) for row in rows]


def test_there_is_a_sheet_a_table_with_a_frozen_header_and_a_filter(workbook: Any) -> None:
    """Every table has its sheet, after the wide `budget`; headers stay in view and every column can be filtered."""
    assert workbook.sheetnames[0] == "budget"
    assert set(workbook.sheetnames[1:]) == set(SCHEMAS)
    for sheet in workbook.worksheets:
        assert sheet.freeze_panes == "A2"
        assert sheet.auto_filter.ref.startswith("A1:")
        assert sheet.auto_filter.ref.endswith(str(max(sheet.max_row, 2)))


def test_no_text_becomes_a_formula(workbook: Any) -> None:
    """A text that starts like a formula is a text cell, and stays one when a person edits it."""
    texts = [row["text"] for row in cells(workbook["statements"])]
    starting = [c for c in texts if c.value.startswith(("=", "+", "-", "@"))]
    assert len(starting) == 5
    assert all(c.data_type == "s" for c in texts)
    assert all(c.quotePrefix for c in starting)
    assert not any(c.data_type in "fe" for s in workbook.worksheets for row in s.iter_rows() for c in row)


def test_cells_have_types(workbook: Any) -> None:
    """Money and counts are numbers, truth values are truth values; a number too long for Excel is text, not rounded."""
    row = cells(workbook["budget_amounts"])[0]
    assert (row["value"].data_type, row["value"].value) == ("n", 1300000000)
    assert (row["fiscal_year"].data_type, row["is_part_of"].data_type) == ("n", "b")
    assert cells(workbook["editions"])[0]["edition"].data_type == "s"
    values = [r["value"] for r in cells(workbook["stated_figures"])]
    assert {c.value for c in values if c.data_type == "s"} >= {"9007199254740993", "12345678901234567890.1234"}


def test_each_budget_row_leads_to_its_page(workbook: Any) -> None:
    """The page's cell is a number and a link to the PDF's file name and page; a row without one has it by evidence."""
    for name in ("budget", "budget_items", "budget_categories"):
        for row in cells(workbook[name]):
            link = row["page"].hyperlink
            assert (link.target, link.location, row["page"].value) == ("harbours-3025.pdf", "page=1", 1), name


def test_the_wide_sheet_has_an_item_a_row(workbook: Any) -> None:
    """`budget` has each item of each edition once, with both amounts beside it."""
    rows = [{c: v.value for c, v in row.items()} for row in cells(workbook["budget"])]
    deep = [r for r in rows if r["item_id"] == "piers/deep"]
    assert [(r["edition"], r["initial_value"], r["supplementary_value"]) for r in deep] == [
        ("3024", 0.5, 4000000),
        ("3025", 0.5, 4000000),
    ]
    assert len(rows) == 2 + 5


def test_the_same_editions_give_the_same_bytes(make_place: Callable[[str], Place], tmp_path: Path) -> None:
    """No clock stands in a workbook, and loading an edition again changes no byte of it."""
    one, other = make_place("excel"), make_place("excel")
    edition = write(tmp_path / "in", changed=hard_tables())
    for place in (one, other, other):
        load_edition(edition, place.target, schemas=SCHEMAS)
    assert one.path.read_bytes() == other.path.read_bytes()
    assert str(openpyxl.load_workbook(one.path).properties.created) == "2000-01-01 00:00:00"


@pytest.mark.parametrize("change", ["a sheet of one's own", "another header", "a text where a number was"])
def test_a_workbook_changed_by_hand_is_left_alone(
    change: str, make_place: Callable[[str], Place], tmp_path: Path
) -> None:
    """What a person put into the workbook is never lost: the load is refused, and the file stays."""
    place = make_place("excel")
    load_edition(write(tmp_path / "in"), place.target, schemas=SCHEMAS)
    book = openpyxl.load_workbook(place.path)
    if change == "a sheet of one's own":
        book.create_sheet("mine")
    elif change == "another header":
        book["notes"]["D1"] = "sign"
    else:
        book["notes"]["F2"] = "n/a"
        book["budget_amounts"]["H2"] = "much"
    book.save(place.path)
    before = place.path.read_bytes()
    with pytest.raises(TargetError, match="Nothing was changed"):
        load_edition(write(tmp_path / "in", "3026"), place.target, schemas=SCHEMAS)
    assert place.path.read_bytes() == before


def test_a_text_longer_than_a_cell_is_refused(make_place: Callable[[str], Place], tmp_path: Path) -> None:
    """Excel cuts at 32,767 characters; a longer text is an error instead."""
    place = make_place("excel")
    for length, fits in ((32_767, True), (32_768, False)):
        statement = {"statement_id": "s", "page": 1, "heading": None, "text": "x" * length, "position": 0}
        edition = write(tmp_path / str(length), changed={"statements": [statement]})
        if fits:
            load_edition(edition, place.target, schemas=SCHEMAS)
        else:
            with pytest.raises(TargetError, match="longer than a cell"):
                load_edition(edition, place.target, schemas=SCHEMAS)


def test_a_workbook_that_cannot_be_replaced_stays(
    make_place: Callable[[str], Place], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An error while writing leaves the old workbook and nothing beside it."""
    place = make_place("excel")
    load_edition(write(tmp_path / "in"), place.target, schemas=SCHEMAS)
    before = place.path.read_bytes()
    monkeypatch.setattr("os.fsync", lambda _: (_ for _ in ()).throw(OSError(28, "No space left on device")))
    with pytest.raises(TargetError, match="No space left"):
        load_edition(tmp_path / "in" / "harbours" / "3025", place.target, schemas=SCHEMAS)
    assert place.path.read_bytes() == before
    assert [p.name for p in tmp_path.iterdir() if p.name != "in"] == [place.path.name]
