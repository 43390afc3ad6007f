"""Each kind of check against the page passes a right reading and fails on the fault it is there for, and names the row."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

import pytest
from deck_tables import Tables, amount
from small_page import chart, document, page, proof, tables

from pipeline.model import Box, Glyph
from pipeline.table_schemas import load_table_schemas
from pipeline.validation import validate
from pipeline.validation.second_reader import second_reader_checks

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pipeline.model import Check, Row

MARKS = {"is_new": ("[New]",), "is_ai_safety": ("▶",)}
KINDS = (
    "digits",
    "brackets",
    "beside_name",
    "marks",
    "claimed_once",
    "words_on_rows",
    "text_reread",
    "reading_order",
    "category_heading",
)


def checks_of(changed: Tables, opened: Sequence[Box] = ()) -> dict[str, Check]:
    """The checks of the small page against `changed`, by kind."""
    found = validate(
        changed,
        (),
        (),
        document(),
        lambda _page: (),
        load_table_schemas(),
        marks=MARKS,
        opened_lines=lambda _page: opened,
    )
    return {c.kind: c for c in found if c.check_id.endswith("/page-4") and c.kind in KINDS}


def row_of(changed: Tables, table: str, **columns: object) -> Row:
    """The one row with these columns."""
    (row,) = (r for r in changed[table] if all(r.get(c) == v for c, v in columns.items()))
    return row


def assert_fails(check: Check, key: str, words: str) -> None:
    """The check fails, and its first suspect is the row with that key, for that reason."""
    assert check.verdict == "inconsistent", check.message
    assert check.suspects[0].key == key
    assert words in check.suspects[0].reason


def test_a_right_reading_passes_every_check() -> None:
    """All kinds run on the page, and none fails."""
    found = checks_of(tables())
    assert set(found) == set(KINDS)
    assert [c.message for c in found.values() if c.verdict != "consistent"] == []


@pytest.mark.parametrize(
    ("printed", "words"),
    [
        ("43 million", "other digits"),
        ("4.8 million", "other bounds"),
        ("48 billion", "another unit"),
    ],
)
def test_digits_are_those_that_are_printed(printed: str, words: str) -> None:
    """A value with another digit, with more exact bounds or with another unit than its words is found."""
    changed = tables()
    row = row_of(changed, "budget_amounts", subject_id="audit")
    row.update(amount("item", "audit", "initial", 2025, printed))
    if printed == "4.8 million":
        row.update(value=Decimal(48000000), lower=Decimal(47950000), upper=Decimal(48050000))
    assert_fails(checks_of(changed)["digits"], "item/audit/initial", words)


def test_a_bracketed_amount_of_another_budget_than_the_rest_is_found() -> None:
    """In brackets stand supplementary amounts; one that is read as initial is named."""
    changed = tables()
    row_of(changed, "budget_amounts", subject_id="schools").update(budget="initial", fiscal_year=2025)
    row_of(changed, "evidence", key="item/schools/supplementary")["key"] = "item/schools/initial"
    assert_fails(checks_of(changed)["brackets"], "item/schools/initial", "others in such brackets are FY2024")


@pytest.mark.parametrize(("neighbour", "line"), [("screening", "audit"), ("compute", "audit"), ("guidance", "audit")])
def test_an_amount_that_stands_on_another_rows_line_is_found(neighbour: str, line: str) -> None:
    """48 million stands beside the audit, whatever row it was given to: above, below or across the gutter."""
    changed = tables()
    changed["budget_amounts"] = [r for r in changed["budget_amounts"] if r["subject_id"] != "compute"]
    changed["evidence"] = [r for r in changed["evidence"] if r["key"] != "item/compute/initial"]
    row_of(changed, "budget_amounts", subject_id="audit")["subject_id"] = neighbour
    row_of(changed, "evidence", key="item/audit/initial")["key"] = f"item/{neighbour}/initial"
    assert_fails(checks_of(changed)["beside_name"], f"item/{neighbour}/initial", f"stands on the line of item/{line}")


def test_an_amount_may_stand_on_any_line_of_its_row() -> None:
    """385 million stands on the second line of its name, which is as good as the first."""
    assert checks_of(tables())["beside_name"].verdict == "consistent"


def test_a_name_that_goes_on_behind_its_amount_is_found() -> None:
    """What stands right of an amount on its line is another column's, however it came into the name."""
    changed = tables()
    changed["evidence"].append(proof("budget_items", "audit", "name", 220, 40, "Computing", part=1))
    assert_fails(checks_of(changed)["beside_name"], "item/audit/initial", "has words of its row's name behind it")


