"""policydeck: government policy slide decks as tables that can be trusted, compared and loaded.

    >>> import pipeline
    >>> edition = pipeline.open_edition("2025")
    >>> edition.tables["budget_items"], edition.budget

The names below are imported when they are first used, so that `import pipeline` costs nothing.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pipeline.adding import add_source
    from pipeline.cross_edition import series
    from pipeline.diffing import diff_editions
    from pipeline.editions import find_edition, list_editions, open_edition, read_checks, read_rows
    from pipeline.loading import load_edition, load_editions

__version__ = "0.1.0"

__all__ = [
    "__version__",
    "add_source",
    "diff_editions",
    "find_edition",
    "list_editions",
    "load_edition",
    "load_editions",
    "open_edition",
    "read_checks",
    "read_rows",
    "series",
]

_HOMES = {
    "add_source": "pipeline.adding",
    "diff_editions": "pipeline.diffing",
    "find_edition": "pipeline.editions",
    "list_editions": "pipeline.editions",
    "load_edition": "pipeline.loading",
    "load_editions": "pipeline.loading",
    "open_edition": "pipeline.editions",
    "read_checks": "pipeline.editions",
    "read_rows": "pipeline.editions",
    "series": "pipeline.cross_edition",
}


def __getattr__(name: str) -> object:
    """A public name from the module that it lives in."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(importlib.import_module(_HOMES[name]), name)
