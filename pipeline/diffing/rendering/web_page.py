"""The diff as one HTML page that opens offline: its tables, and the pages of both editions with the changes marked on them.

All text stands in the page, escaped; the script only lights up what belongs together.
"""

from __future__ import annotations

from html import escape
from itertools import groupby
from typing import TYPE_CHECKING

from pipeline.diffing.rendering.printed import (
    PlacedBox,
    PrintedChange,
    PrintedDiff,
    PrintedEdition,
    Spread,
    printed_diff,
)
from pipeline.diffing.rendering.view import counts, table_title, view
from pipeline.drawing import draw_section
from pipeline.web_page import asset, image_source, web_page

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from pipeline.diffing.edition_diff import EditionDiff
    from pipeline.drawing import Cell, Section
    from pipeline.model import Row

_HERE = "pipeline.diffing.rendering"
_TONES = {"added": "added", "removed": "removed"}
_MARGIN = 0.8
"""PDF points that a mark stands off the words in it, so that it does not cover their edges."""


def render_html(diff: EditionDiff, printed: tuple[PrintedEdition, PrintedEdition] | None = None) -> str:
    """The diff as a self-contained HTML page. Every text from the slides is escaped.

    With the editions as `printed`, old and new, their pages stand side by side where something changed on them.
    """
    shown = view(diff)
    overview, by_table = shown.sections[: shown.overview], shown.sections[shown.overview :]
    pages = None if printed is None else printed_diff(diff, *printed)
    body = [
        f'<header class="masthead"><h1>{escape(shown.title)}</h1>{_tiles(diff) or f"<p>{escape(shown.summary)}</p>"}</header>',
        _bar(overview, by_table, pages),
        "<main>",
        *(draw_section(f"s{n}", section) for n, section in enumerate(overview)),
    ]
    if pages is not None and printed is not None and pages.changes:
        body += ['<section id="pages"><h2>Page by page</h2>', *_spreads(diff, pages, printed), "</section>"]
    if by_table:
        body.append('<section id="tables"><h2>Table by table</h2>')
        body += [draw_section(f"t{n}", section, level=3) for n, section in enumerate(by_table)]
        body.append("</section>")
    body.append('</main>\n<p class="hidden" id="status" role="status"></p>\n')
    script = asset(_HERE, "diff.js") if pages is not None and pages.changes else ""
    return web_page(shown.title, "\n".join(body), style=asset(_HERE, "diff.css"), script=script).decode("utf-8")


def _tiles(diff: EditionDiff) -> str:
    tiles = [
        f'<li><span class="label">{escape(word.capitalize())}</span><strong class="figure {_TONES.get(word, "changed")}">'
        f"{count:,}</strong></li>"
        for word, count in counts(diff).items()
        if count
    ]
    return f'<ul class="tiles">{"".join(tiles)}</ul>' if tiles and not diff.is_empty else ""


def _bar(overview: Sequence[Section], by_table: Sequence[Section], pages: PrintedDiff | None) -> str:
    links = [(f"s{n}", section.title) for n, section in enumerate(overview)]
    spreads = [(n, s) for n, s in enumerate(pages.spreads) if s.changes] if pages else []
    links += [(f"p{n}", f"Page {spread.new or spread.old}") for n, spread in spreads]
    links += [("tables", "Table by table")] if by_table else []
    items = "".join(f'<li><a href="#{target}">{escape(text)}</a></li>' for target, text in links)
    return f'<nav class="bar" aria-label="Sections"><ol class="jumps">{items}</ol></nav>' if items else ""


def _spreads(diff: EditionDiff, pages: PrintedDiff, printed: tuple[PrintedEdition, PrintedEdition]) -> Iterable[str]:
    names = diff.old.edition, diff.new.edition
    if names[0] == names[1]:
        names = str(diff.old), str(diff.new)
    quiet = [s for s in pages.spreads if not s.changes]
    if quiet:
        listed = ", ".join(f"{s.old or 'none'} → {s.new or 'none'}" for s in quiet)
        yield f"<p>Pages on which nothing changed: {listed}.</p>"
    for n, spread in enumerate(pages.spreads):
        if spread.changes:
            yield _spread(n, spread, names, pages.changes, printed)


