"""One run over many documents: who is read when, and whose edition is put into its place when.

Workers read ahead, in any order and on any engine; what is decided is decided here, in the order of the documents, as if
they were read one after the other. So the editions have the same bytes whatever the engine and the number of workers:

- A document has its turn when all before it had theirs. Then its edition is put into place, unless another document's
  has that name already. What was read before its turn waits on the disk.
- An edition depends on the earlier ones of its deck. Where these are known before they are read, it is read after they
  had their turns, or at the end where one of them comes later (`ordering`). Otherwise a worker may have seen others than
  stand there in the end. So when all had their turn, a deck's editions are gone through, oldest first, and each that
  was made from others than stand there is made again. This ends, since an edition depends only on earlier ones.
"""

from __future__ import annotations

import time
from collections import deque
from dataclasses import replace
from typing import TYPE_CHECKING

from pipeline.editions import edition_order
from pipeline.errors import DamagedEditionError, EngineError, OutputError, PolicydeckError
from pipeline.many.dispatching import Dispatcher
from pipeline.many.ordering import known_order
from pipeline.many.placing import Places
from pipeline.many.results import DocumentResult, Tally
from pipeline.many.syncing import Syncer
from pipeline.workshop import Workshop, file_sha256

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Sequence

    from pipeline.many.documents import Document
    from pipeline.many.engines import Engine
    from pipeline.many.outputs import Output
    from pipeline.many.results import EditionKey
    from pipeline.many.tasks import Answer
    from pipeline.many.workplace import Workplace
    from pipeline.options import Options

    Arrival = Answer | PolicydeckError
    Known = Arrival | str
    """What there is of a document before its turn; a text is the digest of its bytes where its turn tells what to do."""

_AHEAD_OF_THEIR_TURN = 1000
"""So many documents may wait on the disk for one before them."""

_SECONDS_BETWEEN_TALLIES = 0.25


