"""Justified lines: words that only justification sets as far apart as if they stood in columns of their own.

All spaces of such a line are equally wide, and another line of its paragraph begins where it does. Words of a table's cells
may be equally far apart as well; those begin where others do, above or below them.
"""

from __future__ import annotations

from collections import defaultdict
from itertools import pairwise
from typing import TYPE_CHECKING

from pipeline.tolerances import Tolerance

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from pipeline.model import Word

WIDEST = Tolerance(4.0, "space of a justified line")
"""Justification stretches a space to so many font sizes at most: narrow columns are hardly ever justified."""

SAME_SPACE = Tolerance(0.03, "same space of a justified line")
"""The spaces of a justified line differ by less than this part of the font size."""

SAME_START = Tolerance(0.1, "same start of justified lines")
"""What starts within this many font sizes of each other starts at one edge."""

NEXT_LINE = Tolerance(2.2, "pitch of a justified paragraph")
"""The next line of a paragraph is at most this many font sizes away."""


def whole_lines(runs: list[list[Word]], is_divided: Callable[[Word, Word], bool]) -> list[list[Word]]:
    """The runs of words, in their order; one that goes on with another is put at that one's end, which is changed.

    `is_divided` says whether a wall stands between two words.
    """
    lines: dict[float, list[list[Word]]] = defaultdict(list)
    for run in runs:
        lines[round(run[0].baseline, 1)].append(run)
    moved: set[int] = set()
    for line in lines.values():
        if len(line) == 1:
            continue
        line.sort(key=lambda run: run[0].box.x0)
        spaces = [b.box.x0 - a.box.x1 for a, b in pairwise([word for run in line for word in run])]
        whole = line[0]
        for run in line[1:]:
            if _goes_on(whole, run, spaces, runs) and not is_divided(whole[-1], run[0]):
                whole += run
                moved.add(id(run))
            else:
                whole = run
    return [run for run in runs if id(run) not in moved]


def _goes_on(
    line: Sequence[Word], run: Sequence[Word], spaces: Iterable[float], runs: Iterable[Sequence[Word]]
) -> bool:
    last, first = line[-1], run[0]
    space, size = first.box.x0 - last.box.x1, first.size
    return (
        0 < space <= WIDEST * size
        and last.size == size
        and sum([abs(other - space) <= SAME_SPACE * size for other in spaces]) > 1
        and _is_prose(last)
        and _is_prose(first)
        and not any(o is not run and abs(o[0].box.x0 - first.box.x0) <= SAME_START * size for o in runs)
        and _has_line_near(line, runs)
    )


def _has_line_near(line: Sequence[Word], runs: Iterable[Sequence[Word]]) -> bool:
    """Whether another line right above or below begins where the text of this one does."""
    word = next((w for w in line if any(c.isalnum() for c in w.text)), line[0])
    return any(
        0.5 * word.size < abs(o[0].baseline - word.baseline) <= NEXT_LINE * word.size
        and abs(o[0].box.x0 - word.box.x0) <= SAME_START * word.size
        for o in runs
    )


def _is_prose(word: Word) -> bool:
    """Whether a word is one of a running text, and not a figure, a label or a script without spaces."""
    return any(c.islower() for c in word.text) and not any(c.isdigit() for c in word.text)
