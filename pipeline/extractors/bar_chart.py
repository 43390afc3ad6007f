"""A bar chart of yearly budgets with the sentences beside it.

Each bar gives a fiscal year (its category), a budget (its series), the amount of its label on the chart's unit, and
separately what its height says on the axis.
"""

from __future__ import annotations

import re
from dataclasses import replace
from decimal import Decimal, InvalidOperation
from itertools import pairwise
from typing import TYPE_CHECKING

from pipeline.extractors.figures import budget_of_head
from pipeline.extractors.harvest import Context, Harvest
from pipeline.extractors.notes import take_notes, write_notes
from pipeline.extractors.prose import write_statements
from pipeline.language.amounts import Scale, amount_on_scale, find_scale
from pipeline.language.fiscal_years import find_fiscal_years
from pipeline.language.folding import fold
from pipeline.layout.bars import Bar, Chart, read_chart
from pipeline.records import Printed, SlideReading

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from pipeline.layout.lines import Segment
    from pipeline.layout.slide import Slide
    from pipeline.model import Panel, Value
    from pipeline.records import Content

_DIGITS = re.compile(r"[0-9][0-9,]*(?:\.[0-9]+)?")

_SPACED_THOUSANDS = re.compile(r"[0-9]{1,3}(?: [0-9]{3})+(?:[.,][0-9]+)?")

CAPTION_WORDS = 6
"""Text of at most so many words inside the chart's area is a caption of its parts, not prose."""


def extract(slide: Slide, context: Context) -> SlideReading:
    """The whole slide. Where no bars are found everything is prose, and a doubt says so."""
    harvest = Harvest(slide, context.kind.kind)
    notes, body = take_notes(slide.body, context.profile.notes)
    body = [piece for s in body for piece in _by_numbers(s, slide.page.panels)]
    chart = read_chart(slide.page, body, _is_category, lambda s: _printed_number(s, context))
    if chart is None:
        write_statements(harvest, context, body)
        write_notes(harvest, notes)
        harvest.doubt("chart", f"page {harvest.page}", "No bars were found on this slide.", settled=False)
        return harvest.reading()
    scales = _scales(body, chart, context)
    parts = _chart_parts(chart, body, scales)
    write_statements(harvest, context, [s for s in body if id(s) not in parts])
    scale = _choose_scale(harvest, scales, chart)
    _write_bars(harvest, context, chart, scale)
    _write_furniture(harvest, chart, body, scales, parts)
    write_notes(harvest, notes)
    return harvest.reading()


def _by_numbers(segment: Segment, panels: Sequence[Panel]) -> list[Segment]:
    """The labels of neighbouring bars, or of an axis, that hardly a space sets apart, each by itself; else the segment.

    One number may have spaces between its thousands: that one stands over one bar.
    """
    pieces = [replace(segment, words=(word,)) for word in segment.words]
    if len(pieces) < 2 or segment.marker is not None or any(_number(piece) is None for piece in pieces):
        return [segment]
    if not _SPACED_THOUSANDS.fullmatch(fold(segment.text)):
        return pieces
    stands = [
        {id(p) for p in panels if p.box.x0 <= piece.box.centre <= p.box.x1 and p.box.width < segment.box.width}
        for piece in pieces
    ]
    apart = all(stands) and not any(a & b for a, b in pairwise(stands))
    return pieces if apart else [segment]


def _is_category(segment: Segment) -> bool:
    years = find_fiscal_years(segment.passage.raw)
    if len({year.year for year in years}) != 1:
        text = fold(segment.text)
        return text.isdigit() and len(text) == 4 and 1990 <= int(text) <= 2100
    # A year may be printed twice, by its era and in full: "R7 (FY2025)".
    rest = segment.passage.raw[: years[0].start] + segment.passage.raw[years[-1].end :]
    return len(rest.strip(" ()（）")) <= 8


def _printed_number(segment: Segment, context: Context) -> Decimal | None:
    """The number of a segment that is nothing else, or nothing but one amount with its own unit ("$0.5bn")."""
    raw = segment.passage.raw.strip()
    amounts = context.amounts(raw)
    digits = _DIGITS.search(fold(raw))
    if digits and len(amounts) == 1 and (amounts[0].start, amounts[0].end) == (0, len(raw)):
        return Decimal(digits.group().replace(",", ""))
    return _number(segment)


