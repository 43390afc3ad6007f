"""Loading editions into a target: what is the same for all of them."""

from __future__ import annotations

import importlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol, cast

from pipeline.loading.edition_groups import Editions, open_editions
from pipeline.loading.rows import side_by_side
from pipeline.loading.targets import Target, TargetKind, parse_target

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from pipeline.table_schemas import TableSchema


_LOADERS: Mapping[TargetKind, str] = {
    "duckdb": "pipeline.loading.duckdb",
    "sqlite": "pipeline.loading.sqlite",
    "postgresql": "pipeline.loading.postgresql",
    "parquet": "pipeline.loading.parquet_folder",
    "csv": "pipeline.loading.csv_folder",
    "excel": "pipeline.loading.excel",
}
"""One module a kind, imported when it is needed: each may need a library that is not installed."""


@dataclass(frozen=True, slots=True)
class Loaded:
    """What was loaded: the number of rows by table, and the target with its password hidden."""

    rows: dict[str, int]
    target: str


class _Loader(Protocol):
    def load(
        self, target: Target, tables: Mapping[str, TableSchema], editions: Editions, schema: str | None
    ) -> None: ...


def load_edition(path: Path, target: str, *, schema: str | None = None, schemas: Mapping[str, TableSchema]) -> Loaded:
    """Load the extracted edition in the folder `path` into `target`; what was there of this edition is replaced.

    `target` is one of `targets.FORMS`. `schema` is the schema of a database in which the tables stand (made where it
    is not there); by default the one that the database has for it. Of other editions in the target nothing changes.
    Either the whole edition is loaded, or the target stays as it was.

    Raises TargetError where the target is unknown, unreachable, refuses, or has something else under the name of one
    of the tables; and, as `rows.read_edition`, EditionNotFoundError, DamagedEditionError and SchemaError.
    """
    return load_editions([path], target, schema=schema, schemas=schemas)


def load_editions(
    paths: Sequence[Path], target: str, *, schema: str | None = None, schemas: Mapping[str, TableSchema]
) -> Loaded:
    """Load several extracted editions into one target, as `load_edition` does; `rows` adds them up.

    In a database and a workbook either all are loaded or the target stays as it was; a folder of files takes one whole
    edition after the other. Raises as `load_edition`; TargetError too where two are the same edition.
    """
    place = parse_target(target)
    editions = open_editions(paths, schemas)
    loader = cast("_Loader", importlib.import_module(_LOADERS[place.kind]))
    loader.load(place, side_by_side(schemas), editions, schema)
    return Loaded({name: editions.rows[name] for name in schemas}, place.shown)
