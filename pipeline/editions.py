"""Finding, listing and reading extracted editions.

An edition is a folder with `datapackage.json`, by convention `extracted/<deck>/<edition>/`. It is read by the schemas
that stand in its own package, so an edition of an earlier release is read as what it is. Writing one is in
`publishing`. pandas is imported only by what makes a DataFrame.
"""

from __future__ import annotations

import csv
import difflib
import hashlib
import io
import json
import re
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from pipeline.errors import AmbiguousEditionError, DamagedEditionError, EditionNotFoundError, SchemaError
from pipeline.model import Check, Place, Row, Value, Verdict
from pipeline.table_schemas import TableSchema, table_schema
from pipeline.table_values import cell_value
from pipeline.web_page import pictures_in

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd

    from pipeline.page_image import PageImage

DEFAULT_ROOT = Path("extracted")

AMOUNT_COLUMNS = ("fiscal_year", "value", "lower", "upper", "is_part_of", "currency", "printed")
"""The columns of `budget_amounts` that stand in the wide view `budget`, once for each budget."""

BUDGETS = ("initial", "supplementary")

_DESCRIPTOR = "datapackage.json"
_CHECKS = "checks.json"
REVIEW_PAGE = "report.html"
"""The review page's name in an edition's folder."""
_VERDICTS = ("consistent", "inconsistent", "undetermined")


@dataclass(frozen=True, slots=True, order=True)
class EditionPlace:
    """One extracted edition and the folder where it stands."""

    deck: str
    edition: str
    path: Path


def list_editions(root: Path = DEFAULT_ROOT) -> tuple[EditionPlace, ...]:
    """List the editions `root/<deck>/<edition>/`, sorted by deck and edition; none where `root` is not there.

    Hidden folders are left out: they are what an interrupted run left, and the next run clears them away.
    """
    found = [
        EditionPlace(path.parent.parent.name, path.parent.name, path.parent)
        for path in root.glob(f"*/*/{_DESCRIPTOR}")
        if not path.parent.name.startswith(".") and not path.parent.parent.name.startswith(".")
    ]
    return tuple(sorted(found))


def _editions_of(deck: str, root: Path) -> list[EditionPlace]:
    """The editions of one deck, found without looking at those of others."""
    if deck.startswith("."):
        return []
    places = (root / deck).glob(f"*/{_DESCRIPTOR}")
    return sorted(EditionPlace(deck, p.parent.name, p.parent) for p in places if not p.parent.name.startswith("."))


def edition_order(name: str) -> list[tuple[int, str]]:
    """Give what names of editions are sorted by, oldest first: the numbers in them count as numbers."""
    return [(int(part), "") if part.isdecimal() else (-1, part) for part in re.split(r"(\d+)", name.casefold()) if part]


def find_edition(name: str, root: Path = DEFAULT_ROOT) -> Path:
    """Find the folder of the edition `name`: an edition ("2025"), a deck and an edition ("deck/2025") or a folder.

    Raises EditionNotFoundError naming the nearest names there are, and AmbiguousEditionError where several decks have
    an edition of that name.
    """
    editions = list_editions(root)
    matching = [e for e in editions if name in (e.edition, f"{e.deck}/{e.edition}")]
    if len(matching) == 1:
        return matching[0].path
    if len(matching) > 1:
        names = ", ".join(f"{e.deck}/{e.edition}" for e in matching)
        raise AmbiguousEditionError(f"{len(matching)} editions are called {name!r}: {names}.", "Name the deck too.")
    folder = Path(name)
    if (folder / _DESCRIPTOR).is_file():
        return folder
    raise EditionNotFoundError(f"No extracted edition is called {name!r}.", _suggestion(name, editions, root))


