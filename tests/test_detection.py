"""The claims of the README about faults that are found, on a small sample of them: the table of the README has the large one."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

import pytest

from tests.at_hand import DECKS, PROJECT
from tests.benchmarks.detection import CLOSING, OPENING
from tests.detection.decks import failed, read_deck
from tests.detection.faults import KINDS
from tests.detection.measuring import COLUMNS, Finding, claims, measure, pins_of, table
from tests.detection.oracle import contradictions, sheet_of

if TYPE_CHECKING:
    from collections.abc import Sequence

SEED = 7
EACH = 2
"""A sample of its own, apart from that of the README."""


@pytest.fixture(scope="module")
def findings() -> Sequence[Finding]:
    """Every kind of fault, a few times in every deck."""
    return measure([read_deck(path) for path, _ in DECKS.values()], SEED, EACH)


@pytest.mark.parametrize("deck", DECKS)
def test_untouched_decks_raise_no_alarm(deck: str) -> None:
    """No check is inconsistent on a deck as it was read, and the oracle finds no contradiction either."""
    read = read_deck(DECKS[deck][0])
    assert [check.message for check in failed(read.checks)] == []
    assert contradictions(sheet_of(read.tables, pins_of(read))) == []


@pytest.mark.slow
def test_every_kind_of_fault_is_planted_in_every_deck(findings: Sequence[Finding]) -> None:
    """The sample is not empty anywhere, so that what is claimed of it is claimed of every kind."""
    assert {(f.deck, f.kind) for f in findings} == {(path.stem, kind) for path, _ in DECKS.values() for kind in KINDS}


@pytest.mark.slow
def test_what_the_figures_contradict_is_detected(findings: Sequence[Finding]) -> None:
    """Every fault that leaves no choice of true values is found by arithmetic."""
    assert sum(f.detectable for f in findings) > 20
    assert claims(findings).undetected == ()


@pytest.mark.slow
def test_the_culprit_is_named_first(findings: Sequence[Finding]) -> None:
    """Where one row alone can be the culprit, it is the first suspect in at least nine of ten cases."""
    assert sum(f.can_be_told for f in findings) > 10
    assert claims(findings).named_first >= Fraction(9, 10), claims(findings).misnamed


@pytest.mark.slow
def test_what_arithmetic_cannot_see_the_page_shows(findings: Sequence[Finding]) -> None:
    """At least 99 of 100 faults are caught by some check, since the page still shows the truth."""
    assert claims(findings).caught >= Fraction(99, 100), claims(findings).uncaught


def test_the_readme_has_the_table_of_the_benchmark() -> None:
    """The README's table has the columns and the kinds that the benchmark prints, and its last row adds up."""
    readme = (PROJECT / "README.md").read_text(encoding="utf-8")
    section = readme[readme.index(OPENING) : readme.index(CLOSING)]
    rows = [[c.strip() for c in line.strip("|").split("|")] for line in section.splitlines() if line.startswith("|")]
    assert rows[:2] == [[c.strip() for c in line.strip("|").split("|")] for line in table([]).splitlines()[:2]]
    assert [row[0] for row in rows[2:]] == [*KINDS, "all"]
    counts = [[int(cell) for cell in row[1:]] for row in rows[2:]]
    assert [sum(column) for column in zip(*counts[:-1], strict=True)] == counts[-1]
    assert len(rows[0]) == len(COLUMNS)
