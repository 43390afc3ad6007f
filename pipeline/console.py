"""What a person sees in the terminal: the summary of a run and the verdicts of checks.

Data goes to standard output, progress to standard error; colour only where there is a terminal.
"""

from __future__ import annotations

import os
import shutil
import sys
from typing import TYPE_CHECKING

from rich.console import Console, Group
from rich.segment import Segment
from rich.table import Table
from rich.text import Text

from pipeline.language.money_format import format_money
from pipeline.printable import printable
from pipeline.verdicts import STYLES, admitted, all_verdicts, counted, currency_of, verdict_blocks

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

    from rich.console import ConsoleOptions, RenderableType

    from pipeline.model import Check, Edition, Row

_SUSPECTS = 3
"""So many rows are shown of those that a failed check names."""

_UNDETERMINED = 6
"""So many undetermined checks are shown after a run."""

_LEAST_WIDTH = 60
_PLAIN_WIDTH = 110
"""The width of a line where output goes into a file or a pipe."""

_TABLES = (
    ("statements", "statement"),
    ("printed_tables", "table"),
    ("pictures", "picture"),
    ("policy_measures", "measure"),
    ("bill_provisions", "provision"),
    ("institute_organizations", "organisation"),
    ("stated_figures", "stated figure"),
    ("budget_categories", "category"),
    ("budget_items", "item"),
    ("notes", "note"),
    ("budget_trend", "bar"),
)


def width() -> int:
    """Columns to write in. Narrower than `_LEAST_WIDTH` no table can be read: there the terminal folds the lines."""
    if not sys.stdout.isatty():
        return _PLAIN_WIDTH
    return max(_LEAST_WIDTH, shutil.get_terminal_size((_PLAIN_WIDTH, 40)).columns)


def has_colour() -> bool:
    """Whether standard output is a terminal that wants colour."""
    return sys.stdout.isatty() and "NO_COLOR" not in os.environ


def open_page(path: Path) -> bool:
    """Open a page in the browser, and say whether there is one: not on a machine without a screen."""
    import webbrowser

    has_screen = sys.platform in ("darwin", "win32") or any(
        os.environ.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY", "BROWSER")
    )
    # Without a screen Python would take over the terminal with a text browser, which cannot show the page.
    return has_screen and webbrowser.open(path.resolve().as_uri())


class _Listened(Console):
    """A console that prints no control characters of a document, and says so where nobody listens any more.

    rich would pass the former on to the terminal, and end the program as if a check had failed in the latter case.
    """

    def render(self, renderable: RenderableType, options: ConsoleOptions | None = None) -> Iterable[Segment]:
        """The pieces to print; what came out of a document has no control characters left."""
        for segment in super().render(renderable, options):
            yield segment if segment.control else Segment(printable(segment.text), segment.style)

    def on_broken_pipe(self) -> None:
        raise BrokenPipeError


