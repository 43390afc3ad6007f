"""Text that knows where it was printed.

A `Passage` is a sequence of printed glyphs, with spaces between them that the layout put there. Cutting one, joining
several or stripping them keeps, for every character, the word and glyph it came from; so a value that was cut out of
the middle of a line can still be pointed at on the page, and every glyph of a page can be shown to have gone to exactly
one place.
"""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING, NamedTuple

from pipeline.cached import cached_property
from pipeline.model import Box, Word, union
from pipeline.values import value

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u2060\ufeff]")
_SOFT_HYPHEN = "\u00ad"
_HYPHENS = "-\u2010\u2011"
_LIGATURES = {chr(code): unicodedata.normalize("NFKC", chr(code)) for code in range(0xFB00, 0xFB07)}


class Mark(NamedTuple):
    """One character of a passage; a glyph that stands for several characters gives several marks.

    `word` is None for a space that stands between words and has no glyph. A tuple, since a page has thousands of them.
    """

    text: str
    page: int = 0
    word: Word | None = None
    glyph: int = 0

    @property
    def printed(self) -> str:
        """The character as it stands on the page, where joining lines made it a soft hyphen."""
        return self.word.glyphs[self.glyph].text if self.word and self.text == _SOFT_HYPHEN else self.text

    @property
    def box(self) -> Box | None:
        """Where its glyph stands; None for a space without one."""
        return self.word.glyphs[self.glyph].box if self.word else None


_SPACE = Mark(" ")


@value()
class Part:
    """A stretch of a passage on one line: where it stands and what is printed there."""

    page: int
    box: Box
    printed: str


@value(slots=False)
class Passage:
    """Printed text with its provenance. Indices and slices count the characters of `raw`."""

    marks: tuple[Mark, ...]

    @cached_property
    def raw(self) -> str:
        """The characters as printed, so that a position in it is a position in the passage."""
        return "".join([m.text for m in self.marks])

    @cached_property
    def text(self) -> str:
        """What a reader would type: ligatures expanded, invisible characters gone, single spaces."""
        return clean(self.raw)

    @cached_property
    def printed(self) -> str:
        """The glyphs as they stand on the page, with the spaces between them."""
        return _as_printed(self.marks)

    @cached_property
    def words(self) -> tuple[Word, ...]:
        """The words it takes glyphs from, each once, in order."""
        return tuple({(m.page, m.word.number): m.word for m in self.marks if m.word}.values())

    @cached_property
    def box(self) -> Box:
        """The smallest box around all of it. Raises ValueError where it is empty."""
        taken: dict[int, tuple[Word, set[int]]] = {}
        for mark in self.marks:
            if mark.word is not None:
                taken.setdefault(id(mark.word), (mark.word, set()))[1].add(mark.glyph)
        return union(_boxes(taken.values()))

    @cached_property
    def glyphs(self) -> frozenset[tuple[int, int, int]]:
        """(page, word number, glyph index) of everything printed in it."""
        return frozenset([(m.page, m.word.number, m.glyph) for m in self.marks if m.word])

    def __bool__(self) -> bool:
        for mark in self.marks:  # noqa: SIM110 - nearly always the first one answers
            if mark.word is not None:
                return True
        return False

    def __len__(self) -> int:
        return len(self.marks)

    def __getitem__(self, cut: slice) -> Passage:
        return Passage(self.marks[cut])

    def strip(self, characters: str = "") -> Passage:
        """Without spaces, and without any of `characters`, at either end."""
        marks, start, end = self.marks, 0, len(self.marks)
        while start < end and ((text := marks[start].text).isspace() or text in characters):
            start += 1
        while end > start and ((text := marks[end - 1].text).isspace() or text in characters):
            end -= 1
        return self if end - start == len(marks) else Passage(marks[start:end])

    def without(self, start: int, end: int) -> tuple[Passage, Passage]:
        """What is left when [start, end) is cut out (joined by one space), and what was cut out."""
        left, right = Passage(self.marks[:start]).strip(), Passage(self.marks[end:]).strip()
        kept = Passage(left.marks + ((_SPACE,) if left and right else ()) + right.marks)
        return kept, Passage(self.marks[start:end]).strip()

    def parts(self) -> tuple[Part, ...]:
        """Where it stands: one part for each stretch of glyphs that is together on one line."""
        return self._parts

    @cached_property
    def _parts(self) -> tuple[Part, ...]:
        # A heading stands in every row under it, so a passage may be asked for its parts many times.
        runs: list[_Run] = []
        previous: Mark | None = None
        for mark in self.marks:
            word = mark.word
            if word is not None:
                # Glyphs of one word stand on one line; only from word to word can a line end.
                if previous is None or (word is not previous.word and not _same_line(previous, mark)):
                    runs.append(_Run([], []))
                taken = runs[-1].taken
                if not taken or taken[-1][0] is not word:
                    taken.append((word, set()))
                taken[-1][1].add(mark.glyph)
                previous = mark
            if runs:
                runs[-1].marks.append(mark)
        return tuple([_part(run) for run in runs])


