"""Nothing in a document, a manifest or a profile runs, leads anywhere, or reaches the network."""

from __future__ import annotations

import ast
import gzip
import json
import os
import pickle
import shutil
import sys
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from reportlab.pdfgen.canvas import Canvas
from rich.text import Text

from pipeline import console
from pipeline.drawing.sections import Cell, Section, View
from pipeline.drawing.terminal import draw_terminal
from pipeline.editions import read_rows
from pipeline.errors import ManifestError, ProfileError
from pipeline.manifest import load_manifest
from pipeline.printable import printable, printable_line
from pipeline.profiles import load_profile
from pipeline.reviewing import write_report
from pipeline.workshop import Options
from tests import hostile_pdfs as hostile
from tests.at_hand import DECKS, PROJECT, call
from tests.publishing.browser import started_browser, visit

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.at_hand import Called

MODULES = sorted((PROJECT / "pipeline").rglob("*.py"))

UNSAFE_MODULES = {
    "pickle",
    "cPickle",
    "_pickle",
    "marshal",
    "shelve",
    "dill",
    "cloudpickle",
    "joblib",
    "code",
    "pty",
    "commands",
}
UNSAFE_CALLS = {"eval", "exec", "compile", "__import__", "breakpoint"}
UNSAFE_METHODS = {
    *(("os", name) for name in ("system", "popen", "execv", "execve", "execvp", "spawnl", "spawnv", "startfile")),
    *(("yaml", name) for name in ("unsafe_load", "full_load", "load_all", "UnsafeLoader", "FullLoader", "Loader")),
    *(("numpy", name) for name in ("load", "fromfile")),
    *(("np", name) for name in ("load", "fromfile")),
    *(("pandas", "read_pickle"), ("pd", "read_pickle"), ("subprocess", "getoutput"), ("subprocess", "getstatusoutput")),
}


def unsafe(tree: ast.AST) -> Iterator[str]:
    """What a module must not do, as `line: what`."""
    for node in ast.walk(tree):
        match node:
            case ast.Import(names=names):
                yield from (
                    f"{node.lineno}: import {n.name}" for n in names if n.name.partition(".")[0] in UNSAFE_MODULES
                )
            case ast.ImportFrom(module=str(module)) if module.partition(".")[0] in UNSAFE_MODULES:
                yield f"{node.lineno}: from {module}"
            case ast.Call(func=ast.Name(id=name)) if name in UNSAFE_CALLS:
                yield f"{node.lineno}: {name}()"
            case ast.Attribute(value=ast.Name(id=owner), attr=name) if (owner, name) in UNSAFE_METHODS:
                yield f"{node.lineno}: {owner}.{name}"
            case ast.keyword(arg="shell" | "allow_pickle", value=value) if not (
                isinstance(value, ast.Constant) and value.value is False
            ):
                yield f"{node.value.lineno}: {node.arg}="


@pytest.mark.parametrize("path", MODULES, ids=lambda p: p.relative_to(PROJECT).as_posix())
def test_no_module_can_run_what_it_reads(path: Path) -> None:
    """No pickle or its like, no evaluation, no shell, no loader of YAML that makes objects: nowhere in the package."""
    assert list(unsafe(ast.parse(path.read_text(encoding="utf-8")))) == []


@pytest.mark.parametrize(
    "code",
    [
        "import pickle",
        "from marshal import loads",
        "eval(x)",
        "os.system(x)",
        "yaml.unsafe_load(x)",
        "subprocess.run(x, shell=True)",
        "numpy.load(x, allow_pickle=y)",
    ],
)
def test_the_search_finds_what_it_looks_for(code: str) -> None:
    """The search above is no empty one."""
    assert len(list(unsafe(ast.parse(code)))) >= 1


WATCHED = """
import os, sys
_log = os.open(os.environ["SAFETY_LOG"], os.O_WRONLY | os.O_APPEND | os.O_CREAT)
def _hook(event, arguments):
    if event == "open" and isinstance(arguments[0], (str, bytes)):
        os.write(_log, b"open " + os.fsencode(arguments[0]).replace(b"\\n", b"?") + b"\\n")
    elif event in ("socket.connect", "socket.getaddrinfo", "socket.bind", "socket.sendto", "urllib.Request", "os.system",
                   "os.exec", "os.posix_spawn", "subprocess.Popen", "pickle.find_class", "webbrowser.open"):
        os.write(_log, (event + " " + repr(arguments)[:300]).encode() + b"\\n")
sys.addaudithook(_hook)
"""
"""Loaded by every Python that is started: notes each file that is opened, each process, and whatever touches the network."""


