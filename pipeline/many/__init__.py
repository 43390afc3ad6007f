"""Many documents read at once, on whatever runs functions: threads, processes, Dask, any executor.

    from pipeline.many import run_many
    from pipeline.options import Options

    results = run_many(["decks/", "s3://ministry/2025/*.pdf"], Options(out=Path("extracted")))

A document that fails, hangs or kills the process that reads it costs only itself. What is written has the same bytes
whatever the engine, the number of jobs and the order in which documents are done, and a run that was ended at any moment
is carried on by the next. How: `documents` finds what to read, and `ordering` what is known of it beforehand;
`coordinating` decides who has a turn when, `placing` who has which edition; `dispatching` gives documents to `engines`,
whose workers do what is in `tasks`; `syncing` brings what they wrote to the disk, and `outputs` puts it into its place.
"""

from __future__ import annotations

from pipeline.many.documents import Document, find_documents
from pipeline.many.engines import ENGINES, available_cores
from pipeline.many.results import DocumentResult, Tally, exit_code_of
from pipeline.many.running import listed_documents, run_many
from pipeline.many.summary import write_summary

__all__ = [
    "ENGINES",
    "Document",
    "DocumentResult",
    "Tally",
    "available_cores",
    "exit_code_of",
    "find_documents",
    "listed_documents",
    "run_many",
    "write_summary",
]
