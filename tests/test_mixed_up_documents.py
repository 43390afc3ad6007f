"""Documents that are easily taken for one another: none is published as another, and none is overwritten by one."""

from __future__ import annotations

import io
import shutil
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
from pypdf import PdfReader, PdfWriter
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from pipeline.errors import OutputError, UnknownDeckError
from pipeline.run import Options, Workshop, run, run_one
from tests.at_hand import DECKS, PROJECT
from tests.deck_generator import japanese_font_available
from tests.deck_generator.fonts import JAPANESE_FAMILY, faces

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.at_hand import Called

DECK_2026, DECK_2027 = DECKS["2026"][0], DECKS["2027"][0]


def report(title: str) -> bytes:
    """A page with a title and a paragraph, which no profile knows."""
    buffer = io.BytesIO()
    canvas = Canvas(buffer, pagesize=(720, 405), invariant=1)
    canvas.setFont("Helvetica-Bold", 28)
    canvas.drawString(50, 340, title)
    canvas.setFont("Helvetica", 12)
    canvas.drawString(50, 280, "The harbour was dredged, and the lamps were lit every night.")
    canvas.save()
    return buffer.getvalue()


@pytest.mark.skipif(not japanese_font_available(), reason="needs a Japanese font (Debian: fonts-ipafont-gothic)")
@pytest.mark.parametrize("title", ["令和８年度 農林水産関係予算案の概要", "令和８年度 防衛関係予算の概要"])
def test_another_ministrys_budget_is_not_taken_for_the_one_that_is_known(title: str, tmp_path: Path) -> None:
    """A title that is alike but for its subject is another deck's: nothing is published under the known deck's name."""
    font, _ = faces(JAPANESE_FAMILY)
    canvas = Canvas(str(tmp_path / "other.pdf"), pagesize=(780, 540), invariant=1)
    canvas.setFont(font, 24)
    canvas.drawString(40, 490, title)
    canvas.setFont(font, 12)
    for n, (name, amount) in enumerate(
        [("水田の基盤の整備", "120億円"), ("担い手の育成", "35億円"), ("予算総額 ＡＩ", "155億円")]
    ):
        canvas.drawString(60, 430 - 24 * n, f"・{name}")
        canvas.drawRightString(700, 430 - 24 * n, amount)
    canvas.save()
    (result,) = run([tmp_path / "other.pdf"], Options(out=tmp_path / "extracted", sources=tmp_path))
    assert isinstance(result.error, UnknownDeckError)
    assert result.edition is None or result.edition.deck == "unrecognised"


def test_two_unknown_documents_of_one_name_do_not_replace_each_other(tmp_path: Path) -> None:
    """The edition is named after the file, so the second is refused, unless it is forced; the first stays as it is."""
    for folder, title in (("a", "Works of the harbour board"), ("b", "Report of the lamp lighters")):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "report.pdf").write_bytes(report(title))
    options = Options(out=tmp_path / "extracted", sources=tmp_path)
    first, second = run([tmp_path / "a" / "report.pdf", tmp_path / "b" / "report.pdf"], options)
    assert first.path is not None
    assert first.path.is_dir()
    assert isinstance(second.error, OutputError)
    assert "another report.pdf" in str(second.error)
    assert "Works of the harbour board" in (first.path / "data" / "slides.csv").read_text(encoding="utf-8")


def test_an_edition_of_another_document_is_not_overwritten_by_naming_it(tmp_path: Path) -> None:
    """`--edition` gives a name to an edition and is no leave to replace one; `--force` is."""
    options = Options(out=tmp_path / "extracted", sources=tmp_path)
    assert run([DECK_2026], options)[0].error is None
    named = Options(out=options.out, sources=tmp_path, edition="2026")
    assert isinstance(run_one(DECK_2027, Workshop(named)).error, OutputError)
    forced = Options(out=options.out, sources=tmp_path, edition="2026", force=True)
    assert run_one(DECK_2027, Workshop(forced)).error is None


@pytest.mark.parametrize("name", ["../../x", "/elsewhere", "a/b", "", " ", ".hidden"])
def test_an_edition_is_a_plain_name(name: str, tmp_path: Path) -> None:
    """Nothing is ever written outside of the folder of editions."""
    result = run_one(DECK_2026, Workshop(Options(out=tmp_path / "extracted", sources=tmp_path, edition=name)))
    assert isinstance(result.error, OutputError)
    assert list(tmp_path.iterdir()) == []


def test_the_document_that_took_anothers_place_is_read(tmp_path: Path, policydeck: Callable[..., Called]) -> None:
    """After `add --replace` with a file of another name, `run` writes the edition anew from it."""
    shutil.copytree(PROJECT / "source_pdfs", tmp_path / "source_pdfs")
    assert policydeck("run").code == 0
    writer = PdfWriter(clone_from=PdfReader(DECKS["2025"][0]))
    writer.add_metadata({"/Subject": "as published"})
    writer.write(tmp_path / "official.pdf")
    assert policydeck("add", "--replace", "--edition", "2025", "official.pdf").code == 0
    called = policydeck("run")
    assert (called.code, called.err) == (0, "")
    about = (tmp_path / "extracted" / "japan-ai-policy" / "2025" / "data" / "editions.csv").read_text(encoding="utf-8")
    assert "official.pdf" in about


def test_a_scanned_page_inside_a_deck_is_said(tmp_path: Path) -> None:
    """A picture in a slide's place leaves words unread: the check of that page fails, and the run with it."""
    picture = io.BytesIO()
    canvas = Canvas(picture, pagesize=(960, 540), invariant=1)
    canvas.drawImage(ImageReader(io.BytesIO(_pixels())), 0, 0, 960, 540)
    canvas.save()
    writer = PdfWriter(clone_from=PdfReader(DECK_2027))
    scanned = PdfReader(io.BytesIO(picture.getvalue())).pages[0]
    writer.insert_page(scanned, 2)
    writer.write(tmp_path / "deck.pdf")
    (result,) = run([tmp_path / "deck.pdf"], Options(out=tmp_path / "extracted", sources=tmp_path))
    assert result.edition is not None
    (failed,) = [c for c in result.edition.checks if c.verdict == "inconsistent"]
    assert (failed.check_id, result.exit_code) == ("words/page-3", 1)
    assert "without a text layer" in failed.message


def _pixels() -> bytes:
    from PIL import Image

    buffer = io.BytesIO()
    Image.new("RGB", (96, 54), "#88aacc").save(buffer, "PNG")
    return buffer.getvalue()


def test_a_reader_that_leaves_costs_no_document(tmp_path: Path) -> None:
    """`run … | head -1` reads every document, and its exit code is theirs."""
    (tmp_path / "source_pdfs").mkdir()
    command = [sys.executable, "-c", "from pipeline.cli import main; main()", "run", str(DECK_2026), str(DECK_2027)]
    process = subprocess.Popen(command, cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    assert process.stdout is not None
    process.stdout.close()
    _, complaints = process.communicate()
    assert (process.returncode, complaints) == (0, b"")
    assert sorted(p.name for p in (tmp_path / "extracted" / "japan-ai-policy").iterdir()) == ["2026", "2027"]
