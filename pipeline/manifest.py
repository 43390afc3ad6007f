"""The manifest `source_pdfs/sources.yaml`: what each document is, where it comes from and what it must state.

Reading it gives frozen values; changing it edits the text in place, so that comments, order and layout of a file that
people write in stay byte for byte. The edited text is read back and compared with what it should say before anybody
gets it: an edit gives the right text or an error. Putting files into the folder is in `adding`.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Annotated, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from pipeline import yaml_files
from pipeline.check_sentences import PinnedFigure
from pipeline.errors import ManifestError

if TYPE_CHECKING:
    from pathlib import Path

MANIFEST_NAME = "sources.yaml"
"""The manifest's name inside the folder of documents."""

Text = Annotated[str, Field(min_length=1)]
Deck = Annotated[str, Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")]
Edition = Annotated[str, Field(pattern=r"^[A-Za-z0-9]+([._-][A-Za-z0-9]+)*$")]
"""An edition names a folder, so it has letters, digits and single hyphens, dots or underscores between them."""

Language = Annotated[str, Field(pattern=r"^[a-z]{2,3}$")]
Sha256 = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]

LINE_WIDTH = 110
"""The width at which a new entry's long texts are broken."""

_INDENT = 2
_NOT_IN_NAMES = re.compile(r'[\\/:*?"<>|\x00-\x1f\x7f]')
_PLAIN_SCALAR = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")


class _Strict(BaseModel):
    # An edition written as 2025 is a number to YAML; it is a name here.
    model_config = ConfigDict(extra="forbid", frozen=True, coerce_numbers_to_str=True)


class License(_Strict):
    """Terms under which a document may be used: a name of the Open Definition's list, a title, an address."""

    name: Text
    title: str = ""
    path: str = ""


class SourceEntry(_Strict):
    """One document in the folder.

    `file` is a plain name inside the folder. `figures` are what the document must state. `status` is "not shipped"
    where the file is no part of the project, so that it can be absent in a fresh clone.
    """

    file: Text
    deck: Deck
    edition: Edition
    title: Text
    publisher: str = ""
    language: Language
    sha256: Sha256
    note: str = ""
    licenses: tuple[License, ...] = ()
    figures: tuple[PinnedFigure, ...] = ()
    status: Literal["shipped", "not shipped"] = "shipped"

    @field_validator("file")
    @classmethod
    def _is_plain(cls, value: str) -> str:
        if not is_plain_name(value):
            raise ValueError(
                "a file is a plain name inside the folder, without a path, a leading dot or reserved characters"
            )
        return value

    @property
    def pinned(self) -> tuple[PinnedFigure, ...]:
        """The figures that the document must state."""
        return self.figures

    @property
    def name(self) -> str:
        """Deck and edition as the command line takes them."""
        return f"{self.deck}/{self.edition}"


class KnownDocument(_Strict):
    """An official document that is known by its SHA-256 and not shipped."""

    title: Text
    publisher: Text
    deck: Deck
    edition: Edition
    language: Language
    sha256: Sha256
    note: str = ""


class Manifest(_Strict):
    """All entries, in the file's order. Empty where there is no file."""

    sources: tuple[SourceEntry, ...] = ()
    known: tuple[KnownDocument, ...] = ()

    @field_validator("sources", "known", mode="before")
    @classmethod
    def _nothing_is_empty(cls, value: object) -> object:
        return () if value is None else value

    def entry_for(
        self, *, sha256: str | None = None, file: str | None = None, deck: str | None = None, edition: str | None = None
    ) -> SourceEntry | None:
        """Find the first entry that has everything that is given, or None. Raises TypeError where nothing is given."""
        wanted = {"sha256": sha256, "file": file, "deck": deck, "edition": edition}
        wanted = {key: value for key, value in wanted.items() if value is not None}
        if not wanted:
            raise TypeError("entry_for needs at least one of sha256, file, deck and edition")
        return next((e for e in self.sources if all(getattr(e, k) == v for k, v in wanted.items())), None)

    def known_document(self, sha256: str) -> KnownDocument | None:
        """Find the official document with these bytes, or None."""
        return next((k for k in self.known if k.sha256 == sha256), None)


