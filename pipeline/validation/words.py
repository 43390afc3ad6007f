"""Check kind `words`: every word of a slide was used, or is furniture for a stated reason; none is left over."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipeline.model import Check, Place, Row
from pipeline.validation.messages import count

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pipeline.validation.figures import Tables

_SHOWN = 5
"""How many of the words left over are quoted in the message."""


def word_checks(tables: Tables) -> Iterator[Check]:
    """One check for each slide, in the order of the table `slides`."""
    for row in tables.get("slides", ()):
        page = row.get("page")
        words, used, furniture, left = (
            _number(row, column) for column in ("words", "words_used", "words_furniture", "words_unaccounted")
        )
        lost = words - used - furniture - left
        account = f"page {page}: {count(words, 'word')}, {used} used, {furniture} furniture, {left} left over"
        if lost:
            message = f"{account}, which is {abs(lost)} {'too few' if lost > 0 else 'too many'}: inconsistent."
        elif left:
            message = f"{account} ({', '.join(_left_over(tables, row)) or 'see the residue'}): inconsistent."
        else:
            message = f"{account}: consistent."
        yield Check(
            check_id=f"words/page-{page}",
            kind="words",
            subject=f"page {page}",
            verdict="inconsistent" if lost or left else "consistent",
            message=message[0].upper() + message[1:],
            rows=(Place("slides", str(page)),),
        )


def _left_over(tables: Tables, slide: Row) -> list[str]:
    texts = [str(r.get("text")) for r in tables.get("residue", ()) if r.get("page") == slide.get("page")]
    return [f'"{text}"' for text in texts[:_SHOWN]] + (["…"] if len(texts) > _SHOWN else [])


def _number(row: Row, column: str) -> int:
    value = row.get(column)
    return value if isinstance(value, int) else 0
