"""Which glyphs of a page are made bold by outlining them.

Office programs print a bold style of a font that has no bold face (as most Japanese ones have none) by filling each glyph
and drawing its outline in the same colour (PDF 1.7, 9.3.6, text rendering mode 2). Nothing in the font's name says so, and
pdfplumber does not pass the mode on, so the page is interpreted here, with the mode noted glyph by glyph.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pdfminer.pdfinterp import PDFPageInterpreter
from pdfplumber.page import PDFPageAggregatorWithMarkedContent
from pdfplumber.utils.exceptions import PdfminerException

if TYPE_CHECKING:
    from collections.abc import Sequence

_FILLED_AND_OUTLINED = frozenset({2, 6})
"""The text rendering modes that fill and stroke; 6 clips as well."""


class _Device(PDFPageAggregatorWithMarkedContent):
    """Collects a page's objects as pdfplumber does, and for each glyph whether it is outlined in its own colour."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.outlined: list[bool] = []
        self.vertical: list[bool] = []
        self._fills_and_strokes = False

    def render_string(self, textstate: Any, *arguments: Any) -> None:
        self._fills_and_strokes = textstate.render in _FILLED_AND_OUTLINED
        super().render_string(textstate, *arguments)

    def render_char(self, *arguments: Any, **options: Any) -> float:
        state = options.get("graphicstate", arguments[-1])
        self.vertical.append(arguments[1].is_vertical())
        self.outlined.append(self._fills_and_strokes and state.scolor == state.ncolor)
        return float(super().render_char(*arguments, **options))


def interpret(plumbed: Any) -> tuple[Sequence[bool], Sequence[bool]]:
    """Interpret a pdfplumber page and say of its glyphs, in the order of its `chars`, which are outlined bold and which vertical.

    The page keeps what was interpreted, so that nothing is done twice. Raises PdfminerException as pdfplumber does.
    """
    device = _Device(plumbed.pdf.rsrcmgr, pageno=plumbed.page_number, laparams=plumbed.pdf.laparams)
    try:
        PDFPageInterpreter(plumbed.pdf.rsrcmgr, device).process_page(plumbed.page_obj)
    except Exception as error:
        # As `Page.layout` does it: whatever pdfminer meets in a broken page is one kind of error to the caller.
        raise PdfminerException(error) from error
    plumbed._layout = device.get_result()  # noqa: SLF001 - where pdfplumber looks before interpreting the page itself
    return device.outlined, device.vertical
