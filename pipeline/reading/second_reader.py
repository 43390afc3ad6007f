"""A second, independent reader of the same page: pdfium, in a child process."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import TYPE_CHECKING

from pipeline.model import Box, Glyph

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

SECONDS_A_PAGE = 60
"""The child is given up after so many seconds for each page."""


def second_reading(
    path: Path, pages: Iterable[int], password: str | None = None
) -> Mapping[int, tuple[Glyph, ...]] | None:
    """Pdfium's characters of the given pages; None where the child process fails, which the caller must report.

    Boxes are upright, in points from the top left corner of what is shown, as in `pipeline.model`.
    """
    wanted = sorted(set(pages))
    if not wanted:
        return {}
    request = json.dumps({"path": str(path), "pages": wanted, "password": password})
    try:
        done = subprocess.run(
            [sys.executable, "-m", "pipeline.reading.pdfium_characters"],
            input=request,
            capture_output=True,
            text=True,
            check=True,
            timeout=SECONDS_A_PAGE * len(wanted),
        )
    except (subprocess.CalledProcessError, subprocess.TimeoutExpired):
        return None
    found = json.loads(done.stdout)
    return {
        int(page): tuple(Glyph(text, Box(x0, top, x1, bottom)) for text, x0, top, x1, bottom in listed)
        for page, listed in found.items()
    }
