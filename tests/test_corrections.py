"""Corrections: a checked value takes the place of the read one, and is refused where it was not checked."""

from __future__ import annotations

import copy
import datetime as dt
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest

from pipeline.corrections import Correction, apply_corrections, load_corrections
from pipeline.errors import CorrectionError
from pipeline.table_schemas import load_table_schemas

if TYPE_CHECKING:
    from pathlib import Path

    from pipeline.model import Row, Value

SCHEMAS = load_table_schemas()
ITEM = "budget_items"
AMOUNT = "budget_amounts"
AMOUNT_KEY = "item/strengthening/platform/initial"

WRITTEN = """\
# Checked against the printed page.
- table: budget_amounts
  key: item/strengthening/platform/initial
  field: value
  printed: 40 million dollar
  value: 4000000
  reason: the point was lost
  who: A. Reader
  when: 2026-04-01
- {table: budget_items, key: strengthening/platform, field: name, printed: Plat form, value: Platform,
   reason: a space too many, who: A. Reader, when: "2026-04-02"}
"""


def evidence(table: str, key: str, field: str, *printed: str) -> list[Row]:
    """Make evidence on page 4 with one part for each of `printed`."""
    place: Row = {"page": 4, "x0": Decimal(1), "top": Decimal(2), "x1": Decimal(3), "bottom": Decimal(4)}
    return [
        {"table": table, "key": key, "field": field, "part": n, **place, "printed": words, "correction": None}
        for n, words in enumerate(printed)
    ]


def tables() -> dict[str, list[Row]]:
    """Make one item with one amount, misread in name and value; the amount is printed over two lines."""
    item = dict.fromkeys(SCHEMAS[ITEM].columns) | {
        "item_id": "strengthening/platform",
        "category": "R&D",
        "name": "Plat form",
        "is_new": False,
        "is_ai_safety": False,
        "page": 4,
        "column": 1,
        "position": 1,
    }
    amount = dict.fromkeys(SCHEMAS[AMOUNT].columns) | {
        "subject_type": "item",
        "subject_id": "strengthening/platform",
        "budget": "initial",
        "fiscal_year": 2025,
        "value": Decimal(40_000_000),
        "lower": Decimal(39_500_000),
        "upper": Decimal(40_500_000),
        "is_part_of": False,
        "currency": "USD",
        "printed": "40 million dollar",
        "is_approximate": False,
    }
    return {
        ITEM: [item],
        AMOUNT: [amount],
        "evidence": [
            *evidence(ITEM, "strengthening/platform", "name", "Plat form"),
            *reversed(evidence(AMOUNT, AMOUNT_KEY, "value", "40 million", "dollar")),
        ],
    }


def correction(**changed: Any) -> Correction:
    """Make the correction of the amount's value, with some of it changed."""
    values: dict[str, Any] = {
        "table": AMOUNT,
        "key": AMOUNT_KEY,
        "field": "value",
        "printed": "40 million dollar",
        "value": 4_000_000,
        "reason": "the point was lost",
        "who": "A. Reader",
        "when": dt.date(2026, 4, 1),
        "file": "deck-2025.yaml",
        "line": 7,
    }
    return Correction(**{**values, **changed})


def refusal(**changed: Any) -> str:
    """Give the message with which the changed correction is refused."""
    with pytest.raises(CorrectionError) as caught:
        apply_corrections(tables(), [correction(**changed)], SCHEMAS)
    assert caught.value.code == "PD017"
    assert caught.value.advice
    assert "deck-2025.yaml, line 7" in caught.value.message
    return caught.value.message


def load(text: str, folder: Path) -> tuple[Correction, ...]:
    """Load the corrections with this text."""
    (folder / "corrections").mkdir()
    (folder / "corrections" / "deck-2025.yaml").write_text(text, encoding="utf-8")
    return load_corrections(folder, "deck", "2025")


