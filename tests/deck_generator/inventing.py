"""What a seed says: programmes, amounts whose arithmetic holds, and everything else on the slides.

Every amount is the rounding of a true value in millions of dollars, and every total is the rounding of the sum of true
values, so the printed figures admit one another as those of a real budget do.
"""

from __future__ import annotations

import random
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from . import words
from .content import (
    BillRow,
    Category,
    DeckContent,
    Group,
    Item,
    Measure,
    MeasureGroup,
    Money,
    Pillar,
    Point,
    Statement,
)

_MILLION, _BILLION = Decimal(10**6), Decimal(10**9)
_TENTH, _HUNDREDTH, _ONE = Decimal("0.1"), Decimal("0.01"), Decimal(1)


def _rounded(value: Decimal, step: Decimal) -> Decimal:
    return (value / step).quantize(_ONE, ROUND_HALF_UP) * step


def printed_money(millions: Decimal, in_billions: bool = False, is_part_of: bool = False) -> Money:
    """`millions` of dollars as such slides print them: one decimal below ten million, from a billion on in billions."""
    if in_billions or millions >= 1000:
        step = _TENTH if millions >= 100 else _HUNDREDTH
        number, unit, name = _rounded(millions / 1000, step), _BILLION, "billion"
    else:
        number, unit, name = _rounded(millions, _TENTH if millions < Decimal("9.95") else _ONE), _MILLION, "million"
    prefix = "a part of " if is_part_of else ""
    return Money(number * unit, f"{prefix}{number} {name} dollar", is_part_of)


