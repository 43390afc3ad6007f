"""How long each stage takes for one deck, and the whole beside other readers of the same pages, in one run.

    python tests/benchmarks/stages.py [PDF] [--rounds N]

Everything is measured in this process, one after the other and warm: libraries are imported and each candidate has run once
before the clock starts. (A document that is alone has two processes, which share this work: `speed.py` measures that.) The
candidates take turns, so that a slow moment of the machine falls on all of them; the table gives medians.
"""

from __future__ import annotations

import argparse
import importlib
import importlib.metadata
import logging
import os
import platform
import statistics
import sys
import tempfile
import time
import warnings
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

PROJECT = Path(__file__).parents[2]
sys.path.insert(0, str(PROJECT))

import camelot.io  # noqa: E402 - the project is found only now
import pdfplumber  # noqa: E402

from pipeline.run import Options, Workshop, run_one  # noqa: E402

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

STAGES = {
    "reading": ("pipeline.reading.pdf", "read_document"),
    "recognising": ("pipeline.recognising", "recognise"),
    "extracting": ("pipeline.edition_reading", "extract"),
    "extracting again with other tolerances": ("pipeline.edition_reading", "repeated_extraction_checks"),
    "normalising": ("pipeline.normalising", "normalise"),
    "validating": ("pipeline.validation", "validate"),
    "camelot's grid of the ruled table": ("pipeline.reading.lattice", "lattice_cells"),
    "reading the money again (playa)": ("pipeline.reading.second_reader", "second_reading"),
    "drawing the pages": ("pipeline.reading.rendering", "render_pages"),
    "review page": ("pipeline.run", "report"),
    "publishing": ("pipeline.publishing", "write_edition"),
}
"""The function that each stage is, where `run` looks it up. What one of them calls of another counts there only."""

OURS = "policydeck, end to end, in one process"
VERSIONS = ("policydeck", "pdfplumber", "pdfminer.six", "camelot-py", "pypdfium2", "pyarrow")


class Watch:
    """Seconds spent in each stage, one number a round."""

    def __init__(self) -> None:
        self.rounds: dict[str, list[float]] = {name: [] for name in STAGES}

    @contextmanager
    def running(self) -> Iterator[None]:
        """Measure the stages while this is open, and count them as one round."""
        spent = dict.fromkeys(STAGES, 0.0)
        inside = [0.0]
        originals = []
        for stage, (module_name, name) in STAGES.items():
            *classes, last = name.split(".")
            owner = importlib.import_module(module_name)
            for part in classes:
                owner = getattr(owner, part)
            originals.append((owner, last, getattr(owner, last)))
            setattr(owner, last, timed(getattr(owner, last), stage, spent, inside))
        try:
            yield
        finally:
            for owner, last, original in originals:
                setattr(owner, last, original)
        for stage, seconds in spent.items():
            self.rounds[stage].append(seconds)


def timed(function: Callable[..., Any], stage: str, spent: dict[str, float], inside: list[float]) -> Callable[..., Any]:
    """`function`, adding the seconds it takes to `spent[stage]`, without those of other stages that it calls.

    `inside` has, for each that is running, the seconds of those that it has called.
    """

    def call(*arguments: Any, **named: Any) -> Any:
        inside.append(0.0)
        start = time.perf_counter()
        try:
            return function(*arguments, **named)
        finally:
            seconds = time.perf_counter() - start
            spent[stage] += seconds - inside.pop()
            inside[-1] += seconds

    return call


def words_alone(path: Path) -> None:
    """What most scripts begin with: pdfplumber's words of every page."""
    with pdfplumber.open(path) as pdf:
        for page in pdf.pages:
            page.extract_words()


def camelot_tables(path: Path, flavor: str) -> None:
    """Camelot's tables of every page."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        camelot.io.read_pdf(str(path), pages="all", flavor=flavor)


def measure(path: Path, rounds: int) -> tuple[dict[str, list[float]], Watch]:
    """Seconds of each candidate by round, and those of our stages."""
    watch = Watch()

    def ours() -> None:
        with tempfile.TemporaryDirectory() as folder:
            options = Options(out=Path(folder), sources=path.parent, force=True)
            result = run_one(path, Workshop(options))
            if result.error is not None:
                sys.exit(str(result.error))

    candidates: dict[str, Callable[[], None]] = {
        OURS: ours,
        "pdfplumber, words alone": lambda: words_alone(path),
        "camelot stream": lambda: camelot_tables(path, "stream"),
        "camelot lattice": lambda: camelot_tables(path, "lattice"),
    }
    for candidate in candidates.values():
        candidate()
    seconds: dict[str, list[float]] = {name: [] for name in candidates}
    for _ in range(rounds):
        for name, candidate in candidates.items():
            start = time.perf_counter()
            if candidate is ours:
                with watch.running():
                    candidate()
            else:
                candidate()
            seconds[name].append(time.perf_counter() - start)
    return seconds, watch


def table(path: Path, seconds: dict[str, list[float]], watch: Watch) -> str:
    """The measurements as a Markdown table, each with its ratio to pdfplumber's words alone."""
    medians = {name: statistics.median(values) for name, values in seconds.items()}
    words, whole = medians["pdfplumber, words alone"], medians[OURS]
    stages = {name: statistics.median(values) for name, values in watch.rounds.items()}
    rows = [(f"  {name}", value) for name, value in stages.items()]
    rows.append(("  everything else", whole - sum(stages.values())))
    body = [(OURS, whole), *rows]
    body += [(name, value) for name, value in medians.items() if not name.startswith("policydeck")]
    lines = ["| | seconds | of pdfplumber's words alone |", "| --- | ---: | ---: |"]
    lines += [f"| {name.replace('  ', '&emsp;')} | {value:.3f} | {value / words:.2f} |" for name, value in body]
    versions = ", ".join(f"{name} {importlib.metadata.version(name)}" for name in VERSIONS)
    rounds = len(next(iter(seconds.values())))
    lines += [
        "",
        f"{path.name}, median of {rounds} rounds, warm; {os.cpu_count()} cores, Python {platform.python_version()}, {versions}.",
    ]
    return "\n".join(lines)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("pdf", nargs="?", type=Path, default=PROJECT / "source_pdfs" / "japan-ai-policy-2025.pdf")
    parser.add_argument("--rounds", type=int, default=5)
    arguments = parser.parse_args()
    logging.disable(logging.WARNING)
    print(table(arguments.pdf, *measure(arguments.pdf, arguments.rounds)))


if __name__ == "__main__":
    main()
