"""Which document of a run has which edition, and how an edition comes into its place.

A name is taken by the first document that claims it, unless the manifest says that it is another's; what stands there
already and was made from another document is not overwritten. What came of a document is made here as well.
"""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.errors import DamagedEditionError, PolicydeckError, ReaderCrashedError
from pipeline.manifest import is_plain_name
from pipeline.many.results import DocumentResult
from pipeline.run import (
    UNCHANGED,
    earlier_in,
    error_of,
    exit_code_of,
    foreign,
    inputs_sha256,
    refuse_foreign,
    unchanged_edition,
    unchanged_places,
)
from pipeline.standing import StandingEdition, StandingEditions, read_standing

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from pipeline.manifest import SourceEntry
    from pipeline.many.documents import Document
    from pipeline.many.outputs import Output
    from pipeline.many.results import EditionKey
    from pipeline.many.tasks import Answer
    from pipeline.model import Edition
    from pipeline.workshop import Workshop


class Places:
    """The editions in the output's folder, and the documents of this run that have them, by their numbers.

    `on_displaced` hears of a document that loses its edition's name to another one, and why.
    """

    def __init__(
        self,
        documents: Sequence[Document],
        workshop: Workshop,
        output: Output,
        on_displaced: Callable[[int, PolicydeckError], None],
    ) -> None:
        self._documents, self._workshop, self._output = documents, workshop, output
        self._on_displaced = on_displaced
        self.standing = StandingEditions(output.root)
        self.owners: dict[EditionKey, int] = {}
        """By deck and edition: the document that it was made from in this run."""
        self._reserved: dict[EditionKey, StandingEdition] = {}
        """What will stand there, of documents that have a name before they are read."""

    # What stands

    def looks_unchanged(self, digest: str) -> bool:
        """Whether an edition says that it was made from these bytes and nothing that has changed; its files are not read."""
        if self._workshop.options.force:
            return False
        self._bring_made_from(digest)
        return bool(unchanged_places(digest, self._source(digest), self._workshop, self.standing))

    def unchanged(self, number: int, digest: str) -> DocumentResult | None:
        """The result of a document, with these bytes, whose edition stands as it should; None where it must be made."""
        if self._workshop.options.force:
            return None
        self._bring_made_from(digest)
        found = unchanged_edition(digest, self._source(digest), self._workshop, self.standing)
        return None if found is None else self._result_of_standing(number, *found)

    def copied(self, number: int, key: EditionKey, digest: str) -> DocumentResult | None:
        """The result of a document where an edition of that name was made from the same bytes, of another document."""
        place = self.standing.at(*key)
        if self.owners.get(key, number) == number or place is None or place.source_sha256 != digest:
            return None
        try:
            return self._result_of_standing(number, place, read_standing(place))
        except DamagedEditionError as error:
            return self.failed(number, error)

    def is_stale(self, key: EditionKey) -> bool:
        """Whether the edition was made from other earlier editions than stand there now."""
        place = self.standing.at(*key)
        if place is None or self._workshop.is_generic(key[0]):
            return False
        self._bring(place)
        source = self._source(place.source_sha256)
        earlier = earlier_in(self.standing, place, self._workshop)
        return place.inputs_sha256 != inputs_sha256(place.source_sha256, source, self._workshop, earlier)

    def _bring_made_from(self, digest: str) -> None:
        for place in self.standing.made_from(digest):
            self._bring(place)

    def _bring(self, place: StandingEdition) -> None:
        """Have the edition, and those before it, where they can be read."""
        if self._workshop.is_generic(place.deck):
            self._output.bring(place.deck, [place.edition])
        else:
            self._output.bring(place.deck, [other.edition for other in self.standing.of_deck(place.deck)])

    def _source(self, digest: str) -> SourceEntry | None:
        return self._workshop.entries_by_sha256.get(digest)

    # Names

    def reserve(self, number: int, key: EditionKey, digest: str) -> None:
        """Take a name for a document that is read later. Raises OutputError where another one has it."""
        new = StandingEdition(*key, self._output.root.joinpath(*key), self._documents[number].name, digest, "")
        self._claim(number, new)
        self._reserved[key] = new

    def release(self, key: EditionKey) -> None:
        """Give back a name that was reserved for a document that turns out to be another edition."""
        self._reserved.pop(key, None)
        self.owners.pop(key, None)

    def _claim(self, number: int, new: StandingEdition) -> None:
        key = (new.deck, new.edition)
        before, owner = self._reserved.get(key) or self.standing.at(*key), self.owners.get(key)
        source = self._source(new.source_sha256)
        is_confirmed = source is not None and (source.deck, source.edition) == key
        if owner is None or before is None:
            refuse_foreign(new, before, source, self._workshop)
        else:
            # Two documents of one run: the first has it, unless the manifest says that it is the other's.
            is_another = before.source_file == new.source_file
            if not is_confirmed:
                raise foreign(new, before, is_another=is_another)
            self._reserved.pop(key, None)
            self._on_displaced(owner, foreign(before, new, is_another=is_another))
        self.owners[key] = number

    # What was read

    def publish(self, number: int, answer: Answer) -> DocumentResult:
        """Put what was staged into its place, or refuse it. A name that was reserved for the document is its own."""
        try:
            return self._published(number, answer)
        except PolicydeckError as error:
            return self.failed(number, error, answer)
        finally:
            if answer.staged is not None:
                shutil.rmtree(answer.staged, ignore_errors=True)

    def _published(self, number: int, answer: Answer) -> DocumentResult:
        outcome, name = answer.outcome, self._documents[number].name
        said = None if outcome.failure is None else outcome.failure.as_error()
        if answer.staged is None:
            error = said or ReaderCrashedError(f"{name}: nothing came of it.", "Run again.")
            return self.failed(number, error, answer)
        key = (outcome.deck, outcome.edition)
        if not is_plain_name(outcome.edition) or all(p.deck != outcome.deck for p in self._workshop.profiles):
            raise ReaderCrashedError(f"{name}: the reading process named an edition that cannot be.", "Run again.")
        if self.owners.get(key) != number:
            digest = answer.source_sha256
            stands = self.unchanged(number, digest) or self.copied(number, key, digest)
            if stands is not None:
                return stands
            place = self._output.root.joinpath(*key)
            self._claim(number, StandingEdition(*key, place, answer.source_file, digest, answer.inputs_sha256))
        self._output.publish(Path(answer.staged), *key)
        self._reserved.pop(key, None)
        self.standing.note(*key)
        where = self._output.shown(*key)
        if said is not None:
            # The worker named the folder where the run keeps its editions here.
            shown_root = where.removesuffix(f"/{key[0]}/{key[1]}")
            said = type(said)(said.message.replace(self._output.root.absolute().as_posix(), shown_root), said.advice)
        return DocumentResult(
            self._documents[number].shown,
            name,
            "written",
            outcome.exit_code,
            *key,
            where,
            self._output.root.joinpath(*key),
            said,
            pages=answer.pages,
            words=answer.words,
            seconds=outcome.seconds,
        )

    # Results

    def _result_of_standing(self, number: int, place: StandingEdition, edition: Edition) -> DocumentResult:
        key = (place.deck, place.edition)
        self.owners.setdefault(key, number)
        where = self._output.shown(*key)
        said = error_of(edition, Path(where), self._source(place.source_sha256), self._workshop)
        slides = edition.tables["slides"]
        return DocumentResult(
            self._documents[number].shown,
            self._documents[number].name,
            "unchanged",
            2 if said is not None else exit_code_of(edition.checks, edition.tables.get("residue", [])),
            *key,
            where,
            place.path,
            said,
            UNCHANGED,
            pages=len(slides),
            words=sum(int(str(slide["words"])) for slide in slides),
        )

    def failed(self, number: int, error: PolicydeckError, answer: Answer | None = None) -> DocumentResult:
        """The result of a document that came to nothing."""
        document = self._documents[number]
        pages, seconds = (answer.outcome.pages, answer.outcome.seconds) if answer is not None else (0, 0.0)
        return DocumentResult(document.shown, document.name, "failed", 2, error=error, pages=pages, seconds=seconds)
