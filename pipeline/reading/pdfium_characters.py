"""pdfium's characters of a PDF, as a program of its own: `python -m pipeline.reading.pdfium_characters` with JSON in and out.

It runs in a child process because pdfium is not safe in threads, and because a crash of it must not take the run with it.
"""

from __future__ import annotations

import ctypes
import json
import sys

SCALE = 100
"""Device units a point: pdfium maps to whole device units, so a hundredth of a point is kept."""


def characters(path: str, pages: list[int], password: str | None) -> dict[int, list[list[object]]]:
    """For each page number (from 1) its characters as [text, x0, top, x1, bottom], upright, in points from the top left."""
    import pypdfium2
    from pypdfium2 import raw

    found: dict[int, list[list[object]]] = {}
    document = pypdfium2.PdfDocument(path, password=password)
    try:
        for number in pages:
            page = document[number - 1]
            width, height = page.get_size()
            text = page.get_textpage()
            sizes = (round(width * SCALE), round(height * SCALE))
            listed: list[list[object]] = []
            for i in range(text.count_chars()):
                code = raw.FPDFText_GetUnicode(text, i)
                if raw.FPDFText_IsGenerated(text, i) == 1 or not code or chr(code).isspace():
                    continue
                left, bottom, right, top = text.get_charbox(i, loose=True)
                corners = [_device(raw, page, sizes, x, y) for x, y in ((left, bottom), (right, top))]
                xs, ys = sorted(c[0] for c in corners), sorted(c[1] for c in corners)
                listed.append([chr(code), xs[0], ys[0], xs[1], ys[1]])
            found[number] = listed
    finally:
        document.close()
    return found


def _device(raw: object, page: object, sizes: tuple[int, int], x: float, y: float) -> tuple[float, float]:
    out_x, out_y = ctypes.c_int(), ctypes.c_int()
    raw.FPDF_PageToDevice(page, 0, 0, *sizes, 0, x, y, ctypes.byref(out_x), ctypes.byref(out_y))  # type: ignore[attr-defined]
    return out_x.value / SCALE, out_y.value / SCALE


def main() -> None:
    """Reads {"path", "pages", "password"} from standard input and writes the characters to standard output."""
    wanted = json.load(sys.stdin)
    json.dump(characters(wanted["path"], wanted["pages"], wanted["password"]), sys.stdout)


if __name__ == "__main__":
    main()
