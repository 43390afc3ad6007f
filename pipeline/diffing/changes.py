"""Two editions compared: rows paired table by table, and every difference classified.

A difference is what the government changed only where it is not a consequence of another one (a key that follows a
name, a heading that was reworded for all its rows, a year that moved along with the edition) nor of where things stand
on the slide.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pipeline.diffing.accounts import amount_changes, category_totals, shared_figures, stated_changes
from pipeline.diffing.amounts import figure_of
from pipeline.diffing.decisions import NO_DECISIONS, Decision, PairDecisions, refuse_contradictions
from pipeline.diffing.edition_diff import (
    EditionDiff,
    EditionName,
    EditionRows,
    FieldChange,
    FieldKind,
    HeadingChange,
    Key,
    LoneRow,
    ProposedPair,
    RowPair,
    TableDiff,
)
from pipeline.diffing.folding import edition_year, fold_years, without_numbers
from pipeline.diffing.pairing import Pair, Pairing, Side, pair_by_key, pair_by_name
from pipeline.diffing.shapes import AMOUNT_COLUMNS, AMOUNT_SUBJECTS, TableShape, ordered, shape_of
from pipeline.diffing.similarity import Subject, folded
from pipeline.errors import PairsError
from pipeline.model import Row, Value

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from decimal import Decimal

KeyMap = dict[str, dict[Value, Value]]
"""For each table with a key of one column: the new key of each old row, None for a row that is gone."""


def diff_editions(old: EditionRows, new: EditionRows, confirmed: PairDecisions = NO_DECISIONS) -> EditionDiff:
    """What changed from `old` to `new`.

    `confirmed` are the pairs that a person has decided. The result depends on nothing but its arguments: swapping them
    gives the mirrored diff, and the order of rows shows only in positions. Raises PairsError where a decision names a
    table or row that is not there, or contradicts another.
    """
    refuse_contradictions(confirmed)
    _refuse_unknown_rows(old, new, confirmed)
    editions = _Editions(old, new, edition_year(old.edition), edition_year(new.edition), confirmed)
    mapped: KeyMap = {}
    tables: dict[str, TableDiff] = {}
    for name in ordered(set(old.tables) | set(new.tables)):
        tables[name] = _Comparison(editions, shape_of(name), mapped).table_diff()
    return EditionDiff(
        EditionName(old.deck, old.edition),
        EditionName(new.deck, new.edition),
        tables,
        amount_changes(old.tables, new.tables, tables),
        stated_changes(old.tables, new.tables, tables),
        shared_figures(old.tables, new.tables),
        category_totals(old.tables, new.tables, tables),
    )


@dataclass(frozen=True, slots=True)
class _Editions:
    old: EditionRows
    new: EditionRows
    old_year: int | None
    new_year: int | None
    decisions: PairDecisions


class _Comparison:
    """One table of two editions. `mapped` holds the pairs of the tables it refers to, and takes its own."""

    def __init__(self, editions: _Editions, shape: TableShape, mapped: KeyMap) -> None:
        self.editions, self.shape, self.mapped = editions, shape, mapped
        name = shape.table
        self.present = name in editions.old.tables, name in editions.new.tables
        self.rows = list(editions.old.tables.get(name, [])), list(editions.new.tables.get(name, []))
        self.columns = tuple(dict.fromkeys(c for side in self.rows for row in side for c in row))
        self.signatures = [_signature(row) for row in self.rows[0]], [_signature(row) for row in self.rows[1]]

    def table_diff(self) -> TableDiff:
        """Pair the rows and classify what differs."""
        pairing = self._pairing()
        if len(self.shape.key) == 1:
            column = self.shape.key[0]
            gone: dict[Value, Value] = {row.get(column): None for row in self.rows[0]}
            kept = {self.rows[0][p.old].get(column): self.rows[1][p.new].get(column) for p in pairing.made}
            self.mapped[self.shape.table] = gone | kept
        reworded = self._reworded_headings(pairing.made)
        pairs = tuple(self._row_pair(p, reworded) for p in pairing.made)
        taken = {p.old for p in pairing.made}, {p.new for p in pairing.made}
        return TableDiff(
            self.shape.table,
            self.shape.kind == "text",
            self.shape.shown,
            _columns(self.rows[0]) if self.present[0] else None,
            _columns(self.rows[1]) if self.present[1] else None,
            self._lone(1, taken[1]),
            self._lone(0, taken[0]),
            pairs,
            tuple(self._proposed(p) for p in pairing.proposed),
            tuple(reworded.values()),
        )

    # Pairing

    def _pairing(self) -> Pairing:
        shape = self.shape
        if shape.name:
            confirmed = [self._indices(d) for d in self._decided(self.editions.decisions.confirmed)]
            rejected = [self._indices(d) for d in self._decided(self.editions.decisions.rejected)]
            sides = [Side([self._key(row) for row in self.rows[n]], self._subjects(n)) for n in (0, 1)]
            return pair_by_name(
                *sides, prose=shape.kind == "text", years_roll=shape.years_roll, confirmed=confirmed, rejected=rejected
            )
        if not shape.key:
            return pair_by_key(*self.signatures, self.signatures)
        if shape.table == "editions":
            # There is one row of an edition about itself, and its key always differs.
            return pair_by_key([0] * len(self.rows[0]), [0] * len(self.rows[1]), self.signatures)
        translated = [self._translated_key(row) for row in self.rows[0]]
        return pair_by_key(translated, [self._key(row) for row in self.rows[1]], self.signatures)

    def _decided(self, decisions: Iterable[Decision]) -> list[Decision]:
        return [d for d in decisions if d.table == self.shape.table]

    def _indices(self, decision: Decision) -> tuple[int, int]:
        keys = [[_written(self._key(row)) for row in side] for side in self.rows]
        return keys[0].index(decision.old), keys[1].index(decision.new)

    def _key(self, row: Row) -> Key:
        return tuple(row.get(column) for column in self.shape.key)

    def _translated_key(self, row: Row) -> Key | None:
        """The key that an old row would have in the new edition; None where what it refers to is gone."""
        translated: list[Value] = []
        for column in self.shape.key:
            value = row.get(column)
            keys = self.mapped.get(self._target(column, row) or "", {})
            if value in keys and keys[value] is None:
                return None
            translated.append(keys.get(value, value))
        return tuple(translated)

    def _target(self, column: str, row: Row) -> str | None:
        """The table that the value of `column` is a key of."""
        if self.shape.table == "budget_amounts" and column == "subject_id":
            return AMOUNT_SUBJECTS.get(str(row.get("subject_type")))
        if column == self.shape.parent:
            return self.shape.table
        return dict(self.shape.references).get(column)

    def _subjects(self, side: int) -> list[Subject]:
        shape = self.shape
        edition, year = (
            (self.editions.old, self.editions.old_year) if side == 0 else (self.editions.new, self.editions.new_year)
        )
        other_year = self.editions.new_year if side == 0 else self.editions.old_year
        later = year is not None and other_year is not None and year > other_year
        names = {row.get(shape.key[0]): row.get(shape.name or "") for row in self.rows[side]}
        amounts = _amounts_by_subject(edition.tables.get("budget_amounts", []), shape.amounts_as)
        subjects = []
        for row, signature in zip(self.rows[side], self.signatures[side], strict=True):
            places = [folded(row.get(column)) for column in shape.place]
            if shape.parent:
                places.append(folded(names.get(row.get(shape.parent))))
            marked = row.get(shape.mark_of_the_new) is True if shape.mark_of_the_new and later else None
            subjects.append(
                Subject(
                    folded(row.get(shape.name or "")),
                    year,
                    tuple(places),
                    tuple(folded(row.get(column)) for column in shape.flags),
                    marked,
                    amounts.get(row.get(shape.key[0]), frozenset()),
                    signature,
                )
            )
        return subjects

    # Classification

    def _reworded_headings(self, pairs: Sequence[Pair]) -> dict[tuple[str, str, str], HeadingChange]:
        """Headings that one edition has and the other has not, where most rows of the one stand under the other."""
        found: dict[tuple[str, str, str], HeadingChange] = {}
        for column in self.shape.place:
            cells = [
                (str(self.rows[0][p.old].get(column) or ""), str(self.rows[1][p.new].get(column) or "")) for p in pairs
            ]
            known = [{folded(row.get(column)) for row in side} for side in self.rows]
            both = Counter(cells)
            befores, afters = Counter(old for old, _ in cells), Counter(new for _, new in cells)
            for (old, new), rows in both.items():
                if not old or not new or folded(old) in known[1] or folded(new) in known[0]:
                    continue
                if 2 * rows > befores[old] and 2 * rows > afters[new]:
                    found[column, old, new] = HeadingChange(column, old, new, rows)
        return found

    def _row_pair(self, pair: Pair, reworded: Mapping[tuple[str, str, str], HeadingChange]) -> RowPair:
        old, new = self.rows[0][pair.old], self.rows[1][pair.new]
        fields = tuple(
            FieldChange(column, old.get(column), new.get(column), self._kind(column, old, new, reworded))
            for column in self.columns
            if _differs(old.get(column), new.get(column))
        )
        return RowPair(
            self._key(old),
            self._key(new),
            pair.old,
            pair.new,
            self._name(old),
            self._name(new),
            self._place(old),
            self._place(new),
            pair.method,
            pair.score,
            pair.reason,
            fields,
        )

    def _kind(
        self, column: str, old: Row, new: Row, reworded: Mapping[tuple[str, str, str], HeadingChange]
    ) -> FieldKind:
        shape, before, after = self.shape, old.get(column), new.get(column)
        if column in shape.volatile or not shape.shown or before == after:
            return "volatile"
        if column in AMOUNT_COLUMNS and "value" in self.columns:
            return "amount"
        if column == shape.parent:
            same = after is not None and self.mapped[shape.table].get(before) == after
            return "follows" if same else "place"
        if column in shape.key or column in dict(shape.references) or self._moved_along(column, before, after):
            return "follows"
        if column in shape.place:
            return "follows" if self._heading_followed(column, old, new, reworded) else "place"
        if folded(before) == folded(after):
            return "volatile"
        if column == shape.mark_of_the_new and self._no_longer_new(before, after):
            return "follows"
        return "name" if column == shape.name else "content"

    def _heading_followed(
        self, column: str, old: Row, new: Row, reworded: Mapping[tuple[str, str, str], HeadingChange]
    ) -> bool:
        """Whether the heading is the same: only printed differently, reworded, or of a category that was renamed."""
        before, after = str(old.get(column) or ""), str(new.get(column) or "")
        if folded(before) == folded(after) or (column, before, after) in reworded:
            return True
        for reference, table in self.shape.references:
            if shape_of(table).name == column:
                key = old.get(reference)
                return key is not None and self.mapped.get(table, {}).get(key) == new.get(reference)
        return False

    def _no_longer_new(self, old: Value, new: Value) -> bool:
        """Whether what the earlier edition marked as new is so no more in the later one, as is to be expected."""
        years = self.editions.old_year, self.editions.new_year
        if years[0] is None or years[1] is None or years[0] == years[1]:
            return False
        return (old if years[0] < years[1] else new) is True

    def _moved_along(self, column: str, old: Value, new: Value) -> bool:
        """Whether a fiscal year, or the years in a text, moved by as much as the edition did."""
        years = self.editions.old_year, self.editions.new_year
        if years[0] is None or years[1] is None:
            return False
        if column == "fiscal_year" and isinstance(old, int) and isinstance(new, int):
            return old - years[0] == new - years[1]
        if not self.shape.years_roll or not isinstance(old, str) or not isinstance(new, str):
            return False
        if "value" in self.columns and without_numbers(folded(old)) == without_numbers(folded(new)):
            # A sentence that states a figure: the figure itself is compared as an amount.
            return True
        return fold_years(folded(old), years[0]) == fold_years(folded(new), years[1])

    # Rows as values

    def _name(self, row: Row) -> str:
        column = self.shape.name
        if column:
            return str(row.get(column) or "")
        return " / ".join(_written(self._key(row)))

    def _place(self, row: Row) -> tuple[str, ...]:
        return tuple(str(row.get(column) or "") for column in self.shape.place)

    def _lone(self, side: int, taken: set[int]) -> tuple[LoneRow, ...]:
        return tuple(
            LoneRow(self._key(row), i, self._name(row), self._place(row), tuple(row.items()))
            for i, row in enumerate(self.rows[side])
            if i not in taken
        )

    def _proposed(self, pair: Pair) -> ProposedPair:
        old, new = self.rows[0][pair.old], self.rows[1][pair.new]
        return ProposedPair(self._key(old), self._key(new), self._name(old), self._name(new), pair.score, pair.reason)


def _columns(rows: Sequence[Row]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(column for row in rows for column in row))


def _signature(row: Row) -> str:
    """The row's content as text, the same wherever the row and its columns stand."""
    return repr(sorted((column, type(value).__name__, str(value)) for column, value in row.items()))


