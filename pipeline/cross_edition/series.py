"""The verb `series`: all extracted editions under a folder, and each budget figure followed through them."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.cross_edition.checks import cross_edition_checks
from pipeline.cross_edition.following import FigureSeries, follow
from pipeline.cross_edition.selecting import select
from pipeline.cross_edition.statements import EditionName, EditionTables, Statement
from pipeline.editions import DEFAULT_ROOT, edition_order, list_editions, read_rows
from pipeline.errors import EditionNotFoundError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pipeline.model import Check


@dataclass(frozen=True)
class Series:
    """Figures through the editions, by year and budget, with the checks that hold editions against one another.

    `editions` are all that were looked at, by deck, oldest first. `unplaced` are statements that name
    no fiscal year or no budget, so that they belong to no figure.
    """

    editions: tuple[EditionName, ...]
    figures: tuple[FigureSeries, ...]
    checks: tuple[Check, ...]
    unplaced: tuple[Statement, ...]

    @property
    def is_inconsistent(self) -> bool:
        """Whether a check failed."""
        return any(check.verdict == "inconsistent" for check in self.checks)


def series(root: Path | str = DEFAULT_ROOT, figure: str | None = None) -> Series:
    """Follow each budget figure through all editions in `root`, or only those that `figure` means (`2024-supplementary`).

    Amounts are as printed, in their own currencies; no exchange rate is looked up or assumed. Raises
    EditionNotFoundError where `root` has no edition, DamagedEditionError where one is not what was written, and
    FigureNotFoundError where no edition states such a figure.
    """
    folder = Path(root)
    places = list_editions(folder)
    if not places:
        raise EditionNotFoundError(f"{folder.as_posix()} holds no edition.", "Run: policydeck run.")
    editions = [EditionTables(EditionName(p.deck, p.edition), read_rows(p.path)) for p in places]
    return series_of(editions, figure)


def series_of(editions: Sequence[EditionTables], figure: str | None = None) -> Series:
    """Follow figures through `editions`. Raises FigureNotFoundError as `series`.

    Of the checks those are given that have to do with a figure that is given: whether an edition was exchanged at one
    rate is told by all its figures, also where only one of them is asked for.
    """
    figures, unplaced = follow(editions)
    checks = cross_edition_checks(figures)
    if figure is not None:
        chosen = select(figure, [f.name for f in figures])
        figures = tuple(f for f in figures if f.name in chosen)
        stated = {(s.figure.table, s.figure.key) for f in figures for side in f.by_edition for s in side.statements}
        checks = tuple(c for c in checks if any((row.table, row.key) in stated for row in c.rows))
        unplaced = ()
    names = sorted((e.name for e in editions), key=lambda n: (n.deck, edition_order(n.edition), n.edition))
    return Series(tuple(names), figures, checks, unplaced)
