"""Which figure is meant by `2024-supplementary`, `FY2024 supplementary`, `2024`, `supplementary` or `令和6年度`."""

from __future__ import annotations

import difflib
import re
from typing import TYPE_CHECKING

from pipeline.errors import FigureNotFoundError
from pipeline.language.fiscal_years import find_fiscal_years

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pipeline.cross_edition.statements import FigureName

BUDGETS = ("initial", "supplementary")
_YEAR = re.compile(r"(?<!\d)\d{4}(?!\d)")
_YEAR_DIGITS = 4
_BETWEEN = re.compile(r"[\s\-_/,]+")


def select(text: str, names: Sequence[FigureName]) -> tuple[FigureName, ...]:
    """The figures of `names` that `text` means: a fiscal year, a budget or both. All of a year, or all of a budget.

    Raises FigureNotFoundError where it means none, naming those that are near it, or else the ones there are.
    """
    year, budget = _read(text)
    found = tuple(
        name
        for name in names
        if (year or budget) and year in (None, name.fiscal_year) and budget in (None, name.budget)
    )
    if found:
        return found
    slugs = [name.slug for name in names]
    if not slugs:
        raise FigureNotFoundError(f"No extracted edition states the figure {text!r}.", "None states any budget figure.")
    near = []
    if not year and not budget:
        written = _BETWEEN.sub("-", text.strip().casefold().removeprefix("fy").strip())
        of_the_year = [slug for slug in slugs if slug[:_YEAR_DIGITS] in written]
        near = difflib.get_close_matches(written, of_the_year or slugs, n=2, cutoff=0.75)
    advice = f"Did you mean {' or '.join(near)}?" if near else f"There are: {', '.join(slugs)}."
    raise FigureNotFoundError(f"No extracted edition states the figure {text!r}.", advice)


def _read(text: str) -> tuple[int | None, str | None]:
    """Year and budget; neither where anything else stands in the text too."""
    years = find_fiscal_years(text)
    if years:
        year: int | None = years[0].year
        rest = text[: years[0].start] + " " + text[years[0].end :]
    else:
        match = _YEAR.search(text)
        year = int(match.group()) if match else None
        rest = _YEAR.sub(" ", text, count=1)
    words = [word for word in _BETWEEN.split(rest.casefold()) if word and word != "fy"]
    if not words:
        return year, None
    if len(words) == 1 and words[0] in BUDGETS:
        return year, words[0]
    return None, None
