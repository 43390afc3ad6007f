"""The verdicts of an edition as a person reads them in a terminal: what failed first, with where to look.

Each verdict is its sentence, the slack, and the rows that are likeliest wrong with their place on the page. What passed is a
table of the figures that were proven and a count of everything else.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from rich.console import Group
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from pipeline.language.money_format import format_interval, format_money

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from decimal import Decimal

    from rich.console import RenderableType

    from pipeline.model import Check, Place, Row, Verdict

STYLES: Mapping[Verdict, str] = {"consistent": "green", "inconsistent": "bold red", "undetermined": "yellow"}
"""How a verdict is set."""

_MARKS: Mapping[Verdict, str] = {"consistent": "✓", "inconsistent": "✗", "undetermined": "?"}
_ORDER: tuple[Verdict, ...] = ("inconsistent", "undetermined", "consistent")

SUSPECTS = 5
"""So many rows are shown of those that a check names."""

_AGAINST = {
    "sum": "its parts",
    "same_figure": "other places",
    "bar_height": "its bar",
    "pinned": "the manifest",
    "cross_edition": "other editions",
}
"""What a kind of check compares a stated figure with."""

_TELLING_FIELDS = ("value", "printed", "name", "category", "text")
"""The fields of a row whose place is shown, the first that has one."""

_NO_POWER = "The check has no power"


def counted(checks: Iterable[Check]) -> Text:
    """How many checks have which verdict: `2 inconsistent  3 undetermined  69 consistent`."""
    counts = Counter(c.verdict for c in checks)
    return Text("  ").join(Text(f"{counts[v]} {v}", style=STYLES[v]) for v in _ORDER if counts[v])


def all_verdicts(checks: Sequence[Check], tables: Mapping[str, Sequence[Row]], *, everything: bool) -> RenderableType:
    """All checks of an edition: what failed, what is undetermined, the figures that were proven, and the rest by kind.

    `everything` shows each check that passed as well.
    """
    blocks: list[RenderableType] = []
    for verdict in _ORDER[:2]:
        found = [c for c in checks if c.verdict == verdict]
        if found:
            blocks += [
                _title(f"{verdict.capitalize()} ({len(found)})", verdict),
                *verdict_blocks(found, tables),
                Text(),
            ]
    passed = [c for c in checks if c.verdict == "consistent"]
    blocks.append(_title(f"Consistent ({len(passed)})", "consistent"))
    if everything:
        blocks += verdict_blocks(passed, tables)
    else:
        blocks += [_proven(passed, tables), _by_kind(passed)]
    return Group(*blocks)


def verdict_blocks(
    checks: Iterable[Check], tables: Mapping[str, Sequence[Row]], suspects: int = SUSPECTS
) -> Iterator[RenderableType]:
    """Each check with its mark: the sentence, the slack, and the first `suspects` rows to look at, each with its box.

    With 0 for `suspects`, the sentence alone.
    """
    places = _Places(tables)
    for check in checks:
        grid = Table.grid(padding=(0, 1))
        grid.add_column(width=1)
        grid.add_column(ratio=1, overflow="fold")
        grid.expand = True
        body: list[RenderableType] = [Text(check.message, style=STYLES[check.verdict], overflow="fold")]
        details = list(_details(check, places, suspects)) if suspects else []
        if details:
            body.append(_labelled(details))
        grid.add_row(Text(_MARKS[check.verdict], style=STYLES[check.verdict]), Group(*body))
        yield Padding(grid, (0, 0, 0, 2))


def _details(check: Check, places: _Places, suspects: int) -> Iterator[tuple[str, RenderableType]]:
    if check.slack is not None and check.verdict != "consistent":
        yield "slack", Text(_slack_sentence(check))
    for n, place in enumerate(check.suspects[:suspects]):
        lines: list[RenderableType] = []
        # A check of one page quotes what it found first.
        if place.reason and place.reason not in check.message:
            lines.append(Text(place.reason, overflow="fold"))
        lines.append(Text(places.of(place), style="dim", overflow="fold"))
        yield "look at" if n == 0 else "or at", Group(*lines)
    if len(check.suspects) > suspects:
        yield "", Text(f"and {len(check.suspects) - suspects} more; --json lists them", style="dim")


def _slack_sentence(check: Check) -> str:
    if check.slack is None:
        return ""
    apart = f"{_number(-check.slack)} apart" if check.slack < 0 else f"they overlap by {_number(check.slack)}"
    noise = f"; rounding explains about {_number(check.noise)}" if check.noise else ""
    return f"{apart}, in steps of the last printed digit{noise}"


def _number(value: Decimal) -> str:
    return f"{value.normalize():f}"


def _labelled(details: Sequence[tuple[str, RenderableType]]) -> RenderableType:
    grid = Table.grid(padding=(0, 1))
    grid.add_column(width=max(len(label) for label, _ in details), style="dim")
    grid.add_column(ratio=1, overflow="fold")
    grid.expand = True
    for label, content in details:
        grid.add_row(label, content)
    return grid


def _proven(passed: Sequence[Check], tables: Mapping[str, Sequence[Row]]) -> RenderableType:
    """The stated figures that were proven, with what was found against them and how deep the agreement is."""
    shown = [c for c in passed if c.stated is not None]
    if not shown:
        return Text("  No figure of this edition could be proven.", style="dim")
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="dim")
    table.add_column("figure", overflow="fold")
    table.add_column("stated", no_wrap=True)
    table.add_column("against", no_wrap=True)
    table.add_column("admits", overflow="fold")
    table.add_column("slack", justify="right", no_wrap=True)
    currency = currency_of(tables)
    for c in shown:
        slack = Text("–" if c.slack is None else _number(c.slack))
        if _NO_POWER in c.message:
            slack = Text("no power", style="yellow")
        stated = format_money(c.stated, currency) if c.stated is not None else ""
        table.add_row(c.subject, stated, _AGAINST.get(c.kind, c.kind.replace("_", " ")), admitted(c, "").strip(), slack)
    return Padding(table, (0, 0, 0, 2))


def _by_kind(passed: Sequence[Check]) -> RenderableType:
    kinds = Counter(c.kind for c in passed)
    listed = ", ".join(f"{kinds[kind]} {kind.replace('_', ' ')}" for kind in sorted(kinds))
    return Padding(Text(f"By kind: {listed}. --all lists each.", style="dim"), (0, 0, 0, 2))


def _title(text: str, verdict: Verdict) -> Text:
    return Text(f"{_MARKS[verdict]} {text}", style=STYLES[verdict])


def admitted(check: Check, currency: str) -> str:
    """What the parts, or the other places, of a stated figure admit."""
    if check.lower is None:
        return ""
    if check.upper is None:
        return f"{format_money(check.lower, currency)} or more"
    return format_interval(check.lower, check.upper, currency)


def currency_of(tables: Mapping[str, Sequence[Row]]) -> str:
    """The currency that the edition's figures are in; empty where it has none."""
    rows = tables.get("stated_figures") or tables.get("budget_amounts") or [{}]
    return str(rows[0].get("currency") or "")


class _Places:
    """Where rows stand on the page, from their evidence."""

    def __init__(self, tables: Mapping[str, Sequence[Row]]) -> None:
        self._found: dict[tuple[str, str], dict[str, Row]] = {}
        for row in tables.get("evidence", ()):
            self._found.setdefault((str(row["table"]), str(row["key"])), {}).setdefault(str(row["field"]), row)

    def of(self, place: Place) -> str:
        """Page, box and row: `page 4, box 689.38, 91.61, 762.82, 99.61 · budget_amounts category/…`."""
        row = f"{place.table} {place.key}".strip()
        fields = self._found.get((place.table, place.key), {})
        found = next((fields[f] for f in _TELLING_FIELDS if f in fields), next(iter(fields.values()), None))
        if found is None:
            return row
        box = ", ".join(f"{found[side]:.2f}" for side in ("x0", "top", "x1", "bottom"))
        return f"page {found['page']}, box {box} · {row}"
