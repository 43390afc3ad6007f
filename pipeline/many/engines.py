"""What spreads documents over workers: threads, processes, Dask, or any `concurrent.futures.Executor` of the caller.

An engine is started when the first document is given to it, so that a run in which nothing has changed starts nothing.
"""

from __future__ import annotations

import concurrent.futures
import logging
import os
import signal
import sys
import threading
from contextlib import contextmanager, nullcontext, suppress
from typing import TYPE_CHECKING, Any, Literal, Protocol, get_args

from pipeline.errors import EngineError
from pipeline.many.addresses import library
from pipeline.many.tasks import end_readers, kill_readers, read_document

if TYPE_CHECKING:
    from collections.abc import Iterator
    from concurrent.futures import Executor, Future
    from multiprocessing.process import BaseProcess

    from pipeline.many.tasks import Answer, Task

EngineName = Literal["processes", "threads", "dask"]
ENGINES: tuple[EngineName, ...] = get_args(EngineName)

_SECONDS_TO_REACH = 30
"""How long a scheduler may take to answer, and the first of its workers to come."""

_SECONDS_TO_END = 5
"""How long a worker process that was told to end may take before it is killed."""


class Engine(Protocol):
    """Where tasks are done."""

    jobs: int
    """How many are done at the same time."""

    def submit(self, task: Task) -> Future[Answer]:
        """Have a task done. The future may raise what `is_lost` knows."""

    def renew(self) -> None:
        """Make workers anew after some were lost. Raises EngineError where that cannot be."""

    def close(self, *, abort: bool) -> None:
        """End all workers and what they started; with `abort` in the middle of what they do. Again it does no harm."""


def is_lost(error: BaseException) -> bool:
    """Whether an error of a future says that its worker was lost, and not that its task went wrong."""
    lost = (concurrent.futures.BrokenExecutor, concurrent.futures.CancelledError)
    return isinstance(error, lost) or type(error).__module__.partition(".")[0] == "distributed"


def available_cores() -> int:
    """How many cores this process may use."""
    affinity = getattr(os, "sched_getaffinity", None)
    return len(affinity(0)) if affinity is not None else os.cpu_count() or 1


def engine_of(name: str, jobs: int, scheduler: str | None = None) -> Engine:
    """The engine of that name with `jobs` workers; Dask's at a scheduler has as many as are there.

    Raises EngineError for a name that is none, fewer than one job, and a scheduler for another engine than Dask.
    """
    if name not in ENGINES:
        raise EngineError(f"--engine {name}: there is no such engine.", f"Choose from {', '.join(ENGINES)}.")
    if jobs < 1:
        raise EngineError(f"--jobs {jobs}: somebody must read the documents.", "Give a number above zero.")
    if scheduler is not None and name != "dask":
        raise EngineError(f"--scheduler {scheduler}: the engine {name} has no scheduler.", "Add --engine dask.")
    if name == "dask":
        return Dask(jobs, scheduler)
    # One worker needs no process between the run and the process that reads.
    return Processes(jobs) if name == "processes" and jobs > 1 else Threads(jobs)


class Given:
    """An executor of the caller, who also ends it."""

    def __init__(self, executor: Executor, jobs: int) -> None:
        self.jobs = jobs
        self._executor = executor

    def submit(self, task: Task) -> Future[Answer]:
        """Have a task done by the executor."""
        return self._executor.submit(read_document, task)

    def renew(self) -> None:
        """It cannot be made anew by anybody but the caller."""
        raise EngineError("The executor that was given has lost its workers.", "Run again with a new one.")

    def close(self, *, abort: bool) -> None:
        """End what reads in this process, if the executor's workers are its threads."""
        if abort:
            kill_readers()
        end_readers()


class Threads:
    """Threads of this process, each with a process that reads."""

    def __init__(self, jobs: int) -> None:
        self.jobs = jobs
        self._executor: Executor | None = None

    def submit(self, task: Task) -> Future[Answer]:
        """Have a task done by a thread."""
        if self._executor is None:
            self._executor = concurrent.futures.ThreadPoolExecutor(self.jobs, thread_name_prefix="policydeck")
        return self._executor.submit(read_document, task)

    def renew(self) -> None:
        """Start new threads."""
        self.close(abort=True)

    def close(self, *, abort: bool) -> None:
        """Wait for the threads; with `abort` what they wait for is killed."""
        executor, self._executor = self._executor, None
        if executor is not None:
            if abort:
                executor.shutdown(wait=False, cancel_futures=True)
                kill_readers()
            executor.shutdown(wait=True)
        end_readers()


class Processes:
    """Processes of a pool, each with a process that reads."""

    def __init__(self, jobs: int) -> None:
        self.jobs = jobs
        self._executor: Executor | None = None
        self._before: set[int | None] = set()

    def submit(self, task: Task) -> Future[Answer]:
        """Have a task done by a process."""
        if self._executor is None:
            import multiprocessing
            import multiprocessing.resource_tracker

            if sys.platform != "win32":  # starting it later would let its parent hear Ctrl-C again
                multiprocessing.resource_tracker.ensure_running()
            self._before = {process.pid for process in multiprocessing.active_children()}
            self._executor = concurrent.futures.ProcessPoolExecutor(
                # Not forked: this process has threads, and a fork would hold the ends of other children's pipes.
                self.jobs,
                mp_context=multiprocessing.get_context("spawn"),
                initializer=_begin_worker,
            )
            with _deaf_to_interrupts():
                return self._executor.submit(read_document, task)
        return self._executor.submit(read_document, task)

    def renew(self) -> None:
        """Start a new pool."""
        self.close(abort=True)

    def close(self, *, abort: bool) -> None:
        """Let the processes end, or kill them."""
        executor, self._executor = self._executor, None
        if executor is None:
            return
        if abort:
            executor.shutdown(wait=False, cancel_futures=True)
            workers = self._workers()
            for process in workers:
                process.terminate()
            for process in workers:
                process.join(_SECONDS_TO_END)
                if process.is_alive():
                    process.kill()
        executor.shutdown(wait=True)

    def _workers(self) -> list[BaseProcess]:
        import multiprocessing

        return [process for process in multiprocessing.active_children() if process.pid not in self._before]


