"""One child process that reads documents, as its parent sees it: started, asked, listened to, ended.

Both sides speak lines of JSON over two pipes. A thread takes in what the child says, so that the parent can wait with a
deadline on every system. The child ends with its parent, however that ends: its standard input closes, and where it was
started by the main thread on Linux the kernel kills it.
"""

from __future__ import annotations

import json
import math
import os
import queue
import select
import signal
import subprocess
import sys
import threading
import time
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

import pipeline.errors
from pipeline.errors import EngineError
from pipeline.folders import current_folder
from pipeline.supervising.memory import memory_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pipeline.limits import Limits

_ROOT = str(Path(pipeline.errors.__file__).parents[1])
"""Where the package is found, so that the process runs the same one whatever its folder or environment."""

_RUN = "import sys; sys.path.insert(0, sys.argv[1]); from pipeline.supervising.{} import main; main(*sys.argv[2:])"
_PROGRAM, SECOND_PROGRAM = _RUN.format("child"), _RUN.format("second_child")
"""What the process does that reads, and the one that stands beside it (`second_process`)."""

_ENVIRONMENT = {
    # Libraries would reserve a gigabyte, and some more for each of the machine's processors, which all counts as allocated.
    "ARROW_DEFAULT_MEMORY_POOL": "system",
    "OPENBLAS_NUM_THREADS": "1",
    "OMP_NUM_THREADS": "1",
    # glibc would fetch the memory of each page's picture from the system anew, which takes as long as drawing into it.
    "MALLOC_MMAP_THRESHOLD_": str(32 * 2**20),
    "MALLOC_TRIM_THRESHOLD_": str(64 * 2**20),
}

_PIPE_BYTES = 2**20
"""So much of what a child says is held for a parent that is at work. In small pieces each would cost both of them a turn: the
child waits until there is room, and the parent's listening thread for the interpreter."""

_LONGEST_LINE = 4 * 2**20
"""A longer line, in bytes, is no message."""

_LOOK_SECONDS = 0.1
"""How often a child's memory is looked at. For so long, too, somebody waits before hearing Ctrl-C, on Windows."""

_SECONDS_TO_END, _MOMENT = 2, 0.2
"""How long a child that was told to end may take before it is killed; less where nothing is expected of it."""


class Silence(Exception):  # noqa: N818 - nothing is wrong with silence by itself
    """No message came before the deadline."""


class Ended(Exception):  # noqa: N818 - the caller says what is wrong with it
    """The child has ended, or what came from it is no message: then `garbage` says what came."""

    def __init__(self, garbage: str = "") -> None:
        super().__init__(garbage)
        self.garbage = garbage


