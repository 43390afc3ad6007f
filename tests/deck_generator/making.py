"""From a seed and a style to the bytes of a deck and its truth."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from . import draw_bill, draw_budgets, draw_chart, draw_framework, draw_institute
from .content import DeckContent, budget_slide, truth
from .inventing import invent
from .pen import HYPHENATED, Pen
from .sheet import start_slide
from .styles import PAGES, Style, random_style, settled

if TYPE_CHECKING:
    from collections.abc import Iterator


def make_deck(seed: int, style: Style | None = None, language: str = "en") -> tuple[bytes, dict[str, Any]]:
    """Give the deck that `seed` gives, in `style` (the seed's own without one): the PDF's bytes and its truth.

    The same arguments give the same bytes. Raises ValueError for another language than `en` (Japanese slides come from
    `make_budget_slide_ja`), FontMissingError where a font is not on this machine, and DoesNotFitError for a style whose
    pages cannot hold the content.
    """
    if language != "en":
        raise ValueError(f"no decks in {language!r}; Japanese slides are made by make_budget_slide_ja")
    chosen = settled(style) if style else random_style(seed)
    content = invent(
        seed,
        pillars=chosen.pillars,
        other_wording=chosen.other_wording,
        extra="extra" in chosen.order,
        size=chosen.size,
    )
    return draw_deck(content, chosen), truth(content)


def draw_deck(content: DeckContent, style: Style) -> bytes:
    """Draw what `content` says in a settled style, the slides of `style.order`. Raises as `make_deck` does."""
    pen = Pen(
        *PAGES[style.page],
        family=style.family,
        leading=style.leading,
        hyphenate=style.hyphenation,
        break_compounds=style.break_compounds,
        ligatures=style.ligatures,
        breakable=_breakable(content),
    )
    pen.canvas.setTitle(content.titles["framework"])
    pen.canvas.setCreator("deck generator")
    for number, kind in enumerate(style.order, 1):
        title = content.extra.heading if kind == "extra" and content.extra else content.titles[kind]
        _draw(kind, start_slide(pen, style, title, number, len(style.order)), content)
        pen.canvas.showPage()
    return pen.finish()


def _draw(kind: str, sheet: Any, content: DeckContent) -> None:
    drawers = {
        "framework": draw_framework.draw,
        "bill": draw_bill.draw,
        "institute": draw_institute.draw,
        "budgets": lambda on, said: draw_budgets.draw(on, budget_slide(said)),
        "trends": draw_chart.draw,
    }
    if kind == "extra" and content.extra:
        draw_institute.draw_prose(sheet, content.extra)
    else:
        drawers[kind](sheet, content)


def _texts(content: DeckContent) -> Iterator[str]:
    for category in content.categories:
        for group in category.groups:
            for item in group.items:
                yield item.name
    yield from (m.text for pillar in content.pillars for group in pillar.groups for m in group.measures)
    yield from content.institute
    yield from (text for row in content.bill_rows for text in row.provisions)
    yield from content.notes


def _breakable(content: DeckContent) -> dict[str, str]:
    """For each word that may be hyphenated the one text in which it may be.

    Only words that stand elsewhere in the deck too, unbroken: so whoever reads it can tell a hyphenated word from a
    compound.
    """
    texts = list(_texts(content))
    found = {}
    for word in HYPHENATED:
        holding = [text for text in texts if word in text.replace(",", " ").replace(".", " ").split()]
        if len(holding) > 1:
            found[word] = holding[0]
    return found
