"""The text of one budget item: its name, its marks, the body it is printed with, and its amounts."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING

from pipeline.extractors.bodies import closing_bracket, opening_bracket
from pipeline.extractors.body_column import BRACKET, bodies_of_cell
from pipeline.language.amounts import FoundAmount, find_amounts, mark_kind
from pipeline.language.folding import lower_same_length
from pipeline.own_marks import is_bare
from pipeline.passage import Passage, join
from pipeline.values import value

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from pipeline.extractors.column_text import Cell
    from pipeline.extractors.harvest import Context
    from pipeline.layout.outline import Entry

_DOTS = (".", "·", "・", "‥", "…", "⋯")
_SHORT_LEADERS = tuple(re.compile(rf"{before}([{''.join(_DOTS)}])(?:\s*\1)+\s*$") for before in (r"\s+", ""))
"""The dots that are left of a leader where a long name leaves room for hardly any. Behind a space rather than right behind
the name, whose own full stop ("etc. ...") is none of them."""

_ORNAMENTS = {"【": "】", "《": "》", "〈": "〉", "≪": "≫", "＜": "＞", "<": ">", "〔": "〕"}

_COLONS = (":", "：")
"""What may stand between a name and its amounts."""

_BETWEEN = re.compile(r"[\s,;、，・/]*")


@value(slots=False)
class ItemText:
    """An item's parts. `marks` holds each flag's printed marks, `rest` printed text without data and the reason why."""

    name: Passage
    amounts: tuple[tuple[Cell, FoundAmount], ...]
    marks: Mapping[str, tuple[Passage, ...]]
    bodies: tuple[Passage, ...]
    rest: tuple[tuple[Passage, str], ...]
    marker_is_mark: bool


def trailing_amounts(passage: Passage, context: Context, *, complete: bool = False) -> list[FoundAmount]:
    """The amounts at the end of a text, in order, with nothing but spaces and separators between and behind them.

    `complete` wants them printed with their currency: of "5.2 million" at a line's end the "dollar" may be on the next.
    """
    raw = passage.raw
    found = find_amounts(raw, context.vocabulary) if complete else context.amounts(raw)
    kept: list[FoundAmount] = []
    end = len(raw)
    for amount in reversed(found):
        if not _BETWEEN.fullmatch(raw, amount.end, end):
            break
        kept.insert(0, amount)
        end = amount.start
    return kept


def read_item(entry: Entry, flow: Passage, cells: Sequence[Cell], context: Context) -> ItemText:
    """Takes the marks, the ministries and the amounts off the entry's text; what is left is the name."""
    from pipeline.extractors.column_text import Cell

    rest: list[tuple[Passage, str]] = []
    flow, pieces, marks, marker_is_mark = _take_marks(entry, flow, [cell.passage for cell in cells], context)
    bodies: list[Passage] = []
    amounts: list[tuple[Cell, FoundAmount]] = []
    while True:
        # A leader may end in the name's line, bodies stand in front of it, and amounts behind them or in their bracket.
        before = len(flow)
        dotted = bool(cells or amounts) and flow.raw.rstrip().endswith(_DOTS)
        dots = next(filter(None, (leader.search(flow.raw) for leader in _SHORT_LEADERS)), None) if dotted else None
        if dots is not None:
            rest.append((flow[dots.start() :].strip(), "dotted leader"))
            flow = flow[: dots.start()].strip()
        flow, found_bodies, brackets = _take_bodies(flow, context)
        bodies += found_bodies
        rest += brackets
        trailing = trailing_amounts(flow, context)
        if trailing:
            whole = Cell(flow, ())
            amounts[:0] = [(whole, amount) for amount in trailing]
            rest += _leftovers(flow, trailing)
            flow = flow[: trailing[0].start].strip()
        if len(flow) == before:
            break
    for cell, piece in zip(cells, pieces, strict=True):
        if piece is not cell.passage:
            cell = replace(cell, passage=piece)
        in_cell = context.amounts_in_cell(cell.passage.raw)
        amounts += [(cell, amount) for amount in in_cell]
        if not in_cell:
            listed, leftover = _without_amounts(cell.passage, context)
            bodies += listed
            rest += leftover
        elif not cell.shared:
            rest += _leftovers(cell.passage, in_cell, start=0)
    if amounts and flow.raw.rstrip().endswith(_COLONS):
        end = len(flow.raw.rstrip())
        rest.append((flow[end - 1 : end], "separator"))
        flow = flow[: end - 1]
    name, brackets = _without_brackets(flow.strip())
    return ItemText(name, tuple(amounts), marks, tuple(bodies), (*rest, *brackets), marker_is_mark)


