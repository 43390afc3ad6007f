"""Lists in one, two or three columns, far from the areas and tables of the other Japanese slides.

A category stands under a band, a tab, a rule or a numbered line, or beside a coloured label. An item's amount stands at the
right edge, in line with others inside the column, below the name, behind it, or in the bracket of its ministry
（文：40億円の内数）.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from .pen import BLACK, Line, Paragraph, Pen, Span, plain

if TYPE_CHECKING:
    from .content import Category, Group, Item, Money
    from .japanese_inventing import JapaneseContent
    from .japanese_styles import JapaneseStyle
    from .sheet import Sheet

_SAFETY = "▶"
_NEW_COLOUR = "#e00000"
_GAP = 1.0
"""The least space between a name and an amount beside it, in font sizes."""
_TAB = 0.68
"""Where amounts begin that stand in line inside the column, as a share of its width, where they are not wider."""
_LABEL = 0.15
"""The width of a label beside a category's list, as a share of the column's."""


@dataclass(frozen=True)
class _Column:
    """Where a column's text runs."""

    x: float
    width: float

    @property
    def right(self) -> float:
        return self.x + self.width


def draw(
    sheet: Sheet, content: JapaneseContent, style: JapaneseStyle, top: float, size: float, really: bool
) -> list[float]:
    """Give the categories in the style's columns; gives where each column ends."""
    gap = size * 1.5
    width = (sheet.width - gap * (style.columns - 1)) / style.columns
    columns = [_Column(sheet.left + n * (width + gap), width) for n in range(style.columns)]
    heights = [_category(sheet, c, n, style, columns[0], 0.0, size, False) for n, c in enumerate(content.categories)]
    ends = []
    for column, numbers in zip(columns, _spread(heights, style.columns), strict=True):
        end = top
        for number in numbers:
            end = _category(sheet, content.categories[number], number, style, column, end, size, really) + size * 0.7
        ends.append(end)
    return ends


def _spread(heights: list[float], columns: int) -> list[list[int]]:
    """Which categories stand in which column, in order, so that the columns are about as high as each other."""
    spread: list[list[int]] = [[] for _ in range(columns)]
    place, filled, share = 0, 0.0, sum(heights) / columns
    for number, height in enumerate(heights):
        left = len(heights) - number
        if spread[place] and place + 1 < columns and (filled + height / 2 > share or left < columns - place):
            place, filled = place + 1, 0.0
        spread[place].append(number)
        filled += height
    return spread


def _category(
    sheet: Sheet,
    category: Category,
    number: int,
    style: JapaneseStyle,
    column: _Column,
    top: float,
    size: float,
    really: bool,
) -> float:
    """One category with its list; gives where it ends."""
    if style.head == "label":
        return _labelled(sheet, category, number, style, column, top, size, really)
    start = _head(sheet, category, number, style, column, top, size, really)
    pad = size * 0.5 if style.frames else 0.0
    inner = _Column(column.x + pad, column.width - 2 * pad)
    end = _groups(sheet, category, style, inner, start + size * 0.3, size, really) + pad * 0.6
    if really and style.frames:
        sheet.pen.box(column.x, start, column.width, end - start, stroke=style.palette.primary)
    return end


def _head(
    sheet: Sheet,
    category: Category,
    number: int,
    style: JapaneseStyle,
    column: _Column,
    top: float,
    size: float,
    really: bool,
) -> float:
    pen, palette = sheet.pen, style.palette
    large = size * 1.2
    filled = style.head in ("band", "tab")
    inset = large * 0.5 if filled or style.head == "rounded" else 0.0
    colour = palette.on_primary if filled else palette.primary
    amount = amount_text(style, category.initial, category.supplementary)
    wide = pen.width(amount, large, bold=True)
    room = column.width - 2 * inset
    names = pen.wrap(plain(category.name, bold=True, colour=colour), room, large)
    beside = pen.line_width(names[-1], large) + large + wide <= room
    lines = len(names) + (not beside)
    height = lines * large * pen.leading + large * 0.4
    if really:
        if filled:
            pen.box(column.x, top, column.width, height, fill=palette.primary)
        elif style.head == "rounded":
            pen.box(column.x, top, column.width, height, fill=palette.tint, stroke=palette.primary, radius=large * 0.4)
        elif style.head == "line":
            pen.rule(column.x, top + height, column.right, top + height, palette.primary, 1.4)
        first = top + large * 0.2
        for place, line in enumerate(names):
            pen.draw_line(column.x + inset, first + place * large * pen.leading, line, large)
        after = column.x + inset + pen.line_width(names[-1], large) + large
        x = after if style.head == "tab" and beside else column.right - inset - wide
        pen.text(x, first + (lines - 1) * large * pen.leading, amount, large, bold=True, colour=colour)
    return top + height


