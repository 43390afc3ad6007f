"""To which category a group of items belongs, where the layout leaves it open.

A group at the head of a column may go on with the category of the last column or belong to the one beside it. Two things
that the page's geometry does not know can decide: the newest earlier edition, where the same group stands under a
category, and the totals, since a category's items cannot come to more than the category. What decided is said in a check
of kind `category`; where nothing decides, or the two contradict each other, the group stays open and the check is
`undetermined`. Nothing is guessed.
"""

from __future__ import annotations

import itertools
import re
from collections import Counter, defaultdict
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Literal

from pipeline.language.folding import comparison_key, fold
from pipeline.model import Check, Place, Row

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    Tables = Mapping[str, Sequence[Row]]

KIND = "category"

MOST_ASSIGNMENTS = 50_000
"""So many ways to give open groups to categories are tried; with more, each group is tried by itself."""

Decider = Literal["layout", "earlier edition", "totals", "nothing"]

_Figure = tuple[str, object, str]
"""What amounts must agree in to be added up: budget, fiscal year and currency."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """An open group: its heading (empty for items without one), its items' keys, and the categories it may belong to.

    Categories are given by key, the one that the layout finds likeliest first.
    """

    group: str
    items: tuple[str, ...]
    categories: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Settlement:
    """What was found about one open group. `category` is None where nothing decided."""

    candidate: Candidate
    category: str | None
    by: Decider
    message: str


@dataclass(frozen=True, slots=True)
class Settled:
    """Every open group with its category, in the order of the candidates, and what to say about it."""

    settlements: tuple[Settlement, ...]

    @property
    def checks(self) -> tuple[Check, ...]:
        """One check a group: `consistent` where something decided, else `undetermined`."""
        seen: Counter[str] = Counter()
        made = []
        for settlement in self.settlements:
            candidate = settlement.candidate
            name = _slug(candidate.group) or (candidate.items[0] if candidate.items else "items")
            seen[name] += 1
            made.append(
                Check(
                    f"{KIND}/{name}" + (f"-{seen[name]}" if seen[name] > 1 else ""),
                    KIND,
                    candidate.group or "items without a group",
                    "undetermined" if settlement.category is None else "consistent",
                    settlement.message,
                    rows=tuple(Place("budget_items", key, settlement.by) for key in candidate.items),
                )
            )
        return tuple(made)


def settle(candidates: Sequence[Candidate], tables: Tables, old_tables: Tables | None = None) -> Settled:
    """Decide for each open group to which category it belongs.

    `tables` are the edition's (of `budget_items`, `budget_amounts` and `budget_categories` the contract's columns;
    which category the items of open groups have in them plays no part), `old_tables` those of the newest earlier
    edition. In this order: a group with one candidate has it; else the category under which the earlier edition has the
    group, or all of its items; else the only one that is in every assignment of the open groups in which no category's
    items exceed it. "A part of X" counts from 0. A category of the earlier edition that the totals rule out is a
    contradiction, and decides nothing.
    """
    ledger = _ledger(tables, candidates)
    names = {_text(row["category_id"]): _text(row["category"]) for row in tables.get("budget_categories", ())}
    earlier = [_earlier(candidate, tables, old_tables, names) for candidate in candidates]
    # First from the totals alone, to see what they rule out; then with the earlier edition's word.
    possible = _possible(candidates, [c.categories for c in candidates], ledger)
    narrowed = [
        (said,) if said is not None and said in options else options
        for said, options in zip(earlier, possible, strict=True)
    ]
    left = _possible(candidates, narrowed, ledger)
    edition = _edition(old_tables)
    return Settled(
        tuple(
            _settlement(candidate, said, remaining, names, edition)
            for candidate, said, remaining in zip(candidates, earlier, left, strict=True)
        )
    )


def with_categories(tables: Tables, settled: Settled) -> dict[str, list[Row]]:
    """The tables with every settled group's items in their category; open ones lose theirs. `tables` stay as they are.

    Keys stay: they are made from what a row says, and an item under a group is named after the group.
    """
    names = {_text(row["category_id"]): row["category"] for row in tables.get("budget_categories", ())}
    given = {item: s.category for s in settled.settlements for item in s.candidate.items}
    changed = {name: list(rows) for name, rows in tables.items()}
    changed["budget_items"] = [
        row
        if _text(row["item_id"]) not in given
        else {
            **row,
            "category_id": given[_text(row["item_id"])],
            "category": names.get(given[_text(row["item_id"])] or ""),
        }
        for row in tables.get("budget_items", ())
    ]
    changed["evidence"] = _evidence_of_categories(tables, given)
    return changed


def _evidence_of_categories(tables: Tables, given: Mapping[str, str | None]) -> list[Row]:
    """The evidence with the category of each settled item pointing at its category's own heading."""
    headings: dict[str, list[Row]] = defaultdict(list)
    for row in tables.get("evidence", ()):
        if row["table"] == "budget_categories" and row["field"] == "category":
            headings[_text(row["key"])].append(row)
    evidence: list[Row] = []
    for row in tables.get("evidence", ()):
        key = _text(row["key"])
        if row["table"] != "budget_items" or row["field"] != "category" or key not in given:
            evidence.append(row)
        elif row["part"] == 0:
            evidence += [
                {**heading, "table": "budget_items", "key": key} for heading in headings.get(given[key] or "", ())
            ]
    return evidence


