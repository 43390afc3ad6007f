"""Folding makes one string of the same words and touches nothing else."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.language.folding import FOLD_TABLE, comparison_key, fold, fold_same_length

TRICKY = "".join(FOLD_TABLE) + "①㌦㍻²½Ⅳ0９٣e\u0301カ\u3099ー・ \u3000\n\u00ad\u200b.,-~()"
TEXTS = st.text() | st.text(st.sampled_from(TRICKY))


@pytest.mark.parametrize(
    ("printed", "folded"),
    [
        ("⼈⼯知能", "人工知能"),  # Kangxi radicals U+2F08, U+2F2F
        ("⻑期・⺠間", "長期・民間"),  # radicals supplement U+2ED1, U+2EA0
        ("ＡＩ１２．５％", "AI12.5%"),
        ("ﾃﾞｰﾀ", "データ"),
        ("10〜20", "10~20"),
        ("10～20", "10~20"),
        ("−3", "-3"),
        ("a – b ― c", "a - b - c"),
        ("“x” ‘y’", "\"x\" 'y'"),
        ("of\u00a0 2.0\n million", "of 2.0 million"),
        ("ef\ufb01cient", "efficient"),
    ],
)
def test_other_forms_of_the_same_character_become_one(printed: str, folded: str) -> None:
    """Radicals, full- and half-width forms, dashes, quotation marks and spaces have one form each."""
    assert fold(printed) == folded


@pytest.mark.parametrize("text", ["①②", "㌦", "㍻", "x²", "½", "Ⅳ", "㈱", "データー"])
def test_signs_of_their_own_stay(text: str) -> None:
    """Circled numbers, squared words, superscripts and the long-vowel mark are no other forms of something."""
    assert fold(text) == text


def test_every_kangxi_radical_becomes_an_ideograph() -> None:
    """All of U+2F00 to U+2FD5 folds into the unified ideographs."""
    for code in range(0x2F00, 0x2FD6):
        assert unicodedata.name(fold(chr(code))).startswith("CJK UNIFIED IDEOGRAPH")


def test_every_supplementary_radical_but_one_becomes_an_ideograph() -> None:
    """U+2E80 stands for no ideograph, U+2E9A is not assigned; all others to U+2EF3 fold."""
    unfolded = [code for code in range(0x2E80, 0x2EF4) if fold(chr(code)) == chr(code)]
    assert unfolded == [0x2E80, 0x2E9A]


@given(TEXTS)
def test_folding_is_idempotent(text: str) -> None:
    """Folding a folded text, or keying a key, changes nothing."""
    assert fold(fold(text)) == fold(text)
    assert fold_same_length(fold_same_length(text)) == fold_same_length(text)
    assert comparison_key(comparison_key(text)) == comparison_key(text)


@given(TEXTS)
def test_folding_never_changes_a_digit(text: str) -> None:
    """The decimal digits of a text have the same values in the same order after folding."""
    digits = [unicodedata.decimal(c, None) for c in text if c.isdecimal()]
    assert [unicodedata.decimal(c, None) for c in fold(text) if c.isdecimal()] == digits
    assert [unicodedata.decimal(c, None) for c in fold_same_length(text) if c.isdecimal()] == digits


@given(TEXTS)
def test_positions_survive_the_fold_that_keeps_length(text: str) -> None:
    """Character i of the folded text is the fold of character i alone."""
    folded = fold_same_length(text)
    assert len(folded) == len(text)
    assert all(fold_same_length(a) == b for a, b in zip(text, folded, strict=True))


@given(st.text(st.sampled_from("aB3. -・（）「」")))
def test_a_key_does_not_see_case_space_and_punctuation(text: str) -> None:
    """Two printings that differ in case and brackets have one key."""
    assert comparison_key(f"「{text.swapcase()}」") == comparison_key(f"( {text} )")


def test_a_key_keeps_numbers_apart() -> None:
    """A decimal point between digits counts."""
    assert comparison_key("Web 3.5") != comparison_key("Web 35")
    assert comparison_key("Post-5G, etc.") == comparison_key("post 5G etc")
