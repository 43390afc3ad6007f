"""The stages in order, for one document and for many: the only module that joins them."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from pipeline import __version__
from pipeline.errors import ManifestError, OutputError, PolicydeckError, UnknownEditionYearError
from pipeline.manifest import MANIFEST_NAME, Manifest, SourceEntry, load_manifest
from pipeline.memory import rare_collections
from pipeline.model import Check, Document, Edition, Page, Row
from pipeline.profiles import Profile, SlideKind, load_profiles
from pipeline.table_schemas import schemas_folder

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from pipeline.adding import Identified
    from pipeline.editions import EarlierEdition
    from pipeline.extractors.harvest import Context
    from pipeline.language.amounts import Vocabulary
    from pipeline.normalising import Normalised
    from pipeline.organizations import OrganizationRegistry
    from pipeline.page_image import PageImage
    from pipeline.publishing.report import ThroughEditions
    from pipeline.reading.second_reader import SecondReader
    from pipeline.recognising import RecognisedDeck
    from pipeline.records import Doubt, SlideReading
    from pipeline.table_schemas import TableSchema
    from pipeline.validation import MoneyExpression

Outcome = Literal["written", "unchanged", "failed"]

UNIT_CAPTION = "chart title or unit"
"""The reason under which an extractor sets a unit's caption aside."""

UNRECOGNISED = "unrecognised"
"""The kind of a slide that the profile does not know; it is read as prose."""


@dataclass(frozen=True)
class Options:
    """What a run was asked for. Folders are as given; `edition` and `deck` override what is recognised.

    `thorough` gives every page, and not only those with money, a second reader and a repeated extraction.
    """

    out: Path = Path("extracted")
    sources: Path = Path("source_pdfs")
    edition: str | None = None
    deck: str | None = None
    password: str | None = None
    force: bool = False
    thorough: bool = False


@dataclass(frozen=True)
class Result:
    """What came of one document: the edition as written, why it was skipped, or the error."""

    source: Path
    outcome: Outcome
    edition: Edition | None = None
    path: Path | None = None
    error: PolicydeckError | None = None
    reason: str = ""

    @property
    def exit_code(self) -> int:
        """The contract's: 2 where it could not be read, 1 where a check is inconsistent or words are left, else 0."""
        if self.error is not None:
            return 2
        if self.edition is None:
            return 0
        return exit_code_of(self.edition.checks, self.edition.tables.get("residue", []))


def exit_code_of(checks: Iterable[Check], residue: Sequence[Row]) -> int:
    """1 where a check is inconsistent or words are unaccounted for, else 0."""
    return int(bool(residue) or any(c.verdict == "inconsistent" for c in checks))


class Workshop:
    """What all documents of a run share, loaded once and only when it is needed."""

    def __init__(self, options: Options) -> None:
        self.options = options
        self.schemas_path = schemas_folder()

    @cached_property
    def profiles(self) -> tuple[Profile, ...]:
        """Every deck profile."""
        return load_profiles(self.schemas_path / "decks")

    @cached_property
    def manifest(self) -> Manifest:
        """What is known of the documents."""
        return load_manifest(self.options.sources / MANIFEST_NAME)

    @cached_property
    def schemas(self) -> dict[str, TableSchema]:
        """Every table's schema, by name."""
        from pipeline.table_schemas import load_table_schemas

        return load_table_schemas(self.schemas_path / "tables")

    @cached_property
    def vocabulary(self) -> Vocabulary:
        """The words of amounts."""
        from pipeline.language.amounts import load_vocabulary

        return load_vocabulary(self.schemas_path)

    @cached_property
    def organizations(self) -> OrganizationRegistry:
        """The known bodies."""
        from pipeline.organizations import load_organizations

        return load_organizations(self.schemas_path / "organizations.csv")

    @cached_property
    def schemas_sha256(self) -> str:
        """Over every file under `schemas/`: what a deck is read with."""
        return _folder_sha256(self.schemas_path)

    @cached_property
    def corrections_sha256(self) -> str:
        """Over every file of corrections."""
        return _folder_sha256(self.options.sources / "corrections")


