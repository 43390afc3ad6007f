"""The diff as JSON, for programs. `schemas/diff.schema.json` says what it holds. Money and scores are strings."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pipeline.diffing.amounts import Comparison, Figure, Interval
    from pipeline.diffing.edition_diff import AmountChange, EditionDiff, FieldChange, Key, LoneRow, RowPair, TableDiff
    from pipeline.diffing.totals import CategoryTotal
    from pipeline.model import Value

FORMAT_VERSION = "1.0"

Json = dict[str, Any]


def render_json(diff: EditionDiff) -> str:
    """The diff as a JSON document, keys in a fixed order."""
    return json.dumps(document(diff), ensure_ascii=False, indent=2) + "\n"


def document(diff: EditionDiff) -> Json:
    """The diff as plain values, as the published schema has them."""
    return {
        "format_version": FORMAT_VERSION,
        "old": {"deck": diff.old.deck, "edition": diff.old.edition},
        "new": {"deck": diff.new.deck, "edition": diff.new.edition},
        "is_empty": diff.is_empty,
        "tables": {table.table: _table(table) for table in diff.shown()},
        "amounts": [_amount_change(c) for c in diff.amounts if c.comparison.state != "same"],
        "stated_figures": [_amount_change(c) for c in diff.stated if c.comparison.state != "same"],
        "restated_figures": [
            {
                "fiscal_year": f.fiscal_year,
                "budget": f.budget,
                **_comparison(f.comparison),
                "draft_became_final": f.draft_became_final,
                "old_labels": list(f.old_labels),
                "new_labels": list(f.new_labels),
            }
            for f in diff.shared_figures
        ],
        "category_totals": [_total(t) for t in diff.totals],
    }


def _table(table: TableDiff) -> Json:
    return {
        "counts": {
            "added": len(table.added),
            "removed": len(table.removed),
            "renamed": sum(p.renamed for p in table.pairs),
            "moved": sum(p.moved for p in table.pairs),
            "changed": sum(p.changed for p in table.pairs),
            "carried": sum(p.carried for p in table.pairs),
            "proposed": len(table.proposed),
        },
        "added": [_lone(row) for row in table.added],
        "removed": [_lone(row) for row in table.removed],
        "renamed": [_pair(p, p.of_kind("name")) for p in table.pairs if p.renamed],
        "moved": [_pair(p, p.of_kind("place")) for p in table.pairs if p.moved],
        "changed": [_pair(p, p.of_kind("content")) for p in table.pairs if p.changed],
        "proposed": [
            {
                "old_key": _key(p.old_key),
                "new_key": _key(p.new_key),
                "old_name": p.old_name,
                "new_name": p.new_name,
                "score": _number(p.score),
                "reason": p.reason,
            }
            for p in table.proposed
        ],
        "reworded_headings": [{"column": h.column, "old": h.old, "new": h.new, "rows": h.rows} for h in table.headings],
    }


def _lone(row: LoneRow) -> Json:
    return {"key": _key(row.key), "name": row.name, "row": {column: _value(v) for column, v in row.cells}}


def _pair(pair: RowPair, fields: Sequence[FieldChange]) -> Json:
    return {
        "old_key": _key(pair.old_key),
        "new_key": _key(pair.new_key),
        "old_name": pair.old_name,
        "new_name": pair.new_name,
        "method": pair.method,
        "score": _number(pair.score),
        "reason": pair.reason,
        "fields": [{"column": f.column, "old": _value(f.old), "new": _value(f.new)} for f in fields],
    }


def _amount_change(change: AmountChange) -> Json:
    return {
        "subject_type": change.subject_type,
        "old_key": None if change.old_key is None else _key(change.old_key),
        "new_key": None if change.new_key is None else _key(change.new_key),
        "name": change.name,
        "budget": change.budget,
        **_comparison(change.comparison),
        "same_fiscal_year": change.comparison.same_year,
    }


def _comparison(comparison: Comparison) -> Json:
    return {
        "state": comparison.state,
        "old": _figure(comparison.old),
        "new": _figure(comparison.new),
        "growth": _interval(comparison.growth),
    }


def _figure(figure: Figure | None) -> Json | None:
    if figure is None:
        return None
    return {
        "value": _number(figure.value),
        **_ends(figure.interval),
        "currency": figure.currency,
        "fiscal_year": figure.fiscal_year,
        "stage": figure.stage,
        "is_part_of": figure.is_part_of,
        "is_approximate": figure.is_approximate,
        "printed": figure.printed,
    }


def _interval(interval: Interval | None) -> Json | None:
    return None if interval is None else _ends(interval)


def _ends(interval: Interval) -> Json:
    return {
        "lower": None if interval.lower is None else _number(interval.lower),
        "upper": None if interval.upper is None else _number(interval.upper),
    }


def _total(account: CategoryTotal) -> Json:
    return {
        "old_category": account.old_category,
        "new_category": account.new_category,
        "budget": account.budget,
        "currency": account.currency,
        "old": _figure(account.old),
        "new": _figure(account.new),
        "change": _interval(account.change),
        "contributions": [{"source": c.source, "items": c.items, **_ends(c.change)} for c in account.contributions],
        "unexplained": _interval(account.unexplained),
        "items_without_amount": account.without_amount,
    }


def _key(key: Key) -> list[Any]:
    return [_value(part) for part in key]


def _value(value: Value) -> str | int | bool | None:
    return _number(value) if isinstance(value, Decimal) else value


def _number(value: Decimal) -> str:
    return f"{value:f}"
