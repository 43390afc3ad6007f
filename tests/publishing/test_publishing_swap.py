"""The swap: whatever happens while an edition is written, a whole one stands, and the next run is not disturbed."""

from __future__ import annotations

import errno
import os
import resource
import subprocess
import sys
import threading
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from fictional_edition import write

from pipeline.errors import OutputError
from pipeline.publishing import swap

if TYPE_CHECKING:
    from collections.abc import Callable

HERE = Path(__file__).parent
OLD = {"datapackage.json": b"old", "data/a.csv": b"old a", "data/gone.csv": b"gone"}
NEW = {"datapackage.json": b"new", "data/a.csv": b"new a", "data/b.csv": b"new b"}

MAX_STEPS = 60


def content(folder: Path) -> dict[str, bytes] | None:
    """All files of a folder by their path in it; None where there is no folder."""
    if not folder.exists():
        return None
    return {str(p.relative_to(folder)): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


def error_of(target: Path) -> OutputError | None:
    """Write NEW into `target`, and give the error that this ends with, if any."""
    try:
        swap.replace_folder(target, NEW)
    except OutputError as error:
        return error
    return None


def disturb(
    monkeypatch: pytest.MonkeyPatch, step: int, event: Callable[[], None], *, removals: bool = False
) -> list[int]:
    """Let `event` happen just before the write, sync, rename or exchange number `step`. The list counts the steps.

    With `removals` the removal of a file is a step too: an error there is harmless, a kill may leave half a folder.
    """
    counted = [0]

    def counting(function: Callable[..., object]) -> Callable[..., object]:
        def wrapped(*arguments: object, **options: object) -> object:
            counted[0] += 1
            if counted[0] == step:
                event()
            return function(*arguments, **options)

        return wrapped

    for owner, name in [(Path, "mkdir"), (Path, "open"), (Path, "rename"), (os, "fsync"), (swap, "_exchange")]:
        monkeypatch.setattr(owner, name, counting(getattr(owner, name)))
    if removals:
        monkeypatch.setattr(os, "unlink", counting(os.unlink))
    return counted


@pytest.fixture(params=["exchange", "two renames"])
def _way(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Both ways of swapping: with the system's exchange, and where there is none."""
    if request.param == "two renames":
        monkeypatch.setattr(swap, "_exchange", lambda _one, _other: False)
    elif sys.platform != "linux":
        pytest.skip("only Linux exchanges two folders in one step")


@pytest.mark.usefixtures("_way")
def test_an_error_at_any_step_leaves_a_whole_edition(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """If a step fails, the old edition stands and nothing else; the next run writes the new one."""
    for step in range(1, MAX_STEPS):
        target = tmp_path / f"run{step}" / "deck" / "edition"
        swap.replace_folder(target, OLD)

        def fail() -> None:
            raise OSError(errno.ENOSPC, "No space left on device")

        with monkeypatch.context() as patch:
            counted = disturb(patch, step, fail)
            error = error_of(target)
        if error is None:
            assert content(target) == NEW
        else:
            assert error.code == "PD009"
            assert "No space left" in error.message
            assert "Free some space" in error.advice
            assert content(target) == OLD
        if counted[0] < step:
            assert step > 10
            return
        assert content(target) in (OLD, NEW)
        swap.replace_folder(target, NEW)
        assert content(target) == NEW
        assert [p.name for p in target.parent.iterdir()] == ["edition"]
    pytest.fail("the steps did not end")


@pytest.mark.usefixtures("_way")
def test_a_kill_at_any_step_leaves_a_whole_edition(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """If the process is killed at a step, so that nothing is tidied, recovery finds one whole edition."""
    for step in range(1, MAX_STEPS):
        target = tmp_path / f"run{step}" / "deck" / "edition"
        swap.replace_folder(target, OLD)
        child = os.fork()
        if child == 0:
            disturb(monkeypatch, step, lambda: os._exit(9), removals=True)
            swap.replace_folder(target, NEW)
            os._exit(0)
        code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        standing = content(target)
        if standing is None:
            # Only between two renames, and then both editions are whole beside it.
            assert content(swap._sibling(target, "old")) == OLD
            assert content(swap._sibling(target, "new")) == NEW
        else:
            assert standing in (OLD, NEW)
        swap.recover(target)
        assert content(target) in (OLD, NEW)
        swap.replace_folder(target, NEW)
        assert content(target) == NEW
        assert [p.name for p in target.parent.iterdir()] == ["edition"]
        if code == 0:
            assert step > 10
            return
    pytest.fail("the steps did not end")


def test_the_edition_is_never_away_where_the_system_can_exchange(tmp_path: Path) -> None:
    """While editions replace each other, whoever looks finds one there."""
    if sys.platform != "linux":
        pytest.skip("only Linux exchanges two folders in one step")
    target = tmp_path / "edition"
    swap.replace_folder(target, OLD)
    missed, done = [], threading.Event()

    def look() -> None:
        while not done.is_set():
            if not target.exists():
                missed.append(1)

    watcher = threading.Thread(target=look)
    watcher.start()
    for number in range(40):
        swap.replace_folder(target, NEW if number % 2 else OLD)
    done.set()
    watcher.join()
    assert not missed


def test_a_left_over_from_a_crash_is_cleared(tmp_path: Path) -> None:
    """A half-written folder and a lock of a dead process do not disturb the next run."""
    target = tmp_path / "edition"
    (tmp_path / ".edition.new" / "data").mkdir(parents=True)
    (tmp_path / ".edition.new" / "data" / "half.csv").write_bytes(b"ha")
    (tmp_path / ".edition.lock").touch()
    swap.replace_folder(target, NEW)
    assert content(target) == NEW
    assert [p.name for p in tmp_path.iterdir()] == ["edition"]


def test_two_processes_take_turns(tmp_path: Path) -> None:
    """Several processes that write one edition at once leave a whole one, and none of them fails."""
    target = tmp_path / "edition"
    children = []
    for number in range(4):
        child = os.fork()
        if child == 0:
            failed = 1
            try:
                for _ in range(10):
                    swap.replace_folder(target, NEW if number % 2 else OLD)
                failed = 0
            finally:
                os._exit(failed)
        children.append(child)
    assert [os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) for child in children] == [0, 0, 0, 0]
    assert content(target) in (OLD, NEW)
    assert [p.name for p in tmp_path.iterdir()] == ["edition"]


def test_a_full_disk_leaves_the_old_edition(tmp_path: Path) -> None:
    """When the system refuses to write more bytes (here: a limit on the size of a file), the old edition stands."""
    target = write(tmp_path / "deck" / "3025")
    before = content(target)
    code = (
        "import resource, sys; from fictional_edition import write; from pathlib import Path; import pyarrow.parquet;"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (4096, resource.RLIM_INFINITY));"
        f"write(Path({str(target)!r}), {{'notes': [{{'note_id': 'n', 'page': 1, 'text': 'x' * 5000}}]}})"
    )
    environment = {**os.environ, "PYTHONPATH": f"{HERE.parents[1]}{os.pathsep}{HERE}", "PYTHONDONTWRITEBYTECODE": "1"}
    command = [sys.executable, "-c", code]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert resource.RLIMIT_FSIZE is not None
    assert done.returncode == 1
    assert "PD009" in done.stderr
    assert "Free some space" in done.stderr
    assert content(target) == before
    assert [p.name for p in target.parent.iterdir()] == ["3025"]


def test_a_missing_permission_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where writing is not allowed, the error is a PermissionError's in words, with what to do."""

    def deny(*_arguments: object, **_options: object) -> None:
        raise PermissionError(errno.EACCES, "Permission denied")

    monkeypatch.setattr(Path, "mkdir", deny)
    with pytest.raises(OutputError, match="Permission denied") as caught:
        swap.replace_folder(tmp_path / "edition", NEW)
    assert "--out" in caught.value.advice


def test_what_is_not_an_edition_is_never_replaced(tmp_path: Path) -> None:
    """A folder of someone's files, or a file, in the place of the edition is refused and left as it is."""
    letters = tmp_path / "letters"
    letters.mkdir()
    (letters / "dear.txt").write_text("dear", encoding="utf-8")
    for target in (letters, letters / "dear.txt", letters / "dear.txt" / "edition"):
        with pytest.raises(OutputError):
            swap.replace_folder(target, NEW)
    assert content(letters) == {"dear.txt": b"dear"}
    (tmp_path / "empty").mkdir()
    swap.replace_folder(tmp_path / "empty", NEW)
    assert content(tmp_path / "empty") == NEW


def test_files_of_the_old_edition_do_not_stay(tmp_path: Path) -> None:
    """The folder holds exactly the new files: a table that is no longer written is gone."""
    swap.replace_folder(tmp_path / "edition", OLD)
    swap.replace_folder(tmp_path / "edition", NEW)
    assert content(tmp_path / "edition") == NEW
