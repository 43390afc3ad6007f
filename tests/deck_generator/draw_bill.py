"""The outline of the bill: a table with merged cells as a full grid, with horizontal rules only, or zebra-striped."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .pen import Paragraph, plain
from .sheet import Sheet, fit, head

if TYPE_CHECKING:
    from .content import BillRow, DeckContent

_PART = "Outline of the bill"


def draw(sheet: Sheet, content: DeckContent) -> None:
    """Draw the slide. Raises DoesNotFitError."""

    def layout(size: float, really: bool) -> float:
        top = _necessity(sheet, content.necessity, sheet.top, size, really)
        top = _rows(sheet, content.bill_rows, top, size, really) + size
        return _below(sheet, content.bill_box, top, size, really)

    fit(layout, sheet.style.body_size + 3, sheet.bottom)


def _columns(sheet: Sheet) -> tuple[float, float]:
    """Where the section column and the text column start."""
    part = sheet.width * 0.13 if sheet.style.bill_part else 0.0
    return sheet.left + part, sheet.left + part + sheet.width * 0.17


def _cell(
    sheet: Sheet,
    x: float,
    top: float,
    width: float,
    paragraphs: list[Paragraph],
    size: float,
    height: float,
    really: bool,
) -> float:
    """Give a cell's paragraphs, centred over the row's height; gives the height that they need."""
    pad = size * 0.45
    need = sheet.pen.flow(0, 0, width - 2 * pad, paragraphs, size, draw=False) + 2 * pad
    if really:
        sheet.pen.flow(x + pad, top + (height - need) / 2 + pad, width - 2 * pad, paragraphs, size)
    return need


def _shade(sheet: Sheet, x: float, top: float, width: float, height: float) -> None:
    sheet.pen.box(x, top, width, height, fill=sheet.style.palette.tint)


def _frame(sheet: Sheet, x: float, top: float, width: float, height: float) -> None:
    sheet.pen.box(x, top, width, height, stroke=sheet.style.palette.primary)


def _necessity(sheet: Sheet, row: BillRow, top: float, size: float, really: bool) -> float:
    """Give the first row: two cells side by side and a conclusion below them, all under one heading."""
    style, pen = sheet.style, sheet.pen
    text_x = _columns(sheet)[1]
    half = (sheet.right - text_x) / 2
    cells = [[Paragraph(plain(text), centred=style.bill == "grid")] for text in row.provisions]
    cells[2] = [Paragraph(plain(row.provisions[2], bold=True), centred=style.bill == "grid")]
    # Where no line parts the two cells, a gap must.
    inner = half if style.bill == "grid" else half - 2 * size
    high = max(_cell(sheet, 0, 0, inner, cell, size, 0, False) for cell in cells[:2])
    low = _cell(sheet, 0, 0, 2 * half, cells[2], size, 0, False)
    if really:
        if style.bill == "grid":
            _shade(sheet, sheet.left, top, text_x - sheet.left, high + low)
            _frame(sheet, sheet.left, top, text_x - sheet.left, high + low)
            _frame(sheet, text_x, top, half, high)
            _frame(sheet, text_x + half, top, half, high)
            _frame(sheet, text_x, top + high, 2 * half, low)
        elif style.bill == "rules":
            pen.rule(sheet.left, top, sheet.right, top, style.palette.primary)
            pen.rule(text_x, top + high, sheet.right, top + high, style.palette.primary, 0.4)
        else:
            _shade(sheet, sheet.left, top, sheet.width, high + low)
        label = [Paragraph(plain(row.section, bold=True))]
        _cell(sheet, sheet.left, top, text_x - sheet.left, label, size, high + low, True)
        _cell(sheet, text_x, top, inner, cells[0], size, high, True)
        _cell(sheet, text_x + half, top, inner, cells[1], size, high, True)
        _cell(sheet, text_x, top + high, 2 * half, cells[2], size, low, True)
    return top + high + low


def _paragraphs(sheet: Sheet, row: BillRow, size: float) -> list[Paragraph]:
    if not row.bulleted:
        return [Paragraph(plain(text)) for text in row.provisions]
    return [Paragraph(plain(text), sheet.style.bullet, size * 0.3, size * 1.2) for text in row.provisions]


def _rows(sheet: Sheet, rows: tuple[BillRow, ...], top: float, size: float, really: bool) -> float:
    style, pen = sheet.style, sheet.pen
    section_x, text_x = _columns(sheet)
    width = sheet.right - text_x
    start = top
    for number, row in enumerate(rows):
        label = [Paragraph(plain(row.section, bold=True))]
        body = _paragraphs(sheet, row, size)
        needs = (
            _cell(sheet, 0, 0, text_x - section_x, label, size, 0, False),
            _cell(sheet, 0, 0, width, body, size, 0, False),
        )
        height = max(needs)
        if really:
            if style.bill == "grid":
                _shade(sheet, section_x, top, text_x - section_x, height)
                _frame(sheet, section_x, top, text_x - section_x, height)
                _frame(sheet, text_x, top, width, height)
            elif style.bill == "rules":
                pen.rule(section_x if number else sheet.left, top, sheet.right, top, style.palette.primary)
            elif number % 2:
                _shade(sheet, section_x, top, sheet.right - section_x, height)
            _cell(sheet, section_x, top, text_x - section_x, label, size, height, True)
            _cell(sheet, text_x, top, width, body, size, height, True)
        top += height
    if really and style.bill == "rules":
        pen.rule(sheet.left, top, sheet.right, top, style.palette.primary)
    if really and style.bill_part:
        part = [Paragraph(plain(_PART, bold=True))]
        if style.bill == "grid":
            _shade(sheet, sheet.left, start, section_x - sheet.left, top - start)
            _frame(sheet, sheet.left, start, section_x - sheet.left, top - start)
        _cell(sheet, sheet.left, start, section_x - sheet.left, part, size, top - start, True)
    return top


def _below(sheet: Sheet, row: BillRow, top: float, size: float, really: bool) -> float:
    pen, style = sheet.pen, sheet.style
    pad = size * 0.5
    start = head(sheet, "bold", row.section, sheet.left + pad, top + pad, sheet.width - 2 * pad, size * 1.1, draw=False)
    body = _paragraphs(sheet, row, size)
    end = pen.flow(sheet.left + pad, start, sheet.width - 2 * pad, body, size, draw=False) + pad
    if really:
        fill = style.palette.tint if style.bill == "grid" else None
        pen.box(sheet.left, top, sheet.width, end - top, fill=fill, stroke=style.palette.primary)
        head(sheet, "bold", row.section, sheet.left + pad, top + pad, sheet.width - 2 * pad, size * 1.1, draw=True)
        pen.flow(sheet.left + pad, start, sheet.width - 2 * pad, body, size)
    return end
