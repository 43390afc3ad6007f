"""Titled tables drawn for a terminal, as Markdown and as a web page: the same content, in the same order and words."""

from __future__ import annotations

from pipeline.drawing.markdown import draw_markdown
from pipeline.drawing.sections import Cell, Section, Tone, Track, View
from pipeline.drawing.terminal import draw_terminal
from pipeline.drawing.web_page import draw_section, draw_web_page

__all__ = [
    "Cell",
    "Section",
    "Tone",
    "Track",
    "View",
    "draw_markdown",
    "draw_section",
    "draw_terminal",
    "draw_web_page",
]
