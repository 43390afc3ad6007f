"""Opens PDFs with pdfium so that what one says does not depend on those before it, and one thread at a time."""

from __future__ import annotations

from contextlib import closing, contextmanager
from threading import RLock
from typing import TYPE_CHECKING

import pypdfium2

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_LOCK = RLock()
"""pdfium is not safe in several threads at once: whoever asks it for anything holds this lock meanwhile."""

_SANS_SERIF, _SERIF = 1 << 5, 1 << 5 | 1 << 1
"""Flags of a font descriptor (PDF 1.7, 9.8.2): not symbolic; with serifs."""


@contextmanager
def opened_by_pdfium(source: Path | bytes, password: str | None) -> Iterator[pypdfium2.PdfDocument]:
    """A PDF as pdfium opens it, as the first one of the process would be. Raises pypdfium2.PdfiumError where it cannot be."""
    with _LOCK:
        _set_replacement_fonts()
        with closing(pypdfium2.PdfDocument(source, password=password)) as pdf:
            yield pdf


def _set_replacement_fonts() -> None:
    """Draw a letter in each of the two fonts that pdfium has instead of one that is neither embedded nor known to it.

    It makes them as wide and bold as each letter that it draws has to be, for all documents of the process, and leaves them
    so. A font that does not give its widths has those of its replacement: they would be those of whatever was drawn last.
    """
    with closing(pypdfium2.PdfDocument(_LETTERS)) as pdf, closing(pdf[0]) as page:
        page.render(scale=1).close()


def _font(flags: int) -> str:
    descriptor = f"<</Type/FontDescriptor/FontName/Unknown/Flags {flags}>>"
    return (
        "<</Type/Font/Subtype/TrueType/BaseFont/Unknown/FirstChar 97/LastChar 97/Widths[500]"
        f"/FontDescriptor {descriptor}>>"
    )


def _pdf(*objects: str) -> bytes:
    """A PDF of these objects, numbered from 1, the first of which is its catalogue. pdfium finds them without a table."""
    body = "".join(f"{number} 0 obj\n{text}\nendobj\n" for number, text in enumerate(objects, 1))
    return f"%PDF-1.7\n{body}trailer<</Root 1 0 R/Size {len(objects) + 1}>>\n%%EOF\n".encode()


_DRAWN = "BT /Sans 12 Tf 2 4 Td (a) Tj /Serif 12 Tf (a) Tj ET"
_LETTERS = _pdf(
    "<</Type/Catalog/Pages 2 0 R>>",
    "<</Type/Pages/Kids[3 0 R]/Count 1>>",
    "<</Type/Page/Parent 2 0 R/MediaBox[0 0 20 20]/Contents 4 0 R/Resources<</Font<</Sans 5 0 R/Serif 6 0 R>>>>>>",
    f"<</Length {len(_DRAWN)}>>stream\n{_DRAWN}\nendstream",
    _font(_SANS_SERIF),
    _font(_SERIF),
)
