"""The marks that a deck itself uses: those of its profile in another dress, and those that a note on a slide explains.

A profile says what marks look like ("[New]") and what they mean. Another edition may print the same word in other brackets,
behind a star, or in capitals by itself, and choose another sign for what a note then says it indicates.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import TYPE_CHECKING

from pipeline.language.folding import fold

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from pipeline.layout.lines import Segment
    from pipeline.layout.slide import Slide
    from pipeline.profiles import Explanations, Profile

_BRACKETS = (
    "[]",
    "［］",
    "()",
    "（）",
    "{}",
    "｛｝",
    "<>",
    "＜＞",
    "‹›",
    "«»",
    "《》",
    "〈〉",
    "≪≫",
    "【】",
    "〔〕",
    "「」",
    "『』",
    "❲❳",
)
_STARS = "★☆✩✪✰✦✧"
_SIGNS = "†‡*※#§"
"""Signs of punctuation that may be a mark; other kinds of signs (arrows, stars, triangles) may all be."""

_MEANING = 120
"""So many characters behind "indicates" may say what a mark means."""


def with_own_marks(profile: Profile, slides: Sequence[Slide]) -> Profile:
    """The profile with the marks that these slides use beside its own; it itself where there are none."""
    marks = profile.marks
    if not (marks.is_new or marks.is_ai_safety):
        return profile
    texts = [[segment.passage.raw for segment in slide.segments] for slide in slides]
    with_bullets = [[_with_bullet(segment) for segment in slide.segments] for slide in slides]
    own: dict[str, tuple[str, ...]] = {}
    for flag in ("is_new", "is_ai_safety"):
        known: tuple[str, ...] = getattr(marks, flag)
        found = dict.fromkeys(known)
        for lines, whole in zip(texts, with_bullets, strict=True):
            found.update(dict.fromkeys(_otherwise_printed(known, lines)))
            found.update(dict.fromkeys(_explained(marks.explained, getattr(marks.explained, flag), whole)))
        if len(found) > len(set(known)):
            own[flag] = tuple(found)
    return profile.model_copy(update={"marks": marks.model_copy(update=own)}) if own else profile


def _with_bullet(segment: Segment) -> str:
    return f"{segment.marker.text if segment.marker is not None else ''} {segment.passage.raw}"


def is_bare(mark: str) -> bool:
    """Whether a mark is a word without any sign: it counts only as a word by itself, in these very letters."""
    return mark.isalpha()


@lru_cache(maxsize=64)
def words_of(known: tuple[str, ...]) -> frozenset[str]:
    """The words that marks consist of, without their signs and in lower case."""
    return frozenset(filter(None, (re.sub(r"[\W_]", "", mark).casefold() for mark in known)))


def may_be_marked(name: str, known: tuple[str, ...]) -> bool:
    """Whether a name ends with the word of a mark, or begins with it and a colon: it may be one, printed like the name."""
    words = words_of(known)
    if not any(word in name.casefold() for word in words):  # nearly all
        return False
    last = re.search(r"(?<=\s)(\w+)\W*$", name)
    first = re.match(r"\W*(\w+)\W*[:：]", name)
    return any(found is not None and found[1].casefold() in words for found in (first, last))


def _otherwise_printed(known: tuple[str, ...], lines: Iterable[str]) -> Iterator[str]:
    """The words of marks as these lines print them: in any brackets, behind a star, in front of "!", or alone in capitals."""
    for word in sorted(words_of(known)):
        printed = re.escape(word)
        dressed = re.compile(
            "|".join(f"{re.escape(pair[0])}\\s*{printed}\\s*!?\\s*{re.escape(pair[1])}" for pair in _BRACKETS)
            + f"|[{_STARS}]\\s?{printed}(?!\\w)|(?<!\\w){printed}[!！]",
            re.IGNORECASE,
        )
        capitals = word.upper()
        bare = re.compile(f"^{re.escape(capitals)}(?!\\w)|(?<!\\w){re.escape(capitals)}$")
        for line in lines:
            if word not in line.casefold():  # nearly all
                continue
            yield from (match.group() for match in dressed.finditer(line))
            # A line that is all in capitals says nothing by them.
            if capitals != word and bare.search(line.strip()) and not line.replace(capitals, "").isupper():
                yield capitals


def _explained(words: Explanations, meanings: Sequence[str], lines: Sequence[str]) -> Iterator[str]:
    """The signs of which one of these lines says that they indicate one of the meanings; it may run on over the next."""
    if not words.verbs or not meanings:
        return
    verbs = "|".join(map(re.escape, words.verbs))
    says = re.compile(rf"(?P<sign>[(\[]\w{{1,2}}[\])]|[^\w\s])\s*(?:{verbs})\b(?P<rest>.*)", re.IGNORECASE | re.DOTALL)
    for n, line in enumerate(lines):
        found = says.search(line)
        if found is None or not _is_sign(found["sign"]):
            continue
        said = fold(" ".join([found["rest"], *lines[n + 1 : n + 2]])[:_MEANING]).casefold().partition(". ")[0]
        if any(re.search(rf"\b{re.escape(fold(meaning).casefold())}\b", said) for meaning in meanings):
            yield found["sign"]


def _is_sign(text: str) -> bool:
    """Whether a text can be a mark: brackets with letters in them, or a sign that is neither a bracket nor punctuation."""
    return len(text) > 1 or text in _SIGNS or unicodedata.category(text) in ("So", "Sm", "Sk")
