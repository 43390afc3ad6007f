"""What a run was asked for: one value that travels from the command line to the process that reads."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from pipeline.limits import DEFAULT_LIMITS, Limits

_FOLDERS = ("out", "sources")


@dataclass(frozen=True)
class Options:
    """What a run was asked for. Folders are as given; `edition` and `deck` override what is recognised.

    `limits` bound what a document may be; those on memory and time hold only in a supervised process (`supervising`).
    `is_alone` says that no other document is read at the same time: then a supervised process has a second one beside it, which
    has the same limits for itself, where there is a core for that (`supervising.second_process`).
    `thorough` gives every page, and not only those with money, a second reader and a repeated extraction.
    """

    out: Path = Path("extracted")
    sources: Path = Path("source_pdfs")
    edition: str | None = None
    deck: str | None = None
    password: str | None = None
    force: bool = False
    thorough: bool = False
    limits: Limits = DEFAULT_LIMITS
    is_alone: bool = False

    def as_json(self) -> dict[str, Any]:
        """The values by name, folders as text and the limits as their own values."""
        return {**asdict(self), **{name: str(getattr(self, name)) for name in _FOLDERS}}

    @staticmethod
    def of_json(values: dict[str, Any]) -> Options:
        """The options again."""
        folders = {name: Path(values[name]) for name in _FOLDERS}
        return Options(**{**values, **folders, "limits": Limits(**values["limits"])})


DEFAULT_OPTIONS = Options()
