"""PDF pages to pictures, for people to look at. Nothing is read from them.

Pages are drawn by pdfium, which cuts them to the crop box and turns them upright as `pdf` does, so that a box measured
there lies on the same words here.
"""

from __future__ import annotations

import io
from contextlib import closing
from typing import TYPE_CHECKING

import pypdfium2
import pypdfium2.raw

from pipeline.errors import DamagedPdfError, SourceNotFoundError
from pipeline.page_image import PageImage
from pipeline.reading.few_colours import Runs, few_colours
from pipeline.reading.pdfium_opening import opened_by_pdfium
from pipeline.reading.source_file import protected

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

LONGER_SIDE = 1600
"""Pixels on the longer side of a picture: print of 8 points stays legible on a slide, and a slide takes about 100 kB."""

_COMPRESSION = 2
"""Of zlib: more makes files smaller by a few per cent, in twice the time."""

_FLAT_COLOURS = 4096
"""Drawn slides, smoothed edges included, have fewer colours than this; photographs have more."""
_QUALITY = 85
"""Of a JPEG whose colours are as fine as its shades: small print in colour keeps its edges. A lossless picture of so many
colours takes ten times as long to compress."""


def render_pages(pdf: Path, *, password: str | None = None) -> tuple[PageImage, ...]:
    """As `drawn_pages`, all of them."""
    return tuple(drawn_pages(pdf, password=password))


def drawn_pages(pdf: Path, *, password: str | None = None) -> Iterator[PageImage]:
    """Render every page of `pdf`, in order.

    A drawn page shows its common colours as they are and the rare ones, of smoothed edges, within less than 16 of 256
    shades, as a PNG with a palette. Where its colours are too many for one, as in a photograph, it is a JPEG.
    The same file gives the same bytes with the same releases of pypdfium2 and Pillow; text in fonts that the PDF does
    not embed is drawn in what the system has instead.

    Raises SourceNotFoundError where there is no such file or it is a folder, EncryptedPdfError where it needs a
    password or another one, and DamagedPdfError where pdfium cannot open it or draw one of its pages.
    """
    if not pdf.is_file():
        raise SourceNotFoundError(f"{pdf.name}: there is no such file.", "Check the spelling and the folder.")
    try:
        with opened_by_pdfium(pdf, password) as document:
            for index in range(len(document)):
                yield _page_image(document, index)
    except pypdfium2.PdfiumError as error:
        if getattr(error, "err_code", None) == pypdfium2.raw.FPDF_ERR_PASSWORD:
            raise protected(pdf.name, password) from None
        raise DamagedPdfError(
            f"{pdf.name}: the PDF cannot be drawn ({error}).", "Download it again, or repair it with a PDF tool."
        ) from error


def _page_image(document: pypdfium2.PdfDocument, index: int) -> PageImage:
    with closing(document[index]) as page:
        width, height = page.get_size()
        # The page's own anti-aliasing for LCD screens would colour the edges of black text. Four bytes a pixel, in the
        # order that Pillow has them, are drawn faster than three and need no copying.
        bitmap = page.render(
            scale=LONGER_SIDE / max(width, height), optimize_mode=None, prefer_bgrx=True, rev_byteorder=True
        )
        with closing(bitmap):
            media_type, data = _encoded(bitmap)
    return PageImage(index + 1, width, height, media_type, data)


def _encoded(bitmap: pypdfium2.PdfBitmap) -> tuple[str, bytes]:
    from PIL import Image

    buffer = io.BytesIO()
    drawn = Runs.of(bitmap.to_numpy())
    palette = few_colours(drawn, _FLAT_COLOURS)
    if palette is None:
        bitmap.to_pil().convert("RGB").save(buffer, "JPEG", quality=_QUALITY, subsampling=0)
        return "image/jpeg", buffer.getvalue()
    picture = Image.fromarray(palette.pixels)
    picture.putpalette(palette.colours)
    picture.save(buffer, "PNG", compress_level=_COMPRESSION)
    return "image/png", buffer.getvalue()
