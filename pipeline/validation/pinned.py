"""Check kind `pinned`: the deck states the figures that the manifest pins for its edition.

A pinned figure must be found among the stated figures, and every statement of that budget in that currency must admit
it. One that is nowhere stated is inconsistent: a figure was lost.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from pipeline.validation.claims import Claim, Judgement, slack_between
from pipeline.validation.intervals import Interval, contains, intersect_all
from pipeline.validation.messages import (
    budget_name,
    count,
    enumerate_words,
    format_interval,
    format_money,
    scale_for,
    scale_of,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pipeline.check_sentences import PinnedFigure, PinnedSentence
    from pipeline.validation.figures import Figure, Ledger


def pinned_claims(sentence: PinnedSentence, ledger: Ledger, pinned: Sequence[PinnedFigure]) -> tuple[Claim, ...]:
    """One claim for each pinned figure, in the manifest's order."""
    claims = []
    for pin in pinned:
        figures = tuple(f for f in ledger.figures["stated_figures"] if _is_meant(pin, f))
        subject = budget_name(pin.fiscal_year, pin.budget)
        claims.append(
            Claim(
                check_id=f"pinned/{sentence.name}/{pin.fiscal_year}-{pin.budget}",
                kind="pinned",
                subject=subject,
                figures=figures,
                roles=("place",) * len(figures),
                judge=partial(judge_pinned, subject, pin),
            )
        )
    return tuple(claims)


def judge_pinned(subject: str, pin: PinnedFigure, figures: tuple[Figure, ...]) -> Judgement:
    """Whether the pinned figure is stated, and admitted by every statement of it."""
    size = scale_of(figures[0].step) if figures else scale_for(pin.value)
    text = f"{subject}: {format_money(pin.value, pin.currency, size)} is pinned for this edition"
    if not figures:
        return Judgement("inconsistent", f"{text} and nowhere stated: inconsistent.", pin.value)
    stated = intersect_all(f.interval for f in figures)
    against = [f for f in figures if not contains(f.interval, pin.value)]
    if against:
        shown = enumerate_words([f"{_money(f)} on page {f.page}" for f in against])
        text = f"{text}; the deck states {shown}: inconsistent."
    else:
        places = f"in {count(len(figures), 'place')}"
        text = f"{text} and stated {places} ({format_interval(stated, size) if stated else ''}): consistent."
    return Judgement(
        "inconsistent" if against else "consistent",
        text,
        pin.value,
        stated.lower if stated else None,
        stated.upper if stated else None,
        slack_between(Interval(pin.value, pin.value), stated, figures[0].step) if stated else None,
    )


def _is_meant(pin: PinnedFigure, figure: Figure) -> bool:
    return (
        (figure.fiscal_year, figure.budget, figure.currency) == (pin.fiscal_year, pin.budget, pin.currency)
        # A pin without a stage is met by any.
        and (pin.stage is None or (figure.stage or "") == pin.stage)
    )


def _money(figure: Figure) -> str:
    size = scale_of(figure.step)
    return (
        f"{format_money(figure.value, figure.currency, size, figure.step)} ({format_interval(figure.interval, size)})"
    )
