"""A diff drawn for a terminal, as Markdown, HTML, JSON or CSV."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipeline.diffing.rendering.csv_rows import render_csv
from pipeline.diffing.rendering.json_document import render_json
from pipeline.diffing.rendering.view import view
from pipeline.drawing import draw_markdown, draw_terminal, draw_web_page

if TYPE_CHECKING:
    from pipeline.diffing.edition_diff import EditionDiff

FORMATS = ("table", "markdown", "html", "json", "csv")


def render(diff: EditionDiff, format: str, *, console_width: int | None = None, colour: bool = False) -> str:  # noqa: A002
    """`diff` in one of `FORMATS`. `console_width` (columns) and `colour` matter to `table` only.

    Raises ValueError for another format.
    """
    match format:
        case "table":
            return draw_terminal(view(diff), width=console_width, colour=colour)
        case "markdown":
            return draw_markdown(view(diff))
        case "html":
            return draw_web_page(view(diff))
        case "json":
            return render_json(diff)
        case "csv":
            return render_csv(diff)
    message = f"unknown format {format!r}: one of {', '.join(FORMATS)}"
    raise ValueError(message)