def _take_marks(
    entry: Entry, flow: Passage, pieces: list[Passage], context: Context
) -> tuple[Passage, list[Passage], dict[str, tuple[Passage, ...]], bool]:
    """The text and the cells without marks, each flag's printed marks, and whether the entry's bullet is one."""
    marks: dict[str, tuple[Passage, ...]] = {}
    marker_is_mark = False
    texts = [flow, *pieces]
    lowered = [lower_same_length(text.raw) for text in texts]
    for flag, printed in (
        ("is_new", context.profile.marks.is_new),
        ("is_ai_safety", context.profile.marks.is_ai_safety),
    ):
        found: list[Passage] = []
        marked = entry.marker is not None and entry.marker.text in printed
        if marked:
            marker_is_mark = True
            if entry.marker_passage:
                found.append(entry.marker_passage)
        for mark in filter(is_bare, printed):
            for i, passage in enumerate(texts):
                texts[i], cut = _cut_word(passage, mark)
                lowered[i] = lower_same_length(texts[i].raw)
                found += cut
        for mark in _lowered(printed):
            for i, text in enumerate(lowered):
                if mark in text:
                    texts[i], cut = _cut_all(texts[i], mark)
                    lowered[i] = lower_same_length(texts[i].raw)
                    found += cut
        if found or marked:
            marks[flag] = tuple(found)
    return texts[0], texts[1:], marks, marker_is_mark


@lru_cache(maxsize=256)
def _lowered(printed: tuple[str, ...]) -> tuple[str, ...]:
    """The marks with a sign in lower case, the longest first: one may be part of another."""
    return tuple(sorted((lower_same_length(mark) for mark in printed if not is_bare(mark)), key=len, reverse=True))


def _without_amounts(passage: Passage, context: Context) -> tuple[list[Passage], list[tuple[Passage, str]]]:
    """What a table's cell without amounts says: the bodies it lists, and what carries no data (a sign for no amount)."""
    if mark_kind(passage.text, context.vocabulary):
        return [], [(passage, "sign for no amount")]
    return bodies_of_cell(passage, context)


def _without_brackets(name: Passage) -> tuple[Passage, list[tuple[Passage, str]]]:
    """A name without the ornamental brackets that stand around all of it, as headings have them (【Research】)."""
    if not is_ornamented(name.raw):
        return name, []
    reason = "bracket around a heading"
    return name[1:-1].strip(), [(name[:1], reason), (name[-1:], reason)]


def is_ornamented(text: str) -> bool:
    """Whether one pair of ornamental brackets stands around all of a text, as headings have it."""
    closing = _ORNAMENTS.get(text[:1])
    return closing is not None and len(text) > 2 and text[-1] == closing and text.count(text[0]) == 1


def _cut_all(flow: Passage, mark: str) -> tuple[Passage, list[Passage]]:
    """The text without a mark (in lower case), and the mark as often as it was printed."""
    cut: list[Passage] = []
    while (at := lower_same_length(flow.raw).find(mark)) >= 0:
        flow, piece = flow.without(at, at + len(mark))
        cut.append(piece)
    return flow, cut


def _cut_word(flow: Passage, mark: str) -> tuple[Passage, list[Passage]]:
    """The text without a mark that is a word, where it begins or ends with it, and the mark."""
    raw = flow.raw.strip()
    for found in (re.match(rf"\s*({mark})(?!\w)", flow.raw), re.search(rf"(?<!\w)({mark})\s*$", flow.raw)):
        if found and raw != mark:
            flow, piece = flow.without(*found.span(1))
            return flow.strip(), [piece]
    return flow, []


def _take_bodies(flow: Passage, context: Context) -> tuple[Passage, list[Passage], list[tuple[Passage, str]]]:
    """The bodies printed with the item, each without its brackets, and the brackets.

    What a bracket carries behind a colon, an amount for instance, goes to the end of the text.
    """
    bodies: list[Passage] = []
    brackets: list[tuple[Passage, str]] = []
    if not context.profile.ministries:
        return flow, bodies, brackets
    while True:
        raw = flow.raw
        found = opening_bracket(raw, context.profile.ministries, context.organizations)
        found = found or closing_bracket(raw, context.organizations)
        if found is None:
            return flow, bodies, brackets
        at = found.start
        for start, end in found.bodies:
            brackets.append((flow[at:start].strip(), BRACKET))
            bodies.append(flow[start:end].strip())
            at = end
        carried = found.carried or (found.end, found.end)
        brackets.append((flow[at : min(carried[0], found.end)].strip(), BRACKET))
        brackets.append((flow[carried[1] : found.end].strip(), BRACKET))
        rest = flow[carried[0] : carried[1]].strip()
        flow, _ = flow.without(found.start, found.end)
        flow = join([flow, rest])


def _leftovers(passage: Passage, found: Sequence[FoundAmount], start: int | None = None) -> list[tuple[Passage, str]]:
    """Separators between and behind amounts. Anything else between them is left for the residue."""
    pieces = []
    at = found[0].start if start is None else start
    for amount in found:
        pieces.append((at, amount.start))
        at = amount.end
    pieces.append((at, len(passage)))
    raw = passage.raw
    separators = [(a, b) for a, b in pieces if raw[a:b].strip() and _BETWEEN.fullmatch(raw, a, b)]
    return [(passage[a:b].strip(), "separator") for a, b in separators]
