"""A diff as sections of plain cells, the same for every format that a person reads.

What to show, in which order and in which words is decided here; the formats only draw it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from typing import TYPE_CHECKING

from pipeline.diffing.amounts import figure_of
from pipeline.diffing.edition_diff import AmountChange, EditionDiff, Key, LoneRow, RowPair, TableDiff
from pipeline.drawing import Cell, Section, Tone, View

if TYPE_CHECKING:
    from pipeline.diffing.amounts import Comparison, Figure, Interval
    from pipeline.diffing.totals import CategoryTotal
    from pipeline.model import Value

AmountsOf = Callable[[LoneRow], list[AmountChange]]

_SCALES = (
    (Decimal(1), ""),
    (Decimal(10) ** 6, " million"),
    (Decimal(10) ** 9, " billion"),
    (Decimal(10) ** 12, " trillion"),
)
_WORDS = {
    "budget_items": "Budget items",
    "budget_categories": "Budget categories",
    "policy_measures": "Policy measures",
    "bill_provisions": "Bill provisions",
    "budget_trend": "Budget trend",
    "stated_figures": "Stated figures",
}


def table_title(table: str) -> str:
    """A table's name as a heading."""
    return _WORDS.get(table, table.replace("_", " ").capitalize())


def money(value: Decimal, unit: Decimal | None = None) -> str:
    """`value` with as many digits as its printing step `unit` has, in trillions, billions or millions."""
    size = abs(value)
    if unit is not None and unit > 0:
        # The smallest scale that shows no digit which was not printed: "0.3 billion" is not 300 million.
        fits = ((s, w) for s, w in _SCALES if unit <= s and size < max(1000 * s, _SCALES[1][0]))
    else:
        fits = ((s, w) for s, w in reversed(_SCALES) if size >= s)
    scale, word = next(fits, _SCALES[-1] if unit else _SCALES[0])
    scaled = value / scale
    if unit is not None and unit > 0:
        step = (unit / scale).normalize()
        exponent = step.as_tuple().exponent
        digits = max(0, -exponent) if isinstance(exponent, int) else 0
        return f"{scaled:,.{min(digits, 6)}f}{word}"
    return f"{scaled.normalize():,f}{word}"


def figure_text(figure: Figure | None, currency: bool = True) -> str:
    """A figure in words: `USD 4.0 million`, `part of USD 1.1 billion`; a dash where there is none."""
    if figure is None:
        return "–"
    words = ["around"] if figure.is_approximate else []
    words += ["part of"] if figure.is_part_of else []
    words += [figure.currency] if currency and figure.currency else []
    return " ".join([*words, money(figure.value, figure.unit)])


def interval_text(interval: Interval | None) -> str:
    """A range of differences of money, signed: `−1.05 to −0.95 million`."""
    if interval is None:
        return "–"
    lower, upper = interval.lower, interval.upper
    if lower is None or upper is None:
        return f"{'unknown' if lower is None else signed(lower)} to {'unknown' if upper is None else signed(upper)}"
    return signed(lower) if lower == upper else f"{signed(lower)} to {signed(upper)}"


def signed(value: Decimal) -> str:
    """A difference of money with its sign."""
    return f"{'−' if value < 0 else '+' if value > 0 else ''}{money(abs(value))}"


def growth_text(growth: Interval | None) -> str:
    """Growth in percent, rounded outwards, as a range where rounding leaves one: `+12 % to +15 %`."""
    if growth is None or growth.lower is None or growth.upper is None:
        return ""
    # A digit more where whole percents would say too little: below a tenth, and where nearly all is lost.
    small = max(abs(growth.lower), abs(growth.upper)) < Decimal("0.1") or growth.lower < Decimal("-0.98")
    digits = 1 if small else 0
    ends = _percent(growth.lower, digits, ROUND_FLOOR), _percent(growth.upper, digits, ROUND_CEILING)
    return ends[0] if ends[0] == ends[1] else " to ".join(ends)


def _percent(ratio: Decimal, digits: int, rounding: str) -> str:
    percent = (ratio * 100).quantize(Decimal(1).scaleb(-digits), rounding)
    return f"{'−' if percent < 0 else '+' if percent > 0 else ''}{abs(percent):,.{digits}f} %"


def comparison_cell(comparison: Comparison) -> Cell:
    """How two figures stand to each other, in two lines at most."""
    old, new, state = comparison.old, comparison.new, comparison.state
    if state == "appeared":
        return Cell(f"none → {figure_text(new)}", "added")
    if state == "disappeared":
        return Cell(f"{figure_text(old)} → none", "removed")
    if state == "same":
        return Cell(f"{figure_text(new)}, unchanged", "faint")
    same_currency = old is not None and new is not None and old.currency == new.currency
    text = f"{figure_text(old)} → {figure_text(new, currency=not same_currency)}"
    if state == "restated":
        return Cell(f"{text}\nother rounding only", "faint")
    said = state if state.endswith("part of") else growth_text(comparison.growth)
    return Cell(f"{text}\n{said}" if said else text, "changed")


