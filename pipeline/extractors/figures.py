"""Figures that a slide states about the whole: a fiscal year, which budget, and an amount in one line or sentence."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pipeline.language.fiscal_years import find_fiscal_years
from pipeline.language.folding import fold_same_length
from pipeline.records import Printed

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pipeline.extractors.harvest import Context, Harvest
    from pipeline.language.amounts import FoundAmount
    from pipeline.passage import Passage
    from pipeline.profiles import BudgetWords

_SEPARATORS = " \t:：=＝-–—,，、・/／|｜;；"
_NOTE_MARK = re.compile(r"[※*＊†‡]+\d*")
_SENTENCE_END = re.compile(r"(?<=[.!?])\s+(?=[A-Z\"“])|(?<=。)")
_LONG = 2
"""A text of more sentences than this is prose that mentions a figure, and stays a statement as well."""


@dataclass(frozen=True, slots=True)
class BudgetYear:
    """Which budget of which fiscal year a figure belongs to; `stage` is `draft` or empty."""

    fiscal_year: int
    budget: str
    stage: str


def budget_of(text: str, words: BudgetWords) -> str | None:
    """`supplementary` or `initial` where the text says so. The supplementary words are tried first: they contain "budget"."""
    folded = fold_same_length(text).casefold()
    if any(w.casefold() in folded for w in words.supplementary):
        return "supplementary"
    if any(w.casefold() in folded for w in words.initial):
        return "initial"
    return None


def budget_of_head(text: str, words: BudgetWords) -> str | None:
    """As `budget_of`, where the word "budget" may be left out ("initial", "draft"): in the head of a column, in a legend."""
    folded = fold_same_length(text).casefold()
    short = any(w.casefold() in folded for w in (*words.initial_heads, *words.draft))
    return budget_of(text, words) or ("initial" if short else None)


def budget_year_of(text: str, words: BudgetWords, *, is_head: bool = False) -> BudgetYear | None:
    """The fiscal year (the first one named) and the budget that a text is about, where it names both.

    In the head of a column the word "budget" may be left out ("FY2025 initial", "FY2026 draft").
    """
    years = find_fiscal_years(text)
    named = budget_of_head if is_head else budget_of
    budget = named(text, words) if years else None
    if budget is None:
        return None
    folded = fold_same_length(text).casefold()
    draft = budget == "initial" and any(w.casefold() in folded for w in words.draft)
    return BudgetYear(years[0].year, budget, "draft" if draft else "")


def take_figures(harvest: Harvest, context: Context, passage: Passage) -> bool:
    """Adds the figures that `passage` states. False where it states none, or is longer prose that stays a statement too."""
    raw = passage.raw
    found = context.amounts(raw)
    if not found:
        return False
    stated = _stated(raw, found, context.profile.budgets)
    if not stated:
        return False
    prose = len([s for s in _SENTENCE_END.split(raw.strip()) if s.strip()]) > _LONG
    for i, (amount, about) in enumerate(stated):
        start = 0 if i == 0 else stated[i - 1][0].end
        end = len(passage) if i == len(stated) - 1 else amount.end
        _add(harvest, passage, start, amount, end, about, claimed_elsewhere=prose)
    return not prose


def _stated(raw: str, found: Sequence[FoundAmount], words: BudgetWords) -> list[tuple[FoundAmount, BudgetYear]]:
    """Each amount with the year and budget named before it (since the last amount), or else right behind it."""
    stated: list[tuple[FoundAmount, BudgetYear]] = []
    for i, amount in enumerate(found):
        before = raw[found[i - 1].end if i else 0 : amount.start]
        after = raw[amount.end : found[i + 1].start if i + 1 < len(found) else len(raw)]
        about = budget_year_of(before, words) or (budget_year_of(after, words) if not stated else None)
        if about is not None:
            stated.append((amount, about))
    return stated


def _add(
    harvest: Harvest,
    passage: Passage,
    start: int,
    found: FoundAmount,
    end: int,
    about: BudgetYear,
    *,
    claimed_elsewhere: bool,
) -> None:
    label = passage[start : found.start].strip(_SEPARATORS)
    rest = passage[found.end : end].strip()
    is_label = bool(label) and (not rest or _NOTE_MARK.fullmatch(rest.raw.strip()))
    sentence = not is_label or label.raw.casefold().endswith((" is", " was", "は"))
    figure = passage[found.start : found.end]
    if sentence:
        label = passage[start:end].strip(_SEPARATORS if start else "")
    elif rest and not claimed_elsewhere:
        harvest.discard(rest, "note mark")
    claimed = label.glyphs if sentence else label.glyphs | figure.glyphs | rest.glyphs
    if not claimed_elsewhere:
        harvest.discard(passage[start:end].without_glyphs(claimed), "separator")
    amount = found.amount
    harvest.add(
        "stated_figures",
        {
            "page": harvest.page,
            "label": Printed(label, inherited=claimed_elsewhere),
            "fiscal_year": Printed(label, value=about.fiscal_year, inherited=True),
            "budget": Printed(label, value=about.budget, inherited=True),
            "stage": about.stage or None,
            "value": Printed(figure, value=amount.value, inherited=sentence or claimed_elsewhere),
            "lower": amount.lower,
            "upper": amount.upper,
            "currency": amount.currency,
            "is_approximate": amount.is_approximate,
            "printed": amount.printed,
        },
    )
