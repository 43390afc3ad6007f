"""Pages typed in a type of equally wide letters, for tests of what stands where: each letter is half as wide as it is high."""

from __future__ import annotations

from dataclasses import dataclass

from pipeline.model import Box, Glyph, Page, Panel, Rule, Word

SIZE = 10.0
LETTER = 5.0
SPACE = 3.0


@dataclass(frozen=True)
class Typed:
    """A line of text from its left end and top, in points. `space` is as wide as its spaces are."""

    x: float
    top: float
    text: str
    bold: bool = False
    colour: str = "#000000"
    space: float = SPACE
    size: float = SIZE


def page_of(lines: list[Typed], panels: tuple[Panel, ...] = (), rules: tuple[Rule, ...] = ()) -> Page:
    """The page with these lines on it."""
    words: list[Word] = []
    for line in lines:
        x, letter = line.x, LETTER * line.size / SIZE
        for n, part in enumerate(line.text.split()):
            boxes = [
                Box(x + letter * i, line.top, x + letter * (i + 1), line.top + line.size) for i in range(len(part))
            ]
            glyphs = tuple(Glyph(c, box) for c, box in zip(part, boxes, strict=True))
            box = Box(x, line.top, boxes[-1].x1, line.top + line.size)
            baseline = line.top + 0.8 * line.size
            words.append(
                Word(len(words), part, box, glyphs, "Sans", line.size, line.bold, line.colour, baseline, n > 0)
            )
            x = box.x1 + line.space
    return Page(1, 720, 540, tuple(words), rules, panels)
