"""Faults as a reader or an extractor makes them, planted one at a time into what was read.

The page stays as it is. A *reader's* fault changes the characters of the document (a digit read as another, a point not
seen); all that follows is read from them. An *extractor's* fault changes the records: the value beside its words, the
row that an amount was given to, the words that a name was made of. What a record no longer claims is left over, or was
set aside as furniture, as the two ways in which an extractor loses words.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.detection.figure_faults import (
    bar_height,
    chart_label,
    lost_bracket,
    lost_point,
    million_for_billion,
    neighbouring_row,
    one_digit,
    stated_total,
)
from tests.detection.row_faults import (
    crossed_columns,
    cut_name,
    doubled_row,
    dropped_row,
    lost_mark,
    merged_names,
    swapped_category,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from random import Random

    from pipeline.model import Box
    from tests.detection.decks import Deck
    from tests.detection.what_was_read import Fault

TRIES = 20
"""So many places are tried for each fault that is wanted."""

KINDS: dict[str, Callable[[Deck, Random], Fault | None]] = {
    "one digit changed": one_digit,
    "decimal point lost": lost_point,
    "million for billion": million_for_billion,
    "bracket lost": lost_bracket,
    "amount at the neighbouring row": neighbouring_row,
    "row dropped": dropped_row,
    "row doubled": doubled_row,
    "category swapped": swapped_category,
    "[New] lost": lost_mark,
    "name cut": cut_name,
    "two names merged": merged_names,
    "column order crossed": crossed_columns,
    "stated total changed": stated_total,
    "chart label changed": chart_label,
    "bar height changed": bar_height,
}


def plant(deck: Deck, kind: str, random: Random, number: int) -> Iterator[Fault]:
    """`number` different faults of a kind, or as many as a fair number of tries finds."""
    seen: set[tuple[str, tuple[int, Box]]] = set()
    for _ in range(TRIES * number):
        if len(seen) == number:
            return
        fault = KINDS[kind](deck, random)
        if fault is not None and (fault.description, fault.at) not in seen:
            seen.add((fault.description, fault.at))
            yield fault
