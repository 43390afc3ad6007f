"""Decks for Hypothesis: what they say and how they look drawn choice by choice, so that a failure shrinks to a small deck.

`decks()` draws English decks of one to five slides, `japanese_slides()` Japanese budget slides; each gives a `DrawnDeck`, the
PDF with the truth of just the slides that it has. What is drawn: the number of columns, what wraps, where amounts stand and in
which brackets and units, fonts, sizes, bullets, frames, and the order and place in which the page stores it all. As on
the slides of `inventing`, every printed figure is the rounding of a true value, and totals are those of the true values.
"""

from __future__ import annotations

from dataclasses import dataclass, field, fields, replace
from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING, Any

from hypothesis import reject
from hypothesis import strategies as st

from tests.disturbing import DISTURBANCES

from . import words
from .content import Category, DeckContent, Group, Item, Money, budget_slide, stated_lines, truth
from .inventing import invent, notes_of, printed_money
from .japanese import make_budget_slide_ja
from .japanese_styles import JapaneseStyle, random_japanese_style
from .making import draw_deck
from .sheet import DoesNotFitError
from .styles import DOT, KINDS, PAGES, PALETTES, Style, settled

if TYPE_CHECKING:
    from hypothesis.strategies import DrawFn, SearchStrategy

__all__ = ["DrawnDeck", "decks", "japanese_slides"]

_TENTH = Decimal("0.1")
_PLAIN_WORDS = tuple(
    sorted(
        {word for text in (*words.OBJECTS, *words.TAILS) for word in text.split() if word.isalpha() and word.islower()}
    )
)
_ROWS_OF_SLIDE = {"measures": "framework", "provisions": "bill", "organizations": "institute", "trend": "trends"}
"""For each table of a truth that belongs to one kind of slide, which."""
_MOST_GROUPS = 3
"""So many groups a category may have."""


@dataclass(frozen=True)
class DrawnDeck:
    """A deck with what a careful person reads off it. `made_as` says how it looks and what it says, for a report."""

    pdf: bytes = field(repr=False)
    truth: dict[str, Any] = field(repr=False)
    made_as: tuple[Any, ...]


def _choice(**choices: tuple[Any, ...]) -> dict[str, SearchStrategy[Any]]:
    return {name: st.sampled_from(values) for name, values in choices.items()}


_LOOKS = _choice(
    page=tuple(PAGES),
    family=("liberation-sans", "helvetica", "times", "dejavu", "dejavu-condensed", "dejavu-serif", "liberation-serif"),
    palette=PALETTES,
    leading=(1.2, 1.12, 1.3),
    body_size=(10.0, 8.0, 9.0, 11.0),
    title=("band", "rule", "plain"),
    title_centred=(False, True),
    page_number=("right", "centre", "of", "dashes", "none"),
    hyphenation=("none", "soft", "hard"),
    break_compounds=(True, False),
    ligatures=(False, True),
    framework=("columns", "stacked"),
    pillars=(2, 3),
    pillar_head=("band", "bold", "underline"),
    top=("row", "stack", "grid"),
    top_heading=("inside", "band"),
    top_frames=(True, False),
    measure_group=("underline", "bold", "colour"),
    bullet=("•", "·", "○", "◦", "–", "➢", "✓", "●", DOT),
    sub_mark=("–", "-", "·", "◦", ""),
    bill=("grid", "rules", "zebra"),
    bill_part=(True, False),
    roster_columns=(2, 1, 3, 4),
    roster_by_column=(True, False),
    roster_bullet=("", "•", "■", "-"),
    roster_head=("band", "bold", "underline"),
    director=("right", "left", "below"),
    organization_columns=(1, 2),
    category_head=("band", "rounded", "line", "bar"),
    category_amount=("right", "after"),
    frames=(True, False),
    group_head=("underline", "bold", "colour"),
    group_mark=("", "■", "◆", "●", "【】"),
    item_bullet=("•", "·", "●", "○", "◦", "–", "-", "➢", "✓", DOT, ""),
    safety=("instead", "behind"),
    new_place=("name", "amount"),
    new_coloured=(False, True),
    amounts=("right", "columns", "leaders", "inline"),
    amount_line=("last", "first", "middle"),
    tight=("glue", "below", "reserve"),
    leader=(".", ". ", "·", "…"),
    columns=(2, 3),
    overflow=("top", "below"),
    category_order=((0, 1, 2), (1, 0, 2), (2, 1, 0), (0, 2, 1), (1, 2, 0), (2, 0, 1)),
    share=(0.5, 0.42, 0.58),
    notes=("column", "bottom", "footnote"),
    stated=("line", "lines", "box"),
    statement_first=(False, True),
    chart=("stacked", "grouped"),
    horizontal=(False, True),
    labels=("inside", "above"),
    ticks=(True, False),
    gridlines=(True, False),
    legend=("below", "right", "above"),
    unit=("title", "axis"),
    millions=(False, True),
)
"""Every choice of `Style`, the plainest first: that is what Hypothesis shrinks towards."""