def test_corrections_are_read_with_file_and_line(tmp_path: Path) -> None:
    """Both ways of writing an entry give the same kind of value, each knowing where it stands."""
    first, second = load(WRITTEN, tmp_path)
    assert (first.value, first.when, first.line) == (4_000_000, dt.date(2026, 4, 1), 2)
    assert (second.value, second.when, second.line) == ("Platform", dt.date(2026, 4, 2), 10)
    assert {c.file for c in (first, second)} == {"deck-2025.yaml"}


def test_no_file_and_an_empty_one_are_no_corrections(tmp_path: Path) -> None:
    """An edition nobody has corrected has none; nor has one whose file holds only a comment."""
    assert load_corrections(tmp_path, "deck", "2025") == ()
    assert load("# none yet\n", tmp_path) == ()


@pytest.mark.parametrize(
    ("old", "new", "line", "says"),
    [
        ("  who: A. Reader\n", "", 2, "who"),
        ("  who: A. Reader\n", "  who: ' '\n", 8, "who"),
        ("reason: the point", "note: x\n  reason: the point", 7, "note"),
        ("  when: 2026-04-01", "  when: 2026", 9, "when"),
        ("  when: 2026-04-01", "  when: last week", 9, "when"),
        ("  when: 2026-04-01", "  when: 2026-04-01 12:00:00", 9, "when"),
        ("  value: 4000000", "  value: [4000000]", 6, "value"),
        ("  value: 4000000\n", "", 2, "value"),
        ("  printed: 40 million dollar", "  printed: 40", 5, "printed"),
        ("  field: value\n", "  field: value\n  note: x\n", 5, "note"),
        ("# Checked", "Checked: no list\n# ", 1, "not YAML"),
    ],
)
def test_malformed_correction_is_named_by_file_line_and_key(
    old: str, new: str, line: int, says: str, tmp_path: Path
) -> None:
    """A missing, empty, misspelt or impossible key is found at its line; `who`, `reason` and `when` are required."""
    assert old in WRITTEN
    with pytest.raises(CorrectionError) as caught:
        load(WRITTEN.replace(old, new, 1), tmp_path)
    assert caught.value.code == "PD017"
    assert "deck-2025.yaml, line " in caught.value.message
    assert says in caught.value.message
    if says != "not YAML":
        assert f"line {line}: " in caught.value.message


def test_same_value_corrected_twice_is_refused(tmp_path: Path) -> None:
    """Of two corrections of one value neither wins: the second is refused, naming the first's line."""
    entry = WRITTEN.split("- {", maxsplit=1)[0]
    with pytest.raises(CorrectionError, match=r"line 10: .* on line 2 already"):
        load(entry + entry.split("\n", maxsplit=1)[1], tmp_path)


def test_correction_sets_the_value_and_says_so_in_every_part_of_its_evidence() -> None:
    """The value is a decimal of the column's type; who, when, why and the old value stand in the evidence."""
    after = apply_corrections(tables(), [correction()], SCHEMAS)
    assert after[AMOUNT][0]["value"] == Decimal(4_000_000)
    assert isinstance(after[AMOUNT][0]["value"], Decimal)
    notes = {r["field"]: r["correction"] for r in after["evidence"]}
    note = "corrected by A. Reader on 2026-04-01: the point was lost (read: 40000000)"
    assert notes == {"name": None, "value": note}
    assert [r["correction"] for r in after["evidence"]] == [None, note, note]


def test_correction_changes_nothing_else_and_nothing_that_was_given() -> None:
    """The tables that came in stay; every other cell comes out as it went in."""
    given = tables()
    untouched = copy.deepcopy(given)
    after = apply_corrections(given, [correction()], SCHEMAS)
    assert given == untouched
    after[AMOUNT][0]["value"] = given[AMOUNT][0]["value"]
    for row in after["evidence"]:
        row["correction"] = None
    assert after == given


