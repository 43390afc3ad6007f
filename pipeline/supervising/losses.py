"""What is to be said of a document that a process could not read: by how the process ended, or by what was raised in it."""

from __future__ import annotations

import traceback
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from pipeline.errors import MemoryLimitError, PolicydeckError, ReaderCrashedError, TimeLimitError
from pipeline.limits import advice_to_raise, shown
from pipeline.supervising.process import signal_name

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pipeline.limits import Limits

_OUT_OF_MEMORY = ("SIGABRT", "SIGILL", "SIGSEGV", "SIGTRAP")
_MEMORY = "Libraries end like this when memory runs out, too: --limit memory-bytes gives more. "
_LIKELY = {
    "SIGKILL": "The system kills what takes the machine's memory: free some, or read fewer documents at a time. ",
    **dict.fromkeys(_OUT_OF_MEMORY, _MEMORY),
}
"""What is to be said of some signals."""

_SHORT = 0.3
"""A process that has allocated this part of its limit and fails is short of memory: a table that grows asks for twice what it
has beside what it has, and both pdfium and Python end with SIGABRT where there is none left for an error."""


class Loss(NamedTuple):
    """A process that is doing `stage` (a present participle) at `place` (the file, and the page where it is about one).

    `memory` is what it had when it was last looked at (`memory.memory_of`).
    """

    place: str
    stage: str
    memory: Mapping[str, int]
    limits: Limits

    def too_slow(self) -> TimeLimitError:
        """The error of a process whose time was over."""
        limit = shown("page_seconds", self.limits.page_seconds)
        return TimeLimitError(
            f"{self.place}: {self.stage} it took longer than {limit}, the limit page-seconds.",
            advice_to_raise("page_seconds", self.limits.page_seconds),
        )

    def ended(self, status: int, garbage: str) -> PolicydeckError:
        """The error of a process that has ended, by its exit status, or, with `garbage`, said what is no message."""
        name = signal_name(status)
        if name == "SIGXCPU":
            return self.too_slow()
        if name in _OUT_OF_MEMORY and self._is_short_of_memory():
            return self._too_much_memory()
        how = f"answered what is no answer ({garbage})" if garbage else f"ended in the middle of it ({name})"
        likely = "" if garbage else _LIKELY.get(name, "")  # such a process is killed by its parent
        return ReaderCrashedError(
            f"{self.place}: the process that was {self.stage} {how}.",
            f"{likely}The PDF may be damaged or made to do harm: print it to a new one.",
        )

    def raised(self, error: Exception) -> PolicydeckError:
        """The error of what was raised in the process; one with a code of its own stays as it is."""
        if isinstance(error, PolicydeckError):
            return error
        # Where memory is short a library may fail to load, or to start a thread.
        if isinstance(error, MemoryError) or self._is_short_of_memory():
            return self._too_much_memory()
        frames = traceback.extract_tb(error.__traceback__)
        where = next((f for f in reversed(frames) if "pipeline" in Path(f.filename).parts), frames[-1])
        return ReaderCrashedError(
            f"{self.place}: {self.stage} failed ({type(error).__name__} in {Path(where.filename).name}, line {where.lineno}).",
            "This is a defect of policydeck: please report it with the document.",
        )

    def _too_much_memory(self) -> MemoryLimitError:
        limit = self.limits.memory_bytes
        return MemoryLimitError(
            f"{self.place}: {self.stage} it takes more memory than {shown('memory_bytes', limit)}, the limit memory-bytes.",
            advice_to_raise("memory_bytes", limit),
        )

    def _is_short_of_memory(self) -> bool:
        return self.memory.get("VmData", 0) > _SHORT * self.limits.memory_bytes
