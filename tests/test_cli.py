"""The command line keeps what the contract says: exit codes, streams, names of editions."""

from __future__ import annotations

import csv
import json
import shutil
import subprocess
import sys
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest

from tests.at_hand import DECKS, PROJECT, Called, call

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.at_hand import Editions

DECK = "japan-ai-policy"


@pytest.fixture
def extracted(editions: Editions, tmp_path: Path) -> Path:
    """A folder `extracted/` with the editions 2025 and 2026, to be changed; its parent is the working folder."""
    for name in ("2025", "2026"):
        shutil.copytree(editions.path(name), tmp_path / "extracted" / DECK / name)
    return tmp_path / "extracted"


def test_a_right_deck_exits_with_0_and_prints_its_totals(tmp_path: Path, policydeck: Callable[..., Called]) -> None:
    """The summary names every slide with its words, each stated total with its verdict, and goes to standard output."""
    shutil.copytree(PROJECT / "source_pdfs", tmp_path / "source_pdfs")
    called = policydeck("run")
    assert (called.code, called.err) == (0, "")
    for kind in ("policy_framework", "bill_outline", "safety_institute", "major_budgets", "budget_trend"):
        assert kind in called.out
    for total in ("FY2025 initial        USD 1.3 billion", "FY2024 supplementary  USD 1.1 billion", "FY2024 initial"):
        assert total in called.out
    assert "inconsistent" not in called.out
    again = policydeck("run")
    assert again.code == 0
    assert "unchanged" in again.out
    assert "Skipped" in again.out
    assert "major_budgets" in again.out


def test_an_inconsistent_deck_is_written_and_exits_with_1(tmp_path: Path, policydeck: Callable[..., Called]) -> None:
    """A pinned figure that the slides do not state makes the run exit with 1; what was read is written all the same."""
    shutil.copytree(PROJECT / "source_pdfs", tmp_path / "source_pdfs")
    manifest = tmp_path / "source_pdfs" / "sources.yaml"
    text = manifest.read_text(encoding="utf-8")
    assert text.count("value: 1300000000") == 1
    manifest.write_text(text.replace("value: 1300000000", "value: 1500000000"), encoding="utf-8")
    called = policydeck("run")
    assert called.code == 1
    assert "1 inconsistent" in called.out
    assert "1.5 billion" in called.out
    assert (tmp_path / "extracted" / DECK / "2025" / "datapackage.json").is_file()
    assert policydeck("check", "2025").code == 1
    assert policydeck("run").code == 1, "an unchanged edition keeps its exit code"


def test_words_that_nothing_took_exit_with_1(extracted: Path, policydeck: Callable[..., Called]) -> None:
    """An edition with residue is not consistent, whatever its checks say."""
    from pipeline import editions as reading
    from pipeline.model import Edition
    from pipeline.publishing import write_edition
    from pipeline.table_schemas import load_table_schemas

    path = extracted / DECK / "2026"
    tables = dict(reading.read_rows(path))
    box = {side: Decimal(9) for side in ("x0", "top", "x1", "bottom")}
    tables["residue"] = [{"page": 1, **box, "text": "left over"}]
    edition = Edition(DECK, "2026", "changed", tables, reading.read_checks(path))
    write_edition(edition, path, schemas=load_table_schemas(), sources=[], version="0")
    assert policydeck("check", "2026").code == 1
    assert policydeck("check", "2025").code == 0
    assert policydeck("check").code == 1


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["no-such-command"],
        ["run", "--no-such-option"],
        ["run", "a.pdf", "b.pdf", "--edition", "2025"],
        ["run"],
        ["check"],
        ["check", "1999"],
        ["diff", "2025"],
        ["diff", "2025", "1999"],
        ["diff", "2025", "2026", "--format", "xml"],
        ["run", str(DECKS["2026"][0]), "--deck", "no-such-deck"],
    ],
    ids=" ".join,
)
def test_a_wrong_call_exits_with_2_and_writes_nothing(
    arguments: list[str], tmp_path: Path, policydeck: Callable[..., Called]
) -> None:
    """What cannot be done is said on standard error, in an empty folder as anywhere, and leaves it empty."""
    called = policydeck(*arguments)
    assert called.code == 2
    assert called.err or arguments == []
    assert "Traceback" not in called.err
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", ["2025", f"{DECK}/2025", f"extracted/{DECK}/2025"])
def test_an_edition_has_three_names(name: str, extracted: Path, policydeck: Callable[..., Called]) -> None:
    """An edition is found by its name, by deck and name, and by its folder."""
    called = policydeck("check", name, "--json")
    assert (called.code, called.err) == (0, "")
    listed = json.loads(called.out)
    rows = listed["checks"] if isinstance(listed, dict) else listed
    with (extracted / DECK / "2025" / "data" / "checks.csv").open(encoding="utf-8", newline="") as file:
        assert [r["check_id"] for r in rows] == [r["check_id"] for r in csv.DictReader(file)]


