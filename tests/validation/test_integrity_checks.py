"""What holds for every deck: keys, types, words, the ownership of amounts and the evidence are checked on the page."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from deck_tables import Tables, amount, item, slides

from pipeline.model import Box, Check, Document, Glyph, Page, Row, Word
from pipeline.table_schemas import load_table_schemas
from pipeline.validation import MoneyExpression, validate
from pipeline.validation.amounts_owned import amount_checks
from pipeline.validation.evidence_inside import evidence_checks


def word(number: int, text: str, x0: float, top: float) -> Word:
    """A word whose characters are 5 points wide and 8 high."""
    glyphs = tuple(Glyph(c, Box(x0 + 5 * n, top, x0 + 5 * n + 5, top + 8)) for n, c in enumerate(text))
    box = Box(x0, top, x0 + 5 * len(text), top + 8)
    return Word(number, text, box, glyphs, "Font", 8.0, bold=False, colour=None, baseline=top + 6, spaced=True)


WORDS = (
    word(1, "Audit", 10, 20),
    word(2, "4.0", 100, 20),
    word(3, "million", 120, 20),
    word(4, "Screening", 10, 40),
    word(5, "7.3", 100, 40),
    word(6, "million", 120, 40),
)
PAGE = Page(4, 300, 200, WORDS)
DOCUMENT = Document("deck.pdf", "0" * 64, (PAGE,), "", "", "")
FIRST = MoneyExpression(4, (Box(100, 20, 155, 28),), "4.0 million")
SECOND = MoneyExpression(4, (Box(100, 40, 155, 48),), "7.3 million")


def proof(key: str, box: Box, printed: str, field: str = "printed", table: str = "budget_amounts") -> Row:
    """One row of `evidence`."""
    edges = {e: Decimal(str(getattr(box, e))) for e in ("x0", "top", "x1", "bottom")}
    return {"table": table, "key": key, "field": field, "part": 0, "page": 4, **edges, "printed": printed}


def tables() -> Tables:
    """Two items with an amount each, with evidence for both."""
    return {
        "slides": [{**slides({4: "major_budgets"})[0], "words": 6, "words_used": 4, "words_furniture": 2}],
        "budget_categories": [{"category_id": "safety", "page": 4, "category": "Safety", "position": 0}],
        "budget_items": [item("audit", "safety"), item("screening", "safety")],
        "budget_amounts": [
            amount("item", "audit", "initial", 2025, "4.0 million"),
            amount("item", "screening", "initial", 2025, "7.3 million"),
        ],
        "evidence": [
            proof("item/audit/initial", FIRST.boxes[0], "4.0 million"),
            proof("item/screening/initial", SECOND.boxes[0], "7.3 million"),
        ],
    }


def by_id(checks: Any) -> dict[str, Check]:
    """The checks by their ids."""
    return {check.check_id: check for check in checks}


def money(page: Page) -> tuple[MoneyExpression, ...]:
    """The amounts on the page."""
    return (FIRST, SECOND) if page.number == 4 else ()


def test_sound_deck_passes_every_check_in_a_stable_order() -> None:
    """All kinds of checks run, all are consistent, and two runs give the same checks."""
    schemas = load_table_schemas()
    checks = validate(tables(), (), (), DOCUMENT, money, schemas)
    assert [c.message for c in checks if c.verdict != "consistent"] == []
    assert {c.kind for c in checks} == {"words", "keys", "types", "amounts_owned", "evidence_inside"}
    assert len({c.check_id for c in checks}) == len(checks)
    assert checks == validate(tables(), (), (), DOCUMENT, money, schemas)


@pytest.mark.parametrize(
    ("table", "change", "words"),
    [
        ("budget_items", {"item_id": "screening"}, "stands 2 times"),
        ("budget_items", {"category_id": "elsewhere"}, "no row of budget_categories"),
        ("budget_items", {"parent_item_id": "nobody"}, "no row of budget_items"),
        ("budget_amounts", {"subject_id": "nobody"}, "no row of budget_items"),
        ("budget_amounts", {"budget": None}, "primary key is empty"),
    ],
)
def test_wrong_key_is_inconsistent(table: str, change: Row, words: str) -> None:
    """A key that repeats, is empty or finds no row fails the check of its table, and the row is named."""
    deck = tables()
    deck[table][0].update(change)
    check = by_id(validate(deck, (), schemas=load_table_schemas()))[f"keys/{table}"]
    assert check.verdict == "inconsistent"
    assert words in check.suspects[0].reason


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"value": 4000000.0}, "not of type number"),
        ({"fiscal_year": "2025"}, "not of type year"),
        ({"is_part_of": 1}, "not of type boolean"),
        ({"fiscal_year": True}, "not of type year"),
        ({"currency": "dollar"}, "does not have the form"),
        ({"budget": "extra"}, "is none of"),
        ({"currency": None}, "required"),
        ({"surplus": "x"}, "does not have"),
        ({"value": Decimal(9000000)}, "not between the bounds"),
    ],
)
def test_wrong_cell_is_inconsistent(change: dict[str, Any], words: str) -> None:
    """A cell of another type, outside its constraints, or a value outside its own bounds fails the check of types."""
    deck = tables()
    deck["budget_amounts"][0].update(change)
    check = by_id(validate(deck, (), schemas=load_table_schemas()))["types/budget_amounts"]
    assert check.verdict == "inconsistent"
    assert words in check.suspects[0].reason


@pytest.mark.parametrize(
    ("counts", "verdict"),
    [((10, 7, 3, 0), "consistent"), ((10, 7, 2, 1), "inconsistent"), ((10, 7, 2, 0), "inconsistent")],
)
def test_words_are_conserved(counts: tuple[int, int, int, int], verdict: str) -> None:
    """Used, furniture and left over make all words, and nothing may be left over."""
    deck = tables()
    columns = ("words", "words_used", "words_furniture", "words_unaccounted")
    deck["slides"][0].update(dict(zip(columns, counts, strict=True)))
    deck["residue"] = [{"page": 4, "text": "stray"}] if counts[3] else []
    check = by_id(validate(deck, ()))["words/page-4"]
    assert check.verdict == verdict
    assert ('"stray"' in check.message) == bool(counts[3])


def owned(deck: Tables) -> Check:
    """The check of page 4."""
    (check,) = amount_checks(deck, DOCUMENT, money)
    return check


def test_amount_that_no_record_owns_is_inconsistent() -> None:
    """An amount whose record is gone, or that a name swallowed, belongs to nobody."""
    deck = tables()
    del deck["evidence"][1]
    assert owned(deck).verdict == "inconsistent"
    assert '"7.3 million"' in owned(deck).message
    deck["evidence"].append(proof("screening", Box(10, 40, 155, 48), "Screening 7.3 million", "name", "budget_items"))
    assert owned(deck).verdict == "inconsistent"


def test_amount_in_prose_belongs_to_the_text() -> None:
    """An amount in a note or a statement needs no record of its own."""
    deck = tables()
    del deck["evidence"][1]
    deck["evidence"].append(proof("note-1", Box(10, 40, 155, 48), "Screening 7.3 million", "text", "notes"))
    assert owned(deck).verdict == "consistent"


def test_amount_with_two_owners_is_inconsistent_unless_they_share_it() -> None:
    """Two records that claim one amount were read twice, unless the slide gives it to both."""
    deck = tables()
    deck["evidence"].append(proof("item/screening/initial", FIRST.boxes[0], "4.0 million", "value"))
    assert owned(deck).verdict == "inconsistent"
    assert len(owned(deck).suspects) == 2
    for row in deck["budget_amounts"]:
        row["shared_amount_id"] = "brace"
    assert owned(deck).verdict == "consistent"


def test_one_record_may_point_at_its_amount_by_several_fields() -> None:
    """Evidence for the value and for the printed words of one row is one owner; so is an amount over two lines."""
    deck = tables()
    deck["evidence"].append(proof("item/audit/initial", FIRST.boxes[0], "4.0 million", "value"))
    assert owned(deck).verdict == "consistent"
    broken = MoneyExpression(4, (Box(100, 20, 115, 28), Box(120, 40, 155, 48)), "4.0 million")
    deck["evidence"] = [
        proof("item/audit/initial", Box(100, 20, 115, 28), "4.0"),
        {**proof("item/audit/initial", Box(120, 40, 155, 48), "million"), "part": 1},
    ]
    (check,) = amount_checks(deck, DOCUMENT, lambda _: (broken,))
    assert check.verdict == "consistent"


@pytest.mark.parametrize(
    ("box", "printed", "words"),
    [
        (Box(100, 20, 155, 28), "4.1 million", 'in the box stands "4.0million"'),
        (Box(100, 20, 115, 28), "4.0 million", 'in the box stands "4.0"'),
        (Box(100, 60, 155, 68), "4.0 million", 'in the box stands ""'),
        (Box(100, 20, 301, 28), "4.0 million", "leaves the page"),
    ],
)
def test_evidence_that_the_page_does_not_show_is_inconsistent(box: Box, printed: str, words: str) -> None:
    """Another digit, a box that is too small, elsewhere or beyond the page's edge is found."""
    deck = tables()
    deck["evidence"][0] = proof("item/audit/initial", box, printed)
    (check,) = evidence_checks(deck, DOCUMENT)
    assert check.verdict == "inconsistent"
    assert words in check.suspects[0].reason


def test_evidence_on_a_page_that_is_not_there_is_inconsistent() -> None:
    """Evidence cannot point at a page that the document does not have."""
    deck = tables()
    deck["evidence"][0]["page"] = 12
    checks = by_id(evidence_checks(deck, DOCUMENT))
    assert checks["evidence_inside/page-12"].verdict == "inconsistent"
    assert checks["evidence_inside/page-4"].verdict == "consistent"


def test_evidence_is_compared_without_spaces_and_ligatures() -> None:
    """A ligature on the page is the letters it stands for; spaces are not drawn."""
    page = Page(4, 300, 200, (word(1, "\ufb01eld", 10, 20), word(2, "work", 40, 20)))
    deck: Tables = {"evidence": [proof("audit", Box(10, 20, 60, 28), "field  work", "name", "budget_items")]}
    (check,) = evidence_checks(deck, Document("deck.pdf", "0" * 64, (page,), "", "", ""))
    assert check.verdict == "consistent"
