"""Rows of a ruled list: where rules run between entries, a line break inside a row is a wrap.

A table of entries often has rules between its rows and nothing else that tells a wrapped line from a new entry: both begin
at the cell's left edge. Where most of the breaks between lines have a rule, those without one are wraps.
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from pipeline.layout.panels import is_underlined, without_dividers
from pipeline.model import Rule, union
from pipeline.tolerances import Tolerance

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from pipeline.layout.column_lines import Line

LEAST_ROWS = 4
"""So many rows between rules are a list at least; fewer rules are a frame, a heading's underline or a note's."""

RULED_SHARE = Tolerance(0.5, "ruled share of rows")
"""At least this part of the breaks between lines has a rule where rules divide rows: names of three lines are rare."""


def ruled_rows(
    lines: Sequence[Line], rules: Sequence[Rule], begins: Callable[[Line], bool] = lambda _line: False
) -> dict[int, int]:
    """The row of each line (by identity) that stands in a ruled list; empty where `lines` are none.

    `lines` stand in one column, from the top. A row with several bullets, or with several lines of which `begins` says
    that they begin an entry, is a list in a cell, and is left out.
    """
    rules = _joined(rules)
    if not rules:
        return {}
    underlines = frozenset(id(r) for r in without_dividers(rules))
    divided = [_is_divided(a, b, rules, underlines) for a, b in pairwise(lines)]
    if sum(divided) + 1 < LEAST_ROWS:
        return {}
    first, last = divided.index(True), len(divided) - divided[::-1].index(True)
    if sum(divided[first:last]) < RULED_SHARE * (last - first):
        return {}
    opened, closed = _has_rule_near(lines[0], rules, above=True), _has_rule_near(lines[-1], rules, above=False)
    rows: dict[int, list[Line]] = {}
    row = 0
    for i, line in enumerate(lines):
        if i and divided[i - 1]:
            row += 1
        # Above the first rule and below the last one the list may be over, unless a rule closes it there.
        if (first < i or opened) and (i < last or closed):
            rows.setdefault(row, []).append(line)
    return {id(line): n for n, members in rows.items() if _is_one_entry(members, begins) for line in members}


def _joined(rules: Sequence[Rule]) -> list[Rule]:
    """The horizontal rules, those that go on from one another as one: many programs draw each cell's edge by itself."""
    joined: list[Rule] = []
    for rule in sorted((r for r in rules if r.horizontal), key=lambda r: (r.box.middle, r.box.x0)):
        last = joined[-1] if joined else None
        if last is not None and last.box.overlap_y(rule.box) >= 0 and last.box.overlap_x(rule.box) >= -rule.box.height:
            joined[-1] = Rule(union([last.box, rule.box]), horizontal=True, colour=last.colour)
        else:
            joined.append(rule)
    return joined


def _has_rule_near(line: Line, rules: Sequence[Rule], *, above: bool) -> bool:
    """Whether a rule runs right above or below all of a line's text, no farther away than a line is high."""
    return any(
        r.horizontal
        and 0 <= (line.box.top - r.box.bottom if above else r.box.top - line.box.bottom) <= line.size
        and r.box.x0 <= line.x0 + line.size
        and r.box.x1 >= line.box.x1 - line.size
        for r in rules
    )


def _is_one_entry(members: Sequence[Line], begins: Callable[[Line], bool]) -> bool:
    return all(line.marker is None and not begins(line) for line in members[1:])


def _is_divided(above: Line, below: Line, rules: Sequence[Rule], underlines: frozenset[int]) -> bool:
    """Whether a rule runs between two lines under all of the shorter one's text, and is no underline of the upper one."""
    top, bottom = above.box.middle, below.box.middle
    left = max(above.x0, below.x0) + above.size
    right = min(above.box.x1, below.box.x1) - above.size
    return any(
        top < r.box.middle < bottom
        and r.horizontal
        and r.box.x0 <= left
        and r.box.x1 >= right
        and not (id(r) in underlines and any(is_underlined(s, (r,)) for s in above.segments))
        for r in rules
    )
