"""The bytes of a PDF, where they are one and not too many, and what is said where nobody can open it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipeline.errors import DamagedPdfError, EncryptedPdfError, NotAPdfError, SourceNotFoundError
from pipeline.limits import DEFAULT_LIMITS, Limits, refuse_beyond

if TYPE_CHECKING:
    from pathlib import Path

_HEADER = b"%PDF-"
_LONGEST_REASON = 120

_HEADER_REACH = 1024
"""Readers accept a header within the first 1024 bytes (PDF 1.7, Annex H, note 13)."""


def bytes_of(path: Path, limits: Limits = DEFAULT_LIMITS) -> bytes:
    """The bytes of the PDF at `path`.

    Raises SourceNotFoundError where there is no such file or it is a folder, NotAPdfError where it is empty or no PDF, and
    TooLargeError where it is larger than `limits` allow.
    """
    if path.is_dir():
        raise SourceNotFoundError(f"{path.name}: this is a folder, not a PDF.", "Name a PDF file.")
    try:
        refuse_beyond(limits, "file_bytes", path.stat().st_size, path.name, "the file has")
        data = path.read_bytes()
    except FileNotFoundError:
        raise SourceNotFoundError(
            f"{path.name}: there is no such file.", "Check the spelling and the folder."
        ) from None
    except OSError as error:
        raise SourceNotFoundError(
            f"{path.name}: the file cannot be opened ({error.strerror}).", "Check its permissions."
        ) from error
    if not data:
        raise NotAPdfError(f"{path.name}: the file is empty.", "Download it again.")
    if _HEADER not in data[:_HEADER_REACH]:
        raise NotAPdfError(
            f"{path.name}: this is not a PDF, its first bytes are {data[:8]!r}.",
            "Name a PDF file, or convert it to one.",
        )
    return data


def protected(name: str, password: str | None) -> EncryptedPdfError:
    """The error of a PDF that needs a password, or another one than was given."""
    return EncryptedPdfError(
        f"{name}: the PDF is protected{' and the password given does not open it' if password else ''}.",
        "Give the password with --password.",
    )


def damaged(name: str, reason: str) -> DamagedPdfError:
    """The error of a PDF that cannot be parsed."""
    return DamagedPdfError(
        f"{name}: the PDF is damaged or cut short ({reason[:_LONGEST_REASON]}).",
        "Download it again, or repair it with a PDF tool.",
    )
