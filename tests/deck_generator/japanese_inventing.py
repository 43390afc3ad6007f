"""What a seed says on a Japanese budget slide: programmes, ministries, shared amounts, and totals that hold.

True values are whole tens of millions of yen (a tenth of 億円); what is printed is their rounding.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, replace
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from . import japanese_words as words
from .content import Category, Group, Item, Money, item_rows, money_row
from .japanese_styles import AREAS, LISTS, TABLE, JapaneseStyle

_UNITS = {"億円": Decimal(10**8), "百万円": Decimal(10**6)}
_TENTH = Decimal("0.1")
_WIDE = {ord(c): chr(ord(c) + 0xFEE0) for c in "0123456789"}
_NARROW = {c: c - 0xFEE0 for c in range(0xFF21, 0xFF5B)}
_FIRST_REIWA = 2019
_NUMBERS = {"①": "①②③④⑤", "１": "１２３４５", "Ⅰ": "ⅠⅡⅢⅣⅤ"}


@dataclass(frozen=True)
class JapaneseContent:
    """Everything the slide says. `shared` has for each item whose amount a brace shares the number of its brace."""

    year: int
    title: str
    statement: str
    stated: tuple[tuple[str, int, str, Money], ...]
    categories: tuple[Category, ...]
    shared: dict[str, int]
    marked_note: str
    notes: tuple[str, ...]
    aside: tuple[Money, Money] | None = None
    """The amounts of the note that belong to the totals beside the categories, where there is one."""
    total_row: bool = False
    """Whether the totals stand in a row of the table as well."""


def reiwa(year: int, style: JapaneseStyle) -> str:
    """Give the year of the Reiwa era, in full-width digits where it has one."""
    number = str(year - _FIRST_REIWA + 1)
    return number.translate(_WIDE) if len(number) == 1 or style.full_width_digits else number


def folded(text: str, style: JapaneseStyle) -> str:
    """Give the text with full-width or plain Latin letters, as the style has it."""
    return text if style.full_width_latin else text.translate(_NARROW)


def numbered(number: int, style: JapaneseStyle) -> str:
    """Give what stands before the name of the category with this number, counted from 0."""
    if style.layout != LISTS or not style.numbering:
        return ""
    return style.numbering.translate({ord(sign): signs[number] for sign, signs in _NUMBERS.items()})


@dataclass
class _Inventor:
    dice: random.Random
    style: JapaneseStyle
    names: list[str]
    shared: dict[str, int]

    def money(self, tenths: Decimal, *, part: bool = False, whole: bool = False, about: bool = False) -> Money:
        """`tenths` of 億円 as printed; `whole` rounds to 億円."""
        step = Decimal(1) if whole or tenths >= 1000 or (tenths % 10 == 0 and self.dice.random() < 0.8) else _TENTH
        number = (tenths / 10 / step).quantize(Decimal(1), ROUND_HALF_UP) * step
        unit = self.style.unit
        if unit == "百万円":
            number = (tenths * 10).quantize(Decimal(1))
        digits = f"{number:,}"
        if self.style.full_width_digits:
            digits = digits.translate(_WIDE)
        printed = f"{'約' if about else ''}{digits}{unit}{'の内数' if part else ''}"
        return Money(number * _UNITS[unit], printed, part, "JPY")

    def _drawn(self) -> Decimal:
        return Decimal(self.dice.randint(1, self.dice.choice((30, 300, 300, 4000))))

    def amount(self) -> tuple[Money, Decimal]:
        """Give an amount and its true value; of 「の内数」 nothing is sure, so zero."""
        drawn = self._drawn()
        if self.dice.random() < 0.25:
            return self.money(drawn * 10, part=True), Decimal(0)
        return self.money(drawn, about=self.style.approximate and self.dice.random() < 0.2), drawn

    def item(self, initial: Money | None, supplementary: Money | None) -> Item:
        ministries = tuple(
            self.dice.sample(words.MINISTRIES, 2 if self.style.ministry == "behind" and self.dice.random() < 0.2 else 1)
        )
        name = folded(self.names.pop(), self.style)
        if self.style.full_names:
            ministries = tuple(words.FULL_NAMES.get(m, m) for m in ministries)
        safe = self.style.layout == LISTS and self.dice.random() < 0.12
        return Item(name, self.dice.random() < 0.35, safe, initial, supplementary, (), ministries)

    def umbrella(self) -> tuple[Item, Decimal, Decimal]:
        """Give an item without amounts of its own over two that have one each."""
        parent = self.item(None, None)
        children = []
        totals = [Decimal(0), Decimal(0)]
        for place in (0, self.dice.choice((0, 1))):
            money, true = self.amount()
            totals[place] += true
            child = self.item(money if place == 0 else None, None if place == 0 else money)
            children.append(replace(child, organizations=parent.organizations if self.style.place == "carried" else ()))
        return replace(parent, children=tuple(children)), totals[0], totals[1]


def _area_items(inventor: _Inventor, count: int) -> tuple[list[Item], Decimal]:
    """Give the items of one coloured area: one amount each, some of them shared by two or three items under a brace."""
    items: list[Item] = []
    total = Decimal(0)
    initial = inventor.style.budget == "initial"
    while len(items) < count:
        left = count - len(items)
        if inventor.style.braces and left >= 2 and inventor.dice.random() < 0.3:
            money = inventor.money(Decimal(inventor.dice.randint(20, 900)) * 10, part=True)
            number = len(set(inventor.shared.values()))
            for _ in range(min(left, inventor.dice.choice((2, 2, 3)))):
                items.append(inventor.item(money if initial else None, None if initial else money))
                inventor.shared[items[-1].name] = number
        else:
            money, true = inventor.amount()
            total += true
            items.append(inventor.item(money if initial else None, None if initial else money))
    return items, total


def _grouped_items(inventor: _Inventor, groups: list[str]) -> tuple[list[Group], Decimal, Decimal]:
    """Make groups of items with an initial or a supplementary amount, both, or none."""
    made = []
    totals = [Decimal(0), Decimal(0)]
    for group in groups:
        items = []
        for _ in range(inventor.dice.randint(2, 4)):
            which = inventor.dice.choices(((1, 0), (0, 1), (1, 1), (0, 0)), (40, 25, 25, 10))[0]
            pair: list[Money | None] = [None, None]
            for place in (0, 1):
                if which[place]:
                    money, true = inventor.amount()
                    pair[place] = money
                    totals[place] += true
            items.append(inventor.item(pair[0], pair[1]))
        if inventor.style.layout == LISTS and inventor.dice.random() < 0.2 and len(inventor.names) > 20:
            umbrella, *trues = inventor.umbrella()
            items.append(umbrella)
            totals = [a + b for a, b in zip(totals, trues, strict=True)]
        made.append(Group(group, tuple(items)))
    return made, totals[0], totals[1]


def _title(style: JapaneseStyle, year: int) -> str:
    reiwa_year = reiwa(year, style)
    if style.layout == AREAS and style.budget == "supplementary":
        return folded(f"経済対策におけるＡＩ施策について（令和{reiwa_year}年度 補正予算）", style)
    return folded(f"ＡＩ関連の主要な施策について（令和{reiwa_year}年度 当初予算案）", style)


def invent_japanese(seed: int, style: JapaneseStyle) -> JapaneseContent:
    """Give the content that `seed` gives in a style."""
    dice = random.Random(f"japanese {seed}")  # noqa: S311 - a seed is what makes a slide repeatable
    names = list(words.NAMES)
    groups = list(words.GROUPS)
    dice.shuffle(names)
    dice.shuffle(groups)
    inventor = _Inventor(dice, style, names, {})
    year = dice.randint(2026, 2029)
    categories: list[Category] = []
    sums = [Decimal(0), Decimal(0)]
    for number, (title, subtitle) in enumerate(words.CATEGORIES[: style.categories]):
        name = numbered(number, style) + folded(f"{title}（{subtitle}）", style)
        if style.layout == AREAS:
            items, true = _area_items(inventor, dice.randint(3, 30 // style.categories - 1))
            true += dice.randint(1, 200)
            money = inventor.money(true, whole=True)
            place = 0 if style.budget == "initial" else 1
            sums[place] += true
            categories.append(
                Category(name, money if place == 0 else None, None if place == 0 else money, (Group("", tuple(items)),))
            )
        else:
            made, first, second = _grouped_items(inventor, [groups.pop() for _ in range(min(dice.randint(1, 3), 2))])
            trues = (first + dice.randint(1, 200), second + dice.randint(1, 200))
            sums = [a + b for a, b in zip(sums, trues, strict=True)]
            moneys = [inventor.money(true, whole=True) for true in trues]
            categories.append(Category(name, moneys[0], moneys[1], tuple(made)))
    aside = None
    if style.layout == LISTS and style.note_amount:
        trues = (Decimal(dice.randint(20, 900) * 10), Decimal(dice.randint(20, 900) * 10))
        sums = [a + b for a, b in zip(sums, trues, strict=True)]
        aside = (inventor.money(trues[0], whole=True), inventor.money(trues[1], whole=True))
    return JapaneseContent(
        aside=aside,
        total_row=style.caption,
        year=year,
        title=_title(style, year),
        statement=folded(
            f"「ＡＩ法」（令和７年５月成立）及び「未来づくり総合計画」（令和{reiwa(year - 1, style)}年11月閣議決定）"
            "を踏まえ、"
            "ＡＩの活用とリスクへの対応を両立させるため、関係府省の施策を一体的に推進。",
            style,
        ),
        stated=_stated(inventor, style, year, sums),
        categories=tuple(categories),
        shared=inventor.shared,
        marked_note="基金の積み増し分含む" if style.layout == AREAS else "",
        notes=_notes(style, year, aside),
    )


def _stated(
    inventor: _Inventor, style: JapaneseStyle, year: int, sums: list[Decimal]
) -> tuple[tuple[str, int, str, Money], ...]:
    before = Decimal(inventor.dice.randint(500, 30000))
    names = {"initial": "当初予算額", "supplementary": "補正予算額"}
    if style.layout == AREAS:
        kind = style.budget
        true = sums[0 if kind == "initial" else 1]
        return tuple(
            (f"Ｒ{reiwa(of, style)}年度 {names[kind]}：", of, kind, inventor.money(value, whole=True))
            for of, value in ((year, true), (year - 1, before))
        )
    return (
        (f"令和{reiwa(year, style)}年度当初予算案：", year, "initial", inventor.money(sums[0], whole=True)),
        (f"令和{reiwa(year - 1, style)}年度補正予算：", year - 1, "supplementary", inventor.money(sums[1], whole=True)),
    )


def _notes(style: JapaneseStyle, year: int, aside: tuple[Money, Money] | None) -> tuple[str, ...]:
    notes = tuple(folded(note, style) for note in words.NOTES)
    if style.layout == LISTS:
        opening, closing = style.bracket
        first = folded(
            f"主に生成ＡＩに関する施策を記載。{opening}　{closing}は令和{reiwa(year - 1, style)}年度補正予算額。", style
        )
        more = ()
        if aside is not None:
            both = f"{aside[0].printed}{opening}{aside[1].printed}{closing}"
            more = (folded(f"上記のほか、ＡＩ研究開発等を支えるインフラ整備等に{both}を計上。", style),)
        return (first, *notes, *more)
    if style.layout in (AREAS, TABLE):
        return notes
    return (*notes, f"［　］は令和{reiwa(year - 1, style)}年度補正予算額。")


def japanese_truth(content: JapaneseContent) -> dict[str, Any]:
    """Give what a careful person reads off the slide, in the structure of the scorer's truth files."""
    only = content.stated[0][2] if content.stated[0][2] == content.stated[1][2] else ""
    return {
        "edition": f"fy{content.year}-{only}" if only == "supplementary" else str(content.year),
        "categories": [
            {"category": c.name, "initial": money_row(c.initial), "supplementary": money_row(c.supplementary)}
            for c in content.categories
        ],
        "items": [row for category in content.categories for row in item_rows(category)],
        "measures": [],
        "provisions": [],
        "organizations": [],
        "statements": [{"heading": content.title, "text": content.statement}],
        "notes": [
            *([{"number": None, "text": content.marked_note}] if content.marked_note else []),
            *({"number": n, "text": text} for n, text in enumerate(content.notes, 1)),
        ],
        "stated": [
            {
                "label": label.rstrip("："),
                "fiscal_year": year,
                "budget": budget,
                "value": float(money.value),
                "currency": "JPY",
            }
            for label, year, budget, money in content.stated
            for _ in range(2 if content.total_row else 1)
        ],
        "trend": [],
        "infrastructure_note": {
            "initial": money_row(content.aside[0] if content.aside else None),
            "supplementary": money_row(content.aside[1] if content.aside else None),
        },
        "changes": None,
        "fault": None,
    }