def _differs(old: Value, new: Value) -> bool:
    # 4 and 4.0, 1 and True are equal but not the same cell, and applying a diff gives back the very cell.
    return type(old) is not type(new) or str(old) != str(new)


def _written(key: Key) -> tuple[str, ...]:
    return tuple("" if part is None else str(part) for part in key)


def _amounts_by_subject(
    rows: Iterable[Row], subject_type: str | None
) -> dict[Value, frozenset[tuple[str, Decimal, str]]]:
    """What each subject of one type is stated to get: budget, value and currency."""
    found: dict[Value, set[tuple[str, Decimal, str]]] = {}
    for row in rows:
        figure = figure_of(row)
        if figure and subject_type is not None and row.get("subject_type") == subject_type:
            stated = found.setdefault(row.get("subject_id"), set())
            stated.add((figure.budget, figure.value, figure.currency))
    return {subject: frozenset(stated) for subject, stated in found.items()}


def _refuse_unknown_rows(old: EditionRows, new: EditionRows, decisions: PairDecisions) -> None:
    for decision in (*decisions.confirmed, *decisions.rejected):
        where = f"{decision.where}: " if decision.where else ""
        shape = shape_of(decision.table)
        if not shape.name:
            message = f"{where}rows of {decision.table!r} are not paired by what they say."
            raise PairsError(message, "Decide about a table whose rows have a name or a text, such as budget_items.")
        for side, edition, key in (("old", old, decision.old), ("new", new, decision.new)):
            rows = edition.tables.get(decision.table, [])
            if not any(_written(tuple(row.get(c) for c in shape.key)) == key for row in rows):
                message = f"{where}{edition.deck}/{edition.edition} has no row {'/'.join(key)!r} in {decision.table}."
                advice = f"Take the {side} key from the {decision.table} table of that edition, or drop the pair."
                raise PairsError(message, advice)
