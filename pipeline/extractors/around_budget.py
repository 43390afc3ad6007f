"""What a budget slide says besides its lists: the unit of its numbers, and totals that stand with space inside them."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from pipeline.extractors.amount_layout import is_cell
from pipeline.extractors.figures import budget_year_of, take_figures
from pipeline.language.amounts import find_scale, is_amount_fragment, mark_kind
from pipeline.layout.lines import Segment, lines_of
from pipeline.passage import join
from pipeline.records import Printed

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pipeline.extractors.harvest import Context, Harvest

_PUT_IN = ("（", "(", "［", "[", "〔", "【")
"""What a unit's caption is put into."""


def take_unit(harvest: Harvest, segments: Sequence[Segment], context: Context) -> tuple[Context, list[Segment]]:
    """The context with the unit that a caption of its own declares (（単位：億円）), and the segments without the caption."""
    for segment in segments:
        text = segment.passage.raw.strip()
        # "[10 million dollar]" is an amount before it is a unit, 万円 by itself the end of one.
        declared = text[:1] in _PUT_IN or any(word in text for word in context.vocabulary.captions)
        scale = find_scale(text, context.vocabulary) if declared else None
        whole = scale is not None and (scale.start, scale.end) == (0, len(text))
        if whole and not context.amounts(text):
            harvest.discard(segment.passage, "unit of the amounts")
            scaled = replace(context, scale=scale)
            return scaled, [part for s in segments if s is not segment for part in _without_dash(s, scaled)]
    return context, list(segments)


def _without_dash(segment: Segment, context: Context) -> list[Segment]:
    """A dash before a number in a table is no bullet: it stands in the column before for no amount."""
    marker = segment.marker
    if marker is None or not marker.passage or segment.skipped:
        return [segment]
    if mark_kind(marker.text, context.vocabulary) and context.amounts_in_cell(segment.text):
        return [Segment(segment.page, marker.passage.words), replace(segment, marker=None)]
    return [segment]


def take_stated_rows(harvest: Harvest, segments: Sequence[Segment], context: Context) -> list[Segment]:
    """Takes rows that state totals with space between a year and its amount, which may stand across columns."""
    rest: list[Segment] = []
    for row in lines_of(segments):
        years = [budget_year_of(s.text, context.profile.budgets) is not None for s in row]
        apart = any(year and not context.amounts(s.text) for s, year in zip(row, years, strict=True))
        all_say = all(year or is_cell(s, context) for s, year in zip(row, years, strict=True))
        stated = apart and all_say and all(s.marker is None for s in row)
        if not (stated and take_figures(harvest, context, join(s.passage for s in row))):
            rest += row
    return rest


def give_up_lone_amounts(harvest: Harvest, context: Context) -> None:
    """An amount that came to stand in the prose by itself has lost its item: its words stay unaccounted for."""
    for i, record in enumerate(harvest.records):
        text = record.fields.get("text")
        if record.table == "statements" and isinstance(text, Printed):
            printed = text.passage.text
            if is_amount_fragment(printed, context.vocabulary) and context.amounts(printed):
                harvest.records[i] = replace(record, fields={**record.fields, "text": replace(text, inherited=True)})
