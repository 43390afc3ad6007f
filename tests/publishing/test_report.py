"""What the review page promises, in itself and in a real browser.

The small deck here is drawn by reportlab, so where each word stands is known before anything reads it: a text drawn at
(x, y) in Helvetica of size s begins at x, is as wide as its glyphs' advances, and has its baseline y above the page's
foot.
"""

from __future__ import annotations

import base64
import hashlib
import io
import itertools
import json
import re
from decimal import Decimal
from html import escape
from typing import TYPE_CHECKING, Any

import pypdfium2
import pytest
from PIL import Image, ImageChops, ImageDraw
from reportlab.pdfbase.pdfmetrics import stringWidth
from reportlab.pdfgen.canvas import Canvas

from pipeline.editions import read_rows
from pipeline.errors import DamagedPdfError, EncryptedPdfError, SourceNotFoundError
from pipeline.model import Box, Check, Edition, Place, Row
from pipeline.normalising.accounting import account
from pipeline.passage import Passage, of_words
from pipeline.publishing.report import PageImage, report_html
from pipeline.publishing.report.charts import budget_bars, interval_drawing, scale_ticks, trend_columns
from pipeline.publishing.report.money import short_money, short_range
from pipeline.publishing.report.page import report_data
from pipeline.publishing.report.rows import index_rows
from pipeline.reading.pdf import read_document
from pipeline.reading.rendering import LONGER_SIDE, render_pages
from pipeline.records import Furniture, Printed, Record, SlideReading
from pipeline.table_schemas import load_table_schemas
from pipeline.word_fates import FURNITURE, RESIDUE, WordFates, word_fates
from tests.at_hand import DECKS
from tests.publishing import browser as chromium
from tests.publishing.fictional_edition import amount
from tests.publishing.fictional_edition import edition as fictional_edition

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from tests.at_hand import Editions

WIDTH, HEIGHT, SIZE = 480.0, 300.0, 12.0
EVIL = "</script><script>document.title='owned'</script><!-- <img src=x onerror=alert(1)> {{script}} \u2028 &amp;"
SCHEMAS = load_table_schemas()
LIMIT = 3_000_000
"""Bytes that the page of the 2025 edition stays below."""


def box_of(text: str, x: float, y: float) -> Box:
    """Where `text` stands when it is drawn at (x, y): as high as its capitals and as deep as its tails, about."""
    return Box(x, HEIGHT - y - 0.75 * SIZE, x + stringWidth(text, "Helvetica", SIZE), HEIGHT - y + 0.2 * SIZE)


TEXTS = (
    ("Piers, all", 40.0, 240.0),
    ("Deep pier", 60.0, 210.0),
    ("1.3 billion", 300.0, 210.0),
    ("lost words", 40.0, 60.0),
)


def draw_pdf(path: Path, *, pages: int = 1, rotation: int = 0, **canvas: Any) -> Path:
    """Draw the small deck."""
    drawing = Canvas(str(path), pagesize=(WIDTH, HEIGHT), invariant=True, **canvas)
    for _ in range(pages):
        drawing.setFont("Helvetica", SIZE)
        for text, x, y in TEXTS:
            drawing.drawString(x, y, text)
        drawing.setPageRotation(rotation)
        drawing.showPage()
    drawing.save()
    return path


def place(table: str, key: str, field: str, index: int, page: int = 1, **more: object) -> Row:
    """Make evidence that a field was read from `TEXTS[index]`."""
    box = box_of(*TEXTS[index])
    lengths = {n: Decimal(str(round(getattr(box, n), 2))) for n in ("x0", "top", "x1", "bottom")}
    row: Row = {
        "table": table,
        "key": key,
        "field": field,
        "part": 0,
        "page": page,
        **lengths,
        "printed": TEXTS[index][0],
    }
    return {**row, **more}  # type: ignore[dict-item]


def small_edition(**changed: list[Row]) -> Edition:
    """Make the edition of the small deck: the fictional one, with evidence at the words that are drawn."""
    evidence = [
        place("budget_categories", "piers", "category", 0),
        place("budget_items", "piers/deep", "category", 0),
        place("budget_items", "piers/deep", "name", 1),
        place("budget_amounts", "item/piers/deep/initial", "value", 2),
    ]
    return fictional_edition({"evidence": evidence, **changed})


def small_words(last: str = FURNITURE) -> dict[int, WordFates]:
    """Give the fates of the small deck's texts, of which the last one became `last`."""
    fates = ("budget_categories", "budget_items", "budget_amounts", last)
    reasons = ["running line" if fate == FURNITURE else "" for fate in fates]
    return {1: WordFates([box_of(*text) for text in TEXTS], [text[0] for text in TEXTS], fates, reasons)}


