"""Real documents that no profile knows, as a careful person reads their pages. They are not redistributed."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from pipeline.errors import UnreadableTextError
from pipeline.run import Options, Workshop, read_edition
from tests.at_hand import SHARED

if TYPE_CHECKING:
    from pipeline.model import Edition

FOLDER = SHARED / "realdocs"

pytestmark = pytest.mark.skipif(
    not FOLDER.is_dir(), reason="the real documents are not redistributed and not beside the project"
)

STRATEGY = "cao-ai-strategy-issues-2024-slides-ja.pdf"
GUIDELINES = "mic-meti-ai-guidelines-2024-slides-ja.pdf"
ANNEX = "mic-meti-ai-guidelines-annex-2024-slides-ja.pdf"
SURVEY = "us-cdo-council-survey-2025-slides.pdf"
UNKNOWN = (
    STRATEGY,
    GUIDELINES,
    ANNEX,
    SURVEY,
    "camelot-india-budget-2014-15.pdf",
    "icdar-eu-008.pdf",
    "icdar-us-001.pdf",
    "icdar-us-011a.pdf",
    "icdar-us-028.pdf",
    "pdfplumber-senate-expenditures.pdf",
    "phl-budget-in-brief-fy22.pdf",
    "phl-qcmr-obligations-fy22q4.pdf",
    "tabula-12s0324.pdf",
)
MONEY = ("stated_figures", "budget_categories", "budget_items", "budget_amounts", "budget_trend")


@pytest.fixture(scope="module")
def read(tmp_path_factory: pytest.TempPathFactory):
    """Reads a document by its name, each once."""
    folder = tmp_path_factory.mktemp("real")
    workshop = Workshop(Options(out=folder / "extracted", sources=folder))
    known: dict[str, Edition] = {}

    def by_name(name: str) -> Edition:
        if name not in known:
            known[name] = read_edition(FOLDER / name, workshop).edition
        return known[name]

    return by_name


def grids(edition: Edition, page: int) -> list[list[list[str]]]:
    """The tables of a page as rows of texts, empty cells as empty texts and merged ones in their first place."""
    found = []
    for table in edition.tables["printed_tables"]:
        if table["page"] != page:
            continue
        grid = [[""] * int(str(table["columns"])) for _ in range(int(str(table["rows"])))]
        for c in edition.tables["table_cells"]:
            if c["table_id"] == table["table_id"]:
                grid[int(str(c["row"])) - 1][int(str(c["column"])) - 1] = str(c["text"])
        found.append(grid)
    return found


def texts(edition: Edition, page: int, heading: str) -> list[str]:
    """The statements of a page under one heading."""
    return [
        str(r["text"])
        for r in edition.tables["statements"]
        if r["page"] == page and bare(r["heading"]) == bare(heading)
    ]


def bare(text: object) -> str:
    """A text without its spaces."""
    return "".join(str(text).split())


def number(text: str) -> Decimal:
    """A figure as printed; in brackets it is negative."""
    digits = re.sub(r"[^0-9.]", "", text) or "0"
    return -Decimal(digits) if text.startswith("(") else Decimal(digits)


@pytest.mark.parametrize("name", UNKNOWN)
def test_it_is_read_whole_and_no_money_is_invented(name: str, read) -> None:
    """Every word is in a table or furniture with a reason, no figure was read as money, and every slide is unknown."""
    edition = read(name)
    assert edition.deck == "unrecognised"
    assert edition.tables["residue"] == []
    assert {table: edition.tables[table] for table in MONEY} == {table: [] for table in MONEY}
    assert {s["kind"] for s in edition.tables["slides"]} == {"unrecognised"}
    assert not [c for c in edition.checks if c.kind in ("words", "keys", "types") and c.verdict != "consistent"]


@pytest.mark.parametrize("name", [STRATEGY, GUIDELINES, ANNEX])
def test_their_language_is_told_by_their_script(name: str, read) -> None:
    """The three Japanese decks are in Japanese."""
    assert read(name).tables["editions"][0]["language"] == "ja"


def test_a_cell_merged_over_six_rows_is_one_cell(read) -> None:
    """The six plans of page 8 with what they get; the goods are one cell for all of them."""
    edition = read(STRATEGY)
    (grid,) = grids(edition, 8)
    assert [row[0] for row in grid] == ["認定日", "4月15日", "4月15日", "4月19日", "4月19日", "4月19日", "5月10日"]
    assert [bare(row[1]) for row in grid[1:]] == [
        "GMOインターネットグループ",
        "さくらインターネット",
        "RUTILEA、AI福島（共同申請）",
        "KDDI",
        "ハイレゾハイレゾ香川（共同申請）",
        "ソフトバンク",
    ]
    assert [row[4] for row in grid[1:]] == ["19.3", "501.0", "25.6", "102.4", "77.0", "421.0"]
    merged = [c for c in edition.tables["table_cells"] if c["row_span"] != 1 or c["column_span"] != 1]
    assert [(c["row"], c["column"], c["row_span"], bare(c["text"])) for c in merged] == [
        (2, 3, 6, "NVIDIAH100、NVIDIAH200、NVIDIAB100等")
    ]


def test_linked_boxes_are_read_each_under_its_heading(read) -> None:
    """Pages 2, 3 and 10 of the strategy: boxes side by side, with lines between them, are no tables and not run together."""
    edition = read(STRATEGY)
    assert not [t for t in edition.tables["printed_tables"] if t["page"] != 8]
    assert texts(edition, 2, "広島AIプロセス") == [
        "G7広島サミット 広島AIプロセスを提唱（2023.5）",
        "閣僚級会議を経て、包括的政策枠組みを承認（2023.12.6）",
    ]
    assert texts(edition, 3, "【個人情報保護】") == [
        "OpenAIに対する注意喚起（個人情報保護委員会、2023.6.1）",
        "生成AIサービスの利用に関する注意喚起等（個人情報保護委員会、2023.6.2）",
    ]
    assert texts(edition, 10, "【追加公募】") == [
        "予算総額：10億円（ポスト５G基金）",
        "補助率：2/3（中小企業・スタートアップ等） 1/2（大企業）",
        "補助対象：計算資源（Microsoft Azure）の利用料",
        "採択者：スタートアップなど計3者（8月中旬までの開発期間）",
    ]


def test_a_sentence_goes_on_over_lines_where_its_style_changes(read) -> None:
    """Page 8: a bullet in plain, bold and underlined type over two lines is one statement."""
    statements = [str(r["text"]) for r in read(STRATEGY).tables["statements"] if r["page"] == 8]
    assert (
        "その安定供給確保のための民間の取組を支援する予算（基金）により、"
        "AIを含むクラウドプログラムの開発に必要となる高度な計算資源の整備費用の補助が可能。"
    ) in statements


def test_charts_that_are_pictures_give_no_values(read) -> None:
    """Pages 9 and 14: the charts are reported as pictures; none of the figures drawn in them is in any table."""
    edition = read(STRATEGY)
    pictures = {r["page"] for r in edition.tables["pictures"]}
    assert {9, 14} <= pictures
    assert not {2, 3, 8, 12, 16} & pictures
    printed = " ".join(str(r["text"]) for r in edition.tables["statements"] if r["page"] in (9, 14))
    for drawn in ("0.55", "0.85", "26%", "28%", "58%", "53%"):
        assert drawn not in printed


@pytest.mark.parametrize("page", [*range(4, 12), *range(16, 22), *range(25, 29), *range(30, 36)])
def test_a_pasted_chart_is_one_picture(page: int, read) -> None:
    """The survey's charts are each a background with bars of their own: one picture of most of the page."""
    (picture,) = (r for r in read(SURVEY).tables["pictures"] if r["page"] == page)
    assert Decimal("0.5") < picture["page_share"] < 1


