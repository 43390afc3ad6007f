"""A deck read once, so that it can be checked again with a fault in what was read.

A fault is planted into the document as the reader gave it or into the records as the extractors gave them; everything
after that place runs as in a real run. What does not depend on a fault is kept: the second reader's reading of the real
PDF (every page), and camelot's cells.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING
from unittest.mock import patch

from pipeline import __version__
from pipeline.edition_checks import Asked, ask_for_cells, ask_for_glyphs, checks_of
from pipeline.edition_reading import settled_by
from pipeline.errors import PolicydeckError
from pipeline.extracting import extract
from pipeline.model import Box
from pipeline.normalising import normalise
from pipeline.reading import lattice, second_reader
from pipeline.reading.pdf import read_document
from pipeline.recognising import recognise
from pipeline.run import entry_of
from pipeline.workshop import Options, Workshop

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pipeline.manifest import SourceEntry
    from pipeline.model import Check, Document, Row
    from pipeline.reading.lattice import LatticeCell
    from pipeline.reading.second_reader import SecondReading
    from pipeline.recognising import RecognisedDeck
    from pipeline.records import SlideReading

PROJECT = Path(__file__).parents[2]

Tables = dict[str, list["Row"]]


@dataclass(frozen=True)
class Deck:
    """One deck as read: `readings` are its slides, `tables` and `checks` what they give without any fault."""

    name: str
    path: Path
    workshop: Workshop
    source: SourceEntry | None
    recognised: RecognisedDeck
    readings: tuple[SlideReading, ...]
    second: SecondReading
    tables: Tables
    checks: tuple[Check, ...]


@dataclass(frozen=True)
class Outcome:
    """What came of a deck with a fault in it. `refused` is the error of a deck that could not be read at all any more."""

    tables: Tables
    checks: tuple[Check, ...]
    refused: str = ""


@cache
def read_deck(path: Path, output: Path = Path("no editions")) -> Deck:
    """Read a deck with the project's manifest and profiles; nothing is known of earlier editions (`output` is empty)."""
    workshop = Workshop(Options(out=output, sources=PROJECT / "source_pdfs"))
    source = entry_of(path, workshop)
    recognised = recognise(read_document(path), workshop.profiles)
    readings = tuple(extract(recognised, workshop))
    pages = {page.number: [Box(0, 0, page.width, page.height)] for page in recognised.document.pages}
    second = second_reader.second_reading(path, pages)
    if second.glyphs is None:
        raise RuntimeError(f"{path.name}: the second reader gave no reading")
    bare = Deck(path.stem, path, workshop, source, recognised, readings, second, {}, ())
    outcome = checked(bare, recognised, readings)
    return Deck(path.stem, path, workshop, source, recognised, readings, second, outcome.tables, outcome.checks)


def reread(deck: Deck, document: Document) -> Outcome:
    """The deck as if the reader had given `document`: recognised, extracted, normalised and checked anew."""
    try:
        recognised = recognise(document, deck.workshop.profiles)
        return checked(deck, recognised, tuple(extract(recognised, deck.workshop)))
    except PolicydeckError as error:
        return Outcome({}, (), str(error))


def checked(deck: Deck, recognised: RecognisedDeck, readings: Sequence[SlideReading]) -> Outcome:
    """The deck as if the extractors had given `readings`: normalised, settled and checked as in a run."""
    normalised = normalise(
        recognised.document,
        recognised.profile,
        readings,
        deck.workshop.organizations,
        deck.workshop.schemas,
        edition=deck.name,
        title=deck.name,
        version=__version__,
    )
    tables, settled = settled_by(dict(normalised.tables), normalised, None)
    tables["editions"][0]["inputs_sha256"] = "0" * 64
    with (
        patch.object(lattice, "lattice_cells", _cells),
        patch.object(second_reader, "second_reading", lambda *_given, **_named: deck.second),
    ):
        asked = Asked(
            ask_for_cells(recognised, deck.path, deck.workshop), ask_for_glyphs(tables, deck.path, deck.workshop)
        )
        found = checks_of(tables, recognised, readings, normalised.doubts, deck.source, asked, deck.workshop)
    return Outcome(tables, (*found, *settled))


_lattice_cells = lattice.lattice_cells


@cache
def _cells(path: Path, page: int, height: float, password: str | None) -> tuple[LatticeCell, ...]:
    return _lattice_cells(path, page, height, password)


def failed(checks: Sequence[Check]) -> Iterator[Check]:
    """The checks that are inconsistent, in order."""
    return (check for check in checks if check.verdict == "inconsistent")
