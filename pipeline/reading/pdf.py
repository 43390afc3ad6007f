"""PDF bytes to a `Document`. This package is the only place that knows a PDF library.

Pages come out upright (after `/Rotate`), cut to what is shown (the crop box) and measured from its top left corner.

pdfium reads them: of the readers at hand it is the fastest by far that loses nothing (`tests/benchmarks/speed.py` measures
them side by side), and it is the one of Chromium, tried on more damaged and hostile files than any other. pdfplumber is the
reference that it is held against, word by word and rule by rule (`reference`, `tests/reading/test_same_as_the_reference.py`).
"""

from __future__ import annotations

import hashlib
import logging
import re
from contextlib import closing, contextmanager
from typing import TYPE_CHECKING

import pypdfium2
from pypdfium2 import raw

from pipeline.errors import DamagedPdfError, NoTextError
from pipeline.limits import DEFAULT_LIMITS, Limits, refuse_beyond
from pipeline.model import Box, Document, Page
from pipeline.printable import file_name
from pipeline.reading.font_measures import FontMeasures, font_measures
from pipeline.reading.pages import Found, page_of
from pipeline.reading.pdfium_drawings import Drawings
from pipeline.reading.pdfium_opening import opened_by_pdfium
from pipeline.reading.pdfium_text import characters_of
from pipeline.reading.preflight import preflight
from pipeline.reading.shown import Frame, frame_of, settled
from pipeline.reading.source_file import bytes_of, damaged, protected

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path


def read_document(
    path: Path,
    password: str | None = None,
    *,
    limits: Limits = DEFAULT_LIMITS,
    on_page: Callable[[int], None] = lambda _number: None,
    on_admitted: Callable[[int], None] = lambda _pages: None,
) -> Document:
    """The document at `path`; `on_page` is told of each page, by its number from 1, before it is read.

    `on_admitted` is told how many pages there are before any is read, once what the file declares of itself and of them is
    within the limits. What a page turns out to draw may still be beyond them.

    Raises:
        SourceNotFoundError: there is no such file, or it is a folder.
        NotAPdfError: the file is empty or no PDF.
        DamagedPdfError: it cannot be parsed.
        EncryptedPdfError: it needs a password, or another one.
        NoTextError: no page has a text layer.
        UnreadableTextError: a page's fonts have no usable map to Unicode.
        TooLargeError: the file, its number of pages or what one page draws is beyond any slide deck.

    """
    data = bytes_of(path, limits)
    name = file_name(path)
    # What it warns of is either mended by it or refused here, with the file's name.
    logging.getLogger("playa").setLevel(logging.ERROR)
    inspected = preflight(name, data, password, limits, on_page)
    with opened(name, data, password) as pdf:
        if len(pdf) != len(inspected.pages):
            # Either library mends what is broken in its own way; where a page is lost on that way, nothing can be trusted.
            raise damaged(name, f"its tree of pages has {len(inspected.pages)} of them, pdfium finds {len(pdf)}")
        on_admitted(len(pdf))
        return _document(name, data, pdf, font_measures(inspected), limits, on_page)


@contextmanager
def opened(name: str, data: bytes, password: str | None) -> Iterator[pypdfium2.PdfDocument]:
    """The PDF as pdfium opens it, with pdfium's errors as this package's."""
    try:
        with opened_by_pdfium(data, password) as pdf:
            yield pdf
    except pypdfium2.PdfiumError as error:
        if getattr(error, "err_code", None) == raw.FPDF_ERR_PASSWORD:
            raise protected(name, password) from None
        raise damaged(name, str(error)) from error


def _document(
    name: str,
    data: bytes,
    pdf: pypdfium2.PdfDocument,
    measures: FontMeasures,
    limits: Limits,
    on_page: Callable[[int], None],
) -> Document:
    count = len(pdf)
    if not count:
        raise DamagedPdfError(f"{name}: the PDF has no pages.", "Download it again, or repair it with a PDF tool.")
    refuse_beyond(limits, "pages", count, name, "its number of pages is")
    pages = []
    for index in range(count):
        on_page(index + 1)
        pages.append(_page(name, pdf, index, measures, limits))
    if not any(page.words for page in pages):
        raise NoTextError(
            f"{name}: it has no text layer on any page ({count} in all): pictures, or nothing.",
            "Run it through a text recognition tool first (for instance OCRmyPDF).",
        )
    return Document(
        name=name,
        sha256=hashlib.sha256(data).hexdigest(),
        pages=tuple(pages),
        title=pdf.get_metadata_value("Title"),
        producer=pdf.get_metadata_value("Producer"),
        created=iso_date(pdf.get_metadata_value("CreationDate")),
    )


def _page(name: str, pdf: pypdfium2.PdfDocument, index: int, measures: FontMeasures, limits: Limits) -> Page:
    place = f"{name}, page {index + 1}"

    def refuse_more(paths: int) -> None:
        refuse_beyond(limits, "page_rules", paths, place, "its number of lines and shapes is", at_least=True)

    with closing(pdf[index]) as page:
        # Every piece of text is at least a character, also one that pdfium leaves out because it stands on another.
        drawn = raw.FPDFPage_CountObjects(page.raw)
        refuse_beyond(limits, "page_characters", drawn, place, "the number of pieces that it draws is")
        frame = _frame(page)
        drawings = Drawings(page, frame, refuse_more)
        width, height = settled(frame.width), settled(frame.height)
        with closing(page.get_textpage()) as text:
            refuse_beyond(limits, "page_characters", text.count_chars(), place, "its number of characters is")
            characters, turned = characters_of(text, frame, Box(0, 0, width, height), measures)
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
