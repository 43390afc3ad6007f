"""One run over many documents: who is read when, and which edition is put where.

Workers read ahead, in any order and on any engine; what is decided is decided here, in the order of the documents, as if
they were read one after the other. So the editions have the same bytes whatever the engine and the number of workers:

- A document has its turn when all before it had theirs. Then its edition is put into place, unless another document's
  has that name already. What was read before its turn waits on the disk.
- An edition depends on the earlier ones of its deck, and a worker may have seen others than stand there in the end. So
  when all had their turn, every edition that was made from others than stand there is made again, a deck's oldest
  first. This ends, since an edition depends only on earlier ones.
"""

from __future__ import annotations

import concurrent.futures
import shutil
from collections import deque
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.editions import edition_order, read_checks, read_rows
from pipeline.errors import DamagedEditionError, EngineError, OutputError, PolicydeckError, ReaderCrashedError
from pipeline.manifest import MANIFEST_NAME, is_plain_name
from pipeline.many.engines import is_lost
from pipeline.many.results import DocumentResult, Tally
from pipeline.many.tasks import SHIPPED_DOCUMENT, SHIPPED_OUT, SHIPPED_SOURCES, Task
from pipeline.model import Edition
from pipeline.run import (
    UNCHANGED,
    earlier_in,
    error_of,
    exit_code_of,
    foreign,
    inputs_sha256,
    refuse_foreign,
    unchanged_edition,
)
from pipeline.standing import StandingEdition, StandingEditions
from pipeline.workshop import Workshop, file_sha256

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from concurrent.futures import Future

    from pipeline.manifest import SourceEntry
    from pipeline.many.documents import Document
    from pipeline.many.engines import Engine
    from pipeline.many.outputs import Output
    from pipeline.many.tasks import Answer
    from pipeline.many.workplace import Workplace
    from pipeline.workshop import Options

_AHEAD_OF_WORKERS = 2
"""So many tasks for each worker are given to an engine: one to do, and one to go on with."""

_AHEAD_OF_THEIR_TURN = 1000
"""So many documents may wait on the disk for one before them."""

_SECONDS_BETWEEN_TALLIES = 0.25

_MOST_RENEWALS = 10
"""An engine that lost its workers so many times without doing a single task is given up."""


