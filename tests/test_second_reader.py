"""pdfium in a process beside the run: it reads what stands there, and whatever becomes of it the run knows."""

from __future__ import annotations

from io import BytesIO
from typing import TYPE_CHECKING

import pytest
from pypdf import PdfReader, PdfWriter

from pipeline.errors import DamagedPdfError, EncryptedPdfError, SourceNotFoundError
from pipeline.reading.pdf import read_document
from pipeline.reading.rendering import render_pages
from pipeline.reading.second_reader import SecondReader, second_reading
from tests.at_hand import DECKS

if TYPE_CHECKING:
    from pathlib import Path

DECK = DECKS["2026"][0]


def test_both_readers_find_the_same_characters_of_a_page() -> None:
    """The two libraries see the same text of the budget slide, each character at the same place to half a point."""
    page = read_document(DECK).pages[3]
    first = sorted((g.box.x0, g.box.middle, g.text) for w in page.words for g in w.glyphs)
    reading = second_reading(DECK, [4])
    assert reading is not None
    second = sorted((g.box.x0, g.box.middle, g.text) for g in reading[4])
    assert "".join(sorted(t for _, _, t in first)) == "".join(sorted(t for _, _, t in second))
    assert max(abs(a[0] - b[0]) for a, b in zip(first, second, strict=True)) < 0.5


def test_pictures_from_the_process_are_those_drawn_here() -> None:
    """Asked for early or late, before the characters or after them, pictures and characters are the same."""
    drawn = render_pages(DECK)
    with SecondReader(DECK, with_pictures=True) as early, SecondReader(DECK) as late:
        assert early.characters([5]) == late.characters([5])
        assert early.pictures() == late.pictures() == drawn


def test_no_page_is_asked_for_in_vain() -> None:
    """Where nothing is wanted nothing is read."""
    assert second_reading(DECK, []) == {}


def test_a_process_that_dies_gives_no_reading_and_a_coded_error() -> None:
    """Killed before it answers: the characters are missing, not empty, and the pictures say which file failed."""
    with SecondReader(DECK, with_pictures=True) as reader:
        reader._process.kill()
        assert reader.characters([4]) is None
        with pytest.raises(DamagedPdfError, match=r"sample-2026\.pdf"):
            reader.pictures()


def test_a_process_that_takes_too_long_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    """A reader that hangs does not hang the run."""
    monkeypatch.setattr("pipeline.reading.second_reader.SECONDS_A_REQUEST", 0)
    monkeypatch.setattr("pipeline.reading.second_reader.SECONDS_A_PAGE", 0)
    with SecondReader(DECK, with_pictures=True) as reader:
        assert reader.characters([4]) is None


def test_what_cannot_be_drawn_is_said_as_if_it_were_drawn_here(tmp_path: Path) -> None:
    """An error crosses the border between the processes with its class and its words."""
    writer = PdfWriter(clone_from=PdfReader(DECK))
    writer.encrypt("sesame", algorithm="AES-256")
    buffer = BytesIO()
    writer.write(buffer)
    locked = tmp_path / "locked.pdf"
    locked.write_bytes(buffer.getvalue())
    for path, expected in ((locked, EncryptedPdfError), (tmp_path / "none.pdf", SourceNotFoundError)):
        with pytest.raises(expected) as here:
            render_pages(path)
        with SecondReader(path) as reader, pytest.raises(expected) as there:
            reader.pictures()
        assert str(there.value) == str(here.value)
    with SecondReader(locked, "sesame") as reader:
        assert len(reader.pictures()) == len(PdfReader(DECK).pages)


def test_the_process_ends_with_its_reader() -> None:
    """No process is left behind, whether it was asked or not."""
    with SecondReader(DECK, with_pictures=True) as reader:
        process = reader._process
        assert process.poll() is None
    assert process.poll() is not None


def test_a_folder_with_a_package_of_the_same_name_does_not_get_in_the_way(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Called where a folder `pipeline` of somebody else's stands, the process still runs this package."""
    stranger = tmp_path / "pipeline"
    stranger.mkdir()
    (stranger / "__init__.py").write_text("raise SystemExit(3)\n", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    assert second_reading(DECK, [4])
