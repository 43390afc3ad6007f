"""Editions to load, and reading them back from each kind of target, without the code that is tested."""

from __future__ import annotations

import csv
import io
import sqlite3
import sys
from contextlib import closing
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipeline.table_schemas import load_table_schemas

sys.path.insert(0, str(Path(__file__).parents[1] / "publishing"))
import fictional_edition

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from pipeline.model import Row

SCHEMAS = load_table_schemas()
KINDS = ("duckdb", "sqlite", "postgresql", "parquet", "csv", "excel")
DATABASES = ("duckdb", "sqlite", "postgresql")

HARD_TEXTS = (
    '\'; DROP TABLE "editions"; --',
    "=1+1",
    "+1",
    "-1",
    "@SUM(A1)",
    "\\N",
    "\\.",
    "NULL",
    "tab\tquote \" ' comma , semicolon ; backslash \\ percent %s {0}",
    "one\nline\r\nafter another",
    "  spaces  ",
    "0012",
    "1e5",
    "#N/A",
    "TRUE",
    "2025-01-01",
    "埠頭 ﷽ 👩‍🚀 é é ✓",
    "<script>&amp;</script>",
)
HARD_NUMBERS = (
    "0",
    "0.1",
    "-0.0001",
    "9007199254740993",
    "-9223372036854775808",
    "9223372036854775808",
    "12345678901234567890.1234",
    "9999999999999999999999999999999999.9999",
    "1298765432.1234",
    "115000000000000",
)


@dataclass(frozen=True)
class Place:
    """A target, and the schema in it where it has any."""

    kind: str
    target: str
    schema: str | None = None

    @property
    def path(self) -> Path:
        """The file or folder of a target that is one."""
        return Path(self.target.partition(":")[2].removeprefix("///"))

    @property
    def options(self) -> dict[str, Any]:
        """What `load_edition` is given beside the edition and the target."""
        return {"schema": self.schema, "schemas": SCHEMAS}


def write(
    folder: Path, edition: str = "3025", deck: str = "harbours", changed: dict[str, list[Row]] | None = None
) -> Path:
    """Write the fictional edition under another name."""
    tables = fictional_edition.tables()
    described = {**tables["editions"][0], "edition": edition, "deck": deck}
    from pipeline.model import Edition
    from pipeline.publishing import write_edition

    written = Edition(
        deck, edition, "Harbours", {**tables, "editions": [described], **(changed or {})}, fictional_edition.CHECKS
    )
    path = folder / deck / edition
    write_edition(
        written,
        path,
        schemas=SCHEMAS,
        sources=fictional_edition.SOURCES,
        version="0.0.1",
        licenses=fictional_edition.LICENSES,
    )
    return path


def hard_tables() -> dict[str, list[Row]]:
    """Rows that a careless writer spoils."""
    figure = fictional_edition.tables()["stated_figures"][0]
    items = fictional_edition.tables()["budget_items"]
    # A row that refers to one after it, and one three deep.
    chain = [("c", "b"), ("b", "a"), ("a", None)]
    return {
        "statements": [
            {"statement_id": f"s/{n}", "page": 1, "heading": text, "text": text, "position": n}
            for n, text in enumerate(HARD_TEXTS)
        ],
        "stated_figures": [
            {**figure, "figure_id": f"f/{n}", "value": Decimal(number), "lower": Decimal(number), "upper": None}
            for n, number in enumerate(HARD_NUMBERS)
        ],
        "budget_items": [
            *({**items[0], "item_id": key, "parent_item_id": parent} for key, parent in chain),
            *items,
        ],
    }


def from_csv(edition: Path, table: str) -> list[dict[str, Any]]:
    """Read what the edition's own CSV says, `deck` and `edition` in front."""
    deck, name = edition.parent.name, edition.name
    text = (edition / "data" / f"{table}.csv").read_bytes().decode()
    read: list[dict[str, Any]] = []
    for cells in csv.DictReader(io.StringIO(text, newline="")):
        row = {"deck": deck, "edition": name, **cells}
        read.append({c: _typed(table, c, v) for c, v in row.items()})
    return read


def _typed(table: str, column: str, text: str) -> object:
    if text == "":
        return None
    kind = SCHEMAS[table].by_name[column].type if column in SCHEMAS[table].by_name else "string"
    if kind == "boolean":
        return {"true": True, "false": False}[text]
    return {"string": str, "integer": int, "year": int, "number": Decimal}[kind](text)