def is_plain_name(name: str) -> bool:
    """Whether `name` names a file inside a folder on every system: no path, not hidden, no reserved character."""
    return not (
        not name
        or _NOT_IN_NAMES.search(name)
        or name.startswith(".")
        or name.endswith(".")
        or name != name.strip()
        or name.casefold() == MANIFEST_NAME
    )


def load_manifest(path: Path) -> Manifest:
    """Read the manifest in `path`; an empty one where there is no such file.

    Raises ManifestError naming file, line and key where it is malformed or has an unknown key, where a file's name is
    not a plain one, and where a file, a document or a deck's edition stands twice.
    """
    if not path.exists():
        return Manifest()
    data, lines = yaml_files.load(path, ManifestError)
    manifest = yaml_files.validated(Manifest, {} if data is None else data, lines, path, ManifestError)
    _refuse_doubles(manifest, lines, path)
    return manifest


def with_entry(text: str, manifest: Manifest, entry: SourceEntry, name: str = MANIFEST_NAME) -> str:
    """Put `entry` behind the last source of `text`, which says `manifest`; the rest stays byte for byte as it was.

    Raises ManifestError, calling the file `name`, where its layout admits no such edit.
    """
    root = yaml.compose(text, Loader=yaml.SafeLoader)
    node = _value_of(root, "sources")
    line_break = "\r\n" if "\r\n" in text else "\n"
    if isinstance(node, yaml.SequenceNode) and node.value and not node.flow_style:
        start, dash = _behind(text, node), node.start_mark.column
        new = line_break + _rendered(entry, dash, line_break)
    elif node is None:
        start = len(text)
        new = (line_break if text.strip() else "") + "sources:" + line_break + _rendered(entry, _INDENT, line_break)
    else:
        # The list is written as nothing, `null` or `[]`.
        key = text[: node.start_mark.index].rstrip(" ")
        text = key + text[node.end_mark.index :]
        start = _line_end(text, len(key))
        new = _rendered(entry, _INDENT, line_break)
    before = text[:start]
    if before.strip() and not before.endswith("\n"):
        before += line_break
    expected = manifest.model_copy(update={"sources": (*manifest.sources, entry)})
    return _verified(before + new + text[start:], expected, name)


def with_file(text: str, manifest: Manifest, entry: SourceEntry, name: str = MANIFEST_NAME) -> str:
    """Put the file and SHA-256 of `entry` into its deck's and edition's entry in `text`, which says `manifest`.

    Raises ManifestError, calling the file `name`, where its layout admits no such edit, and LookupError where there is
    no such entry.
    """
    place = next(
        (i for i, e in enumerate(manifest.sources) if (e.deck, e.edition) == (entry.deck, entry.edition)), None
    )
    if place is None:
        raise LookupError(entry.name)
    sources = _value_of(yaml.compose(text, Loader=yaml.SafeLoader), "sources")
    mapping = sources.value[place] if isinstance(sources, yaml.SequenceNode) else None
    changes = [(_value_of(mapping, "file"), entry.file), (_value_of(mapping, "sha256"), entry.sha256)]
    spans = [(n.start_mark.index, n.end_mark.index, value) for n, value in changes if n is not None]
    for start, end, value in sorted(spans, reverse=True):
        text = text[:start] + _scalar(value) + text[end:]
    changed = manifest.sources[place].model_copy(update={"file": entry.file, "sha256": entry.sha256})
    sources_now = (*manifest.sources[:place], changed, *manifest.sources[place + 1 :])
    return _verified(text, manifest.model_copy(update={"sources": sources_now}), name)


