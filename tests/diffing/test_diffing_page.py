"""The diff as a page: both editions' pages side by side, in itself and in a real browser."""

from __future__ import annotations

import csv
import io
import re
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest
from PIL import Image

from pipeline.diffing import EditionRows, PrintedEdition, diff_editions, render
from pipeline.diffing.rendering.printed import printed_diff
from pipeline.editions import read_pictures, read_rows
from pipeline.page_image import PageImage
from tests.publishing import browser as chromium

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from pipeline.diffing import EditionDiff
    from pipeline.model import Row
    from tests.at_hand import Editions

EVIL = "</tr></table><script>document.title='owned'</script><img src=x onerror=alert(1)>"
WIDTH, HEIGHT = 400.0, 300.0


def box(table: str, key: str, field: str, page: int, top: int) -> Row:
    """Evidence of a line of text at that height."""
    corners: Row = {"x0": 20, "top": top, "x1": 180, "bottom": top + 12}
    return {"table": table, "key": key, "field": field, "part": 0, "page": page, **corners}


def statement(name: str, page: int, text: str) -> Row:
    """A row of the table `statements`."""
    return {"statement_id": name, "page": page, "heading": "Tides", "text": text, "position": 0}


def picture(page: int) -> PageImage:
    """A white page."""
    buffer = io.BytesIO()
    Image.new("RGB", (800, 600), "white").save(buffer, "PNG")
    return PageImage(page, WIDTH, HEIGHT, "image/png", buffer.getvalue())


def side(year: int, statements: list[Row], *, pictures: bool = True) -> tuple[EditionRows, PrintedEdition]:
    """An edition of statements, each of them printed on a line of its own."""
    pages = sorted({int(str(s["page"])) for s in statements})
    tables: dict[str, list[Row]] = {
        "statements": statements,
        "evidence": [
            box("statements", str(s["statement_id"]), "text", int(str(s["page"])), 40 + 20 * n)
            for n, s in enumerate(statements)
        ],
        "slides": [{"page": page, "kind": f"kind {page}", "title": EVIL} for page in pages],
    }
    images = {page: picture(page) for page in pages} if pictures else {}
    return EditionRows("harbours", str(year), tables), PrintedEdition(tables, images)


def example(*, pictures: bool = True) -> tuple[EditionDiff, tuple[PrintedEdition, PrintedEdition]]:
    """One sentence kept, one reworded, one dropped, one new; and the slides have changed places."""
    old = side(
        3030,
        [
            statement("kept", 1, "The harbours stay open in all weathers and at all hours of the day."),
            statement("reworded", 2, "Pilots of the northern harbours are trained at sea for twelve months."),
            statement("dropped", 2, "Gauges measure nothing but the tides."),
        ],
        pictures=pictures,
    )
    new = side(
        3031,
        [
            statement("reworded", 1, "Pilots of the northern harbours are trained at sea for eighteen months."),
            statement("added", 1, EVIL),
            statement("kept", 2, "The harbours stay open in all weathers and at all hours of the day."),
        ],
        pictures=pictures,
    )
    return diff_editions(old[0], new[0]), (old[1], new[1])


def of_editions(editions: Editions, old: str, new: str) -> tuple[EditionDiff, tuple[PrintedEdition, PrintedEdition]]:
    """Compare two decks as they were extracted."""
    paths = editions.path(old), editions.path(new)
    tables = [read_rows(path) for path in paths]
    rows = [EditionRows("d", name, t) for name, t in zip((old, new), tables, strict=True)]
    printed = [PrintedEdition(t, read_pictures(path)) for t, path in zip(tables, paths, strict=True)]
    return diff_editions(rows[0], rows[1]), (printed[0], printed[1])


