"""What a person sees of a run in the terminal: each document as it is done, how far the run is, and what came of all.

Few documents are shown as one by one, with all that was read; of many each is a line, and a table at the end counts.
Data goes to standard output, progress and errors to standard error; a bar is drawn only where that is a terminal.
"""

from __future__ import annotations

import sys
import time
from collections import Counter
from typing import TYPE_CHECKING, Self

import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn
from rich.table import Table
from rich.text import Text

from pipeline import console
from pipeline.editions import read_whole
from pipeline.errors import UnknownDeckError
from pipeline.model import Edition
from pipeline.printable import printable_line

if TYPE_CHECKING:
    from types import TracebackType

    from pipeline.errors import PolicydeckError
    from pipeline.many import DocumentResult, Tally

FEW = 10
"""Up to so many documents are shown with all that was read from them."""

_SECONDS_OF_PATIENCE = 2
"""One or two documents show no progress before so long."""

_SECONDS_BETWEEN_LINES = 5
"""Where no bar can be drawn, a line says so often how far the run is."""

_FAILURES_SHOWN = 30
_MINUTE, _HOUR = 60, 3600


class Screen:
    """What is shown of a run over `total` documents; a context manager, which takes the bar away and shows the end."""

    def __init__(self, total: int) -> None:
        self._total = total
        self._is_few = total <= FEW
        self._results: dict[str, DocumentResult] = {}
        self._tally: Tally | None = None
        self._bar = _Bar(total) if sys.stderr.isatty() else None
        self._last_line = time.monotonic()
        self._is_heard = True

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._bar is not None:
            self._bar.hide()
        if kind is None and not self._is_few:
            self._print(self._print_end)

    def show_tally(self, tally: Tally) -> None:
        """Show how far the run is, if it takes long enough for somebody to wonder."""
        self._tally = tally
        if tally.total <= len(("one", "two")) and tally.seconds < _SECONDS_OF_PATIENCE:
            return
        if self._bar is not None:
            self._bar.show(tally)
        elif (
            not self._is_few
            and 0 < tally.done < tally.total
            and time.monotonic() - self._last_line >= _SECONDS_BETWEEN_LINES
        ):
            self._last_line = time.monotonic()
            typer.echo(f"{tally.done:,} of {tally.total:,} documents done, {about(tally)}", err=True)

    def show_result(self, result: DocumentResult) -> None:
        """Show what came of one document."""
        self._results[result.document] = result
        if self._bar is not None:
            self._bar.hide()
        if result.outcome != "failed":
            self._print(lambda: self._print_document(result))
        if result.error is not None and (self._is_few or result.outcome == "failed"):
            complain(result.error)

    def interrupted(self) -> str:
        """What is to be said after Ctrl-C."""
        done = sum(result.outcome != "failed" for result in self._results.values())
        return (
            f"Interrupted: {done:,} of {self._total:,} documents are done, and what was written stays. "
            "The same command carries on."
        )

    def _print(self, what: object) -> None:
        """Print to standard output for as long as somebody reads it."""
        if self._is_heard and callable(what):
            try:
                what()
            except BrokenPipeError:
                self._is_heard = False
                console.nobody_listens()  # the other documents are read all the same

    def _print_document(self, result: DocumentResult) -> None:
        if not self._is_few:
            print_line(result)
            return
        if result.folder is None:
            return
        tables, checks = read_whole(result.folder)
        edition = Edition(result.deck, result.edition, str(tables["editions"][0]["title"] or ""), tables, checks)
        if result.again:
            typer.echo("Made again, since an earlier edition of its deck came with this run:")
        console.print_edition(edition, result.name, result.where, result.reason)

    def _print_end(self) -> None:
        results = list(self._results.values())
        screen = console.data_console()
        screen.print()
        console.show(screen, counts(results, self._tally))
        failed = [r for r in results if r.outcome == "failed"]
        if failed:
            screen.print()
            console.show(screen, failures(failed))
            if len(failed) > _FAILURES_SHOWN:
                screen.print(f"… and {len(failed) - _FAILURES_SHOWN:,} more; --summary FILE.csv lists all.")


def complain(error: PolicydeckError) -> None:
    """Print an error on one line of standard error: its code, the file and what is wrong, and what to do."""
    typer.echo(printable_line(str(error)), err=True)