@dataclass(frozen=True)
class OpenedEdition:
    """One edition as pandas sees it."""

    deck: str
    edition: str
    title: str
    path: Path
    tables: Mapping[str, pd.DataFrame]

    @cached_property
    def budget(self) -> pd.DataFrame:
        """One row an item of the budget, with its initial and its supplementary amount beside it.

        The columns are those of `budget_columns`. An item without an amount has empty cells in its place.
        """
        tables = cast("_LazyTables", self.tables)
        wide = budget_rows(tables.rows("budget_items"), tables.rows("budget_amounts"))
        items, amounts = tables.schemas["budget_items"].by_name, tables.schemas["budget_amounts"].by_name
        types = {c: items[c].type if c in items else "string" for c in budget_columns()}
        types |= {f"{b}_{c}": amounts[c].type for b in BUDGETS for c in AMOUNT_COLUMNS}
        return _frame(types, wide)


def open_edition(name: str | Path, root: Path = DEFAULT_ROOT, *, verify: bool = True) -> OpenedEdition:
    """Open an edition by its name, by deck and name, or by its folder; each table is read when it is first asked for.

    In its tables texts are `string`, whole numbers and years `Int64`, truth values `boolean`, and money is
    `decimal.Decimal` in a column of type `object`. With `verify` the bytes of each table are compared with the hash in
    the package. Raises EditionNotFoundError, AmbiguousEditionError and, at the latest when a table is read,
    DamagedEditionError.
    """
    package = _package(find_edition(str(name), root), verify=verify)
    return OpenedEdition(package.deck, package.edition, package.title, package.path, _LazyTables(package))


def read_rows(path: Path, *, verify: bool = True) -> dict[str, list[Row]]:
    """Read all tables of the edition in the folder `path` as typed rows, in the order of the package.

    Raises DamagedEditionError where the folder is no edition, a file is missing or unreadable or, with `verify`, has
    other bytes than were written.
    """
    package = _package(path, verify=verify)
    return {name: package.rows(name) for name in package.resources}


def read_checks(path: Path, *, verify: bool = True) -> tuple[Check, ...]:
    """Read the checks of the edition in the folder `path`, in order. Raises DamagedEditionError as `read_rows`."""
    return _package(path, verify=verify).checks()


def read_whole(path: Path) -> tuple[dict[str, list[Row]], tuple[Check, ...]]:
    """Read all tables and checks of the edition in the folder `path`, of which no file is gone, looking at each once.

    Raises DamagedEditionError as `read_rows`, and where the review page or a Parquet file is not there.
    """
    package = _package(path, verify=True)
    parquet = [path / Path(resource.path).with_suffix(".parquet") for resource in package.resources.values()]
    for file in (path / REVIEW_PAGE, *parquet):
        if not file.is_file():
            raise _damaged(file, "is not there")
    return {name: package.rows(name) for name in package.resources}, package.checks()


def package_sha256(path: Path) -> str:
    """Digest what the edition in the folder `path` says: its tables and checks, not its pictures and Parquet files.

    Raises DamagedEditionError as `read_rows`, so that a damaged edition never passes for the whole one.
    """
    package = _package(path, verify=True)
    for resource in package.resources.values():
        package.read(resource.path, resource.file)
    package.read(_CHECKS, package.check_file)
    return hashlib.sha256((path / _DESCRIPTOR).read_bytes()).hexdigest()


@dataclass(frozen=True, slots=True)
class EarlierEdition:
    """An earlier edition of a deck: its name, its folder and the digest of what it says."""

    edition: str
    path: Path
    sha256: str


def earlier_editions(deck: str, edition: str, root: Path = DEFAULT_ROOT) -> list[EarlierEdition]:
    """Find the whole editions of `deck` in `root` that are earlier than `edition`, oldest first.

    A damaged one is no witness of anything and is left out.
    """
    found = []
    for place in _editions_of(deck, root):
        if edition_order(place.edition) < edition_order(edition):
            try:
                found.append(EarlierEdition(place.edition, place.path, package_sha256(place.path)))
            except DamagedEditionError:
                continue
    return sorted(found, key=lambda earlier: edition_order(earlier.edition))