def test_a_mark_without_its_flag_and_a_flag_without_its_mark_are_found() -> None:
    """[New] is printed beside two items: one that lost the flag and one that was given it are named."""
    lost = tables()
    row_of(lost, "budget_items", item_id="screening")["is_new"] = False
    lost["evidence"].remove(row_of(lost, "evidence", key="screening", field="is_new"))
    assert_fails(checks_of(lost)["marks"], "screening", "the row has no flag")
    gained = tables()
    row_of(gained, "budget_items", item_id="guidance")["is_new"] = True
    gained["evidence"].append(proof("budget_items", "guidance", "is_new", 60, 60, "[New]"))
    assert_fails(checks_of(gained)["marks"], "guidance", "no mark is printed")


def test_words_that_two_rows_claim_are_found() -> None:
    """An item that is there twice stands in the place of another."""
    changed = tables()
    twin = {**row_of(changed, "budget_items", item_id="guidance"), "item_id": "guidance-2"}
    changed["budget_items"].append(twin)
    changed["evidence"].append(proof("budget_items", "guidance-2", "name", 10, 80, "Guidance"))
    assert_fails(checks_of(changed)["claimed_once"], "guidance-2", "is claimed by budget_items guidance as well")


def test_words_between_the_items_that_no_row_has_are_found() -> None:
    """A row that was set aside as furniture leaves its words behind, wherever the account put them."""
    changed = tables()
    changed["budget_items"] = [r for r in changed["budget_items"] if r["item_id"] != "screening"]
    changed["budget_amounts"] = [r for r in changed["budget_amounts"] if r["subject_id"] != "screening"]
    changed["evidence"] = [r for r in changed["evidence"] if "screening" not in str(r["key"])]
    check = checks_of(changed)["words_on_rows"]
    assert check.verdict == "inconsistent"
    assert '"Screening" is in no row' in check.suspects[0].reason


def test_a_line_that_a_bullet_opens_is_not_left_out_at_the_foot_of_a_column() -> None:
    """The last row of a column stands below all names; its bullet says that it is a row."""
    changed = tables()
    changed["budget_items"] = [r for r in changed["budget_items"] if r["item_id"] != "guidance"]
    changed["evidence"] = [r for r in changed["evidence"] if r["key"] != "guidance"]
    assert checks_of(changed)["words_on_rows"].verdict == "consistent"
    check = checks_of(changed, [Box(10, 80, 50, 88)])["words_on_rows"]
    assert '"Guidance" is in no row' in check.suspects[0].reason


def test_a_name_that_is_not_what_stands_in_its_boxes_is_found() -> None:
    """A name that lost a word, or has one that is not there, differs from its evidence."""
    for name in ("Compute for all who need", "Compute for all who need it now"):
        changed = tables()
        row_of(changed, "budget_items", item_id="compute")["name"] = name
        assert_fails(checks_of(changed)["text_reread"], "compute", f'is noted as "{name}"')
    hyphenated = tables()
    row_of(hyphenated, "budget_items", item_id="compute")["name"] = "Compute for allwho need it"
    assert checks_of(hyphenated)["text_reread"].verdict == "consistent"


def test_printed_words_of_an_amount_are_those_of_its_box() -> None:
    """The column `printed` cannot say other than the evidence."""
    changed = tables()
    row_of(changed, "budget_amounts", subject_id="audit")["printed"] = "43 million"
    assert_fails(checks_of(changed)["text_reread"], "item/audit/initial", 'is noted as "43 million"')


def test_rows_in_the_order_of_their_height_cross_the_columns() -> None:
    """Read across the page, the second row stands in the other column and the third is back in the first."""
    changed = tables()
    for position, key in enumerate(("audit", "compute", "screening", "guidance", "schools"), start=1):
        row_of(changed, "budget_items", item_id=key)["position"] = position
    assert_fails(checks_of(changed)["reading_order"], "screening", "cannot be read next after compute")


