"""The budget slide: categories with their groups and items in two or three columns, stated figures, notes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from .draw_items import AmountColumns, Placed, amount_columns, amount_text, place_item
from .pen import BLACK, Paragraph, Span, plain
from .sheet import Sheet, fit

if TYPE_CHECKING:
    from .content import BudgetSlide, Category, Group

_WIDE = 1
"""The category whose list is long enough to run on into the next column."""


@dataclass(frozen=True)
class _Block:
    """A category, or the part of one that stands in one column: with its header, or continued without."""

    category: Category
    groups: tuple[Group, ...]
    headed: bool


def draw(sheet: Sheet, content: BudgetSlide) -> None:
    """Draw the slide. Raises DoesNotFitError."""

    def layout(size: float, really: bool) -> float:
        top = _preamble(sheet, content, size, really) + size * 0.6
        columns = (
            amount_columns(sheet.pen, sheet.style, content.categories, size)
            if sheet.style.amounts == "columns"
            else None
        )
        gap = size * 1.6
        width = (sheet.width - gap * (sheet.style.columns - 1)) / sheet.style.columns
        ends = []
        for number, blocks in enumerate(_packed(sheet, content, width, size, columns)):
            end = top
            for block in blocks:
                end = _draw_block(sheet, block, sheet.left + number * (width + gap), end, width, size, columns, really)
                end += size * 0.9
            ends.append(end)
        return _notes(sheet, content, ends, width, gap, size, really)

    fit(layout, sheet.style.body_size, sheet.bottom)


def _preamble(sheet: Sheet, content: BudgetSlide, size: float, really: bool) -> float:
    """Stated figures and the statement, in the style's order; gives where they end."""
    style, pen = sheet.style, sheet.pen
    lines = content.stated
    large = size * 1.35
    statement = [Paragraph(plain(content.statement))]
    if style.stated == "box":
        wide = max(pen.width(line, large * 0.9, bold=True) for line in lines) + large
        pad = large * 0.4
        body = [Paragraph(plain(line, bold=True, colour=style.palette.accent)) for line in lines]
        end = pen.flow(sheet.right - wide + pad, sheet.top + pad, wide, body, large * 0.9, draw=really) + pad
        if really:
            pen.box(sheet.right - wide, sheet.top, wide, end - sheet.top, stroke=style.palette.accent)
        return max(
            end, pen.flow(sheet.left, sheet.top, sheet.width - wide - size * 2, statement, size * 1.1, draw=really)
        )

    def stated(top: float) -> float:
        if style.stated == "lines":
            body = [Paragraph(plain(line, bold=True, colour=style.palette.accent), centred=True) for line in lines]
            return pen.flow(sheet.left, top, sheet.width, body, large, draw=really) + size * 0.3
        wide = sum(pen.width(line, large, bold=True) for line in lines) + large * 1.5
        x = sheet.left + (sheet.width - wide) / 2
        for line in lines:
            if really:
                pen.text(x, top, line, large, bold=True, colour=style.palette.accent)
            x += pen.width(line, large, bold=True) + large * 1.5
        return top + large * 1.4

    def prose(top: float) -> float:
        return pen.flow(sheet.left, top, sheet.width, statement, size * 1.1, draw=really) + size * 0.3

    return stated(prose(sheet.top)) if style.statement_first else prose(stated(sheet.top))


def _group_spans(sheet: Sheet, group: Group) -> tuple[Span, ...]:
    style = sheet.style
    mark = style.group_mark
    colour = style.palette.accent if style.group_head == "colour" else BLACK
    text = f"【{group.name}】" if mark == "【】" else group.name
    front = (Span(f"{mark} ", True, colour),) if mark not in ("", "【】") else ()
    return (*front, Span(text, True, colour, style.group_head == "underline"))


def _placed_items(sheet: Sheet, group: Group, width: float, size: float, columns: AmountColumns | None) -> list[Placed]:
    return [
        place_item(sheet.pen, sheet.style, one, width, size, level, columns)
        for item in group.items
        for level, one in ((0, item), *((1, child) for child in item.children))
    ]


def _groups_height(
    sheet: Sheet, groups: tuple[Group, ...], width: float, size: float, columns: AmountColumns | None
) -> float:
    return _draw_groups(sheet, groups, 0.0, 0.0, width, size, columns, really=False)


def _draw_groups(
    sheet: Sheet,
    groups: tuple[Group, ...],
    x: float,
    top: float,
    width: float,
    size: float,
    columns: AmountColumns | None,
    *,
    really: bool,
) -> float:
    pen = sheet.pen
    for number, group in enumerate(groups):
        head = [Paragraph(_group_spans(sheet, group), before=size * (0.5 if number else 0.0))]
        top = pen.flow(x, top, width, head, size, draw=really)
        for placed in _placed_items(sheet, group, width, size, columns):
            for dx, dy, line in placed.texts if really else ():
                pen.draw_line(x + dx, top + dy, line, size)
            top += placed.height
    return top


