"""A value that changes when tolerances are moved is undetermined and listed; nothing else is."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from pipeline.model import Box, Check, Glyph, Row, Word
from pipeline.passage import Passage, of_words
from pipeline.records import Printed, Record, Reference, SlideReading
from pipeline.validation.stability import Repeat, stability_checks

if TYPE_CHECKING:
    from deck_tables import Tables

SMALLER = "every tolerance 10% smaller"


def passage(text: str, x0: float, top: float) -> Passage:
    """Words on one line whose characters are 5 points wide and 8 high."""
    words = []
    for n, part in enumerate(text.split()):
        glyphs = tuple(Glyph(c, Box(x0 + 5 * i, top, x0 + 5 * i + 5, top + 8)) for i, c in enumerate(part))
        box = Box(x0, top, x0 + 5 * len(part), top + 8)
        words.append(Word(n, part, box, glyphs, "F", 8.0, bold=False, colour=None, baseline=top + 6, spaced=True))
        x0 += 5 * len(part) + 3
    return of_words(4, words)


def record(number: int, name: str, top: float, *, x0: float = 10, **more: Any) -> Record:
    """A budget item named so."""
    return Record(number, "budget_items", 4, {"name": Printed(passage(name, x0, top)), "position": number, **more})


def reading(*records: Record, kind: str = "major_budgets") -> SlideReading:
    """One slide with these records."""
    return SlideReading(4, kind, "Budgets", records)


def tables(*rows: tuple[str, float]) -> Tables:
    """The evidence for items with these keys at these heights."""
    evidence: list[Row] = []
    for key, top in rows:
        edges = {"x0": Decimal("10.00"), "top": Decimal(f"{top:.2f}"), "x1": Decimal("60.00"), "bottom": Decimal(0)}
        evidence.append({"table": "budget_items", "key": key, "field": "name", "part": 0, "page": 4, **edges})
    return {"evidence": evidence}


def check(before: SlideReading, *after: SlideReading, **evidence: float) -> Check:
    """The check of the page, with each of `after` a reading under moved tolerances."""
    repeats = [Repeat(SMALLER if n == 0 else f"move {n}", (r,)) for n, r in enumerate(after)]
    (found,) = stability_checks([before], repeats, tables(*evidence.items()))
    return found


def test_the_same_reading_is_consistent() -> None:
    """Where every repeated reading says the same, the check passes and says how much was compared, and how often."""
    before = reading(record(1, "Audit of models", 20), record(2, "Screening", 40))
    found = check(before, reading(record(1, "Audit of models", 20), record(2, "Screening", 40)), before)
    assert found.verdict == "consistent"
    assert "2 values of 2 rows were read 2 more times" in found.message


def test_a_value_that_changes_is_listed_with_both_readings() -> None:
    """The row, the field, both values, the place and what was moved are named, and the row has its key."""
    found = check(
        reading(record(1, "Audit of models", 20), record(2, "Screening", 40)),
        reading(record(1, "Audit of", 20), record(2, "Screening", 40)),
        audit=20,
        screening=40,
    )
    assert found.verdict == "undetermined"
    (place,) = found.suspects
    assert (place.table, place.key) == ("budget_items", "audit")
    assert place.reason == (
        f'"Audit of models" (page 4 at 10.00, 20.00): name: "Audit of models" becomes "Audit of" with {SMALLER}'
    )
    assert place.reason in found.message


def test_rows_are_compared_by_what_they_say_and_not_by_their_order() -> None:
    """A row that is lost is one change: those behind it have other numbers and positions, and are the same rows."""
    found = check(
        reading(record(1, "Audit", 20), record(2, "Screening", 40), record(3, "Evaluation", 60)),
        reading(record(1, "Screening", 40), record(2, "Evaluation", 60)),
        audit=20,
    )
    assert [(p.key, p.reason) for p in found.suspects] == [
        ("audit", f'"Audit" (page 4 at 10.00, 20.00): the row is lost with {SMALLER}')
    ]


def test_a_row_that_appears_is_listed() -> None:
    """Two rows for one: the one that shares most of its characters changes, the other one is new."""
    found = check(
        reading(record(1, "Audit of models", 20)),
        reading(record(1, "Audit", 20), record(2, "of models", 20, x0=38)),
    )
    changed, new = found.suspects
    assert 'name: "Audit of models" becomes "of models"' in changed.reason
    assert new.reason.startswith('"Audit" (page 4 at 10.00, 20.00): a row appears')


def test_the_same_words_from_another_place_are_a_change() -> None:
    """Two rows whose amounts are exchanged say the same words; where they were read tells them apart."""
    one, two = Printed(passage("4.0", 100, 20), Decimal(4)), Printed(passage("4.0", 100, 40), Decimal(4))
    found = check(
        reading(record(1, "Audit", 20, value=one), record(2, "Screening", 40, value=two)),
        reading(record(1, "Audit", 20, value=two), record(2, "Screening", 40, value=one)),
    )
    assert len(found.suspects) == 2
    assert all("value: 4 is read from another place" in p.reason for p in found.suspects)


def test_a_reference_is_compared_by_the_row_it_names() -> None:
    """Another parent is a change of the child; another number of the same parent, or another wording of it, is not."""
    before = reading(record(1, "Audit", 20), record(2, "Screening", 40), record(3, "Logs", 60, parent=Reference(1)))
    renumbered = reading(record(7, "Audit", 20), record(8, "Screening", 40), record(9, "Logs", 60, parent=Reference(7)))
    assert check(before, renumbered).verdict == "consistent"
    moved = reading(record(1, "Audit", 20), record(2, "Screening", 40), record(3, "Logs", 60, parent=Reference(2)))
    (place,) = check(before, moved).suspects
    assert 'parent: "Audit" becomes "Screening"' in place.reason


def test_a_slide_of_another_kind_and_a_reading_that_fails_are_said() -> None:
    """What the slide is taken for is compared as well, and an extraction that breaks under a move is no agreement."""
    other = check(reading(record(1, "Audit", 20)), reading(record(1, "Audit", 20), kind="budget_trend"))
    assert 'kind: "major_budgets" becomes "budget_trend"' in other.suspects[0].reason
    (failed,) = stability_checks([reading(record(1, "Audit", 20))], [Repeat(SMALLER, failure="IndexError: 0")], {})
    assert failed.verdict == "undetermined"
    assert "IndexError" in failed.message


def test_one_change_under_several_moves_is_listed_once() -> None:
    """What several moves do alike is one line that says so."""
    before = reading(record(1, "Audit of models", 20))
    found = check(before, reading(record(1, "Audit", 20)), before, reading(record(1, "Audit", 20)))
    (place,) = found.suspects
    assert place.reason.endswith(f"with {SMALLER}, and with 1 other move of them")
