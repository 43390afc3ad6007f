"""One column of a budget: which text is a name, which is an amount, and which amount belongs to which name."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import pairwise
from statistics import median
from typing import TYPE_CHECKING

from pipeline.extractors.amount_layout import (
    DASHES,
    NAME_SHARE,
    amounts_are_inline,
    budgets_beside,
    ends_in_amount,
    follows,
    is_balanced,
    is_complete,
    names_and_cells,
    with_own_dash,
    without_marks,
)
from pipeline.extractors.bodies import opening_bracket
from pipeline.extractors.figures import BudgetYear, budget_year_of
from pipeline.extractors.item_text import ItemText, is_ornamented, trailing_amounts
from pipeline.extractors.item_text import read_item as read_item_text
from pipeline.language.amounts import is_amount_fragment
from pipeline.layout.outline import SUB_INDENT, Entry, Line, body_style, is_set_off, make_lines, read_entries
from pipeline.passage import Passage, join
from pipeline.tolerances import Tolerance

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from pipeline.extractors.harvest import Context
    from pipeline.extractors.side_labels import SideLabel
    from pipeline.layout.columns import Column
    from pipeline.layout.lines import Segment, Style
    from pipeline.layout.slide import Slide
    from pipeline.model import Box, Curve, Panel

EDGE_SLACK = Tolerance(0.7, "slack at the edge of amounts")
"""Amounts whose right ends differ by less than this many font sizes are aligned."""

BAND_SHARE = Tolerance(0.3, "band share of amount cells")
"""A band behind more than this part of a slide's entries is a stripe, not a heading's."""

BRACE_WIDTH = Tolerance(3.0, "width of a brace")
"""A brace is at most this many font sizes wide, and taller than a line."""


@dataclass(frozen=True, eq=False)
class Cell:
    """Amounts that stand together: a passage, its segments, and the budget its column's head names, if any.

    `shared` says that a brace gives it to several items.
    """

    passage: Passage
    segments: tuple[Segment, ...]
    shared: bool = False
    head: BudgetYear | None = None


@dataclass(frozen=True)
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
    items: dict[int, ItemText] = field(default_factory=dict)
    """What `read_item` made of each entry, by the entry's identity; it does not depend on the styles."""

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
        """Whether the entry heads others: set off, ornamented, or with a heading's bullet."""
        if id(entry) in self.labels:
            return True
        if self.styles.outdented and entry.marker is None and entry in self.outermost:
            return True
        if entry.marker is not None and entry.marker.text not in self.styles.heading_markers:
            return False
        if entry.marker is not None or _band_of(entry) in self.styles.heading_fills:
            return True
        return is_set_off(entry.lines[0], self.styles.body) or is_ornamented(entry.passage.raw.strip())

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
            return False
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
        return (*self.context.profile.marks.is_new, *self.context.profile.marks.is_ai_safety)


def _band_of(entry: Entry) -> str | None:
    """The colour of the band behind an entry without a bullet."""
    banded = entry.marker is None and entry.lines[0].banded and entry.frame is not None
    return entry.frame.fill if banded and entry.frame is not None else None


def _heading_fills(texts: Sequence[ColumnText]) -> frozenset[str]:
    """Band colours that set headings off: rare ones, never behind two entries in a row, as stripes would not be."""
    entries = [e for text in texts for e in text.entries]
    counts = Counter(fill for e in entries if (fill := _band_of(e)) is not None)
    rows = {
        fill
        for text in texts
        for a, b in pairwise(text.entries)
        if (fill := _band_of(a)) is not None and fill == _band_of(b)
    }
    return frozenset(fill for fill, n in counts.items() if n <= BAND_SHARE * len(entries) and fill not in rows)


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


def read_columns(
    columns: Sequence[Column], slide: Slide, context: Context, labels: Sequence[SideLabel] = ()
) -> list[ColumnText]:
    """Each column's entries with their cells, and with the labels beside them; styles are learned from all together."""
    inline = amounts_are_inline(columns, context)
    raw = [raw_column(column, slide, context, inline=inline) for column in columns]
    for label in labels:
        _put_label(label, columns, raw)
    styles = _learn_styles(raw, context)
    texts = [replace_styles(text, styles) for text in raw]
    _take_preambles(texts)
    return texts


