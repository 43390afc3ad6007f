"""What all documents of a run share."""

from __future__ import annotations

import hashlib
from functools import cached_property
from typing import TYPE_CHECKING

from pipeline.manifest import MANIFEST_NAME
from pipeline.options import Options
from pipeline.reading.beside import IN_TURN
from pipeline.schema_files import folder_sha256, manifest_file, schema_files
from pipeline.table_schemas import schemas_folder
from pipeline.watching import UNWATCHED, Watch

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from pipeline.language.amounts import Vocabulary
    from pipeline.manifest import Manifest, SourceEntry
    from pipeline.organizations import OrganizationRegistry
    from pipeline.profiles import Profile
    from pipeline.reading.beside import Beside
    from pipeline.schema_files import SchemaFiles
    from pipeline.table_schemas import TableSchema

__all__ = ["Options", "Workshop", "file_sha256"]


class Workshop:
    """What all documents of a run share, found once and only when it is needed.

    `watch` hears of each step, and `beside` does what need not wait for it.
    """

    def __init__(self, options: Options, watch: Watch = UNWATCHED, beside: Beside = IN_TURN) -> None:
        self.options = options
        self.watch = watch
        self.beside = beside
        self.schemas_path = schemas_folder()

    @cached_property
    def _schemas(self) -> SchemaFiles:
        return schema_files(self.schemas_path)

    @property
    def profiles(self) -> tuple[Profile, ...]:
        """Every deck profile."""
        return self._schemas.profiles

    def is_generic(self, deck: str) -> bool:
        """Whether a deck's profile is one that any document can be read with."""
        return any(profile.is_generic and profile.deck == deck for profile in self.profiles)

    @cached_property
    def manifest(self) -> Manifest:
        """What is known of the documents."""
        return manifest_file(self.options.sources / MANIFEST_NAME)

    @cached_property
    def entries_by_sha256(self) -> dict[str, SourceEntry]:
        """The manifest's entry for each document's bytes."""
        return {entry.sha256: entry for entry in self.manifest.sources}

    @property
    def schemas(self) -> Mapping[str, TableSchema]:
        """Every table's schema, by name."""
        return self._schemas.tables

    @property
    def vocabulary(self) -> Vocabulary:
        """The words of amounts."""
        return self._schemas.vocabulary

    @property
    def organizations(self) -> OrganizationRegistry:
        """The known bodies."""
        return self._schemas.organizations

    @property
    def schemas_sha256(self) -> str:
        """Over every file under `schemas/`: what a deck is read with."""
        return self._schemas.sha256

    @cached_property
    def corrections_sha256(self) -> str:
        """Over every file of corrections."""
        return folder_sha256(self.options.sources / "corrections")


def file_sha256(path: Path) -> str:
    """Over a file's bytes; empty where it cannot be read."""
    if not path.is_file():
        return ""  # a pipe would never end
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        return ""  # reading it will say what is wrong
