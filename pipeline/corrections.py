"""Corrections: what a person who has looked at the page says a value is, with reason, name and date.

They stand in `source_pdfs/corrections/<deck>-<edition>.yaml` and are applied to the tables of an edition after it was
extracted. Each was made for certain printed words: where the page says something else now, it is refused, since nobody
has looked at that. The evidence of a corrected value says who changed it, when, why and from what.
"""

from __future__ import annotations

import datetime as dt
import difflib
import re
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, RootModel, field_validator

from pipeline import yaml_files
from pipeline.errors import CorrectionError
from pipeline.language.folding import fold
from pipeline.table_values import canonical_row, cell_text, cell_value

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from pipeline.model import Row, Value
    from pipeline.table_schemas import TableField, TableSchema

CORRECTIONS_FOLDER = "corrections"
"""The folder of corrections inside the folder of documents."""

EVIDENCE = "evidence"

READ_WITH = dict.fromkeys(("lower", "upper", "is_part_of", "is_approximate", "currency", "printed"), "value")
"""Columns of an amount that are read off the words of another one, and have no evidence of their own."""

EXACT_FLOAT_DIGITS = 15
"""How many significant digits survive a binary floating point number, which is what YAML makes of 1.25."""

Text = Annotated[str, Field(min_length=1)]


@dataclass(frozen=True, slots=True)
class Correction:
    """One value set right by a person.

    `key` is the row's primary key, its columns joined with "/". `printed` is what stood on the page when `who` looked
    at it. `value` is what the file says, typed only when it is applied. `file` and `line` say where it stands.
    """

    table: str
    key: str
    field: str
    printed: str
    value: str | int | float | bool | None
    reason: str
    who: str
    when: dt.date
    file: str = ""
    line: int = 0

    @property
    def place(self) -> str:
        """The file and the line, for messages."""
        return f"{self.file}, line {self.line}" if self.file else "a correction"

    @property
    def subject(self) -> str:
        """What is corrected, for messages."""
        return f"{self.table} {self.key}, {self.field}"


class _Entry(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)

    table: Text
    key: Text
    field: Text
    printed: Text
    value: Any
    reason: Text
    who: Text
    when: dt.date

    @field_validator("key", mode="before")
    @classmethod
    def _number_is_key(cls, value: object) -> object:
        # The key of a slide is its page: a number to YAML.
        return str(value) if isinstance(value, int) and not isinstance(value, bool) else value

    @field_validator("value")
    @classmethod
    def _is_cell(cls, value: object) -> object:
        if value is not None and not isinstance(value, (str, int, float, bool)):
            raise ValueError("write a text, a number, true, false or null; a date in quotes")
        return value

    @field_validator("when", mode="before")
    @classmethod
    def _is_date(cls, value: object) -> object:
        # Left to pydantic, 2026 would be a number of seconds since 1970.
        is_date = isinstance(value, dt.date) and not isinstance(value, dt.datetime)
        if not is_date and not (isinstance(value, str) and re.fullmatch(r"\d{4}-\d{2}-\d{2}", value)):
            raise ValueError("write a date as 2026-04-01")
        return value


class _Entries(RootModel[tuple[_Entry, ...]]):
    pass


def corrections_path(folder: Path, deck: str, edition: str) -> Path:
    """Name the file that holds the corrections of one edition; `folder` is the folder of documents."""
    return folder / CORRECTIONS_FOLDER / f"{deck}-{edition}.yaml"


def load_corrections(folder: Path, deck: str, edition: str) -> tuple[Correction, ...]:
    """Read the corrections of one edition, in the file's order; none where there is no file.

    `folder` is the folder of documents. Raises CorrectionError with file, line and key of what is malformed,
    and where the same value is corrected twice.
    """
    path = corrections_path(folder, deck, edition)
    if not path.exists():
        return ()
    data, lines = yaml_files.load(path, CorrectionError)
    entries = yaml_files.validated(_Entries, [] if data is None else data, lines, path, CorrectionError)
    corrections = tuple(
        Correction(**dict(entry), file=path.name, line=lines.get((i,), 1)) for i, entry in enumerate(entries.root)
    )
    seen: dict[tuple[str, str, str], Correction] = {}
    for correction in corrections:
        earlier = seen.setdefault((correction.table, correction.key, correction.field), correction)
        if earlier is not correction:
            raise CorrectionError(
                f"{correction.place}: field: {correction.subject} is corrected on line {earlier.line} already.",
                "Keep one of the two.",
            )
    return corrections


def apply_corrections(
    tables: Mapping[str, Sequence[Row]],
    corrections: Sequence[Correction],
    schemas: Mapping[str, TableSchema],
) -> dict[str, list[Row]]:
    """Give the tables with every correction applied; the given ones stay as they are.

    A value gets the type of its column. Only the named field changes: of a corrected amount, `lower` and `upper` are
    corrections of their own, checked against the words of `value`, as are the other columns in `READ_WITH`. Every part
    of the evidence says "corrected by WHO on DATE: REASON (read: OLD)" in its column `correction`, after the column's
    name where the evidence is another column's; several stand behind each other with a semicolon.

    Raises CorrectionError, naming file, line, table, key and field, where there is no such table, row or field; where
    the field is part of a key or refers to another row; where nothing on the page is its evidence, or the evidence is
    printed otherwise than the correction says (without regard to white space and width); and where the value has the
    wrong type or breaks a constraint of its column.
    """
    result = {name: list(rows) for name, rows in tables.items()}
    places = {
        name: _rows_by_key(result.get(name, ()), schemas[name])
        for name in {c.table for c in corrections} & set(schemas)
    }
    evidence = _evidence_by_field(result.get(EVIDENCE, ()))
    for correction in corrections:
        schema = _schema(correction, schemas)
        column = _column(correction, schema)
        number = _row_number(correction, places[correction.table])
        row = result[correction.table][number]
        parts = _evidence_parts(correction, evidence, result[EVIDENCE] if evidence else [])
        old = row.get(column.name)
        value = _typed(correction, column)
        changed = {**row, column.name: value}
        try:
            canonical_row(schema, changed)
        except ValueError as error:
            raise _refused(correction, str(error).split(": {")[0], "Correct the value in that file.") from error
        result[correction.table][number] = changed
        for part in parts:
            result[EVIDENCE][part] = _noted(result[EVIDENCE][part], correction, old)
    return result


