"""Loading editions into a folder of files: `FOLDER/<deck>/<edition>/<table>.<format>`.

An edition is a folder, so that it is replaced in one piece. `deck` and `edition` are columns of each file as well, and
the folders are not called `deck=…`: readers that know Hive's layout would make a second column of it, with another
type. One table of all editions is read as `FOLDER/*/*/<table>.<format>`.

The new files are written beside the old ones in `.<edition>.new`; then the old folder is renamed to `.<edition>.old`,
the new one takes its place and the old one is removed. What a load that was cut off has left is put right by the next.
"""

from __future__ import annotations

import os
import shutil
from typing import TYPE_CHECKING, Protocol

from pipeline.loading.targets import Target, no_schema, refused

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from pipeline.loading.edition_groups import Editions
    from pipeline.loading.rows import Columns
    from pipeline.table_schemas import TableSchema

_FORBIDDEN = set('/\\:*?"<>|\0')
"""Characters that a folder's name cannot have on one system or another."""

_WRITABLE_BITS = 0o222


class FileFormat(Protocol):
    """How one kind of file holds a table."""

    suffix: str

    def content(self, table: TableSchema, columns: Columns) -> bytes:
        """Write the cells as the bytes of a file."""

    def difference(self, table: TableSchema, path: Path) -> str:
        """Say in what an existing file is not of the table's shape; empty where it is."""


def load_files(
    target: Target,
    tables: Mapping[str, TableSchema],
    editions: Editions,
    schema: str | None,
    kind: FileFormat,
) -> None:
    """Write each of `editions` into its folder. Raises TargetError, the edition at fault as it was."""
    no_schema(target, schema)
    try:
        for name in {part for identity in editions.identities for part in identity}:
            _check_name(target, name)
        _check_folder(target, tables, kind)
        for edition in editions.all():
            place = target.path / edition.deck / edition.edition
            _refuse_what_is_not_ours(target, place, tables, kind)
            files = {f"{name}{kind.suffix}": kind.content(table, edition.cells[name]) for name, table in tables.items()}
            _replace(place, files)
    except OSError as error:
        raise refused(
            target, f"it cannot be written ({error.strerror or error})", "Mend that, or name another folder."
        ) from error


def _check_name(target: Target, name: str) -> None:
    if not name.strip() or name.startswith(".") or name.endswith((".", " ")) or set(name) & _FORBIDDEN:
        raise refused(target, f"{name!r} cannot be the name of a folder", "Rename the edition.")


def _check_folder(target: Target, tables: Mapping[str, TableSchema], kind: FileFormat) -> None:
    """Raise TargetError where the folder cannot be written, or a table of any edition in it has another shape."""
    if not target.path.exists():
        return
    if not target.path.is_dir():
        raise refused(target, "this is not a folder", "Name a folder.")
    if not target.path.stat().st_mode & _WRITABLE_BITS or not os.access(target.path, os.W_OK):
        raise refused(target, "the folder is read-only", "Make it writable, or name another folder.")
    for name, table in tables.items():
        for path in sorted(target.path.glob(f"*/*/{name}{kind.suffix}")):
            if path.parent.name.startswith("."):
                continue
            difference = kind.difference(table, path)
            if difference:
                shown = path.relative_to(target.path).as_posix()
                raise refused(target, f"{shown} has another shape ({difference})", "Load into another folder.")


def _refuse_what_is_not_ours(target: Target, place: Path, tables: Mapping[str, TableSchema], kind: FileFormat) -> None:
    if not place.exists():
        return
    shown = place.relative_to(target.path).as_posix()
    ours = {f"{name}{kind.suffix}" for name in tables}
    others = sorted(p.name for p in place.iterdir() if p.name not in ours) if place.is_dir() else [place.name]
    if others:
        raise refused(
            target,
            f"{shown} holds something else than an edition ({others[0]})",
            "Move it away, or name another folder.",
        )


def _replace(place: Path, files: Mapping[str, bytes]) -> None:
    arriving, leaving = place.with_name(f".{place.name}.new"), place.with_name(f".{place.name}.old")
    place.parent.mkdir(parents=True, exist_ok=True)
    if leaving.exists() and not place.exists():
        leaving.rename(place)
    for left in (arriving, leaving):
        if left.exists():
            shutil.rmtree(left)
    try:
        arriving.mkdir()
        for name, content in files.items():
            _write(arriving / name, content)
        if place.exists():
            place.rename(leaving)
        arriving.rename(place)
    except BaseException:
        if leaving.exists() and not place.exists():
            leaving.rename(place)
        # What stays behind, the next load removes; the error that led here is the one to report.
        shutil.rmtree(arriving, ignore_errors=True)
        raise
    shutil.rmtree(leaving, ignore_errors=True)


def _write(path: Path, content: bytes) -> None:
    # Synced before the renames: after a power cut they must not point at empty files.
    with path.open("xb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