def data_of(page: bytes) -> dict[str, Any]:
    """Read the data block of a page back."""
    match = re.search(rb'<script type="application/json" id="data">(.*?)</script>', page, re.DOTALL)
    assert match is not None
    data: dict[str, Any] = json.loads(match[1])
    return data


@pytest.fixture(scope="module")
def pictures(tmp_path_factory: pytest.TempPathFactory) -> tuple[PageImage, ...]:
    """Render the small deck once."""
    return render_pages(draw_pdf(tmp_path_factory.mktemp("deck") / "small.pdf"))


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """Start one browser for all tests here."""
    with chromium.started_browser() as started:
        yield started


@pytest.fixture
def small_page(tmp_path: Path, pictures: tuple[PageImage, ...]) -> Path:
    """Write the page of the small deck."""
    path = tmp_path / "report.html"
    path.write_bytes(report_html(small_edition(), pictures, small_words(), SCHEMAS))
    return path


class TestFile:
    """The page as bytes."""

    def test_the_same_edition_gives_the_same_bytes(self, pictures: tuple[PageImage, ...]) -> None:
        """No clock and no order of a mapping gets into the page."""
        once = report_html(small_edition(), pictures, small_words(), SCHEMAS)
        turned = dict(reversed(small_edition().tables.items()))
        again = Edition("harbours", "3025", "Harbours of Atlantis", turned, small_edition().checks)
        assert report_html(again, pictures, dict(reversed(small_words().items())), SCHEMAS) == once

    def test_the_policy_allows_the_one_script_and_nothing_else(self, pictures: tuple[PageImage, ...]) -> None:
        """The hash in the Content Security Policy is that of the script as it stands in the file."""
        text = report_html(small_edition(), pictures, {}, SCHEMAS).decode("utf-8")
        policy = re.search(r'http-equiv="Content-Security-Policy" content="([^"]+)"', text)
        script = re.search(r"<script>(.*?)</script>", text, re.DOTALL)
        assert policy is not None
        assert script is not None
        digest = base64.b64encode(hashlib.sha256(script[1].encode("utf-8")).digest()).decode("ascii")
        rules = dict(rule.split(" ", 1) for rule in policy[1].split("; "))
        assert rules["default-src"] == "'none'"
        assert rules["script-src"] == f"'sha256-{digest}'"
        assert rules["img-src"] == "data:"

    def test_text_of_a_pdf_cannot_leave_its_data_block(self, pictures: tuple[PageImage, ...]) -> None:
        """Markup in titles, cells, words, checks and evidence comes back as it was, and opens no element."""
        item = {**small_edition().tables["budget_items"][0], "name": EVIL}
        tables = {
            **small_edition().tables,
            "budget_items": [item],
            "evidence": [place("budget_items", "piers/deep", "name", 1, printed=EVIL, correction=EVIL)],
        }
        words = {1: WordFates([box_of(*TEXTS[0])], [EVIL], [FURNITURE], [EVIL])}
        check = Check("c", "sum", EVIL, "inconsistent", EVIL, rows=(Place(EVIL, EVIL, EVIL),))
        page = report_html(Edition("d", "e", EVIL, tables, (check,)), pictures, words, SCHEMAS)
        # The script, the data, and a picture for the one page.
        assert page.count(b"<script") == page.count(b"</script") == 3
        assert b"<!--" not in page
        assert f"<title>{escape(EVIL)}: review</title>".encode() in page
        data = data_of(page)
        assert data["title"] == data["checks"][0]["message"] == data["pages"][0]["words"][0][4] == EVIL
        assert EVIL in {row["l"] for row in data["rows"]}

    def test_a_row_of_an_item_carries_its_amounts(self) -> None:
        """An item's amounts stand in its own line, each under its budget, so that no reader has to join tables."""
        data = report_data(small_edition(), (), {}, SCHEMAS)
        items = next(b for b in data["pages"][0]["blocks"] if data["tables"][b["t"]]["name"] == "budget_items")  # type: ignore[index]
        deep = next(line for line in items["lines"] if line.get("r") is not None)
        shown = {
            column[0]: "".join(piece[0] for piece in cell)
            for column, cell in zip(items["columns"], deep["c"], strict=True)
        }
        assert shown["Initial FY3025 (USD)"] == "0.5"
        assert shown["Supplementary FY3024 (USD)"] == "4 million"

    def test_every_row_is_shown_once(self) -> None:
        """Each row of each table, the tables about the edition itself aside, has one line or stands in one."""
        data: Any = report_data(small_edition(), (), {}, SCHEMAS)
        blocks = [b for p in data["pages"] for b in p["blocks"]] + data["loose"]
        lines = [line for b in blocks for line in b["lines"] if "c" in line]
        assert len({line["r"] for line in lines}) == len(lines)
        shown = {line["r"] for line in lines} | {piece[1] for line in lines for cell in line["c"] for piece in cell}
        assert shown == set(range(len(data["rows"])))

    def test_evidence_of_a_row_that_is_not_there_marks_nothing(self) -> None:
        """A reference to nothing is left out, and the rest is shown."""
        evidence = [place("budget_items", "nowhere", "name", 1), place("budget_items", "piers/deep", "name", 1)]
        data: Any = report_data(small_edition(evidence=evidence), (), {}, SCHEMAS)
        assert [data["rows"][e[0]]["k"] for p in data["pages"] for e in p["evidence"]] == ["piers/deep"]

    def test_a_correction_is_named(self) -> None:
        """A value corrected by hand is listed with its reason and its row."""
        evidence = [place("budget_items", "piers/deep", "name", 1, correction="misprint, seen by a reader")]
        data: Any = report_data(small_edition(evidence=evidence), (), {}, SCHEMAS)
        (entry,) = data["corrections"]
        assert (data["rows"][entry["row"]]["k"], entry["text"]) == ("piers/deep", "misprint, seen by a reader")

    def test_a_fate_that_is_none_is_refused(self) -> None:
        """A word that went to a table that does not exist is a mistake of a stage, not something to draw."""
        with pytest.raises(ValueError, match="no_such_table"):
            report_html(small_edition(), (), small_words("no_such_table"), SCHEMAS)

    def test_a_picture_that_is_none_is_refused(self) -> None:
        """Only a media type of an image gets into an address of the page."""
        with pytest.raises(ValueError, match="media type"):
            report_html(small_edition(), (PageImage(1, 1, 1, "text/html", b"x"),), {}, SCHEMAS)


