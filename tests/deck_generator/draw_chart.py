"""The trends slide: two sentences and a bar chart, stacked or grouped, upright or lying."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from .content import DeckContent, Point, trend_sentences
from .pen import Paragraph, plain

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .sheet import Sheet

_SERIES = (("initial", "Initial budget"), ("supplementary", "Supplementary budget"))
_CAPTION = "Trends in AI-related Government Budgets"
_TICK = Decimal("0.2")


@dataclass(frozen=True)
class _Plot:
    """The plotting area and its scale: `most` is the value at the axis' end."""

    x: float
    top: float
    width: float
    height: float
    most: Decimal
    size: float


def draw(sheet: Sheet, content: DeckContent) -> None:
    """Draw the slide."""
    style, pen = sheet.style, sheet.pen
    size = style.body_size + 3
    body = [Paragraph(plain(text), style.bullet, size, size * 1.3, size * 0.2) for text in trend_sentences(content)]
    top = pen.flow(sheet.left, sheet.top, sheet.width, body, size) + size
    unit = "USD million" if style.millions else "USD billion"
    small = size * 0.9
    caption = f"{_CAPTION} ({unit})" if style.unit == "title" else _CAPTION
    pen.text((sheet.left + sheet.right) / 2, top, caption, size, bold=True, align="centre")
    top += size * 1.6
    if style.legend == "above":
        _legend_row(sheet, top, small)
        top += small * 1.8
    if style.unit == "axis":
        pen.text(sheet.left + sheet.width * 0.08, top, f"({unit})", small)
        top += small * 1.6
    side = sheet.width * 0.24 if style.legend == "right" else sheet.width * 0.08
    left = sheet.left + sheet.width * 0.1
    foot = (
        sheet.bottom
        - small * (3.6 if style.legend == "below" else 1.8)
        - (small * 1.4 if style.horizontal and style.ticks else 0.0)
    )
    plot = _Plot(
        left, top + small, sheet.right - side - left, foot - top - small, _axis_end(content, style.chart), small
    )
    if style.legend == "right":
        _legend_column(sheet, sheet.right - side + small, (plot.top + foot) / 2, small)
    if style.legend == "below":
        _legend_row(sheet, sheet.bottom - small * 1.5, small)
    _axes(sheet, plot)
    (_lying if style.horizontal else _upright)(sheet, content, plot)


