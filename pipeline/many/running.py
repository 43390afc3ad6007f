"""The one call that reads many documents."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.many.addresses import is_url
from pipeline.many.coordinating import Coordinator
from pipeline.many.documents import Document, find_documents
from pipeline.many.engines import Given, available_cores, engine_of
from pipeline.many.outputs import LocalOutput, RemoteOutput
from pipeline.many.workplace import Workplace
from pipeline.options import Options
from pipeline.run import documents_listed
from pipeline.workshop import Workshop

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from concurrent.futures import Executor

    from pipeline.many.engines import Engine
    from pipeline.many.results import DocumentResult, Tally


def run_many(
    documents: Iterable[str | Path | Document] = (),
    options: Options | None = None,
    *,
    out: str | None = None,
    engine: str = "processes",
    jobs: int | None = None,
    scheduler: str | None = None,
    executor: Executor | None = None,
    on_result: Callable[[DocumentResult], None] = lambda _result: None,
    on_tally: Callable[[Tally], None] = lambda _tally: None,
) -> list[DocumentResult]:
    """Read, check and write every document, and give what came of each, in the order of the documents.

    `documents` are files, folders, patterns and URLs (see `find_documents`); without any, those of the manifest. `out` is
    the folder or URL to write to, instead of `options.out`. `jobs` are read at a time: without it, as many as this
    process may use cores, and never more than there are documents. An `executor` of the caller takes the place of
    `engine` and is not ended; its workers need this package, and `jobs` says how many they are.

    `on_result` hears of each document when its turn has come, in order; at the end of those that are known to be later
    editions of a deck than one that came after them, and again of those for which only reading has told so. `on_tally`
    hears several times a second how far the run is. KeyboardInterrupt, and what either raises, ends the run at once: no
    process is left, no edition is half-written, and the next run carries on.

    Raises ManifestError, ProfileError or SchemaError where nothing can be read at all, EngineError where there is nobody
    who reads, OutputError and AddressError where nothing can be written.
    """
    options = options or Options()
    found = list(_found(documents)) or listed_documents(options)
    wanted = min(jobs or available_cores(), max(1, len(found))) if jobs is None or jobs > 0 else jobs
    chosen: Engine = Given(executor, wanted) if executor is not None else engine_of(engine, wanted, scheduler)
    if out is not None and is_url(out):
        output: LocalOutput | RemoteOutput = RemoteOutput(out)
        parent = output.root.with_name(output.root.name + ".work")
    else:
        parent = options.out if out is None else Path(out)
        output = LocalOutput(parent)
    workplace = Workplace(parent)
    ended_well = False
    try:
        coordinator = Coordinator(
            found,
            options,
            output=output,
            engine=chosen,
            workplace=workplace,
            on_result=on_result,
            on_tally=on_tally,
        )
        results = coordinator.run()
        ended_well = True
    finally:
        chosen.close(abort=not ended_well)
        workplace.close()
        output.close()
    return results


def listed_documents(options: Options) -> list[Document]:
    """The documents of the manifest, each deck's oldest edition first. Raises ManifestError."""
    return [Document(path.as_posix()) for path in documents_listed(Workshop(options))]


def _found(documents: Iterable[str | Path | Document]) -> Iterable[Document]:
    """The documents, those that are still to be looked for found."""
    places: list[str | Path] = []
    for one in documents:
        if isinstance(one, Document):
            yield from find_documents(places)
            places = []
            yield one
        else:
            places.append(one)
    yield from find_documents(places)
