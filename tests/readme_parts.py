"""The parts of the README that are made from the project itself: between two marks, and in console blocks.

`python -m tests.readme_parts` writes them anew; a test says when they are no longer true.
"""

from __future__ import annotations

import csv
import inspect
import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import typer.main

from pipeline import cli, errors
from pipeline.errors import PolicydeckError
from pipeline.language.amounts import find_amounts, load_vocabulary
from pipeline.run import Options, run
from tests.amount_forms import FORMS

if TYPE_CHECKING:
    from collections.abc import Callable

    import click

PROJECT = Path(__file__).parents[1]
README = PROJECT / "README.md"
DOCUMENT = PROJECT / "source_pdfs" / "japan-ai-policy-2025.pdf"

EXAMPLE_ITEMS = (
    "aip-advanced-integrated-intelligence-platform",
    "research-and-verification-related-to-ensuring-the-safety-of-generative-ai",
    "development-utilization-and-sharing-of-3d-city-models",
)
"""Items of the 2025 edition to show beside the totals: one printed plain, one in brackets, one as "a part of"."""


def rows(package: Path, table: str) -> list[dict[str, str]]:
    """The rows of one CSV file of an extracted edition."""
    with (package / "data" / f"{table}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def result_table(package: Path) -> str:
    """The amounts that make the FY2025 total, some items, and the checks on the totals, each with its place."""
    evidence = {(r["table"], r["key"], r["field"]): r for r in rows(package, "evidence") if r["part"] == "0"}
    names = {("category", r["category_id"]): r["category"] for r in rows(package, "budget_categories")}
    names |= {("note", r["note_id"]): f"Note {r['number']}" for r in rows(package, "notes")}
    names |= {("item", r["item_id"]): r["name"] for r in rows(package, "budget_items")}
    lines = [
        "| what | budget | printed | value | the true value lies in | page | box |",
        "| --- | --- | --- | ---: | --- | ---: | --- |",
    ]
    for r in rows(package, "budget_amounts"):
        shown = r["subject_type"] != "item" or r["subject_id"].rpartition("/")[2] in EXAMPLE_ITEMS
        if shown:
            key = "/".join((r["subject_type"], r["subject_id"], r["budget"]))
            place = evidence["budget_amounts", key, "value"]
            box = ", ".join(place[side] for side in ("x0", "top", "x1", "bottom"))
            opening = "(" if r["is_part_of"] == "true" else "["
            cells = [
                names[r["subject_type"], r["subject_id"]],
                f"FY{r['fiscal_year']} {r['budget']}",
                r["printed"],
                f"{int(r['value']):,}",
                f"{opening}{int(r['lower']):,}, {int(r['upper']):,}]",
                place["page"],
                box,
            ]
            lines.append(f"| {' | '.join(cells)} |")
    lines += ["", "| check | verdict | |", "| --- | --- | --- |"]
    for r in rows(package, "checks"):
        if r["kind"] == "sum" and "stated-total" in r["check_id"]:
            lines.append(f"| `{r['check_id']}` | **{r['verdict']}** | {r['message']} |")
    return "\n".join(lines)


def commands_reference() -> str:
    """Every command with its arguments and options, as `--help` has them."""
    group = typer.main.get_command(cli.app)
    parts = []
    for name, command in group.commands.items():  # type: ignore[attr-defined]
        arguments = [p for p in command.params if p.param_type_name == "argument"]
        options = [p for p in command.params if p.param_type_name == "option" and p.name != "help"]
        usage = " ".join([f"policydeck {name}", *map(_argument, arguments)])
        parts.append(f"#### `{usage}`\n\n{inspect.cleandoc(command.help or '')}\n")
        parts.append("\n".join(["| option | |", "| --- | --- |", *map(_option, options)]) + "\n")
    return "\n".join(parts).rstrip()


def _argument(argument: click.Parameter) -> str:
    name = (argument.name or "").rstrip("_").upper()
    name += " …" if argument.nargs == -1 else ""
    return name if argument.required else f"[{name}]"


def _option(option: click.Parameter) -> str:
    flag = "" if getattr(option, "is_flag", False) else f" {(option.name or '').rstrip('_').upper()}"
    default = option.default
    shown = f" Default: `{default}`." if isinstance(default, (str, Path)) else ""
    name = "/".join([option.opts[0], *getattr(option, "secondary_opts", [])])
    return f"| `{name}{flag}` | {getattr(option, 'help', '')}{shown} |"


def errors_reference() -> str:
    """Every error with its code, its class, the builtin it also is, and what it means."""
    lines = ["| code | class | also a | when |", "| --- | --- | --- | --- |"]
    for error in error_classes():
        builtin = next((b.__name__ for b in error.__mro__[1:] if b.__module__ == "builtins" and b is not Exception), "")
        meaning = re.sub(r"^PD\d+: ", "", inspect.cleandoc(error.__doc__ or ""))
        lines.append(f"| {error.code} | `{error.__name__}` | `{builtin}` | {meaning[:1].upper()}{meaning[1:]} |")
    return "\n".join(lines)


def error_classes() -> list[type[PolicydeckError]]:
    """The classes of `pipeline.errors` that are raised, by code."""
    found = [
        value
        for value in vars(errors).values()
        if isinstance(value, type) and issubclass(value, PolicydeckError) and value is not PolicydeckError
    ]
    return sorted(found, key=lambda error: error.code)


def amounts_table() -> str:
    """Every form of a printed amount with the value and the interval that the grammar gives it, and each mark's meaning."""
    vocabulary = load_vocabulary(PROJECT / "schemas")
    lines = [
        "| printed | | value | the true value lies in | currency |",
        "| --- | --- | ---: | --- | --- |",
    ]
    for form in FORMS:
        (found,) = find_amounts(form.printed, vocabulary)
        amount = found.amount
        opening = "(" if amount.is_part_of else "["
        interval = f"{opening}{amount.lower:,f}, {amount.upper:,f}]"
        lines.append(f"| {form.printed} | {form.about} | {amount.value:,f} | {interval} | {amount.currency} |")
    lines += ["", "| in place of an amount | kind |", "| --- | --- |"]
    for kind, words in vocabulary.marks.items():
        lines.append(f"| {' '.join(f'`{word}`' for word in words)} | {kind} |")
    return "\n".join(lines)


def parts(package: Path) -> dict[str, Callable[[], str]]:
    """What makes each part, by the name in its marks; `package` is the extracted 2025 edition."""
    return {
        "result": lambda: result_table(package),
        "amounts": amounts_table,
        "commands": commands_reference,
        "errors": errors_reference,
    }


def part_of(text: str, name: str) -> str:
    """What stands between the marks of a part. Raises ValueError where the marks are not there."""
    return _found(text, name)[2]


def command_of(text: str, name: str) -> str:
    """The shell line in the code block behind `<!-- command: NAME -->`. Raises ValueError where there is none."""
    found = re.search(rf"<!-- command: {name} -->\n```sh\n(.+)\n```", text)
    if found is None:
        raise ValueError(f"README.md has no command {name}")
    return found[1]


def _found(text: str, name: str) -> re.Match[str]:
    found = re.search(rf"(<!-- made: {name} -->\n)(.*?)(?=\n<!-- end: {name} -->)", text, re.DOTALL)
    if found is None:
        raise ValueError(f"README.md has no part {name}")
    return found


CONSOLE = re.compile(r"(?<=```console\n).*?(?=```)", re.DOTALL)


def replayed(text: str, folder: Path) -> str:
    """`text` with every console block as it comes out when its commands (`$ …`) are run anew in `folder`, in order."""
    shutil.copytree(PROJECT / "source_pdfs", folder / "source_pdfs")
    shutil.copytree(PROJECT / "tests" / "data", folder / "tests" / "data")
    environment = {**os.environ, "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"}

    def block(found: re.Match[str]) -> str:
        lines = []
        for line in found[0].splitlines():
            if line.startswith("$ "):
                done = subprocess.run(
                    ["bash", "-c", line[2:]], cwd=folder, env=environment, capture_output=True, check=False, timeout=120
                )
                lines += [line, *(out.rstrip() for out in (done.stdout + done.stderr).decode().rstrip().splitlines())]
        return "\n".join(lines) + "\n"

    return CONSOLE.sub(block, text)


def main() -> None:
    """Write every part of the README anew."""
    text = README.read_text(encoding="utf-8")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (result,) = run([DOCUMENT], Options(out=folder / "extracted", sources=DOCUMENT.parent, force=True))
        if result.path is None:
            sys.exit(str(result.error))
        for part, make in parts(result.path).items():
            found = _found(text, part)
            text = text[: found.start(2)] + make() + text[found.end(2) :]
        (folder / "console").mkdir()
        text = replayed(text, folder / "console")
    README.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
