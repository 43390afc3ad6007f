"""How a fictional deck looks: independent choices, each plausible for a government slide."""

from __future__ import annotations

import random
from dataclasses import dataclass

DOT = "\ue000"
"""A bullet that is drawn as a filled circle, not as text."""

KINDS = ("framework", "bill", "institute", "budgets", "trends", "extra")
PAGES = {"4:3": (720.0, 540.0), "16:9": (960.0, 540.0), "16:9 small": (720.0, 405.0), "a4": (841.89, 595.28)}
PORTRAIT = {"a4 portrait": (595.28, 841.89)}


@dataclass(frozen=True)
class Palette:
    """Colours as `#rrggbb`: of bands and frames, of tinted areas, of what is highlighted, of text on a band."""

    primary: str = "#1f3864"
    tint: str = "#d9e2f3"
    accent: str = "#c00000"
    second: str = "#f4b183"
    on_primary: str = "#ffffff"


PALETTES = (
    Palette(),
    Palette("#0b5394", "#e8f0f8", "#990000", "#e69138"),
    Palette("#274e13", "#e2efda", "#bf5700", "#a9d08e"),
    Palette("#4a148c", "#ede7f6", "#ad1457", "#b39ddb"),
    Palette("#333333", "#eeeeee", "#c00000", "#aaaaaa"),
    Palette("#7f3f00", "#fbe9d9", "#004c99", "#f2c9a1"),
)


@dataclass(frozen=True)
class Wording:
    """The fixed words and signs of the budget slide. `note` takes the note's number."""

    new: str = "[New]"
    space: str = " "
    opening: str = "["
    closing: str = "]"
    note: str = "(Note {number}) "


@dataclass(frozen=True)
class Style:
    """One look. Each field is a choice on its own; what cannot go together is settled by `settled`."""

    page: str = "a4"
    family: str = "liberation-sans"
    palette: Palette = PALETTES[0]
    leading: float = 1.2
    body_size: float = 10.0
    order: tuple[str, ...] = KINDS[:5]
    title: str = "band"  # band, rule, plain
    title_centred: bool = False
    page_number: str = "right"  # right, centre, of, dashes, none
    hyphenation: str = "none"  # none, soft, hard
    break_compounds: bool = True
    ligatures: bool = False
    other_wording: bool = False
    size: int = 5

    framework: str = "columns"  # columns, stacked
    pillars: int = 2
    pillar_head: str = "band"  # band, bold, underline
    top: str = "row"  # row, stack, grid
    top_heading: str = "inside"  # inside, band
    top_frames: bool = True
    measure_group: str = "underline"  # underline, bold, colour
    bullet: str = "•"
    sub_mark: str = "–"

    bill: str = "grid"  # grid, rules, zebra
    bill_part: bool = True

    roster_columns: int = 2
    roster_by_column: bool = True
    roster_bullet: str = ""
    roster_head: str = "band"  # band, bold, underline
    director: str = "right"  # right, left, below
    organization_columns: int = 1

    category_head: str = "band"  # band, rounded, line, bar
    category_amount: str = "right"  # right, after
    frames: bool = True
    group_head: str = "underline"  # underline, bold, colour
    group_mark: str = ""  # "", ■, ◆, ●, 【】
    item_bullet: str = "•"
    safety: str = "instead"  # instead, behind
    new_place: str = "name"  # name, amount
    new_coloured: bool = False
    amounts: str = "right"  # right, columns, leaders, inline
    amount_line: str = "last"  # last, first, middle
    tight: str = "glue"  # glue, below, reserve: an amount that does not fit behind its name's last line
    leader: str = "."
    columns: int = 2
    overflow: str = "top"  # top, below: where the wide category goes on in the next column
    category_order: tuple[int, ...] = (0, 1, 2)
    share: float = 0.5
    notes: str = "column"  # column, bottom, footnote
    stated: str = "line"  # line, lines, box
    statement_first: bool = False

    chart: str = "stacked"  # stacked, grouped
    horizontal: bool = False
    labels: str = "inside"  # inside, above
    ticks: bool = True
    gridlines: bool = True
    legend: str = "below"  # right, below, above
    unit: str = "title"  # title, axis
    millions: bool = False

    wording: Wording = Wording()
    ministry: str = ""  # "", front, behind, behind-colon: where the ministry stands that an item is printed with


