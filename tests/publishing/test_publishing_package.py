"""The data package of one edition: what it holds, that it says it well, and that it is the same wherever it is made."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import pytest
from fictional_edition import CHECKS, LICENSES, SHA256, amount, edition, tables, write
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pipeline.editions import read_checks, read_rows
from pipeline.publishing import write_edition
from pipeline.table_schemas import load_table_schemas
from pipeline.table_values import canonical_row

if TYPE_CHECKING:
    from pipeline.model import Row

SCHEMAS = load_table_schemas()
HERE = Path(__file__).parent

nasty_texts = st.text(st.sampled_from("ab ,\"\n\r\t=+-@;'\\\u2028\ufeff深\x00")) | st.text(
    st.characters(exclude_categories=("Cs",))
)
money = st.decimals(min_value=-(10**30), max_value=10**30, places=4, allow_nan=False, allow_infinity=False)


def as_read(name: str, rows: list[Row]) -> list[Row]:
    """Say what must come back: every column in order, empty texts as None."""
    return [{c: (None if row.get(c) == "" else row.get(c)) for c in SCHEMAS[name].columns} for row in rows]


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Write the fictional edition."""
    return write(tmp_path_factory.mktemp("extracted") / "harbours" / "3025")


def test_what_is_written_is_what_is_read_back(package: Path) -> None:
    """Every row of every table and every check comes back equal, with its types."""
    rows = read_rows(package)
    assert list(rows) == list(SCHEMAS)
    for name, given_rows in tables().items():
        assert rows[name] == as_read(name, given_rows), name
    assert read_checks(package) == CHECKS
    kinds = {type(v) for r in rows["budget_amounts"] for v in r.values()}
    assert kinds == {str, int, bool, Decimal, type(None)}


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    texts=st.lists(st.tuples(nasty_texts, nasty_texts, st.integers(0, 2**62)), max_size=4),
    values=st.lists(money, max_size=3),
)
def test_no_text_and_no_number_is_changed_by_the_round_trip(
    texts: list[tuple[str, str, int]], values: list[Decimal]
) -> None:
    """Quotes, commas, line ends, formulas, byte order marks and 34-digit amounts come back as they were; "" is None."""
    statements: list[Row] = [
        {"statement_id": str(n), "page": 1, "heading": heading, "text": f"x{text}", "position": position}
        for n, (heading, text, position) in enumerate(texts)
    ]
    amounts = [amount("item", str(n), "initial", str(v), "0", "", is_part_of=n % 2 == 0) for n, v in enumerate(values)]
    few = {name: SCHEMAS[name] for name in ("statements", "budget_amounts", "checks")}
    made = edition()
    with TemporaryDirectory() as folder:
        target = Path(folder) / "e"
        chosen = type(made)(made.deck, made.edition, made.title, {"statements": statements, "budget_amounts": amounts})
        write_edition(chosen, target, schemas=few, sources=[], version="1")
        rows = read_rows(target)
        assert rows["statements"] == as_read("statements", statements)
        assert rows["budget_amounts"] == as_read("budget_amounts", amounts)


def test_parquet_holds_the_same_rows_with_exact_types(package: Path) -> None:
    """Each Parquet file equals its CSV value by value; money is decimal, years are 32 bits, nothing is a float."""
    import pyarrow.parquet as pq

    rows = read_rows(package)
    for name in SCHEMAS:
        table = pq.read_table(package / "data" / f"{name}.parquet")
        assert table.to_pylist() == rows[name], name
        assert not any("double" in str(t) or "float" in str(t) for t in table.schema.types)
        assert b"pandas" not in (table.schema.metadata or {})
    amounts = pq.read_schema(package / "data" / "budget_amounts.parquet")
    assert str(amounts.field("value").type) == "decimal128(38, 4)"
    assert str(amounts.field("fiscal_year").type) == "int32"
    assert not amounts.field("value").nullable


def test_frictionless_finds_no_error(package: Path) -> None:
    """`frictionless validate` checks metadata, bytes, hashes, types, constraints and keys, and finds nothing."""
    frictionless = pytest.importorskip("frictionless")
    report = frictionless.validate(str(package / "datapackage.json"))
    assert report.flatten(["title", "note"]) == []
    assert report.stats["tasks"] == len(SCHEMAS)