def _put_label(label: SideLabel, columns: Sequence[Column], texts: Sequence[ColumnText]) -> None:
    """Puts a label before the first entry beside it, in the next column to its right."""
    beside = [i for i, column in enumerate(columns) if any(label.covers(s) for s in column.segments)]
    text = texts[min(beside, key=lambda i: columns[i].x0)]
    entry, top = label.entry, label.panel.box.top
    at = next((i for i, e in enumerate(text.entries) if e.box.middle >= top), len(text.entries))
    text.entries.insert(at, entry)
    text.flows = {**text.flows, id(entry): entry.passage}
    text.labels[id(entry)] = label.panel


def replace_styles(text: ColumnText, styles: Styles) -> ColumnText:
    """The same column, read with other styles."""
    changed = ColumnText(
        text.entries, text.cells, text.flows, text.unowned, styles, text.base, text.base_start, text.context
    )
    changed.head_line, changed.items, changed.labels = text.head_line, text.items, text.labels
    changed.base, changed.base_start = _base(changed)
    return changed


def raw_column(
    column: Column, slide: Slide, context: Context, styles: Styles | None = None, *, inline: bool = False
) -> ColumnText:
    """One column's entries with their cells; without `styles` the body's style is learned from this column alone.

    `inline` says that amounts are printed in the line of their name, so that they wrap like its words.
    """
    column = replace(column, segments=tuple(with_own_dash(s, context) for s in column.segments))
    names, cells = names_and_cells(column, context)
    if inline:
        cells = [c for c in cells if follows(c, column.segments) is None and is_complete(c, context)]
        names = [s for s in column.segments if s not in cells]
    heads, names, head_line = _column_heads(names, cells, column, context)
    lines = make_lines(names, slide.page, slide.frames)
    lines = [_limited(line, cells, context) for line in lines]
    edges = [] if inline else [s.box.x1 for s in cells]
    flows: dict[int, Passage] = {}
    split: list[Segment | Cell] = list(cells)
    for line in lines:
        flow, cut = _split_trailing(line, edges, context)
        flows[id(line)] = flow
        if cut is not None:
            split.append(cut)
    right = max((line.box.x1 for line in lines), default=column.x1)
    marks = (*context.profile.marks.is_new, *context.profile.marks.is_ai_safety)
    opening = context.profile.ministries

    def behind_bodies(line: Line) -> float | None:
        raw = line.passage.raw
        if opening is None or raw.lstrip().startswith(marks):
            return None
        found = opening_bracket(raw, opening, context.organizations)
        return line.passage[found.end :].strip().box.x0 if found is not None and raw[found.end :].strip() else None

    def is_mark(line: Line) -> bool:
        return not without_marks(line.passage.text, context).strip(DASHES) or is_amount_fragment(
            line.passage.text, context.vocabulary
        )

    def ended(entry: Sequence[Line], below: Line) -> bool:
        upper = {kind for line in entry for kind in budgets_beside(line, cells, context)}
        lower = budgets_beside(below, cells, context)
        return ends_in_amount(entry[-1], context) or bool(upper and lower and (False in lower or True in upper))

    def is_ornament(line: Line) -> bool:
        return is_ornamented(line.passage.raw.strip())

    entries = read_entries(
        lines,
        right,
        opening=behind_bodies,
        continues=is_mark,
        is_whole=is_ornament,
        ended=ended,
        rules=slide.page.rules,
    )
    owned, unowned = _assign(entries, split, slide.page.curves, heads)
    entry_flows = {id(e): join(flows[id(line)] for line in e.lines) for e in entries}
    styles = styles or Styles(body_style(lines), None, frozenset())
    text = ColumnText(entries, owned, entry_flows, unowned, styles, column.x0, column.x0, context)
    text.head_line = head_line
    return text


