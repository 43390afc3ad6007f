"""Values that are made by the ten thousand: frozen for the type checker, and as cheap to make as a class with slots can be.

`@dataclass(frozen=True)` keeps its promise at run time by setting each field with a call of `object.__setattr__`, which
takes four times as long as setting it. Of most classes that does not matter; a box is made for every glyph of a page.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeVar, dataclass_transform

if TYPE_CHECKING:
    from collections.abc import Callable

T = TypeVar("T")


@dataclass_transform(frozen_default=True, field_specifiers=(field,))
def value(*, slots: bool = True, eq: bool = True) -> Callable[[type[T]], type[T]]:
    """A dataclass that nobody changes: mypy refuses to set a field, and equal ones have equal hashes (PEP 681).

    Without `slots` an instance can keep what it has worked out (`pipeline.cached`). Without `eq` it equals itself only.
    """
    return dataclass(slots=slots, eq=eq, unsafe_hash=eq)
