"""Second looks at real documents: another reader, the extraction with other tolerances, and what a thorough run adds."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from itertools import islice, pairwise
from typing import TYPE_CHECKING, NoReturn

import pytest

import pipeline.reading.second_reader
from pipeline.model import Box
from pipeline.reading.pdf import read_document
from pipeline.reading.second_reader import second_reading
from pipeline.run import Options, Workshop, inputs_sha256, read_edition
from pipeline.tolerances import Move, moved
from pipeline.validation.placed import evidence_box
from pipeline.validation.second_reader import second_reader_checks
from tests.at_hand import DECKS, Editions
from tests.pdf_surgery import box_of, with_actual_text, with_moved, with_text
from tests.tolerances import all_tolerances

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    from pipeline.model import Check, Edition, Glyph, Row

AIP = "aip-advanced-integrated-intelligence-platform"
UNDER = "Operation of the High Performance Computing Infrastructure (HPCI)"
"""The item above AIP on the slide."""

DECK, _ = DECKS["2025"]

WHOLE = Box(-10_000, -10_000, 10_000, 10_000)


def read(pdf: bytes, folder: Path, *, thorough: bool = False) -> Edition:
    """The edition of a PDF, without a manifest."""
    path = folder / "deck.pdf"
    path.write_bytes(pdf)
    options = Options(out=folder / "none", sources=folder / "none", edition="2025", thorough=thorough)
    return read_edition(path, Workshop(options)).edition


def of_kind(edition: Edition, kind: str) -> dict[str, Check]:
    """The checks of one kind, by their subject."""
    return {c.subject: c for c in edition.checks if c.kind == kind}


def evidence(edition: Edition, field: str, ending: str) -> Row:
    """The first piece of evidence for a field of the row whose key ends so."""
    return next(e for e in edition.tables["evidence"] if str(e["key"]).endswith(ending) and e["field"] == field)


@pytest.fixture(scope="module")
def original(editions: Editions) -> Edition:
    """The 2025 edition as it is."""
    edition = editions["2025"].edition
    assert edition is not None
    return edition


@pytest.fixture(scope="module")
def thorough(tmp_path_factory: pytest.TempPathFactory) -> Edition:
    """The 2025 deck in a thorough run, with an item of page 4 and a body of page 3 on the verge of another reading."""
    pdf = on_the_verge(DECK.read_bytes(), read(DECK.read_bytes(), tmp_path_factory.mktemp("as it is")))
    return read(pdf, tmp_path_factory.mktemp("thorough"), thorough=True)


def on_the_verge(pdf: bytes, edition: Edition) -> bytes:
    """AIP moved right by as much as makes an item stand under the one above, less a twentieth of that."""
    name, mark = evidence(edition, "name", AIP), evidence(edition, "is_ai_safety", AIP)
    _x0, top, x1, bottom = box_of(name)
    (sub_indent,) = (t for t in all_tolerances() if t.name == "indent of what stands under an entry")
    size = bottom - top  # the font is set so that its box is one size high
    line = (0.0, float(str(mark["top"])) - 1, x1 + 1, bottom + 1)
    return with_moved(pdf, 4, line, dx=0.95 * sub_indent.value * size)


@pytest.mark.parametrize("deck", ["2025", "2026", "2027"])
def test_no_value_of_a_sound_deck_hangs_by_a_hair(deck: str, editions: Editions) -> None:
    """Every page with money, and without `--thorough` only those, is read again with moved tolerances and stays the same."""
    edition = editions[deck].edition
    assert edition is not None
    money = {
        f"page {e['page']}" for e in edition.tables["evidence"] if e["table"] in ("budget_amounts", "budget_trend")
    }
    found = of_kind(edition, "stability")
    assert set(found) == set(of_kind(edition, "second_reader")) == money
    assert {c.verdict for c in found.values()} == {"consistent"}


def test_a_value_on_the_verge_of_another_is_undetermined(original: Edition, tmp_path: Path) -> None:
    """An item that a tenth of a tolerance would put under another one is named, with both readings; no exit code says so."""
    edition = read(on_the_verge(DECK.read_bytes(), original), tmp_path)
    check = of_kind(edition, "stability")["page 4"]
    assert check.verdict == "undetermined"
    (place,) = check.suspects
    assert place.table == "budget_items"
    assert place.key.endswith(AIP)
    assert f'parent_item_id: nothing becomes "{UNDER}' in place.reason
    assert "page 4 at" in place.reason
    assert of_kind(edition, "stability")["page 5"].verdict == "consistent"


@pytest.mark.slow
def test_a_thorough_run_looks_twice_at_every_page(thorough: Edition) -> None:
    """Every page is read by both readers, and every tolerance is moved by itself to both sides and with the others."""
    pages = {f"page {slide['page']}" for slide in thorough.tables["slides"]}
    stability, second = of_kind(thorough, "stability"), of_kind(thorough, "second_reader")
    assert set(stability) == set(second) == pages
    times = 2 + 2 * len(all_tolerances())
    assert all(f"{times} more times" in check.message for check in stability.values())
    assert {subject for subject, check in stability.items() if check.verdict != "consistent"} == {"page 4"}
    assert {check.verdict for check in second.values()} == {"consistent"}


@pytest.mark.slow
def test_a_thorough_run_reads_all_evidence_twice(thorough: Edition) -> None:
    """The second reader confirms each piece of evidence, of text as of money."""
    for slide in thorough.tables["slides"]:
        pieces = sum(e["page"] == slide["page"] for e in thorough.tables["evidence"])
        assert (
            f"{pieces} of {pieces} pieces of evidence"
            in of_kind(thorough, "second_reader")[f"page {slide['page']}"].message
        )


def test_an_extraction_that_breaks_under_moved_tolerances_costs_no_edition(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The reading with the usual tolerances stands; that it could not be repeated is undetermined and says why."""
    from pipeline.extractors import EXTRACTORS, column_budget

    usual = column_budget.extract
    gap = next(t for t in all_tolerances() if t.name == "gap between lines")

    def fragile(slide: object, context: object) -> object:
        if float(gap) < gap.value:
            raise IndexError("no such line")
        return usual(slide, context)  # type: ignore[arg-type]

    monkeypatch.setitem(EXTRACTORS, "column_budget", fragile)  # type: ignore[arg-type]
    check = of_kind(read(DECK.read_bytes(), tmp_path), "stability")["page 4"]
    assert check.verdict == "undetermined"
    assert "(IndexError)" in check.message


