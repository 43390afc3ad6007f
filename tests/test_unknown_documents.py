"""Documents that no profile knows: read as prose, tables and pictures, and said to be no more than that."""

from __future__ import annotations

import csv
import re
from typing import TYPE_CHECKING

import pytest

from pipeline.publishing.report.blocks import blocks_of
from pipeline.publishing.report.rows import index_rows
from pipeline.run import Options, Workshop, read_edition
from pipeline.table_schemas import load_table_schemas
from tests import unknown_documents as drawn
from tests.at_hand import DECKS, call

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    from pipeline.model import Edition, Row
    from tests.at_hand import Called

LINE = re.compile(r"(PD\d{3}) (.+[.…]) ([A-Z].+\.)\n")
"""One line: the code, a sentence with the file, and what to do."""

MONEY = ("stated_figures", "budget_categories", "budget_items", "budget_amounts", "budget_trend")


def read(path: Path, content: bytes) -> Edition:
    """A document as the pipeline reads it."""
    path.write_bytes(content)
    return read_edition(path, Workshop(Options(out=path.parent / "out", sources=path.parent))).edition


@pytest.fixture(scope="module")
def edition(tmp_path_factory: pytest.TempPathFactory) -> Edition:
    """The drawn report as read."""
    return read(tmp_path_factory.mktemp("unknown") / "harbour.pdf", drawn.report())


def tables_of(edition: Edition) -> dict[int, list[dict[tuple[object, ...], object]]]:
    """By page, the cells of each table: row, column, row span and column span, and the text."""
    found: dict[int, list[dict[tuple[object, ...], object]]] = {}
    for table in edition.tables["printed_tables"]:
        cells = {
            (c["row"], c["column"], c["row_span"], c["column_span"]): c["text"]
            for c in edition.tables["table_cells"]
            if c["table_id"] == table["table_id"]
        }
        found.setdefault(int(str(table["page"])), []).append(cells)
    return found


def plain(rows: Sequence[Sequence[str]]) -> dict[tuple[object, ...], object]:
    """The cells of a table without merged ones."""
    return {(r, c, 1, 1): text for r, row in enumerate(rows, 1) for c, text in enumerate(row, 1)}


def statements(edition: Edition, page: int) -> list[tuple[object, object]]:
    """Heading and text of each statement of a page, in reading order."""
    return [(r["heading"], r["text"]) for r in edition.tables["statements"] if r["page"] == page]