def _labelled(
    sheet: Sheet,
    category: Category,
    number: int,
    style: JapaneseStyle,
    column: _Column,
    top: float,
    size: float,
    really: bool,
) -> float:
    """A label at the left with the category's name and amount in it, its list beside it."""
    pen, palette = sheet.pen, style.palette
    wide = column.width * _LABEL * (1 if style.columns == 1 else 1.6)
    body = [
        Paragraph(plain(category.name, bold=True, colour=palette.on_primary), centred=True),
        *(
            Paragraph(plain(text, bold=True, colour=palette.on_primary), centred=True)
            for text in _amount_parts(style, category.initial, category.supplementary)
        ),
    ]
    inner = wide - size
    label = pen.flow(0, 0, inner, body, size * 1.1, draw=False) + size
    listed = _Column(column.x + wide + size * 0.6, column.width - wide - size)
    end = _groups(sheet, category, style, listed, top + size * 0.3, size, False) + size * 0.3
    end = max(end, top + label)
    if really:
        pen.box(column.x, top, wide, end - top, fill=palette.primary)
        pen.box(column.x + wide, top, column.width - wide, end - top, stroke=palette.primary)
        pen.flow(column.x + size * 0.5, top + (end - top - label) / 2 + size * 0.5, inner, body, size * 1.1)
        _groups(sheet, category, style, listed, top + size * 0.3, size, True)
    return end


def _tab(pen: Pen, style: JapaneseStyle, category: Category, column: _Column, size: float) -> float:
    """Where the amounts of a category's items begin."""
    items = [one for group in category.groups for item in group.items for one in (item, *item.children)]
    parts = [part for item in items for part in _amount_parts(style, item.initial, item.supplementary)]
    widest = max((pen.width(part + style.new, size) for part in parts), default=0.0)
    return column.x + min(column.width * _TAB, column.width - widest - size * 0.4)


def _groups(
    sheet: Sheet, category: Category, style: JapaneseStyle, column: _Column, top: float, size: float, really: bool
) -> float:
    tab = _tab(sheet.pen, style, category, column, size)
    for group in category.groups:
        if group.name:
            top = _group_head(sheet, group, style, column, top + size * 0.3, size, really)
        for item in group.items:
            top = _item(sheet.pen, style, item, column, tab, top, size, 0, really)
            for child in item.children:
                top = _item(sheet.pen, style, child, column, tab, top, size, 1, really)
    return top


def _group_head(
    sheet: Sheet, group: Group, style: JapaneseStyle, column: _Column, top: float, size: float, really: bool
) -> float:
    quoted = style.group_mark in ("【】", "＜＞")
    text = f"{style.group_mark[0]}{group.name}{style.group_mark[1]}" if quoted else f"{style.group_mark}{group.name}"
    bold = style.group_mark not in ("＜＞", "【】")
    colour = style.palette.primary if bold else BLACK
    underlined = style.group_underlined and bold
    body = [Paragraph(plain(text, bold=bold, colour=colour, underline=underlined))]
    return sheet.pen.flow(column.x, top, column.width, body, size * (1.06 if bold else 1.0), draw=really)


def amount_text(style: JapaneseStyle, initial: Money | None, supplementary: Money | None, around: str = "") -> str:
    """Both amounts as they are printed on one line."""
    return "".join(_amount_parts(style, initial, supplementary, around))


