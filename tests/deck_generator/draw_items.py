"""One programme of the budget slide: its name over one or more lines, and where its amounts stand beside it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from .pen import BLACK, Line, Pen, Span

if TYPE_CHECKING:
    from collections.abc import Iterator

    from .content import Category, Item, Money
    from .styles import Style

_SAFETY_MARK = "▶"
_GAP = 1.2
"""The least space between a name and its amount, in font sizes."""
_WIDEST_RESERVED = 0.45
"""The largest share of a line that is kept free for an amount beside the name."""


@dataclass(frozen=True)
class Placed:
    """What is drawn of one item, relative to its left end and top: (x, y, line), and the height it takes."""

    texts: tuple[tuple[float, float, Line], ...]
    height: float


@dataclass(frozen=True)
class AmountColumns:
    """The widths of the two columns of amounts, where amounts have columns of their own."""

    initial: float
    supplementary: float


def bracketed(style: Style, amount: Money) -> str:
    """Give a supplementary amount as it is printed."""
    return f"{style.wording.opening}{amount.printed}{style.wording.closing}"


def amount_text(style: Style, initial: Money | None, supplementary: Money | None) -> str:
    """Both amounts as they are printed on one line; empty where there is none."""
    parts = ([initial.printed] if initial else []) + ([bracketed(style, supplementary)] if supplementary else [])
    return " ".join(parts)


def _leaves(categories: tuple[Category, ...]) -> Iterator[Item]:
    for category in categories:
        for group in category.groups:
            for item in group.items:
                yield item
                yield from item.children


def amount_columns(pen: Pen, style: Style, categories: tuple[Category, ...], size: float) -> AmountColumns:
    """Columns wide enough for every item's amounts."""
    items = list(_leaves(categories))
    return AmountColumns(
        max((pen.width(i.initial.printed, size) for i in items if i.initial), default=0.0),
        max((pen.width(bracketed(style, i.supplementary), size) for i in items if i.supplementary), default=0.0),
    )


def _name_spans(style: Style, item: Item) -> list[Span]:
    front, behind = _ministry(style, item)
    spans = [Span(front + item.name)] + ([Span(behind, solid=True)] if behind else [])
    if item.is_new and (style.new_place == "name" or not (item.initial or item.supplementary)):
        spans += _new_spans(style)
    return spans


def _ministry(style: Style, item: Item) -> tuple[str, str]:
    """Give what stands before and behind the name for the ministries that the item is printed with."""
    if not item.organizations:
        return "", ""
    listed = "・".join(item.organizations)
    return {
        "front": (f"【{listed}】", ""),
        "behind": ("", f"（{listed}）"),
        "behind-colon": ("", f"（{listed}：研究機関等）"),
    }[style.ministry]


def _new_spans(style: Style) -> list[Span]:
    mark = Span(style.wording.new, colour=style.palette.accent if style.new_coloured else BLACK, solid=True)
    return [Span(style.wording.space), mark] if style.wording.space else [mark]


def _amount_line(style: Style, item: Item) -> Line:
    spans = [Span(amount_text(style, item.initial, item.supplementary))]
    if item.is_new and style.new_place == "amount":
        spans += _new_spans(style)
    return tuple(spans)


@dataclass(frozen=True)
class _Frame:
    """Where one item's text runs: `x` of its lines, of its first line, and the right end, relative to the list."""

    x: float
    first_x: float
    right: float

    @property
    def width(self) -> float:
        return self.right - self.x


def place_item(
    pen: Pen, style: Style, item: Item, width: float, size: float, level: int, columns: AmountColumns | None
) -> Placed:
    """Place one item, without its children. `level` is 1 under an umbrella; `columns` are the amounts' own, if any."""
    bullet = style.sub_mark if level else style.item_bullet
    marks: list[tuple[float, float, Line]] = []
    start = size * (0.3 + 1.9 * level)
    prefix: list[Span] = []
    if item.is_ai_safety and style.safety == "instead" and bullet:
        bullet = _SAFETY_MARK
    elif item.is_ai_safety:
        prefix = [Span(f"{_SAFETY_MARK} ")]
    hang = size * (1.15 if bullet else 0.0)
    if bullet:
        marks.append((start, 0.0, (Span(bullet),)))
    # Without a bullet the first line stands out to the left, so that a reader sees where an item starts.
    later = start + hang if bullet else start + size * 1.3
    frame = _Frame(later, start + hang, width - size * 0.4)
    spans = prefix + _name_spans(style, item)
    if not (item.initial or item.supplementary):
        return _stack(pen, style, marks, frame, _wrapped(pen, spans, frame, frame.width, size), size)
    if columns:
        return _in_columns(pen, style, item, marks, frame, spans, size, columns)
    if style.amounts == "inline":
        return _inline(pen, style, item, marks, frame, spans, size)
    if style.amount_line == "last" and style.tight != "reserve":
        return _on_last_line(pen, style, item, marks, frame, spans, size)
    return _beside(pen, style, item, marks, frame, spans, size)


def _wrapped(pen: Pen, spans: list[Span], frame: _Frame, width: float, size: float) -> list[Line]:
    # A first line that stands out to the left is wrapped as if it had the room of the others: never too long.
    return pen.wrap(spans, min(width, frame.width), size)


def _stack(
    pen: Pen, style: Style, marks: list[tuple[float, float, Line]], frame: _Frame, lines: list[Line], size: float
) -> Placed:
    step = size * style.leading
    texts = [(frame.x if n else frame.first_x, n * step, line) for n, line in enumerate(lines)]
    return Placed((*marks, *texts), step * len(lines))


