"""Check kind `beside_name`: an amount stands on the lines of the row that it was given to.

Whose line a place on the page is, is told from the names alone: the name that stands on that line in the same column,
or else the last one above it. No name goes on behind its amount: what stands there is another column's. An amount in a
note stands inside the note's text. `RowLines` answers whose line it is for any box, so that the check of the marks can
ask it too.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from pipeline.model import Box, Check, Document, Page, Place
from pipeline.validation.by_height import ByHeight
from pipeline.validation.figures import FIGURE_KEYS, Tables, row_key
from pipeline.validation.messages import count
from pipeline.validation.placed import Placed, PlacedEvidence, at, page_check, same_line

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

KIND = "beside_name"

_NAMES = {"budget_items": ("item", "name"), "budget_categories": ("category", "category")}
"""Tables whose rows have amounts beside them: the kind of subject, and the field that is its name."""

NEAR_EDGE = 2.0
"""A bullet, a bracket or a mark may stand before a column's names, at most so many line heights to the left."""

TOUCH = 0.02
"""In points: boxes of the same glyphs differ by no more than the rounding of what is written."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a name: whose it is (`item/KEY`), and the column of the page that it stands in.

    `aside` says that it is a label left of its column's items: only what stands below it in its own width is its own.
    """

    box: Box
    subject: str
    column: int
    aside: bool = False


@dataclass(frozen=True)
class RowLines:
    """The lines of names on one page. `edges` are where the columns of items begin, from the left."""

    lines: tuple[Line, ...]
    edges: tuple[float, ...]

    @cached_property
    def _by_height(self) -> ByHeight[Line]:
        return ByHeight(self.lines, lambda line: line.box)

    @cached_property
    def of_subject(self) -> Mapping[str, Sequence[Line]]:
        """The lines of each name."""
        found: dict[str, list[Line]] = {}
        for line in self.lines:
            found.setdefault(line.subject, []).append(line)
        return found

    def owners_of(self, box: Box, *, either_side: bool = False) -> tuple[str, ...]:
        """The subjects on whose line `box` may stand: one, or two where a header is involved; or none.

        An amount stands right of its name, or, of a category, below it. A mark may stand on either side: then the
        nearest name is meant.
        """
        near = [line for line in self._by_height.crossing(box.top, box.bottom) if _may_own(line, box)]
        beside = [line for line in near if same_line(line.box, box) and (either_side or line.box.x0 <= box.x0)]
        column = _column(box.x0, self.edges)
        nearest = min(beside, key=lambda line: (_distance(box, line.box), line.subject), default=None)
        if either_side and nearest is not None and _distance(box, nearest.box) <= box.height:
            return (nearest.subject,)
        inside = [line for line in beside if line.column == column]
        over = () if either_side else self._header_over(box)
        if inside:
            return (min(inside, key=lambda line: (_distance(box, line.box), line.subject)).subject, *over)
        middle = box.middle
        above = [line for line in self.lines if line.column == column and line.box.top < middle and _may_own(line, box)]
        owners = [max(above, key=lambda line: (line.box.top, line.subject)).subject] if above else []
        # A header that runs across all columns has its name in another column than its amounts.
        if nearest is not None and nearest.subject.startswith("category/"):
            owners.append(nearest.subject)
        return (*owners, *over)

    def _header_over(self, box: Box) -> tuple[str, ...]:
        """The category whose header is the next name above `box`, in its own width: its amounts may stand below it."""
        middle = box.middle
        over = [line for line in self.lines if line.box.overlap_x(box) > 0 and line.box.middle < middle]
        next_above = max(over, key=lambda line: (line.box.top, line.subject), default=None)
        return (next_above.subject,) if next_above is not None and next_above.subject.startswith("category/") else ()


def _may_own(line: Line, box: Box) -> bool:
    return not line.aside or line.box.overlap_x(box) > 0


def lines_of_rows(
    tables: Tables, evidence: PlacedEvidence, document: Document, subtotals: Sequence[str] = ()
) -> Mapping[int, RowLines]:
    """For each page with budget items, the lines of its items' and categories' names.

    What is called one of `subtotals`, below items, is a line of their category.
    """
    starts: dict[int, dict[object, float]] = {}
    items = {str(row.get("item_id")): row.get("column") for row in tables.get("budget_items", ())}
    begins = [(items[key], evidence.of("budget_items", key, "name")) for key in items]
    # The body that an item is printed with may stand before its name.
    for row in tables.get("item_organizations", ()):
        key = row_key(row, ("item_id", "organization_id"))
        begins.append((items.get(str(row.get("item_id"))), evidence.of("item_organizations", key, "printed")))
    for column, parts in begins:
        for placed in parts:
            columns = starts.setdefault(placed.page, {})
            x0 = placed.box.x0 - NEAR_EDGE * placed.box.height
            columns[column] = min(x0, columns.get(column, x0))
    edges = {page: tuple(sorted(columns.values())) for page, columns in starts.items()}
    ends = _ends_of_names(items, evidence, edges)
    lines: dict[int, list[Line]] = {page: [] for page in edges}
    for (table, key, field), parts in evidence.by_field.items():
        kind, name = _NAMES.get(table, ("", ""))
        for placed in parts if field == name else ():
            if placed.page in edges:
                here = edges[placed.page]
                if kind == "item":
                    column, aside = _column(placed.box.x0, here), False
                else:
                    column, aside = _column_of_header(placed.box, here, ends[placed.page])
                lines[placed.page].append(Line(placed.box, f"{kind}/{key}", column, aside))
    for page in document.pages if subtotals else ():
        if page.number in edges:
            lines[page.number] += _subtotals(page, lines[page.number], tables, subtotals)
    return {page: RowLines(tuple(lines[page]), edges[page]) for page in sorted(edges)}