def test_check_lists_passed_checks_on_request(extracted: Path, policydeck: Callable[..., Called]) -> None:
    """`--all` has a line for every check that passed; without it they are counted."""
    few, many = policydeck("check", "2025"), policydeck("check", "2025", "--all")
    assert few.code == many.code == 0
    assert many.out.count("✓") > few.out.count("✓") > 0
    assert "--all" in few.out


def test_a_run_names_the_edition_as_asked(tmp_path: Path, policydeck: Callable[..., Called]) -> None:
    """`--edition`, `--deck` and `--out` decide where the edition goes; by itself it is the draft budget's year."""
    document = DECKS["2026"][0]
    assert policydeck("run", document, "--edition", "trial", "--deck", DECK, "--out", "here").code == 0
    assert (tmp_path / "here" / DECK / "trial" / "checks.json").is_file()
    assert policydeck("run", document).code == 0
    assert [p.name for p in (tmp_path / "extracted" / DECK).iterdir()] == ["2026"]


def test_diff_exits_with_1_only_when_asked(extracted: Path, policydeck: Callable[..., Called]) -> None:
    """`--exit-code` gives 1 when something changed and 0 when nothing did; without it the exit code is 0."""
    assert policydeck("diff", "2025", "2026").code == 0
    assert policydeck("diff", "2025", "2026", "--exit-code").code == 1
    same = policydeck("diff", "2025", "2025", "--exit-code")
    assert (same.code, same.err) == (0, "")


