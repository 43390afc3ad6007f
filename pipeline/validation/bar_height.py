"""Check kind `bar_height`: a bar is as high as its label says.

The bar was drawn to some true value, and its height is read from the page only so well: its interval is the value on
the axis, give or take `DRAWING_TOLERANCE` of the chart's highest bar. The label stands for its rounding interval. The
two must overlap.
"""

from __future__ import annotations

from decimal import Decimal
from functools import partial
from typing import TYPE_CHECKING

from pipeline.validation.claims import Claim, Judgement, bounds_of, slack_between
from pipeline.validation.intervals import EXACT, Interval, overlaps
from pipeline.validation.messages import budget_name, format_interval, format_money, scale_of

if TYPE_CHECKING:
    from pipeline.check_sentences import BarHeightSentence
    from pipeline.validation.figures import Figure, Ledger

DRAWING_TOLERANCE = Decimal("0.01")
"""How exactly a bar is drawn and measured, as a share of the chart's highest bar."""


def bar_height_claims(sentence: BarHeightSentence, ledger: Ledger) -> tuple[Claim, ...]:
    """One claim for each bar with a label."""
    rows = ledger.tables.get("budget_trend", ())
    heights = [abs(h) for row in rows if isinstance(h := row.get("bar_value"), Decimal)]
    tolerance = EXACT.multiply(max(heights), DRAWING_TOLERANCE) if heights else Decimal(0)
    claims = []
    for figure in ledger.figures["budget_trend"]:
        height = rows[figure.index].get("bar_value")
        subject = budget_name(figure.fiscal_year, figure.budget)
        claims.append(
            Claim(
                check_id=f"bar_height/{sentence.name}/{figure.fiscal_year}-{figure.budget}",
                kind="bar_height",
                subject=subject,
                figures=(figure,),
                roles=("place",),
                judge=partial(judge_bar, subject, height if isinstance(height, Decimal) else None, tolerance),
            )
        )
    return tuple(claims)


def judge_bar(subject: str, height: Decimal | None, tolerance: Decimal, figures: tuple[Figure, ...]) -> Judgement:
    """Whether the label's interval meets the bar's; without a measured height, undetermined."""
    (label,) = figures
    size = scale_of(label.step)
    text = f"{subject}: the label says {format_money(label.value, label.currency, size, label.step)}"
    if height is None:
        return Judgement(
            "undetermined",
            f"{text}; the bar's height has no scale: undetermined.",
            label.value,
            **bounds_of(label.interval),
        )
    bar = Interval(EXACT.subtract(height, tolerance), EXACT.add(height, tolerance))
    agrees = overlaps(label.interval, bar)
    drawn = f"the bar is drawn to {format_money(height, label.currency, size)} ({format_interval(bar, size)})"
    return Judgement(
        "consistent" if agrees else "inconsistent",
        f"{text} ({format_interval(label.interval, size)}); {drawn}: {'consistent' if agrees else 'inconsistent'}.",
        label.value,
        bar.lower,
        bar.upper,
        slack_between(label.interval, bar, label.step),
        **bounds_of(label.interval),
    )