def read_pictures(path: Path) -> dict[int, PageImage]:
    """Take the pictures of the pages, by number, out of the review page of the edition in the folder `path`.

    Empty where it has no review page: an edition can be compared and loaded without one.
    """
    try:
        page = (path / REVIEW_PAGE).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        return {}
    return {image.page: image for image in pictures_in(page)}


def budget_columns() -> tuple[str, ...]:
    """Name the columns of the wide view `budget`, in order: those of the item, then each budget's, its name before."""
    item = ("item_id", "category", "group", "parent_item_id", "name", "is_new", "is_ai_safety", "page")
    return (*item, *(f"{b}_{c}" for b in BUDGETS for c in AMOUNT_COLUMNS))


def budget_rows(items: Sequence[Row], amounts: Sequence[Row]) -> list[Row]:
    """Make the rows of the wide view `budget` from those of `budget_items` and `budget_amounts`, in items order."""
    by_item = {(a["subject_id"], a["budget"]): a for a in amounts if a["subject_type"] == "item"}
    rows = []
    for item in items:
        row: Row = {c: item[c] for c in budget_columns() if c in item}
        for budget in BUDGETS:
            amount = by_item.get((item["item_id"], budget), {})
            row.update({f"{budget}_{c}": amount.get(c) for c in AMOUNT_COLUMNS})
        rows.append(row)
    return rows


@dataclass(frozen=True, slots=True)
class _File:
    """What the package says of one file."""

    size: int
    hash: str


@dataclass(frozen=True, slots=True)
class _Resource:
    path: str
    file: _File
    schema: TableSchema


@dataclass(frozen=True, slots=True)
class _Package:
    path: Path
    deck: str
    edition: str
    title: str
    resources: Mapping[str, _Resource]
    check_file: _File | None
    verify: bool

    def read(self, name: str, said: _File | None) -> bytes:
        place = self.path / name
        try:
            content = place.read_bytes()
        except OSError as error:
            raise _damaged(place, f"cannot be read ({error.strerror})") from error
        if self.verify and said is not None:
            actual = "sha256:" + hashlib.sha256(content).hexdigest()
            if len(content) != said.size or actual != said.hash:
                raise _damaged(
                    place,
                    "has other bytes than were written"
                    + (f" ({len(content)} instead of {said.size})" if len(content) != said.size else ""),
                )
        return content

    def rows(self, table: str) -> list[Row]:
        resource = self.resources[table]
        content = self.read(resource.path, resource.file)
        try:
            return _parsed(resource.schema, content)
        except (ValueError, csv.Error) as error:
            raise _damaged(self.path / resource.path, f"does not fit its schema ({error})") from error

    def checks(self) -> tuple[Check, ...]:
        content = self.read(_CHECKS, self.check_file)
        try:
            return tuple(_check(entry) for entry in json.loads(content)["checks"])
        except (ValueError, KeyError, TypeError, InvalidOperation) as error:
            raise _damaged(self.path / _CHECKS, f"is not what the pipeline writes ({error})") from error


class _LazyTables(Mapping[str, "pd.DataFrame"]):
    """The tables of a package by name; each is read, and its frame made, when it is first asked for."""

    def __init__(self, package: _Package) -> None:
        self._package = package
        self._rows: dict[str, list[Row]] = {}
        self._frames: dict[str, pd.DataFrame] = {}

    @property
    def schemas(self) -> Mapping[str, TableSchema]:
        return {name: r.schema for name, r in self._package.resources.items()}

    def rows(self, table: str) -> list[Row]:
        if table not in self._rows:
            self._rows[table] = self._package.rows(table)
        return self._rows[table]

    def __getitem__(self, table: str) -> pd.DataFrame:
        if table not in self._frames:
            schema = self._package.resources[table].schema
            self._frames[table] = _frame({f.name: f.type for f in schema.fields}, self.rows(table))
        return self._frames[table]

    def __iter__(self) -> Iterator[str]:
        return iter(self._package.resources)

    def __len__(self) -> int:
        return len(self._package.resources)


