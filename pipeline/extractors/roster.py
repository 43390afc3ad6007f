"""A roster: bodies listed under headings, in however many columns, beside paragraphs of prose."""

from __future__ import annotations

import itertools
import re
from dataclasses import replace
from statistics import median
from typing import TYPE_CHECKING

from pipeline.extractors.bodies import known_parts, parts_of_list
from pipeline.extractors.harvest import Context, Harvest
from pipeline.extractors.prose import write_statements
from pipeline.extractors.roster_lists import Heading, headings_of, lists_under, tags_among
from pipeline.layout.lines import Segment, lines_of
from pipeline.layout.panels import frame_around
from pipeline.passage import join
from pipeline.records import Printed, SlideReading
from pipeline.tolerances import Tolerance

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pipeline.layout.slide import Slide
    from pipeline.passage import Passage

ALIGNED = Tolerance(0.8, "alignment of listed bodies")
"""Bodies in one column start within this many font sizes of each other."""

TAG_LINES = 6
"""A frame around one name is lower than so many font sizes: one around a whole list is not."""

LEAST_LISTED = 2
"""A line lists so many bodies at least, or it names one."""

SAME_START = Tolerance(0.1, "same start of roster")
"""Words that start within this many font sizes of each other start at one column's edge."""

SAME_GAP = Tolerance(0.2, "same gap of roster")
"""Word spaces of one line differ by less than this part of them."""

WRAP_PITCH = Tolerance(0.88, "pitch of a wrapped name")
"""Lines of one wrapped name stand closer than this part of the pitch between names."""

SAME_STEP = Tolerance(0.03, "step of a name's lines")
"""Lines whose distances differ by less than this part of them are equally far apart."""

LINES = Tolerance(2.2, "pitch of a name's lines")
"""The lines of one name are at most this many font sizes apart, from baseline to baseline."""

_SPACE = Tolerance(0.25, "space between a name's words")
"""A space, in font sizes."""

MOST_LINES = 5
"""A name is printed over so many lines at most."""

_COMMA = re.compile("[,、，;；]")

_GOES_ON = re.compile(r"(?:[,&(/\-]|\b(?:and|of|for|the|on|in|to|with))$", re.IGNORECASE)


def extract(slide: Slide, context: Context) -> SlideReading:
    """The whole slide."""
    harvest = Harvest(slide, context.kind.kind)
    headings = headings_of(slide, context)
    under = lists_under(headings, slide, context)
    listed = {id(s) for members in under for s in members} | {id(h.segment) for h in headings}
    others = [s for s in slide.body if id(s) not in listed]
    write_statements(harvest, context, others)
    position = 0
    lists = [_without_signs(harvest, _split_at_columns(members)) for members in under]
    wrap_step = _wrap_step([_columns(segments) for segments in lists], context)
    for heading, segments in zip(headings, lists, strict=True):
        names = _tagged(segments, slide) or _running(segments, context) or _names(segments, wrap_step, context)
        position = _write_roster(harvest, context, heading, names, position)
    if position:
        _doubt_bodies_elsewhere(harvest, others, context)
    else:
        message = "No body was read from this slide, which should list some: no heading on it opens a list of them."
        harvest.doubt("rosters", slide.title.text, message, settled=False)
    return harvest.reading()


def _without_signs(harvest: Harvest, segments: Sequence[Segment]) -> list[Segment]:
    """The segments that say something; an arrow drawn between two boxes names no body."""
    signs = [s for s in segments if not any(c.isalnum() for c in s.text)]
    for sign in signs:
        harvest.discard(sign.passage, "sign without words")
        if sign.marker is not None:
            harvest.discard(sign.marker.passage, "bullet")
    return [s for s in segments if s not in signs]


def _doubt_bodies_elsewhere(harvest: Harvest, segments: Sequence[Segment], context: Context) -> None:
    """Say that lines outside every list are known bodies, as those under a heading that nobody knows are.

    The slide may name the body that it is about.
    """
    resolve = context.organizations.resolve
    own = resolve(harvest.slide.title.text)
    known = [s.text for s in segments if resolve(s.text) not in {None, own}]
    if known:
        message = f"Under no heading that is known to open a list of bodies: {', '.join(known)}."
        harvest.doubt("rosters", known[0], message, settled=False)


