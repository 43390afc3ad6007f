"""The tables of a page as a reviewer reads them: headings once, sub-items indented, amounts beside what they are for.

A block is one table of one page. Its cells are made of pieces, each the value of one field of one row, so that each can
be pointed at by itself; columns that only machines need are left to the list of all fields of a row.
"""

from __future__ import annotations

from collections import defaultdict
from decimal import Decimal
from typing import TYPE_CHECKING, Literal

from pipeline.publishing.report.money import short_money
from pipeline.publishing.report.rows import LABELS, NumberedRow, RowIndex
from pipeline.table_schemas import cell_text
from pipeline.values import value

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from pipeline.model import Row, Value
    from pipeline.table_schemas import TableSchema

PieceStyle = Literal["", "flag", "part", "body"]
"""How a piece looks: plain, a mark that is set, an amount that is only a part, a body among several."""

HEADINGS = ("pillar", "part", "section", "heading", "category", "group")
"""Columns that repeat what stands above several rows."""

_MACHINE = ("page", "column", "position", "subject_type", "lower", "upper", "currency")
_AMOUNT = "value"
_FLAG = "is_"


@value()
class Piece:
    """The value of `field` of the row numbered `row`, as shown."""

    text: str
    row: int
    field: str
    style: PieceStyle = ""


@value()
class Column:
    """A column as shown; numbers are set to the right. The name is what says what a row is about."""

    title: str
    is_number: bool = False
    is_name: bool = False


@value(slots=False)
class Line:
    """One row with its cells, or (`cells` empty) the headings that the rows below it share."""

    headings: tuple[Piece, ...]
    row: int = -1
    depth: int = 0
    cells: tuple[tuple[Piece, ...], ...] = ()


@value(slots=False)
class Block:
    """One table of one page; `page` is None for rows that no page has."""

    table: str
    page: int | None
    columns: tuple[Column, ...]
    lines: tuple[Line, ...]


def blocks_of(index: RowIndex, schemas: Mapping[str, TableSchema]) -> list[Block]:
    """Lay out all rows of `index`, by table within page. A row that has an owner is shown in its owner's line."""
    from pipeline.publishing.report.grids import grid_block, is_grid  # it is made of the blocks defined here

    details: dict[int, list[NumberedRow]] = defaultdict(list)
    shown: dict[tuple[int | None, str], list[NumberedRow]] = defaultdict(list)
    for row in index.rows:
        if row.owner is not None:
            details[row.owner].append(row)
        else:
            shown[row.page, row.table].append(row)
    return [
        grid_block(index, schemas[table], rows, page)
        if is_grid(schemas[table])
        else _Layout(index, schemas, schemas[table], rows, details).block(page)
        for (page, table), rows in shown.items()
    ]


