"""The extraction repeated with other tolerances: what comes out differently hung by a hair.

Tolerances are moved by a fixed part, never by chance, so that the same document always gives the same verdicts. A quick
look moves all of them at once and cuts the words into lines, columns and records anew; a thorough one also moves each by
itself, and reads the file again for those that glyphs are put together with.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pipeline.errors import PolicydeckError
from pipeline.reading.pdf import read_document
from pipeline.recognising import recognise_again
from pipeline.tolerances import Move, known_tolerances, moved
from pipeline.validation.stability import Repeat

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Sequence
    from pathlib import Path

    from pipeline.model import Document
    from pipeline.recognising import RecognisedDeck
    from pipeline.records import SlideReading

    Extract = Callable[[RecognisedDeck], Sequence[SlideReading]]

JITTER = 0.1
"""The part of itself that a tolerance is moved by, to either side."""

_FACTORS = ((1 - JITTER, f"{JITTER:.0%} smaller"), (1 + JITTER, f"{JITTER:.0%} larger"))


@dataclass(frozen=True)
class Source:
    """A document as it was read, recognised, and where it can be read again."""

    path: Path
    password: str | None
    document: Document
    recognised: RecognisedDeck


def repeats(source: Source, pages: Collection[int], extract: Extract, *, thorough: bool) -> Iterator[Repeat]:
    """The readings of `pages` under moved tolerances, in a fixed order."""
    for factor, how in _FACTORS:
        every = "every tolerance" if thorough else "every tolerance of the layout"
        yield _repeat(source, pages, extract, Move(factor), f"{every} {how}", anew=thorough)
    if not thorough:
        return
    for tolerance in known_tolerances():
        for factor, how in _FACTORS:
            move = Move(factor, tolerance.name)
            yield _repeat(source, pages, extract, move, f"the {tolerance.name} {how}", anew=tolerance.in_reading)


def _repeat(source: Source, pages: Collection[int], extract: Extract, move: Move, how: str, *, anew: bool) -> Repeat:
    with moved(move):
        try:
            document = read_document(source.path, source.password) if anew else source.document
            readings = extract(recognise_again(source.recognised, document, pages))
        except PolicydeckError as error:
            return Repeat(how, failure=str(error))
        except Exception as error:
            # The reading itself succeeded. That it breaks under other tolerances is what is to be said of it.
            # Its message may name an address in memory or a place on this machine, and goes into a file.
            return Repeat(how, failure=type(error).__name__)
    return Repeat(how, tuple(readings))
