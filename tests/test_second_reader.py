"""The second reader finds what stands there by itself, and where it fails it confirms nothing."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
from reportlab.pdfgen.canvas import Canvas

from pipeline.model import Box
from pipeline.reading.pdf import read_document
from pipeline.reading.second_reader import QUICK, THOROUGH, second_reading
from tests.at_hand import DECKS, PROJECT
from tests.disturbing import DISTURBANCES

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from pipeline.model import Glyph

DECK = DECKS["2026"][0]
WHOLE = Box(-10_000, -10_000, 10_000, 10_000)


@pytest.mark.parametrize("thorough", [False, True])
@pytest.mark.parametrize("disturbance", [None, *DISTURBANCES], ids=lambda d: d.name if d else "as it is")
def test_both_readers_find_the_same_characters(disturbance, thorough: bool, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    """The libraries see the same text of every slide, however it is stored, each character at the same place to half a point."""
    path = tmp_path / "deck.pdf"
    path.write_bytes(disturbance.apply(DECK.read_bytes()) if disturbance else DECK.read_bytes())
    document = read_document(path)
    numbers = [4] if thorough else [page.number for page in document.pages]
    reading = second_reading(path, {number: [WHOLE] for number in numbers}, thorough=thorough)
    assert reading.reader == (THOROUGH if thorough else QUICK)
    assert reading.glyphs is not None
    for number in numbers:
        page = document.pages[number - 1]
        first = {(g.text, round(g.box.x0), round(g.box.top)) for w in page.words for g in w.glyphs}
        near = {(t, x + i, y + j) for t, x, y in first for i in (-1, 0, 1) for j in (-1, 0, 1)}
        second = [g for g in reading.glyphs[number] if g.text.strip()]
        assert len({(g.text, round(g.box.x0), round(g.box.x1)) for g in second}) > 5
        # Fonts without measures of their own are given other heights, so it is the line that counts, and the place on it.
        assert {(g.text, round(g.box.x0)) for g in second} <= {(t, x) for t, x, _ in near}
        texts = sorted(g.text for w in page.words for g in w.glyphs if not g.text.isspace())
        if disturbance is None or disturbance.name != "text drawn twice":
            assert texts == sorted(g.text for g in second)


def test_no_page_is_asked_for_in_vain() -> None:
    """Where nothing is wanted nothing is read."""
    assert second_reading(DECK, {}).glyphs == {}


def test_only_the_lines_that_are_asked_for_are_read() -> None:
    """What is printed in a box is given whole, and of other lines nothing."""
    page = read_document(DECK).pages[3]
    word = next(w for w in page.words if any(c.isdigit() for c in w.text))
    glyphs = second_reading(DECK, {4: [word.box]}).glyphs
    assert glyphs is not None
    assert all(word.box.top <= g.box.middle <= word.box.bottom for g in glyphs[4])
    inside = sorted((g.box.x0, g.text) for g in glyphs[4] if word.box.x0 <= g.box.centre <= word.box.x1)
    assert "".join(text for _, text in inside) == word.text


def _beside(box: Box, glyphs: Iterable[Glyph]) -> list[tuple[float, str]]:
    """The glyphs at the height of a box that stand in it, or beside it by less than its height, from the left."""
    at_its_height = [g for g in glyphs if box.top <= g.box.middle <= box.bottom]
    near = [g for g in at_its_height if g.box.x1 > box.x0 - box.height and g.box.x0 < box.x1 + box.height]
    return sorted((g.box.x0, g.text) for g in near)


@pytest.mark.parametrize("edition", DECKS)
def test_nothing_is_left_out_in_a_box_or_beside_it(edition: str) -> None:
    """Whichever words are asked for, what stands on and beside them is read as it is when the whole page is asked for."""
    path = DECKS[edition][0]
    page = read_document(path).pages[3]
    whole = second_reading(path, {4: [WHOLE]}).glyphs
    assert whole is not None
    figures = [w.box for w in page.words if any(c.isdigit() for c in w.text)]
    for asked in (figures, figures[::7], figures[3:4]):
        some = second_reading(path, {4: asked}).glyphs
        assert some is not None
        assert len(some[4]) < len(whole[4])
        for box in asked:
            assert _beside(box, some[4]) == _beside(box, whole[4]) != []


@pytest.mark.parametrize(
    "shown",
    ["[(name 3.5) 7000 (9.9)] TJ", "-9 Tc (name 3.5) Tj", "-60 Tw (name 3.5) Tj", "50 Tz [(name 3.5) 14000 (9.9)] TJ"],
    ids=["set back", "tight letters", "tight words", "narrow and set back"],
)
def test_text_that_is_set_back_is_found_where_it_is_printed(shown: str, tmp_path: Path) -> None:
    """A piece of text may go back over its own beginning: then it reaches further than where it begins and ends."""
    path = tmp_path / "back.pdf"
    canvas = Canvas(str(path), pagesize=(300, 200), invariant=1, pageCompression=0)
    canvas.drawString(0, 0, "-")
    canvas.addLiteral(f"BT /F1 12 Tf 200 100 Td {shown} ET")
    canvas.save()
    whole = second_reading(path, {1: [WHOLE]}).glyphs
    assert whole is not None
    figures = [g for g in whole[1] if g.text.isdigit()]
    assert min(g.box.x0 for g in figures) < 200 - 12
    for figure in figures:
        some = second_reading(path, {1: [figure.box]}).glyphs
        assert some is not None
        assert figure in some[1]


def test_a_document_that_it_cannot_read_gives_no_reading(tmp_path: Path) -> None:
    """What is missing is missing, not empty: a check must not take it for agreement."""
    broken = tmp_path / "broken.pdf"
    broken.write_bytes(b"%PDF-1.7\nnothing else")
    for thorough in (False, True):
        assert second_reading(broken, {1: [WHOLE]}, thorough=thorough).glyphs is None


def test_the_second_reader_shares_nothing_with_the_first() -> None:
    """Neither library that reads a second time loads pdfium, in a process of its own."""
    program = f"""if True:
        import sys
        from pathlib import Path
        from pipeline.model import Box
        from pipeline.reading.second_reader import second_reading
        for thorough in (False, True):
            assert second_reading(Path({str(DECK)!r}), {{4: [Box(0, 0, 999, 999)]}}, thorough=thorough).glyphs[4]
        assert not any(name.startswith("pypdfium2") for name in sys.modules)
    """
    subprocess.run([sys.executable, "-c", program], check=True, cwd=PROJECT)
