"""The reference that the first reader is held against: the same pages by pdfplumber.

It takes ten times as long, so a run asks it only where it is to be thorough; the tests ask it for every document.
"""

from __future__ import annotations

import io
import logging
from typing import TYPE_CHECKING, Any

import pdfplumber

from pipeline.model import Box, Image, Page
from pipeline.reading.characters import Characters
from pipeline.reading.drawn import characters_of, drawn_on
from pipeline.reading.pages import Found, page_of
from pipeline.reading.pdfminer_errors import pdfminer_errors
from pipeline.reading.shown import margins_of, settled

if TYPE_CHECKING:
    from collections.abc import Collection


def reference_pages(
    name: str, data: bytes, password: str | None = None, numbers: Collection[int] | None = None
) -> tuple[Page, ...]:
    """The pages of a PDF as pdfplumber reads them, or those with the given numbers, with the errors of `read_document`."""
    logging.getLogger("pdfminer").setLevel(logging.ERROR)
    # pdfminer parses lazily, so pages are read inside the same guard.
    with pdfminer_errors(name, password), pdfplumber.open(io.BytesIO(data), password=password or "") as pdf:
        pages = []
        for plumbed in pdf.pages:
            if numbers is None or plumbed.page_number in numbers:
                pages.append(page_of(name, plumbed.page_number, _found(plumbed)))
                plumbed.close()
    return tuple(pages)


def _found(plumbed: Any) -> Found:
    shown = _shown(plumbed)
    shift = (-shown.x0, -shown.top)
    page = Box(0, 0, settled(shown.width), settled(shown.height))
    drawn = drawn_on(plumbed)
    characters, turned = characters_of(drawn, plumbed, shift, page)
    return Found(
        page.x1,
        page.bottom,
        Characters.of(characters),
        {turn: Characters.of(c) for turn, c in turned.items()},
        [_moved(path, shift) for path in drawn.paths],
        [Image(_box(_moved(image, shift))) for image in drawn.images],
    )


def _moved(item: dict[str, Any], shift: tuple[float, float]) -> dict[str, Any]:
    x, y = shift
    return {
        **item,
        "x0": item["x0"] + x,
        "top": item["top"] + y,
        "x1": item["x1"] + x,
        "bottom": item["bottom"] + y,
        "pts": [(px + x, py + y) for px, py in item.get("pts") or ()],
    }


def _box(item: dict[str, Any]) -> Box:
    return Box(settled(item["x0"]), settled(item["top"]), settled(item["x1"]), settled(item["bottom"]))


def _shown(plumbed: Any) -> Box:
    """What is shown of the page, in pdfplumber's coordinates; it turns the media box upright, but not the crop box."""
    page = plumbed.page_obj
    margins = margins_of(page.mediabox, page.cropbox, page.rotate)
    x0, top, x1, bottom = plumbed.mediabox
    return Box(x0 + margins.left, top + margins.top, x1 - margins.right, bottom - margins.bottom)
