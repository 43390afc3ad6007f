"""What a supervised process is asked to do, and what it answers: plain values that travel as JSON.

The process has read a PDF that may have been made to take it over, so an answer is data from outside: each field is
checked for its type, length and range, and nothing is ever unpickled. What is text in it may still hold anything that a
document can hold.
"""

from __future__ import annotations

import os
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any, Literal

import pipeline.errors
from pipeline.errors import PolicydeckError
from pipeline.options import DEFAULT_OPTIONS, Options

What = Literal["run", "identify", "report"]
Status = Literal["written", "unchanged", "failed"]

_MOST_TEXT = 100_000
"""No field of an answer is longer, in characters."""


@dataclass(frozen=True)
class Job:
    """One document and what to do with it.

    `run` reads, checks and writes the document `path` into `options.out` as `run.run_one` does; `staging` is where it
    writes the edition instead of its place there. `identify` recognises it as `run.identify` does and writes nothing.
    `report` writes the review page of the extracted edition in the folder `path` anew as `run.write_report` does.
    Relative paths are relative to the folder that the caller stands in. The limits of the options are those that the
    process has, whatever they are here.
    """

    what: What
    path: Path
    options: Options = DEFAULT_OPTIONS
    staging: Path | None = None

    @property
    def paths(self) -> tuple[Path, ...]:
        """Every path in it."""
        options = self.options
        return (self.path, options.out, options.sources, *(() if self.staging is None else (self.staging,)))

    def as_json(self) -> dict[str, Any]:
        """The values by name, paths as text."""
        return {
            "what": self.what,
            "path": str(self.path),
            "options": self.options.as_json(),
            "staging": None if self.staging is None else str(self.staging),
        }

    @staticmethod
    def of_json(values: dict[str, Any]) -> Job:
        """The job again."""
        staging = values["staging"]
        return Job(
            values["what"],
            Path(values["path"]),
            Options.of_json(values["options"]),
            None if staging is None else Path(staging),
        )


@dataclass(frozen=True)
class Failure:
    """An error as plain values: the code (`PD012`), the message with file and page, and what to do."""

    code: str
    message: str
    advice: str

    @staticmethod
    def of(error: PolicydeckError) -> Failure:
        """What is to be said of `error`."""
        return Failure(error.code, error.message, error.advice)

    @staticmethod
    def of_json(values: object) -> Failure:
        """The failure again. Raises ValueError where `values` is not what `dataclasses.asdict` gives."""
        if not isinstance(values, dict) or set(values) != {f.name for f in fields(Failure)}:
            raise ValueError("the fields are not those of a failure")
        failure = Failure(**{name: _checked(name, value) for name, value in values.items()})
        if failure.code not in _CLASSES:
            raise ValueError("there is no such code")
        return failure

    def as_error(self) -> PolicydeckError:
        """The error, of the class that has this code."""
        return _CLASSES.get(self.code, PolicydeckError)(self.message, self.advice)

    def __str__(self) -> str:
        return str(self.as_error())


_CLASSES: dict[str, type[PolicydeckError]] = {
    c.code: c for c in vars(pipeline.errors).values() if isinstance(c, type) and issubclass(c, PolicydeckError)
}


@dataclass(frozen=True)
class Outcome:
    """What came of one job; `status` is "failed" where nothing was written, and then `failure` says why.

    A failure beside a status that is not "failed": no profile recognised the document, and it was read as prose and
    tables only. `exit_code` is the contract's (0 consistent, 1 a check is inconsistent or words are left, 2 not read).
    `path` is the edition's folder where there is one, `pages` how many pages were reached. `title` and `language` are
    what `identify` found. `has_document` is False where `report` did not find the edition's document. `reason` says why
    nothing was to be done. `seconds` and `peak_memory_bytes` are measurements and must not reach an output that is to be the same
    every time; the latter is the most that the process has had since it began, and what the one beside it has had if there
    is one, added up (0 where unknown).
    """

    status: Status
    exit_code: int
    deck: str = ""
    edition: str = ""
    title: str = ""
    language: str = ""
    path: Path | None = None
    pages: int = 0
    reason: str = ""
    has_document: bool = True
    failure: Failure | None = None
    seconds: float = 0.0
    peak_memory_bytes: int = 0

    def as_json(self) -> dict[str, Any]:
        """The values by name, `path` as text and `failure` as its own values."""
        return {**asdict(self), "path": None if self.path is None else os.fspath(self.path)}

    @staticmethod
    def of_json(values: object) -> Outcome:
        """The outcome again. Raises ValueError where `values` is not what `as_json` gives."""
        if not isinstance(values, dict) or set(values) != {f.name for f in fields(Outcome)}:
            raise ValueError("the fields are not those of an outcome")
        failure = values["failure"]
        checked = {name: _checked(name, value) for name, value in values.items() if name != "failure"}
        path = checked["path"]
        if checked["status"] not in ("written", "unchanged", "failed") or checked["exit_code"] not in (0, 1, 2):
            raise ValueError("the status or the exit code is none")
        if checked["status"] == "failed" and failure is None:
            raise ValueError("it failed without an error")
        return Outcome(
            **{**checked, "path": None if path is None else Path(path)},
            failure=None if failure is None else Failure.of_json(failure),
        )


_TYPES: dict[str, tuple[type, ...]] = {
    "status": (str,),
    "exit_code": (int,),
    "path": (str, type(None)),
    "pages": (int,),
    "has_document": (bool,),
    "seconds": (int, float),
    "peak_memory_bytes": (int,),
}


def _checked(name: str, value: object) -> Any:
    expected = _TYPES.get(name, (str,))
    if not isinstance(value, expected) or (isinstance(value, bool) and bool not in expected):
        raise ValueError(f"{name} is a {type(value).__name__}")
    if isinstance(value, str) and len(value) > _MOST_TEXT:
        raise ValueError(f"{name} is too long")
    if isinstance(value, int | float) and not 0 <= value < 2**63:
        raise ValueError(f"{name} is out of range")
    return value
