"""Check kind `same_figure`: what is stated in several places is the same.

Calculations 1.1 on duplicate facts: all their intervals must have a number in common. Places are grouped by the
sentence's columns and the currency; one check a group. A figure that is stated once is listed as undetermined, a bar
of a chart that nothing else speaks of is not listed.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from pipeline.validation.claims import Claim, Judgement, bounds_of, slack_between
from pipeline.validation.figures import Figure, Ledger, group_of, select, slug
from pipeline.validation.intervals import intersect_all
from pipeline.validation.messages import budget_name, enumerate_words, format_interval, format_money, scale_of

if TYPE_CHECKING:
    from pipeline.check_sentences import SameFigureSentence


def duplicates(sentence: SameFigureSentence, ledger: Ledger) -> list[tuple[Figure, ...]]:
    """The figures that state one and the same fact, as the sentence says; each fact in reading order of its places."""
    groups: dict[tuple[object, ...], list[Figure]] = {}
    for place in sentence.places:
        for figure in select(ledger, place):
            listed = groups.setdefault(group_of(figure, sentence.by), [])
            if figure not in listed:
                listed.append(figure)
    return [tuple(figures) for figures in groups.values()]


def same_figure_claims(sentence: SameFigureSentence, ledger: Ledger) -> tuple[Claim, ...]:
    """One claim for each figure that the places state, in reading order."""
    return tuple(
        Claim(
            check_id=f"same_figure/{sentence.name}/{slug(group_of(figures[0], sentence.by))}",
            kind="same_figure",
            subject=(subject := budget_name(figures[0].fiscal_year, figures[0].budget)),
            figures=figures,
            roles=("place",) * len(figures),
            judge=partial(judge_same_figure, subject),
        )
        for figures in duplicates(sentence, ledger)
        if len(figures) > 1 or figures[0].table == "stated_figures"
    )


def judge_same_figure(subject: str, figures: tuple[Figure, ...]) -> Judgement:
    """Whether all places can mean one number. `lower` and `upper` are what the places after the first agree on."""
    first = figures[0]
    texts = [_place(f) for f in figures]
    if len(figures) == 1:
        message = f"{subject}: stated once, {texts[0]}; nothing to compare it with: undetermined."
        return Judgement("undetermined", message, first.value, **bounds_of(first.interval))
    others = intersect_all(f.interval for f in figures[1:])
    common = intersect_all(f.interval for f in figures)
    slack = slack_between(first.interval, others, first.step) if others is not None else None
    outcome = "consistent" if common is not None else "inconsistent, no amount rounds to all of them"
    return Judgement(
        "consistent" if common is not None else "inconsistent",
        f"{subject}: stated as {enumerate_words(texts)}: {outcome}.",
        first.value,
        others.lower if others is not None else None,
        others.upper if others is not None else None,
        slack,
        **bounds_of(first.interval),
    )


def _place(figure: Figure) -> str:
    size = scale_of(figure.step)
    around = "around " if figure.is_approximate else ""
    money = format_money(figure.value, figure.currency, size, figure.step)
    where = "in the chart" if figure.table == "budget_trend" else f"on page {figure.page}"
    return f"{around}{money} ({format_interval(figure.interval, size)}) {where}"
