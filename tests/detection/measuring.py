"""Counting: how many planted faults of each kind the checks find, and how often they name the culprit first."""

from __future__ import annotations

import textwrap
from dataclasses import dataclass
from fractions import Fraction
from random import Random
from typing import TYPE_CHECKING

from tests.detection.decks import Deck, Outcome, checked, failed, reread
from tests.detection.faults import KINDS, plant
from tests.detection.oracle import Budget, contradictions, missing_of, sheet_of, told

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from pipeline.model import Box, Check, Place, Row
    from tests.detection.what_was_read import Fault

ARITHMETIC = frozenset({"sum", "same_figure", "bar_height", "pinned"})
"""The kinds of checks that look at the figures alone."""


WIDTH = 124
"""Of the lines below the table."""

COLUMNS = (
    "kind of fault",
    "planted",
    "arithmetically detectable",
    "of these detected",
    "culprit can be told",
    "of these named first",
    "caught by any check",
)


@dataclass(frozen=True)
class Finding:
    """One planted fault and what was found of it."""

    deck: str
    kind: str
    description: str
    detectable: bool
    detected: bool
    can_be_told: bool
    named_first: bool
    caught: bool


def measure(decks: Sequence[Deck], seed: int, each: int) -> list[Finding]:
    """`each` faults of every kind on every deck, from one seed."""
    return [
        examine(deck, fault)
        for deck in decks
        for kind in KINDS
        for fault in plant(deck, kind, Random(f"{seed}/{deck.name}/{kind}"), each)  # noqa: S311 - a sample
    ]


def examine(deck: Deck, fault: Fault) -> Finding:
    """Plant it, run everything behind it, ask the oracle and the checks."""
    outcome = _outcome(deck, fault)
    if outcome.refused:
        return Finding(deck.name, fault.kind, fault.description, False, False, False, False, True)
    sheet = sheet_of(outcome.tables, pins_of(deck))
    against = [c for c in failed(outcome.checks) if c.kind in ARITHMETIC]
    detectable = bool(contradictions(sheet))
    culprits = _culprits(fault, deck, outcome)
    can_be_told = False
    if detectable:
        missing = missing_of(deck.tables, outcome.tables) if fault.kind == "row dropped" else []
        able = told(sheet, missing)
        can_be_told = bool(able) and able <= culprits
    return Finding(
        deck.name,
        fault.kind,
        fault.description,
        detectable,
        bool(against),
        can_be_told,
        bool(against) and _names(against, culprits, fault),
        any(failed(outcome.checks)),
    )


def pins_of(deck: Deck) -> dict[Budget, Fraction]:
    """The figures that the manifest pins for a deck, by fiscal year and budget."""
    pinned = deck.source.pinned if deck.source else ()
    return {(p.fiscal_year, p.budget): Fraction(p.value) for p in pinned}


def _outcome(deck: Deck, fault: Fault) -> Outcome:
    if fault.document is not None:
        return reread(deck, fault.document)
    return checked(deck, deck.recognised, fault.readings or ())


def _culprits(fault: Fault, deck: Deck, outcome: Outcome) -> set[tuple[str, str]]:
    """The rows of money whose evidence stands where the fault is; of a dropped row those that it had."""
    tables = deck.tables if fault.kind == "row dropped" else outcome.tables
    page, box = fault.at
    return {
        (str(e["table"]), str(e["key"]))
        for e in tables["evidence"]
        if e["field"] == "value" and e["page"] == page and _covers(e, box)
    } | _fellows(fault, tables)


def _fellows(fault: Fault, tables: dict[str, list[Row]]) -> set[tuple[str, str]]:
    """A fault of a whole row is that of each of its amounts: those of the item whose amount or name stands there."""
    if fault.kind not in ("row dropped", "row doubled", "category swapped"):
        return set()
    page, box = fault.at
    here = [e for e in tables["evidence"] if e["page"] == page and _covers(e, box)]
    subjects = {str(e["key"]) for e in here if e["table"] == "budget_items"}
    subjects |= {str(e["key"]).split("/", 1)[1].rpartition("/")[0] for e in here if e["table"] == "budget_amounts"}
    return {
        ("budget_amounts", f"{r['subject_type']}/{r['subject_id']}/{r['budget']}")
        for r in tables["budget_amounts"]
        if str(r["subject_id"]) in subjects
    }


