"""What a budget slide says besides its lists: the unit of its numbers, and totals that stand with space inside them."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from pipeline.extractors.amount_layout import is_cell
from pipeline.extractors.figures import budget_year_of, take_figures
from pipeline.extractors.nothing_cells import sign_and_rest
from pipeline.language.amounts import Scale, find_scale, is_amount_fragment
from pipeline.layout.lines import lines_of
from pipeline.passage import join
from pipeline.records import Printed

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pipeline.extractors.harvest import Context, Harvest
    from pipeline.layout.lines import Segment

_PUT_IN = ("（", "(", "［", "[", "〔", "【")
"""What a unit's caption is put into."""


def take_unit(harvest: Harvest, segments: Sequence[Segment], context: Context) -> tuple[Context, list[Segment]]:
    """The context with the unit that a caption of its own declares (（単位：億円）), and the segments without the caption."""
    captions: list[tuple[Segment, Segment | None, Scale]] = []
    for segment in segments:
        text = segment.passage.raw
        # "[10 million dollar]" is an amount before it is a unit, 万円 by itself the end of one.
        declared = any(opening in text for opening in _PUT_IN) or any(w in text for w in context.vocabulary.captions)
        scale = find_scale(text, context.vocabulary) if declared and not context.amounts(text) else None
        if scale is None or text[scale.end :].strip():
            continue
        head = _before(segment, scale.start, context)
        if head is not None or not text[: scale.start].strip():
            captions.append((segment, head, scale))
    units = {(scale.currency, scale.factor) for _, _, scale in captions}
    if len(units) != 1:
        return context, list(segments)
    for segment, _, scale in captions:
        harvest.discard(segment.passage[scale.start :].strip(), "unit of the amounts")
    scaled = replace(context, scale=captions[0][2])
    heads = {id(segment): head for segment, head, _ in captions}
    rest = [heads.get(id(segment), segment) for segment in segments]
    return scaled, [part for s in rest if s is not None for part in _without_dash(s, scaled)]


def _before(segment: Segment, start: int, context: Context) -> Segment | None:
    """The head of a column of amounts that ends with their unit, without it: its words before `start`."""
    head, unit = segment.passage[:start].strip(), segment.passage[start:].words
    if budget_year_of(head.text, context.profile.budgets, is_head=True) is None:
        return None
    words = tuple(word for word in segment.words if word not in unit)
    return replace(segment, words=words) if words and head.words == words else None


def _without_dash(segment: Segment, context: Context) -> list[Segment]:
    """A dash before a number in a table is no bullet: it stands in the column before for no amount."""
    parts = sign_and_rest(segment, context)
    return parts if parts and context.amounts_in_cell(segment.text) else [segment]


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
