"""An edition's figures beside those of earlier editions, on its review page."""

from __future__ import annotations

import json
import re
import shutil
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest

from pipeline.cross_edition import EditionName, EditionTables, charts_of
from pipeline.editions import read_rows
from pipeline.model import Edition, Place
from pipeline.publishing.report import EditionLine, ThroughEditions, report_html
from pipeline.run import Options, run
from pipeline.table_schemas import load_table_schemas
from tests.at_hand import DECKS
from tests.publishing import browser as chromium
from tests.publishing.fictional_edition import edition as fictional_edition

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.at_hand import Editions

DECK = "japan-ai-policy"
SCHEMAS = load_table_schemas()


def tables_of(editions: Editions, name: str) -> EditionTables:
    """One deck at hand, as extracted."""
    return EditionTables(EditionName(DECK, name), read_rows(editions.path(name)))


def charts_on(page: bytes) -> list[dict[str, Any]]:
    """What the page's data block has to draw."""
    match = re.search(rb'<script type="application/json" id="data">(.*?)</script>', page, re.DOTALL)
    assert match is not None
    return list(json.loads(match[1])["series"])


def test_a_figure_has_a_line_for_each_edition_that_states_it(editions: Editions) -> None:
    """FY2024's initial budget: 0.8, 0.5 and 0.8 billion, the page's own edition with its row; others are left out."""
    charts = charts_of(tables_of(editions, "2027"), [tables_of(editions, "2025"), tables_of(editions, "2026")])
    assert [c.title for c in charts] == [
        "FY2023 initial",
        "FY2023 supplementary",
        "FY2024 initial",
        "FY2024 supplementary",
        "FY2025 initial",
        "FY2025 supplementary",
        "FY2026 initial",
    ]
    chart = next(c for c in charts if c.title == "FY2024 initial")
    assert [(line.edition, line.value) for line in chart.lines] == [
        ("2025", Decimal(8 * 10**8)),
        ("2026", Decimal(5 * 10**8)),
        ("2027", Decimal(8 * 10**8)),
    ]
    assert [line.place for line in chart.lines] == [None, None, Place("budget_trend", "2024/initial")]
    assert chart.verdict == "inconsistent"
    assert [line.stage for line in charts[4].lines] == ["draft", "", ""]


def test_nothing_is_drawn_where_no_other_edition_states_it(editions: Editions) -> None:
    """The first edition of a deck has nothing to be beside."""
    assert charts_of(tables_of(editions, "2025"), []) == ()


@pytest.mark.slow
def test_a_run_draws_the_earlier_editions_and_never_a_later_one(editions: Editions, tmp_path: Path) -> None:
    """The page of 2026 has 2025's figures whether or not 2027 stands there too: later editions change no page."""
    options = Options(out=tmp_path / "extracted", sources=tmp_path, force=True)
    shutil.copytree(editions.path("2025"), tmp_path / "extracted" / DECK / "2025")
    pages = []
    for _ in range(2):
        (result,) = run([DECKS["2026"][0]], options)
        assert result.path is not None, result.error
        pages.append((result.path / "report.html").read_bytes())
        shutil.copytree(editions.path("2027"), tmp_path / "extracted" / DECK / "2027", dirs_exist_ok=True)
    assert pages[0] == pages[1]
    drawn = {chart["title"]: [line["edition"] for line in chart["lines"]] for chart in charts_on(pages[0])}
    assert drawn == {title: ["2025", "2026"] for title in ("FY2024 initial", "FY2024 supplementary", "FY2025 initial")}
    assert charts_on((editions.path("2026") / "report.html").read_bytes()) == []


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """One browser for all tests here."""
    with chromium.started_browser() as started:
        yield started


def example(edition: Edition) -> ThroughEditions:
    """Half of the largest amount as a draft in an earlier edition, and the largest, which stands in `edition`."""
    row = edition.tables["stated_figures"][0]
    place = Place("stated_figures", str(row["figure_id"]))
    return ThroughEditions(
        "FY3025 initial <b>",
        "undetermined",
        "Revised <script>.",
        (
            EditionLine("3024", "draft", "USD 4.0 billion", "3 to 5", Decimal(3), Decimal(4), Decimal(5)),
            EditionLine("3025", "", "USD 8 billion and some", "6 to 10", Decimal(6), Decimal(8), Decimal(10), place),
        ),
    )


def test_the_lines_share_one_scale_and_lead_to_the_row(browser: Any, tmp_path: Path) -> None:
    """In a browser both lines are equally long, the bars stand where the amounts are, and pressing the edition pins it."""
    edition = fictional_edition()
    path = tmp_path / "report.html"
    path.write_bytes(report_html(edition, (), {}, SCHEMAS, [example(edition)]))
    with chromium.visit(browser, path) as seen:
        section = seen.page.locator("#series")
        assert section.is_visible()
        assert "FY3025 initial <b>" in section.inner_text()
        assert "Revised <script>." in section.inner_text()
        lines = [section.locator(".interval").nth(n).bounding_box() for n in (0, 1)]
        assert lines[0]["x"] == pytest.approx(lines[1]["x"], abs=0.5)
        assert lines[0]["width"] == pytest.approx(lines[1]["width"], abs=0.5), "or places on them would not compare"
        bars = [section.locator(".range").nth(n).bounding_box() for n in (0, 1)]
        width = lines[0]["width"]
        shares = [((b["x"] - lines[0]["x"]) / width, b["width"] / width) for b in bars]
        assert shares == [pytest.approx((0.3, 0.2), abs=0.02), pytest.approx((0.6, 0.4), abs=0.02)]
        assert section.locator(".tentative .range").count() == 1
        section.get_by_role("button", name="3025").click()
        assert "USD 1.3 billion" in seen.page.locator(".inspector:visible").inner_text()
        assert seen.complaints == []


def test_a_page_without_earlier_editions_shows_no_such_part(browser: Any, tmp_path: Path) -> None:
    """The heading stands nowhere where there is nothing to draw."""
    path = tmp_path / "report.html"
    path.write_bytes(report_html(fictional_edition(), (), {}, SCHEMAS))
    with chromium.visit(browser, path) as seen:
        assert not seen.page.locator("#series").is_visible()
