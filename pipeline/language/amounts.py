"""Printed amounts of money: where they stand in a text, what they are worth, and what their digits leave open.

An amount is what is printed, no more. Its interval is half a step of the last printed digit of its last unit to either
side, closed (XBRL Calculations 1.1): `4.0 million` is 3.95 to 4.05 million, 1,969億 is 1,968.5億 to 1,969.5億. Zeros at
the end of a whole number count as printed. On top of that:

- "a part of X", 「Xの内数」: from 0 to the upper end of X.
- "up to X", 「X以内」: from 0 to the upper end of X; approximate.
- "more than X", 「X超」: the printer chose the roundest figure below the amount, so it lies between X and X plus one
  step of X's last digit that is not 0 (100億円超: 100億 to 200億; 1,500億円超: 1,500億 to 1,600億); approximate.
  `FoundAmount.bound` tells who needs the open end.
- "around X", 「約X」: the interval of X; approximate.
- △, ▲ or a minus sign at the number: the interval mirrored at 0.

An amount needs a currency, or a unit where the caller says which currency is meant: `Web 3.0`, `6G`, `FY2025` are none.
Han units and English words are read by one grammar (`amount_grammar`); the words are data (`amount_vocabulary`).
Positions count the characters of the text as given.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal, localcontext
from functools import lru_cache
from typing import TYPE_CHECKING, Literal

from pipeline.language.amount_grammar import BLANKS, CLOSING_BRACKETS, OPENING_BRACKETS, grammar_of
from pipeline.language.amount_vocabulary import Vocabulary, load_vocabulary
from pipeline.language.folding import fold, fold_same_length
from pipeline.language.money_format import format_amount, format_interval, format_money
from pipeline.language.quantities import Quantity, exact_context, plain
from pipeline.model import Amount

if TYPE_CHECKING:
    import re

    from pipeline.language.amount_grammar import Grammar

__all__ = [
    "Bound",
    "FoundAmount",
    "Scale",
    "Vocabulary",
    "amount_on_scale",
    "find_amounts",
    "find_scale",
    "format_amount",
    "format_interval",
    "format_money",
    "is_amount_fragment",
    "load_vocabulary",
    "mark_kind",
]

Bound = Literal["", "at most", "at least"]

_MINUS_SIGNS = "-\u2212\ufe63\uff0d"
_LONGEST_PHRASE = 60


@dataclass(frozen=True, slots=True)
class FoundAmount:
    """An amount in a text.

    `text[start:end]` is the amount with its phrases and the brackets directly around it; `bracket` is the opening one
    as printed, or empty. `bound` is set where only one end of the amount was printed ("up to X", 「X超」).
    """

    start: int
    end: int
    amount: Amount
    bracket: str
    bound: Bound = ""


@dataclass(frozen=True, slots=True)
class Scale:
    """The unit of a table or chart: a printed 1 is worth `factor` units of `currency`.

    `text[start:end]` is the caption with its brackets.
    """

    currency: str
    factor: Decimal
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class _Extent:
    """A quantity with the phrases around it, and what these mean."""

    start: int
    end: int
    meanings: frozenset[str]


@lru_cache(maxsize=8192)
def find_amounts(text: str, vocabulary: Vocabulary, currency: str | None = None) -> tuple[FoundAmount, ...]:
    """Return the amounts printed in `text`, from left to right, not overlapping.

    `currency` (ISO 4217) is that of amounts printed with a unit but without a currency (3,605億); without it these are
    not found. A name may stand directly in front of an amount (`materials2.3 million dollar`). What was found is kept, since a
    slide is read several times over and most of its lines come out the same.
    """
    grammar = grammar_of(vocabulary)
    folded = fold_same_length(text)
    pattern = grammar.amount_or_bare if currency else grammar.amount
    found: list[FoundAmount] = []
    if not grammar.digit.search(folded):  # most lines of a slide
        return ()
    position = 0
    while match := pattern.search(folded, position):
        quantity_name = "quantity1" if match["quantity1"] else "quantity2" if match["quantity2"] else "quantity3"
        quantity = grammar.quantity(match[quantity_name])
        if quantity is None:
            position = match.start(quantity_name) + 1
            continue
        printed_currency = match["before"] or match["after"]
        code = grammar.currency(printed_currency) if printed_currency else currency or ""
        floor = found[-1].end if found else 0
        extent = _with_phrases(text, folded, match.span(), floor, grammar)
        if match["minus"]:
            extent = _Extent(extent.start, extent.end, extent.meanings | {"negative"})
        found.append(_found(text, folded, extent, quantity, code, floor))
        position = found[-1].end
    return tuple(found)


@lru_cache(maxsize=8192)
def is_amount_fragment(text: str, vocabulary: Vocabulary, *, bare_numbers: bool = False) -> bool:
    """Whether `text` consists of nothing but pieces of an amount: `million dollar]`, `[a part of 2.0`, `の内数`, `[13`.

    One of them has to be a sign of money by itself (a unit, a currency, a phrase for "part of", a square bracket); with
    `bare_numbers` a number is enough.
    """
    grammar = grammar_of(vocabulary)
    folded = fold_same_length(text).strip()
    kinds = set()
    position = 0
    while position < len(folded):
        if folded[position].isspace():
            position += 1
            continue
        match = grammar.piece.match(folded, position)
        if not match:
            return False
        kinds.add(match.lastgroup)
        position = match.end()
    return "strong" in kinds or (bare_numbers and "number" in kinds)


@lru_cache(maxsize=4096)
def find_scale(text: str, vocabulary: Vocabulary) -> Scale | None:
    """Return the first unit caption in `text`: `(USD billion)`, （単位：百万円）, `in millions of US dollars`.

    Found in brackets, behind a word for "unit", or where it is all of the text. None where there is none.
    """
    grammar = grammar_of(vocabulary)
    folded = fold_same_length(text)
    match = grammar.scale.search(folded)
    if not match:
        return None
    name = next(name for name in ("bracketed", "led", "led2", "whole") if match[name])
    caption = match[name].strip()
    currency = _currency_of_caption(caption, grammar)
    step = _without(caption, currency)
    quantity = grammar.quantity(step if step[:1].isdecimal() or not step else "1" + step)
    factor = quantity.value if quantity and step else Decimal(1)
    return Scale(grammar.currency(currency), factor, *_stripped(folded, *match.span()))


def amount_on_scale(printed: str, scale: Scale, vocabulary: Vocabulary) -> Amount | None:
    """Say what a number of a table or chart with that scale means: `1.3`, `1,969`, `△3`, `約5`.

    A number that brings its own unit (3億円) is read by that. None where `printed` is anything else than one amount.
    """
    inner = printed.strip()
    own = find_amounts(inner, vocabulary, scale.currency)
    if own:
        return own[0].amount if (own[0].start, own[0].end) == (0, len(inner)) else None
    grammar = grammar_of(vocabulary)
    folded = fold_same_length(inner)
    match = grammar.number.search(folded)
    if not match:
        return None
    extent = _with_phrases(inner, folded, match.span(), 0, grammar)
    start, end, _ = _with_brackets(folded, extent.start, extent.end, 0)
    if (start, end) != (0, len(inner)):
        return None
    bare = grammar.quantity(match.group())
    if bare is None:
        return None
    with localcontext(exact_context()):
        quantity = Quantity(plain(bare.value * scale.factor), plain(bare.step * scale.factor))
    return _amount(quantity, extent.meanings, scale.currency, _printed(inner, extent.start, extent.end))


@lru_cache(maxsize=4096)
def mark_kind(text: str, vocabulary: Vocabulary) -> str:
    """Say what a mark in place of an amount says: `nothing` (- or ―), `abolished` (皆減), `new` (皆増); else empty."""
    folded = fold(text).strip("()").casefold()
    return next((kind for kind, words in vocabulary.marks.items() if folded in map(str.casefold, words)), "")


def _with_phrases(text: str, folded: str, span: tuple[int, int], floor: int, grammar: Grammar) -> _Extent:
    """Return a quantity's span grown by the phrases in front of it (not before `floor`) and behind it."""
    start, end = span
    meanings = set()
    while True:
        if _is_minus(text, start - 1, floor):
            meanings.add("negative")
            start -= 1
            continue
        match = _phrase_before(folded, start, floor, grammar)
        if not match:
            break
        meanings.add(match.lastgroup or "")
        start = match.start()
    while match := grammar.phrase_after.match(folded, end):
        meanings.add(match.lastgroup or "")
        end = match.end()
    return _Extent(start, end, frozenset(meanings))


