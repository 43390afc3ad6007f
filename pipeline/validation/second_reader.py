"""Check kind `second_reader`: another PDF library finds the same characters where an amount was read.

Money is read twice, by pdfplumber (pdfminer.six) and by pdfium; where they differ neither is trusted: the check fails and
shows both readings.
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from pipeline.language.folding import fold
from pipeline.model import Box, Check, Glyph, Place, Row, Value

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from pipeline.validation.figures import Tables

_MONEY_TABLES = frozenset({"budget_amounts", "stated_figures", "budget_trend"})

_OPENING, _CLOSING = "[(［（【〔", "])］）】〕"

BRACKET_REACH = 0.6
"""The middle of a bracket around an amount lies at most so many line heights from it."""

SAME_PLACE = 0.3
"""Equal characters closer than this part of their width are one drawn twice; two printed side by side are a width apart."""


def money_pages(tables: Tables) -> list[int]:
    """The pages that money was read from, in order."""
    return sorted({int(str(e["page"])) for e in _money_evidence(tables)})


def second_reader_checks(tables: Tables, second: Mapping[int, Sequence[Glyph]] | None) -> Iterator[Check]:
    """One check a page with money. `second` is None where the second reader failed: then nothing is confirmed."""
    for page in money_pages(tables):
        evidence = [e for e in _money_evidence(tables) if e["page"] == page]
        subject, check_id = f"page {page}", f"second_reader/page-{page}"
        if second is None or page not in second:
            message = (
                f"Page {page}: the second reader (pdfium) gave no reading; {len(evidence)} amounts were read once only."
            )
            yield Check(check_id, "second_reader", subject, "undetermined", message)
            continue
        faults = []
        brackets = [g for g in second[page] if g.text in _OPENING + _CLOSING]
        ends: dict[tuple[Value, Value], list[Box]] = {}
        for row in evidence:
            ends.setdefault((row["table"], row["key"]), []).append(_box(row))
        for row in evidence:
            theirs = _text_in(_box(row), second[page])
            parts = ends[row["table"], row["key"]]
            if _bracketed(parts[0], parts[-1], brackets):
                theirs = f"[{theirs}]"
            if _bare(theirs) != _bare(str(row["printed"])):
                reason = f"page {page}: read {row['printed']!r}, the second reader has {theirs!r}"
                faults.append(Place(str(row["table"]), str(row["key"]), reason))
        message = f"Page {page}: a second reader (pdfium) finds {len(evidence) - len(faults)} of {len(evidence)} amounts the same"
        if faults:
            yield Check(
                check_id,
                "second_reader",
                subject,
                "inconsistent",
                f"{message}; {faults[0].reason}.",
                suspects=tuple(faults),
            )
        else:
            yield Check(check_id, "second_reader", subject, "consistent", message + ".")


def _bracketed(first: Box, last: Box, brackets: Sequence[Glyph]) -> bool:
    """Whether a bracket opens right before the amount's first part and closes right behind its last one."""
    opens = any(g.text in _OPENING and _touches(g.box, first, before=True) for g in brackets)
    return opens and any(g.text in _CLOSING and _touches(g.box, last, before=False) for g in brackets)


def _touches(bracket: Box, box: Box, *, before: bool) -> bool:
    if not box.top <= bracket.middle <= box.bottom:
        return False
    gap = box.x0 - bracket.centre if before else bracket.centre - box.x1
    return 0 < gap <= BRACKET_REACH * box.height


def _money_evidence(tables: Tables) -> list[Row]:
    return [e for e in tables.get("evidence", ()) if e["table"] in _MONEY_TABLES and e["field"] == "value"]


def _box(row: Row) -> Box:
    x0, top, x1, bottom = (float(Decimal(str(row[c]))) for c in ("x0", "top", "x1", "bottom"))
    return Box(x0, top, x1, bottom)


def _text_in(box: Box, glyphs: Sequence[Glyph]) -> str:
    """The characters whose middle lies in the box, from left to right, doubles once."""
    inside: list[Glyph] = []
    held = [
        g
        for g in glyphs
        # The cheap comparison first: every character of the page is compared with every amount.
        if g.box.top < box.bottom and g.box.bottom > box.top and box.x0 <= g.box.centre <= box.x1
        if box.top <= g.box.middle <= box.bottom
    ]
    for g in sorted(held, key=lambda g: (g.box.x0, g.text)):
        near = SAME_PLACE * g.box.width
        if any(o.text == g.text and abs(o.box.x0 - g.box.x0) <= near for o in inside[-3:]):
            continue
        inside.append(g)
    return "".join(g.text for g in inside)


def _bare(text: str) -> str:
    return "".join(fold(text).split())
