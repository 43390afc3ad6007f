"""Characters drawn twice count once, wherever they stand on the page."""

from __future__ import annotations

import pytest

from pipeline.reading.characters import Character, Characters
from pipeline.reading.words import without_doubles


@pytest.mark.parametrize("x", [10.0, 137.3, 500.0, 903.9])
@pytest.mark.parametrize("size", [10.0, 10.1, 9.9])
def test_a_shadow_of_another_size_is_no_second_digit(x: float, size: float) -> None:
    """A digit and its shadow, set a hair larger or smaller and beside it, are one digit; the next digit is another."""
    drawn = [
        Character("5", left, 100, left + 5, 110, 108, points, "Sans", False, "#000000")
        for left, points in ((x, 10.0), (x + 0.4, size), (x + 5.5, 10.0))
    ]
    assert [c.x0 for c in without_doubles(Characters.of(drawn))] == [x, x + 5.5]