def _axis_end(content: DeckContent, chart: str) -> Decimal:
    years = {p.fiscal_year for p in content.trend}
    stacked = max(sum((p.value for p in content.trend if p.fiscal_year == y), Decimal(0)) for y in years)
    most = stacked if chart == "stacked" else max(p.value for p in content.trend)
    return ((most + _TICK / 2) // _TICK + 1) * _TICK


def _colours(sheet: Sheet) -> dict[str, str]:
    return {"initial": sheet.style.palette.primary, "supplementary": sheet.style.palette.second}


def _legend_row(sheet: Sheet, top: float, size: float) -> None:
    pen = sheet.pen
    widths = [size * 1.6 + pen.width(name, size) for _, name in _SERIES]
    x = (sheet.left + sheet.right - sum(widths) - size * 3) / 2
    for (series, name), width in zip(_SERIES, widths, strict=True):
        pen.box(x, top + size * 0.15, size * 0.8, size * 0.8, fill=_colours(sheet)[series])
        pen.text(x + size * 1.2, top, name, size)
        x += width + size * 3


def _legend_column(sheet: Sheet, x: float, top: float, size: float) -> None:
    for number, (series, name) in enumerate(_SERIES):
        sheet.pen.box(x, top + number * size * 1.8 + size * 0.15, size * 0.8, size * 0.8, fill=_colours(sheet)[series])
        sheet.pen.text(x + size * 1.2, top + number * size * 1.8, name, size)


def _number(sheet: Sheet, value: Decimal) -> str:
    return f"{value * 1000:,.0f}" if sheet.style.millions else str(value.quantize(Decimal("0.1")))


def _tick_text(sheet: Sheet, value: Decimal) -> str:
    # An axis prints as few digits as it needs, as spreadsheet programs do.
    return f"{value * 1000:,.0f}" if sheet.style.millions else f"{value.normalize():f}" if value else "0"


def _axes(sheet: Sheet, plot: _Plot) -> None:
    style, pen = sheet.style, sheet.pen
    lying = style.horizontal
    step = _TICK if plot.most <= Decimal("2.4") else _TICK * 2
    value = Decimal(0)
    while value <= plot.most:
        share = float(value / plot.most)
        x, y = plot.x + share * plot.width, plot.top + (1 - share) * plot.height
        if style.gridlines:
            if lying:
                pen.rule(x, plot.top, x, plot.top + plot.height, "#bbbbbb", 0.5)
            else:
                pen.rule(plot.x, y, plot.x + plot.width, y, "#bbbbbb", 0.5)
        if style.ticks and lying:
            pen.text(x, plot.top + plot.height + plot.size * 0.4, _tick_text(sheet, value), plot.size, align="centre")
        elif style.ticks:
            pen.text(plot.x - plot.size * 0.5, y - plot.size / 2, _tick_text(sheet, value), plot.size, align="right")
        value += step
    if lying:
        pen.rule(plot.x, plot.top, plot.x, plot.top + plot.height, "#444444")
    else:
        pen.rule(plot.x, plot.top + plot.height, plot.x + plot.width, plot.top + plot.height, "#444444")


def _by_year(content: DeckContent) -> Iterator[tuple[int, list[Point]]]:
    for year in sorted({p.fiscal_year for p in content.trend}):
        yield year, [p for series, _ in _SERIES for p in content.trend if p.fiscal_year == year and p.budget == series]


def _inside_colour(sheet: Sheet, series: str) -> str:
    return sheet.style.palette.on_primary if series == "initial" else "#000000"


def _upright(sheet: Sheet, content: DeckContent, plot: _Plot) -> None:
    pen, style = sheet.pen, sheet.style
    years = list(_by_year(content))
    slot = plot.width / len(years)
    floor = plot.top + plot.height
    for number, (year, points) in enumerate(years):
        middle = plot.x + (number + 0.5) * slot
        pen.text(
            middle, floor + plot.size * (0.4 if not style.horizontal else 0), f"FY{year}", plot.size, align="centre"
        )
        base = floor
        bar = min(slot * (0.5 if style.chart == "stacked" else 0.34), plot.size * 6)
        for place, point in enumerate(points):
            high = float(point.value / plot.most) * plot.height
            x = middle - bar / 2
            if style.chart == "grouped":
                x, base = middle - bar * 1.04 + place * bar * 1.08, floor
            pen.box(x, base - high, bar, high, fill=_colours(sheet)[point.budget])
            label = _number(sheet, point.value)
            if style.labels == "above":
                pen.text(x + bar / 2, base - high - plot.size * 1.15, label, plot.size, align="centre")
            else:
                pen.text(
                    x + bar / 2,
                    base - high / 2 - plot.size / 2,
                    label,
                    plot.size,
                    align="centre",
                    colour=_inside_colour(sheet, point.budget),
                )
            base -= high


def _lying(sheet: Sheet, content: DeckContent, plot: _Plot) -> None:
    pen, style = sheet.pen, sheet.style
    years = list(_by_year(content))
    slot = plot.height / len(years)
    for number, (year, points) in enumerate(years):
        middle = plot.top + (number + 0.5) * slot
        pen.text(plot.x - plot.size * 0.5, middle - plot.size / 2, f"FY{year}", plot.size, align="right")
        base = plot.x
        bar = min(slot * (0.6 if style.chart == "stacked" else 0.38), plot.size * 4)
        for place, point in enumerate(points):
            long = float(point.value / plot.most) * plot.width
            y = middle - bar / 2
            if style.chart == "grouped":
                y, base = middle - bar * 1.04 + place * bar * 1.08, plot.x
            pen.box(base, y, long, bar, fill=_colours(sheet)[point.budget])
            label = _number(sheet, point.value)
            if style.labels == "above":
                pen.text(base + long + plot.size * 0.4, y + bar / 2 - plot.size / 2, label, plot.size)
            else:
                pen.text(
                    base + long / 2,
                    y + bar / 2 - plot.size / 2,
                    label,
                    plot.size,
                    align="centre",
                    colour=_inside_colour(sheet, point.budget),
                )
            base += long
