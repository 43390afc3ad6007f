"""Staged editions brought to the disk while others are read, as many at a time as there are.

A rename may reach the disk before the bytes do, so before an edition is put into its place its files are synced. That is
waiting and hardly any work, so it is done beside everything else; what is staged meanwhile has the next turn together.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.errors import PolicydeckError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from concurrent.futures import Future

    from pipeline.many.tasks import Answer


class Syncer:
    """Calls `sync` with the folders of staged answers, in a thread of its own; `close` ends that."""

    def __init__(self, sync: Callable[[Sequence[Path]], None]) -> None:
        self._sync = sync
        self._executor: ThreadPoolExecutor | None = None
        self._waiting: list[tuple[int, Answer]] = []
        self._now: list[tuple[int, Answer]] = []
        self.under_way: Future[None] | None = None
        """The call that is being waited for."""

    def add(self, number: int, answer: Answer) -> None:
        """Take in an answer that was staged."""
        self._waiting.append((number, answer))
        if self.under_way is None:
            self._begin()

    def synced(self) -> list[tuple[int, Answer | PolicydeckError]]:
        """The answers whose files the disk has by now, or the error that hindered it; without waiting."""
        if self.under_way is None or not self.under_way.done():
            return []
        try:
            self.under_way.result()
            done: list[tuple[int, Answer | PolicydeckError]] = [*self._now]
        except PolicydeckError as error:
            done = [(number, error) for number, _ in self._now]
        self.under_way = None
        if self._waiting:
            self._begin()
        return done

    def close(self) -> None:
        """End the thread once its call has ended."""
        if self._executor is not None:
            self._executor.shutdown(wait=False, cancel_futures=True)

    def _begin(self) -> None:
        if self._executor is None:
            self._executor = ThreadPoolExecutor(1, thread_name_prefix="policydeck-sync")
        self._now, self._waiting = self._waiting, []
        folders = [Path(answer.staged) for _, answer in self._now if answer.staged is not None]
        self.under_way = self._executor.submit(self._sync, folders)
