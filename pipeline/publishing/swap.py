"""Replacing a folder as a whole, so that a crash at any moment leaves the old one or the new one, never a mixture.

All files are first written and synced to the disk in the hidden folder `.NAME.new` beside the target, or in a folder that
the caller gives (`write_staged`, `sync_staged`, `adopt_folder`). Where the system can exchange two folders in one step
(Linux), it does; elsewhere the old one is renamed to `.NAME.old`, the new one takes its place, and the old one is removed.
What a crash leaves of this is put right before the next write, by `recover`.
"""

from __future__ import annotations

import contextlib
import errno
import os
import shutil
import sys
from typing import TYPE_CHECKING

from pipeline.errors import OutputError

if sys.platform != "win32":
    import fcntl

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping
    from pathlib import Path

_NO_SPACE = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
_NO_PERMISSION = (errno.EACCES, errno.EPERM, errno.EROFS)
_UNSUPPORTED = (errno.ENOSYS, errno.EINVAL, errno.EOPNOTSUPP, errno.ENOTSUP)

_AT_FDCWD = -100
_RENAME_EXCHANGE = 2

_MARKER = "datapackage.json"
"""The file by which a folder is known as an extracted edition."""


def replace_folder(target: Path, files: Mapping[str, bytes]) -> None:
    """Make `target` a folder of exactly `files` (by their path inside it), replacing the edition that stands there.

    Parents are made. Two processes that replace the same folder take turns. Raises OutputError, with `target` as it
    was, where the disk is full, a permission is missing or anything else hinders writing, and where `target` is a file
    or a folder that holds something else than an edition.
    """
    _replace(target, lambda staging: _write_files(staging, files))


def write_staged(staged: Path, files: Mapping[str, bytes]) -> None:
    """Make the new folder `staged` of `files`, for `adopt_folder`; `sync_staged` must have been told of it by then.

    Many documents are staged while one is put into its place: on Linux the disk is waited for once for all of them.
    Raises OutputError as `replace_folder`, and leaves nothing then.
    """
    try:
        _write_files(staged, files, sync=_syncfs() is None)
    except OSError as error:
        shutil.rmtree(staged, ignore_errors=True)
        raise _output_error(staged, error) from error


def sync_staged(folders: Iterable[Path]) -> None:
    """Wait until the disk has all that `write_staged` wrote into `folders`. Raises OutputError where that fails.

    One call syncs a file system as a whole (`syncfs`, Linux): a fiftieth of the calls that the files of one edition
    need one by one, which also hinder each other where several processes make them. Elsewhere the files were synced
    when they were written.
    """
    syncfs = _syncfs()
    if syncfs is None:
        return
    for folder in {folder.stat().st_dev: folder for folder in folders if folder.is_dir()}.values():
        try:
            handle = os.open(folder, os.O_RDONLY)
            try:
                syncfs(handle)
            finally:
                os.close(handle)
        except OSError as error:
            raise _output_error(folder, error) from error


def _syncfs() -> Callable[[int], None] | None:
    """The system's call that syncs the file system of an open file, if it has one. It raises OSError."""
    if sys.platform != "linux":
        return None
    import ctypes

    call = getattr(ctypes.CDLL(None, use_errno=True), "syncfs", None)
    if call is None:
        return None

    def syncfs(handle: int) -> None:
        if call(handle) != 0:
            number = ctypes.get_errno()
            raise OSError(number, os.strerror(number))

    return syncfs


def adopt_folder(staged: Path, target: Path) -> None:
    """Put the edition that was written whole and synced into the folder `staged` in the place of `target`.

    `staged` is gone afterwards, and should be on the same file system: elsewhere it is copied first. Promises and
    errors are those of `replace_folder`.
    """
    _replace(target, lambda staging: _move(staged, staging))


def _replace(target: Path, fill: Callable[[Path], None]) -> None:
    """`replace_folder` by what `fill` puts into the folder that it is given and makes."""
    target = target.resolve()
    staging = _sibling(target, "new")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with _turn(target):
            recover(target)
            _refuse_what_is_not_ours(target)
            try:
                fill(staging)
                _swap(staging, target)
            except BaseException:
                # Best effort: what stays behind, the next run removes. The error that led here is the one to report.
                shutil.rmtree(staging, ignore_errors=True)
                raise
    except OutputError:
        raise
    except OSError as error:
        raise _output_error(target, error) from error


def _move(staged: Path, staging: Path) -> None:
    try:
        staged.rename(staging)
    except OSError as error:
        if error.errno != errno.EXDEV:
            raise
        _write_files(staging, {p.relative_to(staged).as_posix(): p.read_bytes() for p in _files_in(staged)})
        shutil.rmtree(staged)


def _files_in(folder: Path) -> list[Path]:
    return sorted(p for p in folder.rglob("*") if p.is_file() and not p.is_symlink())


def replace_file(folder: Path, name: str, content: bytes) -> None:
    """Write one file of the edition in `folder` anew, whole or not at all. Raises OutputError as `replace_folder`."""
    folder = folder.resolve()
    staging = folder / f".{name}.new"
    try:
        with _turn(folder):
            try:
                staging.write_bytes(content)
                _sync(staging)
                staging.replace(folder / name)
            finally:
                staging.unlink(missing_ok=True)
            _sync_folder(folder)
    except OSError as error:
        raise _output_error(folder / name, error) from error