def view(diff: EditionDiff) -> View:
    """What a person is shown of `diff`. No section where the editions say the same."""
    title = f"{diff.old} → {diff.new}"
    if diff.is_empty:
        return View(title, "No differences.", ())
    overview = [s for s in (_summary(diff), *_figures(diff), *_totals(diff.totals)) if s.rows]
    tables = [s for table in diff.shown() for s in _table(table, diff) if s.rows]
    counted = ", ".join(f"{count} {word}" for word, count in counts(diff).items() if count)
    return View(title, f"{counted}.", (*overview, *tables), len(overview))


def counts(diff: EditionDiff) -> dict[str, int]:
    """How many rows changed, by what became of them, and how many amounts."""
    tables = list(diff.shown())
    return {
        "added": sum(len(t.added) for t in tables),
        "removed": sum(len(t.removed) for t in tables),
        "renamed or reworded": sum(p.renamed for t in tables for p in t.pairs),
        "moved": sum(p.moved for t in tables for p in t.pairs),
        "otherwise changed": sum(p.changed for t in tables for p in t.pairs),
        "amounts changed": sum(c.comparison.state not in {"same", "restated"} for c in diff.amounts),
    }


def _summary(diff: EditionDiff) -> Section:
    rows = []
    for table in diff.shown():
        if not table.pairs and not table.added and not table.removed:
            continue
        counts: tuple[tuple[int, Tone], ...] = (
            (len(table.added), "added"),
            (len(table.removed), "removed"),
            (sum(p.renamed for p in table.pairs), "changed"),
            (sum(p.moved for p in table.pairs), "changed"),
            (sum(p.changed for p in table.pairs), "changed"),
            (sum(p.carried for p in table.pairs), "faint"),
            (len(table.proposed), "plain"),
        )
        cells = (Cell(str(count) if count else "·", tone if count else "faint") for count, tone in counts)
        rows.append((Cell(table_title(table.table)), *cells))
    columns = ("Table", "added", "removed", "renamed", "moved", "changed", "carried", "proposed")
    return Section("Summary", columns, tuple(rows), numeric=frozenset(range(1, 8)))


def _figures(diff: EditionDiff) -> list[Section]:
    across = tuple(
        (
            Cell(f"FY{f.fiscal_year} {f.budget}"),
            Cell(_with_stage(f.comparison.old)),
            Cell(_with_stage(f.comparison.new)),
            _verdict(f.comparison),
        )
        for f in diff.shared_figures
    )
    categories = [c for c in diff.amounts if c.subject_type == "category" and c.comparison.state != "same"]
    stated = [c for c in diff.stated if c.comparison.state != "same"]
    note = "The same fiscal year and budget, as each edition states it: a revision, not growth."
    return [
        Section("Restated figures", ("Figure", diff.old.edition, diff.new.edition, "Verdict"), across, note),
        Section("Stated figures, each edition's own years", *_by_budget(stated)),
        Section("Categories", *_by_budget(categories)),
    ]


def _with_stage(figure: Figure | None) -> str:
    return figure_text(figure) + (f" ({figure.stage})" if figure and figure.stage else "")


def _verdict(comparison: Comparison) -> Cell:
    if comparison.state == "same":
        return Cell("same", "faint")
    if comparison.state == "restated":
        return Cell("other rounding only", "faint")
    growth = growth_text(comparison.growth)
    return Cell(f"revised {growth}".strip() if comparison.state == "changed" else comparison.state, "changed")


def _by_budget(changes: Iterable[AmountChange]) -> tuple[tuple[str, ...], tuple[tuple[Cell, ...], ...]]:
    """One row a subject, one column a budget."""
    rows: dict[tuple[str, Key | None, Key | None], dict[str, AmountChange]] = {}
    for change in changes:
        rows.setdefault((change.name, change.old_key, change.new_key), {})[change.budget] = change
    budgets = sorted({budget for row in rows.values() for budget in row})
    cells = tuple(
        (Cell(name), *(comparison_cell(row[b].comparison) if b in row else Cell("") for b in budgets))
        for (name, _, _), row in rows.items()
    )
    return ("Subject", *(_budget_heading(b, rows.values()) for b in budgets)), cells


def _budget_heading(budget: str, rows: Iterable[dict[str, AmountChange]]) -> str:
    """The budget, with the fiscal years compared where they are the same in all rows."""
    found = [row[budget].comparison for row in rows if budget in row]
    years = [{f.fiscal_year for f in side if f} for side in ([c.old for c in found], [c.new for c in found])]
    if all(len(side) == 1 and None not in side for side in years):
        return f"{budget}, FY{years[0].pop()} → FY{years[1].pop()}"
    return budget


