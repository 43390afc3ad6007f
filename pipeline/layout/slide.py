"""The frame of a slide: its title, its page number and what runs along the edge of every slide; and the body that is left."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from pipeline.cached import cached_property
from pipeline.layout.leaders import take_leaders
from pipeline.layout.lines import Segment, common_size, cut, lines_of
from pipeline.layout.panels import possible_frames, without_background
from pipeline.layout.word_runs import PageWords
from pipeline.passage import EMPTY, Passage, join, of_words
from pipeline.records import Furniture
from pipeline.tolerances import Tolerance
from pipeline.values import value

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from pipeline.model import Box, Document, Page, Panel, Word

TITLE_REACH = Tolerance(0.35, "reach of the title")
"""A title begins within this part of the page's height."""

EDGE = Tolerance(0.1, "edge of the page")
"""Page numbers and running lines stand within this part of the page's height from its top or bottom."""

TITLE_SIZE = Tolerance(1.12, "size of the title")
"""A title is at least this many times as large as most of the slide's text, where nothing else sets it off."""

REPEATED = Tolerance(0.6, "share of slides with a running line")
"""What stands at one place on more than this part of the slides (three at least) runs along with them."""

LEAST_SLIDES = 3
"""Of fewer slides nobody can tell what runs along."""

FOOT_WORDS = 8
"""The foot of a page has so many words at most."""

_PAGE_NUMBER = re.compile(
    r"(?:p(?:age|\.)?\s*)?[-–—\s]*\d{1,4}\s*(?:(?:/|of)\s*\d{1,4})?[-–—\s]*(?:ページ|頁)?", re.IGNORECASE
)

_COPYRIGHT = re.compile(r"(?:©|\(c\)|copyright\b)", re.IGNORECASE)

COPYRIGHT = "copyright line"
"""The reason under which a notice of copyright at the page's edge is set aside, on however few pages it stands."""

RUNNING_LINE = "running line"
"""The reason under which such a line is set aside."""

DOTTED_LEADER = "dotted leader"
"""The reason under which the dots between a name and its amount are set aside before lines are made."""

RunningLine = tuple[str, int]
"""The text of a line and how high it stands, in hundredths of the page's height."""

PAGE_NUMBER = "page number"
"""The reason under which a page's number is set aside."""


@dataclass(frozen=True)
class Running:
    """What stands on most slides: the lines that run along, and where the page's number is."""

    lines: frozenset[RunningLine] = frozenset()
    numbers: tuple[Box, ...] = ()
    is_unseen: bool = False
    """Whether there are too few slides to see what stands on most of them."""


@value(slots=False, eq=False)
class Sheet:
    """A page before it is cut: what no tolerance has a part in, so that it is worked out once however often it is cut."""

    page: Page

    @cached_property
    def words(self) -> PageWords:
        """Its words, but for those of dotted leaders."""
        return PageWords(self.page, self._leaders[1])

    @cached_property
    def leaders(self) -> tuple[Furniture, ...]:
        """Its dotted leaders."""
        return tuple(Furniture(of_words(self.page.number, dots), DOTTED_LEADER) for dots in self._leaders[0])

    @cached_property
    def frames(self) -> list[Panel]:
        """Its frames, and its background."""
        return possible_frames(self.page)

    @cached_property
    def _leaders(self) -> tuple[list[list[Word]], list[Word]]:
        return take_leaders(self.page.words)


@dataclass(frozen=True)
class Slide:
    """One page with its frame taken off. `body` is in reading order of the lines; `frames` come smallest first.

    `segments` are all that the page was cut into, those of its title and of its frame as well.
    """

    sheet: Sheet

    page: Page
    title: Passage
    body: tuple[Segment, ...]
    frames: tuple[Panel, ...]
    furniture: tuple[Furniture, ...]
    segments: tuple[Segment, ...]

    @cached_property
    def size(self) -> float:
        """The size of most of the body's text, in points."""
        return common_size(self.body)

    @cached_property
    def candidates(self) -> tuple[tuple[Segment, ...], ...]:
        """What may be the title, as `title_candidates` has it, of the body as it is."""
        return tuple(title_candidates(self))


def read_slides(document: Document, running: Running | None = None, known: Iterable[Sheet] = ()) -> tuple[Slide, ...]:
    """Every page with its title found and its page number and running lines taken off.

    `running` is what runs along with the slides, where `document` has only some of its pages. `known` are the sheets of
    pages that were cut before, with other tolerances.
    """
    before = {id(sheet.page): sheet for sheet in known}
    sheets = [before.get(id(page)) or Sheet(page) for page in document.pages]
    segments = {sheet.page.number: cut(sheet.words) for sheet in sheets}
    running = _running(document, segments) if running is None else running
    return tuple(_slide(sheet, segments[sheet.page.number], running) for sheet in sheets)