def _folder_sha256(folder: Path) -> str:
    """Over the names and bytes of all files in a folder; the same where it is not there and where it is empty."""
    digest = hashlib.sha256()
    for path in sorted(p for p in folder.rglob("*") if p.is_file()):
        digest.update(path.relative_to(folder).as_posix().encode())
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def run(
    documents: Sequence[Path] = (),
    options: Options | None = None,
    *,
    on_result: Callable[[Result], None] = lambda _result: None,
) -> list[Result]:
    """Reads, checks and writes every document (those in the manifest's folder without `documents`), in order.

    A document that cannot be read costs only itself: its Result carries the error. Raises ManifestError, ProfileError or
    SchemaError where nothing can be read at all.
    """
    options = options or Options()
    workshop = Workshop(options)
    results = []
    for path in documents or _listed(workshop):
        result = run_one(path, workshop)
        results.append(result)
        on_result(result)
    return results


def _listed(workshop: Workshop) -> list[Path]:
    """The manifest's documents, each deck's oldest edition first: an edition is compared with the one before it."""
    from pipeline.editions import edition_order

    sources = workshop.manifest.sources
    decks = list(dict.fromkeys(source.deck for source in sources))
    ordered = sorted(sources, key=lambda source: (decks.index(source.deck), edition_order(source.edition)))
    return [workshop.options.sources / source.file for source in ordered]


def run_one(path: Path, workshop: Workshop) -> Result:
    """One document from bytes to a published package; an error of its own becomes part of the result."""
    try:
        with rare_collections():
            return _run_one(path, workshop)
    except PolicydeckError as error:
        return Result(path, "failed", error=error)


def _run_one(path: Path, workshop: Workshop) -> Result:
    options = workshop.options
    source = _entry_of(path, workshop)
    if not options.force:
        known = _unchanged(path, source, workshop)
        if known is not None:
            return known
    from pipeline.publishing import write_edition
    from pipeline.reading.second_reader import SecondReader

    # The second reader draws the pages while the first one parses them.
    with SecondReader(path, options.password, with_pictures=True) as second:
        reading = read_edition(path, workshop, source, second)
        page = report(reading, second.pictures(), workshop)
    edition, document = reading.edition, reading.recognised.document
    target = options.out / edition.deck / edition.edition
    _refuse_foreign(target, edition, path, options)
    write_edition(
        edition,
        target,
        schemas=workshop.schemas,
        sources=[
            {
                "title": edition.title,
                "path": document.name,
                "sha256": document.sha256,
                "edition": edition.edition,
            }
        ],
        version=__version__,
        licenses=[entry.model_dump(exclude_defaults=True) for entry in source.licenses] if source else (),
        extra_files={"report.html": page},
    )
    return Result(path, "written", edition, target)


def _entry_of(path: Path, workshop: Workshop) -> SourceEntry | None:
    """The manifest's entry for these bytes. A listed file with other bytes is refused: what it is was never confirmed."""
    digest = _sha256(path)
    entry = workshop.manifest.entry_for(sha256=digest) if digest else None
    if entry is None and digest and path.parent.resolve() == workshop.options.sources.resolve():
        listed = workshop.manifest.entry_for(file=path.name)
        if listed is not None:
            raise ManifestError(
                f"{path.name}: its SHA-256 is {digest[:12]}…, {MANIFEST_NAME} notes {listed.sha256[:12]}… for {listed.name}.",
                "If the publisher replaced the document, run: policydeck add --replace FILE.",
            )
    return entry


@dataclass(frozen=True)
class EditionReading:
    """An edition with what it was made from: the recognised document, the slides' readings, the earlier editions.

    `earlier` has the tables of the earlier editions of its deck, oldest first.
    """

    edition: Edition
    recognised: RecognisedDeck
    readings: tuple[SlideReading, ...]
    earlier: Mapping[str, Mapping[str, Sequence[Row]]]


def report(reading: EditionReading, pages: Sequence[PageImage], workshop: Workshop) -> bytes:
    """The review page of an edition, with the pictures of its pages."""
    from pipeline.publishing.report import report_html, word_fates

    fates = word_fates(reading.recognised.document, reading.readings)
    return report_html(reading.edition, pages, fates, workshop.schemas, _charts(reading))


