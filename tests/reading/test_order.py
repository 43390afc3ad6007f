"""Glyphs are put in order by several columns: quickly where two settle it, and the same where they do not."""

from __future__ import annotations

import numpy as np
import pytest

from pipeline.reading.words import _order

_RANDOM = np.random.default_rng(7)


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("count", [0, 1, 2, 300])
@pytest.mark.parametrize("reach", [0.005, 800.0, 1e9, 1e300], ids=["nearly all equal", "a page", "beyond it", "absurd"])
def test_the_order_is_that_of_one_column_after_the_other(count: int, reach: float) -> None:
    """Ties are broken by the columns that follow, whatever the coordinates of a file may be."""
    first, second = (np.round(_RANDOM.random(count) * reach, 3) for _ in range(2))
    third, fourth = _RANDOM.integers(0, 3, count), _RANDOM.integers(0, 2, count)
    expected = np.lexsort((fourth, third, second, first))
    assert _order(first, second, third, fourth).tolist() == expected.tolist()


@pytest.mark.filterwarnings("error")
def test_what_lies_at_no_place_at_all_is_put_in_order_too() -> None:
    """A file may put glyphs infinitely far away."""
    far = np.array([1.0, np.inf, -np.inf, 2.0, np.nan])
    near = np.array([4.0, 1.0, 2.0, 3.0, 5.0])
    for columns in ((far, near), (near, far), (far, far)):
        assert _order(*columns).tolist() == np.lexsort(columns[::-1]).tolist()
