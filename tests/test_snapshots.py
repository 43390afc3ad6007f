"""What was extracted, table by table, against what a person has read beside the rendered pages and agreed with.

The snapshots stand in `test_snapshots/`. After a change that is meant, `pytest tests/test_snapshots.py --force-regen`
writes them anew; then read what changed against the page before committing it.
"""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

import pytest

from pipeline.table_schemas import load_table_schemas

if TYPE_CHECKING:
    from pytest_regressions.file_regression import FileRegressionFixture

    from tests.at_hand import Editions

MONEY = ("stated_figures", "budget_categories", "budget_items", "budget_amounts", "budget_trend", "notes")
CASES = [("2025", table) for table in load_table_schemas()] + [(e, table) for e in ("2026", "2027") for table in MONEY]

NOT_READ = {"pipeline_version", "profile_sha256", "inputs_sha256"}
"""Columns of `editions` that say with what it was read, not what was read."""


@pytest.mark.parametrize(("edition", "table"), CASES, ids=["-".join(case) for case in CASES])
def test_the_table_is_the_one_that_was_read_against_the_page(
    edition: str, table: str, editions: Editions, file_regression: FileRegressionFixture
) -> None:
    """Every cell and the order of the rows are those of the snapshot."""
    text = (editions.path(edition) / "data" / f"{table}.csv").read_text(encoding="utf-8")
    if table == "editions":
        text = without(text, NOT_READ)
    file_regression.check(text, basename=f"{edition}-{table}", extension=".csv", encoding="utf-8")


def without(text: str, columns: set[str]) -> str:
    """CSV `text` without some columns, which must be there."""
    rows = list(csv.DictReader(io.StringIO(text)))
    kept = [name for name in rows[0] if name not in columns]
    assert len(kept) == len(rows[0]) - len(columns)
    written = io.StringIO()
    writer = csv.DictWriter(written, kept, extrasaction="ignore", lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return written.getvalue()
