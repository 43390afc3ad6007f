"""Slides that are gone, new, moved or of no known kind, and titles in other words."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pipeline.drift.finding import Finding, Tables, name_of, same, text
from pipeline.language.folding import comparison_key
from pipeline.model import Place

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pipeline.profiles import Profile

UNRECOGNISED = "unrecognised"
"""The kind of a slide that its profile does not know (the contract's word in `slides.kind`)."""


@dataclass(frozen=True, slots=True)
class _Slide:
    """`what` tells it from the other slides of its edition and is the same in every edition."""

    what: str
    kind: str
    page: int
    title: str

    @property
    def place(self) -> tuple[Place, ...]:
        return (Place("slides", str(self.page), self.kind),)


def _slides_of(tables: Tables) -> list[_Slide]:
    found: list[_Slide] = []
    seen: Counter[str] = Counter()
    for row in tables.get("slides", ()):
        kind, title = text(row["kind"]), text(row["title"])
        what = kind if kind != UNRECOGNISED else f"{UNRECOGNISED} {comparison_key(title)}"
        seen[what] += 1
        found.append(_Slide(f"{what} {seen[what]}", kind, int(text(row["page"])), title))
    return found


def slide_findings(new: Tables, old: Tables | None, profile: Profile) -> Iterator[Finding]:
    """Slides that are of no known kind, gone, new or moved; without `old`, those that the profile expects and are not there."""
    now = _slides_of(new)
    before = _slides_of(old) if old is not None else [_Slide(f"{s.kind} 1", s.kind, 0, "") for s in profile.slides]
    there, was_there = {s.what for s in now}, {s.what for s in before}
    strangers = [s for s in now if s.kind == UNRECOGNISED and s.what not in was_there]
    for slide in strangers:
        message = (
            f"Page {slide.page} ({slide.title or 'without a title'}) is of a kind that the profile does not know: "
            "it was read as prose and tables."
        )
        yield Finding("slide of an unknown kind", slide.title or f"page {slide.page}", message, False, slide.place)
    for slide in before:
        if slide.what not in there:
            yield _gone(slide, old, strangers)
    if old is None:
        return
    for slide in now:
        if slide.what not in was_there and slide.kind != UNRECOGNISED:
            message = (
                f"Page {slide.page} ({slide.title}) is of the kind {slide.kind}, which {name_of(old)} does not have."
            )
            yield Finding("new slide", slide.what, message, rows=slide.place)
    pages = {s.what: s.page for s in before}
    for slide in _moved([s for s in now if s.what in was_there], [s.what for s in before if s.what in there]):
        message = f"The slide {slide.title!r} moved: page {pages[slide.what]} in {name_of(old)}, now page {slide.page}."
        yield Finding("moved slide", slide.what, message, rows=slide.place)


def _gone(slide: _Slide, old: Tables | None, strangers: Sequence[_Slide]) -> Finding:
    called = f"the slide {slide.title!r}" if slide.title else f"a slide of the kind {slide.kind}"
    message = f"{name_of(old)[0].upper()}{name_of(old)[1:]} has {called}; there is none in this edition."
    if old is None:
        message = f"The profile expects {called}; there is none in this edition."
    if strangers:
        pages = ", ".join(f"page {s.page}" for s in strangers)
        message += f" It may be among those of no known kind ({pages})."
    return Finding("slide gone", slide.what, message, sure=not strangers)


def _moved(now: Sequence[_Slide], before: Sequence[str]) -> list[_Slide]:
    """The fewest slides whose moving makes one order out of the other (all but a longest common subsequence)."""
    ranks = [before.index(s.what) for s in now]
    # Longest increasing subsequence; of several the one that keeps the earlier slides, so that the result is one.
    best: list[list[int]] = []
    for i, rank in enumerate(ranks):
        before_it = [run for j, run in enumerate(best) if ranks[j] < rank]
        best.append([*_longest(before_it), i])
    kept = set(_longest(best))
    return [s for i, s in enumerate(now) if i not in kept]


def _longest(runs: Sequence[list[int]]) -> list[int]:
    return max(runs, key=lambda run: len(run), default=[])


def title_findings(new: Tables, old: Tables | None, profile: Profile) -> Iterator[Finding]:
    """Titles worded otherwise than in `old`, or, of a slide that is new, than in the profile."""
    titles = {s.what: s.title for s in _slides_of(old)} if old is not None else {}
    for slide in _slides_of(new):
        kind = profile.slide(slide.kind)
        if kind is None or not slide.title:
            continue
        known = [titles[slide.what]] if slide.what in titles else list(kind.titles)
        if not known or any(same(slide.title, title) for title in known):
            continue
        source = name_of(old) if slide.what in titles else "the profile"
        message = f"The title of page {slide.page} is {slide.title!r}; in {source} it is {known[0]!r}."
        yield Finding("reworded title", slide.what, message, rows=slide.place)
