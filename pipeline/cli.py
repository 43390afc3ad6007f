"""The command line: arguments in, printed lines and exit codes out. What it does is in `run` and the stages.

Results go to standard output, progress and errors to standard error. Exit codes: 0 all read and consistent; 1 read, but
a check is inconsistent or words are unaccounted for; 2 something could not be read or the call was wrong. What could be
read is written either way: a deck that no profile recognises is read as prose and tables, and the code is 2.
"""

from __future__ import annotations

import io
import os
import sys
from pathlib import Path
from typing import Annotated

import typer

from pipeline import __version__, limits
from pipeline.errors import PolicydeckError, SourceNotFoundError
from pipeline.folders import current_folder
from pipeline.printable import printable_line

app = typer.Typer(
    name="policydeck",
    help="Turns government policy slide decks (PDF) into tables: every word accounted for, every number traced to its "
    "place on the page, every total proven.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)

ROOT = Path("extracted")
SOURCES = Path("source_pdfs")

INTERRUPTED = 130
"""The exit code after Ctrl-C, as shells have it."""

Out = Annotated[Path, typer.Option("--out", help="Folder to write editions into.", show_default=True)]
Root = Annotated[Path, typer.Option("--root", help="Folder with the extracted editions.", show_default=True)]
Sources = Annotated[
    Path, typer.Option("--sources", help="Folder with the documents and sources.yaml.", show_default=True)
]
Limit = Annotated[
    list[str] | None,
    typer.Option("--limit", metavar="NAME=VALUE", help=limits.HELP, show_default=False),
]
Password = Annotated[str | None, typer.Option("--password", help="Password of a protected PDF.")]


def main() -> None:
    """The entry point `policydeck`."""
    for name in ("stdout", "stderr"):
        if getattr(sys, name) is None:  # it was closed by whoever started the command
            setattr(sys, name, open(os.devnull, "w", encoding="utf-8"))  # noqa: SIM115, PTH123 - to the end
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            # What is piped is UTF-8 like the files; a terminal that cannot show a character gets a question mark.
            stream.reconfigure(encoding=None if stream.isatty() else "utf-8", errors="replace")
    if not current_folder():
        complain(
            SourceNotFoundError("The folder that this command was started in is gone.", "Change to one that is there.")
        )
        sys.exit(2)
    try:
        app()
    except PolicydeckError as error:
        complain(error)
        sys.exit(2)
    except BrokenPipeError:
        sys.stderr.close()
        sys.exit(2)
    except OSError as error:
        typer.echo(
            f"policydeck: {error.strerror or error}{f' ({error.filename})' if error.filename else ''}.", err=True
        )
        sys.exit(2)


def complain(error: PolicydeckError) -> None:
    """Prints an error on one line: its code, the file and what is wrong, and what to do."""
    typer.echo(printable_line(str(error)), err=True)


@app.callback(invoke_without_command=True)
def _version(
    context: typer.Context,
    version: Annotated[bool, typer.Option("--version", help="Print the version and exit.", is_eager=True)] = False,
) -> None:
    if version:
        typer.echo(f"policydeck {__version__}")
        raise typer.Exit
    if context.invoked_subcommand is None:
        typer.echo(context.get_help())
        raise typer.Exit(2)


@app.command()
def run(
    pdf: Annotated[
        list[str] | None,
        typer.Argument(help="PDF files, folders, patterns or URLs; without any, all that sources.yaml lists."),
    ] = None,
    out: Annotated[
        str, typer.Option("--out", help="Folder or URL to write editions into.", show_default=True)
    ] = ROOT.as_posix(),
    sources: Sources = SOURCES,
    edition: Annotated[str | None, typer.Option("--edition", help="Name of the edition, for one PDF.")] = None,
    deck: Annotated[
        str | None, typer.Option("--deck", help="Name of the deck's profile, instead of recognising it.")
    ] = None,
    password: Password = None,
    force: Annotated[bool, typer.Option("--force", help="Read again what has not changed.")] = False,
    thorough: Annotated[
        bool,
        typer.Option(
            "--thorough", help="Check every page, not only those with money, with a second reader and other tolerances."
        ),
    ] = False,
    jobs: Annotated[
        int | None,
        typer.Option(
            "--jobs", help="How many to read at a time. Without it: as many as there are cores.", show_default=False
        ),
    ] = None,
    engine: Annotated[str, typer.Option("--engine", help="What reads them: processes, threads or dask.")] = "processes",
    scheduler: Annotated[
        str | None,
        typer.Option("--scheduler", help="Address of a Dask scheduler; without it Dask works on this machine."),
    ] = None,
    summary: Annotated[
        Path | None, typer.Option("--summary", help="CSV file to write, with one row a document.")
    ] = None,
    limit: Limit = None,
) -> None:
    """Extract, check and write every edition that changed since the last run."""
    from pipeline import many, run_console
    from pipeline.options import Options

    documents = many.find_documents(pdf or ())
    if edition is not None and len(documents) != 1:
        typer.echo("--edition names one edition, so it needs exactly one PDF.", err=True)
        raise typer.Exit(2)
    options = Options(
        Path("extracted"), sources, edition, deck, password, force, thorough, limits.limits_of(limit or ())
    )
    documents = documents or many.listed_documents(options)
    if not documents:
        typer.echo(f"There is nothing to read: {sources / 'sources.yaml'} lists no document. Name a PDF.", err=True)
        raise typer.Exit(2)
    screen = run_console.Screen(len(documents))
    try:
        with screen:
            results = many.run_many(
                documents,
                options,
                out=out,
                engine=engine,
                jobs=jobs,
                scheduler=scheduler,
                on_result=screen.show_result,
                on_tally=screen.show_tally,
            )
    except KeyboardInterrupt:
        typer.echo(screen.interrupted(), err=True)
        raise typer.Exit(INTERRUPTED) from None
    if summary is not None:
        many.write_summary(results, summary)
    raise typer.Exit(many.exit_code_of(results))


@app.command()
def check(
    edition: Annotated[str | None, typer.Argument(help="EDITION, DECK/EDITION or a folder; all without one.")] = None,
    root: Root = ROOT,
    as_json: Annotated[
        bool, typer.Option("--json", help="Print the checks as JSON; of all editions as a list.")
    ] = False,
    everything: Annotated[bool, typer.Option("--all", help="List the passed checks as well.")] = False,
) -> None:
    """Show the checks of an extracted edition again."""
    from pipeline import console, editions
    from pipeline.run import exit_code_of

    paths = [editions.find_edition(edition, root)] if edition else [p.path for p in editions.list_editions(root)]
    if not paths:
        typer.echo(f"No edition in {root}/. Run: policydeck run.", err=True)
        raise typer.Exit(2)
    code = 0
    documents: list[str] = []
    for path in paths:
        checks, tables = editions.read_checks(path), editions.read_rows(path)
        if as_json:
            documents.append((path / "checks.json").read_text(encoding="utf-8"))
        else:
            console.print_checks(path, checks, tables, everything=everything)
        code = max(code, exit_code_of(checks, tables.get("residue", [])))
    if as_json:
        typer.echo(documents[0] if edition else f"[\n{','.join(documents)}]\n", nl=False)
    raise typer.Exit(code)


@app.command()
def diff(
    old: Annotated[str, typer.Argument(help="The earlier edition.")],
    new: Annotated[str, typer.Argument(help="The later edition.")],
    format_: Annotated[str, typer.Option("--format", help="table, markdown, html, json or csv.")] = "table",
    pairs: Annotated[Path | None, typer.Option("--pairs", help="YAML file of confirmed and rejected pairs.")] = None,
    exit_code: Annotated[bool, typer.Option("--exit-code", help="Exit with 1 when something changed.")] = False,
    root: Root = ROOT,
) -> None:
    """Show what changed between two editions."""
    from pipeline import console, diffing, editions

    if format_ not in diffing.FORMATS:
        typer.echo(f"--format {format_}: there is no such format; choose from {', '.join(diffing.FORMATS)}.", err=True)
        raise typer.Exit(2)
    sides, printed = [], []
    for name in (old, new):
        path = editions.find_edition(name, root)
        tables = editions.read_rows(path)
        first = tables["editions"][0]
        sides.append(diffing.EditionRows(str(first["deck"]), str(first["edition"]), tables))
        printed.append(diffing.PrintedEdition(tables, editions.read_pictures(path) if format_ == "html" else {}))
    decisions = diffing.read_pairs(pairs) if pairs else diffing.NO_DECISIONS
    found = diffing.diff_editions(sides[0], sides[1], decisions)
    text = diffing.render(
        found,
        format_,
        console_width=console.width(),
        colour=console.has_colour(),
        printed=(printed[0], printed[1]),
    )
    sys.stdout.write(text if text.endswith("\n") or not text else text + "\n")
    raise typer.Exit(1 if exit_code and not found.is_empty else 0)


@app.command()
def series(
    figure: Annotated[
        str | None,
        typer.Option("--figure", help="Only this figure, such as 2024-supplementary; a year or a budget too."),
    ] = None,
    format_: Annotated[str, typer.Option("--format", help="table, markdown, html, json or csv.")] = "table",
    root: Root = ROOT,
) -> None:
    """Follow each budget figure through all extracted editions, languages and currencies."""
    from pipeline import console, cross_edition

    if format_ not in cross_edition.FORMATS:
        formats = ", ".join(cross_edition.FORMATS)
        typer.echo(f"--format {format_}: there is no such format; choose from {formats}.", err=True)
        raise typer.Exit(2)
    found = cross_edition.series(root, figure)
    sys.stdout.write(cross_edition.render(found, format_, console_width=console.width(), colour=console.has_colour()))
    raise typer.Exit(int(found.is_inconsistent))


@app.command()
def add(
    pdf: Annotated[list[Path], typer.Argument(help="PDF files to take in.")],
    sources: Sources = SOURCES,
    edition: Annotated[str | None, typer.Option("--edition", help="Name of the edition, for one PDF.")] = None,
    deck: Annotated[
        str | None, typer.Option("--deck", help="Name of the deck's profile, instead of recognising it.")
    ] = None,
    replace: Annotated[
        bool, typer.Option("--replace", help="Replace the document of an edition that is there.")
    ] = False,
    password: Password = None,
    limit: Limit = None,
) -> None:
    """Take a new PDF into the folder of documents: recognise its deck and edition and note it in the manifest."""
    from pipeline.options import Options
    from pipeline.supervising import Job, Supervisor

    if edition is not None and len(pdf) != 1:
        typer.echo("--edition names one edition, so it needs exactly one PDF.", err=True)
        raise typer.Exit(2)
    code = 0
    options = Options(
        sources=sources, edition=edition, deck=deck, password=password, limits=limits.limits_of(limit or ())
    )
    with Supervisor(options.limits) as supervisor:
        from pipeline.adding import Identified, add_source

        def recognise(path: Path) -> Identified:
            job = Job("identify", path, options)
            found = supervisor.do(job)
            if found.failure is not None:
                raise found.failure.as_error()
            return Identified(found.deck, found.edition, found.title, found.language)

        for path in pdf:
            try:
                added = add_source(path, sources, recognise=recognise, replace=replace, edition=edition, deck=deck)
            except PolicydeckError as error:
                complain(error)
                code = 2
                continue
            typer.echo(printable_line(added.summary))
    raise typer.Exit(code)


@app.command()
def load(
    edition: Annotated[list[str], typer.Argument(help="EDITION …, then TARGET: the last argument.")],
    schema: Annotated[str | None, typer.Option("--schema", help="Schema of the database to load into.")] = None,
    root: Root = ROOT,
) -> None:
    """Put editions into duckdb:///FILE, sqlite:///FILE, postgresql://…, parquet:DIR, csv:DIR or excel:FILE.xlsx."""
    from pipeline import editions, loading
    from pipeline.table_schemas import load_table_schemas

    if len(edition) < 2:
        typer.echo("policydeck load needs an EDITION and a TARGET.", err=True)
        raise typer.Exit(2)
    *names, target = edition
    paths = [editions.find_edition(name, root) for name in names]
    loaded = loading.load_editions(paths, target, schema=schema, schemas=load_table_schemas())
    rows = {name: count for name, count in loaded.rows.items() if count}
    typer.echo(f"{sum(rows.values())} rows in {len(rows)} tables of {', '.join(names)} loaded into {loaded.target}")


@app.command()
def report(
    edition: Annotated[str, typer.Argument(help="EDITION, DECK/EDITION or a folder.")],
    root: Root = ROOT,
    sources: Sources = SOURCES,
    password: Password = None,
    force: Annotated[bool, typer.Option("--force", help="Write the page anew, not only where it is missing.")] = False,
    open_: Annotated[
        bool, typer.Option("--open/--no-open", help="Open the page in the browser, where there is one.")
    ] = True,
    limit: Limit = None,
) -> None:
    """Write and open the review page of an edition: every value beside the words it was read from."""
    from pipeline import console, editions
    from pipeline.options import Options
    from pipeline.supervising import Job, Supervisor

    folder = editions.find_edition(edition, root)
    page = folder / "report.html"
    if force or not page.is_file():
        options = Options(out=root, sources=sources, password=password, limits=limits.limits_of(limit or ()))
        with Supervisor(options.limits) as supervisor:
            written = supervisor.do(Job("report", folder, options))
        if written.failure is not None:
            raise written.failure.as_error()
        if not written.has_document:
            typer.echo(f"Its document is not in {sources}/, so the page shows no pictures of the slides.", err=True)
    typer.echo(page.as_posix())
    if open_:
        console.open_page(page)
