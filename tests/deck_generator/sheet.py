"""A slide's fixed parts: title, page number, and the area between them that the slide's own content may fill."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from .pen import BLACK, Paragraph, Pen, Span, plain

if TYPE_CHECKING:
    from .styles import Style

_SMALLEST = 4.6
_STEP = 0.2

Layout = Callable[[float, bool], float]
"""Draws (or, without the flag, only measures) at a font size, and gives where the content ends."""


@dataclass(frozen=True)
class Sheet:
    """The area of one slide, in points from the top left corner."""

    pen: Pen
    style: Style
    left: float
    top: float
    right: float
    bottom: float

    @property
    def width(self) -> float:
        """The width of the area."""
        return self.right - self.left


class DoesNotFitError(ValueError):
    """The content does not fit the slide at a size that can be read: a defect of the style, not of the reader."""


def fit(layout: Layout, largest: float, bottom: float) -> float:
    """Draw at the largest size at which the content ends above `bottom`; gives that end. Raises DoesNotFitError."""
    size = largest
    while size >= _SMALLEST:
        if layout(size, False) <= bottom:
            return layout(size, True)
        size -= _STEP
    raise DoesNotFitError(
        f"the content ends at {layout(_SMALLEST, False):.0f}, below {bottom:.0f}, even at {_SMALLEST} points"
    )


def bulleted(
    texts: Iterable[str], bullet: str, size: float, *, indent: float = 0.0, before: float = 0.0
) -> list[Paragraph]:
    """One paragraph a text, each with the bullet in the margin, or with a hanging indent where there is none."""
    made = []
    for text in texts:
        hang = size * (1.2 if bullet else 0.0)
        made.append(Paragraph(plain(text), bullet, indent * size, hang, before))
    return made


def head(
    sheet: Sheet,
    kind: str,
    text: str,
    x: float,
    top: float,
    width: float,
    size: float,
    *,
    draw: bool,
    centred: bool = False,
) -> float:
    """Give a heading as a filled band, bold with a rule below, or bold alone; gives where what follows may start."""
    pen, palette = sheet.pen, sheet.style.palette
    lines = pen.wrap(plain(text, bold=True), width - size, size)
    height = len(lines) * size * pen.leading
    band = kind == "band"
    if draw and band:
        pen.box(x, top, width, height + size * 0.5, fill=palette.primary)
    for number, line in enumerate(lines):
        colour = palette.on_primary if band else (palette.primary if kind == "bold" else BLACK)
        inset = size * 0.5 if band else 0.0
        start = x + (width - pen.line_width(line, size)) / 2 if centred else x + inset
        if draw:
            coloured = tuple(Span(s.text, s.bold, colour) for s in line)
            pen.draw_line(start, top + (size * 0.25 if band else 0.0) + number * size * pen.leading, coloured, size)
    end = top + height + (size * 0.5 if band else size * 0.2)
    if draw and kind == "underline":
        pen.rule(x, end, x + width, end, palette.primary, 1.0)
    return end + size * 0.3


def start_slide(pen: Pen, style: Style, title: str, number: int, count: int) -> Sheet:
    """Draw the title and the page number of a slide; the page is ended by the caller."""
    width, height = pen.page_width, pen.page_height
    margin = width * 0.025
    palette = style.palette
    size = height / 21
    room = width - 2 * margin - 12
    lines = pen.wrap(plain(title, bold=True), room, size)
    while len(lines) > 1 and (style.title != "rule" or len(lines) > 2):
        size *= 0.95
        lines = pen.wrap(plain(title, bold=True), room, size)
    high = len(lines) * size * pen.leading
    top = height * 0.02
    inset = size * 0.35 if style.title == "band" else 0.0
    if style.title == "band":
        pen.box(0, top, width, high + 2 * inset, fill=palette.primary)
    colour = {"band": palette.on_primary, "rule": palette.primary, "plain": BLACK}[style.title]
    for row, line in enumerate(lines):
        x = (width - pen.line_width(line, size)) / 2 if style.title_centred else margin + 6
        pen.draw_line(x, top + inset + row * size * pen.leading, tuple(Span(s.text, True, colour) for s in line), size)
    end = top + high + 2 * inset
    if style.title == "rule":
        end += 3
        pen.rule(margin, end, width - margin, end, palette.second, 2.0)
    _page_number(pen, style, number, count)
    bottom = height - (height * 0.055 if style.page_number != "none" else height * 0.03)
    return Sheet(pen, style, margin, end + height * 0.02, width - margin, bottom)


def _page_number(pen: Pen, style: Style, number: int, count: int) -> None:
    if style.page_number == "none":
        return
    text = {"of": f"{number} / {count}", "dashes": f"- {number} -"}.get(style.page_number, str(number))
    x, align = (pen.page_width * 0.975, "right")
    if style.page_number in ("centre", "dashes"):
        x, align = pen.page_width / 2, "centre"
    pen.text(x, pen.page_height * 0.96, text, pen.page_height / 54, colour="#555555", align=align)