class ChildProcess:
    """A child at work; `close` ends it. Not safe in several threads at once. It reads documents, or does what `program` says.

    Raises EngineError where the system has no room for a process, or for the thread that listens to it.
    """

    def __init__(self, limits: Limits, program: str = "") -> None:
        by_main_thread = threading.current_thread() is threading.main_thread()
        try:
            # -P keeps the folder that the user stands in out of the module path.
            self._process = subprocess.Popen(  # noqa: S603 - this interpreter, and a program that is a constant
                [
                    *(sys.executable, "-P", "-c", program or _PROGRAM, _ROOT),
                    *(json.dumps(asdict(limits)), str(os.getpid() if by_main_thread else 0)),
                ],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                env={**os.environ, **_ENVIRONMENT},
                bufsize=_PIPE_BYTES,
            )
        except OSError as error:
            raise _no_room(error) from error
        _widen(self._process.stdout)
        self._said: queue.SimpleQueue[dict[str, Any] | Ended] = queue.SimpleQueue()
        self.memory: dict[str, int] = {}
        """What the process has of it, as `memory.memory_of` saw last; it stays when the process has ended."""
        self._listener = threading.Thread(target=self._listen, name="policydeck-listener", daemon=True)
        try:
            self._listener.start()
        except RuntimeError as error:
            self._process.kill()
            self._process.communicate()
            raise _no_room(error) from error

    @property
    def pid(self) -> int:
        """The process's number."""
        return self._process.pid

    @property
    def is_alive(self) -> bool:
        """Whether the process still runs."""
        return self._process.poll() is None

    def say(self, message: dict[str, Any]) -> None:
        """Send one message, with the `folder` that relative paths in it are relative to: the one this process stands in.

        A child that has ended does not hear it, and the next `hear` raises Ended.
        """
        assert self._process.stdin is not None  # noqa: S101 - it is a pipe
        line = json.dumps({"folder": current_folder(), **message}).encode() + b"\n"
        with suppress(OSError):
            self._process.stdin.write(line)
            self._process.stdin.flush()

    def hear(self, seconds: float = math.inf) -> dict[str, Any]:
        """The next message. Raises Silence where none came for so long, and Ended where none can come any more."""
        until = time.monotonic() + seconds
        while True:
            try:
                said = self._said.get(timeout=min(_LOOK_SECONDS, max(0.0, until - time.monotonic())))
            except queue.Empty:
                if time.monotonic() >= until:
                    raise Silence from None
                continue
            if isinstance(said, Ended):
                self._said.put(said)
                raise said
            return said

    def close_after(self, ended: Ended) -> tuple[int, str]:
        """End the process after `hear` has raised `ended`: its exit status, and what it said or did that is no answer.

        That is empty where it just ended; a process that runs on without its pipe is killed.
        """
        garbage = ended.garbage
        if not garbage:
            try:
                self._process.wait(timeout=_SECONDS_TO_END)
            except subprocess.TimeoutExpired:
                garbage = "it closed its pipe"
        return self.close(kill=bool(garbage)), garbage

    def close(self, *, kill: bool = False) -> int:
        """End the process and give its exit status, a signal as its negative number; again it does no harm.

        It is told to end, which it does in the middle of what it does and with the process beside it, and killed where it
        does not: after a moment with `kill`, which is for one that may be stuck or lie.
        """
        if self._process.stdin is not None:
            with suppress(OSError):  # what was said to a process that has ended cannot be sent any more
                self._process.stdin.close()
        try:
            status = self._process.wait(timeout=_MOMENT if kill else _SECONDS_TO_END)
        except subprocess.TimeoutExpired:
            self._process.kill()
            status = self._process.wait()
        self._listener.join()
        if self._process.stdout is not None:
            self._process.stdout.close()
        return status

    def _listen(self) -> None:
        """Take in each message as it comes, until the process ends or says something that is none."""
        pieces = self._pieces()
        ended, begun = Ended(), b""
        try:
            for piece in pieces:
                *lines, begun = (begun + piece).split(b"\n")
                wrong = next((line for line in lines if not self._take(line)), None)
                if wrong is None and len(begun) > _LONGEST_LINE:
                    wrong = begun
                if wrong is not None:
                    ended = Ended(repr(wrong[:60]))
                    break
        finally:
            self._said.put(ended)
        # Nobody listens any more: a child that goes on talking must not wait for that for ever.
        for _ in pieces:
            pass

    def _take(self, line: bytes) -> bool:
        """Note a message. False where it is none."""
        try:
            message = json.loads(line) if len(line) <= _LONGEST_LINE else None
        except (ValueError, RecursionError):
            message = None
        if not isinstance(message, dict):
            return False
        self._said.put(message)
        return True

    def _pieces(self) -> Iterator[bytes]:
        """What the process says, as it comes; meanwhile its memory is looked at, whether or not it says anything."""
        assert self._process.stdout is not None  # noqa: S101 - it is a pipe
        pipe, look_at = self._process.stdout.fileno(), 0.0
        if sys.platform == "linux":
            comes = select.poll()
            comes.register(pipe, select.POLLIN)
        while True:
            if sys.platform == "linux":  # elsewhere nobody says how much memory it has
                if time.monotonic() >= look_at:
                    self.memory = memory_of(self.pid) or self.memory
                    look_at = time.monotonic() + _LOOK_SECONDS
                if not comes.poll(1000 * _LOOK_SECONDS):
                    continue
            piece = os.read(pipe, _PIPE_BYTES)
            if not piece:
                return
            yield piece


def _no_room(error: Exception) -> EngineError:
    return EngineError(
        f"No process can be started that reads documents ({getattr(error, 'strerror', None) or error}).",
        "Free memory, or end other processes, and run again.",
    )


def _widen(pipe: IO[bytes] | None) -> None:
    """Let a pipe hold more, where the system can do that and allows it."""
    if sys.platform == "linux" and pipe is not None:
        import fcntl

        with suppress(OSError):
            fcntl.fcntl(pipe, fcntl.F_SETPIPE_SZ, _PIPE_BYTES)


def signal_name(status: int) -> str:
    """An exit status for a person: `SIGSEGV`, `exit status 3`."""
    if status >= 0:
        return f"exit status {status}"
    try:
        return signal.Signals(-status).name
    except ValueError:
        return f"signal {-status}"