def watched(folder: Path, *arguments: str | Path) -> tuple[Called, list[str]]:
    """Call `policydeck` in `folder`, and what it and its processes did."""
    site = folder / "site"
    site.mkdir(exist_ok=True)
    (site / "sitecustomize.py").write_text(WATCHED, encoding="utf-8")
    log = folder / "log.txt"
    called = call(*arguments, cwd=folder, environment={"PYTHONPATH": str(site), "SAFETY_LOG": str(log)})
    return called, log.read_text(encoding="utf-8", errors="replace").splitlines()


def leading_elsewhere(secret: Path) -> bytes:
    """A page full of names of other files and addresses: streams, fonts, pictures, attachments, actions."""
    where = str(secret).encode()
    name = b"/" + b"".join(b"#%02x" % c for c in where)
    files = b"<< /Type /Filespec /F (%b) /UF (%b) >>" % (where, where)
    address = b"<< /S /URI /URI (http://policydeck.invalid/) >>"
    font = b"<< /Type /Font /Subtype /Type0 /BaseFont /X /Encoding %b /DescendantFonts [9 0 R] >>" % name
    return (
        hostile.slide(
            hostile.TEXT + b"BT /F2 9 Tf 9 9 Td <4142> Tj ET /I1 Do",
            {
                6: hostile.stream(b"", b"/Type /XObject /Subtype /Image /Width 1 /Height 1 /F %b " % files),
                7: files,
                8: font,
                9: b"<< /Type /Font /Subtype /CIDFontType2 /BaseFont /X /CIDSystemInfo << /Registry (%b) /Ordering (x) "
                b"/Supplement 0 >> >>" % where,
            },
            resources=b"/XObject << /I1 6 0 R >> ",
            page=b"/AF [7 0 R] /Annots [<< /Type /Annot /Subtype /Link /Rect [0 0 9 9] /A %b >> << /Type /Annot /Subtype "
            b"/FileAttachment /Rect [0 0 9 9] /FS 7 0 R >> << /Type /Annot /Subtype /Link /Rect [0 0 9 9] /A << /S /Launch "
            b"/F (%b) >> >>] " % (address, where),
        )
        .replace(b"/F1 5 0 R", b"/F1 5 0 R /F2 8 0 R", 1)
        .replace(
            b"/Type /Catalog ",
            b"/Type /Catalog /OpenAction %b /Names << /EmbeddedFiles << /Names [(a) 7 0 R] >> >> " % address,
        )
    )


def test_no_path_or_address_of_a_document_is_used(tmp_path: Path) -> None:
    """Files that a PDF names are not opened, programs not started, addresses not asked for; it is read all the same."""
    secret = tmp_path / "private-note"
    secret.write_text("not for policydeck")
    (tmp_path / "trap.pdf").write_bytes(leading_elsewhere(secret))
    called, done = watched(tmp_path, "run", "trap.pdf")
    assert called.code == 2
    assert called.err.startswith("PD0")
    assert any(line.startswith("open ") and line.endswith("trap.pdf") for line in done)
    assert not [line for line in done if "private-note" in line]
    others = [line for line in done if not line.startswith("open ")]
    assert all(line.startswith(f"subprocess.Popen ('{sys.executable}'") for line in others), others


class Evil:
    """What would make a file if it was unpickled."""

    def __init__(self, mark: Path) -> None:
        self.mark = mark

    def __reduce__(self) -> tuple[Callable[..., Any], tuple[Any, ...]]:
        return os.mkdir, (str(self.mark),)


def test_a_character_map_is_not_unpickled(tmp_path: Path) -> None:
    """A PDF cannot name a pickle as its font's character map and have it run (CVE-2025-64512)."""
    mark, trap = tmp_path / "it-ran", tmp_path / "evil"
    with gzip.open(f"{trap}.pickle.gz", "wb") as file:
        pickle.dump(Evil(mark), file)
    (tmp_path / "trap.pdf").write_bytes(leading_elsewhere(trap))
    called, done = watched(tmp_path, "run", "trap.pdf")
    assert called.code == 2
    assert not mark.exists()
    assert not [line for line in done if "evil.pickle" in line]
    pickle.loads(gzip.decompress(Path(f"{trap}.pickle.gz").read_bytes()))  # noqa: S301 - the trap is a real one
    assert mark.exists()


