"""Documents read one after the other as the command reads them: what came of each, whatever it did.

They are read by `pipeline.supervising`, whose process is kept from one document to the next, so a document costs its
reading and not Python's start. All of that runs in a process of our own, which sees from outside whether the promises
hold: a supervisor that does not answer in time counts as hung, one that ends or raises as crashed. A defect that the
supervisor caught (PD024) counts as crashed too, although the user is given a coded error.
"""

from __future__ import annotations

import multiprocessing
import os
import tempfile
import time
import traceback
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, Self

from pipeline.errors import ReaderCrashedError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from multiprocessing.connection import Connection

    from pipeline.supervising import Supervisor

Ending = Literal["read", "refused", "crashed", "hung"]


@dataclass(frozen=True)
class Outcome:
    """What came of one document.

    `code` is the coded error's, also of a document that was read although no profile knows its deck. `left` names the
    files that stand where none should: beside the package, or anywhere where there is none. `says` is the error.
    """

    path: Path
    ending: Ending
    seconds: float
    code: str = ""
    says: str = ""
    left: tuple[str, ...] = ()


class Guard:
    """The process; a context manager, which ends it. `seconds` are given to a document; scratch files go to `folder`."""

    def __init__(self, folder: Path, seconds: float) -> None:
        self._folder, self._seconds = folder, seconds
        self._process: Any = None
        self._pipe: Connection | None = None
        self._rounds = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._end()

    def read(self, path: Path) -> Outcome:
        """What comes of one document."""
        self._rounds += 1
        out = self._folder / f"out-{self._rounds}"
        scratch = self._folder / "scratch"
        scratch.mkdir(parents=True, exist_ok=True)
        started = self._started(scratch)
        before = time.perf_counter()
        ending: Ending
        try:
            started.send((path, out))
            if started.poll(self._seconds):
                ending, code, says = started.recv()
            else:
                ending, code, says = "hung", "", f"no answer within {self._seconds:.0f} s"
                self._end()
        except (EOFError, OSError):
            ending, code, says = "crashed", "", f"the process ended with {self._end()}"
        took = time.perf_counter() - before
        return Outcome(path, ending, took, code, says, tuple(_left(out, scratch, ending)))

    def _started(self, scratch: Path) -> Connection:
        if self._pipe is None:
            context = multiprocessing.get_context("spawn")
            self._pipe, theirs = context.Pipe()
            self._process = context.Process(target=_serve, args=(theirs, scratch), daemon=False)
            self._process.start()
            theirs.close()
        return self._pipe

    def _end(self) -> int | None:
        """End the process; gives how it ended, had it ended by itself."""
        if self._process is None:
            return None
        self._process.join(0.5)
        code: int | None = self._process.exitcode
        self._process.kill()
        self._process.join()
        if self._pipe is not None:
            self._pipe.close()
        self._process = self._pipe = None
        return code


def read_guarded(paths: Iterable[Path], seconds: float) -> Iterator[Outcome]:
    """What comes of each document, in order; nothing that was written is kept."""
    with tempfile.TemporaryDirectory() as name, Guard(Path(name), seconds) as guard:
        for path in paths:
            yield guard.read(path)


def _left(out: Path, scratch: Path, ending: Ending) -> Iterator[str]:
    """Every file that is not part of one whole package; what was written is removed."""
    for folder in (out, scratch):
        for file in sorted(folder.rglob("*")) if folder.is_dir() else ():
            inside = file.relative_to(folder).parts
            package = folder is out and ending == "read" and not any(part.startswith(".") for part in inside[:2])
            if not package:
                yield file.relative_to(folder.parent).as_posix()
    for folder in (out, scratch):
        _emptied(folder)


def _emptied(folder: Path) -> None:
    for file in sorted(folder.rglob("*"), reverse=True) if folder.is_dir() else ():
        if file.is_dir() and not file.is_symlink():
            file.rmdir()
        else:
            file.unlink()


def _serve(pipe: Connection, scratch: Path) -> None:
    """The process: let every document that is asked for be read as the command does, and answer with what came of it."""
    from pipeline.supervising import Supervisor

    os.environ["TMPDIR"] = tempfile.tempdir = str(scratch)
    with Supervisor() as supervisor:
        while True:
            try:
                path, out = pipe.recv()
            except EOFError:
                return
            pipe.send(_read(path, out, supervisor))


def _read(path: Path, out: Path, supervisor: Supervisor) -> tuple[Ending, str, str]:
    from pipeline.options import Options
    from pipeline.supervising import Job

    try:
        outcome = supervisor.do(Job("run", path, Options(out=out, sources=out / "no sources", is_alone=True)))
    except Exception:
        return "crashed", "", traceback.format_exc()
    code, says = (outcome.failure.code, str(outcome.failure)) if outcome.failure else ("", "")
    if code == ReaderCrashedError.code:
        return "crashed", code, says
    return ("refused" if outcome.status == "failed" else "read"), code, says
