"""Words, amounts and evidence are conserved: each check fails when the thing that it guards against is done once."""

from __future__ import annotations

import copy
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from pipeline.model import Box, Document, Page
from pipeline.normalising.accounting import shown_part
from pipeline.passage import of_words
from pipeline.reading.lattice import lattice_cells
from pipeline.reading.pdf import read_document
from pipeline.records import Furniture, Printed, Record, SlideReading
from pipeline.run import Options, Workshop, read_edition
from pipeline.validation.evidence_inside import evidence_checks
from pipeline.validation.grid import Cell, grid_check
from pipeline.validation.one_place import one_place_checks
from pipeline.validation.words import word_checks
from tests.at_hand import DECKS, Editions
from tests.pdf_surgery import with_moved

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from pipeline.model import Check, Row, Word

Tables = dict[str, list["Row"]]
GRID_PAGE = 2
"""The page of the bill's ruled table."""


@pytest.fixture(scope="module")
def document() -> Document:
    """The 2025 document."""
    return read_document(DECKS["2025"][0])


@pytest.fixture
def tables(editions: Editions) -> Tables:
    """The tables of the 2025 edition, to be changed."""
    edition = editions["2025"].edition
    assert edition is not None
    return copy.deepcopy(dict(edition.tables))


def failed(checks: Sequence[Check]) -> dict[str, str]:
    """The subjects of the checks that are inconsistent, with their messages."""
    return {c.subject: c.message for c in checks if c.verdict == "inconsistent"}


def test_the_words_of_a_sound_deck_are_all_there(tables: Tables, document: Document) -> None:
    """Every slide has a check, and each passes with the words counted on the page anew."""
    checks = list(word_checks(tables, document))
    assert len(checks) == len(document.pages)
    assert failed(checks) == {}


def test_a_word_that_the_account_does_not_know_is_missed(tables: Tables, document: Document) -> None:
    """A page with one word more than the account has does not pass because the account adds up in itself."""
    page = document.pages[3]
    more = replace(page.words[0], number=len(page.words))
    pages = [*document.pages[:3], replace(page, words=(*page.words, more)), *document.pages[4:]]
    found = failed(list(word_checks(tables, replace(document, pages=tuple(pages)))))
    assert set(found) == {"page 4"}
    assert f"but the page has {len(page.words) + 1} words" in found["page 4"]


@pytest.mark.parametrize(
    ("table", "page"), [("budget_items", 4), ("budget_amounts", 4), ("policy_measures", 1), ("bill_provisions", 2)]
)
def test_a_row_that_is_dropped_after_its_words_were_counted_is_missed(
    table: str, page: int, tables: Tables, document: Document
) -> None:
    """Words that count as used must be seen in evidence: without the rows of a table they are not."""
    tables["evidence"] = [e for e in tables["evidence"] if e["table"] != table]
    found = failed(list(word_checks(tables, document)))
    assert set(found) == {f"page {page}"}
    assert "of those used" in found[f"page {page}"]


def test_a_word_that_nothing_takes_is_residue_and_named(tables: Tables, document: Document) -> None:
    """A word more on the page than the extractors know makes the account fail and is quoted."""
    slide = tables["slides"][3]
    slide["words_used"], slide["words_unaccounted"] = int(str(slide["words_used"])) - 1, 1
    tables["residue"] = [{"page": 4, "text": "stray"}]
    assert '"stray"' in failed(list(word_checks(tables, document)))["page 4"]


def words_of(document: Document, page: int, count: int) -> tuple[Word, ...]:
    """The first words of a page."""
    return document.pages[page - 1].words[:count]


def slide(document: Document, *fields: dict[str, Printed], furniture: tuple[Furniture, ...] = ()) -> SlideReading:
    """A reading of page 4 with one statement for each set of fields."""
    records = tuple(Record(n, "statements", 4, f) for n, f in enumerate(fields))
    return SlideReading(4, "prose", "", records, furniture)


def test_a_character_that_two_rows_claim_is_inconsistent(document: Document) -> None:
    """Two rows, two fields, or a row and the furniture: the characters are quoted with their place and their claims."""
    one, both = of_words(4, words_of(document, 4, 1)), of_words(4, words_of(document, 4, 2))
    text = {"text": Printed(both)}
    for reading, named in (
        (slide(document, text, {"text": Printed(one)}), "statements text and statements text"),
        (slide(document, {**text, "heading": Printed(one)}), "statements text and statements heading"),
        (slide(document, text, furniture=(Furniture(one, "title"),)), "statements text and furniture (title)"),
    ):
        (check,) = one_place_checks([reading])
        assert check.verdict == "inconsistent"
        assert f"{len(one.glyphs)} into several places" in check.message
        (place,) = check.suspects
        assert place.reason.startswith("page 4 at ")
        assert place.reason.endswith(f'"{one.raw}" is in {named}')