def _write_roster(
    harvest: Harvest, context: Context, heading: Heading, names: Sequence[Sequence[Segment]], position: int
) -> int:
    title = heading.segment.passage
    if heading.segment.marker is not None:
        harvest.discard(heading.segment.marker.passage, "bullet")
    first = True
    for members in names:
        if members[0].marker is not None:
            harvest.discard(members[0].marker.passage, "bullet")
        for name in _listed(harvest, join(s.passage for s in members), context):
            if not any(c.isalpha() for c in name.text):
                harvest.discard(name, "number without a name")
                continue
            position += 1
            resolve = context.organizations.resolve
            cut = context.organizations.piece_of(name.text) if resolve(name.text) is None else None
            if cut is not None:
                harvest.doubt(
                    "organizations",
                    name.text,
                    f"This may be a piece of a longer name, such as {cut.name!r}.",
                    settled=False,
                )
            harvest.add(
                "institute_organizations",
                {
                    "organization_id": name.text,
                    "role": Printed(title, value=heading.roster.role, inherited=not first),
                    "printed": Printed(name),
                    "position": position,
                },
            )
            first = False
    if first:
        harvest.discard(title, "heading without entries")
    return position


def _listed(harvest: Harvest, text: Passage, context: Context) -> list[Passage]:
    """The names in a text: one, or those of a list in one line ("CAO, NPA and MOFA"), of which most are known bodies."""
    resolve = context.organizations.resolve
    parts = parts_of_list(text.raw, 0, len(text), context.organizations)
    known = sum(resolve(text.raw[a:b]) is not None for a, b in parts)
    if len(parts) < LEAST_LISTED or 2 * known <= len(parts) or resolve(text.text) is not None:
        return [text]
    for (_, end), (start, _) in itertools.pairwise(parts):
        harvest.discard(text[end:start].strip(), "separator")
    return [text[a:b] for a, b in parts]


def _split_at_columns(segments: Sequence[Segment]) -> list[Segment]:
    """The segments, cut where a long name runs up to the next column so that hardly a space is left between them.

    A name begins inside a segment where names of other lines begin: two of them, or one if the gap there is no space of
    the segment.
    """
    return [piece for s in segments for piece in _pieces(s, segments)]


def _pieces(segment: Segment, segments: Sequence[Segment]) -> list[Segment]:
    words, size = segment.words, segment.size
    gaps = [b.box.x0 - a.box.x1 for a, b in itertools.pairwise(words)]
    usual = median(gaps) if gaps else 0.0
    cuts = [0]
    for i, gap in enumerate(gaps, start=1):
        aligned = sum(abs(o.start - words[i].box.x0) <= SAME_START * size for o in segments if o is not segment)
        if words[i].spaced and aligned and (aligned > 1 or abs(gap - usual) > SAME_GAP * usual):
            cuts.append(i)
    pieces = [words[a:b] for a, b in itertools.pairwise([*cuts, len(words)])]
    return [
        replace(segment, words=piece) if i == 0 else replace(segment, words=piece, marker=None, skipped=0)
        for i, piece in enumerate(pieces)
    ]


def _tagged(segments: Sequence[Segment], slide: Slide) -> list[list[Segment]]:
    """The lines of each name where every name stands in a small frame of its own; empty where they do not."""
    tags = tags_among(slide.frames)
    names: dict[int, list[Segment]] = {}
    for s in (s for line in lines_of(segments) for s in line):
        frame = frame_around(s.box, slide.frames)
        if frame is None or id(frame) not in tags or frame.box.height > TAG_LINES * s.size:
            return []
        names.setdefault(id(frame), []).append(s)
    return list(names.values()) if len(names) > 1 else []


