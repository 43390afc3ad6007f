"""Text out of a document, made safe to show on a terminal: nothing in it can move the cursor, set a title or turn text round.

Data that is written to files or piped on (CSV, JSON) stays as it is: there it must be exact.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]")
"""The controls of ISO 6429 but for tab and line feed, and the characters that turn the direction of text round (UAX #9)."""


def printable(text: str) -> str:
    """`text` with each control character replaced by one that is seen, U+FFFD."""
    return _CONTROL.sub("\ufffd", text)


def file_name(path: Path) -> str:
    """A file's name; what is no UTF-8 in it comes as stray halves of surrogates, which can be written nowhere, and is "?"."""
    return path.name.encode("utf-8", "replace").decode()


def printable_line(text: str) -> str:
    """As `printable`, and without line feeds: what must stay on one line, such as an error."""
    return printable(text.replace("\n", "\r"))
