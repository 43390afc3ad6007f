"""Letters that are set apart: a heading with wide letters has the words that a reader sees."""

from __future__ import annotations

from pipeline.reading.characters import Character, Characters
from pipeline.reading.words import words_of


def _line(text: str, spacing: float, size: float = 10.0, *, spaces_drawn: bool = True) -> list[Character]:
    """`text` on one line, every letter 0.5 of its size wide with `spacing` points after it."""
    x, drawn = 20.0, []
    for letter in text:
        if letter != " " or spaces_drawn:
            drawn.append(Character(letter, x, 40, x + 0.5 * size, 40 + size, 48, size, "Serif", False, "#000000"))
        x += 0.5 * size + spacing
    return drawn


def test_letters_set_apart_are_one_word() -> None:
    """Letter-spacing of a third of the size neither breaks words nor joins them, whether spaces are drawn or left out."""
    for spacing in (0.0, 0.5, 1.5, 3.0):
        for drawn in (True, False):
            words = words_of(Characters.of(_line("Major AI-related Budgets", spacing, spaces_drawn=drawn)))
            assert [w.text for w in words] == ["Major", "AI-related", "Budgets"]


def test_single_letters_far_apart_stay_apart() -> None:
    """Labels of one digit along an axis are no letter-spaced number."""
    assert [w.text for w in words_of(Characters.of(_line("0123456", 20)))] == list("0123456")


def test_a_plain_number_beside_a_spaced_heading_keeps_its_gap() -> None:
    """A wide gap behind letter-spaced text still parts it from what follows."""
    line = _line("Innovation of AI", 1.5)
    amount = [c._replace(x0=c.x0 + 140, x1=c.x1 + 140) for c in _line("507", 1.5)]
    assert [w.text for w in words_of(Characters.of([*line, *amount]))] == ["Innovation", "of", "AI", "507"]
