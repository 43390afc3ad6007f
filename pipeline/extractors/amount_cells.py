"""The columns of a budget: which text is a name, which is an amount, and which amount belongs to which name."""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from dataclasses import replace
from typing import TYPE_CHECKING

from pipeline.extractors.amount_layout import (
    DASHES,
    amounts_are_inline,
    budgets_beside,
    cells_beside,
    ends_in_amount,
    follows,
    is_balanced,
    is_complete,
    is_whole_amounts,
    names_and_cells,
    with_own_dash,
    without_marks,
)
from pipeline.extractors.bodies import opening_bracket
from pipeline.extractors.column_heads import column_heads
from pipeline.extractors.column_text import Cell, ColumnText, Styles, read_item, states_figure
from pipeline.extractors.heading_styles import learn_styles, replace_styles
from pipeline.extractors.item_text import is_ornamented, trailing_amounts
from pipeline.language.amounts import is_amount_fragment
from pipeline.layout.column_lines import INDENT, LINE_GAP, Line, body_style, make_lines, runs_on
from pipeline.layout.entry_habits import hanging_indent, wrapped_entries, wraps_align
from pipeline.layout.outline import Entry, read_entries
from pipeline.passage import Passage, join
from pipeline.tolerances import Tolerance
from pipeline.values import value

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from pipeline.extractors.figures import BudgetYear
    from pipeline.extractors.harvest import Context
    from pipeline.extractors.side_labels import SideLabel
    from pipeline.layout.columns import Column
    from pipeline.layout.lines import Segment
    from pipeline.layout.slide import Slide
    from pipeline.model import Box, Curve, Rule

EDGE_SLACK = Tolerance(0.7, "slack at the edge of amounts")
"""Amounts whose right ends differ by less than this many font sizes are aligned."""

BRACE_WIDTH = Tolerance(3.0, "width of a brace")
"""A brace is at most this many font sizes wide, and taller than a line."""


def read_columns(
    columns: Sequence[Column], slide: Slide, context: Context, labels: Sequence[SideLabel] = ()
) -> list[ColumnText]:
    """Each column's entries with their cells, and with the labels beside them; styles are learned from all together."""
    inline = amounts_are_inline(columns, context)
    drafts = [_draft(column, slide, context, inline=inline) for column in columns]
    habits = _habits(drafts, context)
    raw = [_text_of(draft, slide, context, habits) for draft in drafts]
    for label in labels:
        _put_label(label, columns, raw)
    styles = learn_styles(raw, context)
    texts = [replace_styles(text, styles) for text in raw]
    _take_preambles(texts)
    return texts


def _put_label(label: SideLabel, columns: Sequence[Column], texts: Sequence[ColumnText]) -> None:
    """Puts a label before the first entry beside it, in the next column to its right."""
    beside = [i for i, column in enumerate(columns) if any(label.covers(s) for s in column.segments)]
    text = texts[min(beside, key=lambda i: columns[i].x0)]
    entry, top = label.entry, label.panel.box.top
    placed = {*text.labels, *text.groups}
    at = next((i for i, e in enumerate(text.entries) if id(e) not in placed and e.box.middle >= top), len(text.entries))
    text.entries.insert(at, entry)
    text.flows = {**text.flows, id(entry): entry.passage}
    if label.is_group:
        text.groups.add(id(entry))
    else:
        text.labels[id(entry)] = label.panel


def _take_preambles(texts: Sequence[ColumnText]) -> None:
    """What stands above the first category (anywhere on the slide) is no part of the table."""
    tops: list[float] = []
    for text in texts:
        tops += [
            text.top_of(e)
            for e in text.entries
            if text.is_category(e, read_item(e, text)) and not states_figure(e, text)
        ]
    if not tops:
        tops = [e.box.top for text in texts for e in text.entries if e.marker is not None or text.is_heading(e)]
    top = min(tops, default=float("-inf"))
    for text in texts:
        kept = []
        for e in text.entries:
            if e.box.bottom <= top + 0.1 * e.style.size or (e.marker is None and states_figure(e, text)):
                text.preamble += [s for line in e.lines for s in line.segments]
                text.preamble += [s for cell in text.cells_of(e) for s in cell.segments if s not in text.preamble]
            else:
                kept.append(e)
        text.entries = kept


def raw_column(column: Column, slide: Slide, context: Context, styles: Styles) -> ColumnText:
    """One column's entries with their cells, read by itself, its headings by the styles of another."""
    draft = _draft(column, slide, context, inline=False)
    return _text_of(draft, slide, context, _habits([draft], context), styles)


