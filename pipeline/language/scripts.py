"""Which language a text is in, where its script alone tells: kana are written in Japanese only."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

UNDETERMINED = "und"
"""BCP 47 (ISO 639-2) for a language that nobody determined."""

_KANA_SHARE = 0.05
"""Japanese prose has kana in more than this part of its letters; a Japanese name in other prose does not make it."""


def language_of(texts: Iterable[str]) -> str:
    """`ja` for Japanese text, else `und`."""
    letters = kana = 0
    for text in texts:
        for character in text:
            if character.isalpha():
                letters += 1
                kana += "\u3040" <= character <= "\u30ff"
    return "ja" if kana > _KANA_SHARE * letters else UNDETERMINED