class TestWordFates:
    """What became of each word."""

    @staticmethod
    def readings(tmp_path: Path) -> tuple[Any, SlideReading]:
        """Read the small deck; of its eight words one is cut between two tables, two are furniture, one half lost."""
        document = read_document(draw_pdf(tmp_path / "small.pdf"))
        words = {w.text: w for w in document.pages[0].words}

        def passage(*texts: str) -> Passage:
            return of_words(1, [words[t] for t in texts])

        fields = {"category": Printed(passage("Piers,", "all"))}
        more = {
            "category": Printed(passage("Piers,", "all"), inherited=True),
            "name": Printed(passage("Deep", "pier", "1.3")[: len("Deep pier 1")]),
        }
        amounts = {"value": Printed(passage("1.3", "billion")[1:])}
        reading = SlideReading(
            1,
            "k",
            "t",
            (
                Record(1, "budget_items", 1, more),
                Record(0, "budget_categories", 1, fields),
                Record(2, "budget_amounts", 1, amounts),
            ),
            (Furniture(passage("lost"), "running line"), Furniture(passage("words")[:3], "half a word")),
        )
        return document, reading

    def test_each_word_goes_where_most_of_it_went(self, tmp_path: Path) -> None:
        """A table, furniture with its reason, or residue; a heading that rows inherit belongs to its own row."""
        document, reading = self.readings(tmp_path)
        found = word_fates(document, [reading])[1]
        fates = dict(zip(found.texts, zip(found.fates, found.reasons, strict=True), strict=True))
        assert fates == {
            "Piers,": ("budget_categories", ""),
            "all": ("budget_categories", ""),
            "Deep": ("budget_items", ""),
            "pier": ("budget_items", ""),
            # Of its three glyphs one went to the name and two to the amount.
            "1.3": ("budget_amounts", ""),
            "billion": ("budget_amounts", ""),
            "lost": (FURNITURE, "running line"),
            "words": (RESIDUE, ""),
        }

    def test_the_fates_add_up_to_the_account(self, tmp_path: Path) -> None:
        """What is counted is what is drawn: of the eight words six were used, one is furniture, one is left over."""
        document, reading = self.readings(tmp_path)
        counted = account(document.pages[0], reading, word_fates(document, [reading])[1])
        assert (counted.used, counted.furniture) == (6, 1)
        assert [word.text for word in counted.unaccounted] == ["words"]
        assert counted.reasons == ("half a word", "running line")

    def test_a_page_that_nothing_read_is_residue(self, tmp_path: Path) -> None:
        """Without a reading no word is accounted for."""
        document, _ = self.readings(tmp_path)
        assert set(word_fates(document, [])[1].fates) == {RESIDUE}