def _spread(
    number: int,
    spread: Spread,
    names: tuple[str, str],
    changes: Sequence[PrintedChange],
    printed: tuple[PrintedEdition, PrintedEdition],
) -> str:
    sheets = [
        _sheet(name, page, edition, [(n, c.tone, c.new_boxes if side else c.old_boxes) for n, c in enumerate(changes)])
        for side, (name, page, edition) in enumerate(zip(names, (spread.old, spread.new), printed, strict=True))
    ]
    title = _title(printed[1], spread.new) or _title(printed[0], spread.old)
    keys = "".join(f'<span class="key"><i class="{tone}"></i>{tone}</span>' for tone in ("added", "removed", "changed"))
    zoom = (
        '<div class="zoom" role="group" aria-label="Size of the pages">'
        '<button type="button" data-zoom-by="-1" aria-label="Smaller">−</button><output>100 %</output>'
        '<button type="button" data-zoom-by="1" aria-label="Larger">+</button></div>'
    )
    head = "".join(f'<th scope="col">{escape(text)}</th>' for text in ("Change", *names, "Growth"))
    count = f"{len(spread.changes)} {'row' if len(spread.changes) == 1 else 'rows'} changed"
    return (
        f'<article class="pair" id="p{number}"><header><h3><span class="ordinal">Page {spread.new or spread.old}</span> '
        f'{escape(title)}</h3><span class="small faint">{count}</span></header>'
        f'<div class="sheets">{"".join(sheets)}</div><div class="under"><p class="small">{keys}</p>{zoom}</div>'
        f'<div class="scroll"><table class="changes"><thead><tr>{head}</tr></thead><tbody>'
        f"{_listed(spread, changes)}</tbody></table></div></article>"
    )


def _title(edition: PrintedEdition, page: int | None) -> str:
    slide: Row = next((s for s in edition.tables.get("slides", ()) if s.get("page") == page), {})
    return str(slide.get("title") or "")


def _sheet(
    name: str, page: int | None, edition: PrintedEdition, marks: Iterable[tuple[int, str, Sequence[PlacedBox]]]
) -> str:
    if page is None:
        return f'<figure><figcaption>{escape(name)}</figcaption><div class="none-there">No such page</div></figure>'
    caption = f"<figcaption>{escape(name)}, page {page}</figcaption>"
    image = edition.pictures.get(page)
    if image is None:
        return f'<figure>{caption}<div class="none-there">There is no picture of this page</div></figure>'
    # The larger first, so that a smaller one on the same words can still be pointed at.
    drawn = sorted(
        ((n, tone, box) for n, tone, boxes in marks for box in boxes if box.page == page),
        key=lambda mark: (mark[2].top - mark[2].bottom) * (mark[2].x1 - mark[2].x0),
    )
    rects = "".join(_mark(*mark) for mark in drawn)
    size = f"{image.width:g} {image.height:g}"
    return (
        f'<figure>{caption}<div class="viewport" tabindex="0" role="group" aria-label="{escape(name)}, page {page}">'
        f'<div class="sheet" style="aspect-ratio: {size.replace(" ", " / ")}"><img alt="" decoding="sync" loading="lazy" '
        f'src="{image_source(image)}"><svg viewBox="0 0 {size}" preserveAspectRatio="none" aria-hidden="true">{rects}</svg>'
        "</div></div></figure>"
    )


def _mark(number: int, tone: str, box: PlacedBox) -> str:
    x, y = box.x0 - _MARGIN, box.top - _MARGIN
    width, height = box.x1 - box.x0 + 2 * _MARGIN, box.bottom - box.top + 2 * _MARGIN
    return (
        f'<rect class="mark {tone}" data-change="{number}" x="{x:.2f}" y="{y:.2f}" width="{width:.2f}"'
        f' height="{height:.2f}" rx="1"/>'
    )


def _listed(spread: Spread, changes: Sequence[PrintedChange]) -> str:
    parts = []
    for table, numbers in groupby(spread.changes, key=lambda n: changes[n].table):
        listed = list(numbers)
        parts.append(
            f'<tr><th class="rows" colspan="4" scope="rowgroup">{escape(table_title(table))} '
            f'<span class="count">{len(listed)}</span></th></tr>'
        )
        parts += [_row(n, changes[n]) for n in listed]
    return "\n".join(parts)


def _row(number: int, change: PrintedChange) -> str:
    chips = "".join(f'<span class="chip {_TONES.get(word, "changed")}">{word}</span>' for word in change.words)
    growth = "".join(f"<span>{escape(text)}</span>" for text in change.growth)
    return (
        f'<tr data-change="{number}" tabindex="0"><td>{chips}</td><td>{_spans(change.old)}</td><td>{_spans(change.new)}</td>'
        f'<td class="growth">{growth}</td></tr>'
    )


def _spans(cells: Iterable[Cell]) -> str:
    return "".join(
        f'<span class="{"place " if cell.tone == "faint" else ""}{cell.tone}">{escape(cell.text)}</span>'
        for cell in cells
    )
