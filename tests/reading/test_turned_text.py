"""Text that runs up or down the page, as in the tall cell of a table, is read along its line."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from pipeline.model import Box
from pipeline.reading.characters import Character, Characters
from pipeline.reading.turned import turned_words

if TYPE_CHECKING:
    from pipeline.reading.turned import Turn

_PAGE = Box(0, 0, 720, 540)
_SIZE = 10.0


def _running(text: str, turn: Turn, x: float) -> list[Character]:
    """`text` in letters half as wide as high, from y = 100 downwards, or from y = 400 upwards."""
    drawn, y = [], 100.0 if turn == "down" else 400.0
    for letter in text:
        top, bottom = (y, y + 5) if turn == "down" else (y - 5, y)
        drawn.append(Character(letter, x, top, x + _SIZE, bottom, bottom, 5, "Sans", True, "#000000"))
        y += 5 if turn == "down" else -5
    return drawn


@pytest.mark.parametrize("turn", ["down", "up"])
def test_turned_text_is_one_word_in_its_own_order(turn: Turn) -> None:
    """Letters of "Outline of the bill" come in the order they run, with their spaces, each where it is printed."""
    drawn = _running("Outline of the bill", turn, 40)
    (word,) = turned_words({turn: Characters.of(drawn)}, _PAGE, 7)
    assert (word.text, word.number, word.size, word.bold) == ("Outline of the bill", 7, _SIZE, True)
    printed = [c for c in drawn if c.text != " "]
    boxes = [g.box for g in word.glyphs if g.text != " "]
    assert [(b.x0, b.top, b.x1, b.bottom) for b in boxes] == [(c.x0, c.top, c.x1, c.bottom) for c in printed]


def test_two_labels_along_one_edge_stay_two() -> None:
    """A wide gap between two turned texts parts them, and so does another line."""
    above, below = _running("Risks", "down", 40), _running("Uses", "down", 40)
    moved = [c._replace(top=c.top + 200, bottom=c.bottom + 200) for c in below]
    beside = _running("Aims", "down", 80)
    words = turned_words({"down": Characters.of([*moved, *beside, *above])}, _PAGE, 0)
    assert sorted(w.text for w in words) == ["Aims", "Risks", "Uses"]


def test_text_on_its_head_comes_in_its_own_order() -> None:
    """Letters that run from right to left, upside down, are read as they were written."""
    drawn, x = [], 400.0
    for letter in "Outline 24":
        drawn.append(Character(letter, x - 5, 100, x, 110, 100, 10, "Sans", False, "#000000"))
        x -= 5
    (word,) = turned_words({"over": Characters.of(drawn)}, _PAGE, 3)
    assert word.text == "Outline 24"
    assert [g.box.x0 for g in word.glyphs if g.text != " "] == [c.x0 for c in drawn if c.text != " "]
