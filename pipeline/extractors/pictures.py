"""The pictures of a slide: reported with their places, whatever else the slide is read as."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING

from pipeline.layout.pictures import pictures_of
from pipeline.records import Record

if TYPE_CHECKING:
    from pipeline.layout.pictures import Place
    from pipeline.model import Page
    from pipeline.records import Content, SlideReading


def with_pictures(reading: SlideReading, page: Page, repeated: frozenset[Place]) -> SlideReading:
    """The reading with a record for each picture on its page that is not `repeated` through the deck."""
    boxes = pictures_of(page, repeated)
    if not boxes:
        return reading
    first = max((r.number for r in reading.records), default=0) + 1
    records = []
    for number, box in enumerate(boxes, 1):
        share = box.width * box.height / (page.width * page.height)
        fields: dict[str, Content] = {
            "page": page.number,
            "number": number,
            **{side: _length(getattr(box, side)) for side in ("x0", "top", "x1", "bottom")},
            "page_share": Decimal(f"{share:.3f}"),
            "words": sum(
                box.x0 <= w.box.centre <= box.x1 and box.top <= w.box.middle <= box.bottom for w in page.words
            ),
        }
        records.append(Record(first + number, "pictures", page.number, fields))
    return replace(reading, records=(*reading.records, *records))


def _length(value: float) -> Decimal:
    """A length in points to two decimals, as tables hold it."""
    return Decimal(f"{value:.2f}")
