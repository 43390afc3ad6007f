"""The wheel alone is enough: what it is built of, and that it reads a deck in an empty folder."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from tests.at_hand import DECKS, PROJECT, call
from tests.scoring import score

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The project's wheel, built with the tools that are installed."""
    folder = tmp_path_factory.mktemp("wheel")
    subprocess.run(
        [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", folder, PROJECT],
        check=True,
        capture_output=True,
        timeout=300,
    )
    (built,) = folder.glob("*.whl")
    return built


def test_the_wheel_carries_schemas_and_no_documents(wheel: Path) -> None:
    """Every file of `schemas/` and every file of the package is in it; no PDF, no test and no extracted edition is."""
    inside = set(zipfile.ZipFile(wheel).namelist())
    schemas = {f"pipeline/_schemas/{p.relative_to(PROJECT / 'schemas').as_posix()}" for p in files(PROJECT / "schemas")}
    package = {p.relative_to(PROJECT).as_posix() for p in files(PROJECT / "pipeline")}
    own = {name for name in inside if ".dist-info/" not in name}
    assert own == schemas | package
    assert "pipeline/py.typed" in inside


def files(folder: Path) -> list[Path]:
    """The files below `folder` that belong to the project."""
    return [p for p in folder.rglob("*") if p.is_file() and "__pycache__" not in p.parts]


def test_the_wheel_reads_a_deck_in_an_empty_folder(wheel: Path, tmp_path: Path) -> None:
    """Installed where there is no clone, `policydeck run some.pdf` writes the edition with every record right."""
    place, folder = tmp_path / "installed", tmp_path / "empty"
    folder.mkdir()
    subprocess.run(
        [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--no-index", "--target", place, wheel],
        check=True,
        capture_output=True,
        timeout=120,
    )
    environment = {"PYTHONPATH": str(place)}
    where = subprocess.run(
        [sys.executable, "-c", "import pipeline; print(pipeline.__file__)"],
        cwd=folder, env=environment, capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert Path(where.stdout.strip()).is_relative_to(place)
    document, truth = DECKS["2026"]
    called = call("run", document, cwd=folder, environment=environment)
    assert (called.code, called.err) == (0, "")
    assert score(folder / "extracted" / "japan-ai-policy" / "2026", truth).f1 == 1.0
