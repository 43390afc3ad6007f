"""Which row of one edition is which row of the other.

Pairing is one-to-one: what a person confirmed, then equal keys with equal names, then equal names, then the assignment
that is best over the whole rest of the table. What is not sure enough is proposed, not made. The result does not
depend on the order of the rows, nor on which edition is called old: work is done in an orientation that the content
decides.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Literal

from pipeline.diffing.similarity import (
    NAME_SHARE,
    Subject,
    Weights,
    context,
    differing_numbers,
    folded_as_years_go_on,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from pipeline.diffing.similarity import Matrix

Method = Literal["confirmed", "key", "name", "similarity"]

# Measured on three editions of one deck (58, 57 and 58 programmes, 9 renames between them): with place, flags and marks
# alike, names of a renamed programme score at least 0.88 and names of two different ones at most 0.68, families of
# siblings aside, which have a rule of their own (see `_nearest_sibling`). The threshold lies midway.
NAME_THRESHOLD = 0.77
# Prose is edited more freely than names, and two paragraphs of one slide share little.
TEXT_THRESHOLD = 0.62
PROPOSAL_THRESHOLD = 0.55
# What an equal key adds when rows compete for a partner.
KEY_PREFERENCE = 0.25


@dataclass(frozen=True, slots=True)
class Pair:
    """Two rows, by their index in either list, that are one; with the score (0 to 1) and what it rests on."""

    old: int
    new: int
    method: Method
    score: Decimal
    reason: str


@dataclass(frozen=True, slots=True)
class Pairing:
    """The pairs made, and those only proposed."""

    made: tuple[Pair, ...]
    proposed: tuple[Pair, ...] = ()


@dataclass(frozen=True, slots=True)
class Side:
    """The rows of one edition: their keys (written in the old edition's terms on both sides), and what to compare."""

    keys: Sequence[object]
    subjects: Sequence[Subject]


def pair_by_key(
    old: Sequence[object], new: Sequence[object], signatures: tuple[Sequence[str], Sequence[str]]
) -> Pairing:
    """Rows with equal keys. A key of None has no partner. Rows that share a key are paired in the order of content."""
    made = [Pair(i, j, "key", Decimal(1), "same key") for i, j in _matched(old, new, signatures)]
    return Pairing(tuple(sorted(made, key=lambda p: p.new)))


def pair_by_name(
    old: Side,
    new: Side,
    *,
    prose: bool = False,
    years_roll: bool = False,
    confirmed: Iterable[tuple[int, int]] = (),
    rejected: Iterable[tuple[int, int]] = (),
) -> Pairing:
    """The best one-to-one pairing of rows that have a name.

    `prose` says that the name is a text in which a changed number is an edit; `years_roll` that a year which moves
    along with the edition leaves the name equal. `confirmed` and `rejected` pairs (indices) are made, and neither made
    nor proposed, without looking further.
    """
    task = _Task(old, new, frozenset(rejected))
    for i, j in confirmed:
        task.make(i, j, "confirmed", Decimal(1), "confirmed by a person")
    task.equal("key", "same key and name", lambda side, i: (side.keys[i], side.subjects[i].name))
    task.equal("name", "same name and place", lambda side, i: (side.subjects[i].name, side.subjects[i].places))
    task.equal("name", "same name", lambda side, i: side.subjects[i].name)
    if years_roll:
        task.equal(
            "name", "same but for years that moved along", lambda side, i: folded_as_years_go_on(side.subjects[i])
        )
    proposed = task.similar(TEXT_THRESHOLD if prose else NAME_THRESHOLD, prose=prose)
    return Pairing(tuple(sorted(task.made, key=lambda p: p.new)), tuple(sorted(proposed, key=lambda p: (p.new, p.old))))


def _matched(
    old: Sequence[object], new: Sequence[object], signatures: tuple[Sequence[str], Sequence[str]]
) -> list[tuple[int, int]]:
    """Indices of equal values, one-to-one; several equal ones are matched in the order of their rows' content."""
    places: tuple[dict[object, list[int]], dict[object, list[int]]] = (defaultdict(list), defaultdict(list))
    for side, values in enumerate((old, new)):
        for i, value in enumerate(values):
            if value is not None:
                places[side][value].append(i)
    found: list[tuple[int, int]] = []
    for value, ones in places[0].items():
        twos = places[1].get(value, [])
        in_order = sorted(ones, key=lambda i: signatures[0][i]), sorted(twos, key=lambda j: signatures[1][j])
        found.extend(zip(*in_order, strict=False))
    return found


class _Task:
    """One table being paired: what is left on either side, and what was made."""

    def __init__(self, old: Side, new: Side, rejected: frozenset[tuple[int, int]]) -> None:
        self.old, self.new, self.rejected = old, new, rejected
        self.left = set(range(len(old.keys))), set(range(len(new.keys)))
        self.made: list[Pair] = []

    def make(self, i: int, j: int, method: Method, score: Decimal, reason: str) -> None:
        self.left[0].remove(i)
        self.left[1].remove(j)
        self.made.append(Pair(i, j, method, score, reason))

    def equal(self, method: Method, reason: str, value: Callable[[Side, int], object]) -> None:
        """Make the pairs of rows whose `value` is equal."""
        ones, twos = sorted(self.left[0]), sorted(self.left[1])
        signatures = (
            [self.old.subjects[i].signature for i in ones],
            [self.new.subjects[j].signature for j in twos],
        )
        values = [value(self.old, i) for i in ones], [value(self.new, j) for j in twos]
        for a, b in _matched(values[0], values[1], signatures):
            if (ones[a], twos[b]) not in self.rejected:
                self.make(ones[a], twos[b], method, Decimal(1), reason)

    def similar(self, threshold: float, *, prose: bool) -> list[Pair]:
        """Make the best assignment of what is left; give back the pairs to propose."""
        if not self.left[0] or not self.left[1]:
            return []
        turned = self._content(1) < self._content(0)
        first, second = (self.new, self.old) if turned else (self.old, self.new)
        left = (self.left[1], self.left[0]) if turned else self.left
        ones = sorted(left[0], key=lambda i: (first.subjects[i].signature, i))
        twos = sorted(left[1], key=lambda j: (second.subjects[j].signature, j))
        rejected = frozenset((j, i) for i, j in self.rejected) if turned else self.rejected
        found = _assign(_Candidates(first, second, ones, twos, rejected, prose=prose), threshold)
        for kind, i, j, score, reason in found:
            a, b = (j, i) if turned else (i, j)
            if kind != "proposed":
                self.make(a, b, kind, score, reason)
        return [
            Pair(*((j, i) if turned else (i, j)), "similarity", score, reason)
            for kind, i, j, score, reason in found
            if kind == "proposed"
        ]

    def _content(self, side: Literal[0, 1]) -> list[str]:
        rows = (self.old, self.new)[side]
        return sorted(rows.subjects[i].signature for i in self.left[side])


@dataclass(frozen=True, slots=True)
class _Candidates:
    """What is left of two tables, in the order of content, for the assignment to choose from."""

    first: Side
    second: Side
    ones: list[int]
    twos: list[int]
    rejected: frozenset[tuple[int, int]]
    prose: bool


@dataclass(frozen=True, slots=True)
class _Option:
    """What could be said of one pair of candidates. `weight` is what it counts in the assignment."""

    kind: Literal["key", "similarity", "proposed"]
    weight: float
    score: Decimal
    reason: str


_Found = tuple[Literal["key", "similarity", "proposed"], int, int, Decimal, str]


def _assign(candidates: _Candidates, threshold: float) -> list[_Found]:
    """The assignment with the largest sum of scores among the pairs sure enough, then proposals from the rest."""
    import numpy as np

    ones, twos = candidates.ones, candidates.twos
    options = _options(candidates, threshold)
    sure, possible = np.zeros((len(ones), len(twos))), np.zeros((len(ones), len(twos)))
    for place, option in options.items():
        (possible if option.kind == "proposed" else sure)[place] = option.weight
    found = _best(sure)
    for a, b in found:
        possible[a, :] = 0
        possible[:, b] = 0
    chosen = [(options[a, b], ones[a], twos[b]) for a, b in [*found, *_best(possible)]]
    return [(option.kind, i, j, option.score, option.reason) for option, i, j in chosen]


def _options(candidates: _Candidates, threshold: float) -> dict[tuple[int, int], _Option]:
    """What can be said of each pair of candidates that is worth a word, by their places in the two lists."""
    c = candidates
    ones, twos = [c.first.subjects[i] for i in c.ones], [c.second.subjects[j] for j in c.twos]
    weights = Weights(c.first.subjects, c.second.subjects)
    names = weights.name_similarities(ones, twos)
    nearest = _nearest_sibling(weights, ones, c.first.subjects), _nearest_sibling(weights, twos, c.second.subjects)
    options: dict[tuple[int, int], _Option] = {}
    for a, i in enumerate(c.ones):
        for b, j in enumerate(c.twos):
            name, same_key = float(names[a, b]), c.first.keys[i] == c.second.keys[j]
            # Even if all else agreed, it could not be proposed.
            hopeless = NAME_SHARE * name + (1 - NAME_SHARE) < PROPOSAL_THRESHOLD
            if (i, j) in c.rejected or (hopeless and not same_key):
                continue
            doubts = [] if c.prose else _number_doubts(ones[a], twos[b])
            if name <= max(nearest[0][a], nearest[1][b]):
                doubts.append("no nearer than to another row of the same edition")
            option = _option(ones[a], twos[b], name, doubts, threshold, same_key=same_key)
            if option:
                options[a, b] = option
    return options


def _option(
    one: Subject, two: Subject, name: float, doubts: list[str], threshold: float, *, same_key: bool
) -> _Option | None:
    around, said = context(one, two)
    score = round(NAME_SHARE * name + (1 - NAME_SHARE) * around, 4)
    exact = Decimal(str(score))
    reason = ", ".join([f"names {name:.2f} alike", *said])
    if same_key:
        return _Option("key", score + KEY_PREFERENCE, exact, f"same key, {reason}")
    if score < threshold:
        doubts = [*doubts, f"below {threshold:g}"]
    if not doubts:
        return _Option("similarity", score, exact, reason)
    if score < PROPOSAL_THRESHOLD:
        return None
    return _Option("proposed", score, exact, f"{reason}; but {', '.join(doubts)}")


def _number_doubts(one: Subject, two: Subject) -> list[str]:
    differing = differing_numbers(one, two)
    return [f"the numbers differ ({', '.join(differing)})"] if differing else []


def _nearest_sibling(weights: Weights, subjects: Sequence[Subject], edition: Sequence[Subject]) -> list[float]:
    """For each of `subjects`, how like it the most similar other row of its own edition is.

    Rows of one edition are different things, however alike their names ("... (phase one)", "... (phase two)"). So a row
    of the other edition that is no nearer than a sibling may as well be another sibling.
    """
    similarities = weights.name_similarities(subjects, edition)
    for a, subject in enumerate(subjects):
        for b, other in enumerate(edition):
            if subject.name == other.name:
                similarities[a, b] = 0
    return [float(row.max()) for row in similarities]


def _best(weights: Matrix) -> list[tuple[int, int]]:
    """The one-to-one choice of entries with the largest sum; entries of 0 are never chosen."""
    from scipy.optimize import linear_sum_assignment

    ones, twos = linear_sum_assignment(weights, maximize=True)
    return [(int(a), int(b)) for a, b in zip(ones, twos, strict=True) if weights[a, b] > 0]
