"""Text that runs up or down the page, as labels of tall cells and axes do, or stands on its head: one word a line of it.

A reader turns the head; here the letters are turned into an upright frame, made into words there like any others, and
turned back. A line of turned text stays together in one word, spaces included, because nothing that reads a page line by
line from the top could put it in order again.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Literal

from pipeline.model import Box, Glyph, Word, union
from pipeline.reading.words import SAME_BASELINE, words_of
from pipeline.tolerances import Tolerance

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from pipeline.reading.characters import Characters

Turn = Literal["down", "over", "up"]
"""Which way the text runs."""

WORD_SPACE = Tolerance(0.85, "word space of turned", in_reading=True)
"""Words on one line of turned text are at most this part of their size apart; a wider gap parts two texts."""


def turned_words(characters: Mapping[Turn, Characters], page: Box, first: int) -> tuple[Word, ...]:
    """The words of the text that runs up or down, numbered from `first`. Coordinates as in `Box`."""
    words: list[Word] = []
    for turn, turned in sorted(characters.items()):
        for line in _lines(words_of(_upright(turned, turn, page))):
            words.append(_turned_back(line, turn, page, first + len(words)))
    return tuple(words)


def _upright(c: Characters, turn: Turn, page: Box) -> Characters:
    if turn == "down":
        x0, x1, top, bottom = c.top, c.bottom, page.x1 - c.x1, page.x1 - c.x0
    elif turn == "over":
        x0, x1, top, bottom = page.x1 - c.x1, page.x1 - c.x0, page.bottom - c.bottom, page.bottom - c.top
    else:
        x0, x1, top, bottom = page.bottom - c.bottom, page.bottom - c.top, c.x0, c.x1
    return replace(c, x0=x0, x1=x1, top=top, bottom=bottom, baseline=bottom, size=bottom - top)


def _back(box: Box, turn: Turn, page: Box) -> Box:
    if turn == "down":
        return Box(page.x1 - box.bottom, box.x0, page.x1 - box.top, box.x1)
    if turn == "over":
        return Box(page.x1 - box.x1, page.bottom - box.bottom, page.x1 - box.x0, page.bottom - box.top)
    return Box(box.top, page.bottom - box.x1, box.bottom, page.bottom - box.x0)


def _lines(words: Iterable[Word]) -> list[list[Word]]:
    """Words of one style that follow each other on one line."""
    lines: list[list[Word]] = []
    for word in words:
        last = lines[-1][-1] if lines else None
        if (
            last is not None
            and abs(last.baseline - word.baseline) < SAME_BASELINE * word.size
            and 0 <= word.box.x0 - last.box.x1 <= WORD_SPACE * word.size
            and (last.bold, last.colour, last.size) == (word.bold, word.colour, word.size)
        ):
            lines[-1].append(word)
        else:
            lines.append([word])
    return lines


def _turned_back(line: Sequence[Word], turn: Turn, page: Box, number: int) -> Word:
    glyphs: list[Glyph] = []
    for word in line:
        if glyphs and word.spaced:
            gap = Box(glyphs[-1].box.x1, word.box.top, word.box.x0, word.box.bottom)
            glyphs.append(Glyph(" ", gap))
        glyphs += word.glyphs
    placed = tuple(Glyph(g.text, _back(g.box, turn, page)) for g in glyphs)
    box = union(g.box for g in placed)
    text = "".join(g.text for g in placed)
    return replace(line[0], number=number, text=text, box=box, glyphs=placed, baseline=box.bottom, spaced=True)
