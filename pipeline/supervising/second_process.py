"""A process beside the one that reads a document: it draws the pages, and has other libraries read them a second time.

The two share the work on two cores. The second is a child of the first, has the same limits, and ends with it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from pipeline.errors import EngineError, PolicydeckError
from pipeline.printable import file_name
from pipeline.supervising.jobs import Failure
from pipeline.supervising.losses import Loss
from pipeline.supervising.memory import memory_of
from pipeline.supervising.process import SECOND_PROGRAM, ChildProcess, Ended
from pipeline.supervising.second_messages import (
    Message,
    cells_of,
    pictures_of,
    question_of_glyphs,
    second_reading_of,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    from pipeline.limits import Limits
    from pipeline.model import Box
    from pipeline.page_image import PageImage
    from pipeline.reading.lattice import LatticeCell
    from pipeline.reading.second_reader import SecondReading

T = TypeVar("T")


class SecondProcess:
    """`reading.beside.Beside` by a process. It works on several questions by turns; answers are taken in any order.

    What gives an answer waits for it without end: whoever supervises the process that asks looks at the clock. It raises
    PolicydeckError where the work failed, or the process was lost or said what is no answer.
    """

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._child: ChildProcess | None = None
        self._questions = 0
        self._parts: dict[int, list[Message]] = {}
        """What came for each question of this document."""
        self._open: set[int] = set()
        """The questions that are not answered to the end."""
        self._losses: dict[int, Loss] = {}
        """What is to be said of the process should it be lost in the middle of a question."""
        self._at = 0
        """The question that it works on."""
        self._lost: PolicydeckError | None = None
        """Why no answer can come any more."""

    def start(self) -> bool:
        """Be ready for a document's questions: start the process if none runs, without waiting until it listens.

        False where the system has no room for one.
        """
        self.drop_questions()
        self._lost = None
        if self._child is not None and not self._child.is_alive:
            self.close()
        if self._child is None:
            try:
                self._child = ChildProcess(self._limits, SECOND_PROGRAM)
            except EngineError:
                return False
        return True

    def drop_questions(self) -> None:
        """End the process if it still works on a question: nobody wants the answer any more."""
        if self._open:
            self.close(kill=True)
        self._parts.clear()
        self._open.clear()
        self._losses.clear()

    def close(self, *, kill: bool = False) -> int:
        """End the process, if there is one, and give its exit status."""
        child, self._child = self._child, None
        return 0 if child is None else child.close(kill=kill)

    def memory(self) -> dict[str, int]:
        """Of the process, as `memory.memory_of`; empty where there is none."""
        return {} if self._child is None else memory_of(self._child.pid)

    def pictures(self, path: Path, pages: int, password: str | None = None) -> Callable[[], Sequence[PageImage]]:
        """As `rendering.render_pages`."""
        return self._ask(pictures_of, path, password, pages, stage="drawing", what="pictures")

    def cells(
        self, path: Path, page: int, height: float, password: str | None = None
    ) -> Callable[[], Sequence[LatticeCell]]:
        """As `lattice.lattice_cells`."""
        return self._ask(cells_of, path, password, 1, what="cells", page=page, height=height)

    def glyphs(
        self, path: Path, boxes: Mapping[int, Sequence[Box]], password: str | None = None, *, thorough: bool = False
    ) -> Callable[[], SecondReading]:
        """As `second_reader.second_reading`."""
        question = question_of_glyphs(boxes, thorough=thorough)
        return self._ask(second_reading_of, path, password, len(boxes), what="glyphs", **question)

    def _ask(
        self,
        read: Callable[[list[Message]], T],
        path: Path,
        password: str | None,
        pages: int,
        stage: str = "checking",
        **question: object,
    ) -> Callable[[], T]:
        """Ask about so many pages of a document; `read` makes the answer of its parts."""
        if self._child is None:
            raise RuntimeError("no process was started")
        place = file_name(path)
        if "page" in question:
            place = f"{place}, page {question['page']}"
        self._questions = number = self._questions + 1
        self._parts[number] = []
        self._open.add(number)
        self._losses[number] = Loss(place, stage, {}, self._limits)
        about = {"path": str(path), "password": password, "pages": pages, "place": place, "stage": stage}
        self._child.say({"number": number, **about, **question})
        return lambda: self._answer(number, read)

    def _answer(self, number: int, read: Callable[[list[Message]], T]) -> T:
        failure = None
        try:
            while number in self._open:
                self._take(self._heard(number))
            parts = self._parts.pop(number)
            if parts and "failure" in parts[-1]:
                failure = Failure.of_json(parts[-1]["failure"])
            else:
                return read(parts)
        except (ValueError, TypeError) as wrong:
            self.close(kill=True)
            self._lost = self._losses[number].ended(0, str(wrong))
            raise self._lost from None
        raise failure.as_error()

    def _take(self, message: Message) -> None:
        number = message.pop("to", None)
        if type(number) is not int or number not in self._open:
            raise ValueError(f"nobody asked {str(number)[:20]}")
        if "begins" in message:
            self._at = number
        elif "last" in message:
            self._open.remove(number)
        else:
            self._parts[number].append(message)

    def _heard(self, number: int) -> Message:
        """The next message, for somebody who waits for the answer to a question."""
        if self._lost is not None:
            raise self._lost
        if self._child is None:
            raise RuntimeError("no process was started")
        try:
            return self._child.hear()
        except Ended as ended:
            child, self._child = self._child, None
            loss = self._losses.get(self._at) or self._losses[number]
            self._lost = loss._replace(memory=child.memory).ended(*child.close_after(ended))
            raise self._lost from None