def _orders() -> SearchStrategy[tuple[str, ...]]:
    """Which slides, in which order; the budget slide is always there, since it names the edition."""
    others = st.lists(st.sampled_from([kind for kind in KINDS[:5] if kind != "budgets"]), unique=True, max_size=2)
    return others.flatmap(lambda kinds: st.permutations(["budgets", *kinds])).map(tuple)


def _names() -> SearchStrategy[str]:
    """Names of programmes: real ones, those that are traps, and any words in a row, of one line or of four."""
    real = st.tuples(st.sampled_from(words.ACTIONS), st.sampled_from(words.OBJECTS), st.sampled_from(words.TAILS)).map(
        lambda parts: " ".join(part for part in parts if part)
    )
    made = st.lists(st.sampled_from(_PLAIN_WORDS), min_size=2, max_size=24).map(
        lambda them: " ".join(them).capitalize()
    )
    return made | st.sampled_from(words.TRAP_NAMES) | real


@st.composite
def _amounts(draw: DrawFn) -> tuple[Money, Decimal]:
    """A printed amount and its true value in millions, which is not known of a part of something."""
    tenths = draw(st.integers(1, 99) | st.integers(1, 2_000) | st.integers(1, 20_000))
    millions = Decimal(tenths) / 10
    in_billions = millions >= 100 and draw(st.booleans())
    if draw(st.sampled_from((False, False, False, True))):
        return printed_money(millions, in_billions=in_billions, is_part_of=True), Decimal(0)
    return printed_money(millions, in_billions=in_billions), millions


@st.composite
def _items(draw: DrawFn, name: str) -> tuple[Item, Decimal, Decimal]:
    initial = draw(st.none() | _amounts())
    supplementary = draw(st.none() | _amounts())
    item = Item(
        name,
        is_new=draw(st.booleans()),
        is_ai_safety=draw(st.sampled_from((False, False, False, True))),
        initial=initial[0] if initial else None,
        supplementary=supplementary[0] if supplementary else None,
    )
    return item, initial[1] if initial else Decimal(0), supplementary[1] if supplementary else Decimal(0)


@st.composite
def _groups(draw: DrawFn, name: str, names: list[str], kept: int) -> tuple[Group, Decimal, Decimal]:
    """A group with the next few of `names`; so many are kept for others."""
    count = min(draw(st.integers(1, 6)), len(names) - kept)
    made = [draw(_items(names.pop())) for _ in range(count)]
    sums = (sum((m[place] for m in made), Decimal(0)) for place in (1, 2))
    return Group(name, tuple(m[0] for m in made)), *sums


@st.composite
def _categories(draw: DrawFn, *, other_wording: bool) -> tuple[tuple[Category, ...], Decimal, Decimal]:
    """Three categories, and what they come to in millions. Their lists are partial: something belongs to each beside them."""
    names = draw(st.lists(_names(), min_size=3 * _MOST_GROUPS, max_size=30, unique_by=str.casefold))
    heads = draw(st.permutations((*words.NARROW_GROUPS, *words.WIDE_GROUPS)))
    made, totals = [], [Decimal(0), Decimal(0)]
    for number, title in enumerate(words.OTHER_CATEGORIES if other_wording else words.CATEGORIES):
        # The wide category is the one that may run on into the next column, so it can be cut.
        count = draw(st.integers(2 if number == 1 else 1, _MOST_GROUPS))
        groups, sums = [], [Decimal(0), Decimal(0)]
        for left in reversed(range(count)):
            group, *more = draw(_groups(heads.pop(), names, left + (2 - number) * _MOST_GROUPS))
            groups.append(group)
            sums = [a + b for a, b in zip(sums, more, strict=True)]
        trues = [s + draw(st.integers(1, 400)) for s in sums]
        made.append(Category(title, printed_money(trues[0]), printed_money(trues[1]), tuple(groups)))
        totals = [a + b for a, b in zip(totals, trues, strict=True)]
    return tuple(made), totals[0], totals[1]


