"""The tolerances that geometry is judged with, found in the source, and a way to move them for the length of a test.

A tolerance is a decimal number with a name of its own (`WORD_GAP = 0.14`) in a module that reads or lays out a page. A
module that imports the name holds a copy of its own, so a tolerance is moved wherever it is bound.
"""

from __future__ import annotations

import ast
import importlib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    import pytest

_ROOT = Path(__file__).parents[1]
_PACKAGES = ("pipeline/reading", "pipeline/layout", "pipeline/extractors")


@dataclass(frozen=True, order=True)
class Tolerance:
    """One tolerance: the module that defines it, its name and its value, and every module that binds that name."""

    module: str
    name: str
    value: float
    bound_in: tuple[str, ...]

    def __str__(self) -> str:
        return f"{self.module.removeprefix('pipeline.')}.{self.name}"


@cache
def all_tolerances() -> tuple[Tolerance, ...]:
    """Every tolerance of reading, layout and extractors, by module and name."""
    trees = {_module_name(path): ast.parse(path.read_text(encoding="utf-8")) for path in _modules()}
    defined = {(module, name): value for module, tree in trees.items() for name, value in _decimals(tree)}
    bound: dict[tuple[str, str], set[str]] = {key: {key[0]} for key in defined}
    for module, tree in trees.items():
        for key in _imported(tree):
            if key in bound:
                bound[key].add(module)
    return tuple(
        Tolerance(module, name, value, tuple(sorted(bound[module, name])))
        for (module, name), value in sorted(defined.items())
    )


def move(monkeypatch: pytest.MonkeyPatch, tolerances: Iterable[Tolerance], factor: float) -> None:
    """Multiply each of `tolerances` by `factor`, until the test ends."""
    for tolerance in tolerances:
        for module in tolerance.bound_in:
            monkeypatch.setattr(importlib.import_module(module), tolerance.name, tolerance.value * factor)


def _modules() -> list[Path]:
    return sorted(path for package in _PACKAGES for path in (_ROOT / package).glob("*.py"))


def _module_name(path: Path) -> str:
    return ".".join(path.relative_to(_ROOT).with_suffix("").parts)


def _decimals(tree: ast.Module) -> list[tuple[str, float]]:
    return [
        (target.id, statement.value.value)
        for statement in tree.body
        if isinstance(statement, ast.Assign) and isinstance(statement.value, ast.Constant)
        for target in statement.targets
        if isinstance(target, ast.Name) and target.id.isupper() and isinstance(statement.value.value, float)
    ]


def _imported(tree: ast.Module) -> list[tuple[str, str]]:
    return [
        (statement.module, alias.name)
        for statement in tree.body
        if isinstance(statement, ast.ImportFrom) and statement.module
        for alias in statement.names
        if alias.asname is None
    ]