def test_frictionless_would_find_a_broken_reference(tmp_path: Path) -> None:
    """The declared foreign keys are ones that a reader can check: a row that refers to nothing is an error."""
    frictionless = pytest.importorskip("frictionless")
    lost: list[Row] = [{"item_id": "piers/none", "organization_id": "ministry-of-piers", "printed": "MoP"}]
    package = write(tmp_path / "e", {"item_organizations": lost})
    report = frictionless.validate(str(package / "datapackage.json"))
    assert report.flatten(["type"]) == [["foreign-key"]]


def test_descriptor_names_files_sources_and_schemas(package: Path) -> None:
    """The descriptor has what Data Package v2 asks for; bytes and hashes are those of the files."""
    descriptor = json.loads((package / "datapackage.json").read_text(encoding="utf-8"))
    assert descriptor["$schema"] == "https://datapackage.org/profiles/2.0/datapackage.json"
    assert (descriptor["name"], descriptor["deck"], descriptor["edition"]) == ("harbours-3025", "harbours", "3025")
    assert descriptor["sources"] == [
        {"title": "Harbours of Atlantis", "path": "harbours-3025.pdf", "edition": "3025", "sha256": SHA256}
    ]
    for entry in [*descriptor["resources"], *descriptor["files"]]:
        content = (package / entry["path"]).read_bytes()
        assert entry["bytes"] == len(content)
        assert entry["hash"] == "sha256:" + hashlib.sha256(content).hexdigest()
    by_name = {r["name"]: r for r in descriptor["resources"]}
    for resource in by_name.values():
        assert resource["type"] == "table"
        assert (package / resource["parquet"]).is_file()
        assert all(f["title"] and f["description"] for f in resource["schema"]["fields"])
    types = {f["name"]: f.get("columnType") for f in by_name["budget_amounts"]["schema"]["fields"]}
    assert (types["value"], types["fiscal_year"], types["budget"]) == ("value", "date:fiscal-year", "phase:id")


def test_a_package_says_its_licences_or_that_none_is_specified(tmp_path: Path, package: Path) -> None:
    """Silence is never taken for a permission: where the terms are not known, that stands in the package."""
    assert json.loads((package / "datapackage.json").read_text(encoding="utf-8"))["licenses"] == LICENSES
    unknown = write(tmp_path / "e", licenses=())
    (entry,) = json.loads((unknown / "datapackage.json").read_text(encoding="utf-8"))["licenses"]
    assert entry == {"name": "notspecified", "title": "License Not Specified"}
    frictionless = pytest.importorskip("frictionless")
    assert frictionless.validate(str(unknown / "datapackage.json")).valid


def test_it_opens_in_polars_and_duckdb(package: Path) -> None:
    """Both read the Parquet files value by value, decimals as decimals, and find the same rows in the CSV."""
    duckdb, polars = pytest.importorskip("duckdb"), pytest.importorskip("polars")
    rows = read_rows(package)
    for resource in json.loads((package / "datapackage.json").read_text(encoding="utf-8"))["resources"]:
        name, parquet, csv = resource["name"], str(package / resource["parquet"]), str(package / resource["path"])
        assert polars.read_parquet(parquet).to_dicts() == rows[name], name
        read = duckdb.sql("SELECT * FROM read_parquet($path)", params={"path": parquet})
        assert [dict(zip(read.columns, row, strict=True)) for row in read.fetchall()] == rows[name], name
        plain = polars.read_csv(csv, infer_schema=False)
        assert (plain.columns, plain.height) == (list(SCHEMAS[name].columns), len(rows[name])), name
        found = duckdb.sql("SELECT * FROM read_csv($path, header = true, all_varchar = true)", params={"path": csv})
        assert len(found.fetchall()) == len(rows[name]), name


def test_csv_is_plain(package: Path) -> None:
    """LF line ends, no byte order mark, quotes only where needed, decimals without exponent or trailing zeros."""
    content = (package / "data" / "budget_amounts.csv").read_bytes()
    assert content.startswith(b"subject_type,subject_id,budget,")
    assert b"\r" not in content
    assert b'"' not in content
    lines = content.decode("utf-8").splitlines()
    assert "category,piers,initial,3025,draft,1300000000,1250000000,1350000000,false,USD,1.3 billion dollar,," in lines
    assert "item,piers/deep,initial,3025,draft,0.5,0.495,0.505,false,USD,0.50 dollar,," in lines


