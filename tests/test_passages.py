"""Passages keep, for each character, the word and the glyph that it was printed with, however they are cut and joined."""

from __future__ import annotations

import random
from itertools import pairwise
from typing import TYPE_CHECKING

import pytest

from pipeline.model import Box, Glyph, Word, union
from pipeline.passage import Passage, join, of_words

if TYPE_CHECKING:
    from collections.abc import Sequence

_Printed = tuple[str, int | None, int]
"""A character, and the number of its word (None for a space between words) and the place of its glyph in it."""

_LETTERS = ("a", "b", "-", "1", "(", "fi", "ffl", "研", "究", "ー", "\ufb01", "\u00ad")


def _word(number: int, letters: Sequence[str], *, spaced: bool = True, broken: bool = False, top: float = 0.0) -> Word:
    """A word of these glyphs, on a line of its own height; `number` says how far right it stands."""
    x = 100.0 * number
    glyphs = tuple(Glyph(text, Box(x + 5 * n, top, x + 5 * n + 5, top + 10)) for n, text in enumerate(letters))
    box = union([glyph.box for glyph in glyphs])
    return Word(number, "".join(letters), box, glyphs, "Sans", 10, False, None, top + 8, spaced, broken)


def _words(dice: random.Random, first: int = 0) -> list[Word]:
    return [
        _word(
            first + n,
            [dice.choice(_LETTERS) for _ in range(dice.randint(1, 6))],
            spaced=dice.random() < 0.7,
            broken=dice.random() < 0.3,
        )
        for n in range(dice.randint(1, 5))
    ]


def _one_by_one(words: Sequence[Word]) -> list[_Printed]:
    """What `of_words` promises, character by character."""
    printed: list[_Printed] = []
    for word in words:
        if printed and word.spaced:
            printed.append((" ", None, 0))
        printed += [(c, word.number, place) for place, glyph in enumerate(word.glyphs) for c in glyph.text]
    return printed


def _printed(passage: Passage) -> list[_Printed]:
    return [(m.text, m.word.number if m.word else None, m.glyph) for m in passage.marks()]


@pytest.mark.parametrize("seed", range(30))
def test_a_cut_has_the_characters_between_two_places(seed: int) -> None:
    """What is cut out of a passage is what stands there, a ligature's glyph going with each of its characters."""
    dice = random.Random(seed)  # noqa: S311 - a seed is what makes it repeatable
    words = _words(dice)
    passage, expected = of_words(1, words), _one_by_one(words)
    assert _printed(passage) == expected
    assert passage.raw == "".join(c for c, _, _ in expected)
    for _ in range(20):
        start, end = sorted(dice.randint(0, len(expected)) for _ in range(2))
        assert _printed(passage[start:end]) == expected[start:end]
        assert _printed(passage[start:]) == expected[start:]
        assert _printed(passage[-end:]) == expected[-end:]
        piece = passage[start:end]
        assert piece.glyphs == {(1, word, place) for _, word, place in expected[start:end] if word is not None}
        assert bool(piece) is bool(piece.glyphs)
        if piece.glyphs:
            boxes = [words[word].glyphs[place].box for _, word, place in piece.glyphs]
            assert piece.box == union(boxes)


@pytest.mark.parametrize("seed", range(30))
def test_what_is_cut_out_and_what_is_left_are_all_of_it(seed: int) -> None:
    """Every glyph is in what was cut out or in what is left, and none in both."""
    dice = random.Random(seed)  # noqa: S311
    passage = of_words(1, _words(dice))
    start, end = sorted(dice.randint(0, len(passage)) for _ in range(2))
    # A ligature cut in two is in both, as its one glyph stands for the characters of both.
    cut_through = passage[:start].glyphs & passage[start:].glyphs | passage[:end].glyphs & passage[end:].glyphs
    left, cut = passage.without(start, end)
    assert left.glyphs | cut.glyphs == passage.glyphs
    assert left.glyphs & cut.glyphs <= cut_through
    assert passage.without_glyphs(cut.glyphs).glyphs == passage.glyphs - cut.glyphs


@pytest.mark.parametrize("seed", range(30))
def test_joined_lines_have_the_glyphs_of_all(seed: int) -> None:
    """Lines joined are the characters of each in order; what is put between or in place of a hyphen is no glyph."""
    dice = random.Random(seed)  # noqa: S311
    lines = [_words(dice, 10 * n) for n in range(dice.randint(2, 4))]
    pieces = [of_words(1, line) for line in lines]
    joined = join(pieces)
    assert joined.glyphs == frozenset().union(*(piece.glyphs for piece in pieces))
    printed = [(word, place) for _, word, place in _printed(joined) if word is not None]
    assert printed == [(word, place) for piece in pieces for _, word, place in _printed(piece) if word is not None]


def test_a_broken_word_is_one_word_and_prints_its_hyphen() -> None:
    """The hyphen that only breaks a word is gone from the text, and still stands in what was printed."""
    joined = join([of_words(1, [_word(0, "infor-", broken=True)]), of_words(1, [_word(1, "mation")])])
    assert (joined.text, joined.printed) == ("information", "infor-mation")
    kept = join([of_words(1, [_word(0, "general-")]), of_words(1, [_word(1, "purpose")])])
    assert (kept.text, kept.printed) == ("general-purpose", "general-purpose")


def test_a_part_for_each_line_that_it_stands_on() -> None:
    """Words that follow each other on one line are one part; a line further down, or a step back, begins another."""
    near = [_word(0, "Name"), _word(0, "goes")]
    close = Box(22, 0, 42, 10)
    beside = Word(1, "on", close, (Glyph("o", Box(22, 0, 32, 10)), Glyph("n", Box(32, 0, 42, 10))), *_style(near[0]))
    below = _word(0, "below", top=12.0)
    passage = join([of_words(1, [near[0], beside]), of_words(1, [below])])
    first, second = passage.parts()
    assert (first.printed, second.printed) == ("Name on", "below")
    assert first.box == Box(0, 0, 42, 10)
    assert second.box == below.box
    back = of_words(1, [beside, near[0]])
    assert [part.printed for part in back.parts()] == ["on", "Name"]


def _style(word: Word) -> tuple[str, float, bool, str | None, float, bool]:
    return word.font, word.size, word.bold, word.colour, word.baseline, word.spaced


def test_where_words_are_printed_over_each_other_the_glyphs_tell() -> None:
    """A word drawn over the end of another goes on in its line only if it begins right of the last glyph's beginning."""
    over = [Glyph(c, Box(12 + 5 * n, 0, 17 + 5 * n, 10)) for n, c in enumerate("xy")]
    before = [Glyph(c, Box(1 + 5 * n, 0, 6 + 5 * n, 10)) for n, c in enumerate("xy")]
    name = _word(0, "Name")
    for glyphs, lines in ((over, 1), (before, 2)):
        word = Word(1, "xy", union([g.box for g in glyphs]), tuple(glyphs), *_style(name))
        assert len(of_words(1, [name, word]).parts()) == lines


def test_stripping_takes_off_what_it_is_told_to() -> None:
    """White space and the characters given go from both ends, and nothing from between."""
    passage = of_words(1, [_word(0, ":a"), _word(1, ":"), _word(2, "b:")])
    assert passage.strip(":").raw == "a : b"
    assert passage.strip() is passage
    assert [a < b for a, b in pairwise(m.word.number for m in passage.strip(":").marks() if m.word)] == [True, True]
