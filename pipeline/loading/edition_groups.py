"""The editions of one load, read some at a time: a load of many neither holds all of them nor writes each on its own."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from pipeline.errors import TargetError
from pipeline.loading.lines import Lines, read_lines
from pipeline.loading.package import Package, read_package
from pipeline.loading.rows import Columns, EditionRows, columns_of, read_edition
from pipeline.loading.targets import UNCHANGED

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from pipeline.table_schemas import TableSchema

_AT_ONCE = 100
"""How many editions are read together: enough that a statement a table and group costs little."""


@dataclass(frozen=True)
class Editions:
    """The editions of one load, by their packages; their rows are read by `groups`."""

    packages: tuple[Package, ...]
    schemas: Mapping[str, TableSchema]
    rows: Counter[str] = field(default_factory=Counter)
    """How many rows of each table `groups` has given so far."""

    @property
    def identities(self) -> list[tuple[str, str]]:
        """The deck and edition of each."""
        return [(p.deck, p.edition) for p in self.packages]

    def groups(self) -> Iterator[list[EditionRows]]:
        """Give the editions in order, some at a time. Raises as `rows.read_edition`, when the one at fault is due."""
        for start in range(0, len(self.packages), _AT_ONCE):
            group = [read_edition(package, self.schemas) for package in self.packages[start : start + _AT_ONCE]]
            for edition in group:
                self.rows.update({table: edition.count(table) for table in self.schemas})
            yield group

    def bulk_groups(self, tables: Mapping[str, TableSchema]) -> Iterator[dict[str, Lines | Columns]]:
        """Give the rows of `tables` (those of `side_by_side`) for a bulk load, of some editions at a time.

        They are Lines where all rows of the group are, else Columns. Raises as `groups`; but a key that stands twice
        or leads nowhere may be left for the database to refuse (see `look_for_faults`).
        """
        for start in range(0, len(self.packages), _AT_ONCE):
            packages = self.packages[start : start + _AT_ONCE]
            lines = read_lines(packages, tables)
            if lines is not None:
                self.rows.update({name: rows.count for name, rows in lines.items()})
                yield dict(lines)
                continue
            editions = [read_edition(package, self.schemas) for package in packages]
            columns = {name: columns_of(table, editions) for name, table in tables.items()}
            self.rows.update({name: len(cells[0]) for name, cells in columns.items()})
            yield dict(columns)

    def look_for_faults(self) -> None:
        """Read all editions with care: raises as `groups` where one of them is why a database refuses the rows."""
        for package in self.packages:
            read_edition(package, self.schemas)

    def all(self) -> list[EditionRows]:
        """Give all editions at once, for a target that is written as a whole. Raises as `groups`."""
        return [edition for group in self.groups() for edition in group]


def open_editions(paths: Sequence[Path], schemas: Mapping[str, TableSchema]) -> Editions:
    """Look at the packages in the folders `paths`.

    Raises as `package.read_package`, and TargetError where two of them are the same edition.
    """
    editions = Editions(tuple(read_package(path) for path in paths), schemas)
    for name, times in Counter(editions.identities).items():
        if times > 1:
            raise TargetError(f"The edition {'/'.join(name)} is named twice. {UNCHANGED}", "Name it once.")
    return editions
