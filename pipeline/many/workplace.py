"""The hidden folder that a run works in: editions are staged there until they are put into their place.

It stands inside the folder of editions, so that putting one into place is a rename. Each run has one of its own, and a
lock beside it says that the run is alive: what a run that was killed left is removed by the next one.
"""

from __future__ import annotations

import contextlib
import os
import re
import secrets
import shutil
import sys
from typing import TYPE_CHECKING

from pipeline.errors import OutputError
from pipeline.many.tasks import TOKEN
from pipeline.publishing.swap import finish_interrupted

if sys.platform != "win32":
    import fcntl

if TYPE_CHECKING:
    from pathlib import Path

_NAME = ".unpublished"
_LOCK = ".lock"
_LEFT = re.compile(r"\.(?P<name>.+)\.(?:new|old|lock)")
"""What `publishing.swap` leaves beside an edition when it is cut off."""


class Workplace:
    """A run's own folder under `parent`, made when it is first asked for; `close` removes it, and what was made for it."""

    def __init__(self, parent: Path) -> None:
        self._parent = parent
        self._home = parent / _NAME
        self._made: list[Path] = []
        self._lock: int | None = None
        self._folder: Path | None = None
        self._opening = self._home / f"{os.getpid()}-{secrets.token_hex(4)}"
        self.token = secrets.token_hex()

    @property
    def folder(self) -> Path:
        """The folder. Raises OutputError where it cannot be made."""
        if self._folder is None:
            try:
                self._folder = self._open()
            except OSError as error:
                self._remove(self._opening)
                raise OutputError(
                    f"nothing can be written into {self._parent.as_posix()}/ ({error.strerror or error}).",
                    "Make room or get permission there, or name another folder with --out.",
                ) from error
        return self._folder

    def close(self) -> None:
        """Remove the folder with all that is in it, and every parent that was made for it and is empty."""
        if self._folder is not None:
            self._remove(self._folder)

    def _remove(self, folder: Path) -> None:
        shutil.rmtree(folder, ignore_errors=True)
        with contextlib.suppress(OSError):
            _lock_of(folder).unlink()
        if self._lock is not None:
            os.close(self._lock)
        self._folder = self._lock = None
        with contextlib.suppress(OSError):
            self._home.rmdir()  # other runs may be at work in it
            for made in reversed(self._made):
                made.rmdir()

    def _open(self) -> Path:
        above = [p for p in (self._parent, *self._parent.parents) if not p.exists()]
        self._made = above[::-1]
        self._home.mkdir(parents=True, exist_ok=True)
        folder = self._opening
        if sys.platform != "win32":
            self._lock = os.open(_lock_of(folder), os.O_RDWR | os.O_CREAT, 0o666)
            fcntl.flock(self._lock, fcntl.LOCK_EX)
        folder.mkdir()
        (folder / TOKEN).write_text(self.token, encoding="ascii")
        return folder


def put_right(root: Path) -> None:
    """Remove or finish what runs that were killed left in the folder of editions. Runs that are alive are left alone."""
    with contextlib.suppress(OSError):
        for left in root.glob("*/.*"):
            if (found := _LEFT.fullmatch(left.name)) and not left.parent.name.startswith("."):
                finish_interrupted(left.parent / found["name"])
    if sys.platform == "win32":
        return
    home = root / _NAME
    with contextlib.suppress(OSError):
        for lock in sorted(home.glob(f"*{_LOCK}")):
            _remove_if_left(lock)
        home.rmdir()


def _remove_if_left(lock: Path) -> None:
    if sys.platform == "win32":
        return
    handle = os.open(lock, os.O_RDWR)
    try:
        with contextlib.suppress(BlockingIOError):
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            shutil.rmtree(lock.with_suffix(""), ignore_errors=True)
            lock.unlink()
    finally:
        os.close(handle)


def _lock_of(folder: Path) -> Path:
    return folder.with_name(folder.name + _LOCK)
