"""Why a claim failed: the single change to one row that would mend it.

Every figure of the failed claim is changed in the ways in which reading goes wrong (`changes.py`). A change that mends
the claim makes its row a suspect. Suspects are ranked by how many claims of the whole deck still fail with the change
made (a true culprit mends all it broke and breaks nothing), then by how likely the row is the culprit: for each kind of
change, how common it is (`COMMONNESS`) times the share of the row's changes of that kind that mend the claim, so that a
row that would fit by almost any change does not outweigh one that was likely misread.

A sum that falls short may lack a row instead: an amount that stands on the page and that no row has (`LooseAmount`), or a
row that is counted elsewhere. Both are tried where they would close the gap.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from pipeline.model import Place
from pipeline.validation.changes import RowChange, ValueChange, row_changes, value_changes
from pipeline.validation.claims import Claim, Judgement, judged, with_figure
from pipeline.validation.figures import Figure, Ledger, Tables, where_printed
from pipeline.validation.intervals import Interval, add, intersect_all, overlaps

MOST_SUSPECTS = 5
"""How many suspects are named; after the likeliest few a list helps nobody."""

COMMONNESS: Mapping[str, float] = {
    "digit": 1.0,
    "point": 0.5,
    "factor": 1.0,
    "part": 0.1,
    "bracket": 0.5,
    "category": 0.5,
    "doubled": 2.0,
    "missing": 2.0,
    "bar": 0.5,
}
"""How common each kind of fault is beside a misread digit. A row that is there twice is hardly ever so by chance."""

LOOSE_FIT = 0.5
"""What a change counts that leaves the claim undetermined: an open list forgives many changes that are not the one."""


@dataclass(frozen=True, slots=True)
class LooseAmount:
    """An amount of money on the page that no row has: where it stands, in words, and what it admits."""

    where: str
    currency: str
    interval: Interval


Compile = Callable[[Tables], tuple[Claim, ...]]


@dataclass(frozen=True)
class Remedy:
    """One kind of change that mends the claim; `left` claims of the deck fail with it."""

    description: str
    left: int
    weight: float


@dataclass(frozen=True)
class _Trial:
    """One change, tried: `fit` is 0 where it does not mend the claim.

    `slack` is how deep the least deep overlap is in all claims that the change touches, in steps of the last digit.
    """

    description: str
    left: int
    fit: float
    slack: Decimal = Decimal(0)


def suspects_of(
    claim: Claim,
    claims: Sequence[Claim],
    ledger: Ledger,
    recompile: Compile,
    loose: Sequence[LooseAmount] = (),
) -> tuple[Place, ...]:
    """The rows that a single change would clear, likeliest first; empty where no single change mends `claim`.

    `claims` are all claims of the deck, `recompile` makes them anew from changed tables. `loose` are the amounts on the
    page that no row has.
    """
    failing = frozenset(c.check_id for c in claims if judged(c).verdict == "inconsistent")
    ranked: list[tuple[tuple[int, float, int], Place]] = []
    for place in claim.expects if _falls_short(claim) else ():
        reason = f"no amount was read for {place.reason}; one that closes the gap would mend the sum"
        ranked.append(((len(failing) - 1, -COMMONNESS["missing"], -1), replace(place, reason=reason)))
    ranked += _missing_rows(claim, ledger, recompile, loose, len(failing) - 1)
    for position, figure in enumerate(claim.figures):
        remedies = [*_by_value(claim, claims, figure, failing), *_by_row(claim, figure, ledger, recompile)]
        if claim.kind == "bar_height":
            words = "it would fit if the bar were measured or drawn to another height"
            remedies.append(Remedy(words, len(failing) - 1, COMMONNESS["bar"]))
        if remedies:
            left = min(r.left for r in remedies)
            best = [r for r in remedies if r.left == left]
            likeliest = max(best, key=lambda r: r.weight)
            reason = f"{where_printed(ledger, figure)}: {likeliest.description}"
            weight = sum(r.weight for r in best)
            ranked.append(((left, -weight, position), Place(figure.table, figure.key, reason)))
    ranked.sort(key=lambda entry: entry[0])
    return tuple(place for _, place in ranked[:MOST_SUSPECTS])


def _missing_rows(
    claim: Claim, ledger: Ledger, recompile: Compile, loose: Sequence[LooseAmount], left: int
) -> list[tuple[tuple[int, float, int], Place]]:
    """What a sum that falls short may lack: amounts that no row has, and rows that are counted elsewhere."""
    if claim.kind != "sum" or not _falls_short(claim):
        return []
    found: list[tuple[tuple[int, float, int], Place]] = []
    currency = claim.figures[0].currency if claim.figures else ""
    for amount in loose:
        if amount.currency == currency and _closes(claim, amount.interval):
            reason = f"{amount.where}: no row has this amount; as a part it would close the gap"
            found.append(((left, -COMMONNESS["missing"], -1), Place("budget_amounts", "", reason)))
    counted = {f.index for f in claim.figures if f.table == "budget_amounts"}
    for figure in ledger.figures["budget_amounts"]:
        if figure.index in counted or figure.currency != currency or not _closes(claim, figure.interval):
            continue
        remedies = _by_row(claim, figure, ledger, recompile)
        if remedies:
            fewest = min(r.left for r in remedies)
            likeliest = max((r for r in remedies if r.left == fewest), key=lambda r: r.weight)
            reason = f"{where_printed(ledger, figure)}: {likeliest.description}"
            found.append(((fewest, -likeliest.weight, figure.index), Place(figure.table, figure.key, reason)))
    return found


def _closes(claim: Claim, interval: Interval) -> bool:
    """Whether a part more, admitting `interval`, would let the parts meet the total."""
    judgement = judged(claim)
    totals = [f.interval for f, role in zip(claim.figures, claim.roles, strict=True) if role == "stated"]
    stated = intersect_all(totals) if totals else None
    if stated is None or judgement.lower is None:
        return False
    return overlaps(stated, add(Interval(judgement.lower, judgement.upper), interval))


def _by_value(claim: Claim, claims: Sequence[Claim], figure: Figure, failing: frozenset[str]) -> list[Remedy]:
    involved = [c for c in claims if any((f.table, f.index) == (figure.table, figure.index) for f in c.figures)]
    elsewhere = len(failing - {c.check_id for c in involved})
    kinds: dict[str, list[ValueChange]] = {}
    for change in value_changes(figure):
        kinds.setdefault(change.kind, []).append(change)
    remedies = []
    for kind, options in kinds.items():
        trials = []
        for option in options:
            fit = _fit(claim, claim.judge(with_figure(claim, option.figure)))
            after = [c.judge(with_figure(c, option.figure)) for c in involved] if fit else []
            left = elsewhere + sum(j.verdict == "inconsistent" for j in after)
            slack = min((j.slack for j in after if j.slack is not None), default=Decimal(0))
            trials.append(_Trial(option.description, left, fit, slack))
        remedies += _remedy(kind, trials)
    return remedies


def _by_row(claim: Claim, figure: Figure, ledger: Ledger, recompile: Compile) -> list[Remedy]:
    kinds: dict[str, list[RowChange]] = {}
    for change in row_changes(figure, claim.figures, ledger):
        kinds.setdefault(change.kind, []).append(change)
    remedies = []
    for kind, options in kinds.items():
        trials = []
        for option in options:
            changed = recompile(option.tables)
            judgements = {c.check_id: judged(c) for c in changed}
            left = sum(j.verdict == "inconsistent" for j in judgements.values())
            # A claim that is gone with the row has nothing left to fail.
            after = judgements.get(claim.check_id)
            trials.append(_Trial(option.description, left, _fit(claim, after) if after else 1.0))
        remedies += _remedy(kind, trials)
    return remedies


def _remedy(kind: str, trials: Sequence[_Trial]) -> list[Remedy]:
    mending = [t for t in trials if t.fit]
    if not mending:
        return []
    left = min(t.left for t in mending)
    best = [t for t in mending if t.left == left]
    closest = max((t.fit, t.slack) for t in best)
    descriptions = [t.description for t in best if (t.fit, t.slack) == closest]
    # In the middle of those that fit equally well: the least far-fetched of a row of neighbouring values.
    description = descriptions[len(descriptions) // 2]
    return [Remedy(description, left, COMMONNESS[kind] * sum(t.fit for t in best) / len(trials))]


def _fit(claim: Claim, after: Judgement) -> float:
    """How telling it is that the changed claim holds: little where it is open or its parts could be almost anything."""
    if after.verdict != "consistent":
        return LOOSE_FIT if after.verdict == "undetermined" else 0.0
    before, now = _width(judged(claim)), _width(after)
    return float(min(Decimal(1), before / now)) if before and now else 1.0


def _width(judgement: Judgement) -> Decimal | None:
    lower, upper = judgement.lower, judgement.upper
    return None if lower is None or upper is None else upper - lower


def _falls_short(claim: Claim) -> bool:
    """Whether the parts are too small, so that something may be missing among them, or the total itself is."""
    judgement = judged(claim)
    if "stated" not in claim.roles:
        return True
    totals = [f.interval.lower for f, role in zip(claim.figures, claim.roles, strict=True) if role == "stated"]
    lower = max((t for t in totals if t is not None), default=None)
    return judgement.upper is not None and lower is not None and judgement.upper < lower
