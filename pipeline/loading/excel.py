"""Loading editions into an Excel workbook: a sheet a table, all editions below each other.

XlsxWriter writes the workbook and openpyxl reads what it held before, so the rows of other editions stay. The new
workbook is written beside the old one and takes its place in one step. The same editions give the same bytes.

Cells have types. A number is a number where Excel's 15 digits hold it exactly, else text. A text never becomes a
formula, and one that starts with `=`, `+`, `-` or `@` stays text when it is edited as well ("quote prefix"). The first
sheet, `budget`, has one row an item with its amounts beside it; the link on a page's number opens the PDF at that page
when the file stands in the workbook's folder.
"""

from __future__ import annotations

import datetime as dt
import io
import os
import re
import zipfile
from decimal import Decimal
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from pipeline.editions import BUDGETS, budget_columns, budget_rows
from pipeline.loading.rows import EDITION_KEY, EDITIONS, typed_rows
from pipeline.loading.targets import Target, check_file, library, no_schema, refused
from pipeline.table_schemas import TableField, TableSchema
from pipeline.table_values import cell_text

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from pipeline.loading.edition_groups import Editions
    from pipeline.loading.rows import RowTuple
    from pipeline.model import Row, Value

MAX_ROWS = 1_048_575
MAX_CHARACTERS = 32_767
MAX_LINKS = 65_530
"""Excel's own limits (Microsoft, "Excel specifications and limits"): rows below the header, characters in a cell, links
on a sheet."""

_BUDGET = "budget"
_EXACT_DIGITS = 15
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
_ESCAPE = re.compile(r"_x([0-9A-Fa-f]{4})_")
_CREATED = dt.datetime(2000, 1, 1, tzinfo=dt.UTC)
"""Written as the time of making, so that the same rows give the same bytes."""
_WIDEST = 60
"""Characters that the widest column shows; longer texts are cut by Excel, not in the cell."""

Tables = dict[str, list["RowTuple"]]


def load(target: Target, tables: Mapping[str, TableSchema], editions: Editions, schema: str | None) -> None:
    """Load `editions` into the workbook. Raises TargetError with the workbook as it was."""
    no_schema(target, schema)
    replaced = set(editions.identities)
    arriving = editions.all()
    held = _read(target, tables) if check_file(target) else {name: [] for name in tables}
    for name, rows in held.items():
        rows[:] = [row for row in rows if row[:2] not in replaced]
        rows.extend(typed_rows(tables[name], arriving))
        _check_limits(target, name, rows)
    content = _workbook(tables, held)
    beside = target.path.with_name(f".{target.path.name}.new")
    try:
        with beside.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        beside.replace(target.path)
    except OSError as error:
        beside.unlink(missing_ok=True)
        raise refused(
            target, f"it cannot be written ({error.strerror})", "Close the workbook where it is open, or name another."
        ) from error


def _read(target: Target, tables: Mapping[str, TableSchema]) -> Tables:
    """Read the rows of all editions in the workbook. Raises TargetError where a sheet is not one that was loaded."""
    openpyxl = library("openpyxl", "excel")
    advice = "Name another workbook, or move away what is in the way."
    try:
        workbook = openpyxl.load_workbook(target.path, read_only=True)
    except (OSError, ValueError, KeyError, zipfile.BadZipFile) as error:
        raise refused(target, "the file is not a workbook", advice) from error
    try:
        held: Tables = {name: [] for name in tables}
        for sheet in workbook.worksheets:
            rows = sheet.iter_rows(values_only=True)
            header = tuple(c for c in next(rows, ()) if c is not None)
            table = _budget_table(tables) if sheet.title == _BUDGET else tables.get(sheet.title)
            if table is None:
                raise refused(target, f"the sheet {sheet.title} is none of this program's and would be lost", advice)
            if header != table.columns:
                raise refused(target, f"the sheet {sheet.title} in the way has another shape", advice)
            if sheet.title != _BUDGET:
                held[sheet.title] = [_row(target, table, row) for row in rows if any(c is not None for c in row)]
    finally:
        workbook.close()
    return held


