"""A run that is killed leaves a state from which the next one gives the same bytes as an undisturbed one."""

from __future__ import annotations

import hashlib
import random
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

_PROJECT = Path(__file__).parents[1]
_TIMES = 20


def _start(folder: Path) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-c", "from pipeline.cli import main; main()", "run", "--force"],
        cwd=folder,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


def _bytes(folder: Path) -> dict[str, str]:
    """Every file that was written, hidden ones too, by its hash."""
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted((folder / "extracted").rglob("*"))
        if path.is_file()
    }


def _workplace(folder: Path) -> Path:
    folder.mkdir()
    shutil.copytree(_PROJECT / "source_pdfs", folder / "source_pdfs")
    return folder


@pytest.mark.slow
def test_twenty_runs_killed_at_random_moments_leave_nothing_behind(tmp_path: Path) -> None:
    """After every kill the edition is whole or absent; the last run ends with the bytes of one that nobody disturbed."""
    undisturbed = _workplace(tmp_path / "undisturbed")
    assert _start(undisturbed).wait(timeout=120) == 0
    expected = _bytes(undisturbed)
    disturbed = _workplace(tmp_path / "disturbed")
    moments = random.Random(20250301)  # noqa: S311 (moments to kill at, no secret)
    for _ in range(_TIMES):
        process = _start(disturbed)
        try:
            process.wait(timeout=moments.uniform(0.1, 3.0))
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait(timeout=30)
        edition = disturbed / "extracted" / "japan-ai-policy" / "2025"
        if edition.exists():
            inside = {k: v for k, v in _bytes(disturbed).items() if k.startswith("extracted/japan-ai-policy/2025/")}
            assert inside == {k: v for k, v in expected.items() if k.startswith("extracted/japan-ai-policy/2025/")}
    assert _start(disturbed).wait(timeout=120) == 0
    assert _bytes(disturbed) == expected
