"""How fast many editions load, beside the database's own bulk load of the same rows.

    python tests/benchmarks/loading.py [--editions 200] [--rounds 3]

Generates editions, then loads them into one DuckDB file and one PostgreSQL schema: all in one call, and one call each.
"COPY" is the database's own COPY of the same rows from one ready CSV file a table, into the same empty tables with the
same keys, in one transaction. Ours begins with the folders of the editions: reading, checking and converting are in its
time. Rows per second, the best of the rounds, in turns (one call each: once, for it is slow: DuckDB and SQLite open and
close the file for each).
"""

from __future__ import annotations

import argparse
import contextlib
import sys
import tempfile
import time
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

ROOT = Path(__file__).parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "tests" / "loading")]

from postgresql_server import running_server  # noqa: E402 - the folders above must be on the path first
from reading_back import SCHEMAS, write  # noqa: E402

from pipeline.loading import duckdb as to_duckdb  # noqa: E402
from pipeline.loading import load_edition, load_editions  # noqa: E402
from pipeline.loading import postgresql as to_postgresql  # noqa: E402
from pipeline.loading.csv_folder import _Csv  # noqa: E402
from pipeline.loading.edition_groups import open_editions  # noqa: E402
from pipeline.loading.rows import columns_of, in_batches, side_by_side  # noqa: E402
from pipeline.loading.sql import create_table, listed, qualified  # noqa: E402

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from pipeline.model import Row

TABLES = side_by_side(SCHEMAS)
MEASURES, ITEMS, STATEMENTS = 60, 70, 30
"""About as many as a real deck of five slides has."""


def generated(number: int) -> dict[str, list[Row]]:
    """Rows of one edition, its amounts its own."""
    measures: list[Row] = [
        {
            "measure_id": f"pillar-{n % 5}/measure-{n}",
            "page": 1,
            "pillar": f"Pillar {n % 5}",
            "group": f"Group {n % 9}",
            "parent_measure_id": f"pillar-{(n - 1) % 5}/measure-{n - 1}" if n % 4 == 3 else None,
            "text": f"Strengthening of harbour {n} with tide gauges and the training of pilots (MoP)",
            "position": n,
        }
        for n in range(MEASURES)
    ]
    items: list[Row] = [
        {
            "item_id": f"piers/group-{n % 6}/item-{n}",
            "category_id": "piers",
            "category": "Piers, all",
            "group": f"Group {n % 6}",
            "parent_item_id": f"piers/group-{(n - 1) % 6}/item-{n - 1}" if n % 5 == 4 else None,
            "name": f"Research and development of pier {n} for ships of the next generation",
            "is_new": n % 7 == 0,
            "is_ai_safety": n % 11 == 0,
            "page": 4,
            "column": 1 + n % 2,
            "position": n,
        }
        for n in range(ITEMS)
    ]
    amounts: list[Row] = [
        {
            "subject_type": "item",
            "subject_id": item["item_id"],
            "budget": budget,
            "fiscal_year": 3000 + number,
            "stage": "draft",
            "value": Decimal(number * 100_000 + n * 1000),
            "lower": Decimal(number * 100_000 + n * 1000 - 500),
            "upper": Decimal(number * 100_000 + n * 1000 + 500),
            "is_part_of": False,
            "currency": "USD",
            "printed": f"{number / 10 + n / 1000} million dollar",
        }
        for n, item in enumerate(items)
        for budget in ("initial", "supplementary")
    ]
    statements: list[Row] = [
        {"statement_id": f"statement-{n}", "page": 2, "heading": "Purpose", "text": "Tides, piers. " * 8, "position": n}
        for n in range(STATEMENTS)
    ]
    values = [
        *(("policy_measures", str(r["measure_id"]), f) for r in measures for f in ("pillar", "group", "text")),
        *(("budget_items", str(r["item_id"]), f) for r in items for f in ("category", "group", "name")),
        *(("budget_amounts", f"item/{r['subject_id']}/{r['budget']}", "value") for r in amounts),
        *(("statements", str(r["statement_id"]), "text") for r in statements),
    ]
    evidence: list[Row] = [
        {
            "table": table,
            "key": key,
            "field": field,
            "part": 0,
            "page": 1 + n % 5,
            "x0": Decimal(n % 700) / 4,
            "top": Decimal(n % 500) / 8,
            "x1": Decimal(n % 700) / 4 + 100,
            "bottom": Decimal(n % 500) / 8 + 12,
            "printed": f"words of {field} {n}",
        }
        for n, (table, key, field) in enumerate(values)
    ]
    return {
        "policy_measures": measures,
        "measure_organizations": [
            {
                "measure_id": m["measure_id"],
                "organization_id": "ministry-of-piers",
                "printed": "MoP",
                "and_others": False,
            }
            for m in measures
        ],
        "budget_items": items,
        "item_organizations": [],
        "budget_amounts": amounts,
        "statements": statements,
        "evidence": evidence,
    }


