"""The text of one budget item: its name, its marks, the body it is printed with, and its amounts."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from pipeline.extractors.harvest import Context
from pipeline.language.amounts import FoundAmount, find_amounts
from pipeline.language.folding import lower_same_length
from pipeline.layout.outline import Entry
from pipeline.passage import Passage

if TYPE_CHECKING:
    from pipeline.extractors.amount_cells import Cell

_SHORT_LEADER = re.compile(r"\s*(?:[.·・‥…⋯]\s*){2,}$")
"""The dots that are left of a leader where a long name leaves room for hardly any."""

_BETWEEN = re.compile(r"[\s,;、，・/]*")


@dataclass(frozen=True)
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
    found = find_amounts(passage.raw, context.vocabulary) if complete else context.amounts(passage.raw)
    kept: list[FoundAmount] = []
    end = len(passage)
    for amount in reversed(found):
        if not _BETWEEN.fullmatch(passage.raw[amount.end : end]):
            break
        kept.insert(0, amount)
        end = amount.start
    return kept


def read_item(entry: Entry, flow: Passage, cells: Sequence[Cell], context: Context) -> ItemText:
    """Takes the marks, the ministries and the amounts off the entry's text; what is left is the name."""
    from pipeline.extractors.amount_cells import Cell  # noqa: PLC0415 (the two modules describe one another's parts)

    marks: dict[str, tuple[Passage, ...]] = {}
    marker_is_mark = False
    rest: list[tuple[Passage, str]] = []
    pieces = [cell.passage for cell in cells]
    for flag, printed in (
        ("is_new", context.profile.marks.is_new),
        ("is_ai_safety", context.profile.marks.is_ai_safety),
    ):
        found: list[Passage] = []
        if entry.marker is not None and entry.marker.text in printed:
            marker_is_mark = True
            if entry.marker_passage:
                found.append(entry.marker_passage)
        for mark in printed:
            flow, cut = _cut_all(flow, mark)
            found += cut
            for i, piece in enumerate(pieces):
                pieces[i], cut = _cut_all(piece, mark)
                found += cut
        if found or (marker_is_mark and entry.marker is not None and entry.marker.text in printed):
            marks[flag] = tuple(found)
    flow, bodies, brackets = _take_bodies(flow, context)
    rest += brackets
    amounts: list[tuple[Cell, FoundAmount]] = []
    trailing = trailing_amounts(flow, context)
    if trailing:
        whole = Cell(flow, ())
        amounts += [(whole, found) for found in trailing]
        rest += _leftovers(flow, trailing)
        flow = flow[: trailing[0].start].strip()
    dots = _SHORT_LEADER.search(flow.raw) if trailing or cells else None
    if dots is not None:
        rest.append((flow[dots.start() :].strip(), "dotted leader"))
        flow = flow[: dots.start()].strip()
    for cell, piece in zip(cells, pieces, strict=True):
        if piece.glyphs != cell.passage.glyphs:
            cell = replace(cell, passage=piece)
        in_cell = context.amounts(cell.passage.raw)
        amounts += [(cell, found) for found in in_cell]
        if in_cell and not cell.shared:
            rest += _leftovers(cell.passage, in_cell, start=0)
    name, brackets = _without_brackets(flow.strip())
    return ItemText(name, tuple(amounts), marks, tuple(bodies), (*rest, *brackets), marker_is_mark)


def _without_brackets(name: Passage) -> tuple[Passage, list[tuple[Passage, str]]]:
    """A name without the ornamental brackets that stand around all of it, as headings have them (【Research】)."""
    raw = name.raw
    for opening, closing in ("【】", "《》", "〈〉", "≪≫", "＜＞", "〔〕"):
        if raw.startswith(opening) and raw.endswith(closing) and raw.count(opening) == 1 and len(raw) > 2:
            reason = "bracket around a heading"
            return name[1:-1].strip(), [(name[:1], reason), (name[-1:], reason)]
    return name, []


def _cut_all(flow: Passage, mark: str) -> tuple[Passage, list[Passage]]:
    cut: list[Passage] = []
    wanted = lower_same_length(mark)
    while wanted:
        at = lower_same_length(flow.raw).find(wanted)
        if at < 0:
            break
        flow, piece = flow.without(at, at + len(wanted))
        cut.append(piece)
    return flow, cut


def _take_bodies(flow: Passage, context: Context) -> tuple[Passage, list[Passage], list[tuple[Passage, str]]]:
    """The bodies printed with the item, each without its brackets, and the brackets."""
    pattern = context.profile.ministry_pattern
    bodies: list[Passage] = []
    brackets: list[tuple[Passage, str]] = []
    while pattern is not None:
        match = pattern.search(flow.raw)
        if match is None or match.end() == match.start():
            break
        start, end = match.span("name")
        bodies.append(flow[start:end].strip())
        brackets.append((flow[match.start() : start], "bracket around a ministry"))
        brackets.append((flow[end : match.end()], "bracket around a ministry"))
        flow, _ = flow.without(match.start(), match.end())
    return flow, bodies, brackets


def _leftovers(passage: Passage, found: Sequence[FoundAmount], start: int | None = None) -> list[tuple[Passage, str]]:
    """Separators between and behind amounts. Anything else between them is left for the residue."""
    pieces = []
    at = found[0].start if start is None else start
    for amount in found:
        pieces.append((at, amount.start))
        at = amount.end
    pieces.append((at, len(passage)))
    return [
        (passage[a:b].strip(), "separator")
        for a, b in pieces
        if passage[a:b].strip() and _BETWEEN.fullmatch(passage.raw[a:b])
    ]
