"""Where editions go: a folder of this machine, or one behind a URL.

Behind a URL there is no swapping of folders. `datapackage.json`, which makes a folder an edition, is removed first and
written last, so that what is half-written is no edition; until then the old one is gone.
"""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from pipeline.many.addresses import RemoteFolder, shown_url
from pipeline.many.workplace import put_right
from pipeline.publishing.swap import adopt_folder, sync_staged

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

_MARKER = "datapackage.json"
_OF_ITSELF = ("datapackage.json", "data/editions.csv")
"""The files of an edition that say what it was made from."""

_DEPTH = 2
"""An edition stands in `deck/edition/`."""

_NOT_READ = (".parquet", ".html")
"""Files of an edition that nothing here reads again."""


class Output(Protocol):
    """Where editions go. `root` is a local folder in which earlier editions of a deck can be read once they were brought."""

    root: Path

    def shown(self, deck: str, edition: str) -> str:
        """The place of an edition as it may be printed."""

    def bring(self, deck: str, editions: Iterable[str]) -> None:
        """Make the editions readable under `root`."""

    def sync(self, staged: Sequence[Path]) -> None:
        """See that editions that were staged survive a power cut, before they are put into their place.

        It may be called in another thread than the other methods. Raises OutputError.
        """

    def publish(self, staged: Path, deck: str, edition: str) -> None:
        """Put the edition in the folder `staged` into its place, whole or not at all. Raises OutputError or AddressError."""

    def close(self) -> None:
        """Remove what was only needed during the run."""


class LocalOutput:
    """A folder of this machine."""

    def __init__(self, root: Path) -> None:
        put_right(root)
        self.root = root

    def shown(self, deck: str, edition: str) -> str:
        """The folder, as it was given."""
        return (self.root / deck / edition).as_posix()

    def bring(self, deck: str, editions: Iterable[str]) -> None:
        """They are there."""

    def sync(self, staged: Sequence[Path]) -> None:
        """All at once."""
        sync_staged(staged)

    def publish(self, staged: Path, deck: str, edition: str) -> None:
        """Swap it in."""
        adopt_folder(staged, self.root / deck / edition)

    def close(self) -> None:
        """Nothing is left."""


class RemoteOutput:
    """A folder behind a URL, and a temporary one here with what is needed of its editions."""

    def __init__(self, url: str) -> None:
        self._folder = RemoteFolder(url)
        self._sizes = self._folder.sizes()
        self.root = Path(tempfile.mkdtemp(prefix="policydeck-"))
        self._brought: set[tuple[str, str]] = set()
        marked = [n for n in self._sizes if n.endswith(f"/{_MARKER}") and n.count("/") == _DEPTH]
        names = [f"{marker.removesuffix(_MARKER)}{name}" for marker in marked for name in _OF_ITSELF]
        self._save(self._folder.read(names))

    def shown(self, deck: str, edition: str) -> str:
        """The URL."""
        return f"{shown_url(self._folder.url)}/{deck}/{edition}"

    def bring(self, deck: str, editions: Iterable[str]) -> None:
        """Fetch their tables and checks. Of Parquet files and pages only the place is taken, empty."""
        for edition in editions:
            start = f"{deck}/{edition}/"
            if (deck, edition) not in self._brought:
                self._brought.add((deck, edition))
                there = [name for name in self._sizes if name.startswith(start)]
                self._save(self._folder.read([name for name in there if not name.endswith(_NOT_READ)]))
                self._save({name: b"" for name in there if name.endswith(_NOT_READ)})

    def sync(self, staged: Sequence[Path]) -> None:
        """Their place is not on this machine's disk."""

    def publish(self, staged: Path, deck: str, edition: str) -> None:
        """Write its files, the one that makes it an edition last, and keep its tables here."""
        start = f"{deck}/{edition}/"
        files = sorted(p.relative_to(staged).as_posix() for p in staged.rglob("*") if p.is_file())
        before = [name for name in self._sizes if name.startswith(start)]
        if f"{start}{_MARKER}" in self._sizes:
            self._folder.remove(f"{start}{_MARKER}")
        for name in sorted(files, key=lambda name: name == _MARKER):
            self._folder.write(f"{start}{name}", (staged / name).read_bytes())
        for name in before:
            if name.removeprefix(start) not in files:
                self._folder.remove(name)
        for name in files:
            if name.endswith(_NOT_READ):
                (staged / name).write_bytes(b"")
        here = self.root / deck / edition
        shutil.rmtree(here, ignore_errors=True)
        here.parent.mkdir(parents=True, exist_ok=True)
        shutil.move(staged, here)
        self._brought.add((deck, edition))
        self._sizes |= {f"{start}{name}": 0 for name in files}

    def close(self) -> None:
        """Remove the temporary folder."""
        shutil.rmtree(self.root, ignore_errors=True)

    def _save(self, files: dict[str, bytes]) -> None:
        for name, content in files.items():
            if ".." in Path(name).parts:
                continue
            path = self.root / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