def test_the_tables_of_the_survey(read) -> None:
    """Pages 2, 22 and 23, the last with two tables, cell by cell."""
    edition = read(SURVEY)
    assert grids(edition, 2) == [
        [
            ["", "2025", "2024", "2023", "2022"],
            ["Total # of Responses", "30*", "42", "35", "38"],
            ["# of Large Agencies", "9", "14", "35", "23"],
            ["# of Medium Agencies", "8", "15", "9", "9"],
            ["# of Small Agencies", "12", "13", "6", "6"],
        ]
    ]
    (shifts,) = grids(edition, 22)
    assert shifts[1] == ["Data Modernization", "Partner", "28.6% (12)", "46.7% (14)"]
    assert len(shifts) == 5
    decreases, increases = grids(edition, 23)
    assert [row[3] for row in decreases[1:]] == ["13.3% (4)", "22.6% (7)", "10% (3)"]
    assert [row[0] for row in increases] == ["Domain", "Open Data", "Data Monetization"]
    assert {t["page"] for t in edition.tables["printed_tables"]} == {2, 22, 23}
    headings = [t["heading"] for t in edition.tables["printed_tables"] if t["page"] == 23]
    assert headings == [
        "Notable decreases in CDO responsibility from 2024 to 2025",
        "Notable increases in CDO responsibility from 2024 to 2025",
    ]


