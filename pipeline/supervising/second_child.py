"""The program of the second process: it does what a line of standard input asks for, and answers.

Each part of an answer has the number of its question, and so has the line that says that it was the last one. Limits are
set before anything is read.
"""

from __future__ import annotations

import sys
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.memory import rare_collections
from pipeline.supervising.bounds import bound_cpu, cpu_seconds, give_back_memory
from pipeline.supervising.jobs import Failure
from pipeline.supervising.losses import Loss
from pipeline.supervising.memory import memory_of
from pipeline.supervising.pipes import Pipes, begin
from pipeline.supervising.second_messages import (
    Message,
    boxes_asked,
    parts_of_cells,
    parts_of_glyphs,
    parts_of_pictures,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from pipeline.limits import Limits


def main(limits: str, parent: str) -> None:
    """Answer the questions of standard input until it ends."""
    # camelot loads pandas, and that pyarrow where it is there, which has no use here and takes 35 MB.
    sys.modules["pyarrow"] = None  # type: ignore[assignment]
    pipes, bounds = begin(limits, parent)
    # Loaded while nobody asks yet.
    import pipeline.reading.rendering
    import pipeline.reading.second_reader  # noqa: F401

    with rare_collections():
        for question in pipes:
            _answer(question, pipes, bounds)


def _answer(question: Message, pipes: Pipes, bounds: Limits) -> None:
    """Answer one question; what is asked while pages are drawn is answered between them, since somebody waits for it sooner."""
    number, seconds = question["number"], bounds.page_seconds * (question["pages"] + 1)
    since = cpu_seconds()
    bound_cpu(since, seconds)
    try:
        for part in _DONE[question["what"]](Path(question["path"]), question):
            pipes.send({"to": number, **part})
            # Of other answers the next question can wait: one within the other they would be too deep.
            for other in pipes.waiting() if question["what"] == "pictures" else ():
                before = cpu_seconds()
                _answer(other, pipes, bounds)
                since += cpu_seconds() - before
                bound_cpu(since, seconds)
    except Exception as error:
        loss = Loss(question["place"], question["stage"], memory_of(), bounds)
        pipes.send({"to": number, "failure": asdict(Failure.of(loss.raised(error)))})
    pipes.send({"to": number, "last": True})
    if question["what"] == "pictures":
        give_back_memory()


def _pictures(path: Path, question: Message) -> Iterator[Message]:
    from pipeline.reading.rendering import drawn_pages

    return parts_of_pictures(drawn_pages(path, password=question["password"]))


def _cells(path: Path, question: Message) -> Iterator[Message]:
    from pipeline.reading.lattice import lattice_cells

    return parts_of_cells(lattice_cells(path, question["page"], question["height"], question["password"]))


def _glyphs(path: Path, question: Message) -> Iterator[Message]:
    from pipeline.reading.second_reader import second_reading

    boxes = boxes_asked(question)
    return parts_of_glyphs(second_reading(path, boxes, question["password"], thorough=question["thorough"]))


_DONE: Mapping[str, Callable[[Path, Message], Iterator[Message]]] = {
    "pictures": _pictures,
    "cells": _cells,
    "glyphs": _glyphs,
}
