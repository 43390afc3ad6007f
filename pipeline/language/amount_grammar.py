"""How the words of printed amounts combine: one grammar for every vocabulary, compiled once for each.

It says what stands where in a text: a quantity (`4.0 million`, `1兆2,345億`) with its currency, the phrases in front
and behind, a scale, a piece of an amount. What a quantity is worth is `quantities`, what the whole is as money
`amounts`. All patterns run on text folded by `fold_same_length`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from pipeline.language.amount_vocabulary import Phrases, Vocabulary
from pipeline.language.quantities import Quantity, is_positional, read_multiplied, read_positional

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from decimal import Decimal

OPENING_BRACKETS = "[(【〔"
CLOSING_BRACKETS = "])】〕"

_BLANK = r"[\s\u00ad\u200b-\u200f\u2060\ufeff]"
BLANKS = " \u00ad\u200b\u200c\u200d\u200e\u200f\u2060\ufeff"
"""What may stand between the words of an amount, in folded text."""

_GAP = f"{_BLANK}*"
_NUMBER = (
    # Not inside a longer number, a decimal, or a fiscal year. Bounded: longer runs of digits are no money.
    r"(?<![0-9])(?<![0-9][.,])(?<!FY)(?<!FY\s)"
    r"(?:[0-9]{1,3}(?:,[0-9]{3}){1,5}|[0-9]{1,15})(?:\.[0-9]{1,9})?(?![0-9]|[.,][0-9])"
)
_HAN_OR_KATAKANA = "々\u3400-\u9fff\u30a1-\u30fa\u30fc"
_NO_LOWER_CASE = "(?!(?-i:[a-z]))"
_NO_LETTER = "(?![A-Za-z])"
_NOT_BEHIND_A_CAPITAL = "(?<!(?-i:[A-Z]))"
_NOT_BEHIND_A_LETTER = "(?<![A-Za-z])"
_NOT_BEHIND_A_CURRENCY = r"(?<![$€£¥₩₹₱])(?<![$€£¥₩₹₱]\s)"
_WORDS_THAT_STAND_OUT = 3
_LONGEST_WEAK_WORD = 2


@dataclass(frozen=True, slots=True, eq=False)
class Grammar:
    """The compiled patterns of one vocabulary. Without a `digit` a text holds no amount.

    `amount` has the groups `before`, `minus`, `quantity1` or `quantity2`, `after`; `amount_or_bare` also `quantity3`,
    for a quantity with a unit but without a currency. `phrase_before` matches one phrase that ends where the text ends
    (the last character of every such phrase is a `phrase_end`), `phrase_after` one that starts where it is matched; their
    groups are the meanings `part_of`, `around`, `at_most`, `at_least` and `negative`. `scale` has the groups `bracketed`,
    `led`, `led2` and `whole`. `piece` matches one token of an amount as `strong` (a sign of money by itself), `number` or
    `weak`.
    """

    vocabulary: Vocabulary
    digit: re.Pattern[str]
    amount: re.Pattern[str]
    amount_or_bare: re.Pattern[str]
    phrase_before: re.Pattern[str]
    phrase_end: re.Pattern[str]
    phrase_after: re.Pattern[str]
    number: re.Pattern[str]
    scale: re.Pattern[str]
    scale_currency: re.Pattern[str]
    piece: re.Pattern[str]
    multiplier: re.Pattern[str]
    currencies: Mapping[str, str]
    multipliers: Mapping[str, Decimal]

    def currency(self, printed: str) -> str:
        """Return the ISO 4217 code of a currency as printed."""
        return self.currencies[_squeezed(printed)]

    def quantity(self, printed: str) -> Quantity | None:
        """Return the worth of a number with its units; None where the units do not fit each other."""
        if is_positional(printed, self.vocabulary):
            return read_positional(printed, self.vocabulary)
        return read_multiplied(printed, self.multiplier, self.multipliers)


@lru_cache(maxsize=8)
def grammar_of(vocabulary: Vocabulary) -> Grammar:
    """Return the grammar of a vocabulary, compiled the first time it is asked for."""
    words = _fragments(vocabulary)
    behind_currency = f"{_positional(words, words.after)}|{words.multiplied}"
    before_currency = f"{_positional(words, words.after)}|{words.shortened}"
    amount = (
        rf"(?P<before>{words.before}){_GAP}(?P<minus>-)?(?P<quantity1>{behind_currency})(?:{_GAP}(?:{words.after}))?"
        rf"|(?P<quantity2>{before_currency}){_GAP}(?P<after>{words.after})"
    )
    # Without a currency the unit has to end the phrase: 44億冊 and "3 million users" are no money.
    end = rf"(?=(?:{words.phrase_after})|(?!{_GAP}(?:[A-Za-z%~]|[$€£¥₩₹₱])|[{_HAN_OR_KATAKANA}]))"
    bare = rf"{_NOT_BEHIND_A_CURRENCY}(?P<quantity3>{_positional(words, None)}|{words.lengthened}){end}"
    begins = _beginning(vocabulary)
    return Grammar(
        vocabulary=vocabulary,
        digit=_compile(f"[0-9{re.escape(vocabulary.digits)}]"),
        amount=_compile(f"{begins}(?:{amount})"),
        amount_or_bare=_compile(f"{begins}(?:{amount}|{bare})"),
        phrase_before=_compile(rf"(?:{words.phrase_before}){_GAP}\Z"),
        phrase_end=_compile(f"[{_listed(_last_characters(vocabulary))}]"),
        phrase_after=_compile(words.phrase_after),
        number=_compile(_NUMBER),
        scale=_compile(_scale(vocabulary, words)),
        scale_currency=_compile(words.any_currency),
        piece=_compile(_piece(vocabulary)),
        multiplier=_compile(words.any_multiplier),
        currencies={_squeezed(word): c.code for c in vocabulary.currencies for word in (*c.before, *c.after)},
        multipliers={w.casefold(): m.value for m in vocabulary.multipliers for w in (*m.words, *m.abbreviations)},
    )


@dataclass(frozen=True, slots=True)
class _Fragments:
    """Parts of patterns that depend on the vocabulary."""

    before: str
    after: str
    any_currency: str
    any_multiplier: str
    multiplied: str
    shortened: str
    lengthened: str
    one_step: str
    digits: str
    units: str
    phrase_before: str
    phrase_after: str


def _fragments(vocabulary: Vocabulary) -> _Fragments:
    currencies = vocabulary.currencies
    word = _any_of((w, _words(w)) for m in vocabulary.multipliers for w in m.words)
    short = _any_of((w, _words(w)) for m in vocabulary.multipliers for w in m.abbreviations)
    units = "".join((*vocabulary.small, *vocabulary.large))
    power_of_ten = r"(?<![0-9])1(?:0{1,3}|,000)(?![0-9,.])"
    named_step = rf"(?:(?:{word})(?:s?{_GAP}of{_NO_LETTER})?{_GAP})+|(?:{short}){_NO_LETTER}"
    return _Fragments(
        before=_any_of((w, _currency_before(w)) for c in currencies for w in c.before),
        after=_any_of((w, _currency_after(w, c.not_before)) for c in currencies for w in c.after),
        any_currency=_any_of((w, _words(w)) for c in currencies for w in (*c.before, *c.after)),
        any_multiplier=_any_of((w, _words(w)) for m in vocabulary.multipliers for w in (*m.words, *m.abbreviations)),
        multiplied=rf"{_NUMBER}(?:(?:{_GAP}(?:{word}){_NO_LOWER_CASE})+|{_GAP}(?:{short}){_NO_LETTER})?",
        shortened=rf"{_NUMBER}(?:(?:{_GAP}(?:{word}))+|{_GAP}(?:{short}))?",
        lengthened=rf"{_NUMBER}(?:{_GAP}(?:{word}){_NO_LETTER})+",
        one_step=rf"(?:{power_of_ten}{_GAP})?(?:{named_step}|[{units}](?:{_GAP}[{units}])*)",
        digits=vocabulary.digits,
        units=units,
        phrase_before=_meanings(vocabulary, lambda p: p.before, _phrase_before),
        phrase_after=_meanings(vocabulary, lambda p: p.after, _phrase_after),
    )


def _beginning(vocabulary: Vocabulary) -> str:
    """Whether an amount can begin at all: asked first, since at most places of a text none can.

    It begins with a digit or the sign of a currency; or with a currency's letters, which are told from those of any other
    word by the first two of them.
    """
    signs = {*vocabulary.digits, *vocabulary.small, *vocabulary.large}
    letters: dict[str, set[str]] = {}
    for word in (word for currency in vocabulary.currencies for word in currency.before):
        if word.isascii() and word[0].isalpha() and len(word.split()[0]) > 1:
            letters.setdefault(word[0], set()).add(word[1])
        else:
            signs.add(word[0])
    first = f"0-9{_listed(signs)}"
    if not letters:
        return f"(?=[{first}])"
    pairs = "|".join(f"{one}[{_listed(others)}]" for one, others in sorted(letters.items()))
    return f"(?=[{first}]|(?=[{_listed(letters)}])(?:{pairs}))"


def _listed(characters: Iterable[str]) -> str:
    return re.escape("".join(sorted(characters)))


def _last_characters(vocabulary: Vocabulary) -> set[str]:
    meanings = (vocabulary.part_of, vocabulary.around, vocabulary.at_most, vocabulary.at_least)
    words = {word for phrases in meanings for word in phrases.before} | set(vocabulary.negative)
    return {word[-1] for word in words}


def _positional(words: _Fragments, currency: str | None) -> str:
    """Match a number with Han units: 1兆2,345億, 14万2000 and, only where a currency stands behind it, 三百億.

    A last number without a unit may stand off by white space only where the currency follows it.
    """
    unit = f"(?:{_GAP}[{words.units}])+"
    arabic = rf"{_NUMBER}{unit}(?:{_GAP}{_NUMBER}{unit})*"
    if currency is None:
        return rf"{arabic}(?:{_NUMBER})?"
    han = words.digits + words.units
    return rf"{arabic}(?:{_NUMBER}|{_GAP}{_NUMBER}(?={_GAP}(?:{currency})))?|(?<![{han}数第何幾])[{han}]{{2,}}"


def _scale(vocabulary: Vocabulary, words: _Fragments) -> str:
    currency, step = rf"(?:{words.any_currency}){_NO_LOWER_CASE}", words.one_step
    both = rf"(?:(?:{words.any_currency}){_GAP}(?:{step})|(?:{step}){_GAP}{currency})"
    colon = rf"{_GAP}:{_GAP}"
    lead = _NOT_BEHIND_A_LETTER + f"(?:{_any_of((w, _words(w)) for w in vocabulary.captions)})"
    opening, closing = re.escape(OPENING_BRACKETS), re.escape(CLOSING_BRACKETS)
    return (
        rf"[{opening}]{_GAP}(?:{lead}(?:{colon}|{_GAP}))?(?P<bracketed>{both}|{currency}){_GAP}[{closing}]"
        rf"|{lead}(?:{colon}(?P<led>{both}|{currency})|{_GAP}(?P<led2>{both}))"
        rf"|\A{_GAP}(?P<whole>{both}){_GAP}\Z"
    )


def _piece(vocabulary: Vocabulary) -> str:
    part_of = {word for phrase in (*vocabulary.part_of.before, *vocabulary.part_of.after) for word in phrase.split()}
    part_of |= {phrase.removeprefix("の") for phrase in vocabulary.part_of.after}
    money = {w for c in vocabulary.currencies for phrase in (*c.before, *c.after) for w in (phrase, *phrase.split())}
    money |= {word for m in vocabulary.multipliers for word in m.words}
    strong = {
        word for word in part_of | money if not (word.isascii() and word.isalpha() and len(word) <= _LONGEST_WEAK_WORD)
    }
    # Words without spaces may be cut anywhere.
    weak = part_of | money | {c for phrase in vocabulary.part_of.after for c in phrase if not c.isascii()}
    for phrases in (vocabulary.around, vocabulary.at_most, vocabulary.at_least):
        weak |= {word for phrase in (*phrases.before, *phrases.after) for word in phrase.split()}
    weak |= {word for m in vocabulary.multipliers for word in m.abbreviations}
    signs = re.escape("".join((*vocabulary.small, *vocabulary.negative)) + vocabulary.digits + ".,()〔〕~-")
    return (
        rf"(?P<strong>{_any_of((w, _bounded(w)) for w in strong)}|[{''.join(vocabulary.large)}\[\]【】])"
        rf"|(?P<number>[0-9][0-9,]*(?:\.[0-9]+)?)"
        rf"|(?P<weak>{_any_of((w, _bounded(w)) for w in weak - strong)}|[{signs}])"
    )


def _meanings(
    vocabulary: Vocabulary, side: Callable[[Phrases], tuple[str, ...]], written: Callable[[str, str, Phrases], str]
) -> str:
    groups = {
        "part_of": vocabulary.part_of,
        "around": vocabulary.around,
        "at_most": vocabulary.at_most,
        "at_least": vocabulary.at_least,
        "negative": Phrases(before=vocabulary.negative),
    }
    return "|".join(
        f"(?P<{meaning}>{_any_of((word, written(word, meaning, phrases)) for word in side(phrases))})"
        for meaning, phrases in groups.items()
    )


def _phrase_before(word: str, _: str, phrases: Phrases) -> str:
    """Match a phrase; one of three words or more also where the printer left out the space in front of it."""
    if not word.isascii():
        return (f"(?<![{re.escape(phrases.not_after)}])" if phrases.not_after else "") + _words(word)
    if not word[0].isalpha():
        return rf"(?<![^\s\[(【:、,]){_words(word)}(?!\s)"  # ~ between two amounts is a range
    return _words(word) if len(word.split()) >= _WORDS_THAT_STAND_OUT else _NOT_BEHIND_A_LETTER + _words(word)


def _phrase_after(word: str, meaning: str, _: Phrases) -> str:
    """Match a phrase: 「の内数」 may stand off; 超 or 程度 has to follow at once and end the word (not 超伝導)."""
    if word.isascii():
        return f"{_GAP}{_words(word)}{_NO_LETTER}"
    return f"{_GAP}{_words(word)}" if meaning == "part_of" else f"{_words(word)}(?![{_HAN_OR_KATAKANA}])"


def _currency_before(word: str) -> str:
    mixed = word[0].isalpha() and not word.isupper()
    return (_NOT_BEHIND_A_LETTER if mixed else _NOT_BEHIND_A_CAPITAL) + _words(word)


def _currency_after(word: str, not_before: str) -> str:
    """Match a currency; what may also stand in front of a number (USD, $) only if no other number follows."""
    if not word.isascii():
        return _words(word) + (f"(?![{re.escape(not_before)}])" if not_before else "")
    if word.isupper() or not word[-1].isalpha():
        return rf"{_words(word)}{_NO_LETTER}(?!{_GAP}[0-9])"
    return _words(word) + _NO_LOWER_CASE


def _bounded(word: str) -> str:
    left = _NOT_BEHIND_A_LETTER if word[0].isascii() and word[0].isalpha() else ""
    return left + _words(word) + (_NO_LETTER if word[-1].isascii() and word[-1].isalpha() else "")


def _words(phrase: str) -> str:
    """Return the pattern of a phrase: white space as wide as it likes; between Han characters also none."""
    if not phrase.isascii():
        return _GAP.join(re.escape(character) for character in phrase if not character.isspace())
    pattern = f"{_BLANK}+".join(re.escape(word) for word in phrase.split())
    return f"(?-i:{pattern})" if phrase.isalpha() and phrase.isupper() else pattern


def _any_of(patterns: Iterable[tuple[str, str]]) -> str:
    """One of several patterns, that of the longest word first; what matches nothing where there is none."""
    ordered = sorted(dict.fromkeys(patterns), key=lambda pair: (-len(pair[0]), pair[0]))
    return "|".join(pattern for _, pattern in ordered) or "(?!)"


def _compile(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.IGNORECASE)


def _squeezed(printed: str) -> str:
    return re.sub(_GAP, "", printed).casefold()
