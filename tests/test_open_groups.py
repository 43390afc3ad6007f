"""A group that stands apart in the second column: whose is it? The earlier edition and the totals may say, a guess may not."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import pytest
from reportlab.lib.colors import black, white
from reportlab.pdfgen.canvas import Canvas

from pipeline.run import Options, Workshop, read_edition

if TYPE_CHECKING:
    from pathlib import Path

    from pipeline.model import Edition

_TITLE = "Major AI-related Budgets"
_HEADING = "Draft budget for FY2031 : USD 0.3 billion"


def _slide(first: str, second: str, open_amount: str) -> bytes:
    """Two columns without frames; the third group stands far below the second, beside no header of its own."""
    out = io.BytesIO()
    page = Canvas(out, pagesize=(720, 405), invariant=1)
    page.setFont("Helvetica-Bold", 20)
    page.drawString(30, 370, _TITLE)
    page.setFont("Helvetica-Bold", 11)
    page.drawString(30, 345, _HEADING)
    _header(page, 30, 320, "Open Data", first)
    _group(page, 30, 302, "Maps", (("Map of rivers", "10 million dollar"), ("Map of roads", "20 million dollar")))
    _group(page, 30, 254, "Texts", (("Old texts", "10 million dollar"), ("New texts", "20 million dollar")))
    _header(page, 380, 320, "Open Models", second)
    _group(
        page,
        380,
        302,
        "Speech",
        (("Speech of the north", "1.0 million dollar"), ("Speech of the south", "1.0 million dollar")),
    )
    _group(
        page, 380, 254, "Vision", (("Vision of night", "1.0 million dollar"), ("Vision of day", "1.0 million dollar"))
    )
    _group(
        page, 380, 206, "Signals", (("Signals at sea", "1.0 million dollar"), ("Signals on land", "1.0 million dollar"))
    )
    _group(page, 380, 110, "Letters", (("Letters of merchants", open_amount), ("Letters of monks", open_amount)))
    page.save()
    return out.getvalue()


def _header(page: Canvas, x: float, y: float, name: str, amount: str) -> None:
    page.setFillColor(black)
    page.rect(x, y - 4, 310, 15, stroke=0, fill=1)
    page.setFillColor(white)
    page.setFont("Helvetica-Bold", 10)
    page.drawString(x + 4, y, name)
    page.drawRightString(x + 306, y, amount)
    page.setFillColor(black)


def _group(page: Canvas, x: float, y: float, name: str, items: tuple[tuple[str, str], ...]) -> None:
    page.setFont("Helvetica-Bold", 9)
    page.drawString(x, y, name)
    page.setFont("Helvetica", 8)
    for i, (item, amount) in enumerate(items, start=1):
        page.drawString(x + 4, y - 12 * i, "-")
        page.drawString(x + 14, y - 12 * i, item)
        page.drawRightString(x + 306, y - 12 * i, amount)


def _read(pdf: bytes, folder: Path) -> Edition:
    path = folder / "slide.pdf"
    path.write_bytes(pdf)
    options = Options(out=folder / "extracted", sources=folder, edition="2031", deck="japan-ai-policy")
    return read_edition(path, Workshop(options)).edition


def _category_of(edition: Edition, name: str) -> object:
    return next(row["category"] for row in edition.tables["budget_items"] if row["name"] == name)


def _verdict(edition: Edition) -> tuple[str, str]:
    check = next(c for c in edition.checks if c.kind == "category" and c.subject == "Letters")
    return check.verdict, check.message


@pytest.mark.parametrize("name", ["Letters of merchants", "Letters of monks"])
def test_the_totals_decide_and_say_so(name: str, tmp_path: Path) -> None:
    """Of two categories the one whose total the items exceed is out, and the check names the totals as the reason."""
    edition = _read(_slide("300 million dollar", "7.0 million dollar", "50 million dollar"), tmp_path)
    assert _category_of(edition, name) == "Open Data"
    verdict, message = _verdict(edition)
    assert verdict == "consistent"
    assert "do the items not exceed" in message


def test_the_evidence_of_a_settled_category_is_its_own_heading(tmp_path: Path) -> None:
    """The value and the words it points at stay the same after a group was given to another category."""
    edition = _read(_slide("300 million dollar", "7.0 million dollar", "50 million dollar"), tmp_path)
    printed = {
        row["printed"]
        for row in edition.tables["evidence"]
        if row["field"] == "category" and "letters-of" in str(row["key"])
    }
    assert printed == {"Open Data"}


def test_where_nothing_decides_the_group_stays_open(tmp_path: Path) -> None:
    """Items that fit into both categories are given to none, and the verdict is undetermined: no silent guess."""
    edition = _read(_slide("300 million dollar", "200 million dollar", "50 million dollar"), tmp_path)
    assert _category_of(edition, "Letters of monks") is None
    assert _verdict(edition)[0] == "undetermined"


def test_groups_at_the_usual_distance_are_not_asked_about(tmp_path: Path) -> None:
    """A group under its neighbour belongs to the category above it; only the one that stands apart is open."""
    edition = _read(_slide("300 million dollar", "7.0 million dollar", "50 million dollar"), tmp_path)
    assert [c.subject for c in edition.checks if c.kind == "category"] == ["Letters"]
    assert _category_of(edition, "Signals at sea") == "Open Models"
