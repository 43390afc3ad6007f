"""Check kind `second_reader`: another PDF library finds the same characters where a value was read.

Money is read twice, by pdfplumber (pdfminer.six) and by pdfium, and in a thorough run so is every other value. Where they
differ neither is trusted, and both readings are shown: a figure fails its check, other text leaves it undetermined.
"""

from __future__ import annotations

from decimal import Decimal
from functools import partial
from typing import TYPE_CHECKING

from pipeline.language.folding import fold
from pipeline.model import Box, Check, Glyph, Place, Row, Verdict
from pipeline.validation.messages import count

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from pipeline.validation.figures import Tables

_MONEY_TABLES = frozenset({"budget_amounts", "stated_figures", "budget_trend"})
_FIGURES = frozenset({"value", "fiscal_year"})
"""Fields of those tables that are numbers."""

SAME_PLACE = 0.3
"""Equal characters closer than this part of their width are one drawn twice; two printed side by side are a width apart."""


def pages_to_confirm(tables: Tables, *, thorough: bool = False) -> list[int]:
    """The pages that money was read from, or, `thorough`, that anything was, in order."""
    return sorted({int(str(e["page"])) for e in (tables.get("evidence", ()) if thorough else _money_evidence(tables))})


def second_reader_checks(
    tables: Tables, second: Mapping[int, Sequence[Glyph]] | None, *, thorough: bool = False
) -> Iterator[Check]:
    """One check a page with money, or, `thorough`, with any evidence, in page order.

    `second` is None where the second reader failed: then nothing is confirmed, and the check is undetermined.
    """
    by_page: dict[int, list[Row]] = {}
    for row in tables.get("evidence", ()) if thorough else _money_evidence(tables):
        by_page.setdefault(int(str(row["page"])), []).append(row)
    for page in pages_to_confirm(tables, thorough=thorough):
        yield _page_check(page, by_page[page], None if second is None else second.get(page), thorough=thorough)


def _page_check(page: int, evidence: Sequence[Row], glyphs: Sequence[Glyph] | None, *, thorough: bool) -> Check:
    check = partial(Check, f"second_reader/page-{page}", "second_reader", f"page {page}")
    read = count(len(evidence), "piece") + " of evidence" if thorough else count(len(evidence), "amount")
    if glyphs is None:
        message = (
            f"Page {page}: the second reader (pdfium) gave no reading, so {read} could not be confirmed: undetermined."
        )
        return check("undetermined", message)
    figures = [fault for row in evidence if _is_figure(row) and (fault := _fault(row, glyphs)) is not None]
    texts = [fault for row in evidence if not _is_figure(row) and (fault := _fault(row, glyphs)) is not None]
    faults = (*figures, *texts)
    message = f"Page {page}: the second reader (pdfium) finds {len(evidence) - len(faults)} of {read} the same"
    if not faults:
        return check("consistent", f"{message}: consistent.")
    verdict: Verdict = "inconsistent" if figures else "undetermined"
    return check(verdict, f"{message}; {faults[0].reason}: {verdict}.", suspects=faults)


def _fault(row: Row, glyphs: Sequence[Glyph]) -> Place | None:
    """Both readings, where they differ."""
    box, printed = _box(row), str(row["printed"])
    theirs = _text_in(box, glyphs)
    if _bare(theirs) == _bare(printed):
        return None
    where = f"page {row['page']} at {row['x0']}, {row['top']}"
    reason = f'{where}: {row["field"]} was read as "{printed}", by the second reader as "{theirs}"'
    return Place(str(row["table"]), str(row["key"]), reason)


def _is_figure(row: Row) -> bool:
    return row["table"] in _MONEY_TABLES and row["field"] in _FIGURES


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
