"""The summary of a run as a CSV file: one row a document, in the order of the documents."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

from pipeline.errors import OutputError

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from pipeline.many.results import DocumentResult

COLUMNS = (
    *("document", "outcome", "exit_code", "code", "message", "advice"),
    *("deck", "edition", "pages", "words", "seconds"),
)
"""The columns; all but `seconds` are the same in every run that reads the same."""


def write_summary(results: Iterable[DocumentResult], path: Path) -> None:
    """Write the summary into `path`, whole or not at all. Raises OutputError where it cannot be written."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    for r in results:
        error = ("", "", "") if r.error is None else (r.error.code, r.error.message, r.error.advice)
        row = (r.document, r.outcome, r.exit_code, *error, r.deck, r.edition, r.pages, r.words, f"{r.seconds:.3f}")
        writer.writerow([_inert(cell) for cell in row])
    staging = path.with_name(f".{path.name}.new")
    try:
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            staging.write_text(text.getvalue(), encoding="utf-8", errors="replace", newline="")
            staging.replace(path)
        finally:
            staging.unlink(missing_ok=True)
    except OSError as error:
        raise OutputError(
            f"{path} could not be written: {error.strerror or error}.", "Name another file with --summary."
        ) from error


def _inert(cell: object) -> object:
    """A text that no spreadsheet takes for a formula: a file may be called `=HYPERLINK(…).pdf`."""
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(("=", "+", "-", "@", "\t", "\r")) else cell