def _package(path: Path, *, verify: bool) -> _Package:
    place = path / _DESCRIPTOR
    try:
        described = json.loads(place.read_bytes())
        resources = {
            entry["name"]: _Resource(
                entry["path"],
                _File(entry["bytes"], entry["hash"]),
                table_schema(entry["name"], entry["schema"], source=_DESCRIPTOR),
            )
            for entry in described["resources"]
        }
        files = {entry["path"]: _File(entry["bytes"], entry["hash"]) for entry in described.get("files", ())}
        deck, edition, title = described["deck"], described["edition"], described["title"]
    except OSError as error:
        raise _damaged(place, f"cannot be read ({error.strerror})") from error
    except (ValueError, KeyError, TypeError, AttributeError, SchemaError) as error:
        raise _damaged(place, f"is not what the pipeline writes ({error})") from error
    return _Package(path, deck, edition, title, resources, files.get(_CHECKS), verify)


def _parsed(schema: TableSchema, content: bytes) -> list[Row]:
    """Read what `publishing.csv_files` wrote. Raises ValueError or csv.Error where it is something else."""
    text = content.decode("utf-8")
    limit = csv.field_size_limit(sys.maxsize)
    try:
        lines = list(csv.reader(io.StringIO(text, newline=""), strict=True))
    finally:
        csv.field_size_limit(limit)
    if not lines or tuple(lines[0]) != schema.columns:
        raise ValueError("the header is not that of the schema")
    rows: list[Row] = []
    for number, cells in enumerate(lines[1:], start=1):
        if len(cells) != len(schema.fields):
            raise ValueError(f"row {number} has {len(cells)} cells instead of {len(schema.fields)}")
        rows.append({f.name: cell_value(f, cell) for f, cell in zip(schema.fields, cells, strict=True)})
    return rows


def _frame(types: Mapping[str, str], rows: Sequence[Row]) -> pd.DataFrame:
    import pandas as pd

    kinds = {"string": "string", "integer": "Int64", "year": "Int64", "boolean": "boolean", "number": "object"}
    columns: dict[str, Any] = {}
    for name, kind in types.items():
        values: list[Value] = [row.get(name) for row in rows]
        columns[name] = pd.Series(values, dtype=cast("Any", kinds[kind]))
    return pd.DataFrame(columns)


_NUMBERS = ("stated", "lower", "upper", "slack", "noise", "stated_lower", "stated_upper")
"""The numbers of a check; what an earlier release did not write is None."""


def _check(entry: Mapping[str, Any]) -> Check:
    if entry["verdict"] not in _VERDICTS:
        raise ValueError(f"{entry['verdict']!r} is no verdict")
    return Check(
        entry["check_id"],
        entry["kind"],
        entry["subject"],
        cast("Verdict", entry["verdict"]),
        entry["message"],
        **{n: None if entry.get(n) is None else Decimal(entry[n]) for n in _NUMBERS},
        rows=tuple(Place(**place) for place in entry["rows"]),
        suspects=tuple(Place(**place) for place in entry["suspects"]),
    )


def _suggestion(name: str, editions: Sequence[EditionPlace], root: Path) -> str:
    if not editions:
        return f"{root} holds no edition yet: run `policydeck run` first."
    names = {f"{e.deck}/{e.edition}" for e in editions} | {e.edition for e in editions}
    near = difflib.get_close_matches(name, sorted(names), n=3, cutoff=0.5)
    if near:
        return f"Did you mean {' or '.join(near)}?"
    return f"There are: {', '.join(sorted(f'{e.deck}/{e.edition}' for e in editions))}."


def _damaged(place: Path, what: str) -> DamagedEditionError:
    advice = "Restore it from git (with its line endings as they are), or write it again with `policydeck run --force`."
    return DamagedEditionError(f"{place} {what}.", advice)
