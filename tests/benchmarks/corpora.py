"""Every document of a corpus through the pipeline: what was read, what was refused, and that nothing crashed or hung.

    python tests/benchmarks/corpora.py [NAME=FOLDER ...] [--seconds 600] [--details FILE] [--only NAME]

Each document goes from its bytes to a published package as `policydeck run FILE --out NEW_FOLDER` takes it: by a supervised
process within the default limits, watched from outside (`tests/guarded.py`). It ends in one of four ways:

- *read*: a package was written (for a deck that no profile knows, one of prose and tables);
- *refused*: one coded error, and nothing was written;
- *crashed*: the process was gone, or a defect was met (PD024 included: the user sees a coded error, we see a defect);
- *hung*: no answer within `--seconds`, which is longer than the limits allow.

*Left behind* counts files that stand where none should. Without arguments the corpora that are part of the project are
read: the decks of `source_pdfs` and `tests/data`, those of other producers, disturbed versions of all of them, damaged ones, and
what fuzzing found; and `../shared/realdocs` where that folder is there. Others are named as folders, which are searched
for PDFs to any depth; nothing is fetched. Where the ones in the README come from:

- `apt-get source --download-only qpdf pdfminer pikepdf pypdf pdf.js libpdfbox-java libpdfbox2-java` (Debian 12) and
  `camelot-py` (Debian unstable; its own test suite with that of ICDAR 2013), PDFs unpacked with
  `tar xf ARCHIVE --wildcards --no-anchored '*.pdf'`;
- `pip download --no-deps --no-binary :all: playa-pdf==1.1.0` (with pdfminer.six's samples).

The sdists of pdfplumber leave its tests' PDFs out; two of them are in `../shared/realdocs`.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

PROJECT = Path(__file__).parents[2]
sys.path.insert(0, str(PROJECT))

from tests.at_hand import DATA, SHARED  # noqa: E402 - the project is found only now
from tests.damaging import damaged  # noqa: E402
from tests.disturbing import DISTURBANCES  # noqa: E402
from tests.fuzzing import CORPUS  # noqa: E402
from tests.guarded import Outcome, read_guarded  # noqa: E402

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

DAMAGED_VERSIONS = 20
"""So many damaged versions are made of each deck."""


def decks() -> list[Path]:
    """The decks that are part of the project."""
    return [
        *sorted((PROJECT / "source_pdfs").glob("*.pdf")),
        *sorted(DATA.glob("*.pdf")),
        *sorted((DATA / "producers").glob("*.pdf")),
    ]


def own_corpora(scratch: Path) -> dict[str, list[Path]]:
    """The corpora of the project, those that are made into `scratch`."""
    disturbed, hurt = scratch / "disturbed", scratch / "damaged"
    for folder in (disturbed, hurt):
        folder.mkdir()
    for deck in decks():
        pdf = deck.read_bytes()
        for disturbance in DISTURBANCES:
            (disturbed / f"{deck.stem} {disturbance.name}.pdf").write_bytes(disturbance.apply(pdf))
        for name, data in damaged(pdf, DAMAGED_VERSIONS, seed=deck.stem):
            (hurt / f"{deck.stem} {name}.pdf").write_bytes(data)
    found = {
        "decks at hand": decks(),
        "disturbed": sorted(disturbed.iterdir()),
        "damaged": sorted(hurt.iterdir()),
        "found by fuzzing": sorted(CORPUS.glob("*.pdf")),
    }
    if (SHARED / "realdocs").is_dir():
        found["real documents"] = sorted((SHARED / "realdocs").glob("*.pdf"))
    return found


def pdfs_in(folder: Path) -> list[Path]:
    """Every PDF below a folder, or the file itself."""
    if folder.is_file():
        return [folder]
    return sorted(path for path in folder.rglob("*") if path.suffix.lower() == ".pdf" and path.is_file())


def table(outcomes: dict[str, Sequence[Outcome]]) -> str:
    """The counts as a Markdown table."""
    lines = [
        "| corpus | documents | read | refused with a code | crashed | hung | left behind | slowest document |",
        "| --- | ---: | ---: | --- | ---: | ---: | ---: | --- |",
    ]
    for name, found in outcomes.items():
        endings = Counter(outcome.ending for outcome in found)
        codes = Counter(outcome.code for outcome in found if outcome.ending == "refused")
        refused = ", ".join(f"{code} {n}" for code, n in sorted(codes.items()))
        slowest = max(found, key=lambda outcome: outcome.seconds)
        cells = (
            name,
            len(found),
            endings["read"],
            f"{endings['refused']}{f' ({refused})' if refused else ''}",
            endings["crashed"],
            endings["hung"],
            sum(len(outcome.left) for outcome in found),
            f"{slowest.seconds:.1f} s, {slowest.path.name}",
        )
        lines.append(f"| {' | '.join(map(str, cells))} |")
    return "\n".join(lines)


def _watched(name: str, found: Iterable[Outcome]) -> list[Outcome]:
    """The outcomes, with what went wrong on standard error as soon as it does."""
    outcomes = []
    for outcome in found:
        outcomes.append(outcome)
        if outcome.ending in ("crashed", "hung") or outcome.left:
            last = outcome.says.strip().splitlines()[-1:] or [""]
            left = f"; left behind: {', '.join(outcome.left)}" if outcome.left else ""
            sys.stderr.write(f"{name}: {outcome.path}: {outcome.ending}: {last[0]}{left}\n")
    return outcomes


def _details(outcomes: dict[str, Sequence[Outcome]]) -> str:
    rows = [
        {
            "corpus": name,
            "document": str(outcome.path),
            "ending": outcome.ending,
            "seconds": round(outcome.seconds, 2),
            "code": outcome.code,
            "says": outcome.says,
            "left": outcome.left,
        }
        for name, found in outcomes.items()
        for outcome in found
    ]
    return json.dumps(rows, ensure_ascii=False, indent=1) + "\n"


def main() -> None:
    """Print the table; ends with 1 where anything crashed, hung or was left behind."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("corpora", nargs="*", metavar="NAME=FOLDER")
    parser.add_argument("--seconds", type=float, default=600.0, help="how long a document may take")
    parser.add_argument("--details", type=Path, help="a JSON file for what came of every document")
    parser.add_argument("--only", action="store_true", help="leave out the corpora that are part of the project")
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        corpora = {} if chosen.only else own_corpora(Path(scratch))
        for corpus in chosen.corpora:
            name, _, folder = corpus.rpartition("=")
            corpora[name or Path(folder).name] = pdfs_in(Path(folder))
        outcomes: dict[str, Sequence[Outcome]] = {
            name: _watched(name, read_guarded(paths, chosen.seconds)) for name, paths in corpora.items() if paths
        }
    sys.stdout.write(table(outcomes) + "\n")
    if chosen.details:
        chosen.details.write_text(_details(outcomes), encoding="utf-8")
    every = [outcome for found in outcomes.values() for outcome in found]
    sys.exit(any(outcome.ending in ("crashed", "hung") or outcome.left for outcome in every))


if __name__ == "__main__":
    main()
