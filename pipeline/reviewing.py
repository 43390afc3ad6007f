"""The review page of an edition: made with it, or anew from what was written."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipeline.edition_reading import EditionReading, earlier_of, told_by
from pipeline.extracting import extract
from pipeline.manifest import is_plain_name
from pipeline.model import Edition
from pipeline.watching import UNWATCHED, Watch
from pipeline.workshop import Options, Workshop, file_sha256

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from pipeline.page_image import PageImage
    from pipeline.publishing.report import ThroughEditions


def report(reading: EditionReading, pages: Sequence[PageImage], workshop: Workshop) -> bytes:
    """The review page of an edition, with the pictures of its pages."""
    from pipeline.publishing.report import report_html

    return report_html(reading.edition, pages, reading.fates, workshop.schemas, _charts(reading))


def _charts(reading: EditionReading) -> tuple[ThroughEditions, ...]:
    """The edition's figures beside those of the earlier editions of its deck."""
    if not reading.earlier:
        return ()
    from pipeline.cross_edition import EditionName, EditionTables, charts_of

    edition = reading.edition
    earlier = [EditionTables(EditionName(edition.deck, name), tables) for name, tables in reading.earlier.items()]
    return charts_of(EditionTables(EditionName(edition.deck, edition.edition), edition.tables), earlier)


def write_report(folder: Path, options: Options | None = None, watch: Watch = UNWATCHED) -> bool:
    """Write the review page of the extracted edition in `folder` anew, and say whether with the pages of its document.

    Its rows and checks are those of the edition. The pictures, and what became of each word, come from the very
    document that the edition was made from, where it stands in the folder of documents: without it the page shows the
    rows alone. Raises DamagedEditionError, OutputError, and what reading a document raises.
    """
    from pipeline.editions import read_checks, read_rows
    from pipeline.publishing.report import report_html
    from pipeline.publishing.swap import replace_file
    from pipeline.reading.pdf import read_document
    from pipeline.reading.rendering import render_pages
    from pipeline.recognising import recognise
    from pipeline.word_fates import word_fates

    workshop = Workshop(options or Options(), watch)
    tables = read_rows(folder)
    about = tables["editions"][0]
    edition = Edition(str(about["deck"]), str(about["edition"]), str(about["title"] or ""), tables, read_checks(folder))
    name = str(about["source_file"])
    path = workshop.options.sources / name
    # An edition may come from anybody: a name in it leads nowhere but into the folder of documents.
    has_document = is_plain_name(name) and file_sha256(path) == about["source_sha256"]
    if has_document:
        watch.stage("reading", 0)
        document = read_document(path, workshop.options.password, limits=workshop.options.limits, on_page=watch.page)
        watch.stage("extracting", len(document.pages))
        recognised = recognise(document, workshop.profiles, edition.deck)
        earlier = told_by(earlier_of(edition.deck, edition.edition, workshop))
        readings = tuple(extract(recognised, workshop))
        fates = word_fates(recognised.document, readings)
        reading = EditionReading(edition, recognised, readings, fates, earlier)
        page = report(reading, render_pages(path, password=workshop.options.password), workshop)
    else:
        page = report_html(edition, (), {}, workshop.schemas)
    replace_file(folder, "report.html", page)
    return has_document
