"""Which documents a run is about: files, folders, patterns and URLs as one list in an order that is always the same."""

from __future__ import annotations

import glob
import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.errors import PolicydeckError, SourceNotFoundError
from pipeline.many.addresses import is_url, name_in, pdfs_at, shown_url

if TYPE_CHECKING:
    from collections.abc import Iterable

_SUFFIX = ".pdf"


@dataclass(frozen=True, slots=True)
class Document:
    """One document to be read: a file or a URL, or what was named and is none, with the error that says why."""

    place: str
    """The path as it was given, or the URL."""
    is_remote: bool = False
    error: PolicydeckError | None = None

    @property
    def shown(self) -> str:
        """The place as it may be printed."""
        return shown_url(self.place) if self.is_remote else self.place

    @property
    def name(self) -> str:
        """The file's name, by which an edition knows its document."""
        return name_in(self.place) if self.is_remote else Path(self.place).name

    @property
    def path(self) -> Path:
        """The local file."""
        return Path(self.place)


def find_documents(places: Iterable[str | Path]) -> list[Document]:
    """The documents that `places` name, in that order, each once; those of a folder or a pattern sorted by their paths.

    A folder means every PDF below it (`.pdf` in any case; names that begin with a dot are left out), a pattern what it
    matches, `**` in it any folders; both also behind a URL. A place that cannot be looked at, or has no document, is
    one document with an error.
    """
    found: dict[str, Document] = {}
    for place in map(str, places):
        for document in _documents_of(place):
            key = document.place if document.is_remote else os.path.realpath(document.place)
            found.setdefault(key, document)
    return list(found.values())


def _documents_of(place: str) -> list[Document]:
    try:
        if is_url(place):
            return [Document(url, is_remote=True) for url in pdfs_at(place)]
        return [Document(path) for path in _paths_of(place)]
    except PolicydeckError as error:
        return [Document(place, is_remote=is_url(place), error=error)]


def _paths_of(place: str) -> list[str]:
    path = Path(place)
    if path.is_dir():
        return _some(_pdfs_below(path), place, "this folder")
    if not path.exists() and glob.has_magic(place):
        matched = [Path(p) for p in glob.glob(place, recursive=True)]  # noqa: PTH207 - a pattern may be absolute
        files = [p for p in matched if p.is_file()]
        below = [inside for p in matched if p.is_dir() for inside in _pdfs_below(p)]
        return _some(files or below, place, "this pattern")
    return [path.as_posix()]


def _pdfs_below(folder: Path) -> list[Path]:
    found = []
    for parent, folders, files in os.walk(folder):
        folders[:] = [name for name in folders if not name.startswith(".")]
        found += [Path(parent, name) for name in files if name.lower().endswith(_SUFFIX) and not name.startswith(".")]
    return found


def _some(paths: Iterable[Path], place: str, what: str) -> list[str]:
    found = sorted({path.as_posix() for path in paths})
    if not found:
        raise SourceNotFoundError(
            f"{place}: there is no PDF in {what}.", "Name a PDF, or a folder or a pattern with some."
        )
    return found
