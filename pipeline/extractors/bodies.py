"""The bodies an item is printed with: 【総】 or 【内（経）】 in front, （経・農） or （文：40億円） behind.

A bracket counts only where everything in it is a body that the registry knows, so that 【研究基盤の整備】 stays a heading.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pipeline.organizations import OrganizationRegistry

_PAIRS = {"【": "】", "（": "）", "(": ")", "［": "］", "〔": "〕"}
_CLOSING = tuple(_PAIRS.values())
_SEPARATORS = re.compile(r"[・、，,／/;；&＆]|\band\b")
_CARRIER = re.compile(r"[：:]")
_GAP = re.compile(r"[、，,\s]+")


KEPT = 4096
"""Of so many texts it is kept what they say of bodies: every line of a slide is asked more than once."""


@dataclass(frozen=True, slots=True)
class BodyBracket:
    """A bracket with bodies: where it stands in a text, each body's place, and where what they carry begins, if anything.

    Positions count the characters of the text. `carried` is the span behind a colon ("40億円" of "（文：40億円）").
    """

    start: int
    end: int
    bodies: tuple[tuple[int, int], ...]
    carried: tuple[int, int] | None = None


@lru_cache(maxsize=KEPT)
def opening_bracket(text: str, opening: str, registry: OrganizationRegistry) -> BodyBracket | None:
    """The bracket with bodies that `text` begins with; `opening` are the characters that may open it."""
    start = len(text) - len(text.lstrip())
    if start == len(text) or text[start] not in opening:
        return None
    return _bracket_at(text, start, registry)


@lru_cache(maxsize=KEPT)
def closing_bracket(text: str, registry: OrganizationRegistry) -> BodyBracket | None:
    """The bracket with bodies that `text` ends with."""
    end = len(text.rstrip())
    if end == 0 or text[end - 1] not in _PAIRS.values():
        return None
    for start in range(end - 1, -1, -1):
        if text[start] in _PAIRS and _closing_of(text, start) == end - 1:
            return _bracket_at(text, start, registry)
    return None


@lru_cache(maxsize=KEPT)
def listed_bodies(text: str, registry: OrganizationRegistry, others: tuple[str, ...] = ()) -> Sequence[tuple[int, int]]:
    """The places of the bodies that a text lists and says nothing else, as a table's column of ministries does.

    Brackets may stand around the whole list, and one of `others` ("etc.") at its end.
    """
    start, stop = len(text) - len(text.lstrip()), len(text.rstrip())
    if start < stop and text[start] in _PAIRS:
        if _closing_of(text, start) != stop - 1:
            return ()
        start, stop = start + 1, stop - 1
    stop = start + end_of_list(text[start:stop], others)
    return _bodies(text, start, stop, registry) if text[start:stop].strip() else ()


def end_of_list(text: str, others: Sequence[str]) -> int:
    """Where a list of bodies ends in `text`: before one of `others` ("etc.") at its end, with the comma in front of it."""
    words = "|".join(re.escape(mark.rstrip(".")) for mark in others)
    found = re.search(rf"(?:,\s*)?(?<![A-Za-z])(?:{words})\.?\s*$", text, re.IGNORECASE) if words else None
    return found.start() if found else len(text)


def parts_of_list(text: str, start: int, stop: int, registry: OrganizationRegistry) -> list[tuple[int, int]]:
    """The places of the parts of a list of bodies, in `text[start:stop]`, without the blanks around them.

    A name may hold what elsewhere separates two ("Ministry of Economy, Trade and Industry"): as much as makes a known body is
    one part. What is already known without its first words is not one with them: "Digital Agency, Cybersecurity Office (CO)".
    """
    cuts = [
        separator
        for separator in _SEPARATORS.finditer(text, start, stop)
        if sum(map(text[start : separator.start()].count, _PAIRS))
        <= sum(map(text[start : separator.start()].count, _CLOSING))
    ]
    begins = [start, *(cut.end() for cut in cuts)]
    ends = [*(cut.start() for cut in cuts), stop]
    parts: list[tuple[int, int]] = []
    at = 0
    while at < len(begins):
        longer = (
            last for last in range(len(ends) - 1, at, -1) if _is_one(text, begins[at : last + 1], ends[last], registry)
        )
        last = next(longer, at)
        part = text[begins[at] : ends[last]]
        if part.strip():
            parts.append((begins[at] + len(part) - len(part.lstrip()), ends[last] - len(part) + len(part.rstrip())))
        at = last + 1
    return parts


def known_parts(text: str, registry: OrganizationRegistry) -> tuple[int, int]:
    """How many of the bodies that a text lists are known, and how many are not."""
    parts = parts_of_list(text, 0, len(text), registry)
    known = sum(registry.resolve(text[a:b]) is not None for a, b in parts)
    return known, len(parts) - known


def _is_one(text: str, begins: Sequence[int], end: int, registry: OrganizationRegistry) -> bool:
    """Whether the text from the first of `begins` is a known body, and from none of the others the same one."""
    body = registry.resolve(text[begins[0] : end].strip())
    return body is not None and all(registry.resolve(text[start:end].strip()) is not body for start in begins[1:])


def _closing_of(text: str, start: int) -> int | None:
    """Where the bracket that opens at `start` closes, with the ones inside it balanced."""
    stack: list[str] = []
    for i in range(start, len(text)):
        if text[i] in _PAIRS:
            stack.append(_PAIRS[text[i]])
        elif stack and text[i] == stack[-1]:
            stack.pop()
            if not stack:
                return i
    return None


def _bracket_at(text: str, start: int, registry: OrganizationRegistry) -> BodyBracket | None:
    close = _closing_of(text, start)
    if close is None:
        return None
    colon = _CARRIER.search(text, start + 1, close)
    stop = colon.start() if colon else close
    bodies = _bodies(text, start + 1, stop, registry)
    if bodies:
        return BodyBracket(start, close + 1, tuple(bodies), (colon.end(), close) if colon else None)
    # （文、40億円）: what stands behind the bodies begins with a number or a word, not with a body.
    for gap in reversed(list(_GAP.finditer(text, start + 1, close))):
        bodies = _bodies(text, start + 1, gap.start(), registry)
        if bodies and any(c.isdigit() for c in text[gap.end() : close]):
            return BodyBracket(start, close + 1, tuple(bodies), (gap.end(), close))
    return None


def _bodies(text: str, start: int, stop: int, registry: OrganizationRegistry) -> Sequence[tuple[int, int]]:
    """The parts of a list where each of them is a body."""
    parts = parts_of_list(text, start, stop, registry)
    return parts if all(_is_body(text[a:b], registry) for a, b in parts) else ()


def _is_body(name: str, registry: OrganizationRegistry) -> bool:
    """Whether a name is a known body, or a part of one ("内（経）": the Cabinet Office's part under that minister)."""
    if not name:
        return False
    return registry.resolve(name) is not None or registry.resolve(re.split(r"[（(]", name)[0]) is not None
