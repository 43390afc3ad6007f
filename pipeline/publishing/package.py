"""One edition as a data package: what its files are and what stands in them. How they get to their place is in `swap`.

`datapackage.json` follows Data Package v2 (https://datapackage.org/standard/data-package/). Besides the standard's
properties it has `deck` and `edition`, on each resource `parquet` (the same rows with their types) and in `files` the
bytes and hash of `checks.json`. Parquet files have no hash there: their bytes may differ between machines, and
`datapackage.json` must not.
"""

from __future__ import annotations

import hashlib
import re
from pathlib import PurePath, PurePosixPath
from typing import TYPE_CHECKING

from pipeline.publishing.checks_file import check_rows, checks_bytes
from pipeline.publishing.csv_files import csv_bytes
from pipeline.publishing.json_files import json_document
from pipeline.publishing.parquet import parquet_bytes
from pipeline.publishing.swap import replace_folder, write_staged
from pipeline.table_columns import canonical_columns
from pipeline.table_schemas import descriptor

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    from pipeline.model import Edition
    from pipeline.table_columns import Columns
    from pipeline.table_schemas import TableSchema

PACKAGE_PROFILE = "https://datapackage.org/profiles/2.0/datapackage.json"
RESOURCE_PROFILE = "https://datapackage.org/profiles/2.0/dataresource.json"
DIALECT_PROFILE = "https://datapackage.org/profiles/2.0/tabledialect.json"

NOT_SPECIFIED = {"name": "notspecified", "title": "License Not Specified"}
"""What a package says where the terms of its document are not known, so that nobody takes silence for a permission.

The name is that of the Open Definition's list of licences, from which the standard takes its names.
"""

_NO_FILES: Mapping[str, Callable[[], bytes]] = {}


def write_edition(
    edition: Edition,
    target: Path,
    *,
    schemas: Mapping[str, TableSchema],
    sources: Sequence[Mapping[str, str]],
    version: str,
    licenses: Sequence[Mapping[str, str]] = (),
    extra_files: Mapping[str, Callable[[], bytes]] = _NO_FILES,
    is_staged: bool = False,
) -> None:
    """Write `edition` into the folder `target`, which is replaced as a whole or, on any error, left as it was.

    With `is_staged` the folder is a new one, which `swap.adopt_folder` puts into its place after `swap.sync_staged`.

    Every table of `schemas` is written, those without rows with their header alone; the table `checks` is made from
    `edition.checks`. Of a source's `path` only the file name is written. Without `licenses` the package says that
    none is specified. `extra_files` are what gives further files, by their path inside the folder: it is called when all
    others are made, and before any is written. The same arguments give the same bytes.

    Raises OutputError where the folder cannot be written or is not one that may be replaced, and ValueError where a
    row does not fit its table or a table has no schema: a stage has made what it must not make.
    """
    files = edition_files(edition, schemas=schemas, sources=sources, version=version, licenses=licenses)
    for path, made in extra_files.items():
        inside = PurePosixPath(path)
        if path in files or inside.is_absolute() or ".." in inside.parts or not inside.parts:
            raise ValueError(f"{path!r} cannot be a further file of an edition")
        files[path] = made()
    (write_staged if is_staged else replace_folder)(target, files)


def edition_files(
    edition: Edition,
    *,
    schemas: Mapping[str, TableSchema],
    sources: Sequence[Mapping[str, str]],
    version: str,
    licenses: Sequence[Mapping[str, str]] = (),
) -> dict[str, bytes]:
    """Give the files that `write_edition` writes, by their path inside the folder. Raises ValueError as it does."""
    tables = _canonical_tables(edition, schemas)
    files: dict[str, bytes] = {}
    resources = []
    for name, schema in schemas.items():
        content = csv_bytes(schema, tables[name])
        files[f"data/{name}.csv"] = content
        files[f"data/{name}.parquet"] = parquet_bytes(schema, tables[name])
        resources.append(_resource(schema, content))
    checks = checks_bytes(edition.deck, edition.edition, edition.checks)
    files["checks.json"] = checks
    package: dict[str, object] = {
        "$schema": PACKAGE_PROFILE,
        "name": _package_name(edition),
        "title": edition.title or f"{edition.deck} {edition.edition}",
        "version": version,
        "deck": edition.deck,
        "edition": edition.edition,
        "sources": [_source(s) for s in sources],
    }
    package["licenses"] = [dict(entry) for entry in licenses or (NOT_SPECIFIED,)]
    package["resources"] = resources
    package["files"] = [{"path": "checks.json", "mediatype": "application/json", **_digest(checks)}]
    files["datapackage.json"] = json_document(package)
    return files


def _canonical_tables(edition: Edition, schemas: Mapping[str, TableSchema]) -> dict[str, Columns]:
    unknown = [name for name in edition.tables if name not in schemas]
    if unknown:
        raise ValueError(f"the table {unknown[0]!r} has no schema")
    given = dict(edition.tables)
    if "checks" in schemas:
        made = check_rows(edition.checks)
        if given.get("checks") not in (None, [], made):
            raise ValueError("the table checks says something else than the checks of the edition")
        given["checks"] = made
    return {name: canonical_columns(s, given.get(name, ())) for name, s in schemas.items()}


def _resource(schema: TableSchema, content: bytes) -> dict[str, object]:
    return {
        "$schema": RESOURCE_PROFILE,
        "name": schema.name,
        "type": "table",
        "title": schema.title,
        "description": schema.description,
        "path": f"data/{schema.name}.csv",
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        **_digest(content),
        # Said in full, so that no reader guesses it from a text that looks like another dialect.
        "dialect": {
            "$schema": DIALECT_PROFILE,
            "header": True,
            "delimiter": ",",
            "lineTerminator": "\n",
            "quoteChar": '"',
            "doubleQuote": True,
            "skipInitialSpace": False,
        },
        "schema": descriptor(schema),
        "parquet": f"data/{schema.name}.parquet",
    }


def _digest(content: bytes) -> dict[str, object]:
    return {"bytes": len(content), "hash": "sha256:" + hashlib.sha256(content).hexdigest()}


def _source(source: Mapping[str, str]) -> dict[str, str]:
    path = {"path": PurePath(source["path"]).name} if source.get("path") else {}
    rest = {k: source[k] for k in sorted(source) if k not in ("title", "path")}
    return {"title": source.get("title", ""), **path, **rest}


def _package_name(edition: Edition) -> str:
    return re.sub(r"[^a-z0-9._-]+", "-", f"{edition.deck}-{edition.edition}".lower()).strip("-")