def _running(segments: Sequence[Segment], context: Context) -> list[list[Segment]]:
    """The lines as one, where they are a paragraph that lists bodies and breaks within their names; empty otherwise.

    Every full line of it has a comma, it lists more bodies than it has lines, and fewer of them are unknown than if each
    line were read by itself.
    """
    lines = sorted(segments, key=lambda s: s.box.top)
    full = lines[:-1]
    if (
        not full
        or len(_columns(lines)) > 1
        or any(s.marker for s in lines[1:])
        or not all(_COMMA.search(s.text) for s in full)
    ):
        return []
    known, unknown = known_parts(join(s.passage for s in lines).raw, context.organizations)
    unknown_apart = sum(known_parts(s.passage.raw, context.organizations)[1] for s in lines)
    return [lines] if known > unknown and known + unknown > len(lines) and unknown < unknown_apart else []


def _names(segments: Sequence[Segment], wrap_step: float, context: Context) -> list[list[Segment]]:
    """The lines of each name, in reading order of the names."""
    columns = _columns(segments)
    pitch, pairs = _pitch(columns), _wrapped_pairs(columns, context)
    room, wraps = _room(columns, pairs), [below.baseline for _, below in pairs]
    names: list[list[Segment]] = []
    for i, column in enumerate(columns):
        following = columns[i + 1][0].start if i + 1 < len(columns) else None
        right = max(s.box.x1 for s in column)
        if following is not None:
            right = max(right, following - 2 * column[0].size)
        right = min(right, column[0].start + room)
        for at, s in enumerate(column):
            last = names[-1] if names and names[-1][-1] in column else None
            if last is not None and (
                _is_rest(last, column[at:], context)
                or _is_as_close(last, s, wrap_step, context)
                or (_continues(last, s, right, pitch, wraps, context) and not _begins_body(column[at:], context))
            ):
                last.append(s)
            else:
                names.append([s])
    order = {id(s): i for i, s in enumerate(s for line in lines_of(segments) for s in line)}
    return sorted(names, key=lambda n: order[id(n[0])])


def _begins_body(lines: Sequence[Segment], context: Context) -> bool:
    """Whether the first of `lines`, alone or with those close below it, is a known body."""
    return any(_is_known(close, context) for close in _close_lines(lines[:MOST_LINES]))


def _close_lines(lines: Sequence[Segment]) -> Iterator[Sequence[Segment]]:
    """The first of `lines`, the first two and so on, as long as each stands close below the one before it."""
    for count, (above, below) in enumerate(itertools.pairwise([*lines[:1], *lines]), start=1):
        if count > 1 and below.baseline - above.baseline > LINES * below.size:
            return
        yield lines[:count]


def _is_known(lines: Sequence[Segment], context: Context) -> bool:
    return context.organizations.resolve(join(s.passage for s in lines).text) is not None


def _wrap_step(lists: Sequence[Sequence[Sequence[Segment]]], context: Context) -> float:
    """How far apart, in font sizes, lines of one name are on this slide where names stand farther apart; else nought.

    `lists` has the columns of every list. Wrapped names that are known show the one, known names under each other the other.
    """
    pairs = [pair for columns in lists for pair in _wrapped_pairs(columns, context)]
    wraps = [_step(a, b) for a, b in pairs]
    wrapped = {id(b) for _, b in pairs}
    apart = [
        _step(a, b)
        for columns in lists
        for column in columns
        for a, b in itertools.pairwise(column)
        if id(b) not in wrapped and context.organizations.resolve(b.text) is not None
    ]
    if not wraps or not apart or max(wraps) > WRAP_PITCH * min(apart):
        return 0.0
    return max(wraps)


def _step(above: Segment, below: Segment) -> float:
    return (below.baseline - above.baseline) / below.size


def _is_as_close(name: Sequence[Segment], s: Segment, wrap_step: float, context: Context) -> bool:
    """Whether a line stands as close below a name as its lines do, which is nearer than the next name would."""
    last = name[-1]
    close = s.marker is None and last.style.same_size(s.style) and _step(last, s) <= (1 + float(SAME_STEP)) * wrap_step
    return close and context.organizations.resolve(s.text) is None