def _column_heads(
    names: Sequence[Segment], cells: Sequence[Segment], column: Column, context: Context
) -> tuple[list[tuple[Box, BudgetYear]], list[Segment], list[Segment]]:
    """Heads of amount columns: a year and a budget, and nothing else, above amounts and not where names begin.

    Also the names without them, and everything on the heads' line.
    """
    heads: list[tuple[Box, BudgetYear]] = []
    rest: list[Segment] = []
    bound = column.x0 + NAME_SHARE * (column.x1 - column.x0)
    for s in names:
        about = budget_year_of(s.text, context.profile.budgets) if s.start >= bound and len(s.text) < 60 else None
        below = sum(c.box.top > s.box.bottom and c.box.overlap_x(s.box) > 0 for c in cells)
        # A head has no amount beside it: a total is stated in one line with its year.
        labels = any(
            c.box.x0 >= s.box.x1 and c.box.overlap_y(s.box) > 0.5 * s.box.height and context.amounts(c.text)
            for c in column.segments
        )
        if about is not None and below >= 2 and not labels and not context.amounts(s.text):
            heads.append((s.box, about))
        else:
            rest.append(s)
    # What stands on the heads' line heads the names ("Measure"), and is no name itself.
    level = [s for s in rest if any(s.box.overlap_y(box) > 0.5 * s.box.height for box, _ in heads)]
    return heads, [s for s in rest if s not in level], [s for s in names if s not in rest or s in level]


def _limited(line: Line, cells: Iterable[Segment], context: Context) -> Line:
    """The line with the place where an amount at its end, or to its right, begins."""
    beside = [c.box.x0 for c in cells if c.box.x0 >= line.box.x1 and c.box.overlap_y(line.box) > 0.5 * c.box.height]
    trailing = trailing_amounts(line.passage, context, complete=True)
    if trailing and trailing[0].start > 0:
        beside.append(line.passage[trailing[0].start :].box.x0)
    return replace(line, limit=min(beside)) if beside else line


def _split_trailing(line: Line, edges: Sequence[float], context: Context) -> tuple[Passage, Cell | None]:
    """A line's text, and the amounts at its end where they end in line with the cells of the column."""
    passage = line.passage
    if not any(abs(edge - line.box.x1) <= EDGE_SLACK * line.size for edge in edges):
        return passage, None
    found = trailing_amounts(passage, context, complete=True)
    if not found or found[0].start == 0:
        return passage, None
    start = found[0].start
    cut = passage[start:].strip()
    if not (is_balanced(cut.raw) and is_balanced(passage.raw[:start])):
        return passage, None  # the rest of the amount stands on the next line
    return passage[:start].strip(), Cell(cut, line.segments[-1:])


def _assign(
    entries: Sequence[Entry],
    pieces: Sequence[Segment | Cell],
    curves: Sequence[Curve],
    heads: Sequence[tuple[Box, BudgetYear]],
) -> tuple[dict[int, tuple[Cell, ...]], list[Cell]]:
    """Cells given to entries: by a brace, or by the lines they stand on."""
    owned: dict[int, list[Cell]] = defaultdict(list)
    loose = [p if isinstance(p, Cell) else Cell(p.passage, (p,)) for p in pieces]
    for brace in _braces(curves, entries):
        beside = [
            c for c in loose if c.passage.box.x0 >= brace.x0 and brace.top <= c.passage.box.middle <= brace.bottom
        ]
        joined = [e for e in entries if e.box.overlap_y(brace) > 0.5 * e.box.height and e.x0 < brace.x0]
        if beside and len(joined) > 1:
            loose = [c for c in loose if c not in beside]
            shared = replace(_joined(beside, heads)[0], shared=True)
            for e in joined:
                owned[id(e)].append(shared)
    rows: dict[int, list[Cell]] = defaultdict(list)
    unowned: list[Cell] = []
    for cell in loose:
        owner = _owner(entries, cell.passage.box)
        if owner is None:
            unowned.append(cell)
        else:
            rows[id(owner)].append(cell)
    for key, cells in rows.items():
        owned[key] += _joined(cells, heads)
    return {key: tuple(cells) for key, cells in owned.items()}, unowned