def read_back(place: Place) -> dict[str, list[dict[str, Any]]]:
    """Read all tables of a target with the rows of all editions in it."""
    if place.kind == "csv":
        return {table: _from_csv_folder(place, table) for table in SCHEMAS}
    if place.kind == "parquet":
        import pyarrow.parquet as pq

        paths = {table: sorted(place.path.glob(f"*/*/{table}.parquet")) for table in SCHEMAS}
        return {t: [row for path in found for row in pq.read_table(path).to_pylist()] for t, found in paths.items()}
    if place.kind == "excel":
        import openpyxl

        workbook = openpyxl.load_workbook(place.path)
        return {table: _from_sheet(workbook[table], table) for table in SCHEMAS}
    answers = queries(place, *(f"SELECT * FROM {qualified(place, table)}" for table in SCHEMAS))  # noqa: S608 - ours
    read = {t: [dict(zip(n, row, strict=True)) for row in rows] for t, (n, rows) in zip(SCHEMAS, answers, strict=True)}
    return {t: [_from_sqlite(t, r) for r in rows] for t, rows in read.items()} if place.kind == "sqlite" else read


def _from_csv_folder(place: Place, table: str) -> list[dict[str, Any]]:
    return [
        {c: _typed(table, c, v) for c, v in row.items()}
        for path in sorted(place.path.glob(f"*/*/{table}.csv"))
        for row in csv.DictReader(io.StringIO(path.read_bytes().decode(), newline=""))
    ]


def qualified(place: Place, table: str) -> str:
    """Name a table in the schema of `place`."""
    schema = '"' + place.schema.replace('"', '""') + '".' if place.schema else ""
    return f'{schema}"{table}"'


def query(place: Place, statement: str) -> tuple[list[str], list[tuple[Any, ...]]]:
    """Run a statement in a database and commit; give the names of the columns and the rows, if any."""
    return queries(place, statement)[0]


def queries(place: Place, *statements: str) -> list[tuple[list[str], list[tuple[Any, ...]]]]:
    """Run several statements in one connection, as `query` does."""
    with closing(connected(place)) as connection:
        answers = []
        for statement in statements:
            cursor = connection.execute(statement)
            rows = cursor.fetchall() if cursor.description else []
            answers.append(([d[0] for d in cursor.description or ()], rows))
        connection.commit()
    return answers


def connected(place: Place) -> Any:
    """Connect to a database as any of its users would."""
    if place.kind == "duckdb":
        import duckdb

        return duckdb.connect(str(place.path)).begin()
    if place.kind == "sqlite":
        connection = sqlite3.connect(place.path)
        connection.execute("PRAGMA foreign_keys = ON")
        return connection
    import psycopg

    return psycopg.connect(place.target)


def _from_sqlite(table: str, row: dict[str, Any]) -> dict[str, Any]:
    def typed(column: str, value: Any) -> Any:
        kind = SCHEMAS[table].by_name[column].type if column in SCHEMAS[table].by_name else "string"
        if value is None:
            return None
        if kind == "number":
            return Decimal(value.decode() if isinstance(value, bytes) else repr(value))
        return bool(value) if kind == "boolean" else value

    return {c: typed(c, v) for c, v in row.items()}


def _from_sheet(sheet: Any, table: str) -> list[dict[str, Any]]:
    rows = list(sheet.iter_rows(values_only=True))
    header = [str(c) for c in rows[0]]

    def typed(column: str, value: Any) -> Any:
        kind = SCHEMAS[table].by_name[column].type if column in SCHEMAS[table].by_name else "string"
        if value is not None and kind == "number":
            return Decimal(str(value))
        return value.replace("_x000D_", "\r") if isinstance(value, str) else value

    return [{c: typed(c, v) for c, v in zip(header, row, strict=True)} for row in rows[1:] if any(row)]


def comparable(rows: Iterable[dict[str, Any]]) -> Sequence[Any]:
    """Give rows in an order of their own, each value with its type; equal decimals are the same."""

    def exact(value: object) -> tuple[str, str]:
        return type(value).__name__, format(value.normalize(), "f") if isinstance(value, Decimal) else repr(value)

    return sorted([(c, *exact(v)) for c, v in row.items()] for row in rows)
