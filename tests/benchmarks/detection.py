"""How many faults the checks find: faults of many kinds planted into what was read, one at a time, from a fixed seed.

    python tests/benchmarks/detection.py [--each N] [--seed N] [--show] [--readme]

Every kind is planted `--each` times into each of the three decks, some into the reader's characters and some into
the extractors' records, while the pages stay as they are (`tests/detection/faults.py`). What the figures themselves
contradict is decided by an oracle of exact rationals that calls none of the checks (`tests/detection/oracle.py`).
"""

from __future__ import annotations

import argparse
import logging
import sys
import time
from pathlib import Path

PROJECT = Path(__file__).parents[2]
sys.path.insert(0, str(PROJECT))

from tests.at_hand import DECKS  # noqa: E402 - the project is found only now
from tests.detection.decks import read_deck  # noqa: E402
from tests.detection.measuring import claims, measure, report  # noqa: E402

SEED = 2025
EACH = 20
"""The sample of the README: so many faults of each kind in each deck."""

README = PROJECT / "README.md"
OPENING, CLOSING = "<!-- section: detection -->", "<!-- end section: detection -->"


def write(readme: str, made: str) -> str:
    """The README with the table and the sentence below it made anew; what stands above the table stays."""
    start, end = readme.index(OPENING), readme.index(CLOSING)
    return readme[: readme.index("| kind of fault |", start)] + made + "\n" + readme[end:]


def main() -> None:
    """Plant, count and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--each", type=int, default=EACH)
    parser.add_argument("--seed", type=int, default=SEED)
    parser.add_argument("--show", action="store_true", help="list the faults that were not found, on standard error")
    parser.add_argument("--readme", action="store_true", help="write the table into the README")
    arguments = parser.parse_args()
    logging.disable(logging.WARNING)
    start = time.perf_counter()
    findings = measure([read_deck(path) for path, _ in DECKS.values()], arguments.seed, arguments.each)
    made = report(
        findings, f"Seed {arguments.seed}, up to {arguments.each} faults of each kind in each of three decks."
    )
    print(made)
    print(f"{time.perf_counter() - start:.0f} seconds", file=sys.stderr)
    if arguments.show:
        found = claims(findings)
        for name in ("undetected", "misnamed", "uncaught"):
            for finding in getattr(found, name):
                print(f"{name}: {finding}", file=sys.stderr)
    if arguments.readme:
        README.write_text(write(README.read_text(encoding="utf-8"), made), encoding="utf-8")


if __name__ == "__main__":
    main()
