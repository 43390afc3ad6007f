"""Decks that other programs wrote and other designers laid out: read as a careful person reads them.

The decks of `tests/deck_generator` are drawn by this project's own pens. These came out of a browser's and an office
program's PDF writer (see tests/data/README.md), which draw boxes, bullets, borders and spaces in their own ways.
"""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from pipeline.run import Options, Workshop, read_edition
from tests.truth_records import missed_and_invented

_DECKS = Path(__file__).parent / "data" / "producers"
_NAMES = sorted(path.stem for path in _DECKS.glob("*.pdf"))


@pytest.mark.parametrize("name", _NAMES)
def test_a_deck_of_another_producer_is_read_whole(name: str, tmp_path: Path) -> None:
    """Every record of the truth and none beyond it, no word left over, no check inconsistent."""
    workshop = Workshop(Options(out=tmp_path / "no editions", sources=tmp_path / "no sources"))
    edition = read_edition(_DECKS / f"{name}.pdf", workshop).edition
    truth = json.loads((_DECKS / f"{name}.truth.json").read_text(encoding="utf-8"))
    assert missed_and_invented(edition.tables, truth) == {}
    assert edition.tables["residue"] == []
    assert [check.message for check in edition.checks if check.verdict == "inconsistent"] == []


def test_an_amount_without_a_name_is_left_over_and_named(tmp_path: Path) -> None:
    """A bullet with an amount alone, and one with a mark alone, make no row, and both are said; the other rows are read."""
    workshop = Workshop(Options(out=tmp_path / "no editions", sources=tmp_path / "no sources"))
    edition = read_edition(_DECKS / "incomplete" / "amounts-without-names.pdf", workshop).edition
    assert [r["name"] for r in edition.tables["budget_items"]] == [
        "Testing of frontier models",
        "Training of evaluators",
    ]
    assert sorted(str(r["text"]) for r in edition.tables["residue"]) == ["• 1.5 million dollar", "• [New]"]
    failed = {check.kind for check in edition.checks if check.verdict == "inconsistent"}
    assert {"words", "amounts_owned"} <= failed


def test_amounts_of_rows_that_were_not_seen_are_left_over(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the layout misses columns, their amounts are neither prose nor lost: they are left over, and two checks fail."""
    monkeypatch.setattr("pipeline.layout.columns._more_stretches", lambda *_: [])
    workshop = Workshop(Options(out=tmp_path / "no editions", sources=tmp_path / "no sources"))
    edition = read_edition(_DECKS / "bands-across-columns.pdf", workshop).edition
    left = [str(r["text"]) for r in edition.tables["residue"]]
    assert "[0.4 million dollar]" in left
    assert len(left) > 8
    assert not any("0.4 million dollar" in str(r["text"]) for r in edition.tables["statements"])
    failed = {check.kind for check in edition.checks if check.verdict == "inconsistent"}
    assert {"words", "amounts_owned"} <= failed


@pytest.mark.parametrize(
    ("name", "kind", "said"),
    [
        ("measures-without-bullets", "measures", "Nothing says whether these lines are one measure"),
        ("names-set-apart", "organizations", "a piece of a longer name"),
        ("new-behind-a-name", "marks", "a word that marks what is new"),
    ],
)
def test_what_the_page_leaves_open_is_said(name: str, kind: str, said: str, tmp_path: Path) -> None:
    """Two full lines without a bullet may be two measures; a name's second half alone is no body; "New" may be a mark."""
    workshop = Workshop(Options(out=tmp_path / "no editions", sources=tmp_path / "no sources"))
    edition = read_edition(_DECKS / "incomplete" / f"{name}.pdf", workshop).edition
    verdicts = {check.verdict for check in edition.checks if check.kind == kind and said in check.message}
    assert verdicts == {"undetermined"}