def settled(style: Style) -> Style:
    """Give the style with what would leave a reader in doubt put right."""
    changes: dict[str, object] = {}
    if style.overflow == "below" and not (style.frames and style.category_head in ("band", "rounded")):
        changes["overflow"] = "top"
    if style.amounts == "leaders":
        changes |= {"amount_line": "last", "tight": "below"}
    if style.amounts in ("leaders", "columns", "inline") or style.amount_line != "last":
        changes["new_place"] = "name"
    if style.amounts == "columns" and style.columns == 3:
        changes["amounts"] = "right"
    if style.item_bullet == style.group_mark:
        changes["group_mark"] = ""
    if not style.item_bullet and not style.sub_mark:
        changes["sub_mark"] = "–"
    if style.page == "16:9 small":
        changes["size"] = min(style.size, 3)
    if style.chart == "grouped":
        changes["labels"] = "above"
    elif style.labels == "above":
        changes["labels"] = "inside"
    if style.family in ("helvetica", "times"):
        changes |= {"ligatures": False, "hyphenation": "hard" if style.hyphenation == "soft" else style.hyphenation}
    if style.columns == 3 or style.notes != "column":
        changes["notes"] = style.notes if style.notes != "column" else "bottom"
    return Style(**{**{f: getattr(style, f) for f in Style.__dataclass_fields__}, **changes})


def random_style(seed: int) -> Style:
    """Give the style that `seed` gives, settled."""
    dice = random.Random(f"style {seed}")  # noqa: S311 - a seed is what makes a deck repeatable
    pick, chance = dice.choice, dice.random
    order = list(KINDS[:5])
    if chance() < 0.5:
        dice.shuffle(order)
    if chance() < 0.5:
        order.insert(dice.randint(0, 5), "extra")
    category_order = [0, 1, 2]
    dice.shuffle(category_order)
    return settled(
        Style(
            page=pick(tuple(PAGES)),
            family=pick(
                (
                    "helvetica",
                    "times",
                    "dejavu",
                    "dejavu-condensed",
                    "dejavu-serif",
                    "liberation-sans",
                    "liberation-serif",
                )
            ),
            palette=pick(PALETTES),
            leading=pick((1.12, 1.2, 1.3)),
            body_size=pick((8.0, 9.0, 10.0, 11.0)),
            order=tuple(order),
            title=pick(("band", "rule", "plain")),
            title_centred=chance() < 0.25,
            page_number=pick(("right", "right", "centre", "of", "dashes", "none")),
            hyphenation=pick(("none", "none", "soft", "hard")),
            break_compounds=chance() < 0.6,
            ligatures=chance() < 0.3,
            other_wording=chance() < 0.3,
            size=dice.randint(2, 7),
            framework=pick(("columns", "columns", "stacked")),
            pillars=pick((2, 2, 3)),
            pillar_head=pick(("band", "bold", "underline")),
            top=pick(("row", "stack", "grid")),
            top_heading=pick(("inside", "band")),
            top_frames=chance() < 0.7,
            measure_group=pick(("underline", "bold", "colour")),
            bullet=pick(("•", "·", "○", "◦", "–", "➢", "✓", "●", DOT)),
            sub_mark=pick(("–", "-", "·", "◦", "")),
            bill=pick(("grid", "rules", "zebra")),
            bill_part=chance() < 0.5,
            roster_columns=dice.randint(1, 4),
            roster_by_column=chance() < 0.5,
            roster_bullet=pick(("", "", "•", "■", "-")),
            roster_head=pick(("band", "bold", "underline")),
            director=pick(("right", "left", "below")),
            organization_columns=dice.randint(1, 2),
            category_head=pick(("band", "rounded", "line", "bar")),
            category_amount=pick(("right", "right", "after")),
            frames=chance() < 0.6,
            group_head=pick(("underline", "bold", "colour")),
            group_mark=pick(("", "", "■", "◆", "●", "【】")),
            item_bullet=pick(("•", "·", "●", "○", "◦", "–", "-", "➢", "✓", DOT, "")),
            safety=pick(("instead", "behind")),
            new_place=pick(("name", "name", "amount")),
            new_coloured=chance() < 0.5,
            amounts=pick(("right", "right", "columns", "leaders", "inline")),
            amount_line=pick(("last", "last", "first", "middle")),
            tight=pick(("glue", "below", "reserve")),
            leader=pick((".", ". ", "·", "…")),
            columns=pick((2, 2, 2, 3)),
            overflow=pick(("top", "top", "below")),
            category_order=tuple(category_order),
            share=pick((0.42, 0.5, 0.58)),
            notes=pick(("column", "bottom", "footnote")),
            stated=pick(("line", "lines", "box")),
            statement_first=chance() < 0.4,
            chart=pick(("stacked", "grouped")),
            horizontal=chance() < 0.2,
            labels=pick(("inside", "above")),
            ticks=chance() < 0.7,
            gridlines=chance() < 0.6,
            legend=pick(("right", "below", "above")),
            unit=pick(("title", "axis")),
            millions=chance() < 0.15,
        )
    )
