"""The program of the second process: it does what a line of standard input asks for, and answers.

Each part of an answer has the number of its question, and so has the line that says that it was the last one. Limits are
set before anything is read.
"""

from __future__ import annotations

import sys
from collections import deque
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.memory import rare_collections
from pipeline.supervising.bounds import bound_cpu, cpu_seconds, give_back_memory
from pipeline.supervising.jobs import Failure
from pipeline.supervising.losses import Loss
from pipeline.supervising.memory import memory_of
from pipeline.supervising.pipes import begin
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

    urgent: deque[_Answer] = deque()
    patient: deque[_Answer] = deque()
    worked_on: _Answer | None = None
    with rare_collections():
        while True:
            came = pipes.waiting() if urgent or patient else (next(pipes),)
            for question in came:
                # Somebody waits for what libraries read before pictures have a use.
                (patient if question["what"] == "pictures" else urgent).append(_Answer(question, bounds))
            answers = urgent or patient
            if answers[0] is not worked_on:
                worked_on = answers[0]
                pipes.send({"to": worked_on.number, "begins": True})
            message = worked_on.next_message()
            pipes.send(message)
            if "last" in message:
                answers.popleft()
                if answers is patient:
                    give_back_memory()


class _Answer:
    """What is said to a question, message by message; other answers may go on in between."""

    def __init__(self, question: Message, bounds: Limits) -> None:
        self.number = question["number"]
        self._question, self._bounds = question, bounds
        self._parts: Iterator[Message] | None = None
        self._spent = 0.0
        """The processor time that this answer has had."""

    def next_message(self) -> Message:
        """The next part, or why there is none, or that there are no more."""
        question = self._question
        bound_cpu(cpu_seconds() - self._spent, self._bounds.page_seconds * (question["pages"] + 1))
        since = cpu_seconds()
        message: Message = {"last": True}
        try:
            if self._parts is None:
                self._parts = _DONE[question["what"]](Path(question["path"]), question)
            message = next(self._parts, message)
        except Exception as error:
            loss = Loss(question["place"], question["stage"], memory_of(), self._bounds)
            message = {"failure": asdict(Failure.of(loss.raised(error)))}
            self._parts = iter(())
        self._spent += cpu_seconds() - since
        return {"to": self.number, **message}


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
