"""The text that names a target, and the errors that all targets share. No password ever stands in a message."""

from __future__ import annotations

import importlib
import os
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Literal, cast, get_args

from pipeline.errors import TargetError

if TYPE_CHECKING:
    from types import ModuleType

TargetKind = Literal["duckdb", "sqlite", "postgresql", "parquet", "excel", "csv"]

FORMS = (
    "duckdb:///FILE.duckdb",
    "sqlite:///FILE.db",
    "postgresql://USER:PASSWORD@HOST:PORT/DATABASE",
    "parquet:FOLDER",
    "excel:FILE.xlsx",
    "csv:FOLDER",
)
"""How a target is written, one form a kind."""

UNCHANGED = "Nothing was changed."

_HIDDEN = "***"
# Greedy, up to the last "@": a password that should have had its "@" or "/" encoded must not be shown in part.
_USER_AND_PASSWORD = re.compile(r"(//[^:/?#@]*:)(.*)(@)", re.DOTALL)
_PASSWORD_OPTION = re.compile(r"(password=)[^&\s]*", re.IGNORECASE)
_ALIASES = {"postgres": "postgresql"}
_WRITABLE_BITS = 0o222


@dataclass(frozen=True, slots=True)
class Target:
    """A place to load editions into.

    `address` is the path of a file or folder, or the whole address of a PostgreSQL database. `shown` is the text as it
    was given, its password hidden: what may stand in messages.
    """

    kind: TargetKind
    address: str = field(repr=False)
    shown: str

    @property
    def path(self) -> Path:
        """The file or folder of a target that is one."""
        return Path(self.address).expanduser()


def parse_target(text: str) -> Target:
    """Read the text that names a target, in one of the `FORMS`.

    As in SQLAlchemy the path of a database file begins after the third slash: `sqlite:///editions.db` stands in the
    current folder, `sqlite:////data/editions.db` is absolute. Raises TargetError where it is none of the forms.
    """
    shown = without_password(text)
    word, colon, rest = text.partition(":")
    kind = cast("TargetKind", _ALIASES.get(word.lower(), word.lower()))
    if not colon or kind not in get_args(TargetKind):
        raise TargetError(f"{shown!r} is no target that is known.", f"Write one of {', '.join(FORMS)}.")
    if kind == "postgresql":
        if not rest.startswith("//"):
            raise _misspelt(shown, kind)
        return Target(kind, text, shown)
    if kind in ("duckdb", "sqlite"):
        if not rest.startswith("///"):
            raise _misspelt(shown, kind)
        rest = rest.removeprefix("///")
    if rest in ("", ":memory:") or "\0" in rest:
        raise _misspelt(shown, kind)
    if kind == "excel" and not rest.lower().endswith(".xlsx"):
        raise TargetError(f"{shown} does not end in .xlsx.", "Name a workbook FILE.xlsx.")
    return Target(kind, rest, shown)


def without_password(text: str) -> str:
    """Give `text` with the passwords of all addresses in it replaced by `***`."""
    return _PASSWORD_OPTION.sub(rf"\1{_HIDDEN}", _USER_AND_PASSWORD.sub(rf"\1{_HIDDEN}\3", text))


def refused(target: Target, reason: object, advice: str = "") -> TargetError:
    """Make the error for a target that refuses; of the reason the first line is given, without any password."""
    first = next((line.strip() for line in str(reason).splitlines() if line.strip()), "no reason was given")
    return TargetError(f"{target.shown}: {without_password(first).rstrip('.')}. {UNCHANGED}", advice)


def no_schema(target: Target, schema: str | None) -> None:
    """Raise TargetError where a schema was named for a target that has none."""
    if schema is not None:
        raise TargetError(
            f"{target.shown} has no schemas, so {schema!r} cannot be used. {UNCHANGED}", "Leave the schema out."
        )


def library(name: str, extra: str) -> ModuleType:
    """Import the library `name` of the optional extra `extra`; raises TargetError saying how to install it."""
    try:
        return importlib.import_module(name)
    except ModuleNotFoundError as error:
        if error.name != name.partition(".")[0]:
            raise
        raise TargetError(
            f"Loading into this target needs {name}, which is not installed.",
            f"Install the extra, in the project's folder: pip install '.[{extra}]'",
        ) from error


def check_file(target: Target) -> bool:
    """Say whether the target's file exists; raises TargetError where it is no file or must not or cannot be written.

    A file that is marked read-only is left alone even where the user (root) could write it.
    """
    path = target.path
    try:
        status = path.stat()
    except FileNotFoundError:
        _check_folder_for(target)
        return False
    except OSError as error:
        raise refused(target, f"the file cannot be reached ({error.strerror})") from error
    if not path.is_file():
        raise refused(target, "this is not a file", "Name a file.")
    if not status.st_mode & _WRITABLE_BITS or not os.access(path, os.W_OK):
        raise refused(target, "the file is read-only", "Make it writable, or name another file.")
    return True


def _check_folder_for(target: Target) -> None:
    folder = target.path.parent
    if not folder.is_dir():
        advice = "Make the folder first."
        if not target.path.is_absolute() and target.kind in ("duckdb", "sqlite"):
            advice = f"Make the folder first; an absolute path takes four slashes: {target.kind}:////…"
        raise refused(target, f"the folder {folder} is not there", advice)
    if not os.access(folder, os.W_OK):
        raise refused(target, f"the folder {folder} is read-only", "Name a file in another folder.")


def _misspelt(shown: str, kind: str) -> TargetError:
    form = next(f for f in FORMS if f.startswith(kind))
    return TargetError(f"{shown!r} names no place.", f"Write it as {form}.")