@value()
class _Draft:
    """One column as lines of text and cells of amounts, and what stands above them.

    `inline` says that amounts are printed in the line of their name, so that they wrap like its words.
    """

    column: Column
    lines: list[Line]
    cells: list[Segment]
    heads: list[tuple[Box, BudgetYear]]
    head_line: list[Segment]
    inline: bool
    opening: Callable[[Line], float | None]

    def begins(self, line: Line) -> bool:
        """Whether a line begins with what opens an entry."""
        return self.opening(line) is not None


@value()
class _Habits:
    """How a slide sets its entries, seen where there is no doubt: how far wraps hang, and on which line amounts stand.

    `hang` is in font sizes, None where no wraps hang or they hang in several ways. `aligned` says that wraps begin where the
    text behind a bullet does, `stacks` that an item's amounts stand one below the other, one of them beside no text.
    """

    hang: float | None
    aligned: bool
    amounts_are_last: bool
    stacks: bool


def _draft(column: Column, slide: Slide, context: Context, *, inline: bool) -> _Draft:
    column = replace(column, segments=tuple(with_own_dash(s, context) for s in column.segments))
    names, cells = names_and_cells(column, context)
    if inline:
        cells = [c for c in cells if follows(c, column.segments) is None and is_complete(c, context)]
        names = [s for s in column.segments if s not in cells]
    heads, names, head_line = column_heads(names, cells, column, context)
    uprights = [r for r in slide.page.rules if not r.horizontal]
    lines = [_limited(line, cells, uprights, context) for line in make_lines(names, slide.page, slide.frames)]
    return _Draft(column, lines, cells, heads, head_line, inline, _behind_bodies(context))


def _behind_bodies(context: Context) -> Callable[[Line], float | None]:
    """Says of a line that begins with bodies in brackets where its text begins behind them."""
    marks = context.profile.marks.of_items
    opening = context.profile.ministries

    def behind_bodies(line: Line) -> float | None:
        raw = line.passage.raw
        if opening is None or raw.lstrip().startswith(marks):
            return None
        found = opening_bracket(raw, opening, context.organizations)
        return line.passage[found.end :].strip().box.x0 if found is not None and raw[found.end :].strip() else None

    return behind_bodies


def _habits(drafts: Sequence[_Draft], context: Context) -> _Habits:
    hangs = [h for d in drafts if (h := hanging_indent(d.lines, d.begins)) is not None]
    hang = hangs[0] if hangs and max(hangs) - min(hangs) <= float(INDENT) else None
    aligned = any(wraps_align(d.lines, d.begins) for d in drafts)
    places: set[bool] = set()
    stacks = False
    for draft in drafts:
        cells = [c for c in draft.cells if is_complete(c, context)]
        for lines in wrapped_entries(draft.lines):
            beside = [line is lines[-1] for line in lines if cells_beside(line, cells)]
            places |= {all(beside)} if beside else set()
        owned = {id(c) for line in draft.lines for c in cells_beside(line, cells)}
        stacks = stacks or any(id(c) not in owned and _stands_under(c, cells) for c in cells)
    return _Habits(hang, aligned, places == {True}, stacks)


def _stands_under(cell: Segment, cells: Iterable[Segment]) -> bool:
    return any(
        0 <= cell.box.top - c.box.bottom <= LINE_GAP * cell.size and c.box.overlap_x(cell.box) > 0 for c in cells
    )


