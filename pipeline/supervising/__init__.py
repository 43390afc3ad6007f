"""Documents read in a process of their own, which may fail, hang or be killed without harm to anybody else.

    with Supervisor(limits) as supervisor:          # starts the process; imports run beside the caller's
        for path in documents:
            outcome = supervisor.do(Job("run", path, Options(out=Path("extracted"))), on_progress=print)
            if outcome.failure: print(outcome.failure)

A `Supervisor` owns at most one process, which does one document after the other and keeps what it has imported; of a job
that is alone it shares the work with a second one (`second_process`). `do` gives an `Outcome` whatever the document does:
too much memory, too much time, a crash inside a library, being killed. Each has an error with a code; the next call starts
a new process. One Supervisor serves one thread at a time; many run side by side in threads or in processes of an executor
(each makes its own: it cannot be pickled; `Job`, `Outcome`, `Progress` and `Limits` can, and hold plain values).

What this is not: a sandbox. Limits stop what costs too much and contain what crashes; a document that takes over the
process through a flaw in a library has the rights of the user. Memory and processor time are limited where the system
can (`resource`: Linux; macOS in part; not Windows); time by the clock everywhere.
"""

from __future__ import annotations

from pipeline.limits import Limits
from pipeline.supervising.jobs import Failure, Job, Outcome
from pipeline.supervising.supervisor import Progress, Supervisor

__all__ = ["Failure", "Job", "Limits", "Outcome", "Progress", "Supervisor"]
