"""A diff as a terminal, Markdown, HTML, JSON or CSV shows it."""

from __future__ import annotations

import csv
import io
import json
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from fictional_editions import amount, edition, editions, item
from hypothesis import given, settings

from pipeline.diffing import EditionDiff, EditionRows, diff_editions, render

SCHEMA = Path(__file__).parents[2] / "schemas" / "diff.schema.json"
HOSTILE = "=cmd|'/c' <script>alert(1)</script> | *bold* & [link](x)"


def example() -> EditionDiff:
    """One item renamed, one dropped, one new with a hostile name, and one amount that grew."""
    renamed = item("Support for coastal pilots at sea"), item("Assistance for coastal pilots at sea")
    kept = item("Pilot boats")
    old = edition(2031, [renamed[0], kept, item("Tidal gauges")], [amount("dredging/pilot-boats", "4000000", "100000")])
    new = edition(
        2032, [renamed[1], kept, item(HOSTILE)], [amount("dredging/pilot-boats", "4600000", "100000", year=2032)]
    )
    return diff_editions(old, new)


def test_the_terminal_shows_what_changed_within_its_width() -> None:
    """All changes with score and growth, no line wider than the console, no escape codes unless colour is asked for."""
    text = render(example(), "table", console_width=100)
    for words in ("Assistance for coastal", "Tidal gauges", "USD 4.0 million → 4.6 million", "+12 % to +18 %"):
        assert words in text
    assert max(map(len, text.splitlines())) <= 100
    assert "\x1b" not in text
    assert "\x1b[" in render(example(), "table", colour=True)


def test_text_from_slides_makes_no_markup_in_markdown() -> None:
    """A pipe, a star or a tag in a name is shown, not obeyed: every table row keeps its number of cells."""
    text = render(example(), "markdown")
    assert "<script>" not in text
    (row,) = [line for line in text.splitlines() if "alert" in line]
    assert row.replace("\\|", "").count("|") == 3
    assert "\\*bold\\*" in row


class _Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.seen: list[str] = []
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.append(tag)
        if tag not in {"meta", "link"}:
            self.open.append(tag)
        assert not any(name in {"src", "onload", "onclick"} for name, _ in attrs)
        assert all((value or "").startswith(("#", "data:")) for name, value in attrs if name == "href")

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def test_the_html_page_is_whole_and_runs_nothing() -> None:
    """Tags are balanced, nothing is loaded from elsewhere, and a script in a name is shown as text."""
    text = render(example(), "html")
    tags = _Tags()
    tags.feed(text)
    assert tags.open == []
    assert "script" not in tags.seen
    assert "&lt;script&gt;" in text
    assert "prefers-color-scheme: dark" in text


def schema() -> dict[str, Any]:
    """The published JSON Schema."""
    return dict(json.loads(SCHEMA.read_text(encoding="utf-8")))


@settings(max_examples=30, deadline=None)
@given(editions(2031), editions(2032))
def test_the_json_holds_to_its_published_schema(old: EditionRows, new: EditionRows) -> None:
    """Every document validates, and the schema itself is valid."""
    jsonschema = pytest.importorskip("jsonschema")
    jsonschema.Draft202012Validator.check_schema(schema())
    jsonschema.validate(json.loads(render(diff_editions(old, new), "json")), schema())


def test_the_schema_refuses_what_it_does_not_know() -> None:
    """A misspelt or missing key is no valid document."""
    jsonschema = pytest.importorskip("jsonschema")
    document = json.loads(render(example(), "json"))
    jsonschema.validate(document, schema())
    for broken in ({**document, "tabels": {}}, {k: v for k, v in document.items() if k != "amounts"}):
        with pytest.raises(jsonschema.ValidationError):
            jsonschema.validate(broken, schema())


def test_the_csv_has_a_row_a_change_and_keeps_text() -> None:
    """One row for each change, in stable columns; a text that starts with = stays what it is."""
    rows = list(csv.DictReader(io.StringIO(render(example(), "csv"))))
    assert sorted((r["table"], r["change"]) for r in rows) == [
        ("budget_items", "added"),
        ("budget_items", "amount: changed"),
        ("budget_items", "removed"),
        ("budget_items", "renamed"),
    ]
    (added,) = [r for r in rows if r["change"] == "added"]
    assert added["new_name"] == HOSTILE
    (changed,) = [r for r in rows if r["change"] == "amount: changed"]
    assert (changed["old"], changed["new"], changed["growth_lower"]) == ("4000000", "4600000", "0.1234")


def test_an_unknown_format_is_refused() -> None:
    """The error names the formats there are."""
    with pytest.raises(ValueError, match="markdown"):
        render(example(), "pdf")


def test_importing_the_comparison_loads_nothing_slow() -> None:
    """numpy, scipy, rapidfuzz, pandas and rich are loaded when they are needed."""
    slow = "{'numpy', 'scipy', 'rapidfuzz', 'pandas', 'rich'}"
    code = f"import sys, pipeline.diffing; print(sorted({slow} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
