"""Drawn paths: what programs draw in pieces is what a reader sees as one."""

from __future__ import annotations

import math

from pipeline.model import Box
from pipeline.reading.graphics import sort_paths

_PAGE = Box(0, 0, 720, 540)


def _rect(x0: float, top: float, x1: float, bottom: float) -> dict[str, object]:
    return {
        "object_type": "rect",
        "x0": x0,
        "top": top,
        "x1": x1,
        "bottom": bottom,
        "fill": True,
        "stroke": False,
        "non_stroking_color": (0.2, 0.2, 0.2),
    }


def _rounded(x0: float, top: float, x1: float, bottom: float, radius: float, steps: int) -> dict[str, object]:
    """A rounded box whose corners are drawn as `steps` pieces each, clockwise from the left side's lower end."""
    corners = ((x0, top, 1, 1), (x1, top, -1, 1), (x1, bottom, -1, -1), (x0, bottom, 1, -1))
    points = [(x0, bottom - radius)]
    for n, (x, y, sx, sy) in enumerate(corners):
        cx, cy = x + sx * radius, y + sy * radius
        for step in range(steps + 1):
            angle = math.pi + (n + step / steps) * math.pi / 2
            points.append((cx + radius * math.cos(angle), cy + radius * math.sin(angle)))
    points.append(points[0])
    return {**_rect(x0, top, x1, bottom), "object_type": "curve", "pts": points}


def test_a_border_drawn_dash_by_dash_is_four_rules() -> None:
    """Browsers draw a dashed border as small filled rectangles: they are the sides of one box."""
    level = [_rect(20 + 4 * i, y, 22 + 4 * i, y + 0.8) for y in (50, 90) for i in range(40)]
    upright = [_rect(x, 53 + 4 * i, x + 0.8, 55 + 4 * i) for x in (20, 177) for i in range(9)]
    rules, panels, _ = sort_paths([*level, *upright], (0, 0), _PAGE)
    assert panels == ()
    assert sorted((r.horizontal, round(r.length)) for r in rules) == [
        (False, 34),
        (False, 34),
        (True, 158),
        (True, 158),
    ]


def test_bullets_below_each_other_are_no_dashed_line() -> None:
    """Square bullets stand a line apart, so they stay shapes of their own."""
    bullets = [_rect(20, 50 + 8 * i, 22.25, 52.25 + 8 * i) for i in range(20)]
    rules, panels, _ = sort_paths(bullets, (0, 0), _PAGE)
    assert (rules, len(panels)) == ((), 20)


def test_a_box_with_rounded_corners_is_a_panel_however_its_corners_are_drawn() -> None:
    """One curve a corner or eight, a slight radius or a pill: each is the box that it looks like."""
    boxes = [_rounded(20, 50, 150, 80, radius, steps) for radius in (4, 15) for steps in (1, 4, 8)]
    for box in boxes:
        _, panels, curves = sort_paths([box], (0, 0), _PAGE)
        assert [p.box for p in panels] == [Box(20, 50, 150, 80)]
        assert curves == ()


def test_a_brace_is_no_panel() -> None:
    """A curly brace touches its box's sides too, but none of them is straight for long."""
    points = [(30, 50), (26, 52), (25, 56), (25, 70), (20, 75), (25, 80), (25, 94), (26, 98), (30, 100)]
    brace = {**_rect(20, 50, 30, 100), "object_type": "curve", "pts": points}
    _, panels, curves = sort_paths([brace], (0, 0), _PAGE)
    assert (panels, len(curves)) == ((), 1)
