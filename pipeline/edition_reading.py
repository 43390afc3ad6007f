"""One document read into an edition: the stages in order, without writing anything."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline import __version__
from pipeline.edition_checks import Asked, ask_for_cells, ask_for_glyphs, checks_of, repeated_extraction_checks
from pipeline.errors import UnknownEditionYearError
from pipeline.extracting import extract
from pipeline.model import Check, Document, Edition, Row

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from pipeline.editions import EarlierEdition
    from pipeline.manifest import SourceEntry
    from pipeline.normalising import Normalised
    from pipeline.recognising import RecognisedDeck
    from pipeline.records import SlideReading
    from pipeline.word_fates import WordFates
    from pipeline.workshop import Workshop


@dataclass(frozen=True)
class EditionReading:
    """An edition with what it was made from: the recognised document, the slides' readings, the earlier editions.

    `fates` says by page what became of each word; `earlier` has the tables of the earlier editions of its deck, oldest
    first.
    """

    edition: Edition
    recognised: RecognisedDeck
    readings: tuple[SlideReading, ...]
    fates: Mapping[int, WordFates]
    earlier: Mapping[str, Mapping[str, Sequence[Row]]]


def read_edition(
    path: Path,
    workshop: Workshop,
    source: SourceEntry | None = None,
    *,
    document: Document | None = None,
    known_only: bool = False,
) -> EditionReading:
    """A document read, normalised, corrected and checked, without writing anything; `document` is what `open_document` gave.

    A document that no profile recognises is read with a generic profile; with `known_only`, UnknownDeckError is raised.
    """
    from pipeline.recognising import recognise

    if document is None:
        document = open_document(path, workshop)
    workshop.watch.stage("recognising", len(document.pages))
    deck = workshop.options.deck or (source.deck if source else None)
    recognised = recognise(document, workshop.profiles, deck, known_only=known_only)
    return _read_recognised(path, document, recognised, workshop, source)


def open_document(path: Path, workshop: Workshop, on_admitted: Callable[[int], None] = lambda _pages: None) -> Document:
    """As `reading.pdf.read_document`, within the limits that the run was given."""
    from pipeline.reading.pdf import read_document

    workshop.watch.stage("reading", 0)
    options = workshop.options
    return read_document(
        path, options.password, limits=options.limits, on_page=workshop.watch.page, on_admitted=on_admitted
    )


def _read_recognised(
    path: Path,
    as_read: Document,
    recognised: RecognisedDeck,
    workshop: Workshop,
    source: SourceEntry | None,
) -> EditionReading:
    from pipeline.drift import drift_checks, newest_earlier
    from pipeline.language.scripts import language_of
    from pipeline.normalising import normalise

    options = workshop.options
    document = recognised.document
    workshop.watch.stage("extracting", len(document.pages))
    cells = ask_for_cells(recognised, path, workshop)
    readings = extract(recognised, workshop)
    workshop.watch.stage("normalising", len(document.pages))
    name = options.edition or (source.edition if source else None) or _edition_name(recognised, readings)
    title = (source.title if source else "") or _title(recognised, readings)
    normalised = normalise(
        document,
        recognised.profile,
        readings,
        workshop.organizations,
        workshop.schemas,
        edition=name,
        title=title,
        version=__version__,
    )
    tables = dict(normalised.tables)
    generic = recognised.profile.is_generic
    if generic:
        tables["editions"][0]["language"] = language_of(w.text for page in document.pages for w in page.words)
    witnesses = earlier_of(recognised.profile.deck, name, workshop)
    tables["editions"][0]["inputs_sha256"] = inputs_sha256(document.sha256, source, workshop, witnesses)
    told = told_by(witnesses)
    # What drifted, and how open groups are settled, is told by the newest; the review page shows the figures of all.
    newest = newest_earlier(told, name)
    earlier = told[newest] if newest is not None else None
    tables, settled = settled_by(tables, normalised, earlier)
    tables = _corrected(tables, recognised.profile.deck, name, workshop)
    workshop.watch.stage("checking", len(document.pages))
    asked = Asked(cells, ask_for_glyphs(tables, path, workshop))
    stability = repeated_extraction_checks(tables, recognised, readings, as_read, path, workshop)
    workshop.watch.stage("checking", len(document.pages))  # it named pages
    checks = (
        *checks_of(tables, recognised, readings, normalised.doubts, source, asked, workshop),
        *stability,
        *settled,
        *(() if generic else drift_checks(tables, earlier, recognised.profile, readings)),
    )
    edition = Edition(recognised.profile.deck, name, title, tables, checks)
    return EditionReading(edition, recognised, tuple(readings), normalised.fates, told)


def earlier_of(deck: str, edition: str, workshop: Workshop) -> list[EarlierEdition]:
    """The editions that this one is compared with. Those of a generic profile are of different documents and are not."""
    from pipeline.editions import earlier_editions

    if workshop.is_generic(deck):
        return []
    return earlier_editions(deck, edition, workshop.options.out)


def told_by(witnesses: Sequence[EarlierEdition]) -> dict[str, dict[str, list[Row]]]:
    """The tables of earlier editions by the edition's name. Their bytes were compared when they were found."""
    from pipeline.editions import read_rows

    return {witness.edition: read_rows(witness.path, verify=False) for witness in witnesses}