def test_checks_keep_all_digits(package: Path) -> None:
    """checks.json has every number as its decimal digits and every place; the table rounds measures to four places."""
    first = json.loads((package / "checks.json").read_text(encoding="utf-8"))["checks"][0]
    assert (first["stated"], first["upper"], first["slack"]) == ("1300000000", None, "-0.1234567890123456789")
    assert first["suspects"][0] == {"table": "budget_items", "key": "piers/deep", "reason": "a digit may be misread"}
    row = read_rows(package)["checks"][0]
    assert (row["slack"], row["noise"]) == (Decimal("-0.1235"), Decimal("0.4082"))
    assert row["suspects"] == "budget_items piers/deep (a digit may be misread); notes n3"


def test_same_bytes_in_any_place_time_zone_and_locale(tmp_path: Path) -> None:
    """Two processes with other folder, time zone, locale and hash seed write the same bytes in every file."""
    written = []
    for number, (zone, locale) in enumerate([("Asia/Tokyo", "C.UTF-8"), ("America/New_York", "POSIX")]):
        folder = tmp_path / f"place{number}"
        folder.mkdir()
        environment = {
            **os.environ,
            "TZ": zone,
            "LC_ALL": locale,
            "PYTHONUTF8": "0",
            "PYTHONHASHSEED": str(number),
            "PYTHONPATH": str(HERE.parents[1]),
        }
        command = [sys.executable, str(HERE / "fictional_edition.py"), "out"]
        subprocess.run(command, cwd=folder, env=environment, check=True)
        files = sorted(p for p in (folder / "out").rglob("*") if p.is_file())
        written.append({str(p.relative_to(folder / "out")): p.read_bytes() for p in files})
    assert written[0] == written[1]
    assert len(written[0]) == 2 * len(SCHEMAS) + 2
    assert not any(b"private" in content or str(tmp_path).encode() in content for content in written[0].values())


@pytest.mark.parametrize(
    ("table", "row", "said"),
    [
        ("notes", {"note_id": "n", "page": 1, "text": "x", "colour": "red"}, "no column 'colour'"),
        ("notes", {"note_id": "n", "page": 1}, "no value"),
        ("notes", {"note_id": "", "page": 1, "text": "x"}, "no value"),
        ("notes", {"note_id": "n", "page": True, "text": "x"}, "not of type integer"),
        ("notes", {"note_id": "n", "page": 0, "text": "x"}, "less than 1"),
        ("budget_amounts", amount("item", "i", "initial", "0.00001", "0", ""), "does not fit"),
        ("budget_amounts", amount("item", "i", "initial", "1E34", "0", ""), "does not fit"),
        ("budget_amounts", amount("item", "i", "extra", "1", "0", ""), "none of initial"),
        ("budget_amounts", amount("item", "i", "initial", "1", "0", "", currency="dollar"), "does not match"),
        ("budget_amounts", {**amount("item", "i", "initial", "1", "0", ""), "value": 1.5}, "not of type number"),
    ],
)
def test_a_row_that_does_not_fit_is_refused(table: str, row: Row, said: str) -> None:
    """An unknown column, a missing value, a wrong type, a broken constraint or a float is an error, never written."""
    with pytest.raises(ValueError, match=said):
        canonical_row(SCHEMAS[table], row)


def test_refused_rows_leave_the_old_edition(tmp_path: Path) -> None:
    """A row that does not fit is found before anything is written."""
    target = write(tmp_path / "e")
    before = (target / "datapackage.json").read_bytes()
    with pytest.raises(ValueError, match="table notes"):
        write(target, {"notes": [{"note_id": "n"}]})
    with pytest.raises(ValueError, match="no schema"):
        write(target, {"mystery": []})
    assert (target / "datapackage.json").read_bytes() == before


def test_further_files_stand_in_the_folder_and_cannot_leave_it(tmp_path: Path) -> None:
    """A review page is written as given; a path out of the folder, or onto a file of the package, is refused."""
    target = write(tmp_path / "e", extra_files={"report.html": lambda: b"<p>"})
    assert (target / "report.html").read_bytes() == b"<p>"
    for path in ("../x", "/x", "checks.json", ""):
        with pytest.raises(ValueError, match="further file"):
            write(target, extra_files={path: bytes})


def test_publishing_imports_neither_pandas_nor_pyarrow_by_itself() -> None:
    """Importing the writer and the reader is quick: the slow libraries come when a file needs them."""
    code = (
        "import sys, pipeline.publishing, pipeline.editions; sys.exit(bool({'pandas', 'pyarrow'} & set(sys.modules)))"
    )
    environment = {**os.environ, "PYTHONPATH": str(HERE.parents[1])}
    assert subprocess.run([sys.executable, "-c", code], env=environment, check=False).returncode == 0
