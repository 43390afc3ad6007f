"""What one edition says of each year's budget: every statement with its interval and its place on the page.

A statement is a row of the stated figures or of the trend chart: a budget of one kind and fiscal year with the amount
that the edition prints for it. One edition often makes several of the same figure; they all count.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from pipeline.model import Box
from pipeline.validation.figures import FIGURE_KEYS, Figure, read_figure, row_key

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from pipeline.model import Row, Value

TABLES = ("stated_figures", "budget_trend")
"""The tables whose rows state a whole budget, in the order in which an edition's statements are listed."""

_PLACE_FIELDS = ("value", "printed")
"""The columns under which the evidence has the printed amount, the better first."""


@dataclass(frozen=True, slots=True, order=True)
class EditionName:
    """Which edition is meant."""

    deck: str
    edition: str

    def __str__(self) -> str:
        return f"{self.deck}/{self.edition}"


@dataclass(frozen=True)
class EditionTables:
    """One edition to follow figures through: its tables as typed rows, money as Decimal."""

    name: EditionName
    tables: Mapping[str, Sequence[Row]]


@dataclass(frozen=True, slots=True, order=True)
class FigureName:
    """A budget of one fiscal year; `budget` is `initial` or `supplementary`."""

    fiscal_year: int
    budget: str

    @property
    def slug(self) -> str:
        """For ids and the command line: `2024-supplementary`."""
        return f"{self.fiscal_year}-{self.budget}"

    def __str__(self) -> str:
        return f"FY{self.fiscal_year} {self.budget}"


@dataclass(frozen=True, slots=True)
class Spot:
    """Where words stand: the page, and their box in points from its top left corner."""

    page: int
    box: Box


@dataclass(frozen=True, slots=True)
class Statement:
    """One statement of an edition.

    `lower` and `upper` are what rounding leaves of the printed amount, as the table has them; `figure.interval` is what
    the statement admits, wider where the slide says "around". `name` is None where the slide does not say of which year
    or budget it speaks. `spots` has one box for each place that the printed amount is broken over.
    """

    edition: EditionName
    name: FigureName | None
    figure: Figure
    label: str
    lower: Decimal | None
    upper: Decimal | None
    spots: tuple[Spot, ...]

    @property
    def stage(self) -> str:
        """`draft` where the slide says so, else empty."""
        return str(self.figure.stage or "")

    @property
    def page(self) -> int | None:
        """The page it stands on."""
        return self.spots[0].page if self.spots else self.figure.page


def statements_of(edition: EditionTables) -> tuple[Statement, ...]:
    """Every statement of an edition, in reading order within each table. A row without a value states nothing."""
    spots = _spots(edition.tables.get("evidence", ()))
    return tuple(
        Statement(
            edition.name,
            _name(row),
            read_figure(table, index, row, {}),
            str(row.get("label") or row.get("series") or ""),
            _decimal(row.get("lower")),
            _decimal(row.get("upper")),
            spots.get((table, row_key(row, FIGURE_KEYS[table])), ()),
        )
        for table in TABLES
        for index, row in enumerate(edition.tables.get(table, ()))
        if isinstance(row.get("value"), Decimal)
    )


def _name(row: Row) -> FigureName | None:
    year, budget = row.get("fiscal_year"), row.get("budget")
    return FigureName(year, str(budget)) if isinstance(year, int) and budget else None


def _decimal(value: Value) -> Decimal | None:
    return value if isinstance(value, Decimal) else None


def _spots(evidence: Iterable[Row]) -> dict[tuple[str, str], tuple[Spot, ...]]:
    """Where each row's amount stands, part by part."""
    found: dict[tuple[str, str], dict[str, list[Spot]]] = {}
    for row in evidence:
        field, page = str(row.get("field")), row.get("page")
        if row.get("table") not in TABLES or field not in _PLACE_FIELDS or not isinstance(page, int):
            continue
        box = Box(*(float(str(row[side])) for side in ("x0", "top", "x1", "bottom")))
        found.setdefault((str(row["table"]), str(row["key"])), {}).setdefault(field, []).append(Spot(page, box))
    return {key: tuple(next(fields[f] for f in _PLACE_FIELDS if f in fields)) for key, fields in found.items()}
