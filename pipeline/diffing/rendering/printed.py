"""What changed, on the pages where it is printed: the pages of two editions side by side, and the boxes to mark on them.

A box comes from the table `evidence`, a page's picture from the review page of its edition. Nothing here is HTML.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from pipeline.diffing.amounts import compare, figure_of
from pipeline.diffing.edition_diff import AmountChange
from pipeline.diffing.rendering.view import figure_text, growth_text
from pipeline.diffing.shapes import AMOUNT_SUBJECTS, shape_of
from pipeline.drawing import Cell

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from pipeline.diffing.amounts import Comparison
    from pipeline.diffing.edition_diff import EditionDiff, Key, LoneRow, RowPair, TableDiff
    from pipeline.model import Row, Value
    from pipeline.page_image import PageImage

Word = Literal["added", "removed", "renamed", "reworded", "moved", "changed", "amount"]

_SUBJECTS = {**AMOUNT_SUBJECTS, "figure": "stated_figures"}
_Amounts = defaultdict[tuple[str, "Key | None", "Key | None"], list[AmountChange]]
_UNCHANGED = ("same", "restated")


@dataclass(frozen=True)
class PrintedEdition:
    """One of the two editions: its tables, and its pages as pictures by number, as far as there are any."""

    tables: Mapping[str, Sequence[Row]]
    pictures: Mapping[int, PageImage] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class PlacedBox:
    """Where something stands: a page, and a box in PDF points from its top left corner."""

    page: int
    x0: float
    top: float
    x1: float
    bottom: float


@dataclass(frozen=True, slots=True)
class PrintedChange:
    """What happened to one row, in words, with what it says in either edition and where that stands.

    `growth` says of its amounts how they grew. An edition that has no such row has neither cells nor boxes.
    """

    table: str
    words: tuple[Word, ...]
    old: tuple[Cell, ...]
    new: tuple[Cell, ...]
    growth: tuple[str, ...]
    old_boxes: tuple[PlacedBox, ...]
    new_boxes: tuple[PlacedBox, ...]

    @property
    def tone(self) -> Literal["added", "removed", "changed"]:
        """How its boxes are marked."""
        word = self.words[0]
        return word if word in ("added", "removed") else "changed"


@dataclass(frozen=True, slots=True)
class Spread:
    """A page of the old edition beside the same one of the new, either of which may be None, and its changes by number.

    `changes` are those that are listed here; boxes of others may stand on these pages too.
    """

    old: int | None
    new: int | None
    changes: tuple[int, ...]


@dataclass(frozen=True)
class PrintedDiff:
    """All changes of rows that stand on a page, and the pages in the order of the new edition."""

    changes: tuple[PrintedChange, ...]
    spreads: tuple[Spread, ...]


def printed_diff(diff: EditionDiff, old: PrintedEdition, new: PrintedEdition) -> PrintedDiff:
    """Place what changed on the pages of both editions. Without evidence there is nothing to place."""
    boxes = _Boxes(old), _Boxes(new)
    amounts = _amounts(diff, old, new)
    changes = tuple(c for table in diff.shown() for c in _changes(table, amounts, boxes) if c.old_boxes or c.new_boxes)
    pages = _page_pairs(diff, old, new)
    of_new = {new_page: n for n, (_, new_page) in enumerate(pages) if new_page is not None}
    of_old = {old_page: n for n, (old_page, _) in enumerate(pages) if old_page is not None}
    listed: dict[int, list[int]] = defaultdict(list)
    for number, change in enumerate(changes):
        page = min(box.page for box in change.new_boxes or change.old_boxes)
        place = (of_new if change.new_boxes else of_old).get(page)
        if place is not None:
            listed[place].append(number)
    return PrintedDiff(changes, tuple(Spread(*pair, tuple(listed[n])) for n, pair in enumerate(pages)))


class _Boxes:
    """The evidence of one edition by row."""

    def __init__(self, edition: PrintedEdition) -> None:
        self._rows: dict[tuple[str, str], dict[str, list[PlacedBox]]] = defaultdict(lambda: defaultdict(list))
        for row in edition.tables.get("evidence", ()):
            lengths = (float(str(row[side])) for side in ("x0", "top", "x1", "bottom"))
            if isinstance(row["page"], int):
                box = PlacedBox(row["page"], *lengths)
                self._rows[str(row["table"]), str(row["key"])][str(row["field"])].append(box)

    def of(self, table: str, key: Key, fields: Iterable[str] = ()) -> list[PlacedBox]:
        """The boxes of some fields of a row; where these have none, or none are named, of all but its headings."""
        row = self._rows.get((table, "/".join(map(str, key))), {})
        found = [box for name in dict.fromkeys(fields) for box in row.get(name, ())]
        return found or [box for name, boxes in row.items() if name not in shape_of(table).place for box in boxes]


def _amounts(diff: EditionDiff, old: PrintedEdition, new: PrintedEdition) -> _Amounts:
    """The amounts of each row, compared: those of the diff, and of tables whose rows are amounts themselves."""
    found: _Amounts = defaultdict(list)
    for change in (*diff.amounts, *diff.stated):
        table = _SUBJECTS.get(change.subject_type, change.subject_type)
        found[table, change.old_key, change.new_key].append(change)
    for told in diff.shown():
        for pair in told.pairs if told.table not in _SUBJECTS.values() else ():
            if pair.of_kind("amount"):
                rows = old.tables[told.table][pair.old_position], new.tables[told.table][pair.new_position]
                figures = figure_of(rows[0]), figure_of(rows[1])
                stated = figures[1] or figures[0]
                if stated:
                    found[told.table, pair.old_key, pair.new_key].append(
                        AmountChange(
                            told.table, pair.old_key, pair.new_key, pair.new_name, stated.budget, compare(*figures)
                        )
                    )
    return found


def _changes(table: TableDiff, amounts: _Amounts, boxes: tuple[_Boxes, _Boxes]) -> Iterator[PrintedChange]:
    name = table.table
    placed = [
        *(
            (row.position, 0, _lone(table, row, amounts[name, row.key, None], boxes, is_new=False))
            for row in table.removed
        ),
        *(
            (row.position, 1, _lone(table, row, amounts[name, None, row.key], boxes, is_new=True))
            for row in table.added
        ),
        *(
            (pair.new_position, 1, found)
            for pair in table.pairs
            if (found := _pair(table, pair, amounts[name, pair.old_key, pair.new_key], boxes)) is not None
        ),
    ]
    yield from (change for _, _, change in sorted(placed, key=lambda entry: entry[:2]))


def _lone(
    table: TableDiff, row: LoneRow, amounts: Sequence[AmountChange], boxes: tuple[_Boxes, _Boxes], *, is_new: bool
) -> PrintedChange:
    place = " › ".join(part for part in row.place if part)
    tone: Literal["added", "removed"] = "added" if is_new else "removed"
    cells = [Cell(row.name, tone), *([Cell(place, "faint")] if place else [])]
    cells += [Cell(_amount(c, is_new=is_new)) for c in amounts]
    side = boxes[int(is_new)]
    found = (*side.of(table.table, row.key), *(box for c in amounts for box in _amount_boxes(c, side, is_new=is_new)))
    if is_new:
        return PrintedChange(table.table, ("added",), (), tuple(cells), (), (), found)
    return PrintedChange(table.table, ("removed",), tuple(cells), (), (), found, ())


def _pair(
    table: TableDiff, pair: RowPair, amounts: Sequence[AmountChange], boxes: tuple[_Boxes, _Boxes]
) -> PrintedChange | None:
    changed = [c for c in amounts if c.comparison.state not in _UNCHANGED]
    words: list[Word] = []
    cells: tuple[list[Cell], list[Cell]] = ([Cell(pair.old_name)], [Cell(pair.new_name)])
    fields: list[str] = []
    if pair.renamed:
        words.append("reworded" if table.prose else "renamed")
        cells = [Cell(pair.old_name, "removed")], [Cell(pair.new_name, "added")]
        fields += [f.column for f in pair.of_kind("name")]
    if pair.moved:
        words.append("moved")
        for f in pair.of_kind("place"):
            cells[0].append(Cell(_text(f.old), "removed"))
            cells[1].append(Cell(_text(f.new), "added"))
        fields += [f.column for f in pair.of_kind("place")]
    if pair.changed:
        words.append("changed")
        for f in pair.of_kind("content"):
            name = f.column.replace("_", " ")
            cells[0].append(Cell(f"{name}: {_text(f.old)}", "removed"))
            cells[1].append(Cell(f"{name}: {_text(f.new)}", "added"))
        fields += [f.column for f in pair.of_kind("content")]
    if changed:
        words.append("amount")
        cells[0].extend(Cell(_amount(c, is_new=False), "changed") for c in changed if c.comparison.old)
        cells[1].extend(Cell(_amount(c, is_new=True), "changed") for c in changed if c.comparison.new)
    if not words:
        return None
    # An amount that changed is marked together with the name of what it is for.
    fields += [named] if (named := shape_of(table.table).name) else []
    found = [
        [
            *(side.of(table.table, key, fields) if fields else ()),
            *(box for c in changed for box in _amount_boxes(c, side, is_new=bool(n))),
        ]
        for n, (side, key) in enumerate(zip(boxes, (pair.old_key, pair.new_key), strict=True))
    ]
    growth = tuple(_growth(c, several=len(changed) > 1) for c in changed)
    return PrintedChange(
        table.table, tuple(words), tuple(cells[0]), tuple(cells[1]), growth, tuple(found[0]), tuple(found[1])
    )


def _amount_boxes(change: AmountChange, side: _Boxes, *, is_new: bool) -> list[PlacedBox]:
    key = change.new_key if is_new else change.old_key
    if key is None:
        return []
    if change.subject_type in AMOUNT_SUBJECTS:
        return side.of("budget_amounts", (change.subject_type, *key, change.budget), ["value"])
    return side.of(_SUBJECTS.get(change.subject_type, change.subject_type), key, ["value"])


def _amount(change: AmountChange, *, is_new: bool) -> str:
    comparison = change.comparison
    figure = comparison.new if is_new else comparison.old
    year = f" FY{figure.fiscal_year}" if figure and figure.fiscal_year else ""
    return f"{change.budget.capitalize()}{year}: {figure_text(figure)}"


def _growth(change: AmountChange, *, several: bool) -> str:
    said = _said(change.comparison)
    return f"{change.budget}: {said}" if several and said else said


def _said(comparison: Comparison) -> str:
    if comparison.state in ("appeared", "disappeared") or comparison.state.endswith("part of"):
        return comparison.state
    return growth_text(comparison.growth)


def _text(value: Value) -> str:
    if value is None or value == "":
        return "–"
    return str(value).lower() if isinstance(value, bool) else str(value)


def _page_pairs(diff: EditionDiff, old: PrintedEdition, new: PrintedEdition) -> list[tuple[int | None, int | None]]:
    """Which page of the new edition is which of the old: those that have most rows in common, then slides of one kind.

    In the order of the new edition; a page that is gone follows the one it followed.
    """
    votes: Counter[tuple[int, int]] = Counter()
    for table in diff.shown():
        rows = old.tables.get(table.table, ()), new.tables.get(table.table, ())
        for pair in table.pairs:
            pages = rows[0][pair.old_position].get("page"), rows[1][pair.new_position].get("page")
            if isinstance(pages[0], int) and isinstance(pages[1], int):
                votes[pages[0], pages[1]] += 1
    slides = [[s for s in e.tables.get("slides", ()) if isinstance(s.get("page"), int)] for e in (old, new)]
    numbers = [[int(str(s["page"])) for s in side] for side in slides]
    alike = [
        (int(str(a["page"])), int(str(b["page"])))
        for a in slides[0]
        for b in slides[1]
        if a.get("kind") == b.get("kind") != "unrecognised"
    ]
    partner: dict[int, int] = {}
    ranked = sorted(votes, key=lambda pages: (-votes[pages], pages[1], pages[0]))
    for before, after in [*ranked, *alike]:
        if before not in partner.values() and after not in partner:
            partner[after] = before
    pairs: list[tuple[int | None, int | None]] = [(partner.get(after), after) for after in numbers[1]]
    for before in numbers[0]:
        if before not in partner.values():
            places = [n for n, (page, _) in enumerate(pairs) if page == before - 1]
            pairs.insert(places[0] + 1 if places else 0, (before, None))
    return pairs
