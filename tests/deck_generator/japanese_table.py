"""A ruled table: a row a category, a group or an item; initial and supplementary budget in columns of their own."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from .japanese_areas import ministry_front, name_spans
from .japanese_inventing import JapaneseContent, reiwa
from .pen import Paragraph, Span, plain

if TYPE_CHECKING:
    from .content import Item, Money
    from .japanese_styles import JapaneseStyle
    from .sheet import Sheet

_PADDING = 0.55
"""The free space above and below a row's text together, in font sizes."""


@dataclass(frozen=True)
class _Row:
    """A row: what stands in the first column, with its indent and bullet, and the two amounts."""

    spans: tuple[Span, ...]
    bullet: str
    indent: float
    initial: str
    supplementary: str
    kind: str


def draw(
    sheet: Sheet, content: JapaneseContent, style: JapaneseStyle, top: float, size: float, really: bool
) -> list[float]:
    """Give the table over the slide's width; gives where it ends."""
    pen = sheet.pen
    rows = _rows(content, style)
    if style.caption:
        rows = [_bare(row, style.unit) for row in rows]
        total = tuple(money.printed.replace(style.unit, "") for _, _, _, money in content.stated)
        rows.append(_Row(plain("合計", bold=True), "", 0.0, total[0], total[1], "category"))
    heads = (f"令和{reiwa(content.year, style)}年度当初", f"令和{reiwa(content.year - 1, style)}年度補正")
    pad = size * 0.5
    widths = [
        max(pen.width(t, size, bold=True) for t in (head, *amounts)) + 2 * pad
        for head, amounts in ((heads[0], [r.initial for r in rows]), (heads[1], [r.supplementary for r in rows]))
    ]
    edges = [sheet.left, sheet.right - widths[0] - widths[1], sheet.right - widths[1], sheet.right]
    if style.caption:
        if really:
            pen.text(sheet.right, top, f"（単位：{style.unit}）", size * 0.9, align="right")
        top += size * 1.2
    start = top
    top = _head(sheet, edges, heads, top, size, really)
    for row in rows:
        hang = pen.width(row.bullet, size)
        paragraph = Paragraph(row.spans, row.bullet, row.indent * size, hang)
        inner = edges[1] - edges[0] - 2 * pad
        height = pen.flow(0, 0, inner, [paragraph], size, draw=False) + size * _PADDING
        if really:
            if row.kind == "category":
                pen.box(edges[0], top, sheet.width, height, fill=style.palette.tint)
            pen.flow(edges[0] + pad, top + size * _PADDING * 0.55, inner, [paragraph], size)
            middle = top + (height - size * pen.leading) / 2 + size * 0.07
            for text, right in ((row.initial, edges[2]), (row.supplementary, edges[3])):
                pen.text(right - pad, middle, text, size, bold=row.kind == "category", align="right")
            pen.rule(edges[0], top, edges[3], top, style.palette.primary, 0.8 if row.kind == "category" else 0.4)
        top += height
    if really:
        pen.rule(edges[0], top, edges[3], top, style.palette.primary)
        for x in edges if style.grid == "full" else ():
            pen.rule(x, start, x, top, style.palette.primary, 0.6)
    return [top]


def _bare(row: _Row, unit: str) -> _Row:
    """A row as it stands under a caption with the unit: bare numbers, and a dash where an item has no amount."""
    empty = "" if row.kind == "group" else "－"
    amounts = (text.replace(unit, "").strip("［］") or empty for text in (row.initial, row.supplementary))
    return _Row(row.spans, row.bullet, row.indent, *amounts, row.kind)


def _head(sheet: Sheet, edges: list[float], heads: tuple[str, str], top: float, size: float, really: bool) -> float:
    pen, palette = sheet.pen, sheet.style.palette
    height = size * 1.6
    if really:
        pen.box(edges[0], top, edges[3] - edges[0], height, fill=palette.primary)
        for text, x0, x1 in (
            ("施策名", edges[0], edges[1]),
            (heads[0], edges[1], edges[2]),
            (heads[1], edges[2], edges[3]),
        ):
            pen.text((x0 + x1) / 2, top + size * 0.3, text, size, bold=True, colour=palette.on_primary, align="centre")
    return top + height


def _rows(content: JapaneseContent, style: JapaneseStyle) -> list[_Row]:
    rows = []
    for category in content.categories:
        rows.append(
            _Row(
                plain(category.name, bold=True),
                "",
                0.0,
                _printed(category.initial),
                _bracketed(category.supplementary),
                "category",
            )
        )
        for group in category.groups:
            quoted = style.group_mark == "【】"
            text = f"【{group.name}】" if quoted else group.name
            rows.append(_Row(plain(text, bold=True), "" if quoted else style.group_mark, 0.5, "", "", "group"))
            rows += [_item(style, item) for item in group.items]
    return rows


def _item(style: JapaneseStyle, item: Item) -> _Row:
    return _Row(
        tuple(name_spans(style, item)),
        ministry_front(style, item),
        1.5,
        _printed(item.initial),
        _bracketed(item.supplementary),
        "item",
    )


def _printed(money: Money | None) -> str:
    return money.printed if money else ""


def _bracketed(money: Money | None) -> str:
    return f"［{money.printed}］" if money else ""
