"""A run over many documents that is ended at any moment: nothing is half-written, nobody is left, the next one carries on."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from typing import TYPE_CHECKING

import pytest

from tests.many.small_decks import package_bytes, processes_of_session, write_decks, write_editions

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="processes are looked for in /proc")

TIMES = 10
COMMAND = [sys.executable, "-c", "from pipeline.cli import main; main()", "run", "decks", "editions", "--jobs", "2"]


def place(folder: Path) -> Path:
    """A folder with seven documents, three of them editions of one deck, which are listed newest first."""
    for number, path in enumerate(write_editions(folder / "editions")):
        path.rename(path.with_name(f"{9 - number}.pdf"))
    write_decks(folder / "decks", 4)
    return folder


def start(folder: Path, *more: str) -> subprocess.Popen[str]:
    """Start the run in a session of its own."""
    return subprocess.Popen(
        [*COMMAND, *more],
        cwd=folder,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
        start_new_session=True,
    )


def assert_nobody_is_left(process: subprocess.Popen[str]) -> None:
    """Every process of the run's session has ended, within some seconds on a busy machine."""
    deadline = time.monotonic() + 20
    while left := processes_of_session(process.pid):
        assert time.monotonic() < deadline, f"{len(left)} processes outlived the run"
        time.sleep(0.05)


@pytest.mark.slow
def test_a_run_killed_ten_times_and_then_finished_equals_one_undisturbed(tmp_path: Path) -> None:
    """After every kill each edition is whole or absent and no process is left; in the end every byte is the same."""
    undisturbed = place(tmp_path / "undisturbed")
    began = time.monotonic()
    _, said = start(undisturbed).communicate(timeout=300)
    takes = time.monotonic() - began
    expected = package_bytes(undisturbed / "extracted")
    assert len(expected) > 7 * 40, said
    disturbed = place(tmp_path / "disturbed")
    moments = random.Random(20260301)  # noqa: S311 (moments to kill at, no secret)
    for _ in range(TIMES):
        process = start(disturbed)
        try:
            process.communicate(timeout=moments.uniform(0.05, 0.5) * takes)
        except subprocess.TimeoutExpired:
            process.kill()
            process.communicate(timeout=30)
        assert_nobody_is_left(process)
        for descriptor in (disturbed / "extracted").glob("*/*/datapackage.json"):
            if not descriptor.parent.name.startswith("."):
                inside = set(package_bytes(descriptor.parent))
                edition = descriptor.parent.relative_to(disturbed / "extracted").as_posix()
                assert inside == {p.removeprefix(f"{edition}/") for p in expected if p.startswith(f"{edition}/")}
    start(disturbed).communicate(timeout=300)
    assert package_bytes(disturbed / "extracted") == expected


@pytest.mark.slow
@pytest.mark.parametrize("engine", ["processes", "threads", "dask"])
def test_ctrl_c_stops_cleanly_and_the_next_run_carries_on(engine: str, tmp_path: Path) -> None:
    """The code is 130, one line says what is done, what was written stays whole, and nothing else is left of the run."""
    if engine == "dask":
        pytest.importorskip("distributed")
    write_decks(tmp_path / "decks", 40)
    (tmp_path / "editions").mkdir()
    more = ("--deck", "unrecognised", "--engine", engine)
    process = start(tmp_path, *more)
    deadline = time.monotonic() + 120
    out = tmp_path / "extracted" / "unrecognised"
    while len(list(out.glob("deck*"))) < 3:
        assert time.monotonic() < deadline
        assert process.poll() is None
        time.sleep(0.02)
    os.killpg(process.pid, signal.SIGINT)  # as a terminal does it: every process of the group hears it
    shown, said = process.communicate(timeout=60)
    assert process.returncode == 130
    assert "Traceback" not in said
    assert said.splitlines()[-1].startswith("Interrupted: ")
    assert_nobody_is_left(process)
    written = [path.name for path in out.iterdir()]
    assert 2 <= len(written) < 40, "the one that was being put into its place may be gone again"
    assert all((out / name / "datapackage.json").is_file() for name in written)
    assert [p.name for p in (tmp_path / "extracted").iterdir()] == ["unrecognised"]
    if engine != "threads":
        return
    shown, said = start(tmp_path, *more).communicate(timeout=300)
    lines = shown.splitlines()
    assert [line[0] for line in lines[:40]] == ["="] * len(written) + ["✓"] * (40 - len(written))