class TestPlaces:
    """What is marked where."""

    def test_pages_are_paired_by_what_stands_on_them(self) -> None:
        """A slide that moved stands beside itself, not beside the one that has its number now."""
        found = printed_diff(*_flat(example()))
        assert [(s.old, s.new) for s in found.spreads] == [(2, 1), (1, 2)]

    def test_a_change_is_marked_where_it_stands(self) -> None:
        """What is new is marked on the new page alone, what is gone on the old, what was reworded on both."""
        found = printed_diff(*_flat(example()))
        places = {c.words: ([b.top for b in c.old_boxes], [b.top for b in c.new_boxes]) for c in found.changes}
        assert places == {("removed",): ([80.0], []), ("added",): ([], [60.0]), ("reworded",): ([60.0], [40.0])}
        assert [len(s.changes) for s in found.spreads] == [3, 0]

    def test_a_bar_that_changed_is_marked_on_both_charts(self) -> None:
        """What a chart says of one year in two editions is compared where it stands, like any amount."""

        def chart(year: int, value: str) -> tuple[EditionRows, PrintedEdition]:
            bar: Row = {"fiscal_year": 3029, "budget": "initial", "page": 1, "currency": "USD", "printed": value}
            bar |= {"value": Decimal(value), "lower": Decimal(value) - 50, "upper": Decimal(value) + 50}
            rows, printed = side(year, [statement("s", 1, "A chart.")])
            tables: dict[str, list[Row]] = {
                **rows.tables,
                "budget_trend": [bar],
                "evidence": [box("budget_trend", "3029/initial", "value", 1, year - 2900)],
            }
            return EditionRows("harbours", str(year), tables), PrintedEdition(tables, printed.pictures)

        old, new = chart(3030, "800"), chart(3031, "500")
        (change,) = printed_diff(diff_editions(old[0], new[0]), old[1], new[1]).changes
        assert (change.table, change.words, change.tone) == ("budget_trend", ("amount",), "changed")
        assert ([b.top for b in change.old_boxes], [b.top for b in change.new_boxes]) == ([130], [131])
        assert change.growth == ("−48 % to −26 %",)

    def test_a_page_that_only_one_edition_has_stands_alone(self) -> None:
        """A dropped page is shown beside nothing, where it stood."""
        old = side(3030, [statement("a", 1, "One sentence of harbours."), statement("b", 2, "Another, of gauges.")])
        new = side(3031, [statement("a", 1, "One sentence of harbours.")])
        found = printed_diff(diff_editions(old[0], new[0]), old[1], new[1])
        assert [(s.old, s.new, len(s.changes)) for s in found.spreads] == [(1, 1, 0), (2, None, 1)]

    @pytest.mark.parametrize("new", ["2026", "2027"])
    def test_every_change_of_real_decks_that_is_printed_is_listed_once(self, editions: Editions, new: str) -> None:
        """Each change with a box stands in exactly one list; every item added, removed or renamed is among them."""
        diff, printed = of_editions(editions, "2025", new)
        found = printed_diff(diff, *printed)
        listed = [n for s in found.spreads for n in s.changes]
        assert sorted(listed) == list(range(len(found.changes)))
        items = [c for c in found.changes if c.table == "budget_items"]
        table = diff.tables["budget_items"]
        assert sum(c.words == ("added",) for c in items) == len(table.added) > 0
        assert sum(c.words == ("removed",) for c in items) == len(table.removed) > 0
        assert sum("renamed" in c.words for c in items) == sum(p.renamed for p in table.pairs) > 0


def _flat(
    given: tuple[EditionDiff, tuple[PrintedEdition, PrintedEdition]],
) -> tuple[EditionDiff, PrintedEdition, PrintedEdition]:
    return given[0], given[1][0], given[1][1]


class TestFile:
    """The page as text."""

    def test_text_of_a_slide_makes_no_markup(self) -> None:
        """A tag in a title or a row is shown, not obeyed; the only script is the page's own, allowed by its hash."""
        diff, printed = example()
        text = render(diff, "html", printed=printed)
        assert text.count("<script") == 1
        assert "<img src=x" not in text
        assert len(re.findall("<img ", text)) == 2
        assert "script-src 'sha256-" in text

    def test_an_edition_without_pictures_is_compared_all_the_same(self) -> None:
        """Where a review page is missing the changes are listed, and it is said that there is no picture."""
        diff, printed = example(pictures=False)
        text = render(diff, "html", printed=printed)
        assert text.count("There is no picture of this page") == 2
        assert text.count("<tr data-change") == 3

    def test_pictures_are_those_of_the_review_page(self, editions: Editions, tmp_path: Path) -> None:
        """Every page of an extracted edition has its picture, in points; none where there is no review page."""
        slides = read_rows(editions.path("2025"))["slides"]
        pictures = read_pictures(editions.path("2025"))
        assert list(pictures) == [s["page"] for s in slides]
        for image in pictures.values():
            shown = Image.open(io.BytesIO(image.data))
            assert shown.width / shown.height == pytest.approx(image.width / image.height, rel=0.01)
        assert read_pictures(tmp_path) == {}

    def test_the_same_editions_give_the_same_page(self) -> None:
        """No clock and no order of a set gets into it."""
        diff, printed = example()
        assert render(diff, "html", printed=printed) == render(diff, "html", printed=printed)


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """Start one browser for all tests here."""
    with chromium.started_browser() as started:
        yield started


