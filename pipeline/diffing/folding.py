"""Text made comparable: what two printings of the same words have in common.

Folding happens to a copy and serves comparison only; what is shown is always the text as it stands in the tables.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter

from pipeline.passage import clean, is_spaceless

_DASHES = dict.fromkeys(map(ord, "‐‑‒–—―−－"), "-")
_QUOTES = {ord(c): "'" for c in "‘’‛′＇"} | {ord(c): '"' for c in "“”„‟″＂"}
_WAVES = dict.fromkeys(map(ord, "〜～∼"), "~")
_FOLDS = {**_DASHES, **_QUOTES, **_WAVES}
_WORD = re.compile(r"\d+(?:[.,]\d+)*|[^\W\d_]+")
_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")


def fold(text: str) -> str:
    """`text` without what printers vary: width, radicals drawn for characters, dashes, quotes, case, end punctuation.

    Idempotent. Circled and squared characters stay: a ① in a name is not a 1.
    """
    folded = "".join(_folded_character(c) for c in clean(text)).translate(_FOLDS).casefold()
    return clean(folded).rstrip(".。,;:、 ")


def _folded_character(character: str) -> str:
    code = ord(character)
    # Full-width and half-width forms, and the two blocks of radicals that fonts put where a character is meant.
    if 0xFF01 <= code <= 0xFFEF or 0x2E80 <= code <= 0x2FD5 or code == 0x3000:
        return unicodedata.normalize("NFKC", character)
    return character


def edition_year(edition: str) -> int | None:
    """The first year named in an edition's name (`2025`, `fy2025-supplementary`), or None."""
    found = _YEAR.search(edition)
    return int(found.group()) if found else None


def fold_years(folded: str, year: int) -> str:
    """`folded` with each year in it written as its distance from `year`: what stays the same as editions go on."""
    return _YEAR.sub(lambda found: f"{{{int(found.group()) - year:+d}}}", folded)


def without_numbers(folded: str) -> str:
    """`folded` with every number left out, to tell whether two sentences differ in nothing else."""
    return _NUMBER.sub("#", folded)


def numbers(folded: str) -> Counter[str]:
    """The numbers printed in `folded`, with how often each stands there."""
    return Counter(_NUMBER.findall(folded))


def tokens(folded: str) -> list[str]:
    """The words of `folded`; of a stretch in a script without spaces, its pairs of neighbouring characters."""
    found: list[str] = []
    for word in _WORD.findall(folded):
        run = ""
        for character in word:
            if is_spaceless(character):
                run += character
                continue
            found.extend(_pairs(run))
            run = ""
        found.extend(_pairs(run))
        spaced = "".join(c if not is_spaceless(c) else " " for c in word).split()
        found.extend(spaced)
    return found


def _pairs(run: str) -> list[str]:
    return [run[i : i + 2] for i in range(len(run) - 1)] or ([run] if run else [])
