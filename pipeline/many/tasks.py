"""One document as a worker of an engine does it: fetched where it is far away, read by a supervised process, staged.

A worker is whatever an executor runs functions in: a process, a thread, a process on another machine. It parses no PDF
itself and loads nothing that does: each keeps one `supervising.Supervisor`, whose process reads one document after the
other. What a document does there costs only itself.
"""

from __future__ import annotations

import csv
import os
import secrets
import shutil
import signal
import threading
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.errors import OutputError, PolicydeckError, ReaderCrashedError
from pipeline.many.addresses import fetch
from pipeline.many.shipping import apart
from pipeline.standing import said_of_itself
from pipeline.supervising import Failure, Job, Outcome, Supervisor

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pipeline.limits import Limits
    from pipeline.options import Options

TOKEN = "token"  # noqa: S105 - the name of a file
"""The file in a workplace by which a worker knows that it sees the coordinator's disk."""


@dataclass(frozen=True)
class Task:
    """One document to read; `number` says which. The folders of `options` are absolute paths.

    The edition is written into a new folder inside `workplace`, where a file holds `token`. Where the worker does not
    see that file, it works with `shipped` (`shipping.packed`) and sends back what it wrote.
    """

    number: int
    place: str
    name: str
    is_remote: bool
    options: Options
    workplace: str
    token: str
    shipped: Mapping[str, bytes] | None = None


@dataclass(frozen=True)
class Answer:
    """What came of a task: the outcome of the process that read it, and where the edition was staged.

    `files` is the edition where the worker does not share the disk; `is_apart` says that it does not and was not given
    what it needs, and nothing was read.
    """

    number: int
    outcome: Outcome
    source_file: str = ""
    source_sha256: str = ""
    inputs_sha256: str = ""
    pages: int = 0
    words: int = 0
    staged: str | None = None
    files: Mapping[str, bytes] | None = None
    is_apart: bool = False


def read_document(task: Task) -> Answer:
    """Read, check and stage one document. It never raises a PolicydeckError, and leaves nothing behind but the edition."""
    if task.shipped is not None:
        return apart(task, task.shipped, _read)
    if not _sees_workplace(task):
        return Answer(task.number, Outcome("failed", 2, failure=_APART), is_apart=True)
    return _read(task, Path(task.workplace))


_APART = Failure.of(OutputError("The worker does not see the folder of the run.", ""))


def _sees_workplace(task: Task) -> bool:
    try:
        return Path(task.workplace, TOKEN).read_text(encoding="ascii") == task.token
    except (OSError, UnicodeDecodeError):
        return False


def _read(task: Task, workplace: Path) -> Answer:
    attempt = f"{task.number}-{secrets.token_hex(4)}"
    staging, fetched = workplace / attempt, workplace / f"{attempt}.fetched"
    try:
        path = Path(task.place)
        if task.is_remote:
            fetched.mkdir()
            path = fetched / task.name
            fetch(task.place, path, task.options.limits)
        return _answer(task, _supervisor(task.options.limits).do(Job("run", path, task.options, staging)), staging)
    except PolicydeckError as error:
        return Answer(task.number, Outcome("failed", 2, failure=Failure.of(error)))
    except OSError as error:
        said = OutputError(
            f"{task.name}: it could not be fetched or staged ({error.strerror or error}).",
            "Mend what hinders writing there, or name another folder with --out.",
        )
        return Answer(task.number, Outcome("failed", 2, failure=Failure.of(said)))
    finally:
        if task.is_remote:
            shutil.rmtree(fetched, ignore_errors=True)


def _answer(task: Task, outcome: Outcome, staging: Path) -> Answer:
    if outcome.status == "failed":
        shutil.rmtree(staging, ignore_errors=True)
        return Answer(task.number, outcome, pages=outcome.pages)
    said = said_of_itself(staging)
    try:
        with (staging / "data" / "slides.csv").open(encoding="utf-8", newline="") as file:
            words = [int(row["words"]) for row in csv.DictReader(file)]
    except (OSError, ValueError, KeyError, csv.Error) as error:
        crashed = ReaderCrashedError(
            f"{task.name}: what the reading process wrote is no edition ({type(error).__name__}).", "Run again."
        )
        return Answer(task.number, Outcome("failed", 2, failure=Failure.of(crashed)))
    return Answer(
        task.number,
        outcome,
        said.get("source_file", ""),
        said.get("source_sha256", ""),
        said.get("inputs_sha256", ""),
        len(words),
        sum(words),
        str(staging),
    )


_own = threading.local()
_lock = threading.Lock()
_all: list[Supervisor] = []


def _supervisor(limits: Limits) -> Supervisor:
    """The supervisor of the thread that asks."""
    supervisor: Supervisor | None = getattr(_own, "supervisor", None)
    if supervisor is None or supervisor.limits != limits:
        supervisor = _own.supervisor = Supervisor(limits)
    with _lock:
        if supervisor not in _all:
            _all.append(supervisor)
    return supervisor


def end_readers() -> None:
    """End the processes that read for the threads of this process, which have nothing to do any more."""
    with _lock:
        ended, _all[:] = list(_all), []
    for supervisor in ended:
        supervisor.close()


def kill_readers() -> None:
    """Kill the processes that read for the threads of this process, whatever they do; those threads are told of it."""
    with _lock:
        numbers = [supervisor.pid for supervisor in _all]
    for number in numbers:
        if number is not None:
            with suppress(OSError):
                os.kill(number, getattr(signal, "SIGKILL", signal.SIGTERM))
