"""Damage that pdfminer passes over: a compressed stream that breaks off gives it the text up to there, without a word.

What a page draws is decompressed once before it, strictly and within bounds, so that a page is read whole or refused.
"""

from __future__ import annotations

import io
import logging
import zlib
from typing import TYPE_CHECKING, Any

from pdfminer.ascii85 import ascii85decode, asciihexdecode
from pdfminer.pdfdocument import PDFDocument
from pdfminer.pdfpage import PDFPage
from pdfminer.pdfparser import PDFParser
from pdfminer.pdftypes import (
    LITERALS_ASCII85_DECODE,
    LITERALS_ASCIIHEX_DECODE,
    LITERALS_FLATE_DECODE,
    LITERALS_LZW_DECODE,
    LITERALS_RUNLENGTH_DECODE,
    PDFStream,
    resolve1,
)
from pdfminer.psparser import literal_name

from pipeline.errors import DamagedPdfError, TooLargeError
from pipeline.reading.pdfminer_errors import pdfminer_errors

if TYPE_CHECKING:
    from collections.abc import Iterator

DEPTH = 8
"""Drawings inside drawings are followed so deep; deeper ones are not seen on slides."""

DRAWN_BYTES = 64 * 2**20
"""What one page draws may have so many bytes once it is decompressed. The fullest slides seen have about one million; a few
kilobytes can be made to decompress to gigabytes, which would take the machine's memory."""

_STEP = 2**20

_COMPRESSING = (*LITERALS_FLATE_DECODE, *LITERALS_LZW_DECODE, *LITERALS_RUNLENGTH_DECODE)


def refuse_damaged(name: str, data: bytes, password: str | None) -> None:
    """Raises DamagedPdfError where the PDF cannot be parsed, or a stream that a page draws be decompressed to its end.

    Raises EncryptedPdfError where it needs a password, TooLargeError where what a page draws is larger than `DRAWN_BYTES`.
    """
    # What pdfminer warns of is either mended by it or refused here, with the file's name.
    logging.getLogger("pdfminer").setLevel(logging.ERROR)
    with pdfminer_errors(name, password):
        document = PDFDocument(PDFParser(io.BytesIO(data)), password=password or "")
        for number, page in enumerate(PDFPage.create_pages(document), start=1):
            refuse_damaged_streams(name, number, page)


def refuse_damaged_streams(name: str, page: int, page_object: Any) -> None:
    """Raises DamagedPdfError where a stream that the page draws cannot be decompressed to its end.

    Raises TooLargeError where all that the page draws is larger than `DRAWN_BYTES`.
    """
    left = DRAWN_BYTES
    for stream in _drawn(page_object.contents, page_object.resources, DEPTH, set()):
        problem, size = _decompressed(stream, left)
        left -= size
        if left < 0:
            raise TooLargeError(
                f"{name}, page {page}: what the page draws is larger than {DRAWN_BYTES // 2**20} million bytes "
                "once it is decompressed.",
                "It is no slide, or made to do harm; print it to a new PDF if it must be read.",
            )
        if problem is not None:
            raise DamagedPdfError(
                f"{name}, page {page}: what the page draws is damaged (object {stream.objid}: {problem}).",
                "Download it again, or repair it with a PDF tool.",
            )


def _drawn(contents: Any, resources: Any, depth: int, seen: set[int]) -> Iterator[PDFStream]:
    """The page's content streams and the drawings that they may place."""
    listed = resolve1(contents) or []
    for item in listed if isinstance(listed, list) else [listed]:
        stream = resolve1(item)
        if isinstance(stream, PDFStream):
            yield stream
    known = resolve1(resources)
    yield from _font_maps(known)
    placed = resolve1(known.get("XObject")) if isinstance(known, dict) else None
    if not isinstance(placed, dict) or depth == 0:
        return
    for reference in placed.values():
        stream = resolve1(reference)
        if not isinstance(stream, PDFStream) or id(stream) in seen:
            continue
        seen.add(id(stream))
        if literal_name(stream.get("Subtype")) == "Form":
            yield from _drawn([stream], stream.get("Resources"), depth - 1, seen)


def _font_maps(resources: Any) -> Iterator[PDFStream]:
    """The fonts' maps to Unicode, which are parsed as soon as the font is used."""
    fonts = resolve1(resources.get("Font")) if isinstance(resources, dict) else None
    for reference in fonts.values() if isinstance(fonts, dict) else ():
        font = resolve1(reference)
        stream = resolve1(font.get("ToUnicode")) if isinstance(font, dict) else None
        if isinstance(stream, PDFStream):
            yield stream


def _decompressed(stream: PDFStream, most: int) -> tuple[str | None, int]:
    """What is wrong with a stream, and its size in bytes, counted to just beyond `most`.

    None is wrong where its compression is Flate and sound, or is another. Compressed twice it is never on a slide: each
    time makes a thousand of one.
    """
    raw = stream.rawdata
    if raw is None:
        return None, 0  # decompressed already
    filters = [name for name, _ in stream.get_filters()]
    if sum(name in _COMPRESSING for name in filters) > 1:
        return "it is compressed twice", 0
    if stream.decipher is not None and stream.objid is not None and stream.genno is not None:
        raw = stream.decipher(stream.objid, stream.genno, raw, stream.attrs)
    for name in filters:
        if name in LITERALS_ASCIIHEX_DECODE:
            raw = asciihexdecode(raw)
        elif name in LITERALS_ASCII85_DECODE:
            raw = ascii85decode(raw)
        elif name in LITERALS_FLATE_DECODE:
            return _inflated(raw, most)
        else:
            break  # a filter whose errors pdfminer reports
    return None, len(raw)


def _inflated(raw: bytes, most: int) -> tuple[str | None, int]:
    inflating, size = zlib.decompressobj(), 0
    try:
        while raw and size <= most and not inflating.eof:
            size += len(inflating.decompress(raw, _STEP))
            raw = inflating.unconsumed_tail
    except zlib.error as error:
        return str(error), size
    return (None if inflating.eof or size > most else "it ends too soon"), size
