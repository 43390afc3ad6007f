"""Text set sideways, such as the title of a chart's upright axis.

Its letters come one by one, each above the other, and wider than high. Whether it is read upwards or downwards cannot be
told from where they stand, so it is not put together: who takes it off the page says so.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipeline.tolerances import Tolerance

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from pipeline.model import Word

LYING = Tolerance(1.15, "lying of sideways")
"""A letter this many times as wide as high lies on its side: an upright one's box is as high as its font."""

LETTERS = 2
"""At most so many letters of a sideways text come as one word."""

LEAST = 3
"""So many letters one above the other are a text."""

CHAIN_GAP = Tolerance(1.0, "chain gap of sideways")
"""Letters of one text are nearer to each other than this many font sizes."""


def sideways_texts(words: Iterable[Word]) -> list[tuple[Word, ...]]:
    """The texts that are set sideways, each as its words from the top."""
    short = sorted((w for w in words if len(w.glyphs) <= LETTERS), key=lambda w: (w.box.top, w.box.x0))
    columns: list[list[Word]] = []
    for word in short:
        for column in columns:
            last = column[-1]
            if (
                abs(last.box.centre - word.box.centre) <= 0.5 * last.box.width
                and -0.5 * last.box.height <= word.box.top - last.box.bottom <= CHAIN_GAP * last.box.width
            ):
                column.append(word)
                break
        else:
            columns.append([word])
    return [tuple(column) for column in columns if _is_sideways(column)]


def _is_sideways(column: Sequence[Word]) -> bool:
    lying = sum(all(g.box.width >= LYING * g.box.height for g in w.glyphs) for w in column)
    return len(column) >= LEAST and 2 * lying > len(column)