def nobody_listens() -> None:
    """From now on, what is printed goes nowhere: the reader of a pipe has left (`| head`)."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def data_console() -> Console:
    """The console of standard output."""
    return _Listened(width=width(), no_color=not has_colour(), highlight=False, soft_wrap=False)


def show(console: Console, what: RenderableType) -> None:
    """Print it, without the blanks that rich fills lines with where no terminal cuts them off."""
    if console.is_terminal:
        console.print(what)
        return
    with console.capture() as captured:
        console.print(what)
    sys.stdout.write("".join(f"{line.rstrip()}\n" for line in captured.get().splitlines()))


def print_edition(edition: Edition, document: str, where: str, unchanged: str = "") -> None:
    """The summary of what was read from one document; `unchanged` says why it was not read again."""
    console = data_console()
    verb = "unchanged in" if unchanged else "written to"
    head = Text.assemble((f"{edition.deck}/{edition.edition}", "bold"), f"  {document} · {verb} {where}/")
    console.print(head)
    if unchanged:
        console.print(f"  Skipped: {unchanged}. Use --force to read it again.", style="dim")
    _print_slides(console, edition)
    _print_strangers(console, edition)
    _print_totals(console, edition)
    _print_verdicts(console, edition.checks, edition.tables)
    console.print()


def _print_slides(console: Console, edition: Edition) -> None:
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="dim")
    for name in ("page", "kind", "words", "used", "furniture", "left"):
        table.add_column(name, justify="right" if name != "kind" else "left")
    table.add_column("read", overflow="fold")
    for slide in edition.tables["slides"]:
        left = slide["words_unaccounted"]
        table.add_row(
            str(slide["page"]),
            str(slide["kind"]),
            str(slide["words"]),
            str(slide["words_used"]),
            str(slide["words_furniture"]),
            Text(str(left), style="bold red" if left else ""),
            _found_on(edition, slide),
        )
    show(console, table)


def _print_strangers(console: Console, edition: Edition) -> None:
    """How many slides no profile knew, and what that means for their figures."""
    slides = edition.tables["slides"]
    strangers = [str(s["page"]) for s in slides if s["kind"] == "unrecognised"]
    if not strangers:
        return
    stated = any(str(r["page"]) in strangers for r in edition.tables["stated_figures"])
    which = "" if len(strangers) == len(slides) else f" (page {', '.join(strangers)})"
    console.print(
        f"  No profile knew {len(strangers)} of {len(slides)} {plural('slide', len(slides))}{which}: "
        f"read as prose and tables{'' if stated else ', no figure there as money'}.",
        style="yellow",
    )


def _found_on(edition: Edition, slide: Row) -> str:
    counts = []
    pages = {
        ("budget_trend"): {r["key"]: r["page"] for r in edition.tables["evidence"] if r["table"] == "budget_trend"}
    }
    for name, noun in _TABLES:
        rows = edition.tables.get(name, [])
        if name in pages:
            n = sum(page == slide["page"] for page in pages[name].values())
        else:
            n = sum(r.get("page") == slide["page"] for r in rows if "page" in r)
        if name == "institute_organizations":
            keys = {r["key"] for r in edition.tables["evidence"] if r["table"] == name and r["page"] == slide["page"]}
            n = len(keys)
        if n:
            counts.append(f"{n} {plural(noun, n)}")
    return ", ".join(counts)


def plural(noun: str, n: int) -> str:
    """The noun as it stands beside a number."""
    if n == 1:
        return noun
    return noun[:-1] + "ies" if noun.endswith("y") else noun + "s"


def _print_totals(console: Console, edition: Edition) -> None:
    """Each stated figure beside what its parts give, with the verdict."""
    shown = [c for c in edition.checks if c.kind in ("sum", "same_figure", "pinned") and _is_total(c)]
    if not shown:
        return
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="dim")
    for name in ("figure", "stated", "against", "admits", "verdict"):
        table.add_column(name, overflow="fold")
    currency = currency_of(edition.tables)
    for c in shown:
        table.add_row(
            c.subject,
            format_money(c.stated, currency) if c.stated is not None else "",
            {"sum": "its parts", "same_figure": "other places", "pinned": "the manifest"}[c.kind],
            admitted(c, currency),
            Text(c.verdict, style=STYLES[c.verdict]),
        )
    show(console, table)


def _is_total(check: Check) -> bool:
    return check.kind != "sum" or not any(r.table == "budget_amounts" and "category" in r.key for r in check.rows[:1])


def _print_verdicts(console: Console, checks: Sequence[Check], tables: Mapping[str, Sequence[Row]]) -> None:
    console.print(Text("  checks: ") + counted(checks))
    for row in tables.get("residue", ()):
        console.print(Text(f"  page {row['page']}: nothing took {row['text']!r}", style="bold red"))
    for block in verdict_blocks([c for c in checks if c.verdict == "inconsistent"], tables, _SUSPECTS):
        show(console, block)
    for c in checks:
        if c.kind == "drift" and c.verdict == "consistent" and c.check_id != "drift/none":
            console.print(f"  ~ {c.message}")
    undetermined = [c for c in checks if c.verdict == "undetermined"]
    for block in verdict_blocks(undetermined[:_UNDETERMINED], tables, 0):
        show(console, block)
    if len(undetermined) > _UNDETERMINED:
        console.print(
            f"  … and {len(undetermined) - _UNDETERMINED} more undetermined; see: policydeck check", style="dim"
        )


def print_checks(path: Path, checks: Sequence[Check], tables: Mapping[str, Sequence[Row]], *, everything: bool) -> None:
    """All verdicts of one edition: failures first, then what is undetermined, then (or counted) what passed."""
    console = data_console()
    head = Text(path.as_posix(), style="bold") + Text("  ") + counted(checks)
    show(console, Group(head, all_verdicts(checks, tables, everything=everything), Text()))