def _phrase_before(folded: str, end: int, floor: int, grammar: Grammar) -> re.Match[str] | None:
    """Find the phrase that ends at `end`, blanks aside. Most texts do not end as one does, which is soon told."""
    before = folded[:end].rstrip(BLANKS)
    if not before or not grammar.phrase_end.match(before[-1]):
        return None
    return grammar.phrase_before.search(folded[:end], max(floor, end - _LONGEST_PHRASE))


def _is_minus(text: str, position: int, floor: int) -> bool:
    """Say whether a minus sign stands there: at the number and off what is before it, unlike "Post-5" or "1.3-1.5"."""
    if position < floor or text[position] not in _MINUS_SIGNS:
        return False
    return (
        position == floor
        or text[position - 1].isspace()
        or fold_same_length(text[position - 1]) in OPENING_BRACKETS + ":"
    )


def _with_brackets(folded: str, start: int, end: int, floor: int) -> tuple[int, int, bool]:
    """Return the span with the pair of brackets directly around it, and whether there is one."""
    left, right = start - 1, end
    while left >= floor and folded[left].isspace():
        left -= 1
    while right < len(folded) and folded[right].isspace():
        right += 1
    if left < floor or right >= len(folded):
        return start, end, False
    opening = OPENING_BRACKETS.find(folded[left])
    if opening < 0 or CLOSING_BRACKETS[opening] != folded[right]:
        return start, end, False
    return left, right + 1, True


