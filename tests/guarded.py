"""Documents read one after the other in a process that may be killed: what came of each, whatever it did.

The process is kept as long as it answers, so a document costs its reading and not Python's start. One that takes longer
than its time is killed and counts as hung; one that takes the process with it counts as crashed; so does any exception
that is not a coded error. The memory of the process is bounded, so that a document cannot take the machine's.
"""

from __future__ import annotations

import multiprocessing
import os
import resource
import tempfile
import time
import traceback
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, Self

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from multiprocessing.connection import Connection

Ending = Literal["read", "refused", "crashed", "hung"]

MEMORY = 4 * 2**30
"""So many bytes of address space the process may have: libraries alone take about one."""


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
    """The process: read every document that is asked for, answer with what came of it."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    os.environ["TMPDIR"] = tempfile.tempdir = str(scratch)
    while True:
        try:
            path, out = pipe.recv()
        except EOFError:
            return
        pipe.send(_read(path, out))


def _read(path: Path, out: Path) -> tuple[Ending, str, str]:
    from pipeline.run import Options, Workshop, run_one

    try:
        result = run_one(path, Workshop(Options(out=out, sources=out / "no sources")))
    except Exception:
        return "crashed", "", traceback.format_exc()
    code, says = (result.error.code, str(result.error)) if result.error else ("", "")
    return ("refused" if result.path is None else "read"), code, says
