"""What a job means, in the process that does it: the verbs of `run` on one document, their results as plain values."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from pipeline.manifest import MANIFEST_NAME
from pipeline.reviewing import write_report
from pipeline.run import identify, run_one
from pipeline.supervising.jobs import Failure, Job, Outcome
from pipeline.workshop import Workshop

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from pipeline.limits import Limits
    from pipeline.reading.beside import Beside
    from pipeline.watching import Watch


class Shared:
    """What the jobs of one process share: profiles, schemas and manifest stay loaded from one to the next."""

    def __init__(self) -> None:
        self._of: object = None
        self._workshop: Workshop | None = None

    def workshop(self, job: Job, limits: Limits, watch: Watch, beside: Beside) -> Workshop:
        """The last workshop where the job has its options and no file among the documents' notes was changed since.

        `watch` and `beside` are the process's own.
        """
        options = replace(job.options, limits=limits)
        of = (options, options.out.absolute(), _stamps(options.sources))
        if self._workshop is None or self._of != of:
            self._of, self._workshop = of, Workshop(options, watch)
        self._workshop.beside = beside
        return self._workshop


def _stamps(sources: Path) -> list[tuple[str, int, int, int]]:
    """The manifest and the corrections as they are now: name, time of change, size and number."""
    stamps = []
    for path in (sources / MANIFEST_NAME, *sorted((sources / "corrections").rglob("*"))):
        try:
            found = path.stat()
        except OSError:
            continue
        stamps.append((path.absolute().as_posix(), found.st_mtime_ns, found.st_size, found.st_ino))
    return stamps


def _run(job: Job, workshop: Workshop) -> Outcome:
    result = run_one(job.path, workshop, staging=job.staging)
    edition = result.edition
    about = edition.tables["editions"][0] if edition is not None else {}
    return Outcome(
        result.outcome,
        result.exit_code,
        deck=edition.deck if edition is not None else "",
        edition=edition.edition if edition is not None else "",
        title=edition.title if edition is not None else "",
        language=str(about.get("language") or ""),
        path=result.path,
        reason=result.reason,
        failure=None if result.error is None else Failure.of(result.error),
    )


def _identify(job: Job, workshop: Workshop) -> Outcome:
    found = identify(job.path, workshop)
    return Outcome("unchanged", 0, found.deck, found.edition, found.title, found.language)


def _report(job: Job, workshop: Workshop) -> Outcome:
    has_document = write_report(job.path, workshop.options, workshop.watch)
    return Outcome("written", 0, path=job.path, has_document=has_document)


TASKS: Mapping[str, Callable[[Job, Workshop], Outcome]] = {"run": _run, "identify": _identify, "report": _report}
"""By what is asked for. Each raises PolicydeckError where it cannot be done."""