def _braces(curves: Sequence[Curve], entries: Sequence[Entry]) -> list[Box]:
    size = min((e.style.size for e in entries), default=0.0)
    return [c.box for c in curves if c.box.height > 1.3 * size and 0 < c.box.width < BRACE_WIDTH * size]


def _owner(entries: Sequence[Entry], box: Box) -> Entry | None:
    """The entry on whose lines a cell stands: the last that begins above the cell's middle."""
    above = [e for e in entries if e.box.top - 0.35 * e.style.size <= box.middle]
    return max(above, key=lambda e: e.box.top, default=None)


def _joined(cells: Sequence[Cell], heads: Sequence[tuple[Box, BudgetYear]]) -> list[Cell]:
    """Cells of one entry that stand one below the other, each pile read from its top as one."""
    piles: list[list[Cell]] = []
    for cell in sorted(cells, key=lambda c: (c.passage.box.top, c.passage.box.x0)):
        pile = next((p for p in piles if any(c.passage.box.overlap_x(cell.passage.box) > 0 for c in p)), None)
        if pile is None:
            piles.append([cell])
        else:
            pile.append(cell)
    made = []
    for pile in sorted(piles, key=lambda p: min(c.passage.box.x0 for c in p)):
        passage = join(c.passage for c in pile)
        head = next(
            (about for box, about in heads if box.overlap_x(passage.box) > 0 and box.bottom <= passage.box.top), None
        )
        made.append(Cell(passage, tuple(s for c in pile for s in c.segments), head=head))
    return made


def _learn_styles(texts: Sequence[ColumnText], context: Context) -> Styles:
    lines = [line for text in texts for e in text.entries for line in e.lines]
    body = body_style(lines)
    markers = _heading_markers(texts, body, context)
    fills = _heading_fills(texts)
    plain = Styles(body, None, markers, heading_fills=fills)
    looks: Counter[tuple[bool, float, bool, str | None]] = Counter()
    for text in texts:
        read = replace_styles(text, plain)
        for e in text.entries:
            if not read.is_heading(e) or budget_year_of(e.text, context.profile.budgets) is not None:
                continue
            if read_item(e, read).amounts:
                looks[heading_look(e)] += 1
    if not looks and _categories_are_outdented(texts, plain):
        return Styles(body, None, markers, outdented=True, heading_fills=fills)
    category = max(looks, key=lambda k: (k[0], k[1], looks[k], k[2], k[3] or "")) if looks else None
    styles = Styles(body, category, markers, heading_fills=fills)
    return replace(styles, groups_alike=any(_groups_follow(replace_styles(text, styles)) for text in texts))


def _groups_follow(text: ColumnText) -> bool:
    """Whether headings set like categories, without amounts, stand right under ones with amounts: they are groups."""
    return any(
        text.is_category(a, read_item(a, text))
        and text.is_category(b, read_item(b, text))
        and heading_look(a) == heading_look(b) == text.styles.category
        and read_item(a, text).amounts
        and not read_item(b, text).amounts
        and not _states_figure(a, text)
        for a, b in pairwise(text.entries)
    )


def _categories_are_outdented(texts: Sequence[ColumnText], plain: Styles) -> bool:
    """Whether the outermost entries that have amounts each stand above entries that are set in: a table's category rows."""
    found = False
    for text in texts:
        read = replace_styles(text, plain)
        outer = [e for e in read.outermost if read_item(e, read).amounts and not _states_year(e, read)]
        for e in outer:
            following = [o for o in read.entries if o.box.top > e.box.top and o not in read.outermost]
            if not following or following[0].start - e.start < 0.4 * e.style.size:
                return False
            found = True
        if len(outer) * 2 > len(read.entries):
            return False
    return found


def _states_year(entry: Entry, text: ColumnText) -> bool:
    return budget_year_of(entry.text, text.context.profile.budgets) is not None


