"""From check sentences and tables to claims: the one place that knows all the arithmetic check kinds."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipeline.check_sentences import (
    BarHeightSentence,
    CheckSentence,
    PinnedFigure,
    SameFigureSentence,
    SumSentence,
)
from pipeline.validation.bar_height import bar_height_claims
from pipeline.validation.pinned import pinned_claims
from pipeline.validation.same_figure import duplicates, same_figure_claims
from pipeline.validation.sums import sum_claims

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pipeline.validation.claims import Claim
    from pipeline.validation.figures import Ledger


def claims_of(ledger: Ledger, sentences: Sequence[CheckSentence], pinned: Sequence[PinnedFigure]) -> tuple[Claim, ...]:
    """All arithmetic claims, in the order of the sentences and, within one, in reading order. Deterministic."""
    claims: list[Claim] = []
    # Duplicate facts first: whatever uses one of them uses what all of them admit.
    facts = [fact for s in sentences if isinstance(s, SameFigureSentence) for fact in duplicates(s, ledger)]
    for sentence in sentences:
        if isinstance(sentence, SumSentence):
            claims += sum_claims(sentence, ledger, facts)
        elif isinstance(sentence, SameFigureSentence):
            claims += same_figure_claims(sentence, ledger)
        elif isinstance(sentence, BarHeightSentence):
            claims += bar_height_claims(sentence, ledger)
        else:
            claims += pinned_claims(sentence, ledger, pinned)
    return tuple(claims)