def recover(target: Path) -> None:
    """Complete or undo a swap of `target` that was cut off, and remove what was left beside it.

    Only a swap in two steps can leave no target: then the new folder was complete before the old one was moved away.
    """
    staging, old = _sibling(target, "new"), _sibling(target, "old")
    if old.is_dir() and not target.exists():
        (staging if staging.is_dir() else old).rename(target)
    for left in (staging, old):
        if left.is_dir():
            shutil.rmtree(left)


def finish_interrupted(target: Path) -> None:
    """Put right what a process that was killed while it replaced `target` left behind, as the next write would.

    Nothing is made where there is no such folder. Raises OSError where the files cannot be reached.
    """
    target = target.resolve()
    if target.parent.is_dir():
        with _turn(target):
            recover(target)


def _sibling(target: Path, kind: str) -> Path:
    return target.with_name(f".{target.name}.{kind}")


def _write_files(staging: Path, files: Mapping[str, bytes], *, sync: bool = True) -> None:
    staging.mkdir()
    folders = sorted({staging, *((staging / name).parent for name in files)})
    for folder in folders:
        folder.mkdir(parents=True, exist_ok=True)
    with contextlib.ExitStack() as opened:
        written = []
        for name, content in files.items():
            file = opened.enter_context((staging / name).open("xb", buffering=0))
            rest = memoryview(content)
            while rest:
                rest = rest[file.write(rest) :]
            written.append(file)
        if not sync:
            return
        # A rename may reach the disk before the bytes do: then a power cut would leave empty files in place. Where the
        # system can be told to begin with all of them, they go to the disk together while the first is waited for.
        if sys.platform == "linux":
            for file in written:
                os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)
        for file in written:
            os.fsync(file.fileno())
    for folder in folders:
        _sync_folder(folder)


def _swap(staging: Path, target: Path) -> None:
    """Put `staging` in the place of `target` and remove what stood there. On an error all is as it was before."""
    if target.exists() and _exchange(staging, target):
        old = staging
        try:
            _sync_folder(target.parent)
        except BaseException:
            _exchange(staging, target)
            raise
    else:
        old = _sibling(target, "old")
        _rename_in(staging, target, old)
    # The new edition stands; if the old one cannot be removed now, the next run removes it.
    shutil.rmtree(old, ignore_errors=True)


def _rename_in(staging: Path, target: Path, old: Path) -> None:
    try:
        if target.exists():
            target.rename(old)
        staging.rename(target)
        _sync_folder(target.parent)
    except BaseException:
        if not staging.exists():
            target.rename(staging)
        if old.exists() and not target.exists():
            old.rename(target)
        raise


def _exchange(one: Path, other: Path) -> bool:
    """Let two folders change places in one step. False where the system or the file system cannot."""
    if sys.platform != "linux":
        return False
    import ctypes

    rename = getattr(ctypes.CDLL(None, use_errno=True), "renameat2", None)
    if rename is None:
        return False
    if rename(_AT_FDCWD, os.fsencode(one), _AT_FDCWD, os.fsencode(other), _RENAME_EXCHANGE) == 0:
        return True
    number = ctypes.get_errno()
    if number in _UNSUPPORTED:
        return False
    raise OSError(number, os.strerror(number), str(other))


def _sync(path: Path) -> None:
    # Windows syncs only what is open for writing; a folder can be opened for reading only.
    handle = os.open(path, os.O_RDONLY if path.is_dir() else os.O_RDWR)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _sync_folder(folder: Path) -> None:
    if sys.platform == "win32":
        return
    try:
        _sync(folder)
    except OSError as error:
        # Some network file systems cannot sync a folder; their renames are as durable as they get.
        if error.errno not in _UNSUPPORTED:
            raise


@contextlib.contextmanager
def _turn(target: Path) -> Iterator[None]:
    """Hold the lock `.NAME.lock` beside `target`. The file goes with the lock; one that a crash left is taken over."""
    if sys.platform == "win32":
        yield
        return
    path = _sibling(target, "lock")
    handle = _locked(path)
    try:
        yield
    finally:
        path.unlink(missing_ok=True)
        os.close(handle)


def _locked(path: Path) -> int:
    """Open and lock the file `path`, and give its handle."""
    while True:
        handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o666)
        fcntl.flock(handle, fcntl.LOCK_EX)
        # The one before us may have removed the file while we waited: then we hold a lock that nobody sees.
        with contextlib.suppress(FileNotFoundError):
            if os.path.samestat(os.fstat(handle), path.stat()):
                return handle
        os.close(handle)


def _refuse_what_is_not_ours(target: Path) -> None:
    if not target.exists():
        return
    if not target.is_dir():
        raise OutputError(f"{target} is a file.", "Name a folder to write to, or move the file away.")
    if not (target / _MARKER).exists() and any(target.iterdir()):
        raise OutputError(
            f"{target} holds something else than an extracted edition, and writing would remove it.",
            "Name another folder with --out, or empty this one.",
        )


def _output_error(target: Path, error: OSError) -> OutputError:
    reason = error.strerror or str(error)
    if error.errno in _NO_SPACE:
        advice = "Free some space on that disk (or raise the quota) and run again."
    elif error.errno in _NO_PERMISSION:
        advice = "Get permission to write there, or name another folder with --out."
    else:
        advice = "Mend what hinders writing there, or name another folder with --out."
    return OutputError(f"{target} could not be written: {reason}. What stood there before is unchanged.", advice)
