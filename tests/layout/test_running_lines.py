"""What stands on every slide: a line that runs along, or the title of what goes on over several slides."""

from __future__ import annotations

from dataclasses import replace

from pipeline.layout.slide import RUNNING_LINE, read_slides
from pipeline.model import Document, Page
from tests.typed_pages import Typed, page_of


def _deck(top: Typed) -> Document:
    pages: list[Page] = []
    for number in range(1, 5):
        body = [Typed(20, 100 + 14 * n, f"line {n} of slide {number}, set in plain type") for n in range(6)]
        pages.append(replace(page_of([top, *body]), number=number))
    return Document("deck.pdf", "", tuple(pages), "", "", "")


def test_a_small_line_on_every_slide_runs_along() -> None:
    """It is none of the text."""
    slides = read_slides(_deck(Typed(20, 20, "Cabinet Office")))
    assert [[f.passage.text for f in s.furniture if f.reason == RUNNING_LINE] for s in slides] == [
        ["Cabinet Office"]
    ] * 4


def test_a_title_on_every_slide_stays() -> None:
    """Set larger than all else it is what the slides are called: one table goes on over all of them."""
    slides = read_slides(_deck(Typed(20, 20, "Major budgets", bold=True, size=20)))
    assert all(f.reason != RUNNING_LINE for s in slides for f in s.furniture)
    assert [s.candidates[0][0].text for s in slides] == ["Major budgets"] * 4
