"""Text that knows where it was printed.

A `Passage` is a sequence of printed glyphs, with spaces between them that the layout put there. Cutting one, joining
several or stripping them keeps, for every character, the word and glyph it came from; so a value that was cut out of
the middle of a line can still be pointed at on the page, and every glyph of a page can be shown to have gone to exactly
one place.
"""

from __future__ import annotations

import re
import unicodedata
from itertools import chain, repeat
from typing import TYPE_CHECKING, NamedTuple

from pipeline.cached import cached_property
from pipeline.model import Box, Word, union
from pipeline.values import value

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Sequence

_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u2060\ufeff]")
_SOFT_HYPHEN = "\u00ad"
_HYPHENS = "-\u2010\u2011"
_LIGATURES = {chr(code): unicodedata.normalize("NFKC", chr(code)) for code in range(0xFB00, 0xFB07)}


class Stretch(NamedTuple):
    """Neighbouring characters of one word: each a glyph, from the one at `glyph` on; or all of them one glyph, if `joint`.

    `word` is None for a space that stands between words and has no glyph. `text` is never empty.
    """

    text: str
    page: int = 0
    word: Word | None = None
    glyph: int = 0
    joint: bool = False

    @property
    def end(self) -> int:
        """The place in the word behind the last of its glyphs."""
        return self.glyph + (1 if self.joint else len(self.text))

    def cut(self, start: int, end: int) -> Stretch:
        """Its characters from `start` up to `end`."""
        glyph = self.glyph if self.joint else self.glyph + start
        return Stretch(self.text[start:end], self.page, self.word, glyph, self.joint)

    def marks(self) -> Iterator[Mark]:
        """Its characters one by one."""
        for n, character in enumerate(self.text):
            yield Mark(character, self.page, self.word, self.glyph if self.joint else self.glyph + n)


class Mark(NamedTuple):
    """One character of a passage; a glyph that stands for several characters gives several marks.

    `word` is None for a space that stands between words and has no glyph.
    """

    text: str
    page: int
    word: Word | None
    glyph: int

    @property
    def printed(self) -> str:
        """The character as it stands on the page, where joining lines made it a soft hyphen."""
        return self.word.glyphs[self.glyph].text if self.word and self.text == _SOFT_HYPHEN else self.text

    @property
    def box(self) -> Box | None:
        """Where its glyph stands; None for a space without one."""
        return self.word.box_of(self.glyph, self.glyph + 1) if self.word else None


_SPACE = Stretch(" ")


@value()
class Part:
    """A stretch of a passage on one line: where it stands and what is printed there."""

    page: int
    box: Box
    printed: str


@value(slots=False)
class Passage:
    """Printed text with its provenance. Indices and slices count the characters of `raw`."""

    stretches: tuple[Stretch, ...]

    @cached_property
    def raw(self) -> str:
        """The characters as printed, so that a position in it is a position in the passage."""
        return "".join([s.text for s in self.stretches])

    @cached_property
    def text(self) -> str:
        """What a reader would type: ligatures expanded, invisible characters gone, single spaces."""
        return clean(self.raw)

    @cached_property
    def printed(self) -> str:
        """The glyphs as they stand on the page, with the spaces between them."""
        return _as_printed(self.stretches)

    @cached_property
    def words(self) -> tuple[Word, ...]:
        """The words it takes glyphs from, each once, in order."""
        return tuple({(s.page, s.word.number): s.word for s in self.stretches if s.word}.values())

    @cached_property
    def box(self) -> Box:
        """The smallest box around all of it. Raises ValueError where it is empty."""
        return union([_box(s.word, s) for s in self.stretches if s.word])

    @cached_property
    def glyphs(self) -> frozenset[tuple[int, int, int]]:
        """(page, word number, glyph index) of everything printed in it."""
        printed = [(s.page, s.word.number, range(s.glyph, s.end)) for s in self.stretches if s.word]
        return frozenset(chain.from_iterable([zip(repeat(p), repeat(n), glyphs) for p, n, glyphs in printed]))

    def marks(self) -> Iterator[Mark]:
        """Its characters one by one, as many as `raw` has."""
        for stretch in self.stretches:
            yield from stretch.marks()

    def __bool__(self) -> bool:
        for stretch in self.stretches:  # noqa: SIM110 - nearly always the first one answers
            if stretch.word is not None:
                return True
        return False

    def __len__(self) -> int:
        return len(self.raw)

    def __getitem__(self, cut: slice) -> Passage:
        start, end, _ = cut.indices(len(self.raw))
        if start >= end:
            return EMPTY
        taken: list[Stretch] = []
        first = 0
        for stretch in self.stretches:
            last = first + len(stretch.text)
            if last > start:
                whole = first >= start and last <= end
                taken.append(stretch if whole else stretch.cut(max(start - first, 0), end - first))
                if last >= end:
                    break
            first = last
        return Passage(tuple(taken))

    def strip(self, characters: str = "") -> Passage:
        """Without spaces, and without any of `characters`, at either end."""
        return self._stripped(0, len(self.raw), characters)

    def _stripped(self, start: int, end: int, characters: str = "") -> Passage:
        """What stands in [start, end), stripped."""
        raw = self.raw
        while start < end and (raw[start].isspace() or raw[start] in characters):
            start += 1
        while end > start and (raw[end - 1].isspace() or raw[end - 1] in characters):
            end -= 1
        return self if end - start == len(raw) else self[start:end]

    def without(self, start: int, end: int) -> tuple[Passage, Passage]:
        """What is left when [start, end) is cut out (joined by one space), and what was cut out."""
        left, right = self._stripped(0, start), self._stripped(end, len(self.raw))
        kept = Passage(left.stretches + ((_SPACE,) if left and right else ()) + right.stretches)
        return kept, self._stripped(start, end)

    def without_glyphs(self, taken: Collection[tuple[int, int, int]]) -> Passage:
        """What is printed in it, spaces aside, and is not among the glyphs `taken`."""
        left = [m for m in self.marks() if m.word and (m.page, m.word.number, m.glyph) not in taken]
        return Passage(tuple([Stretch(*mark) for mark in left]))

    def parts(self) -> tuple[Part, ...]:
        """Where it stands: one part for each stretch of glyphs that is together on one line."""
        return self._parts

    @cached_property
    def _parts(self) -> tuple[Part, ...]:
        # A heading stands in every row under it, so a passage may be asked for its parts many times.
        lines: list[_Line] = []
        previous: Stretch | None = None
        for stretch in self.stretches:
            if stretch.word is not None:
                box = _box(stretch.word, stretch)
                # Glyphs of one word stand on one line; only from word to word can a line end.
                if previous is None or not (
                    stretch.word is previous.word or _goes_on(previous, lines[-1].boxes[-1], stretch, box)
                ):
                    lines.append(_Line([], []))
                lines[-1].boxes.append(box)
                previous = stretch
            if lines:
                lines[-1].stretches.append(stretch)
        return tuple([Part(line.stretches[0].page, union(line.boxes), _as_printed(line.stretches)) for line in lines])


