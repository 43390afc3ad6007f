"""Folding: the same words printed with other characters become the same string.

PDF fonts print a Han character as the radical it looks like, a hyphen as any of a dozen dashes, digits in full width.
Folding makes a copy in which those are one, for comparing and for reading numbers; what was printed stays as it is
elsewhere. The table is explicit instead of NFKC, because NFKC also turns "10²" into "102", "①" into "1" and "㌦" into
four characters: those stay here.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

_RADICALS_SUPPLEMENT = (
    # Unicode Character Database, property Equivalent_Unified_Ideograph, U+2E80 to U+2EF3. U+2E80 itself has none.
    "⺁厂 ⺂乛 ⺃乚 ⺄乙 ⺅亻 ⺆冂 ⺇𠘨 ⺈刀 ⺉刂 ⺊卜 ⺋㔾 ⺌小 ⺍小 ⺎兀 ⺏尣 ⺐尢 ⺑𡯂 ⺒巳 ⺓幺 "
    "⺔彑 ⺕彐 ⺖忄 ⺗心 ⺘扌 ⺙攵 ⺛旡 ⺜日 ⺝月 ⺞歺 ⺟母 ⺠民 ⺡氵 ⺢氺 ⺣灬 ⺤爫 ⺥爫 ⺦丬 ⺧牛 "
    "⺨犭 ⺩王 ⺪𤴔 ⺫目 ⺬示 ⺭礻 ⺮𥫗 ⺯糹 ⺰纟 ⺱罓 ⺲罒 ⺳㓁 ⺴冗 ⺵𦉫 ⺶羊 ⺷𦍌 ⺸𦍋 ⺹耂 ⺺肀 "
    "⺻聿 ⺼肉 ⺽𦥑 ⺾艹 ⺿艹 ⻀艹 ⻁虎 ⻂衤 ⻃覀 ⻄西 ⻅见 ⻆角 ⻇𧢲 ⻈讠 ⻉贝 ⻊𧾷 ⻋车 ⻌辶 ⻍辶 "
    "⻎辶 ⻏邑 ⻐钅 ⻑長 ⻒镸 ⻓长 ⻔门 ⻕𨸏 ⻖阝 ⻗雨 ⻘青 ⻙韦 ⻚页 ⻛风 ⻜飞 ⻝食 ⻞𩙿 ⻟飠 ⻠饣 "
    "⻡𩠐 ⻢马 ⻣骨 ⻤鬼 ⻥鱼 ⻦鸟 ⻧卤 ⻨麦 ⻩黄 ⻪黾 ⻫斉 ⻬齐 ⻭歯 ⻮齿 ⻯竜 ⻰龙 ⻱龜 ⻲亀 ⻳龟 "
)

_HYPHENS_AND_DASHES = "\u2010\u2011\u2012\u2013\u2014\u2015\u2212\u2796\ufe31\ufe32\ufe58\ufe63\uff0d"
_WAVE_DASHES = "\u301c\uff5e\u223c\u223e\u02dc"
_SINGLE_QUOTATION_MARKS = "\u2018\u2019\u201a\u201b\u2032\u2035\uff07"
_DOUBLE_QUOTATION_MARKS = "\u201c\u201d\u201e\u201f\u2033\u2036\uff02"
_MIDDLE_DOTS = "\uff65"
_INVISIBLE = re.compile("[\u00ad\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufe00-\ufe0f\ufeff\U000e0100-\U000e01ef]")
_KEPT_BETWEEN_DIGITS = re.compile(r"(?<=[0-9])[.\-~/:](?=[0-9])")
_KEPT_PUNCTUATION = frozenset("%#&@*")


def _compatible(first: int, last: int) -> dict[str, str]:
    """Return the characters of a range that Unicode says are another one in a compatible form."""
    characters = (chr(code) for code in range(first, last + 1))
    return {c: unicodedata.normalize("NFKC", c) for c in characters if unicodedata.normalize("NFKC", c) != c}


def _fold_table() -> dict[str, str]:
    table = {
        **_compatible(0x2F00, 0x2FD5),  # Kangxi radicals
        **_compatible(0xF900, 0xFAFF),  # ideographs kept twice for round trips with older character sets
        **_compatible(0xFF01, 0xFF9F),  # full-width ASCII, half-width katakana
        **_compatible(0xFFE0, 0xFFE6),  # full-width currency signs
        **_compatible(0xFB00, 0xFB06),  # Latin ligatures
    }
    pairs = "".join(_RADICALS_SUPPLEMENT.split())
    table.update(zip(pairs[::2], pairs[1::2], strict=True))
    # NFKC makes a free-standing macron a space and a combining one: not the same word to any reader.
    table.pop("\uffe3", None)
    table.update(dict.fromkeys(_HYPHENS_AND_DASHES, "-"))
    table.update(dict.fromkeys(_WAVE_DASHES, "~"))
    table.update(dict.fromkeys(_SINGLE_QUOTATION_MARKS, "'"))
    table.update(dict.fromkeys(_DOUBLE_QUOTATION_MARKS, '"'))
    table.update(dict.fromkeys(_MIDDLE_DOTS, "\u30fb"))
    return table


FOLD_TABLE: dict[str, str] = _fold_table()
"""Every character that folding replaces, and by what. Read only."""

_FOLD = str.maketrans(FOLD_TABLE)
_SPACE_CHARACTERS = (chr(code) for code in range(0x3001) if chr(code).isspace())
_FOLD_SAME_LENGTH = str.maketrans(
    {printed: folded for printed, folded in FOLD_TABLE.items() if len(folded) == 1}
    | dict.fromkeys(_SPACE_CHARACTERS, " ")
)


@lru_cache(maxsize=4096)
def fold(text: str) -> str:
    """`text` for comparison: composed (NFC), one form per character by `FOLD_TABLE`, invisible characters gone.

    Runs of white space become one space, none at the ends. Case, script and every digit's value stay. Folding twice
    gives the same as folding once.
    """
    if text.isascii():
        return " ".join(text.split())
    composed = unicodedata.normalize("NFC", _INVISIBLE.sub("", text))
    folded = unicodedata.normalize("NFC", composed.translate(_FOLD))
    return " ".join(folded.split())


def fold_same_length(text: str) -> str:
    """`text` with each character folded by itself, so that a position in the result is a position in `text`.

    Every kind of white space becomes a space. What would change the length stays as it is: ligatures, invisible
    characters, a letter and its combining mark.
    """
    if text.isascii() and text.isprintable():
        return text  # as most English text is: nothing in it is folded
    return text.translate(_FOLD_SAME_LENGTH)


@lru_cache(maxsize=4096)
def lower_same_length(text: str) -> str:
    """`text` folded and in lower case, character by character: positions in it are positions in `text`."""
    folded = fold_same_length(text)
    if "\u0130" in folded or "\u03a3" in folded:
        # The only character that is longer in lower case, and the only one whose lower case depends on its neighbours.
        return "".join(low if len(low := c.lower()) == 1 else c for c in folded)
    return folded.lower()


@lru_cache(maxsize=1024)
def comparison_key(text: str) -> str:
    """Say what two printings of the same words have in common: folded, without case, white space and punctuation.

    A full stop, hyphen, wave dash, slash or colon between two digits stays ("3.5" is not "35"), and so do % # & @ *.
    Not meant to be read.
    """
    cased = unicodedata.normalize("NFC", fold(text).casefold())
    letters = "".join(cased.split())
    kept = {match.start() for match in _KEPT_BETWEEN_DIGITS.finditer(letters)}
    return "".join(
        character
        for position, character in enumerate(letters)
        if position in kept or character in _KEPT_PUNCTUATION or not _is_punctuation(character)
    )


def _is_punctuation(character: str) -> bool:
    return character in "~`^" or unicodedata.category(character).startswith("P")
