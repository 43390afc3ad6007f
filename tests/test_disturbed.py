"""The same slide, stored or scaled or measured a little differently, gives the same tables.

Metamorphic tests: nothing here knows what a deck says. A deck is read as it is and then disturbed, and the two readings
are compared, so that a rule that leans on where the origin lies, in which order things are drawn or on a distance that
just happens to suffice is found without a truth.
"""

from __future__ import annotations

from collections import Counter
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from pipeline.reading.pdf import read_document
from pipeline.run import Options, Workshop, read_edition
from pipeline.tolerances import Move, Tolerance, moved
from tests.deck_generator import (
    JAPANESE_PRESETS,
    PRESETS,
    english_fonts_available,
    japanese_font_available,
    make_budget_slide_ja,
    make_deck,
)
from tests.disturbing import DISTURBANCES, Disturbance, rotate, shift_media_box
from tests.tolerances import all_tolerances, plain_decimals

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pipeline.model import Document, Edition, Row, Value

_PROJECT = Path(__file__).parents[1]
_FILES = {
    "japan-ai-policy-2025": _PROJECT / "source_pdfs" / "japan-ai-policy-2025.pdf",
    "sample-2026": _PROJECT / "tests" / "data" / "sample-2026.pdf",
    "sample-2027": _PROJECT / "tests" / "data" / "sample-2027.pdf",
}
_GENERATED = ("dotted-leaders", "stacked-pillars", "three-budget-columns")
_JAPANESE = ("ja-areas", "ja-columns-leaders", "ja-table")
_DECKS = (*_FILES, *_GENERATED, *_JAPANESE)

_QUICK = ("japan-ai-policy-2025", "stacked-pillars")
_PARAMETERS = [deck if deck in _QUICK else pytest.param(deck, marks=pytest.mark.slow) for deck in _DECKS]

_FACTORS = (0.9, 1.1)

NEAR = 0.6
"""How far, in points, a box may lie from where the disturbance takes it."""

_STORED = frozenset(("editions", c) for c in ("title", "source_sha256", "pdf_producer", "pdf_created", "inputs_sha256"))
"""What an edition says of its file: a file that was written anew says something else."""


@cache
def _pdf(deck: str) -> bytes:
    if deck in _GENERATED:
        if not english_fonts_available():
            pytest.skip("needs DejaVu and Liberation fonts (Debian: fonts-dejavu-core, fonts-liberation)")
        return make_deck(sorted(PRESETS).index(deck), PRESETS[deck])[0]
    if deck in _JAPANESE:
        if not japanese_font_available():
            pytest.skip("needs a Japanese font (Debian: fonts-ipafont-gothic)")
        return make_budget_slide_ja(sorted(JAPANESE_PRESETS).index(deck), JAPANESE_PRESETS[deck])[0]
    path = _FILES[deck]
    if not path.is_file():
        pytest.skip(f"{path.relative_to(_PROJECT)} is not here")
    return path.read_bytes()


def _workshop(folder: Path) -> Workshop:
    """Without a manifest and without earlier editions, so that a deck is read from itself alone."""
    return Workshop(Options(out=folder / "no editions", sources=folder / "no sources"))


def _read(pdf: bytes, folder: Path) -> Edition:
    folder.mkdir(exist_ok=True)
    path = folder / "deck.pdf"
    path.write_bytes(pdf)
    return read_edition(path, _workshop(folder)).edition


class _Editions(dict[str, "Edition"]):
    def __init__(self, folders: pytest.TempPathFactory) -> None:
        super().__init__()
        self._folders = folders

    def __missing__(self, deck: str) -> Edition:
        self[deck] = _read(_pdf(deck), self._folders.mktemp(deck))
        return self[deck]


@pytest.fixture(scope="module")
def original(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Edition]:
    """Each deck as it is, read when it is first asked for."""
    return _Editions(tmp_path_factory)


