"""What a document says and looks like does not depend on what the same process has read and drawn before it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from pipeline.reading.pdf import read_document
from pipeline.reading.rendering import render_pages
from tests.hostile_pdfs import CONTENTS, FONT, FREE, slide, stream

if TYPE_CHECKING:
    from pathlib import Path

FLAGS = {
    "sans": 32,
    "serif": 34,
    "bold": 32 + 2**18,
    "bold serif": 34 + 2**18,
    "fixed": 33,
    "italic": 96,
    "symbolic": 4,
}


def without_font(flags: int, words: bytes, widths: bytes = b"") -> bytes:
    """A page whose font is neither embedded nor known, and says nothing of its widths where `widths` does not."""
    font = b"<< /Type /Font /Subtype /TrueType /BaseFont /Unknown /FontDescriptor 6 0 R %b >>" % widths
    descriptor = b"<< /Type /FontDescriptor /FontName /Unknown /Flags %d >>" % flags
    drawn = stream(b"BT /F1 24 Tf 72 300 Td (%b) Tj ET" % words)
    return slide(more={FONT: font, FREE: descriptor, CONTENTS: drawn})


@pytest.mark.parametrize("flags", FLAGS.values(), ids=FLAGS)
def test_text_in_fonts_that_are_not_there_is_as_wide_after_others_were_drawn(flags: int, tmp_path: Path) -> None:
    """Its reader has two fonts instead, which it makes as wide as what it draws: each document finds both as if it was first."""
    document = tmp_path / "document.pdf"
    document.write_bytes(without_font(flags, b"Budget of the year"))
    pages, pictures = [], []
    for other in (32, 34):
        for width in (200, 900):
            drawn = tmp_path / f"{other}-{width}.pdf"
            widths = b"/FirstChar 32 /LastChar 126 /Widths [%b]" % (b"%d " % width * 95)
            drawn.write_bytes(without_font(other, b"Neither as wide", widths))
            render_pages(drawn)
            pages.append(read_document(document).pages)
            render_pages(drawn)
            pictures.append(render_pages(document))
    assert [word.text for word in pages[0][0].words] == ["Budget", "of", "the", "year"]
    assert all(page == pages[0] for page in pages)
    assert all(picture == pictures[0] for picture in pictures)
