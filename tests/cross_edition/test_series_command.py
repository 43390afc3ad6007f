"""`policydeck series` and `pipeline.series` over decks as they were extracted from their PDFs."""

from __future__ import annotations

import csv
import io
import json
import shutil
from decimal import Decimal
from fractions import Fraction
from html.parser import HTMLParser
from typing import TYPE_CHECKING, Any

import pytest
from stating_editions import dollars, stating

import pipeline
from pipeline.cross_edition import FORMATS, render, series_of
from pipeline.cross_edition.rendering.csv_rows import COLUMNS
from pipeline.run import Options, run
from tests.at_hand import PROJECT, SHARED
from tests.deck_generator import JAPANESE_PRESETS, japanese_font_available, make_budget_slide_ja

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.at_hand import Called, Editions

DECK = "japan-ai-policy"
OFFICIAL = SHARED / "realdocs" / "cao-ai-budget-fy2025-supplementary-ja.pdf"
SCHEMA = PROJECT / "schemas" / "series.schema.json"
SEED_OF_FY2026 = 5
"""Gives a fictional Japanese slide that states the supplementary budgets of FY2026 and FY2025, as the samples do."""


@pytest.fixture
def root(editions: Editions, tmp_path: Path) -> Path:
    """A folder `extracted/` with the three English decks at hand; its parent is the working folder."""
    for name in ("2025", "2026", "2027"):
        shutil.copytree(editions.path(name), tmp_path / "extracted" / DECK / name)
    return tmp_path / "extracted"


