"""How a fictional Japanese budget slide looks: one of four layouts, each with its own choices."""

from __future__ import annotations

import random
from dataclasses import dataclass, replace

from .styles import PALETTES, Palette

AREAS, TABLE, COLUMNS, LISTS = "areas", "table", "columns", "lists"


@dataclass(frozen=True)
class JapaneseStyle:
    """One look: coloured areas under rounded heads, a ruled table, lists in two columns, or lists of another make."""

    layout: str = AREAS  # areas, table, columns, lists
    page: str = "4:3"
    palette: Palette = PALETTES[0]
    budget: str = "supplementary"  # supplementary, initial: which budget an areas slide is about
    categories: int = 4
    full_width_latin: bool = True  # ＡＩ rather than AI
    full_width_digits: bool = False  # ４４億円 rather than 44億円
    ministry: str = "front"  # front, behind, behind-colon
    new: str = "【新】"  # 【新】, ［新規］, （新規）
    new_coloured: bool = True
    braces: bool = True
    part_below: bool = True  # の内数 on the line below its amount
    approximate: bool = False  # some amounts with 約
    unit: str = "億円"  # 億円, 百万円
    notes: str = "right"  # right, bottom
    stated: str = "box"  # box, line
    grid: str = "full"  # full, horizontal: the rules of a table
    group_mark: str = "○"  # ○, ■, ◆, 【】
    bullet: str = "・"  # ・, ○, ◆ or none
    frames: bool = True
    amounts: str = "right"  # right, columns, leaders
    caption: bool = False  # of a table: the unit stands above it, bare numbers in it, and a row with the total below
    # What follows is of lists only.
    columns: int = 2  # 1, 2, 3
    head: str = "band"  # band, tab, rounded, line, label
    numbering: str = ""  # "", ①, １．, （１）, Ⅰ.
    place: str = "right"  # right, tab, below, inline, carried: where an item's amounts stand
    amount_line: str = "first"  # first, last: on which line of the name
    new_place: str = "name"  # front, name, amount
    bracket: str = "［］"  # ［］, 〔〕, （）, []: around the amounts of the supplementary budget
    plain: str = ""  # "", （）: around the amounts of the initial budget, where all of items stand in brackets
    sub_bullet: str = "－"
    group_underlined: bool = False
    loose: float = 0.0  # white space below an item, in font sizes
    note_amount: bool = True  # a note with amounts that belong to the total
    total: str = "lines"  # lines, sentence, brackets: how the totals are stated
    full_names: bool = False  # 総務省 rather than 総


JAPANESE_PRESETS: dict[str, JapaneseStyle] = {
    "ja-areas": JapaneseStyle(),
    "ja-areas-wide": JapaneseStyle(
        page="16:9",
        palette=PALETTES[2],
        categories=3,
        new="［新規］",
        part_below=False,
        approximate=True,
        notes="bottom",
        stated="line",
        full_width_latin=False,
        full_width_digits=True,
    ),
    "ja-areas-initial": JapaneseStyle(
        page="a4",
        palette=PALETTES[3],
        budget="initial",
        ministry="behind",
        full_width_digits=True,
        new="（新規）",
        categories=5,
    ),
    "ja-table": JapaneseStyle(
        layout=TABLE,
        page="a4",
        palette=PALETTES[1],
        ministry="front",
        part_below=False,
        categories=3,
        notes="bottom",
        stated="line",
    ),
    "ja-table-million": JapaneseStyle(
        layout=TABLE,
        page="16:9",
        palette=PALETTES[5],
        unit="百万円",
        grid="horizontal",
        ministry="behind",
        new="［新規］",
        group_mark="■",
        full_width_latin=False,
        categories=3,
        notes="bottom",
        approximate=True,
    ),
    "ja-columns": JapaneseStyle(
        layout=COLUMNS,
        page="16:9",
        palette=PALETTES[0],
        ministry="behind",
        categories=3,
        notes="right",
        stated="line",
        bullet="・",
        group_mark="■",
    ),
    "ja-columns-leaders": JapaneseStyle(
        layout=COLUMNS,
        page="a4",
        palette=PALETTES[4],
        ministry="front",
        categories=3,
        notes="bottom",
        stated="box",
        bullet="○",
        group_mark="【】",
        frames=False,
        amounts="leaders",
        new="［新規］",
        full_width_digits=True,
    ),
    "ja-columns-amounts": JapaneseStyle(
        layout=COLUMNS,
        page="4:3",
        palette=PALETTES[2],
        ministry="front",
        categories=3,
        notes="bottom",
        stated="line",
        bullet="・",
        group_mark="◆",
        amounts="columns",
        full_width_latin=False,
    ),
    "ja-table-caption": JapaneseStyle(
        layout=TABLE, page="a4", palette=PALETTES[2], categories=3, notes="bottom", stated="line", caption=True
    ),
    "ja-lists": JapaneseStyle(
        layout=LISTS,
        page="16:9",
        palette=PALETTES[1],
        categories=3,
        ministry="behind",
        bullet="○",
        group_mark="【】",
        numbering="①",
        head="rounded",
        bracket="〔〕",
        new_place="amount",
        new="（新規）",
        total="sentence",
        full_names=True,
    ),
    "ja-lists-bracket": JapaneseStyle(
        layout=LISTS,
        page="4:3",
        palette=PALETTES[0],
        categories=3,
        ministry="behind",
        place="carried",
        group_mark="■",
        numbering="１．",
        head="tab",
        new_place="front",
        total="brackets",
    ),
    "ja-lists-labels": JapaneseStyle(
        layout=LISTS,
        page="a4",
        palette=PALETTES[3],
        categories=3,
        columns=1,
        ministry="behind",
        head="label",
        group_mark="◆",
        bullet="✓ ",
        sub_bullet="-",
        unit="百万円",
        loose=0.2,
    ),
    "ja-lists-three": JapaneseStyle(
        layout=LISTS,
        page="16:9",
        palette=PALETTES[4],
        categories=3,
        columns=3,
        ministry="front",
        bullet="",
        place="below",
        group_mark="＜＞",
        numbering="Ⅰ.",
        head="line",
        bracket="（）",
        frames=False,
    ),
    "ja-lists-portrait": JapaneseStyle(
        layout=LISTS,
        page="a4 portrait",
        palette=PALETTES[5],
        categories=3,
        columns=1,
        ministry="behind",
        place="inline",
        group_mark="●",
        numbering="（１）",
        full_width_digits=True,
        loose=0.5,
    ),
}


