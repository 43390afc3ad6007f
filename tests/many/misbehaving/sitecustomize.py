"""Processes that are killed or stopped by the name of the document they open: on PYTHONPATH, a test makes them so.

The signals are the real ones, which no process can catch. `kills-reader` and `stops-reader` are for a process that reads,
`kills-worker` is for a worker of a pool, which only fetches what is far away.
"""

import os
import signal
import sys

_DEEDS = {
    "kills-reader": ("pipeline.supervising.child", signal.SIGKILL),
    "stops-reader": ("pipeline.supervising.child", signal.SIGSTOP),
    "kills-worker": ("pipeline.many.tasks", signal.SIGKILL),
}


def _watch(event: str, arguments: tuple[object, ...]) -> None:
    if event != "open" or not isinstance(arguments[0], str):
        return
    name = os.path.basename(arguments[0])  # noqa: PTH119 - pathlib would be loaded into every process
    for start, (module, number) in _DEEDS.items():
        if name.startswith(start) and module in sys.modules and os.getppid() != int(os.environ["SPARED_PARENT"]):
            os.kill(os.getpid(), number)


sys.addaudithook(_watch)
