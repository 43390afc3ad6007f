"""A second, independent reader of the same PDF: pdfium, in a process beside this one, which also draws the pages.

While the first reader parses, the process draws the pictures of the review page; what it is asked for later waits its turn.
Answers are taken in by a thread, so that the process never stands still because nobody listens.
"""

from __future__ import annotations

import json
import queue
import subprocess
import sys
import threading
from array import array
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

import pipeline.errors
from pipeline.errors import DamagedPdfError, PolicydeckError
from pipeline.model import Box, Glyph
from pipeline.page_image import PageImage
from pipeline.reading.pdfium_program import SCALE

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

SECONDS_A_REQUEST = 120
"""The process is given up after so long without an answer, and after `SECONDS_A_PAGE` more for each page asked for."""

SECONDS_A_PAGE = 10

_Answer = tuple[dict[str, Any], list[bytes]]
"""The line of JSON and the bytes that followed it."""

_NOTHING: _Answer = ({}, [])

_ROOT = str(Path(pipeline.errors.__file__).parents[1])
"""Where the package is found, so that the process runs the same one whatever its folder or environment."""

_PROGRAM = "import sys; sys.path.insert(0, sys.argv[1]); from pipeline.reading.pdfium_program import main; main()"


class SecondReader:
    """pdfium at work on one PDF; a context manager, which ends the process.

    A process that fails answers nothing from then on: `characters` gives None, `pictures` raises DamagedPdfError.
    """

    def __init__(self, path: Path, password: str | None = None, *, with_pictures: bool = False) -> None:
        self._request = {"path": str(path.absolute()), "password": password}
        self._name = path.name
        # -P keeps the folder that the user stands in out of the module path.
        self._process = subprocess.Popen(  # noqa: S603 - this interpreter, and a program that is a constant
            [sys.executable, "-P", "-c", _PROGRAM, _ROOT],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )
        self._answers: dict[str, queue.Queue[_Answer]] = {"pictures": queue.Queue(), "characters": queue.Queue()}
        self._listener = threading.Thread(target=self._listen, daemon=True)
        self._listener.start()
        self._pictures: _Answer | None = None
        self._drawing = with_pictures
        self._prepared: list[int] = []
        self.length = 0
        """How many pages the document has, once that is known: drawing a long one takes longer."""
        if with_pictures:
            self._ask({"do": "pictures"})

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._process.kill()
        self._process.wait()
        self._listener.join()
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                with suppress(OSError):  # what was asked of a process that has ended cannot be sent any more
                    pipe.close()

    def characters(self, pages: Iterable[int]) -> Mapping[int, tuple[Glyph, ...]] | None:
        """The characters of the given pages; None where the process failed, which the caller must report.

        Boxes are upright, in points from the top left corner of what is shown, as in `pipeline.model`.
        """
        wanted = sorted(set(pages))
        if not wanted:
            return {}
        if wanted != self._prepared:
            self.prepare(wanted)
        self._prepared = []
        header, blocks = self._answer("characters", len(wanted))
        if "entries" not in header:
            return None
        pairs = zip(blocks[::2], blocks[1::2], strict=True)
        return {e["page"]: _glyphs(*pair) for e, pair in zip(header["entries"], pairs, strict=True)}

    def prepare(self, pages: Iterable[int]) -> None:
        """Let the process read the characters of these pages already; `characters` is to ask for the same ones next."""
        if self._prepared:
            raise ValueError(f"the characters of pages {self._prepared} have not been taken yet")
        self._prepared = sorted(set(pages))
        if self._prepared:
            self._ask({"do": "characters", "pages": self._prepared})

    def pictures(self) -> tuple[PageImage, ...]:
        """Every page as `render_pages` draws it, with the same errors."""
        if not self._drawing:
            self._drawing = True
            self._ask({"do": "pictures"})
        if self._pictures is None:
            self._pictures = self._answer("pictures", 0)
        header, blocks = self._pictures
        if "error" in header:
            kind, message, advice = header["error"]
            raise getattr(pipeline.errors, kind, PolicydeckError)(message, advice)
        if "entries" not in header:
            raise DamagedPdfError(
                f"{self._name}: pdfium failed while drawing its pages.",
                "Download it again, or repair it with a PDF tool.",
            )
        return tuple(
            PageImage(e["page"], e["width"], e["height"], e["media_type"], data)
            for e, data in zip(header["entries"], blocks, strict=True)
        )

    def _ask(self, request: dict[str, Any]) -> None:
        stdin = self._process.stdin
        try:
            if stdin is not None:
                stdin.write(json.dumps({**self._request, **request}).encode() + b"\n")
                stdin.flush()
        except OSError:
            return  # the process has ended: its answer will be empty

    def _answer(self, kind: str, pages: int) -> _Answer:
        """The next answer of a kind; an empty one where the process has ended or takes too long, and then for good."""
        try:
            answer = self._answers[kind].get(timeout=SECONDS_A_REQUEST + SECONDS_A_PAGE * (pages + self.length))
        except queue.Empty:
            self._process.kill()
            answer = _NOTHING
        if answer is _NOTHING:
            self._answers[kind].put(_NOTHING)
        return answer

    def _listen(self) -> None:
        """Takes in each answer as it comes, until the process ends or is cut off in the middle of one."""
        stdout = self._process.stdout
        try:
            while stdout is not None and (line := stdout.readline()):
                header = json.loads(line)
                blocks = [stdout.read(size) for size in header["sizes"]]
                if [len(block) for block in blocks] != header["sizes"]:
                    break
                self._answers[header["do"]].put((header, blocks))
        except (OSError, ValueError, KeyError, TypeError):
            pass  # what came was no answer, and nothing after it can be one
        for answers in self._answers.values():
            answers.put(_NOTHING)


def second_reading(
    path: Path, pages: Iterable[int], password: str | None = None
) -> Mapping[int, tuple[Glyph, ...]] | None:
    """Pdfium's characters of the given pages by a process of their own; None where it fails."""
    with SecondReader(path, password) as reader:
        return reader.characters(pages)


def _glyphs(codes: bytes, corners: bytes) -> tuple[Glyph, ...]:
    points, edges = array("i"), array("i")
    points.frombytes(codes)
    edges.frombytes(corners)
    boxes = zip(*[iter(edges)] * 4, strict=True)
    return tuple(
        Glyph(chr(code), Box(x0 / SCALE, top / SCALE, x1 / SCALE, bottom / SCALE))
        for code, (x0, top, x1, bottom) in zip(points, boxes, strict=True)
    )
