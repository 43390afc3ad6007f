"""What every kind of drift is told with: a finding, and how headings, titles and editions are compared and named."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pipeline.language.folding import comparison_key
from pipeline.model import Place, Row

Tables = Mapping[str, Sequence[Row]]

_NUMBERS = re.compile(r"\d+")


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that drifted. `name` and `aspect` make the check's id, so that it can be followed through runs."""

    aspect: str
    name: str
    message: str
    sure: bool = True
    rows: tuple[Place, ...] = ()


def name_of(tables: Tables | None) -> str:
    """How an edition is called in a message: `edition 2025`; `the profile` where there is none."""
    if tables is None:
        return "the profile"
    return "edition " + text(tables["editions"][0].get("edition"))


def text(value: object) -> str:
    """A cell as text; an empty one is empty text."""
    return "" if value is None else str(value)


def masked(text: str) -> str:
    """A text for comparison in which years and other numbers are all one."""
    return _NUMBERS.sub("0", comparison_key(text))


def same(one: str, two: str) -> bool:
    """Whether two wordings are one, numbers and typography aside."""
    return masked(one) == masked(two)


def counted(number: int, noun: str) -> str:
    """A number with its noun: `1 item`, `2 items`."""
    return f"{number} {noun}{'' if number == 1 else 's'}"
