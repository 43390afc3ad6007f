"""Check kind `second_reader`: another PDF library finds the same characters where a value was read.

Money is read twice, by pdfium and by playa, and in a thorough run everything is, by pdfium and by pdfplumber. Where they
differ neither is trusted, and both readings are shown: a figure fails its check, other text leaves it undetermined.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from functools import partial
from typing import TYPE_CHECKING

from pipeline.language.folding import fold
from pipeline.model import Box, Check, Glyph, Place, Row, Value, Verdict
from pipeline.validation.messages import count
from pipeline.validation.placed import evidence_box

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

    from pipeline.validation.figures import Tables

_MONEY_TABLES = frozenset({"budget_amounts", "stated_figures", "budget_trend"})
_FIGURES = frozenset({"value", "fiscal_year"})
"""Fields of those tables that are numbers."""

_OPENING, _CLOSING = "[(［（【〔", "])］）】〕"
_BRACKETS = _OPENING + _CLOSING

BRACKET_REACH = 0.6
"""The middle of a bracket around an amount lies at most so many line heights from it."""

SAME_PLACE = 0.3
"""Equal characters closer than this part of their width are one drawn twice; two printed side by side are a width apart."""


def boxes_to_confirm(tables: Tables, *, thorough: bool = False) -> dict[int, list[Box]]:
    """Where money was read, or, `thorough`, anything, by page."""
    by_page = _evidence_by_page(tables, thorough=thorough)
    return {page: [evidence_box(row) for row in rows] for page, rows in by_page.items()}


def pages_to_confirm(tables: Tables) -> set[int]:
    """The pages that money was read from."""
    return set(_evidence_by_page(tables, thorough=False))


def _evidence_by_page(tables: Tables, *, thorough: bool) -> dict[int, list[Row]]:
    by_page: dict[int, list[Row]] = {}
    for row in tables.get("evidence", ()) if thorough else _money_evidence(tables):
        by_page.setdefault(int(str(row["page"])), []).append(row)
    return by_page


def second_reader_checks(
    tables: Tables, second: Mapping[int, Sequence[Glyph]] | None, *, reader: str = "playa", thorough: bool = False
) -> Iterator[Check]:
    """One check a page with money, or, `thorough`, with any evidence, in page order.

    `second` is what `reader` found on them, None where it failed: then nothing is confirmed, and the check is undetermined.
    """
    for page, evidence in sorted(_evidence_by_page(tables, thorough=thorough).items()):
        glyphs = None if second is None else second.get(page)
        yield _page_check(page, evidence, glyphs, f"the second reader ({reader})", thorough=thorough)


def _page_check(
    page: int, evidence: Sequence[Row], glyphs: Sequence[Glyph] | None, reader: str, *, thorough: bool
) -> Check:
    check = partial(Check, f"second_reader/page-{page}", "second_reader", f"page {page}")
    read = count(len(evidence), "piece") + " of evidence" if thorough else count(len(evidence), "amount")
    if glyphs is None:
        message = f"Page {page}: {reader} gave no reading, so {read} could not be confirmed: undetermined."
        return check("undetermined", message)
    by_height = _ByHeight(glyphs)
    bracketed = _bracketed_amounts(evidence, _ByHeight(g for g in glyphs if g.text in _BRACKETS))
    found = [(row, _fault(row, by_height, bracketed)) for row in evidence]
    figures = [fault for row, fault in found if fault is not None and _is_figure(row)]
    texts = [fault for row, fault in found if fault is not None and not _is_figure(row)]
    faults = (*figures, *texts)
    message = f"Page {page}: {reader} finds {len(evidence) - len(faults)} of {read} the same"
    if not faults:
        return check("consistent", f"{message}: consistent.")
    verdict: Verdict = "inconsistent" if figures else "undetermined"
    return check(verdict, f"{message}; {faults[0].reason}: {verdict}.", suspects=faults)


class _ByHeight:
    """Glyphs from the top, so that those at the height of a box are found without looking at all of them."""

    def __init__(self, glyphs: Iterable[Glyph]) -> None:
        listed = list(glyphs)
        # Without asking each box for its middle: a page has thousands.
        middles = [(box.top + box.bottom) / 2 for box in [glyph.box for glyph in listed]]
        order = sorted(range(len(listed)), key=middles.__getitem__)
        self._glyphs = [listed[n] for n in order]
        self._middles = [middles[n] for n in order]

    def beside(self, box: Box) -> list[Glyph]:
        """Those whose middle lies between the box's upper and lower edge."""
        return self._glyphs[bisect_left(self._middles, box.top) : bisect_right(self._middles, box.bottom)]