def _rows(edition: Edition, *without: str) -> dict[str, list[tuple[tuple[str, Value], ...]]]:
    """Every table but `evidence`, whose boxes move; of the residue only its text."""
    rows = {
        name: [tuple((c, v) for c, v in row.items() if c not in without and (name, c) not in _STORED) for row in table]
        for name, table in edition.tables.items()
        if name not in ("evidence", "residue")
    }
    rows["residue"] = [(("text", row["text"]),) for row in edition.tables["residue"]]
    rows["budget_trend"] = [tuple(p for p in row if p[0] != "bar_value") for row in rows["budget_trend"]]
    return rows


def _verdicts(edition: Edition) -> Counter[tuple[str, str]]:
    return Counter((check.kind, check.verdict) for check in edition.checks)


def _assert_same_values(disturbed: Edition, original: Edition) -> None:
    assert _rows(disturbed) == _rows(original)
    assert _verdicts(disturbed) == _verdicts(original)


def _key(evidence: Row) -> tuple[Value, ...]:
    return evidence["table"], evidence["key"], evidence["field"], evidence["part"]


def _coordinates(row: Row) -> tuple[float, float, float, float]:
    x0, top, x1, bottom = (float(str(row[side])) for side in ("x0", "top", "x1", "bottom"))
    return x0, top, x1, bottom


def _assert_evidence_follows(disturbed: Edition, original: Edition, disturbance: Disturbance) -> None:
    pages = len(original.tables["slides"])
    found = {_key(row): row for row in disturbed.tables["evidence"]}
    assert set(found) == {_key(row) for row in original.tables["evidence"]}
    strays = []
    for row in original.tables["evidence"]:
        after = found[_key(row)]
        assert after["printed"] == row["printed"]
        assert after["page"] == disturbance.map_page(int(str(row["page"])), pages)
        wanted = disturbance.map_box(_coordinates(row))
        if max(abs(a - b) for a, b in zip(_coordinates(after), wanted, strict=True)) > NEAR:
            strays.append((_key(row), wanted, _coordinates(after)))
    assert strays == []


def _assert_same_bars(disturbed: Edition, original: Edition) -> None:
    """Heights are measured, so they may differ by what a thousandth of a point is worth: far less than one in 200."""
    pairs = zip(disturbed.tables["budget_trend"], original.tables["budget_trend"], strict=True)
    for one, other in pairs:
        if one["bar_value"] is None or other["bar_value"] is None:
            assert one["bar_value"] == other["bar_value"]
        else:
            a, b = Decimal(str(one["bar_value"])), Decimal(str(other["bar_value"]))
            assert abs(a - b) * 200 <= b


_IN_PLACE = [d for d in DISTURBANCES if d.map_page(1, 5) == 1 and d.map_page(2, 5) == 2]
_REORDERING = [d for d in DISTURBANCES if d not in _IN_PLACE]


@pytest.mark.parametrize("disturbance", _IN_PLACE, ids=lambda d: d.name)
@pytest.mark.parametrize("deck", _PARAMETERS)
def test_a_disturbed_deck_gives_the_same_tables(
    deck: str, disturbance: Disturbance, original: dict[str, Edition], tmp_path: Path
) -> None:
    """Drawing order, doubled text, rotation, crop box and scale change no row, no value and no verdict.

    Every piece of evidence stands where the disturbance takes it.
    """
    disturbed = _read(disturbance.apply(_pdf(deck)), tmp_path)
    _assert_same_values(disturbed, original[deck])
    _assert_same_bars(disturbed, original[deck])
    _assert_evidence_follows(disturbed, original[deck], disturbance)


@pytest.mark.parametrize("disturbance", _REORDERING, ids=lambda d: d.name)
@pytest.mark.parametrize("deck", _PARAMETERS)
def test_slides_in_another_order_give_the_same_tables_up_to_page_numbers(
    deck: str, disturbance: Disturbance, original: dict[str, Edition], tmp_path: Path
) -> None:
    """Each slide is read by itself: its rows are the same wherever in the deck it stands."""
    disturbed = _read(disturbance.apply(_pdf(deck)), tmp_path)
    after, before = _rows(disturbed, "page"), _rows(original[deck], "page")
    assert {name: sorted(rows, key=repr) for name, rows in after.items()} == {
        name: sorted(rows, key=repr) for name, rows in before.items()
    }
    assert _verdicts(disturbed) == _verdicts(original[deck])
    _assert_evidence_follows(disturbed, original[deck], disturbance)


