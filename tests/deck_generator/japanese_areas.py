"""Coloured areas under rounded heads: ministries in front, one amount an item, curly braces over shared amounts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from reportlab.lib.colors import HexColor

from .pen import BLACK, Line, Pen, Span

if TYPE_CHECKING:
    from .content import Category, Item, Money
    from .japanese_inventing import JapaneseContent
    from .japanese_styles import JapaneseStyle
    from .sheet import Sheet

_HEADS = ("#0e7490", "#b45309", "#86198f", "#15803d", "#1d4ed8")
_AREAS = ("#d3eefb", "#fbe5d8", "#f3d9f3", "#ddf3d6", "#dbe4fb")
_NEW_COLOUR = "#e00000"
_PART = "の内数"


def draw(
    sheet: Sheet, content: JapaneseContent, style: JapaneseStyle, top: float, size: float, really: bool
) -> list[float]:
    """Give the areas in two columns; gives where each column ends."""
    gap = size
    width = (sheet.width - gap) / 2
    heights = [
        _area(sheet, category, number, style, content.shared, 0, 0, width, size, False)
        for number, category in enumerate(content.categories)
    ]
    columns: list[list[int]] = [[], []]
    for number, _ in enumerate(heights):
        left = sum(heights[n] for n in columns[0])
        columns[0 if not columns[1] and left + heights[number] / 2 < sum(heights) / 2 else 1].append(number)
    ends = []
    for place, numbers in enumerate(columns):
        y = top
        for number in numbers:
            y = (
                _area(
                    sheet,
                    content.categories[number],
                    number,
                    style,
                    content.shared,
                    sheet.left + place * (width + gap),
                    y,
                    width,
                    size,
                    really,
                )
                + size * 0.6
            )
        ends.append(y)
    return ends


def _area(
    sheet: Sheet,
    category: Category,
    number: int,
    style: JapaneseStyle,
    shared: dict[str, int],
    x: float,
    top: float,
    width: float,
    size: float,
    really: bool,
) -> float:
    """One category: its head, its coloured area and its items; gives where it ends."""
    pen = sheet.pen
    head = size * 1.2
    name, _, subtitle = category.name.partition("（")
    money = category.initial or category.supplementary
    start = top + head * 1.7
    end = _items(pen, category, style, shared, x, start + size * 0.3, width, size, False) + size * 0.4
    if really and money:
        colour = _HEADS[number]
        pen.box(x, start, width, end - start, fill=_AREAS[number])
        pen.box(x, top, width, head * 1.6, fill="#ffffff", stroke=colour, radius=head * 0.3, thick=1.6)
        pen.text(x + head * 0.6, top + head * 0.3, name, head, bold=True, colour=colour)
        after = x + head * 0.6 + pen.width(name, head, bold=True)
        pen.text(after, top + head * 0.5, f"（{subtitle}", head * 0.65, colour=colour)
        after += pen.width(f"（{subtitle}", head * 0.65) + head
        pen.text(after, top + head * 0.3, money.printed, head, bold=True, colour=colour)
        _items(pen, category, style, shared, x, start + size * 0.3, width, size, True)
    return end


def ministry_front(style: JapaneseStyle, item: Item) -> str:
    """Give what stands before an item's name: its ministry in brackets, or a bullet where that stands behind."""
    return f"【{'・'.join(item.organizations)}】" if style.ministry == "front" else "・"


def name_spans(style: JapaneseStyle, item: Item) -> list[Span]:
    """Give an item's name, with its ministry behind it where the style has it there, and the mark of a new one."""
    behind = {
        "front": "",
        "behind": f"（{'・'.join(item.organizations)}）",
        "behind-colon": f"（{'・'.join(item.organizations)}：研究機関等）",
    }[style.ministry]
    spans = [Span(item.name)] + ([Span(behind, solid=True)] if behind else [])
    if item.is_new:
        spans.append(Span(style.new, colour=_NEW_COLOUR if style.new_coloured else BLACK, solid=True))
    return spans


def _amount_lines(style: JapaneseStyle, money: Money) -> list[str]:
    if style.part_below and money.is_part_of:
        return [money.printed.removesuffix(_PART), _PART]
    return [money.printed]


def _items(
    pen: Pen,
    category: Category,
    style: JapaneseStyle,
    shared: dict[str, int],
    x: float,
    top: float,
    width: float,
    size: float,
    really: bool,
) -> float:
    """Give the items below one another; items under one brace share the amount at its point."""
    step = size * pen.leading
    items = category.groups[0].items
    right = x + width - size * 0.5
    amounts = [m for m in (item.initial or item.supplementary for item in items) if m]
    amount_width = max(pen.width(line, size) for money in amounts for line in _amount_lines(style, money))
    name_right = right - amount_width - size * 1.8
    place = 0
    while place < len(items):
        brace = shared.get(items[place].name)
        together = [items[place]]
        while (
            brace is not None
            and place + len(together) < len(items)
            and shared.get(items[place + len(together)].name) == brace
        ):
            together.append(items[place + len(together)])
        start = top
        for item in together:
            top = _name(pen, style, item, x + size * 0.4, top, name_right, size, really)
        money = together[0].initial or together[0].supplementary
        lines = _amount_lines(style, money) if money else []
        top = max(top, start + step * len(lines))
        if brace is not None and really:
            _brace(pen, name_right + size * 0.3, start + size * 0.1, size * 0.9, top - start - size * 0.35)
        first = start + (top - start - step * len(lines)) / 2 if brace is not None else start
        for number, line in enumerate(lines if really else ()):
            pen.text(right, first + number * step, line, size, align="right")
        place += len(together)
    return top


def _name(
    pen: Pen, style: JapaneseStyle, item: Item, x: float, top: float, right: float, size: float, really: bool
) -> float:
    front = ministry_front(style, item)
    hang = pen.width(front, size)
    lines: list[Line] = pen.wrap(name_spans(style, item), right - x - hang, size)
    if really:
        pen.text(x, top, front, size)
        for number, line in enumerate(lines):
            pen.draw_line(x + hang, top + number * size * pen.leading, line, size)
    return top + len(lines) * size * pen.leading


def _brace(pen: Pen, x: float, top: float, width: float, height: float) -> None:
    """Give a closing curly brace drawn as one curve, its point to the right."""
    high, low = pen.page_height - top, pen.page_height - top - height
    middle, mid_x, end_x = (high + low) / 2, x + width / 2, x + width
    bend = min(height / 4, width)
    path = pen.canvas.beginPath()
    path.moveTo(x, high)
    path.curveTo(mid_x, high, mid_x, high, mid_x, high - bend)
    path.lineTo(mid_x, middle + bend)
    path.curveTo(mid_x, middle, mid_x, middle, end_x, middle)
    path.curveTo(mid_x, middle, mid_x, middle, mid_x, middle - bend)
    path.lineTo(mid_x, low + bend)
    path.curveTo(mid_x, low, mid_x, low, x, low)
    pen.canvas.setStrokeColor(HexColor(BLACK))
    pen.canvas.setLineWidth(0.9)
    pen.canvas.drawPath(path, stroke=1, fill=0)
