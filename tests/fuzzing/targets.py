"""What must hold for any input whatever. A target raises where it does not; what it raises is a finding."""

from __future__ import annotations

import itertools
import tempfile
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.language.amounts import (
    amount_on_scale,
    find_amounts,
    find_scale,
    format_amount,
    format_interval,
    format_money,
    is_amount_fragment,
    load_vocabulary,
    mark_kind,
)
from pipeline.language.fiscal_years import find_fiscal_years
from pipeline.run import Options, Workshop, run_one
from pipeline.table_schemas import schemas_folder

if TYPE_CHECKING:
    from pipeline.language.amounts import Vocabulary
    from pipeline.model import Amount

EDITION = "fuzzed"
"""Every input is given this edition, so that none is refused only because its slides do not name a year."""


class FindingError(AssertionError):
    """A promise that an input broke."""


@cache
def _vocabulary() -> Vocabulary:
    return load_vocabulary(schemas_folder())


def reading(data: bytes) -> str:
    """A PDF ends in a whole package or in one coded error with nothing written; gives `read` or the code.

    Raises FindingError where files are left behind, and whatever the pipeline raises beside its own errors.
    """
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "deck.pdf").write_bytes(data)
        out = folder / "out"
        result = run_one(folder / "deck.pdf", Workshop(Options(out=out, sources=folder / "none", edition=EDITION)))
        files = [path for path in out.rglob("*") if path.is_file()] if out.is_dir() else []
        if result.path is None:
            if result.error is None:
                raise FindingError(f"neither a package nor an error: {result}")
            if files or (out.is_dir() and any(out.iterdir())):
                raise FindingError(f"refused with {result.error.code}, and left {sorted(out.rglob('*'))}")
            return result.error.code
        if not (result.path / "datapackage.json").is_file():
            raise FindingError(f"a package without its description: {files}")
        stray = [path for path in files if result.path not in path.parents]
        if stray:
            raise FindingError(f"files beside the package: {stray}")
        return "read"


def amounts(data: bytes) -> int:
    """A text holds amounts whose value lies in their interval, in order and inside the text; gives how many.

    Raises FindingError where that does not hold, and whatever the grammar raises: nothing is declared.
    """
    text = data.decode("utf-8", "ignore")
    vocabulary = _vocabulary()
    found = 0
    for currency in (None, "JPY"):
        end = 0
        for one in find_amounts(text, vocabulary, currency):
            if not end <= one.start < one.end <= len(text):
                raise FindingError(f"{one} does not stand behind {end} in a text of {len(text)} characters")
            end = one.end
            _hold(one.amount)
            found += 1
    _printed_alone(text, vocabulary)
    years = find_fiscal_years(text)
    if any(one.end > other.start for one, other in itertools.pairwise(years)):
        raise FindingError(f"years overlap: {years}")
    return found


def _printed_alone(text: str, vocabulary: Vocabulary) -> None:
    """Ask what is asked of a piece of a line: whether it is part of an amount, a unit, a number of a chart, a mark."""
    for bare in (False, True):
        is_amount_fragment(text, vocabulary, bare_numbers=bare)
    mark_kind(text, vocabulary)
    scale = find_scale(text, vocabulary)
    if scale is None:
        return
    if not (scale.factor > 0 and scale.factor.is_finite() and 0 <= scale.start < scale.end <= len(text)):
        raise FindingError(f"{scale} in a text of {len(text)} characters")
    for piece in text.split():
        amount = amount_on_scale(piece, scale, vocabulary)
        if amount is not None:
            _hold(amount)


def _hold(amount: Amount) -> None:
    finite = all(Decimal.is_finite(number) for number in (amount.value, amount.lower, amount.upper))
    if not (finite and amount.lower <= amount.value <= amount.upper):
        raise FindingError(f"the value lies outside its interval: {amount}")
    format_amount(amount)
    format_money(amount.value, amount.currency)
    format_interval(amount.lower, amount.upper, amount.currency)