def main() -> None:
    """Generate, measure, print."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--editions", type=int, default=200)
    parser.add_argument("--rounds", type=int, default=3)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        paths = [write(folder / "in", f"{3000 + n}", changed=generated(n)) for n in range(arguments.editions)]
        files, total = _bulk_files(paths, folder)
        print(f"{arguments.editions} editions, {total} rows")
        _measure("duckdb", _duckdb(folder, paths, files), total, arguments.rounds)
        with running_server(durable=True) as address:
            _measure("postgresql", _postgresql(address, paths, files), total, arguments.rounds)


def _bulk_files(paths: list[Path], folder: Path) -> tuple[list[tuple[str, Path]], int]:
    """Write the same rows as one CSV file a table, for COPY: more where DuckDB wants referred rows in a COPY before."""
    editions = open_editions(paths, SCHEMAS).all()
    files, total = [], 0
    for name, table in TABLES.items():
        rows = list(zip(*columns_of(table, editions), strict=True))
        total += len(rows)
        for n, batch in enumerate(in_batches(table, rows)):
            path = folder / f"{name}-{n}.csv"
            path.write_bytes(_Csv().content(table, list(zip(*batch, strict=True))))
            files.append((name, path))
    return files, total


Runs = dict[str, "Callable[[], None]"]


def _duckdb(folder: Path, paths: list[Path], files: list[tuple[str, Path]]) -> Runs:
    import duckdb

    database = folder / "editions.duckdb"

    def copy() -> None:
        with contextlib.closing(duckdb.connect(str(database))) as connection:
            connection.begin()
            for table in TABLES.values():
                connection.execute(create_table(table, to_duckdb.TYPES, None))
            for name, path in files:
                connection.execute(f"COPY {qualified(None, name)} FROM '{path}' (HEADER, NULL_PADDING false)")
            connection.commit()

    def fresh(load: Callable[[], object]) -> Callable[[], None]:
        def run() -> None:
            database.unlink(missing_ok=True)
            with _clocked():
                load()

        return run

    target = f"duckdb:///{database}"
    return {
        "COPY": fresh(copy),
        "all in one call": fresh(lambda: load_editions(paths, target, schemas=SCHEMAS)),
        "one call each": fresh(lambda: [load_edition(path, target, schemas=SCHEMAS) for path in paths]),
    }


def _postgresql(address: str, paths: list[Path], files: list[tuple[str, Path]]) -> Runs:
    import psycopg

    def copy() -> None:
        with psycopg.connect(address) as connection, connection.cursor() as cursor:
            for table in TABLES.values():
                cursor.execute(create_table(table, to_postgresql.TYPES, "bench").encode())
            for name, path in files:
                columns = listed(TABLES[name].columns)
                statement = f"COPY {qualified('bench', name)} ({columns}) FROM STDIN (FORMAT csv, HEADER)"
                with cursor.copy(statement.encode()) as stream, path.open("rb") as file:
                    while chunk := file.read(1 << 20):
                        stream.write(chunk)

    def fresh(load: Callable[[], object]) -> Callable[[], None]:
        def run() -> None:
            with psycopg.connect(address, autocommit=True) as connection:
                connection.execute("DROP SCHEMA IF EXISTS bench CASCADE")
                connection.execute("CREATE SCHEMA bench")
                connection.execute("CHECKPOINT")
            with _clocked():
                load()

        return run

    options: dict[str, Any] = {"schema": "bench", "schemas": SCHEMAS}
    return {
        "COPY": fresh(copy),
        "all in one call": fresh(lambda: load_editions(paths, address, **options)),
        "one call each": fresh(lambda: [load_edition(path, address, **options) for path in paths]),
    }


_seconds = [0.0]


@contextlib.contextmanager
def _clocked() -> Iterator[None]:
    start = time.perf_counter()
    yield
    _seconds[0] = time.perf_counter() - start


def _measure(kind: str, runs: Runs, total: int, rounds: int) -> None:
    best = dict.fromkeys(runs, float("inf"))
    for n in range(rounds):
        for name, run in runs.items():
            if n and name == "one call each":
                continue
            run()
            best[name] = min(best[name], _seconds[0])
    for name, seconds in best.items():
        speed = best["COPY"] / seconds
        print(f"{kind:<11} {name:<16} {seconds:7.2f} s {total / seconds:>10,.0f} rows/s  {speed:5.2f} x COPY")


if __name__ == "__main__":
    main()
