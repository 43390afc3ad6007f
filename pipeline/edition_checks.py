"""Every check of an edition that is being read: against its own figures, its page, and the second opinions on it."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Literal, NamedTuple

from pipeline.model import Check, Document, Page, Row

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from pathlib import Path

    from pipeline.language.amounts import Vocabulary
    from pipeline.layout.lines import Segment
    from pipeline.layout.slide import Slide
    from pipeline.manifest import SourceEntry
    from pipeline.profiles import Profile
    from pipeline.reading.lattice import LatticeCell
    from pipeline.reading.second_reader import SecondReading
    from pipeline.recognising import RecognisedDeck
    from pipeline.records import Doubt, SlideReading
    from pipeline.validation import MoneyExpression
    from pipeline.workshop import Workshop

TALL = 0.1
"""An upright rule longer than this part of the page's height may be the side of a table."""

SIDES = 2
"""So many of them are a grid at least."""

NO_FIGURES = frozenset({"chart title or unit", "amount of an earlier year"})
"""The reasons under which an extractor sets aside what reads like an amount: a unit's caption, and a table's earlier years."""


class Asked(NamedTuple):
    """What gives the second opinions that were asked for: the cells of ruled tables by page, and what is money once more.

    `cells` has None for a page without rules in both directions, which has no grid to compare.
    """

    cells: Mapping[int, Callable[[], Sequence[LatticeCell]] | None]
    glyphs: Callable[[], SecondReading]


def ask_for_cells(
    recognised: RecognisedDeck, path: Path, workshop: Workshop
) -> dict[int, Callable[[], Sequence[LatticeCell]] | None]:
    """Have the cells of the ruled tables found by another library; what gives them, by page (`Asked`)."""
    pages = [s.slide.page for s in recognised.slides if s.kind is not None and s.kind.shape == "ruled_table"]
    ask = partial(workshop.beside.cells, path, password=workshop.options.password)
    return {page.number: ask(page.number, page.height) if _may_have_grid(page) else None for page in pages}


def ask_for_glyphs(tables: dict[str, list[Row]], path: Path, workshop: Workshop) -> Callable[[], SecondReading]:
    """Have what is money, or in a thorough run everything, read a second time, by another library."""
    from pipeline.validation.second_reader import boxes_to_confirm

    options = workshop.options
    boxes = boxes_to_confirm(tables, thorough=options.thorough)
    return workshop.beside.glyphs(path, boxes, options.password, thorough=options.thorough)


def checks_of(
    tables: dict[str, list[Row]],
    recognised: RecognisedDeck,
    readings: Sequence[SlideReading],
    doubts: Sequence[Doubt],
    source: SourceEntry | None,
    asked: Asked,
    workshop: Workshop,
) -> tuple[Check, ...]:
    """All but stability, drift and what was settled, in a stable order; `asked` is what the second opinions come from."""
    from pipeline.validation import validate
    from pipeline.validation.one_place import one_place_checks
    from pipeline.validation.second_reader import second_reader_checks

    pinned = source.pinned if source else ()
    set_aside = frozenset(
        glyph for r in readings for f in r.furniture if f.reason in NO_FIGURES for glyph in f.passage.glyphs
    )
    lines = {slide.slide.page.number: _lines_of(slide.slide) for slide in recognised.slides}
    words = recognised.profile.marks
    checks = validate(
        tables,
        recognised.profile.checks,
        pinned,
        recognised.document,
        # Without a profile nobody said what money is, and none was read.
        None
        if recognised.profile.is_generic
        else lambda page: _money_on_page(page, lines[page.number], recognised.profile, workshop.vocabulary, set_aside),
        workshop.schemas,
        marks={"is_new": words.is_new, "is_ai_safety": words.is_ai_safety},
        opened_lines=lambda page: [s.box for s in lines[page.number] if s.marker is not None],
        subtotals=recognised.profile.budgets.subtotals,
    )
    grids = []
    for page, cells in asked.cells.items():
        workshop.watch.page(page)
        grids.append(_grid_check(tables, page, cells))
    workshop.watch.stage("checking", len(recognised.document.pages))
    second = asked.glyphs()
    return (
        *checks,
        *one_place_checks(readings),
        *grids,
        *second_reader_checks(tables, second.glyphs, reader=second.reader, thorough=workshop.options.thorough),
        *_doubt_checks(doubts),
    )