def rows(folder: Path, table: str) -> list[dict[str, str]]:
    """The rows of one table as written."""
    with (folder / "data" / f"{table}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_columns_of_prose_are_read_one_after_the_other(edition: Edition) -> None:
    """Each paragraph and bullet is one statement under its own heading; lines side by side are not run together."""
    assert statements(edition, 1) == [
        (
            "Dredging",
            "In FY2025 the fairway was dredged, at a cost of USD 3 million, to nine metres below chart datum.",
        ),
        ("Lights", "Both pier lights were renewed. A third one is planned."),
        ("Traffic", "411 ships called in the year from eleven countries"),
        ("Traffic", "12 of them were cruise ships"),
    ]


def test_columns_that_all_but_touch_and_phrases_in_bold(tmp_path: Path) -> None:
    """Lines of two close columns are not run together, and a phrase in bold over a line's end does not end a sentence."""
    edition = read(tmp_path / "dues.pdf", drawn.document(drawn.close_columns))
    assert [text for _, text in statements(edition, 1)] == [
        "The dues were raised once in the year, in April, by a tenth of what they had been since the spring.",
        "Rents of the warehouses stayed as they were. The old crane was sold, and its place let to a chandler.",
        "The board thanks all who worked through the winter night by night, and the pilots.",
    ]


def test_no_amount_is_read_as_money(edition: Edition) -> None:
    """The text names a year, a cost and "USD 3 million", which nobody said is a budget: it stays text."""
    assert {name: edition.tables[name] for name in MONEY} == {name: [] for name in MONEY}
    assert not [c for c in edition.checks if c.kind in ("sum", "same_figure", "pinned", "bar_height", "second_reader")]


def test_merged_cells_are_one_cell_with_their_spans(edition: Edition) -> None:
    """A cell over three rows and one over two columns stand once, with what they reach over."""
    assert tables_of(edition)[2] == [drawn.MERGED]
    (table,) = (t for t in edition.tables["printed_tables"] if t["page"] == 2)
    assert (table["heading"], table["rows"], table["columns"]) == ("Table 1: Berths by pier", 5, 3)


@pytest.mark.parametrize(("page", "expected"), [(3, drawn.FIGURES), (4, drawn.LEVELS)])
def test_tables_without_a_net_of_rules_are_read(edition: Edition, page: int, expected: Sequence[Sequence[str]]) -> None:
    """Figures that stand in columns, and level rules with columns between them, are tables; a dash is a cell."""
    assert tables_of(edition)[page] == [plain(expected)]


def test_text_around_a_table_is_not_part_of_it(edition: Edition) -> None:
    """The sentences above and below, with a year in one of them, are statements."""
    assert [text for _, text in statements(edition, 3)] == [
        "What the board took in, in thousands, is set out below; the year 2025 is an estimate.",
        "The dues were raised once.",
    ]


def test_boxes_side_by_side_and_the_axes_of_a_chart_are_no_tables(edition: Edition) -> None:
    """A table is not made up where there is none; boxes are read each under its own heading."""
    assert 5 not in tables_of(edition)
    found = statements(edition, 5)
    for statement in (
        ("Call", "The pilot is called."),
        ("Board", "He comes on board."),
        ("Moor", "Lines are made fast."),
    ):
        assert statement in found


def test_pictures_are_reported_and_not_read(edition: Edition) -> None:
    """Strips that meet are one picture; the logo on every page and an icon beside text are none."""
    boxes = [tuple(float(str(r[side])) for side in ("x0", "top", "x1", "bottom")) for r in edition.tables["pictures"]]
    assert [r["page"] for r in edition.tables["pictures"]] == [6, 6]
    assert boxes == [(60, 100, 300, 260), (400, 120, 600, 280)]
    assert [text for _, text in statements(edition, 6)] == ["The chart shows ships by month."]


def test_what_runs_along_with_every_page_is_furniture(edition: Edition) -> None:
    """The line at the foot and the page number are set aside with their reasons, on every page."""
    for slide in edition.tables["slides"]:
        assert {"page number", "running line"} <= set(str(slide["furniture"]).split("; ")), slide["page"]
    assert not [r for r in edition.tables["statements"] if "annual report" in str(r["text"])]


def test_text_set_sideways_is_read_along_its_line_and_by_itself(edition: Edition) -> None:
    """The title of an upright axis is a text of its own: neither letters one by one, nor words among the lines it crosses."""
    texts = [str(text) for _, text in statements(edition, 5)]
    assert texts.count("Ships a week") == 1
    assert not [text for text in texts if "Ships" in text and text != "Ships a week"]
    assert not [text for text in texts if len(text) == 1 and text.isalpha()]


def test_every_word_went_somewhere_and_every_cell_can_be_pointed_at(edition: Edition) -> None:
    """Words are conserved, nothing is left, and every text is found again in the box that evidence gives for it."""
    assert edition.tables["residue"] == []
    assert {c.verdict for c in edition.checks} == {"consistent"}
    evidence = {(r["table"], r["key"], r["field"]) for r in edition.tables["evidence"]}
    for c in edition.tables["table_cells"]:
        assert ("table_cells", f"{c['table_id']}/{c['row']}/{c['column']}", "text") in evidence


@pytest.mark.parametrize(("scale", "shift"), [(0.6, 0.0), (1.7, 40.0)])
def test_size_and_place_on_the_sheet_change_nothing(
    edition: Edition, tmp_path: Path, scale: float, shift: float
) -> None:
    """The same pages drawn smaller or larger, and moved, give the same tables, statements and pictures."""
    other = read(tmp_path / "harbour.pdf", drawn.report(scale, shift))
    for name in ("statements", "printed_tables", "table_cells"):
        assert other.tables[name] == edition.tables[name], name
    assert len(other.tables["pictures"]) == len(edition.tables["pictures"])


def test_the_edition_is_named_after_the_file_and_kept_apart(edition: Edition) -> None:
    """Deck, edition, title and language claim nothing that is not known."""
    assert (edition.deck, edition.edition, edition.title) == ("unrecognised", "harbour", "Works of the harbour board")
    assert edition.tables["editions"][0]["language"] == "und"
    assert {s["kind"] for s in edition.tables["slides"]} == {"unrecognised"}


def test_the_review_page_shows_a_table_as_it_is_printed(edition: Edition) -> None:
    """Its cells stand in rows and columns under its heading, a merged one in its first place."""
    schemas = load_table_schemas()
    index = index_rows(edition, schemas)
    (block,) = (b for b in blocks_of(index, schemas) if b.table == "table_cells" and b.page == 2)
    heading, *lines = block.lines
    assert [piece.text for piece in heading.headings] == ["Table 1: Berths by pier"]
    shown = [["".join(piece.text for piece in cell) for cell in line.cells] for line in lines]
    assert shown == [
        ["Pier", "Operator", "Berths"],
        ["North", "Harbour board", "4"],
        ["Middle mole", "", "2"],
        ["South", "", "7"],
        ["All piers", "", "13"],
    ]


def the_line(called: Called) -> re.Match[str]:
    """Standard error is one coded line."""
    found = LINE.fullmatch(called.err)
    assert found is not None, called.err
    return found


def test_it_is_written_whole_and_said_to_be_unknown(tmp_path: Path, policydeck: Callable[..., Called]) -> None:
    """Exit 2 and one line with code, file, folder and what to do; the summary says how many slides no profile knew."""
    (tmp_path / "Harbour report.pdf").write_bytes(drawn.report())
    called = policydeck("run", "Harbour report.pdf")
    line = the_line(called)
    assert (called.code, line[1]) == (2, "PD006")
    assert "Harbour report.pdf" in line[2]
    assert "extracted/unrecognised/harbour-report/" in line[2]
    assert "--deck" in line[3]
    assert "No profile knew 6 of 6 slides" in called.out
    folder = tmp_path / "extracted" / "unrecognised" / "harbour-report"
    assert {"datapackage.json", "checks.json", "report.html", "data"} <= {p.name for p in folder.iterdir()}
    assert len(rows(folder, "table_cells")) == len(drawn.MERGED) + 4 * 5 + 2 * 4


def test_a_second_run_says_so_again(tmp_path: Path, policydeck: Callable[..., Called]) -> None:
    """Skipped because nothing changed, it is no more known than before: the same line, the same exit code."""
    (tmp_path / "harbour.pdf").write_bytes(drawn.report())
    first, second = policydeck("run", "harbour.pdf"), policydeck("run", "harbour.pdf")
    assert "Skipped" in second.out
    assert (second.code, second.err) == (first.code, first.err) == (2, first.err)


def test_asking_for_it_is_no_error(tmp_path: Path, policydeck: Callable[..., Called]) -> None:
    """With `--deck unrecognised` somebody has said that prose and tables will do: exit 0 where nothing is left over."""
    (tmp_path / "harbour.pdf").write_bytes(drawn.report())
    called = policydeck("run", "harbour.pdf", "--deck", "unrecognised")
    assert (called.code, called.err) == (0, "")
    again = policydeck("run", "harbour.pdf", "--deck", "unrecognised")
    assert (again.code, again.err) == (0, "")


def test_a_document_without_title_heading_and_table_is_refused(
    tmp_path: Path, policydeck: Callable[..., Called]
) -> None:
    """Loose lines have nothing to be read by: one line that says so, and nothing is written; `--deck` reads them."""
    (tmp_path / "notes.pdf").write_bytes(
        drawn.document(lambda sheet: sheet.lines(60, 80, ["Minutes of the gardening club.", "Roses were discussed."]))
    )
    called = policydeck("run", "notes.pdf")
    line = the_line(called)
    assert (called.code, called.out, line[1]) == (2, "", "PD006")
    assert "no title, heading or table" in line[2]
    assert not (tmp_path / "extracted").exists()
    asked = policydeck("run", "notes.pdf", "--deck", "unrecognised")
    assert (asked.code, asked.err) == (0, "")


def test_a_profile_that_does_not_fit_is_not_stretched(tmp_path: Path, policydeck: Callable[..., Called]) -> None:
    """Forced onto a document of another kind, a profile knows none of its slides and states no budget to name it by."""
    (tmp_path / "harbour.pdf").write_bytes(drawn.document(drawn.merged_table, drawn.figures_table))
    called = policydeck("run", "harbour.pdf", "--deck", "japan-ai-policy")
    assert (called.code, the_line(called)[1]) == (2, "PD014")
    assert not (tmp_path / "extracted").exists()
    named = policydeck("run", "harbour.pdf", "--deck", "japan-ai-policy", "--edition", "1999")
    assert "No profile knew 2 of 2 slides" in named.out
    folder = tmp_path / "extracted" / "japan-ai-policy" / "1999"
    assert len(rows(folder, "printed_tables")) == 2
    assert all(rows(folder, name) == [] for name in MONEY)


def test_add_takes_it_only_when_told_what_it_is(tmp_path: Path, policydeck: Callable[..., Called]) -> None:
    """`add` does not note a deck that nobody knows, unless `--deck` says to; then `run` reads it without complaint."""
    (tmp_path / "harbour.pdf").write_bytes(drawn.report())
    refused = policydeck("add", "harbour.pdf")
    assert (refused.code, the_line(refused)[1]) == (2, "PD006")
    assert not (tmp_path / "source_pdfs").exists()
    added = policydeck("add", "harbour.pdf", "--deck", "unrecognised")
    assert (added.code, added.err) == (0, "")
    ran = policydeck("run")
    assert (ran.code, ran.err) == (0, "")


def test_an_unknown_slide_of_a_known_deck_is_counted(tmp_path: Path) -> None:
    """The deck is read as ever, exit 0, and the summary names the one slide that its profile does not know."""
    called = call("run", DECKS["2027"][0], cwd=tmp_path)
    assert (called.code, called.err) == (0, "")
    found = re.search(r"No profile knew 1 of (\d) slides \(page (\d)\)", called.out)
    assert found is not None, called.out
    folder = tmp_path / "extracted" / "japan-ai-policy" / "2027"
    kinds = {r["page"]: r["kind"] for r in rows(folder, "slides")}
    assert [page for page, kind in kinds.items() if kind == "unrecognised"] == [found[2]]
    assert len(kinds) == int(found[1])


def test_a_japanese_document_is_said_to_be_japanese() -> None:
    """Kana decide; a language that the script does not tell stays undetermined."""
    from pipeline.language.scripts import language_of

    assert language_of(["AI戦略の課題と対応", "データの整備について"]) == "ja"
    assert language_of(["The fairway was dredged to nine metres in the spring by the crew of the", "アメ"]) == "und"
    assert language_of([]) == "und"


def test_keys_of_equal_captions_differ(tmp_path: Path) -> None:
    """Two tables under one caption are two tables, and no cell of either is lost."""
    found = read(tmp_path / "twice.pdf", drawn.document(drawn.merged_table, drawn.merged_table))
    keys: list[Mapping[str, object] | Row] = list(found.tables["printed_tables"])
    assert [k["table_id"] for k in keys] == ["table-1-berths-by-pier", "table-1-berths-by-pier-2"]
    assert tables_of(found) == {1: [drawn.MERGED], 2: [drawn.MERGED]}
