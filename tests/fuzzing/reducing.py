"""A finding made small: `python -m tests.fuzzing.reducing FILE [OUT]` leaves out what it does not need to be the same finding.

The same finding is the same exception from the same line. Objects are left out, then lines of what is drawn, in halves and
halves of halves as long as that helps.
"""

from __future__ import annotations

import re
import sys
import traceback
from pathlib import Path
from typing import TYPE_CHECKING

from tests.fuzzing.targets import reading

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence


def finding(data: bytes) -> tuple[str, str, int] | None:
    """What an input raises: the exception's name, the file and the line; None where it raises nothing."""
    try:
        reading(data)
    except Exception as error:
        last = traceback.extract_tb(error.__traceback__)[-1]
        return type(error).__name__, last.filename, last.lineno or 0
    return None


def _without(parts: Sequence[bytes], holds: Callable[[bytes], bool]) -> list[bytes]:
    """The parts without as many as can be left out, tried in ever smaller runs."""
    kept, size = list(parts), max(len(parts) // 2, 1)
    while size:
        place = 0
        while place < len(kept):
            fewer = kept[:place] + kept[place + size :]
            if holds(b"".join(fewer)):
                kept = fewer
            else:
                place += size
        size //= 2
    return kept


def _objects(data: bytes) -> list[bytes]:
    """The bytes cut before every object."""
    return re.split(rb"(?<=\n)(?=\d+ \d+ obj\b)", data)


def reduced(data: bytes) -> bytes:
    """The smallest input found that is the same finding. Raises ValueError where `data` is none."""
    wanted = finding(data)
    if wanted is None:
        raise ValueError("this input raises nothing")

    def holds(smaller: bytes) -> bool:
        return finding(smaller) == wanted

    data = b"".join(_without(_objects(data), holds))
    return b"".join(_without(data.splitlines(keepends=True), holds))


def main() -> None:
    """Reduce a file in place, or into another."""
    source, *more = map(Path, sys.argv[1:])
    data = source.read_bytes()
    small = reduced(data)
    (more[0] if more else source).write_bytes(small)
    sys.stdout.write(f"{len(data)} bytes became {len(small)}\n")


if __name__ == "__main__":
    main()