def _lines_of(slide: Slide) -> Sequence[Segment]:
    """A page's lines as they are: those that the slide was made of, but for dotted leaders, which count as text here."""
    from pipeline.layout.lines import segments_of
    from pipeline.layout.slide import DOTTED_LEADER

    if any(f.reason == DOTTED_LEADER for f in slide.furniture):
        return segments_of(slide.page)
    return slide.segments


def repeated_extraction_checks(
    tables: dict[str, list[Row]],
    recognised: RecognisedDeck,
    readings: Sequence[SlideReading],
    as_read: Document,
    path: Path,
    workshop: Workshop,
) -> tuple[Check, ...]:
    """The extraction repeated with other tolerances: of the pages with money, or of all in a thorough run."""
    from pipeline.extracting import extract_slides
    from pipeline.layout.pictures import repeated_places
    from pipeline.repeating import Source, repeats
    from pipeline.validation.second_reader import pages_to_confirm
    from pipeline.validation.stability import stability_checks

    options = workshop.options
    pages = {r.page for r in readings} if options.thorough else pages_to_confirm(tables)
    source = Source(path, options.password, as_read, recognised)
    repeated = repeated_places(recognised.document)
    again = repeats(source, pages, lambda deck: extract_slides(deck, workshop, repeated), thorough=options.thorough)
    return tuple(stability_checks([r for r in readings if r.page in pages], again, tables))


def _may_have_grid(page: Page) -> bool:
    return sum(not rule.horizontal and rule.length > TALL * page.height for rule in page.rules) >= SIDES


def _grid_check(tables: dict[str, list[Row]], page: int, found: Callable[[], Sequence[LatticeCell]] | None) -> Check:
    from pipeline.validation.grid import Cell, grid_check

    cells = () if found is None else found()

    def cell_at(x: float, y: float) -> Cell | None:
        there = next((c for c in cells if c.holds(x, y)), None)
        if there is None:
            return None
        return Cell(there.number, min(b.top for b in there.boxes), max(b.bottom for b in there.boxes))

    return grid_check(tables, page, cell_at if cells else None)


def _doubt_checks(doubts: Sequence[Doubt]) -> Iterator[Check]:
    """What the extractors could not settle, or settled with help, as checks."""
    counts: dict[str, int] = {}
    for doubt in doubts:
        counts[doubt.kind] = counts.get(doubt.kind, 0) + 1
        verdict: Literal["consistent", "undetermined"] = "consistent" if doubt.settled else "undetermined"
        yield Check(f"{doubt.kind}/doubt-{counts[doubt.kind]}", doubt.kind, doubt.subject, verdict, doubt.message)


def _money_on_page(
    page: Page,
    lines: Sequence[Segment],
    profile: Profile,
    vocabulary: Vocabulary,
    set_aside: frozenset[tuple[int, int, int]],
) -> list[MoneyExpression]:
    """Every money expression on a page, found in its lines anew, without asking the extractors.

    `set_aside` are the glyphs of what reads like an amount and was read as something else (`NO_FIGURES`).
    """
    from pipeline.language.amounts import find_amounts
    from pipeline.validation import MoneyExpression

    found = []
    for segment in lines:
        passage = segment.passage
        for amount in find_amounts(passage.raw, vocabulary, profile.currency):
            part = passage[amount.start : amount.end]
            if part.glyphs <= set_aside:
                continue
            boxes = tuple(p.box for p in part.parts())
            found.append(MoneyExpression(page.number, boxes, part.printed, amount.amount))
    return found
