"""What headings look like on a slide, learned from all its columns: which are categories, which groups, which are none."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import replace
from itertools import pairwise
from statistics import median
from typing import TYPE_CHECKING

from pipeline.extractors.column_text import ColumnText, Styles, band_of, heading_look, read_item, states_figure
from pipeline.extractors.figures import budget_year_of
from pipeline.extractors.heading_marks import are_mostly_set_off
from pipeline.layout.column_lines import body_style, is_set_off
from pipeline.tolerances import Tolerance

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pipeline.extractors.harvest import Context
    from pipeline.layout.lines import Style
    from pipeline.layout.outline import Entry

BAND_SHARE = Tolerance(0.4, "share of entries on a heading's band")
"""A band behind more than this part of a slide's entries is a stripe, not a heading's."""


def learn_styles(texts: Sequence[ColumnText], context: Context) -> Styles:
    """The styles of all columns together: a category's heading is one that has amounts of its own."""
    lines = [line for text in texts for e in text.entries for line in e.lines]
    body = body_style(lines)
    markers = _heading_markers(texts, body, context)
    fills = _heading_fills(texts, body, markers)
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
        and not states_figure(a, text)
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
    marks = context.profile.marks.of_items
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
        if are_mostly_set_off([e for e, _ in entries], body) or (
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
        following = (*text.entries[1:], None)  # one longer than a column without entries
        for one, two in zip(text.entries, following, strict=False):
            if one.marker is None or one.marker.text != marker:
                continue
            if one.start > edge + 0.3 * size:
                return False
            if two is None or (two.marker is not None and two.marker.text == marker):
                return False
    return True


def replace_styles(text: ColumnText, styles: Styles) -> ColumnText:
    """The same column, read with other styles."""
    changed = ColumnText(
        text.entries, text.cells, text.flows, text.unowned, styles, text.base, text.base_start, text.context
    )
    changed.head_line, changed.items = text.head_line, text.items
    changed.labels, changed.groups = text.labels, text.groups
    changed.base, changed.base_start = _base(changed)
    return changed


def _base(text: ColumnText) -> tuple[float, float]:
    """Where the column's items begin (their text, and their bullets): the leftmost place that a fair share begins at."""
    # What stands above the first category may be prose, set in less than any item.
    opened = (
        i for i, e in enumerate(text.entries) if text.is_category(e, read_item(e, text)) and not states_figure(e, text)
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


def _heading_fills(texts: Sequence[ColumnText], body: Style | None, markers: frozenset[str]) -> frozenset[str]:
    """Band colours that set headings off: rare ones, never behind two entries in a row, as stripes would not be.

    Nor behind items with bullets, or of several lines, which are too high for a band. Nor, time and again, behind plain text
    right under what is set off in another way: that is a heading, and the band its first item's.
    """
    entries = [e for text in texts for e in text.entries]
    pairs = [pair for text in texts for pair in pairwise(text.entries)]
    counts = Counter(fill for e in entries if (fill := band_of(e)) is not None)
    below = Counter(
        fill
        for a, b in pairs
        if (fill := band_of(b)) is not None and is_set_off(a.lines[0], body) and not is_set_off(b.lines[0], body)
    )
    rows = {fill for a, b in pairs if (fill := band_of(a)) is not None and fill == band_of(b)}
    rows |= {fill for fill, n in below.items() if n > 1}
    rows |= {e.frame.fill for e in entries if e.frame is not None and e.frame.fill and _is_item(e, markers)}
    return frozenset(fill for fill, n in counts.items() if n <= BAND_SHARE * len(entries) and fill not in rows)


def _is_item(entry: Entry, markers: frozenset[str]) -> bool:
    """Whether an entry in a frame is none of a heading's: too high for a band, or with a bullet that headings have not."""
    return not entry.lines[0].banded or (entry.marker is not None and entry.marker.text not in markers)
