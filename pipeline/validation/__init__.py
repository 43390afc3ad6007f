"""Validation: tables and a profile's check sentences in, checks with verdicts out.

`checking` joins the parts; `intervals`, `figures` and `claims` are the arithmetic; each check kind has its own module;
`diagnosis` names the likely culprit of a sum that fails.
"""

from __future__ import annotations

from pipeline.validation.amounts_owned import MoneyExpression
from pipeline.validation.checking import validate

__all__ = ["MoneyExpression", "validate"]
