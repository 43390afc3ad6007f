"""A diff drawn for a terminal, as Markdown, HTML, JSON or CSV."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipeline.diffing.rendering.csv_rows import render_csv
from pipeline.diffing.rendering.json_document import render_json
from pipeline.diffing.rendering.markdown import render_markdown
from pipeline.diffing.rendering.terminal import render_terminal
from pipeline.diffing.rendering.web_page import render_html

if TYPE_CHECKING:
    from pipeline.diffing.edition_diff import EditionDiff

FORMATS = ("table", "markdown", "html", "json", "csv")


def render(diff: EditionDiff, format: str, *, console_width: int | None = None, colour: bool = False) -> str:  # noqa: A002
    """`diff` in one of `FORMATS`. `console_width` (columns) and `colour` matter to `table` only.

    Raises ValueError for another format.
    """
    if format == "table":
        return render_terminal(diff, width=console_width, colour=colour)
    renderers = {"markdown": render_markdown, "html": render_html, "json": render_json, "csv": render_csv}
    if format not in renderers:
        message = f"unknown format {format!r}: one of {', '.join(FORMATS)}"
        raise ValueError(message)
    return renderers[format](diff)