@dataclass
class _Inventor:
    dice: random.Random
    names: list[str]

    def _true_amount(self, most: int) -> Decimal:
        scale = self.dice.choice((10, 10, 100, 100, most))
        return Decimal(self.dice.randint(1, scale * 10)) / 10

    def _amount(self, most: int) -> tuple[Money, Decimal]:
        """Give a printed amount and its true value in millions; of "a part of X" nothing is sure, so zero."""
        if self.dice.random() < 0.2:
            return printed_money(Decimal(self.dice.randint(10, 20000)) / 10, is_part_of=True), Decimal(0)
        true = self._true_amount(most)
        return printed_money(true, in_billions=true >= 100 and self.dice.random() < 0.5), true

    def leaf(self, name: str, most: int) -> tuple[Item, Decimal, Decimal]:
        """Give an item and its two true values in millions."""
        which = self.dice.choices(("initial", "supplementary", "both", "none"), (40, 30, 18, 12))[0]
        initial = supplementary = None
        one = other = Decimal(0)
        if which in ("initial", "both"):
            initial, one = self._amount(most)
        if which in ("supplementary", "both"):
            supplementary, other = self._amount(most)
        is_new, is_safe = self.dice.random() < 0.3, self.dice.random() < 0.15
        return Item(name, is_new, is_safe, initial, supplementary), one, other

    def category(
        self, name: str, groups: list[tuple[str, int]], umbrella: int | None, most: int
    ) -> tuple[Category, Decimal, Decimal]:
        """Give a category whose amounts are at least those of its items, and its two true values in millions."""
        initial = supplementary = Decimal(0)
        made = []
        for number, (group, count) in enumerate(groups):
            items = []
            for position in range(count):
                if umbrella is not None and number == len(groups) - 1 and position == count - 1:
                    parent, names = words.UMBRELLAS[umbrella]
                    leaves = [self.leaf(child, most) for child in names]
                    items.append(Item(parent, children=tuple(leaf[0] for leaf in leaves)))
                else:
                    leaves = [self.leaf(self.names.pop(), most)]
                    items.append(leaves[0][0])
                initial += sum(leaf[1] for leaf in leaves)
                supplementary += sum(leaf[2] for leaf in leaves)
            made.append(Group(group, tuple(items)))
        # The list of a category is partial: something that is not printed belongs to it as well.
        initial += Decimal(self.dice.randint(most // 2, most))
        supplementary += Decimal(self.dice.randint(most // 2, most))
        amounts = (printed_money(initial), printed_money(supplementary))
        return Category(name, *amounts, tuple(made)), initial, supplementary


def _names(dice: random.Random) -> list[str]:
    objects = list(words.OBJECTS)
    dice.shuffle(objects)
    made = [
        " ".join(part for part in (dice.choice(words.ACTIONS), o, dice.choice(words.TAILS)) if part) for o in objects
    ]
    made += words.TRAP_NAMES
    dice.shuffle(made)
    return made


def _categories(dice: random.Random, other_wording: bool, size: int) -> tuple[list[Category], Decimal, Decimal]:
    inventor = _Inventor(dice, _names(dice))
    titles = words.OTHER_CATEGORIES if other_wording else words.CATEGORIES
    narrow, wide = list(words.NARROW_GROUPS), list(words.WIDE_GROUPS)
    dice.shuffle(narrow)
    dice.shuffle(wide)
    plans = []
    for title in titles:
        if title == titles[1]:
            plans.append([(wide.pop(), dice.randint(2, 3 + size)) for _ in range(dice.randint(3, 4))])
        else:
            plans.append([(narrow.pop(), dice.randint(1, 2 + size // 2)) for _ in range(dice.randint(1, 3))])
    with_umbrella = dice.randrange(3)
    made = []
    for number, (title, plan) in enumerate(zip(titles, plans, strict=True)):
        umbrella = dice.randrange(len(words.UMBRELLAS)) if number == with_umbrella else None
        made.append(inventor.category(title, plan, umbrella, 300 if number == 1 else 40))
    return [m[0] for m in made], sum((m[1] for m in made), Decimal(0)), sum((m[2] for m in made), Decimal(0))


def _pillars(dice: random.Random, count: int) -> tuple[Pillar, ...]:
    measures = list(words.MEASURES)
    subs = list(words.SUB_MEASURES)
    groups = list(words.PILLAR_GROUPS)
    for listed in (measures, subs, groups):
        dice.shuffle(listed)
    pillars = []
    for number, name in enumerate(words.PILLARS[:count]):
        grouped = number == 0 or dice.random() < 0.4
        made = []
        for _ in range(dice.randint(2, 3) if grouped else 1):
            few = dice.randint(1, 3) if grouped else dice.randint(3, 6)
            rows = [
                Measure(measures.pop(), (subs.pop(),) if subs and dice.random() < 0.25 else ())
                for _ in range(min(few, len(measures)))
            ]
            if rows:
                made.append(MeasureGroup(groups.pop() if grouped else "", tuple(rows)))
        pillars.append(Pillar(name, tuple(made)))
    return tuple(pillars)


def _trend(dice: random.Random, year: int, initial: Decimal, supplementary: Decimal) -> tuple[Point, ...]:
    points = []
    for of_year in range(year - dice.randint(1, 5), year + 1):
        drawn = Decimal(dice.randint(4, 19)) / 10
        points.append(Point(of_year, "initial", initial if of_year == year else drawn))
        if of_year == year - 1:
            points.append(Point(of_year, "supplementary", supplementary))
        elif of_year < year and dice.random() < 0.85:
            points.append(Point(of_year, "supplementary", Decimal(dice.randint(3, 15)) / 10))
    return tuple(points)


def notes_of(year: int, infrastructure: tuple[Money, Money]) -> tuple[str, ...]:
    """Give the notes of the budget slide; the third has the amounts that belong to the totals beside the categories."""
    initial, supplementary = (m.printed for m in infrastructure)
    return (
        (
            "This document mainly describes initiatives targeting generative AI. [ ] indicates the "
            f"supplementary budget for FY {year - 1}. "
            "The total budget and the aggregate amounts of major items listed above include the entire "
            "AI-related budget, not limited to generative AI."
        ),
        (
            "Measures for which the AI-related amount is difficult to extract, such as part of the project "
            "costs, are not included in the total budget."
        ),
        (
            f"In addition to the above, {initial} [{supplementary}] is budgeted for infrastructure "
            "maintenance & other measures to support AI R&D."
        ),
        "▶ symbol above indicates initiatives related to ensuring AI safety.",
    )


def _statement(pair: tuple[str, tuple[str, ...]]) -> Statement:
    return Statement(*pair)


def invent(seed: int, *, pillars: int, other_wording: bool, extra: bool, size: int) -> DeckContent:
    """Give the content that `seed` gives. `size` is how full the budget slide is (3 loose, 7 as full as a real one)."""
    dice = random.Random(f"content {seed}")  # noqa: S311 - a seed is what makes a deck repeatable
    year = dice.randint(2026, 2031)
    categories, initial, supplementary = _categories(dice, other_wording, size)
    aside = (Decimal(dice.randint(2, 19)) * 10, Decimal(dice.randint(2, 19)) * 10)
    infrastructure = tuple(printed_money(a, in_billions=True) for a in aside)
    totals = [_rounded((a + b) / 1000, _TENTH) for a, b in zip((initial, supplementary), aside, strict=True)]
    trend = _trend(dice, year, totals[0], totals[1])
    titles = dict(words.OTHER_TITLES if other_wording else words.TITLES)
    focus = ", ".join(f'"{c.name}"' for c in categories[:2]) + f' and "{categories[2].name}"'
    return DeckContent(
        year=year,
        titles=titles,
        top_statements=tuple(_statement(s) for s in words.TOP_STATEMENTS),
        council=_statement(words.COUNCIL),
        pillars=_pillars(dice, pillars),
        necessity=BillRow("Necessity of a new law", words.NECESSITY, bulleted=False),
        bill_rows=tuple(BillRow(*row) for row in words.BILL_ROWS),
        bill_box=BillRow(*words.BILL_BOX),
        institute=words.INSTITUTE[: dice.randint(2, 3)],
        director=_statement(dice.choice(words.DIRECTORS)),
        ministries=tuple(dice.sample(words.MINISTRIES, dice.randint(6, 12))),
        organizations=tuple(dice.sample(words.ORGANIZATIONS, dice.randint(3, 6))),
        budget_statement=f"Major measures related to AI have been compiled, with a focus on {focus}.",
        categories=tuple(categories),
        total_initial=totals[0],
        total_supplementary=totals[1],
        infrastructure=(infrastructure[0], infrastructure[1]),
        notes=notes_of(year, (infrastructure[0], infrastructure[1])),
        last_initial=next(p.value for p in trend if p.fiscal_year == year - 1 and p.budget == "initial"),
        trend=trend,
        extra=_statement(dice.choice(words.EXTRAS)) if extra else None,
    )
