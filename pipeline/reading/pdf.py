"""PDF bytes to a `Document`. This package is the only place that knows a PDF library.

Pages come out upright (after `/Rotate`), cut to what is shown (the crop box) and measured from its top left corner.

pdfium reads them: of the readers at hand it is the fastest by far that loses nothing (`tests/benchmarks/speed.py` measures
them side by side), and it is the one of Chromium, tried on more damaged and hostile files than any other. pdfplumber is the
reference that it is held against, word by word and rule by rule (`reference`, `tests/reading/test_same_as_the_reference.py`).
"""

from __future__ import annotations

import hashlib
import re
from contextlib import closing, contextmanager
from typing import TYPE_CHECKING

import pypdfium2
from pypdfium2 import raw

from pipeline.errors import (
    DamagedPdfError,
    EncryptedPdfError,
    NotAPdfError,
    NoTextError,
    SourceNotFoundError,
    TooLargeError,
)
from pipeline.model import Box, Document, Page
from pipeline.reading.damage import refuse_damaged
from pipeline.reading.font_measures import FontMeasures, font_measures
from pipeline.reading.pages import Found, page_of
from pipeline.reading.pdfium_drawings import Drawings
from pipeline.reading.pdfium_text import characters_of
from pipeline.reading.shown import Frame, frame_of, settled

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_HEADER = b"%PDF-"
_HEADER_REACH = 1024
"""Readers accept a header within the first 1024 bytes (PDF 1.7, Annex H, note 13)."""

MOST_BYTES = 512 * 2**20
"""A larger file is not opened: a deck of photographs has some tens of millions of bytes."""

MOST_PAGES = 2000
"""A PDF with more pages is no slide deck."""


def read_document(path: Path, password: str | None = None) -> Document:
    """The document at `path`.

    Raises:
        SourceNotFoundError: there is no such file, or it is a folder.
        NotAPdfError: the file is empty or no PDF.
        DamagedPdfError: it cannot be parsed.
        EncryptedPdfError: it needs a password, or another one.
        NoTextError: no page has a text layer.
        UnreadableTextError: a page's fonts have no usable map to Unicode.
        TooLargeError: the file, its number of pages or what one page draws is beyond any slide deck.

    """
    data = bytes_of(path)
    # A name that is no UTF-8 comes with stray halves of surrogates, which no file of the edition could hold.
    name = path.name.encode("utf-8", "replace").decode()
    refuse_damaged(name, data, password)
    with opened(name, data, password) as pdf:
        return _document(name, data, pdf, font_measures(data, password))


def bytes_of(path: Path) -> bytes:
    """The bytes of the file at `path`, where it is a PDF of a size that is read. Raises as `read_document`."""
    if path.is_dir():
        raise SourceNotFoundError(f"{path.name}: this is a folder, not a PDF.", "Name a PDF file.")
    try:
        if path.stat().st_size > MOST_BYTES:
            raise TooLargeError(
                f"{path.name}: the file has {path.stat().st_size // 2**20} million bytes; "
                f"more than {MOST_BYTES // 2**20} million are not read.",
                "Take the slides out of it, or compress its pictures.",
            )
        data = path.read_bytes()
    except FileNotFoundError:
        raise SourceNotFoundError(
            f"{path.name}: there is no such file.", "Check the spelling and the folder."
        ) from None
    except OSError as error:
        raise SourceNotFoundError(
            f"{path.name}: the file cannot be opened ({error.strerror}).", "Check its permissions."
        ) from error
    if not data:
        raise NotAPdfError(f"{path.name}: the file is empty.", "Download it again.")
    if _HEADER not in data[:_HEADER_REACH]:
        raise NotAPdfError(
            f"{path.name}: this is not a PDF, its first bytes are {data[:8]!r}.",
            "Name a PDF file, or convert it to one.",
        )
    return data


@contextmanager
def opened(name: str, data: bytes, password: str | None) -> Iterator[pypdfium2.PdfDocument]:
    """The PDF as pdfium opens it, with pdfium's errors as this package's."""
    try:
        with closing(pypdfium2.PdfDocument(data, password=password)) as pdf:
            yield pdf
    except pypdfium2.PdfiumError as error:
        if getattr(error, "err_code", None) == raw.FPDF_ERR_PASSWORD:
            raise EncryptedPdfError(
                f"{name}: the PDF is protected{' and the password given does not open it' if password else ''}.",
                "Give the password with --password.",
            ) from None
        raise _damaged(name, str(error)) from error


def _damaged(name: str, reason: str) -> DamagedPdfError:
    return DamagedPdfError(
        f"{name}: the PDF is damaged or cut short ({reason[:120]}).", "Download it again, or repair it with a PDF tool."
    )


def _document(name: str, data: bytes, pdf: pypdfium2.PdfDocument, measures: FontMeasures) -> Document:
    count = len(pdf)
    if not count:
        raise DamagedPdfError(f"{name}: the PDF has no pages.", "Download it again, or repair it with a PDF tool.")
    if count > MOST_PAGES:
        raise TooLargeError(
            f"{name}: the PDF has {count} pages; more than {MOST_PAGES} are not read.", "Take the slides out of it."
        )
    pages = tuple(_page(name, pdf, index, measures) for index in range(count))
    if not any(page.words for page in pages):
        raise NoTextError(
            f"{name}: it has no text layer on any page ({count} in all): pictures, or nothing.",
            "Run it through a text recognition tool first (for instance OCRmyPDF).",
        )
    return Document(
        name=name,
        sha256=hashlib.sha256(data).hexdigest(),
        pages=pages,
        title=pdf.get_metadata_value("Title"),
        producer=pdf.get_metadata_value("Producer"),
        created=iso_date(pdf.get_metadata_value("CreationDate")),
    )


def _page(name: str, pdf: pypdfium2.PdfDocument, index: int, measures: FontMeasures) -> Page:
    with closing(pdf[index]) as page, closing(page.get_textpage()) as text:
        frame = _frame(page)
        width, height = settled(frame.width), settled(frame.height)
        characters, turned = characters_of(text, frame, Box(0, 0, width, height), measures)
        drawings = Drawings(page, frame)
        return page_of(name, index + 1, Found(width, height, characters, turned, drawings.paths, drawings.images))


def _frame(page: pypdfium2.PdfPage) -> Frame:
    box = raw.FS_RECTF()
    raw.FPDF_GetPageBoundingBox(page.raw, box)
    return frame_of((box.left, box.bottom, box.right, box.top), page.get_rotation())


def iso_date(value: str) -> str:
    """A PDF date (`D:20250301120000+09'00'`) as ISO 8601 without its zone's sign lost; empty where it is malformed."""
    m = re.match(r"(?:D:)?(\d{4})(\d\d)?(\d\d)?(\d\d)?(\d\d)?(\d\d)?(?:Z|([+-])(\d\d)'?(\d\d)?'?)?", value)
    if not m:
        return ""
    year, month, day, hour, minute, second, sign, zone_hour, zone_minute = m.groups()
    stamp = f"{year}-{month or '01'}-{day or '01'}"
    if hour is not None:
        zone = f"{sign}{zone_hour}:{zone_minute or '00'}" if sign else "Z"
        stamp += f"T{hour}:{minute or '00'}:{second or '00'}{zone}"
    return stamp
