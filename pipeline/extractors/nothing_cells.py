"""Signs for no amount in a table: a dash in a column of amounts, where a row has none."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipeline.language.amounts import is_amount_fragment, mark_kind
from pipeline.layout.lines import Segment

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pipeline.extractors.harvest import Context
    from pipeline.model import Box

LEAST_CELLS = 3
"""So many amounts and signs below each other are a column, if there is an amount among them."""


def take_signs(segments: Sequence[Segment], context: Context) -> tuple[list[Segment], frozenset[Segment]]:
    """The segments, and those among them that are signs for no amount: in columns of amounts, behind something on their line.

    A sign that was taken for the bullet of the amount behind it comes by itself.
    """
    amounts, signs = _amounts(segments, context), _signs(segments, context)
    apart = [part for s in segments for part in _parts(s, amounts, signs, context)]
    cells = frozenset(
        s
        for s in apart
        if s.marker is None
        and mark_kind(s.text, context.vocabulary)
        and _is_in_column(s.box, amounts, signs)
        and any(o.box.x1 <= s.box.x0 and o.box.overlap_y(s.box) > 0 for o in apart)
    )
    return apart, cells


def sign_and_rest(segment: Segment, context: Context) -> list[Segment]:
    """A sign for no amount that was taken for a segment's bullet, and the segment without it; nothing where there is none."""
    marker = segment.marker
    if marker is None or not marker.passage or segment.skipped or not mark_kind(marker.text, context.vocabulary):
        return []
    return [Segment(segment.page, marker.passage.words), Segment(segment.page, segment.words)]


def _amounts(segments: Sequence[Segment], context: Context) -> list[Box]:
    return [s.box for s in segments if is_amount_fragment(s.text, context.vocabulary) and context.amounts(s.text)]


def _signs(segments: Sequence[Segment], context: Context) -> list[Box]:
    """The places of all signs for nothing, those that were taken for bullets as well."""
    alone = [s.box for s in segments if s.marker is None and mark_kind(s.text, context.vocabulary)]
    bullets = [s.marker for s in segments if s.marker is not None]
    return [*alone, *(marker.box for marker in bullets if mark_kind(marker.text, context.vocabulary))]


def _parts(segment: Segment, amounts: Sequence[Box], signs: Sequence[Box], context: Context) -> list[Segment]:
    parts = sign_and_rest(segment, context)
    is_amount = is_amount_fragment(segment.text, context.vocabulary)
    return parts if parts and is_amount and _is_in_column(parts[0].box, amounts, signs) else [segment]


def _is_in_column(box: Box, amounts: Sequence[Box], signs: Sequence[Box]) -> bool:
    """Whether a sign stands below or above amounts and other signs, and level with none of the amounts."""
    over = [a for a in amounts if a.overlap_x(box) > 0]
    column = len(over) + sum(sign.overlap_x(box) > 0 for sign in signs)
    return bool(over) and column >= LEAST_CELLS and all(a.overlap_y(box) <= 0 for a in over)
