"""The tolerances that geometry is judged with: all of them, whatever has been imported so far, and what escapes them."""

from __future__ import annotations

import ast
import importlib
from functools import cache
from pathlib import Path

from pipeline.tolerances import Tolerance, known_tolerances

_ROOT = Path(__file__).parents[1]
PLACING = frozenset(
    {
        "pipeline.reading.fonts.DEEPEST",
        "pipeline.reading.pdfium_text.CUT_OFF",
        "pipeline.reading.pdfium_runs.SAME_WIDTH",
        "pipeline.reading.pdfium_text.VERTICAL_ORIGIN",
    }
)
"""Named decimals that decide nothing: they say where the box of a glyph is set, and moving them moves every box alike."""

_PACKAGES = ("pipeline/reading", "pipeline/layout", "pipeline/extractors")


@cache
def all_tolerances() -> tuple[Tolerance, ...]:
    """Every tolerance of reading, layout and extractors, by name."""
    for path in _modules():
        importlib.import_module(_module_name(path))
    return known_tolerances()


def plain_decimals() -> list[str]:
    """Named decimal numbers of those packages that are no tolerances, so that nothing ever moves them."""
    return [
        f"{_module_name(path)}.{target.id}"
        for path in _modules()
        for statement in ast.parse(path.read_text(encoding="utf-8")).body
        if isinstance(statement, ast.Assign) and isinstance(statement.value, ast.Constant)
        for target in statement.targets
        if isinstance(target, ast.Name) and target.id.isupper() and isinstance(statement.value.value, float)
        if f"{_module_name(path)}.{target.id}" not in PLACING
    ]


def _modules() -> list[Path]:
    return sorted(path for package in _PACKAGES for path in (_ROOT / package).glob("*.py"))


def _module_name(path: Path) -> str:
    return ".".join(path.relative_to(_ROOT).with_suffix("").parts)
