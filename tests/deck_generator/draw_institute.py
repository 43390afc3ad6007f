"""The institute: prose, the director's box, and two rosters in however many columns. Also a slide of unknown kind."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .pen import Paragraph, plain
from .sheet import Sheet, fit, head

if TYPE_CHECKING:
    from collections.abc import Sequence

    from .content import DeckContent, Statement

MINISTRIES_HEAD, ORGANIZATIONS_HEAD = "Relevant ministries :", "Related organizations :"


def draw(sheet: Sheet, content: DeckContent) -> None:
    """Draw the slide. Raises DoesNotFitError."""

    def layout(size: float, really: bool) -> float:
        top = _prose_and_director(sheet, content, size, really) + size
        for title, names, columns in (
            (MINISTRIES_HEAD, content.ministries, sheet.style.roster_columns),
            (ORGANIZATIONS_HEAD, content.organizations, sheet.style.organization_columns),
        ):
            top = (
                head(sheet, sheet.style.roster_head, title, sheet.left, top, sheet.width, size * 1.1, draw=really)
                + size * 0.3
            )
            top = _roster(sheet, names, columns, top, size, really) + size
        return top - size

    fit(layout, sheet.style.body_size + 5, sheet.bottom)


def draw_prose(sheet: Sheet, statement: Statement) -> None:
    """Give a slide of an unknown kind: bullets under the title."""

    def layout(size: float, really: bool) -> float:
        body = [
            Paragraph(plain(text), sheet.style.bullet, size, size * 1.3, size * 0.4) for text in statement.paragraphs
        ]
        return sheet.pen.flow(sheet.left, sheet.top, sheet.width, body, size, draw=really)

    fit(layout, sheet.style.body_size + 8, sheet.bottom)


def _prose_and_director(sheet: Sheet, content: DeckContent, size: float, really: bool) -> float:
    style, pen = sheet.style, sheet.pen
    body = [Paragraph(plain(text), style.bullet, 0.0, size * 1.3, size * 0.3) for text in content.institute]
    if style.director == "below":
        end = pen.flow(sheet.left, sheet.top, sheet.width, body, size, draw=really) + size * 0.7
        return _director(sheet, content.director, sheet.left, end, sheet.width, size, really)
    wide = sheet.width * 0.27
    gap = sheet.width * 0.03
    left = sheet.left + (wide + gap if style.director == "left" else 0.0)
    box_x = sheet.left if style.director == "left" else sheet.right - wide
    prose_end = pen.flow(left, sheet.top, sheet.width - wide - gap, body, size, draw=really)
    return max(prose_end, _director(sheet, content.director, box_x, sheet.top, wide, size * 0.9, really))


def _director(
    sheet: Sheet, director: Statement, x: float, top: float, width: float, size: float, really: bool
) -> float:
    pad = size * 0.5
    body = [Paragraph(plain(director.heading, bold=True)), *(Paragraph(plain(p)) for p in director.paragraphs)]
    end = sheet.pen.flow(x + pad, top + pad, width - 2 * pad, body, size, draw=really) + pad
    if really:
        sheet.pen.box(x, top, width, end - top, stroke=sheet.style.palette.primary)
    return end


def _roster(sheet: Sheet, names: Sequence[str], columns: int, top: float, size: float, really: bool) -> float:
    """Names in columns, one row's names starting on one line; filled by column or by row."""
    style, pen = sheet.style, sheet.pen
    rows = -(-len(names) // columns)
    gap = size * 2
    width = (sheet.width - gap * (columns - 1) - size) / columns
    for row in range(rows):
        places = [
            column * rows + row if style.roster_by_column else row * columns + column for column in range(columns)
        ]
        ends = [top]
        for column, place in enumerate(places):
            if place < len(names):
                # Without a bullet the lines of a wrapped name are told from the next name by the space between rows.
                entry = Paragraph(
                    plain(names[place]), style.roster_bullet, 0.0, size * 1.2 if style.roster_bullet else 0.0
                )
                ends.append(
                    pen.flow(sheet.left + size + column * (width + gap), top, width, [entry], size, draw=really)
                )
        top = max(ends) + size * 0.45
    return top
