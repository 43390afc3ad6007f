"""The decks with a known truth are read whole: every record right, no word left over."""

from __future__ import annotations

import shutil
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from tests.at_hand import DATA, DECKS, PROJECT
from tests.scoring import score

if TYPE_CHECKING:
    from pathlib import Path

    from tests.at_hand import Editions

EDITIONS = tuple(DECKS)


@pytest.mark.parametrize("edition", EDITIONS)
def test_every_record_is_right(edition: str, editions: Editions) -> None:
    """Against what a careful reader found: no record missed, none too many, F1 exactly 1."""
    found = score(editions.path(edition), DECKS[edition][1])
    assert (found.missed, found.surplus) == ((), ())
    assert found.right > 130
    assert found.f1 == 1.0


@pytest.mark.parametrize("edition", EDITIONS)
def test_the_scorer_beside_the_project_agrees(edition: str, editions: Editions, shared: Path) -> None:
    """The scorer that the project did not write prints F1 1.0000."""
    tool = shared / "tools" / "score_edition.py"
    truth = shared / "truth" / DECKS[edition][1].name
    printed = subprocess.run(
        [sys.executable, tool, editions.path(edition), truth], capture_output=True, text=True, check=False
    )
    assert printed.stdout.rstrip().endswith("F1 1.0000"), printed.stdout


@pytest.mark.parametrize("edition", EDITIONS)
def test_every_word_went_somewhere(edition: str, editions: Editions) -> None:
    """On each slide used words and furniture are all words, nothing is unaccounted for, and the residue is empty."""
    tables = editions[edition].edition.tables  # type: ignore[union-attr]
    assert tables["residue"] == []
    for slide in tables["slides"]:
        assert slide["words_unaccounted"] == 0
        assert slide["words"] == slide["words_used"] + slide["words_furniture"]  # type: ignore[operator]


@pytest.mark.parametrize("edition", EDITIONS)
def test_no_check_of_an_untouched_deck_is_inconsistent(edition: str, editions: Editions) -> None:
    """A right deck raises no alarm: exit code 0."""
    result = editions[edition]
    assert result.exit_code == 0
    assert [c.check_id for c in result.edition.checks if c.verdict == "inconsistent"] == []  # type: ignore[union-attr]


def test_a_wrong_cell_is_seen_by_the_scoring(editions: Editions, tmp_path: Path) -> None:
    """The comparison is no rubber stamp: one amount off by a factor of ten is one record missed and one too many."""
    package = tmp_path / "edition"
    shutil.copytree(editions.path("2025"), package)
    path = package / "data" / "budget_amounts.csv"
    text = path.read_text(encoding="utf-8")
    assert text.count(",70000000,") == 1
    path.write_text(text.replace(",70000000,", ",7000000,"), encoding="utf-8")
    found = score(package, DECKS["2025"][1])
    assert (len(found.missed), len(found.surplus)) == (1, 1)
    assert found.f1 < 1


def test_fictional_documents_are_not_among_the_sources() -> None:
    """No document of the tests is in `source_pdfs/`, under any name."""
    shipped = {path.read_bytes() for path in (PROJECT / "source_pdfs").glob("*.pdf")}
    assert shipped
    assert not shipped & {path.read_bytes() for path in DATA.glob("*.pdf")}


@pytest.mark.slow
def test_the_benchmark_of_the_stages_runs() -> None:
    """It measures every stage and the three other readers; how long they take is no test's business."""
    printed = subprocess.run(
        [sys.executable, "tests/benchmarks/stages.py", "--rounds", "1"],
        cwd=PROJECT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    for row in (
        "end to end",
        "reading",
        "extracting",
        "words alone",
        "camelot stream",
        "camelot lattice",
        "pdfplumber 0.",
    ):
        assert row in printed
