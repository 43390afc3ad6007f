"""The review page as one file: all that it shows as data, and the script that shows it.

Nothing that came out of a PDF is ever parsed as HTML: it stands as JSON in data blocks, and the script makes text nodes
of it. `web_page` has the rules that keep a page safe.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import TYPE_CHECKING

from pipeline.publishing.report.blocks import HEADINGS, Block, Line, Piece, blocks_of, value_text
from pipeline.publishing.report.charts import budget_bars, interval_drawing, trend_columns
from pipeline.publishing.report.lengths import PLACES, box_edges, row_edges
from pipeline.publishing.report.money import measure_text, short_money, short_range
from pipeline.publishing.report.rows import ABOUT_THE_EDITION, NumberedRow, RowIndex, index_rows
from pipeline.publishing.report.through_editions import through_editions
from pipeline.web_page import asset, json_block, picture_blocks, web_page
from pipeline.word_fates import FURNITURE, RESIDUE, WordFates

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from decimal import Decimal

    from pipeline.model import Check, Edition, Place, Row
    from pipeline.page_image import PageImage
    from pipeline.publishing.report.charts import Json
    from pipeline.publishing.report.through_editions import ThroughEditions
    from pipeline.table_schemas import TableSchema

_FACTS = ("source_file", "source_sha256", "pages", "pdf_producer", "pdf_created", "pipeline_version")
_SPECIAL_FATES = {FURNITURE: -1, RESIDUE: -2}
_NO_WORDS = WordFates((), (), (), ())


def report_html(
    edition: Edition,
    pages: Sequence[PageImage],
    words: Mapping[int, WordFates],
    schemas: Mapping[str, TableSchema],
    series: Sequence[ThroughEditions] = (),
) -> bytes:
    """Make `report.html` of one edition: UTF-8, complete in itself, the same bytes for the same arguments.

    `series` are its figures beside those of earlier editions. A page without a picture in `pages` is shown as its
    tables alone, one without an entry in `words` without the fates of its words. Evidence of a row that is not there
    marks nothing. Raises ValueError where a picture's media type is none of an image, or a word's fate is neither a
    table of `schemas` nor `FURNITURE` nor `RESIDUE`.
    """
    here = "pipeline.publishing.report"
    data = json_block(report_data(edition, pages, words, schemas, series))
    return web_page(
        f"{_title(edition)}: review",
        asset(here, "body.html"),
        style=asset(here, "report.css"),
        script=asset(here, "report.js"),
        blocks={"data": data, **picture_blocks(pages)},
    )


def report_data(
    edition: Edition,
    pages: Sequence[PageImage],
    words: Mapping[int, WordFates],
    schemas: Mapping[str, TableSchema],
    series: Sequence[ThroughEditions] = (),
) -> Json:
    """Give all that the page shows, the pictures aside, as plain values. Raises ValueError as `report_html` does."""
    index = index_rows(edition, schemas)
    names = [name for name in schemas if name not in ABOUT_THE_EDITION]
    laid_out: dict[int | None, list[Json]] = defaultdict(list)
    for block in blocks_of(index, schemas):
        laid_out[block.page].append(_block(block, names, index, schemas))
    about = next(iter(edition.tables.get("editions", ())), {})
    return {
        "title": _title(edition),
        "deck": edition.deck,
        "edition": edition.edition,
        "language": str(about.get("language") or "en"),
        "facts": [[schemas["editions"].by_name[c].title, str(about[c])] for c in _FACTS if about.get(c)],
        "tables": [
            {
                "name": name,
                "title": schemas[name].title,
                "description": schemas[name].description,
                "fields": [f.name for f in schemas[name].fields],
                "titles": [f.title for f in schemas[name].fields],
                "headings": [i for i, f in enumerate(schemas[name].fields) if f.name in HEADINGS],
            }
            for name in names
        ],
        "rows": [_row(row, names, schemas) for row in index.rows],
        "pages": _pages(edition, pages, words, laid_out, index, names, schemas),
        "loose": laid_out.get(None, []),
        "checks": [_check(check, index) for check in edition.checks],
        "corrections": [
            {**_place(index, str(e["table"]), str(e["key"])), "field": e["field"], "text": str(e["correction"])}
            for e in edition.tables.get("evidence", ())
            if e.get("correction")
        ],
        "budget": budget_bars(index),
        "trend": trend_columns(index),
        "series": through_editions(series, index),
    }


def _title(edition: Edition) -> str:
    return edition.title or f"{edition.deck} {edition.edition}"


def _row(row: NumberedRow, names: Sequence[str], schemas: Mapping[str, TableSchema]) -> Json:
    values = [value_text(row.row, f.name) for f in schemas[row.table].fields]
    return {"t": names.index(row.table), "k": row.key, "p": row.page, "l": row.label, "v": values}


def _pages(
    edition: Edition,
    pages: Sequence[PageImage],
    words: Mapping[int, WordFates],
    blocks: Mapping[int | None, list[Json]],
    index: RowIndex,
    names: Sequence[str],
    schemas: Mapping[str, TableSchema],
) -> list[Json]:
    images = {image.page: image for image in pages}
    slides = {s["page"]: s for s in edition.tables.get("slides", ())}
    evidence = _by_page(edition.tables.get("evidence", ()))
    residue = _by_page(edition.tables.get("residue", ()))
    numbers = sorted(
        {n for source in (images, slides, blocks, evidence, residue, words) for n in source if isinstance(n, int)}
    )
    fates = {**_SPECIAL_FATES, **{name: place for place, name in enumerate(names)}}
    made: list[Json] = []
    for number in numbers:
        image, slide = images.get(number), slides.get(number, {})
        printed = words.get(number, _NO_WORDS)
        became = _numbered(printed.fates, fates, number)
        reasons = sorted(set(printed.reasons) - {""})
        made.append(
            {
                "n": number,
                "w": round(image.width, PLACES) if image else None,
                "h": round(image.height, PLACES) if image else None,
                "kind": str(slide.get("kind") or ""),
                "title": str(slide.get("title") or ""),
                "counts": [slide.get(c) for c in ("words", "words_used", "words_furniture", "words_unaccounted")],
                "reasons": reasons,
                "words": _words(printed, became, reasons),
                "fates": _fate_counts(became),
                "evidence": _evidence(evidence.get(number, ()), index, schemas),
                "residue": [
                    [*edges, str(row["text"])]
                    for row, edges in zip(residue.get(number, ()), row_edges(residue.get(number, ())), strict=True)
                ],
                "blocks": blocks.get(number, []),
            }
        )
    return made


def _by_page(rows: Sequence[Row]) -> dict[int, list[Row]]:
    found: dict[int, list[Row]] = defaultdict(list)
    for row in rows:
        page = row["page"]
        if isinstance(page, int):
            found[page].append(row)
    return found


def _numbered(fates: Sequence[str], numbers: Mapping[str, int], page: int) -> list[int]:
    unknown = set(fates) - numbers.keys()
    if unknown:
        raise ValueError(f"page {page}: {min(unknown)!r} is no fate of a word")
    return [numbers[fate] for fate in fates]


def _words(words: WordFates, fates: Sequence[int], reasons: Sequence[str]) -> list[list[object]]:
    numbers = {"": -1, **{reason: number for number, reason in enumerate(reasons)}}
    return [
        [*edges, text, fate, numbers[reason]]
        for edges, text, fate, reason in zip(box_edges(words.boxes), words.texts, fates, words.reasons, strict=True)
    ]


def _fate_counts(fates: Sequence[int]) -> list[list[int]]:
    counted = Counter(fates)
    tables = [[fate, count] for fate, count in sorted(counted.items()) if fate >= 0]
    return tables + [[fate, counted[fate]] for fate in _SPECIAL_FATES.values() if counted[fate]]


def _evidence(rows: Sequence[Row], index: RowIndex, schemas: Mapping[str, TableSchema]) -> list[list[object]]:
    """What each piece of evidence marks; nothing of a row, or of a column, that is not there."""
    made: list[list[object]] = []
    for row, edges in zip(rows, row_edges(rows), strict=True):
        table = str(row["table"])
        number = index.number(table, str(row["key"]))
        columns = schemas[table].columns if number is not None else ()
        if number is not None and row["field"] in columns:
            field = columns.index(str(row["field"]))
            made.append([number, field, *edges, str(row.get("printed") or ""), str(row.get("correction") or "")])
    return made


def _block(block: Block, names: Sequence[str], index: RowIndex, schemas: Mapping[str, TableSchema]) -> Json:
    return {
        "t": names.index(block.table),
        "columns": [[c.title, c.is_number, c.is_name] for c in block.columns],
        "lines": [_line(line, index, schemas) for line in block.lines],
    }


def _line(line: Line, index: RowIndex, schemas: Mapping[str, TableSchema]) -> Json:
    if not line.cells:
        return {"h": [_piece(p, index, schemas) for p in line.headings]}
    return {"r": line.row, "d": line.depth, "c": [[_piece(p, index, schemas) for p in cell] for cell in line.cells]}


def _piece(piece: Piece, index: RowIndex, schemas: Mapping[str, TableSchema]) -> list[object]:
    columns = schemas[index.rows[piece.row].table].columns
    return [piece.text, piece.row, columns.index(piece.field), piece.style]


def _check(check: Check, index: RowIndex) -> Json:
    currency = next((c for place in check.rows if (c := _currency(place, index))), "")
    return {
        "id": check.check_id,
        "kind": check.kind.replace("_", " "),
        "subject": check.subject or check.check_id,
        "verdict": check.verdict,
        "message": check.message,
        "stated": "" if check.stated is None else short_money(check.stated, currency),
        "admitted": short_range(check.lower, check.upper, currency),
        "slack": _measure(check.slack),
        "noise": _measure(check.noise),
        "drawing": interval_drawing(check),
        "rows": [{**_place(index, p.table, p.key), "reason": p.reason} for p in check.rows],
        "suspects": [{**_place(index, p.table, p.key), "reason": p.reason} for p in check.suspects],
    }


def _measure(value: Decimal | None) -> str:
    return "" if value is None else measure_text(value)


def _currency(place: Place, index: RowIndex) -> str:
    number = index.number(place.table, place.key)
    return "" if number is None else str(index.rows[number].row.get("currency") or "")


def _place(index: RowIndex, table: str, key: str) -> Json:
    """Name a row for a link to it; a slide is a page, and what is neither is its name alone."""
    number = index.number(table, key)
    if number is not None:
        return {"row": number, "page": index.rows[number].page, "text": index.rows[number].label}
    if table == "slides" and key.isdigit():
        return {"row": None, "page": int(key), "text": f"Page {key}"}
    return {"row": None, "page": None, "text": f"{table} {key}".strip()}
