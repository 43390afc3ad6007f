"""How often Python looks for garbage while a document is read."""

from __future__ import annotations

import gc
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

YOUNG_OBJECTS = 200_000
"""So many new objects are waited for before a search: some tens of megabytes. Python's own 700 make a search of every slide's
worth of glyphs many times over, all of which are kept; a sixth of a run's time went there."""


@contextmanager
def rare_collections() -> Iterator[None]:
    """Search for garbage rarely while this is open; what was set before is set again."""
    before = gc.get_threshold()
    gc.set_threshold(max(YOUNG_OBJECTS, before[0]) if before[0] else 0, *before[1:])
    try:
        yield
    finally:
        gc.set_threshold(*before)