def running_along(slides: Sequence[Slide]) -> Running:
    """What was taken off `slides`, all of a document's, because it stands on most of them."""
    pieces = [(slide.page, f) for slide in slides for f in slide.furniture if f.passage]
    lines = frozenset(_place(f.passage, page) for page, f in pieces if f.reason == RUNNING_LINE)
    numbers = [(page, f.passage.box) for page, f in pieces if f.reason == PAGE_NUMBER]
    return Running(lines, _number_places(numbers, len(slides)))


def title_candidates(slide: Slide) -> list[tuple[Segment, ...]]:
    """What may be the title, likeliest first: the largest line near the top with the lines it runs on over, then others."""
    segments, reach = slide.body, TITLE_REACH * slide.page.height
    top = [s for s in segments if s.marker is None and s.box.top < reach]
    if not top:
        return []
    lines = lines_of(top)
    # A title that begins near the top may run on below it.
    below_it = lines_of(s for s in segments if s.marker is None)
    largest = max([s.largest for line in lines for s in line])
    ranked: list[tuple[Segment, ...]] = []
    for line in lines:
        for lead in line:
            if lead.largest < 0.97 * largest:
                continue
            group = [lead]
            if not any(c.isalpha() for c in lead.text):
                # A number stands apart from the title that it numbers.
                group += [s for s in line if s.start > lead.start and s.style.like(lead.style)]
            start = next(n for n, all_of_it in enumerate(below_it) if lead in all_of_it)
            for below in below_it[start + 1 :]:
                following = [s for s in below if _continues_title(group[-1], s)]
                if not following:
                    break
                group.append(following[0])
            ranked.append(tuple(group))
    if largest < TITLE_SIZE * slide.size:
        ranked = [g for g in ranked if g[0] is lines[0][0]]
    rest = [(s,) for line in lines for s in line if all(s not in g for g in ranked)]
    return ranked + rest


def is_title(slide: Slide, candidate: Sequence[Segment]) -> bool:
    """Whether the likeliest candidate is set as a title at all: larger than the text, or alone at the top and bold."""
    first = candidate[0]
    if first.largest >= TITLE_SIZE * slide.size:
        return True
    return first.style.bold and all(s.box.top >= first.box.top for s in slide.body if s not in candidate)


def _continues_title(above: Segment, below: Segment) -> bool:
    return (
        below.marker is None
        and above.style.like(below.style)
        and below.box.middle - above.box.middle >= 0
        and below.box.top - above.box.bottom < 0.6 * above.size
        and (abs(below.x0 - above.x0) < above.size or abs(below.box.centre - above.box.centre) < above.size)
    )


def with_title(slide: Slide, title: Sequence[Segment]) -> Slide:
    """The slide with these segments as its title."""
    chosen = set(map(id, title))
    body = tuple(s for s in slide.body if id(s) not in chosen)
    passage = join(s.passage for s in title)
    return replace(slide, title=passage, body=body)


def _slide(sheet: Sheet, segments: Sequence[Segment], running: Running) -> Slide:
    page = sheet.page
    furniture = list(sheet.leaders)
    body: list[Segment] = []
    texts = {text for text, _ in running.lines}
    numbers = {id(s) for s in _page_numbers(page, segments)} | {
        id(s) for s in _level_with(running.numbers, page, segments)
    }
    for s in segments:
        if id(s) in numbers:
            furniture.append(Furniture(_whole(s), PAGE_NUMBER))
        elif (texts and _whole(s).text in texts and _place(_whole(s), page) in running.lines) or (
            running.is_unseen and _is_foot(s, page, [n for n in segments if id(n) in numbers])
        ):
            furniture.append(Furniture(_whole(s), RUNNING_LINE))
        elif _is_at_edge(s.box, page) and _COPYRIGHT.match(_whole(s).text):
            furniture.append(Furniture(_whole(s), COPYRIGHT))
        else:
            body.append(s)
    frames = without_background(sheet.frames, page)
    return Slide(sheet, page, EMPTY, tuple(body), tuple(frames), tuple(furniture), tuple(segments))


def _whole(segment: Segment) -> Passage:
    return join([segment.marker.passage, segment.passage]) if segment.marker else segment.passage