def _fault(row: Row, glyphs: _ByHeight, bracketed: Collection[tuple[Value, Value]]) -> Place | None:
    """Both readings, where they differ; so they do where the second has brackets around an amount of `bracketed`."""
    box, printed = evidence_box(row), str(row["printed"])
    both = _texts_in(box, glyphs)
    if _is_amount(row) and (row["table"], row["key"]) in bracketed:
        both = tuple(f"[{text}]" for text in both)
    if any(_bare(text) == _bare(printed) for text in both):
        return None
    theirs = both[0]
    where = f"page {row['page']} at {row['x0']}, {row['top']}"
    reason = f'{where}: {row["field"]} was read as "{printed}", by the second reader as "{theirs}"'
    return Place(str(row["table"]), str(row["key"]), reason)


def _is_figure(row: Row) -> bool:
    return row["table"] in _MONEY_TABLES and row["field"] in _FIGURES


def _is_amount(row: Row) -> bool:
    return row["table"] in _MONEY_TABLES and row["field"] == "value"


def _bracketed_amounts(evidence: Sequence[Row], brackets: _ByHeight) -> set[tuple[Value, Value]]:
    """Table and key of the amounts that stand in brackets which are no part of what was read."""
    parts: dict[tuple[Value, Value], list[Box]] = {}
    for row in evidence:
        if _is_amount(row):
            parts.setdefault((row["table"], row["key"]), []).append(evidence_box(row))
    return {name for name, boxes in parts.items() if _bracketed(boxes[0], boxes[-1], brackets)}


def _bracketed(first: Box, last: Box, brackets: _ByHeight) -> bool:
    """Whether a bracket opens right before the amount's first part and closes right behind its last one."""
    opens = any(g.text in _OPENING and _touches(g.box, first, before=True) for g in brackets.beside(first))
    return opens and any(g.text in _CLOSING and _touches(g.box, last, before=False) for g in brackets.beside(last))


def _touches(bracket: Box, box: Box, *, before: bool) -> bool:
    """Whether a bracket at the height of a box stands right before or behind it."""
    gap = box.x0 - bracket.centre if before else bracket.centre - box.x1
    return 0 < gap <= BRACKET_REACH * box.height


def _money_evidence(tables: Tables) -> list[Row]:
    return [e for e in tables.get("evidence", ()) if _is_amount(e)]


def _texts_in(box: Box, glyphs: _ByHeight) -> tuple[str, ...]:
    """The characters whose middle lies in the box, from left to right; of a line set sideways, downwards and upwards.

    Doubles are taken once.
    """
    held = [g for g in glyphs.beside(box) if box.x0 <= (g.box.x0 + g.box.x1) / 2 <= box.x1]
    sideways = len(held) > 1 and _spread(g.box.middle for g in held) > _spread(g.box.centre for g in held)
    inside: list[Glyph] = []
    for g in sorted(held, key=lambda g: (g.box.top if sideways else g.box.x0, g.text)):
        if not any(o.text == g.text and _one_place(o.box, g.box) for o in inside[-3:]):
            inside.append(g)
    text = "".join(g.text for g in inside)
    return (text, text[::-1]) if sideways else (text,)


def _one_place(one: Box, two: Box) -> bool:
    return abs(one.x0 - two.x0) <= SAME_PLACE * two.width and abs(one.top - two.top) <= SAME_PLACE * two.height


def _spread(places: Iterable[float]) -> float:
    listed = list(places)
    return max(listed) - min(listed)


def _bare(text: str) -> str:
    return "".join(fold(text).split())
