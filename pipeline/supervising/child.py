"""The program of the process that reads: it does the job that a line of standard input names, and answers.

Its limits are set before anything is read.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pipeline.printable import file_name
from pipeline.reading.beside import IN_TURN
from pipeline.supervising.bounds import bound_cpu, cpu_seconds, processors
from pipeline.supervising.jobs import Failure, Job, Outcome
from pipeline.supervising.losses import Loss
from pipeline.supervising.memory import memory_of
from pipeline.supervising.pipes import begin
from pipeline.supervising.second_process import SecondProcess

if TYPE_CHECKING:
    from collections.abc import Callable

    from pipeline.limits import Limits
    from pipeline.supervising.tasks import Shared


def main(limits: str, parent: str) -> None:
    """Read jobs from standard input until it ends, and answer each on standard output."""
    pipes, bounds = begin(limits, parent)
    worker = Worker(bounds, pipes.send)
    # Somebody has to take note that the second process has ended, and not everywhere does the system's own first process.
    pipes.at_end = worker.end_second
    for message in pipes:
        worker.do(Job.of_json(message["job"]))


class Worker:
    """Does jobs within limits, and tells the parent of each step; it is the `watching.Watch` of what it reads."""

    def __init__(self, limits: Limits, send: Callable[[dict[str, Any]], None]) -> None:
        self._limits, self._send = limits, send
        self._second = SecondProcess(limits)
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
        self._name = self._place = file_name(job.path)
        self._stage, self._highest_page = "opening", 0
        self._cpu_at_start = cpu_seconds()
        self._bound_cpu()
        try:
            outcome = self._outcome(job)
        except Exception as error:
            loss = Loss(self._place, self._stage, memory_of(), self._limits)
            outcome = Outcome("failed", 2, failure=Failure.of(loss.raised(error)))
        peak = sum(memory.get("VmHWM", 0) for memory in (memory_of(), self._second.memory()))
        answer = {**outcome.as_json(), "pages": outcome.pages or self._highest_page, "peak_memory_bytes": peak}
        self._second.drop_questions()
        retained = max(memory.get("VmRSS", 0) for memory in (memory_of(), self._second.memory()))
        self._send({"outcome": answer, "retained": retained})

    def end_second(self) -> None:
        """End the process beside this one in the middle of what it does, if there is one."""
        self._second.close(kill=True)

    def _outcome(self, job: Job) -> Outcome:
        beside = IN_TURN
        if job.what == "run" and job.options.is_alone and processors() > 1 and self._second.start():
            beside = self._second
        from pipeline.supervising.tasks import TASKS, Shared

        if self._shared is None:
            self._shared = Shared()
        return TASKS[job.what](job, self._shared.workshop(job, self._limits, self, beside))

    def _reach(self, page: int) -> bool:
        """Note that the document has so many pages, each of which may take its time. False where that was known."""
        if page <= self._highest_page:
            return False
        self._highest_page = page
        self._bound_cpu()
        return True

    def _bound_cpu(self) -> None:
        """Let the system end the process when the document has had all the processor time it may have."""
        bound_cpu(self._cpu_at_start, self._limits.page_seconds * (self._highest_page + 1))
