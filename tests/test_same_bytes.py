"""The same document, profile and release give the same bytes: no clock, no random order, no trace of the machine."""

from __future__ import annotations

import shutil
import sys
import tempfile
from pathlib import Path

import pytest

from tests.at_hand import DECKS, PROJECT, call

SOURCE = DECKS["2025"][0]
CASES: dict[str, dict[str, str]] = {
    "another time zone": {"TZ": "Pacific/Kiritimati"},
    "the C locale": {"LC_ALL": "C", "LANG": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"},
    "another order of hashes": {"PYTHONHASHSEED": "4711"},
    "another user and terminal": {"HOME": "/nonexistent", "USER": "somebody", "COLUMNS": "40", "TERM": "dumb"},
}


def package(folder: Path, environment: dict[str, str] | None = None) -> dict[str, bytes]:
    """Every file of the 2025 edition, extracted anew in `folder` from a copy of the documents there."""
    shutil.copytree(PROJECT / "source_pdfs", folder / "source_pdfs")
    called = call("run", "--force", cwd=folder, environment=environment)
    assert (called.code, called.err) == (0, "")
    written = folder / "extracted" / "japan-ai-policy" / "2025"
    return {p.relative_to(written).as_posix(): p.read_bytes() for p in sorted(written.rglob("*")) if p.is_file()}


@pytest.fixture(scope="module")
def first(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """The edition as one run wrote it."""
    files = package(tmp_path_factory.mktemp("first"), {"PYTHONHASHSEED": "1", "TZ": "UTC"})
    assert {"datapackage.json", "checks.json", "data/budget_items.csv", "data/budget_items.parquet"} <= set(files)
    return files


@pytest.mark.parametrize("case", CASES)
def test_another_surrounding_gives_the_same_bytes(case: str, first: dict[str, bytes], tmp_path: Path) -> None:
    """Every file, Parquet included, is the same from another folder under other settings."""
    assert package(tmp_path / "some other folder", CASES[case]) == first


def test_a_second_run_in_the_same_folder_gives_the_same_bytes(first: dict[str, bytes], tmp_path: Path) -> None:
    """Reading again over an edition that is there changes no byte, forced or not; without force nothing is written."""
    assert package(tmp_path) == first
    written = tmp_path / "extracted" / "japan-ai-policy" / "2025"
    before = {p: (p.stat().st_mtime_ns, p.stat().st_ino) for p in written.rglob("*")}
    assert call("run", cwd=tmp_path).code == 0
    assert {p: (p.stat().st_mtime_ns, p.stat().st_ino) for p in written.rglob("*")} == before
    assert call("run", "--force", cwd=tmp_path).code == 0
    assert {p.relative_to(written).as_posix(): p.read_bytes() for p in written.rglob("*") if p.is_file()} == first


def test_no_file_names_this_machine(first: dict[str, bytes]) -> None:
    """No path of the project, of the interpreter or of temporary files stands in what is written."""
    traces = [str(place).encode() for place in (PROJECT, Path(sys.prefix), Path(tempfile.gettempdir()), Path.home())]
    # A home such as "/" would be found in any text.
    traces = [trace for trace in traces if len(trace) > 3]
    assert [(name, trace) for name, data in first.items() for trace in traces if trace in data] == []


def test_the_committed_edition_is_what_this_code_writes(first: dict[str, bytes]) -> None:
    """`extracted/japan-ai-policy/2025/` is up to date: its CSV and JSON are those of a fresh run, byte for byte."""
    committed = PROJECT / "extracted" / "japan-ai-policy" / "2025"
    text = {name: data for name, data in first.items() if name.endswith((".csv", ".json"))}
    stale = [
        name
        for name, data in text.items()
        if not (committed / name).is_file() or (committed / name).read_bytes() != data
    ]
    assert stale == [], "run: policydeck run --force"
