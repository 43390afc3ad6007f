"""What a person has decided about pairs: the file behind `--pairs`.

```yaml
confirmed:
  - {table: budget_items, old: group/old-name, new: group/new-name}
rejected:
  - {table: budget_items, old: group/this, new: group/that}
```

A key of several columns is written as a list. A decision stands for good: a confirmed pair is made whatever its score,
a rejected one is neither made nor proposed again.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

import yaml

from pipeline.errors import PairsError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_ENTRY = "Write each pair as {table: ..., old: ..., new: ...}, under confirmed: or rejected:."


@dataclass(frozen=True, slots=True)
class Decision:
    """One decided pair: the keys of its rows, as text. `where` is the file and line it was read from."""

    table: str
    old: tuple[str, ...]
    new: tuple[str, ...]
    where: str = ""


@dataclass(frozen=True, slots=True)
class PairDecisions:
    """The pairs that a person has confirmed and those they have rejected."""

    confirmed: tuple[Decision, ...] = ()
    rejected: tuple[Decision, ...] = ()


NO_DECISIONS = PairDecisions()


def read_pairs(path: Path) -> PairDecisions:
    """The decisions in the YAML file at `path`.

    Raises PairsError, naming file, line and key, where the file cannot be read, is no YAML, has a key that is not
    known, lacks one, or decides about a row twice.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError as error:
        raise PairsError(f"{path.name}: no such file.", "Name the file of decided pairs that you mean.") from error
    except (OSError, UnicodeDecodeError) as error:
        raise PairsError(f"{path.name}: cannot be read as UTF-8 text.", _ENTRY) from error
    try:
        root = yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise PairsError(f"{path.name}:{line}: not YAML: {error.problem}.", "Mend the line and run again.") from error
    except yaml.YAMLError as error:
        raise PairsError(f"{path.name}:1: not YAML: {error}.", "Write the file as plain UTF-8 text.") from error
    found: dict[str, list[Decision]] = {"confirmed": [], "rejected": []}
    for name, value, where in _mapping(root, path.name):
        if name not in found:
            raise PairsError(f"{where}: unknown key {name!r}.", "Only confirmed: and rejected: stand at the top.")
        if value.tag == "tag:yaml.org,2002:null":
            continue
        if not isinstance(value, yaml.SequenceNode):
            raise PairsError(f"{where}: {name} is not a list.", _ENTRY)
        found[name].extend(_decision(node, path.name) for node in value.value)
    decisions = PairDecisions(tuple(found["confirmed"]), tuple(found["rejected"]))
    refuse_contradictions(decisions)
    return decisions


def refuse_contradictions(decisions: PairDecisions) -> None:
    """Raise PairsError where a row is confirmed with two partners, or one pair is both confirmed and rejected."""
    sides = [(d.table, "old", d.old) for d in decisions.confirmed] + [
        (d.table, "new", d.new) for d in decisions.confirmed
    ]
    taken = Counter(sides)
    rejected = {(d.table, d.old, d.new) for d in decisions.rejected}
    for decision in decisions.confirmed:
        for side, key in (("old", decision.old), ("new", decision.new)):
            if taken[decision.table, side, key] > 1:
                message = f"{decision.where}: the {side} row {'/'.join(key)!r} is confirmed more than once."
                raise PairsError(message.removeprefix(": "), "Keep one of the pairs.")
        if (decision.table, decision.old, decision.new) in rejected:
            message = f"{decision.where}: the pair {'/'.join(decision.old)!r} is both confirmed and rejected."
            raise PairsError(message.removeprefix(": "), "Keep it in one of the two lists.")


def _mapping(node: yaml.Node | None, file: str) -> Iterator[tuple[str, yaml.Node, str]]:
    """The entries of a mapping: name, value, and `file:line` of the name."""
    if node is None:
        return
    if not isinstance(node, yaml.MappingNode):
        raise PairsError(f"{file}:{node.start_mark.line + 1}: not a mapping.", _ENTRY)
    seen: set[str] = set()
    for name, value in node.value:
        where = f"{file}:{name.start_mark.line + 1}"
        if not isinstance(name, yaml.ScalarNode):
            raise PairsError(f"{where}: a key that is not a word.", _ENTRY)
        if name.value in seen:
            raise PairsError(f"{where}: {name.value} stands twice.", "Put both under one.")
        seen.add(name.value)
        yield name.value, value, where


def _decision(node: yaml.Node, file: str) -> Decision:
    values: dict[str, tuple[str, ...]] = {}
    for name, value, where in _mapping(node, file):
        if name not in {"table", "old", "new"}:
            raise PairsError(f"{where}: unknown key {name!r}.", _ENTRY)
        values[name] = _key(value, name, where)
    where = f"{file}:{node.start_mark.line + 1}"
    for name in ("table", "old", "new"):
        if name not in values:
            raise PairsError(f"{where}: a pair without {name}.", _ENTRY)
    if len(values["table"]) != 1:
        raise PairsError(f"{where}: table is not one name.", _ENTRY)
    return Decision(values["table"][0], values["old"], values["new"], where)


def _key(node: yaml.Node, name: str, where: str) -> tuple[str, ...]:
    if isinstance(node, yaml.ScalarNode) and node.value:
        return (str(node.value),)
    if isinstance(node, yaml.SequenceNode) and node.value:
        parts = [part.value for part in node.value if isinstance(part, yaml.ScalarNode)]
        if len(parts) == len(node.value):
            return tuple(parts)
    raise PairsError(f"{where}: {name} is neither a key nor a list of key columns.", _ENTRY)
