"""What tests of several folders share: where things stand, a way to call the command, and editions read once."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.run import Options, Result, run

if TYPE_CHECKING:
    from collections.abc import Mapping

PROJECT = Path(__file__).parents[1]
SHARED = PROJECT.parent / "shared"
"""Documents and tools beside the project, where there are any."""

DATA = PROJECT / "tests" / "data"

DECKS: Mapping[str, tuple[Path, Path]] = {
    "2025": (PROJECT / "source_pdfs" / "japan-ai-policy-2025.pdf", DATA / "japan-2025.truth.json"),
    "2026": (DATA / "sample-2026.pdf", DATA / "sample-2026.truth.json"),
    "2027": (DATA / "sample-2027.pdf", DATA / "sample-2027.truth.json"),
}
"""By edition: the document, and what a careful reader finds in it."""


@dataclass(frozen=True)
class Called:
    """What a call of the command gave."""

    code: int
    out: str
    err: str


def call(*arguments: str | Path, cwd: Path, environment: Mapping[str, str] | None = None) -> Called:
    """Call `policydeck` as a process of its own in the folder `cwd`."""
    done = subprocess.run(
        [sys.executable, "-c", "from pipeline.cli import main; main()", *map(str, arguments)],
        cwd=cwd,
        env={**os.environ, **(environment or {})},
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=300,
        check=False,
    )
    return Called(done.returncode, done.stdout, done.stderr)


@dataclass
class Editions:
    """Reads each deck at most once a session with the project's manifest.

    Each goes into a folder of its own: what is said about drift must not depend on which test asked first.
    """

    root: Path
    results: dict[str, Result] = field(default_factory=dict)

    def __getitem__(self, name: str) -> Result:
        if name not in self.results:
            options = Options(out=self.root / name, sources=PROJECT / "source_pdfs", force=True)
            (self.results[name],) = run([DECKS[name][0]], options)
        return self.results[name]

    def path(self, name: str) -> Path:
        """The package of one edition."""
        result = self[name]
        assert result.path is not None, result.error
        return result.path
