"""From paired rows to money: each subject's amounts in both editions, figures both state, and categories' accounts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from itertools import chain

from pipeline.diffing.amounts import Figure, compare, figure_of
from pipeline.diffing.edition_diff import AmountChange, Key, LoneRow, RowPair, SharedFigure, TableDiff
from pipeline.diffing.shapes import AMOUNT_SUBJECTS
from pipeline.diffing.totals import CategoryTotal, ItemAmounts, ItemChange, category_total
from pipeline.model import Row, Value

Tables = Mapping[str, list[Row]]
Figures = dict[tuple[str, Value], dict[str, Figure]]

_BUDGETS = ("initial", "supplementary")


def amount_changes(old: Tables, new: Tables, diffs: Mapping[str, TableDiff]) -> tuple[AmountChange, ...]:
    """Every amount of every category, item and note, by budget: in the new edition's order, removed subjects last."""
    before, after = _figures(old), _figures(new)
    found: list[AmountChange] = []
    for subject_type, table in AMOUNT_SUBJECTS.items():
        if subject_type is None or table not in diffs:
            continue
        for old_key, new_key, name in _subjects(diffs[table]):
            figures = (
                before.get((subject_type, old_key[0]), {}) if old_key else {},
                after.get((subject_type, new_key[0]), {}) if new_key else {},
            )
            for budget in _budgets(*figures):
                comparison = compare(figures[0].get(budget), figures[1].get(budget))
                found.append(AmountChange(subject_type, old_key, new_key, name, budget, comparison))
    return tuple(found)


def stated_changes(old: Tables, new: Tables, diffs: Mapping[str, TableDiff]) -> tuple[AmountChange, ...]:
    """The stated figures that are the same figure of each edition's own years, compared."""
    if "stated_figures" not in diffs:
        return ()
    rows = old.get("stated_figures", []), new.get("stated_figures", [])
    found: list[AmountChange] = []
    for pair in diffs["stated_figures"].pairs:
        figures = figure_of(rows[0][pair.old_position]), figure_of(rows[1][pair.new_position])
        stated = figures[1] or figures[0]
        if stated:
            change = compare(*figures)
            found.append(AmountChange("figure", pair.old_key, pair.new_key, pair.new_name, stated.budget, change))
    return tuple(found)


def shared_figures(old: Tables, new: Tables) -> tuple[SharedFigure, ...]:
    """What both editions state for one fiscal year and budget, by year."""
    before, after = _statements(old), _statements(new)
    found: list[SharedFigure] = []
    for year, budget, currency in sorted(before.keys() & after.keys()):
        sides = before[year, budget, currency], after[year, budget, currency]
        comparison = compare(_most_precise(sides[0]), _most_precise(sides[1]))
        labels = [tuple(dict.fromkeys(sorted(f.label for f in side))) for side in sides]
        found.append(SharedFigure(year, budget, comparison, *labels))
    return tuple(found)


def category_totals(old: Tables, new: Tables, diffs: Mapping[str, TableDiff]) -> tuple[CategoryTotal, ...]:
    """Each category's change by budget, with where it came from."""
    if "budget_categories" not in diffs or "budget_items" not in diffs:
        return ()
    before, after = _figures(old), _figures(new)
    table = diffs["budget_categories"]
    # Two editions' keys are put into one set of names: the new edition's, and one apart for a category that is gone.
    names = {pair.old_key[0]: str(pair.new_key[0]) for pair in table.pairs}
    gone = {row.key[0]: f"removed {row.key[0]}" for row in table.removed}
    items = _items(old, new, diffs["budget_items"], names | gone)
    found: list[CategoryTotal | None] = []
    subjects: tuple[RowPair | LoneRow, ...] = (*table.pairs, *table.added, *table.removed)
    for subject in subjects:
        old_key, new_key = _keys(subject, table)
        key = str(new_key[0]) if new_key else gone[old_key[0]] if old_key else ""
        labels = _labels(subject, old_key, new_key)
        for budget in _BUDGETS:
            stated = (
                before.get(("category", old_key[0]), {}).get(budget) if old_key else None,
                after.get(("category", new_key[0]), {}).get(budget) if new_key else None,
            )
            found.append(category_total(key, labels, budget, stated, items))
    return tuple(account for account in found if account)


