"""Fictional Japanese budget slides: title, statement, stated figures and notes; the middle is drawn by layout."""

from __future__ import annotations

from typing import Any

from . import draw_budgets, japanese_areas, japanese_lists, japanese_table
from .content import BudgetSlide
from .fonts import JAPANESE_FAMILY
from .japanese_inventing import JapaneseContent, invent_japanese, japanese_truth
from .japanese_styles import AREAS, COLUMNS, LISTS, TABLE, JapaneseStyle, random_japanese_style
from .pen import BLACK, Paragraph, Pen, plain
from .sheet import Sheet, fit
from .styles import PAGES, PORTRAIT, Style, Wording, settled

_NOTE = "（注{number}）"
_WIDE_DIGITS = "０１２３４５６７８９"


def make_budget_slide_ja(seed: int, style: JapaneseStyle | None = None) -> tuple[bytes, dict[str, Any]]:
    """Make the Japanese slide that `seed` gives, in `style` or the seed's own: the PDF's bytes and its truth.

    The same arguments give the same bytes where the same font is found. Raises FontMissingError without a Japanese
    font, and DoesNotFitError for a style whose page cannot hold the content.
    """
    chosen = style or random_japanese_style(seed)
    content = invent_japanese(seed, chosen)
    pen = Pen(*(PAGES | PORTRAIT)[chosen.page], family=JAPANESE_FAMILY, leading=1.25)
    pen.canvas.setTitle(content.title)
    pen.canvas.setCreator("deck generator")
    base = _base_style(chosen)
    if chosen.layout == COLUMNS:
        stated = tuple(label + money.printed for label, _, _, money in content.stated)
        slide = BudgetSlide(stated, content.statement, content.categories, content.notes)
        draw_budgets.draw(_titled(pen, base, content, chosen, stated_beside=False), slide)
    else:
        _draw_with_notes(
            _titled(pen, base, content, chosen, stated_beside=chosen.stated == "box" and chosen.layout != LISTS),
            content,
            chosen,
        )
    pen.canvas.showPage()
    return pen.finish(), japanese_truth(content)


def _base_style(chosen: JapaneseStyle) -> Style:
    """Give the style of the English slides that comes nearest: it draws the lists in columns."""
    return settled(
        Style(
            page=chosen.page,
            family=JAPANESE_FAMILY,
            palette=chosen.palette,
            leading=1.25,
            body_size=11.0,
            frames=chosen.frames,
            category_head="band" if chosen.frames else "line",
            group_head="bold",
            group_mark=chosen.group_mark,
            item_bullet=chosen.bullet,
            new_coloured=chosen.new_coloured,
            amounts=chosen.amounts,
            tight="reserve" if chosen.amounts == "right" else "below",
            amount_line="first" if chosen.amounts == "columns" else "last",
            category_order=(0, 2, 1),
            stated="lines" if chosen.stated == "box" else "line",
            notes="column" if chosen.notes == "right" else "bottom",
            ministry=chosen.ministry,
            wording=Wording(chosen.new, "", "［", "］", "（注{number}）"),
        )
    )


def _titled(pen: Pen, base: Style, content: JapaneseContent, chosen: JapaneseStyle, *, stated_beside: bool) -> Sheet:
    """Give the title with a rule below, and at its right the stated figures where the style has them there."""
    width, height = pen.page_width, pen.page_height
    margin = width * 0.02
    size = height / 24
    small = height / 42
    lines = [label + money.printed for label, _, _, money in content.stated]
    room = width - 2 * margin
    if stated_beside:
        beside = max(pen.width(lines[0], small * 1.1, bold=True), pen.width(lines[1] + "※", small))
        room -= beside + small
    while pen.width(content.title, size, bold=True) > room:
        size *= 0.96
    top = height * 0.03
    pen.text(margin, top + small * 0.5, content.title, size, bold=True)
    end = top + size * 1.5
    if stated_beside:
        x = width - margin - beside
        pen.text(x, top * 0.4, lines[0], small * 1.1, bold=True)
        pen.text(x, top * 0.4 + small * 1.35, lines[1] + ("※" if content.marked_note else ""), small)
        after = top * 0.4 + small * 2.6
        if content.marked_note:
            pen.text(width - margin, after, f"※{content.marked_note}", small * 0.75, align="right")
            after += small
        end = max(end, after)
    pen.rule(0, end, width, end, chosen.palette.primary, 1.6)
    return Sheet(pen, base, margin, end + small * 0.4, width - margin, height * 0.975)


def _draw_with_notes(sheet: Sheet, content: JapaneseContent, chosen: JapaneseStyle) -> None:
    """Statement, stated figures where they have a line of their own, the layout's middle, notes."""
    drawers = {AREAS: japanese_areas.draw, TABLE: japanese_table.draw, LISTS: japanese_lists.draw}

    def layout(size: float, really: bool) -> float:
        pen = sheet.pen
        top = (
            pen.flow(
                sheet.left + size,
                sheet.top,
                sheet.width - 2 * size,
                [Paragraph(plain(content.statement))],
                size,
                draw=really,
            )
            + size * 0.4
        )
        if chosen.layout == LISTS:
            body = [Paragraph(plain(line, bold=True), centred=True) for line in _stated_texts(content, chosen)]
            top = pen.flow(sheet.left, top, sheet.width, body, size * 1.15, draw=really) + size * 0.5
        elif chosen.stated == "line":
            top = _stated_line(sheet, content, top, size, really)
        ends = drawers[chosen.layout](sheet, content, chosen, top, size, really)
        small = size * 0.72
        marked = [f"※　{content.marked_note}"] if content.marked_note and chosen.stated == "line" else []
        body = [
            Paragraph(plain(text))
            for text in (*marked, *(_numbered(n, text) for n, text in enumerate(content.notes, 1)))
        ]
        if chosen.notes == "right" and chosen.layout == AREAS:
            x = sheet.left + sheet.width / 2 + size
            return max(pen.flow(x, ends[-1] + size * 0.5, sheet.right - x, body, small, draw=really), *ends)
        return pen.flow(sheet.left, max(ends) + size * 0.4, sheet.width, body, small, draw=really)

    fit(layout, 14.0, sheet.bottom)


def _stated_texts(content: JapaneseContent, chosen: JapaneseStyle) -> list[str]:
    """Give the totals of a slide of lists: on a line each, behind each other, or the second in brackets."""
    one, other = ((label.rstrip("："), money.printed) for label, _, _, money in content.stated)
    if chosen.total == "sentence":
        return [f"{one[0]}　{one[1]}　　{other[0]}　{other[1]}"]
    if chosen.total == "brackets":
        return [f"{one[0]}　{one[1]}（{other[0]}　{other[1]}）"]
    return [f"{label}：{printed}" for label, printed in (one, other)]


def _numbered(number: int, text: str) -> str:
    return _NOTE.format(number=_WIDE_DIGITS[number]) + text


def _stated_line(sheet: Sheet, content: JapaneseContent, top: float, size: float, really: bool) -> float:
    lines = [label + money.printed for label, _, _, money in content.stated]
    if content.marked_note:
        lines[1] += "※"
    text = "　　".join(lines)
    if really:
        sheet.pen.text((sheet.left + sheet.right) / 2, top, text, size * 1.15, bold=True, colour=BLACK, align="centre")
    return top + size * 1.8
