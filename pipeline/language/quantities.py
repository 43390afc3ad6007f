"""The worth of a printed number: `4.0 million`, `1,234 thousand`, `1兆2,345億`, `14万2000`, `二千五百万`.

Only numbers; currencies and phrases are the grammar's (`amount_grammar`). Text is folded.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Context, Decimal, localcontext
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pipeline.language.amount_vocabulary import Vocabulary

_NUMBER = re.compile(r"[0-9][0-9,]*(?:\.[0-9]+)?")
_ENOUGH_DIGITS_TO_BE_EXACT = 80


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number as printed: its worth, and the worth of one step of its last printed digit."""

    value: Decimal
    step: Decimal


_EXACT = Context(prec=_ENOUGH_DIGITS_TO_BE_EXACT)
_ONE = Decimal(1)


def exact_context() -> Context:
    """Return a decimal context that rounds nothing a slide can print, whatever the caller's context is."""
    return _EXACT


def plain(number: Decimal) -> Decimal:
    """Return `number` without trailing zeros behind the point and without an exponent."""
    if number == number.to_integral_value(context=_EXACT):
        return number.quantize(_ONE, context=_EXACT)
    return number.normalize(_EXACT)


def read_multiplied(printed: str, multipliers: re.Pattern[str], worth: Mapping[str, Decimal]) -> Quantity:
    """Return a number and the words that multiply it, by what each is worth (in lower case); `multipliers` finds them.

    Without a number, one of them.
    """
    number = _NUMBER.search(printed)
    digits = number.group().replace(",", "") if number else "1"
    with localcontext(exact_context()):
        value, step = Decimal(digits), _last_digit(digits)
        for word in multipliers.finditer(printed, number.end() if number else 0):
            factor = worth[word.group().casefold()]
            value, step = value * factor, step * factor
        return Quantity(plain(value), plain(step))


def is_positional(printed: str, vocabulary: Vocabulary) -> bool:
    """Whether the number is written with Han units."""
    return not (vocabulary.small.keys().isdisjoint(printed) and vocabulary.large.keys().isdisjoint(printed))


def read_positional(printed: str, vocabulary: Vocabulary) -> Quantity | None:
    """Return a number with Han units: small ones multiply within a group, large ones close it, both descend.

    None where they do not (3億5兆), where a part is too large for its place (1万20000), or where no digit stands.
    """
    with localcontext(exact_context()):
        reading = _Positional()
        position = 0
        while position < len(printed):
            character = printed[position]
            number = _NUMBER.match(printed, position)
            position = number.end() if number else position + 1
            if number:
                fits = reading.number(number.group().replace(",", ""))
            elif character in vocabulary.digits:
                fits = reading.digit(vocabulary.digits.index(character))
            elif character in vocabulary.small:
                fits = reading.small_unit(vocabulary.small[character])
            elif character in vocabulary.large:
                fits = reading.large_unit(vocabulary.large[character])
            else:
                fits = True
            if not fits:
                return None
        return reading.result()


class _Positional:
    """A positional number while it is read. Each method takes a token and says whether it fits what came before."""

    def __init__(self) -> None:
        self.total = Decimal(0)
        self.group = Decimal(0)
        self.step = Decimal(1)
        self.pending = ""
        self.last_small: Decimal | None = None
        self.last_large: Decimal | None = None
        self.any_digit = False

    def number(self, digits: str) -> bool:
        fits = not self.pending
        self.pending, self.any_digit = digits, True
        return fits

    def digit(self, digit: int) -> bool:
        self.pending, self.any_digit = self.pending + str(digit), True
        return True

    def small_unit(self, worth: Decimal) -> bool:
        if self.last_small is not None and worth >= self.last_small:
            return False
        digits = self.pending or "1"  # 千 alone is one thousand
        self.group += Decimal(digits) * worth
        self.step = _last_digit(digits) * worth
        self.pending, self.last_small = "", worth
        return True

    def large_unit(self, worth: Decimal) -> bool:
        empty = not self.pending and self.last_small is None
        if empty or not self._close_group():
            return False
        if self.last_large is not None and self.group * worth >= self.last_large:
            return False
        self.total += self.group * worth
        self.step *= worth
        self.group, self.last_small, self.last_large = Decimal(0), None, worth
        return True

    def result(self) -> Quantity | None:
        fits = self._close_group() and (self.last_large is None or self.group < self.last_large)
        if not fits or not self.any_digit:
            return None
        return Quantity(plain(self.total + self.group), plain(self.step))

    def _close_group(self) -> bool:
        """Add the number that no small unit follows."""
        if not self.pending:
            return True
        rest = Decimal(self.pending)
        self.step = _last_digit(self.pending)
        self.pending = ""
        self.group += rest
        return self.last_small is None or rest < self.last_small


def _last_digit(digits: str) -> Decimal:
    return Decimal(1).scaleb(-len(digits.partition(".")[2]))
