"""pdfium as a program of its own: pictures of a PDF's pages, and their characters by a second, independent reader.

It is a process because pdfium is not safe in threads, because a crash of it must not take the run with it, and because it
can work while the first reader does. `second_reader` starts it and knows what to ask.

Requests are lines of JSON on standard input, answered in turn on standard output: a line of JSON, whose `sizes` tell how many
bytes follow it. No code travels in either direction. The program ends where its input does.
"""

from __future__ import annotations

import ctypes
import json
import sys
from array import array
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

from pipeline.errors import PolicydeckError

if TYPE_CHECKING:
    from collections.abc import Iterator

SCALE = 100
"""Device units a point: pdfium maps to whole device units, so a hundredth of a point is kept."""

HYPHEN_AT_LINE_END = 2
"""What pdfium gives instead of the code point of a hyphen that breaks a word over two lines."""

_Placed = tuple[int, tuple[int, int, int, int]]
"""A code point and its box: x0, top, x1, bottom in device units."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What one request is answered with: entries for the line of JSON, and the bytes that follow it."""

    entries: list[dict[str, Any]]
    blocks: list[bytes]


def characters(path: Path, password: str | None, pages: list[int]) -> Answer:
    """The characters of each page: an entry with its number; code points, then x0, top, x1, bottom in device units of each.

    Boxes are upright, in hundredths of a point from the top left corner of what is shown. Both blocks are arrays of C ints.
    """
    import pypdfium2

    entries: list[dict[str, Any]] = []
    blocks: list[bytes] = []
    with closing(pypdfium2.PdfDocument(path, password=password)) as document:
        for number in pages:
            codes, boxes = array("i"), array("i")
            with closing(document[number - 1]) as page, closing(page.get_textpage()) as text:
                for code, corners in _drawn(page, text):
                    codes.append(code)
                    boxes.extend(corners)
            entries.append({"page": number})
            blocks += [codes.tobytes(), boxes.tobytes()]
    return Answer(entries, blocks)


def _drawn(page: Any, text: Any) -> Iterator[_Placed]:
    """Each character that the page draws, spaces left out: its code point and its box in device units.

    The letters of a ligature, to which pdfium gives one box, share it in equal parts from left to right.
    """
    ligature: list[_Placed] = []
    before = -1
    for index, placed in _placed(page, text):
        if not ligature or placed[1] != ligature[0][1] or not _drawn_together(text, before, index):
            yield from _side_by_side(ligature)
            ligature = []
        ligature.append(placed)
        before = index
    yield from _side_by_side(ligature)


def _placed(page: Any, text: Any) -> Iterator[tuple[int, _Placed]]:
    """Pdfium's characters with their indices and their boxes as it gives them."""
    from pypdfium2 import raw

    width, height = page.get_size()
    size = (round(width * SCALE), round(height * SCALE))
    x, y = ctypes.c_int(), ctypes.c_int()

    def on_device(across: float, up: float) -> tuple[int, int]:
        raw.FPDF_PageToDevice(page, 0, 0, *size, 0, across, up, ctypes.byref(x), ctypes.byref(y))
        return x.value, y.value

    box = raw.FS_RECTF()
    for index in range(text.count_chars()):
        code = raw.FPDFText_GetUnicode(text, index)
        if code == HYPHEN_AT_LINE_END and raw.FPDFText_IsHyphen(text, index) == 1:
            code = ord("-")
        if not code or chr(code).isspace() or raw.FPDFText_IsGenerated(text, index) == 1:
            continue
        if not raw.FPDFText_GetLooseCharBox(text, index, box):
            continue  # a character without a place is nowhere to be compared
        (ax, ay), (bx, by) = on_device(box.left, box.bottom), on_device(box.right, box.top)
        yield index, (code, (min(ax, bx), min(ay, by), max(ax, bx), max(ay, by)))


def _drawn_together(text: Any, one: int, other: int) -> bool:
    """Whether one text object draws both characters: then they are no doubles, drawn twice to look bold."""
    from pypdfium2 import raw

    drawn = [ctypes.cast(raw.FPDFText_GetTextObject(text, n), ctypes.c_void_p).value for n in (one, other)]
    return drawn[0] is not None and drawn[0] == drawn[1]


def _side_by_side(letters: list[_Placed]) -> Iterator[_Placed]:
    for n, (code, (x0, top, x1, bottom)) in enumerate(letters):
        step = (x1 - x0) / len(letters)
        yield code, (round(x0 + n * step), top, round(x0 + (n + 1) * step), bottom)


def pictures(path: Path, password: str | None) -> Answer:
    """Every page as a picture: an entry with its number, size in points and media type, and the image file."""
    from pipeline.reading.rendering import render_pages

    rendered = render_pages(path, password=password)
    entries: list[dict[str, Any]] = [
        {"page": p.page, "width": p.width, "height": p.height, "media_type": p.media_type} for p in rendered
    ]
    return Answer(entries, [p.data for p in rendered])


def answer(request: dict[str, Any]) -> Answer:
    """What a request asks for: `{"do": "pictures"}` or `{"do": "characters", "pages": [...]}`, each with path and password."""
    path, password = Path(request["path"]), request["password"]
    if request["do"] == "pictures":
        return pictures(path, password)
    return characters(path, password, request["pages"])


def serve(requests: BinaryIO, answers: BinaryIO) -> None:
    """Answers every request in turn. An error that a user may meet is an answer; any other ends the program."""
    for line in requests:
        request = json.loads(line)
        header: dict[str, Any] = {"do": request["do"]}
        try:
            given = answer(request)
        except PolicydeckError as error:
            given = Answer([], [])
            header["error"] = [type(error).__name__, error.message, error.advice]
        else:
            header["entries"] = given.entries
        header["sizes"] = [len(block) for block in given.blocks]
        answers.write(json.dumps(header).encode() + b"\n")
        answers.writelines(given.blocks)
        answers.flush()


def main() -> None:
    """Serves standard input and output; what a library prints goes to standard error."""
    answers = sys.stdout.buffer
    sys.stdout = sys.stderr
    serve(sys.stdin.buffer, answers)


if __name__ == "__main__":
    main()
