"""Which deck a document is, and which of its slides is which: by what they say, compared fuzzily.

Titles get reworded from one edition to the next, so a title counts by its likeness, and the phrases that a kind of slide
carries count beside it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TYPE_CHECKING

from rapidfuzz import fuzz, process

from pipeline.errors import UnknownDeckError
from pipeline.language.folding import comparison_key, fold
from pipeline.layout.hyphens import mark_broken_words
from pipeline.layout.slide import Slide, is_title, read_slides, running_along, with_title
from pipeline.own_marks import with_own_marks

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from pipeline.model import Document
    from pipeline.profiles import Profile, SlideKind

RECOGNISED = 0.72
"""A slide whose likeness to a kind is below this is of an unknown kind. Two titles of one deck reach 0.65 on each other
(the items of a budget and its trend); a reworded title with its slide's phrases reaches 0.8."""

DECK_SHARE = 0.4
"""A deck is recognised when at least this part of its profile's kinds of slide is found, or a kind's very title."""

TITLE_ALONE = 0.05
"""So much less counts a reworded title that the slide's phrases do not bear out."""

SURE_TITLE = 0.93
"""A title this like is taken as the title wherever it stands near the top."""


@dataclass(frozen=True)
class RecognisedSlide:
    """A slide with its title, its kind in the profile (None: unknown) and how like it is (0 to 1)."""

    slide: Slide
    kind: SlideKind | None
    likeness: float


@dataclass(frozen=True)
class RecognisedDeck:
    """A document with its profile and its slides in page order.

    `unknown` says that no profile recognised it, so that the profile is one that any document can be read with.
    """

    document: Document
    profile: Profile
    slides: tuple[RecognisedSlide, ...]
    unknown: UnknownDeckError | None = None


def recognise(
    document: Document, profiles: Sequence[Profile], deck: str | None = None, *, known_only: bool = False
) -> RecognisedDeck:
    """The deck that `document` is: the profile that recognises most of it, or the one called `deck`.

    A document that none recognises is read with the first generic profile, and the error is part of the result.

    Raises:
        UnknownDeckError: none is called `deck`, or none recognises it and there is no generic one or `known_only` is set.

    """
    document = mark_broken_words(document)
    slides = read_slides(document)
    if deck is not None:
        named = next((p for p in profiles if p.deck == deck), None)
        if named is None:
            near = process.extractOne(deck, [p.deck for p in profiles])
            hint = f"Did you mean {near[0]}?" if near and near[1] > 60 else "See schemas/decks/."
            raise UnknownDeckError(f"{deck}: there is no deck profile of that name.", hint)
        return RecognisedDeck(document, with_own_marks(named, slides), _slides(slides, named))
    best: RecognisedDeck | None = None
    best_score = 0.0
    for profile in profiles:
        candidate = RecognisedDeck(document, profile, _slides(slides, profile))
        score = _deck_score(candidate)
        if score > best_score:
            best, best_score = candidate, score
    if best is None:
        titles = [s.title.text for s in (_titled(s) for s in slides[:3]) if s.title]
        unknown = unknown_deck(document.name, titles, profiles)
        generic = next((p for p in profiles if p.is_generic), None)
        if generic is None or known_only:
            raise unknown
        return RecognisedDeck(document, generic, _slides(slides, generic), unknown)
    return replace(best, profile=with_own_marks(best.profile, slides))


def recognise_again(deck: RecognisedDeck, document: Document, pages: Collection[int]) -> RecognisedDeck:
    """Some pages of a recognised deck cut into slides and recognised once more, as under other tolerances.

    `document` is what `deck` was recognised from. Which lines run along with the slides is found anew only where all
    pages are asked for.
    """
    whole = {page.number for page in document.pages} <= set(pages)
    marked = mark_broken_words(document)
    chosen = replace(marked, pages=tuple(page for page in marked.pages if page.number in pages))
    running = None if whole else running_along([s.slide for s in deck.slides])
    known = [s.slide.sheet for s in deck.slides]
    return RecognisedDeck(chosen, deck.profile, _slides(read_slides(chosen, running, known), deck.profile))