def _charts(reading: EditionReading) -> tuple[ThroughEditions, ...]:
    """The edition's figures beside those of the earlier editions of its deck."""
    if not reading.earlier:
        return ()
    from pipeline.cross_edition import EditionName, EditionTables, charts_of

    edition = reading.edition
    earlier = [EditionTables(EditionName(edition.deck, name), tables) for name, tables in reading.earlier.items()]
    return charts_of(EditionTables(EditionName(edition.deck, edition.edition), edition.tables), earlier)


def write_report(folder: Path, options: Options | None = None) -> bool:
    """Write the review page of the extracted edition in `folder` anew, and say whether with the pages of its document.

    Its rows and checks are those of the edition. The pictures, and what became of each word, come from the very
    document that the edition was made from, where it stands in the folder of documents: without it the page shows the
    rows alone. Raises DamagedEditionError, OutputError, and what reading a document raises.
    """
    from pipeline.editions import earlier_editions, read_checks, read_rows
    from pipeline.publishing.report import report_html
    from pipeline.publishing.swap import replace_file
    from pipeline.reading.pdf import read_document
    from pipeline.reading.rendering import render_pages
    from pipeline.recognising import recognise

    workshop = Workshop(options or Options())
    tables = read_rows(folder)
    about = tables["editions"][0]
    edition = Edition(str(about["deck"]), str(about["edition"]), str(about["title"] or ""), tables, read_checks(folder))
    path = workshop.options.sources / str(about["source_file"])
    has_document = _sha256(path) == about["source_sha256"]
    if has_document:
        document = read_document(path, workshop.options.password)
        recognised = recognise(document, workshop.profiles, edition.deck)
        earlier = {
            witness.edition: read_rows(witness.path, verify=False)
            for witness in earlier_editions(edition.deck, edition.edition, workshop.options.out)
        }
        reading = EditionReading(edition, recognised, tuple(extract(recognised, workshop)), earlier)
        page = report(reading, render_pages(path, password=workshop.options.password), workshop)
    else:
        page = report_html(edition, (), {}, workshop.schemas)
    replace_file(folder, "report.html", page)
    return has_document


def read_edition(
    path: Path, workshop: Workshop, source: SourceEntry | None = None, second: SecondReader | None = None
) -> EditionReading:
    """A document read, normalised, corrected and checked, without writing anything.

    `second` is a second reader of the same document that is already at work; without it one is started.
    """
    from pipeline.reading.second_reader import SecondReader

    if second is None:
        with SecondReader(path, workshop.options.password) as second:
            return _read_edition(path, workshop, source, second)
    return _read_edition(path, workshop, source, second)


def _read_edition(path: Path, workshop: Workshop, source: SourceEntry | None, second: SecondReader) -> EditionReading:
    from pipeline.drift import drift_checks, newest_earlier
    from pipeline.editions import earlier_editions, read_rows
    from pipeline.normalising import normalise
    from pipeline.reading.pdf import read_document
    from pipeline.recognising import recognise

    options = workshop.options
    as_read = read_document(path, options.password)
    recognised = recognise(as_read, workshop.profiles, options.deck or (source.deck if source else None))
    document = recognised.document
    readings = extract(recognised, workshop)
    name = options.edition or (source.edition if source else None) or _edition_name(recognised, readings)
    title = (source.title if source else "") or document.title or recognised.profile.title
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
    witnesses = earlier_editions(recognised.profile.deck, name, options.out)
    tables["editions"][0]["inputs_sha256"] = inputs_sha256(document.sha256, source, workshop, witnesses)
    told = {witness.edition: read_rows(witness.path, verify=False) for witness in witnesses}
    # What drifted, and how open groups are settled, is told by the newest; the review page shows the figures of all.
    newest = newest_earlier(told, name)
    earlier = told[newest] if newest is not None else None
    tables, settled = _settled(tables, normalised, earlier)
    tables = _corrected(tables, recognised.profile.deck, name, workshop)
    # Before the second reader is waited for, which works meanwhile.
    stability = _stability_checks(tables, recognised, readings, as_read, path, workshop)
    checks = (
        *_checks(tables, recognised, readings, normalised.doubts, source, path, second, workshop),
        *stability,
        *settled,
        *drift_checks(tables, earlier, recognised.profile, readings),
    )
    edition = Edition(recognised.profile.deck, name, title, tables, checks)
    return EditionReading(edition, recognised, tuple(readings), told)


