"""Figures through the editions drawn for a terminal, as Markdown, as a web page with bars, as JSON or as CSV."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipeline.cross_edition.rendering.csv_rows import render_csv
from pipeline.cross_edition.rendering.json_document import render_json
from pipeline.cross_edition.rendering.view import view
from pipeline.drawing import draw_markdown, draw_terminal, draw_web_page

if TYPE_CHECKING:
    from pipeline.cross_edition.series import Series

FORMATS = ("table", "markdown", "html", "json", "csv")


def render(series: Series, format: str, *, console_width: int | None = None, colour: bool = False) -> str:  # noqa: A002
    """`series` in one of `FORMATS`. `console_width` (columns) and `colour` matter to `table` only.

    Raises ValueError for another format.
    """
    match format:
        case "table":
            return draw_terminal(view(series), width=console_width, colour=colour)
        case "markdown":
            return draw_markdown(view(series))
        case "html":
            return draw_web_page(view(series, drawn=True))
        case "json":
            return render_json(series)
        case "csv":
            return render_csv(series)
    message = f"unknown format {format!r}: one of {', '.join(FORMATS)}"
    raise ValueError(message)