class _Run(NamedTuple):
    """Marks that stand together on one line, and the glyphs of each word that are among them."""

    marks: list[Mark]
    taken: list[tuple[Word, set[int]]]


def _same_line(a: Mark, b: Mark) -> bool:
    one, two = a.box, b.box
    if a.page != b.page or one is None or two is None:
        return False
    # Half of the lower one's height shared is the same line; a step back to the left is the next one.
    return (
        one.overlap_y(two) > 0.5 * min(one.height, two.height) and two.x1 > one.x0 and two.x0 - one.x1 < 4 * one.height
    )


def _part(run: _Run) -> Part:
    return Part(next(m.page for m in run.marks if m.word), union(_boxes(run.taken)), _as_printed(run.marks))


def _boxes(taken: Iterable[tuple[Word, set[int]]]) -> list[Box]:
    """The boxes around these glyphs of each word: of a whole word its own, so that its glyphs need not be made."""
    boxes: list[Box] = []
    for word, glyphs in taken:
        if len(glyphs) == len(word.glyphs):
            boxes.append(word.box)
        else:
            boxes += [word.glyphs[glyph].box for glyph in glyphs]
    return boxes


def _as_printed(marks: Sequence[Mark]) -> str:
    text = "".join([m.text for m in marks])
    if _SOFT_HYPHEN in text:
        text = "".join([m.printed for m in marks])
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
    marks: list[Mark] = []
    # Marks are made here and hardly anywhere else, so without the call of Mark's own constructor.
    make = tuple.__new__
    for word in words:
        if marks and word.spaced:
            marks.append(_SPACE)
        if len(word.text) == len(word.glyphs):  # nearly always; a ligature's glyph stands for several characters
            marks += [make(Mark, (character, page, word, n)) for n, character in enumerate(word.text)]
        else:
            marks += [make(Mark, (character, page, word, n)) for n, g in enumerate(word.glyphs) for character in g.text]
    return Passage(tuple(marks))


EMPTY = Passage(())


def join(passages: Iterable[Passage]) -> Passage:
    """Several lines as one passage, as a reader would join them.

    A word broken over two lines at a hyphen is one word again: without the hyphen where it only breaks the word
    (`Word.broken`, or a soft hyphen), with it where it belongs to the word ("general-purpose"). Between two characters of
    a script without spaces (kana, Han, full-width forms) nothing is put; elsewhere one space.
    """
    pieces = [piece for passage in passages if (piece := passage.strip()).marks]
    if len(pieces) <= 1:
        return pieces[0] if pieces else EMPTY
    marks: list[Mark] = []
    for piece in pieces:
        if marks and marks[-1].word and marks[-1].word.broken and marks[-1].text in _HYPHENS:
            marks[-1] = marks[-1]._replace(text=_SOFT_HYPHEN)
        if marks and not _joins_without_space(marks, piece.marks):
            marks.append(_SPACE)
        marks.extend(piece.marks)
    return Passage(tuple(marks))


def _joins_without_space(left: Sequence[Mark], right: Sequence[Mark]) -> bool:
    last, first = left[-1].text[-1], right[0].text[0]
    if last == _SOFT_HYPHEN:
        return True
    before = left[-2].text[-1] if len(left) > 1 else ""
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
