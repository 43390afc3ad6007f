"""A claim about figures that arithmetic can settle, apart from the tables it was made from.

A check sentence and the tables give claims; a claim and its figures give a judgement. Keeping the figures outside of
the rule is what lets the diagnosis ask "and if this one figure were another?".
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from decimal import Decimal

from pipeline.model import Check, Place, Verdict
from pipeline.validation.figures import Figure
from pipeline.validation.intervals import EXACT, Interval, depth, scale

_THOUSANDTH = Decimal("0.001")
_PLAUSIBLE_FACTORS = (Decimal(10), Decimal("0.1"))
NO_POWER = (
    "The check has no power: no one amount in it, read ten times too large or too small, would have made it fail."
)


@dataclass(frozen=True, slots=True)
class Judgement:
    """A verdict with its numbers, as in `pipeline.model.Check`."""

    verdict: Verdict
    message: str
    stated: Decimal | None = None
    lower: Decimal | None = None
    upper: Decimal | None = None
    slack: Decimal | None = None
    noise: Decimal | None = None
    stated_lower: Decimal | None = None
    stated_upper: Decimal | None = None


Judge = Callable[[tuple[Figure, ...]], Judgement]


@dataclass(frozen=True)
class Claim:
    """`judge` applied to `figures` (or to others in their places, in the same order) gives the verdict.

    `roles` says of each figure what it is in the claim: `stated`, `part` or `place` (the total once more, somewhere
    else). `expects` names figures that the claim could use and the tables do not have, each with its table, key and what
    it is.
    """

    check_id: str
    kind: str
    subject: str
    figures: tuple[Figure, ...]
    roles: tuple[str, ...]
    judge: Judge
    expects: tuple[Place, ...] = ()


def judged(claim: Claim) -> Judgement:
    """The judgement on the claim as it stands."""
    return claim.judge(claim.figures)


def with_figure(claim: Claim, figure: Figure) -> tuple[Figure, ...]:
    """The claim's figures with `figure` in place of the one of the same row."""
    return tuple(figure if (f.table, f.index) == (figure.table, figure.index) else f for f in claim.figures)


def rescaled(figure: Figure, factor: Decimal) -> Figure:
    """The figure as if it had been printed `factor` times as large, with as many digits."""
    return replace(
        figure,
        value=EXACT.multiply(figure.value, factor),
        interval=scale(figure.interval, factor),
        step=None if figure.step is None else EXACT.multiply(figure.step, factor),
    )


def has_power(claim: Claim) -> bool:
    """Whether some figure of the claim, read ten times too large or too small, would make it inconsistent.

    A total counts as one figure with the other places that state it: that those differ is for another claim to say.
    """
    alone = "stated" not in claim.roles
    for factor in _PLAUSIBLE_FACTORS:
        # One by one, since nearly always the first that is tried fails.
        for figure, role in zip(claim.figures, claim.roles, strict=True):
            if (alone or role == "part") and _fails(claim, with_figure(claim, rescaled(figure, factor))):
                return True
        if not alone and _fails(claim, _with_total(claim, factor)):
            return True
    return False


def _fails(claim: Claim, figures: tuple[Figure, ...]) -> bool:
    return claim.judge(figures).verdict == "inconsistent"


def _with_total(claim: Claim, factor: Decimal) -> tuple[Figure, ...]:
    """The claim's figures with its total rescaled, wherever it is stated."""
    return tuple(
        f if role == "part" else rescaled(f, factor) for f, role in zip(claim.figures, claim.roles, strict=True)
    )


def check_of(claim: Claim, judgement: Judgement, suspects: tuple[Place, ...] = ()) -> Check:
    """The claim and the judgement on it as a check; one that could hardly have failed says so."""
    message = judgement.message
    if judgement.verdict != "inconsistent" and len(claim.figures) > 1 and not has_power(claim):
        message = f"{message} {NO_POWER}"
    return Check(
        check_id=claim.check_id,
        kind=claim.kind,
        subject=claim.subject,
        verdict=judgement.verdict,
        message=message,
        stated=judgement.stated,
        lower=judgement.lower,
        upper=judgement.upper,
        slack=judgement.slack,
        noise=judgement.noise,
        rows=tuple(Place(f.table, f.key, role) for f, role in zip(claim.figures, claim.roles, strict=True)),
        suspects=suspects,
        stated_lower=judgement.stated_lower,
        stated_upper=judgement.stated_upper,
    )


def bounds_of(stated: Interval | None) -> dict[str, Decimal | None]:
    """The columns of a judgement that say what the stated figure admits."""
    return {"stated_lower": stated.lower if stated else None, "stated_upper": stated.upper if stated else None}


def slack_between(one: Interval, two: Interval, step: Decimal | None) -> Decimal | None:
    """How deep two intervals overlap, or, negative, how far they are apart, in steps, to a thousandth.

    None where there is no step to count in, or the overlap is infinite.
    """
    length = depth(one, two)
    return None if length is None or not step else (length / step).quantize(_THOUSANDTH).normalize()


def rounding_noise(parts: int) -> Decimal:
    """The standard deviation of the sum of `parts` independent roundings, in steps: the square root of n/12."""
    return (Decimal(parts) / Decimal(12)).sqrt().quantize(_THOUSANDTH)
