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

from pipeline.errors import DamagedPdfError, EncryptedPdfError, SourceNotFoundError
from pipeline.page_image import PageImage

if TYPE_CHECKING:
    from pathlib import Path

    from PIL import Image

LONGER_SIDE = 1600
"""Pixels on the longer side of a picture: print of 8 points stays legible on a slide, and a slide takes about 80 kB."""

_MEDIA_TYPE = "image/webp"
_FLAT_COLOURS = 4096
"""Drawn slides, smoothed edges included, have fewer colours than this; photographs have more."""
_PHOTO_QUALITY = 80
_EFFORT = 1
_LOSSLESS_EFFORT = 20
"""Least effort that still pays: five times as fast as WebP's default on slides, for half as many bytes again."""


def render_pages(pdf: Path, *, password: str | None = None) -> tuple[PageImage, ...]:
    """Render every page of `pdf`, in order.

    Pages are WebP, lossless unless a page shows photographs or shades. The same file gives the same bytes with the same
    releases of pypdfium2 and Pillow; text in fonts that the PDF does not embed is drawn in what
    the system has instead. pdfium is not safe in several threads at once.

    Raises SourceNotFoundError where there is no such file or it is a folder, EncryptedPdfError where it needs a
    password or another one, and DamagedPdfError where pdfium cannot open it or draw one of its pages.
    """
    if not pdf.is_file():
        raise SourceNotFoundError(f"{pdf.name}: there is no such file.", "Check the spelling and the folder.")
    try:
        with closing(pypdfium2.PdfDocument(pdf, password=password)) as document:
            return tuple(_page_image(document, index) for index in range(len(document)))
    except pypdfium2.PdfiumError as error:
        if getattr(error, "err_code", None) == pypdfium2.raw.FPDF_ERR_PASSWORD:
            raise EncryptedPdfError(
                f"{pdf.name}: the PDF is protected{' and the password given does not open it' if password else ''}.",
                "Give the password with --password.",
            ) from None
        raise DamagedPdfError(
            f"{pdf.name}: the PDF cannot be drawn ({error}).", "Download it again, or repair it with a PDF tool."
        ) from error


def _page_image(document: pypdfium2.PdfDocument, index: int) -> PageImage:
    with closing(document[index]) as page:
        width, height = page.get_size()
        # The page's own anti-aliasing for LCD screens would colour the edges of black text.
        bitmap = page.render(scale=LONGER_SIDE / max(width, height), optimize_mode=None)
        picture = bitmap.to_pil().convert("RGB")
    return PageImage(index + 1, width, height, _MEDIA_TYPE, _encoded(picture))


def _encoded(picture: Image.Image) -> bytes:
    is_drawn = picture.getcolors(_FLAT_COLOURS) is not None
    # Of a lossless picture WebP's `quality` is the effort to make it small.
    quality = _LOSSLESS_EFFORT if is_drawn else _PHOTO_QUALITY
    buffer = io.BytesIO()
    picture.save(buffer, "WEBP", lossless=is_drawn, quality=quality, method=_EFFORT)
    return buffer.getvalue()
