"""YAML with line numbers: so that a misspelt key is reported with its file, line and place."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar

import yaml
from pydantic import BaseModel, ValidationError

from pipeline.errors import PolicydeckError

if TYPE_CHECKING:
    from pathlib import Path

Model = TypeVar("Model", bound=BaseModel)
Place = tuple[str | int, ...]
Failure = Callable[[str, str], PolicydeckError]
"""Makes the error of the file's kind from a message and an advice."""


_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def load(path: Path, failure: Failure) -> tuple[Any, dict[Place, int]]:
    """The file's content, and the line (from 1) of each key and list entry by its path. Raises what `failure` makes."""
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise failure(f"{path.name}: there is no such file.", "Create it, or check the folder.") from None
    except UnicodeDecodeError as error:
        raise failure(f"{path.name}: byte {error.start} is not UTF-8.", "Save the file as UTF-8.") from error
    except OSError as error:
        raise failure(
            f"{path.name}: it cannot be read ({error.strerror}).", "Check what it is and its permissions."
        ) from error
    try:
        node = yaml.compose(text, Loader=_LOADER)
        data = yaml.load(text, Loader=_LOADER)  # noqa: S506 (a safe loader, in C where there is one)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = f", line {mark.line + 1}" if mark else ""
        problem = getattr(error, "problem", None) or "it cannot be parsed"
        raise failure(f"{path.name}{line}: this is not YAML ({problem}).", "Mend the line.") from error
    lines: dict[Place, int] = {}
    if node is not None:
        _walk(node, (), lines)
    return data, lines


def _walk(node: yaml.Node, place: Place, lines: dict[Place, int]) -> None:
    lines.setdefault(place, node.start_mark.line + 1)
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            here = (*place, str(key.value))
            lines[here] = key.start_mark.line + 1
            _walk(value, here, lines)
    elif isinstance(node, yaml.SequenceNode):
        for i, item in enumerate(node.value):
            _walk(item, (*place, i), lines)


def validated(model: type[Model], data: Any, lines: dict[Place, int], path: Path, failure: Failure) -> Model:
    """`data` as `model`. Raises what `failure` makes, with the line and the key of the first thing that is wrong."""
    try:
        return model.model_validate(data)
    except ValidationError as error:
        errors = error.errors()
        # A misspelt key is also a key that is missing: what is there and should not be says more.
        first = next((e for e in errors if e["type"] == "extra_forbidden"), errors[0])
        # Names of union branches are in pydantic's location but not in the file.
        place = tuple(
            p for p in first["loc"] if not (isinstance(p, str) and re.fullmatch(r"function-.*|tagged-union.*", p))
        )
        known = place
        while known and known not in lines:
            known = known[:-1]
        where = ".".join(str(p) for p in place) or "the file"
        raise failure(
            f"{path.name}, line {lines.get(known, 1)}: {where}: {_sentence(first['type'], first['msg'])}.",
            "Check the key's spelling and value against the other files in that folder.",
        ) from None


def _sentence(kind: str, message: str) -> str:
    if kind == "extra_forbidden":
        return "there is no such key"
    if kind == "missing":
        return "this key is required"
    if kind in ("tuple_type", "list_type"):
        return "a list is expected"
    if kind in ("model_type", "dict_type", "model_attributes_type"):
        return "keys with values are expected"
    return message[:1].lower() + message[1:]
