"""What a run was asked for, and what all of its documents share."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.limits import DEFAULT_LIMITS, Limits
from pipeline.manifest import MANIFEST_NAME, Manifest, load_manifest
from pipeline.profiles import Profile, load_profiles
from pipeline.table_schemas import schemas_folder
from pipeline.watching import UNWATCHED, Watch

if TYPE_CHECKING:
    from pipeline.language.amounts import Vocabulary
    from pipeline.organizations import OrganizationRegistry
    from pipeline.table_schemas import TableSchema


@dataclass(frozen=True)
class Options:
    """What a run was asked for. Folders are as given; `edition` and `deck` override what is recognised.

    `limits` bound what a document may be; those on memory and time hold only in a supervised process (`supervising`).
    `thorough` gives every page, and not only those with money, a second reader and a repeated extraction.
    """

    out: Path = Path("extracted")
    sources: Path = Path("source_pdfs")
    edition: str | None = None
    deck: str | None = None
    password: str | None = None
    force: bool = False
    thorough: bool = False
    limits: Limits = DEFAULT_LIMITS


class Workshop:
    """What all documents of a run share, loaded once and only when it is needed. `watch` hears of each step."""

    def __init__(self, options: Options, watch: Watch = UNWATCHED) -> None:
        self.options = options
        self.watch = watch
        self.schemas_path = schemas_folder()

    @cached_property
    def profiles(self) -> tuple[Profile, ...]:
        """Every deck profile."""
        return load_profiles(self.schemas_path / "decks")

    def is_generic(self, deck: str) -> bool:
        """Whether a deck's profile is one that any document can be read with."""
        return any(profile.is_generic and profile.deck == deck for profile in self.profiles)

    @cached_property
    def manifest(self) -> Manifest:
        """What is known of the documents."""
        return load_manifest(self.options.sources / MANIFEST_NAME)

    @cached_property
    def schemas(self) -> dict[str, TableSchema]:
        """Every table's schema, by name."""
        from pipeline.table_schemas import load_table_schemas

        return load_table_schemas(self.schemas_path / "tables")

    @cached_property
    def vocabulary(self) -> Vocabulary:
        """The words of amounts."""
        from pipeline.language.amounts import load_vocabulary

        return load_vocabulary(self.schemas_path)

    @cached_property
    def organizations(self) -> OrganizationRegistry:
        """The known bodies."""
        from pipeline.organizations import load_organizations

        return load_organizations(self.schemas_path / "organizations.csv")

    @cached_property
    def schemas_sha256(self) -> str:
        """Over every file under `schemas/`: what a deck is read with."""
        return _folder_sha256(self.schemas_path)

    @cached_property
    def corrections_sha256(self) -> str:
        """Over every file of corrections."""
        return _folder_sha256(self.options.sources / "corrections")


def _folder_sha256(folder: Path) -> str:
    """Over the names and bytes of all files in a folder; the same where it is not there and where it is empty."""
    digest = hashlib.sha256()
    for path in sorted(p for p in folder.rglob("*") if p.is_file()):
        digest.update(path.relative_to(folder).as_posix().encode())
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def file_sha256(path: Path) -> str:
    """Over a file's bytes; empty where it cannot be read."""
    if not path.is_file():
        return ""  # a pipe would never end
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        return ""  # reading it will say what is wrong
