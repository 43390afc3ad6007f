"""Glyphs into words, by where they stand and not by the order in which the file draws them.

Distances are multiples of the glyph's own size, so that the same slide at another scale gives the same words.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from pipeline.model import Box, Word
from pipeline.reading.characters import Characters, GlyphRun
from pipeline.reading.shown import PLACES
from pipeline.tolerances import Tolerance

if TYPE_CHECKING:
    from pipeline.reading.characters import Flags, Indices, Numbers

WORD_GAP = Tolerance(0.14, "gap between words", in_reading=True)
"""A gap wider than this part of the glyph size is a space. A printed space is 0.25 to 0.33 wide in common fonts and never
below 0.18 in condensed ones; kerning stays below 0.1."""

LETTER_SPACING = Tolerance(0.35, "letter spacing of words", in_reading=True)
"""Letters of one word are set apart by at most this part of their size, where a heading is letter-spaced."""

LEAST_LETTERS = 5
"""Letter-spacing is seen from so many gaps of one style on a line at least."""

SAME_PLACE = Tolerance(0.12, "distance of glyphs drawn twice", in_reading=True)
"""Two equal glyphs closer than this part of their size are one glyph drawn twice (a shadow, or a faked bold). No glyph
that is printed twice on purpose is narrower: a dot's advance is 0.25."""

SAME_BASELINE = Tolerance(0.2, "distance of baselines", in_reading=True)
"""Glyphs whose baselines differ by less than this part of their size stand on one line."""


_WHOLE_NUMBERS = 2.0**53
"""Up to here a float is exact for every whole number."""

LEADER_DOTS = frozenset(".…‥·・⋯_")
"""Characters that dotted leaders are made of; see `pipeline.layout.leaders`."""

LEADER_RUN = 4
"""So many dots in a row are a leader; an ellipsis has three."""


def words_of(characters: Characters) -> tuple[Word, ...]:
    """The words of a page, numbered line by line from the top and from left to right."""
    order, line = _lines(characters)
    kept = _without_doubles(characters, order, line)
    order, line = order[kept], line[kept]
    is_space = characters.among(str.isspace)[order]
    c, line = characters.take(order[~is_space]), line[~is_space]
    if not len(c):
        return ()
    after_space = np.diff(np.flatnonzero(~is_space), prepend=-1) > 1
    begins_line = np.diff(line, prepend=-1) != 0
    gaps = np.subtract(c.x0, np.roll(c.x1, 1))
    allowed = float(WORD_GAP) * np.maximum(c.size, np.roll(c.size, 1))
    sets = _alike_numbers(c)
    continues = ~begins_line & ~after_space & (sets == np.roll(sets, 1))
    allowed += np.where(continues, _letter_spacing(c, line, sets, gaps, continues), 0.0)
    spaced = begins_line | after_space | (gaps > allowed)
    starts = spaced | _changes_style(c)
    starts[_leader_turns(c, starts, begins_line | after_space)] = True
    return _made(c, starts, spaced)


def _lines(c: Characters) -> tuple[Indices, Indices]:
    """The glyphs' places line by line from the top and from left to right, and each one's line.

    A line is a run of glyphs with (nearly) one baseline.
    """
    codes = np.array([ord(letter[0]) if letter else 0 for letter in c.letters], np.intp)[c.letter]
    # What only the noise of arithmetic sets apart must not decide which comes first.
    order = _order(c.baseline, c.x0, codes)
    baseline, size = c.baseline[order], c.size[order]
    steps = np.diff(baseline) > float(SAME_BASELINE) * np.minimum(size[1:], size[:-1])
    line = np.concatenate((np.zeros(min(1, len(c)), np.intp), np.cumsum(steps, dtype=np.intp)))
    within = _order(line, c.x0[order], c.x1[order], codes[order])
    return order[within], line[within]


def _order(first: Numbers | Indices, second: Numbers, *rest: Numbers | Indices) -> Indices:
    """The order by `first`, by `second` where it is equal, and so on: `np.lexsort` with the columns from the left.

    Nearly always two columns settle it. As one they are sorted in a tenth of the time: most pages are drawn in order, of
    which `np.lexsort` makes nothing.
    """
    if len(first):
        # Of what lies beyond all bounds no difference is a number, and then nothing is below the limit.
        with np.errstate(invalid="ignore", over="ignore"):
            one, two = (np.rint(column * 10.0**PLACES) for column in (first, second))
            one, two = one - one.min(), two - two.min()
            joint = one * (two.max() + 1) + two
        if joint.max() < _WHOLE_NUMBERS:
            order = np.argsort(joint, kind="stable")
            if (np.diff(joint[order]) > 0).all():
                return order
    return np.lexsort((*reversed(rest), second, first))


def without_doubles(characters: Characters) -> Characters:
    """Each glyph once, where the file draws the same one several times at (nearly) the same place; the first drawn stays."""
    order, line = _lines(characters)
    return characters.take(np.sort(order[_without_doubles(characters, order, line)]))


def _without_doubles(c: Characters, order: Indices, line: Indices) -> Flags:
    """Which of the glyphs in `order` are no double of one that is drawn before them."""
    keep = np.ones(len(c), np.bool_)
    letters = c.letter[order]
    # Equal glyphs of one line, from left to right: doubles are neighbours there.
    together = _order(line * len(c.letters) + letters, c.x0[order])
    x0, size = c.x0[order[together]], c.size[order[together]]
    reach = float(SAME_PLACE) * np.maximum(size[1:], size[:-1])
    close = (np.diff(x0) <= reach) & (np.diff(letters[together]) == 0) & (np.diff(line[together]) == 0)
    for group in np.split(together, np.flatnonzero(~close) + 1) if close.any() else ():
        if len(group) > 1:
            keep[_doubles(c, order, group)] = False
    return keep


