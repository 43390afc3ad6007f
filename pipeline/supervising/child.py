"""The program of the supervised process: it reads the document that a line of standard input names, and answers.

Its limits are set before anything is read. What libraries print goes nowhere near the answers: standard output becomes
standard error before the first of them is loaded.
"""

from __future__ import annotations

import contextlib
import json
import math
import os
import signal
import sys
import threading
import traceback
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

from pipeline.errors import PolicydeckError, ReaderCrashedError
from pipeline.limits import Limits
from pipeline.supervising.jobs import Failure, Job, Outcome
from pipeline.supervising.memory import SHORT, memory_of, too_much_memory

try:
    import resource
except ImportError:  # no such limits on Windows
    resource = None  # type: ignore[assignment]

if TYPE_CHECKING:
    from pipeline.supervising.tasks import Shared

_PR_SET_PDEATHSIG = 1


def main(limits: str, parent: str) -> None:
    """Read jobs from standard input until it ends, and answer each on standard output."""
    answers = os.fdopen(os.dup(1), "wb", buffering=0)
    os.dup2(2, 1)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent ends this process
    _die_with(int(parent))
    bounds = Limits(**json.loads(limits))
    _bound_memory(bounds)
    asked = os.fdopen(os.dup(0), "rb")
    devnull = os.open(os.devnull, os.O_RDONLY)
    os.dup2(devnull, 0)
    os.close(devnull)
    jobs = _Jobs(asked)
    worker = Worker(bounds, answers)
    for job in jobs:
        worker.do(job)


class _Jobs:
    """The jobs asked for, taken in by a thread that ends the process as soon as nobody asks any more."""

    def __init__(self, asked: BinaryIO) -> None:
        import queue

        self._queue: queue.SimpleQueue[bytes] = queue.SimpleQueue()
        self._asked = asked
        threading.Thread(target=self._listen, daemon=True).start()

    def _listen(self) -> None:
        for line in self._asked:
            self._queue.put(line)
        os._exit(0)  # in the middle of a document too: its answer would reach nobody

    def __iter__(self) -> _Jobs:
        return self

    def __next__(self) -> Job:
        return Job.of_json(self._enter(json.loads(self._queue.get())["job"]))

    @staticmethod
    def _enter(values: dict[str, Any]) -> dict[str, Any]:
        """Stand where the caller stands, so that relative paths mean the same."""
        os.chdir(values.pop("folder"))
        return values


class Worker:
    """Does jobs within limits, and tells the parent of each step; it is the `watching.Watch` of what it reads."""

    def __init__(self, limits: Limits, answers: BinaryIO) -> None:
        self._limits, self._answers = limits, answers
        self._shared: Shared | None = None
        self._stage = "opening"
        self._place = ""
        self._name = ""
        self._highest_page = 0
        self._cpu_at_start = 0.0

    def page(self, number: int) -> None:
        """Tell of a page of the reading; the stage is what was named last."""
        self._reach(number)
        self._place = f"{self._name}, page {number}"
        self._send({"page": number, "stage": self._stage})

    def stage(self, name: str, pages: int) -> None:
        """Tell of a step on the document as a whole."""
        self._stage = name
        if self._reach(pages):
            self._send({"pages": pages})
        self._place = self._name
        self._send({"page": 0, "stage": name})

    def writing(self, deck: str, edition: str) -> None:
        """Tell where something will be written, so that the parent can remove what is left of it."""
        self._send({"writing": [deck, edition]})

    def do(self, job: Job) -> None:
        """Do one job and answer."""
        self._name = self._place = job.path.name.encode("utf-8", "replace").decode()
        self._stage, self._highest_page = "opening", 0
        self._cpu_at_start = _cpu_seconds()
        self._bound_cpu()
        try:
            outcome = self._outcome(job)
        except PolicydeckError as error:
            outcome = self._failed(error)
        except MemoryError:
            outcome = self._failed(self._too_much_memory())
        except Exception as error:
            outcome = self._failed(self._too_much_memory() if self._is_short_of_memory() else self._defect(error))
        memory = memory_of()
        answer = {
            **outcome.as_json(),
            "pages": outcome.pages or self._highest_page,
            "peak_memory_bytes": memory.get("VmHWM", 0),
        }
        self._send({"outcome": answer, "retained": memory.get("VmRSS", 0)})

    def _outcome(self, job: Job) -> Outcome:
        from pipeline.supervising.tasks import TASKS, Shared

        if self._shared is None:
            self._shared = Shared()
        return TASKS[job.what](job, self._shared.workshop(job, self._limits, self))

    def _failed(self, error: PolicydeckError) -> Outcome:
        return Outcome("failed", 2, failure=Failure.of(error))

    def _too_much_memory(self) -> PolicydeckError:
        return too_much_memory(self._place, self._stage, self._limits)

    def _defect(self, error: Exception) -> ReaderCrashedError:
        frames = traceback.extract_tb(error.__traceback__)
        where = next((f for f in reversed(frames) if "pipeline" in Path(f.filename).parts), frames[-1])
        return ReaderCrashedError(
            f"{self._place}: {self._stage} failed ({type(error).__name__} in {Path(where.filename).name}, line {where.lineno}).",
            "This is a defect of policydeck: please report it with the document.",
        )

    def _is_short_of_memory(self) -> bool:
        """Whether an error may come from too little memory: then a library may fail to load, or to start a thread."""
        return memory_of().get("VmData", 0) > SHORT * self._limits.memory_bytes

    def _reach(self, page: int) -> bool:
        """Note that the document has so many pages, each of which may take its time. False where that was known."""
        if page <= self._highest_page:
            return False
        self._highest_page = page
        self._bound_cpu()
        return True

    def _send(self, message: dict[str, Any]) -> None:
        data = json.dumps(message).encode() + b"\n"
        while data:
            data = data[self._answers.write(data) :]

    def _bound_cpu(self) -> None:
        """Let the system end the process when the document has had all the processor time it may have."""
        if resource is None:
            return
        allowed = self._limits.page_seconds * (self._highest_page + 1)
        _, hard = resource.getrlimit(resource.RLIMIT_CPU)
        soft = math.ceil(self._cpu_at_start) + allowed
        resource.setrlimit(resource.RLIMIT_CPU, (soft if hard == resource.RLIM_INFINITY else min(soft, hard), hard))


def _cpu_seconds() -> float:
    if resource is None:
        return 0.0
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime


def _bound_memory(limits: Limits) -> None:
    """What is allocated counts (RLIMIT_DATA): addresses that libraries merely reserve, by the gigabyte, do not."""
    if resource is None:
        return
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    _, hard = resource.getrlimit(resource.RLIMIT_DATA)
    wanted = limits.memory_bytes if hard == resource.RLIM_INFINITY else min(limits.memory_bytes, hard)
    with contextlib.suppress(OSError, ValueError):
        resource.setrlimit(resource.RLIMIT_DATA, (wanted, wanted))


def _die_with(parent: int) -> None:
    """Be killed when the parent ends, where the system can do that; it is asked for only by a main thread.

    The kernel means the thread that started the process, and other threads may end before their process does.
    """
    if not parent or sys.platform != "linux":
        return
    import ctypes

    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:
        os._exit(0)  # it has ended already
