"""What stands at a height of the page is found just as if everything on it were looked at."""

from __future__ import annotations

import math

from hypothesis import given
from hypothesis import strategies as st

from pipeline.model import Box
from pipeline.validation.by_height import ByHeight

PLACES = st.integers(0, 40).map(float)


@st.composite
def boxes(draw: st.DrawFn) -> Box:
    """Boxes of any height, flat ones too, many of which share an edge."""
    top, bottom = sorted((draw(PLACES), draw(PLACES)))
    return Box(0.0, top, 1.0, bottom)


NOWHERE = Box(*[math.nan] * 4)
"""What evidence without numbers for edges is taken for."""


@given(st.lists(st.one_of(boxes(), st.just(NOWHERE)), max_size=12), boxes())
def test_what_crosses_a_stretch_is_found_in_the_order_given(things: list[Box], stretch: Box) -> None:
    """Nothing that shares some height with the stretch is missed, however tall or whatever has no place beside it.

    What only touches the stretch is left out.
    """
    numbered = list(enumerate(things))
    expected = [n for n, box in numbered if box.top < stretch.bottom and box.bottom > stretch.top]
    found = ByHeight(numbered, lambda thing: thing[1]).crossing(stretch.top, stretch.bottom)
    assert [n for n, _ in found] == expected
