"""The values that say what changed between two editions, and how to apply them.

How rows are paired is in `pairing`, how a difference is classified in `changes`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from pipeline.model import Row, Value

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from decimal import Decimal

    from pipeline.diffing.amounts import Comparison
    from pipeline.diffing.pairing import Method
    from pipeline.diffing.totals import CategoryTotal

Key = tuple[Value, ...]
FieldKind = Literal["name", "place", "content", "amount", "follows", "volatile"]


@dataclass(frozen=True)
class EditionRows:
    """One edition to compare: its tables as typed rows, money as Decimal. Rows of a table have the same columns."""

    deck: str
    edition: str
    tables: Mapping[str, list[Row]]


@dataclass(frozen=True, slots=True)
class EditionName:
    """Which edition is meant."""

    deck: str
    edition: str

    def __str__(self) -> str:
        return f"{self.deck}/{self.edition}"


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One cell that differs.

    `name`, `place` and `content` differences are changes; an `amount` is compared as an interval instead (see
    `EditionDiff.amounts`). What `follows` from another change (a key, a reference, a reworded heading, a year that
    moved along, the mark of what was new last year) and what is `volatile` (where it stood on the slide) are needed
    only to apply the diff.
    """

    column: str
    old: Value
    new: Value
    kind: FieldKind


@dataclass(frozen=True, slots=True)
class LoneRow:
    """A row of one edition without a partner. `position` is its index in the table."""

    key: Key
    position: int
    name: str
    place: tuple[str, ...]
    cells: tuple[tuple[str, Value], ...]

    @property
    def row(self) -> Row:
        """The row itself."""
        return dict(self.cells)


@dataclass(frozen=True, slots=True)
class RowPair:
    """One row in both editions, how it was recognised, and the cells that differ.

    `score` is 0 to 1. `old_position` and `new_position` are indices in the tables.
    """

    old_key: Key
    new_key: Key
    old_position: int
    new_position: int
    old_name: str
    new_name: str
    old_place: tuple[str, ...]
    new_place: tuple[str, ...]
    method: Method
    score: Decimal
    reason: str
    fields: tuple[FieldChange, ...]

    def of_kind(self, kind: FieldKind) -> tuple[FieldChange, ...]:
        """The differing cells of one kind."""
        return tuple(f for f in self.fields if f.kind == kind)

    @property
    def renamed(self) -> bool:
        """Whether its name (of prose: its text) is another one."""
        return bool(self.of_kind("name"))

    @property
    def moved(self) -> bool:
        """Whether it stands under another heading, or inside another row."""
        return bool(self.of_kind("place"))

    @property
    def changed(self) -> bool:
        """Whether another of its fields differs. Amounts are told apart from this, see `EditionDiff.amounts`."""
        return bool(self.of_kind("content"))

    @property
    def carried(self) -> bool:
        """Whether it stands as it stood."""
        return not (self.renamed or self.moved or self.changed)


@dataclass(frozen=True, slots=True)
class ProposedPair:
    """Two rows that may be one, not surely enough to say so: they count as removed and added."""

    old_key: Key
    new_key: Key
    old_name: str
    new_name: str
    score: Decimal
    reason: str


@dataclass(frozen=True, slots=True)
class HeadingChange:
    """A heading that was reworded: the rows under it did not move. `column` is where it stands in the table."""

    column: str
    old: str
    new: str
    rows: int


@dataclass(frozen=True, slots=True)
class TableDiff:
    """What changed in one table. Columns are None where an edition has no such table.

    `shown` is False for tables about the reading of the slides. `removed` is in the old edition's order, the rest in
    the new one's.
    """

    table: str
    prose: bool
    shown: bool
    old_columns: tuple[str, ...] | None
    new_columns: tuple[str, ...] | None
    added: tuple[LoneRow, ...]
    removed: tuple[LoneRow, ...]
    pairs: tuple[RowPair, ...]
    proposed: tuple[ProposedPair, ...]
    headings: tuple[HeadingChange, ...]

    @property
    def is_empty(self) -> bool:
        """Whether nothing was added, removed, renamed, moved or changed."""
        return not (self.added or self.removed or self.headings) and all(pair.carried for pair in self.pairs)


@dataclass(frozen=True, slots=True)
class AmountChange:
    """The amount of one subject (category, item, note) for one budget, in both editions.

    Both are the printed figures of each edition's own year; a key is None where the edition has no such subject.
    """

    subject_type: str
    old_key: Key | None
    new_key: Key | None
    name: str
    budget: str
    comparison: Comparison


@dataclass(frozen=True, slots=True)
class SharedFigure:
    """A figure that both editions state for the same fiscal year and budget, and where each states it.

    Where an edition states it several times, the comparison is of its most precise statement; `old_labels` and
    `new_labels` name all of them.
    """

    fiscal_year: int
    budget: str
    comparison: Comparison
    old_labels: tuple[str, ...]
    new_labels: tuple[str, ...]

    @property
    def draft_became_final(self) -> bool:
        """Whether one edition states it as a draft and the other does not."""
        old, new = self.comparison.old, self.comparison.new
        return old is not None and new is not None and old.stage != new.stage


@dataclass(frozen=True, slots=True)
class EditionDiff:
    """Everything that differs between two editions, enough to make NEW's tables from OLD's.

    `amounts` has every amount of every subject, the unchanged ones too; `stated` the figures stated for each edition's
    own years, paired by what they are; `shared_figures` those stated by both for one year; `totals` where each
    category's change came from.
    """

    old: EditionName
    new: EditionName
    tables: Mapping[str, TableDiff]
    amounts: tuple[AmountChange, ...]
    stated: tuple[AmountChange, ...]
    shared_figures: tuple[SharedFigure, ...]
    totals: tuple[CategoryTotal, ...]

    @property
    def is_empty(self) -> bool:
        """Whether the editions say the same: nothing that a reader would call a change."""
        return (
            all(table.is_empty for table in self.shown())
            and all(change.comparison.state == "same" for change in (*self.amounts, *self.stated))
            and all(figure.comparison.state == "same" for figure in self.shared_figures)
        )

    def shown(self) -> Iterator[TableDiff]:
        """The tables that say something about what the government changed."""
        return (table for table in self.tables.values() if table.shown)


def apply_diff(old_rows: Mapping[str, list[Row]], diff: EditionDiff) -> dict[str, list[Row]]:
    """NEW's tables, made from OLD's and the diff: the same rows in the same order, volatile columns included."""
    return {
        name: _apply_table(old_rows.get(name, []), table, table.new_columns)
        for name, table in diff.tables.items()
        if table.new_columns is not None
    }


def _apply_table(old_rows: list[Row], table: TableDiff, columns: tuple[str, ...]) -> list[Row]:
    placed: dict[int, Row] = {row.position: row.row for row in table.added}
    for pair in table.pairs:
        row = old_rows[pair.old_position]
        changed = {field.column: field.new for field in pair.fields}
        placed[pair.new_position] = {c: changed[c] if c in changed else row.get(c) for c in columns}
    return [placed[position] for position in sorted(placed)]
