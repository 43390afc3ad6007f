"""The diff as CSV: one row a change, for spreadsheets and scripts.

UTF-8, LF, RFC 4180, empty cell = no value. Text stands as it was read, also where it starts with `=`, `+`, `-` or `@`:
this is data, and changing it would be a silent edit. Import it as text where a spreadsheet would run it.
"""

from __future__ import annotations

import csv
import io
from decimal import Decimal
from typing import TYPE_CHECKING

from pipeline.diffing.shapes import AMOUNT_SUBJECTS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pipeline.diffing.amounts import Comparison
    from pipeline.diffing.edition_diff import EditionDiff, Key, RowPair, TableDiff
    from pipeline.model import Value

COLUMNS = (
    "table", "change", "old_key", "new_key", "old_name", "new_name", "field", "old", "new",
    "currency", "growth_lower", "growth_upper", "score", "reason",
)  # fmt: skip

Cells = dict[str, str]


def render_csv(diff: EditionDiff) -> str:
    """The diff as CSV. `change` is added, removed, renamed, moved, changed, proposed, heading, or `amount: <state>`.

    A proposed pair's rows also stand as removed and added; a figure that both editions state for one year is in the
    table `restated_figures`.
    """
    buffer = io.StringIO()
    writer = csv.DictWriter(buffer, COLUMNS, restval="", lineterminator="\n")
    writer.writeheader()
    for table in diff.shown():
        writer.writerows(_table(table))
    writer.writerows(_amounts(diff))
    return buffer.getvalue()


def _table(table: TableDiff) -> Iterator[Cells]:
    for row in table.added:
        yield {"table": table.table, "change": "added", "new_key": _key(row.key), "new_name": row.name}
    for row in table.removed:
        yield {"table": table.table, "change": "removed", "old_key": _key(row.key), "old_name": row.name}
    for heading in table.headings:
        cells = {"field": heading.column, "old": heading.old, "new": heading.new}
        yield {"table": table.table, "change": "heading", **cells}
    for change, kind in (("renamed", "name"), ("moved", "place"), ("changed", "content")):
        for pair in table.pairs:
            for field in pair.fields:
                if field.kind == kind:
                    cells = {"field": field.column, "old": _value(field.old), "new": _value(field.new)}
                    yield {"table": table.table, "change": change, **_who(pair), **cells}
    for proposed in table.proposed:
        yield {
            "table": table.table,
            "change": "proposed",
            "old_key": _key(proposed.old_key),
            "new_key": _key(proposed.new_key),
            "old_name": proposed.old_name,
            "new_name": proposed.new_name,
            "score": f"{proposed.score:f}",
            "reason": proposed.reason,
        }


def _amounts(diff: EditionDiff) -> Iterator[Cells]:
    for change in (*diff.stated, *diff.amounts):
        if change.comparison.state != "same":
            yield {
                "table": AMOUNT_SUBJECTS.get(change.subject_type, "stated_figures"),
                "old_key": "" if change.old_key is None else _key(change.old_key),
                "new_key": "" if change.new_key is None else _key(change.new_key),
                "new_name" if change.new_key else "old_name": change.name,
                "field": change.budget,
                **_comparison(change.comparison),
            }
    for figure in diff.shared_figures:
        if figure.comparison.state != "same":
            cells = {"table": "restated_figures", "field": f"{figure.fiscal_year} {figure.budget}"}
            yield {**cells, **_comparison(figure.comparison)}


def _comparison(comparison: Comparison) -> Cells:
    old, new, growth = comparison.old, comparison.new, comparison.growth
    stated = new or old
    return {
        "change": f"amount: {comparison.state}",
        "old": "" if old is None else _value(old.value),
        "new": "" if new is None else _value(new.value),
        "currency": stated.currency if stated else "",
        "growth_lower": "" if growth is None else _value(growth.lower),
        "growth_upper": "" if growth is None else _value(growth.upper),
    }


def _who(pair: RowPair) -> Cells:
    return {
        "old_key": _key(pair.old_key),
        "new_key": _key(pair.new_key),
        "old_name": pair.old_name,
        "new_name": pair.new_name,
        "score": f"{pair.score:f}",
        "reason": pair.reason,
    }


def _key(key: Key) -> str:
    return " ".join(_value(part) for part in key)


def _value(value: Value) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return f"{value:f}" if isinstance(value, Decimal) else str(value)
