"""Documents into published editions: one after the other, each whole or not at all."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from pipeline import __version__
from pipeline.edition_reading import earlier_of, inputs_sha256, read_edition
from pipeline.errors import ManifestError, OutputError, PolicydeckError, UnknownDeckError
from pipeline.manifest import MANIFEST_NAME, SourceEntry, is_plain_name
from pipeline.memory import rare_collections
from pipeline.model import Check, Edition, Row
from pipeline.reviewing import report, write_report
from pipeline.workshop import Options, Workshop, file_sha256

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from pathlib import Path

    from pipeline.adding import Identified
    from pipeline.records import SlideReading

__all__ = [
    "Options",
    "Result",
    "Workshop",
    "exit_code_of",
    "identify",
    "inputs_sha256",
    "read_edition",
    "report",
    "run",
    "run_one",
    "write_report",
]

Outcome = Literal["written", "unchanged", "failed"]


@dataclass(frozen=True)
class Result:
    """What came of one document: the edition as written, why it was skipped, or the error.

    Both an edition and an error: no profile recognised the document, and it was read as prose and tables only.
    """

    source: Path
    outcome: Outcome
    edition: Edition | None = None
    path: Path | None = None
    error: PolicydeckError | None = None
    reason: str = ""

    @property
    def exit_code(self) -> int:
        """The contract's: 2 where it could not be read, 1 where a check is inconsistent or words are left, else 0.

        A deck that no profile recognises was not read as what it is, so it is 2 although its prose and tables are written.
        """
        if self.error is not None:
            return 2
        if self.edition is None:
            return 0
        return exit_code_of(self.edition.checks, self.edition.tables.get("residue", []))


def exit_code_of(checks: Iterable[Check], residue: Sequence[Row]) -> int:
    """1 where a check is inconsistent or words are unaccounted for, else 0."""
    return int(bool(residue) or any(c.verdict == "inconsistent" for c in checks))


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
    if options.edition is not None and not is_plain_name(options.edition):
        raise OutputError(
            f"{path.name}: {options.edition!r} is no name for an edition, which becomes the name of a folder.",
            "Give --edition a plain name, without a path.",
        )
    source = entry_of(path, workshop)
    if not options.force:
        known = _unchanged(path, source, workshop)
        if known is not None:
            return known
    from pipeline.publishing import write_edition
    from pipeline.reading.rendering import render_pages

    reading = read_edition(path, workshop, source)
    if reading.recognised.unknown is not None and not _has_structure(reading.readings):
        raise _unknown(reading.edition, workshop, ", and it has no title, heading or table to be read by")
    workshop.watch.stage("drawing", len(reading.recognised.document.pages))
    page = report(reading, render_pages(path, password=options.password), workshop)
    edition, document = reading.edition, reading.recognised.document
    target = options.out / edition.deck / edition.edition
    _refuse_foreign(target, edition, path, source, workshop)
    workshop.watch.stage("writing", len(document.pages))
    workshop.watch.writing(edition.deck, edition.edition)
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
    return Result(path, "written", edition, target, _error_of(edition, target, source, workshop))


def _has_structure(readings: Sequence[SlideReading]) -> bool:
    """Whether anything on the slides says what is about what: a title, a heading or a table."""
    return any(
        reading.title
        or any(r.table == "printed_tables" or r.fields.get("heading") is not None for r in reading.records)
        for reading in readings
    )


def _error_of(edition: Edition, path: Path, source: SourceEntry | None, workshop: Workshop) -> UnknownDeckError | None:
    """What is to be said of an edition whose deck no profile recognises, unless someone said to read it so."""
    deck = workshop.options.deck or (source.deck if source else None)
    if deck is not None or not workshop.is_generic(edition.deck):
        return None
    return _unknown(edition, workshop, f"; it was read as prose and tables only, into {path.as_posix()}/")


def _unknown(edition: Edition, workshop: Workshop, outcome: str) -> UnknownDeckError:
    from pipeline.recognising import unknown_deck

    titles = [str(slide["title"]) for slide in edition.tables["slides"] if slide["title"]]
    name = str(edition.tables["editions"][0]["source_file"])
    return unknown_deck(name, titles[:3], workshop.profiles, outcome)


def entry_of(path: Path, workshop: Workshop) -> SourceEntry | None:
    """The manifest's entry for these bytes. A listed file with other bytes is refused: what it is was never confirmed."""
    digest = file_sha256(path)
    entry = workshop.manifest.entry_for(sha256=digest) if digest else None
    if entry is None and digest and path.parent.resolve() == workshop.options.sources.resolve():
        listed = workshop.manifest.entry_for(file=path.name)
        if listed is not None:
            raise ManifestError(
                f"{path.name}: its SHA-256 is {digest[:12]}…, {MANIFEST_NAME} notes {listed.sha256[:12]}… for {listed.name}.",
                "If the publisher replaced the document, run: policydeck add --replace FILE.",
            )
    return entry


