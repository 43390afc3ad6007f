"""Figures through the editions as CSV: one row a statement, an implied rate or a check; `row` says which.

UTF-8, LF, RFC 4180, empty cell = no value. Text stands as it was read.
"""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

from pipeline.cross_edition.rates import RATE_DIGITS
from pipeline.model import union
from pipeline.table_values import decimal_text

if TYPE_CHECKING:
    from collections.abc import Iterator
    from decimal import Decimal

    from pipeline.cross_edition.following import FigureSeries, ImpliedRate
    from pipeline.cross_edition.series import Series
    from pipeline.cross_edition.statements import FigureName, Statement
    from pipeline.model import Check

COLUMNS = (
    "row", "figure", "fiscal_year", "budget", "deck", "edition", "other_deck", "other_edition", "stage", "currency",
    "value", "lower", "upper", "is_approximate", "printed", "label", "table", "key", "page", "x0", "top", "x1", "bottom",
    "check_id", "verdict", "message",
)  # fmt: skip
"""A `statement`'s `lower` and `upper` are its row's. An `implied_rate` is in `currency` ("JPY per USD"), of the edition
with the first currency against the other one with the second, its ends rounded outwards. Of an amount that is broken
over lines the box is that around its parts on the first page."""

Cells = dict[str, str]


def render_csv(series: Series) -> str:
    """`series` as CSV, with `COLUMNS`."""
    buffer = io.StringIO()
    writer = csv.DictWriter(buffer, COLUMNS, restval="", lineterminator="\n")
    writer.writeheader()
    for figure in series.figures:
        writer.writerows(_figure(figure))
    writer.writerows(_statement(statement) for statement in series.unplaced)
    writer.writerows(_check(check) for check in series.checks)
    return buffer.getvalue()


def _figure(figure: FigureSeries) -> Iterator[Cells]:
    for side in figure.by_edition:
        for statement in side.statements:
            yield _statement(statement)
    for rate in figure.rates:
        yield _rate(rate)


def _named(name: FigureName | None) -> Cells:
    if name is None:
        return {}
    return {"figure": name.slug, "fiscal_year": str(name.fiscal_year), "budget": name.budget}


def _statement(statement: Statement) -> Cells:
    figure = statement.figure
    cells = {
        "row": "statement",
        **_named(statement.name),
        "deck": statement.edition.deck,
        "edition": statement.edition.edition,
        "stage": statement.stage,
        "currency": figure.currency,
        "value": decimal_text(figure.value),
        "lower": _number(statement.lower),
        "upper": _number(statement.upper),
        "is_approximate": "true" if figure.is_approximate else "false",
        "printed": figure.printed,
        "label": statement.label,
        "table": figure.table,
        "key": figure.key,
        "page": "" if statement.page is None else str(statement.page),
    }
    here = [spot.box for spot in statement.spots if spot.page == statement.page]
    if here:
        box = union(here)
        cells |= {"x0": f"{box.x0:g}", "top": f"{box.top:g}", "x1": f"{box.x1:g}", "bottom": f"{box.bottom:g}"}
    return cells


def _rate(rate: ImpliedRate) -> Cells:
    lower, upper = rate.rate.rounded(RATE_DIGITS)
    return {
        "row": "implied_rate",
        **_named(rate.name),
        "deck": rate.amount.edition.deck,
        "edition": rate.amount.edition.edition,
        "other_deck": rate.base.edition.deck,
        "other_edition": rate.base.edition.edition,
        "currency": rate.unit,
        "lower": decimal_text(lower),
        "upper": _number(upper),
    }


def _check(check: Check) -> Cells:
    return {
        "row": "check",
        "value": _number(check.stated),
        "lower": _number(check.lower),
        "upper": _number(check.upper),
        "check_id": check.check_id,
        "verdict": check.verdict,
        "message": check.message,
    }


def _number(value: Decimal | None) -> str:
    return "" if value is None else decimal_text(value)
