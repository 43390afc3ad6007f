"""Which rows are recognised as the same thing."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

import pytest
from fictional_editions import amount, edition, item

from pipeline.diffing import EditionDiff, apply_diff, diff_editions, read_pairs
from pipeline.diffing.decisions import Decision, PairDecisions
from pipeline.diffing.folding import fold, tokens
from pipeline.errors import PairsError

if TYPE_CHECKING:
    from pathlib import Path

    from pipeline.model import Row


def items(diff: EditionDiff) -> tuple[set[tuple[str, str]], set[str], set[str]]:
    """Renamed pairs, added names, removed names."""
    table = diff.tables["budget_items"]
    renamed = {(p.old_name, p.new_name) for p in table.pairs if p.renamed}
    return renamed, {r.name for r in table.added}, {r.name for r in table.removed}


def compared(old: list[str], new: list[str]) -> tuple[set[tuple[str, str]], set[str], set[str]]:
    """What becomes of items of one group that have nothing but a name."""
    return items(diff_editions(edition(2031, [item(n) for n in old]), edition(2032, [item(n) for n in new])))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("Support for apprentices in coastal pilotage", "Assistance for apprentices in coastal pilotage"),
        ("Project to restore beech forests on steep slopes", "Programme to restore beech forests on steep slopes"),
        ("漁港における灯台の自動化の推進", "漁港における灯台の自動化の支援"),
        ("Beyond 5G relays for lighthouses", "Beyond 5G relay stations for lighthouses"),
        ("Tidal gauges – renewal for 2031", "Tidal gauges – renewal for 2032"),
    ],
)
def test_a_reworded_name_is_a_rename(old: str, new: str) -> None:
    """One word of several exchanged, in a script with or without spaces, or a year that moved with the edition."""
    assert compared([old, "Lighthouse automation"], [new, "Lighthouse automation"]) == ({(old, new)}, set(), set())


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("(name not legible, 1)", "(name not legible, 2)"),
        ("Beech renewal programme, phase 1", "Beech renewal programme, phase 2"),
        ("Study on tidal gauges", "Study on forest fires"),
        ("Promotion of research and development", "Promotion of harbour tourism and crafts"),
    ],
)
def test_another_number_or_a_generic_overlap_is_no_rename(old: str, new: str) -> None:
    """Names that differ in a number, or share only words that any programme has, are different things."""
    assert compared([old], [new]) == (set(), {new}, {old})


def test_a_sibling_is_no_rename_of_its_sibling() -> None:
    """Of a family of long names that differ at the end, one dropped and one new are not one renamed."""
    stem = "Research and development of enhanced infrastructures for coastal communication systems"
    gauges, lights, buoys = (f"{stem} ({end})" for end in ("tidal gauges", "harbour lights", "drifting buoys"))
    assert compared([gauges, lights], [gauges, buoys]) == (set(), {buoys}, {lights})


def test_pairing_is_best_over_the_whole_table() -> None:
    """A row that is fairly near to two goes to the one that leaves the other its own partner."""
    old = ["Survey of coastal lighthouses and their keepers", "Survey of coastal lighthouses and their lamps"]
    new = ["Review of coastal lighthouses and their lamps", "Review of coastal lighthouses and their keepers"]
    assert compared(old, new)[0] == {(old[0], new[1]), (old[1], new[0])}


def test_ties_fall_the_same_way_from_either_side() -> None:
    """Two rows that are equally near to two others are proposed to the same ones when the editions are swapped."""
    old = edition(2031, [item("harbour quay pier mole 1"), item("harbour quay pier 2")])
    new = edition(2032, [item("harbour quay pier mole 3"), item("harbour quay pier mole 4")])
    for one, two in (
        (old, new),
        (edition(2031, new.tables["budget_items"]), edition(2032, old.tables["budget_items"])),
    ):
        forth = diff_editions(one, two).tables["budget_items"].proposed
        back = diff_editions(two, one).tables["budget_items"].proposed
        assert len(forth) == 2
        assert {(p.old_name, p.new_name) for p in forth} == {(p.new_name, p.old_name) for p in back}


def test_an_equal_name_under_another_heading_is_moved() -> None:
    """A programme that changed group is one row, moved, with both headings told; its key follows."""
    old, new = (
        edition(2031, [item("Lighthouse automation")]),
        edition(2032, [item("Lighthouse automation", group="Planting"), item("Tidal gauges", group="Dredging")]),
    )
    pair = diff_editions(old, new).tables["budget_items"].pairs[0]
    assert (pair.moved, pair.renamed, pair.changed) == (True, False, False)
    assert [(f.column, f.old, f.new) for f in pair.of_kind("place")] == [("group", "Dredging", "Planting")]


def test_a_reworded_heading_moves_nothing() -> None:
    """Where all rows of a heading stand under one that is new, the heading changed and the rows did not move."""
    names = ["Lighthouse automation", "Tidal gauges", "Pilot boats"]
    old = edition(2031, [item(n) for n in names])
    new = edition(2032, [item(n, group="Dredging and depth") for n in names])
    table = diff_editions(old, new).tables["budget_items"]
    assert all(p.carried for p in table.pairs)
    assert [(h.old, h.new, h.rows) for h in table.headings] == [("Dredging", "Dredging and depth", 3)]


def test_a_renamed_category_moves_none_of_its_items() -> None:
    """An item follows its category when that is reworded."""
    old = edition(2031, [item("Tidal gauges", "Safe and secure harbours")])
    new = edition(2032, [item("Tidal gauges", "Safe and secured harbours")])
    diff = diff_editions(old, new)
    assert diff.tables["budget_categories"].pairs[0].renamed
    assert diff.tables["budget_items"].pairs[0].carried


def test_the_same_amount_tips_a_pair_that_the_name_leaves_open() -> None:
    """Two names that alone are only proposed are paired by nothing but better evidence around them."""
    old_row, new_row = item("Coastal pilots support"), item("Coastal pilots aid scheme", group="Planting")
    plain = diff_editions(edition(2031, [old_row]), edition(2032, [new_row])).tables["budget_items"]
    amounts = [amount(str(row["item_id"]), "4.0", "0.1") for row in (old_row, new_row)]
    paid = diff_editions(edition(2031, [old_row], amounts[:1]), edition(2032, [new_row], amounts[1:])).tables[
        "budget_items"
    ]
    scores = [(*t.proposed, *(p for p in t.pairs if p.method == "similarity"))[0].score for t in (plain, paid)]
    assert scores[1] > scores[0]


def test_what_last_year_marked_as_new_is_no_change_this_year() -> None:
    """Losing the mark of the new is what a year does; gaining it, or losing it within one year, is a change."""
    marked, plain = item("Tidal gauges", is_new=True), item("Tidal gauges")
    assert diff_editions(edition(2031, [marked]), edition(2032, [plain])).is_empty
    assert not diff_editions(edition(2031, [plain]), edition(2032, [marked])).is_empty
    assert not diff_editions(edition(2031, [marked]), edition(2031, [plain])).is_empty


def test_amounts_and_organisations_follow_a_renamed_item() -> None:
    """Facts about a row are compared with those about its partner, not with what has the same key."""
    old_row, new_row = item("Support for coastal pilots at sea"), item("Assistance for coastal pilots at sea")
    keys = str(old_row["item_id"]), str(new_row["item_id"])
    facts: list[list[Row]] = [[{"item_id": k, "organization_id": "port", "printed": "Port"}] for k in keys]
    old = edition(2031, [old_row], [amount(keys[0], "4.0", "0.1")], item_organizations=facts[0])
    new = edition(2032, [new_row], [amount(keys[1], "4.0", "0.1", year=2032)], item_organizations=facts[1])
    diff = diff_editions(old, new)
    assert [c.comparison.state for c in diff.amounts] == ["same"]
    assert diff.tables["item_organizations"].is_empty


def test_folding_is_idempotent_and_keeps_digits() -> None:
    """Folded text folds to itself; widths, radicals, dashes, quotes and case go, circled digits stay."""
    text = "Ｂｅｙｏｎｄ ５Ｇ – “①” ⽇本〜の内数。"
    assert fold(text) == fold(fold(text)) == 'beyond 5g - "①" 日本~の内数'


def test_words_of_a_script_without_spaces_are_pairs_of_characters() -> None:
    """So that two names in Japanese share more than all or nothing."""
    assert tokens("灯台の自動化 5g") == ["灯台", "台の", "の自", "自動", "動化", "5", "g"]


# Decisions


def decided(tmp_path: Path, text: str) -> PairDecisions:
    """The decisions in a file with `text`."""
    path = tmp_path / "pairs.yaml"
    path.write_text(text, encoding="utf-8")
    return read_pairs(path)


OLD = edition(2031, [item("Tidal gauges"), item("Support for coastal pilots at sea")])
NEW = edition(2032, [item("Water level sensors"), item("Assistance for coastal pilots at sea")])


def test_a_confirmed_pair_is_made_and_a_rejected_one_is_not(tmp_path: Path) -> None:
    """A person's word decides, whatever the score; what they rejected is not proposed again, and the diff applies."""
    decisions = decided(
        tmp_path,
        "confirmed:\n  - {table: budget_items, old: dredging/tidal-gauges, new: dredging/water-level-sensors}\n"
        "rejected:\n  - table: budget_items\n    old: dredging/support-for-coastal-pilots-at-sea\n"
        "    new: dredging/assistance-for-coastal-pilots-at-sea\n",
    )
    diff = diff_editions(OLD, NEW, decisions)
    table = diff.tables["budget_items"]
    assert [(p.old_name, p.new_name, p.method, p.score) for p in table.pairs] == [
        ("Tidal gauges", "Water level sensors", "confirmed", Decimal(1))
    ]
    assert table.proposed == ()
    assert apply_diff(OLD.tables, diff) == dict(NEW.tables)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("confirm:\n  - {}\n", "pairs.yaml:1: unknown key 'confirm'"),
        ("confirmed:\n  - {table: budget_items, old: a}\n", "pairs.yaml:2: a pair without new"),
        ("confirmed:\n  - {table: budget_items, old: a, nwe: b}\n", "pairs.yaml:2: unknown key 'nwe'"),
        ("confirmed: {}\n", "pairs.yaml:1: confirmed is not a list"),
        ("- a\n", "pairs.yaml:1: not a mapping"),
        ("confirmed: [\n", "not YAML"),
        ("confirmed:\n  - {table: t, old: a, new: b}\n  - {table: t, old: a, new: c}\n", "more than once"),
        ("confirmed: [{table: t, old: a, new: b}]\nrejected: [{table: t, old: a, new: b}]\n", "both confirmed and"),
    ],
)
def test_a_malformed_file_of_pairs_is_refused_with_its_line(tmp_path: Path, text: str, said: str) -> None:
    """The error names file, line and what is wrong, and says what to do."""
    with pytest.raises(PairsError, match="PD018") as caught:
        decided(tmp_path, text)
    assert said in caught.value.message
    assert caught.value.advice


@pytest.mark.parametrize("key", ["old", "new"])
def test_a_pair_of_unknown_rows_is_refused(key: str) -> None:
    """A decision that fits no row is an error with its line, not silently without effect."""
    keys = {"old": ("dredging/tidal-gauges",), "new": ("dredging/water-level-sensors",)} | {key: ("nowhere",)}
    decisions = PairDecisions((Decision("budget_items", keys["old"], keys["new"], "pairs.yaml:3"),))
    with pytest.raises(PairsError, match=r"pairs.yaml:3: .*nowhere"):
        diff_editions(OLD, NEW, decisions)
