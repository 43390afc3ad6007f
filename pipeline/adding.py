"""`policydeck add`: a new document goes into the folder of documents, and into its manifest.

The file is complete in its place before the manifest names it, and what it replaces goes only after the manifest names
it no more; each step is a rename of something already on the disk. So the folder is whole at any moment, and a run that
was cut off is finished by the next. Which deck and edition a document is, the caller says; the manifest itself is
`manifest`.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import re
import sys
import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from pydantic import ValidationError

from pipeline.errors import EditionExistsError, ManifestError, OutputError, SourceNotFoundError
from pipeline.manifest import (
    MANIFEST_NAME,
    Manifest,
    SourceEntry,
    is_plain_name,
    load_manifest,
    with_entry,
    with_file,
)

if sys.platform != "win32":
    import fcntl

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

Outcome = Literal["added", "unchanged", "replaced", "restored"]

_PART = ".adding.part"
"""What is being written, before it is renamed. The lock admits one writer, so one name does."""

_REPLACED = ".replaced"
"""Names the file that goes when the manifest names it no more, as `sha256sum` would: so that a crash between the two
leaves no document behind that nothing names."""

_SUFFIX = ".pdf"


@dataclass(frozen=True, slots=True)
class Identified:
    """What a document was recognised as. `deck` and `edition` are names, `language` an ISO 639 code."""

    deck: str
    edition: str
    title: str
    language: str


@dataclass(frozen=True, slots=True)
class Added:
    """What `add_source` did.

    `path` is where the document stands. `restored` says that the manifest had it and the file was not there.
    `replaced_file` is the name of the file that went. `is_known` says that it is an official document known by its
    SHA-256.
    """

    outcome: Outcome
    entry: SourceEntry
    path: Path
    replaced_file: str | None = None
    is_known: bool = False

    @property
    def summary(self) -> str:
        """One sentence for a person."""
        what = f"{self.entry.name} ({self.entry.title})"
        known = ", an official document known by its SHA-256" if self.is_known else ""
        if self.outcome == "unchanged":
            return f"{self.entry.file} is there already as {what}: nothing to do."
        if self.outcome == "restored":
            return f"{self.entry.file} was put back for {what}{known}."
        if self.outcome == "replaced":
            return (
                f"{self.entry.file} took the place of {self.replaced_file or 'the earlier file'} as {what}{known}. "
                f"Title, note and pinned figures in {MANIFEST_NAME} are the earlier ones: see that they still hold."
            )
        return f"{self.entry.file} was added as {what}{known}."


def add_source(
    pdf: Path,
    folder: Path,
    *,
    recognise: Callable[[Path], Identified],
    replace: bool = False,
    edition: str | None = None,
    deck: str | None = None,
) -> Added:
    """Copy `pdf` into `folder` and write its entry into the manifest there; `folder` is made where it is missing.

    A document that the manifest lists as known (by SHA-256) takes deck, edition, title and publisher from there; any
    other is given to `recognise`, whose errors pass through with nothing written. `deck` and `edition` override either.
    The same bytes again change nothing; they put the file back where it was missing. With `replace`, an entry of that
    deck and edition gets the new file and SHA-256 and keeps the rest. A file of that name that is there already stays;
    the new one gets a free name, but a file with the same bytes that no entry names is taken as it is.

    Interrupted at any moment, the manifest names only files that are there, and the same call again completes it.

    Raises SourceNotFoundError where `pdf` is not there, is a folder or cannot be read; EditionExistsError where that
    deck and edition has other bytes and `replace` is False, or where these bytes stand in the manifest under another
    deck or edition than is asked for; ManifestError where the manifest is malformed, or the deck, edition, title or
    language cannot stand in it; OutputError where the folder could not be written.
    """
    content = _read(pdf)
    sha256 = hashlib.sha256(content).hexdigest()
    try:
        before = load_manifest(folder / MANIFEST_NAME)
    except OSError as error:
        raise _not_added(pdf, folder, error) from error
    listed = before.entry_for(sha256=sha256)
    if listed is None:
        # Before the lock: recognising a document reads all of it, and writes nothing.
        wanted = _new_entry(pdf, sha256, before, recognise, deck, edition)
    else:
        _refuse_other_name(listed, deck, edition)
        wanted = listed
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with _turn(folder):
            return _store(wanted, content, folder, replace=replace)
    except OSError as error:
        if isinstance(error, EditionExistsError):
            raise
        raise _not_added(pdf, folder, error) from error


def recover(folder: Path) -> None:
    """Finish what an interrupted `add_source` left in `folder`: half-written files go, and a replaced one does.

    `add_source` does this by itself. Raises ManifestError where the manifest is malformed.
    """
    if folder.is_dir():
        with _turn(folder):
            _recover(folder, load_manifest(folder / MANIFEST_NAME))


def _not_added(pdf: Path, folder: Path, error: OSError) -> OutputError:
    return OutputError(
        f"{pdf.name} could not be added to {folder.name}: {error.strerror or error}. Every listed file is there.",
        "Free some space or get permission to write there, and add it again.",
    )


def _read(pdf: Path) -> bytes:
    if not pdf.is_file():
        what = "is a folder" if pdf.is_dir() else "is not there"
        raise SourceNotFoundError(f"{pdf.name} {what}.", "Name the PDF file to add.")
    try:
        return pdf.read_bytes()
    except OSError as error:
        raise SourceNotFoundError(
            f"{pdf.name} cannot be read: {error.strerror or error}.", "Get permission to read it, or copy it."
        ) from error


def _new_entry(
    pdf: Path,
    sha256: str,
    manifest: Manifest,
    recognise: Callable[[Path], Identified],
    deck: str | None,
    edition: str | None,
) -> SourceEntry:
    known = manifest.known_document(sha256)
    found = known if known is not None else recognise(pdf)
    values = {
        "file": _plain_name(pdf.name),
        "deck": deck if deck is not None else found.deck,
        "edition": edition if edition is not None else found.edition,
        "title": found.title,
        "publisher": known.publisher if known else "",
        "language": found.language,
        "sha256": sha256,
        "note": known.note if known else "",
        "status": "not shipped" if known else "shipped",
    }
    try:
        return SourceEntry.model_validate(values)
    except ValidationError as error:
        first = error.errors()[0]
        key = str(first["loc"][0])
        raise ManifestError(
            f"{pdf.name}: {key} cannot be {values.get(key)!r} ({first['msg']}).",
            "Name deck and edition with lower-case letters, digits and single hyphens.",
        ) from None


def _refuse_other_name(listed: SourceEntry, deck: str | None, edition: str | None) -> None:
    if deck in (None, listed.deck) and edition in (None, listed.edition):
        return
    asked = f"{deck if deck is not None else listed.deck}/{edition if edition is not None else listed.edition}"
    raise EditionExistsError(
        f"{listed.file}: these bytes are {listed.name} in {MANIFEST_NAME} and cannot be {asked} too.",
        f"Change the entry in {MANIFEST_NAME}, or leave the name out.",
    )


def _store(wanted: SourceEntry, content: bytes, folder: Path, *, replace: bool) -> Added:
    """Do what is to be done, in an order in which each step leaves a whole folder."""
    path = folder / MANIFEST_NAME
    # Read again: another process may have written it since.
    manifest = load_manifest(path)
    _recover(folder, manifest)
    is_known = manifest.known_document(wanted.sha256) is not None
    listed = manifest.entry_for(sha256=wanted.sha256)
    if listed is not None:
        _refuse_other_name(listed, wanted.deck, wanted.edition)
        return _restore(listed, content, folder, replace=replace, is_known=is_known)
    old = manifest.entry_for(deck=wanted.deck, edition=wanted.edition)
    if old is not None and not replace:
        raise EditionExistsError(
            f"{wanted.file}: {MANIFEST_NAME} has {old.name} already, as {old.file} with other bytes.",
            "Add it with --replace to put it in that file's place, or name another edition with --edition.",
        )
    name = _free_name(wanted.file, wanted.sha256, folder, manifest, old)
    entry = wanted.model_copy(update={"file": name})
    text = path.read_bytes().decode("utf-8") if path.exists() else ""
    # Made before anything is written, since a manifest that cannot be edited is an error.
    text = with_entry(text, manifest, entry, path.name) if old is None else with_file(text, manifest, entry, path.name)
    if not (folder / name).exists():
        _write(folder / name, content)
    if old is None:
        _write(path, text.encode("utf-8"))
        return Added("added", entry, folder / name, is_known=is_known)
    if old.file != name:
        _write(folder / _REPLACED, f"{old.sha256}  {old.file}\n".encode())
    _write(path, text.encode("utf-8"))
    now = load_manifest(path)
    _recover(folder, now)
    kept = now.entry_for(sha256=entry.sha256) or entry
    return Added("replaced", kept, folder / name, replaced_file=old.file, is_known=is_known)


def _restore(listed: SourceEntry, content: bytes, folder: Path, *, replace: bool, is_known: bool) -> Added:
    """See that the file of an entry is there with the entry's bytes."""
    target = folder / listed.file
    if _sha256(target) == listed.sha256:
        return Added("unchanged", listed, target, is_known=is_known)
    if target.exists() and not replace:
        raise EditionExistsError(
            f"{listed.file}: the file in {folder.name} has other bytes than {MANIFEST_NAME} says for {listed.name}.",
            "Add the right file with --replace to overwrite it, or keep a copy of it under another name first.",
        )
    _write(target, content)
    return Added("restored", listed, target, is_known=is_known)


