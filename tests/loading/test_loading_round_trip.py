"""What is loaded is what the edition says, in every kind of target."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from reading_back import KINDS, SCHEMAS, Place, comparable, from_csv, hard_tables, read_back, write

from pipeline.errors import DamagedEditionError, TargetError
from pipeline.loading import load_edition, load_editions

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

pytestmark = pytest.mark.parametrize("kind", KINDS)


def assert_holds(place: Place, *editions: Path) -> None:
    """Every table of the target holds exactly the rows of the CSV files of `editions`."""
    for table, rows in read_back(place).items():
        expected = [row for edition in editions for row in from_csv(edition, table)]
        assert comparable(rows) == comparable(expected), table


def test_what_is_read_back_equals_the_csv(kind: str, make_place: Callable[[str], Place], tmp_path: Path) -> None:
    """Decimals come back as the same decimals, an empty cell as no value, each text character by character."""
    place, edition = make_place(kind), write(tmp_path / "in", changed=hard_tables())
    loaded = load_edition(edition, place.target, **place.options)
    assert_holds(place, edition)
    assert loaded.rows == {table: len(from_csv(edition, table)) for table in SCHEMAS}


def test_loading_again_replaces_exactly_that_edition(
    kind: str, make_place: Callable[[str], Place], tmp_path: Path
) -> None:
    """A second load takes away what the edition no longer has, and touches no other edition, of its deck or another."""
    place = make_place(kind)
    other, sibling = write(tmp_path / "in", deck="quays"), write(tmp_path / "in", "3026", changed=hard_tables())
    first = write(tmp_path / "in", changed=hard_tables())
    for edition in (other, sibling, first):
        load_edition(edition, place.target, **place.options)
    assert_holds(place, other, sibling, first)
    second = write(tmp_path / "again")
    for _ in range(2):
        load_edition(second, place.target, **place.options)
        assert_holds(place, other, sibling, second)


def test_several_editions_load_together(kind: str, make_place: Callable[[str], Place], tmp_path: Path) -> None:
    """Many editions in one call, some of them there already, give what one call for each gives."""
    place = make_place(kind)
    editions = [write(tmp_path / "in", year, changed=hard_tables()) for year in ("3024", "3025", "3026")]
    load_edition(editions[1], place.target, **place.options)
    loaded = load_editions(editions, place.target, **place.options)
    assert_holds(place, *editions)
    assert loaded.rows["editions"] == 3


def test_an_edition_named_twice_is_refused(kind: str, make_place: Callable[[str], Place], tmp_path: Path) -> None:
    """The same edition twice in one call is an error before anything is written."""
    place, edition = make_place(kind), write(tmp_path / "in")
    with pytest.raises(TargetError, match="harbours/3025 is named twice"):
        load_editions([edition, edition], place.target, **place.options)


def test_a_damaged_edition_leaves_the_target_as_it_was(
    kind: str, make_place: Callable[[str], Place], tmp_path: Path
) -> None:
    """An edition whose file was changed by hand is not loaded, and what was loaded before stays."""
    place, edition = make_place(kind), write(tmp_path / "in")
    load_edition(edition, place.target, **place.options)
    spoilt = write(tmp_path / "spoilt")
    notes = spoilt / "data" / "notes.csv"
    notes.write_text(notes.read_text().replace("Tides, too.", "Tides, two."))
    with pytest.raises(DamagedEditionError, match=r"notes\.csv"):
        load_edition(spoilt, place.target, **place.options)
    assert_holds(place, edition)
