"""Each slide of a recognised deck through the extractor of its shape."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipeline.profiles import SlideKind

if TYPE_CHECKING:
    from pipeline.extractors.harvest import Context
    from pipeline.layout.pictures import Place
    from pipeline.recognising import RecognisedDeck, RecognisedSlide
    from pipeline.records import SlideReading
    from pipeline.workshop import Workshop

UNRECOGNISED = "unrecognised"
"""The kind of a slide that the profile does not know; it is read as prose and tables."""

_UNRECOGNISED = SlideKind(kind=UNRECOGNISED, shape="prose_and_tables", titles=(UNRECOGNISED,))


def extract(recognised: RecognisedDeck, workshop: Workshop) -> list[SlideReading]:
    """Each slide through its shape's extractor, with its pictures; one of an unknown kind is read as prose and tables."""
    from pipeline.layout.pictures import repeated_places

    return extract_slides(recognised, workshop, repeated_places(recognised.document))


def extract_slides(recognised: RecognisedDeck, workshop: Workshop, repeated: frozenset[Place]) -> list[SlideReading]:
    """As `extract`, for some of a deck's slides; `repeated` are the places of pictures that stand on most of them."""
    from pipeline.extractors import EXTRACTORS
    from pipeline.extractors.pictures import with_pictures

    readings = []
    for slide in recognised.slides:
        workshop.watch.page(slide.slide.page.number)
        context = _context(slide, recognised, workshop)
        reading = EXTRACTORS[context.kind.shape](slide.slide, context)
        readings.append(with_pictures(reading, slide.slide.page, repeated))
    return readings


def _context(slide: RecognisedSlide, recognised: RecognisedDeck, workshop: Workshop) -> Context:
    from pipeline.extractors.harvest import Context

    kind, profile = slide.kind, recognised.profile
    others = [s.slide for s in recognised.slides if kind is not None and s.kind is kind and s is not slide]
    beside = tuple(tuple(segment.text for segment in other.body) for other in others)
    return Context(profile, kind or _UNRECOGNISED, workshop.vocabulary, workshop.organizations, beside=beside)
