"""The supervisor of a process that reads documents: it watches the time, and says what became of each.

Time is counted from what the process says it begins (`pipeline.watching`): each page may take `Limits.page_seconds`, each
step on the document as a whole what is left of that many seconds a page.
"""

from __future__ import annotations

import contextlib
import time
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, NoReturn, Self

from pipeline.errors import MemoryLimitError, PolicydeckError, SourceNotFoundError
from pipeline.folders import current_folder
from pipeline.limits import DEFAULT_LIMITS, Limits
from pipeline.printable import file_name
from pipeline.supervising.jobs import Failure, Job, Outcome
from pipeline.supervising.losses import Loss
from pipeline.supervising.process import ChildProcess, Ended, Silence

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from types import TracebackType

_DOCUMENTS = 500
"""After so many documents the process is replaced: what libraries never give back cannot add up."""

_RETAINED = 0.25
"""A process that still holds this part of its limit of memory after a document, or whose second process does, is replaced."""

_EXPECTED_PAGES = 10**7
"""No message names a higher page."""

_MOST_NAME = 60


@dataclass(frozen=True)
class Progress:
    """What a job has come to: a page (from 1) where it is about one, else 0, and what is being done there."""

    page: int
    stage: str


class Supervisor:
    """Does jobs one after the other in one child process, within limits; a context manager, which ends the process.

    The process is started on entry, without waiting for it, and anew by the next `do` after it was lost.
    """

    def __init__(self, limits: Limits = DEFAULT_LIMITS) -> None:
        self.limits = limits
        self._child: ChildProcess | None = None
        self._documents = 0
        self._retained = 0

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def __reduce__(self) -> NoReturn:
        raise TypeError("a Supervisor owns a process and cannot be sent to another one; make one there")

    @property
    def pid(self) -> int | None:
        """The process's number while there is one."""
        return None if self._child is None else self._child.pid

    def start(self) -> None:
        """Start the process if none runs, without waiting until it is ready. Raises EngineError where it cannot be."""
        if self._child is not None and not self._child.is_alive:
            self.close()
        if self._child is None:
            self._child = ChildProcess(self.limits)
            self._documents = self._retained = 0

    def close(self, *, kill: bool = False) -> int:
        """End the process, if there is one, and give its exit status; the next `do` starts another."""
        child, self._child = self._child, None
        return 0 if child is None else child.close(kill=kill)

    def do(self, job: Job, on_progress: Callable[[Progress], None] | None = None) -> Outcome:
        """Do one job; whatever its document does ends in an outcome.

        `on_progress` is told of each page and step as it begins. What it raises, and KeyboardInterrupt, ends the process
        and passes through; nothing half-written stays then either. Raises EngineError where no process can be started.
        """
        if self._documents >= _DOCUMENTS or self._retained > _RETAINED * self.limits.memory_bytes:
            self.close()
        if not current_folder() and not all(path.is_absolute() for path in job.paths):
            error = SourceNotFoundError(
                f"{file_name(job.path)}: the folder that its paths are relative to is gone.", "Give absolute paths."
            )
            return Outcome("failed", 2, failure=Failure.of(error))
        self.start()
        watched = _Watched(job, self.limits, on_progress)
        try:
            outcome = self._done(watched)
        except BaseException:
            self.close(kill=True)
            watched.clean_up()
            raise
        self._documents += 1
        return replace(outcome, seconds=round(time.monotonic() - watched.began, 3))

    def _done(self, watched: _Watched) -> Outcome:
        child = self._child
        if child is None:
            raise RuntimeError("no process was started")
        child.say({"job": watched.job.as_json()})
        try:
            while True:
                message = child.hear(watched.seconds_left())
                if "outcome" in message:
                    outcome = Outcome.of_json(message["outcome"])
                    self._retained = int(message.get("retained") or 0)
                    if outcome.failure is not None and outcome.failure.code == MemoryLimitError.code:
                        self.close()  # an allocation that failed may have left a library in any state
                        watched.clean_up()
                    return outcome
                watched.take(message)
        except Silence:
            self.close(kill=True)
            error: PolicydeckError = watched.loss(child.memory).too_slow()
        except Ended as ended:
            error = watched.loss(child.memory).ended(*child.close_after(ended))
            self._child = None
        except (ValueError, TypeError, OverflowError) as wrong:
            self.close(kill=True)
            error = watched.loss(child.memory).ended(0, str(wrong))
        watched.clean_up()
        peak = child.memory.get("VmHWM", 0)
        return Outcome("failed", 2, pages=watched.highest_page, failure=Failure.of(error), peak_memory_bytes=peak)


class _Watched:
    """One job as it goes on: where it is, and until when that may take."""

    def __init__(self, job: Job, limits: Limits, on_progress: Callable[[Progress], None] | None) -> None:
        self.job, self.limits, self.on_progress = job, limits, on_progress
        self.began = time.monotonic()
        self.step_began = self.began
        self.now = Progress(0, "opening")
        self.highest_page = 0
        self._written: tuple[str, str] | None = None
        self._had_out = job.options.out.exists()

    def take(self, message: dict[str, Any]) -> None:
        """Note what the process says. Raises ValueError where it says nothing that can be understood."""
        match message:
            case {"page": int(page), "stage": str(stage)} if 0 <= page <= _EXPECTED_PAGES and len(stage) <= _MOST_NAME:
                self.now = Progress(page, stage)
                self.highest_page = max(self.highest_page, page)
            case {"pages": int(pages)} if 0 <= pages <= _EXPECTED_PAGES:
                self.highest_page = max(self.highest_page, pages)
                return
            case {"writing": [str(deck), str(edition)]}:
                self._written = (deck, edition)
                return
            case _:
                raise ValueError(f"it said {str(message)[:_MOST_NAME]}")
        self.step_began = time.monotonic()
        if self.on_progress is not None:
            self.on_progress(self.now)

    def seconds_left(self) -> float:
        """Until the page, or the whole document, has taken too long."""
        allowed = self.limits.page_seconds
        whole = self.began + allowed * (self.highest_page + 1)
        step = self.step_began + allowed if self.now.page or not self.highest_page else whole
        return min(step, whole) - time.monotonic()

    def loss(self, memory: Mapping[str, int]) -> Loss:
        """What is to be said of the process that was lost, and had this memory."""
        return Loss(self._place(), self.now.stage, memory, self.limits)

    def clean_up(self) -> None:
        """Remove what a killed process left of the edition that it was writing; the one that stood there stays."""
        if self._written is None:
            return
        from pipeline.manifest import is_plain_name
        from pipeline.publishing.swap import finish_interrupted

        if not all(is_plain_name(name) for name in self._written):
            return  # no such folder was made, and none may be named outside of `out`
        target = self.job.options.out.joinpath(*self._written)
        with contextlib.suppress(OSError, PolicydeckError):
            finish_interrupted(target)
        # Folders that were made for an edition which never came.
        with contextlib.suppress(OSError):
            target.parent.rmdir()
            if not self._had_out:
                self.job.options.out.rmdir()

    def _place(self) -> str:
        name = file_name(self.job.path)
        return f"{name}, page {self.now.page}" if self.now.page else name
