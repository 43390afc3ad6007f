"""Titled tables for a terminal, with rich."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

from pipeline.printable import printable

if TYPE_CHECKING:
    from rich.console import Console

    from pipeline.drawing.sections import Section, Tone, View

_STYLES: dict[Tone, str] = {"plain": "", "added": "green", "removed": "red", "changed": "yellow", "faint": "dim"}
DEFAULT_WIDTH = 110
"""Columns, where the caller does not know the terminal's."""


def draw_terminal(shown: View, *, width: int | None = None, colour: bool = False) -> str:
    """`shown` as text with box drawing, `width` columns wide, with ANSI colours where `colour` is set."""
    from rich.console import Console
    from rich.text import Text

    console = Console(
        file=io.StringIO(),
        width=width or DEFAULT_WIDTH,
        force_terminal=colour,
        color_system="standard" if colour else None,
        legacy_windows=False,
        emoji=False,
        markup=False,
        highlight=False,
        # What is not set here rich would take from the environment, and the same content would print differently.
        _environ={},
    )
    with console.capture() as capture:
        console.print(Text(printable(shown.title), style="bold"))
        console.print(Text(printable(shown.summary)))
        for section in shown.sections:
            console.print()
            _print_section(console, section)
    return "\n".join(line.rstrip() for line in capture.get().splitlines()) + "\n"


def _print_section(console: Console, section: Section) -> None:
    from rich import box
    from rich.table import Table
    from rich.text import Text

    console.print(Text(printable(section.title), style="bold"))
    if section.note:
        console.print(Text(printable(section.note), style="dim"))
    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, padding=(0, 1), header_style="bold", expand=False)
    for n, column in enumerate(section.columns):
        flush_right = n in section.numeric
        table.add_column(
            Text(printable(column)),
            justify="right" if flush_right else "left",
            overflow="fold",
            no_wrap=flush_right or n in section.whole,
        )
    for row in section.rows:
        table.add_row(*(Text(printable(cell.text), style=_STYLES[cell.tone]) for cell in row))
    console.print(table)
