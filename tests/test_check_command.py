"""`policydeck check` as a person and as a program reads it: what failed, by how much, which row, and where on the page."""

from __future__ import annotations

import io
import json
import re
import shutil
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest
from rich.console import Console

from pipeline.editions import read_checks, read_rows
from pipeline.verdicts import all_verdicts
from tests.at_hand import DECKS, PROJECT, call
from tests.pdf_surgery import box_of, with_text

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from pipeline.model import Row
    from tests.at_hand import Called, Editions

SCHEMA = PROJECT / "schemas" / "checks.schema.json"
TOTAL = "2024-supplementary/supplemental-budget-for-fy2024"


@dataclass(frozen=True)
class Failing:
    """An edition of the 2025 slides on which the FY2024 supplementary total was printed as 1.4 instead of 1.1 billion."""

    folder: Path
    path: Path
    run: Called
    place: Row


@pytest.fixture(scope="module")
def failing(editions: Editions, tmp_path_factory: pytest.TempPathFactory) -> Failing:
    """Made from the PDF on, by the command."""
    edition = editions["2025"].edition
    assert edition is not None
    place = next(e for e in edition.tables["evidence"] if e["key"] == TOTAL and e["field"] == "value")
    folder = tmp_path_factory.mktemp("failing")
    printed = str(place["printed"]).replace("1.1", "1.4")
    pdf = with_text(DECKS["2025"][0].read_bytes(), int(str(place["page"])), box_of(place), printed)
    (folder / "deck.pdf").write_bytes(pdf)
    called = call("run", "deck.pdf", "--edition", "2025", cwd=folder)
    return Failing(folder, folder / "extracted" / "japan-ai-policy" / "2025", called, place)


def test_a_wrong_digit_in_a_total_makes_run_and_check_exit_with_1(failing: Failing) -> None:
    """The edition is written, and both commands say what is wrong with it."""
    checked = call("check", "2025", cwd=failing.folder)
    assert (failing.run.code, checked.code) == (1, 1)
    assert (failing.run.err, checked.err) == ("", "")
    for out in (failing.run.out, checked.out):
        assert "✗ FY2024 supplementary: stated as USD 1.4 billion" in out


def test_failures_stand_first_and_what_passed_last(failing: Failing) -> None:
    """Inconsistent, undetermined, consistent, each with its number; together they are all checks."""
    out = call("check", "2025", cwd=failing.folder).out
    titles = re.findall(r"^[✗?✓] (\w+) \((\d+)\)$", out, re.MULTILINE)
    assert [name for name, _ in titles] == ["Inconsistent", "Undetermined", "Consistent"]
    assert sum(int(number) for _, number in titles) == len(read_checks(failing.path))
    assert out.index("stated as USD 1.4 billion") < out.index("? Undetermined") < out.index("✓ Consistent")


def test_a_failed_check_says_what_is_stated_what_the_parts_give_the_slack_and_the_culprit(failing: Failing) -> None:
    """The likeliest culprit stands first, with what would mend the claim, its page, box and printed words."""
    out = re.sub(r"\s+", " ", call("check", "2025", cwd=failing.folder).out)
    blocked, twice = out[out.index("✗ FY2024") : out.index("? Undetermined")].split("✗ FY2024")[1:]
    # The chart still says 1.1 billion, so the total contradicts itself; its parts say which of the two is right.
    assert "blocked, the total is stated with different values (USD 1.4 billion and USD 1.1 billion)" in blocked
    assert "add up to USD 1.1323 billion (1.07675 to 1.18785), which bear out USD 1.1 billion only" in blocked
    # 1.35 - 1.15 is 0.2 billion: 2 of the last printed digit, a tenth of a billion.
    assert "slack 2 apart, in steps of the last printed digit" in twice
    x0, top, x1, bottom = box_of(failing.place)
    for failed in (blocked, twice):
        culprit = failed[failed.index("look at") :].partition("or at")[0]
        assert 'page 4 at 566, 48 to 650, 60, printed "USD 1.4 billion"' in culprit
        assert "it would fit as USD 1.1 billion, one digit misread" in culprit
        assert f"box {x0:.2f}, {top:.2f}, {x1:.2f}, {bottom:.2f} · stated_figures {TOTAL}" in culprit