def _subtotals(page: Page, lines: Sequence[Line], tables: Tables, names: Sequence[str]) -> list[Line]:
    """The lines of a page that sum up a category: each is that of the item right above it."""
    called = {name.casefold() for name in names}
    categories = {f"item/{row.get('item_id')}": row.get("category_id") for row in tables.get("budget_items", ())}
    found = []
    for word in page.words:
        if word.text.strip(" :：").casefold() not in called:
            continue
        above = [line for line in lines if line.subject in categories and line.box.bottom <= word.box.middle]
        level = [line for line in above if line.box.x1 >= word.box.x0]
        last = max(level, key=lambda line: (line.box.bottom, line.subject), default=None)
        if last is not None and categories[last.subject] is not None:
            found.append(Line(word.box, f"category/{categories[last.subject]}", last.column))
    return found


def _ends_of_names(
    items: Iterable[str], evidence: PlacedEvidence, edges: Mapping[int, Sequence[float]]
) -> dict[int, dict[int, float]]:
    """For each page how far the names of each column reach to the right."""
    ends: dict[int, dict[int, float]] = {page: {} for page in edges}
    for key in items:
        for placed in evidence.of("budget_items", key, "name"):
            column = _column(placed.box.x0, edges[placed.page])
            ends[placed.page][column] = max(placed.box.x1, ends[placed.page].get(column, placed.box.x1))
    return ends


def _column_of_header(box: Box, edges: Sequence[float], ends: Mapping[int, float]) -> tuple[int, bool]:
    """The column that a header heads, and whether it stands beside its items, wholly left of them."""
    column = _column(box.centre, edges)
    left = column < len(edges) and box.x1 <= edges[column] + NEAR_EDGE * box.height
    aside = left and ends.get(column, float("-inf")) <= box.x0
    return (column + 1, True) if aside else (column, False)


def _column(x: float, edges: Sequence[float]) -> int:
    return sum(edge <= x for edge in edges)


def _distance(box: Box, name: Box) -> float:
    return max(0.0, -box.overlap_x(name))


def beside_name_checks(tables: Tables, evidence: PlacedEvidence, rows: Mapping[int, RowLines]) -> Iterator[Check]:
    """One check for each page with budget items and amounts, in page order. Amounts that several rows share are left out."""
    pages: dict[int, list[tuple[Placed, str]]] = {}
    for row in tables.get("budget_amounts", ()):
        parts = evidence.of("budget_amounts", row_key(row, FIGURE_KEYS["budget_amounts"]), "value")
        if parts and not row.get("shared_amount_id"):
            subject = f"{row.get('subject_type')}/{row.get('subject_id')}"
            pages.setdefault(parts[0].page, []).append((parts[0], subject))
    for page, amounts in sorted(pages.items()):
        if page in rows:
            faults = list(_faults(amounts, rows[page], evidence))
            yield page_check(KIND, page, count(len(amounts), "amount"), "each on a line of its row", faults)


def _faults(amounts: Sequence[tuple[Placed, str]], rows: RowLines, evidence: PlacedEvidence) -> Iterator[Place]:
    for placed, subject in amounts:
        kind, _, key = subject.partition("/")
        if kind == "note":
            if not any(
                note.page == placed.page and note.box.contains(placed.box, TOUCH)
                for note in evidence.of("notes", key, "text")
            ):
                yield Place(placed.table, placed.key, f"{at(placed)}, does not stand in {key}")
            continue
        owners = rows.owners_of(placed.box)
        if owners and subject not in owners:
            yield Place(placed.table, placed.key, f"{at(placed)}, stands on the line of {owners[0]}")
        elif any(_goes_on_behind(line, placed) for line in rows.of_subject.get(subject, ())):
            yield Place(placed.table, placed.key, f"{at(placed)}, has words of its row's name behind it")


def _goes_on_behind(line: Line, amount: Placed) -> bool:
    """Whether a line of the name begins behind the amount: words of another column that were taken into the name."""
    return line.box.x0 >= amount.box.x1 - TOUCH and same_line(line.box, amount.box)
