"""Damage that pdfminer passes over: a compressed stream that breaks off gives it the text up to there, without a word.

What a page draws is decompressed once before it, strictly and within bounds, so that a page is read whole or refused.
"""

from __future__ import annotations

import zlib
from typing import TYPE_CHECKING, Any

from pdfminer.pdftypes import LITERALS_FLATE_DECODE, PDFStream, resolve1
from pdfminer.psparser import literal_name

from pipeline.errors import DamagedPdfError, TooLargeError

if TYPE_CHECKING:
    from collections.abc import Iterator

DEPTH = 8
"""Drawings inside drawings are followed so deep; deeper ones are not seen on slides."""

DRAWN_BYTES = 64 * 2**20
"""What one page draws may have so many bytes once it is decompressed. The fullest slides seen have about one million; a few
kilobytes can be made to decompress to gigabytes, which would take the machine's memory."""

_STEP = 2**20


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


def _decompressed(stream: PDFStream, most: int) -> tuple[str | None, int]:
    """What is wrong with a stream, and its size in bytes, counted to just beyond `most`.

    None is wrong where its outermost compression is Flate and sound, or is another.
    """
    raw, filters = stream.rawdata, stream.get_filters()
    if raw is None or not filters or filters[0][0] not in LITERALS_FLATE_DECODE:
        return None, len(raw or b"")  # decompressed already, or by a filter whose errors pdfminer reports
    if stream.decipher is not None and stream.objid is not None and stream.genno is not None:
        raw = stream.decipher(stream.objid, stream.genno, raw, stream.attrs)
    inflating, size = zlib.decompressobj(), 0
    try:
        while raw and size <= most and not inflating.eof:
            size += len(inflating.decompress(raw, _STEP))
            raw = inflating.unconsumed_tail
    except zlib.error as error:
        return str(error), size
    return (None if inflating.eof or size > most else "it ends too soon"), size
