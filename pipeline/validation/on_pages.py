"""An edition's evidence and its pages' words by place: looked up by many checks, made once."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from pipeline.validation.placed import PlacedEvidence, place_evidence
from pipeline.validation.words_in_boxes import WordsInBoxes

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from pipeline.model import Document
    from pipeline.validation.figures import Tables
    from pipeline.validation.words_in_boxes import Held


@dataclass(frozen=True)
class OnPages:
    """`words` has the words of every page of the document, by its number; none where there is no document."""

    evidence: PlacedEvidence
    words: Mapping[int, WordsInBoxes]
    _held: dict[int, Sequence[Held]] = field(default_factory=dict, init=False)

    def held(self, page: int) -> Sequence[Held]:
        """What of the page's words each piece of evidence on it holds, in the order of `evidence.by_page`."""
        if page not in self._held:
            self._held[page] = self.words[page].look_up(placed.box for placed in self.evidence.by_page.get(page, ()))
        return self._held[page]


def look_up(tables: Tables, document: Document | None) -> OnPages:
    """What the checks of one edition share."""
    pages = document.pages if document is not None else ()
    return OnPages(place_evidence(tables), {page.number: WordsInBoxes(page) for page in pages})