class TestPictures:
    """Pages as pictures."""

    @pytest.mark.parametrize("rotation", [0, 90, 180, 270])
    @pytest.mark.parametrize("cropped", [False, True])
    def test_words_stand_in_their_boxes(self, tmp_path: Path, rotation: int, *, cropped: bool) -> None:
        """The frame of the picture is that of the boxes, however the page is turned or cut: all ink is in some box."""
        path = draw_pdf(
            tmp_path / "small.pdf",
            rotation=rotation,
            **({"cropBox": (20, 30, WIDTH - 10, HEIGHT - 5)} if cropped else {}),
        )
        (page,) = read_document(path).pages
        (image,) = render_pages(path)
        assert (image.width, image.height) == pytest.approx((page.width, page.height), abs=0.01)
        picture = Image.open(io.BytesIO(image.data)).convert("L")
        scale = picture.width / image.width
        covered = Image.new("L", picture.size, 0)
        for word in page.words:
            edges = [round(v * scale) for v in (word.box.x0, word.box.top, word.box.x1, word.box.bottom)]
            assert min(picture.crop((edges[0], edges[1], edges[2], edges[3])).get_flattened_data()) < 100, word.text
            ImageDraw.Draw(covered).rectangle((edges[0] - 2, edges[1] - 2, edges[2] + 2, edges[3] + 2), fill=255)
        outside = [p for p, c in zip(picture.get_flattened_data(), covered.get_flattened_data(), strict=True) if not c]
        assert min(outside) > 200

    def test_the_same_file_gives_the_same_pictures(self, tmp_path: Path) -> None:
        """Pictures are part of a file that must not change from run to run."""
        path = draw_pdf(tmp_path / "small.pdf", pages=2)
        assert render_pages(path) == render_pages(path)

    @pytest.mark.parametrize(
        ("patches", "kind", "shades"),
        [(1, "image/png", 1), (12, "image/png", 16)],
        ids=["few colours", "colours merged into a palette"],
    )
    def test_a_picture_has_the_colours_of_the_page(self, tmp_path: Path, patches: int, kind: str, shades: int) -> None:
        """No pixel differs by as many shades as are merged, and the commonest colours not at all."""
        path = tmp_path / "coloured.pdf"
        drawing = Canvas(str(path), pagesize=(WIDTH, HEIGHT), invariant=True)
        for n in range(patches):
            drawing.setFillColorRGB(*((n * step % 251) / 251 for step in (7, 59, 101)))
            drawing.drawString(5 + n % 30 * 15.3, 5 + n // 30 * 9.7, "8")
        drawing.save()
        with pypdfium2.PdfDocument(path) as document:
            drawn = document[0].render(scale=LONGER_SIDE / WIDTH, optimize_mode=None).to_pil().convert("RGB")
        (image,) = render_pages(path)
        shown = Image.open(io.BytesIO(image.data)).convert("RGB")
        furthest = max(high for _, high in ImageChops.difference(drawn, shown).getextrema())
        assert image.media_type == kind
        assert furthest < shades
        assert (furthest > 0) == (patches > 1)
        _, commonest = max(drawn.getcolors(drawn.width * drawn.height))
        pairs = zip(drawn.get_flattened_data(), shown.get_flattened_data(), strict=True)
        assert {now for was, now in pairs if was == commonest} == {commonest}

    def test_a_photograph_is_small(self, tmp_path: Path) -> None:
        """A page of more colours than drawings have is compressed as a photograph is."""
        noise = Image.effect_noise((300, 200), 60).resize((1200, 800), Image.Resampling.BICUBIC)
        noise = Image.merge("RGB", (noise, noise.rotate(90), noise.rotate(180)))
        noise.save(tmp_path / "photo.png")
        path = tmp_path / "photo.pdf"
        drawing = Canvas(str(path), pagesize=(WIDTH, HEIGHT), invariant=True)
        drawing.drawImage(str(tmp_path / "photo.png"), 0, 0, WIDTH, HEIGHT)
        drawing.save()
        (image,) = render_pages(path)
        assert image.media_type == "image/jpeg"
        assert len(image.data) < (tmp_path / "photo.png").stat().st_size / 2

    def test_what_cannot_be_drawn_says_why(self, tmp_path: Path) -> None:
        """A missing, damaged or protected file gives the error that reading it gives; the password opens it."""
        with pytest.raises(SourceNotFoundError):
            render_pages(tmp_path / "none.pdf")
        broken = tmp_path / "broken.pdf"
        broken.write_bytes(b"%PDF-1.7\nnothing")
        with pytest.raises(DamagedPdfError, match=r"broken\.pdf"):
            render_pages(broken)
        key = "sesame"
        locked = draw_pdf(tmp_path / "locked.pdf", encrypt=key)
        with pytest.raises(EncryptedPdfError, match="protected"):
            render_pages(locked)
        assert len(render_pages(locked, password=key)) == 1


class TestFigures:
    """Money, bars and scales."""

    @pytest.mark.parametrize(
        ("value", "text"),
        [
            ("1300000000", "USD 1.3 billion"),
            ("999999", "USD 999,999"),
            ("18300000", "USD 18.3 million"),
            ("-2000000000000", "USD -2 trillion"),
            ("0.50", "USD 0.5"),
            ("0", "USD 0"),
            ("1234567890123456789.0001", "USD 1,234,567.8901234567890001 trillion"),
        ],
    )
    def test_short_money_is_exact(self, value: str, text: str) -> None:
        """A short figure has every digit of the value and nothing more."""
        assert short_money(Decimal(value), "USD") == text

    def test_a_range_says_which_end_is_open(self) -> None:
        """None is no bound, not zero."""
        assert short_range(Decimal(950), Decimal(1050)) == "950 to 1,050"
        assert short_range(Decimal(2), None, "USD") == "USD 2 or more"
        assert short_range(None, Decimal(2), "USD") == "USD 2 or less"
        assert short_range(None, None) == ""

    @pytest.mark.parametrize("largest", ["0", "0.0007", "1", "1.9", "9.99", "1900000000", "2000000000"])
    def test_a_scale_reaches_its_largest_value(self, largest: str) -> None:
        """A scale starts at 0, has even steps, and reaches the largest value by less than one step more."""
        ticks = scale_ticks(Decimal(largest))
        steps = {b - a for a, b in itertools.pairwise(ticks)}
        assert ticks[0] == 0
        assert len(steps) == 1
        assert ticks[-1] >= Decimal(largest)
        assert len(ticks) <= 7

    def test_bars_draw_each_sum_of_money_once(self) -> None:
        """A part of another amount is counted and not drawn; shared amounts and those of sub-items count once."""
        items: list[Row] = [
            {"item_id": name, "category_id": "piers", "group": "Deep", "parent_item_id": parent, "name": name}
            for name, parent in (("a", None), ("a1", "a"), ("b", None), ("c", None), ("d", None))
        ]
        amounts = [
            amount("category", "piers", "initial", "20", "0.5", "20"),
            amount("item", "a", "initial", "8", "0.5", "8"),
            amount("item", "a1", "initial", "3", "0.5", "3"),
            amount("item", "a1", "supplementary", "2", "0.5", "2"),
            amount("item", "b", "initial", "4", "0.5", "4", shared_amount_id="s"),
            amount("item", "c", "initial", "4", "0.5", "4", shared_amount_id="s"),
            amount("item", "d", "initial", "900", "0.5", "a part of 900", is_part_of=True),
        ]
        index = index_rows(small_edition(budget_items=items, budget_amounts=amounts), SCHEMAS)
        (card,) = budget_bars(index)
        groups: Any = card["groups"]
        assert [
            (bar["budget"], bar["text"], bar["parts"], [p["length"] for p in bar["pieces"]])
            for bar in groups[0]["bars"]
        ] == [
            # 8 of a (its sub-item's 3 are in it) and 4 of b and c together; d is a part of 900.
            ("Initial FY3025", "USD 12", 1, [66.667, 33.333]),
            # a has no supplementary amount of its own, so that of its sub-item counts.
            ("Supplementary FY3025", "USD 2", 0, [16.667]),
        ]

    def test_the_trend_is_drawn_to_scale(self) -> None:
        """A column a year, its budgets on a scale that the highest column (1.9) fits: 2, in steps of 0.5."""
        points = [
            {
                **small_edition().tables["budget_trend"][0],
                "fiscal_year": year,
                "budget": budget,
                "value": Decimal(value),
            }
            for year, budget, value in (
                (3024, "initial", "0.8"),
                (3024, "supplementary", "1.1"),
                (3025, "initial", "1.3"),
            )
        ]
        points[2]["bar_value"] = None
        points[1]["bar_value"] = Decimal("1.2")
        (chart,) = trend_columns(index_rows(small_edition(budget_trend=points), SCHEMAS))
        columns: Any = chart["columns"]
        assert [[p["length"] for p in c["pieces"]] for c in columns] == [[40, 55], [65]]
        # A bar drawn higher than its label says shows so; one that was not measured has no mark.
        assert [p["measured"] for c in columns for p in c["pieces"]][1:] == [60, None]

    def test_an_open_end_stays_open(self) -> None:
        """Where the parts have no upper bound none is drawn."""
        drawing = interval_drawing(
            Check("c", "sum", "s", "undetermined", "m", stated=Decimal(4), lower=Decimal(1), upper=None)
        )
        assert drawing is not None
        assert drawing["upper"] is None
        assert 0 < float(str(drawing["lower"])) < float(str(drawing["stated"])) < 100


def rectangle(node: Any) -> Box:
    """Where an element is on the screen."""
    at = node.evaluate("n => { const r = n.getBoundingClientRect(); return [r.left, r.top, r.right, r.bottom]; }")
    return Box(*at)


def on_page(node: Any, picture: Any, width: float, height: float) -> Box:
    """Where an element is on the page of that size that `picture` shows, in points."""
    box, frame = rectangle(node), rectangle(picture)
    x, y = width / frame.width, height / frame.height
    return Box(
        (box.x0 - frame.x0) * x, (box.top - frame.top) * y, (box.x1 - frame.x0) * x, (box.bottom - frame.top) * y
    )


def boxes_of(rows: Sequence[Row], table: str, key: str, field: str) -> list[Box]:
    """Give the boxes of one value's evidence."""
    found = [r for r in rows if (r["table"], r["key"], r["field"]) == (table, key, field)]
    return [Box(*(float(str(r[c])) for c in ("x0", "top", "x1", "bottom"))) for r in found]


class TestInTheBrowser:
    """What a reviewer sees and does."""

    def test_it_neither_complains_nor_asks_for_anything(self, browser: Any, small_page: Path) -> None:
        """No error or warning on the console and no request, through all that can be pressed."""
        with chromium.visit(browser, small_page) as seen:
            seen.page.locator("tr.line .piece").first.click()
            seen.page.locator("tr.check button").first.click()
            seen.page.locator(".legend button").first.click()
            seen.page.click("#switch")
            assert seen.complaints == []
            assert seen.requests == []

    def test_pressing_a_row_marks_its_words_on_the_page(self, browser: Any, small_page: Path) -> None:
        """The mark covers the evidence of the value and no more, in the frame of the picture."""
        with chromium.visit(browser, small_page) as seen:
            seen.page.locator("tr.line .piece", has_text="pier”").first.click()
            mark = on_page(seen.page.locator(".mark.value"), seen.page.locator(".sheet img"), WIDTH, HEIGHT)
            assert mark.contains(box_of(*TEXTS[1]), slack=1)
            assert box_of(*TEXTS[1]).contains(mark, slack=1)
            seen.page.keyboard.press("Escape")
            seen.page.mouse.move(0, 0)
            assert seen.page.locator(".mark").count() == 0

    def test_pressing_a_word_marks_its_row(self, browser: Any, small_page: Path) -> None:
        """From the page to the table: the value that was read from the word is marked and shown in full."""
        with chromium.visit(browser, small_page) as seen:
            seen.page.locator('rect.word[data-word="2"]').click()
            assert seen.page.locator(".piece.chosen").all_inner_texts() == ["0.5"]
            assert "pier" in seen.page.locator("tr.marked").first.inner_text()
            assert "“1.3 billion” (page 1)" in seen.page.locator(".inspector").inner_text()
            assert "Budget amounts" in seen.page.locator(".caption").inner_text()

    def test_the_switch_shows_what_is_left(self, browser: Any, tmp_path: Path, pictures: tuple[PageImage, ...]) -> None:
        """Nothing where all went somewhere; the words themselves, and no others, where some did not."""
        box = box_of(*TEXTS[3])
        lost: Row = {"page": 1, "text": TEXTS[3][0]}
        lost |= {n: Decimal(str(round(getattr(box, n), 2))) for n in ("x0", "top", "x1", "bottom")}
        for residue, fates, visible in (([], small_words(), 0), ([lost], small_words(RESIDUE), 1)):
            path = tmp_path / "report.html"
            path.write_bytes(report_html(small_edition(residue=residue), pictures, fates, SCHEMAS))
            with chromium.visit(browser, path) as seen:
                seen.page.get_by_role("switch").click()
                assert seen.page.locator(".residue li:visible").all_inner_texts() == [TEXTS[3][0]] * visible
                assert seen.page.locator("rect.word:visible").count() == visible
                assert seen.page.get_by_text("Nothing is left over").is_visible() == (not visible)
                assert seen.page.locator(".tables:visible").count() == 0

    def test_markup_in_a_deck_is_text(self, browser: Any, tmp_path: Path, pictures: tuple[PageImage, ...]) -> None:
        """A deck that says `<script>` is shown saying so, and runs nothing."""
        item = {**small_edition().tables["budget_items"][0], "name": EVIL}
        tables = {**small_edition(budget_items=[item]).tables}
        check = Check("c", "sum", EVIL, "inconsistent", EVIL, rows=(Place("budget_items", "piers/deep", EVIL),))
        path = tmp_path / "report.html"
        path.write_bytes(report_html(Edition("d", "e", EVIL, tables, (check,)), pictures, small_words(), SCHEMAS))
        with chromium.visit(browser, path) as seen:
            seen.page.locator("tr.line .piece", has_text="<script>").first.click()
            assert seen.page.locator("h1").text_content() == EVIL
            assert seen.page.locator(".piece.chosen").first.text_content() == EVIL
            assert "owned" not in seen.page.evaluate("document.title.split('</script>')[0]")
            assert seen.page.locator("img:not(.sheet img)").count() == 0
            assert seen.complaints == []

    def test_the_keyboard_reaches_every_value(self, browser: Any, small_page: Path) -> None:
        """Arrow keys go through a table and through the values of a page; Enter keeps a mark, Escape lets go."""
        with chromium.visit(browser, small_page) as seen:
            grid = seen.page.get_by_role("grid", name="Budget categories")
            grid.scroll_into_view_if_needed()
            grid.locator('[tabindex="0"]').focus()
            seen.page.keyboard.press("ArrowRight")
            assert seen.page.evaluate("document.activeElement.textContent") == "1.3 billion"
            seen.page.keyboard.press("Enter")
            assert "category/piers" not in seen.page.locator(".caption").inner_text()
            assert seen.page.locator(".inspector:visible").inner_text().startswith("Budget amounts: Piers, all")
            seen.page.keyboard.press("Escape")
            assert seen.page.locator(".inspector:visible").count() == 0
            seen.page.locator(".viewport").focus()
            seen.page.keyboard.press("ArrowDown")
            seen.page.keyboard.press("ArrowDown")
            assert seen.page.locator(".mark.value").get_attribute("data-field") == "name"

    def test_a_check_leads_to_its_rows(self, browser: Any, small_page: Path) -> None:
        """Each check opens, and a row that it names is one press away."""
        with chromium.visit(browser, small_page) as seen:
            seen.page.get_by_role("button", name="Draft budget").click()
            link = seen.page.locator("tr.more:visible .places .link").first
            link.click()
            assert seen.page.locator(".piece.chosen").first.is_visible()

    def test_checks_without_a_figure_are_told_in_words(
        self, browser: Any, tmp_path: Path, pictures: tuple[PageImage, ...]
    ) -> None:
        """What is open stands first, says what it is about and leads there; where very much is open the rest waits."""
        made = tuple(
            Check(
                f"c{n}",
                "drift",
                f"subject {n}",
                verdict,
                f"Page 1 drifted {n} times.",
                rows=(Place("slides", "1", ""),),
            )
            for n, verdict in enumerate(["consistent", *["undetermined"] * 20, "inconsistent"])
        )
        edition = Edition("d", "e", "Title", small_edition().tables, made)
        path = tmp_path / "report.html"
        path.write_bytes(report_html(edition, pictures, small_words(), SCHEMAS))
        with chromium.visit(browser, path) as seen:
            shown = seen.page.locator("tr.check:visible")
            assert "Page 1 drifted 21 times." in shown.first.inner_text()
            assert shown.first.get_by_role("link").get_attribute("href") == "#page-1"
            few = shown.count()
            seen.page.get_by_role("button", name="Show").click()
            assert few < shown.count() == 21
            assert seen.complaints == []

    def test_rows_without_a_page_have_a_table(self, browser: Any, small_page: Path) -> None:
        """What stands for the whole deck, such as the bodies, is shown as the rows of a page are."""
        with chromium.visit(browser, small_page) as seen:
            assert seen.page.locator("#loose tr.line", has_text="Ministry of Piers").count() > 0
            assert "[object" not in seen.page.locator("body").inner_text()

    def test_the_words_of_a_row_are_shown_enlarged(self, browser: Any, small_page: Path) -> None:
        """What was selected is cut out of the picture, with its ink, so that small print can be read."""
        with chromium.visit(browser, small_page) as seen:
            seen.page.locator("tr.line .piece", has_text="pier”").first.click()
            cut = seen.page.get_by_role("img", name="enlarged")
            seen.page.wait_for_function("document.querySelector('.cut').style.width !== ''")
            pixels = "c.getContext('2d').getImageData(0, 0, c.width, c.height).data"
            ink = cut.evaluate(f"c => {pixels}.reduce((a, b, i) => (i % 4 < 3 ? Math.min(a, b) : a))")
            assert ink < 100
            box = cut.bounding_box()
            assert box["width"] > 1.2 * stringWidth(TEXTS[1][0], "Helvetica", SIZE)

    @pytest.mark.parametrize("width", [1440, 768, 390, 320])
    def test_nothing_is_wider_than_the_window(self, browser: Any, small_page: Path, width: int) -> None:
        """From a desk's screen to a phone's the page scrolls up and down only."""
        with chromium.visit(browser, small_page, width=width, height=800) as seen:
            seen.page.locator("tr.line .piece").first.click()
            assert seen.page.evaluate("document.documentElement.scrollWidth") <= width

    def test_pages_are_built_when_they_come_near(
        self, browser: Any, tmp_path: Path, pictures: tuple[PageImage, ...]
    ) -> None:
        """Of sixty pages most wait; one that is gone to stands at the top; printing builds all of them."""
        many = [PageImage(n, WIDTH, HEIGHT, pictures[0].media_type, pictures[0].data) for n in range(1, 61)]
        path = tmp_path / "report.html"
        path.write_bytes(report_html(small_edition(), many, {}, SCHEMAS))
        with chromium.visit(browser, path) as seen:
            assert seen.page.locator(".sheet").count() < 10
            seen.page.locator('#jumps a[href="#page-40"]').click()
            seen.page.wait_for_timeout(300)
            assert seen.page.locator("#page-40 .sheet").count() == 1
            assert 0 <= rectangle(seen.page.locator("#page-40")).top < 120
            assert seen.page.locator(".sheet").count() < 20
            seen.page.pdf()
            assert seen.page.locator(".sheet").count() == 60


class TestFacsimile:
    """The page that a run writes beside the tables of the 2025 deck."""

    def test_it_is_small_enough_to_send(self, editions: Editions) -> None:
        """The page of the 2025 edition stays below its limit."""
        assert (editions.path("2025") / "report.html").stat().st_size < LIMIT

    def test_the_row_of_a_programme_marks_its_words(self, browser: Any, editions: Editions) -> None:
        """Pressing the row of the AIP marks a box over these words on the slide, as the table of evidence has it."""
        name = "AIP: Advanced Integrated Intelligence Platform"
        tables = read_rows(editions.path("2025"))
        key = next(str(r["item_id"]) for r in tables["budget_items"] if r["name"] == name)
        (expected,) = boxes_of(tables["evidence"], "budget_items", key, "name")
        slide = read_document(DECKS["2025"][0]).pages[3]
        with chromium.visit(browser, editions.path("2025") / "report.html") as seen:
            # The page glides where the jump leads; a click meanwhile would meet another row.
            seen.page.emulate_media(reduced_motion="reduce")
            seen.page.evaluate("Promise.all([...document.images].map(picture => picture.decode()))")
            seen.page.locator('#jumps a[href="#page-4"]').click()
            seen.page.wait_for_function(
                "() => new Promise(done => { const y = scrollY; setTimeout(() => done(y > 0 && scrollY === y), 300) })"
            )
            seen.page.locator("#page-4 tr.line .piece", has_text=name).click()
            picture = seen.page.locator("#page-4 .sheet img")
            mark = on_page(seen.page.locator(".mark.value"), picture, slide.width, slide.height)
            assert mark.contains(expected, slack=1)
            assert expected.contains(mark, slack=1)
            assert seen.complaints == []

    def test_its_residue_is_empty(self, browser: Any, editions: Editions) -> None:
        """The switch shows that nothing is left, on each of the five slides."""
        with chromium.visit(browser, editions.path("2025") / "report.html") as seen:
            seen.page.get_by_role("switch").click()
            assert seen.page.get_by_text("Nothing is left over").count() == 5
            assert seen.page.locator("rect.word:visible, .residue li").count() == 0
