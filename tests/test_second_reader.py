"""The second reader finds what stands there by itself, and where it fails it confirms nothing."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from pipeline.model import Box
from pipeline.reading.pdf import read_document
from pipeline.reading.second_reader import QUICK, THOROUGH, second_reading
from tests.at_hand import DECKS, PROJECT
from tests.disturbing import DISTURBANCES

if TYPE_CHECKING:
    from pathlib import Path

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
    """The lines of a box are given whole, the brackets beside it included, and no others."""
    page = read_document(DECK).pages[3]
    word = next(w for w in page.words if any(c.isdigit() for c in w.text))
    glyphs = second_reading(DECK, {4: [word.box]}).glyphs
    assert glyphs is not None
    assert all(word.box.top <= g.box.middle <= word.box.bottom for g in glyphs[4])
    inside = sorted((g.box.x0, g.text) for g in glyphs[4] if word.box.x0 <= g.box.centre <= word.box.x1)
    assert "".join(text for _, text in inside) == word.text


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
