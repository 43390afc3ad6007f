"""Documents into published editions: one after the other, each whole or not at all."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from pipeline import __version__
from pipeline.edition_reading import inputs_sha256, open_document, read_edition
from pipeline.errors import DamagedEditionError, ManifestError, OutputError, PolicydeckError, UnknownDeckError
from pipeline.manifest import MANIFEST_NAME, SourceEntry, is_plain_name
from pipeline.memory import rare_collections
from pipeline.reviewing import report, write_report
from pipeline.standing import StandingEdition, StandingEditions, read_standing, standing_at
from pipeline.workshop import Options, Workshop, file_sha256

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from pathlib import Path

    from pipeline.adding import Identified
    from pipeline.editions import EarlierEdition
    from pipeline.model import Check, Edition, Row
    from pipeline.page_image import PageImage
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
    standing = StandingEditions(options.out)
    results = []
    for path in documents or documents_listed(workshop):
        result = run_one(path, workshop, standing)
        if result.outcome == "written" and result.edition is not None:
            standing.note(result.edition.deck, result.edition.edition)
        results.append(result)
        on_result(result)
    return results


def documents_listed(workshop: Workshop) -> list[Path]:
    """The manifest's documents, each deck's oldest edition first: an edition is compared with the one before it."""
    from pipeline.editions import edition_order

    sources = workshop.manifest.sources
    decks = list(dict.fromkeys(source.deck for source in sources))
    ordered = sorted(sources, key=lambda source: (decks.index(source.deck), edition_order(source.edition)))
    return [workshop.options.sources / source.file for source in ordered]


def run_one(
    path: Path, workshop: Workshop, standing: StandingEditions | None = None, *, staging: Path | None = None
) -> Result:
    """One document from bytes to a published package; an error of its own becomes part of the result.

    `standing` are the editions under `out`; without it they are looked through. With `staging` the edition is written into
    that new folder and not into its place: whoever gave it has decided that the document is to be read, and decides
    whether the edition may be put there (`publishing.swap.sync_staged`, `adopt_folder`).
    """
    try:
        with rare_collections():
            return _run_one(path, workshop, standing, staging)
    except PolicydeckError as error:
        return Result(path, "failed", error=error)


def _run_one(path: Path, workshop: Workshop, standing: StandingEditions | None, staging: Path | None) -> Result:
    options = workshop.options
    if options.edition is not None and not is_plain_name(options.edition):
        raise OutputError(
            f"{path.name}: {options.edition!r} is no name for an edition, which becomes the name of a folder.",
            "Give --edition a plain name, without a path.",
        )
    source = entry_of(path, workshop)
    if staging is None:
        known = None
        if not options.force:
            known = _unchanged(path, source, workshop, StandingEditions(options.out) if standing is None else standing)
        if known is not None:
            return known
    from pipeline.publishing import write_edition

    pictures: list[Callable[[], Sequence[PageImage]]] = []  # one: it is asked for in the middle of reading
    document = open_document(
        path, workshop, lambda pages: pictures.append(workshop.beside.pictures(path, pages, options.password))
    )
    reading = read_edition(path, workshop, source, document=document)
    if reading.recognised.unknown is not None and not _has_structure(reading.readings):
        raise _unknown(reading.edition, workshop, ", and it has no title, heading or table to be read by")
    edition = reading.edition
    target = options.out / edition.deck / edition.edition
    if staging is None:
        before = standing_at(options.out, edition.deck, edition.edition)
        refuse_foreign(_as_standing(edition, target), before, source, workshop)
        workshop.watch.writing(edition.deck, edition.edition)

    def review_page() -> bytes:
        workshop.watch.stage("drawing", len(document.pages))
        page = report(reading, [picture for asked in pictures for picture in asked()], workshop)
        workshop.watch.stage("writing", len(document.pages))
        return page

    workshop.watch.stage("writing", len(document.pages))
    try:
        write_edition(
            edition,
            staging or target,
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
            extra_files={"report.html": review_page},
            is_staged=staging is not None,
        )
    except OutputError as error:
        if staging is None:
            raise
        place, shown = str(staging.resolve()), str(target.resolve())
        raise OutputError(error.message.replace(place, shown), error.advice) from error
    return Result(path, "written", edition, target, error_of(edition, target, source, workshop))


def _as_standing(edition: Edition, path: Path) -> StandingEdition:
    about = edition.tables["editions"][0]
    said = (str(about[name] or "") for name in ("source_file", "source_sha256", "inputs_sha256"))
    return StandingEdition(edition.deck, edition.edition, path, *said)


def _has_structure(readings: Sequence[SlideReading]) -> bool:
    """Whether anything on the slides says what is about what: a title, a heading or a table."""
    return any(
        reading.title
        or any(r.table == "printed_tables" or r.fields.get("heading") is not None for r in reading.records)
        for reading in readings
    )


def error_of(edition: Edition, path: Path, source: SourceEntry | None, workshop: Workshop) -> UnknownDeckError | None:
    """What is to be said of the edition in `path` whose deck no profile recognises, unless someone said to read it so."""
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
    entry = workshop.entries_by_sha256.get(digest)
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


def _unchanged(path: Path, source: SourceEntry | None, workshop: Workshop, standing: StandingEditions) -> Result | None:
    """The edition written before, where nothing that it was made from has changed and it is whole."""
    digest = file_sha256(path)
    found = unchanged_edition(digest, source, workshop, standing) if digest else None
    if found is None:
        return None
    place, edition = found
    said = error_of(edition, place.path, source, workshop)
    return Result(path, "unchanged", edition, place.path, said, reason=UNCHANGED)


UNCHANGED = "nothing it is made from has changed"
"""Why an edition that stands is not made again."""


def unchanged_edition(
    source_sha256: str, source: SourceEntry | None, workshop: Workshop, standing: StandingEditions
) -> tuple[StandingEdition, Edition] | None:
    """The first of `unchanged_places` that is whole, and its place. One that is damaged is made anew."""
    for place in unchanged_places(source_sha256, source, workshop, standing):
        with suppress(DamagedEditionError):
            return place, read_standing(place)
    return None


def unchanged_places(
    source_sha256: str, source: SourceEntry | None, workshop: Workshop, standing: StandingEditions
) -> list[StandingEdition]:
    """The editions that say that they were made from these bytes, and from nothing that has changed since."""
    return [
        place
        for place in standing.made_from(source_sha256)
        if place.inputs_sha256 == inputs_sha256(source_sha256, source, workshop, earlier_in(standing, place, workshop))
    ]


def earlier_in(standing: StandingEditions, place: StandingEdition, workshop: Workshop) -> list[EarlierEdition]:
    """What `edition_reading.earlier_of` gives for an edition, by an index of the editions that stand."""
    return [] if workshop.is_generic(place.deck) else standing.earlier(place.deck, place.edition)


def refuse_foreign(
    new: StandingEdition, before: StandingEdition | None, source: SourceEntry | None, workshop: Workshop
) -> None:
    """Raises OutputError for an edition whose name only happens to be that of one made from another document.

    A file of the same name may be a new issue of the same document; where the edition is only named after its file, it
    may as well be any other, so there the bytes decide. What the manifest says of a document was confirmed.
    """
    if before is None or workshop.options.force:
        return
    if source is not None and (source.deck, source.edition) == (new.deck, new.edition):
        return
    generic = workshop.is_generic(new.deck)
    told_by = "source_sha256" if generic else "source_file"
    if getattr(before, told_by) not in ("", getattr(new, told_by)):
        raise foreign(new, before, is_another=generic)


def foreign(new: StandingEdition, before: StandingEdition, *, is_another: bool) -> OutputError:
    """The error of a document whose edition has the name of one that was made from another document."""
    return OutputError(
        f"{new.source_file}: the edition {new.deck}/{new.edition} was made from "
        f"{'another ' if is_another else ''}{before.source_file}.",
        "Give it another name with --edition, another folder with --out, or overwrite it with --force.",
    )
