"""A column of a budget as entries with their cells, and what its headings and items look like."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from pipeline.extractors.figures import BudgetYear, budget_year_of
from pipeline.extractors.heading_marks import headed_by_ink
from pipeline.extractors.item_text import ItemText, is_ornamented
from pipeline.extractors.item_text import read_item as read_item_text
from pipeline.layout.column_lines import SUB_INDENT, is_set_off
from pipeline.values import value

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pipeline.extractors.harvest import Context
    from pipeline.layout.lines import Segment, Style
    from pipeline.layout.outline import Entry
    from pipeline.model import Panel
    from pipeline.passage import Passage


@value(slots=False, eq=False)
class Cell:
    """Amounts that stand together: a passage, its segments, and the budget its column's head names, if any.

    `shared` says that a brace gives it to several items.
    """

    passage: Passage
    segments: tuple[Segment, ...]
    shared: bool = False
    head: BudgetYear | None = None


@value(slots=False)
class Styles:
    """What headings look like on this slide, learned from all its columns."""

    body: Style | None
    category: tuple[bool, float, bool, str | None] | None
    heading_markers: frozenset[str]
    outdented: bool = False
    """Whether categories are set like items and only begin further left."""
    heading_fills: frozenset[str] = frozenset()
    """The colours of the bands that headings stand on, where their text is set like any other."""
    groups_alike: bool = False
    """Whether groups are set like categories, which then are known by their amounts alone."""


@dataclass
class ColumnText:
    """A column as entries from the top, the cells of each, and what could not be given to any."""

    entries: list[Entry]
    cells: Mapping[int, tuple[Cell, ...]]
    flows: Mapping[int, Passage]
    unowned: list[Cell]
    styles: Styles
    base: float
    base_start: float
    context: Context
    preamble: list[Segment] = field(default_factory=list)
    head_line: list[Segment] = field(default_factory=list)
    labels: dict[int, Panel] = field(default_factory=dict)
    """The boxes of the labels among the entries, by the entry's identity."""
    groups: set[int] = field(default_factory=set)
    """The entries (by identity) that label a group's rows from beside them."""
    items: dict[int, ItemText] = field(default_factory=dict)
    """What `read_item` made of each entry, by the entry's identity; it does not depend on the styles."""
    headings: dict[int, bool] = field(default_factory=dict)
    """What `is_heading` said of each entry, by the entry's identity."""

    @cached_property
    def outermost(self) -> list[Entry]:
        """The entries without a bullet that begin furthest left, where others are set in behind them."""
        plain = [e for e in self.entries if e.marker is None and id(e) not in self.labels]
        if not plain:
            return []
        edge = min(e.start for e in plain)
        return [e for e in plain if e.start - edge <= 0.3 * e.style.size]

    def cells_of(self, entry: Entry) -> tuple[Cell, ...]:
        """The cells that stand beside the entry."""
        return self.cells.get(id(entry), ())

    def flow_of(self, entry: Entry) -> Passage:
        """The entry's text without the amounts that stand in cells of their own."""
        return self.flows[id(entry)]

    def is_heading(self, entry: Entry) -> bool:
        """Whether the entry heads others: set off, ornamented, with a heading's bullet, or in another colour."""
        said = self.headings.get(id(entry))
        if said is None:
            said = self.headings[id(entry)] = self._is_heading(entry)
        return said

    def _is_heading(self, entry: Entry) -> bool:
        if id(entry) in self.labels or id(entry) in self.groups:
            return True
        if self.styles.outdented and entry.marker is None and entry in self.outermost:
            return True
        if entry.marker is not None and entry.marker.text not in self.styles.heading_markers:
            return False
        if entry.marker is not None or band_of(entry) in self.styles.heading_fills:
            return True
        if is_set_off(entry.lines[0], self.styles.body) or is_ornamented(entry.passage.raw.strip()):
            return True
        return entry in self._in_other_ink and not read_item(entry, self).amounts

    @cached_property
    def _in_other_ink(self) -> frozenset[Entry]:
        return headed_by_ink(self.entries, self.styles.body)

    def is_category(self, entry: Entry, item: ItemText) -> bool:
        """A heading with amounts of its own, or set like those that have them."""
        if not self.is_heading(entry):
            return False
        if self.labels:
            return id(entry) in self.labels
        if self.styles.outdented:
            return entry in self.outermost
        look = heading_look(entry)
        if self.styles.category is None:
            return bool(item.amounts)
        if look == self.styles.category and not self.styles.groups_alike:
            return True
        if not item.amounts:
            return False
        # A head of several lines stands in a frame too high for a band.
        return look[1:] == self.styles.category[1:] or look[:2] >= (
            self.styles.category[0],
            0.94 * self.styles.category[1],
        )

    def top_of(self, entry: Entry) -> float:
        """Where what the entry heads begins: at the top of its label or band, or at its own."""
        if id(entry) in self.labels:
            return self.labels[id(entry)].box.top
        return entry.frame.box.top if entry.frame is not None and entry.lines[0].banded else entry.box.top

    def is_sub_item(self, entry: Entry) -> bool:
        """Whether the entry is set in behind the column's other items."""
        size = entry.style.size
        if entry.start - self.base_start <= SUB_INDENT * size:
            # A bullet under items that have none may stand where their text begins.
            level = entry.marker is not None and entry.marker.text not in self._marks and not self.usual_marker
            return level and entry.start >= self.base_start and entry.x0 - self.base > SUB_INDENT * size
        if entry.x0 - self.base > SUB_INDENT * size:
            return True
        # A narrow bullet of another kind, set in: its text may begin no further right than that behind a wide one.
        other = entry.marker is not None and entry.marker.text not in (self.usual_marker, *self._marks)
        return other and self.base - entry.x0 < SUB_INDENT * size

    @cached_property
    def usual_marker(self) -> str:
        """The bullet that most items have; empty where they have none."""
        counts = Counter(e.marker.text if e.marker else "" for e in self.entries if not self.is_heading(e))
        return max(counts, key=lambda m: (counts[m], m)) if counts else ""

    @property
    def _marks(self) -> tuple[str, ...]:
        return self.context.profile.marks.of_items


def band_of(entry: Entry) -> str | None:
    """The colour of the band behind an entry without a bullet."""
    banded = entry.marker is None and entry.lines[0].banded and entry.frame is not None
    return entry.frame.fill if banded and entry.frame is not None else None


def heading_look(entry: Entry) -> tuple[bool, float, bool, str | None]:
    """How a heading is set, comparable: on a band or not, size, weight, colour."""
    line = entry.lines[0]
    return line.banded, round(line.lead.size, 1), line.lead.bold, line.lead.colour


def read_item(entry: Entry, text: ColumnText) -> ItemText:
    """The entry's name, marks and amounts."""
    known = text.items.get(id(entry))
    if known is None:
        known = read_item_text(entry, text.flow_of(entry), text.cells_of(entry), text.context)
        text.items[id(entry)] = known
    return known


def states_figure(entry: Entry, text: ColumnText) -> bool:
    """Whether a heading states a budget's total: it names the year and has an amount."""
    return (
        text.is_heading(entry)
        and budget_year_of(entry.text, text.context.profile.budgets) is not None
        and bool(read_item(entry, text).amounts)
    )