def test_a_run_asks_the_network_for_nothing(tmp_path: Path) -> None:
    """Reading, checking, showing and loading a deck opens no socket and looks up no name, in any of its processes."""
    shutil.copy(DECKS["2026"][0], tmp_path / "deck.pdf")
    for arguments in (
        ("run", "deck.pdf"),
        ("check", "2026"),
        ("report", "2026", "--no-open", "--force"),
        ("add", "deck.pdf"),
        ("load", "2026", "csv:loaded"),
    ):
        called, done = watched(tmp_path, *arguments)
        assert called.code == 0, called.err
        assert not [line for line in done if line.startswith(("socket", "urllib", "webbrowser"))]


MANIFEST = """\
sources:
  - file: {file}
    deck: {deck}
    edition: {edition}
    title: A deck
    language: en
    sha256: {digest}
"""
OUTSIDE = (
    "../x.pdf",
    "/etc/x.pdf",
    "a/b.pdf",
    "..",
    ".",
    ".x.pdf",
    "C:\\x.pdf",
    "a\\b.pdf",
    "x\x1b.pdf",
    "x\n.pdf",
    "x\x00.pdf",
)


def manifest_with(folder: Path, **values: str) -> Path:
    """A manifest of one document."""
    told = {"file": "x.pdf", "deck": "deck", "edition": "2025", "digest": "0" * 64} | values
    path = folder / "sources.yaml"
    path.write_text(MANIFEST.format(**{k: json.dumps(v) for k, v in told.items()}), encoding="utf-8")
    return path


@pytest.mark.parametrize("key", ["file", "deck", "edition"])
@pytest.mark.parametrize("value", OUTSIDE)
def test_a_manifest_cannot_name_another_folder(key: str, value: str, tmp_path: Path) -> None:
    """A file, deck or edition that is a path, hidden, or has control characters is refused with its key."""
    load_manifest(manifest_with(tmp_path))
    with pytest.raises(ManifestError, match=key):
        load_manifest(manifest_with(tmp_path, **{key: value}))


def test_a_link_out_of_the_folder_leads_nowhere(tmp_path: Path) -> None:
    """A listed file that is a link to another document is refused by its bytes, before it is read as a PDF."""
    (tmp_path / "source_pdfs").mkdir()
    manifest_with(tmp_path / "source_pdfs")
    (tmp_path / "source_pdfs" / "x.pdf").symlink_to("/etc/passwd")
    called = call("run", cwd=tmp_path)
    assert called.code == 2
    assert called.err.startswith("PD008 x.pdf: its SHA-256 is ")
    assert "root" not in called.err


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("deck", "../x"),
        ("edition", "../{fiscal_year}"),
        ("edition", "/{budget}"),
        ("edition", "{fiscal_year.__class__}"),
        ("edition", "."),
        ("edition", ".."),
    ],
)
def test_a_profile_cannot_name_another_folder(key: str, value: str, tmp_path: Path) -> None:
    """A deck's or an edition's name in a profile is a plain name with places to fill in, and nothing else."""
    path = tmp_path / "japan-ai-policy.yaml"
    text = (PROJECT / "schemas" / "decks" / path.name).read_text(encoding="utf-8")
    lines = [line for line in text.splitlines() if not line.startswith(f"{key}:")]
    path.write_text("\n".join([f"{key}: {json.dumps(value)}", *lines]), encoding="utf-8")
    with pytest.raises(ProfileError, match=key):
        load_profile(path)


def test_an_edition_cannot_name_another_document(tmp_path: Path, policydeck: Callable[..., Called]) -> None:
    """`report` takes an edition that names a document outside the folder of documents for one whose document is missing."""
    assert policydeck("run", DECKS["2026"][0]).code == 0
    table = tmp_path / "extracted/japan-ai-policy/2026/data/editions.csv"
    secret = tmp_path / "sample-2026.pdf"
    shutil.copy(DECKS["2026"][0], secret)
    (tmp_path / "source_pdfs").mkdir(exist_ok=True)
    found = []
    for name in ("sample-2026.pdf", "../sample-2026.pdf"):
        with pytest.MonkeyPatch.context() as patched:
            rows = read_rows(table.parents[1])
            rows["editions"][0]["source_file"] = name
            patched.setattr("pipeline.editions.read_rows", lambda *_a, _rows=rows, **_k: _rows)
            if name == "sample-2026.pdf":
                shutil.copy(secret, tmp_path / "source_pdfs" / name)
            found.append(
                write_report(table.parents[1], Options(sources=tmp_path / "source_pdfs", out=tmp_path / "extracted"))
            )
    assert found == [True, False]


