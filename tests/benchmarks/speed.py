"""How fast a deck becomes a published package, beside the readers of PDF that could read it, in one run on the same pages.

    python tests/benchmarks/speed.py [PDF …] [--rounds N]

Three tables. The first has each document from bytes to package, with all imports paid, as ratios to pdfplumber's words
alone and to pdfium's bare text, which is the limit. The second has the readers side by side on the first document: how long
each takes for the glyphs with their boxes, and how many it loses or invents, by pdfplumber's. Readers that are not installed
are left out (`pip install pdf_oxide docling-parse` adds two that were looked at). The third has whole commands, cold: time
and the memory of all their processes at its highest.

The candidates take turns, so that a slow moment of the machine falls on all of them; the tables give medians.
"""

from __future__ import annotations

import argparse
import importlib.metadata
import logging
import os
import platform
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from contextlib import closing, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

PROJECT = Path(__file__).parents[2]
sys.path.insert(0, str(PROJECT))

import pdfplumber  # noqa: E402 - the project is found only now
import playa  # noqa: E402
import psutil  # noqa: E402
import pypdfium2  # noqa: E402

from pipeline.reading.pdf import read_document  # noqa: E402
from pipeline.reading.pdfium_columns import raw_characters  # noqa: E402
from pipeline.run import Options  # noqa: E402
from pipeline.supervising import Job, Supervisor  # noqa: E402

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

DECKS = [
    PROJECT / "source_pdfs" / "japan-ai-policy-2025.pdf",
    PROJECT / "tests" / "data" / "sample-2026.pdf",
    PROJECT / "tests" / "data" / "sample-2027.pdf",
]
OFFICIAL = PROJECT.parent / "shared" / "realdocs" / "cao-ai-budget-fy2025-supplementary-ja.pdf"

WORDS, BARE, OURS = "pdfplumber, words alone", "pdfium, bare text", "policydeck, bytes to package"
VERSIONS = ("policydeck", "pdfplumber", "pdfminer.six", "playa-pdf", "pypdfium2", "camelot-py", "pyarrow")
OTHERS = ("pdf_oxide", "docling-parse")

SAMPLING = 0.01
"""Seconds between two looks at the memory of a command."""


def package(path: Path, out: Path, supervisor: Supervisor) -> None:
    """The whole pipeline: everything from the file's bytes to the published folder, in an empty one under `out`.

    It is what `policydeck run` does with a document that is alone, in the processes that do it there. Nothing is removed
    between the rounds: some file systems make files slowly where others were just removed.
    """
    folder = Path(tempfile.mkdtemp(dir=out))
    outcome = supervisor.do(Job("run", path, Options(out=folder, sources=path.parent, force=True, is_alone=True)))
    if outcome.failure is not None:
        sys.exit(str(outcome.failure))


def plumber_words(path: Path) -> None:
    """What most scripts begin with."""
    with pdfplumber.open(path) as pdf:
        for page in pdf.pages:
            page.extract_words()


def bare_text(path: Path) -> None:
    """The least that can be had of a PDF."""
    with closing(pypdfium2.PdfDocument(path)) as pdf:
        for page in pdf:
            with closing(page), closing(page.get_textpage()) as text:
                text.get_text_bounded()


def plumber_glyphs(path: Path) -> list[str]:
    """Pdfplumber's characters."""
    with pdfplumber.open(path) as pdf:
        return [c["text"] for page in pdf.pages for c in page.chars]


def playa_glyphs(path: Path) -> list[str]:
    """Playa's glyphs, each with its box."""
    found = []
    with playa.open(path) as pdf:
        for page in pdf.pages:
            for drawn in page.flatten():
                if drawn.object_type == "text":
                    found += [(g.text or "", g.bbox)[0] for g in drawn]
    return found


def pdfium_glyphs(path: Path) -> list[str]:
    """Pdfium's characters with their places, as they come."""
    found: list[str] = []
    with closing(pypdfium2.PdfDocument(path)) as pdf:
        for page in pdf:
            with closing(page), closing(page.get_textpage()) as text:
                found += map(chr, raw_characters(text.raw).code.tolist())
    return found


def own_glyphs(path: Path) -> list[str]:
    """The first reader: pdfium's characters made into words, with the page's drawings."""
    return [g for page in read_document(path).pages for word in page.words for g in word.text]


def oxide_glyphs(path: Path) -> list[str]:
    """pdf_oxide's characters."""
    import pdf_oxide

    pdf = pdf_oxide.PdfDocument(str(path))
    return [c.char for n in range(pdf.page_count()) for c in pdf.extract_chars(n)]


def docling_glyphs(path: Path) -> list[str]:
    """docling-parse's character cells."""
    from docling_parse.pdf_parser import DoclingPdfParser

    pdf = DoclingPdfParser(loglevel="fatal").load(str(path))
    return [c.text for _, page in pdf.iterate_pages() for c in page.char_cells]


READERS: dict[str, Callable[[Path], list[str]]] = {
    "pdfplumber": plumber_glyphs,
    "playa": playa_glyphs,
    "docling-parse": docling_glyphs,
    "pdf_oxide": oxide_glyphs,
    "pdfium": pdfium_glyphs,
    "the first reader here (pdfium, to words and drawings)": own_glyphs,
}


def in_turns(candidates: dict[str, Callable[[], object]], rounds: int) -> dict[str, float]:
    """The median seconds of each candidate; each has run once before the clock starts."""
    for candidate in candidates.values():
        candidate()
    seconds: dict[str, list[float]] = {name: [] for name in candidates}
    for _ in range(rounds):
        for name, candidate in candidates.items():
            start = time.perf_counter()
            candidate()
            seconds[name].append(time.perf_counter() - start)
    return {name: statistics.median(values) for name, values in seconds.items()}