def _covers(evidence: Row, box: Box) -> bool:
    x0, top, x1, bottom = (float(str(evidence[edge])) for edge in ("x0", "top", "x1", "bottom"))
    across = min(x1, box.x1) - max(x0, box.x0)
    down = min(bottom, box.bottom) - max(top, box.top)
    return across > 0 and down > 0 and across * down > 0.5 * (x1 - x0) * (bottom - top)


def _names(against: Sequence[Check], culprits: set[tuple[str, str]], fault: Fault) -> bool:
    """Whether the first suspect of the first failed check that has any is the culprit."""
    first = next((check.suspects[0] for check in against if check.suspects), None)
    return first is not None and (_identity(first) in culprits or _points_at(first, fault))


def _identity(place: Place) -> tuple[str, str]:
    return place.table, place.key


def _points_at(place: Place, fault: Fault) -> bool:
    """A row that is gone has no key; its suspect says where its amount stands."""
    page, box = fault.at
    return not place.key and f"page {page} at {box.x0:.0f}, {box.top:.0f} " in place.reason


@dataclass(frozen=True)
class Claims:
    """What is claimed of all findings: shares of 1, and the findings that fall short of each claim."""

    detected: Fraction
    named_first: Fraction
    caught: Fraction
    undetected: tuple[Finding, ...]
    misnamed: tuple[Finding, ...]
    uncaught: tuple[Finding, ...]


def claims(findings: Sequence[Finding]) -> Claims:
    """Shares of what is detectable that is detected, of what can be told that is named first, of all that is caught."""
    detectable = [f for f in findings if f.detectable]
    told_apart = [f for f in detectable if f.can_be_told]
    undetected = tuple(f for f in detectable if not f.detected)
    misnamed = tuple(f for f in told_apart if not f.named_first)
    uncaught = tuple(f for f in findings if not f.caught)
    return Claims(
        1 - Fraction(len(undetected), max(1, len(detectable))),
        1 - Fraction(len(misnamed), max(1, len(told_apart))),
        1 - Fraction(len(uncaught), max(1, len(findings))),
        undetected,
        misnamed,
        uncaught,
    )


def table(findings: Sequence[Finding]) -> str:
    """The counts as a Markdown table, a row a kind and one for all of them."""
    lines = [f"| {' | '.join(COLUMNS)} |", f"| --- |{' ---: |' * (len(COLUMNS) - 1)}"]
    for kind in (*KINDS, "all"):
        of_kind = [f for f in findings if kind in (f.kind, "all")]
        lines.append(f"| {kind} | {' | '.join(str(n) for n in _counts(of_kind))} |")
    return "\n".join(lines)


def _counts(findings: Sequence[Finding]) -> Iterable[int]:
    detectable = [f for f in findings if f.detectable]
    told_apart = [f for f in detectable if f.can_be_told]
    yield len(findings)
    yield len(detectable)
    yield sum(f.detected for f in detectable)
    yield len(told_apart)
    yield sum(f.named_first for f in told_apart)
    yield sum(f.caught for f in findings)


def report(findings: Sequence[Finding], sample: str) -> str:
    """The table, and below it what it says of all kinds together; `sample` says what was planted."""
    found = claims(findings)
    detectable = sum(f.detectable for f in findings)
    can_be_told = sum(f.detectable and f.can_be_told for f in findings)
    sentence = (
        f"{sample} Of {detectable} faults that the figures contradict, {_percent(found.detected)} are detected by arithmetic "
        f"alone; of {can_be_told} whose culprit can be told, {_percent(found.named_first)} have it named first (of all that are "
        f"detectable, {_percent(_share(findings))}); of all {len(findings)}, {_percent(found.caught)} are caught."
    )
    return f"{table(findings)}\n\n{textwrap.fill(sentence, WIDTH)}"


def _share(findings: Sequence[Finding]) -> Fraction:
    """Of all detectable faults, told apart or not, those whose culprit is named first."""
    detectable = [f for f in findings if f.detectable]
    return Fraction(sum(f.named_first for f in detectable), max(1, len(detectable)))


def _percent(share: Fraction) -> str:
    """Rounded down, so that only all is 100 %."""
    tenths = int(share * 1000)
    return f"{tenths // 10}.{tenths % 10} %" if share < 1 else "100 %"
