"""How much one document may cost: bytes, pages, marks, time and memory. Beyond a limit it is refused, never read in part.

A limit is there against documents that are made to do harm, or that no slide deck is; each can be raised with the option
`--limit NAME=VALUE`, and whatever refuses a document names the limit, its value and that option. What a document has is
known from its bytes (`reading.preflight`, `reading.pdf`) wherever one is read. Time and memory can only be taken from a
process of its own: these two hold where a `supervising.Supervisor` reads.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, fields, replace
from decimal import Decimal
from typing import TYPE_CHECKING

from pipeline.errors import LimitError, TooLargeError

if TYPE_CHECKING:
    from collections.abc import Iterable

KILOBYTE, MEGABYTE, GIGABYTE = 10**3, 10**6, 10**9

_SIZES = {"": 1, "b": 1, "kb": KILOBYTE, "mb": MEGABYTE, "gb": GIGABYTE, "kib": 2**10, "mib": 2**20, "gib": 2**30}
_SECONDS = {"": 1, "s": 1}
_COUNTS = {"": 1}
_VALUE = re.compile(r"(\d+(?:\.\d+)?)\s*([A-Za-z]*)", re.ASCII)

_DIGITS_SHOWN = 2
"""A raised limit is proposed with so many digits that count."""


@dataclass(frozen=True)
class Limits:
    """What one document may have and take. Every value is above zero; sizes are in bytes.

    `page_inflated_bytes` bounds, for each page, what it draws and the fonts and tables that reading it needs, once they
    are decompressed, and bounds the same for the tables of the file as a whole. `page_seconds` bounds each page by the
    clock, and all steps together by that many seconds a page (and one page more), by the clock. `memory_bytes` bounds what
    a process allocates that reads a document; half of it is more than any deck seen takes. Of a document that is alone two
    processes read (`supervising.second_process`): each may allocate as much, and the second may take as much processor time
    for each question as the clock allows.
    """

    file_bytes: int = 200 * MEGABYTE
    pages: int = 2000
    page_characters: int = 200_000
    page_rules: int = 100_000
    page_inflated_bytes: int = 256 * MEGABYTE
    page_seconds: int = 60
    memory_bytes: int = 2 * GIGABYTE


DEFAULT_LIMITS = Limits()

NAMES = tuple(field.name.replace("_", "-") for field in fields(Limits))
"""The names that `--limit` takes."""

HELP = "NAME=VALUE raises (or lowers) a limit on each document; several may be given. " + "; ".join(
    f"{field.name.replace('_', '-')} ({field.default:,})" for field in fields(Limits)
)
"""The help of the option `--limit`: names with their defaults."""


def parse_limit(text: str) -> tuple[str, int]:
    """A limit as the option `--limit` takes it, such as `pages=5000` or `memory-bytes=4GB`: the field's name and value.

    Sizes may have a unit: kB, MB, GB are powers of a thousand, KiB, MiB, GiB of 1,024. Raises LimitError otherwise.
    """
    name, _, value = text.partition("=")
    name = name.strip().replace("_", "-")
    if name not in NAMES:
        raise LimitError(f"--limit {text}: there is no such limit.", f"Choose from {', '.join(NAMES)}.")
    units = _SIZES if name.endswith("bytes") else _SECONDS if name.endswith("seconds") else _COUNTS
    m = _VALUE.fullmatch(value.strip())
    number = Decimal(m[1]) * units.get(m[2].lower(), 0) if m else Decimal(0)
    if number < 1 or number != int(number):
        example = "1GB" if units is _SIZES else getattr(DEFAULT_LIMITS, name.replace("-", "_")) * 2
        raise LimitError(
            f"--limit {text}: {value!r} is no value for it.", f"Give a whole number above zero, as in {name}={example}."
        )
    return name.replace("-", "_"), int(number)


def limits_of(options: Iterable[str]) -> Limits:
    """The limits with those raised that the options name, the last of a name. Raises LimitError as `parse_limit`."""
    return replace(DEFAULT_LIMITS, **dict(parse_limit(option) for option in options))


def advice_to_raise(name: str, limit: int, value: int | None = None) -> str:
    """What to do about a breach of the limit `name` (a field of Limits): the option that admits `value`.

    Where it is not known how much would be enough, twice the limit is proposed.
    """
    wanted = max(value or 0, limit + 1) if value else limit * 2
    return (
        f"If it must be read all the same, raise the limit: --limit {name.replace('_', '-')}={_spelled(name, wanted)}."
    )


def refuse_beyond(limits: Limits, name: str, value: int, place: str, what: str, *, at_least: bool = False) -> None:
    """Raises TooLargeError where `value` is above the limit `name`; `what` begins the sentence about `place`.

    `at_least` says that it was counted only until it was too much.
    """
    limit: int = getattr(limits, name)
    if value > limit:
        counted = f"more than {shown(name, limit)}" if at_least else shown(name, value)
        raise TooLargeError(
            f"{place}: {what} {counted}, and the limit {name.replace('_', '-')} is {shown(name, limit)}.",
            advice_to_raise(name, limit, None if at_least else value),
        )


def shown(name: str, value: int) -> str:
    """A limit's value for a message: `256 MB`, `60 s`, `2,000`."""
    if name.endswith("bytes"):
        if value >= MEGABYTE:
            return f"{value / MEGABYTE:,.0f} MB" if value % MEGABYTE == 0 else f"{value / MEGABYTE:,.1f} MB"
        return f"{value:,} bytes"
    return f"{value:,} s" if name.endswith("seconds") else f"{value:,}"


def _spelled(name: str, value: int) -> str:
    """The value rounded up to few digits, with a unit where it is a size."""
    step = 10 ** max(0, math.floor(math.log10(value)) + 1 - _DIGITS_SHOWN)
    value = math.ceil(value / step) * step
    if name.endswith("bytes") and value % MEGABYTE == 0:
        return f"{value // MEGABYTE}MB"
    return str(value)
