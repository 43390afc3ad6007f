"""What drifted since the newest earlier edition: the signs that a deck is no longer drawn, or worded, the way it was.

What the government changed is for the comparison of editions (`pipeline.diffing`) to tell. This is about the reading:
slides that came, went or moved, headings in other words, marks and units never seen, headings with nothing under them,
amounts that are gone where there was one. Drift is information and not an error, so no check of kind `drift` is ever
`inconsistent`. It is `consistent` where what drifted was read all the same (a reworded heading is a heading), and
`undetermined` where the drift leaves open whether the reading is right (a slide of no known kind, a mark that stands on
nothing any more).
"""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING

from pipeline.drift.finding import Finding, Tables, name_of
from pipeline.drift.headings import heading_findings, roster_findings
from pipeline.drift.printing import amount_findings, empty_heading_findings, mark_findings, unit_findings
from pipeline.drift.slides import slide_findings, title_findings
from pipeline.editions import edition_order
from pipeline.language.folding import fold
from pipeline.model import Check, Verdict

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from pipeline.profiles import Profile
    from pipeline.records import SlideReading

KIND = "drift"


def newest_earlier(editions: Iterable[str], edition: str) -> str | None:
    """The newest of `editions` that is earlier than `edition`; None where there is none.

    Names are compared with the numbers in them as numbers: `fy2025-initial` < `fy2025-supplementary` < `fy2026-initial`.
    """
    earlier = [name for name in editions if edition_order(name) < edition_order(edition)]
    return max(earlier, key=edition_order, default=None)


def drift_checks(
    new: Tables, old: Tables | None, profile: Profile, readings: Sequence[SlideReading] = ()
) -> tuple[Check, ...]:
    """One check of kind `drift` for everything that drifted, and exactly one that says so where nothing did.

    `new` and `old` are the tables of an edition and of the newest earlier one of its deck, with the contract's columns;
    without `old` the slides and marks are compared with what the profile expects. `readings` are the slides as the
    extractors read them: with them, headings that have nothing under them are named. The verdict is never
    `inconsistent`.
    """
    findings = [
        *slide_findings(new, old, profile),
        *title_findings(new, old, profile),
        *(heading_findings(new, old) if old is not None else ()),
        *(roster_findings(new, old) if old is not None else ()),
        *mark_findings(new, old, profile),
        *(unit_findings(new, old, profile) if old is not None else ()),
        *empty_heading_findings(new, readings),
        *(amount_findings(new, old, profile) if old is not None else ()),
    ]
    if not findings:
        message = f"Nothing drifted since {name_of(old)}."
        if old is None:
            message = "There is no earlier edition to compare with; slides and marks are as the profile expects."
        return (Check(f"{KIND}/none", KIND, "edition", "consistent", message),)
    return tuple(_checks(findings))


def _checks(findings: Iterable[Finding]) -> Iterator[Check]:
    seen: Counter[str] = Counter()
    for finding in findings:
        check_id = "/".join(part for part in (KIND, _slug(finding.aspect), _slug(finding.name)) if part)
        seen[check_id] += 1
        if seen[check_id] > 1:
            check_id = f"{check_id}-{seen[check_id]}"
        verdict: Verdict = "consistent" if finding.sure else "undetermined"
        yield Check(check_id, KIND, finding.aspect, verdict, finding.message, rows=finding.rows)


def _slug(text: str) -> str:
    return re.sub(r"\W+", "-", fold(text).casefold()).strip("-")[:60].rstrip("-")
