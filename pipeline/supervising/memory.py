"""How much memory a process has, and the error of one that has too much. Both the process and its parent look."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.errors import MemoryLimitError
from pipeline.limits import advice_to_raise, shown

if TYPE_CHECKING:
    from pipeline.limits import Limits

SHORT = 0.3
"""A process that has allocated this part of its limit and fails is short of memory: a table that grows asks for twice what it
has beside what it has, and both pdfium and Python end with SIGABRT where there is none left for an error."""


def memory_of(process: int | str = "self") -> dict[str, int]:
    """The memory of a process in bytes: VmHWM the most that it has had, VmRSS what it has, VmData what it has allocated.

    Empty where the system does not say (it does on Linux), or the process has ended. `getrusage` would begin with what
    the parent had when it started the process.
    """
    try:
        lines = Path(f"/proc/{process}/status").read_text("ascii", "replace").splitlines()
    except OSError:
        return {}
    entries = (line.partition(":") for line in lines)
    return {name: int(value.split()[0]) * 1024 for name, _, value in entries if name.startswith("Vm")}


def too_much_memory(place: str, stage: str, limits: Limits) -> MemoryLimitError:
    """The error of a process that wanted more memory than `limits` allow while it did `stage` at `place`."""
    limit = limits.memory_bytes
    return MemoryLimitError(
        f"{place}: {stage} it takes more memory than {shown('memory_bytes', limit)}, the limit memory-bytes.",
        advice_to_raise("memory_bytes", limit),
    )