def _row(target: Target, table: TableSchema, cells: tuple[object, ...]) -> RowTuple:
    padded = (*cells, *[None] * (len(table.fields) - len(cells)))
    try:
        return tuple(_value(f, c) for f, c in zip(table.fields, padded, strict=False))
    except (ValueError, ArithmeticError) as error:
        raise refused(
            target, f"the sheet {table.name} was changed by hand ({error})", "Name another workbook."
        ) from error


def _value(column: TableField, cell: object) -> Value:
    if cell is None:
        return None
    if column.type == "string" and isinstance(cell, str):
        return _ESCAPE.sub(lambda m: chr(int(m[1], 16)), cell)
    if column.type == "boolean" and isinstance(cell, bool):
        return cell
    if column.type == "number" and isinstance(cell, (int, float, str)) and not isinstance(cell, bool):
        return Decimal(str(cell))
    if column.type in ("integer", "year") and isinstance(cell, (int, float, str)) and int(cell) == Decimal(str(cell)):
        return int(cell)
    raise ValueError(f"{cell!r} is no {column.type} in the column {column.name}")


def _check_limits(target: Target, name: str, rows: Sequence[RowTuple]) -> None:
    if len(rows) > MAX_ROWS:
        raise refused(target, f"a sheet cannot hold the {len(rows)} rows of {name}", "Load into a database instead.")
    for row in rows:
        for value in row:
            if not isinstance(value, str):
                continue
            # Excel counts UTF-16 units.
            if len(value) > MAX_CHARACTERS // 2 and len(value.encode("utf-16-le")) // 2 > MAX_CHARACTERS:
                raise refused(target, f"a text of {name} is longer than a cell can be", "Load into a database instead.")
            if _ESCAPE.search(value):
                # Workbooks write control characters so, and readers disagree on what a text that looks so means.
                raise refused(target, f"{value!r} of {name} would not stay as it is", "Load into a database instead.")


def _workbook(tables: Mapping[str, TableSchema], held: Tables) -> bytes:
    xlsxwriter = library("xlsxwriter", "excel")
    sink = io.BytesIO()
    workbook = xlsxwriter.Workbook(sink, {"in_memory": True})
    workbook.set_properties({"created": _CREATED})
    pages = _Pages(tables, held)
    budget = _budget_table(tables)
    if budget is not None:
        _sheet(workbook, budget, _budget(tables, held), pages)
    for name, table in tables.items():
        _sheet(workbook, table, held[name], pages)
    workbook.close()
    return sink.getvalue()


def _sheet(workbook: Any, table: TableSchema, rows: Sequence[RowTuple], pages: _Pages) -> None:
    sheet = workbook.add_worksheet(table.name)
    bold = workbook.add_format({"bold": True})
    money = workbook.add_format({"num_format": "#,##0.####"})
    plain = workbook.add_format({"quote_prefix": True})
    link = workbook.get_default_url_format()
    widths = [len(c) for c in table.columns]
    for column, f in enumerate(table.fields):
        sheet.write_string(0, column, f.name, bold)
        if f.description:
            sheet.write_comment(0, column, f.description)
    linked = pages.column(table)
    for number, row in enumerate(rows, start=1):
        url = pages.link(table, row) if linked is not None and number <= MAX_LINKS else None
        for column, value in enumerate(row):
            style = None
            if column == linked and url:
                sheet.write_url(number, column, url)
                style = link
            _cell(sheet, number, column, value, style, money, plain)
            if value is not None:
                widths[column] = max(widths[column], len(cell_text(value)))
    for column, width in enumerate(widths):
        sheet.set_column(column, column, min(width, _WIDEST) + 2)
    sheet.freeze_panes(1, 0)
    sheet.autofilter(0, 0, max(len(rows), 1), len(table.fields) - 1)