def _text_of(
    draft: _Draft, slide: Slide, context: Context, habits: _Habits, styles: Styles | None = None
) -> ColumnText:
    """A column's entries with their cells; without `styles` the body's style is learned from this column alone."""
    column, lines, cells = draft.column, draft.lines, draft.cells
    edges = [] if draft.inline else sorted([s.box.x1 for s in cells])
    flows: dict[int, Passage] = {}
    split: list[Segment | Cell] = list(cells)
    for line in lines:
        flow, cut = _split_trailing(line, edges, context)
        flows[id(line)] = flow
        if cut is not None:
            split.append(cut)
    right = max((line.box.x1 for line in lines), default=column.x1)

    def is_mark(line: Line) -> bool:
        return not without_marks(line.passage.text, context).strip(DASHES) or is_amount_fragment(
            line.passage.text, context.vocabulary
        )

    def ended(entry: Sequence[Line], below: Line) -> bool:
        upper = {kind for line in entry for kind in budgets_beside(line, cells, context)}
        lower = budgets_beside(below, cells, context)
        closed = habits.amounts_are_last and bool(budgets_beside(entry[-1], cells, context))
        closed = closed and not (lower and habits.stacks)
        return (
            closed
            or ends_in_amount(entry[-1], context)
            or bool(upper and lower and (False in lower or True in upper))
            or (is_flush(entry, below) and ends_in_new(entry[-1]) and not runs_on(entry[-1], below))
        )

    def is_flush(entry: Sequence[Line], below: Line) -> bool:
        return abs(below.x0 - entry[0].x0) <= INDENT * below.size

    def ends_in_new(line: Line) -> bool:
        """A name's mark of what is new stands behind all of it."""
        return line.passage.raw.rstrip().endswith(context.profile.marks.is_new)

    def is_ornament(line: Line) -> bool:
        return is_ornamented(line.passage.raw.strip())

    entries = read_entries(
        lines,
        right,
        opening=draft.opening,
        continues=is_mark,
        is_whole=is_ornament,
        ended=ended,
        rules=slide.page.rules,
        hang=habits.hang,
        aligned=habits.aligned,
    )
    owned, unowned = _assign(entries, split, slide.page.curves, draft.heads)
    entry_flows = {id(e): join(flows[id(line)] for line in e.lines) for e in entries}
    for e in entries:
        _join_broken_amount(e, owned, entry_flows, flows, context)
    styles = styles or Styles(body_style(lines), None, frozenset())
    text = ColumnText(entries, owned, entry_flows, unowned, styles, column.x0, column.x0, context)
    text.head_line = draft.head_line
    return text


def _join_broken_amount(
    entry: Entry,
    owned: dict[int, tuple[Cell, ...]],
    entry_flows: dict[int, Passage],
    flows: Mapping[int, Passage],
    context: Context,
) -> None:
    """Gives the rest of an amount that was broken at its line's end, and stands alone below the name, back to its cell."""
    cells, last = owned.get(id(entry), ()), entry.lines[-1]
    if not cells or len(entry.lines) == 1 or not is_amount_fragment(last.passage.text, context.vocabulary):
        return
    cell = max(cells, key=lambda c: c.passage.box.x1)
    whole = join([cell.passage, last.passage])
    if is_whole_amounts(last.passage.text, context) or not is_whole_amounts(whole.text, context):
        return
    joined = replace(cell, passage=whole, segments=(*cell.segments, *last.segments))
    owned[id(entry)] = tuple(joined if c is cell else c for c in cells)
    entry_flows[id(entry)] = join(flows[id(line)] for line in entry.lines[:-1])


def _limited(line: Line, cells: Iterable[Segment], uprights: Iterable[Rule], context: Context) -> Line:
    """The line with the place where an amount at its end, or to its right, begins, or the rule between them runs."""
    beside = [c.box.x0 for c in cells_beside(line, cells)]
    trailing = trailing_amounts(line.passage, context, complete=True)
    if trailing and trailing[0].start > 0:
        beside.append(line.passage[trailing[0].start :].box.x0)
    if not beside:
        return line
    limit = min(beside)
    between = [r.box.x0 for r in uprights if r.box.overlap_y(line.box) > 0]
    limit = min([x for x in between if line.box.x1 <= x < limit], default=limit)
    return Line(line.segments, line.frame, line.underlined, limit)


def _split_trailing(line: Line, edges: Sequence[float], context: Context) -> tuple[Passage, Cell | None]:
    """A line's text, and the amounts at its end where they end in line with the cells of the column.

    `edges` are where the cells end, in order.
    """
    passage = line.passage
    end, slack = line.box.x1, EDGE_SLACK * line.size
    after = bisect_left(edges, end)
    if not any(abs(edge - end) <= slack for edge in edges[max(0, after - 1) : after + 1]):
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
    tops = [(e.box.top - 0.35 * e.style.size, e) for e in entries]
    for cell in loose:
        owner = _owner(tops, cell.passage.box)
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


def _owner(entries: Sequence[tuple[float, Entry]], box: Box) -> Entry | None:
    """The entry on whose lines a cell stands: the last that begins (at the given height) above the cell's middle."""
    middle = box.middle
    owner: Entry | None = None
    for top, entry in entries:
        if top <= middle and (owner is None or entry.box.top > owner.box.top):
            owner = entry
    return owner


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
