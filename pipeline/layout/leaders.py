"""Dotted leaders: rows of dots that lead the eye from a name to its amount. They are furniture, and they end a segment."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from pipeline.model import Word

LEADER = frozenset(".…‥·・･⋯_")
"""Characters that leaders are made of."""

LEAST = 4
"""So many of them in a row make a leader; an ellipsis has three."""


def take_leaders(words: Sequence[Word]) -> tuple[list[list[Word]], list[Word]]:
    """The leaders among `words` (a list of words each, where the dots are spaced), and the other words."""
    dots = [w for w in words if LEADER.issuperset(w.text)]
    leaders: list[list[Word]] = []
    for word in sorted(dots, key=lambda w: (w.baseline, w.box.x0)):
        last = leaders[-1][-1] if leaders else None
        if (
            last is not None
            and abs(last.baseline - word.baseline) < 0.2 * word.size
            and abs(word.box.x0 - last.box.x1) < 1.5 * word.size
            and not _between(last, word, words)
        ):
            leaders[-1].append(word)
        else:
            leaders.append([word])
    kept = [group for group in leaders if _count(group) >= LEAST or _is_spaced_out(group)]
    taken = {w.number for group in kept for w in group}
    return kept, [w for w in words if w.number not in taken]


def _is_spaced_out(words: Sequence[Word]) -> bool:
    """Whether single dots stand apart from each other, as nothing but a leader has them."""
    return len(words) > 1 and all(word.text in ".·・" for word in words)


def _count(words: Iterable[Word]) -> int:
    # An ellipsis character stands for three dots, a two-dot leader for two.
    return sum({"…": 3, "⋯": 3, "‥": 2}.get(c, 1) for w in words for c in w.text)


def _between(left: Word, right: Word, words: Iterable[Word]) -> bool:
    return any(
        w is not left
        and w is not right
        and abs(w.baseline - left.baseline) < 0.2 * left.size
        and left.box.x1 <= w.box.centre <= right.box.x0
        for w in words
    )