def _heading_markers(texts: Sequence[ColumnText], body: Style | None, context: Context) -> frozenset[str]:
    """Bullets that groups have and items do not: never beside an amount, and set off or standing further left."""
    marks = set(context.profile.marks.is_ai_safety) | set(context.profile.marks.is_new)
    by_marker: dict[str, list[tuple[Entry, bool]]] = defaultdict(list)
    for text in texts:
        for e in text.entries:
            if e.marker is None and is_set_off(e.lines[0], body):
                continue
            marker = e.marker.text if e.marker is not None else ""
            if marker not in marks:
                by_marker[marker].append((e, bool(read_item(e, text).amounts)))
    if not by_marker:
        return frozenset()
    items = max(by_marker, key=lambda m: (sum(a for _, a in by_marker[m]), len(by_marker[m]), m))
    found = set()
    for marker, entries in by_marker.items():
        if not marker:
            continue
        off = sum(is_set_off(e.lines[0], body) for e, _ in entries)
        if off > 0.5 * len(entries) or (
            marker != items and not any(a for _, a in entries) and _lead_items(entries, by_marker[items], texts, marker)
        ):
            found.add(marker)
    return frozenset(found)


def _lead_items(
    entries: Sequence[tuple[Entry, bool]],
    items: Sequence[tuple[Entry, bool]],
    texts: Sequence[ColumnText],
    marker: str,
) -> bool:
    """Whether entries with this bullet stand no further right than items, and each is followed by one of another kind."""
    size = entries[0][0].style.size
    usual = median(e.start for e, _ in items)
    columns = [median([i.start for i, _ in items if i in text.entries] or [usual]) for text in texts]
    for text, edge in zip(texts, columns, strict=True):
        for one, two in zip(text.entries, [*text.entries[1:], None], strict=True):
            if one.marker is None or one.marker.text != marker:
                continue
            if one.start > edge + 0.3 * size:
                return False
            if two is None or (two.marker is not None and two.marker.text == marker):
                return False
    return True


def _base(text: ColumnText) -> tuple[float, float]:
    """Where the column's items begin (their text, and their bullets): the leftmost place that a fair share begins at."""
    # What stands above the first category may be prose, set in less than any item.
    opened = (
        i for i, e in enumerate(text.entries) if text.is_category(e, read_item(e, text)) and not _states_figure(e, text)
    )
    plain = [(i, e) for i, e in enumerate(text.entries) if not text.is_heading(e)]
    first = next(opened, 0)
    items = [e for i, e in plain if i > first] or [e for _, e in plain]
    if not items:
        return text.base, text.base_start
    size = items[0].style.size
    starts: Counter[int] = Counter(round(e.x0 / size) for e in items)
    common = [k for k, n in starts.items() if n >= 0.15 * len(items)]
    leftmost = min(common or starts)
    members = [e for e in items if abs(e.x0 / size - leftmost) <= 1]
    return min(e.x0 for e in members), min(e.start for e in members)


def _take_preambles(texts: Sequence[ColumnText]) -> None:
    """What stands above the first category (anywhere on the slide) is no part of the table."""
    tops: list[float] = []
    for text in texts:
        tops += [
            text.top_of(e)
            for e in text.entries
            if text.is_category(e, read_item(e, text)) and not _states_figure(e, text)
        ]
    if not tops:
        tops = [e.box.top for text in texts for e in text.entries if e.marker is not None or text.is_heading(e)]
    top = min(tops, default=float("-inf"))
    for text in texts:
        kept = []
        for e in text.entries:
            if e.box.bottom <= top + 0.1 * e.style.size or (e.marker is None and _states_figure(e, text)):
                text.preamble += [s for line in e.lines for s in line.segments]
                text.preamble += [s for cell in text.cells_of(e) for s in cell.segments if s not in text.preamble]
            else:
                kept.append(e)
        text.entries = kept


def _states_figure(entry: Entry, text: ColumnText) -> bool:
    return (
        text.is_heading(entry)
        and budget_year_of(entry.text, text.context.profile.budgets) is not None
        and bool(read_item(entry, text).amounts)
    )
