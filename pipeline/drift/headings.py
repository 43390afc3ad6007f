"""Headings in other words, and those of the deck's frame that came or went."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from rapidfuzz import fuzz

from pipeline.drift.finding import Finding, Tables, masked, name_of, same, text
from pipeline.language.folding import fold
from pipeline.model import Place

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

ALIKE = 0.75
"""Two headings this like (1: the same) are one heading, reworded."""

SHARED = 0.5
"""Two headings that have this part of what stands under them in common are one heading, whatever their words."""


@dataclass(frozen=True, slots=True)
class _Column:
    """Where headings stand: a table's column, and the column that names what stands under them.

    A heading of the deck's `frame` (its pillars, its categories) is reported when it comes or goes; programmes under
    other headings come and go every year.
    """

    noun: str
    table: str
    heading: str
    below: str
    frame: bool = False


_COLUMNS = (
    _Column("pillar", "policy_measures", "pillar", "text", frame=True),
    _Column("group of measures", "policy_measures", "group", "text"),
    _Column("category", "budget_items", "category", "name", frame=True),
    _Column("group of items", "budget_items", "group", "name"),
    _Column("part of the bill", "bill_provisions", "part", "text", frame=True),
    _Column("section of the bill", "bill_provisions", "section", "text", frame=True),
    _Column("heading", "statements", "heading", "text"),
    _Column("series of the chart", "budget_trend", "series", "budget", frame=True),
)

_KEYS = {
    "policy_measures": "measure_id",
    "budget_items": "item_id",
    "bill_provisions": "provision_id",
    "statements": "statement_id",
}


def heading_findings(new: Tables, old: Tables) -> Iterator[Finding]:
    """Headings that are another's new wording, and headings of the deck's frame that are new or gone."""
    for column in _COLUMNS:
        now, before = _under(new, column), _under(old, column)
        known, given = {masked(h) for h in before}, {masked(h) for h in now}
        fresh = [h for h in now if masked(h) not in known]
        gone = [h for h in before if masked(h) not in given]
        pairs = _paired(fresh, gone, now, before)
        for heading in fresh:
            rows = _first_row(new, column, heading)
            if heading in pairs:
                message = f"The {column.noun} {heading!r} is {pairs[heading]!r} in {name_of(old)}."
                yield Finding(f"reworded {column.noun}", heading, message, rows=rows)
            elif column.frame and before:
                message = f"The {column.noun} {heading!r} is not in {name_of(old)}."
                yield Finding(f"new {column.noun}", heading, message, rows=rows)
        for heading in gone:
            # Where the whole column is empty its slide is gone, which is said already.
            if column.frame and heading not in pairs.values() and new.get(column.table):
                message = f"The {column.noun} {heading!r} of {name_of(old)} is not in this edition."
                yield Finding(f"{column.noun} gone", heading, message)


def _under(tables: Tables, column: _Column) -> dict[str, set[str]]:
    """Each heading, in order, and comparable forms of what stands under it."""
    found: dict[str, set[str]] = {}
    for row in tables.get(column.table, ()):
        heading = text(row[column.heading])
        if heading:
            found.setdefault(heading, set()).add(masked(text(row[column.below])))
    return found


def _paired(
    fresh: Sequence[str], gone: Sequence[str], now: Mapping[str, set[str]], before: Mapping[str, set[str]]
) -> dict[str, str]:
    """Old wordings by new wordings: one-to-one, the likest first."""
    scores = []
    for i, heading in enumerate(fresh):
        for j, earlier in enumerate(gone):
            words = fuzz.token_sort_ratio(fold(heading).casefold(), fold(earlier).casefold()) / 100
            common = len(now[heading] & before[earlier])
            shared = common / min(len(now[heading]), len(before[earlier]))
            if words >= ALIKE or (common > 1 and shared >= SHARED):
                scores.append((-max(words, shared if common > 1 else 0.0), i, j))
    pairs: dict[str, str] = {}
    for _, i, j in sorted(scores):
        if fresh[i] not in pairs and gone[j] not in pairs.values():
            pairs[fresh[i]] = gone[j]
    return pairs


def _first_row(tables: Tables, column: _Column, heading: str) -> tuple[Place, ...]:
    key = _KEYS.get(column.table)
    if key is None:
        return ()
    first = next(row for row in tables[column.table] if row[column.heading] == heading)
    return (Place(column.table, text(first[key]), f"stands under {heading!r}"),)


def roster_findings(new: Tables, old: Tables) -> Iterator[Finding]:
    """Headings of rosters, which are told apart by the role of the bodies under them."""
    now, before = _roster_headings(new), _roster_headings(old)
    for role, heading in now.items():
        if role in before and not same(heading, before[role]):
            message = (
                f"The heading over those with the role {role!r} is {heading!r}; in {name_of(old)}: {before[role]!r}."
            )
            yield Finding("reworded roster heading", role, message)
    for role, heading in before.items():
        if role not in now and new.get("institute_organizations"):
            message = f"No heading was found over those with the role {role!r} ({heading!r} in {name_of(old)})."
            yield Finding("roster gone", role, message, sure=False)


def _roster_headings(tables: Tables) -> dict[str, str]:
    found: dict[str, str] = {}
    for row in tables.get("evidence", ()):
        if row["table"] == "institute_organizations" and row["field"] == "role":
            found.setdefault(text(row["key"]).rpartition("/")[2], text(row["printed"]))
    return found