def _room(columns: Sequence[Sequence[Segment]], wrapped: Sequence[tuple[Segment, Segment]]) -> float:
    """How wide a column is at most, as wrapped lines show: where the first word of the next one did not fit any more.

    Columns of one list are as wide as each other; where one has a wider line they are not, and nothing is known.
    """
    rooms = [a.box.x1 + _SPACE * a.size + b.words[0].box.width - a.start for a, b in wrapped]
    room = min(rooms, default=float("inf"))
    return room if all(s.box.x1 - s.start < room for column in columns for s in column) else float("inf")


def _wrapped_pairs(columns: Sequence[Sequence[Segment]], context: Context) -> list[tuple[Segment, Segment]]:
    """Lines that can only go on with the line above them, with that line: no row of names begins with one."""
    return [
        (a, b)
        for column in columns
        for at, (a, b) in enumerate(itertools.pairwise(column), start=1)
        if _is_rest([a], column[at:], context)
    ]


def _is_rest(name: Sequence[Segment], lines: Sequence[Segment], context: Context) -> bool:
    """Whether the first of `lines`, close below a name, can only go on with it.

    It begins with a small letter or a bracket, or some of the lines together with the name are a known body, and neither
    is one by itself.
    """
    last, s = name[-1], lines[0]
    if s.marker is not None or not last.style.same_size(s.style) or s.baseline - last.baseline > LINES * s.size:
        return False
    if s.text[:1].islower() or s.text.startswith(("(", "（")):
        return True
    if _is_known(name, context):
        return False
    for rest in _close_lines(lines[: MOST_LINES - 1]):
        if _is_known(rest, context):
            return False
        if _is_known((*name, *rest), context):
            return True
    return False


def _columns(segments: Sequence[Segment]) -> list[list[Segment]]:
    columns: list[list[Segment]] = []
    for s in sorted(segments, key=lambda s: (s.start, s.box.top)):
        for column in columns:
            hanging = column[0].marker is not None and s.marker is None and abs(s.x0 - column[0].x0) <= ALIGNED * s.size
            if abs(s.start - column[0].start) <= ALIGNED * s.size or hanging or _hangs(column[0], s, segments):
                column.append(s)
                break
        else:
            columns.append([s])
    return [sorted(column, key=lambda s: s.box.top) for column in sorted(columns, key=lambda c: c[0].start)]


def _hangs(first: Segment, s: Segment, segments: Sequence[Segment]) -> bool:
    """Whether a line is a little indented under a name of this column, with nothing beside it on its left."""
    indent = s.start - first.start
    alone = all(o is s or o.box.overlap_y(s.box) <= 0.5 * s.box.height or o.start > s.start for o in segments)
    return 0 < indent <= 3 * s.size and alone


def _pitch(columns: Sequence[Sequence[Segment]]) -> float:
    """The usual distance from one name's line to the next; of two usual ones the larger."""
    steps = [b.baseline - a.baseline for column in columns for a, b in itertools.pairwise(column)]
    if not steps:
        return 0.0
    return sorted(steps)[(3 * len(steps)) // 4]


def _continues(
    name: Sequence[Segment], s: Segment, right: float, pitch: float, wraps: Sequence[float], context: Context
) -> bool:
    last = name[-1]
    if s.marker is not None or not last.style.same_size(s.style):
        return False
    if name[0].marker is not None:
        return True
    step = s.baseline - last.baseline
    text = last.text
    so_far = "".join(member.text for member in name)
    if so_far.count("(") > so_far.count(")") or so_far.count("（") > so_far.count("）"):
        return True
    if step > LINES * s.size:
        return False
    if s.start - name[0].start > ALIGNED * s.size:
        return True
    if _GOES_ON.search(text) and context.organizations.resolve(text.rstrip(" ,、")) is None:
        return True
    if last.box.x1 + _SPACE * last.size + s.words[0].box.width < right:
        return False  # it would have fitted on the line above
    if _is_known(name, context):
        return False
    level = any(abs(s.baseline - baseline) <= SAME_START * s.size for baseline in wraps)
    return level or (pitch > 0 and step < WRAP_PITCH * pitch)