def _settled(
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


def extract(recognised: RecognisedDeck, workshop: Workshop) -> list[SlideReading]:
    """Each slide through its shape's extractor; a slide of an unknown kind is read as prose."""
    return _extract(recognised, workshop)


def _extract(recognised: RecognisedDeck, workshop: Workshop) -> list[SlideReading]:
    from pipeline.extractors import EXTRACTORS

    readings = []
    for slide in recognised.slides:
        context = _context(slide.kind, recognised.profile, workshop)
        readings.append(EXTRACTORS[context.kind.shape](slide.slide, context))
    return readings


def _context(kind: SlideKind | None, profile: Profile, workshop: Workshop) -> Context:
    from pipeline.extractors.harvest import Context

    known = kind or SlideKind(kind=UNRECOGNISED, shape="prose", titles=(UNRECOGNISED,))
    return Context(profile, known, workshop.vocabulary, workshop.organizations)


def _edition_name(recognised: RecognisedDeck, readings: Sequence[SlideReading]) -> str:
    """The name of an edition that nothing names: after the draft, or else the newest, budget that the deck states."""
    from pipeline.records import Printed

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


def _checks(
    tables: dict[str, list[Row]],
    recognised: RecognisedDeck,
    readings: Sequence[SlideReading],
    doubts: Sequence[Doubt],
    source: SourceEntry | None,
    path: Path,
    second: SecondReader,
    workshop: Workshop,
) -> tuple[Check, ...]:
    from pipeline.validation import validate
    from pipeline.validation.one_place import one_place_checks

    pinned = source.pinned if source else ()
    units = frozenset(
        glyph for r in readings for f in r.furniture if f.reason == UNIT_CAPTION for glyph in f.passage.glyphs
    )
    checks = validate(
        tables,
        recognised.profile.checks,
        pinned,
        recognised.document,
        lambda page: _money_on_page(page, recognised.profile, workshop.vocabulary, units),
        workshop.schemas,
    )
    grids = [
        _grid_check(tables, slide.slide.page, path, workshop)
        for slide in recognised.slides
        if slide.kind is not None and slide.kind.shape == "ruled_table"
    ]
    return (
        *checks,
        *one_place_checks(readings),
        *grids,
        *_second_opinions(tables, second, workshop.options),
        *_doubt_checks(doubts),
    )


def _second_opinions(tables: dict[str, list[Row]], second: SecondReader, options: Options) -> tuple[Check, ...]:
    """What is money, or in a thorough run everything, is read a second time, by another library."""
    from pipeline.validation.second_reader import pages_to_confirm, second_reader_checks

    pages = pages_to_confirm(tables, thorough=options.thorough)
    return tuple(second_reader_checks(tables, second.characters(pages), thorough=options.thorough))


def _stability_checks(
    tables: dict[str, list[Row]],
    recognised: RecognisedDeck,
    readings: Sequence[SlideReading],
    as_read: Document,
    path: Path,
    workshop: Workshop,
) -> tuple[Check, ...]:
    """The extraction repeated with other tolerances: of the pages with money, or of all in a thorough run."""
    from pipeline.repeating import Source, repeats
    from pipeline.validation.second_reader import pages_to_confirm
    from pipeline.validation.stability import stability_checks

    options = workshop.options
    pages = {r.page for r in readings} if options.thorough else set(pages_to_confirm(tables))
    source = Source(path, options.password, as_read, recognised)
    again = repeats(source, pages, lambda deck: _extract(deck, workshop), thorough=options.thorough)
    return tuple(stability_checks([r for r in readings if r.page in pages], again, tables))


def _grid_check(tables: dict[str, list[Row]], page: Page, path: Path, workshop: Workshop) -> Check:
    """The second opinion on a ruled table; only a page with rules in both directions has a grid to compare."""
    from pipeline.validation.grid import Cell, grid_check

    upright = sum(not rule.horizontal and rule.length > 0.1 * page.height for rule in page.rules)
    if upright < 2:
        return grid_check(tables, page.number, None)
    from pipeline.reading.lattice import lattice_cells

    cells = lattice_cells(path, page.number, page.height, workshop.options.password)

    def cell_at(x: float, y: float) -> Cell | None:
        found = next((c for c in cells if c.holds(x, y)), None)
        if found is None:
            return None
        return Cell(found.number, min(b.top for b in found.boxes), max(b.bottom for b in found.boxes))

    return grid_check(tables, page.number, cell_at if cells else None)


def _doubt_checks(doubts: Sequence[Doubt]) -> Iterator[Check]:
    """What the extractors could not settle, or settled with help, as checks."""
    counts: dict[str, int] = {}
    for doubt in doubts:
        counts[doubt.kind] = counts.get(doubt.kind, 0) + 1
        verdict: Literal["consistent", "undetermined"] = "consistent" if doubt.settled else "undetermined"
        yield Check(f"{doubt.kind}/doubt-{counts[doubt.kind]}", doubt.kind, doubt.subject, verdict, doubt.message)


def _money_on_page(
    page: Page, profile: Profile, vocabulary: Vocabulary, units: frozenset[tuple[int, int, int]]
) -> list[MoneyExpression]:
    """Every money expression on a page, found in its lines anew, without asking the extractors.

    A unit's caption reads like an amount ("100 million yen"); `units` are the glyphs of those that were read as units.
    """
    from pipeline.language.amounts import find_amounts
    from pipeline.layout.lines import segments_of
    from pipeline.validation import MoneyExpression

    found = []
    for segment in segments_of(page):
        passage = segment.passage
        for amount in find_amounts(passage.raw, vocabulary, profile.currency):
            part = passage[amount.start : amount.end]
            if part.glyphs <= units:
                continue
            boxes = tuple(p.box for p in part.parts())
            found.append(MoneyExpression(page.number, boxes, part.printed))
    return found


def identify(path: Path, options: Options) -> Identified:
    """Which deck, edition, title and language a document is, by reading it."""
    from pipeline.adding import Identified

    reading = read_edition(path, Workshop(options))
    recognised, edition = reading.recognised, reading.edition
    title = recognised.document.title or recognised.profile.title
    return Identified(edition.deck, edition.edition, title, recognised.profile.language)


def _sha256(path: Path) -> str:
    try:
        return hashlib.sha256(path.read_bytes()).hexdigest()
    except OSError:
        return ""  # reading it will say what is wrong


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


def _unchanged(path: Path, source: SourceEntry | None, workshop: Workshop) -> Result | None:
    """The edition written before, where nothing that it was made from has changed and its files are whole."""
    from pipeline.editions import earlier_editions, list_editions, read_checks, read_rows

    digest = _sha256(path)
    if not digest:
        return None
    for place in list_editions(workshop.options.out):
        recorded = _recorded(place.path)
        if recorded.get("source_sha256") != digest:
            continue
        earlier = earlier_editions(place.deck, place.edition, workshop.options.out)
        if recorded.get("inputs_sha256") != inputs_sha256(digest, source, workshop, earlier):
            continue
        try:
            tables = read_rows(place.path)
            checks = read_checks(place.path)
        except PolicydeckError:
            continue  # a damaged edition is made anew
        edition = Edition(place.deck, place.edition, str(tables["editions"][0]["title"] or ""), tables, checks)
        return Result(path, "unchanged", edition, place.path, reason="nothing it is made from has changed")
    return None


def _recorded(edition: Path) -> dict[str, str]:
    """What the edition says of itself, as text; read without parsing its other tables. Nothing where it says nothing."""
    import csv

    path = edition / "data" / "editions.csv"
    if not path.is_file():
        return {}
    with path.open(encoding="utf-8", newline="") as file:
        return next(csv.DictReader(file), {})


def _refuse_foreign(target: Path, edition: Edition, path: Path, options: Options) -> None:
    """An edition made from another document is not overwritten by one that only happens to have its name."""
    if not target.is_dir() or options.force or options.edition is not None:
        return
    from pipeline.editions import read_rows

    try:
        before = read_rows(target)["editions"][0]
    except (PolicydeckError, KeyError, IndexError):
        return
    if before["source_file"] != edition.tables["editions"][0]["source_file"]:
        raise OutputError(
            f"{path.name}: the edition {edition.deck}/{edition.edition} was made from {before['source_file']}.",
            "Give it another name with --edition, another folder with --out, or overwrite it with --force.",
        )
