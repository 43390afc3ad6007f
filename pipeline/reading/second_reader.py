"""A second, independent reader of the same PDF: pdfium, in a process beside this one, which also draws the pages.

While the first reader parses, the process draws the pictures of the review page; what it is asked for later waits its turn.
"""

from __future__ import annotations

import json
import subprocess
import sys
import threading
from array import array
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
        self._pictures: tuple[dict[str, Any], list[bytes]] | None = None
        self._pictures_due = with_pictures
        if with_pictures:
            self._ask({"do": "pictures"})

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._process.kill()
        self._process.communicate()

    def characters(self, pages: Iterable[int]) -> Mapping[int, tuple[Glyph, ...]] | None:
        """The characters of the given pages; None where the process failed, which the caller must report.

        Boxes are upright, in points from the top left corner of what is shown, as in `pipeline.model`.
        """
        wanted = sorted(set(pages))
        if not wanted:
            return {}
        self._take_pictures()
        self._ask({"do": "characters", "pages": wanted})
        header, blocks = self._answer(len(wanted))
        if "entries" not in header:
            return None
        pairs = zip(blocks[::2], blocks[1::2], strict=True)
        return {e["page"]: _glyphs(*pair) for e, pair in zip(header["entries"], pairs, strict=True)}

    def pictures(self) -> tuple[PageImage, ...]:
        """Every page as `render_pages` draws it, with the same errors."""
        if self._pictures is None and not self._pictures_due:
            self._pictures_due = True
            self._ask({"do": "pictures"})
        self._take_pictures()
        header, blocks = self._pictures or ({}, [])
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

    def _take_pictures(self) -> None:
        """Answers come in the order of the requests, so pictures that were asked for are taken before anything else."""
        if self._pictures_due and self._pictures is None:
            self._pictures = self._answer(0)

    def _ask(self, request: dict[str, Any]) -> None:
        stdin = self._process.stdin
        try:
            if stdin is not None:
                stdin.write(json.dumps({**self._request, **request}).encode() + b"\n")
                stdin.flush()
        except OSError:
            return  # the process has ended: its answer will be empty

    def _answer(self, pages: int) -> tuple[dict[str, Any], list[bytes]]:
        """The next answer; an empty one where the process has ended or takes too long."""
        stdout = self._process.stdout
        if stdout is None:
            return {}, []
        patience = threading.Timer(SECONDS_A_REQUEST + SECONDS_A_PAGE * pages, self._process.kill)
        patience.daemon = True
        patience.start()
        try:
            header = json.loads(stdout.readline() or b"{}")
            blocks = [stdout.read(size) for size in header.get("sizes", ())]
        except ValueError:
            return {}, []  # cut off in the middle
        finally:
            patience.cancel()
        whole = [len(block) for block in blocks] == header.get("sizes", [])
        return (header, blocks) if whole else ({}, [])


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
