"""Figures through the editions as JSON. `schemas/series.schema.json` says what it holds. Numbers of money are strings."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from pipeline.cross_edition.rates import RATE_DIGITS
from pipeline.table_values import decimal_text

if TYPE_CHECKING:
    from decimal import Decimal

    from pipeline.cross_edition.following import EditionFigure, FigureSeries, ImpliedRate
    from pipeline.cross_edition.series import Series
    from pipeline.cross_edition.statements import EditionName, Statement
    from pipeline.model import Check, Place

FORMAT_VERSION = "1.0"

Json = dict[str, Any]


def render_json(series: Series) -> str:
    """`series` as a JSON document, keys in a fixed order."""
    return json.dumps(document(series), ensure_ascii=False, indent=2) + "\n"


def document(series: Series) -> Json:
    """`series` as plain values, as the published schema has them."""
    return {
        "format_version": FORMAT_VERSION,
        "editions": [_edition(edition) for edition in series.editions],
        "figures": [_figure(figure) for figure in series.figures],
        "unplaced": [_statement(statement) for statement in series.unplaced],
        "checks": [_check(check) for check in series.checks],
    }


def _edition(name: EditionName) -> Json:
    return {"deck": name.deck, "edition": name.edition}


def _figure(figure: FigureSeries) -> Json:
    return {
        "figure": figure.name.slug,
        "fiscal_year": figure.name.fiscal_year,
        "budget": figure.name.budget,
        "statements": [_statement(s) for side in figure.by_edition for s in side.statements],
        "implied_rates": [_rate(rate) for rate in figure.rates],
    }


def _statement(statement: Statement) -> Json:
    figure = statement.figure
    return {
        **_edition(statement.edition),
        "currency": figure.currency,
        "value": decimal_text(figure.value),
        "lower": _number(statement.lower),
        "upper": _number(statement.upper),
        "admits": {"lower": _number(figure.interval.lower), "upper": _number(figure.interval.upper)},
        "stage": statement.stage,
        "is_approximate": figure.is_approximate,
        "printed": figure.printed,
        "label": statement.label,
        "table": figure.table,
        "key": figure.key,
        "page": statement.page,
        "boxes": [
            {"page": s.page, "x0": s.box.x0, "top": s.box.top, "x1": s.box.x1, "bottom": s.box.bottom}
            for s in statement.spots
        ],
    }


def _rate(rate: ImpliedRate) -> Json:
    lower, upper = rate.rate.rounded(RATE_DIGITS)
    return {
        "unit": rate.unit,
        "lower": decimal_text(lower),
        "upper": _number(upper),
        "amount": _side(rate.amount),
        "base": _side(rate.base),
        "converted": [_edition(side.edition) for side in rate.converted],
        "same_stage": rate.same_stage,
    }


def _side(side: EditionFigure) -> Json:
    interval = side.interval
    return {
        **_edition(side.edition),
        "currency": side.currency,
        "stage": side.stage,
        "lower": _number(interval.lower) if interval else None,
        "upper": _number(interval.upper) if interval else None,
    }


def _check(check: Check) -> Json:
    return {
        "check_id": check.check_id,
        "kind": check.kind,
        "subject": check.subject,
        "verdict": check.verdict,
        "message": check.message,
        "stated": _number(check.stated),
        "lower": _number(check.lower),
        "upper": _number(check.upper),
        "rows": [_place(place) for place in check.rows],
        "suspects": [_place(place) for place in check.suspects],
    }


def _place(place: Place) -> Json:
    return {"table": place.table, "key": place.key, "reason": place.reason}


def _number(value: Decimal | None) -> str | None:
    return None if value is None else decimal_text(value)
