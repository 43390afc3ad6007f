"""The limits that the system keeps for a supervised process, which the process sets for itself before it reads anything."""

from __future__ import annotations

import contextlib
import math
import os
import signal
import sys
from typing import TYPE_CHECKING

try:
    import resource
except ImportError:  # no such limits on Windows
    resource = None  # type: ignore[assignment]

if TYPE_CHECKING:
    from pipeline.limits import Limits

_PR_SET_PDEATHSIG = 1


def bound_memory(limits: Limits) -> None:
    """What is allocated counts (RLIMIT_DATA): addresses that libraries merely reserve, by the gigabyte, do not."""
    if resource is None:
        return
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    _, hard = resource.getrlimit(resource.RLIMIT_DATA)
    wanted = limits.memory_bytes if hard == resource.RLIM_INFINITY else min(limits.memory_bytes, hard)
    with contextlib.suppress(OSError, ValueError):
        resource.setrlimit(resource.RLIMIT_DATA, (wanted, wanted))


def cpu_seconds() -> float:
    """The processor time that this process has had; 0 where the system does not say."""
    if resource is None:
        return 0.0
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime


def bound_cpu(since: float, seconds: int) -> None:
    """Let the system end this process with SIGXCPU when it has had `seconds` more than the `cpu_seconds` that it had then."""
    if resource is None:
        return
    _, hard = resource.getrlimit(resource.RLIMIT_CPU)
    soft = math.ceil(since) + seconds
    resource.setrlimit(resource.RLIMIT_CPU, (soft if hard == resource.RLIM_INFINITY else min(soft, hard), hard))


def processors() -> int:
    """How many processors this process may use."""
    if sys.platform == "linux":
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def give_back_memory() -> None:
    """Give free memory back to the system where the allocator would keep it (glibc)."""
    if sys.platform == "linux":
        import ctypes

        with contextlib.suppress(AttributeError):  # another C library
            ctypes.CDLL(None).malloc_trim(0)


def die_with(parent: int) -> None:
    """Be killed when the parent ends, where the system can do that; it is asked for only by a main thread.

    The kernel means the thread that started the process, and other threads may end before their process does.
    """
    if not parent or sys.platform != "linux":
        return
    import ctypes

    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:
        os._exit(0)  # it has ended already