@st.composite
def _contents(draw: DrawFn, style: Style) -> DeckContent:
    """What a deck says: the budget slide is drawn here, the other slides are those of a seed."""
    seeded = invent(
        draw(st.integers(0, 10_000)),
        pillars=style.pillars,
        other_wording=style.other_wording,
        extra=False,
        size=style.size,
    )
    categories, *trues = draw(_categories(other_wording=style.other_wording))
    aside = [Decimal(draw(st.integers(2, 90))) * 10 for _ in range(2)]
    infrastructure = printed_money(aside[0], in_billions=True), printed_money(aside[1], in_billions=True)
    initial, supplementary = (
        ((true + a) / 1000).quantize(_TENTH, ROUND_HALF_UP) for true, a in zip(trues, aside, strict=True)
    )
    trend = tuple(
        replace(point, value=initial)
        if (point.fiscal_year, point.budget) == (seeded.year, "initial")
        else replace(point, value=supplementary)
        if (point.fiscal_year, point.budget) == (seeded.year - 1, "supplementary")
        else point
        for point in seeded.trend
    )
    return replace(
        seeded,
        categories=categories,
        total_initial=initial,
        total_supplementary=supplementary,
        infrastructure=infrastructure,
        notes=notes_of(seeded.year, infrastructure),
        trend=trend,
    )


def _truth_of(content: DeckContent, order: tuple[str, ...]) -> dict[str, Any]:
    """The truth of the slides in `order` only."""
    whole = truth(content)
    for rows, kind in _ROWS_OF_SLIDE.items():
        if kind not in order:
            whole[rows] = []
    titles = content.titles
    slide_of = {titles["institute"]: "institute", content.director.heading: "institute", titles["budgets"]: "budgets"}
    whole["statements"] = [s for s in whole["statements"] if slide_of.get(s["heading"], "framework") in order]
    labels = {line.split(" :")[0] for line in stated_lines(content)}
    whole["stated"] = [s for s in whole["stated"] if ("budgets" if s["label"] in labels else "trends") in order]
    return whole


def _stored() -> SearchStrategy[Any]:
    """How the page stores what it shows: as drawn, or in one of the ways that a reader does not see."""
    harmless = [d for d in DISTURBANCES if d.name != "pages reordered"]
    return st.sampled_from([None, None, None, *harmless])


@st.composite
def decks(draw: DrawFn) -> DrawnDeck:
    """An English deck in any style, saying anything that such a slide could say."""
    looks = draw(st.fixed_dictionaries(_LOOKS))
    plain = Style(**looks, order=draw(_orders()), other_wording=draw(st.booleans()), size=3)
    style = settled(plain)
    content = draw(_contents(style))
    try:
        pdf = draw_deck(content, style)
    except DoesNotFitError:
        reject()
    change = draw(_stored())
    other = {
        f.name: getattr(style, f.name) for f in fields(Style) if getattr(style, f.name) != getattr(Style(), f.name)
    }
    made_as = (other, change.name if change else "as drawn", budget_slide(content))
    return DrawnDeck(change.apply(pdf) if change else pdf, _truth_of(content, style.order), made_as)


@st.composite
def japanese_slides(draw: DrawFn) -> DrawnDeck:
    """A Japanese budget slide in the style of one seed with the content of another."""
    style: JapaneseStyle = random_japanese_style(draw(st.integers(0, 10_000)))
    seed = draw(st.integers(0, 10_000))
    try:
        pdf, said = make_budget_slide_ja(seed, style)
    except DoesNotFitError:
        reject()
    change = draw(_stored())
    made_as = (style, seed, change.name if change else "as drawn")
    return DrawnDeck(change.apply(pdf) if change else pdf, said, made_as)