class _Line(NamedTuple):
    """What stands together on one line of a passage, and the boxes of what is printed of it."""

    stretches: list[Stretch]
    boxes: list[Box]


def _goes_on(a: Stretch, one: Box, b: Stretch, two: Box) -> bool:
    """Whether `b`, which stands in `two`, goes on in the line of `a`, which stands in `one`."""
    if a.page != b.page or a.word is None or b.word is None:
        return False
    # Where words are printed over each other, only the glyphs tell whether one follows the other.
    return (two.x0 >= one.x1 and _on_one_line(one, two)) or _on_one_line(
        a.word.box_of(a.end - 1, a.end), b.word.box_of(b.glyph, b.glyph + 1)
    )


def _on_one_line(one: Box, two: Box) -> bool:
    height, shared = one.height, one.overlap_y(two)
    # Half of the lower one's height shared is the same line; a step back to the left is the next one.
    level = shared > 0.5 * height or shared > 0.5 * two.height
    return level and two.x1 > one.x0 and two.x0 - one.x1 < 4 * height


def _box(word: Word, stretch: Stretch) -> Box:
    """The box around a stretch of `word`: where it is all of it the word's own."""
    whole = not stretch.joint and len(stretch.text) == len(word.text)
    return word.box if whole else word.box_of(stretch.glyph, stretch.end)


def _as_printed(stretches: Sequence[Stretch]) -> str:
    text = "".join([s.text for s in stretches])
    if _SOFT_HYPHEN in text:
        text = "".join([mark.printed for s in stretches for mark in s.marks()])
    return " ".join(text.split())


def clean(text: str) -> str:
    """`text` as a reader would type it: ligatures expanded, invisible characters gone, single spaces."""
    if text.isascii():
        return " ".join(text.split())
    if any(character in text for character in _LIGATURES):
        text = "".join(_LIGATURES.get(character, character) for character in text)
    return " ".join(_INVISIBLE.sub("", text).split())


def of_words(page: int, words: Iterable[Word]) -> Passage:
    """The words of one line, in order, with a space where one is printed."""
    stretches: list[Stretch] = []
    # Stretches are made here and hardly anywhere else, so without the call of their own constructor.
    make = tuple.__new__
    for word in words:
        if stretches and word.spaced:
            stretches.append(_SPACE)
        text = word.text
        if len(text) == len(word.glyphs):  # nearly always; a ligature's glyph stands for several characters
            stretches.append(make(Stretch, (text, page, word, 0, False)))
        else:
            stretches += [Stretch(g.text, page, word, n, joint=True) for n, g in enumerate(word.glyphs) if g.text]
    return Passage(tuple(stretches))


EMPTY = Passage(())


def join(passages: Iterable[Passage]) -> Passage:
    """Several lines as one passage, as a reader would join them.

    A word broken over two lines at a hyphen is one word again: without the hyphen where it only breaks the word
    (`Word.broken`, or a soft hyphen), with it where it belongs to the word ("general-purpose"). Between two characters of
    a script without spaces (kana, Han, full-width forms) nothing is put; elsewhere one space.
    """
    pieces = [piece for passage in passages if (piece := passage.strip()).stretches]
    if len(pieces) <= 1:
        return pieces[0] if pieces else EMPTY
    stretches: list[Stretch] = []
    for piece in pieces:
        if stretches:
            last = stretches[-1]
            if last.word and last.word.broken and last.text[-1] in _HYPHENS:
                stretches[-1] = last._replace(text=last.text[:-1] + _SOFT_HYPHEN)
            if not _joins_without_space("".join([s.text for s in stretches[-2:]]), piece.raw):
                stretches.append(_SPACE)
        stretches.extend(piece.stretches)
    return Passage(tuple(stretches))


def _joins_without_space(left: str, right: str) -> bool:
    last, first = left[-1], right[0]
    if last == _SOFT_HYPHEN:
        return True
    before = left[-2:-1]
    if last in _HYPHENS and before.isalpha() and first.isalpha():
        return True
    return is_spaceless(last) and is_spaceless(first)


def is_spaceless(character: str) -> bool:
    """Whether the character belongs to a script that is written without spaces between words."""
    if character in "・ー々〆〜～":
        return True
    if unicodedata.east_asian_width(character) not in "WF":
        return False
    return not character.isspace()