@pytest.fixture(scope="module")
def japanese(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A fictional Japanese slide, extracted: its edition's folder."""
    if not japanese_font_available():
        pytest.skip("needs a Japanese font (Debian: fonts-ipafont-gothic)")
    folder = tmp_path_factory.mktemp("japanese")
    pdf, truth = make_budget_slide_ja(SEED_OF_FY2026, JAPANESE_PRESETS["ja-areas"])
    assert truth["edition"] == "fy2026-supplementary"
    (folder / "slide.pdf").write_bytes(pdf)
    (result,) = run([folder / "slide.pdf"], Options(out=folder / "extracted", sources=folder))
    assert result.path is not None, result.error
    return result.path


def _json(called: Called) -> dict[str, Any]:
    jsonschema = pytest.importorskip("jsonschema")
    document = json.loads(called.out)
    schema = json.loads(SCHEMA.read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator.check_schema(schema)
    jsonschema.validate(document, schema)
    return dict(document)


def test_every_statement_of_every_edition_stands_beside_the_others(
    root: Path, policydeck: Callable[..., Called]
) -> None:
    """What the slides print for FY2025's initial budget: a draft of 1.3 in 2025, then 1.2, each with its place."""
    (figure,) = _json(policydeck("series", "--figure", "2025-initial", "--format", "json"))["figures"]
    stated = [(s["edition"], s["table"], s["value"], s["stage"], s["page"]) for s in figure["statements"]]
    assert stated == [
        ("2025", "stated_figures", "1300000000", "draft", 4),
        ("2025", "stated_figures", "1300000000", "draft", 5),
        ("2025", "budget_trend", "1300000000", "", 5),
        ("2026", "stated_figures", "1200000000", "", 5),
        ("2026", "budget_trend", "1200000000", "", 5),
        ("2027", "budget_trend", "1200000000", "", 2),
    ]
    first = figure["statements"][0]
    assert first["boxes"] == [{"page": 4, "x0": 274.81, "top": 47.91, "x1": 358.83, "bottom": 59.9}]
    assert (first["printed"], first["lower"], first["upper"]) == ("USD 1.3 billion", "1250000000", "1350000000")
    around = figure["statements"][1]
    assert around["admits"] == {"lower": "1200000000", "upper": "1400000000"}, "around USD 1.3 billion says less"


def test_the_samples_are_found_to_revise_and_to_contradict(root: Path, policydeck: Callable[..., Called]) -> None:
    """A draft of 0.6 that became 1.3 is open; a supplementary budget of 1.1 that became 0.4 and 0.5 is wrong: exit 1."""
    called = policydeck("series", "--format", "json")
    verdicts = {c["subject"]: c["verdict"] for c in _json(called)["checks"]}
    assert called.code == 1
    assert verdicts == {
        "FY2023 initial in USD": "inconsistent",
        "FY2023 supplementary in USD": "inconsistent",
        "FY2024 initial in USD": "inconsistent",
        "FY2024 supplementary in USD": "inconsistent",
        "FY2025 initial in USD": "consistent",
        "FY2025 supplementary in USD": "inconsistent",
        "FY2026 initial in USD": "undetermined",
    }
    assert policydeck("series", "--figure", "2025-initial").code == 0
    assert policydeck("series", "--figure", "2026-initial").code == 0, "revised is not wrong"
    assert policydeck("series", "--figure", "2024-initial").code == 1


def test_a_japanese_slide_and_an_english_one_imply_a_rate(
    japanese: Path, root: Path, policydeck: Callable[..., Called]
) -> None:
    """The rate is that of the printed amounts; the fictional decks were exchanged at no one rate, which is found."""
    shutil.copytree(japanese, root / japanese.parent.name / japanese.name)
    called = policydeck("series", "--format", "json")
    document = _json(called)
    figures = {f["figure"]: f for f in document["figures"]}
    (rate,) = figures["2026-supplementary"]["implied_rates"]
    assert (rate["unit"], [e["edition"] for e in rate["converted"]]) == ("JPY per USD", ["2027"])
    yen = next(s for s in figures["2026-supplementary"]["statements"] if s["currency"] == "JPY")
    exact = Fraction(yen["lower"]) / Fraction("350000000"), Fraction(yen["upper"]) / Fraction("250000000")
    assert Fraction(rate["lower"]) <= exact[0] < Fraction(rate["lower"]) * Fraction("1.0000001")
    assert Fraction(rate["upper"]) >= exact[1] > Fraction(rate["upper"]) * Fraction("0.9999999")
    verdicts = {c["check_id"]: c["verdict"] for c in document["checks"]}
    assert verdicts[f"cross_edition/common-rate/{DECK}/2027/JPY-per-USD"] == "inconsistent"
    assert verdicts[f"cross_edition/common-rate/{DECK}/2026/JPY-per-USD"] == "undetermined"


@pytest.mark.skipif(not OFFICIAL.is_file(), reason="the official slide is not redistributed and not beside the project")
def test_the_official_slide_checks_the_english_one(
    editions: Editions, tmp_path: Path, policydeck: Callable[..., Called]
) -> None:
    """令和6年度補正 1,653億円 is the English deck's USD 1.1 billion, at 143.69 to 157.48 yen a dollar."""
    shutil.copytree(editions.path("2025"), tmp_path / "extracted" / DECK / "2025")
    run([OFFICIAL], Options(out=tmp_path / "extracted", sources=tmp_path))
    called = policydeck("series", "--figure", "2024-supplementary")
    assert (called.code, called.err) == (0, "")
    assert "JPY 165.3 billion" in called.out
    assert "143.69 to 157.48 JPY per USD" in called.out
    (figure,) = _json(policydeck("series", "--figure", "2024-supplementary", "--format", "json"))["figures"]
    assert [s["printed"] for s in figure["statements"]] == ["1,653億円", "USD 1.1 billion", "1.1"]


def test_the_python_verb_gives_what_the_command_shows(root: Path, policydeck: Callable[..., Called]) -> None:
    """`pipeline.series` is the command's verb: the same figures, checks and errors."""
    found = pipeline.series(str(root), "FY2024 supplementary")
    assert render(found, "json") == policydeck("series", "--figure", "2024-supplementary", "--format", "json").out
    assert found.figures[0].by_edition[0].statements[0].figure.value == Decimal("1.1") * 10**9
    with pytest.raises(LookupError, match="2031"):
        pipeline.series(root, "2031-initial")


@pytest.mark.parametrize("format_", FORMATS)
def test_each_format_holds_every_statement_and_goes_to_standard_output(
    format_: str, root: Path, policydeck: Callable[..., Called]
) -> None:
    """Nothing is lost on the way to any format; the same editions give the same text again."""
    called = policydeck("series", "--format", format_)
    assert (called.code, called.err) == (1, "")
    assert policydeck("series", "--format", format_).out == called.out
    statements = [s for f in pipeline.series(root).figures for side in f.by_edition for s in side.statements]
    assert len(statements) == 33
    tables = sum(called.out.replace("\\", "").count(name) for name in ("stated_figures", "budget_trend"))
    assert tables >= len(statements)
    assert "inconsistent" in called.out


def test_the_csv_has_a_row_a_statement_with_its_box(root: Path, policydeck: Callable[..., Called]) -> None:
    """Each row has all columns; a statement has value, interval, page and box, a check its verdict."""
    rows = list(csv.DictReader(io.StringIO(policydeck("series", "--figure", "2024-initial", "--format", "csv").out)))
    assert tuple(rows[0]) == COLUMNS
    assert [(r["row"], r["edition"], r["value"], r["page"]) for r in rows] == [
        ("statement", "2025", "800000000", "5"),
        ("statement", "2025", "800000000", "5"),
        ("statement", "2026", "500000000", "5"),
        ("statement", "2027", "800000000", "2"),
        ("check", "", "800000000", ""),
    ]
    assert [rows[0][side] for side in ("x0", "top", "x1", "bottom")] == ["176.08", "75.8", "316.38", "89.8"]
    assert rows[-1]["verdict"] == "inconsistent"


def test_the_terminal_keeps_to_its_width(root: Path) -> None:
    """No line is wider than the console, no escape code stands in it unless colour is asked for."""
    found = pipeline.series(root)
    for width in (60, 80, 110, 160):
        text = render(found, "table", console_width=width)
        assert max(map(len, text.splitlines())) <= width
        assert "\x1b" not in text
        assert text.count("draft") >= 6, "no column is squeezed away"
        assert "japan-ai-policy/2027" in text, "an edition's name is not folded"
    assert "\x1b[" in render(found, "table", colour=True)


class _Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tracks: list[tuple[float, float]] = []
        self.tentative = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag != "script"
        found = dict(attrs)
        if tag == "rect":
            self.tracks.append((float(found["x"] or ""), float(found["width"] or "")))
            self.tentative += "tentative" in (found["class"] or "")
        elif tag not in ("meta", "path"):
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag not in ("rect", "path"):
            assert self.open.pop() == tag


def test_the_web_page_draws_each_statement_on_one_scale(root: Path) -> None:
    """0.8 (around), 0.8, 0.5 and 0.8 billion from nothing to 0.9: bars where the amounts are; a draft is hollow."""
    page = _Tags()
    page.feed(render(pipeline.series(root, "2024-initial"), "html"))
    assert page.open == []
    assert page.tracks == [
        pytest.approx((7 / 9 * 100, 2 / 9 * 100), abs=0.01),
        pytest.approx((7.5 / 9 * 100, 1 / 9 * 100), abs=0.01),
        pytest.approx((4.5 / 9 * 100, 1 / 9 * 100), abs=0.01),
        pytest.approx((7.5 / 9 * 100, 1 / 9 * 100), abs=0.01),
    ]
    assert page.tentative == 0
    drafts = _Tags()
    drafts.feed(render(pipeline.series(root, "2025-initial"), "html"))
    assert drafts.tentative == 3


def test_text_from_slides_makes_no_markup() -> None:
    """A label with a tag, a pipe or a formula is shown as it is, or escaped; it starts nothing."""
    hostile = "=cmd|'/c' <script>alert(1)</script> | *bold*"
    found = series_of([stating("en", "2025", dollars(None, "initial", "1.3", label=hostile))])
    page = _Tags()
    page.feed(render(found, "html"))
    assert "&lt;script&gt;" in render(found, "html")
    (row,) = [line for line in render(found, "markdown").splitlines() if "alert" in line]
    assert "<script>" not in row
    assert row.replace("\\|", "").count("|") == 7
    (statement,) = csv.DictReader(io.StringIO(render(found, "csv")))
    assert statement["label"] == hostile


@pytest.mark.parametrize(
    ("arguments", "code", "says"),
    [
        (["--figure", "2024-suplementary"], "PD021", "Did you mean 2024-supplementary?"),
        (["--figure", "2031-initial"], "PD021", "There are: 2022-initial, 2022-supplementary"),
        (["--root", "nowhere"], "PD010", "Run: policydeck run."),
        (["--format", "xml"], "--format xml", "choose from table, markdown, html, json, csv"),
    ],
)
def test_a_wrong_call_gives_one_clear_line(
    arguments: list[str], code: str, says: str, root: Path, policydeck: Callable[..., Called]
) -> None:
    """It exits with 2, says on standard error what is wrong and what to do, and prints no half table."""
    called = policydeck("series", *arguments)
    assert (called.code, called.out) == (2, "")
    assert called.err.startswith(code)
    assert says in called.err
    assert called.err.count("\n") == 1


def test_a_damaged_edition_is_refused_and_not_left_out(root: Path, policydeck: Callable[..., Called]) -> None:
    """A table with other bytes than were written makes no series without it."""
    table = root / DECK / "2026" / "data" / "stated_figures.csv"
    table.write_bytes(table.read_bytes().replace(b"0.3 billion", b"0.4 billion"))
    called = policydeck("series")
    assert (called.code, called.out) == (2, "")
    assert called.err.startswith("PD012")
