"""Drawing on a slide from its top left corner: lines of styled text, wrapped paragraphs, boxes and rules."""

from __future__ import annotations

import itertools
import re
import unicodedata
from dataclasses import dataclass, field, replace
from functools import lru_cache
from io import BytesIO
from typing import TYPE_CHECKING

from reportlab.lib.colors import HexColor
from reportlab.pdfgen.canvas import Canvas

from . import fonts
from .styles import DOT

if TYPE_CHECKING:
    from collections.abc import Sequence

BLACK = "#111111"
_ASCENT = 0.80
"""The baseline's distance below the top of a line, in font sizes."""
_DOT_WIDTH = 0.36
"""The width of a drawn bullet, in font sizes."""
_COMPOUND = re.compile(r"(?<=[a-z]{3}-)(?=[a-z]{3})")
HYPHENATED = {
    word.replace("-", ""): word.split("-")[0]
    for word in (
        "infor-mation",
        "infra-structure",
        "develop-ment",
        "techno-logies",
        "inter-national",
        "collabor-ation",
        "pro-motion",
        "univer-sities",
        "demon-stration",
        "govern-ments",
        "commun-ities",
        "measure-ments",
        "evalu-ation",
        "operat-ors",
    )
}
"""Words that may be broken at a line's end, with their first half."""


@dataclass(frozen=True)
class Span:
    """A stretch of text in one style. A span follows the one before it without a space unless it has one.

    A `solid` one is not broken inside, even where its script has no spaces.
    """

    text: str
    bold: bool = False
    colour: str = BLACK
    underline: bool = False
    solid: bool = False


Line = tuple[Span, ...]


@dataclass(frozen=True)
class Paragraph:
    """Text with a bullet in the margin: `indent` is where the bullet stands, `hang` how far the text is behind it."""

    spans: tuple[Span, ...]
    bullet: str = ""
    indent: float = 0.0
    hang: float = 0.0
    before: float = 0.0
    bullet_colour: str = BLACK
    centred: bool = False