def misread(monkeypatch: pytest.MonkeyPatch, piece: Row, letter: str, wrong: str) -> None:
    """Let the second reader take the first such letter of a piece of evidence for another one."""
    usual, box = pipeline.reading.second_reader._glyphs, evidence_box(piece)

    def wrongly(page: object, boxes: Sequence[Box]) -> Iterator[Glyph]:
        found = sorted(usual(page, boxes), key=lambda g: g.box.x0)
        inside = (
            n
            for n, g in enumerate(found)
            if g.text == letter and box.x0 <= g.box.centre <= box.x1 and box.top <= g.box.middle <= box.bottom
        )
        for place in islice(inside, 1):
            found[place] = replace(found[place], text=wrong)
        return iter(found)

    monkeypatch.setattr("pipeline.reading.second_reader._glyphs", wrongly)


def test_a_figure_that_two_readers_read_differently_fails(
    original: Edition, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A 7 that the other reader takes for a 9 is shown as both, and neither is trusted."""
    amount = evidence(original, "value", f"{AIP}/initial")
    misread(monkeypatch, amount, "7", "9")
    check = of_kind(read(DECK.read_bytes(), tmp_path), "second_reader")["page 4"]
    assert check.verdict == "inconsistent"
    (place,) = check.suspects
    assert place.key.endswith(f"{AIP}/initial")
    assert '"70 million dollar", by the second reader as "90milliondollar"' in place.reason
    assert "page 4 at 336.30, 261.38" in place.reason
    assert place.reason in check.message


def test_a_name_that_two_readers_read_differently_is_undetermined(
    original: Edition, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Only a thorough run reads names twice; there a difference leaves them open, and both readings are shown."""
    misread(monkeypatch, evidence(original, "name", AIP), "o", "a")
    glyphs = second_reading(DECK, {4: [WHOLE]}).glyphs
    assert glyphs is not None
    page_4 = [e for e in original.tables["evidence"] if e["page"] == 4]
    (check,) = second_reader_checks({"evidence": page_4}, glyphs, thorough=True)
    assert check.verdict == "undetermined"
    assert 'Platform", by the second reader as "AIP:AdvancedIntegratedIntelligencePlatfarm"' in check.message


def test_what_is_printed_counts_and_not_what_is_declared_to_be_read(original: Edition, tmp_path: Path) -> None:
    """A 7 that the file wants read as 9 (`/ActualText`) is the 7 that everybody sees."""
    amount = evidence(original, "value", f"{AIP}/initial")
    pdf = with_actual_text(DECK.read_bytes(), 4, box_of(amount), "90 million dollar")
    edition = read(pdf, tmp_path)
    assert edition.tables["budget_amounts"] == original.tables["budget_amounts"]
    assert of_kind(edition, "second_reader")["page 4"].verdict == "consistent"


def test_a_digit_that_is_printed_wrong_is_read_alike_by_both(original: Edition, tmp_path: Path) -> None:
    """What the page shows is not for readers to doubt: arithmetic finds it, and the readers agree."""
    total = evidence(original, "value", "supplemental-budget-for-fy2024")
    pdf = with_text(
        DECK.read_bytes(), int(str(total["page"])), box_of(total), str(total["printed"]).replace("1.1", "1.4")
    )
    edition = read(pdf, tmp_path)
    assert {c.verdict for c in of_kind(edition, "second_reader").values()} == {"consistent"}
    failed = [c for c in edition.checks if c.verdict == "inconsistent"]
    assert {c.kind for c in failed} >= {"sum", "same_figure"}


def test_a_second_reader_that_fails_confirms_nothing_and_says_so(
    original: Edition, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever it stumbles over, the edition is read, and every figure that it should confirm is undetermined."""

    def stumbling(*_: object) -> NoReturn:
        raise KeyError("Font")

    monkeypatch.setattr("pipeline.reading.second_reader._glyphs", stumbling)
    edition = read(DECK.read_bytes(), tmp_path)
    assert edition.tables["budget_amounts"] == original.tables["budget_amounts"]
    checks = of_kind(edition, "second_reader")
    assert set(checks) == set(of_kind(original, "second_reader"))
    assert {c.verdict for c in checks.values()} == {"undetermined"}
    assert all("gave no reading, so" in c.message for c in checks.values())


def test_moving_tolerances_leaves_the_next_document_alone(original: Edition, tmp_path: Path) -> None:
    """After a run, and beside a thread that moves them, tolerances are what they were: the same deck gives the same rows."""
    with moved(Move(0.9)):
        pass
    assert read(DECK.read_bytes(), tmp_path).tables["budget_items"] == original.tables["budget_items"]


def test_a_thorough_run_is_not_the_same_as_a_plain_one(tmp_path: Path) -> None:
    """What an edition is made from says whether the run was thorough, so neither passes for the other as unchanged."""
    plain = Options(out=tmp_path, sources=tmp_path)
    digests = {
        inputs_sha256("0" * 64, None, Workshop(replace(plain, thorough=thorough)), ()) for thorough in (False, True)
    }
    assert len(digests) == 2


def shifted(edition: Edition, wanted: Iterable[str]) -> list[Row]:
    """The evidence of some rows, each piece pointing half a character too far right."""
    return [
        {**e, "x0": e["x0"] + 4, "x1": e["x1"] + 4}  # type: ignore[operator]
        for e in edition.tables["evidence"]
        if e["field"] == "value" and any(str(e["key"]).endswith(w) for w in wanted)
    ]


def test_a_box_that_misses_its_figure_fails_the_second_reader(original: Edition) -> None:
    """The check is not content that the words stand somewhere on the page: they must stand in the box."""
    glyphs = second_reading(DECK, {4: [WHOLE]}).glyphs
    assert glyphs is not None
    rows = shifted(original, [f"{AIP}/initial"])
    (check,) = second_reader_checks({"evidence": rows}, glyphs)
    assert check.verdict == "inconsistent"
    (check,) = second_reader_checks(
        {"evidence": [e for e in original.tables["evidence"] if e["key"] == rows[0]["key"]]}, glyphs
    )
    assert check.verdict == "consistent"


def test_ligatures_and_broken_words_are_read_by_both(tmp_path: Path) -> None:
    """The letters of a ligature are all read, in their order and with its width, and a hyphen at a line's end is a hyphen."""
    reportlab = pytest.importorskip("reportlab.pdfbase.ttfonts")
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfgen.canvas import Canvas

    from tests.deck_generator import english_fonts_available

    if not english_fonts_available():
        pytest.skip("needs DejaVu fonts (Debian: fonts-dejavu-core)")
    pdfmetrics.registerFont(reportlab.TTFont("Serif", "/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf"))
    canvas = Canvas(str(tmp_path / "ligatures.pdf"), pagesize=(300, 200), invariant=1)
    canvas.setFont("Serif", 12)
    canvas.drawString(20, 150, "e\ufb03cient o\ufb00er of infor-")
    canvas.drawString(20, 134, "mation")
    canvas.save()
    glyphs = second_reading(tmp_path / "ligatures.pdf", {1: [WHOLE]}).glyphs
    assert glyphs is not None
    line = {"table": "statements", "key": "offer", "field": "text", "part": 0, "page": 1}
    printed = "e\ufb03cient o\ufb00er of infor-"
    box = {"x0": Decimal(20), "top": Decimal(38), "x1": Decimal(280), "bottom": Decimal(54)}
    (check,) = second_reader_checks({"evidence": [{**line, **box, "printed": printed}]}, glyphs, thorough=True)
    assert check.message.endswith("1 of 1 piece of evidence the same: consistent.")
    words = read_document(tmp_path / "ligatures.pdf").pages[0].words
    assert [w.text for w in words] == ["efficient", "offer", "of", "infor-", "mation"]
    gaps = [b.box.x0 - a.box.x1 for a, b in pairwise(words[0].glyphs)]
    assert all(abs(gap) < 0.05 for gap in gaps)
