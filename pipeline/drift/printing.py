"""Marks and units never seen, headings with nothing under them, and amounts without a reading."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pipeline.drift.finding import Finding, Tables, counted, name_of, text
from pipeline.language.folding import comparison_key, fold
from pipeline.model import Place

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pipeline.profiles import Profile
    from pipeline.records import SlideReading

EMPTY_HEADING = "heading without"
"""How the reasons begin for which extractors set a heading aside that has nothing under it."""

_AFTER_NUMBER = re.compile(r".*\d[\d.,]*\s*(?P<unit>[^\d]*)$", re.DOTALL)
_BRACKETED = re.compile(
    r"\[[^\[\]]{1,20}\]|［[^［］]{1,20}］|【[^【】]{1,20}】|〔[^〔〕]{1,20}〕|<[^<>]{1,20}>|《[^《》]{1,20}》"
)


def mark_findings(new: Tables, old: Tables | None, profile: Profile) -> Iterator[Finding]:
    """Marks that nothing knows, known ones that stand nowhere any more, and those printed otherwise."""
    known = {comparison_key(mark) for mark in profile.marks.of_items}
    seen = _bracketed(old) if old is not None else {}
    for mark, rows in _bracketed(new).items():
        if mark not in seen and comparison_key(mark) not in known:
            message = f"{mark} stands at {counted(len(rows), 'item')}; the profile knows no such mark" + (
                f" and {name_of(old)} has none." if old is not None else "."
            )
            yield Finding("mark never seen", mark, message, False, tuple(rows))
    for flag in ("is_new", "is_ai_safety"):
        yield from _printed_marks(new, old, flag)


def _printed_marks(new: Tables, old: Tables | None, flag: str) -> Iterator[Finding]:
    if old is None or not new.get("budget_items"):
        return
    before = sum(bool(row[flag]) for row in old.get("budget_items", ()))
    now = sum(bool(row[flag]) for row in new["budget_items"])
    printed, was_printed = _as_printed(new, flag), _as_printed(old, flag)
    if before and not now:
        looks = " or ".join(was_printed) or flag
        message = f"No item bears the mark for {flag} ({looks}); in {name_of(old)} {counted(before, 'item')} did."
        yield Finding("mark gone", flag, message, sure=False)
    for mark in printed:
        if was_printed and mark not in was_printed:
            message = f"The mark for {flag} is printed {mark}; in {name_of(old)} it is {' or '.join(was_printed)}."
            yield Finding("mark printed otherwise", flag, message)


def _as_printed(tables: Tables, flag: str) -> list[str]:
    rows = (r for r in tables.get("evidence", ()) if r["table"] == "budget_items" and r["field"] == flag)
    return sorted({fold(text(row["printed"])) for row in rows})


def _bracketed(tables: Tables) -> dict[str, list[Place]]:
    """What stands in square or angle brackets at either end of items' names, folded; round ones hold abbreviations."""
    found: dict[str, list[Place]] = {}
    for row in tables.get("budget_items", ()):
        name = text(row["name"])
        for match in _BRACKETED.finditer(name):
            if not name[: match.start()].strip() or not name[match.end() :].strip():
                place = Place("budget_items", text(row["item_id"]), "bears the mark")
                found.setdefault(fold(match.group()), []).append(place)
    return found


def unit_findings(new: Tables, old: Tables, profile: Profile) -> Iterator[Finding]:
    """Units and currencies that `old` does not have. They were read: a unit that is unknown makes no amount."""
    seen = _units_of(old, profile)
    for unit, printed in _units_of(new, profile).items():
        if seen and unit not in seen:
            message = f"Amounts are printed in {unit!r} ({printed[0]!r}), a unit that {name_of(old)} does not use."
            yield Finding("unit never seen", unit, message)
    currencies = {text(row["currency"]) for row in old.get("budget_amounts", ())}
    for currency in sorted({text(row["currency"]) for row in new.get("budget_amounts", ())} - currencies):
        if currencies:
            message = f"Amounts are in {currency}; those of {name_of(old)} are in {', '.join(sorted(currencies))}."
            yield Finding("currency never seen", currency, message)


def _units_of(tables: Tables, profile: Profile) -> dict[str, list[str]]:
    """The words behind the number in every amount as printed; "a part of" has words of its own behind it in Japanese."""
    found: dict[str, list[str]] = {}
    for table in ("budget_amounts", "stated_figures"):
        for row in tables.get(table, ()):
            printed = fold(text(row["printed"]))
            match = _AFTER_NUMBER.match(printed)
            unit = match["unit"].casefold() if match and not row.get("is_part_of") else ""
            for word in profile.budgets.approximate:
                unit = unit.replace(fold(word).casefold(), "")
            if unit.strip(" .,)]）」】"):
                found.setdefault(unit.strip(" .,)]）」】"), []).append(printed)
    return found


def empty_heading_findings(new: Tables, readings: Sequence[SlideReading]) -> Iterator[Finding]:
    """Headings that have nothing under them; named where there are `readings`."""
    for reading in readings:
        for furniture in reading.furniture:
            if furniture.reason.startswith(EMPTY_HEADING):
                heading = furniture.passage.text
                message = f"Page {reading.page}: nothing was read under the heading {heading!r}."
                yield Finding("heading with nothing under it", heading, message, sure=False)
    if readings:
        return
    for row in new.get("slides", ()):
        if EMPTY_HEADING in text(row.get("furniture")):
            message = f"Page {row['page']}: nothing was read under one of the headings."
            place = Place("slides", text(row["page"]), "has a heading with nothing under it")
            yield Finding("heading with nothing under it", f"page {row['page']}", message, False, (place,))


def amount_findings(new: Tables, old: Tables, profile: Profile) -> Iterator[Finding]:
    """Items whose amount is gone, and names that seem to hold one."""
    with_amount, had_amount = _subjects(new), _subjects(old)
    umbrellas = {row["parent_item_id"] for row in new.get("budget_items", ())}
    units = sorted({*_units_of(old, profile), *_units_of(new, profile)})
    words = sorted({re.escape(word) for unit in units for word in unit.split() if len(word) > 1})
    money = re.compile(rf"\d\s*(?:{'|'.join(words)})", re.IGNORECASE) if words else None
    for row in new.get("budget_items", ()):
        key, name = text(row["item_id"]), text(row["name"])
        places = (Place("budget_items", key, "has no amount"),)
        if money is not None and money.search(fold(name)):
            message = f"{name!r} seems to hold an amount that was not read as one."
            yield Finding("amount without a reading", key, message, False, places)
        elif key not in with_amount and key in had_amount and row["item_id"] not in umbrellas:
            message = f"No amount was read for {name!r}; {name_of(old)} has {had_amount[key]!r}."
            yield Finding("amount without a reading", key, message, False, places)


def _subjects(tables: Tables) -> dict[str, str]:
    return {
        text(row["subject_id"]): text(row["printed"])
        for row in tables.get("budget_amounts", ())
        if row["subject_type"] == "item"
    }
