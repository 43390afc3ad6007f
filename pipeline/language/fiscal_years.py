"""Fiscal years as they are printed: FY2025, JFY2025, fiscal year 2025, 2025年度, 令和７年度, R7, 平成31, 令和元年度.

Japan's fiscal year N runs from April of N to March of N + 1 and is named by the year it starts in, in either calendar.
A date (令和７年５月, R7.4.1, May 2025) is not a fiscal year and is not found. Which budget a year belongs to (initial,
supplementary) is not read here.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from pipeline.language.folding import fold_same_length

_YEAR_BEFORE_ERA = {"明治": 1867, "大正": 1911, "昭和": 1925, "平成": 1988, "令和": 2018, "㍾": 1867, "㍽": 1911}
_YEAR_BEFORE_ERA |= {"㍼": 1925, "㍻": 1988, "㋿": 2018, "S": 1925, "H": 1988, "R": 2018}
"""The Western year before an era's first: the year 7 of 令和 is 2018 + 7."""

_KANJI_DIGITS = "〇一二三四五六七八九"
_CENTURY_OF_TWO_DIGITS = 2000
_ERA_NAMES = "明治|大正|昭和|平成|令和|㍾|㍽|㍼|㍻|㋿"
_BUDGET_WORDS = "度|補正|当初|予算|概算|一次|二次"

_COUNTS = re.compile(f"[0-9元{_KANJI_DIGITS}十]")
"""What a year is counted with, in whatever way it is printed."""

_FISCAL_YEAR = re.compile(
    rf"""
    # English: FY2025, FY 2025, FY25, JFY2025, F.Y. 2025, fiscal year 2025, 2025 fiscal year
      (?<![A-Z]) (?:J?FY|F\.Y\.) [\s'\-]* (?P<fy>[0-9]{{4}}|[0-9]{{2}}) (?![0-9])
    | (?<![A-Za-z]) (?i:fiscal (?:\s+ years?)?) \s+ (?P<fiscal>[0-9]{{4}}) (?![0-9])
    | (?<![0-9.]) (?P<before>[12][0-9]{{3}}) \s+ (?i:fiscal \s+ year) (?![A-Za-z])
    # Western year, Japanese word
    | (?<![0-9.]) (?P<western>[12][0-9]{{3}}) \s* 年 \s* (?:度|(?=補正|当初|概算))
    # Era and year. Without 年 it stands for the fiscal year; 年 alone would be a calendar year or a date.
    | (?P<era>{_ERA_NAMES}) \s* (?P<count>元|[0-9]{{1,2}}|[{_KANJI_DIGITS}十]{{1,3}})
      (?: \s* 年 \s* (?:度|(?={_BUDGET_WORDS})) | (?![0-9{_KANJI_DIGITS}十]|\s*年|\.[0-9]) )
    # An era's letter: R7 by itself, but H20 and S3 are too often something else
    | (?<![A-Za-z0-9]) (?P<letter>[RHS]) (?P<number>元|[0-9]{{1,2}}) \s* 年 \s* (?:度|(?={_BUDGET_WORDS}))
    | (?<![A-Za-z0-9\-]) (?P<reiwa>R) (?P<short>[0-9]{{1,2}}) (?![0-9A-Za-z]|\.[0-9]|\s*年|[\-/][0-9A-Za-z])
    """,
    re.VERBOSE,
)


@dataclass(frozen=True, slots=True)
class FoundYear:
    """A fiscal year in a text: `text[start:end]`, its Western year, and the words as printed (single-spaced)."""

    start: int
    end: int
    year: int
    printed: str


@lru_cache(maxsize=8192)
def find_fiscal_years(text: str) -> tuple[FoundYear, ...]:
    """Return the fiscal years printed in `text`, in order. Positions count the characters of `text` as given.

    Of a span such as "FY2024/25" or "FY2021-2025" the first year is found.
    """
    folded = fold_same_length(text)
    if not _COUNTS.search(folded):  # most lines of a slide
        return ()
    found = []
    for match in _FISCAL_YEAR.finditer(folded):
        year = _western_year({name: value for name, value in match.groupdict().items() if value})
        if year is not None:
            start, end = match.span()
            found.append(FoundYear(start, end, year, " ".join(text[start:end].split())))
    return tuple(found)


def _western_year(parts: dict[str, str]) -> int | None:
    for name in ("fiscal", "before", "western"):
        if name in parts:
            return int(parts[name])
    if "fy" in parts:
        digits = parts["fy"]
        return int(digits) + (_CENTURY_OF_TWO_DIGITS if len(digits) == len("25") else 0)
    era = parts.get("era") or parts.get("letter") or parts["reiwa"]
    count = _count(parts.get("count") or parts.get("number") or parts["short"])
    return _YEAR_BEFORE_ERA[era] + count if count else None


def _count(printed: str) -> int:
    """Return the year of an era: 元 is the first; 0 where the characters are no number."""
    if printed == "元":
        return 1
    if printed.isdecimal():
        return int(printed)
    tens, ten, ones = printed.rpartition("十")
    if not ten:
        return int("".join(str(_KANJI_DIGITS.index(digit)) for digit in printed))
    if len(tens) > 1 or len(ones) > 1 or "十" in tens:
        return 0
    return 10 * (_KANJI_DIGITS.index(tens) if tens else 1) + (_KANJI_DIGITS.index(ones) if ones else 0)
