"""A map to Unicode that is wrong for a few glyphs is said, although the text looks like text."""

from __future__ import annotations

from pipeline.model import Box, Document, Glyph, Page, Word
from pipeline.validation.font_map import font_map_checks, unknown_character_checks

_WIDTHS = {"3": 0.636, "F": 0.575, "Y": 0.611, "e": 0.615, "f": 0.352, "i": 0.278, "u": 0.634, "ü": 0.634, "ï": 0.278}


def _document(*texts: str, wrong: dict[str, float] | None = None) -> Document:
    """Words of one font; `wrong` gives other widths to the letters of the last word."""
    words = []
    for number, text in enumerate(texts):
        x, glyphs = 20.0, []
        for letter in text:
            width = 10 * {**_WIDTHS, **((wrong or {}) if number == len(texts) - 1 else {})}[letter]
            glyphs.append(Glyph(letter, Box(x, 50, x + width, 60)))
            x += width
        box = Box(20, 50, x, 60)
        words.append(Word(number, text, box, tuple(glyphs), "Sans", 10, False, "#000000", 58, True))
    return Document("deck.pdf", "", (Page(1, 720, 540, tuple(words)),), "", "", "")


def _verdicts(document: Document) -> list[tuple[str, str]]:
    return [(check.subject, check.verdict) for check in font_map_checks(document)]


def test_one_width_for_each_character_raises_nothing() -> None:
    """An ordinary font: every character has its one width, accents change nothing."""
    assert _verdicts(_document("FY33", "feu", "ïüu")) == []


def test_a_digit_in_two_widths_is_doubted() -> None:
    """A dash whose map says "3" is narrower than the digits: the words are named."""
    document = _document("FY33", "feu", "3", wrong={"3": 0.5})
    assert _verdicts(document) == [("Sans", "undetermined")]
    assert '"3" on page 1' in next(font_map_checks(document)).message


def test_an_accented_letter_unlike_its_letter_is_doubted() -> None:
    """The ligature "fi" that comes out as "ü" is not as wide as u."""
    assert _verdicts(_document("feu", "eüe", wrong={"ü": 0.63})) == [("Sans", "undetermined")]
    assert _verdicts(_document("feu", "eïe", wrong={"ï": 0.3})) == []


def test_stretched_lines_say_nothing_about_the_map() -> None:
    """Where most letters have several widths the line is squeezed, as in justified text."""
    letters = "ABCDEFGHIJ"
    wide = dict.fromkeys(letters, 0.6)
    _WIDTHS.update(wide)
    assert _verdicts(_document(letters, letters, wrong=dict.fromkeys(letters, 0.57))) == []


def test_a_character_without_a_meaning_in_a_value_is_doubted() -> None:
    """The replacement character and those of the private use areas are named with their place; others are not."""
    evidence = [
        {"page": 2, "x0": 10, "top": 20, "printed": "\uf001ne print"},
        {"page": 2, "x0": 10, "top": 40, "printed": "Item \ufffd"},
        {"page": 3, "x0": 10, "top": 20, "printed": "ＡＩ・①㌦"},
    ]
    (check,) = unknown_character_checks({"evidence": evidence})
    assert (check.check_id, check.verdict) == ("font_map/page-2", "undetermined")
    assert '"Item \ufffd" at 10, 40' in check.message
