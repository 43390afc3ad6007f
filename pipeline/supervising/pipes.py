"""Standard input and output of a supervised process as lines of JSON, from its own side."""

from __future__ import annotations

import json
import os
import queue
import signal
import tempfile
import threading
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipeline.limits import Limits
from pipeline.supervising.bounds import bound_memory, die_with

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import Self


class Pipes:
    """Iterates over the messages that come in, taken by a thread that ends the process as soon as nobody asks any more.

    What libraries print goes nowhere near the answers: standard output becomes standard error.
    """

    def __init__(self) -> None:
        self._answers = os.fdopen(os.dup(1), "wb", buffering=0)
        os.dup2(2, 1)
        self._asked = os.fdopen(os.dup(0), "rb")
        devnull = os.open(os.devnull, os.O_RDONLY)
        os.dup2(devnull, 0)
        os.close(devnull)
        self._queue: queue.SimpleQueue[bytes] = queue.SimpleQueue()
        self.at_end: Callable[[], object] = lambda: None
        """What is to be done before the process ends, by the thread that listens."""
        threading.Thread(target=self._listen, daemon=True).start()

    def __iter__(self) -> Self:
        return self

    def __next__(self) -> dict[str, Any]:
        """The next message; the process is where the caller was when it was sent, so that relative paths mean the same.

        Where that folder is gone, absolute paths still mean what they did, and relative ones lead nowhere.
        """
        message: dict[str, Any] = json.loads(self._queue.get())
        try:
            os.chdir(message.pop("folder"))
        except OSError:
            _stand_nowhere()
        return message

    def waiting(self) -> Iterator[dict[str, Any]]:
        """The messages that have come already, as `__next__` gives them."""
        while not self._queue.empty():
            yield next(self)

    def send(self, message: dict[str, Any]) -> None:
        """Answer."""
        data = json.dumps(message).encode() + b"\n"
        while data:
            data = data[self._answers.write(data) :]

    def _listen(self) -> None:
        for line in self._asked:
            self._queue.put(line)
        try:
            self.at_end()
        finally:
            os._exit(0)  # in the middle of a document too: its answer would reach nobody


def _stand_nowhere() -> None:
    """Leave the folder of the job before for one that is gone, too."""
    gone = tempfile.mkdtemp()
    os.chdir(gone)
    with suppress(OSError):  # on Windows it stays, and is empty
        Path(gone).rmdir()


def begin(limits: str, parent: str) -> tuple[Pipes, Limits]:
    """What every supervised process does first, with the arguments that it was started with: it sets its limits."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent ends this process
    die_with(int(parent))
    bounds = Limits(**json.loads(limits))
    bound_memory(bounds)
    return Pipes(), bounds