class Coordinator:
    """The state of one run. `run` does it once."""

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
        self._documents, self._force = documents, options.force
        self._on_result, self._on_tally = on_result, on_tally
        self._workshop = Workshop(replace(options, out=output.root))
        self._places = Places(documents, self._workshop, output, self._displaced)
        self._syncer = Syncer(output.sync)
        self._dispatcher = Dispatcher(
            documents,
            # Of many documents each job is the work of one core.
            replace(
                options,
                out=output.root.absolute(),
                sources=options.sources.absolute(),
                is_alone=len(documents) == 1,
            ),
            engine=engine,
            workplace=workplace,
            earlier=self._places.standing.earlier,
        )
        self._order = known_order(documents, self._workshop, self._places.standing)
        self.tally = Tally(len(documents))
        self._told = 0.0
        self.results: dict[int, DocumentResult] = {}
        self._held: dict[int, DocumentResult] = {}
        """Results that are not reported yet, since their editions are made again."""
        self._given: set[str] = set()
        """The bytes, by their digest, of documents that were given to a worker."""
        self._tried_twice: set[int] = set()
        self._after: dict[int, list[int]] = {}
        """Documents that are read when another one, the key, has had its turn."""
        self._ready: deque[int] = deque()
        """Documents that waited for another one's turn, and need not any more."""
        self._at_the_end: dict[int, str] = {}
        """Documents that are read when all had their turn, with the digests of their bytes."""
        self._twins: list[tuple[int, EditionKey, str]] = []
        """Documents with the same bytes as one that is read at the end."""

    def run(self) -> list[DocumentResult]:
        """Read all, put all into place, and give what came of each, in the documents' order."""
        self.tally.start()
        try:
            self._take_turns()
            self._go_through_decks()
        finally:
            self._syncer.close()
        self._tell()
        return [self.results[number] for number in range(len(self._documents))]

    # Turns

    def _take_turns(self) -> None:
        known: dict[int, Known] = {}
        listed = turn = 0
        while turn < len(self._documents):
            while self._ready and self._dispatcher.has_room():
                self._submit(self._ready.popleft())
            last = min(len(self._documents), turn + _AHEAD_OF_THEIR_TURN)
            while listed < last and self._dispatcher.has_room():
                self._list(listed, turn, known)
                listed += 1
            if turn not in known:
                known.update(self._arrived())
            while turn in known and self._take_turn(turn, known.pop(turn)):
                self._ready.extend(self._after.pop(turn, ()))
                turn += 1
                if time.monotonic() - self._told > _SECONDS_BETWEEN_TALLIES:  # many may be unchanged
                    self._tell()

    def _list(self, number: int, turn: int, known: dict[int, Known]) -> None:
        """Note what is known of a document without reading it, or have it read as soon as that makes sense."""
        document, after = self._documents[number], self._order.after.get(number, -1)
        if document.error is not None:
            known[number] = document.error
            return
        digest = self._order.digests.get(number, "")
        if not digest and not document.is_remote and not self._force:
            digest = file_sha256(document.path)
        if digest and not self._force:
            if digest in self._given or self._places.looks_unchanged(digest):
                known[number] = digest
                return
            self._given.add(digest)
        if number in self._order.at_the_end:
            known[number] = digest
        elif after >= turn:
            self._after.setdefault(after, []).append(number)
        else:
            self._submit(number)

    def _submit(self, number: int) -> None:
        self._dispatcher.submit(number, self._order.keys.get(number))

    def _take_turn(self, number: int, what: Known) -> bool:
        """Settle a document whose turn it is. False where it turns out that it must be read first."""
        if isinstance(what, PolicydeckError):
            self._settle(number, self._places.failed(number, what))
            return True
        if isinstance(what, str):
            return self._take_turn_unread(number, what)
        failure = what.outcome.failure
        if failure is not None and failure.code == DamagedEditionError.code and number not in self._tried_twice:
            # An earlier edition of its deck was put into its place while it was looked at. Now nothing is.
            self._tried_twice.add(number)
            self._submit(number)
            return False
        result = self._places.publish(number, what)
        if result.outcome == "failed" or not self._places.is_stale((result.deck, result.edition)):
            self._settle(number, result)
        else:
            self._held[number] = result  # it is made again, and reported then
            self.tally.done += 1
        return True

    def _take_turn_unread(self, number: int, digest: str) -> bool:
        """`_take_turn` of a document that was not read, since it may be unchanged or is read at the end."""
        if number in self._order.at_the_end:
            self._put_off(number, digest)
            return True
        result = self._places.unchanged(number, digest)
        if result is None:
            self._submit(number)
            return False
        self._settle(number, result)
        return True

    def _put_off(self, number: int, digest: str) -> None:
        """Take the name of its edition for a document that is read at the end."""
        key = self._order.keys[number]
        if self._at_the_end.get(self._places.owners.get(key, -1)) == digest:
            self._twins.append((number, key, digest))
            return
        try:
            self._places.reserve(number, key, digest)
        except OutputError as error:
            self._settle(number, self._places.unchanged(number, digest) or self._places.failed(number, error))
            return
        self._at_the_end[number] = digest

    # Decks

    def _go_through_decks(self) -> None:
        """Read what is to be read at the end, and make again what was made from others than stand there now."""
        decks = {deck for deck, _ in self._places.owners if not self._workshop.is_generic(deck)}
        while decks:
            decks = self._gone_through(decks)
        for number, key, digest in self._twins:
            result = self._places.copied(number, key, digest)
            first = self.results[self._places.owners[key]] if key in self._places.owners else None
            error = None if first is None else first.error
            missing = EngineError(f"{self._documents[number].name}: nothing came of it.", "Run again.")
            self._settle(number, result or self._places.failed(number, error or missing))

    def _gone_through(self, decks: Collection[str]) -> set[str]:
        """Go through the editions of each deck. Gives the decks that documents turned out to be of unexpectedly."""
        unexpected: set[str] = set()
        to_do = deque(sorted(decks))
        chains: dict[int, tuple[EditionKey, Iterator[EditionKey]]] = {}
        """By the document that is being read: its edition, and those of its deck that come after."""
        while to_do or chains:
            while to_do and self._dispatcher.has_room():
                deck = to_do.popleft()
                keys = [key for key in self._places.owners if key[0] == deck]
                self._go_on(iter(sorted(keys, key=lambda key: edition_order(key[1]))), chains)
            for number, what in self._arrived():
                key, chain = chains.pop(number)
                result = self._made(number, key, what)
                self._settle(number, replace(result, again=number in self.results))
                if result.deck and (result.deck, result.edition) != key:
                    unexpected.add(result.deck)
                self._go_on(chain, chains)
        return unexpected

    def _go_on(self, chain: Iterator[EditionKey], chains: dict[int, tuple[EditionKey, Iterator[EditionKey]]]) -> None:
        for key in chain:
            number = self._places.owners.get(key)
            if number is None:
                continue
            digest = self._at_the_end.get(number)
            unchanged = self._places.unchanged(number, digest) if digest is not None else None
            if unchanged is not None:
                self._at_the_end.pop(number)
                self._settle(number, unchanged)
            elif digest is not None or self._places.is_stale(key):
                chains[number] = (key, chain)
                self._dispatcher.submit(number, key)
                return
            elif number in self._held:  # what it was made from stands there again
                self._settle(number, self._held[number])

    def _made(self, number: int, key: EditionKey, what: Arrival) -> DocumentResult:
        """What came of a document that was read as the edition `key`."""
        is_first = self._at_the_end.pop(number, None) is not None
        if isinstance(what, PolicydeckError):
            return self._places.failed(number, what)
        read_as = (what.outcome.deck, what.outcome.edition)
        if what.staged is not None and read_as != key:
            if not is_first:
                error = EngineError(f"{what.source_file}: read again, it is another edition.", "Run again.")
                return self._places.failed(number, error, what)
            self._places.release(key)  # its edition was called so before, and is not any more
        result = self._places.publish(number, what)
        if read_as == key and result.outcome != "failed" and self._places.is_stale(key):
            error = EngineError(
                f"{what.source_file}: the worker reads with another release or other profiles than this one.",
                "Install the same release on all machines, and see that nobody else writes into the folder.",
            )
            return self._places.failed(number, error, what)
        return result

    # Results

    def _displaced(self, number: int, error: PolicydeckError) -> None:
        """Another document has the name of this one's edition."""
        self._at_the_end.pop(number, None)
        self._settle(number, replace(self._places.failed(number, error), again=number in self.results))

    def _settle(self, number: int, result: DocumentResult) -> None:
        """Report what came of a document, and keep it."""
        is_first = number not in self.results and number not in self._held
        was_failed = number in self.results and self.results[number].outcome == "failed"
        self._held.pop(number, None)
        self.results[number] = replace(result, folder=None)
        self.tally.done += is_first
        self.tally.failed += (result.outcome == "failed") - was_failed
        self._on_result(result)

    def _arrived(self) -> list[tuple[int, Arrival]]:
        """What comes next of documents that were read and whose files are on the disk; empty where time has passed."""
        under_way = self._syncer.under_way
        found: list[tuple[int, Arrival]] = []
        for number, what in self._dispatcher.arrived(() if under_way is None else (under_way,)):
            if isinstance(what, PolicydeckError):
                found.append((number, what))
                continue
            self.tally.pages += what.pages
            if what.staged is None:
                found.append((number, what))
            else:
                self._syncer.add(number, what)
        found += self._syncer.synced()
        self._tell()
        return found

    def _tell(self) -> None:
        self._told = time.monotonic()
        self._on_tally(self.tally)
