"""Editions that state budgets and nothing else, made by hand for tests of what several of them say."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from pipeline.cross_edition import EditionName, EditionTables

if TYPE_CHECKING:
    from pipeline.model import Row

YEN = Decimal(10**8)
"""億円, the unit of the Japanese slides: a hundred million yen."""
BILLION = Decimal(10**9)


@dataclass(frozen=True)
class Says:
    """One statement: `value` in units of `unit`, rounded to its last digit."""

    year: int | None
    budget: str | None
    value: str
    unit: Decimal
    currency: str
    stage: str = ""
    around: bool = False
    label: str = "a figure"

    @property
    def row(self) -> Row:
        """The row of `stated_figures`."""
        printed = Decimal(self.value)
        half = Decimal(1).scaleb(int(printed.as_tuple().exponent)) / 2
        return {
            "figure_id": f"{self.year}-{self.budget}/{self.label}",
            "page": 3,
            "label": self.label,
            "fiscal_year": self.year,
            "budget": self.budget,
            "stage": self.stage or None,
            "value": printed * self.unit,
            "lower": (printed - half) * self.unit,
            "upper": (printed + half) * self.unit,
            "currency": self.currency,
            "is_approximate": self.around,
            "printed": f"{self.value} printed",
        }


def dollars(year: int | None, budget: str | None, billions: str, stage: str = "", **more: object) -> Says:
    """A statement in billions of dollars."""
    return Says(year, budget, billions, BILLION, "USD", stage, **more)  # type: ignore[arg-type]


def yen(year: int | None, budget: str | None, hundred_millions: str, stage: str = "", **more: object) -> Says:
    """A statement in 億円."""
    return Says(year, budget, hundred_millions, YEN, "JPY", stage, **more)  # type: ignore[arg-type]


def stating(deck: str, edition: str, *said: Says) -> EditionTables:
    """An edition that says `said`, each figure in a box of its own."""
    rows = [statement.row for statement in said]
    evidence: list[Row] = [
        {
            "table": "stated_figures", "key": row["figure_id"], "field": "value", "part": 0, "page": row["page"],
            "x0": Decimal(10), "top": Decimal(20 * n), "x1": Decimal("90.5"), "bottom": Decimal(20 * n + 12),
            "printed": row["printed"],
        }
        for n, row in enumerate(rows)
    ]  # fmt: skip
    return EditionTables(EditionName(deck, edition), {"stated_figures": rows, "budget_trend": [], "evidence": evidence})