def _rows_by_key(rows: Sequence[Row], schema: TableSchema) -> dict[str, list[int]]:
    found: dict[str, list[int]] = {}
    for number, row in enumerate(rows):
        found.setdefault("/".join(str(row.get(c)) for c in schema.primary_key), []).append(number)
    return found


def _evidence_by_field(rows: Sequence[Row]) -> dict[tuple[Value, Value, Value], list[int]]:
    """List the rows of the evidence by table, key and field, each in the order of their parts."""
    found: dict[tuple[Value, Value, Value], list[int]] = {}
    for number, row in sorted(enumerate(rows), key=lambda numbered: int(numbered[1].get("part") or 0)):
        found.setdefault((row.get("table"), row.get("key"), row.get("field")), []).append(number)
    return found


def _schema(correction: Correction, schemas: Mapping[str, TableSchema]) -> TableSchema:
    schema = schemas.get(correction.table)
    if schema is None:
        raise _refused(correction, f"there is no table {correction.table}", _nearest(correction.table, schemas))
    return schema


def _column(correction: Correction, schema: TableSchema) -> TableField:
    column = schema.by_name.get(correction.field)
    if column is None:
        problem = f"the table {schema.name} has no field {correction.field}"
        raise _refused(correction, problem, _nearest(correction.field, schema.columns))
    keys = {*schema.primary_key, *(name for key in schema.foreign_keys for name in key.fields)}
    if column.name in keys:
        raise _refused(
            correction,
            f"{column.name} is part of a key, by which other rows and other editions find this one",
            "Correct the field that the page prints; keys stay.",
        )
    return column


def _row_number(correction: Correction, places: Mapping[str, list[int]]) -> int:
    numbers = places.get(correction.key, [])
    if not numbers:
        raise _refused(correction, "there is no row with that key now", _nearest(correction.key, places))
    if len(numbers) > 1:
        raise _refused(correction, f"{len(numbers)} rows have that key", "Mend the extraction first.")
    return numbers[0]


def _evidence_parts(
    correction: Correction, evidence: Mapping[tuple[Value, Value, Value], list[int]], rows: Sequence[Row]
) -> list[int]:
    """Find the numbers of the rows of the evidence for the value, which must print what the correction says."""
    own = evidence.get((correction.table, correction.key, correction.field))
    borrowed = READ_WITH.get(correction.field, "")
    parts = own or evidence.get((correction.table, correction.key, borrowed), [])
    if not parts:
        raise _refused(
            correction,
            "nothing on the page is evidence for it: it was computed, or nothing was read there",
            "Correct a field that was read from the page, or mend the extraction.",
        )
    now = [str(rows[part].get("printed") or "") for part in parts]
    if _comparable("".join(now)) != _comparable(correction.printed):
        pages = " and ".join(dict.fromkeys(f"page {rows[part].get('page')}" for part in parts))
        raise _refused(
            correction,
            f"it was made for {correction.printed!r}, but {pages} says {' '.join(now)!r} now",
            "Look at the page again: remove the correction if the value is right now, else renew printed and value.",
        )
    return parts


def _comparable(text: str) -> str:
    return "".join(fold(text).split())


def _typed(correction: Correction, column: TableField) -> Value:
    """Give the correction's value with the type of its column."""
    value = correction.value
    if value is None:
        return None
    if column.type == "string" and not isinstance(value, str):
        raise _refused(correction, f"{value!r} is a number or a truth value, and the field a text", "Put it in quotes.")
    if isinstance(value, float):
        if len(Decimal(repr(value)).as_tuple().digits) > EXACT_FLOAT_DIGITS:
            raise _refused(correction, f"{value!r} has more digits than a number here keeps", "Put it in quotes.")
        value = format(Decimal(repr(value)), "f")
    try:
        return cell_value(column, cell_text(value))
    except ValueError as error:
        raise _refused(correction, str(error), "Write the value as it stands in the table's CSV file.") from error


def _noted(row: Row, correction: Correction, old: Value) -> Row:
    own = row.get("field") == correction.field
    read = "nothing" if old is None else cell_text(old)
    note = (
        f"{'' if own else correction.field + ' '}corrected by {correction.who} on {correction.when.isoformat()}: "
        f"{correction.reason} (read: {read})"
    )
    earlier = row.get("correction")
    return {**row, "correction": f"{earlier}; {note}" if earlier else note}


def _nearest(name: str, names: Mapping[str, object] | Sequence[str]) -> str:
    near = difflib.get_close_matches(name, list(names), n=1)
    return f"Did you mean {near[0]}?" if near else "See the tables of the extracted edition."


def _refused(correction: Correction, problem: str, advice: str) -> CorrectionError:
    return CorrectionError(f"{correction.place}: {correction.subject}: {problem}.", advice)