def _keys(subject: RowPair | LoneRow, table: TableDiff) -> tuple[Key | None, Key | None]:
    if isinstance(subject, RowPair):
        return subject.old_key, subject.new_key
    return (None, subject.key) if subject in table.added else (subject.key, None)


def _labels(subject: RowPair | LoneRow, old_key: Key | None, new_key: Key | None) -> tuple[str, str]:
    if isinstance(subject, RowPair):
        return subject.old_name, subject.new_name
    return subject.name if old_key else "", subject.name if new_key else ""


def _subjects(table: TableDiff) -> Iterator[tuple[Key | None, Key | None, str]]:
    here: list[tuple[int, Key | None, Key, str]] = [
        (pair.new_position, pair.old_key, pair.new_key, pair.new_name) for pair in table.pairs
    ]
    here += [(row.position, None, row.key, row.name) for row in table.added]
    for _, old_key, new_key, name in sorted(here, key=lambda entry: entry[0]):
        yield old_key, new_key, name
    for row in table.removed:
        yield row.key, None, row.name


def _figures(tables: Tables) -> Figures:
    """The figures of every subject, by budget."""
    found: Figures = {}
    for row in tables.get("budget_amounts", []):
        figure = figure_of(row)
        if figure:
            found.setdefault((str(row.get("subject_type")), row.get("subject_id")), {})[figure.budget] = figure
    return found


def _budgets(*sides: Mapping[str, Figure]) -> list[str]:
    stated = set(chain.from_iterable(sides))
    return [b for b in _BUDGETS if b in stated] + sorted(stated - set(_BUDGETS))


def _statements(tables: Tables) -> dict[tuple[int, str, str], list[Figure]]:
    """What an edition states for each fiscal year, budget and currency, in its figures and in its trend."""
    found: dict[tuple[int, str, str], list[Figure]] = {}
    labelled = [(row, str(row.get("label") or "")) for row in tables.get("stated_figures", [])]
    labelled += [(row, str(row.get("series") or "trend")) for row in tables.get("budget_trend", [])]
    for row, label in labelled:
        figure = figure_of(row, label)
        if figure and figure.fiscal_year is not None:
            found.setdefault((figure.fiscal_year, figure.budget, figure.currency), []).append(figure)
    return found


def _most_precise(figures: list[Figure]) -> Figure:
    """The statement with the smallest rounding step; it takes the stage that any of them names."""
    chosen = min(figures, key=lambda f: (f.is_part_of, f.unit is None, f.unit or 0, f.is_approximate, f.value, f.label))
    return replace(chosen, stage=chosen.stage or max(f.stage for f in figures))


def _items(old: Tables, new: Tables, table: TableDiff, names: Mapping[Value, str]) -> list[ItemChange]:
    before, after = _figures(old), _figures(new)

    def one(rows: list[Row], position: int, figures: Figures, categories: Mapping[Value, str]) -> ItemAmounts:
        row = rows[position]
        key, category = row.get("item_id"), row.get("category_id")
        return ItemAmounts(
            str(key),
            categories.get(category, str(category)),
            str(row.get("parent_item_id") or ""),
            figures.get(("item", key), {}),
        )

    olds, news = old.get("budget_items", []), new.get("budget_items", [])
    return [
        *(
            ItemChange(one(olds, p.old_position, before, names), one(news, p.new_position, after, {}), p.renamed)
            for p in table.pairs
        ),
        *(ItemChange(None, one(news, row.position, after, {})) for row in table.added),
        *(ItemChange(one(olds, row.position, before, names), None) for row in table.removed),
    ]
