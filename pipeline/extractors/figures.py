"""Figures that a slide states about the whole: a fiscal year, which budget, and an amount in one line or sentence."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from pipeline.language.fiscal_years import find_fiscal_years
from pipeline.language.folding import fold_same_length
from pipeline.records import Printed

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pipeline.extractors.harvest import Context, Harvest
    from pipeline.language.amounts import FoundAmount
    from pipeline.language.fiscal_years import FoundYear
    from pipeline.passage import Passage
    from pipeline.profiles import BudgetWords

_SEPARATORS = " \t:：=＝-–—,，、・/／|｜;；"
_NOTE_MARK = re.compile(r"[※*＊†‡]+\d*")
_SENTENCE_END = re.compile(r"(?<=[.!?])\s+(?=[A-Z\"“])|(?<=。)")
_CLAUSE_END = re.compile(r"[)）\]］;；,，、]")
_BRACKETED = re.compile(r"\s*[(（\[［][^()（）\[\]［］]*[)）\]］]")
_OPEN_BRACKET = re.compile(r"[(（\[［][^)）\]］]*$")
_LONG = 2
"""A text of more sentences than this is prose that mentions a figure, and stays a statement as well."""


@dataclass(frozen=True, slots=True)
class BudgetYear:
    """Which budget of which fiscal year a figure belongs to; `stage` is `draft` or empty."""

    fiscal_year: int
    budget: str
    stage: str


class _Stated(NamedTuple):
    """An amount, the year and budget it is of, and where the text about it begins and ends."""

    amount: FoundAmount
    about: BudgetYear
    start: int
    end: int


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
    for i, figure in enumerate(stated):
        end = len(passage) if i == len(stated) - 1 else figure.end
        _add(harvest, passage, figure.start, figure.amount, end, figure.about, claimed_elsewhere=prose)
    return not prose


def _stated(raw: str, found: Sequence[FoundAmount], words: BudgetWords) -> list[_Stated]:
    """The amounts of which a text says a year and a budget."""
    stated: list[_Stated] = []
    clauses = _clauses(raw, found, words)
    if clauses:
        abouts = _abouts([said for said, _ in clauses], words)
        for amount, about, (_, end) in zip(found, abouts, clauses, strict=True):
            if about is not None:
                stated.append(_Stated(amount, about, stated[-1].end if stated else 0, end))
        return stated
    # What is named before an amount (since the last one), or else right behind it.
    for i, amount in enumerate(found):
        before = raw[found[i - 1].end if i else 0 : amount.start]
        after = raw[amount.end : found[i + 1].start if i + 1 < len(found) else len(raw)]
        after = _OPEN_BRACKET.sub("", after)
        about = budget_year_of(before, words) or (budget_year_of(after, words) if not stated else None)
        if about is None:
            continue
        start = stated[-1].end if stated else 0
        if i and _OPEN_BRACKET.search(before):
            start = found[i - 1].end  # the amount that the brackets stand behind is no part of what they say
        stated.append(_Stated(amount, about, start, amount.end))
    return stated


def _clauses(raw: str, found: Sequence[FoundAmount], words: BudgetWords) -> list[tuple[str, int]]:
    """Of several amounts that each have a year, all before them or all behind, what is said of each, and where that ends.

    Empty where years and amounts do not take turns.
    """
    between = _between(raw, found)
    counts = [len({year.year for year in find_fiscal_years(text)}) for text in between]
    one_each = [1] * len(found)
    if len(found) == 1 or one_each not in (counts[:-1], counts[1:]) or sum(counts) != len(found):
        return []
    if counts[0]:
        behind = [_budget_in_brackets(text, words) for text in between[1:]]
        ends = [amount.end + len(said) for amount, said in zip(found, behind, strict=True)]
        starts = [0, *ends[:-1]]
        return [
            (raw[start : amount.start] + said, end)
            for start, amount, said, end in zip(starts, found, behind, ends, strict=True)
        ]
    said = [text[: _end_of_clause(text)] for text in between[1:]]
    ends = [amount.end + len(text) for amount, text in zip(found, said, strict=True)]
    before = [between[0], *(raw[end : amount.start] for end, amount in zip(ends, found[1:], strict=False))]
    return [(a + b, end) for a, b, end in zip(before, said, ends, strict=True)]


def _between(text: str, found: Sequence[FoundAmount] | Sequence[FoundYear]) -> list[str]:
    """What stands in a text before, between and behind what was found in it."""
    edges = [0, *(edge for one in found for edge in (one.start, one.end)), len(text)]
    return [text[a:b] for a, b in zip(edges[::2], edges[1::2], strict=True)]


def _budget_in_brackets(behind: str, words: BudgetWords) -> str:
    """The brackets right behind an amount that say which budget it is of, and nothing else; empty if they do not."""
    found = _BRACKETED.match(behind)
    return found[0] if found and not find_fiscal_years(found[0]) and budget_of_head(found[0], words) else ""


def _end_of_clause(text: str) -> int:
    """Where what is said behind an amount ends: at the first comma, semicolon or closing bracket behind its year."""
    end = _CLAUSE_END.search(text, find_fiscal_years(text)[-1].end)
    return end.end() if end else len(text)


def _abouts(clauses: Sequence[str], words: BudgetWords) -> list[BudgetYear | None]:
    """The year and budget of each clause. Beside a supplementary budget, "draft" or a bare year is the initial one."""
    abouts = [budget_year_of(clause, words) for clause in clauses]
    if not any(about is not None and about.budget == "supplementary" for about in abouts):
        return abouts
    return [
        about or budget_year_of(clause, words, is_head=True) or _bare_year(clause, words)
        for about, clause in zip(abouts, clauses, strict=True)
    ]


def _bare_year(clause: str, words: BudgetWords) -> BudgetYear | None:
    """The initial budget of the year that a clause consists of, the word for a total aside."""
    years = find_fiscal_years(clause)
    rest = " ".join(text.strip(_SEPARATORS) for text in _between(clause, years)).strip()
    totals = {word.casefold() for word in words.totals}
    bare = not rest or fold_same_length(rest).casefold() in totals
    return BudgetYear(years[0].year, "initial", "") if bare else None


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
