"""The files of an extracted edition as they are loaded: checked against the package, cut into cells, not yet typed.

`editions` reads an edition by the schemas in its own package, row by row. Loading puts it into tables of this release's
shape and must keep up with COPY: here only names, hashes and cells are read, and `rows` types whole columns.
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pipeline.errors import DamagedEditionError, EditionNotFoundError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

_DESCRIPTOR = "datapackage.json"


@dataclass(frozen=True, slots=True)
class Resource:
    """One table's file: its path inside the edition, its size in bytes and its hash."""

    path: str
    size: int
    hash: str


@dataclass(frozen=True, slots=True)
class Package:
    """What `datapackage.json` says of an edition."""

    path: Path
    deck: str
    edition: str
    resources: Mapping[str, Resource]


def read_package(path: Path) -> Package:
    """Read the package in the folder `path`.

    Raises EditionNotFoundError where there is none, and DamagedEditionError where it is not what the pipeline writes.
    """
    place = path / _DESCRIPTOR
    try:
        described = json.loads(place.read_bytes())
        resources = {e["name"]: Resource(e["path"], e["bytes"], e["hash"]) for e in described["resources"]}
        return Package(path, described["deck"], described["edition"], resources)
    except FileNotFoundError as error:
        raise EditionNotFoundError(f"{path} holds no extracted edition.", "Run `policydeck run` first.") from error
    except OSError as error:
        raise _damaged(place, f"cannot be read ({error.strerror})") from error
    except (ValueError, KeyError, TypeError) as error:
        raise _damaged(place, f"is not what the pipeline writes ({error})") from error


def read_content(path: Path, resource: Resource) -> bytes:
    """Read the file of a table in the edition `path`.

    Raises DamagedEditionError where it is missing or has other bytes than were written.
    """
    place = path / resource.path
    try:
        content = place.read_bytes()
    except OSError as error:
        raise _damaged(place, f"cannot be read ({error.strerror})") from error
    if len(content) != resource.size or resource.hash != "sha256:" + hashlib.sha256(content).hexdigest():
        raise _damaged(place, "has other bytes than were written")
    return content


def read_cells(path: Path, resource: Resource) -> tuple[list[str], list[list[str]]]:
    """Read the header and the rows of a table's file in the edition `path`; an empty cell is an empty text.

    Raises DamagedEditionError as `read_content`, and where the file has no header.
    """
    place = path / resource.path
    content = read_content(path, resource)
    limit = csv.field_size_limit(sys.maxsize)
    try:
        lines = list(csv.reader(io.StringIO(content.decode(), newline=""), strict=True))
    except (ValueError, csv.Error) as error:
        raise _damaged(place, f"is not what the pipeline writes ({error})") from error
    finally:
        csv.field_size_limit(limit)
    if not lines:
        raise _damaged(place, "has no header")
    return lines[0], lines[1:]


def _damaged(place: Path, what: str) -> DamagedEditionError:
    return DamagedEditionError(
        f"{place} {what}.",
        "Restore it from git (with its line endings as they are), or write it again with `policydeck run --force`.",
    )