def test_what_was_proven_is_a_table_and_the_rest_is_counted(editions: Editions, tmp_path: Path) -> None:
    """Each stated figure that passed stands with what was found against it and its slack; kinds add up to all that passed."""
    shutil.copytree(editions.path("2025"), tmp_path / "extracted" / "japan-ai-policy" / "2025")
    called = call("check", "2025", cwd=tmp_path)
    assert called.code == 0
    assert "Inconsistent" not in called.out
    passed = [c for c in read_checks(editions.path("2025")) if c.verdict == "consistent"]
    table = called.out[called.out.index("✓ Consistent") : called.out.index("By kind")]
    assert len(re.findall(r"(?:its parts|other places|its bar|the manifest)  ", table)) == sum(
        c.stated is not None for c in passed
    )
    assert re.search(
        r"FY2025 initial +USD 1\.3 billion +its parts +1\.2709–1\.3811 billion +0\.791$", table, re.MULTILINE
    )
    assert re.search(r"USD 2 million +its parts +0–2\.05 million +no power$", table, re.MULTILINE)
    kinds = re.sub(r"\s+", " ", called.out[called.out.index("By kind: ") :]).removeprefix("By kind: ")
    counted = {kind: int(n) for n, kind in re.findall(r"(\d+) ([a-z ]+)[,.]", kinds)}
    assert sum(counted.values()) == len(passed)
    assert counted["second reader"] == counted["stability"] == 2


@pytest.mark.parametrize("width", [60, 80, 140])
def test_nothing_is_cut_off_in_a_narrow_terminal(width: int, failing: Failing) -> None:
    """Long keys and sentences run on over lines; no line is wider than the terminal, and none ends in an ellipsis."""
    console = Console(width=width, file=io.StringIO(), record=True)
    checks, tables = read_checks(failing.path), read_rows(failing.path)
    console.print(all_verdicts(checks, tables, everything=False))
    lines = console.export_text().splitlines()
    assert max(len(line.rstrip()) for line in lines) <= width
    assert not any(line.rstrip().endswith("…") for line in lines)
    told = "".join("".join(lines).split())
    for check in checks:
        if check.verdict != "consistent":
            assert "".join(check.message.split()) in told


def schema() -> dict[str, Any]:
    """The published JSON Schema."""
    return dict(json.loads(SCHEMA.read_text(encoding="utf-8")))


def test_the_json_holds_to_its_published_schema(
    failing: Failing, editions: Editions, tmp_path: Path, policydeck: Callable[..., Called]
) -> None:
    """One edition is one document, all editions are a list of them, and each is as the schema says."""
    jsonschema = pytest.importorskip("jsonschema")
    jsonschema.Draft202012Validator.check_schema(schema())
    for name in DECKS:
        shutil.copytree(editions.path(name), tmp_path / "extracted" / "japan-ai-policy" / name)
    everything = json.loads(policydeck("check", "--json").out)
    assert [document["edition"] for document in everything] == sorted(DECKS)
    one = json.loads(policydeck("check", "2026", "--json").out)
    assert one in everything
    failed = json.loads(call("check", "2025", "--json", cwd=failing.folder).out)
    for document in (*everything, failed):
        jsonschema.validate(document, schema())
    assert any(check["suspects"] for check in failed["checks"])


def test_the_schema_refuses_what_it_does_not_know(failing: Failing) -> None:
    """A misspelt or missing key, a number that is no string and a verdict that is none are no valid document."""
    jsonschema = pytest.importorskip("jsonschema")
    document = json.loads((failing.path / "checks.json").read_text(encoding="utf-8"))
    jsonschema.validate(document, schema())
    first = document["checks"][0]
    for broken in (
        {**first, "slak": "1"},
        {key: value for key, value in first.items() if key != "slack"},
        {**first, "stated": 1.3},
        {**first, "verdict": "passed"},
    ):
        with pytest.raises(jsonschema.ValidationError):
            jsonschema.validate({**document, "checks": [broken]}, schema())
