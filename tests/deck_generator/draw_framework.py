"""The policy framework: boxes of prose at the top, pillars of grouped measures below."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .pen import BLACK, Paragraph, Span, plain
from .sheet import Sheet, fit, head

if TYPE_CHECKING:
    from .content import DeckContent, Pillar, Statement


def draw(sheet: Sheet, content: DeckContent) -> None:
    """Draw the slide. Raises DoesNotFitError."""

    def layout(size: float, really: bool) -> float:
        top = _boxes(sheet, content.top_statements, sheet.top, size, really)
        top = _box(sheet, content.council, sheet.left, top, sheet.width, None, size, really) + size * 0.8
        return _pillars(sheet, content.pillars, top, size, really)

    fit(layout, sheet.style.body_size + 2, sheet.bottom)


def _box_height(sheet: Sheet, statement: Statement, width: float, size: float) -> float:
    return _box(sheet, statement, 0, 0, width, None, size, False)


def _box(
    sheet: Sheet,
    statement: Statement,
    x: float,
    top: float,
    width: float,
    height: float | None,
    size: float,
    really: bool,
) -> float:
    """One statement with its heading inside its box or as a band above it."""
    pen, style = sheet.pen, sheet.style
    pad = size * 0.5
    banded = style.top_heading == "band"
    body = [Paragraph(plain(p)) for p in statement.paragraphs]
    if not banded:
        body.insert(0, Paragraph(plain(statement.heading, bold=True)))
    start = top
    if banded:
        start = head(sheet, "band", statement.heading, x, top, width, size, draw=really) - size * 0.3
    end = pen.flow(x + pad, start + pad, width - 2 * pad, body, size, draw=False) + pad
    end = max(end, top + height if height else end)
    if really:
        if style.top_frames:
            pen.box(
                x, start, width, end - start, fill=None if banded else style.palette.tint, stroke=style.palette.primary
            )
        pen.flow(x + pad, start + pad, width - 2 * pad, body, size)
    return end


def _boxes(sheet: Sheet, statements: tuple[Statement, ...], top: float, size: float, really: bool) -> float:
    gap = size * 0.8
    if sheet.style.top == "stack":
        for statement in statements:
            top = _box(sheet, statement, sheet.left, top, sheet.width, None, size, really) + gap
        return top
    # A grid has the last box beside the two others, which stand one below the other.
    if sheet.style.top == "grid":
        width = (sheet.width - 2 * gap) / 2
        middle = _box(sheet, statements[0], sheet.left, top, width, None, size, really) + gap
        left = _box(sheet, statements[1], sheet.left, middle, width, None, size, really)
        right = _box(sheet, statements[2], sheet.left + width + 2 * gap, top, width, None, size, really)
        return max(left, right) + gap
    width = (sheet.width - gap * 2 * (len(statements) - 1)) / len(statements)
    height = max(_box_height(sheet, s, width, size) for s in statements)
    for number, statement in enumerate(statements):
        _box(sheet, statement, sheet.left + number * (width + 2 * gap), top, width, height, size, really)
    return top + height + gap


def _measures(sheet: Sheet, pillar: Pillar, size: float) -> list[Paragraph]:
    style = sheet.style
    made: list[Paragraph] = []
    for group in pillar.groups:
        if group.name:
            colour = style.palette.accent if style.measure_group == "colour" else BLACK
            span = Span(group.name, True, colour, style.measure_group == "underline")
            made.append(Paragraph((span,), before=size * 0.35))
        for measure in group.measures:
            made.append(Paragraph(plain(measure.text), style.bullet, size * 0.5, size * 1.2))
            hang = size * 1.1 if style.sub_mark else 0.0
            made.extend(Paragraph(plain(child), style.sub_mark, size * 2.9, hang) for child in measure.children)
    return made


def _pillars(sheet: Sheet, pillars: tuple[Pillar, ...], top: float, size: float, really: bool) -> float:
    pen, style = sheet.pen, sheet.style
    stacked = style.framework == "stacked"
    gap = size * 1.6
    width = sheet.width if stacked else (sheet.width - gap * (len(pillars) - 1)) / len(pillars)
    x, ends = sheet.left, []
    for pillar in pillars:
        start = head(
            sheet,
            style.pillar_head,
            pillar.name,
            x,
            top,
            width,
            size * 1.15,
            draw=really,
            centred=style.pillar_head == "band",
        )
        pad = size * 0.5
        end = pen.flow(x + pad, start, width - 2 * pad, _measures(sheet, pillar, size), size, draw=really) + pad
        if really and style.frames:
            pen.box(x, start - size * 0.35, width, end - start + size * 0.35, stroke=style.palette.primary)
        ends.append(end)
        if stacked:
            top = end + size * 0.6
        else:
            x += width + gap
    return max(ends)
