"""Every error a user may meet.

Each class has a stable code (`PD012`) that is never given to another error, says in one line what is wrong, naming the
file, the page and the value, and in a second what to do about it. Each also inherits the builtin that a caller would
expect, so `except ValueError` keeps working.
"""

from __future__ import annotations

from typing import ClassVar


class PolicydeckError(Exception):
    """The parent of every error here.

    `message` is one line, `advice` says what to do. `str()` gives both with the code in front.
    """

    code: ClassVar[str] = "PD000"

    def __init__(self, message: str, advice: str) -> None:
        super().__init__(message)
        self.message = message
        self.advice = advice

    def __str__(self) -> str:
        return f"{self.code} {self.message} {self.advice}".strip()


class SourceNotFoundError(PolicydeckError, FileNotFoundError):
    """PD001: a file that was named is not there, or is a folder."""

    code = "PD001"


class NotAPdfError(PolicydeckError, ValueError):
    """PD002: the file is empty, or is something else than a PDF."""

    code = "PD002"


class DamagedPdfError(PolicydeckError, ValueError):
    """PD003: the file starts like a PDF but cannot be parsed: truncated or corrupted."""

    code = "PD003"


class EncryptedPdfError(PolicydeckError, PermissionError):
    """PD004: the PDF needs a password, or the one given is wrong."""

    code = "PD004"


class NoTextError(PolicydeckError, ValueError):
    """PD005: no page has a text layer, so there is nothing to read."""

    code = "PD005"


class UnknownDeckError(PolicydeckError, LookupError):
    """PD006: no profile recognises the deck: it was read as prose and tables only, or refused without anything to read by."""

    code = "PD006"


class ProfileError(PolicydeckError, ValueError):
    """PD007: a deck profile has a wrong or misspelt key."""

    code = "PD007"


class ManifestError(PolicydeckError, ValueError):
    """PD008: the manifest `sources.yaml` has a wrong or misspelt key, or an entry that cannot hold."""

    code = "PD008"


class OutputError(PolicydeckError, OSError):
    """PD009: the edition could not be written (disk full, no permission); the old one is untouched."""

    code = "PD009"


class EditionNotFoundError(PolicydeckError, LookupError):
    """PD010: no extracted edition has that name."""

    code = "PD010"


class UnreadableTextError(PolicydeckError, ValueError):
    """PD011: a font has no usable map to Unicode, so its text would come out as rubbish."""

    code = "PD011"


class DamagedEditionError(PolicydeckError, ValueError):
    """PD012: an extracted edition is not what the pipeline wrote: a file is missing or has other bytes."""

    code = "PD012"


class AmbiguousEditionError(PolicydeckError, LookupError):
    """PD013: several extracted editions have that name."""

    code = "PD013"


class UnknownEditionYearError(PolicydeckError, LookupError):
    """PD014: nothing on the slides says which edition it is."""

    code = "PD014"


class SchemaError(PolicydeckError, ValueError):
    """PD015: a table schema, or the table of organisations, is wrong or missing."""

    code = "PD015"


class EditionExistsError(PolicydeckError, FileExistsError):
    """PD016: the manifest has this edition already, with other bytes."""

    code = "PD016"


class CorrectionError(PolicydeckError, ValueError):
    """PD017: a correction cannot be applied: the printed text it was made for is not on the page."""

    code = "PD017"


class PairsError(PolicydeckError, ValueError):
    """PD018: a file of confirmed and rejected pairs is malformed or names rows that are not there."""

    code = "PD018"


class TargetError(PolicydeckError, ValueError):
    """PD019: a place to load an edition into is unknown, unreachable or refuses."""

    code = "PD019"


class TooLargeError(PolicydeckError, ValueError):
    """PD020: a document is beyond a limit on the size of its file, its pages, or what one page has or inflates to."""

    code = "PD020"


class FigureNotFoundError(PolicydeckError, LookupError):
    """PD021: no extracted edition states a figure of that year and budget."""

    code = "PD021"


class TimeLimitError(PolicydeckError, TimeoutError):
    """PD022: reading a page, or the document as a whole, took longer than the limit; it was stopped."""

    code = "PD022"


class MemoryLimitError(PolicydeckError, MemoryError):
    """PD023: reading a document takes more memory than the limit."""

    code = "PD023"


class ReaderCrashedError(PolicydeckError, RuntimeError):
    """PD024: the process that reads the document ended or was killed in the middle of it."""

    code = "PD024"


class LimitError(PolicydeckError, ValueError):
    """PD025: the option `--limit` names no limit, or gives it a value that is none."""

    code = "PD025"


class EngineError(PolicydeckError, RuntimeError):
    """PD026: what spreads documents over workers is unknown, is not installed, cannot be reached, or its workers keep ending."""

    code = "PD026"


class AddressError(PolicydeckError, OSError):
    """PD027: a URL cannot be read or written: its protocol is unknown or not installed, or whoever is there does not answer."""

    code = "PD027"