def _header(sheet: Sheet, category: Category, x: float, top: float, width: float, size: float, really: bool) -> float:
    """Give the category's name and amounts; gives where its list may start."""
    pen, style = sheet.pen, sheet.style
    kind, palette = style.category_head, style.palette
    large = size * 1.15
    pad = large * 0.5
    filled = kind == "band"
    colour = palette.on_primary if filled else palette.primary
    inset = pad if kind in ("band", "rounded") else (large * 0.9 if kind == "bar" else 0.0)
    room = width - inset - (pad if kind in ("band", "rounded") else 0.0)
    amount = amount_text(style, category.initial, category.supplementary)
    amount_width = pen.width(amount, large, bold=True)
    names = pen.wrap(plain(category.name, bold=True, colour=colour), room, large)
    name_width = pen.line_width(names[-1], large)
    own_line = name_width + 2 * large + amount_width > room
    lines = len(names) + own_line
    height = lines * large * pen.leading + large * 0.5
    if really:
        if filled or kind == "rounded":
            pen.box(
                x,
                top,
                width,
                height,
                fill=palette.primary if filled else None,
                stroke=palette.primary,
                radius=0 if filled else large * 0.5,
            )
        elif kind == "bar":
            pen.box(x, top + large * 0.1, large * 0.4, height - large * 0.2, fill=palette.primary)
        else:
            pen.rule(x, top + height - large * 0.1, x + width, top + height - large * 0.1, palette.primary, 1.2)
        first = top + large * 0.25
        for number, line in enumerate(names):
            pen.draw_line(x + inset, first + number * large * pen.leading, line, large)
        right_aligned = own_line or style.category_amount == "right"
        amount_x = x + inset + room - amount_width if right_aligned else x + inset + name_width + 1.6 * large
        pen.text(amount_x, first + (lines - 1) * large * pen.leading, amount, large, bold=True, colour=colour)
    return top + height


def _draw_block(
    sheet: Sheet,
    block: _Block,
    x: float,
    top: float,
    width: float,
    size: float,
    columns: AmountColumns | None,
    really: bool,
) -> float:
    style = sheet.style
    start = _header(sheet, block.category, x, top, width, size, really) if block.headed else top
    framed = style.frames
    pad = size * 0.4 if framed else 0.0
    inner = width - 2 * pad
    begin = start + (pad if framed or not block.headed else size * 0.3)
    end = _draw_groups(sheet, block.groups, x + pad, begin, inner, size, columns, really=really) + pad
    if really and framed:
        gap = size * 0.2 if style.category_head in ("rounded", "line", "bar") and block.headed else 0.0
        sheet.pen.box(x, start + gap, width, end - start - gap, stroke=style.palette.primary)
    return end


def _packed(
    sheet: Sheet, content: BudgetSlide, width: float, size: float, columns: AmountColumns | None
) -> list[list[_Block]]:
    """Give the blocks of each column."""
    style = sheet.style
    ordered = [(index == _WIDE, content.categories[index]) for index in style.category_order]
    if style.columns == 3:
        return [[_Block(category, category.groups, True)] for _, category in ordered]
    heights = [_groups_height(sheet, c.groups, width, size, columns) + size * 3.4 for _, c in ordered]
    target = sum(heights) * style.share
    first: list[_Block] = []
    second: list[_Block] = []
    waiting: list[_Block] = []
    filled = 0.0
    for (wide, category), height in zip(ordered, heights, strict=True):
        if second or filled >= target:
            second.append(_Block(category, category.groups, True))
        elif filled + height <= target * 1.08:
            first.append(_Block(category, category.groups, True))
        elif wide:
            cut = _cut(sheet, category, target - filled, width, size, columns)
            first.append(_Block(category, category.groups[:cut], True))
            waiting = [_Block(category, category.groups[cut:], False)]
            filled = target
            continue
        else:
            (first if target - filled > height / 2 or not first else second).append(
                _Block(category, category.groups, True)
            )
        filled += height
    return [first, second + waiting if style.overflow == "below" else waiting + second]


def _cut(
    sheet: Sheet, category: Category, room: float, width: float, size: float, columns: AmountColumns | None
) -> int:
    """After how many groups the category is best cut so that the first part takes about `room`; at least one stays."""
    sizes = {
        n: _groups_height(sheet, category.groups[:n], width, size, columns) + size * 3.4
        for n in range(1, len(category.groups))
    }
    return min(sizes, key=lambda n: abs(sizes[n] - room))


def _notes(
    sheet: Sheet, content: BudgetSlide, ends: list[float], width: float, gap: float, size: float, really: bool
) -> float:
    pen, style = sheet.pen, sheet.style
    small = max(size * 0.86, 4.2)
    numbered = [(style.wording.note.format(number=number), text) for number, text in enumerate(content.notes, 1)]
    if style.notes == "column":
        x, top, wide = sheet.left + (style.columns - 1) * (width + gap), ends[-1] + size * 0.5, width
    else:
        x, top, wide = sheet.left, max(ends) + size * 0.3, sheet.width
    if style.notes == "footnote":
        if really:
            pen.rule(x, top, x + sheet.width * 0.3, top, BLACK, 0.5)
        top += small * 0.4
        hang = pen.width(style.wording.note.format(number=4), small)
        for mark, text in numbered:
            if really:
                pen.text(x, top, mark.strip(), small)
            top = pen.flow(x + hang, top, wide - hang, [Paragraph(plain(text))], small, draw=really)
        return max(top, *ends)
    body = [Paragraph(plain(mark + text)) for mark, text in numbered]
    return max(pen.flow(x, top, wide, body, small, draw=really), *ends)