def _plain_name(name: str) -> str:
    """`name` as a plain file name that every system takes, with the suffix of a PDF."""
    text = unicodedata.normalize("NFC", name.encode("utf-8", "replace").decode("utf-8"))
    text = re.sub(r'[\\/:*?"<>|\x00-\x1f\x7f]+', "-", text).strip(" .")
    stem, suffix = (text[: -len(_SUFFIX)], text[-len(_SUFFIX) :]) if text.lower().endswith(_SUFFIX) else (text, _SUFFIX)
    plain = (stem.strip(" .") or "document") + suffix
    return plain if is_plain_name(plain) else "document" + _SUFFIX


def _free_name(name: str, sha256: str, folder: Path, manifest: Manifest, old: SourceEntry | None) -> str:
    """`name`, or with a number: the first that no other entry has and that no file with other bytes has."""
    others = {e.file.casefold() for e in manifest.sources if old is None or e.file != old.file}
    stem, suffix, number = name[: -len(_SUFFIX)], name[-len(_SUFFIX) :], 1
    candidate = name
    while candidate.casefold() in others or ((folder / candidate).exists() and _sha256(folder / candidate) != sha256):
        number += 1
        candidate = f"{stem}-{number}{suffix}"
    return candidate


def _recover(folder: Path, manifest: Manifest) -> None:
    (folder / _PART).unlink(missing_ok=True)
    journal = folder / _REPLACED
    if not journal.exists():
        return
    sha256, _, name = journal.read_text(encoding="utf-8").rstrip("\n").partition("  ")
    # Other bytes under that name are not what was replaced, whoever put them there.
    if is_plain_name(name) and manifest.entry_for(file=name) is None and _sha256(folder / name) == sha256:
        (folder / name).unlink()
    journal.unlink()


def _sha256(path: Path) -> str | None:
    """Compute the file's SHA-256; None where there is no file."""
    if not path.is_file():
        return None
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _write(target: Path, content: bytes) -> None:
    """Put `content` in the place of `target` in one step: a crash leaves the old file or the new one, whole."""
    part = target.with_name(_PART)
    try:
        with part.open("wb") as file:
            file.write(content)
            file.flush()
            # A rename may reach the disk before the bytes do: then a power cut would leave an empty file.
            os.fsync(file.fileno())
        os.replace(part, target)  # noqa: PTH105 - the tests count the steps of `os`
    except BaseException:
        with contextlib.suppress(OSError):
            part.unlink(missing_ok=True)
        raise
    _sync_folder(target.parent)


def _sync_folder(folder: Path) -> None:
    # Windows cannot open a folder.
    if sys.platform == "win32":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


@contextlib.contextmanager
def _turn(folder: Path) -> Iterator[None]:
    """Hold a lock on `folder`, so that two processes that add to it take turns. It goes with the process."""
    if sys.platform == "win32":
        yield
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)