def random_japanese_style(seed: int) -> JapaneseStyle:
    """Give the style that `seed` gives."""
    dice = random.Random(f"japanese style {seed}")  # noqa: S311 - a seed is what makes a slide repeatable
    pick, chance = dice.choice, dice.random
    layout = pick((AREAS, AREAS, TABLE, COLUMNS))
    if seed % 2:
        style = _random_lists(dice, seed % 5 == 1)
        return replace(style, plain="") if style.bracket == "（）" else style
    return JapaneseStyle(
        layout=layout,
        page=pick(("4:3", "16:9", "a4")),
        palette=pick(PALETTES),
        budget=pick(("supplementary", "supplementary", "initial")),
        categories=dice.randint(3, 5) if layout == AREAS else 3,
        full_width_latin=chance() < 0.6,
        full_width_digits=chance() < 0.3,
        ministry=pick(("front", "front", "behind")),
        new=pick(("【新】", "［新規］", "（新規）")),
        new_coloured=chance() < 0.7,
        braces=chance() < 0.7,
        part_below=chance() < 0.6,
        approximate=chance() < 0.4,
        unit=pick(("億円", "億円", "百万円")) if layout == TABLE else "億円",
        notes=pick(("right", "bottom")),
        stated=pick(("box", "line")),
        grid=pick(("full", "horizontal")),
        caption=layout == TABLE and seed % 4 == 0,
        group_mark=pick(("○", "■", "◆", "【】")),
        bullet=pick(("・", "○", "-")) if layout == COLUMNS else "・",
        frames=chance() < 0.6,
        amounts=pick(("right", "columns", "leaders")),
    )


def _random_lists(dice: random.Random, seed_is_plain: bool) -> JapaneseStyle:
    pick, chance = dice.choice, dice.random
    columns = pick((1, 2, 2, 3))
    place = pick(("right", "right", "tab", "below", "inline", "carried"))
    ministry = pick(("front", "behind", "behind"))
    bullet = "" if ministry == "front" and place != "carried" else pick(("・", "○", "◆", "✓ ", "➢ "))
    return JapaneseStyle(
        layout=LISTS,
        page=pick(("4:3", "16:9", "a4")) if columns > 1 else pick(("a4", "a4 portrait", "4:3")),
        palette=pick(PALETTES),
        categories=3,
        full_width_latin=chance() < 0.5,
        full_width_digits=chance() < 0.25,
        ministry=ministry,
        new=pick(("【新】", "［新規］", "（新規）", "【新規】")),
        new_coloured=chance() < 0.5,
        approximate=chance() < 0.3,
        unit=pick(("億円", "億円", "百万円")),
        notes="bottom",
        group_mark=pick(("", "■", "◆", "●", "【】", "＜＞")) if bullet != "◆" else pick(("■", "【】", "＜＞")),
        bullet=bullet,
        frames=chance() < 0.6,
        columns=columns,
        head=pick(("band", "tab", "rounded", "line", "label")),
        numbering=pick(("", "①", "１．", "（１）", "Ⅰ.")),
        place=place,
        amount_line=pick(("first", "last")),
        new_place=pick(("front", "name", "amount")),
        bracket=pick(("［］", "〔〕", "（）", "[]")),
        plain="（）" if place in ("inline", "right") and seed_is_plain else "",
        sub_bullet=pick(("－", "-", "・" if bullet != "・" else "－")),
        group_underlined=chance() < 0.4,
        loose=pick((0.0, 0.2, 0.5)),
        note_amount=chance() < 0.6,
        total=pick(("lines", "sentence", "brackets")),
        full_names=chance() < 0.4,
    )
