"""Titled tables as Markdown: headings and pipe tables (GitHub Flavored Markdown), every text escaped."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pipeline.drawing.sections import Section, View

_SPECIAL = re.compile(r"([\\`*_{}\[\]<>#|~$&!])")


def draw_markdown(shown: View) -> str:
    """`shown` as Markdown text. What was read from the slides shows as it is and makes no markup."""
    blocks = [f"# {_escaped(shown.title)}", _escaped(shown.summary), *(_section(s) for s in shown.sections)]
    return "\n\n".join(blocks) + "\n"


def _section(section: Section) -> str:
    rules = ["---:" if n in section.numeric else "---" for n in range(len(section.columns))]
    lines = [_line(_escaped(c) for c in section.columns), _line(rules)]
    lines += [_line(_escaped(cell.text) for cell in row) for row in section.rows]
    head = [f"## {_escaped(section.title)}"] + ([_escaped(section.note)] if section.note else [])
    return "\n\n".join([*head, "\n".join(lines)])


def _line(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _escaped(text: str) -> str:
    return _SPECIAL.sub(r"\\\1", text).replace("\r", " ").replace("\n", "<br>")
