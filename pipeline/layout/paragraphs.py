"""Lines into paragraphs, on pages of which nothing is known beforehand.

`layout.outline` reads lists of items, where a line in another style is another item. In running text a phrase is often
bold, coloured or underlined, so here the style is compared where one line ends and the next begins: a sentence goes on
across a line break in one style.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from pipeline.layout.column_lines import INDENT, LARGER, LINE_GAP, SUB_INDENT, Line, fits, is_centred
from pipeline.layout.lines import Marker, Segment
from pipeline.layout.outline import Entry
from pipeline.passage import is_spaceless, of_words
from pipeline.tolerances import Tolerance

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pipeline.model import Box, Page, Word

SPACED = Tolerance(0.4, "spaced of paragraphs")
"""Lines of one paragraph are evenly spaced: a gap larger by this part of the font size begins another one."""

FIRST_INDENT = Tolerance(3.0, "first indent of paragraphs")
"""A paragraph's first line is indented by at most this many font sizes."""

HEADING_LINES = 2
"""A heading has at most so many lines."""

HIGHLIGHT = Tolerance(1.8, "highlight of paragraphs")
"""A filled box lower than this many font sizes, with words of the same line right beside it, only colours a phrase."""

KEPT_TOGETHER = Tolerance(1.5, "kept together of paragraphs")
"""So many characters may be missing at a full line's end where a script has no spaces."""

APART = Tolerance(3.0, "apart of paragraphs")
"""Texts on one line with so many font sizes between them are not one text."""

_BESIDE = Tolerance(0.6, "beside of paragraphs")
"""Words within this many font sizes of a box's side are right beside it."""

_BEGINS = re.compile(
    r"[(（]?(?:\d{1,2}|[０-９]{1,2}|[ivx]{1,4}|[a-z]|[A-Z])[.)）．]\s*\S|[(（][一二三四五六七八九十]{1,2}[)）]"
    r"|[①-⑳㋐-㋾]|[【〔■※▲]|<\S"
)
"""How an item of a list begins that has no bullet: with a number, a letter, a bracket or a mark."""

_BRACKETED = re.compile(r"[【〔].+[】〕]")
_PAIRS = (("(", ")"), ("[", "]"), ("（", "）"), ("「", "」"), ("『", "』"), ("【", "】"), ("“", "”"))
_CLOSES = (".", "。", "．", "!", "?", "！", "？", ")", "）", "]", "］", "】", ":", "：")
_GOING_ON = (",", "、", "，", "-", "‐", "/", "&", "・")
_SENTENCE = (".", "。", "．", ";", "；", ",", "、", "，")


def without_highlights(page: Page) -> Page:
    """The page without the filled boxes that only colour a phrase inside a line; they hold no text of their own."""
    highest = HIGHLIGHT * max((w.size for w in page.words), default=0.0)
    flat = [p for p in page.panels if p.fill and p.box.height <= highest]
    if not flat:
        return page
    places = [(w, w.box.middle) for w in page.words]
    low = [(p, inside) for p in flat if (inside := _on_one_line(p.box, places))]
    sure = {p.fill for p, inside in low if _goes_on_outside(p.box, inside, page.words)}
    # Where a coloured phrase runs over lines, one of its boxes may have a line to itself.
    highlights = {p.box for p, _ in low if p.fill in sure}
    if not highlights:
        return page
    return replace(page, panels=tuple(p for p in page.panels if p.box not in highlights))


def _on_one_line(box: Box, places: Sequence[tuple[Word, float]]) -> list[Word]:
    """The words on a box that is no higher than one line of them; none where it is higher. `places` have words' middles."""
    level = [w for w, middle in places if box.top <= middle <= box.bottom]
    inside = [w for w in level if w.box.overlap_x(box) > 0.5 * w.box.width]
    return inside if inside and box.height <= HIGHLIGHT * max(w.size for w in inside) else []


def _goes_on_outside(box: Box, inside: Sequence[Word], words: Sequence[Word]) -> bool:
    """Whether words of the same line stand right beside a box."""
    line, near = inside[0].box, _BESIDE * max(w.size for w in inside)
    held = set(map(id, inside))
    return any(
        (-near <= w.box.x0 - box.x1 < near or -near <= box.x0 - w.box.x1 < near)
        and w.box.overlap_y(line) > 0.5 * min(w.box.height, line.height)
        and id(w) not in held
        for w in words
    )


def with_letter_bullets(segments: Sequence[Segment]) -> list[Segment]:
    """A lone letter o at the start of several lines is a bullet whose font is gone."""
    lettered = [s for s in segments if s.marker is None and len(s.words) > 1 and s.words[0].text == "o"]
    if len(lettered) < 2:
        return list(segments)
    return [_with_bullet(s) if s in lettered else s for s in segments]


def _with_bullet(segment: Segment) -> Segment:
    first, *rest = segment.words
    return replace(
        segment, words=tuple(rest), marker=Marker(first.text, first.box, of_words(segment.page, [first])), skipped=0
    )


def apart(lines: Sequence[Line]) -> list[Line]:
    """Lines cut where their texts stand far apart: labels of a drawing side by side are not a sentence."""
    cut: list[Line] = []
    for line in lines:
        runs: list[list[Segment]] = []
        for s in line.segments:
            if runs and s.start - runs[-1][-1].box.x1 <= APART * s.size:
                runs[-1].append(s)
            else:
                runs.append([s])
        cut += [line] if len(runs) == 1 else [replace(line, segments=tuple(run)) for run in runs]
    return cut


def read_paragraphs(lines: Sequence[Line], right: float) -> list[Entry]:
    """Lines of one block as paragraphs and bullets. `right` is where the block's text ends."""
    entries: list[list[Line]] = []
    for line in lines:
        if entries and _goes_on(entries[-1], line, right):
            entries[-1].append(line)
        else:
            entries.append([line])
    return [Entry(tuple(group)) for group in entries]


