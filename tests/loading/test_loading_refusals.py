"""A target that cannot be used gives one line that says so, without a password, and changes nothing."""

from __future__ import annotations

import sqlite3
import sys
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest
from postgresql_server import ENCODED_PASSWORD, PASSWORD
from reading_back import KINDS, SCHEMAS, Place, write

from pipeline.errors import TargetError
from pipeline.loading import load_edition
from pipeline.loading.targets import parse_target, without_password

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


def refusal(edition: Path, target: str, **options: object) -> str:
    """Load, and give the one line with which that is refused."""
    with pytest.raises(TargetError) as caught:
        load_edition(edition, target, schemas=SCHEMAS, **options)  # type: ignore[arg-type]
    assert "\n" not in str(caught.value)
    assert caught.value.advice
    return str(caught.value)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "no target that is known"),
        ("editions.db", "no target that is known"),
        ("mysql://u:hidden@h/d", "no target that is known"),
        ("sqlite://editions.db", "names no place"),
        ("sqlite:///", "names no place"),
        ("duckdb:///:memory:", "names no place"),
        ("postgresql:editions", "names no place"),
        ("excel:editions.xls", "does not end in .xlsx"),
        ("parquet:", "names no place"),
    ],
)
def test_a_misspelt_target_is_refused_with_the_form_it_should_have(text: str, said: str) -> None:
    """What is none of the forms is named, and the form that was meant is shown."""
    with pytest.raises(TargetError, match=said) as caught:
        parse_target(text)
    assert "hidden" not in str(caught.value)


def test_three_slashes_are_relative_and_four_absolute() -> None:
    """The path of a database file begins after the third slash, as SQLAlchemy has it."""
    assert parse_target("sqlite:///a/b.db").address == "a/b.db"
    assert parse_target("duckdb:////a/b.duckdb").address == "/a/b.duckdb"
    assert parse_target("excel:/a/b.xlsx").address == "/a/b.xlsx"


@pytest.mark.parametrize(
    "address",
    [
        "postgresql://u:hidden@h/d",
        "postgresql://u:hid@den@h/d",
        "postgresql://u:hid/den@h/d",
        "postgresql://u:hid?den@h:1/d?a=b",
        "postgresql://u@h/d?password=hidden&x=y",
        "postgresql://:hidden@h",
    ],
)
def test_no_part_of_a_password_is_ever_shown(address: str) -> None:
    """Neither what is shown of a target nor its repr has any of the password, not even of one written wrongly."""
    for text in (without_password(address), repr(parse_target(address))):
        assert "hid" not in text
        assert "den" not in text


def test_a_wrong_password_is_refused_without_showing_it(server: str, tmp_path: Path) -> None:
    """The server's refusal is passed on; the password that was tried is not."""
    edition = write(tmp_path)
    message = refusal(edition, server.replace(ENCODED_PASSWORD, "hid%40den"))
    assert "password authentication failed" in message
    assert "hid" not in message


@pytest.mark.parametrize("password", ["98/3", "hid@den", "hid:7/x@den", "hid/den?application_name=a", PASSWORD])
def test_a_password_written_without_encoding_is_not_shown_in_part(password: str, server: str, tmp_path: Path) -> None:
    """A password whose special characters split the address wrongly never comes back as a host or port in a message."""
    message = refusal(write(tmp_path), server.replace(ENCODED_PASSWORD, password))
    assert password not in message
    assert "is no address of a PostgreSQL database" in message
    # These may have the same letters and digits.
    shown = message.replace("policydeck", "").replace(str(urlsplit(server).port), "")
    assert all(part not in shown for part in ("98", "hid", "den", "s3cret", "w@rd"))


def test_an_unreachable_server_is_refused(tmp_path: Path) -> None:
    """A port where nothing listens, and a host that is not there, give one line each."""
    edition = write(tmp_path)
    pytest.importorskip("psycopg")
    for host in ("127.0.0.1:1", "no-such-host.invalid:5432"):
        message = refusal(edition, f"postgresql://u:hidden@{host}/d?connect_timeout=3")
        assert host.partition(":")[0] in message
        assert "hidden" not in message


