"""Tolerances are moved for one piece of work, in one thread, and stand again where they stood afterwards."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from pipeline.layout.column_lines import LINE_GAP
from pipeline.layout.word_runs import SEGMENT_GAP, STYLE_GAP
from pipeline.tolerances import Move, Tolerance, known_tolerances, moved


def test_a_tolerance_is_a_multiple_of_what_is_measured() -> None:
    """From either side, a tolerance times a length is a length."""
    assert SEGMENT_GAP * 10 == 10 * SEGMENT_GAP == pytest.approx(SEGMENT_GAP.value * 10)


def test_tolerances_are_moved_until_the_block_ends() -> None:
    """All of them or the one that is named, and after an error as well they are what they were."""
    with moved(Move(1.1)):
        assert float(SEGMENT_GAP) == pytest.approx(1.1 * SEGMENT_GAP.value)
        assert float(LINE_GAP) == pytest.approx(1.1 * LINE_GAP.value)
    with moved(Move(0.9, STYLE_GAP.name)):
        assert float(STYLE_GAP) == pytest.approx(0.9 * STYLE_GAP.value)
        assert float(SEGMENT_GAP) == SEGMENT_GAP.value
    with pytest.raises(ZeroDivisionError), moved(Move(0.9)):
        _ = float(SEGMENT_GAP) / 0
    assert (float(SEGMENT_GAP), float(STYLE_GAP)) == (SEGMENT_GAP.value, STYLE_GAP.value)


def test_another_thread_reads_with_the_usual_tolerances() -> None:
    """A reading under moved tolerances does not reach into one that runs beside it."""
    with ThreadPoolExecutor(1) as executor, moved(Move(2.0)):
        assert executor.submit(float, SEGMENT_GAP).result() == SEGMENT_GAP.value
        assert float(SEGMENT_GAP) == 2 * SEGMENT_GAP.value


def test_names_of_tolerances_are_unique() -> None:
    """A tolerance is moved by its name, so a name stands for one; a second one is refused."""
    with pytest.raises(ValueError, match="two tolerances"):
        Tolerance(1.0, SEGMENT_GAP.name)
    assert len({t.name for t in known_tolerances()}) == len(known_tolerances())