def _doubles(c: Characters, order: Indices, group: Indices) -> list[int]:
    """Of equal glyphs that are near each other those that are doubles: near one that is drawn before and stays."""
    stay: list[int] = []
    doubles = []
    for place in sorted(group.tolist(), key=lambda place: int(order[place])):
        n = order[place]
        reach = float(SAME_PLACE) * c.size[n]
        if any(
            abs(c.x0[o] - c.x0[n]) <= reach
            and abs(c.baseline[o] - c.baseline[n]) <= reach
            and abs(c.size[o] - c.size[n]) <= float(SAME_PLACE) * max(c.size[o], c.size[n])
            for o in stay
        ):
            doubles.append(place)
        else:
            stay.append(n)
    return doubles


def _alike_numbers(c: Characters) -> Indices:
    """A number for each glyph that those share which are set alike: in one font, size and colour."""
    looks: dict[tuple[str, str | None], int] = {}
    of_style = np.array([looks.setdefault((s.font, s.colour), len(looks)) for s in c.styles], np.int64)
    tenths = np.rint(c.size * 10).astype(np.int64)
    return np.asarray(of_style[c.style] * (int(tenths.max()) + 1) + tenths, np.intp)


def _letter_spacing(c: Characters, line: Indices, sets: Indices, gaps: Numbers, continues: Flags) -> Numbers:
    """How far apart the letters of each glyph's style on its line are set, in points, where they are set apart at all.

    It is the usual gap between neighbours, which in ordinary text is next to nothing: a word space is the rarer one.
    `continues` says which glyphs follow another of their style without a drawn space.
    """
    group = np.unique(line * (int(sets.max()) + 1) + sets, return_inverse=True)[1]
    places = np.flatnonzero(continues)
    places = places[np.lexsort((gaps[places], group[places]))]
    first, counts = np.unique(group[places], return_index=True, return_counts=True)[1:]
    enough = counts >= LEAST_LETTERS
    middle = places[(first + (counts - 1) // 2)[enough]]
    usual = np.zeros(int(group.max()) + 1)
    usual[group[middle]] = gaps[middle]
    spacing = usual[group]
    tenths = np.round(c.size, 1)
    return np.where((spacing > 0) & (spacing <= float(LETTER_SPACING) * tenths), spacing, 0.0)


def _changes_style(c: Characters) -> Flags:
    """Which glyphs are printed otherwise than the one before: bolder, in another colour or in another size."""
    looks: dict[tuple[bool, str | None], int] = {}
    seen = np.array([looks.setdefault((s.bold, s.colour), len(looks)) for s in c.styles], np.intp)[c.style]
    before = np.roll(c.size, 1)
    resized = np.abs(c.size - before) > float(SAME_PLACE) * np.maximum(c.size, before)
    return np.asarray((seen != np.roll(seen, 1)) | resized, np.bool_)


def _leader_turns(c: Characters, starts: Flags, apart: Flags) -> list[int]:
    """Where a row of leader dots begins or ends within a word, so that "Name......4.0" comes apart.

    `apart` are the glyphs that begin a line or come after a drawn space.
    """
    is_dot = c.among(LEADER_DOTS.__contains__)
    turns = np.flatnonzero((is_dot != np.roll(is_dot, 1)) & ~starts)
    found: list[int] = []
    for n in turns.tolist():
        if not is_dot[n]:
            if n >= LEADER_RUN and is_dot[n - LEADER_RUN : n].all() and not starts[n - LEADER_RUN + 1 : n].any():
                found.append(n)
            continue
        row = slice(n, n + LEADER_RUN)
        if n + LEADER_RUN > len(c) or not is_dot[row].all() or apart[n + 1 : n + LEADER_RUN].any():
            continue
        # The full stop of "etc." touches its word and stands apart from the leader that follows it.
        first, second = (c.x0[n + i + 1] - c.x1[n + i] for i in (0, 1))
        if first <= WORD_GAP * c.size[n] or first - second <= WORD_GAP * c.size[n]:
            found.append(n)
    return found


def _made(c: Characters, starts: Flags, spaced: Flags) -> tuple[Word, ...]:
    begin = np.flatnonzero(starts)
    columns = (
        begin,
        np.append(begin[1:], len(c)),
        np.minimum.reduceat(c.x0, begin),
        np.minimum.reduceat(c.top, begin),
        np.maximum.reduceat(c.x1, begin),
        np.maximum.reduceat(c.bottom, begin),
        np.maximum.reduceat(c.size, begin),
        c.style[begin],
        c.baseline[begin],
        spaced[begin],
    )
    words: list[Word] = []
    for start, stop, x0, top, x1, bottom, size, style, baseline, is_spaced in zip(
        *(column.tolist() for column in columns), strict=True
    ):
        font, bold, colour = c.styles[style]
        words.append(
            Word(
                number=len(words),
                text="".join(c.texts[start:stop]),
                box=Box(x0, top, x1, bottom),
                glyphs=GlyphRun(c, start, stop),
                font=font,
                size=size,
                bold=bold,
                colour=colour,
                baseline=baseline,
                spaced=is_spaced,
            )
        )
    return tuple(words)
