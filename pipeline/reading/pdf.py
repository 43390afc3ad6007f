"""PDF bytes to a `Document`. This package is the only place that knows a PDF library.

Pages come out upright (after `/Rotate`), cut to what is shown (the crop box) and measured from its top left corner.
"""

from __future__ import annotations

import hashlib
import io
import logging
import re
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import pdfplumber
from pdfminer.pdfdocument import PDFPasswordIncorrect
from pdfminer.pdfexceptions import PDFException
from pdfminer.psexceptions import PSException
from pdfplumber.utils.exceptions import MalformedPDFException, PdfminerException

from pipeline.errors import (
    DamagedPdfError,
    EncryptedPdfError,
    NotAPdfError,
    NoTextError,
    PolicydeckError,
    SourceNotFoundError,
    UnreadableTextError,
)
from pipeline.limits import DEFAULT_LIMITS, Limits, refuse_beyond
from pipeline.model import Box, Document, Image, Page
from pipeline.reading.drawn import UNKNOWN, characters_of, drawn_on
from pipeline.reading.graphics import sort_paths
from pipeline.reading.preflight import preflight
from pipeline.reading.shown import margins_of, settled
from pipeline.reading.turned import turned_words
from pipeline.reading.words import words_of
from pipeline.tolerances import Tolerance

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

_HEADER = b"%PDF-"
_HEADER_REACH = 1024
"""Readers accept a header within the first 1024 bytes (PDF 1.7, Annex H, note 13)."""

_UNMAPPED_SHARE = Tolerance(0.1, "share of glyphs without a Unicode value", in_reading=True)
"""A page where more than this part of the glyphs has no Unicode value cannot be read."""


def read_document(
    path: Path,
    password: str | None = None,
    *,
    limits: Limits = DEFAULT_LIMITS,
    on_page: Callable[[int], None] = lambda _number: None,
) -> Document:
    """The document at `path`; `on_page` is told of each page, by its number from 1, before it is read.

    Raises:
        SourceNotFoundError: there is no such file, or it is a folder.
        NotAPdfError: the file is empty or no PDF.
        DamagedPdfError: it cannot be parsed.
        EncryptedPdfError: it needs a password, or another one.
        NoTextError: no page has a text layer.
        UnreadableTextError: a page's fonts have no usable map to Unicode.
        TooLargeError: the file, its number of pages or what one page draws is beyond any slide deck.

    """
    data = _bytes_of(path, limits)
    # A name that is no UTF-8 comes with stray halves of surrogates, which no file of the edition could hold.
    name = path.name.encode("utf-8", "replace").decode()
    # What they warn of is either mended by it or refused here, with the file's name.
    for library in ("pdfminer", "playa"):
        logging.getLogger(library).setLevel(logging.ERROR)
    # pdfminer parses lazily, so pages are read inside the same guard.
    preflight(name, data, password, limits, on_page)
    with _pdf_errors(name, password):
        return _document(name, data, io.BytesIO(data), password, limits, on_page)


def _bytes_of(path: Path, limits: Limits) -> bytes:
    if path.is_dir():
        raise SourceNotFoundError(f"{path.name}: this is a folder, not a PDF.", "Name a PDF file.")
    try:
        refuse_beyond(limits, "file_bytes", path.stat().st_size, path.name, "the file has")
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
def _pdf_errors(name: str, password: str | None) -> Iterator[None]:
    """What pdfplumber and pdfminer raise on bad input, as this package's errors."""
    try:
        yield
    except PolicydeckError:
        raise
    except (PdfminerException, MalformedPDFException, PDFException, PSException) as error:
        inner = error.args[0] if error.args and isinstance(error.args[0], Exception) else error
        if isinstance(inner, PDFPasswordIncorrect):
            raise EncryptedPdfError(
                f"{name}: the PDF is protected{' and the password given does not open it' if password else ''}.",
                "Give the password with --password.",
            ) from None
        raise _damaged(name, inner) from error
    except (
        ValueError,
        KeyError,
        IndexError,
        TypeError,
        AttributeError,
        AssertionError,
        OverflowError,
        RecursionError,
    ) as error:
        # pdfminer meets broken objects with whatever Python raises there; to a user they are all one thing.
        raise _damaged(name, error) from error


