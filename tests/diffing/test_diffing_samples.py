"""The comparison against what is known to have changed in the sample editions."""

from __future__ import annotations

import pytest
from truth_editions import edition_rows, truth

from pipeline.diffing import apply_diff, diff_editions
from pipeline.diffing.edition_diff import EditionRows

SAMPLES = ("2026", "2027")


@pytest.mark.parametrize("sample", SAMPLES)
def test_every_item_is_classified_right(sample: str) -> None:
    """Added, removed, renamed and carried items against 2025 are those of the truth, no more and no fewer."""
    known = truth(sample)["changes"]
    table = diff_editions(edition_rows("2025"), edition_rows(sample)).tables["budget_items"]
    assert sorted(r.name for r in table.added) == sorted(known["added"])
    assert sorted(r.name for r in table.removed) == sorted(known["removed"])
    assert sorted(p.new_name for p in table.pairs if not p.renamed) == sorted(known["carried"])
    assert not any(p.moved for p in table.pairs)


def test_renames_are_found_with_full_precision_and_recall() -> None:
    """Over both samples, each rename found is one and each that is one is found."""
    found, known = set(), set()
    for sample in SAMPLES:
        table = diff_editions(edition_rows("2025"), edition_rows(sample)).tables["budget_items"]
        found |= {(sample, p.old_name, p.new_name) for p in table.pairs if p.renamed}
        known |= {(sample, old, new) for old, new in truth(sample)["changes"]["renamed"]}
    precision, recall = len(found & known) / len(found), len(found & known) / len(known)
    assert (precision, recall, len(known)) == (1.0, 1.0, 9)


@pytest.mark.parametrize("sample", SAMPLES)
def test_no_item_is_taken_for_another_when_its_own_partner_is_gone(sample: str) -> None:
    """The thresholds hold beyond the known changes: a carried item, left out of the sample, finds no other partner."""
    old, new = edition_rows("2025"), edition_rows(sample)
    names = truth(sample)["changes"]["carried"]
    for n in range(3):
        # A third of them at a time: each then also competes with many others for the rows that are left.
        gone = set(names[n::3])
        items = [row for row in new.tables["budget_items"] if row["name"] not in gone]
        table = diff_editions(old, EditionRows("example", sample, {**new.tables, "budget_items": items}))
        removed = {row.name for row in table.tables["budget_items"].removed}
        assert gone <= removed


@pytest.mark.parametrize("sample", SAMPLES)
def test_measures_and_provisions_that_stayed_are_not_changes(sample: str) -> None:
    """The slides outside the budget say the same in all three editions, but for one statement of 2027."""
    tables = diff_editions(edition_rows("2025"), edition_rows(sample)).tables
    assert tables["policy_measures"].is_empty
    assert tables["bill_provisions"].is_empty
    assert len(tables["statements"].added) == (1 if sample == "2027" else 0)


@pytest.mark.parametrize(("old", "new"), [("2025", "2026"), ("2026", "2027"), ("2027", "2025")])
def test_a_diff_of_real_editions_applies(old: str, new: str) -> None:
    """OLD and the diff give NEW, row for row and cell for cell."""
    before, after = edition_rows(old), edition_rows(new)
    assert apply_diff(before.tables, diff_editions(before, after)) == dict(after.tables)
