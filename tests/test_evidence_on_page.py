"""Every value can be pointed at: its box, cropped from the page by an independent reader, shows what it was read from."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from contextlib import closing
from typing import TYPE_CHECKING

import pypdfium2
import pytest

from pipeline.table_schemas import load_table_schemas
from tests.at_hand import DECKS, Editions

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pipeline.model import Edition, Row

EDITIONS = tuple(DECKS)

NOT_PRINTED: dict[str, set[str]] = {
    "statements": {"page", "position"},
    "policy_measures": {"page", "parent_measure_id", "position"},
    "bill_provisions": {"page", "position"},
    "institute_organizations": {"position"},
    "stated_figures": {"page"},
    "budget_categories": {"page", "position"},
    "budget_items": {"page", "parent_item_id", "column", "position", "category_id"},
    # Year and stage are those of the figure that the slide states for that budget: see the test of that.
    "budget_amounts": {"subject_type", "shared_amount_id", "fiscal_year", "stage"},
    "budget_trend": set(),
    "notes": {"page"},
}
"""Columns that are positions, keys or computed, by table; every other value of these tables is read from the page."""

OF_THE_SAME_WORDS = {
    "stated_figures": {"value": {"lower", "upper", "currency", "is_approximate", "printed"}, "label": {"stage"}},
    "budget_amounts": {"value": {"lower", "upper", "currency", "is_part_of", "printed", "is_approximate"}},
    "budget_trend": {"value": {"lower", "upper", "currency", "printed", "bar_value"}},
}
"""Columns that say more about the words another column was read from."""


def folded(text: str) -> str:
    """Characters as they are compared: without spaces, ligatures and soft hyphens."""
    return re.sub(r"[\s\u00ad\u200b\ufffe\u0002]+", "", unicodedata.normalize("NFKC", text))


class Pages:
    """The text inside a box of a page, read with pdfium."""

    def __init__(self, document: pypdfium2.PdfDocument) -> None:
        self.document = document
        self.texts: dict[int, tuple[float, pypdfium2.PdfTextPage]] = {}

    def inside(self, row: Row) -> str:
        """What stands in the box of a row of `evidence`, at its edges with half a point to spare."""
        number = row["page"]
        assert isinstance(number, int)
        if number not in self.texts:
            page = self.document[number - 1]
            self.texts[number] = page.get_height(), page.get_textpage()
        height, text = self.texts[number]
        x0, top, x1, bottom = (float(row[side]) for side in ("x0", "top", "x1", "bottom"))  # type: ignore[arg-type]
        return str(text.get_text_bounded(x0 - 0.5, height - bottom - 0.5, x1 + 0.5, height - top + 0.5))


@pytest.fixture
def pages(edition: str) -> Iterator[Pages]:
    """The pages of an edition's document."""
    with closing(pypdfium2.PdfDocument(DECKS[edition][0])) as document:
        yield Pages(document)


def edition_of(editions: Editions, name: str) -> Edition:
    """An extracted edition that is there."""
    found = editions[name].edition
    assert found is not None
    return found


@pytest.mark.parametrize("edition", EDITIONS)
def test_the_box_of_every_value_shows_its_words(edition: str, editions: Editions, pages: Pages) -> None:
    """The printed words of each piece of evidence stand inside its box, read anew by pdfium instead of pdfplumber."""
    rows = edition_of(editions, edition).tables["evidence"]
    assert len(rows) > 450
    missing = []
    for row in rows:
        shown, printed = Counter(folded(pages.inside(row))), Counter(folded(str(row["printed"])))
        # Neighbouring glyphs may reach into the box; those printed must all be there.
        if printed - shown:
            missing.append((row["key"], row["field"], row["printed"], pages.inside(row)))
    assert missing == []


@pytest.mark.parametrize("edition", EDITIONS)
def test_the_box_is_no_larger_than_its_words(edition: str, editions: Editions, pages: Pages) -> None:
    """A box holds little else than its words, so that whoever looks there sees the value and not the whole slide."""
    rows = edition_of(editions, edition).tables["evidence"]
    loose = []
    for row in rows:
        more = len(folded(pages.inside(row))) - len(folded(str(row["printed"])))
        if more > max(4, len(folded(str(row["printed"])))):
            loose.append((row["key"], row["field"], row["printed"], pages.inside(row)))
    assert loose == []


@pytest.mark.parametrize("edition", EDITIONS)
def test_every_printed_value_has_evidence(edition: str, editions: Editions) -> None:
    """No value of the tables but keys, positions and what was computed stands without a place on the page."""
    tables = edition_of(editions, edition).tables
    schemas = load_table_schemas()
    shown = {(r["table"], r["key"], r["field"]) for r in tables["evidence"]}
    missing = []
    for table, computed in NOT_PRINTED.items():
        keys = schemas[table].primary_key
        assert tables[table], table
        for row in tables[table]:
            key = "/".join(str(row[k]) for k in keys)
            implied = {
                f
                for owner, fields in OF_THE_SAME_WORDS.get(table, {}).items()
                if row[owner] is not None
                for f in fields
            }
            for field, value in row.items():
                if field in computed or field in keys or field in implied or value in (None, False, ""):
                    continue
                if (table, key, field) not in shown:
                    missing.append((table, key, field, value))
    assert missing == []


@pytest.mark.parametrize("edition", EDITIONS)
def test_the_year_of_an_amount_is_one_that_the_slide_states(edition: str, editions: Editions) -> None:
    """Fiscal year and stage of every amount are those that the deck states in words for that budget, with evidence."""
    tables = edition_of(editions, edition).tables
    stated = {(r["budget"], r["fiscal_year"], r["stage"]) for r in tables["stated_figures"]}
    used = {(r["budget"], r["fiscal_year"], r["stage"]) for r in tables["budget_amounts"]}
    assert used == {("initial", int(edition), "draft"), ("supplementary", int(edition) - 1, None)}
    assert used <= stated


@pytest.mark.parametrize("edition", EDITIONS)
def test_evidence_points_to_rows_that_are_there(edition: str, editions: Editions) -> None:
    """Each piece of evidence names a table, a row of it by its key, and a column of it; its parts count from 0."""
    tables = edition_of(editions, edition).tables
    schemas = load_table_schemas()
    known = {
        (name, "/".join(str(row[k]) for k in schemas[name].primary_key))
        for name, rows in tables.items()
        for row in rows
    }
    parts: dict[tuple[object, object, object], list[object]] = {}
    for row in tables["evidence"]:
        assert (row["table"], row["key"]) in known
        assert row["field"] in {f.name for f in schemas[str(row["table"])].fields}
        parts.setdefault((row["table"], row["key"], row["field"]), []).append(row["part"])
    assert all(numbers == list(range(len(numbers))) for numbers in parts.values())
