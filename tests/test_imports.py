"""What is imported when, by whom, and under which licence."""

from __future__ import annotations

import ast
import importlib.metadata
import json
import re
import subprocess
import sys
import tomllib
import unicodedata
from pathlib import Path

import pytest

from tests.at_hand import PROJECT

PYPROJECT = tomllib.loads((PROJECT / "pyproject.toml").read_text(encoding="utf-8"))
SLOW = ("pandas", "camelot", "pdfplumber", "pdfminer", "pyarrow", "scipy", "numpy", "cv2", "pypdfium2", "duckdb")


@pytest.mark.parametrize("arguments", [["--help"], ["run", "--help"], ["--version"]])
def test_help_loads_no_slow_library(arguments: list[str]) -> None:
    """`policydeck --help` answers without pandas, camelot or any other library that takes time to import."""
    program = f"""
import sys
sys.argv = ["policydeck", *{arguments!r}]
from pipeline.cli import main
try:
    main()
except SystemExit as end:
    assert end.code == 0, end.code
print(sorted(set({SLOW!r}) & set(sys.modules)), file=sys.stderr)
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stderr.strip() == "[]"
    assert "policydeck" in done.stdout


def test_imports_keep_the_contracts() -> None:
    """The layers of the house hold, and only `reading` knows a PDF library (the contracts in `pyproject.toml`)."""
    done = subprocess.run(
        [Path(sys.executable).parent / "lint-imports", "--no-logo", "--no-cache"],
        cwd=PROJECT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "0 broken" in done.stdout


def imported_distributions() -> set[str]:
    """The distributions that modules of the package import, by their normalised names."""
    providers = importlib.metadata.packages_distributions()
    modules: set[str] = set()
    for path in (PROJECT / "pipeline").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                modules |= {name.name.partition(".")[0] for name in node.names}
            elif isinstance(node, ast.ImportFrom) and node.module:
                modules.add(node.module.partition(".")[0])
            # `loading.targets.library` imports by name, so that a missing extra is one clear line.
            elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "library":
                modules.add(str(ast.literal_eval(node.args[0])))
    modules -= {"pipeline", "__future__"} | sys.stdlib_module_names
    return {normalised(providers[module][0]) for module in modules}


def normalised(name: str) -> str:
    """A distribution's name as PEP 503 compares it."""
    return re.sub(r"[-_.]+", "-", name).lower()


def requirement_names(requirements: list[str]) -> set[str]:
    """The normalised names in a list of requirements."""
    return {normalised(re.split(r"[\s\[<>=!~;(]", requirement)[0]) for requirement in requirements}


def test_what_is_imported_is_declared_and_the_other_way_round() -> None:
    """Every third-party module of the package comes from a declared dependency, and each of those is imported."""
    project = PYPROJECT["project"]
    extras = {
        name: needs for name, needs in project["optional-dependencies"].items() if name not in ("test", "dev", "fuzz")
    }
    declared = requirement_names(project["dependencies"]).union(
        *(requirement_names(needs) for needs in extras.values())
    )
    assert imported_distributions() == declared


def test_no_dependency_is_under_the_agpl() -> None:
    """Nothing that an installation with all extras brings, at any depth, is under the Affero licence."""
    project = PYPROJECT["project"]
    extras = [need for name, needs in project["optional-dependencies"].items() if name != "dev" for need in needs]
    left, seen, affero = requirement_names([*project["dependencies"], *extras]), set(), []
    while left:
        name = left.pop()
        seen.add(name)
        try:
            distribution = importlib.metadata.distribution(name)
        except importlib.metadata.PackageNotFoundError:
            continue  # needed on other systems only
        about = distribution.metadata
        # A whole licence may stand in `License`; the GPL's own text names the Affero one further down.
        first = [line for field in ("License-Expression", "License") for line in (about.get_all(field) or [])]
        terms = [*(text[:100] for text in first), *(about.get_all("Classifier") or [])]
        if re.search("agpl|affero", " ".join(terms), re.IGNORECASE):
            affero.append(name)
        needed = [n for n in distribution.requires or [] if "extra ==" not in n]
        left |= requirement_names(needed) - seen
    assert len(seen) > 40
    assert affero == []


def phrases_of_decks() -> set[str]:
    """What only a deck says: its name and titles by its profile, and its headings by its truth, where that is at hand."""
    import yaml

    phrases: set[str] = set()
    for path in sorted((PROJECT / "schemas" / "decks").glob("*.yaml")):
        profile = yaml.safe_load(path.read_text(encoding="utf-8"))
        phrases |= {profile["deck"], profile["title"]}
        for slide in profile["slides"]:
            phrases |= {*slide["titles"], *slide.get("pillars", ()), *slide.get("headings", ())}
    truths = [*(PROJECT / "tests" / "data").glob("*.truth.json"), *(PROJECT.parent / "shared" / "truth").glob("*.json")]
    for path in sorted(truths):
        truth = json.loads(path.read_text(encoding="utf-8"))
        for table, field in (
            ("categories", "category"),
            ("items", "group"),
            ("measures", "pillar"),
            ("measures", "group"),
            ("provisions", "section"),
            ("statements", "heading"),
            ("stated", "label"),
        ):
            phrases |= {row.get(field) or "" for row in truth.get(table, ())}
    return {folded(phrase) for phrase in phrases if says_a_deck(phrase)}


def says_a_deck(phrase: str) -> bool:
    """Whether a phrase is long enough to be no common word: three words, or sixteen letters, or six Han or kana."""
    wide = sum(unicodedata.east_asian_width(c) in "WF" for c in phrase)
    return len(phrase.split()) > 2 or len(phrase) > 15 or wide > 5


def folded(text: str) -> str:
    """Text without case, width and white space."""
    return "".join(unicodedata.normalize("NFKC", text).casefold().split())


def test_no_deck_is_named_in_the_code() -> None:
    """A deck's name, its titles and the headings on its slides stand in no Python file of the package."""
    phrases = phrases_of_decks()
    assert len(phrases) > 60
    code = {p: folded(p.read_text(encoding="utf-8")) for p in (PROJECT / "pipeline").rglob("*.py")}
    assert len(code) > 100
    found = [(p.name, phrase) for p, text in code.items() for phrase in sorted(phrases) if phrase in text]
    assert found == []