def _refuse_doubles(manifest: Manifest, lines: dict[yaml_files.Place, int], path: Path) -> None:
    seen: dict[tuple[str, str], int] = {}
    for i, entry in enumerate(manifest.sources):
        # Names are told apart as on a system that does not tell case apart. A deck and an edition joined by a hyphen
        # name the file of corrections, so two editions may not be joined to the same.
        claims = {
            ("file", entry.file.casefold()): f"the file {entry.file}",
            ("edition", f"{entry.deck}-{entry.edition}".casefold()): f"the edition {entry.name}",
            ("sha256", entry.sha256): f"the document {entry.sha256[:12]}…",
        }
        for (key, value), what in claims.items():
            _refuse_double(seen, (key, value), what, lines.get(("sources", i, key), 1), path)
    seen = {}
    for i, known in enumerate(manifest.known):
        what = f"the document {known.sha256[:12]}…"
        _refuse_double(seen, ("sha256", known.sha256), what, lines.get(("known", i, "sha256"), 1), path)


def _refuse_double(seen: dict[tuple[str, str], int], claim: tuple[str, str], what: str, line: int, path: Path) -> None:
    if claim in seen:
        raise ManifestError(
            f"{path.name}, line {line}: {claim[0]}: {what} stands on line {seen[claim]} already.",
            "Remove one of the two entries, or give each its own.",
        )
    seen[claim] = line


def _value_of(node: yaml.Node | None, key: str) -> yaml.Node | None:
    if not isinstance(node, yaml.MappingNode):
        return None
    return next((value for name, value in node.value if name.value == key), None)


def _behind(text: str, sources: yaml.SequenceNode) -> int:
    """Find the start of the line behind the last entry and the comments that belong to it."""
    node: yaml.Node = sources
    # A block's own end mark stands behind the comments that follow it, which may be about what comes next.
    while isinstance(node, yaml.CollectionNode) and node.value and not node.flow_style:
        last = node.value[-1]
        node = last[1] if isinstance(last, tuple) else last
    end: int = node.end_mark.index
    if isinstance(node, yaml.ScalarNode) and node.style in ("|", ">"):
        end = len(text[:end].rstrip())
    position = _line_end(text, end)
    inside = re.compile(rf"[ ]{{{sources.start_mark.column + 1},}}#")
    while inside.match(text, position):
        position = _line_end(text, position)
    return position


def _line_end(text: str, position: int) -> int:
    """Find the start of the line behind the one that `position` is on, or the text's end."""
    found = text.find("\n", position)
    return len(text) if found < 0 else found + 1


def _rendered(entry: SourceEntry, dash: int, line_break: str) -> str:
    """Write the entry as an item of a block list whose dashes stand in column `dash`."""
    data = entry.model_dump(mode="json", exclude_defaults=True)
    for figure in data.get("figures", ()):
        value = str(figure["value"])
        figure["value"] = int(value) if value.isdigit() else value
    dumped = yaml.safe_dump([data], sort_keys=False, allow_unicode=True, width=LINE_WIDTH - dash)
    return "".join(" " * dash + line + line_break if line else line_break for line in dumped.splitlines())


def _scalar(value: str) -> str:
    is_plain = _PLAIN_SCALAR.fullmatch(value) and yaml.safe_load(value) == value
    return value if is_plain else json.dumps(value, ensure_ascii=False)


def _verified(text: str, expected: Manifest, name: str) -> str:
    """Give back `text`, which must say what is `expected`."""
    try:
        said = Manifest.model_validate(yaml.safe_load(text))
    except (yaml.YAMLError, ValidationError) as error:
        raise _not_editable(name) from error
    if said != expected:
        raise _not_editable(name)
    return text


def _not_editable(name: str) -> ManifestError:
    return ManifestError(
        f"{name}: the list under sources is laid out in a way that an entry cannot be written into.",
        'Write each entry on lines of its own, beginning with "- file:", and try again.',
    )
