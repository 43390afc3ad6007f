"""The folder that a process stands in, which relative paths start from."""

from __future__ import annotations

from pathlib import Path


def current_folder() -> str:
    """The folder that this process stands in; empty where it was removed, and relative paths mean nothing any more."""
    try:
        return str(Path.cwd())
    except OSError:
        return ""
