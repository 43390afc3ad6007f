"""The editions that stand in a folder, looked through once a run: what each was made from, and which come before which.

Looking at every edition for every document would take a time that grows with the square of their number. An index is
built in one pass, and whoever writes an edition says so.
"""

from __future__ import annotations

import csv
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pipeline.editions import EarlierEdition, edition_order, list_editions, package_sha256, read_whole
from pipeline.errors import DamagedEditionError
from pipeline.model import Edition

if TYPE_CHECKING:
    from pathlib import Path


@dataclass(frozen=True, slots=True)
class StandingEdition:
    """One edition, its folder, and what it says it was made from; empty texts where it says nothing."""

    deck: str
    edition: str
    path: Path
    source_file: str
    source_sha256: str
    inputs_sha256: str


class StandingEditions:
    """An index of the editions `root/<deck>/<edition>/`.

    Digests of what an edition says are kept until that edition is noted anew. An index knows nothing of what others
    write into the folder meanwhile.
    """

    def __init__(self, root: Path) -> None:
        self.root = root
        self._all: dict[tuple[str, str], StandingEdition] = {}
        self._made_from: dict[str, list[tuple[str, str]]] = {}
        self._of_deck: dict[str, list[str]] = {}
        self._digests: dict[tuple[str, str], str | None] = {}
        for place in list_editions(root):
            self.note(place.deck, place.edition)

    def __len__(self) -> int:
        return len(self._all)

    def at(self, deck: str, edition: str) -> StandingEdition | None:
        """The edition of that name, if it stands."""
        return self._all.get((deck, edition))

    def made_from(self, source_sha256: str) -> list[StandingEdition]:
        """The editions made from these bytes, by deck and edition."""
        return [self._all[key] for key in sorted(self._made_from.get(source_sha256, ()))]

    def decks(self) -> list[str]:
        """The decks of which an edition stands."""
        return sorted(self._of_deck)

    def of_deck(self, deck: str) -> list[StandingEdition]:
        """The editions of a deck, oldest first."""
        return [self._all[deck, name] for name in sorted(self._of_deck.get(deck, ()), key=edition_order)]

    def earlier(self, deck: str, edition: str) -> list[EarlierEdition]:
        """The whole editions of `deck` that are earlier than `edition`, oldest first, as `earlier_editions` gives them."""
        order = edition_order(edition)
        return [
            EarlierEdition(place.edition, place.path, digest)
            for place in self.of_deck(deck)
            if edition_order(place.edition) < order and (digest := self._digest((deck, place.edition))) is not None
        ]

    def note(self, deck: str, edition: str) -> StandingEdition:
        """Take in an edition that stands there now, or stands there anew."""
        key = (deck, edition)
        new = _seen(self.root / deck / edition)
        before = self._all.get(key)
        if before is not None:
            self._made_from[before.source_sha256].remove(key)
        else:
            self._of_deck.setdefault(deck, []).append(edition)
        self._made_from.setdefault(new.source_sha256, []).append(key)
        self._all[key] = new
        self._digests.pop(key, None)
        return new

    def _digest(self, key: tuple[str, str]) -> str | None:
        if key not in self._digests:
            try:
                self._digests[key] = package_sha256(self._all[key].path)
            except DamagedEditionError:
                self._digests[key] = None
        return self._digests[key]


def standing_at(root: Path, deck: str, edition: str) -> StandingEdition | None:
    """The edition of that name in `root`, if there is such a folder, without looking at any other."""
    path = root / deck / edition
    return _seen(path) if path.is_dir() else None


def _seen(path: Path) -> StandingEdition:
    said = said_of_itself(path)
    made_from = (said.get(name, "") for name in ("source_file", "source_sha256", "inputs_sha256"))
    return StandingEdition(path.parent.name, path.name, path, *made_from)


def said_of_itself(edition: Path) -> dict[str, str]:
    """The row that an edition has of itself, as text, without reading its other tables; nothing where there is none."""
    try:
        with (edition / "data" / "editions.csv").open(encoding="utf-8", newline="") as file:
            return {k: v or "" for k, v in next(csv.DictReader(file), {}).items() if k is not None}
    except (OSError, UnicodeDecodeError, csv.Error):
        return {}


def read_standing(place: StandingEdition) -> Edition:
    """The edition that stands there. Raises DamagedEditionError where it is not whole: see `editions.read_whole`."""
    tables, checks = read_whole(place.path)
    return Edition(place.deck, place.edition, str(tables["editions"][0]["title"] or ""), tables, checks)