def _number(segment: Segment) -> Decimal | None:
    text = fold(segment.text).replace(",", "").strip("$¥ ")
    try:
        value = Decimal(text)
    except InvalidOperation:
        return None
    return value if value.is_finite() else None


def _year(segment: Segment) -> int:
    years = find_fiscal_years(segment.passage.raw)
    return years[0].year if years else int(fold(segment.text))


def _scales(body: Sequence[Segment], chart: Chart, context: Context) -> list[tuple[Segment, Scale]]:
    """The units printed on the slide, the chart's title's first, then by how near they stand to the chart."""
    found = []
    for s in body:
        scale = find_scale(s.passage.raw, context.vocabulary)
        if scale is not None and not context.amounts(s.passage.raw[: scale.start]):
            found.append((s, scale))

    def rank(entry: tuple[Segment, Scale]) -> tuple[bool, float]:
        box = entry[0].box
        above = box.bottom <= chart.box.top
        return not above, min(abs(box.middle - chart.box.top), abs(box.middle - chart.box.bottom))

    return sorted(found, key=rank)


def _chart_parts(chart: Chart, body: Sequence[Segment], scales: Sequence[tuple[Segment, Scale]]) -> set[int]:
    """The segments that belong to the chart and are not prose, by identity."""
    parts = {id(s) for s in chart.axis} | {id(s) for s in chart.legend.values()} | {id(s) for s, _ in scales}
    for bar in chart.bars:
        parts |= {id(bar.category)} | ({id(bar.label)} if bar.label is not None else set())
    for s in body:
        inside = chart.box.x0 - 8 * s.size <= s.box.centre <= chart.box.x1 + 8 * s.size and (
            chart.box.top - 3 * s.size <= s.box.middle <= chart.box.bottom + 6 * s.size
        )
        title = s.style.bold and s.marker is None and s.box.bottom <= chart.box.top and not s.text.endswith((".", "。"))
        if (title and not find_fiscal_years(s.passage.raw)) or (
            (
                id(s) not in parts
                and inside
                and (_number(s) is not None or _is_category(s) or len(s.text.split()) <= CAPTION_WORDS)
            )
            and s.marker is None
            and not s.text.endswith((".", "。"))
        ):
            parts.add(id(s))
    return parts


def _choose_scale(harvest: Harvest, scales: Sequence[tuple[Segment, Scale]], chart: Chart) -> Scale | None:
    """The unit of the chart. Of several the one that agrees with the sentences on the slide, else the title's."""
    if not scales:
        harvest.doubt("unit", f"page {harvest.page}", "The chart prints no unit.", settled=False)
        return None
    kinds = {(scale.currency, scale.factor) for _, scale in scales}
    if len(kinds) == 1:
        return scales[0][1]
    stated = {
        (year.value, budget.value): (r.fields["lower"], r.fields["upper"], r.fields["currency"])
        for r in harvest.records
        if r.table == "stated_figures"
        and isinstance(year := r.fields["fiscal_year"], Printed)
        and isinstance(budget := r.fields["budget"], Printed)
    }
    agreeing = [entry for entry in scales if _agrees(entry[1], chart, stated)]
    chosen = (agreeing or list(scales))[0]
    others = ", ".join(repr(s.text) for s, scale in scales if scale is not chosen[1])
    reason = "it agrees with the figures stated on the slide" if agreeing else "it stands with the chart's title"
    harvest.doubt(
        "unit",
        f"page {harvest.page}",
        f"The slide prints several units; {chosen[0].text!r} was taken, because {reason}; not used: {others}.",
    )
    return chosen[1]


def _agrees(scale: Scale, chart: Chart, stated: Mapping[tuple[Value, Value], tuple[Content, Content, Content]]) -> bool:
    for bar in chart.bars:
        value = _number(bar.label) if bar.label is not None else None
        for (year, _), (lower, upper, currency) in stated.items():
            if value is None or year != _year(bar.category) or currency != scale.currency:
                continue
            if isinstance(lower, Decimal) and isinstance(upper, Decimal) and lower <= value * scale.factor <= upper:
                return True
    return False


def _series(bar: Bar, chart: Chart) -> Segment | None:
    return chart.legend.get(bar.panel.fill or "")


