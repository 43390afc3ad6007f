"""A wrong vocabulary is refused with the place of the fault."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.errors import SchemaError
from pipeline.language.amount_vocabulary import load_vocabulary

SOURCE = (Path(__file__).parents[2] / "schemas" / "amounts.yaml").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("old", "new", "key"),
    [
        ("part_of:", "part_off:", "part_off"),
        ("  - code: EUR", "  - code: Euro", "currencies[2].code"),
        ("  - value: 100\n", "  - value: ten\n", "multipliers[0].value"),
        ("    words: [hundred]", "    word: [hundred]", "multipliers[0].word"),
        ("negative: [△, ▲]", "negative: △", "negative"),
    ],
)
def test_a_wrong_key_is_named_with_its_line(tmp_path: Path, old: str, new: str, key: str) -> None:
    """The message gives file, line and key."""
    (tmp_path / "amounts.yaml").write_text(SOURCE.replace(old, new, 1), encoding="utf-8")
    line = SOURCE[: SOURCE.index(old)].count("\n") + 1
    with pytest.raises(SchemaError) as caught:
        load_vocabulary(tmp_path)
    assert caught.value.message.startswith(f"amounts.yaml, line {line}: {key} ")


@pytest.mark.parametrize("text", ["", "a: [", "[]", "numerals: {}"])
def test_what_is_no_vocabulary_is_refused(tmp_path: Path, text: str) -> None:
    """An empty, broken or other YAML file is a SchemaError."""
    (tmp_path / "amounts.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(SchemaError, match=r"amounts\.yaml, line"):
        load_vocabulary(tmp_path)


def test_a_missing_vocabulary_is_refused(tmp_path: Path) -> None:
    """No file is a SchemaError too."""
    with pytest.raises(SchemaError, match=r"amounts\.yaml: cannot be read"):
        load_vocabulary(tmp_path)