def test_bounds_are_corrected_apart_from_the_value_on_the_same_words() -> None:
    """`lower` and `upper` stay unless they are corrected too, and then are checked against the words of `value`."""
    alone = apply_corrections(tables(), [correction()], SCHEMAS)[AMOUNT][0]
    assert (alone["lower"], alone["upper"]) == (Decimal(39_500_000), Decimal(40_500_000))
    bounds = [correction(field="lower", value="3950000"), correction(field="upper", value=4_050_000)]
    after = apply_corrections(tables(), [correction(), *bounds], SCHEMAS)
    row = after[AMOUNT][0]
    assert (row["lower"], row["value"], row["upper"]) == (Decimal(3_950_000), Decimal(4_000_000), Decimal(4_050_000))
    said = str(after["evidence"][1]["correction"])
    assert [part.split(" by ")[0] for part in said.split("; ")] == ["corrected", "lower corrected", "upper corrected"]
    assert "now" in refusal(field="lower", value=1, printed="4.0 million dollar")


@pytest.mark.parametrize("printed", ["４０ million　dollar", "40milliondollar", " 40 million\ndollar"])
def test_white_space_and_width_of_the_printed_words_do_not_matter(printed: str) -> None:
    """Words printed over two lines, in full width or with other spaces are the same words."""
    assert apply_corrections(tables(), [correction(printed=printed)], SCHEMAS)[AMOUNT][0]["value"] == 4_000_000


def test_words_that_the_page_no_longer_prints_refuse_the_correction() -> None:
    """The message names the row, what the page says now and what the correction was made for."""
    message = refusal(printed="400 million dollar")
    for said in (AMOUNT, AMOUNT_KEY, "value", "'40 million dollar'", "'400 million dollar'", "page 4"):
        assert said in message


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ({"table": "budget_amount"}, "there is no table budget_amount"),
        ({"field": "valu"}, "has no field valu"),
        ({"key": "item/strengthening/platforms/initial"}, "no row with that key"),
        ({"field": "fiscal_year", "value": 2024}, "nothing on the page is evidence"),
        ({"field": "subject_id", "value": "x"}, "part of a key"),
        ({"field": "budget", "value": "supplementary"}, "part of a key"),
        ({"table": ITEM, "key": "strengthening/platform", "field": "category_id", "value": "x"}, "part of a key"),
        ({"table": ITEM, "key": "strengthening/platform", "field": "parent_item_id", "value": "x"}, "part of a key"),
    ],
)
def test_correction_without_a_place_or_evidence_is_refused(changed: dict[str, Any], says: str) -> None:
    """An unknown table, row or field, a value that was computed, and a key cannot be corrected."""
    assert says in refusal(**changed)


@pytest.mark.parametrize(
    ("field", "value", "says"),
    [
        ("value", "four million", "not of type number"),
        ("value", "4,000,000", "not of type number"),
        ("value", True, "not of type number"),
        ("value", float("nan"), "not of type number"),
        ("value", 0.1234567890123456, "more digits"),
        ("value", "0.00001", "does not fit"),
        ("value", None, "no value where one is required"),
        ("is_part_of", "maybe", "not of type boolean"),
        ("currency", "dollar", "does not match"),
        ("printed", 40, "Put it in quotes|is a number"),
    ],
)
def test_value_of_the_wrong_type_is_refused(field: str, value: Value | float, says: str) -> None:
    """What the column's type or a constraint of its schema does not admit never gets into the table."""
    assert any(alternative in refusal(field=field, value=value) for alternative in says.split("|"))


@pytest.mark.parametrize(
    ("field", "value", "typed"),
    [("value", 4.05, Decimal("4.05")), ("value", 1.3e9, Decimal(1_300_000_000)), ("is_part_of", True, True)],
)
def test_value_gets_the_type_of_its_column(field: str, value: float | bool, typed: Value) -> None:
    """A number of the file becomes the decimal that is written there, a truth value stays one."""
    after = apply_corrections(tables(), [correction(field=field, value=value)], SCHEMAS)[AMOUNT][0][field]
    assert after == typed
    assert type(after) is type(typed)


def test_two_rows_with_one_key_are_not_corrected_by_chance() -> None:
    """Where the key names two rows, the correction is refused instead of changing one of them."""
    doubled = tables()
    doubled[AMOUNT].append(dict(doubled[AMOUNT][0]))
    with pytest.raises(CorrectionError, match="2 rows have that key"):
        apply_corrections(doubled, [correction()], SCHEMAS)