def test_a_heading_that_rows_take_over_is_claimed_once(document: Document) -> None:
    """Inherited fields point at the heading's words without claiming them; and what is nobody's is not in question here."""
    one = of_words(4, words_of(document, 4, 1))
    inherited = {"text": Printed(one, inherited=True)}
    (check,) = one_place_checks([slide(document, {"text": Printed(one)}, inherited, inherited)])
    assert check.verdict == "consistent"


@pytest.mark.parametrize("deck", ["2025", "2026", "2027"])
def test_every_character_of_a_sound_deck_went_to_one_place(deck: str, editions: Editions) -> None:
    """Each slide has the check, over all characters that were taken, and passes."""
    edition = editions[deck].edition
    assert edition is not None
    checks = [c for c in edition.checks if c.kind == "one_place"]
    assert len(checks) == len(edition.tables["slides"])
    assert failed(checks) == {}
    assert all(int(c.message.split()[2]) > 50 for c in checks)


def test_a_raised_number_is_read_where_it_stands_on_its_line(tables: Tables, document: Document) -> None:
    """Evidence is read again from left to right: a character set higher is a line of its own only to the words' numbers."""
    page = document.pages[3]
    row = next(e for e in tables["evidence"] if e["page"] == 4 and e["field"] == "name" and e["part"] == 0)
    box = Box(*(float(str(row[side])) for side in ("x0", "top", "x1", "bottom")))
    inside = [w for w in page.words if box.contains(w.box, 0.1)]
    last = inside[-1]
    renumbered = tuple(sorted(page.words, key=lambda w: (w is not last, w.number)))
    changed = replace(document, pages=(*document.pages[:3], replace(page, words=renumbered), *document.pages[4:]))
    assert failed(list(evidence_checks({"evidence": [row]}, changed))) == {}


def test_evidence_ends_at_the_edge_of_the_page() -> None:
    """Of text that runs over the page's edge the box has what is seen."""
    page = Page(1, 100, 50, ())
    assert shown_part(Box(-3, 10, 104, 20), page) == Box(0, 10, 100, 20)
    assert shown_part(Box(5, -1, 10, 51), page) == Box(5, 0, 10, 50)


def test_a_deck_whose_text_runs_over_the_edge_is_read_without_alarm(tmp_path: Path, editions: Editions) -> None:
    """A title that begins left of the page is evidence for the part that is seen, and no check fails."""
    edition = editions["2025"].edition
    assert edition is not None
    heading = min((e for e in edition.tables["evidence"] if e["page"] == 3), key=lambda e: float(str(e["x0"])))
    x0, top, x1, bottom = (float(str(heading[side])) for side in ("x0", "top", "x1", "bottom"))
    # Most of the first character is off the page, its middle as well.
    pdf = with_moved(DECKS["2025"][0].read_bytes(), 3, (0, top, x1, bottom), dx=-x0 - 0.4 * (bottom - top))
    path = tmp_path / "deck.pdf"
    path.write_bytes(pdf)
    found = read_edition(path, Workshop(Options(out=tmp_path, sources=tmp_path, edition="2025"))).edition
    moved = [e for e in found.tables["evidence"] if e["page"] == 3 and e["x0"] == 0]
    assert moved
    assert failed([c for c in found.checks if c.kind == "evidence_inside"]) == {}


def test_a_provision_in_another_cell_than_the_lattice_shows_is_inconsistent(tables: Tables, document: Document) -> None:
    """Camelot's grid of the bill agrees with the provisions as read, and not with two whose sections are exchanged."""
    cells = lattice_cells(DECKS["2025"][0], GRID_PAGE, document.pages[GRID_PAGE - 1].height)
    assert cells

    def cell_at(x: float, y: float) -> Cell | None:
        found = next((c for c in cells if c.holds(x, y)), None)
        return found and Cell(found.number, min(b.top for b in found.boxes), max(b.bottom for b in found.boxes))

    assert grid_check(tables, GRID_PAGE, cell_at).verdict == "consistent"
    assert grid_check(tables, GRID_PAGE, None).verdict == "undetermined"
    one, two = sections_exchanged(tables)
    check = grid_check(tables, GRID_PAGE, cell_at)
    assert check.verdict == "inconsistent"
    assert {one, two} <= {place.key for place in check.suspects}


def sections_exchanged(tables: Tables) -> tuple[str, str]:
    """The keys of two provisions that now claim each other's section, with the evidence for it."""
    rows = [r for r in tables["bill_provisions"] if r["page"] == GRID_PAGE and r["part"]]
    one, two = rows[0], next(r for r in rows if r["section"] != rows[0]["section"])
    one["section"], two["section"] = two["section"], one["section"]
    keys = {str(one["provision_id"]): str(two["provision_id"]), str(two["provision_id"]): str(one["provision_id"])}
    for e in tables["evidence"]:
        if e["table"] == "bill_provisions" and e["field"] == "section" and e["key"] in keys:
            e["key"] = keys[str(e["key"])]
    return str(one["provision_id"]), str(two["provision_id"])
