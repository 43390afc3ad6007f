"""Documents given to an engine, and what comes back of them, whatever becomes of its workers.

A worker that is lost takes with it whatever the engine had in hand, and nobody knows which document was the reason. So
each of those is a suspect and is read again alone: one that loses its worker again is named, the others are read.
"""

from __future__ import annotations

import concurrent.futures
from collections import deque
from typing import TYPE_CHECKING, Any

from pipeline.errors import EngineError, OutputError, PolicydeckError, ReaderCrashedError
from pipeline.many.engines import is_lost
from pipeline.many.shipping import packed, unpacked
from pipeline.many.tasks import Task

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from concurrent.futures import Future

    from pipeline.editions import EarlierEdition
    from pipeline.many.documents import Document
    from pipeline.many.engines import Engine
    from pipeline.many.results import EditionKey
    from pipeline.many.tasks import Answer
    from pipeline.many.workplace import Workplace
    from pipeline.options import Options

_AHEAD_OF_WORKERS = 2
"""So many tasks for each worker are given to an engine: one to do, and one to go on with."""

_SECONDS_TO_WAIT = 0.25
"""So long is waited for an answer before somebody is told that the run goes on."""

_MOST_RENEWALS = 10
"""An engine that lost its workers so many times without doing a single task is given up."""


class Dispatcher:
    """Gives documents, by their number, to an engine. The folders of `options` are absolute.

    `earlier` gives the editions before one of a deck, which a worker that does not share the disk has to be sent.
    """

    def __init__(
        self,
        documents: Sequence[Document],
        options: Options,
        *,
        engine: Engine,
        workplace: Workplace,
        earlier: Callable[[str, str], Sequence[EarlierEdition]],
    ) -> None:
        self._documents, self._options = documents, options
        self._engine, self._workplace, self._earlier = engine, workplace, earlier
        self._in_flight: dict[Future[Answer], int] = {}
        self._keys: dict[int, EditionKey] = {}
        """By documents in flight: deck and edition, where they are known."""
        self._refused: list[tuple[int, PolicydeckError]] = []
        """Documents that could not be given to a worker, since nothing can be written."""
        self._suspects: deque[int] = deque()
        """Documents whose worker was lost: any of them may have been the reason."""
        self._tried_alone: set[int] = set()
        self._is_broken = False
        self._renewals = 0
        self._ships = False

    def has_room(self) -> bool:
        """Whether the engine should be given more."""
        return not self._suspects and len(self._in_flight) < self._engine.jobs * _AHEAD_OF_WORKERS

    def submit(self, number: int, key: EditionKey | None = None) -> None:
        """Give a document to the engine; `key` is its deck and edition where these are known.

        Raises EngineError where there is no engine any more.
        """
        if key is not None:
            self._keys[number] = key
        if self._is_broken and self._in_flight:
            self._suspects.append(number)
            return
        if self._is_broken:
            self._renew()
        try:
            task = self._task(number)
        except OutputError as error:
            self._refused.append(
                (number, OutputError(f"{self._documents[number].name}: {error.message}", error.advice))
            )
            return
        try:
            future = self._engine.submit(task)
        except concurrent.futures.BrokenExecutor:
            self._is_broken = True
            self._suspects.append(number)
            return
        self._in_flight[future] = number

    def arrived(self, beside: Iterable[Future[None]] = ()) -> list[tuple[int, Answer | PolicydeckError]]:
        """What comes next, after waiting for it or for one of `beside`; empty also where time has passed."""
        if self._refused:
            refused, self._refused = self._refused, []
            return [*refused]
        if self._suspects and not self._in_flight:
            self._try_alone()
        awaited: list[Future[Any]] = [*self._in_flight, *beside]
        concurrent.futures.wait(awaited, _SECONDS_TO_WAIT, concurrent.futures.FIRST_COMPLETED)
        found = []
        for future in [future for future in self._in_flight if future.done()]:
            number = self._in_flight.pop(future)
            arrived = self._taken_in(number, future)
            if arrived is not None:
                self._keys.pop(number, None)
                found.append((number, arrived))
        return found

    def _task(self, number: int) -> Task:
        document = self._documents[number]
        task = Task(
            number,
            document.place if document.is_remote else str(document.path.absolute()),
            document.name,
            document.is_remote,
            self._options,
            str(self._workplace.folder.absolute()),
            self._workplace.token,
        )
        if not self._ships:
            return task
        key = self._keys.get(number)
        return packed(task, self._earlier(*key) if key is not None else ())

    def _taken_in(self, number: int, future: Future[Answer]) -> Answer | PolicydeckError | None:
        """What a future has to say; None where the document is tried again."""
        try:
            answer = future.result()
        except Exception as error:  # executors raise what they like
            return self._lost(number, error)
        self._renewals = 0
        self._tried_alone.discard(number)
        if answer.is_apart:
            self._ships = True
            self.submit(number)
            return None
        return unpacked(answer, self._workplace.folder)

    # Workers that are lost

    def _lost(self, number: int, error: Exception) -> PolicydeckError | None:
        name = self._documents[number].name
        if not is_lost(error):
            said = " ".join(str(error).split())[:200]
            return EngineError(
                f"{name}: the engine could not do it ({type(error).__name__}: {said}).",
                "See that every worker has the same release of policydeck, and run again.",
            )
        self._is_broken = True
        if number in self._tried_alone:
            return ReaderCrashedError(
                f"{name}: the worker that it was given to ended, and again when it was tried alone.",
                "The PDF may be made to do harm, or something on this machine ends processes: free memory and run again.",
            )
        self._suspects.append(number)
        return None

    def _try_alone(self) -> None:
        """Have one of those read again whose worker was lost, and nothing beside it."""
        number = self._suspects.popleft()
        self._tried_alone.add(number)
        self.submit(number)

    def _renew(self) -> None:
        self._renewals += 1
        if self._renewals > _MOST_RENEWALS:
            raise EngineError(
                f"The engine lost its workers {_MOST_RENEWALS} times and read nothing in between.",
                "See what ends processes on this machine, or try --engine threads. What is done stays.",
            )
        self._engine.renew()
        self._is_broken = False