def _with(placed: Placed, extra: list[tuple[float, float, Line]], height: float | None = None) -> Placed:
    return Placed((*placed.texts, *extra), max(placed.height, height or 0.0))


def _glued(spans: list[Span], amount: Line, spaced: bool) -> list[Span]:
    """Name and amount as one run of text. A space stays where a reader could not tell where the one ends without it."""
    before, after = spans[-1].text[-1], amount[0].text[0]
    doubtful = before.isdigit() or (before.isalpha() and after.isalpha())
    space = [Span(" ")] if spaced or doubtful else []
    return [*spans, *space, *amount]


def _inline(
    pen: Pen,
    style: Style,
    item: Item,
    marks: list[tuple[float, float, Line]],
    frame: _Frame,
    spans: list[Span],
    size: float,
) -> Placed:
    run = _glued(spans, _amount_line(style, item), spaced=style.tight != "glue")
    return _stack(pen, style, marks, frame, _wrapped(pen, run, frame, frame.width, size), size)


def _on_last_line(
    pen: Pen,
    style: Style,
    item: Item,
    marks: list[tuple[float, float, Line]],
    frame: _Frame,
    spans: list[Span],
    size: float,
) -> Placed:
    amount = _amount_line(style, item)
    wide = pen.line_width(amount, size)
    lines = _wrapped(pen, spans, frame, frame.width, size)
    placed = _stack(pen, style, marks, frame, lines, size)
    start = frame.x if len(lines) > 1 else frame.first_x
    end = start + pen.line_width(lines[-1], size)
    step = size * style.leading
    if end + _GAP * size + wide <= frame.right:
        return _with(placed, _amount_at(pen, style, frame, amount, placed.height - step, end, size))
    if style.tight == "glue" and style.amounts == "right":
        run = _glued(spans, amount, spaced=False)
        return _stack(pen, style, marks, frame, _wrapped(pen, run, frame, frame.width, size), size)
    return _below(pen, style, item, placed, frame, size)


def _amount_at(
    pen: Pen, style: Style, frame: _Frame, amount: Line, y: float, name_end: float, size: float
) -> list[tuple[float, float, Line]]:
    """Give the amount at the right edge, with a leader from the name to it where the style has leaders."""
    x = frame.right - pen.line_width(amount, size)
    made = [(x, y, amount)]
    if style.amounts == "leaders":
        one = pen.width(style.leader * 10, size) / 10
        room = x - name_end - size * 0.7
        count = int(room / one)
        if count >= 2:
            text = (style.leader * count).rstrip()
            made.append((x - size * 0.35 - pen.width(text, size), y, (Span(text),)))
    return made


def _amount_lines(pen: Pen, style: Style, item: Item, most: float, size: float) -> list[Line]:
    """Give the amounts on one line, or one below the other where one line would be wider than `most`."""
    line = _amount_line(style, item)
    if pen.line_width(line, size) <= most or not (item.initial and item.supplementary):
        return [line]
    second = (Span(bracketed(style, item.supplementary)), *line[1:])
    return [(Span(item.initial.printed),), second]


def _below(pen: Pen, style: Style, item: Item, placed: Placed, frame: _Frame, size: float) -> Placed:
    """Give the amounts on lines of their own under the name, at the right edge."""
    step = size * style.leading
    lines = _amount_lines(pen, style, item, frame.width, size)
    extra = []
    for number, line in enumerate(lines):
        extra += _amount_at(pen, style, frame, line, placed.height + number * step, frame.x, size)
    return _with(placed, extra, placed.height + step * len(lines))


def _row_of_amount(style: Style, name_lines: int, amount_lines: int) -> float:
    """Which line of the name the amount's first line stands on; a half where it is centred between two."""
    spare = max(name_lines - amount_lines, 0)
    return {"first": 0.0, "middle": spare / 2, "last": float(spare)}[style.amount_line]


def _beside(
    pen: Pen,
    style: Style,
    item: Item,
    marks: list[tuple[float, float, Line]],
    frame: _Frame,
    spans: list[Span],
    size: float,
) -> Placed:
    """Give the name wrapped so that the amount has room at its right."""
    amounts = _amount_lines(pen, style, item, frame.width * _WIDEST_RESERVED, size)
    wide = max(pen.line_width(line, size) for line in amounts)
    if wide > frame.width * 0.6:
        placed = _stack(pen, style, marks, frame, _wrapped(pen, spans, frame, frame.width, size), size)
        return _below(pen, style, item, placed, frame, size)
    lines = _wrapped(pen, spans, frame, frame.width - wide - _GAP * size, size)
    placed = _stack(pen, style, marks, frame, lines, size)
    step = size * style.leading
    row = _row_of_amount(style, len(lines), len(amounts))
    extra = [(frame.right - pen.line_width(line, size), (row + n) * step, line) for n, line in enumerate(amounts)]
    return _with(placed, extra, step * len(amounts))


def _in_columns(
    pen: Pen,
    style: Style,
    item: Item,
    marks: list[tuple[float, float, Line]],
    frame: _Frame,
    spans: list[Span],
    size: float,
    columns: AmountColumns,
) -> Placed:
    gap = _GAP * size
    lines = _wrapped(pen, spans, frame, frame.width - columns.initial - columns.supplementary - 2 * gap, size)
    placed = _stack(pen, style, marks, frame, lines, size)
    y = _row_of_amount(style, len(lines), 1) * size * style.leading
    extra: list[tuple[float, float, Line]] = []
    for amount, right in (
        (item.initial.printed if item.initial else "", frame.right - columns.supplementary - gap),
        (bracketed(style, item.supplementary) if item.supplementary else "", frame.right),
    ):
        if amount:
            extra.append((right - pen.width(amount, size), y, (Span(amount),)))
    return _with(placed, extra)