class _Layout:
    """The block of `rows`, all of one table and one page."""

    def __init__(
        self,
        index: RowIndex,
        schemas: Mapping[str, TableSchema],
        schema: TableSchema,
        rows: Sequence[NumberedRow],
        details: Mapping[int, Sequence[NumberedRow]],
    ) -> None:
        self.index = index
        self.schemas = schemas
        self.schema = schema
        self.rows = rows
        self.details = details
        self.label = next((c for c in LABELS if c in schema.columns), schema.primary_key[0])
        self.headings = [c for c in HEADINGS if c in schema.columns and c != self.label]
        self.flags = [f.name for f in schema.fields if f.type == "boolean" and f.name.startswith(_FLAG)]
        self.fields = self._fields()
        self.budgets = self._budgets()
        self.links = sorted({d.table for r in rows for d in details.get(r.number, ()) if d.table != "budget_amounts"})

    def block(self, page: int | None) -> Block:
        lines: list[Line] = []
        above: list[Value] = [None] * len(self.headings)
        for row in self.rows:
            current = [row.row.get(c) for c in self.headings]
            if current != above and any(current):
                first = next(i for i, (a, b) in enumerate(zip(above, current, strict=True)) if a != b)
                names = [c for c in self.headings[first:] if row.row.get(c)]
                if names:
                    lines.append(Line(tuple(self._piece(row, c) for c in names)))
            above = current
            lines.append(Line((), row.number, self._depth(row), self._cells(row)))
        return Block(self.schema.name, page, self._columns(), tuple(lines))

    def _fields(self) -> list[str]:
        references = {f for k in self.schema.foreign_keys for f in k.fields if f not in self.schema.primary_key}
        own_key = set(self.schema.primary_key) if len(self.schema.primary_key) == 1 else set()
        hidden = {*references, *own_key, *_MACHINE, *self.headings, *self.flags}
        if _AMOUNT in self.schema.columns:
            hidden.add("printed")
        hidden.discard(self.label)
        used = {c for r in self.rows for c, value in r.row.items() if value not in (None, "")}
        return [c for c in self.schema.columns if c not in hidden and c in used]

    def _budgets(self) -> list[tuple[str, ...]]:
        details = [d for r in self.rows for d in self.details.get(r.number, ()) if d.table == "budget_amounts"]
        return sorted({_budget_of(d) for d in details})

    def _columns(self) -> tuple[Column, ...]:
        own = [Column(self.schema.by_name[c].title, self._is_number(c), c == self.label) for c in self.fields]
        amounts = [
            Column(" ".join(w for w in (name.capitalize(), year and f"FY{year}", f"({currency})") if w), is_number=True)
            for name, year, currency in self.budgets
        ]
        return (*own, *amounts, *(Column(self.schemas[t].title) for t in self.links))

    def _is_number(self, column: str) -> bool:
        return self.schema.by_name[column].type == "number"

    def _cells(self, row: NumberedRow) -> tuple[tuple[Piece, ...], ...]:
        cells = [self._own_cell(row, c) for c in self.fields]
        details = self.details.get(row.number, ())
        amounts = [d for d in details if d.table == "budget_amounts"]
        cells.extend(tuple(_amount_piece(d) for d in amounts if _budget_of(d) == budget) for budget in self.budgets)
        cells.extend(self._linked([d for d in details if d.table == link]) for link in self.links)
        return tuple(cells)

    def _own_cell(self, row: NumberedRow, column: str) -> tuple[Piece, ...]:
        pieces = [self._piece(row, column)] if row.row.get(column) not in (None, "") else []
        if column == self.label or (self.label not in self.fields and column == self.fields[0]):
            pieces += [Piece(self._flag_title(f), row.number, f, "flag") for f in self.flags if row.row.get(f) is True]
        return tuple(pieces)

    def _flag_title(self, column: str) -> str:
        words = self.schema.by_name[column].title.split(" ")
        return " ".join(words[1:] if len(words) > 1 and words[0] == "Is" else words)

    def _piece(self, row: NumberedRow, column: str) -> Piece:
        target = next((k.table for k in self.schema.foreign_keys if k.fields == (column,)), None)
        other = None if target is None else self.index.number(target, str(row.row[column]))
        if other is not None:
            return Piece(self.index.rows[other].label, row.number, column)
        return Piece(value_text(row.row, column), row.number, column)

    def _linked(self, details: Sequence[NumberedRow]) -> tuple[Piece, ...]:
        """Name the bodies that the rows of a linking table link, and that there are others, once."""
        pieces = [Piece(self._body(d), d.number, "printed", "body") for d in details]
        others = next((d for d in details if d.row.get("and_others") is True), None)
        return (*pieces, Piece("etc.", others.number, "and_others")) if others else tuple(pieces)

    def _body(self, detail: NumberedRow) -> str:
        keys = [k for k in self.schemas[detail.table].foreign_keys if k.table != self.schema.name]
        numbers = (self.index.number(k.table, str(detail.row.get(k.fields[0]))) for k in keys)
        bodies = (self.index.rows[n].row for n in numbers if n is not None)
        return next((str(b.get("abbreviation") or b.get("name")) for b in bodies), detail.label)

    def _depth(self, row: NumberedRow) -> int:
        parent = next((k.fields[0] for k in self.schema.foreign_keys if k.table == self.schema.name), None)
        depth, seen, current = 0, {row.number}, row
        while parent is not None and current.row.get(parent):
            above = self.index.number(self.schema.name, str(current.row[parent]))
            if above is None or above in seen:
                break
            seen.add(above)
            depth, current = depth + 1, self.index.rows[above]
        return depth


def _budget_of(amount: NumberedRow) -> tuple[str, ...]:
    return tuple(cell_text(amount.row.get(c)) for c in ("budget", "fiscal_year", "currency"))


def _amount_piece(amount: NumberedRow) -> Piece:
    value = amount.row[_AMOUNT]
    text = short_money(value) if isinstance(value, Decimal) else cell_text(value)
    if amount.row.get("is_part_of") is True:
        return Piece(f"part of {text}", amount.number, _AMOUNT, "part")
    return Piece(f"around {text}" if amount.row.get("is_approximate") is True else text, amount.number, _AMOUNT)


def value_text(row: Row, column: str) -> str:
    """Show a cell: money short and with its currency, truth as yes or no, all else as its file has it."""
    value = row.get(column)
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, Decimal) and row.get("currency"):
        return short_money(value, str(row["currency"]))
    return cell_text(value)
