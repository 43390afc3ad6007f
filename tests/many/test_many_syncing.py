"""What is staged is on the disk before it is put into place: together where the system can, file by file elsewhere."""

from __future__ import annotations

import errno
import os
import sys
import threading
from concurrent.futures import wait
from typing import TYPE_CHECKING

import pytest

from pipeline.errors import OutputError
from pipeline.many import run_many
from pipeline.many.syncing import Syncer
from pipeline.many.tasks import Answer
from pipeline.publishing import swap
from pipeline.publishing.swap import adopt_folder, sync_staged, write_staged
from pipeline.supervising import Outcome
from tests.many.small_decks import generic, write_decks

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

FILES = {"datapackage.json": b"{}", "data/a.csv": b"a\n", "data/b.csv": b"b\n"}


def no_space(_handle: int) -> None:
    """A disk that is full when it is synced."""
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def answer(number: int) -> Answer:
    """What a worker says of a document that it staged."""
    return Answer(number, Outcome("written", 0), staged=f"/staged/{number}")


def test_no_edition_is_put_into_its_place_before_its_files_are_synced(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each staged folder is synced, and only then renamed."""
    synced: set[Path] = set()
    adopted: list[Path] = []

    def syncing(folders: Sequence[Path]) -> None:
        assert all((folder / "datapackage.json").is_file() for folder in folders)
        sync_staged(folders)
        synced.update(folders)

    def adopting(staged: Path, target: Path) -> None:
        assert staged in synced
        adopt_folder(staged, target)
        adopted.append(staged)

    monkeypatch.setattr("pipeline.many.outputs.sync_staged", syncing)
    monkeypatch.setattr("pipeline.many.outputs.adopt_folder", adopting)
    results = run_many(write_decks(tmp_path / "decks", 4), generic(tmp_path / "out"), engine="threads", jobs=2)
    assert [r.outcome for r in results] == ["written"] * 4
    assert set(adopted) == synced
    assert len(adopted) == 4


def test_a_disk_that_cannot_be_synced_is_said_of_each_document(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is put into place, each document has the code, and nothing is left."""
    monkeypatch.setattr(swap, "_syncfs", lambda: no_space)
    results = run_many(write_decks(tmp_path / "decks", 3), generic(tmp_path / "out"), engine="threads", jobs=1)
    assert [r.error.code for r in results if r.error is not None] == ["PD009"] * 3
    assert all("No space left" in str(r.error) for r in results)
    assert not (tmp_path / "out").exists()


@pytest.mark.skipif(sys.platform != "linux", reason="syncfs is Linux's")
def test_many_folders_take_one_call(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The file system is synced once for all that was staged in it, and no file by itself."""
    calls: list[int] = []
    syncfs = swap._syncfs()
    assert syncfs is not None
    monkeypatch.setattr(os, "fsync", lambda _handle: pytest.fail("a file was synced by itself"))
    folders = [tmp_path / str(number) for number in range(5)]
    for folder in folders:
        write_staged(folder, FILES)
    monkeypatch.setattr(swap, "_syncfs", lambda: lambda handle: (calls.append(handle), syncfs(handle))[0])
    sync_staged([*folders, tmp_path / "gone"])
    assert len(calls) == 1
    assert all((folder / name).read_bytes() == content for folder in folders for name, content in FILES.items())


def test_a_system_without_that_call_syncs_each_file_as_it_is_staged(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every file and every folder is synced when it is written, and nothing is left to do afterwards."""
    inodes: list[int] = []
    fsync = os.fsync

    def syncing(handle: int) -> None:
        inodes.append(os.fstat(handle).st_ino)
        fsync(handle)

    monkeypatch.setattr(swap, "_syncfs", lambda: None)
    monkeypatch.setattr(os, "fsync", syncing)
    staged = tmp_path / "staged"
    write_staged(staged, FILES)
    written = [staged, *staged.rglob("*")]
    assert len(written) == 5
    assert sorted(inodes) == sorted(path.stat().st_ino for path in written)
    inodes.clear()
    sync_staged([staged])
    assert inodes == []


def test_what_cannot_be_staged_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An error while the files are written is one coded error, and the folder is gone."""
    monkeypatch.setattr(swap, "_syncfs", lambda: None)
    monkeypatch.setattr(os, "fsync", no_space)
    with pytest.raises(OutputError, match="No space left"):
        write_staged(tmp_path / "staged", FILES)
    assert list(tmp_path.iterdir()) == []


def test_what_is_staged_while_the_disk_is_waited_for_has_the_next_turn_together() -> None:
    """One call at a time; the second takes all that came during the first, and an error is that of its own folders."""
    goes_on, calls = threading.Event(), []

    def sync(folders: Sequence[Path]) -> None:
        calls.append([folder.name for folder in folders])
        assert goes_on.wait(20)
        if len(calls) == 2:
            raise OutputError("the disk is full", "Make room.")

    syncer = Syncer(sync)
    for number in range(3):
        syncer.add(number, answer(number))
    assert syncer.synced() == []
    assert syncer.under_way is not None
    goes_on.set()
    wait([syncer.under_way])
    assert syncer.synced() == [(0, answer(0))]
    wait([syncer.under_way])
    assert [(number, str(error)) for number, error in syncer.synced()] == [
        (number, "PD009 the disk is full Make room.") for number in (1, 2)
    ]
    assert calls == [["0"], ["1", "2"]]
    assert syncer.under_way is None
    syncer.close()
