"""How fast many decks are read, with one worker, with two, and with two of Dask; what memory that takes, and how it grows.

    python tests/benchmarks/many.py [--decks 1000]

Makes so many distinct decks with reportlab (`tests/deck_generator/many.py`), which is not the library that reads, and runs
`policydeck run` over their folder in a process of its own, as anybody would. Memory is that of the whole tree of
processes (proportional set size, so that what they share counts once), looked at once a second, since a look takes a
hundredth of a second from the two cores that are measured; "memory after each quarter" is the highest in each quarter of
the run, which is flat where nothing is kept of the documents. The decks are read with `--deck unrecognised`: a thousand
editions of one deck do not exist, and each would be compared with all before it. Each run writes into a folder of its
own, and all are removed at the end: ext4 without a journal passes over every file that was removed within the last
minutes whenever it makes one, so that a run after a removal would pay for the run before. The index and the summary are
measured in this process, over half of the editions and over all.

Prints a Markdown table with the versions of all that had part in it.
"""

from __future__ import annotations

import argparse
import contextlib
import csv
import importlib.metadata
import os
import platform
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import psutil

if TYPE_CHECKING:
    from collections.abc import Callable

sys.path.insert(0, str(Path(__file__).parents[2]))
from pipeline.many.results import DocumentResult
from pipeline.many.summary import write_summary
from pipeline.standing import StandingEditions
from tests.deck_generator.many import write_decks

ENGINES = (("1 job", "processes", 1), ("2 jobs", "processes", 2), ("Dask, 2 workers", "dask", 2))
QUARTERS = 4
REPEATS = 5
SECONDS_BETWEEN_LOOKS = 1
MEGABYTE = 10**6


@dataclass(frozen=True)
class Measured:
    """One run: seconds, the highest memory in each quarter of it, and pages as the summary has them."""

    seconds: float
    quarters: tuple[int, ...]
    pages: int
    read: int

    @property
    def pages_per_second(self) -> float:
        """Pages read a second, from the call to its end."""
        return self.pages / self.seconds


def memory_of(process: psutil.Process) -> int:
    """What a process and all that it started hold, in bytes; what they share counts once."""
    total = 0
    for one in (process, *process.children(recursive=True)):
        try:
            total += one.memory_full_info().pss
        except (psutil.NoSuchProcess, psutil.AccessDenied, AttributeError):
            continue
    return total


def folder_of(engine: str, jobs: int) -> str:
    """The folder that a run writes into."""
    return f"extracted-{engine}-{jobs}"


def measured(work: Path, engine: str, jobs: int) -> Measured:
    """Run over all decks into a folder that is new."""
    command = [
        *(sys.executable, "-c", "from pipeline.cli import main; main()", "run", "decks", "--deck", "unrecognised"),
        *("--engine", engine, "--jobs", str(jobs), "--summary", "summary.csv", "--sources", "none"),
        *("--out", folder_of(engine, jobs)),
    ]
    looks: list[tuple[float, int]] = []
    began = time.monotonic()
    with (work / "said.txt").open("w", encoding="utf-8") as said:
        running = psutil.Popen(command, cwd=work, stdout=said, stderr=said)
        while running.poll() is None:
            looks.append((time.monotonic() - began, memory_of(running)))
            with contextlib.suppress(psutil.TimeoutExpired):
                running.wait(SECONDS_BETWEEN_LOOKS)
    seconds = time.monotonic() - began
    with (work / "summary.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    quarters = tuple(
        max((m for at, m in looks if n <= at / seconds * QUARTERS < n + 1), default=0) for n in range(QUARTERS)
    )
    read = [row for row in rows if row["outcome"] == "written"]
    return Measured(seconds, quarters, sum(int(row["pages"]) for row in read), len(read))


def linear(work: Path) -> list[tuple[str, float, float]]:
    """Seconds of the index and of the summary for half of the editions and for all."""
    _, engine, jobs = ENGINES[-1]
    extracted = work / folder_of(engine, jobs) / "unrecognised"
    half = work / "half" / "unrecognised"
    half.mkdir(parents=True)
    editions = sorted(extracted.iterdir())
    for edition in editions[: len(editions) // 2]:
        (half / edition.name).symlink_to(edition, target_is_directory=True)
    indexed = [_best(lambda root=root: StandingEditions(root)) for root in (half.parent, extracted.parent)]
    summed = []
    for count in (len(editions) // 2, len(editions)):
        results = [DocumentResult(f"decks/{e.name}.pdf", e.name, "written", 0, pages=5) for e in editions[:count]]
        summed.append(_best(lambda results=results: write_summary(results, work / "again.csv")))
    return [
        ("index of the editions that stand", indexed[0], indexed[1]),
        ("summary", summed[0], summed[1]),
    ]


def _best(what: Callable[[], object]) -> float:
    """The least of some times that it takes: what else the machine does only adds to them."""
    times = []
    for _ in range(REPEATS):
        began = time.perf_counter()
        what()
        times.append(time.perf_counter() - began)
    return min(times)


def print_tables(runs: list[tuple[str, Measured]], growth: list[tuple[str, float, float]], decks: int) -> None:
    """Print the tables and what they were made with."""
    one = runs[0][1].pages_per_second
    print("| | pages a second | of one job | peak memory | highest memory in each quarter of the run |")
    print("| --- | ---: | ---: | ---: | --- |")
    for name, run in runs:
        quarters = ", ".join(f"{m / MEGABYTE:,.0f}" for m in run.quarters)
        peak = max(run.quarters) / MEGABYTE
        print(
            f"| {name} | {run.pages_per_second:,.1f} | {run.pages_per_second / one:.2f} | {peak:,.0f} MB | {quarters} MB |"
        )
    print()
    print(f"| | {decks // 2:,} editions | {decks:,} editions | ratio |")
    print("| --- | ---: | ---: | ---: |")
    for name, half, whole in growth:
        print(f"| {name} | {half * 1000:,.1f} ms | {whole * 1000:,.1f} ms | {whole / half:.2f} |")
    print()
    packages = ("policydeck", "pypdfium2", "camelot-py", "pyarrow", "distributed", "reportlab")
    versions = ", ".join(f"{name} {importlib.metadata.version(name)}" for name in packages)
    read, pages = runs[0][1].read, runs[0][1].pages
    print(
        f"{read:,} decks of {pages / read:.1f} pages on average, each read into a folder that was empty; memory is that of all "
        f"processes together; {os.cpu_count()} cores, Python {platform.python_version()}, {versions}."
    )


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--decks", type=int, default=1000)
    count = parser.parse_args().decks
    with tempfile.TemporaryDirectory() as name:
        work = Path(name)
        write_decks(count, work / "decks", processes=os.cpu_count() or 1)
        runs = [(shown, measured(work, engine, jobs)) for shown, engine, jobs in ENGINES]
        short = [shown for shown, run in runs if run.read != count]
        if short:
            sys.exit(f"not all decks were read with {', '.join(short)}:\n{(work / 'said.txt').read_text()[-2000:]}")
        print_tables(runs, linear(work), count)


if __name__ == "__main__":
    main()