def unknown_deck(name: str, titles: Sequence[str], profiles: Sequence[Profile], outcome: str = "") -> UnknownDeckError:
    """The error for a document that no profile recognises; `outcome` says what came of it all the same."""
    shown = "; ".join(titles)[:160] or "none found"
    known = ", ".join(p.deck for p in profiles if not p.is_generic)
    generic = next((f"accept prose and tables with --deck {p.deck}, " for p in profiles if p.is_generic), "")
    return UnknownDeckError(
        f"{name}: no deck profile recognises it (titles: {shown}){outcome}.",
        f"Name one with --deck ({known}), {generic}or write a profile in schemas/decks/.",
    )


def _deck_score(deck: RecognisedDeck) -> float:
    """How much of the profile was found; 0 where it is too little to go by."""
    likeness: dict[str, float] = {}
    for s in deck.slides:
        if s.kind is not None:
            likeness[s.kind.kind] = max(likeness.get(s.kind.kind, 0.0), s.likeness)
    if not likeness:
        return 0.0
    share = len(likeness) / len(deck.profile.slides)
    if share < DECK_SHARE and max(likeness.values()) < SURE_TITLE:
        return 0.0
    return sum(likeness.values()) / len(deck.profile.slides)


def _slides(slides: Sequence[Slide], profile: Profile) -> tuple[RecognisedSlide, ...]:
    return tuple(_recognise_slide(slide, profile) for slide in slides)


def _recognise_slide(slide: Slide, profile: Profile) -> RecognisedSlide:
    candidates = slide.candidates
    body = comparison_key(" ".join([s.text for s in slide.body])) if profile.slides else ""
    best: tuple[float, SlideKind] | None = None
    chosen = candidates[0] if candidates and is_title(slide, candidates[0]) else ()
    for i, candidate in enumerate(candidates):
        title = " ".join(s.text for s in candidate)
        key = comparison_key(title)
        for kind in profile.slides:
            if kind.title_has and not any(comparison_key(word) in key for word in kind.title_has):
                continue
            like = _best_likeness(title, kind.titles)
            if i > 0 and like < SURE_TITLE:
                continue
            score = _with_keywords(like, kind, body)
            if best is None or score > best[0] + 1e-9:
                best = score, kind
                if score >= RECOGNISED:
                    chosen = candidate
    titled = with_title(slide, chosen)
    if best is None or best[0] < RECOGNISED:
        return RecognisedSlide(titled, None, best[0] if best else 0.0)
    return RecognisedSlide(titled, best[1], best[0])


def _titled(slide: Slide) -> Slide:
    return with_title(slide, slide.candidates[0]) if slide.candidates else slide


_PART = re.compile(
    r"\s*[(（\[［]\s*(?:\d{1,2}(?:\s*(?:/|／|of)\s*\d{1,2})?|cont(?:inued|['’]d|\.)?|続き|つづき|その\d{1,2})\s*[)）\]］]\s*$",
    re.IGNORECASE,
)
"""What numbers the slides of one title: "(1/2)", "(continued)", （その２）."""


@lru_cache(maxsize=4096)
def _best_likeness(title: str, known: tuple[str, ...]) -> float:
    bare = _PART.sub("", title) or title
    return max(title_likeness(bare, one) for one in known)


@lru_cache(maxsize=4096)
def title_likeness(title: str, known: str) -> float:
    """How like two titles are, from 0 to 1: letter by letter, or (a little less) word by word in any order."""
    a, b = fold(title).casefold(), fold(known).casefold()
    return (
        max(fuzz.ratio(a, b), 0.95 * fuzz.token_sort_ratio(a, b), 0.9 * fuzz.token_set_ratio(a, b) * _length(a, b))
        / 100
    )


def _length(a: str, b: str) -> float:
    """A title that only contains the other counts less, the longer it is."""
    return min(1.0, 0.5 + 0.5 * min(len(a), len(b)) / max(len(a), len(b), 1))


def _with_keywords(like: float, kind: SlideKind, body: str) -> float:
    if not kind.keywords:
        return like
    share = sum(comparison_key(k) in body for k in kind.keywords) / len(kind.keywords)
    # All phrases there and a title half alike is as good as the title itself; phrases never speak against a title.
    return max(like if like >= SURE_TITLE else like - TITLE_ALONE, 0.5 * like + 0.5 * share)