def _settlement(
    candidate: Candidate,
    said: str | None,
    remaining: Sequence[str],
    names: Mapping[str, str],
    edition: str,
) -> Settlement:
    called = f"The group {candidate.group!r}" if candidate.group else f"{len(candidate.items)} items without a group"
    options = " or ".join(repr(names.get(c, c)) for c in candidate.categories)
    opened = f"{called} may belong to {options} by its place on the page"
    if len(candidate.categories) == 1:
        category = candidate.categories[0]
        return Settlement(candidate, category, "layout", f"{called} belongs to {names.get(category, category)!r}.")
    if said is not None and said in remaining:
        message = f"{opened}; it belongs to {names.get(said, said)!r}, as in {edition}."
        return Settlement(candidate, said, "earlier edition", message)
    if said is not None:
        message = f"{opened}; {edition} has it under {names.get(said, said)!r}, where its amounts do not fit any more."
        return Settlement(candidate, None, "nothing", message)
    if len(remaining) == 1:
        category = remaining[0]
        message = f"{opened}; only in {names.get(category, category)!r} do the items not exceed their category's total."
        return Settlement(candidate, category, "totals", message)
    if not remaining:
        return Settlement(
            candidate, None, "nothing", f"{opened}; the totals allow neither, so an amount may be misread."
        )
    return Settlement(
        candidate, None, "nothing", f"{opened}; neither an earlier edition nor the totals decide, so it is left open."
    )


def _earlier(candidate: Candidate, tables: Tables, old: Tables | None, names: Mapping[str, str]) -> str | None:
    """The candidate category under which the earlier edition has the group, or else all of its items that it has."""
    if old is None:
        return None
    by_name = {comparison_key(names.get(c, c)): c for c in candidate.categories}
    rows = old.get("budget_items", ())
    group = comparison_key(candidate.group)
    stood = {comparison_key(_text(r["category"])) for r in rows if group and comparison_key(_text(r["group"])) == group}
    if not stood:
        of_candidate = set(candidate.items)
        items = {
            comparison_key(_text(r["name"])) for r in tables.get("budget_items", ()) if r["item_id"] in of_candidate
        }
        stood = {comparison_key(_text(r["category"])) for r in rows if comparison_key(_text(r["name"])) in items}
    return by_name.get(next(iter(stood))) if len(stood) == 1 else None


@dataclass(frozen=True, slots=True)
class _Ledger:
    """What each category can hold, what surely stands in it, and what each open group surely adds."""

    upper: Mapping[tuple[str, _Figure], Decimal]
    fixed: Mapping[tuple[str, _Figure], Decimal]
    added: Sequence[Mapping[_Figure, Decimal]]

    def allows(self, chosen: Iterable[tuple[int, str]]) -> bool:
        """Whether no category's items exceed it when the open groups (by index) stand under the categories chosen."""
        sums: dict[tuple[str, _Figure], Decimal] = {}
        for index, category in chosen:
            for figure, lower in self.added[index].items():
                key = category, figure
                sums[key] = sums.get(key, self.fixed.get(key, Decimal(0))) + lower
        return all(lower <= self.upper.get(key, lower) for key, lower in sums.items())


def _ledger(tables: Tables, candidates: Sequence[Candidate]) -> _Ledger:
    open_items = {item: index for index, candidate in enumerate(candidates) for item in candidate.items}
    category_of = {_text(r["item_id"]): _text(r["category_id"]) for r in tables.get("budget_items", ())}
    parent_of = {_text(r["item_id"]): _text(r["parent_item_id"]) for r in tables.get("budget_items", ())}
    amounts = tables.get("budget_amounts", ())
    stated = {(_text(r["subject_id"]), _figure(r)) for r in amounts if r["subject_type"] == "item"}
    upper: dict[tuple[str, _Figure], Decimal] = {}
    fixed: defaultdict[tuple[str, _Figure], Decimal] = defaultdict(Decimal)
    added: list[defaultdict[_Figure, Decimal]] = [defaultdict(Decimal) for _ in candidates]
    shared: set[str] = set()
    for row in amounts:
        subject, figure = _text(row["subject_id"]), _figure(row)
        if row["subject_type"] == "category":
            upper[subject, figure] = _decimal(row["upper"])
        if row["subject_type"] != "item" or (parent_of.get(subject, ""), figure) in stated:
            continue  # what stands under an item that has an amount of its own is a part of that
        several = _text(row.get("shared_amount_id"))
        if several and several in shared:
            continue
        shared.add(several)
        if subject in open_items:
            if row["lower"]:
                added[open_items[subject]][figure] += _decimal(row["lower"])
        else:
            fixed[category_of.get(subject, ""), figure] += _decimal(row["lower"])
    return _Ledger(upper, fixed, added)


def _possible(
    candidates: Sequence[Candidate], options: Sequence[Sequence[str]], ledger: _Ledger
) -> list[tuple[str, ...]]:
    """The categories of each group that occur in an assignment of all groups which the totals allow."""
    count = 1
    for choices in options:
        count *= max(1, len(choices))
    if count > MOST_ASSIGNMENTS:
        return [tuple(c for c in choices if ledger.allows([(i, c)])) for i, choices in enumerate(options)]
    found: list[set[str]] = [set() for _ in candidates]
    for chosen in itertools.product(*options):
        if ledger.allows(enumerate(chosen)):
            for index, category in enumerate(chosen):
                found[index].add(category)
    return [tuple(c for c in choices if c in found[i]) for i, choices in enumerate(options)]


def _figure(row: Row) -> _Figure:
    return _text(row["budget"]), row["fiscal_year"], _text(row["currency"])


def _decimal(value: object) -> Decimal:
    return value if isinstance(value, Decimal) else Decimal(_text(value) or "0")


def _edition(tables: Tables | None) -> str:
    return "no edition" if tables is None else "edition " + _text(tables["editions"][0]["edition"])


def _text(value: object) -> str:
    return "" if value is None else str(value)


def _slug(text: str) -> str:
    return re.sub(r"\W+", "-", fold(text).casefold()).strip("-")[:60].rstrip("-")
