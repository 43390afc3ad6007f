"""What stands in `schemas/`, and the manifest: read once a process, for as long as the files say the same.

A worker that reads a thousand decks, each in a run of its own, would read and check some thirty small files a thousand
times. What was made of them is kept by the digest of their bytes, so that a file which somebody edits is read anew with
the next run, and only for a few folders, so that a long-lived process does not grow.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING

from pipeline.manifest import Manifest, load_manifest
from pipeline.profiles import Profile, load_profiles

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from pipeline.language.amounts import Vocabulary
    from pipeline.organizations import OrganizationRegistry
    from pipeline.table_schemas import TableSchema

KEPT = 4
"""So many states of `schemas/`, and of the manifest, are kept; one of each is what a process needs."""


@dataclass(frozen=True)
class SchemaFiles:
    """Everything that decks are read with, each part read when it is first asked for; `sha256` is over all files.

    Reading a part raises ProfileError or SchemaError where a file is wrong.
    """

    folder: Path
    sha256: str

    @cached_property
    def profiles(self) -> tuple[Profile, ...]:
        """Every deck profile."""
        return load_profiles(self.folder / "decks")

    @cached_property
    def tables(self) -> Mapping[str, TableSchema]:
        """Every table's schema, by name."""
        from pipeline.table_schemas import load_table_schemas

        return load_table_schemas(self.folder / "tables")

    @cached_property
    def vocabulary(self) -> Vocabulary:
        """The words of amounts."""
        from pipeline.language.amounts import load_vocabulary

        return load_vocabulary(self.folder)

    @cached_property
    def organizations(self) -> OrganizationRegistry:
        """The known bodies."""
        from pipeline.organizations import load_organizations

        return load_organizations(self.folder / "organizations.csv")


def schema_files(folder: Path) -> SchemaFiles:
    """What stands in the folder of schemas now: what was read of it before, where no byte of any file has changed."""
    return _kept_schema_files(folder, folder_sha256(folder))


def manifest_file(path: Path) -> Manifest:
    """What the manifest in `path` says now. Raises ManifestError as `load_manifest`."""
    try:
        digest = hashlib.sha256(path.read_bytes()).hexdigest()
    except OSError:
        return load_manifest(path)  # it says what is wrong, or that there is none
    return _kept_manifest(path, digest)


def folder_sha256(folder: Path) -> str:
    """Over the names and bytes of all files in a folder; the same where it is not there and where it is empty."""
    digest = hashlib.sha256()
    for path in sorted(p for p in folder.rglob("*") if p.is_file()):
        digest.update(path.relative_to(folder).as_posix().encode())
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


_kept_schema_files = lru_cache(maxsize=KEPT)(SchemaFiles)


@lru_cache(maxsize=KEPT)
def _kept_manifest(path: Path, sha256: str) -> Manifest:  # noqa: ARG001 - by its digest it is told whether it has changed
    return load_manifest(path)
