"""The README says what is so: its commands, its results, its reference."""

from __future__ import annotations

import re
import subprocess
import tomllib
from typing import TYPE_CHECKING

import pytest
import typer.main

from pipeline import cli
from tests.at_hand import PROJECT
from tests.readme_parts import CONSOLE, README, command_of, part_of, parts, replayed

if TYPE_CHECKING:
    from pathlib import Path

    from tests.at_hand import Editions

TEXT = README.read_text(encoding="utf-8")
MEND = "run: python -m tests.readme_parts"


@pytest.mark.parametrize("part", ["result", "amounts", "commands", "errors"])
def test_a_made_part_is_what_the_project_makes_now(part: str, editions: Editions) -> None:
    """The tables of results and of amounts, the reference of commands and that of errors are those of this very code."""
    assert part_of(TEXT, part) == parts(editions.path("2025"))[part](), MEND


@pytest.mark.slow
def test_every_console_block_comes_out_as_shown(tmp_path: Path) -> None:
    """Each `$ policydeck …` of the README, run in order in a folder with the documents, prints what stands below it."""
    assert CONSOLE.findall(replayed(TEXT, tmp_path)) == CONSOLE.findall(TEXT), MEND


def test_every_command_and_option_is_documented_and_has_help() -> None:
    """What `--help` lists stands in the README; nothing is without a help text."""
    group = typer.main.get_command(cli.app)
    for name, command in group.commands.items():  # type: ignore[attr-defined]
        assert f"`policydeck {name} " in TEXT, name
        assert command.help, name
        for option in command.params:
            assert getattr(option, "help", None), f"{name} {option.name} has no help"
            if option.param_type_name == "option" and option.name != "help":
                assert f"`{option.opts[0]}" in TEXT, option.opts[0]


def test_every_error_code_is_documented() -> None:
    """Each code in the source of `errors` is in the README; no code is given twice."""
    source = (PROJECT / "pipeline" / "errors.py").read_text(encoding="utf-8")
    codes = [code for code in re.findall(r'code(?:: \S+)? = "(PD\d+)"', source) if code != "PD000"]
    assert len(codes) >= 20
    assert sorted(codes) == sorted(set(codes))
    assert [code for code in codes if f"| {code} |" not in TEXT] == []


def test_every_dependency_is_in_the_table_and_no_other() -> None:
    """The table of dependencies has those of the package and of its extras for users, each with reason and licence."""
    project = tomllib.loads((PROJECT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extras = project["optional-dependencies"]
    wanted = [
        *project["dependencies"],
        *(d for e, listed in extras.items() if e not in ("test", "dev", "fuzz") for d in listed),
    ]
    names = {re.split(r"[\[<>=]", d)[0] for d in wanted}
    table = TEXT[TEXT.index("### Dependencies") : TEXT.index("## Development")]
    listed = re.findall(r"^\| \[([^\]]+)\]\(\S+\)[^|]*\| ([^|]+) \| ([^|]+) \| ([^|]+) \|$", table, re.MULTILINE)
    assert {name for name, *_ in listed} == names
    assert all(cell.strip() for row in listed for cell in row)


@pytest.mark.parametrize("name", ["main", "tests"])
def test_ci_runs_the_commands_of_the_readme(name: str, tmp_path: Path) -> None:
    """What `.ci/run` reads out of the README is the line that stands there, in a fresh virtual environment."""
    script = (PROJECT / ".ci" / "run").read_text(encoding="utf-8")
    function = re.search(r"^readme_command\(\) \{.*?^\}", script, re.MULTILINE | re.DOTALL)
    assert function is not None
    (tmp_path / "README.md").write_text(TEXT, encoding="utf-8")
    read = subprocess.run(
        ["bash", "-c", f"{function[0]}\nreadme_command {name}"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=True,
    )
    line = command_of(TEXT, name)
    assert read.stdout.rstrip("\n") == line
    assert line.startswith("python3.11 -m venv .venv && .venv/bin/pip install ")
    assert {"main": "policydeck run", "tests": "pytest"}[name] in line.rpartition("&&")[2]


def test_every_path_that_the_readme_names_is_there() -> None:
    """A file or folder named in the text exists in the project (`extracted/` once something was extracted)."""
    prose = re.sub(r"```.*?```", "", TEXT, flags=re.DOTALL)
    named = set(re.findall(r"`((?:schemas|source_pdfs|tests|pipeline|\.ci)/[a-z0-9_./-]*)`", prose))
    assert len(named) > 5
    assert [path for path in sorted(named) if not (PROJECT / path).exists()] == []


def test_the_readme_says_what_the_document_is() -> None:
    """That the 2025 file is a facsimile and the decks of the tests are fictional is said in plain words."""
    assert "is **not the official PDF**. It is a facsimile" in TEXT
    assert "All decks in `tests/data/` are fictional" in TEXT
