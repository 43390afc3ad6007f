"""As many distinct decks as one asks for: `python -m tests.deck_generator.many COUNT FOLDER [--seed S]`.

FOLDER becomes a folder of documents as `policydeck run --sources FOLDER` takes it: `deck-00001.pdf` and so on, and
`sources.yaml`, which gives each an edition of its own. What each says stands in `FOLDER/truths/deck-00001.truth.json`.
The decks take turns through every preset style, English decks of five or six slides and Japanese ones of one, and no two
say the same. The same seed gives the same bytes, whatever the count: the first hundred of a thousand are the hundred.

A deck that stands in the folder already, made from the same seed by the same generator, is kept as it is.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import sys
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, dataclass
from functools import cache
from itertools import chain, count, zip_longest
from pathlib import Path
from typing import TYPE_CHECKING, Any

from . import JAPANESE_PRESETS, PRESETS, make_budget_slide_ja, make_deck
from .fonts import english_fonts_available, japanese_font_available
from .sheet import DoesNotFitError

if TYPE_CHECKING:
    from collections.abc import Iterator

_SEEDS_APART = 10**9
"""So far apart are the seeds of the contents of two calls with neighbouring seeds: no two decks of theirs are the same."""

_ATTEMPTS_APART = 10**6
"""So far apart are two attempts at one deck whose content does not fit its style."""

_FEW = 8
"""So many decks are not worth a second process."""


@dataclass(frozen=True)
class Made:
    """One deck as the manifest notes it. `note` says what it was made from."""

    file: str
    deck: str
    edition: str
    title: str
    language: str
    sha256: str
    note: str


def write_decks(count: int, folder: Path, seed: int = 0, *, processes: int = 1) -> list[Path]:
    """Write `count` decks with their manifest and truths into `folder`; gives the PDFs in the manifest's order.

    Raises FontMissingError where this machine has not the fonts.
    """
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "truths").mkdir(exist_ok=True)
    tasks = [(number, seed, folder) for number in range(1, count + 1)]
    if processes > 1 and count > _FEW:
        with ProcessPoolExecutor(processes) as pool:
            made = list(pool.map(_written, tasks, chunksize=_FEW))
    else:
        made = [_written(task) for task in tasks]
    lines = ["# Fictional decks; nothing in them is true.", "sources:"]
    for one in made:
        fields = [f"{key}: {json.dumps(value, ensure_ascii=False)}" for key, value in asdict(one).items()]
        lines += [f"  - {fields[0]}", *(f"    {field}" for field in fields[1:])]
    (folder / "sources.yaml").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return [folder / one.file for one in made]


def truth_of(pdf: Path) -> dict[str, Any]:
    """What a careful person reads off a deck that `write_decks` wrote."""
    found: dict[str, Any] = json.loads(_truth_path(pdf).read_text(encoding="utf-8"))
    return found


def _truth_path(pdf: Path) -> Path:
    return pdf.parent / "truths" / f"{pdf.stem}.truth.json"


def styles() -> list[tuple[str, Any]]:
    """Every preset style that this machine's fonts can draw, with its language; languages take turns."""
    english = [("en", style) for style in PRESETS.values()] if english_fonts_available() else []
    japanese = [("ja", style) for style in JAPANESE_PRESETS.values()] if japanese_font_available() else []
    both: Iterator[tuple[str, Any] | None] = chain.from_iterable(zip_longest(english, japanese))
    return [style for style in both if style is not None]


def _written(task: tuple[int, int, Path]) -> Made:
    number, seed, folder = task
    pdf = folder / f"deck-{number:05}.pdf"
    note = f"deck {number} of seed {seed} by generator {_generator()}"
    kept = _kept(pdf, note)
    if kept is not None:
        return kept
    language, data, truth = _drawn(number, seed)
    pdf.write_bytes(data)
    made = Made(
        file=pdf.name,
        deck={"en": "japan-ai-policy", "ja": "cao-ai-budget-ja"}[language],
        edition=f"{truth['edition']}-{number:05}",
        title=f"Fictional deck {number}",
        language=language,
        sha256=hashlib.sha256(data).hexdigest(),
        note=note,
    )
    text = json.dumps(truth | {"made": asdict(made)}, ensure_ascii=False, indent=1)
    _truth_path(pdf).write_text(text + "\n", encoding="utf-8")
    return made


def _kept(pdf: Path, note: str) -> Made | None:
    """The deck that stands there, where it is the one that would be made."""
    if not (pdf.is_file() and _truth_path(pdf).is_file()):
        return None
    made = Made(**truth_of(pdf)["made"])
    same = made.note == note and made.sha256 == hashlib.sha256(pdf.read_bytes()).hexdigest()
    return made if same else None


def _drawn(number: int, seed: int) -> tuple[str, bytes, dict[str, Any]]:
    """The first content that fits the style whose turn it is."""
    known = styles() or [("en", next(iter(PRESETS.values())))]  # without fonts: its FontMissingError says which
    language, style = known[number % len(known)]
    make = make_deck if language == "en" else make_budget_slide_ja
    for attempt in count():
        try:
            return (language, *make(seed * _SEEDS_APART + attempt * _ATTEMPTS_APART + number, style))
        except DoesNotFitError:
            continue
    raise AssertionError  # count() has no end


@cache
def _generator() -> str:
    """What the generator is: the beginning of a digest over its own files."""
    digest = hashlib.sha256()
    for path in sorted(Path(__file__).parent.glob("*.py")):
        digest.update(path.read_bytes())
    return digest.hexdigest()[:12]


def main() -> None:
    """Write what the command line asks for."""
    parser = argparse.ArgumentParser(
        prog="python -m tests.deck_generator.many",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("count", type=int)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--processes", type=int, default=1)
    chosen = parser.parse_args()
    written = write_decks(chosen.count, chosen.folder, chosen.seed, processes=chosen.processes)
    size = sum(path.stat().st_size for path in written)
    sys.stdout.write(f"{len(written)} decks, {size / 2**20:.1f} MiB, in {chosen.folder}\n")


if __name__ == "__main__":
    main()