def settled_by(
    tables: dict[str, list[Row]], normalised: Normalised, earlier: Mapping[str, Sequence[Row]] | None
) -> tuple[dict[str, list[Row]], tuple[Check, ...]]:
    """Groups whose category the layout leaves open, settled by the earlier edition and the totals, with their checks."""
    if not normalised.open_groups:
        return tables, ()
    from pipeline.settling import Candidate, settle, with_categories

    candidates = [Candidate(group, items, categories) for group, items, categories in normalised.open_groups]
    settled = settle(candidates, tables, earlier)
    return with_categories(tables, settled), settled.checks


def _corrected(tables: dict[str, list[Row]], deck: str, edition: str, workshop: Workshop) -> dict[str, list[Row]]:
    """The tables with the corrections that a person made to this edition."""
    from pipeline.corrections import apply_corrections, load_corrections

    corrections = load_corrections(workshop.options.sources, deck, edition)
    return apply_corrections(tables, corrections, workshop.schemas) if corrections else tables


def _edition_name(recognised: RecognisedDeck, readings: Sequence[SlideReading]) -> str:
    """The name of an edition that nothing names: after the draft, or else the newest, budget that the deck states.

    An edition of a document that no profile is for is named after its file.
    """
    from pipeline.normalising.keys import slug
    from pipeline.records import Printed

    if recognised.profile.is_generic:
        return slug(Path(recognised.document.name).stem)

    figures = []
    for reading in readings:
        for record in reading.records:
            if record.table == "stated_figures":
                year, budget = record.fields["fiscal_year"], record.fields["budget"]
                if isinstance(year, Printed) and isinstance(budget, Printed) and isinstance(year.value, int):
                    figures.append((record.fields["stage"] == "draft", year.value, str(budget.value)))
    if not figures:
        raise UnknownEditionYearError(
            f"{recognised.document.name}: no slide states a budget with its fiscal year, so the edition has no name.",
            "Name it with --edition.",
        )
    _, year, budget = max(figures)
    return recognised.profile.edition.format(fiscal_year=year, budget=budget)


def _title(recognised: RecognisedDeck, readings: Sequence[SlideReading]) -> str:
    """The title of a document that the manifest does not name: what the file says, or the profile.

    Where no profile is for it, it is what stands on its first slide: programs write all sorts of titles into files.
    """
    document = recognised.document
    if recognised.profile.is_generic:
        return next((title for r in readings if (title := r.title or _first_heading(r))), "") or document.name
    return document.title or recognised.profile.title


def _first_heading(reading: SlideReading) -> str:
    """What the first headed text of a slide stands under: a cover has its title in the middle of the page."""
    from pipeline.records import Printed

    headings = (record.fields.get("heading") for record in reading.records)
    return next((h.passage.text for h in headings if isinstance(h, Printed)), "")


def inputs_sha256(
    document_sha256: str, source: SourceEntry | None, workshop: Workshop, earlier: Sequence[EarlierEdition]
) -> str:
    """Over everything an edition is made from: the PDF, the schemas and profiles, the manifest's entry, the release.

    And `earlier`: the editions that it is compared with and shown beside.
    """
    entry = source.model_dump_json() if source is not None else ""
    options = workshop.options
    named = [options.edition or "", options.deck or "", *(["thorough"] if options.thorough else [])]
    parts = [document_sha256, workshop.schemas_sha256, workshop.corrections_sha256, entry, __version__, *named]
    parts += [f"{witness.edition} {witness.sha256}" for witness in earlier]
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()
