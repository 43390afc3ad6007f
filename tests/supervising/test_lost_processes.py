"""A process that reads is lost in every way that a process can be: its document gets one coded error, the next is read."""

from __future__ import annotations

import itertools
import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from pipeline.errors import PolicydeckError
from pipeline.limits import Limits
from pipeline.options import Options
from pipeline.supervising import Job, Outcome, Progress, Supervisor
from tests import hostile_pdfs
from tests.at_hand import DECKS, PROJECT

if TYPE_CHECKING:
    from collections.abc import Callable

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the signals and limits of Linux")

GOOD = DECKS["2026"][0]
PATIENT = 20
"""Seconds that a page may take where time is not what a test is about: a busy machine must not decide."""


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder to stand in, where editions are written to `extracted`."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def read(supervisor: Supervisor, path: Path = GOOD, on_progress: Callable[[Progress], None] | None = None) -> Outcome:
    """Have a document read and written."""
    return supervisor.do(Job("run", path, Options(force=True)), on_progress)


def at(stage: str, page: int, do: Callable[[], object]) -> Callable[[Progress], None]:
    """What is to happen when a stage has come to a page (0 for the document as a whole), the first time."""
    waiting = [do]

    def on_progress(progress: Progress) -> None:
        if waiting and progress == Progress(page, stage):
            waiting.pop()()

    return on_progress


def the_next_is_read(supervisor: Supervisor, lost: int) -> None:
    """A new process reads the good deck; nothing is left of the lost one: no process, and no file but the edition's."""
    assert not Path(f"/proc/{lost}").exists()
    outcome = read(supervisor)
    assert (outcome.status, outcome.exit_code, outcome.failure) == ("written", 0, None)
    assert supervisor.pid != lost
    assert [p.name for p in Path("extracted").iterdir()] == ["japan-ai-policy"]
    assert [p.name for p in Path("extracted/japan-ai-policy").iterdir()] == ["2026"]


def the_failure(outcome: Outcome, code: str, *said: str) -> None:
    """The outcome is a failure with this code, and its line says all of this."""
    assert (outcome.status, outcome.exit_code) == ("failed", 2)
    assert outcome.failure is not None
    assert outcome.failure.code == code, outcome.failure
    for part in said:
        assert part in str(outcome.failure)


def test_every_step_is_told_when_it_begins() -> None:
    """What is lost in a step is said of that step: pictures are drawn when the tables are written, and no page stays named."""
    told: list[Progress] = []
    with Supervisor() as supervisor:
        assert read(supervisor, on_progress=told.append).status == "written"
    stages = [stage for stage, _ in itertools.groupby(progress.stage for progress in told)]
    assert stages == [
        *("reading", "recognising", "extracting", "normalising", "checking"),
        *("writing", "drawing", "writing"),
    ]
    assert told[-4:-3] == [Progress(0, "checking")]


@pytest.mark.parametrize("name", ["SIGKILL", "SIGSEGV", "SIGABRT", "SIGTERM"])
def test_a_killed_process_names_signal_file_and_page(name: str) -> None:
    """Whatever signal ends the process, the error has the signal, the file and the page."""
    with Supervisor() as supervisor:
        lost = supervisor.pid
        assert lost is not None
        kill = at("extracting", 2, lambda: os.kill(lost, getattr(signal, name)))
        the_failure(read(supervisor, on_progress=kill), "PD024", "sample-2026.pdf, page ", f"({name})")
        the_next_is_read(supervisor, lost)