def _found(text: str, folded: str, extent: _Extent, quantity: Quantity, currency: str, floor: int) -> FoundAmount:
    start, end, bracketed = _with_brackets(folded, extent.start, extent.end, floor)
    bound: Bound = "at most" if "at_most" in extent.meanings else "at least" if "at_least" in extent.meanings else ""
    amount = _amount(quantity, extent.meanings, currency, _printed(text, extent.start, extent.end))
    return FoundAmount(start, end, amount, text[start] if bracketed else "", bound)


def _amount(quantity: Quantity, meanings: frozenset[str], currency: str, printed: str) -> Amount:
    with localcontext(exact_context()):
        value, half = quantity.value, quantity.step / 2
        lower, upper = value - half, value + half
        if "at_least" in meanings:
            lower, upper = value, value + _roundest_step(quantity)
        if meanings & {"part_of", "at_most"}:
            lower = Decimal(0)
        if "negative" in meanings:
            value, lower, upper = -value, -upper, -lower
        return Amount(
            value=plain(value),
            lower=plain(lower),
            upper=plain(upper),
            currency=currency,
            printed=printed,
            unit=quantity.step,
            is_part_of="part_of" in meanings,
            is_approximate=bool(meanings & {"around", "at_most", "at_least"}),
        )


def _roundest_step(quantity: Quantity) -> Decimal:
    """Return the worth of the last digit that is not 0."""
    if not quantity.value:
        return quantity.step
    exponent = quantity.value.normalize().as_tuple().exponent
    return max(quantity.step, Decimal(1).scaleb(int(exponent)))


def _printed(text: str, start: int, end: int) -> str:
    return " ".join(text[start:end].split())


def _currency_of_caption(caption: str, grammar: Grammar) -> str:
    """Return the longest currency in a caption that has one."""
    return max((match.group() for match in grammar.scale_currency.finditer(caption)), key=len)


def _without(caption: str, currency: str) -> str:
    left, _, right = caption.partition(currency)
    return f"{left} {right}".strip()


def _stripped(text: str, start: int, end: int) -> tuple[int, int]:
    inner = text[start:end]
    return start + len(inner) - len(inner.lstrip()), end - len(inner) + len(inner.rstrip())
