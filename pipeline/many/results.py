"""What came of each document of a run, and how far the run is."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from pathlib import Path

    from pipeline.errors import PolicydeckError

Outcome = Literal["written", "unchanged", "failed"]

EditionKey = tuple[str, str]
"""A deck and an edition of it."""


@dataclass(frozen=True, slots=True)
class DocumentResult:
    """What came of one document, small enough to keep for every one of them.

    `document` is the path or URL as it was named, `where` the edition's folder as it may be printed, `folder` a local
    folder with that edition. Both an edition and an error: no profile recognised the document, and it was read as prose
    and tables only. `exit_code` is the contract's. `seconds` is how long reading took, which is never the same twice;
    `again` says that the document was reported before, and that since then an earlier edition of its deck has come.
    """

    document: str
    name: str
    outcome: Outcome
    exit_code: int
    deck: str = ""
    edition: str = ""
    where: str = ""
    folder: Path | None = None
    error: PolicydeckError | None = None
    reason: str = ""
    pages: int = 0
    words: int = 0
    seconds: float = 0.0
    again: bool = False


@dataclass
class Tally:
    """How far a run is: documents that are done (read, unchanged or failed), how many of these failed, and pages read."""

    total: int
    done: int = 0
    failed: int = 0
    pages: int = 0
    began: float = 0.0

    def start(self) -> None:
        """Count the time from now."""
        self.began = time.monotonic()

    @property
    def seconds(self) -> float:
        """How long it takes so far."""
        return time.monotonic() - self.began if self.began else 0.0

    @property
    def pages_per_second(self) -> float:
        """Pages read a second, from the beginning."""
        return self.pages / self.seconds if self.seconds else 0.0

    @property
    def seconds_left(self) -> float | None:
        """How long the others take if they are like those that are done; None before any is."""
        return self.seconds / self.done * (self.total - self.done) if self.done else None


def exit_code_of(results: list[DocumentResult]) -> int:
    """The contract's exit code of a run: the highest of its documents'."""
    return max((result.exit_code for result in results), default=0)
