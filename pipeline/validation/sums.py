"""Check kind `sum`: a total is the sum of its parts.

What is added up: amounts that several rows share count once; where an item and its sub-items both have amounts, the
item's counts, and its own sum is a check of its own. What cannot be known widens the parts upwards only: an item with
no amount in any budget, and a list that the slide calls partial, excuse a shortfall (the verdict is `undetermined`),
never an excess. An item that has an amount in one budget adds nothing to the other.

A total that the deck states elsewhere as well is one fact (Calculations 1.1 on duplicates): it stands for what all of its
places admit, and where they have nothing in common the sums that use it are blocked. A round number elsewhere narrows
nothing below its zeros: on a chart in millions 700 may be the slide's 0.7 billion.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING

from pipeline.model import Place, Value
from pipeline.validation.claims import Claim, Judgement, bounds_of, rounding_noise, slack_between
from pipeline.validation.figures import (
    Figure,
    Ledger,
    as_coarse_as_printed,
    group_of,
    select,
    slug,
)
from pipeline.validation.intervals import (
    EXACT,
    NOTHING,
    UNKNOWN,
    ZERO,
    Interval,
    add,
    intersect_all,
    overlaps,
    scale,
    total,
)
from pipeline.validation.messages import budget_name, count, enumerate_words, format_interval, format_money, scale_of
from pipeline.validation.open_lists import is_top, items_without_amount, said_by, without_amount

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from pipeline.check_sentences import PartSelector, SumSentence

Group = tuple[Value, ...]


@dataclass(frozen=True)
class Plan:
    """What of a sum does not depend on the figures.

    The first `stated` figures are the total, the next `duplicates` state it somewhere else, the others are its parts.
    `weights` belong to the parts. `missing` names what has no amount, `partial` where the slide calls the list partial.
    With `states_nothing` the deck gives the subject a total for another budget and none for this one: that is zero.
    """

    heading: str
    stated: int
    weights: tuple[int, ...]
    nouns: str
    missing: tuple[str, ...]
    missing_noun: str
    missing_weight: int
    partial: str
    exact: bool
    states_nothing: bool = False
    duplicates: int = 0


def sum_claims(sentence: SumSentence, ledger: Ledger, facts: Sequence[Sequence[Figure]] = ()) -> tuple[Claim, ...]:
    """One claim for each total and group that the sentence speaks of, totals in reading order.

    Each of `facts` is the figures that state one and the same fact.
    """
    if sentence.total.subject_type == "category" and any(p.subject_type == "item" for p in sentence.parts):
        return tuple(_category_claims(sentence, ledger))
    return tuple(_deck_claims(sentence, ledger, facts))


def _deck_claims(sentence: SumSentence, ledger: Ledger, facts: Sequence[Sequence[Figure]]) -> Iterable[Claim]:
    totals = _grouped(select(ledger, sentence.total), sentence.by)
    parts = [_grouped(_parts_of_deck(ledger, part), sentence.by) for part in sentence.parts]
    items = tuple(ledger.items) if any(p.subject_type == "item" for p in sentence.parts) else ()
    for group in _keys([totals, *parts]):
        weighed = [(f, p.weight) for p, found in zip(sentence.parts, parts, strict=True) for f in found.get(group, ())]
        missing = [(n, p.weight) for p in sentence.parts for n in without_amount(ledger, p)]
        yield _claim(sentence, ledger, "", "", group, totals.get(group, ()), weighed, missing, (), items, facts)


def _category_claims(sentence: SumSentence, ledger: Ledger) -> Iterable[Claim]:
    totals = select(ledger, sentence.total)
    for category_id, row in ledger.categories.items():
        top = [i for i, item in ledger.items.items() if item.get("category_id") == category_id and is_top(ledger, item)]
        own = [f for f in totals if f.subject_id == category_id]
        yield from _subject_claims(sentence, ledger, category_id, str(row.get("category") or ""), own, top)
    for item_id, item in ledger.items.items():
        own = [f for f in ledger.figures["budget_amounts"] if f.subject_type == "item" and f.subject_id == item_id]
        if own and ledger.children.get(item_id):
            name = str(item.get("name") or "")
            yield from _subject_claims(sentence, ledger, item_id, name, own, ledger.children[item_id])


def _subject_claims(
    sentence: SumSentence, ledger: Ledger, subject_id: str, name: str, own: Sequence[Figure], parts: Sequence[str]
) -> Iterable[Claim]:
    """The claims on one category and its items, or on one item and its sub-items."""
    totals = _grouped(own, sentence.by)
    selector = next(p for p in sentence.parts if p.subject_type == "item")
    figures = _grouped(_leaves(ledger, parts, sentence.by), sentence.by)
    missing = [(n, selector.weight) for n in items_without_amount(ledger, parts)]
    for group in _keys([totals, figures]):
        weighed = [(f, selector.weight) for f in figures.get(group, ())]
        if not weighed and subject_id in ledger.items:
            # Sub-items that are only named say nothing about the amount of their item.
            continue
        yield _claim(sentence, ledger, subject_id, name, group, totals.get(group, ()), weighed, missing, own, parts)


def _claim(
    sentence: SumSentence,
    ledger: Ledger,
    subject_id: str,
    name: str,
    group: Group,
    stated: Sequence[Figure],
    weighed: Sequence[tuple[Figure, int]],
    missing: Sequence[tuple[str, int]],
    own: Sequence[Figure] = (),
    parts: Sequence[str] = (),
    facts: Sequence[Sequence[Figure]] = (),
) -> Claim:
    counted = _once([(f, w) for f, w in weighed if f not in stated])
    same = [f for fact in facts if any(s in fact for s in stated) for f in fact if f not in stated]
    elsewhere = tuple(dict.fromkeys(f for f in same if all(f != c for c, _ in counted)))
    pages = {f.page for f in stated or own}
    heading = budget_name(stated[0].fiscal_year, stated[0].budget) if stated else _group_name(counted, group)
    subject = f"{name}, {heading}" if name else heading
    plan = Plan(
        heading=subject,
        stated=len(stated),
        weights=tuple(w for _, w in counted),
        nouns=_nouns([f for f, _ in counted]),
        missing=tuple(n for n, _ in missing),
        missing_noun="item" if subject_id else "entry",
        missing_weight=min((w for _, w in missing), default=1),
        partial=said_by(ledger, sentence.partial_when, pages, parts),
        exact=sentence.exact and not said_by(ledger, sentence.rounded_when, pages),
        states_nothing=not stated and any(f.currency == group[-1] for f in own),
        duplicates=len(elsewhere),
    )
    figures = (*stated, *elsewhere, *(f for f, _ in counted))
    return Claim(
        check_id="/".join(p for p in ("sum", sentence.name, subject_id, slug(group)) if p),
        kind="sum",
        subject=subject,
        figures=figures,
        roles=("stated",) * len(stated) + ("place",) * len(elsewhere) + ("part",) * len(counted),
        judge=partial(judge_sum, plan),
        expects=tuple(_expected(sentence, ledger, subject_id, stated, figures, group)),
    )


def judge_sum(plan: Plan, figures: tuple[Figure, ...]) -> Judgement:
    """Whether the parts' interval meets the total's (Calculations 1.1: consistent when the two overlap).

    A total that is stated several times counts as the intersection; where that is empty the sum is blocked, and
    inconsistent, since the total contradicts itself.
    """
    first_part = plan.stated + plan.duplicates
    totals, elsewhere, parts = figures[: plan.stated], figures[plan.stated : first_part], figures[first_part:]
    known = total(scale(_interval(f, plan), w) for f, w in zip(parts, plan.weights, strict=True))
    if not totals and not plan.states_nothing:
        return _undetermined(parts, known, f"{plan.heading}: {_added_up(plan, parts, known)}; no total is stated")
    stated = intersect_all(_interval(f, plan) for f in totals) if totals else NOTHING
    if elsewhere and stated is not None:
        common = intersect_all((*(f.interval for f in totals), *(as_coarse_as_printed(f) for f in elsewhere)))
        # What is added up digit for digit is not narrowed by places that may be rounded otherwise.
        stated = stated if plan.exact and common is not None else common
    if stated is None:
        return _blocked(plan, (*totals, *elsewhere), parts, known)
    if not parts:
        message = f"{_stated(plan, totals, stated)}; no amount of its parts is printed"
        open_verdict = _undetermined(totals, None, message)
        return replace(open_verdict, stated_lower=stated.lower, stated_upper=stated.upper)
    return _compared(plan, totals, parts, stated, known)


def _blocked(plan: Plan, totals: Sequence[Figure], parts: Sequence[Figure], known: Interval) -> Judgement:
    """The verdict where the total contradicts itself: what each place states, and which of that the parts bear out."""
    first = totals[0]
    size = scale_of(first.step)
    places = {format_money(f.value, f.currency, size, f.step): overlaps(f.interval, known) for f in totals}
    said = enumerate_words(list(places))
    borne_out = enumerate_words([money for money, fits in places.items() if fits])
    agree = f", which bear out {borne_out} only" if parts and borne_out and not all(places.values()) else ""
    message = (
        f"{plan.heading}: blocked, the total is stated with different values ({said}); {_added_up(plan, parts, known)}"
        f"{agree}: inconsistent."
    )
    return Judgement("inconsistent", message, first.value, known.lower, known.upper, **bounds_of(first.interval))


def _compared(
    plan: Plan, totals: tuple[Figure, ...], parts: tuple[Figure, ...], stated: Interval, known: Interval
) -> Judgement:
    step = totals[0].step if totals else parts[0].step
    money = partial(format_money, currency=(totals or parts)[0].currency, scale=scale_of(step))
    possible = known
    if plan.missing:
        possible = add(possible, scale(UNKNOWN, plan.missing_weight))
    if plan.partial:
        possible = add(possible, UNKNOWN)
    text = f"{_stated(plan, totals, stated)}; {_added_up(plan, parts, known)}"
    judgement = Judgement(
        "consistent",
        f"{text}: consistent.",
        totals[0].value if totals else ZERO,
        known.lower,
        known.upper,
        slack_between(stated, known, step),
        rounding_noise(sum(not f.is_part_of for f in parts)),
        **bounds_of(stated),
    )
    if overlaps(stated, known):
        return judgement
    excess = known.lower is not None and stated.upper is not None and known.lower >= stated.upper
    ends = (known.lower, stated.upper) if excess else (stated.lower, known.upper)
    gap = ZERO if ends[0] is None or ends[1] is None else EXACT.subtract(ends[0], ends[1])
    by = f"by {money(gap)}" if gap else "by the least amount"
    if overlaps(stated, possible):
        message = f"{text}: undetermined, short {by} at least, which {_excuse(plan)} may explain."
        return replace(judgement, verdict="undetermined", message=message, upper=possible.upper)
    outcome = f"the parts exceed it {by} at least" if excess else f"the parts fall short {by} at least"
    return replace(judgement, verdict="inconsistent", message=f"{text}: inconsistent, {outcome}.")


def _undetermined(figures: Sequence[Figure], known: Interval | None, message: str) -> Judgement:
    return Judgement(
        "undetermined",
        f"{message}: undetermined.",
        figures[0].value if known is None else None,
        known.lower if known else None,
        known.upper if known else None,
    )


def _interval(figure: Figure, plan: Plan) -> Interval:
    if plan.exact and not (figure.is_part_of or figure.is_approximate):
        return Interval(figure.value, figure.value)
    return figure.interval


def _stated(plan: Plan, totals: Sequence[Figure], interval: Interval) -> str:
    if not totals:
        return f"{plan.heading}: no amount is stated for this budget"
    first = totals[0]
    size = scale_of(first.step)
    kind = "a part of " if first.is_part_of else "around " if first.is_approximate else ""
    money = format_money(first.value, first.currency, size, first.step)
    return f"{plan.heading}: stated {kind}{money} ({format_interval(interval, size)})"


def _added_up(plan: Plan, parts: Sequence[Figure], known: Interval) -> str:
    if not parts:
        return "no amount of its parts is printed"
    size = scale_of(max((f.step for f in parts if f.step is not None), default=None))
    whole = [(f, w) for f, w in zip(parts, plan.weights, strict=True) if not f.is_part_of]
    value = ZERO
    for figure, weight in whole:
        value = EXACT.add(value, EXACT.multiply(figure.value, weight))
    money = format_money(value, parts[0].currency, size)
    portions = len(parts) - len(whole)
    terms = [money] if whole else []
    if portions:
        terms.append(f"{'a part' if portions == 1 else 'parts'} of {count(portions, 'larger amount')}")
    verb = "adds up to" if len(parts) == 1 else "add up to"
    return f"{plan.nouns} {verb} {enumerate_words(terms)} ({format_interval(known, size)})"


def _excuse(plan: Plan) -> str:
    reasons = [f"{count(len(plan.missing), plan.missing_noun)} without an amount"] if plan.missing else []
    if plan.partial:
        reasons.append(f"the list being partial ({plan.partial})")
    return enumerate_words(reasons)


def _nouns(parts: Sequence[Figure]) -> str:
    """What is added up, in words: `categories and Note 3`, `20 items`."""
    words: list[str] = []
    for figure in parts:
        if figure.subject_type == "category":
            word = "categories" if sum(f.subject_type == "category" for f in parts) > 1 else "1 category"
        elif figure.subject_type == "item":
            word = count(sum(f.subject_type == "item" for f in parts), "item")
        else:
            word = figure.label or "the parts"
        if word not in words:
            words.append(word)
    return enumerate_words(words)


def _grouped(figures: Iterable[Figure], by: Sequence[str]) -> dict[Group, list[Figure]]:
    groups: dict[Group, list[Figure]] = {}
    for figure in figures:
        groups.setdefault(group_of(figure, by), []).append(figure)
    return groups


def _keys(grouped: Iterable[dict[Group, list[Figure]]]) -> tuple[Group, ...]:
    return tuple({key: None for groups in grouped for key in groups})


def _group_name(weighed: Sequence[tuple[Figure, int]], group: Group) -> str:
    return budget_name(weighed[0][0].fiscal_year, weighed[0][0].budget) if weighed else slug(group)


def _once(weighed: Sequence[tuple[Figure, int]]) -> list[tuple[Figure, int]]:
    """Without the repetitions of an amount that several rows share."""
    seen: set[str] = set()
    kept = []
    for figure, weight in weighed:
        if figure.shared and figure.shared in seen:
            continue
        seen.add(figure.shared)
        kept.append((figure, weight))
    return kept


def _parts_of_deck(ledger: Ledger, part: PartSelector) -> Sequence[Figure]:
    if part.subject_type != "item":
        return select(ledger, part)
    top = [i for i, item in ledger.items.items() if is_top(ledger, item)]
    allowed = set(select(ledger, part))
    return [f for f in _leaves(ledger, top, ("fiscal_year", "budget", "stage")) if f in allowed]


def _leaves(ledger: Ledger, items: Sequence[str], by: Sequence[str]) -> list[Figure]:
    """The amounts that count of `items`: an item's own, and in groups where it has none those of its sub-items."""
    found: list[Figure] = []
    amounts = ledger.amounts_of_items
    for item_id in items:
        own = amounts.get(item_id, ())
        groups = {group_of(f, by) for f in own}
        below = _leaves(ledger, ledger.children.get(item_id, ()), by)
        found += [*own, *(f for f in below if group_of(f, by) not in groups)]
    return found


def _expected(
    sentence: SumSentence,
    ledger: Ledger,
    subject_id: str,
    stated: Sequence[Figure],
    figures: Sequence[Figure],
    group: Group,
) -> Iterable[Place]:
    """Rows that the sum could do with and the tables lack: a category without an amount in this budget."""
    columns = dict(zip(sentence.by, group, strict=False))
    budget = str(columns.get("budget") or "")
    if subject_id in ledger.categories and not stated:
        yield Place("budget_amounts", f"category/{subject_id}/{budget}", str(ledger.categories[subject_id]["category"]))
    if subject_id or not any(p.subject_type == "category" for p in sentence.parts):
        return
    present = {f.subject_id for f in figures if f.subject_type == "category"}
    for category_id, row in ledger.categories.items():
        if category_id not in present:
            key = f"category/{category_id}/{budget}"
            yield Place("budget_amounts", key, str(row.get("category") or ""))