@dataclass
class Pen:
    """A canvas that measures downwards. `hyphenate` is none, soft or hard.

    `breakable` has for each word that may be hyphenated the one text in which it may.
    """

    page_width: float
    page_height: float
    family: str
    leading: float
    hyphenate: str = "none"
    break_compounds: bool = True
    ligatures: bool = False
    breakable: dict[str, str] = field(default_factory=dict)
    buffer: BytesIO = field(default_factory=BytesIO)
    _wrapped: dict[tuple[Line, float, float], list[Line]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.canvas = Canvas(self.buffer, pagesize=(self.page_width, self.page_height), invariant=1, pageCompression=1)

    def finish(self) -> bytes:
        """Give the PDF's bytes."""
        self.canvas.save()
        return self.buffer.getvalue()

    def ink(self, text: str) -> str:
        """Give `text` as it is drawn: with ligatures where the style has them and the font draws them."""
        if self.ligatures and fonts.can_draw("ﬁﬂ", self.family):
            return text.replace("fi", "ﬁ").replace("fl", "ﬂ")
        return text

    def width(self, text: str, size: float, bold: bool = False) -> float:
        """Give the width of `text` in points."""
        if text == DOT:
            return size * _DOT_WIDTH
        return fonts.width(self.ink(text), self.family, bold, size)

    def line_width(self, line: Line, size: float) -> float:
        """Give the width of a line in points."""
        return sum(self.width(span.text, size, span.bold) for span in line)

    def text(
        self,
        x: float,
        top: float,
        text: str,
        size: float,
        *,
        bold: bool = False,
        colour: str = BLACK,
        align: str = "left",
    ) -> None:
        """One piece of text, its line's top at `top`; `x` is its left end, middle or right end as `align` says."""
        wide = self.width(text, size, bold)
        x -= {"left": 0.0, "centre": wide / 2, "right": wide}[align]
        self.canvas.setFillColor(HexColor(colour))
        if text == DOT:
            radius = size * _DOT_WIDTH / 2
            self.canvas.circle(x + radius, self.page_height - top - size * 0.55, radius, stroke=0, fill=1)
            return
        # A font without a bold face is made bold as office programs do it: filled and outlined.
        outlined = bold and fonts.faces(self.family)[0] == fonts.faces(self.family)[1]
        if outlined:
            self.canvas.setStrokeColor(HexColor(colour))
            self.canvas.setLineWidth(size / 30)
        for part, font in fonts.runs(self.ink(text), self.family, bold):
            self.canvas.setFont(font, size)
            self.canvas.drawString(x, self.page_height - top - _ASCENT * size, part, mode=2 if outlined else 0)
            x += self.canvas.stringWidth(part, font, size)

    def draw_line(self, x: float, top: float, line: Line, size: float) -> float:
        """Give a line of spans; gives the x where it ends."""
        for span in line:
            wide = self.width(span.text, size, span.bold)
            self.text(x, top, span.text, size, bold=span.bold, colour=span.colour)
            if span.underline:
                self.rule(x, top + 0.94 * size, x + wide, top + 0.94 * size, span.colour, max(size / 16, 0.4))
            x += wide
        return x

    def box(
        self,
        x: float,
        top: float,
        width: float,
        height: float,
        *,
        fill: str | None = None,
        stroke: str | None = None,
        radius: float = 0.0,
        thick: float = 0.8,
    ) -> None:
        """Draw a rectangle, filled, framed or both, with round corners where there is a radius."""
        if stroke:
            self.canvas.setStrokeColor(HexColor(stroke))
            self.canvas.setLineWidth(thick)
        if fill:
            self.canvas.setFillColor(HexColor(fill))
        y = self.page_height - top - height
        if radius:
            self.canvas.roundRect(x, y, width, height, radius, stroke=bool(stroke), fill=bool(fill))
        else:
            self.canvas.rect(x, y, width, height, stroke=bool(stroke), fill=bool(fill))

    def rule(self, x0: float, top0: float, x1: float, top1: float, colour: str = BLACK, thick: float = 0.8) -> None:
        """Draw a straight line between two points."""
        self.canvas.setStrokeColor(HexColor(colour))
        self.canvas.setLineWidth(thick)
        self.canvas.line(x0, self.page_height - top0, x1, self.page_height - top1)

    def _hyphenation(self, piece: Line, text: str, room: float, size: float) -> tuple[Span, Span] | None:
        """Give the piece broken inside its word, where that word may be broken in this text and the first half fits."""
        if self.hyphenate == "none" or len(piece) != 1:
            return None
        word = piece[0].text.rstrip(" ,.)")
        head = HYPHENATED.get(word)
        if head is None or self.breakable.get(word, "\0") not in text:
            return None
        first = replace(piece[0], text=head + ("\u00ad" if self.hyphenate == "soft" else "-"))
        if self.width(first.text, size, first.bold) > room:
            return None
        return first, replace(piece[0], text=piece[0].text[len(head) :])

    def wrap(self, spans: Sequence[Span], width: float, size: float) -> list[Line]:
        """Give the spans in lines of at most `width`."""
        asked = tuple(spans), width, size
        if asked not in self._wrapped:
            self._wrapped[asked] = self._wrap(*asked)
        return list(self._wrapped[asked])

    def _wrap(self, spans: Line, width: float, size: float) -> list[Line]:
        text = "".join(span.text for span in spans)
        lines: list[list[Span]] = [[]]
        used = 0.0
        for rest, ending in _pieces(spans, self.break_compounds):
            if lines[-1] and used + self.line_width(ending, size) > width + 0.01:
                broken = self._hyphenation(rest, text, width - used, size)
                if broken:
                    lines[-1].append(broken[0])
                    rest = (broken[1],)
                lines.append([])
                used = 0.0
            lines[-1] += rest
            used += self.line_width(rest, size)
        return [_trimmed(line) for line in lines]

    def flow(
        self, x: float, top: float, width: float, paragraphs: Sequence[Paragraph], size: float, *, draw: bool = True
    ) -> float:
        """Give the paragraphs below one another; gives where they end. Without `draw` only the end is computed."""
        step = size * self.leading
        for paragraph in paragraphs:
            top += paragraph.before
            left = x + paragraph.indent
            if draw and paragraph.bullet:
                self.text(left, top, paragraph.bullet, size, colour=paragraph.bullet_colour)
            left += paragraph.hang
            room = width - (left - x)
            for line in self.wrap(paragraph.spans, room, size):
                if draw:
                    start = left + (room - self.line_width(line, size)) / 2 if paragraph.centred else left
                    self.draw_line(start, top, line, size)
                top += step
        return top


_NO_START = "、。，．）」』】］〕・ー〜：；！？ぁぃぅぇぉっゃゅょァィゥェォッャュョ々"
_NO_END = "（「『【［〔"
_NUMBER = "0123456789０１２３４５６７８９.,．，"
"""What is not broken between two of them: a number stays whole, as office programs keep it."""


@lru_cache(maxsize=2**16)
def _pieces(spans: Line, break_compounds: bool) -> tuple[tuple[Line, Line], ...]:
    """Give the stretches between which a line may break, words and the halves of compounds, each also as it ends a line.

    A slide is measured at many sizes before it is drawn, so what does not depend on the size is kept.
    """
    pieces: list[list[Span]] = [[]]
    for span in spans:
        if span.solid:
            if unicodedata.east_asian_width(span.text[0]) in "WF":
                pieces.append([])
            pieces[-1].append(span)
            continue
        for token in re.split(r"(?<= )(?=\S)", span.text):
            cut = [
                part
                for half in (_COMPOUND.split(token) if break_compounds else [token])
                for part in spaceless_pieces(half)
            ]
            for number, part in enumerate(cut, 1):
                pieces[-1].append(replace(span, text=part))
                if part.endswith(" ") or number < len(cut):
                    pieces.append([])
    return tuple((tuple(piece), _trimmed(piece)) for piece in pieces if piece)


def spaceless_pieces(token: str) -> list[str]:
    """Cut where a script without spaces may be broken: not before a closing sign nor after an opening one."""
    pieces = [token[:1]]
    for before, after in itertools.pairwise(token):
        wide = any(unicodedata.east_asian_width(c) in "WF" for c in (before, after))
        number = before in _NUMBER and after in _NUMBER
        if wide and not number and after not in _NO_START and before not in _NO_END:
            pieces.append(after)
        else:
            pieces[-1] += after
    return pieces


def _trimmed(line: Sequence[Span]) -> Line:
    """Give the line without the spaces at its end, neighbouring spans of one style joined."""
    joined = [
        replace(first, text="".join([first.text, *(span.text for span in more)]))
        for _, (first, *more) in itertools.groupby(line, _look)
    ]
    while joined and not joined[-1].text.strip():
        joined.pop()
    if joined:
        joined[-1] = replace(joined[-1], text=joined[-1].text.rstrip())
    return tuple(joined)


def _look(span: Span) -> tuple[bool, str, bool, bool]:
    return span.bold, span.colour, span.underline, span.solid


def plain(text: str, *, bold: bool = False, colour: str = BLACK, underline: bool = False) -> tuple[Span, ...]:
    """One span as the spans of a paragraph."""
    return (Span(text, bold, colour, underline),)
