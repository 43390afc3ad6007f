"""The words of printed amounts, read from `schemas/amounts.yaml`.

Only the data and its validation; how the words combine is `amount_grammar`, what they are read into is `amounts`.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from pipeline.errors import SchemaError
from pipeline.language.folding import fold

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from yaml import Node

FILE_NAME = "amounts.yaml"

_ADVICE = "Correct this file, or restore the one the package came with."


@dataclass(frozen=True, slots=True)
class Phrases:
    """Words that say how an amount is meant, in front of it and behind it.

    A `before` is none when one of the characters of `not_after` precedes it (契約 is no 約).
    """

    before: tuple[str, ...] = ()
    after: tuple[str, ...] = ()
    not_after: str = ""


@dataclass(frozen=True, slots=True)
class Currency:
    """A currency by its ISO 4217 code and how it is printed in front of a number and behind it.

    An `after` is none when one of the characters of `not_before` follows it.
    """

    code: str
    before: tuple[str, ...] = ()
    after: tuple[str, ...] = ()
    not_before: str = ""


@dataclass(frozen=True, slots=True)
class Multiplier:
    """What a word behind a number multiplies it by."""

    value: Decimal
    words: tuple[str, ...] = ()
    abbreviations: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class Vocabulary:
    """Everything the amount grammar knows as data; all words are folded. Compared by identity.

    `digits` holds the Han digits from 0 to 9; `small` and `large` are the worths of the Han units. `marks` maps the
    kind of a mark (`nothing`, `abolished`, `new`) to its words.
    """

    digits: str
    small: Mapping[str, Decimal]
    large: Mapping[str, Decimal]
    multipliers: tuple[Multiplier, ...]
    currencies: tuple[Currency, ...]
    part_of: Phrases
    around: Phrases
    at_most: Phrases
    at_least: Phrases
    negative: tuple[str, ...]
    marks: Mapping[str, tuple[str, ...]]
    captions: tuple[str, ...]


def load_vocabulary(folder: Path) -> Vocabulary:
    """Return the vocabulary of `folder`/amounts.yaml, the folder being the one of the schemas.

    Reading takes some milliseconds and is not cached here. Raises SchemaError naming file, line and key where the
    file is missing, is not YAML, or has a key too many, too few or of the wrong kind.
    """
    import yaml  # slow, and not needed for --help

    path = folder / FILE_NAME
    try:
        loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # in C where there is one
        root = yaml.compose(path.read_text(encoding="utf-8"), Loader=loader)
    except OSError as error:
        raise SchemaError(f"{FILE_NAME}: cannot be read: {error.strerror}.", _ADVICE) from error
    except UnicodeDecodeError as error:
        raise SchemaError(f"{FILE_NAME}: is not UTF-8 text.", _ADVICE) from error
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise SchemaError(f"{FILE_NAME}, line {line}: is not YAML: {error.problem}.", _ADVICE) from error
    except yaml.YAMLError as error:
        raise SchemaError(f"{FILE_NAME}: is not YAML: {error}.", _ADVICE) from error
    if root is None:
        raise SchemaError(f"{FILE_NAME}, line 1: is empty.", _ADVICE)
    return _vocabulary(root)


def _vocabulary(root: Node) -> Vocabulary:
    phrases = ("part_of", "around", "at_most", "at_least")
    top = _mapping(
        root, "", required=("numerals", "multipliers", "currencies", *phrases, "negative", "marks", "captions")
    )
    numerals = _mapping(top["numerals"], "numerals", required=("digits", "small", "large"))
    digits = _text(numerals["digits"], "numerals.digits")
    if len(set(digits)) != len("0123456789"):
        raise _wrong(numerals["digits"], "numerals.digits", "must be ten different characters, from 0 to 9")
    return Vocabulary(
        digits=digits,
        small=_worths(numerals["small"], "numerals.small"),
        large=_worths(numerals["large"], "numerals.large"),
        multipliers=tuple(
            _multiplier(node, f"multipliers[{i}]") for i, node in _items(top["multipliers"], "multipliers")
        ),
        currencies=tuple(_currency(node, f"currencies[{i}]") for i, node in _items(top["currencies"], "currencies")),
        part_of=_phrases(top["part_of"], "part_of"),
        around=_phrases(top["around"], "around"),
        at_most=_phrases(top["at_most"], "at_most"),
        at_least=_phrases(top["at_least"], "at_least"),
        negative=_words(top["negative"], "negative"),
        marks=_marks(top["marks"]),
        captions=_words(top["captions"], "captions"),
    )


def _multiplier(node: Node, key: str) -> Multiplier:
    parts = _mapping(node, key, required=("value",), optional=("words", "abbreviations"))
    return Multiplier(
        value=_worth(parts["value"], f"{key}.value"),
        words=_optional_words(parts, "words", key),
        abbreviations=_optional_words(parts, "abbreviations", key),
    )


def _currency(node: Node, key: str) -> Currency:
    parts = _mapping(node, key, required=("code",), optional=("before", "after", "not_before"))
    code = _text(parts["code"], f"{key}.code")
    if not (len(code) == len("USD") and code.isascii() and code.isalpha() and code.isupper()):
        raise _wrong(parts["code"], f"{key}.code", "must be an ISO 4217 code of three capitals")
    return Currency(
        code=code,
        before=_optional_words(parts, "before", key),
        after=_optional_words(parts, "after", key),
        not_before=_text(parts["not_before"], f"{key}.not_before") if "not_before" in parts else "",
    )


def _phrases(node: Node, key: str) -> Phrases:
    parts = _mapping(node, key, required=(), optional=("before", "after", "not_after"))
    return Phrases(
        before=_optional_words(parts, "before", key),
        after=_optional_words(parts, "after", key),
        not_after=_text(parts["not_after"], f"{key}.not_after") if "not_after" in parts else "",
    )


def _marks(node: Node) -> dict[str, tuple[str, ...]]:
    kinds = _mapping(node, "marks", required=("nothing", "abolished", "new"))
    return {kind: _words(words, f"marks.{kind}") for kind, words in kinds.items()}


def _worths(node: Node, key: str) -> dict[str, Decimal]:
    worths = {name: _worth(value, f"{key}.{name}") for name, value in _mapping(node, key).items()}
    if any(len(name) != 1 for name in worths):
        raise _wrong(node, key, "must have keys of one character each")
    return worths


def _worth(node: Node, key: str) -> Decimal:
    text = _text(node, key)
    if not (text.isdecimal() and int(text) > 1):
        raise _wrong(node, key, "must be a whole number greater than 1")
    return Decimal(text)


def _optional_words(parts: Mapping[str, Node], name: str, key: str) -> tuple[str, ...]:
    return _words(parts[name], f"{key}.{name}") if name in parts else ()


def _words(node: Node, key: str) -> tuple[str, ...]:
    words = tuple(fold(_text(item, f"{key}[{i}]")) for i, item in _items(node, key))
    if not all(words):
        raise _wrong(node, key, "must not hold an empty word")
    return words


def _items(node: Node, key: str) -> list[tuple[int, Node]]:
    if not node.tag.endswith(":seq"):
        raise _wrong(node, key, "must be a list")
    return list(enumerate(node.value))


def _text(node: Node, key: str) -> str:
    if not isinstance(node.value, str) or not node.value:
        raise _wrong(node, key, "must be a single word or number")
    return str(node.value)


def _mapping(
    node: Node, key: str, required: tuple[str, ...] | None = None, optional: tuple[str, ...] = ()
) -> dict[str, Node]:
    """Return the values of a mapping by key. Any key is allowed where `required` is None."""
    if not node.tag.endswith(":map"):
        raise _wrong(node, key or "the file", "must be a mapping of keys to values")
    parts: dict[str, Node] = {}
    for name_node, value in node.value:
        name = _text(name_node, key)
        path = f"{key}.{name}" if key else name
        if required is not None and name not in (*required, *optional):
            raise _wrong(name_node, path, f"is not a known key (known: {', '.join((*required, *optional))})")
        if name in parts:
            raise _wrong(name_node, path, "stands twice")
        parts[name] = value
    for name in required or ():
        if name not in parts:
            raise _wrong(node, f"{key}.{name}" if key else name, "is missing")
    return parts


def _wrong(node: Node, key: str, fault: str) -> SchemaError:
    return SchemaError(f"{FILE_NAME}, line {node.start_mark.line + 1}: {key} {fault}.", _ADVICE)