def _page_numbers(page: Page, segments: Sequence[Segment]) -> list[Segment]:
    """The numbers that stand at the page's upper or lower edge, alone or beside a running line."""
    at_edge = [s for s in segments if _is_at_edge(s.box, page)]
    return [s for s in at_edge if _is_number(s) and _is_alone(s, page, segments)]


def _is_alone(segment: Segment, page: Page, segments: Iterable[Segment]) -> bool:
    """Whether nothing stands near it on its line: a figure in a table's last row has company."""
    box = segment.box
    company = [s for s in segments if s is not segment and s.box.overlap_y(box) > 0.5 * box.height]
    return all(abs(s.box.centre - box.centre) > 0.15 * page.width for s in company)


def _is_at_edge(box: Box, page: Page) -> bool:
    return box.top > (1 - float(EDGE)) * page.height or box.bottom < EDGE * page.height


def _is_foot(segment: Segment, page: Page, numbers: Sequence[Segment]) -> bool:
    """Whether a line at the edge is the foot (or head) of its page: a few words without a figure, level with its number."""
    text = _whole(segment).text
    is_plain = segment.marker is None and len(text.split()) <= FOOT_WORDS and not any(c.isdigit() for c in text)
    level = any(segment.box.overlap_y(n.box) > 0.5 * n.box.height for n in numbers)
    return level and is_plain and text[:1].isalpha() and text[-1:].isalnum() and _is_at_edge(segment.box, page)


def _is_number(segment: Segment) -> bool:
    return _PAGE_NUMBER.fullmatch(_whole(segment).text) is not None


def _level_with(numbers: Sequence[Box], page: Page, segments: Sequence[Segment]) -> list[Segment]:
    """The numbers among `segments` that stand where other pages have theirs: at one of the places `numbers`."""
    if not numbers:
        return []
    heights = [box.middle for box in numbers]
    _, near = _nearness(page)
    top, bottom = min(heights) - near, max(heights) + near
    # Hardly any segment stands at such a height, so that is asked first.
    level = [s for s in segments if top <= s.middle <= bottom]
    return [s for s in level if any(_same_place(s.box, box, page) for box in numbers) and _is_number(s)]


def _same_place(a: Box, b: Box, page: Page) -> bool:
    """Whether two numbers stand at one place, flush at either side or centred: a number of more digits is wider."""
    sideways, in_height = _nearness(page)
    level = abs(a.middle - b.middle) <= in_height
    return level and min(abs(a.x0 - b.x0), abs(a.x1 - b.x1), abs(a.centre - b.centre)) <= sideways


def _nearness(page: Page) -> tuple[float, float]:
    """How far apart, sideways and in height, two numbers stand at most that stand at one place."""
    return 0.01 * page.width, 0.01 * page.height


def _place(line: Passage, page: Page) -> RunningLine:
    """On the left pages of a document a running line stands at the other side, so only its height counts."""
    return line.text, round(100 * line.box.top / page.height)


def _running(document: Document, segments: dict[int, list[Segment]]) -> Running:
    numbers = [(page, s.box) for page in document.pages for s in _page_numbers(page, segments[page.number])]
    pages = len(document.pages)
    return Running(_running_lines(document, segments), _number_places(numbers, pages), pages < LEAST_SLIDES)


def _number_places(numbers: Sequence[tuple[Page, Box]], pages: int) -> tuple[Box, ...]:
    """Where most pages (three at least) have their number: one that stands there is a page number among other text too."""
    least = max(float(LEAST_SLIDES), REPEATED * pages)
    return tuple(box for page, box in numbers if sum(_same_place(box, b, page) for _, b in numbers) >= least)


def _running_lines(document: Document, segments: dict[int, list[Segment]]) -> frozenset[RunningLine]:
    """What stands at one place on most pages. Not their title, set larger than all else, where a slide goes on over several."""
    seen: Counter[RunningLine] = Counter()
    for page in document.pages:
        cut = segments[page.number]
        largest = max([s.largest for s in cut], default=0.0)
        titles = largest if largest >= TITLE_SIZE * common_size(cut) else float("inf")
        lower = page.height / 2
        at_edge = [s for s in cut if _is_at_edge(s.box, page) and (s.box.middle > lower or s.largest < titles)]
        seen.update({_place(_whole(s), page) for s in at_edge})
    least = max(float(LEAST_SLIDES), REPEATED * len(document.pages))
    return frozenset(place for place, count in seen.items() if count >= least)