def _totals(totals: Sequence[CategoryTotal]) -> list[Section]:
    rows: list[tuple[Cell, ...]] = []
    for account in totals:
        name = account.new_category or account.old_category
        if all(c.source == "unchanged" for c in account.contributions) and not account.change:
            continue
        head = f"{name}, {account.budget}"
        rows.append((Cell(head), Cell("printed total"), Cell(""), Cell(interval_text(account.change), "changed")))
        rows.extend(
            (Cell(""), Cell(c.source), Cell(str(c.items)), Cell(interval_text(c.change))) for c in account.contributions
        )
        if account.unexplained:
            rest = interval_text(account.unexplained)
            rows.append((Cell(""), Cell("not in the listed items", "faint"), Cell(""), Cell(rest, "faint")))
    currencies = sorted({account.currency for account in totals})
    note = f"New less old, in {', '.join(currencies)}, as far as rounding and “part of” leave it."
    columns = ("Category", "From items", "Items", "Change")
    return [Section("Where the change comes from", columns, tuple(rows), note, frozenset({2, 3}))]


def _table(table: TableDiff, diff: EditionDiff) -> list[Section]:
    title = table_title(table.table)
    amounts: dict[tuple[Key | None, Key | None], list[AmountChange]] = {}
    for change in diff.amounts:
        if change.subject_type == "item" and table.table == "budget_items":
            amounts.setdefault((change.old_key, change.new_key), []).append(change)
    changed = [c for pair in table.pairs for c in amounts.get((pair.old_key, pair.new_key), [])]
    return [
        Section(f"{title}: headings reworded", ("Was", "Is", "Rows"), tuple(
            (Cell(h.old, "removed"), Cell(h.new, "added"), Cell(str(h.rows))) for h in table.headings
        ), numeric=frozenset({2})),
        _lone(f"{title}: added", table.added, "added", lambda r: amounts.get((None, r.key), [])),
        _lone(f"{title}: removed", table.removed, "removed", lambda r: amounts.get((r.key, None), [])),
        Section(f"{title}: {'reworded' if table.prose else 'renamed'}", ("Was", "Is", "Score, reason"), tuple(
            (Cell(p.old_name, "removed"), Cell(p.new_name, "added"), Cell(f"{p.score:.2f} {p.reason}", "faint"))
            for p in table.pairs if p.renamed
        )),
        Section(f"{title}: moved", ("Row", "From", "To"), tuple(_moved(p) for p in table.pairs if p.moved)),
        Section(f"{title}: changed", ("Row", "Field", "Was", "Is"), tuple(
            (Cell(p.new_name), Cell(f.column), Cell(_value(f.old), "removed"), Cell(_value(f.new), "added"))
            for p in table.pairs for f in p.of_kind("content")
        )),
        Section(f"{title}: amounts", *_by_budget(c for c in changed if c.comparison.state != "same")),
        Section(f"{title}: proposed pairs", ("Old", "New", "Score, reason"), tuple(
            (Cell(p.old_name), Cell(p.new_name), Cell(f"{p.score:.2f} {p.reason}", "faint")) for p in table.proposed
        ), "Not sure enough to be made; they count as removed and added. A file of pairs confirms or rejects them."),
    ]  # fmt: skip


def _lone(title: str, rows: Iterable[LoneRow], tone: Tone, amounts: AmountsOf) -> Section:
    found: list[tuple[Cell, ...]] = []
    with_amounts = False
    for row in rows:
        place = " › ".join(part for part in row.place if part)
        stated = figure_of(row.row)
        texts = [_lone_amount(change) for change in amounts(row)] + ([figure_text(stated)] if stated else [])
        with_amounts = with_amounts or bool(texts)
        found.append((Cell(row.name, tone), Cell(place, "faint"), Cell("\n".join(texts))))
    columns: tuple[str, ...] = ("Row", "Under", "Amounts")
    if not with_amounts:
        found = [cells[:2] for cells in found]
        columns = columns[:2]
    if all(not cells[1].text for cells in found):
        found = [(cells[0], *cells[2:]) for cells in found]
        columns = (columns[0], *columns[2:])
    return Section(title, columns, tuple(found))


def _lone_amount(change: AmountChange) -> str:
    figure = change.comparison.new or change.comparison.old
    return f"{figure_text(figure)} {change.budget}"


def _moved(pair: RowPair) -> tuple[Cell, ...]:
    fields = pair.of_kind("place")
    was = " › ".join(_value(f.old) for f in fields)
    now = " › ".join(_value(f.new) for f in fields)
    return Cell(pair.new_name), Cell(was, "removed"), Cell(now, "added")


def _value(value: Value) -> str:
    if value is None or value == "":
        return "–"
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(value)