@pytest.fixture
def page_2026(editions: Editions, tmp_path: Path) -> Path:
    """The diff of the 2025 edition and the sample of 2026."""
    diff, printed = of_editions(editions, "2025", "2026")
    path = tmp_path / "changes.html"
    path.write_text(render(diff, "html", printed=printed), encoding="utf-8")
    return path


class TestInTheBrowser:
    """The page as it is used."""

    AIP = "AIP: Advanced Integrated Intelligence Platform"

    def test_it_complains_of_nothing_and_asks_for_nothing(self, browser: Any, page_2026: Path) -> None:
        """No console message, no request; all its pictures are shown."""
        with chromium.visit(browser, page_2026) as seen:
            for image in seen.page.locator(".sheet img").all():
                image.scroll_into_view_if_needed()
            seen.page.wait_for_function("[...document.images].every(i => i.complete && i.naturalWidth > 0)")
            assert seen.page.locator(".sheet img").count() == 4
            assert (seen.complaints, seen.requests) == ([], [])

    def test_a_row_lights_its_words_on_both_pages(self, browser: Any, page_2026: Path, editions: Editions) -> None:
        """Clicking the row of an item marks, on each of the two pictures, a box that covers its printed name."""
        with chromium.visit(browser, page_2026) as seen:
            seen.page.locator("tr[data-change]", has_text=self.AIP).click()
            figures = seen.page.locator(".pair", has_text=self.AIP).locator("figure").all()
            for figure, name in zip(figures, ("2025", "2026"), strict=True):
                with (editions.path(name) / "data" / "evidence.csv").open(encoding="utf-8", newline="") as file:
                    (row,) = [
                        r for r in csv.DictReader(file) if r["printed"] == self.AIP and r["table"] == "budget_items"
                    ]
                frame = figure.locator("img").bounding_box()
                size = read_pictures(editions.path(name))[int(row["page"])]
                lit = [mark.bounding_box() for mark in figure.locator(".mark.lit").all()]
                scale = frame["width"] / size.width
                wanted = [float(row[c]) * scale for c in ("x0", "top", "x1", "bottom")]
                assert any(
                    b["x"] - frame["x"] <= wanted[0] + 1
                    and b["y"] - frame["y"] <= wanted[1] + 1
                    and b["x"] - frame["x"] + b["width"] >= wanted[2] - 1
                    and b["y"] - frame["y"] + b["height"] >= wanted[3] - 1
                    and b["height"] < 3 * (wanted[3] - wanted[1])
                    for b in lit
                )

    def test_a_box_lights_its_row_and_its_other_page(self, browser: Any, page_2026: Path) -> None:
        """Clicking words on the one page marks the row and the same words on the other; Escape ends it."""
        with chromium.visit(browser, page_2026) as seen:
            row = seen.page.locator("tr[data-change]", has_text=self.AIP)
            number = row.get_attribute("data-change")
            marks = seen.page.locator(f'.mark[data-change="{number}"]')
            marks.first.click()
            assert "lit" in (row.get_attribute("class") or "")
            sides = marks.evaluate_all("all => new Set(all.map(m => m.closest('figure'))).size")
            assert sides == 2
            assert marks.evaluate_all("all => all.every(m => m.classList.contains('lit'))")
            seen.page.keyboard.press("Escape")
            seen.page.mouse.move(1, 1)
            assert seen.page.locator(".lit").count() == 0

    def test_it_works_with_the_keyboard(self, browser: Any, page_2026: Path) -> None:
        """Arrows go from row to row, Enter selects one."""
        with chromium.visit(browser, page_2026) as seen:
            rows = seen.page.locator("tr[data-change]")
            rows.nth(0).focus()
            seen.page.keyboard.press("ArrowDown")
            seen.page.keyboard.press("Enter")
            assert "pinned" in (rows.nth(1).get_attribute("class") or "")

    def test_a_script_in_a_text_is_shown_as_text(self, browser: Any, tmp_path: Path) -> None:
        """A slide that holds markup is shown with it, and nothing of it runs."""
        diff, printed = example()
        path = tmp_path / "evil.html"
        path.write_text(render(diff, "html", printed=printed), encoding="utf-8")
        with chromium.visit(browser, path) as seen:
            assert seen.page.title() == "harbours/3030 → harbours/3031"
            assert EVIL in seen.page.locator("tr[data-change]", has_text="script").inner_text()
            assert (seen.complaints, seen.requests) == ([], [])

    @pytest.mark.parametrize("width", [390, 1280, 1600])
    def test_it_fits_every_width(self, browser: Any, page_2026: Path, width: int) -> None:
        """Nothing makes the page scroll sideways."""
        with chromium.visit(browser, page_2026, width=width) as seen:
            assert seen.page.evaluate("document.documentElement.scrollWidth") <= width