def test_a_table_with_level_rules_only(read) -> None:
    """Page 9 of the annex: six groups of goals, the first and the last without a rule of their own, below the heads."""
    (grid,) = grids(read(ANNEX), 9)
    assert [row[0] for row in grid] == [
        "分類",
        "1. 環境・リスク分析",
        "2. ゴール設定",
        "3. システムデザイン",
        "4. 運用",
        "5. 評価",
        "6. 環境・リスクの再分析",
    ]
    assert bare(grid[1][1]) == "1-1便益/リスクの理解1-2AIの社会的な受容の理解1-3自社のAI習熟度の理解"


def test_every_department_of_a_city_adds_up_to_its_total(read) -> None:
    """Seven pages in five columns of amounts without rules: 69 totals are the grand total, in every column."""
    edition = read("phl-budget-in-brief-fy22.pdf")
    rows = [row for page in range(1, 8) for grid in grids(edition, page) for row in grid]
    totals = [row for row in rows if row[0] == "Total"]
    assert len(totals) == 69
    sums = [sum(number(row[column]) for row in totals) for column in range(1, 6)]
    (grand,) = (row for row in rows if row[0] == "Total, General Fund")
    assert sums == [number(cell) for cell in grand[1:]]
    assert sums[-1] == 5_268_946_000


def test_a_table_whose_rows_have_no_rules_is_read_line_by_line(read) -> None:
    """The frame and the rules between its columns do not make one cell of 64 departments."""
    edition = read("phl-qcmr-obligations-fy22q4.pdf")
    (first,), (second,) = grids(edition, 1), grids(edition, 2)
    pension = next(row for row in first if row[0] == "Pension-Plan 10")
    assert pension[1] == "867,102"
    total = next(row for row in second if row[0] == "TOTAL GENERAL FUND")
    assert total[2] == "5,268,946,000"
    assert len([row for row in (*first, *second) if number(row[1])]) > 70


def test_totals_can_be_added_up_from_the_cells(read) -> None:
    """The regional funds' table: eleven countries and three columns, whose printed totals are wrong as the page has them."""
    (grid,) = grids(read("icdar-eu-008.pdf"), 1)
    body = grid[1:-1]
    assert grid[-1] == ["TOTAL", "58.99", "86.70", "145.69"]
    sums = [sum(number(row[c]) for row in body) for c in (1, 2, 3)]
    assert sums == [Decimal("58.99"), Decimal("86.71"), Decimal("144.83")]


def test_nil_is_a_cell_and_not_a_bullet(read) -> None:
    """India's ministries: "..." and figures in nine columns; every row of a department has them all."""
    (grid,) = grids(read("camelot-india-budget-2014-15.pdf"), 1)
    assert {len(row) for row in grid} == {9}
    pensions = next(row for row in grid if "Defence Pensions" in row[0])
    assert pensions[1:] == ["...", "...", "...", "51000.00", "...", "51000.00", "51000.00", "81-81"]


def test_a_font_without_a_unicode_map_is_refused() -> None:
    """The page looks perfect and its text is rubbish: a code says so, naming file, page and font; nothing is passed on."""
    with pytest.raises(UnreadableTextError) as caught:
        read_edition(FOLDER / "phl-qcmr-cash-fy23q4-badtext.pdf", Workshop(Options()))
    assert caught.value.code == "PD011"
    assert "phl-qcmr-cash-fy23q4-badtext.pdf, page 1" in caught.value.message
    assert "Calibri" in caught.value.message
