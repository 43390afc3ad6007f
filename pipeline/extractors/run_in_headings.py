"""Run-in headings: a paragraph that begins with its heading in bold, with a colon behind it ("Purpose: to promote …")."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipeline.passage import Passage, of_words

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pipeline.layout.column_lines import Line
    from pipeline.layout.outline import Entry
    from pipeline.model import Word

_COLONS = (":", "：")


def opens_run_in(line: Line) -> float | None:
    """Where the text begins behind the run-in heading that a line begins with; None where it begins with none."""
    words = _lead(line)
    return line.segments[0].words[len(words)].box.x0 if words else None


def without_run_in(entry: Entry) -> tuple[Passage, Passage, Passage] | None:
    """An entry's run-in heading, the colon behind it and the text; None where it has no such heading."""
    words = _lead(entry.lines[0])
    if not words:
        return None
    end = len(of_words(entry.lines[0].segments[0].page, words))
    passage = entry.passage
    return passage[: end - 1].strip(), passage[end - 1 : end], passage[end:].strip()


def _lead(line: Line) -> Sequence[Word]:
    """The bold words with a colon at their end that a line begins with, in front of text that is not bold."""
    words = line.segments[0].words
    bold = next((n for n, word in enumerate(words) if not word.bold), len(words))
    if line.marker is not None or not 0 < bold < len(words) or not words[bold - 1].text.endswith(_COLONS):
        return ()
    return words[:bold]