@contextmanager
def _deaf_to_interrupts() -> Iterator[None]:
    """Processes that are started meanwhile never hear Ctrl-C; it is kept for this one until afterwards."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _begin_worker() -> None:
    """Make a process of the pool end with its parent however that ends, and leave Ctrl-C to it."""
    import multiprocessing.connection
    import multiprocessing.util

    signal.signal(signal.SIGINT, signal.SIG_IGN)  # every process of a terminal hears Ctrl-C
    multiprocessing.util.Finalize(None, end_readers, exitpriority=0)
    parent = multiprocessing.parent_process()

    def watch() -> None:
        if parent is not None:
            multiprocessing.connection.wait([parent.sentinel])
            os._exit(1)

    # A pool's process waits for work at a pipe that it holds both ends of: alone it would wait for ever.
    threading.Thread(target=watch, daemon=True).start()


@contextmanager
def _silent(*packages: str) -> Iterator[None]:
    """What these packages have to say meanwhile is not heard."""
    names = [name for name in logging.root.manager.loggerDict if name.partition(".")[0] in packages]
    before = {name: logging.getLogger(name).level for name in names}
    for name in names:
        logging.getLogger(name).setLevel(logging.CRITICAL + 1)
    try:
        yield
    finally:
        for name, level in before.items():
            logging.getLogger(name).setLevel(level)


_UNSEEN = {
    # It need not look a hundred times a second what its workers do: they wait.
    "distributed.worker.profile.enabled": False,
    "distributed.admin.tick.interval": "500ms",
    # Its web servers cannot be left out: so they have nothing to show, and nobody but this machine can ask them.
    "distributed.scheduler.http.routes": [],
    "distributed.worker.http.routes": [],
}
"""How a cluster of ours is set."""

_THIS_MACHINE = "127.0.0.1:0"


class Dask:
    """Workers of Dask, through `distributed`'s own executor: those of a scheduler, or a cluster in this process.

    Its workers are threads, as what they start are the processes that read; processes of its own would only stand between.
    """

    def __init__(self, jobs: int, scheduler: str | None) -> None:
        self.jobs = jobs
        self._scheduler = scheduler
        self._cluster: Any = None
        self._client: Any = None
        self._executor: Executor | None = None

    def submit(self, task: Task) -> Future[Answer]:
        """Have a task done by a worker. Raises EngineError where Dask is not installed or does not answer."""
        return self._started().submit(read_document, task)

    def _started(self) -> Executor:
        if self._executor is not None:
            return self._executor
        distributed = library("distributed", "dask", "--engine dask", EngineError)
        at = self._scheduler
        try:
            if at is None:
                with library("dask", "dask", "--engine dask", EngineError).config.set(_UNSEEN):
                    self._cluster = distributed.LocalCluster(
                        n_workers=self.jobs,
                        threads_per_worker=1,
                        processes=False,
                        memory_limit=0,  # the limits on each document bound what is used
                        dashboard_address=_THIS_MACHINE,
                        worker_dashboard_address=_THIS_MACHINE,
                        scheduler_kwargs={"dashboard": False},
                        silence_logs="ERROR",
                    )
            self._client = distributed.Client(at or self._cluster, timeout=_SECONDS_TO_REACH, set_as_default=False)
            self._client.wait_for_workers(1, timeout=_SECONDS_TO_REACH)
        except (OSError, ValueError, TimeoutError) as error:
            self.close(abort=True)
            raise EngineError(
                f"--scheduler {at}: it does not answer, or has no workers ({type(error).__name__})."
                if at
                else f"--engine dask: no cluster could be started ({type(error).__name__}).",
                "Start a scheduler and its workers, and give its address, as in --scheduler tcp://HOST:8786.",
            ) from error
        if at is not None:
            self.jobs = max(1, sum(self._client.nthreads().values()))
        executor: Executor = self._client.get_executor(pure=False, retries=0)
        self._executor = executor
        return executor

    def renew(self) -> None:
        """Dask makes lost workers anew by itself; a cluster of ours is made again as a whole."""
        if self._scheduler is None:
            self.close(abort=True)

    def close(self, *, abort: bool) -> None:
        """End the processes that read in the workers, and the cluster if it is ours."""
        # It would tell of every connection that is cut off, and of tasks that are gone before it hears that they are.
        with _silent("distributed", "tornado") if abort else nullcontext():
            self._end(abort=abort)

    def _end(self, *, abort: bool) -> None:
        client, cluster, executor = self._client, self._cluster, self._executor
        self._client = self._cluster = self._executor = None
        with suppress(Exception):  # what is to end may be gone already
            if executor is not None:
                executor.shutdown(wait=not abort)  # Dask's takes nothing else, and cancels what it does not wait for
        with suppress(Exception):
            if client is not None and cluster is None:
                client.run(kill_readers if abort else end_readers)
        if abort and cluster is not None:
            kill_readers()
        for ended in (client, cluster):
            with suppress(Exception):
                if ended is not None:
                    ended.close()
        if cluster is not None:
            end_readers()
