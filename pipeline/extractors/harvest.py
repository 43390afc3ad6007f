"""What extractors share: the context they work in, and the basket they put their findings into."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from pipeline.language.amount_grammar import OPENING_BRACKETS
from pipeline.language.amounts import FoundAmount, Scale, Vocabulary, amount_on_scale, find_amounts
from pipeline.language.folding import fold_same_length
from pipeline.records import Content, Doubt, Furniture, OpenGroup, Record, SlideReading

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pipeline.layout.lines import Segment
    from pipeline.layout.outline import Entry
    from pipeline.layout.slide import Slide
    from pipeline.organizations import OrganizationRegistry
    from pipeline.passage import Passage
    from pipeline.profiles import Profile, SlideKind

_NUMBERS_PER_PAGE = 100_000


@dataclass(frozen=True)
class Context:
    """What an extractor may know besides the slide: the profile, the slide's kind in it, the words of amounts, the bodies."""

    profile: Profile
    kind: SlideKind
    vocabulary: Vocabulary
    organizations: OrganizationRegistry
    scale: Scale | None = None
    """The unit that the slide declares for its bare numbers, where it does."""
    table_cells: frozenset[Segment] = frozenset()
    """What stands in cells of the slide's table and is no amount: lists of the bodies its rows belong to, signs for nothing."""
    beside: tuple[tuple[str, ...], ...] = ()
    """The lines of the deck's other slides of this kind, a slide each: a table goes on over several."""

    def amounts(self, text: str) -> tuple[FoundAmount, ...]:
        """The amounts of money in a text, in the deck's currency where they name none."""
        return find_amounts(text, self.vocabulary, self.profile.currency)

    def amounts_in_cell(self, text: str) -> tuple[FoundAmount, ...]:
        """The amounts in a cell of a table: those in its text, or else its bare number in the unit the slide declares."""
        found = self.amounts(text)
        if found or self.scale is None:
            return found
        printed = text.strip()
        amount = amount_on_scale(printed, self.scale, self.vocabulary)
        if amount is None:
            return ()
        start = len(text) - len(text.lstrip())
        bracket = printed[0] if fold_same_length(printed[0]) in OPENING_BRACKETS else ""
        return (FoundAmount(start, start + len(printed), amount, bracket),)


@dataclass
class Harvest:
    """Collects the records, furniture and doubts of one slide."""

    slide: Slide
    kind: str
    records: list[Record] = field(default_factory=list)
    furniture: list[Furniture] = field(default_factory=list)
    doubts: list[Doubt] = field(default_factory=list)
    open_groups: list[OpenGroup] = field(default_factory=list)

    @property
    def page(self) -> int:
        """The number of the slide's page."""
        return self.slide.page.number

    def add(self, table: str, fields: Mapping[str, Content]) -> int:
        """A new record; its number is returned, for references to it."""
        number = self.page * _NUMBERS_PER_PAGE + len(self.records)
        self.records.append(Record(number, table, self.page, dict(fields)))
        return number

    def discard(self, passage: Passage, reason: str) -> None:
        """Notes printed text that carries no data of its own."""
        if passage:
            self.furniture.append(Furniture(passage, reason))

    def discard_marker(self, entry: Entry) -> None:
        """Notes the bullet of an entry."""
        self.discard(entry.marker_passage, "bullet")

    def doubt(self, kind: str, subject: str, message: str, *, settled: bool = True) -> None:
        """Notes what could not be settled from the page, or how it was."""
        self.doubts.append(Doubt(kind, subject, message, settled))

    def reading(self) -> SlideReading:
        """Everything collected, with the slide's own title and frame."""
        title = self.slide.title
        furniture = [Furniture(title, "title")] if title else []
        return SlideReading(
            page=self.page,
            kind=self.kind,
            title=title.text,
            records=tuple(self.records),
            furniture=(*furniture, *self.slide.furniture, *self.furniture),
            doubts=tuple(self.doubts),
            open_groups=tuple(g for g in self.open_groups if g.items),
        )
