"""A page as a picture: what reading renders and the review page shows, so that neither needs to know the other."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class PageImage:
    """One rendered page.

    `width` and `height` are those of the upright page in PDF points, the frame in which every box is measured; `data`
    is an image file of the type `media_type` that shows all of the page and nothing else.
    """

    page: int
    width: float
    height: float
    media_type: str
    data: bytes
