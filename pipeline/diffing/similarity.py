"""How alike two rows are: their names or texts, where they stand, their flags and their amounts.

Words that many rows of a table share ("project", "promotion", 推進) say little about which row it is. So a word weighs
as much as it is rare in the two tables compared, and nothing is known in advance about any language or deck.
"""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pipeline.diffing.folding import fold, fold_years, numbers, tokens

if TYPE_CHECKING:
    from collections.abc import Sequence
    from decimal import Decimal

    import numpy as np
    from numpy.typing import NDArray

    Matrix = NDArray[np.float64]

NAME_SHARE = 0.8
"""The share of the name in a score; the rest is what place, flags and amounts say."""


@dataclass(frozen=True, slots=True)
class Subject:
    """What is compared of one row: the folded name, the places it stands in, flags, and amounts by budget.

    `marked_new` is None where it says nothing: in the earlier of two editions, or where the order is not known.
    `signature` is the row's content and orders subjects the same way wherever they stand.
    """

    name: str
    year: int | None
    places: tuple[str, ...]
    flags: tuple[str, ...]
    marked_new: bool | None
    amounts: frozenset[tuple[str, Decimal, str]]
    signature: str


def folded(value: object) -> str:
    """The folded text of a cell; an empty cell is empty text."""
    return "" if value is None else fold(str(value))


def folded_as_years_go_on(subject: Subject) -> str | None:
    """The name with its years written relative to the edition's own; None where that is not known."""
    return None if subject.year is None else fold_years(subject.name, subject.year)


def differing_numbers(one: Subject, two: Subject) -> list[str]:
    """The numbers that only one of the two names has, sorted.

    A year that moved along with the edition is no difference.
    """
    left, right = numbers(one.name), numbers(two.name)
    rolled = [numbers(text) for s in (one, two) if (text := folded_as_years_go_on(s)) is not None]
    if left == right or (len(rolled) == 2 and rolled[0] == rolled[1]):
        return []
    return sorted(((left - right) + (right - left)).elements())


def context(one: Subject, two: Subject) -> tuple[float, list[str]]:
    """How well what stands around the names agrees, 0 to 1, and what agrees, in words.

    Amounts speak only where one is the same: programmes keep their names more often than their budgets.
    """
    votes: list[float] = []
    said: list[str] = []
    if one.places:
        same = sum(a == b for a, b in zip(one.places, two.places, strict=True))
        votes.append(same / len(one.places))
        said.append("same place" if same == len(one.places) else "partly same place" if same else "other place")
    if one.flags:
        votes.append(sum(a == b for a, b in zip(one.flags, two.flags, strict=True)) / len(one.flags))
        if one.flags != two.flags:
            said.append("other flags")
    for marked in (one.marked_new, two.marked_new):
        if marked is not None:
            votes.append(0.0 if marked else 1.0)
            if marked:
                said.append("marked as new")
    if one.amounts & two.amounts:
        votes.append(1.0)
        said.append("same amount")
    return (sum(votes) / len(votes) if votes else 1.0), said


class Weights:
    """The weight of each word of a table: the rarer in the rows of either edition, the heavier."""

    def __init__(self, old: Sequence[Subject], new: Sequence[Subject]) -> None:
        frequency = [Counter(t for s in side for t in set(tokens(s.name))) for side in (old, new)]
        rows = max(len(old), len(new), 1)
        self._weight = {
            token: math.log1p(rows / max(frequency[0][token], frequency[1][token]))
            for token in frequency[0] | frequency[1]
        }

    def name_similarities(self, ones: Sequence[Subject], twos: Sequence[Subject]) -> Matrix:
        """The similarity of each of `ones` to each of `twos`, 0 to 1, to four digits.

        The mean of two opinions: the weighted share of words in common (Dice), and the characters in common in order
        (rapidfuzz's normalised indel similarity), which forgives an inflected or slightly changed word.
        """
        import numpy as np
        from rapidfuzz import fuzz
        from rapidfuzz.process import cdist

        if not ones or not twos:
            return np.zeros((len(ones), len(twos)))
        left, right = [self._occurrences(s) for s in ones], [self._occurrences(s) for s in twos]
        vocabulary = {word: i for i, word in enumerate(sorted({w for side in (left, right) for r in side for w in r}))}
        weight = np.array([self._weight[word[0]] for word in vocabulary]) if vocabulary else np.zeros(0)
        a, b = _incidence(left, vocabulary), _incidence(right, vocabulary)
        shared = (a * weight) @ b.T
        total = (a @ weight)[:, None] + (b @ weight)[None, :]
        words = np.divide(2 * shared, total, out=np.zeros_like(shared), where=total > 0)
        names = [s.name for s in ones], [s.name for s in twos]
        characters = cdist(*names, scorer=fuzz.ratio, dtype=np.float64, workers=1) / 100
        similarities: Matrix = np.round((words + characters) / 2, 4)
        return similarities

    @staticmethod
    def _occurrences(subject: Subject) -> list[tuple[str, int]]:
        """Each word with the count of its occurrence, so that a word standing twice counts twice."""
        seen: Counter[str] = Counter()
        found: list[tuple[str, int]] = []
        for token in tokens(subject.name):
            found.append((token, seen[token]))
            seen[token] += 1
        return found


def _incidence(rows: Sequence[Sequence[tuple[str, int]]], vocabulary: dict[tuple[str, int], int]) -> Matrix:
    import numpy as np

    matrix = np.zeros((len(rows), len(vocabulary)))
    for i, row in enumerate(rows):
        for word in row:
            matrix[i, vocabulary[word]] = 1.0
    return matrix