def identify(path: Path, workshop: Workshop) -> Identified:
    """Which deck, edition, title and language a document is, by reading it."""
    from pipeline.adding import Identified

    edition = read_edition(path, workshop, known_only=True).edition
    return Identified(edition.deck, edition.edition, edition.title, str(edition.tables["editions"][0]["language"]))


def _unchanged(path: Path, source: SourceEntry | None, workshop: Workshop) -> Result | None:
    """The edition written before, where nothing that it was made from has changed, its tables are whole and no file is gone."""
    from pipeline.editions import REVIEW_PAGE, list_editions, read_checks, read_rows

    digest = file_sha256(path)
    if not digest:
        return None
    for place in list_editions(workshop.options.out):
        recorded = _recorded(place.path)
        if recorded.get("source_sha256") != digest:
            continue
        earlier = earlier_of(place.deck, place.edition, workshop)
        if recorded.get("inputs_sha256") != inputs_sha256(digest, source, workshop, earlier):
            continue
        try:
            tables = read_rows(place.path)
            checks = read_checks(place.path)
        except PolicydeckError:
            continue  # a damaged edition is made anew
        files = [place.path / REVIEW_PAGE, *(place.path / "data" / f"{table}.parquet" for table in tables)]
        if not all(file.is_file() for file in files):
            continue
        edition = Edition(place.deck, place.edition, str(tables["editions"][0]["title"] or ""), tables, checks)
        return Result(
            path,
            "unchanged",
            edition,
            place.path,
            _error_of(edition, place.path, source, workshop),
            reason="nothing it is made from has changed",
        )
    return None


def _recorded(edition: Path) -> dict[str, str]:
    """What the edition says of itself, as text; read without parsing its other tables. Nothing where it says nothing."""
    import csv

    path = edition / "data" / "editions.csv"
    if not path.is_file():
        return {}
    try:
        with path.open(encoding="utf-8", newline="") as file:
            return next(csv.DictReader(file), {})
    except (OSError, UnicodeDecodeError, csv.Error):
        return {}


def _refuse_foreign(target: Path, edition: Edition, path: Path, source: SourceEntry | None, workshop: Workshop) -> None:
    """An edition made from another document is not overwritten by one that only happens to have its name.

    A file of the same name may be a new issue of the same document; where the edition is only named after its file, it
    may as well be any other, so there the bytes decide. What the manifest says of a document was confirmed.
    """
    if not target.is_dir() or workshop.options.force:
        return
    if source is not None and (source.deck, source.edition) == (edition.deck, edition.edition):
        return
    from pipeline.editions import read_rows

    try:
        before = read_rows(target)["editions"][0]
    except (PolicydeckError, KeyError, IndexError):
        return
    generic = workshop.is_generic(edition.deck)
    told_by = "source_sha256" if generic else "source_file"
    if before[told_by] != edition.tables["editions"][0][told_by]:
        raise OutputError(
            f"{path.name}: the edition {edition.deck}/{edition.edition} was made from another {before['source_file']}."
            if generic
            else f"{path.name}: the edition {edition.deck}/{edition.edition} was made from {before['source_file']}.",
            "Give it another name with --edition, another folder with --out, or overwrite it with --force.",
        )