def test_a_stopped_process_ends_with_its_time() -> None:
    """A process that does nothing any more, and would not hear that it is to end, is killed when its page's time is over."""
    with Supervisor(Limits(page_seconds=PATIENT // 4)) as supervisor:
        lost = supervisor.pid
        assert lost is not None
        stop = at("extracting", 2, lambda: os.kill(lost, signal.SIGSTOP))
        outcome = read(supervisor, on_progress=stop)
        the_failure(outcome, "PD022", "sample-2026.pdf, page ", "longer than 5 s", "--limit page-seconds=10")
        the_next_is_read(supervisor, lost)


def test_a_page_that_takes_too_long_is_given_up(folder: Path) -> None:
    """A PDF with a page of millions of characters, which was admitted, costs as long as a page may take."""
    (folder / "slow.pdf").write_bytes(hostile_pdfs.many_characters(2_000_000))
    with Supervisor(Limits(page_seconds=2, page_characters=10**7)) as supervisor:
        lost = supervisor.pid
        assert lost is not None
        outcome = read(supervisor, Path("slow.pdf"))
        the_failure(outcome, "PD022", "slow.pdf, page 1: reading it", "page-seconds")
        the_next_is_read(supervisor, lost)


def test_processor_time_ends_where_nobody_looks_at_the_clock(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The system ends a process whose processor time is over, even while its parent sleeps; it is the same error."""
    monkeypatch.setattr("pipeline.supervising.supervisor._Watched.seconds_left", lambda _: 300.0)
    (folder / "slow.pdf").write_bytes(hostile_pdfs.many_characters(2_000_000))
    with Supervisor(Limits(page_seconds=1, page_characters=10**7)) as supervisor:
        lost = supervisor.pid
        assert lost is not None
        outcome = read(supervisor, Path("slow.pdf"))
        the_failure(outcome, "PD022", "slow.pdf", "took longer", "page-seconds")
        the_next_is_read(supervisor, lost)


def test_memory_ends_at_its_limit(folder: Path) -> None:
    """A page that takes more memory than is allowed is one error that names the option; the process never had more."""
    (folder / "many.pdf").write_bytes(hostile_pdfs.many_characters(3_000_000))
    limits = Limits(memory_bytes=300 * 10**6, page_characters=10**7, page_seconds=60)
    with Supervisor(limits) as supervisor:
        lost = supervisor.pid
        assert lost is not None
        outcome = read(supervisor, Path("many.pdf"))
        the_failure(outcome, "PD023", "many.pdf, page 1: reading it takes more memory", "--limit memory-bytes=600MB")
        assert 0 < outcome.peak_memory_bytes < 400 * 10**6  # what is mapped from files counts here as well
        the_next_is_read(supervisor, lost)


PRELUDE = (
    "import sys, os, time; sys.path.insert(0, sys.argv[1]); sys.stdin.readline(); say = lambda t: os.write(1, t); "
)
AN_OUTCOME = (
    '{"outcome": {"status": "written", "exit_code": %s, "deck": "", "edition": "", "title": "", "language": "", '
    '"path": null, "pages": 1, "reason": "", "has_document": true, "failure": null, "seconds": 0, '
    '"peak_memory_bytes": 0}}\\n'
)


@pytest.mark.parametrize(
    ("program", "said"),
    [
        ("sys.exit(3)", "exit status 3"),
        ("say(b'noise\\n'); time.sleep(60)", "noise"),
        ("say(b'\\x80\\x04K\\x01.\\n'); time.sleep(60)", "x80"),
        ("say(b'[1]\\n'); time.sleep(60)", "[1]"),
        ("say(b'[' * 100000 + b'\\n'); time.sleep(60)", "[[["),
        ("say(b'x' * 5000000); time.sleep(60)", "xxx"),
        ('say(b\'{"page": -1, "stage": "reading"}\\n\'); time.sleep(60)', "-1"),
        ("say(b'{\"outcome\": {}}\\n'); time.sleep(60)", "fields"),
        (f"say(b'{AN_OUTCOME % 7}'); time.sleep(60)", "exit code"),
        (f"say(b'{AN_OUTCOME % chr(34)}'); time.sleep(60)", "no answer"),
        (f"say(b'{AN_OUTCOME % 0}'.replace(b'}}}}', b'}}, \"retained\": Infinity}}')); time.sleep(60)", "infinity"),
        ("os.close(1); time.sleep(60)", "closed its pipe"),
        ("say(b'{\"pa'); os.kill(os.getpid(), 9)", "SIGKILL"),
    ],
)
def test_what_is_no_answer_is_a_crash(program: str, said: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Garbage, wrong fields, a line without end, a closed pipe: each is one error, and the process is gone."""
    supervisor = Supervisor(Limits(page_seconds=PATIENT))
    with monkeypatch.context() as patched:
        patched.setattr("pipeline.supervising.process._PROGRAM", PRELUDE + program)
        supervisor.start()
    lost = supervisor.pid
    assert lost is not None
    with supervisor:
        outcome = read(supervisor)
        the_failure(outcome, "PD024", "sample-2026.pdf", said)
        assert ("takes the machine's memory" in str(outcome.failure)) == (said == "SIGKILL"), (
            "it was killed by its parent"
        )
        the_next_is_read(supervisor, lost)


def test_an_outcome_that_is_right_is_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    """The answers above are refused for what is wrong with them: the same one without a fault is an outcome."""
    monkeypatch.setattr("pipeline.supervising.process._PROGRAM", f"{PRELUDE} say(b'{AN_OUTCOME % 0}')")
    with Supervisor() as supervisor:
        assert read(supervisor).status == "written"


def test_what_libraries_print_is_no_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is printed or written to standard output while a document is read does not reach the parent."""
    noisy = (
        "import sys, os; sys.path.insert(0, sys.argv[1]); import pipeline.reading.pdf as pdf; read = pdf.read_document\n"
        "def noisy(*a, **k):\n    print('noise', flush=True); os.write(1, b'noise'); return read(*a, **k)\n"
        "pdf.read_document = noisy; from pipeline.supervising.child import main; main(*sys.argv[2:])"
    )
    monkeypatch.setattr("pipeline.supervising.process._PROGRAM", noisy)
    with Supervisor() as supervisor:
        assert read(supervisor).status == "written"


def test_a_defect_of_the_code_is_an_error_with_its_place(monkeypatch: pytest.MonkeyPatch) -> None:
    """An exception that nobody expected costs its document only, and says where it was raised; the process goes on."""
    broken = (
        "import sys; sys.path.insert(0, sys.argv[1]); import pipeline.run as running; run = running.run_one\n"
        "def broken(path, workshop, **named):\n"
        "    return {}['missing'] if 'sample' in path.name else run(path, workshop, **named)\n"
        "running.run_one = broken; from pipeline.supervising.child import main; main(*sys.argv[2:])"
    )
    monkeypatch.setattr("pipeline.supervising.process._PROGRAM", broken)
    with Supervisor() as supervisor:
        the_failure(read(supervisor), "PD024", "sample-2026.pdf", "KeyError", ", line ", "report it")
        before = supervisor.pid
        assert read(supervisor, DECKS["2025"][0]).status == "written"
        assert supervisor.pid == before


@pytest.mark.parametrize("delay", [0.0, 0.002, 0.01, 0.03])
def test_a_process_killed_while_it_writes_leaves_nothing(delay: float) -> None:
    """Killed at any moment of writing, the edition is whole or absent, and no hidden folder or lock is beside it."""
    with Supervisor() as supervisor:
        lost = supervisor.pid
        assert lost is not None
        kill = at("writing", 0, lambda: (time.sleep(delay), os.kill(lost, signal.SIGKILL)))
        outcome = read(supervisor, on_progress=kill)
        if outcome.status == "failed":
            left = sorted(p.as_posix() for p in Path().rglob("*") if p.is_file() or p.name.startswith("."))
            assert not left or "extracted/japan-ai-policy/2026/datapackage.json" in left
            assert not [name for name in left if "/." in name]
            the_next_is_read(supervisor, lost)


def test_what_a_killed_process_was_writing_is_removed() -> None:
    """A half-written folder and the lock of a process that was killed are gone when its outcome is there."""
    half = Path("extracted/japan-ai-policy/.2026.new")
    with Supervisor() as supervisor:
        lost = supervisor.pid
        assert lost is not None

        def kill() -> None:
            os.kill(lost, signal.SIGSTOP)
            half.mkdir(parents=True, exist_ok=True)
            (half / "half.csv").write_text("half")
            half.with_name(".2026.lock").touch()
            os.kill(lost, signal.SIGKILL)

        the_failure(read(supervisor, on_progress=at("writing", 0, kill)), "PD024", "writing")
        assert not Path("extracted/japan-ai-policy/.2026.new").exists()
        assert not Path("extracted/japan-ai-policy/.2026.lock").exists()


def test_the_caller_can_break_off() -> None:
    """KeyboardInterrupt passes through; the process is gone by then, and the same Supervisor reads the next document."""

    def interrupt() -> None:
        raise KeyboardInterrupt

    with Supervisor() as supervisor:
        lost = supervisor.pid
        assert lost is not None
        with pytest.raises(KeyboardInterrupt):
            read(supervisor, on_progress=at("extracting", 3, interrupt))
        the_next_is_read(supervisor, lost)


PARENT = """
import sys, threading
from pathlib import Path
from pipeline.limits import Limits
from pipeline.supervising import Job, Supervisor
def work():
    with Supervisor(Limits(page_characters=10**7)) as supervisor:
        print(supervisor.pid, flush=True)
        supervisor.do(Job("run", Path("slow.pdf")), lambda p: print(p.stage, flush=True))
thread = threading.Thread(target=work)
work() if sys.argv[1] == "main" else (thread.start(), thread.join())
"""


@pytest.mark.parametrize("thread", ["main", "other"])
def test_no_process_outlives_a_killed_parent(thread: str, folder: Path) -> None:
    """Where the parent is killed in the middle of a document, its child ends too, whichever thread had started it."""
    (folder / "slow.pdf").write_bytes(hostile_pdfs.many_characters(2_000_000))
    environment = {**os.environ, "PYTHONPATH": str(PROJECT)}
    with subprocess.Popen(
        [sys.executable, "-c", PARENT, thread], stdout=subprocess.PIPE, text=True, env=environment
    ) as parent:
        assert parent.stdout is not None
        child = Path(f"/proc/{int(parent.stdout.readline())}")
        while parent.stdout.readline().strip() != "reading":
            assert parent.poll() is None
        time.sleep(2)  # now it is in the middle of the page, and has nothing to say for minutes
        if thread == "main":
            os.kill(int(child.name), signal.SIGSTOP)  # the kernel ends even a process that does nothing any more
        parent.kill()
    for _ in range(PATIENT * 10):
        if not child.exists() or ") Z " in (child / "stat").read_text():
            return
        time.sleep(0.1)
    pytest.fail("the process still runs")


def test_a_relative_path_leads_nowhere_where_the_folder_is_gone(folder: Path) -> None:
    """A process that has read in another folder before does not read the document of the same name there."""
    for name in ("before", "gone"):
        (folder / name).mkdir()
        (folder / name / "deck.pdf").write_bytes(GOOD.read_bytes())
    with Supervisor() as supervisor:
        os.chdir(folder / "before")
        assert read(supervisor, Path("deck.pdf")).status == "written"
        written = sorted(folder.rglob("*"))
        os.chdir(folder / "gone")
        (folder / "gone" / "deck.pdf").unlink()
        (folder / "gone").rmdir()
        the_failure(read(supervisor, Path("deck.pdf")), "PD001", "deck.pdf")
        assert sorted(folder.rglob("*")) == [path for path in written if "gone" not in path.parts]


def test_several_supervisors_work_side_by_side(folder: Path) -> None:
    """Supervisors in threads of one process do not hinder each other, and one that loses its process does not either."""
    outcomes: dict[str, Outcome] = {}

    def work(name: str) -> None:
        with Supervisor() as supervisor:
            pid = supervisor.pid
            assert pid is not None
            job = Job("run", GOOD, Options(out=Path(name)))
            kill = at("extracting", 2, lambda: os.kill(pid, signal.SIGKILL)) if name == "killed" else None
            outcomes[name] = supervisor.do(job, kill)

    threads = [threading.Thread(target=work, args=(name,)) for name in ("one", "killed", "other")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert {name: outcome.status for name, outcome in outcomes.items()} == {
        "one": "written",
        "killed": "failed",
        "other": "written",
    }
    assert [p.name for p in folder.iterdir() if not any(p.rglob("*.csv"))] == []


def test_a_process_is_replaced_after_many_documents(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is kept from one document to the next, and replaced when it has read as many as it may, or holds too much."""
    monkeypatch.setattr("pipeline.supervising.supervisor._DOCUMENTS", 2)
    with Supervisor() as supervisor:
        pids = []
        for _ in range(3):
            assert read(supervisor).status == "written"
            pids.append(supervisor.pid)
        assert pids[0] == pids[1] != pids[2]
        monkeypatch.setattr("pipeline.supervising.supervisor._RETAINED", 0.001)
        assert read(supervisor).status == "written"
        assert supervisor.pid != pids[2]


def test_every_code_comes_back_as_its_class() -> None:
    """An error that crossed the pipe is of the same class and says the same."""
    with Supervisor() as supervisor:
        outcome = read(supervisor, Path("missing.pdf"))
    assert outcome.failure is not None
    error = outcome.failure.as_error()
    assert isinstance(error, PolicydeckError | FileNotFoundError)
    assert type(error).__name__ == "SourceNotFoundError"
    assert str(error) == str(outcome.failure)
