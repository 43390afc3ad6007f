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