@pytest.mark.parametrize("arguments", [["check", "2025", "--all"], ["diff", "2025", "2026"], ["run", "--force"]])
def test_piped_output_has_no_colour_and_survives_a_reader_that_stops(
    arguments: list[str], extracted: Path, tmp_path: Path, policydeck: Callable[..., Called]
) -> None:
    """No escape codes stand in a pipe, and a reader that stops early (`| head`) causes no traceback."""
    shutil.copytree(PROJECT / "source_pdfs", tmp_path / "source_pdfs")
    assert "\x1b" not in policydeck(*arguments).out
    program = [sys.executable, "-c", "from pipeline.cli import main; main()", *arguments]
    with subprocess.Popen(program, cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()
        errors = process.stderr.read().decode()
    assert "Traceback" not in errors
    assert "Exception ignored" not in errors


def test_output_survives_a_locale_without_the_characters(extracted: Path) -> None:
    """In an ASCII locale the marks and dashes of the summary are no error; piped text is UTF-8 like the files."""
    ascii_only = {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0", "PYTHONIOENCODING": "ascii"}
    called = call("check", "2025", cwd=extracted.parent, environment=ascii_only)
    assert (called.code, called.err) == (0, "")
    assert "✓" in called.out


def test_the_version_is_that_of_the_package(policydeck: Callable[..., Called]) -> None:
    """`--version` prints what `pyproject.toml` has."""
    import tomllib

    version = tomllib.loads((PROJECT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"]
    assert policydeck("--version").out == f"policydeck {version}\n"


@pytest.mark.slow
def test_add_run_and_diff_are_the_whole_job(tmp_path: Path, policydeck: Callable[..., Called]) -> None:
    """A new edition is taken in, read and compared by three commands; adding it again changes nothing."""
    shutil.copytree(PROJECT / "source_pdfs", tmp_path / "source_pdfs")
    before = (tmp_path / "source_pdfs" / "sources.yaml").read_text(encoding="utf-8")
    assert policydeck("add", DECKS["2026"][0]).code == 0
    after = (tmp_path / "source_pdfs" / "sources.yaml").read_text(encoding="utf-8")
    assert after != before
    assert set(before.splitlines()) <= set(after.splitlines())
    assert policydeck("add", DECKS["2026"][0]).code == 0
    assert (tmp_path / "source_pdfs" / "sources.yaml").read_text(encoding="utf-8") == after
    assert policydeck("run").code == 0
    compared = policydeck("diff", "2025", "2026", "--format", "json")
    assert compared.code == 0
    assert "Multilingual speech corpus for public services" in compared.out


class TestReport:
    """The review page from the command line."""

    @staticmethod
    def opened(tmp_path: Path) -> tuple[dict[str, str], Path]:
        """The environment of a machine whose browser only notes what it is asked to open, and the note."""
        browser, note = tmp_path / "browser", tmp_path / "opened"
        browser.write_text(f'#!/bin/sh\necho "$1" >> {note}\n', encoding="utf-8")
        browser.chmod(0o755)
        return {"BROWSER": str(browser), "DISPLAY": "", "WAYLAND_DISPLAY": ""}, note

    def test_it_says_where_the_page_is_and_opens_it(
        self, extracted: Path, tmp_path: Path, policydeck: Callable[..., Called]
    ) -> None:
        """The path goes to standard output; the browser is given the very file, unless it is not wanted."""
        environment, note = self.opened(tmp_path)
        page = extracted / DECK / "2025" / "report.html"
        before = page.read_bytes()
        for arguments in (("--no-open",), ()):
            assert not note.exists()
            called = policydeck("report", "2025", *arguments, environment=environment)
            assert (called.code, called.out, called.err) == (0, f"extracted/{DECK}/2025/report.html\n", "")
        assert note.read_text(encoding="utf-8").strip() == page.as_uri()
        assert page.read_bytes() == before

    def test_without_a_screen_it_only_says_where_the_page_is(
        self, extracted: Path, policydeck: Callable[..., Called]
    ) -> None:
        """On a server no browser is looked for and nothing is complained of."""
        assert (extracted / DECK / "2025" / "report.html").is_file()
        nothing = {"BROWSER": "", "DISPLAY": "", "WAYLAND_DISPLAY": ""}
        called = policydeck("report", "2025", environment=nothing)
        assert (called.code, called.out, called.err) == (0, f"extracted/{DECK}/2025/report.html\n", "")

    def test_a_page_that_is_missing_is_written(
        self, extracted: Path, tmp_path: Path, policydeck: Callable[..., Called]
    ) -> None:
        """The page comes back byte for byte with the document; without it the rows are shown, and that is said."""
        page = extracted / DECK / "2025" / "report.html"
        before = page.read_bytes()
        page.unlink()
        called = policydeck("report", "2025", "--no-open")
        assert called.code == 0
        assert "Its document is not in source_pdfs/" in called.err
        assert b"AIP: Advanced Integrated Intelligence Platform" in page.read_bytes()
        assert b"data:image/" not in page.read_bytes()
        shutil.copytree(PROJECT / "source_pdfs", tmp_path / "source_pdfs")
        called = policydeck("report", "2025", "--no-open", "--force")
        assert (called.code, called.err) == (0, "")
        assert page.read_bytes() == before
        assert sorted(p.name for p in page.parent.iterdir()) == ["checks.json", "data", "datapackage.json", page.name]
