"""Input that cannot be read costs one line and nothing else: no half-written edition, no other document of the run."""

from __future__ import annotations

import os
import re
import resource
import shlex
import shutil
import subprocess
import sys
import zlib
from io import BytesIO
from typing import TYPE_CHECKING

import pytest
from pypdf import PdfReader, PdfWriter
from pypdf.generic import ArrayObject, NameObject, StreamObject
from reportlab.pdfgen.canvas import Canvas

from pipeline.errors import TooLargeError
from pipeline.limits import DEFAULT_LIMITS, Limits
from pipeline.reading.pdf import read_document
from tests.at_hand import DECKS, PROJECT, Called, call

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

GOOD = DECKS["2026"][0]
PASSWORD = "correct horse"
LINE = re.compile(r"(PD\d{3}) (.+[.…]) ([A-Z].+\.)\n")
"""One line: the code, a sentence with the file, and what to do."""


def drawn(*texts: str) -> bytes:
    """A PDF of one page with `texts`, or a page with a filled box and no text."""
    buffer = BytesIO()
    canvas = Canvas(buffer, pagesize=(720, 405), invariant=1)
    canvas.rect(100, 100, 300, 100, fill=1)
    for n, text in enumerate(texts):
        canvas.drawString(72, 350 - 20 * n, text)
    canvas.save()
    return buffer.getvalue()


def protected() -> bytes:
    """The good deck behind a password."""
    writer = PdfWriter(clone_from=PdfReader(GOOD))
    writer.encrypt(PASSWORD, algorithm="AES-256")
    buffer = BytesIO()
    writer.write(buffer)
    return buffer.getvalue()


def bomb() -> bytes:
    """A small PDF whose page draws more than three hundred million bytes once it is decompressed."""
    writer = PdfWriter()
    page = writer.add_blank_page(720, 405)
    stream = StreamObject()
    stream.set_data(b"BT /F1 9 Tf (1) Tj ET\n" * 14_000_000)
    page[NameObject("/Contents")] = writer._add_object(stream.flate_encode())
    buffer = BytesIO()
    writer.write(buffer)
    return buffer.getvalue()


def nested_bomb() -> bytes:
    """A small PDF whose page is compressed twice, so that a bound on the first step is no bound."""
    writer = PdfWriter()
    page = writer.add_blank_page(720, 405)
    stream = StreamObject()
    stream.set_data(zlib.compress(zlib.compress(b"BT /F1 9 Tf (1) Tj ET\n" * 1_000_000)))
    stream[NameObject("/Filter")] = ArrayObject([NameObject("/FlateDecode")] * 2)
    page[NameObject("/Contents")] = writer._add_object(stream)
    buffer = BytesIO()
    writer.write(buffer)
    return buffer.getvalue()


def book() -> bytes:
    """A PDF of more pages than any deck has."""
    writer = PdfWriter()
    for _ in range(DEFAULT_LIMITS.pages + 1):
        writer.add_blank_page(720, 405)
    buffer = BytesIO()
    writer.write(buffer)
    return buffer.getvalue()