def _damaged(name: str, error: BaseException) -> DamagedPdfError:
    reason = str(error).splitlines()[0] if str(error) else type(error).__name__
    return DamagedPdfError(
        f"{name}: the PDF is damaged or cut short ({reason[:120]}).", "Download it again, or repair it with a PDF tool."
    )


def _document(
    name: str, data: bytes, stream: io.BytesIO, password: str | None, limits: Limits, on_page: Callable[[int], None]
) -> Document:
    with pdfplumber.open(stream, password=password or "") as pdf:
        if not pdf.pages:
            raise DamagedPdfError(f"{name}: the PDF has no pages.", "Download it again, or repair it with a PDF tool.")
        refuse_beyond(limits, "pages", len(pdf.pages), name, "its number of pages is")
        pages = []
        for plumbed in pdf.pages:
            on_page(plumbed.page_number)
            pages.append(_page(name, plumbed, limits))
            plumbed.close()
        if not any(page.words for page in pages):
            raise NoTextError(
                f"{name}: it has no text layer on any page ({len(pages)} in all): pictures, or nothing.",
                "Run it through a text recognition tool first (for instance OCRmyPDF).",
            )
        information = pdf.metadata or {}
    return Document(
        name=name,
        sha256=hashlib.sha256(data).hexdigest(),
        pages=tuple(pages),
        title=_text(information.get("Title")),
        producer=_text(information.get("Producer")),
        created=_date(_text(information.get("CreationDate"))),
    )


def _page(name: str, plumbed: Any, limits: Limits) -> Page:
    shown = _shown(plumbed)
    shift = (-shown.x0, -shown.top)
    page_box = Box(0, 0, settled(shown.width), settled(shown.height))
    drawn = drawn_on(plumbed)
    place = f"{name}, page {plumbed.page_number}"
    refuse_beyond(limits, "page_characters", len(drawn.glyphs), place, "its number of characters is")
    refuse_beyond(limits, "page_rules", len(drawn.paths), place, "its number of lines and shapes is")
    characters, turned = characters_of(drawn, plumbed, shift, page_box)
    unmapped = sum(1 for c in characters if c.text == UNKNOWN)
    if characters and unmapped > _UNMAPPED_SHARE * len(characters):
        raise UnreadableTextError(
            f"{name}, page {plumbed.page_number}: {unmapped} of {len(characters)} glyphs have no Unicode value "
            f"(font {characters[0].font}).",
            "Ask the publisher for a PDF with text, or run it through a text recognition tool.",
        )
    rules, panels, curves = sort_paths(drawn.paths, shift, page_box)
    images = tuple(
        Image(
            Box(
                settled(i["x0"] + shift[0]),
                settled(i["top"] + shift[1]),
                settled(i["x1"] + shift[0]),
                settled(i["bottom"] + shift[1]),
            )
        )
        for i in drawn.images
    )
    words = words_of(characters)
    return Page(
        number=plumbed.page_number,
        width=page_box.x1,
        height=page_box.bottom,
        words=(*words, *turned_words(turned, page_box, len(words))),
        rules=rules,
        panels=panels,
        curves=curves,
        images=images,
    )


def _shown(plumbed: Any) -> Box:
    """What is shown of the page, in pdfplumber's coordinates; it turns the media box upright, but not the crop box."""
    page = plumbed.page_obj
    margins = margins_of(page.mediabox, page.cropbox, page.rotate)
    x0, top, x1, bottom = plumbed.mediabox
    return Box(x0 + margins.left, top + margins.top, x1 - margins.right, bottom - margins.bottom)


def _text(value: object) -> str:
    if isinstance(value, bytes):
        return value.decode("utf-8", "replace")
    return value if isinstance(value, str) else ""


def _date(value: str) -> str:
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