def _cell(sheet: Any, row: int, column: int, value: Value, style: Any, money: Any, plain: Any) -> None:
    if value is None:
        return
    if isinstance(value, bool):
        sheet.write_boolean(row, column, value, style)
    elif isinstance(value, (int, Decimal)) and _is_exact(value):
        whole = value == int(value)
        sheet.write_number(
            row, column, int(value) if whole else float(value), style or (money if isinstance(value, Decimal) else None)
        )
    else:
        text = cell_text(value)
        sheet.write_string(row, column, text, style or (plain if text.startswith(_FORMULA_STARTS) else None))


def _is_exact(value: int | Decimal) -> bool:
    """Whether Excel's numbers, doubles of which it keeps 15 digits, hold the value exactly."""
    digits = cell_text(value).lstrip("-").replace(".", "").strip("0")
    return len(digits) <= _EXACT_DIGITS


class _Pages:
    """Where each row of a workbook stands in its PDF: in its own column `page`, or where its evidence is."""

    def __init__(self, tables: Mapping[str, TableSchema], held: Tables) -> None:
        self._files: dict[tuple[Value, ...], Value] = {}
        self._evidence: dict[tuple[Value, ...], Value] = {}
        if EDITIONS in tables:
            for row in _dicts(tables[EDITIONS], held[EDITIONS]):
                self._files[row["deck"], row["edition"]] = row.get("source_file")
        if "evidence" in tables:
            for row in _dicts(tables["evidence"], held["evidence"]):
                key = (row["deck"], row["edition"], row["table"], row["key"])
                self._evidence.setdefault(key, row["page"])

    def column(self, table: TableSchema) -> int | None:
        """Give the column of `table` that carries the link; None where its rows stand on no page."""
        if "page" in table.columns:
            return table.columns.index("page")
        if not table.primary_key[len(EDITION_KEY) :]:
            return None
        return table.columns.index(table.primary_key[len(EDITION_KEY)])

    def link(self, table: TableSchema, row: RowTuple) -> str | None:
        """Give the address of the page of `row`, relative to the workbook."""
        values = dict(zip(table.columns, row, strict=True))
        edition = (values["deck"], values["edition"])
        key = "/".join(str(values[c]) for c in table.primary_key[len(EDITION_KEY) :])
        page = values["page"] if "page" in values else self._evidence.get((*edition, table.name, key))
        file = self._files.get(edition)
        return f"external:{quote(str(file))}#page={page}" if file and page else None


def _dicts(table: TableSchema, rows: Sequence[RowTuple]) -> list[Row]:
    return [dict(zip(table.columns, row, strict=True)) for row in rows]


def _budget_table(tables: Mapping[str, TableSchema]) -> TableSchema | None:
    if not {"budget_items", "budget_amounts"} <= set(tables):
        return None
    items, amounts = tables["budget_items"].by_name, tables["budget_amounts"].by_name
    columns = [*EDITION_KEY, *budget_columns()]
    fields = [items[c] if c in items else amounts[c.removeprefix(f"{_budget_of(c)}_")] for c in columns]
    named = tuple(TableField(c, f.type, f.title, f.description) for c, f in zip(columns, fields, strict=True))
    return TableSchema(_BUDGET, "Budget", "", named, tables["budget_items"].primary_key)


def _budget_of(column: str) -> str:
    return next(b for b in BUDGETS if column.startswith(f"{b}_"))


def _budget(tables: Mapping[str, TableSchema], held: Tables) -> list[RowTuple]:
    columns = (*EDITION_KEY, *budget_columns())
    amounts: dict[tuple[Value, Value], list[Row]] = {}
    for amount in _dicts(tables["budget_amounts"], held["budget_amounts"]):
        amounts.setdefault((amount["deck"], amount["edition"]), []).append(amount)
    items: dict[tuple[Value, Value], list[Row]] = {}
    for item in _dicts(tables["budget_items"], held["budget_items"]):
        items.setdefault((item["deck"], item["edition"]), []).append(item)
    made: list[RowTuple] = []
    for edition, rows in items.items():
        for row in budget_rows(rows, amounts.get(edition, [])):
            whole = {**row, **dict(zip(EDITION_KEY, edition, strict=True))}
            made.append(tuple(whole[c] for c in columns))
    return made
