"""Small documents, each like no other, for runs of many; and bad ones, each refused with the code that it is listed by."""

from __future__ import annotations

import hashlib
import io
import zlib
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from PIL import Image
from pypdf import PdfReader, PdfWriter
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from pipeline.workshop import Options
from tests.deck_generator import PRESETS, english_fonts_available, make_deck

if TYPE_CHECKING:
    from collections.abc import Mapping

PAGE = (720, 405)


def small_deck(number: int, pages: int = 1) -> bytes:
    """A document with a title and a paragraph a page, which no profile knows; the same for the same number."""
    buffer = io.BytesIO()
    canvas = Canvas(buffer, pagesize=PAGE, invariant=1)
    for page in range(1, pages + 1):
        canvas.setFont("Helvetica-Bold", 28)
        canvas.drawString(50, 340, f"Report {number} of the harbour board")
        canvas.setFont("Helvetica", 12)
        canvas.drawString(50, 280, f"The harbour was dredged {number} times, and {page} lamps were lit every night.")
        canvas.showPage()
    canvas.save()
    return buffer.getvalue()


CHART_SEEDS = {"2026": 0, "2027": 7, "2028": 1}
"""Seeds of decks that are three editions of one deck, by edition."""

OTHER_SEED = 4
"""The seed of a deck that is the edition 2026 as well."""


def write_chart_deck(folder: Path, seed: int) -> Path:
    """Write a deck of one slide, the chart of the budget, which the profile knows; the edition follows from the seed."""
    if not english_fonts_available():
        pytest.skip(
            "the fonts of the drawn decks are not on this machine (Debian: fonts-dejavu-core, fonts-liberation)"
        )
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"chart-{seed}.pdf"
    path.write_bytes(make_deck(seed, replace(PRESETS["house-like"], order=("trends",)))[0])
    return path


def write_editions(folder: Path) -> list[Path]:
    """Write three editions of one deck, the oldest first."""
    return [write_chart_deck(folder, seed) for seed in CHART_SEEDS.values()]


def write_decks(folder: Path, count: int, first: int = 0) -> list[Path]:
    """Write so many small documents into a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    paths = [folder / f"deck-{number:03}.pdf" for number in range(first, first + count)]
    for number, path in enumerate(paths, first):
        path.write_bytes(small_deck(number))
    return paths


def _encrypted(content: bytes) -> bytes:
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(content)))
    writer.encrypt("secret", algorithm="AES-256")
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def _without_text() -> bytes:
    buffer = io.BytesIO()
    canvas = Canvas(buffer, pagesize=PAGE, invariant=1)
    canvas.rect(50, 50, 600, 300, fill=1)
    canvas.save()
    return buffer.getvalue()


def _scanned(number: int) -> bytes:
    """A page that is nothing but a picture."""
    picture, buffer = io.BytesIO(), io.BytesIO()
    Image.new("RGB", (96, 54), (number, 120, 200)).save(picture, "PNG")
    canvas = Canvas(buffer, pagesize=PAGE, invariant=1)
    canvas.drawImage(ImageReader(io.BytesIO(picture.getvalue())), 0, 0, *PAGE)
    canvas.save()
    return buffer.getvalue()


def _bomb(megabytes: int) -> bytes:
    """A page whose content inflates to so many megabytes of nothing."""
    packer = zlib.compressobj(9)
    blank = b" " * 2**20
    stream = b"".join(packer.compress(blank) for _ in range(megabytes)) + packer.flush()
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 720 405] /Contents 4 0 R /Resources << >> >>",
        b"<< /Length %d /Filter /FlateDecode >>\nstream\n%s\nendstream" % (len(stream), stream),
    ]
    out, places = bytearray(b"%PDF-1.4\n"), []
    for n, body in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (n, body)
    start = len(out)
    out += b"xref\n0 5\n0000000000 65535 f \n" + b"".join(b"%010d 00000 n \n" % p for p in places)
    out += b"trailer\n<< /Size 5 /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % start
    return bytes(out)


def bad_decks() -> dict[str, tuple[bytes, str]]:
    """Twenty bad documents by their names, each with the code that it is refused with."""
    good = small_deck(9999)
    bad: dict[str, tuple[bytes, str]] = {
        "empty.pdf": (b"", "PD002"),
        "text.pdf": (b"This is no PDF.\n" * 40, "PD002"),
        "picture.pdf": (b"\x89PNG\r\n\x1a\n" + bytes(200), "PD002"),
        "web-page.pdf": (b"<!DOCTYPE html><html><title>404</title></html>", "PD002"),
        "head-only.pdf": (b"%PDF-1.7\n", "PD003"),
        "head-and-noise.pdf": (b"%PDF-1.7\n" + hashlib.sha256(b"noise").digest() * 50, "PD003"),
        "no-catalogue.pdf": (good.replace(b"/Root", b"/Toor"), "PD003"),
        "without-text.pdf": (_without_text(), "PD005"),
        "bomb.pdf": (_bomb(400), "PD020"),
    }
    for n in range(3):
        bad[f"encrypted-{n}.pdf"] = (_encrypted(small_deck(9000 + n)), "PD004")
        bad[f"scanned-{n}.pdf"] = (_scanned(n), "PD005")
    for n in range(5):
        bad[f"truncated-{n}.pdf"] = (good[: 200 + 20 * n], "PD003")
    return bad


def package_bytes(folder: Path) -> Mapping[str, str]:
    """Every file below a folder, hidden ones too, by its hash."""
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def generic(out: Path, **more: object) -> Options:
    """Options that read any document as prose and tables, into `out`, without a manifest."""
    return Options(out=out, sources=out.parent / "no-sources", deck="unrecognised", **more)  # type: ignore[arg-type]


def processes_of_session(number: int) -> list[int]:
    """The processes that belong to a session, the number of its first process, and are no zombies."""
    found = []
    for process in Path("/proc").iterdir():
        if process.name.isdecimal():
            try:
                said = (process / "stat").read_text(encoding="utf-8", errors="replace")
            except OSError:
                continue
            state, _, _, session = said.rpartition(")")[2].split()[:4]
            if int(session) == number and state != "Z":
                found.append(int(process.name))
    return found