def _goes_on(entry: Sequence[Line], line: Line, right: float) -> bool:
    first, last = entry[0], entry[-1]
    if line.marker is not None or line.frame is not last.frame or not _is_close(entry, line):
        return False
    if _is_open(entry) or _is_small_print(last, line):
        return True
    if not _same_size(last, line):
        return False
    runs_on = _runs_on(last, line)
    if _BEGINS.match(line.passage.raw) and not _ends(last, _GOING_ON):
        return False
    full = _is_full(last, line, right)
    if not _same_ink(last, line) and not runs_on:
        # A heading is all in one style, and what follows it in another. A phrase that ends with its line is neither.
        plain = _is_uniform(line) and all(_is_uniform(part) for part in entry)
        if plain or not full or _ends(last, _CLOSES):
            return False
    hanging = line.x0 - first.x0
    if first.marker is not None:
        if hanging > SUB_INDENT * line.size and not runs_on:
            return full or not _ends(last, _CLOSES)
        return hanging >= -float(INDENT) * line.size or (line.start >= first.start - float(INDENT) * line.size and full)
    if abs(hanging) > INDENT * line.size and not is_centred(last, line):
        if _BEGINS.match(first.passage.raw) and 0 < hanging < FIRST_INDENT * line.size:
            return full or not _ends(last, _CLOSES)  # it hangs under the text behind a number
        aligned = len(entry) == 1 or abs(line.x0 - last.x0) <= INDENT * line.size
        return aligned and full and abs(hanging) < FIRST_INDENT * line.size
    return full or runs_on


def _is_open(entry: Sequence[Line]) -> bool:
    """Whether a bracket is open at the end of an entry's last line."""
    text = "".join(line.passage.raw for line in entry)
    return any(text.count(a) > text.count(b) and text.rfind(a) > text.rfind(b) for a, b in _PAIRS)


def _is_small_print(above: Line, below: Line) -> bool:
    """Whether a line is what often stands in brackets and smaller type under the line it explains."""
    text = below.passage.raw
    return text.startswith(("(", "（")) and not _BEGINS.match(text) and below.size < (1 - float(LARGER)) * above.size


def _is_full(above: Line, below: Line, right: float) -> bool:
    """Whether a line ends where the text ends, so that it was broken there for want of room.

    In scripts without spaces a line may end early by a character or two, since some must not begin the next one.
    """
    room = KEPT_TOGETHER * above.size if is_spaceless(above.passage.raw[-1:] or " ") else 0.0
    return not fits(above, below, right - room)


def _is_close(entry: Sequence[Line], line: Line) -> bool:
    last = entry[-1]
    size = max(line.size, last.size)
    gap = line.box.top - last.box.bottom
    if gap > LINE_GAP * size:
        return False
    return len(entry) == 1 or gap <= last.box.top - entry[-2].box.bottom + SPACED * size


def _same_size(above: Line, below: Line) -> bool:
    return above.style.same_size(below.style) or above.segments[-1].style.same_size(below.segments[0].style)


def _same_ink(above: Line, below: Line) -> bool:
    """Whether the last word of a line and the first of the next are set alike, size aside."""
    a, b = above.segments[-1].words[-1], below.segments[0].words[0]
    return (a.bold, a.colour) == (b.bold, b.colour)


def _is_uniform(line: Line) -> bool:
    """Whether all of a line is in one style: small print behind it counts as another."""
    words = [w for s in line.segments for w in s.words]
    return all(w.bold == words[0].bold and abs(w.size - words[0].size) <= LARGER * words[0].size for w in words)


def is_brief(entry: Entry) -> bool:
    """Whether an entry is as short as headings and captions are, and no sentence."""
    return len(entry.lines) <= HEADING_LINES and not entry.text.endswith(_SENTENCE)


def _tails_off(line: Line) -> bool:
    """Whether a bold line begins in its largest type and goes on in smaller one."""
    words = [w for s in line.segments for w in s.words]
    return all(w.bold for w in words) and words[0].size >= max(w.size for w in words)


def _runs_on(above: Line, below: Line) -> bool:
    """Whether the words themselves say that a sentence goes on: a comma, a hyphen, a small letter."""
    text, following = above.passage.raw.rstrip(), below.passage.raw.lstrip()
    if not text or not following:
        return False
    return text.endswith(_GOING_ON) or following[0] in "、。，．）)」』】〉》" or following[0].islower()


def _ends(line: Line, marks: tuple[str, ...]) -> bool:
    return line.passage.raw.rstrip().endswith(marks)


def is_heading(entry: Entry, following: Entry) -> bool:
    """Whether an entry is set as the heading of the one that follows it."""
    if _BRACKETED.fullmatch(entry.text) and not _BRACKETED.fullmatch(following.text):
        return True
    if not can_head(entry):
        return False
    one, two = entry.style, following.style
    if entry.lines[0].frame is not following.lines[0].frame:
        return False
    if one.size < (1 - float(LARGER)) * two.size:
        return False
    if one.bold != two.bold:
        return one.bold
    # A heading may go on in smaller type (a subtitle, a reference), so a larger first word is enough.
    if max(one.size, entry.lines[0].lead.size) > (1 + float(LARGER)) * two.size:
        return True
    return entry.lines[0].underlined and not following.lines[0].underlined


def can_head(entry: Entry) -> bool:
    """Whether an entry has the form of a heading: short, in one style, without a bullet, no sentence."""
    return (
        entry.marker is None
        and is_brief(entry)
        and all(_is_uniform(line) or _tails_off(line) for line in entry.lines)
        and any(c.isalpha() for c in entry.text)
    )
