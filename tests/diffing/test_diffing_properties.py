"""What holds for the comparison of any two editions."""

from __future__ import annotations

from typing import Any

import pytest
from fictional_editions import editions, shuffled
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.diffing import FORMATS, EditionDiff, EditionRows, apply_diff, diff_editions, render

FEW = settings(max_examples=60, deadline=None)


def facts(diff: EditionDiff, *, mirrored: bool = False) -> Any:
    """Everything a diff says but positions and growth; `mirrored` reads it from the other side."""
    a, b = ("new", "old") if mirrored else ("old", "new")
    lone = ("removed", "added") if mirrored else ("added", "removed")
    opposite = {"appeared": "disappeared", "disappeared": "appeared", "now part of": "no longer part of",
                "no longer part of": "now part of"} if mirrored else {}  # fmt: skip
    said: dict[str, Any] = {}
    for name, table in diff.tables.items():
        said[name] = {
            "lone": [sorted((r.key, repr(sorted(r.cells))) for r in getattr(table, side)) for side in lone],
            "pairs": sorted(
                repr((
                    getattr(p, f"{a}_key"), getattr(p, f"{b}_key"), p.method, p.score, p.reason,
                    sorted((f.column, repr(getattr(f, a)), repr(getattr(f, b)), f.kind) for f in p.fields),
                ))
                for p in table.pairs
            ),
            "proposed": sorted(
                repr((getattr(p, f"{a}_key"), getattr(p, f"{b}_key"), p.score, p.reason)) for p in table.proposed
            ),
            "headings": sorted((h.column, getattr(h, a), getattr(h, b), h.rows) for h in table.headings),
        }  # fmt: skip
    said["amounts"] = sorted(
        repr((getattr(c, f"{a}_key"), getattr(c, f"{b}_key"), c.budget,
              opposite.get(c.comparison.state, c.comparison.state),
              getattr(c.comparison, a), getattr(c.comparison, b)))
        for c in diff.amounts
    )  # fmt: skip
    said["totals"] = sorted(
        repr((getattr(t, f"{a}_category"), getattr(t, f"{b}_category"), t.budget, len(t.contributions)))
        for t in diff.totals
    )
    return said


@FEW
@given(editions(2031))
def test_an_edition_differs_in_nothing_from_itself(rows: EditionRows) -> None:
    """Nothing is added, removed or changed between an edition and itself, down to positions and boxes."""
    diff = diff_editions(rows, rows)
    assert diff.is_empty
    assert not any(p.fields for table in diff.tables.values() for p in table.pairs)
    assert not any(table.added or table.removed or table.proposed for table in diff.tables.values())
    assert "No differences." in render(diff, "table")
    assert render(diff, "csv").count("\n") == 1


@FEW
@given(editions(2031), editions(2032))
def test_applying_a_diff_to_the_old_edition_gives_the_new_one(old: EditionRows, new: EditionRows) -> None:
    """Same tables, same rows, same order, same cells to their type, with the volatile columns."""
    made = apply_diff(old.tables, diff_editions(old, new))
    assert made == dict(new.tables)
    assert repr(sorted(made.items())) == repr(sorted(new.tables.items()))


@FEW
@given(editions(2031), editions(2032))
def test_swapping_the_editions_mirrors_the_diff(old: EditionRows, new: EditionRows) -> None:
    """Added and removed change places, pairs turn round with their scores and reasons, states turn into opposites."""
    assert facts(diff_editions(old, new)) == facts(diff_editions(new, old), mirrored=True)


@FEW
@given(editions(2031), editions(2032), st.integers(0, 999))
def test_the_order_of_rows_changes_nothing(old: EditionRows, new: EditionRows, seed: int) -> None:
    """Rows of either edition in another order give the same pairs, changes and amounts."""
    assert facts(diff_editions(old, new)) == facts(diff_editions(shuffled(old, seed), shuffled(new, seed + 1)))


@FEW
@given(editions(2031), editions(2032))
def test_a_row_is_used_once(old: EditionRows, new: EditionRows) -> None:
    """Pairing is one-to-one: every row of either edition is in one pair, or lone."""
    for name, table in diff_editions(old, new).tables.items():
        olds = [p.old_position for p in table.pairs] + [r.position for r in table.removed]
        news = [p.new_position for p in table.pairs] + [r.position for r in table.added]
        assert sorted(olds) == list(range(len(old.tables.get(name, []))))
        assert sorted(news) == list(range(len(new.tables.get(name, []))))


@settings(max_examples=15, deadline=None)
@given(editions(2031), editions(2032))
@pytest.mark.parametrize("name", FORMATS)
def test_every_format_renders_any_diff_the_same_twice(name: str, old: EditionRows, new: EditionRows) -> None:
    """A rendering depends on the diff alone."""
    assert render(diff_editions(old, new), name) == render(diff_editions(old, new), name)