CASES: dict[str, tuple[str, Callable[[], bytes | None]]] = {
    "missing": ("PD001", lambda: None),
    "empty": ("PD002", lambda: b""),
    "text named pdf": ("PD002", lambda: b"FY2025, 1.3 billion\n" * 100),
    "cut at 5 %": ("PD003", lambda: GOOD.read_bytes()[: GOOD.stat().st_size // 20]),
    "cut in half": ("PD003", lambda: GOOD.read_bytes()[: GOOD.stat().st_size // 2]),
    "cut at the end": ("PD003", lambda: GOOD.read_bytes()[:-200]),
    "protected": ("PD004", protected),
    "without text": ("PD005", drawn),
    "too much on a page": ("PD020", bomb),
    "compressed twice": ("PD003", nested_bomb),
    "too many pages": ("PD020", book),
    "unknown deck": ("PD006", lambda: drawn("Minutes of the gardening club", "Roses were discussed.")),
}


def files_in(folder: Path) -> dict[str, bytes]:
    """Every file below `folder`, hidden ones too."""
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}


def the_line(called: Called, code: str, name: str) -> str:
    """Standard error is one line with this code that names the file and says what to do; it is given back."""
    found = LINE.fullmatch(called.err)
    assert found is not None, called.err
    assert found[1] == code
    assert name in found[2]
    return found[0]


@pytest.mark.parametrize("case", CASES)
def test_a_bad_document_is_one_line_and_exit_2(case: str, tmp_path: Path, policydeck: Callable[..., Called]) -> None:
    """The line has a code, the file's name and advice; nothing is printed as data and nothing is written."""
    code, content = CASES[case]
    data = content()
    if data is not None:
        (tmp_path / "deck.pdf").write_bytes(data)
    called = policydeck("run", "deck.pdf")
    the_line(called, code, "deck.pdf")
    assert (called.code, called.out) == (2, "")
    assert set(files_in(tmp_path)) <= {"deck.pdf"}


def test_a_file_beyond_any_deck_is_not_opened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file above the limit is refused by its size, before its bytes are in memory."""
    path = tmp_path / "deck.pdf"
    path.write_bytes(GOOD.read_bytes())
    monkeypatch.setattr("pathlib.Path.read_bytes", lambda _: pytest.fail("it was read"))
    with pytest.raises(
        TooLargeError, match=r"deck\.pdf: the file has [0-9,]+ bytes, and the limit file-bytes is 1,000 bytes"
    ):
        read_document(path, limits=Limits(file_bytes=1000))


def test_a_folder_is_named_as_one(tmp_path: Path, policydeck: Callable[..., Called]) -> None:
    """A folder given as a document is refused, even where its name ends in .pdf."""
    (tmp_path / "deck.pdf").mkdir()
    called = policydeck("run", "deck.pdf")
    assert "folder" in the_line(called, "PD001", "deck.pdf")
    assert (called.code, files_in(tmp_path)) == (2, {})


@pytest.mark.skipif(sys.platform == "win32", reason="there a folder that somebody stands in cannot be removed")
def test_a_folder_that_is_gone_is_named_as_such(tmp_path: Path) -> None:
    """A command that was started in a folder which was removed meanwhile says so: relative paths lead nowhere from there."""
    program = (
        f"import os, sys; sys.path.insert(0, {str(PROJECT)!r}); os.mkdir('gone'); os.chdir('gone'); os.rmdir('../gone'); "
        "from pipeline.cli import main; main()"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, "run", GOOD], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == "PD001 The folder that this command was started in is gone. Change to one that is there.\n"
    assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(sys.platform == "win32", reason="the shell of other systems")
@pytest.mark.parametrize("closed", ["1", "2"])
def test_a_command_without_an_output_reads_all_the_same(closed: str, tmp_path: Path) -> None:
    """Where standard output or standard error is closed, nothing can be said there, and nothing else is different."""
    program = f"import sys; sys.path.insert(0, {str(PROJECT)!r}); from pipeline.cli import main; main()"
    command = shlex.join([sys.executable, "-c", program, "run", str(GOOD)])
    assert subprocess.run(f"{command} {closed}>&-", shell=True, cwd=tmp_path, check=False).returncode == 0  # noqa: S602
    assert (tmp_path / "extracted" / "japan-ai-policy" / "2026" / "report.html").is_file()


def test_the_password_opens_a_protected_deck(tmp_path: Path, policydeck: Callable[..., Called]) -> None:
    """With `--password` the deck is read whole; another password is refused; no file written holds the password."""
    (tmp_path / "deck.pdf").write_bytes(protected())
    wrong = policydeck("run", "deck.pdf", "--password", "wrong horse")
    assert "password given" in the_line(wrong, "PD004", "deck.pdf")
    assert wrong.code == 2
    right = policydeck("run", "deck.pdf", "--password", PASSWORD)
    assert (right.code, right.err) == (0, "")
    written = {name: data for name, data in files_in(tmp_path / "extracted").items() if not name.endswith(".parquet")}
    assert "japan-ai-policy/2026/data/budget_items.csv" in written
    assert not [name for name, data in written.items() if PASSWORD.encode() in data]


def test_the_other_documents_of_the_run_are_still_read(tmp_path: Path, policydeck: Callable[..., Called]) -> None:
    """Bad documents before and after a good one cost only themselves: it is written whole, and the exit code is 2."""
    names = []
    for case, (_, content) in CASES.items():
        name = case.replace(" ", "-").replace("%", "") + ".pdf"
        data = content()
        if data is not None:
            (tmp_path / name).write_bytes(data)
        names.append(name)
    half = len(names) // 2
    called = policydeck("run", *names[:half], GOOD, *names[half:])
    lines = [line for line in called.err.splitlines(keepends=True) if " documents done, " not in line]
    assert [line[:5] for line in lines] == [code for code, _ in CASES.values()]
    assert all(LINE.fullmatch(line) for line in lines)
    assert called.code == 2
    alone = policydeck("run", GOOD, "--out", "alone")
    assert alone.code == 0
    assert files_in(tmp_path / "extracted") == files_in(tmp_path / "alone")


@pytest.fixture
def copied(tmp_path: Path) -> Path:
    """The package and its schemas in a folder of their own, to be spoilt."""
    folder = tmp_path / "copied"
    for name in ("pipeline", "schemas"):
        shutil.copytree(PROJECT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
    return folder


def test_a_misspelt_key_of_a_profile_is_named(copied: Path, tmp_path: Path) -> None:
    """File, line and key are in the line, and no edition is written."""
    profile = copied / "schemas" / "decks" / "japan-ai-policy.yaml"
    text = profile.read_text(encoding="utf-8").replace("keywords: [Necessity", "keyword: [Necessity")
    profile.write_text(text, encoding="utf-8")
    number = next(n for n, line in enumerate(text.splitlines(), 1) if "keyword: " in line)
    called = call("run", GOOD, cwd=tmp_path, environment={"PYTHONPATH": str(copied)})
    line = the_line(called, "PD007", f"japan-ai-policy.yaml, line {number}: ")
    assert "keyword: " in line
    assert called.code == 2
    assert not (tmp_path / "extracted").exists()


@pytest.mark.parametrize("named", [True, False])
def test_a_misspelt_key_of_the_manifest_is_named(
    named: bool, tmp_path: Path, policydeck: Callable[..., Called]
) -> None:
    """File, line and key are in the line, whether or not a document was named; no edition is written."""
    shutil.copytree(PROJECT / "source_pdfs", tmp_path / "source_pdfs")
    manifest = tmp_path / "source_pdfs" / "sources.yaml"
    text = manifest.read_text(encoding="utf-8").replace("    publisher: Cabinet", "    publishr: Cabinet")
    manifest.write_text(text, encoding="utf-8")
    number = next(n for n, line in enumerate(text.splitlines(), 1) if "publishr" in line)
    called = policydeck("run", *([GOOD] if named else []))
    assert "publishr: " in the_line(called, "PD008", f"sources.yaml, line {number}: ")
    assert called.code == 2
    assert not (tmp_path / "extracted").exists()


def small_disk(size: int) -> Callable[[], None]:
    """What makes a process unable to write a file larger than `size` bytes, as a disk does that fills up."""
    return lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))


def run_limited(folder: Path, size: int) -> Called:
    """Run the good deck with `--force` where no file can be larger than `size` bytes."""
    done = subprocess.run(
        [sys.executable, "-c", "from pipeline.cli import main; main()", "run", GOOD, "--force"],
        cwd=folder,
        # Python would write its caches too, and they are no concern here.
        env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1"},
        preexec_fn=small_disk(size),
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    return Called(done.returncode, done.stdout, done.stderr)


@pytest.mark.parametrize("size", [0, 30_000])
def test_no_room_leaves_the_old_edition(size: int, tmp_path: Path, policydeck: Callable[..., Called]) -> None:
    """Where a file cannot grow, the run says so, exits with 2, and the edition from before stands byte for byte."""
    assert policydeck("run", GOOD).code == 0
    before = files_in(tmp_path)
    largest = max(len(data) for name, data in before.items())
    assert largest > size
    called = run_limited(tmp_path, size)
    the_line(called, "PD009", "2026")
    assert called.code == 2
    assert files_in(tmp_path) == before


@pytest.fixture
def full_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of its own with 200 kB, less than an edition takes."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=200k", "tmpfs", folder], capture_output=True, text=True, check=False
    )
    if mounted.returncode:
        pytest.skip(f"a file system cannot be mounted here: {mounted.stderr.strip()}")
    yield folder
    subprocess.run(["umount", folder], check=True)


def test_a_full_disk_is_one_line_and_leaves_nothing(full_disk: Path, policydeck: Callable[..., Called]) -> None:
    """On a disk without room for an edition the run says so, exits with 2, and leaves no part of one."""
    called = policydeck("run", GOOD, "--out", full_disk / "extracted")
    assert "space" in the_line(called, "PD009", "2026")
    assert called.code == 2
    assert files_in(full_disk) == {}


def test_a_page_whose_stream_is_damaged_is_not_read_in_part(tmp_path: Path, policydeck: Callable[..., Called]) -> None:
    """Bytes lost inside a page's compressed content are an error, never a page with fewer words."""
    data = bytearray(GOOD.read_bytes())
    start = data.index(b"stream\r\n") + 8 if b"stream\r\n" in data else data.index(b"stream\n") + 7
    assert zlib.decompressobj().decompress(bytes(data[start:]))
    data[start + 400 : start + 440] = bytes(40)
    (tmp_path / "deck.pdf").write_bytes(data)
    called = policydeck("run", "deck.pdf")
    assert called.code == 2
    the_line(called, "PD003", "deck.pdf")
