"""Glyphs into words, by where they stand and not by the order in which the file draws them.

Distances are multiples of the glyph's own size, so that the same slide at another scale gives the same words.
"""

from __future__ import annotations

from itertools import pairwise
from statistics import median_low
from typing import TYPE_CHECKING, NamedTuple

from pipeline.model import Box, Glyph, Word, union
from pipeline.tolerances import Tolerance

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

WORD_GAP = Tolerance(0.14, "gap between words", in_reading=True)
"""A gap wider than this part of the glyph size is a space. A printed space is 0.25 to 0.33 wide in common fonts and never
below 0.18 in condensed ones; kerning stays below 0.1."""

LETTER_SPACING = Tolerance(0.35, "letter spacing of words", in_reading=True)
"""Letters of one word are set apart by at most this part of their size, where a heading is letter-spaced."""

LEAST_LETTERS = 5
"""Letter-spacing is seen from so many gaps of one style on a line at least."""

SAME_PLACE = Tolerance(0.12, "distance of glyphs drawn twice", in_reading=True)
"""Two equal glyphs closer than this part of their size are one glyph drawn twice (a shadow, or a faked bold). No glyph
that is printed twice on purpose is narrower: a dot's advance is 0.25."""

SAME_BASELINE = Tolerance(0.2, "distance of baselines", in_reading=True)
"""Glyphs whose baselines differ by less than this part of their size stand on one line."""


class Character(NamedTuple):
    """One glyph with its style, before words are made. Coordinates as in `Box`.

    A tuple, because a deck has tens of thousands of them and none outlives the making of its words.
    """

    text: str
    x0: float
    top: float
    x1: float
    bottom: float
    baseline: float
    size: float
    font: str
    bold: bool
    colour: str | None


def without_doubles(characters: Iterable[Character]) -> list[Character]:
    """Each glyph once, where the file draws the same one several times at (nearly) the same place."""
    characters = list(characters)
    # Cells are as wide as the farthest reach, whatever a glyph's own size, so neighbours are at most one cell away.
    step = max((SAME_PLACE * c.size for c in characters), default=0.0) or 1.0
    kept: list[Character] = []
    cells: dict[tuple[str, int, int], list[Character]] = {}
    for c in characters:
        reach = SAME_PLACE * c.size
        text, column, row = c.text, int(c.x0 // step), int(c.baseline // step)
        near = [
            cells[text, i, j]
            for i in (column - 1, column, column + 1)
            for j in (row - 1, row, row + 1)
            if (text, i, j) in cells
        ]
        if near and any(
            abs(o.x0 - c.x0) <= reach and abs(o.baseline - c.baseline) <= reach and _alike(o, c)
            for cell in near
            for o in cell
        ):
            continue
        cells.setdefault((text, column, row), []).append(c)
        kept.append(c)
    return kept


def _alike(a: Character, b: Character) -> bool:
    return a.size == b.size or abs(a.size - b.size) <= SAME_PLACE * max(a.size, b.size)


def words_of(characters: Iterable[Character]) -> tuple[Word, ...]:
    """The words of a page, numbered line by line from the top and from left to right."""
    words: list[Word] = []
    for line in _lines(without_doubles(characters)):
        run: list[Character] = []
        spaced = True
        reached: Character | None = None
        spacing = _letter_spacing(line)
        for c in line:
            if c.text.isspace():
                if run:
                    words.append(_word(len(words), run, spaced))
                    run = []
                spaced = True
                continue
            gap = WORD_GAP * max(c.size, reached.size) if reached is not None else 0.0
            if spacing and reached is not None and _set_like(reached) == _set_like(c):
                gap += spacing.get(_set_like(c), 0.0)
            wide = reached is not None and c.x0 - reached.x1 > gap
            if run and (wide or not _same_style(run[-1], c) or _turns(run, c, line)):
                words.append(_word(len(words), run, spaced))
                run, spaced = [], wide
            elif not run and wide:
                spaced = True
            run.append(c)
            reached = c
        if run:
            words.append(_word(len(words), run, spaced))
    return tuple(words)


def _set_like(c: Character) -> tuple[str, float, str | None]:
    return c.font, round(c.size, 1), c.colour


def _letter_spacing(line: Sequence[Character]) -> dict[tuple[str, float, str | None], float]:
    """How far apart the letters of each style on a line are set, in points, where they are set apart at all.

    It is the usual gap between neighbours, which in ordinary text is next to nothing: a word space is the rarer one.
    """
    gaps: dict[tuple[str, float, str | None], list[float]] = {}
    for a, b in pairwise(line):
        if not a.text.isspace() and not b.text.isspace() and _set_like(a) == _set_like(b):
            gaps.setdefault(_set_like(a), []).append(b.x0 - a.x1)
    spacing = {style: median_low(found) for style, found in gaps.items() if len(found) >= LEAST_LETTERS}
    return {style: gap for style, gap in spacing.items() if 0 < gap <= LETTER_SPACING * style[1]}


def _lines(characters: Sequence[Character]) -> list[list[Character]]:
    """Runs of characters with (nearly) one baseline, from the top; within a run from left to right."""
    ordered = sorted(characters, key=lambda c: (c.baseline, c.x0, c.text))
    lines: list[list[Character]] = [ordered[:1]] if ordered else []
    for a, b in pairwise(ordered):
        if b.baseline - a.baseline > SAME_BASELINE * min(a.size, b.size):
            lines.append([])
        lines[-1].append(b)
    for line in lines:
        line.sort(key=lambda c: (c.x0, c.x1, c.text))
    return lines


LEADER_DOTS = frozenset(".…‥·・⋯_")
"""Characters that dotted leaders are made of; see `pipeline.layout.leaders`."""


def _turns(run: Sequence[Character], c: Character, line: Sequence[Character]) -> bool:
    """Whether a row of leader dots begins or ends here, so that "Name......4.0" comes apart."""
    dot, before = c.text in LEADER_DOTS, run[-1].text in LEADER_DOTS
    if dot == before:
        return False
    if before:
        return len(run) >= LEADER_RUN and all(r.text in LEADER_DOTS for r in run[-LEADER_RUN:])
    index = next(i for i, other in enumerate(line) if other is c)
    following = line[index : index + LEADER_RUN]
    if len(following) < LEADER_RUN or any(f.text not in LEADER_DOTS for f in following):
        return False
    # The full stop of "etc." touches its word and stands apart from the leader that follows it.
    first, second = (b.x0 - a.x1 for a, b in pairwise(following[:3]))
    return first <= WORD_GAP * c.size or first - second <= WORD_GAP * c.size


LEADER_RUN = 4
"""So many dots in a row are a leader; an ellipsis has three."""


def _same_style(a: Character, b: Character) -> bool:
    return a.bold == b.bold and a.colour == b.colour and _alike(a, b)


def _word(number: int, run: Sequence[Character], spaced: bool) -> Word:
    boxes = [Box(c.x0, c.top, c.x1, c.bottom) for c in run]
    return Word(
        number=number,
        text="".join(c.text for c in run),
        box=union(boxes),
        glyphs=tuple(Glyph(c.text, box) for c, box in zip(run, boxes, strict=True)),
        font=run[0].font,
        size=max(c.size for c in run),
        bold=run[0].bold,
        colour=run[0].colour,
        baseline=run[0].baseline,
        spaced=spaced,
    )
