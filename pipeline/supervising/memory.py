"""How much memory a process has. Both the process and its parent look."""

from __future__ import annotations

from pathlib import Path


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