def pipeline_table(paths: Iterable[Path], rounds: int) -> list[str]:
    """Each document from bytes to package, as ratios."""
    lines = [
        "| document | pages | seconds | of pdfplumber's words alone | times pdfium's bare text |",
        "| --- | ---: | ---: | ---: | ---: |",
    ]
    with tempfile.TemporaryDirectory() as name, Supervisor() as supervisor:
        for path in paths:
            found = in_turns(
                {
                    OURS: lambda: package(path, Path(name), supervisor),  # noqa: B023
                    WORDS: lambda: plumber_words(path),  # noqa: B023
                    BARE: lambda: bare_text(path),  # noqa: B023
                },
                rounds,
            )
            with closing(pypdfium2.PdfDocument(path)) as pdf:
                pages = len(pdf)
            ours = found[OURS]
            lines.append(
                f"| {path.name} | {pages} | {ours:.3f} | {ours / found[WORDS]:.2f} | {ours / found[BARE]:.0f} |"
            )
    return lines


def plain(texts: Sequence[str]) -> Counter[str]:
    """Letters and signs without blanks, ligatures as their letters."""
    import unicodedata

    return Counter(
        c for text in texts for c in unicodedata.normalize("NFKC", text.replace("\x02", "-")) if not c.isspace()
    )


def readers_table(paths: Sequence[Path], rounds: int) -> list[str]:
    """The readers side by side on the first document, and on all of them what they lose and invent."""
    readers = dict(READERS)
    for name in OTHERS:
        try:
            importlib.metadata.version(name)
        except importlib.metadata.PackageNotFoundError:
            del readers[name]
    found = in_turns({name: lambda reader=reader: reader(paths[0]) for name, reader in readers.items()}, rounds)
    lines = ["| reader | seconds | of pdfplumber's | glyphs lost | invented |", "| --- | ---: | ---: | ---: | ---: |"]
    expected = [plain(plumber_glyphs(path)) for path in paths]
    for name, reader in readers.items():
        lost = invented = 0
        for path, wanted in zip(paths, expected, strict=True):
            got = plain(reader(path))
            lost += (wanted - got).total()
            invented += (got - wanted).total()
        lines.append(f"| {name} | {found[name]:.3f} | {found[name] / found['pdfplumber']:.3f} | {lost} | {invented} |")
    return lines


def memory_of(process: psutil.Process) -> int:
    """What a process and all below it take of the machine's memory, what they share counted once (PSS), in bytes."""
    total = 0
    for one in (process, *process.children(recursive=True)):
        with suppress(psutil.Error):
            total += one.memory_full_info().pss
    return total


def command(arguments: Sequence[str], cwd: Path) -> tuple[float, int]:
    """Seconds that a command takes, and the memory of all its processes at its highest."""
    highest = 0
    start = time.perf_counter()
    with subprocess.Popen(
        [sys.executable, "-c", "from pipeline.cli import main; main()", *arguments],
        cwd=cwd,
        env={**os.environ, "PYTHONPATH": str(PROJECT)},
        stdout=subprocess.DEVNULL,
    ) as running:
        done = threading.Event()

        def watch() -> None:
            nonlocal highest
            process = psutil.Process(running.pid)
            while not done.wait(SAMPLING):
                with suppress(psutil.Error):
                    highest = max(highest, memory_of(process))

        watcher = threading.Thread(target=watch)
        watcher.start()
        running.wait()
        seconds = time.perf_counter() - start
        done.set()
        watcher.join()
    return seconds, highest


def commands_table(path: Path, rounds: int) -> list[str]:
    """One deck, cold: as it was, and changed."""
    lines = ["| command, cold | seconds | memory, MB |", "| --- | ---: | ---: |"]
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        (place / "source_pdfs").mkdir()
        shutil.copy(path, place / "source_pdfs" / path.name)
        call = ["run", f"source_pdfs/{path.name}"]
        command(call, place)
        for name, more in (
            ("`policydeck run` of one unchanged deck", []),
            ("`policydeck run` of one changed deck", ["--force"]),
        ):
            measured = [command([*call, *more], place) for _ in range(rounds)]
            seconds = statistics.median(s for s, _ in measured)
            lines.append(f"| {name} | {seconds:.2f} | {max(m for _, m in measured) / 1e6:.0f} |")
    return lines


def versions() -> str:
    """What was measured."""
    names = [*VERSIONS, *OTHERS]
    listed = []
    for name in names:
        with suppress(importlib.metadata.PackageNotFoundError):
            listed.append(f"{name} {importlib.metadata.version(name)}")
    return f"{os.cpu_count()} cores, Python {platform.python_version()}, {', '.join(listed)}."


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument(
        "pdf", nargs="*", type=Path, help="the project's decks, and the official slide where it is there"
    )
    parser.add_argument("--rounds", type=int, default=7)
    arguments: Any = parser.parse_args()
    logging.disable(logging.WARNING)
    paths = arguments.pdf or [*DECKS, *([OFFICIAL] if OFFICIAL.is_file() else [])]
    for table in (
        pipeline_table(paths, arguments.rounds),
        readers_table(paths, arguments.rounds),
        commands_table(paths[0], arguments.rounds),
    ):
        print("\n".join(table), end="\n\n")
    print(f"Medians of {arguments.rounds} rounds; {versions()}")


if __name__ == "__main__":
    main()