def test_a_text_that_a_database_cannot_hold_is_refused(server: str, tmp_path: Path) -> None:
    """PostgreSQL has no NUL character: such a text is an error, not a cut text, and nothing is loaded."""
    note = {"note_id": "n", "number": 1, "mark": None, "page": 1, "text": "a\0b"}
    message = refusal(write(tmp_path, changed={"notes": [note], "budget_amounts": []}), server, schema="with_nul")
    assert "Nothing was changed" in message


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    ("library", "kinds"),
    [("duckdb", {"duckdb"}), ("psycopg", {"postgresql"}), ("xlsxwriter", {"excel"})],
)
def test_a_missing_library_is_named_with_the_command_that_installs_it(
    kind: str, library: str, kinds: set[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Only the target that needs a library asks for it, and says how to install it."""
    monkeypatch.setitem(sys.modules, library, None)
    target = {"duckdb": "duckdb:///", "sqlite": "sqlite:///", "postgresql": "postgresql://u:p@127.0.0.1:1/d"}
    end = ".xlsx" if kind == "excel" else ""
    place = (
        target[kind] + ("" if kind == "postgresql" else f"{tmp_path}/x")
        if kind in target
        else f"{kind}:{tmp_path}/x{end}"
    )
    if kind in kinds:
        assert f"pip install '.[{kind}]'" in refusal(write(tmp_path / "in"), place)
    elif kind != "postgresql":
        load_edition(write(tmp_path / "in"), place, schemas=SCHEMAS)


@pytest.mark.parametrize("kind", ["duckdb", "sqlite", "excel"])
def test_a_file_of_another_kind_is_left_alone(kind: str, make_place: Callable[[str], Place], tmp_path: Path) -> None:
    """A text file, a database of another program or an empty file under the target's name is not written over."""
    place, edition = make_place(kind), write(tmp_path / "in")
    connection = sqlite3.connect(tmp_path / "other")
    connection.execute("CREATE TABLE mine (a)")
    connection.close()
    other = b"dear diary\n" * 200 if kind == "sqlite" else (tmp_path / "other").read_bytes()
    place.path.write_bytes(other)
    said = {"duckdb": "not a DuckDB database", "sqlite": "not a database", "excel": "not a workbook"}
    assert said[kind] in refusal(edition, place.target)
    assert place.path.read_bytes() == other


@pytest.mark.parametrize("kind", ["duckdb", "sqlite", "excel"])
def test_a_folder_that_is_not_there_is_named(kind: str, tmp_path: Path) -> None:
    """A file in a missing folder is refused, and the folder is not made."""
    start = "excel:" if kind == "excel" else f"{kind}:///"
    assert "is not there" in refusal(write(tmp_path / "in"), f"{start}{tmp_path}/missing/file.xlsx")
    assert not (tmp_path / "missing").exists()


@pytest.mark.parametrize("kind", ["sqlite", "parquet", "csv", "excel"])
def test_a_schema_is_refused_where_there_are_none(
    kind: str, make_place: Callable[[str], Place], tmp_path: Path
) -> None:
    """Only DuckDB and PostgreSQL have schemas; elsewhere one is not silently ignored."""
    place = make_place(kind)
    assert "has no schemas" in refusal(write(tmp_path / "in"), place.target, schema="budgets")
    assert not place.path.exists()


@pytest.mark.parametrize("kind", ["parquet", "csv"])
def test_a_folder_with_other_files_is_left_alone(kind: str, make_place: Callable[[str], Place], tmp_path: Path) -> None:
    """A table of another shape, or a stranger's file where the edition should stand, is refused and kept."""
    place, edition = make_place(kind), write(tmp_path / "in")
    load_edition(edition, place.target, schemas=SCHEMAS)
    loaded = place.path / "harbours" / "3025"
    (loaded / "diary.txt").write_text("dear diary")
    assert "diary.txt" in refusal(edition, place.target)
    (loaded / "diary.txt").rename(loaded / f"notes.{kind}")
    assert f"harbours/3025/notes.{kind}" in refusal(write(tmp_path / "in", "3026"), place.target)
    assert (loaded / f"notes.{kind}").read_text() == "dear diary"
    assert [p.name for p in (place.path / "harbours").iterdir()] == ["3025"]


@pytest.mark.parametrize("kind", ["parquet", "csv"])
def test_a_folder_load_cut_off_is_put_right_by_the_next(
    kind: str, make_place: Callable[[str], Place], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An error while writing leaves the old edition; what a crash left between the renames, the next load mends."""
    place, edition = make_place(kind), write(tmp_path / "in")
    load_edition(edition, place.target, schemas=SCHEMAS)
    folder = place.path / "harbours"
    files = {p.name: p.read_bytes() for p in (folder / "3025").iterdir()}
    with monkeypatch.context() as patched:
        patched.setattr("os.fsync", lambda _: (_ for _ in ()).throw(OSError(28, "No space left on device")))
        for crashed in (False, True):
            if crashed:
                (folder / "3025").rename(folder / ".3025.old")
                (folder / ".3025.new").mkdir()
            assert "No space left" in refusal(edition, place.target)
            assert [p.name for p in folder.iterdir()] == ["3025"]
            assert {p.name: p.read_bytes() for p in (folder / "3025").iterdir()} == files
    load_edition(edition, place.target, schemas=SCHEMAS)
    assert [p.name for p in folder.iterdir()] == ["3025"]