def _write_bars(harvest: Harvest, context: Context, chart: Chart, scale: Scale | None) -> None:
    claimed: set[int] = set()
    words = context.profile.budgets
    single = len({bar.panel.fill for bar in chart.bars}) == 1
    for bar in sorted(chart.bars, key=lambda b: (_year(b.category), b.panel.box.x0, -b.panel.box.bottom)):
        series = _series(bar, chart)
        budget = budget_of_head(series.text, words) if series is not None else None
        if budget is None and single:
            budget = "initial"
        amount = None
        if bar.label is not None and scale is not None:
            amount = amount_on_scale(bar.label.passage.raw, scale, context.vocabulary)
        if budget is None or amount is None or bar.label is None or scale is None:
            harvest.doubt(
                "chart",
                f"{_year(bar.category)}",
                "A bar could not be read: "
                + ("no legend says which budget it is." if budget is None else "it has no label that is an amount."),
                settled=False,
            )
            continue
        harvest.add(
            "budget_trend",
            {
                "page": harvest.page,
                "fiscal_year": Printed(
                    bar.category.passage, value=_year(bar.category), inherited=id(bar.category) in claimed
                ),
                "budget": Printed(series.passage, value=budget, inherited=True) if series is not None else budget,
                "series": Printed(series.passage, inherited=id(series) in claimed) if series is not None else None,
                "value": Printed(bar.label.passage, value=amount.value),
                "lower": amount.lower,
                "upper": amount.upper,
                "currency": amount.currency,
                "printed": bar.label.text,
                "bar_value": bar.measured * scale.factor if bar.measured is not None else None,
            },
        )
        claimed |= {id(bar.category)} | ({id(series)} if series is not None else set())


def _is_total_of_stack(segment: Segment, chart: Chart) -> bool:
    """Whether a number stands at the end of bars that stand on each other and is, to within rounding, their labels' sum."""
    total = _number(segment)
    stacks: dict[int, list[Bar]] = {}
    for bar in chart.bars:
        stacks.setdefault(id(bar.category), []).append(bar)
    for bars in stacks.values():
        boxes = [bar.panel.box for bar in bars]
        numbers = [_number(bar.label) if bar.label is not None else None for bar in bars]
        upright = all(a.overlap_x(b) > 0.5 * a.width for a, b in pairwise(boxes))
        level = all(a.overlap_y(b) > 0.5 * a.height for a, b in pairwise(boxes))
        above = segment.box.overlap_x(boxes[0]) > 0 and segment.box.middle < min(box.top for box in boxes)
        behind = segment.box.overlap_y(boxes[0]) > 0 and segment.box.centre > max(box.x1 for box in boxes)
        at_end = (upright and above) or (level and behind)
        if total is None or not at_end or any(number is None for number in numbers):
            continue
        parts = [number for number in numbers if number is not None]
        rounding = sum((Decimal(1).scaleb(_last_place(number)) for number in (total, *parts)), Decimal(0)) / 2
        return abs(total - sum(parts, Decimal(0))) <= rounding
    return False


def _last_place(number: Decimal) -> int:
    """The power of ten of a number's last printed digit."""
    return int(number.as_tuple().exponent)


def _write_furniture(
    harvest: Harvest, chart: Chart, body: Sequence[Segment], scales: Sequence[tuple[Segment, Scale]], parts: set[int]
) -> None:
    used = {id(b.category) for b in chart.bars} | {id(b.label) for b in chart.bars if b.label is not None}
    used |= {id(_series(b, chart)) for b in chart.bars}
    units = {id(s) for s, _ in scales}
    axis = {id(s) for s in chart.axis}
    for s in body:
        if id(s) not in parts or id(s) in used:
            continue
        if id(s) in units:
            reason = "chart title or unit"
        elif id(s) in axis:
            reason = "axis"
        elif _is_category(s):
            reason = "category without a bar"
        elif _is_total_of_stack(s, chart):
            reason = "total of a stack of bars"
        elif _number(s) is not None:
            continue  # a number that no bar owns is left for the residue
        else:
            reason = "caption in the chart"
        harvest.discard(s.passage, reason)
        if s.marker is not None:
            harvest.discard(s.marker.passage, "bullet")