HOSTILE_TITLE = "</script><script>document.title='owned'</script>"
HOSTILE_LINES = (
    '"onload="document.title=1" <img src=x onerror=alert(1)>',
    "javascript:alert(1) {{script}} <!-- <svg/onload=alert(1)>",
    '=HYPERLINK("http://policydeck.invalid","x") | +1+1 | -1 | @SUM(1)',
)
HOSTILE_NAME = "'\"><img src=x onerror=alert(1)>.pdf"


def hostile_deck() -> bytes:
    """A slide whose title and text are markup and script, in the file's own title too."""
    buffer = BytesIO()
    canvas = Canvas(buffer, pagesize=(720, 405), invariant=1)
    canvas.setTitle(HOSTILE_TITLE)
    canvas.setFont("Helvetica-Bold", 20)
    canvas.drawString(40, 370, HOSTILE_TITLE)
    canvas.setFont("Helvetica", 12)
    for n, line in enumerate(HOSTILE_LINES):
        canvas.drawString(60, 300 - 40 * n, line)
    canvas.save()
    return buffer.getvalue()


def test_no_script_or_markup_of_a_document_reaches_a_page(tmp_path: Path, policydeck: Callable[..., Called]) -> None:
    """Title, text and file name that are script run nothing in the browser, ask for nothing, and are shown as they are."""
    (tmp_path / HOSTILE_NAME).write_bytes(hostile_deck())
    policydeck("run", HOSTILE_NAME)
    (page,) = (tmp_path / "extracted").rglob("report.html")
    policy = "default-src 'none'; img-src data:; style-src 'unsafe-inline'; script-src 'sha256-"
    assert policy in page.read_text(encoding="utf-8")
    with started_browser() as browser, visit(browser, page) as seen:
        assert HOSTILE_TITLE in seen.page.inner_text("body")
        assert seen.page.evaluate("document.querySelectorAll('img[onerror], svg[onload], [onload]').length") == 0
        assert seen.page.title() not in ("owned", "1")
        assert (seen.complaints, seen.requests) == ([], [])


def test_data_of_a_hostile_document_stays_exact(tmp_path: Path, policydeck: Callable[..., Called]) -> None:
    """CSV holds what is printed, letter by letter, also where a spreadsheet would take it for a formula.

    A quote in front would be a wrong value to every program that reads the file. The workbook that is made to be opened
    in a spreadsheet has text cells instead (`tests/loading/test_loading_excel.py`).
    """
    (tmp_path / "deck.pdf").write_bytes(hostile_deck())
    policydeck("run", "deck.pdf")
    (statements,) = (tmp_path / "extracted").rglob("statements.csv")
    text = statements.read_text(encoding="utf-8")
    assert '=HYPERLINK(""http://policydeck.invalid""' in text
    assert "'=HYPERLINK" not in text


ESCAPES = "\x1b[2J\x1b]0;owned\x07\x1b]8;;http://x\x1b\\link\x9b31m\u202egnp.exe\u2066\x00\r\b"


def test_nothing_printed_moves_the_cursor(capsys: pytest.CaptureFixture[str]) -> None:
    """Text of a document on a terminal has no control characters, on the summary of a run as in tables and errors."""
    console.show(console.data_console(), Text(f"title {ESCAPES} end"))
    drawn = draw_terminal(View(ESCAPES, ESCAPES, (Section(ESCAPES, (ESCAPES,), ((Cell(ESCAPES),),), note=ESCAPES),)))
    for text in (capsys.readouterr().out, drawn, printable(ESCAPES), printable_line(ESCAPES + "\nnext")):
        assert "owned" in text
        assert not [c for c in text if c in "\x00\x07\x08\r\x1b\x9b\u202e\u2066"]
    assert "\n" not in printable_line(ESCAPES + "\nnext")
    assert printable("予算\t1.3\nbillion – ▶") == "予算\t1.3\nbillion – ▶"


def test_an_error_with_escapes_is_one_harmless_line(tmp_path: Path, policydeck: Callable[..., Called]) -> None:
    """A file name with escape sequences is named in the error without them."""
    name = "\x1b]0;owned\x07.pdf"
    (tmp_path / name).write_bytes(b"no PDF")
    for verb in ("run", "add"):
        called = policydeck(verb, name)
        assert called.code == 2
        assert "owned" in called.err
        assert "\x1b" not in called.err
        assert called.err.count("\n") == 1
