"""Check kind `claimed_once`: no two rows claim the same words.

Two rows whose evidence covers the same place were read from the same words: a row was read twice, or one name swallowed
another row's words. Words that a row takes over from another (a heading, a figure inside a sentence) are left out, and
so are amounts that several rows share.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipeline.model import Check, Place
from pipeline.validation.figures import FIGURE_KEYS, Tables, row_key
from pipeline.validation.messages import count
from pipeline.validation.placed import Placed, PlacedEvidence, at, page_check

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

KIND = "claimed_once"

_POOLS: Sequence[Mapping[str, str]] = (
    {
        "statements": "text",
        "policy_measures": "text",
        "bill_provisions": "text",
        "notes": "text",
        "institute_organizations": "printed",
        "budget_categories": "category",
        "budget_items": "name",
    },
    {"budget_categories": "category", "budget_items": "name", "budget_amounts": "value"},
    {"stated_figures": "value"},
    {"budget_trend": "value"},
)
"""Fields of which no two claim the same words; a field may stand in several pools."""

_COVERED = 0.5
"""Two claims are the same place where they share more than this part of the smaller one: neighbours only touch."""


def claimed_once_checks(tables: Tables, evidence: PlacedEvidence) -> Iterator[Check]:
    """One check for each page with evidence, in page order."""
    left_out = {
        row_key(row, FIGURE_KEYS["budget_amounts"])
        for row in tables.get("budget_amounts", ())
        if row.get("shared_amount_id") or row.get("subject_type") == "note"
    }
    for page, placed in sorted(evidence.by_page.items()):
        faults: dict[tuple[str, str], Place] = {}
        for pool in _POOLS:
            claims = [
                p
                for p in placed
                if pool.get(p.table) == p.field and not (p.table == "budget_amounts" and p.key in left_out)
            ]
            for one, two in _overlapping(claims):
                reason = f"{at(two)}, is claimed by {one.table} {one.key} as well"
                faults.setdefault((two.table, two.key), Place(two.table, two.key, reason))
        claimed = sum(any(pool.get(p.table) == p.field for pool in _POOLS) for p in placed)
        yield page_check(KIND, page, count(claimed, "claim"), "no two on the same words", list(faults.values()))


def _overlapping(claims: Sequence[Placed]) -> Iterator[tuple[Placed, Placed]]:
    """Pairs of different rows that cover the same place, the later one of the reading order second."""
    order = {id(p): n for n, p in enumerate(claims)}
    open_claims: list[Placed] = []
    for claim in sorted(claims, key=lambda p: p.box.top):
        open_claims = [o for o in open_claims if o.box.bottom > claim.box.top]
        for other in open_claims:
            across, down = claim.box.overlap_x(other.box), claim.box.overlap_y(other.box)
            if across <= 0 or down <= 0 or (claim.table, claim.key) == (other.table, other.key):
                continue
            smaller = min(claim.box.width * claim.box.height, other.box.width * other.box.height)
            if across * down > _COVERED * smaller:
                first, second = sorted((claim, other), key=lambda p: order[id(p)])
                yield first, second
        open_claims.append(claim)
