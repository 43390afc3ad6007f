"""Heads of amount columns: what stands above a column of amounts and says which year and budget they are of."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipeline.extractors.amount_layout import NAME_SHARE
from pipeline.extractors.figures import BudgetYear, budget_year_of
from pipeline.layout.stacks import stacks_of
from pipeline.model import Box, union
from pipeline.passage import join

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from pipeline.extractors.harvest import Context
    from pipeline.layout.columns import Column
    from pipeline.layout.lines import Segment

LEAST_BELOW = 2
"""A head has so many amounts in its column at least."""

LONGEST = 60
"""A head has fewer characters: what is longer is a sentence."""


def column_heads(
    names: Sequence[Segment], cells: Sequence[Segment], column: Column, context: Context
) -> tuple[list[tuple[Box, BudgetYear]], list[Segment], list[Segment]]:
    """Heads of amount columns: a year and a budget, and nothing else, above amounts and not where names begin.

    Each comes with its place, as wide as its column. Also the names without them, and everything on the heads' line.
    """
    bound = column.x0 + NAME_SHARE * (column.x1 - column.x0)
    found: list[tuple[Box, BudgetYear, tuple[Segment, ...]]] = []
    for stack in stacks_of(s for s in names if s.start >= bound):
        text = join(s.passage for s in stack).text
        about = budget_year_of(text, context.profile.budgets, is_head=True) if len(text) < LONGEST else None
        if about is None or context.amounts(text) or any(_labels_amount(s, column, context) for s in stack):
            continue
        found.append((union([s.box for s in stack]), about, stack))
    amounts = [c for c in cells if context.amounts_in_cell(c.text)]
    places = _columns_under([box for box, _, _ in found], [c.box for c in amounts])
    heads = [(place, about) for place, (_, about, _) in zip(places, found, strict=True) if place is not None]
    if not heads:
        return [], list(names), []
    headed = {id(s) for place, (_, _, stack) in zip(places, found, strict=True) if place is not None for s in stack}
    # What stands on the heads' line heads the names ("Measure"), and is no name itself.
    line = [s for s in names if id(s) in headed or any(s.box.overlap_y(b) > 0.5 * s.box.height for b, _ in heads)]
    return heads, [s for s in names if s not in line], line


def _labels_amount(head: Segment, column: Column, context: Context) -> bool:
    """Whether an amount stands beside: a total is stated in one line with its year, a head has no amount on its own."""
    return any(
        c.box.x0 >= head.box.x1 and c.box.overlap_y(head.box) > 0.5 * head.box.height and context.amounts(c.text)
        for c in column.segments
    )


def _columns_under(heads: Sequence[Box], amounts: Sequence[Box]) -> list[Box | None]:
    """The place of each head, made as wide as the column of amounts that it heads; None where it heads none.

    A head and its amounts may be set to different sides of their column, so that none stands right below it: then, of as
    many columns as heads on one line, each has its own.
    """
    below = [[a for a in amounts if a.top > head.bottom and a.overlap_x(head) > 0] for head in heads]
    if all(len(under) >= LEAST_BELOW for under in below):
        return list(heads)
    level = len({round(head.middle) for head in heads}) == 1
    columns = [c for c in _strips(a for a in amounts if level and a.top > heads[0].bottom) if c[2] >= LEAST_BELOW]
    if level and len(columns) == len(heads) > 1:
        ordered = sorted(range(len(heads)), key=lambda i: heads[i].x0)
        places: list[Box | None] = [None] * len(heads)
        for (x0, x1, _), i in zip(columns, ordered, strict=True):
            places[i] = Box(x0, heads[i].top, x1, heads[i].bottom)
        return places
    return [head if len(under) >= LEAST_BELOW else None for head, under in zip(heads, below, strict=True)]


def _strips(boxes: Iterable[Box]) -> list[tuple[float, float, int]]:
    """Where boxes stand below each other, from the left: each strip's sides, and how many there are in it."""
    strips: list[tuple[float, float, int]] = []
    for box in sorted(boxes, key=lambda b: b.x0):
        if strips and box.x0 < strips[-1][1]:
            x0, x1, count = strips[-1]
            strips[-1] = (x0, max(x1, box.x1), count + 1)
        else:
            strips.append((box.x0, box.x1, 1))
    return strips
