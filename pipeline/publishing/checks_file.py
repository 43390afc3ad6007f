"""The verdicts of an edition as `checks.json`, with all that led to them, and as the rows of the table `checks`."""

from __future__ import annotations

from decimal import ROUND_HALF_EVEN, Context, Decimal
from typing import TYPE_CHECKING

from pipeline.publishing.json_files import json_document
from pipeline.table_values import DECIMAL_DIGITS, DECIMAL_PLACES, decimal_text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pipeline.model import Check, Place, Row

_STEP = Decimal(1).scaleb(-DECIMAL_PLACES)
_ROUNDING = Context(prec=DECIMAL_DIGITS, rounding=ROUND_HALF_EVEN)


def checks_bytes(deck: str, edition: str, checks: Sequence[Check]) -> bytes:
    """Write `checks.json`: for every check, in the order given, all that it holds.

    Numbers are strings of decimal digits, so that no reader makes them floating point; what a check does not have is
    null. `pipeline.editions.read_checks` reads it back.
    """
    document = {"deck": deck, "edition": edition, "checks": [_check(c) for c in checks]}
    return json_document(document)


def check_rows(checks: Sequence[Check]) -> list[Row]:
    """Give the rows of the table `checks`.

    Slack and noise are measures and are rounded to the table's decimal places; `checks.json` has them unrounded. The
    suspects stand in one text, likeliest first: "budget_items some/key (a reason); …".
    """
    return [
        {
            "check_id": c.check_id,
            "kind": c.kind,
            "subject": c.subject,
            "verdict": c.verdict,
            "stated": c.stated,
            "lower": c.lower,
            "upper": c.upper,
            "message": c.message,
            "slack": _rounded(c.slack),
            "noise": _rounded(c.noise),
            "suspects": "; ".join(_place_text(p) for p in c.suspects) or None,
            "stated_lower": c.stated_lower,
            "stated_upper": c.stated_upper,
        }
        for c in checks
    ]


def _check(check: Check) -> dict[str, object]:
    return {
        "check_id": check.check_id,
        "kind": check.kind,
        "subject": check.subject,
        "verdict": check.verdict,
        "message": check.message,
        "stated": _number(check.stated),
        "stated_lower": _number(check.stated_lower),
        "stated_upper": _number(check.stated_upper),
        "lower": _number(check.lower),
        "upper": _number(check.upper),
        "slack": _number(check.slack),
        "noise": _number(check.noise),
        "rows": [_place(p) for p in check.rows],
        "suspects": [_place(p) for p in check.suspects],
    }


def _place(place: Place) -> dict[str, str]:
    return {"table": place.table, "key": place.key, "reason": place.reason}


def _place_text(place: Place) -> str:
    return f"{place.table} {place.key}" + (f" ({place.reason})" if place.reason else "")


def _number(value: Decimal | None) -> str | None:
    return None if value is None else decimal_text(value)


def _rounded(value: Decimal | None) -> Decimal | None:
    return None if value is None else value.quantize(_STEP, context=_ROUNDING)