def _amount_parts(
    style: JapaneseStyle, initial: Money | None, supplementary: Money | None, around: str = ""
) -> list[str]:
    parts = [f"{around[:1]}{initial.printed}{around[1:]}"] if initial else []
    if supplementary:
        parts.append(f"{style.bracket[0]}{supplementary.printed}{style.bracket[1]}")
    return parts


def _spans(style: JapaneseStyle, item: Item) -> list[Span]:
    """Give an item's name with its marks and its ministry, and its amounts where they stand in the text."""
    new = [Span(style.new, colour=_NEW_COLOUR if style.new_coloured else BLACK, solid=True)] if item.is_new else []
    front = new if style.new_place == "front" else []
    behind = new if style.new_place == "name" or not (item.initial or item.supplementary) else []
    last = new if new and not front and not behind else []
    bodies = "・".join(item.organizations)
    amount = amount_text(style, item.initial, item.supplementary, style.plain)
    safety = [Span(_SAFETY)] if item.is_ai_safety else []
    spans = [*safety, *front, Span(item.name)]
    if style.place == "carried":
        carried = f"：{amount}" if amount else ""
        return [*spans, *behind, *([Span(f"（{bodies}{carried}）")] if bodies else []), *last]
    if bodies and style.ministry == "behind":
        spans.append(Span(f"（{bodies}）"))
    spans += behind
    if style.place == "inline" and amount:
        spans += [Span("　"), Span(amount), *last]
    return spans


def _item(
    pen: Pen,
    style: JapaneseStyle,
    item: Item,
    column: _Column,
    tab: float,
    top: float,
    size: float,
    level: int,
    really: bool,
) -> float:
    """One item, without its children; gives where it ends."""
    bullet = style.sub_bullet if level else style.bullet
    if not level and style.ministry == "front" and style.place != "carried":
        bullet = f"【{'・'.join(item.organizations)}】"
    start = column.x + size * (0.2 + 1.3 * level)
    left = start + (pen.width(bullet, size) if bullet else 0.0)
    spans = _spans(style, item)
    amounts = _amounts_beside(pen, style, item, column, tab, size)
    wide = max((pen.line_width(line, size) for line in amounts), default=0.0)
    right = column.right - size * 0.4
    if style.place == "right" and amounts:
        right -= wide + _GAP * size
    elif style.place == "tab":
        right = tab - _GAP * size
    lines: list[Line] = pen.wrap(spans, right - left, size)
    step = size * pen.leading
    first = len(lines) if style.place == "below" else 0
    if style.place == "right" and style.amount_line == "last":
        first = max(len(lines) - len(amounts), 0)
    if really:
        pen.text(start, top, bullet, size)
        for number, line in enumerate(lines):
            pen.draw_line(left, top + number * step, line, size)
        for number, line in enumerate(amounts):
            x = tab if style.place == "tab" else column.right - size * 0.4 - pen.line_width(line, size)
            pen.draw_line(x, top + (first + number) * step, line, size)
    height = max(len(lines), first + len(amounts)) * step
    return top + height + size * style.loose


def _amounts_beside(pen: Pen, style: JapaneseStyle, item: Item, column: _Column, tab: float, size: float) -> list[Line]:
    """Give the amounts that stand beside or below the name, on one line or one below the other, with a mark behind."""
    parts = _amount_parts(style, item.initial, item.supplementary, style.plain)
    if style.place in ("carried", "inline") or not parts:
        return []
    room = column.right - tab - size if style.place == "tab" else column.width * 0.42
    mark = pen.width(style.new, size) if item.is_new and style.new_place == "amount" else 0.0
    if sum(pen.width(part, size) for part in parts) + mark <= room or style.place == "below":
        parts = ["".join(parts)]
    lines = [[Span(part)] for part in parts]
    if item.is_new and style.new_place == "amount":
        lines[-1].append(Span(style.new, colour=_NEW_COLOUR if style.new_coloured else BLACK))
    return [tuple(line) for line in lines]
