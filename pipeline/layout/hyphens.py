"""Hyphens at line ends: whether one breaks a word ("informa-" / "tion") or belongs to it ("general-" / "purpose").

The deck itself is asked first: one of the two forms often stands unbroken elsewhere on the slides. Else a list of English
words decides; names and scripts without hyphenation keep the hyphen. Where both halves are words and so is the whole
("frame-" / "work", "start-" / "ups"), it is a broken word if that is commoner than its rarer half, or if the deck breaks
others that can be nothing else.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import cache
from typing import TYPE_CHECKING

from pipeline.tolerances import Tolerance

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from pipeline.model import Document, Page, Word

_HYPHENS = "-\u2010\u2011"
_EDGES = re.compile(r"^\W+|\W+$")
_BREAKABLE = re.compile(rf"(?:.*[^A-Za-z])?([A-Za-z]{{2,}})[{_HYPHENS}]")
_STARTS = re.compile(r"([a-z]{2,})")

REACH = Tolerance(1.9, "reach of a broken word")
"""The next line begins within this many font sizes below."""

INDENT = Tolerance(4.0, "indent of a broken word's first line")
"""The next line begins at most this many font sizes further left than the line that the word is broken in."""


@dataclass(frozen=True, slots=True)
class _Vocabulary:
    """Lower-case words that stand whole in the deck, and words with a hyphen inside a line."""

    words: frozenset[str]
    compounds: frozenset[str]


def mark_broken_words(document: Document) -> Document:
    """The document with `broken` set on words whose last hyphen only breaks them over two lines."""
    candidates = {page.number: _breaks(page) for page in document.pages}
    if not any(candidates.values()):
        return document
    vocabulary = _vocabulary(document, candidates)
    said = {
        number: {word.number: _only_breaks(word, following, vocabulary) for word, following in pairs.items()}
        for number, pairs in candidates.items()
    }
    hyphenates = any(one is True for found in said.values() for one in found.values())
    pages = []
    for page in document.pages:
        broken = {number for number, one in said[page.number].items() if one or (one is None and hyphenates)}
        words = tuple(replace(w, broken=True) if w.number in broken else w for w in page.words)
        pages.append(replace(page, words=words) if broken else page)
    return replace(document, pages=tuple(pages))


def _breaks(page: Page) -> dict[Word, Word]:
    """Words that end in a hyphen at a line's end, with the word that the next line begins with."""
    found: dict[Word, Word] = {}
    for word in [w for w in page.words if w.text[-1] in _HYPHENS and _BREAKABLE.fullmatch(w.text)]:
        if any(_right_beside(word, other) for other in page.words):
            continue
        below = [
            w
            for w in page.words
            if 0.5 * word.size < w.baseline - word.baseline <= REACH * word.size
            and w.box.x0 < word.box.x1
            and abs(w.size - word.size) <= 0.1 * word.size
            and _STARTS.match(w.text)
            and not any(_left_beside(w, o) for o in page.words)
        ]
        if below:
            # The nearest line below in the word's own column, and on it the line start nearest to the hyphen from the left.
            edge = _line_start(word, page.words) - INDENT * word.size
            found[word] = min(below, key=lambda w: (w.box.x0 < edge, round(w.baseline / word.size, 1), -w.box.x0))
    return found


def _line_start(word: Word, words: Iterable[Word]) -> float:
    """Where the words begin that stand right before `word` on its line, hardly a space apart from each other."""
    start = word
    while (
        before := next((w for w in words if _left_beside(start, w)), None)
    ) is not None and before.box.x0 < start.box.x0:
        start = before
    return start.box.x0


def _right_beside(word: Word, other: Word) -> bool:
    return (
        other is not word
        and abs(other.baseline - word.baseline) < 0.3 * word.size
        and -0.2 * word.size <= other.box.x0 - word.box.x1 < 0.6 * word.size
    )


def _left_beside(word: Word, other: Word) -> bool:
    return (
        other is not word
        and abs(other.baseline - word.baseline) < 0.3 * word.size
        and -0.2 * word.size <= word.box.x0 - other.box.x1 < 0.6 * word.size
        and any(c.isalnum() for c in other.text)
    )


def _vocabulary(document: Document, breaks: Mapping[int, Mapping[Word, Word]]) -> _Vocabulary:
    words: set[str] = set()
    compounds: set[str] = set()
    for page in document.pages:
        halves = {w.number for pair in breaks[page.number].items() for w in pair}
        for word in page.words:
            if word.number in halves:
                continue
            text = _EDGES.sub("", word.text).casefold()
            words.add(text)
            if any(h in text for h in _HYPHENS):
                compounds.add(text)
                words.update(re.split(rf"[{_HYPHENS}]", text))
    return _Vocabulary(frozenset(words), frozenset(compounds))


def _only_breaks(word: Word, following: Word, vocabulary: _Vocabulary) -> bool | None:
    """Whether the hyphen breaks one word; None where it may as well belong to a compound of two."""
    left_match, right_match = _BREAKABLE.fullmatch(word.text), _STARTS.match(following.text)
    if left_match is None or right_match is None:
        return False
    left, right = left_match[1], right_match[1]
    whole, compound = (left + right).casefold(), f"{left}-{right}".casefold()
    for form in (compound, compound.removesuffix("s"), compound + "s"):
        if any(c == form or c.startswith(form + "-") or c.endswith("-" + form) for c in vocabulary.compounds):
            return False
    if whole in vocabulary.words:
        return True
    if left[1:] != left[1:].lower() or any(h in word.text[:-1] for h in _HYPHENS):
        return False  # an abbreviation, or a word with hyphens of its own
    known = _english(frozenset({whole, left.casefold(), right}))
    if whole in known:
        rarer = min(known.get(left.casefold(), 0), known.get(right, 0))
        return True if known[whole] > rarer else None
    return right not in known and right not in vocabulary.words


@cache
def _english(words: Iterable[str]) -> Mapping[str, int]:
    """How common those of `words` are that are English words. The list is loaded only where the deck does not decide."""
    from spellchecker import SpellChecker

    frequency = SpellChecker(language="en").word_frequency
    return {w: frequency[w] for w in words if w in frequency}
