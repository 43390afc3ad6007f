"""How many decks of styles that nobody chose are read right, and how the others go wrong.

    python tests/benchmarks/random_decks.py [--english FROM:TO] [--japanese FROM:TO] [--show]

Each deck is made by `tests/deck_generator` from a seed, read by the pipeline as it stands, and compared record by record
with the truth that the generator knows. What comes out is one of four:

- *perfect*: every record of the truth is there and no other, no word is left over, no check is inconsistent;
- *loudly wrong*: records differ, and the run says so (words left over, or an inconsistent check: exit code 1);
- *silently wrong*: records differ and the run ends with exit code 0. The worst there is;
- *false alarm*: every record is right and the run ends with exit code 1 all the same.

Everything runs in one process. `--show` prints what differs in the decks that are not perfect.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

PROJECT = Path(__file__).parents[2]
sys.path.insert(0, str(PROJECT))

from pipeline.errors import PolicydeckError  # noqa: E402 - the project is found only now
from pipeline.run import Options, Workshop, exit_code_of, read_edition  # noqa: E402
from tests.deck_generator import make_budget_slide_ja, make_deck  # noqa: E402
from tests.truth_records import missed_and_invented  # noqa: E402

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

Outcome = Literal["perfect", "loudly wrong", "silently wrong", "false alarm"]
OUTCOMES: tuple[Outcome, ...] = ("perfect", "loudly wrong", "silently wrong", "false alarm")

LANGUAGES: dict[str, Callable[[int], tuple[bytes, dict[str, Any]]]] = {
    "English": make_deck,
    "Japanese": make_budget_slide_ja,
}


@dataclass(frozen=True)
class Verdict:
    """What came of one deck. `differences` has the records missed and invented by table, `alarms` what the run says."""

    seed: int
    outcome: Outcome
    differences: dict[str, list[tuple[Any, ...]]]
    alarms: tuple[str, ...]


def judge(seed: int, pdf: bytes, truth: dict[str, Any], folder: Path) -> Verdict:
    """Read one deck as a run without a manifest and earlier editions does, and compare it with its truth."""
    path = folder / "deck.pdf"
    path.write_bytes(pdf)
    workshop = Workshop(Options(out=folder / "no editions", sources=folder / "no sources"))
    try:
        edition = read_edition(path, workshop).edition
    except PolicydeckError as error:
        return Verdict(seed, "loudly wrong", {"not read": [(str(error),)]}, (str(error),))
    differences = missed_and_invented(edition.tables, truth)
    residue = edition.tables["residue"]
    loud = bool(exit_code_of(edition.checks, residue))
    alarms = [f"left over: {row['text']}" for row in residue]
    alarms += [check.message for check in edition.checks if check.verdict == "inconsistent"]
    wrong: Outcome
    right: Outcome
    wrong, right = ("loudly wrong", "false alarm") if loud else ("silently wrong", "perfect")
    outcome = wrong if differences else right
    return Verdict(seed, outcome, differences, tuple(alarms))


def sweep(
    language: str, seeds: Iterable[int], on_verdict: Callable[[Verdict], None] = lambda _verdict: None
) -> list[Verdict]:
    """Judge the deck of every seed, in order."""
    make = LANGUAGES[language]
    verdicts = []
    with tempfile.TemporaryDirectory() as name:
        for seed in seeds:
            verdicts.append(judge(seed, *make(seed), Path(name)))
            on_verdict(verdicts[-1])
    return verdicts


def table(verdicts: dict[str, list[Verdict]]) -> str:
    """The counts as a Markdown table."""
    lines = [
        f"| random decks | read | {' | '.join(OUTCOMES)} |",
        f"| --- | ---: | {' | '.join('---:' for _ in OUTCOMES)} |",
    ]
    for language, judged in verdicts.items():
        counts = Counter(v.outcome for v in judged)
        lines.append(f"| {language} | {len(judged)} | {' | '.join(str(counts[o]) for o in OUTCOMES)} |")
    return "\n".join(lines)


def _range(text: str) -> range:
    first, _, last = text.partition(":")
    return range(int(first), int(last or int(first) + 1))


def _shown(verdict: Verdict) -> None:
    if verdict.outcome == "perfect":
        return
    sys.stderr.write(f"seed {verdict.seed}: {verdict.outcome}\n")
    for name, records in verdict.differences.items():
        for record in records:
            sys.stderr.write(f"    {name}: {record}\n")
    for alarm in verdict.alarms:
        sys.stderr.write(f"    ! {alarm}\n")


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--english", type=_range, default=range(85), metavar="FROM:TO")
    parser.add_argument("--japanese", type=_range, default=range(120), metavar="FROM:TO")
    parser.add_argument("--show", action="store_true")
    chosen = parser.parse_args()
    report = _shown if chosen.show else (lambda _verdict: None)
    verdicts = {
        language: sweep(language, seeds, report)
        for language, seeds in (("English", chosen.english), ("Japanese", chosen.japanese))
        if len(seeds)
    }
    sys.stdout.write(table(verdicts) + "\n")


if __name__ == "__main__":
    main()