@pytest.mark.parametrize("angle", [90, 180, 270])
@pytest.mark.parametrize("deck", ["japan-ai-policy-2025"])
def test_a_page_that_is_turned_and_cut_out_gives_the_same_tables(
    deck: str, angle: int, original: dict[str, Edition], tmp_path: Path
) -> None:
    """The sides of a crop box turn with the page, whichever of the two was made first."""
    for first in (
        rotate(shift_media_box(_pdf(deck), 120, 60), angle),
        shift_media_box(rotate(_pdf(deck), angle), 70, 90),
    ):
        disturbed = _read(first, tmp_path)
        _assert_same_values(disturbed, original[deck])
        same_place = Disturbance("turned and cut out", lambda pdf: pdf, _stays_on_its_page, lambda box: box)
        _assert_evidence_follows(disturbed, original[deck], same_place)


def _stays_on_its_page(page: int, pages: int) -> int:
    return page


class Bench:
    """Decks to be read again and again while tolerances are moved: without camelot, and from words read once."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._documents: dict[str, Document] = {}
        self._rows: dict[str, object] = {}

    def baseline(self, deck: str) -> object:
        """The rows with the tolerances as they stand in the source."""
        if deck not in self._rows:
            with pytest.MonkeyPatch.context() as patch:
                self._rows[deck] = self.rows(deck, patch, anew=False)
        return self._rows[deck]

    def rows(self, deck: str, patch: pytest.MonkeyPatch, *, anew: bool) -> object:
        """The rows with the tolerances as they are now; its words are read anew where `anew`."""
        path = self._folder / f"{deck}.pdf"
        if deck not in self._documents:
            path.write_bytes(_pdf(deck))
            self._documents[deck] = read_document(path)
        if not anew:
            patch.setattr("pipeline.reading.pdf.read_document", lambda *_, **__: self._documents[deck])
        # Checks make no rows, and the second readers cost more than all extractors.
        patch.setattr("pipeline.edition_reading.checks_of", lambda *_: ())
        # Into how many words a row of spaced dots is cut is no value of a row.
        return _rows(read_edition(path, _workshop(self._folder)).edition, "words", "words_furniture")

    def differing(self, move: Move, decks: Sequence[str] = _DECKS) -> list[str]:
        """Those of `decks` whose rows differ when tolerances are moved so."""
        anew = any(t.in_reading for t in all_tolerances() if move.only in (None, t.name))
        found = []
        for deck in decks:
            expected = self.baseline(deck)
            with pytest.MonkeyPatch.context() as patch, moved(move):
                if self.rows(deck, patch, anew=anew) != expected:
                    found.append(deck)
        return found


@pytest.fixture(scope="module")
def bench(tmp_path_factory: pytest.TempPathFactory) -> Bench:
    """One bench for all tests, so that every deck is read from its file once."""
    return Bench(tmp_path_factory.mktemp("bench"))


@pytest.mark.parametrize("factor", _FACTORS)
def test_all_tolerances_moved_together_change_nothing(factor: float, bench: Bench) -> None:
    """No deck is read by a hair: every tolerance a tenth smaller, or larger, gives the same rows."""
    assert bench.differing(Move(factor)) == []


@pytest.mark.slow
@pytest.mark.parametrize("factor", _FACTORS)
@pytest.mark.parametrize("tolerance", all_tolerances(), ids=lambda t: t.name)
def test_one_tolerance_moved_alone_changes_nothing(tolerance: Tolerance, factor: float, bench: Bench) -> None:
    """Two tolerances that were tuned against each other would show when only one of them moves."""
    assert bench.differing(Move(factor, tolerance.name), ("japan-ai-policy-2025",)) == []


def test_no_named_decimal_escapes_being_moved() -> None:
    """Every named decimal number that reading, layout and extractors judge with is a tolerance."""
    assert plain_decimals() == []
    assert len(all_tolerances()) > 30


def test_a_tolerance_moved_far_changes_the_rows(bench: Bench) -> None:
    """Moving tolerances has an effect at all: with word gaps of five sizes, lines have no words."""
    assert bench.differing(Move(40.0, "gap between words"), _QUICK) == list(_QUICK)