def print_line(result: DocumentResult) -> None:
    """One document of many on one line, cut off at the edge of a terminal."""
    mark, style = _MARKS[_kind(result)]
    line = Text.assemble(
        (mark, style),
        f" {result.deck}/{result.edition}  {result.name}  ",
        (f"{result.pages} {console.plural('page', result.pages)}, {result.words:,} words", "dim"),
        (_REMARKS.get(_kind(result), ""), style),
        " · made again, after an earlier edition" if result.again else "",
    )
    screen = console.data_console()
    if screen.is_terminal:
        screen.print(line, no_wrap=True, overflow="ellipsis")
    else:
        typer.echo(printable_line(line.plain))


_MARKS = {
    "consistent": ("✓", "green"),
    "not consistent": ("✗", "bold red"),
    "no profile": ("~", "yellow"),
    "unchanged": ("=", "dim"),
    "failed": ("!", "bold red"),
}
_REMARKS = {
    "not consistent": " · not consistent: see policydeck check",
    "no profile": f" · {UnknownDeckError.code} prose and tables only",
}
_MEANINGS = {
    "consistent": "written, consistent",
    "not consistent": "written, but a check is inconsistent or words are left",
    "no profile": f"written as prose and tables only: no profile knows the deck ({UnknownDeckError.code})",
    "unchanged": "unchanged",
    "failed": "not read or not written",
}


def _kind(result: DocumentResult) -> str:
    if result.outcome == "failed":
        return "failed"
    if result.outcome == "unchanged":
        return "unchanged"
    if result.error is not None:
        return "no profile"
    return "not consistent" if result.exit_code else "consistent"


def counts(results: list[DocumentResult], tally: Tally | None) -> Table:
    """How many documents came out how, with their pages, and how fast."""
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="dim", show_footer=True)
    documents, pages = Counter(map(_kind, results)), Counter[str]()
    for result in results:
        pages[_kind(result)] += result.pages
    took = "" if tally is None else f"in {duration(tally.seconds)}, {tally.pages_per_second:,.1f} pages/s"
    table.add_column("", overflow="fold", footer=Text(took, style="dim"))
    table.add_column("documents", justify="right", footer=f"{len(results):,}")
    table.add_column("pages", justify="right", footer=f"{sum(pages.values()):,}")
    for kind, meaning in _MEANINGS.items():
        if documents[kind]:
            mark, style = _MARKS[kind]
            table.add_row(Text.assemble((mark, style), f" {meaning}"), f"{documents[kind]:,}", f"{pages[kind]:,}")
    return table


def failures(failed: list[DocumentResult]) -> Table:
    """The documents that came to nothing, each with the code of its error and what it says."""
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="dim")
    table.add_column("code", no_wrap=True)
    table.add_column("document", overflow="fold")
    table.add_column("is not read or not written", overflow="fold")
    for result in failed[:_FAILURES_SHOWN]:
        if result.error is not None:
            said = result.error.message.removeprefix(f"{result.name}: ")
            table.add_row(result.error.code, Text(result.document), Text(said))
    return table


def about(tally: Tally) -> str:
    """Failures, speed and time left in a few words."""
    said = [f"{tally.failed:,} failed"] if tally.failed else []
    said.append(f"{tally.pages_per_second:,.1f} pages/s")
    if tally.seconds_left is not None and tally.done < tally.total:
        said.append(f"{duration(tally.seconds_left)} left")
    return ", ".join(said)


def duration(seconds: float) -> str:
    """A time for a person: `42 s`, `3 min`, `2 h 5 min`."""
    if seconds < _MINUTE:
        return f"{seconds:.0f} s"
    if seconds < _HOUR:
        return f"{seconds // _MINUTE:.0f} min {seconds % _MINUTE:.0f} s"
    return f"{seconds // _HOUR:.0f} h {seconds % _HOUR // _MINUTE:.0f} min"


class _Bar:
    """A bar in the last line of the terminal that makes way for what is printed."""

    def __init__(self, total: int) -> None:
        self._bar = Progress(
            TextColumn("{task.completed:,.0f}/{task.total:,.0f}"),
            BarColumn(bar_width=None),
            TextColumn("{task.fields[about]}"),
            console=Console(stderr=True),
            transient=True,
            auto_refresh=False,
            # What is printed meanwhile is data and must not end up beside the bar.
            redirect_stdout=False,
            redirect_stderr=False,
            expand=True,
        )
        self._task = self._bar.add_task("", total=total, about="")
        self._is_shown = False

    def show(self, tally: Tally) -> None:
        self._bar.update(self._task, completed=tally.done, about=about(tally))
        if not self._is_shown:
            self._bar.start()
            self._is_shown = True
        self._bar.refresh()

    def hide(self) -> None:
        if self._is_shown:
            self._bar.stop()
            self._is_shown = False
