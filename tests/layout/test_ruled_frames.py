"""Frames drawn as four rules are found among thousands of rules, the same ones as by trying every pair."""

from __future__ import annotations

import random

import pytest

from pipeline.layout.panels import frames_of
from pipeline.model import Box, Page, Rule


def _page(rules: list[Rule]) -> Page:
    return Page(1, 720.0, 405.0, (), tuple(rules), (), (), ())


def _drawn(dice: random.Random, count: int) -> list[Rule]:
    """Rules on a coarse grid, so that many of them meet at corners."""
    rules = []
    for _ in range(count):
        x, y, length = dice.randrange(8) * 40.0, dice.randrange(6) * 40.0, dice.randint(1, 4) * 40.0
        level = dice.random() < 0.5
        box = Box(x, y, x + length, y) if level else Box(x, y, x, y + length)
        rules.append(Rule(box, level, None))
    return rules


def _by_trying(rules: list[Rule]) -> set[Box]:
    upright = [r.box for r in rules if not r.horizontal]
    level = [r.box for r in rules if r.horizontal]
    return {
        Box(left.x0, left.top, right.x1, left.bottom)
        for left in upright
        for right in upright
        if right.x0 >= left.x0
        and (left.top, left.bottom) == (right.top, right.bottom)
        and all(
            any(r.top == y and r.x0 <= left.x0 and r.x1 >= right.x1 for r in level) for y in (left.top, left.bottom)
        )
    }


@pytest.mark.parametrize("seed", range(20))
def test_every_frame_of_four_rules_is_found(seed: int) -> None:
    """What is found is what trying every pair of upright rules finds."""
    rules = _drawn(random.Random(seed), 60)  # noqa: S311 - a seed is what makes it repeatable
    assert {frame.box for frame in frames_of(_page(rules))} == _by_trying(rules)


def test_a_drawing_of_thousands_of_rules_is_no_hindrance() -> None:
    """Five thousand upright rules that frame nothing: trying every pair of them would take hours."""
    rules = [Rule(Box(n * 0.01, 10.0, n * 0.01, 10.0 + n % 97), False, None) for n in range(5_000)]
    rules += [Rule(Box(n * 0.01, 300.0, n * 0.01 + 0.5, 300.0), True, None) for n in range(5_000)]
    assert frames_of(_page(rules)) == []
