"""Which documents of a run are editions of one deck, as far as that is known before any is read.

An edition is compared with the earlier ones of its deck, so one that is read before they are in their places is read
again. The manifest knows documents by their bytes, and so do the editions that stand: those are read when their turn has
come. Only documents that have the name of such a one are looked at, so that a run need not read through all of its
documents before it begins.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from pipeline.editions import edition_order
from pipeline.workshop import file_sha256

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from pipeline.many.documents import Document
    from pipeline.many.results import EditionKey
    from pipeline.standing import StandingEditions
    from pipeline.workshop import Workshop


@dataclass(frozen=True)
class KnownOrder:
    """What is known of documents, by their numbers, before they are read.

    `digests` are the SHA-256 of those that were looked at, empty where a file cannot be read, and `keys` deck and edition
    of those that are known. `after` is the last of the earlier editions of their deck, if these all come before them.
    Where one of these comes after them, or is itself read at the end, they are `at_the_end`.
    """

    keys: Mapping[int, EditionKey] = field(default_factory=dict)
    digests: Mapping[int, str] = field(default_factory=dict)
    after: Mapping[int, int] = field(default_factory=dict)
    at_the_end: frozenset[int] = frozenset()


def known_order(documents: Sequence[Document], workshop: Workshop, standing: StandingEditions) -> KnownOrder:
    """What is known of the documents of this machine. Raises ManifestError and ProfileError."""
    deck, edition = workshop.options.deck, workshop.options.edition
    if len(documents) == 1 or edition is not None or (deck is not None and workshop.is_generic(deck)):
        return KnownOrder()
    names = {entry.file for entry in workshop.manifest.sources} | {
        place.source_file
        for name in standing.decks()
        if not workshop.is_generic(name)
        for place in standing.of_deck(name)
    }
    keys: dict[int, EditionKey] = {}
    digests: dict[int, str] = {}
    for number, document in enumerate(documents):
        if document.error is None and not document.is_remote and document.name in names:
            digests[number] = file_sha256(document.path)
            key = _key_of(digests[number], workshop, standing)
            if key is not None:
                keys[number] = key
    after, at_the_end = _order_of(keys)
    return KnownOrder(keys, digests, after, at_the_end)


def _key_of(digest: str, workshop: Workshop, standing: StandingEditions) -> EditionKey | None:
    """The deck and edition of these bytes, if exactly one is known and its deck is compared from edition to edition."""
    wanted = workshop.options.deck
    entry = workshop.entries_by_sha256.get(digest)
    if entry is not None:
        found = [(wanted or entry.deck, entry.edition)]
    else:
        found = [(p.deck, p.edition) for p in standing.made_from(digest) if wanted in (None, p.deck)]
    return found[0] if len(found) == 1 and not workshop.is_generic(found[0][0]) else None


def _order_of(keys: Mapping[int, EditionKey]) -> tuple[dict[int, int], frozenset[int]]:
    """`after` and `at_the_end` of `KnownOrder`."""
    decks: dict[str, dict[tuple[tuple[int, str], ...], list[int]]] = {}
    for number, (deck, edition) in keys.items():
        decks.setdefault(deck, {}).setdefault(tuple(edition_order(edition)), []).append(number)
    after: dict[int, int] = {}
    at_the_end: set[int] = set()
    for editions in decks.values():
        last, is_late = -1, False
        for _, numbers in sorted(editions.items()):
            is_late = is_late or min(numbers) < last
            if is_late:
                at_the_end.update(numbers)
            elif last >= 0:
                after |= dict.fromkeys(numbers, last)
            last = max(last, *numbers)
    return after, frozenset(at_the_end)
