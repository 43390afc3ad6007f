"""Stable keys: slugs made from what a row says, not from where it stands."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter

LONG_TEXT_WORDS = 10
"""Keys of sentences take this many of their words; names are taken whole."""

_DROPPED = re.compile(r"['’‘`&＆]")
_BROKEN = re.compile(r"[\W_]+")


def slug(text: str, words: int | None = None) -> str:
    """`text` as a key: NFKC, lower case, letters and digits of any script, everything else one hyphen.

    Ampersands and apostrophes inside words go without a trace ("R&D" is `rd`). `words` keeps only so many words. A text
    without letters and digits gives the code points of its characters, so that ※ has a key as well.
    """
    folded = unicodedata.normalize("NFKC", text).casefold()
    made = _BROKEN.sub("-", _DROPPED.sub("", folded)).strip("-")
    if words is not None:
        made = "-".join(made.split("-")[:words])
    return made or "-".join(f"u{ord(c):04x}" for c in folded if not c.isspace())


class Keys:
    """Hands out keys of one table: rows that would collide get a suffix by order (`-2`, `-3` …)."""

    def __init__(self) -> None:
        self._given: Counter[str] = Counter()
        self._taken: set[str] = set()

    def unique(self, *parts: str) -> str:
        """The parts that are not empty, joined by `/`, unlike every key before."""
        base = "/".join(p for p in parts if p) or "row"
        key = base
        while key in self._taken:
            self._given[base] += 1
            key = f"{base}-{self._given[base] + 1}"
        self._taken.add(key)
        return key