def test_a_text_with_a_line_of_the_other_column_is_found() -> None:
    """The second line of a name stands under its first."""
    changed = tables()
    changed["evidence"].remove(row_of(changed, "evidence", key="guidance", field="name"))
    changed["evidence"].remove(row_of(changed, "evidence", key="compute", field="name", part=1))
    changed["evidence"].append(proof("budget_items", "audit", "name", 310, 60, "who need it", part=1))
    assert_fails(checks_of(changed)["reading_order"], "audit", "another column")


def test_a_text_that_holds_a_line_opened_by_a_bullet_is_found() -> None:
    """Two rows that were read as one hold the bullet of the second; a bullet before the first word is its own."""
    opened = (Box(10, 40, 85, 48), Box(10, 60, 55, 68))
    assert checks_of(tables(), opened)["reading_order"].verdict == "consistent"
    merged = tables()
    row_of(merged, "evidence", key="screening", field="name").update(key="audit", part=1)
    assert_fails(checks_of(merged, opened)["reading_order"], "audit", "the beginning of another row")


def test_an_item_under_another_header_than_its_category_is_found() -> None:
    """Guidance stands under Safety; given to Growth it is named."""
    changed = tables()
    row_of(changed, "budget_items", item_id="guidance").update(category_id="growth", category="Growth")
    assert_fails(checks_of(changed)["category_heading"], "guidance", 'stands under "Safety"')


def test_a_group_has_one_category() -> None:
    """In the second column items may go on with the category before, but not one by one within a printed group."""
    changed = tables()
    for key in ("compute", "schools"):
        changed["evidence"].append(proof("budget_items", key, "group", 310, 30, "Group"))
    changed["evidence"].append(proof("budget_items", "third", "group", 310, 30, "Group"))
    third = {**row_of(changed, "budget_items", item_id="schools"), "item_id": "third", "position": 6}
    changed["budget_items"].append(third)
    changed["evidence"].append(proof("budget_items", "third", "name", 310, 100, "Third"))
    assert checks_of(changed)["category_heading"].verdict == "consistent"
    row_of(changed, "budget_items", item_id="schools")["category_id"] = "safety"
    assert_fails(checks_of(changed)["category_heading"], "schools", 'stands in a group of "Growth"')


def test_a_bar_measured_out_of_proportion_is_found() -> None:
    """Bars 80, 110 and 130 points high stand for 0.8, 1.1 and 1.3 billion; one noted as 1.2 is out of proportion."""
    right, panels = chart()
    found = {c.kind: c for c in validate(right, (), (), document(panels))}
    assert found["bar_drawn"].verdict == "consistent"
    right["budget_trend"][2]["bar_value"] = Decimal(1200000000)
    found = {c.kind: c for c in validate(right, (), (), document(panels))}
    assert_fails(found["bar_drawn"], "2025/initial", "was measured to 1,200,000,000")


def test_bars_without_rectangles_are_not_judged() -> None:
    """Where the bars cannot be found again nothing is claimed."""
    right, _ = chart()
    found = {c.kind: c for c in validate(right, (), (), document())}
    assert found["bar_drawn"].verdict == "undetermined"


def test_the_second_reader_sees_brackets_that_the_first_did_not() -> None:
    """An amount read without the brackets around it fails, whose characters in the box are the same."""
    glyphs = {4: [Glyph(g.text, g.box) for word in page().words for g in word.glyphs]}
    changed = tables()
    (check,) = second_reader_checks(changed, glyphs)
    assert check.verdict == "consistent"
    place = row_of(changed, "evidence", key="item/schools/supplementary")
    place.update(printed="26 million", x0=Decimal(485), x1=Decimal(535))
    (check,) = second_reader_checks(changed, glyphs)
    assert_fails(check, "item/schools/supplementary", "[26million]")


def test_corrected_values_are_not_held_against_the_page() -> None:
    """What a person corrected differs from the page on purpose."""
    changed = tables()
    row_of(changed, "budget_amounts", subject_id="audit").update(amount("item", "audit", "initial", 2025, "43 million"))
    row_of(changed, "evidence", key="item/audit/initial")["correction"] = "corrected by a person"
    row_of(changed, "budget_items", item_id="guidance")["name"] = "Guidelines"
    row_of(changed, "evidence", key="guidance", field="name")["correction"] = "corrected by a person"
    assert [c.message for c in checks_of(changed).values() if c.verdict != "consistent"] == []