class Coordinator:
    """The state of one run. `run` does it once; `close` removes what it needed, at any moment."""

    def __init__(
        self,
        documents: Sequence[Document],
        options: Options,
        *,
        output: Output,
        engine: Engine,
        workplace: Workplace,
        on_result: Callable[[DocumentResult], None],
        on_tally: Callable[[Tally], None],
    ) -> None:
        self._documents = documents
        self._options = options
        self._output, self._engine, self._workplace = output, engine, workplace
        self._on_result, self._on_tally = on_result, on_tally
        self._workshop = Workshop(replace(options, out=output.root))
        self._standing = StandingEditions(output.root)
        self.tally = Tally(len(documents))
        self.results: dict[int, DocumentResult] = {}
        self._held: dict[int, DocumentResult] = {}
        """Results that are not reported yet, since their editions are made again."""
        self._owners: dict[tuple[str, str], int] = {}
        """By deck and edition: the document that it was made from in this run."""
        self._given: set[str] = set()
        """The bytes, by their digest, of documents that were given to a worker."""
        self._in_flight: dict[Future[Answer], int] = {}
        self._refused: list[tuple[int, Answer | DocumentResult]] = []
        """Documents that could not be given to a worker, since nothing can be written."""
        self._suspects: deque[int] = deque()
        """Documents whose worker was lost: any of them may have been the reason."""
        self._tried_alone: set[int] = set()
        self._tried_twice: set[int] = set()
        self._is_broken = False
        self._renewals = 0
        self._ships = False

    def run(self) -> list[DocumentResult]:
        """Read all, put all into place, and give what came of each, in the documents' order."""
        self.tally.start()
        self._take_turns()
        self._make_again()
        self._on_tally(self.tally)
        return [self.results[number] for number in range(len(self._documents))]

    # Turns

    def _take_turns(self) -> None:
        waiting: dict[int, Answer | DocumentResult | None] = {}
        """What there is of a document before its turn: an answer, a result, or None where its turn tells."""
        given = turn = 0
        while turn < len(self._documents):
            while given < len(self._documents) and given < turn + _AHEAD_OF_THEIR_TURN and self._has_room():
                if not self._prepare(given, waiting):
                    self._submit(given)
                given += 1
            while turn in waiting:
                if self._take_turn(turn, waiting.pop(turn)):
                    turn += 1
            if turn < given:
                waiting.update(self._arrived())

    def _prepare(self, number: int, waiting: dict[int, Answer | DocumentResult | None]) -> bool:
        """Note what is known of a document without reading it, and say whether that is so."""
        document = self._documents[number]
        if document.error is not None:
            waiting[number] = self._failed(number, document.error)
            return True
        if document.is_remote or self._options.force:
            return False
        digest = file_sha256(document.path)
        if digest and (digest in self._given or self._unchanged(digest) is not None):
            waiting[number] = None
            return True
        self._given.add(digest)
        return False

    def _take_turn(self, number: int, what: Answer | DocumentResult | None) -> bool:
        """Settle a document whose turn it is. False where it turns out that it must be read first."""
        if isinstance(what, DocumentResult):
            self._settle(number, what)
            return True
        if what is None:
            digest = file_sha256(self._documents[number].path)
            place = self._unchanged(digest) if digest else None
            if place is None:
                self._submit(number)
                return False
            self._settle(number, self._result_of_unchanged(number, place))
            return True
        failure = what.outcome.failure
        if failure is not None and failure.code == DamagedEditionError.code and number not in self._tried_twice:
            # An earlier edition of its deck was put into its place while it was looked at. Now nothing is.
            self._tried_twice.add(number)
            self._submit(number)
            return False
        result = self._published(number, what)
        if result.outcome == "failed" or not self._is_stale((result.deck, result.edition)):
            self._settle(number, result)
        else:
            self._note(number, result)  # it is made again, and reported then
        return True

    def _published(self, number: int, answer: Answer) -> DocumentResult:
        """Put what was staged into its place, or refuse it."""
        try:
            return self._put(number, answer)
        except PolicydeckError as error:
            return self._failed(number, error, answer)
        finally:
            if answer.staged is not None:
                shutil.rmtree(answer.staged, ignore_errors=True)

    def _put(self, number: int, answer: Answer, *, again: bool = False) -> DocumentResult:
        outcome, name = answer.outcome, self._documents[number].name
        said = None if outcome.failure is None else outcome.failure.as_error()
        if answer.staged is None:
            return self._failed(
                number, said or ReaderCrashedError(f"{name}: nothing came of it.", "Run again."), answer
            )
        key = (outcome.deck, outcome.edition)
        if not is_plain_name(outcome.edition) or all(p.deck != outcome.deck for p in self._workshop.profiles):
            raise ReaderCrashedError(f"{name}: the reading process named an edition that cannot be.", "Run again.")
        if not again:
            place = None if self._options.force else self._unchanged(answer.source_sha256)
            place = place or self._copy_of(number, key, answer)
            if place is not None:
                return self._result_of_unchanged(number, place)
            self._claim(number, key, answer)
        self._output.publish(Path(answer.staged), *key)
        self._standing.note(*key)
        where = self._output.shown(*key)
        if said is not None:
            shown_root = where.removesuffix(f"/{key[0]}/{key[1]}")
            said = type(said)(said.message.replace(self._root, shown_root), said.advice)
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

    @property
    def _root(self) -> str:
        """What a worker calls the folder of editions."""
        return self._output.root.absolute().as_posix()

    def _copy_of(self, number: int, key: tuple[str, str], answer: Answer) -> StandingEdition | None:
        """The edition of that name, if it was made from the same bytes, which an earlier document of this run has too."""
        place = self._standing.at(*key)
        is_others = self._owners.get(key, number) != number
        return place if is_others and place is not None and place.source_sha256 == answer.source_sha256 else None

    def _claim(self, number: int, key: tuple[str, str], answer: Answer) -> None:
        """Take the name of an edition for a document. Raises OutputError where another document has it."""
        new = StandingEdition(
            *key, self._output.root.joinpath(*key), answer.source_file, answer.source_sha256, answer.inputs_sha256
        )
        before, owner = self._standing.at(*key), self._owners.get(key)
        source = self._source(answer.source_sha256)
        is_confirmed = source is not None and (source.deck, source.edition) == key
        if owner is None or before is None:
            refuse_foreign(new, before, source, self._workshop)
        else:
            # Two documents of one run: the first has it, unless the manifest says that it is the other's.
            is_another = before.source_file == new.source_file
            if not is_confirmed:
                raise foreign(new, before, is_another=is_another)
            loser = self._failed(owner, foreign(before, new, is_another=is_another))
            self._settle(owner, replace(loser, again=True))
        self._owners[key] = number

    def _unchanged(self, digest: str) -> StandingEdition | None:
        for place in self._standing.made_from(digest):
            self._bring(place)
        return unchanged_edition(digest, self._source(digest), self._workshop, self._standing)

    def _bring(self, place: StandingEdition) -> None:
        """Have the edition, and those before it, where they can be read."""
        if self._workshop.is_generic(place.deck):
            self._output.bring(place.deck, [place.edition])
        else:
            self._output.bring(place.deck, [other.edition for other in self._standing.of_deck(place.deck)])

    def _result_of_unchanged(self, number: int, place: StandingEdition) -> DocumentResult:
        key = (place.deck, place.edition)
        self._owners.setdefault(key, number)
        try:
            tables, checks = read_rows(place.path), read_checks(place.path)
        except DamagedEditionError as error:
            return self._failed(number, error)
        slides = tables["slides"]
        edition = Edition(*key, str(tables["editions"][0]["title"] or ""), tables, checks)
        said = error_of(edition, Path(self._output.shown(*key)), self._source(place.source_sha256), self._workshop)
        return DocumentResult(
            self._documents[number].shown,
            self._documents[number].name,
            "unchanged",
            2 if said is not None else exit_code_of(checks, tables.get("residue", [])),
            *key,
            self._output.shown(*key),
            place.path,
            said,
            UNCHANGED,
            pages=len(slides),
            words=sum(int(str(slide["words"])) for slide in slides),
        )

    def _failed(self, number: int, error: PolicydeckError, answer: Answer | None = None) -> DocumentResult:
        document = self._documents[number]
        pages, seconds = (answer.outcome.pages, answer.outcome.seconds) if answer is not None else (0, 0.0)
        return DocumentResult(document.shown, document.name, "failed", 2, error=error, pages=pages, seconds=seconds)

    def _source(self, digest: str) -> SourceEntry | None:
        return self._workshop.entries_by_sha256.get(digest)

    # Editions made again

    def _make_again(self) -> None:
        """Make every edition of this run again that was made from other earlier editions than stand there now."""
        decks: dict[str, list[tuple[str, str]]] = {}
        for key in self._owners:
            if not self._workshop.is_generic(key[0]):
                decks.setdefault(key[0], []).append(key)
        to_do = deque(sorted(decks))
        chains: dict[int, Iterator[tuple[str, str]]] = {}
        """By the document that is being read again: the editions of its deck that come after."""
        while to_do or chains:
            while to_do and self._has_room():
                oldest_first = sorted(decks[to_do.popleft()], key=lambda key: edition_order(key[1]))
                self._go_on(iter(oldest_first), chains)
            for number, answer in self._arrived():
                chain = chains.pop(number)
                self._made_again(number, answer)
                self._go_on(chain, chains)

    def _go_on(self, chain: Iterator[tuple[str, str]], chains: dict[int, Iterator[tuple[str, str]]]) -> None:
        for key in chain:
            if self._is_stale(key):
                number = self._owners[key]
                chains[number] = chain
                self._submit(number, key)
                return
            number = self._owners[key]
            if number in self._held:  # what it was made from stands there again
                self._settle(number, self._held[number])

    def _is_stale(self, key: tuple[str, str]) -> bool:
        """Whether the edition was made from other earlier editions than stand there now."""
        place = self._standing.at(*key)
        if place is None or self._workshop.is_generic(key[0]):
            return False
        self._bring(place)
        wanted = inputs_sha256(
            place.source_sha256,
            self._source(place.source_sha256),
            self._workshop,
            earlier_in(self._standing, place, self._workshop),
        )
        return place.inputs_sha256 != wanted

    def _made_again(self, number: int, answer: Answer | DocumentResult) -> None:
        result = answer if isinstance(answer, DocumentResult) else self._published_again(number, answer)
        self._settle(number, replace(result, again=number in self.results))

    def _published_again(self, number: int, answer: Answer) -> DocumentResult:
        key = (answer.outcome.deck, answer.outcome.edition)
        try:
            if answer.staged is not None and self._owners.get(key) != number:
                raise EngineError(f"{answer.source_file}: read again, it is another edition.", "Run again.")
            result = self._put(number, answer, again=True)
            if result.outcome != "failed" and self._is_stale(key):
                raise EngineError(
                    f"{answer.source_file}: the worker reads with another release or other profiles than this one.",
                    "Install the same release on all machines, and see that nobody else writes into the folder.",
                )
        except PolicydeckError as error:
            return self._failed(number, error, answer)
        return result

    # Results

    def _note(self, number: int, result: DocumentResult) -> None:
        """Keep the result of an edition that is made again, in case that turns out to be needless."""
        self._held[number] = result
        self.tally.done += 1

    def _settle(self, number: int, result: DocumentResult) -> None:
        """Report what came of a document, and keep it."""
        is_first = number not in self.results and number not in self._held
        was_failed = number in self.results and self.results[number].outcome == "failed"
        self._held.pop(number, None)
        self.results[number] = replace(result, folder=None)
        self.tally.done += is_first
        self.tally.failed += (result.outcome == "failed") - was_failed
        self._on_result(result)

    # Tasks

    def _has_room(self) -> bool:
        return not self._suspects and len(self._in_flight) < self._engine.jobs * _AHEAD_OF_WORKERS

    def _submit(self, number: int, key: tuple[str, str] | None = None) -> None:
        """Give a document to the engine; `key` is its edition where that is known, so that earlier ones can be shipped."""
        if self._is_broken and self._in_flight:
            self._suspects.append(number)
            return
        if self._is_broken:
            self._renew()
        try:
            task = self._task(number)
        except OutputError as error:
            said = OutputError(f"{self._documents[number].name}: {error.message}", error.advice)
            self._refused.append((number, self._failed(number, said)))
            return
        if self._ships:
            task = self._shipped(task, key)
        try:
            future = self._engine.submit(task)
        except concurrent.futures.BrokenExecutor:
            self._is_broken = True
            self._suspects.append(number)
            return
        self._in_flight[future] = number

    def _task(self, number: int) -> Task:
        document, options = self._documents[number], self._options
        place = document.place if document.is_remote else str(document.path.absolute())
        return Task(
            number,
            place,
            document.name,
            document.is_remote,
            self._root,
            str(options.sources.absolute()),
            str(self._workplace.folder.absolute()),
            self._workplace.token,
            options.limits,
            options.edition,
            options.deck,
            options.password,
            options.thorough,
            # Of many documents each job is the work of one core.
            len(self._documents) == 1,
        )

    def _shipped(self, task: Task, key: tuple[str, str] | None) -> Task:
        """The task with all that a worker needs that does not share this machine's disk."""
        files: dict[str, bytes] = {}
        document = self._documents[task.number]
        if not document.is_remote and document.path.is_file():
            files[f"{SHIPPED_DOCUMENT}/{document.name}"] = document.path.read_bytes()
        sources = self._options.sources
        for path in (sources / MANIFEST_NAME, *sorted((sources / "corrections").rglob("*"))):
            if path.is_file():
                files[f"{SHIPPED_SOURCES}/{path.relative_to(sources).as_posix()}"] = path.read_bytes()
        for earlier in self._standing.earlier(*key) if key is not None else ():
            for path in sorted(earlier.path.rglob("*")):
                if path.suffix in (".csv", ".json"):
                    inside = path.relative_to(self._output.root).as_posix()
                    files[f"{SHIPPED_OUT}/{inside}"] = path.read_bytes()
        return replace(task, shipped=files)

    def _arrived(self) -> list[tuple[int, Answer | DocumentResult]]:
        """What comes next, after waiting for it; empty where time has passed, or where something had to be done again."""
        if self._refused:
            refused, self._refused = self._refused, []
            return refused
        if self._suspects and not self._in_flight:
            self._try_alone()
        done, _ = concurrent.futures.wait(self._in_flight, _SECONDS_BETWEEN_TALLIES, concurrent.futures.FIRST_COMPLETED)
        found = []
        for future in done:
            number = self._in_flight.pop(future)
            arrived = self._taken_in(number, future)
            if arrived is not None:
                found.append((number, arrived))
        self._on_tally(self.tally)
        return found

    def _taken_in(self, number: int, future: Future[Answer]) -> Answer | DocumentResult | None:
        """What a future has to say; None where the document is tried again."""
        try:
            answer = future.result()
        except Exception as error:  # executors raise what they like
            return self._lost(number, error)
        self._renewals = 0
        self._tried_alone.discard(number)
        if answer.is_apart and not self._ships:
            self._ships = True
        if answer.is_apart:
            key = next((key for key, owner in self._owners.items() if owner == number), None)
            self._submit(number, key)
            return None
        self.tally.pages += answer.pages
        return self._unpacked(answer)

    def _unpacked(self, answer: Answer) -> Answer:
        """The answer with the files that came with it on this machine's disk."""
        if answer.files is None:
            return answer
        staged = self._workplace.folder / f"{answer.number}-shipped"
        shutil.rmtree(staged, ignore_errors=True)
        for name, content in answer.files.items():
            path = staged / name
            if ".." in path.parts:
                continue
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
        return replace(answer, files=None, staged=str(staged))

    # Workers that are lost

    def _lost(self, number: int, error: Exception) -> DocumentResult | None:
        name = self._documents[number].name
        if not is_lost(error):
            said = " ".join(str(error).split())[:200]
            return self._failed(
                number,
                EngineError(
                    f"{name}: the engine could not do it ({type(error).__name__}: {said}).",
                    "See that every worker has the same release of policydeck, and run again.",
                ),
            )
        self._is_broken = True
        if number in self._tried_alone:
            crashed = ReaderCrashedError(
                f"{name}: the worker that it was given to ended, and again when it was tried alone.",
                "The PDF may be made to do harm, or something on this machine ends processes: free memory and run again.",
            )
            return self._failed(number, crashed)
        self._suspects.append(number)
        return None

    def _try_alone(self) -> None:
        """Have one of those read again whose worker was lost, and nothing beside it."""
        number = self._suspects.popleft()
        self._tried_alone.add(number)
        self._submit(number)

    def _renew(self) -> None:
        self._renewals += 1
        if self._renewals > _MOST_RENEWALS:
            raise EngineError(
                f"The engine lost its workers {_MOST_RENEWALS} times and read nothing in between.",
                "See what ends processes on this machine, or try --engine threads. What is done stays.",
            )
        self._engine.renew()
        self._is_broken = False
