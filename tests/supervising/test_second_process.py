"""The second process gives what the first would find itself, and one that is lost costs its document only."""

from __future__ import annotations

import itertools
import os
import signal
import sys
import time
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import psutil
import pytest

from pipeline.errors import MemoryLimitError, PolicydeckError, ReaderCrashedError, TimeLimitError, TooLargeError
from pipeline.limits import Limits
from pipeline.model import Box, Glyph
from pipeline.options import Options
from pipeline.reading.beside import IN_TURN
from pipeline.reading.lattice import LatticeCell
from pipeline.reading.pdf import read_document
from pipeline.supervising import Job, Outcome, Progress, Supervisor, second_child
from pipeline.supervising.second_process import SecondProcess
from tests import hostile_pdfs
from tests.at_hand import DECKS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from pipeline.model import Document

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the signals and limits of Linux")

GOOD, GRID = DECKS["2026"][0], DECKS["2025"][0]
GRID_PAGE = 2
PATIENT = 60


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder to stand in."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture(scope="module")
def second() -> Iterator[SecondProcess]:
    """A second process, which is ended afterwards."""
    process = SecondProcess(Limits())
    yield process
    process.close()


def words_of(document: Document) -> dict[int, list[Box]]:
    """The boxes of all words, by page."""
    return {page.number: [word.box for word in page.words] for page in document.pages}


# What it gives


@pytest.mark.parametrize("thorough", [False, True])
@pytest.mark.parametrize("name", DECKS)
def test_glyphs_and_pictures_arrive_as_they_are(second: SecondProcess, name: str, *, thorough: bool) -> None:
    """Every glyph has the same letter and, to the last bit, the same box; every picture has the same bytes and sizes."""
    path = DECKS[name][0]
    document = read_document(path)
    boxes = words_of(document)
    assert second.start()
    pictures, glyphs = second.pictures(path, len(document.pages)), second.glyphs(path, boxes, thorough=thorough)
    expected = IN_TURN.glyphs(path, boxes, thorough=thorough)()
    given = glyphs()
    assert (given.reader, expected.glyphs is not None) == (expected.reader, True)
    assert given.glyphs is not None
    assert {page: list(found) for page, found in (expected.glyphs or {}).items()} == given.glyphs
    assert sum(map(len, given.glyphs.values())) > 1000
    assert pictures() == IN_TURN.pictures(path, len(document.pages))()


def test_cells_arrive_as_they_are(second: SecondProcess) -> None:
    """Every cell has the same number and boxes, though pandas works without pyarrow there."""
    height = read_document(GRID).pages[GRID_PAGE - 1].height
    assert second.start()
    given = second.cells(GRID, GRID_PAGE, height)()
    assert given == IN_TURN.cells(GRID, GRID_PAGE, height)()
    assert given


def test_what_is_asked_while_it_draws_is_answered_first(second: SecondProcess) -> None:
    """A question comes before the pictures that are not drawn yet, and neither answer loses a part."""
    document = read_document(GOOD)
    assert second.start()
    pictures, glyphs = second.pictures(GOOD, len(document.pages)), second.glyphs(GOOD, words_of(document))
    assert glyphs().glyphs
    assert second._open == {second._questions - 1}  # the pictures
    assert len(pictures()) == len(document.pages)


def test_any_number_of_questions_is_answered_while_it_draws(second: SecondProcess) -> None:
    """A document may have hundreds of ruled tables, whose cells are all asked for at once."""
    document = read_document(GOOD)
    assert second.start()
    pictures = second.pictures(GOOD, len(document.pages))
    answers = [second.glyphs(GOOD, {}) for _ in range(2000)]
    assert all(answer().glyphs == {} for answer in answers)
    assert len(pictures()) == len(document.pages)


def test_a_library_that_fails_is_said_and_what_fails_has_its_code(second: SecondProcess) -> None:
    """A second reader that cannot read gives no glyphs, as in the first process; a picture that cannot be drawn, its error."""
    broken = Path("broken.pdf")
    broken.write_bytes(b"%PDF-1.7\n nothing of it")
    assert second.start()
    pictures, glyphs = second.pictures(broken, 1), second.glyphs(broken, {1: []})
    assert glyphs().glyphs is None
    with pytest.raises(PolicydeckError) as caught:
        pictures()
    with pytest.raises(type(caught.value)) as expected:
        IN_TURN.pictures(broken, 1)()
    assert str(caught.value) == str(expected.value)


def test_an_edition_is_the_same_with_and_without_it(folder: Path) -> None:
    """The package of a document that is alone, read by two processes, has the bytes of one that a single process read."""
    packages = []
    with Supervisor() as supervisor:
        for is_alone in (True, False):
            out = folder / str(is_alone)
            options = Options(out=out, sources=GRID.parent, is_alone=is_alone)
            assert supervisor.do(Job("run", GRID, options)).exit_code == 0
            packages.append({p.relative_to(out): p.read_bytes() for p in out.rglob("*") if p.is_file()})
            assert len(seconds_of(supervisor)) == 1  # started for the first, and idle for the other
    assert packages[0] == packages[1]
    assert Path("japan-ai-policy/2025/report.html") in packages[0]


# What becomes of it


def seconds_of(supervisor: Supervisor) -> list[psutil.Process]:
    """The second processes of a supervised one."""
    assert supervisor.pid is not None
    return [p for p in psutil.Process(supervisor.pid).children() if "second_child" in " ".join(p.cmdline())]


def process_of(second: SecondProcess) -> psutil.Process:
    """The process that a second one is at the moment."""
    assert second._child is not None
    return psutil.Process(second._child.pid)


def read(supervisor: Supervisor, on_progress: Callable[[Progress], None] | None = None) -> Outcome:
    """Have the good deck read and written, alone."""
    return supervisor.do(Job("run", GOOD, Options(force=True, is_alone=True)), on_progress)


def at_extracting(supervisor: Supervisor, number: int, hit: list[psutil.Process]) -> Callable[[Progress], None]:
    """Sends a signal to the second process when the first begins to extract, once; `hit` is which that was."""

    def on_progress(progress: Progress) -> None:
        if not hit and progress.stage == "extracting":
            hit.extend(seconds_of(supervisor))
            hit[0].send_signal(number)

    return on_progress


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGSEGV, signal.SIGTERM])
def test_a_killed_one_costs_its_document_only(number: signal.Signals) -> None:
    """The error names the file and the signal; nothing is written, and the same first process reads the next document."""
    with Supervisor() as supervisor:
        supervisor.start()
        first = supervisor.pid
        outcome = read(supervisor, at_extracting(supervisor, number, []))
        assert outcome.failure is not None
        assert outcome.failure.code == ReaderCrashedError.code
        assert "sample-2026.pdf" in outcome.failure.message
        assert number.name in outcome.failure.message
        assert not Path("extracted").exists()
        assert (read(supervisor).status, supervisor.pid) == ("written", first)


def test_a_stopped_one_ends_with_the_time_of_its_document() -> None:
    """One that does nothing any more is ended with the process that waits for it, when the document's time is over."""
    with Supervisor(Limits(page_seconds=2)) as supervisor:
        stopped: list[psutil.Process] = []
        outcome = read(supervisor, at_extracting(supervisor, signal.SIGSTOP, stopped))
        assert outcome.failure is not None
        assert outcome.failure.code == TimeLimitError.code
        psutil.wait_procs(stopped, timeout=PATIENT)
        assert not stopped[0].is_running()
        assert read(supervisor).status == "written"


@pytest.mark.parametrize("kill", [False, True])
def test_it_ends_with_the_first(*, kill: bool) -> None:
    """However the first process ends, the second is gone a moment later."""
    with Supervisor() as supervisor:
        assert read(supervisor).status == "written"
        (process,) = seconds_of(supervisor)
        supervisor.close(kill=kill)
        psutil.wait_procs([process], timeout=PATIENT)
        assert not process.is_running()


def test_one_that_is_still_at_work_is_ended_with_its_document() -> None:
    """What nobody waits for any more takes no processor and delays no other document; one that is idle stays."""
    slow = Path("slow.pdf")
    slow.write_bytes(hostile_pdfs.many_characters(2_000_000))
    second = SecondProcess(Limits())
    try:
        assert second.start()
        before = process_of(second)
        second.pictures(slow, 1)
        second.drop_questions()
        assert not before.is_running()
        assert second.start()
        assert second.glyphs(GOOD, {1: []})().glyphs == {1: []}
        idle = process_of(second)
        second.drop_questions()
        assert second.start()
        assert process_of(second) == idle != before
    finally:
        second.close(kill=True)


def test_a_document_that_is_refused_leaves_nobody_at_work() -> None:
    """Where the first process gives a document up, what the second was to draw of it is not drawn on."""
    slow = Path("slow.pdf")
    slow.write_bytes(hostile_pdfs.many_characters(2_000_000))
    with Supervisor() as supervisor:
        outcome = supervisor.do(Job("run", slow, Options(is_alone=True)))
        assert outcome.failure is not None
        assert outcome.failure.code == TooLargeError.code
        assert seconds_of(supervisor) == []
        assert read(supervisor).status == "written"


def test_a_process_is_kept_where_neither_of_the_two_holds_too_much(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each of the two has the limit on memory for itself: what both hold is not added up."""
    with Supervisor() as supervisor:
        assert read(supervisor).status == "written"
        assert supervisor.pid is not None
        (second,) = seconds_of(supervisor)
        first, held = psutil.Process(supervisor.pid), second.memory_info().rss
        larger = max(held, first.memory_info().rss)
        monkeypatch.setattr("pipeline.supervising.supervisor._RETAINED", (larger + held / 2) / Limits().memory_bytes)
        for _ in range(2):
            assert read(supervisor).status == "written"
        assert supervisor.pid == first.pid


def test_processor_time_ends_at_its_limit() -> None:
    """Too much is the error that names the limit, as it is for the first process."""
    slow = Path("slow.pdf")
    slow.write_bytes(hostile_pdfs.many_characters(3_000_000))
    second = SecondProcess(Limits(page_seconds=1))
    assert second.start()
    with pytest.raises(TimeLimitError, match=r"slow\.pdf: checking .* page-seconds"):
        second.glyphs(slow, {1: [Box(0, 0, 10**9, 9999)]})()


@pytest.mark.parametrize("waits", [True, False])
def test_memory_ends_at_its_limit(*, waits: bool) -> None:
    """Too much is the error that names the limit, also where nobody waited for the answer when memory ran out."""
    slow = Path("slow.pdf")
    slow.write_bytes(hostile_pdfs.many_characters(10_000_000))
    second = SecondProcess(Limits(memory_bytes=150 * 10**6))
    assert second.start()
    process = process_of(second)
    answer = second.pictures(slow, 1)
    while not waits and process.status() != psutil.STATUS_ZOMBIE:
        time.sleep(0.01)
    with pytest.raises(MemoryLimitError, match=r"slow\.pdf: drawing .* memory-bytes"):
        answer()


def test_a_document_is_read_where_the_folder_is_gone(folder: Path) -> None:
    """Paths that are absolute mean the same to both processes when the folder that somebody stands in was removed."""
    gone = folder / "gone"
    gone.mkdir()
    os.chdir(gone)
    with Supervisor(Limits(page_seconds=PATIENT)) as supervisor:
        gone.rmdir()
        options = Options(out=folder / "out", sources=GOOD.parent, is_alone=True)
        assert supervisor.do(Job("run", GOOD, options)).failure is None
        assert seconds_of(supervisor)


def test_one_that_cannot_be_started_is_done_without(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the system has no room for another process, or for a thread that listens to it, nothing of it is left."""
    children = psutil.Process().children()
    for what in ("subprocess.Popen", "threading.Thread.start"):
        second = SecondProcess(Limits())
        with monkeypatch.context() as patched:
            error = OSError("no room") if "Popen" in what else RuntimeError("can't start new thread")
            patched.setattr(what, partial(failing, error))
            assert not second.start()
        assert psutil.Process().children() == children
        assert second.start()
        second.close()


def test_an_idle_one_that_has_ended_is_started_anew() -> None:
    """What ended between two documents costs neither of them."""
    second = SecondProcess(Limits())
    try:
        assert second.start()
        assert second.glyphs(GOOD, {1: []})().glyphs == {1: []}
        idle = process_of(second)
        idle.kill()
        while idle.status() != psutil.STATUS_ZOMBIE:
            time.sleep(0.01)
        assert second.start()
        assert second.glyphs(GOOD, {1: []})().glyphs == {1: []}
    finally:
        second.close()


def test_what_is_lost_is_said_of_the_question_that_it_was_at() -> None:
    """Whoever waits for cells when drawing takes too much memory hears that it was drawing."""
    slow = Path("slow.pdf")
    slow.write_bytes(hostile_pdfs.many_characters(10_000_000))
    second = SecondProcess(Limits(memory_bytes=150 * 10**6))
    assert second.start()
    second.pictures(slow, 1)
    process = process_of(second)
    while process.status() != psutil.STATUS_ZOMBIE:
        time.sleep(0.01)
    with pytest.raises(MemoryLimitError, match=r"slow\.pdf: drawing "):
        second.cells(GOOD, 3, 500.0)()


def test_an_answer_is_charged_with_its_own_processor_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """The time of other questions in between is no part of what one may take."""
    clock, bounded = itertools.count(), []

    def parts(_path: Path, question: dict[str, Any]) -> Iterator[dict[str, Any]]:
        for _ in range(3):
            for _ in range(question["takes"]):
                next(clock)
            yield {}

    monkeypatch.setattr("pipeline.supervising.second_child._DONE", {"cells": parts})
    monkeypatch.setattr("pipeline.supervising.second_child.cpu_seconds", lambda: float(next(clock)))
    monkeypatch.setattr("pipeline.supervising.second_child.bound_cpu", lambda since, _seconds: bounded.append(since))
    quick, long = (
        second_child._Answer({"number": n, "what": "cells", "path": "x", "pages": 1, "takes": takes}, Limits())
        for n, takes in ((1, 1), (2, 100))
    )
    began: dict[Any, list[float]] = {quick: [], long: []}
    for _ in range(3):
        for answer in (quick, long):
            answer.next_message()
            began[answer].append(next(clock) - bounded[-1])
    # From where it is bounded, an answer seems to have had its own time and what was just spent, and nothing else.
    assert [round(spent / 100) for spent in began[long]] == [1, 2, 3]
    assert all(spent < 50 for spent in began[quick])


def failing(error: Exception, *_: object, **__: object) -> None:
    """What fails with this."""
    raise error


def test_it_is_waited_for_when_the_first_is_told_to_end() -> None:
    """Where the system's first process takes no note of those that end, none stays in its table for ever."""
    with Supervisor() as supervisor:
        assert read(supervisor).status == "written"
        assert supervisor.pid is not None
        (process,) = seconds_of(supervisor)
        os.kill(process.pid, signal.SIGSTOP)  # it does not end by itself
        supervisor.close()
        assert not process.is_running()


SAYS = (
    "import sys, os, json, math, time; from array import array; from base64 import b64encode; "
    "question = json.loads(sys.stdin.readline()); "
    "n = question['number']; say = lambda *m: os.write(1, b''.join(json.dumps(x).encode() + b'\\n' for x in m)); "
    "packed = lambda *n: b64encode(array('d', n)).decode(); "
)
END = "{'to': n, 'last': True}"
CELL = "{'to': n, 'cell': 1, 'boxes': ''}"
PAGE = "{'to': n, 'reader': 'playa', 'pages': [1]}"


@pytest.mark.parametrize(
    ("said", "reason"),
    [
        ("os.write(1, b'noise\\n')", "noise"),
        (f"say({{'to': n + 1, 'last': True}}, {CELL}, {END})", "nobody asked 2"),
        (f"say({{'to': [n]}}, {CELL}, {END})", r"nobody asked \[1\]"),
        (f"say({{'last': True}}, {CELL}, {END})", "nobody asked None"),
        (f"say({{'to': n}}, {CELL}, {END})", "no cell"),
        (f"say({{'to': n, 'cell': '1', 'boxes': ''}}, {END})", "no cell"),
        (f"say({{'to': n, 'cell': True, 'boxes': ''}}, {END})", "True is no number"),
        (f"say({{'to': n, 'cell': 1, 'boxes': '?'}}, {END})", "base64"),
        (f"say({{'to': n, 'cell': 1, 'boxes': 'AAAA'}}, {END})", "item size"),
        (f"say({{'to': n, 'cell': 1, 'boxes': packed(0, 0, 1)}}, {END})", "not four sides"),
        (f"say({{'to': n, 'cell': 1, 'boxes': packed(0, 0, 1, math.nan)}}, {END})", "stands nowhere"),
        (f"say({{'to': n, 'failure': {{'code': 'PD999', 'message': '', 'advice': ''}}}}, {END})", "no such code"),
        (f"say({{'to': n, 'failure': 'no'}}, {END})", "fields are not those"),
        (f"say({CELL}); os.close(1); time.sleep(60)", "closed its pipe"),
        (f"say({CELL}); sys.exit(3)", "exit status 3"),
    ],
)
def test_what_is_no_answer_is_a_crash(said: str, reason: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Garbage, another's number, missing and wrong fields: each is one error with file, page and reason, and ends the process."""
    second = began(said, monkeypatch)
    process = process_of(second)
    ask = second.cells(GOOD, 3, 500.0)
    with pytest.raises(ReaderCrashedError, match=rf"sample-2026\.pdf, page 3: .*checking .*{reason}"):
        ask()
    assert not process.is_running()


def test_what_is_beside_those_faults_is_an_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    """The answers above are refused for what is wrong with them."""
    assert began(f"say({CELL}, {END})", monkeypatch).cells(GOOD, 3, 500.0)() == (LatticeCell(1, ()),)


@pytest.mark.parametrize(
    ("said", "reason"),
    [
        (f"say({END})", "no second reading"),
        (f"say({{'to': n, 'reader': 'other', 'pages': [1]}}, {END})", "no second reading"),
        (f"say({{'to': n, 'reader': 'playa', 'pages': [[]]}}, {END})", "no number"),
        (f"say({{'to': n, 'reader': 'playa', 'pages': [True]}}, {END})", "no number"),
        (f"say({{'to': n, 'page': 1, 'texts': ['a'], 'boxes': ''}}, {PAGE}, {END})", "do not match"),
        (f"say({{'to': n, 'page': 1, 'texts': [1], 'boxes': packed(0, 0, 1, 1)}}, {PAGE}, {END})", "do not match"),
        (f"say({{'to': n, 'page': 2, 'texts': [], 'boxes': ''}}, {PAGE}, {END})", "no glyphs"),
        (f"say({{'to': n, 'page': True, 'texts': [], 'boxes': ''}}, {PAGE}, {END})", "no number"),
    ],
)
def test_glyphs_that_are_none_are_a_crash(said: str, reason: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of glyphs as well, whose answer is about the whole document."""
    with pytest.raises(ReaderCrashedError, match=rf"sample-2026\.pdf: .*checking .*{reason}"):
        began(said, monkeypatch).glyphs(GOOD, {1: []})()
    right = f"say({{'to': n, 'page': 1, 'texts': ['a'], 'boxes': packed(0, 0, 1, 1)}}, {PAGE}, {END})"
    assert began(right, monkeypatch).glyphs(GOOD, {1: []})().glyphs == {1: [Glyph("a", Box(0, 0, 1, 1))]}


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({}, ""),
        ({"type": "text/html"}, "no type of picture"),
        ({"size": [0.0, 1.0]}, "without a size"),
        ({"size": [1, 1]}, "no picture"),
        ({"picture": True}, "no number"),
        ({"data": "?"}, "base64"),
    ],
)
def test_a_picture_is_of_a_type_that_can_do_no_harm(
    changed: dict[str, object], reason: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What comes as a picture goes into a web page: only PNG and JPEG are taken for one."""
    part = {"picture": 1, "size": [1.0, 1.0], "type": "image/png", "data": "AAAA", **changed}
    answer = began(f"say({{'to': n, **{part}}}, {END})", monkeypatch).pictures(GOOD, 1)
    if not reason:
        assert [picture.data for picture in answer()] == [b"\0\0\0"]
    else:
        with pytest.raises(ReaderCrashedError, match=rf"sample-2026\.pdf: .*drawing .*{reason}"):
            answer()


def began(said: str, monkeypatch: pytest.MonkeyPatch) -> SecondProcess:
    """A second process whose program says this to the first question; it is ended with the test."""
    second = SecondProcess(Limits())
    with monkeypatch.context() as patched:
        patched.setattr("pipeline.supervising.second_process.SECOND_PROGRAM", SAYS + said)
        assert second.start()
    return second


def test_it_is_started_only_for_a_document_that_is_alone_where_there_is_a_core_for_it() -> None:
    """Of many documents each is the work of one process; so is all on a machine with one processor."""
    with Supervisor() as supervisor:
        for allowed, is_alone in ((None, False), (1, True)):
            supervisor.start()
            assert supervisor.pid is not None
            if allowed is not None:
                os.sched_setaffinity(supervisor.pid, {min(os.sched_getaffinity(0))})
            options = Options(force=True, is_alone=is_alone)
            assert supervisor.do(Job("run", GOOD, options)).status == "written"
            assert not seconds_of(supervisor)


def test_answers_are_taken_in_any_order_and_once(second: SecondProcess) -> None:
    """The answer to a later question may be taken before the one to an earlier."""
    assert second.start()
    answers: list[Any] = [second.glyphs(GOOD, {page: []}) for page in (1, 2, 3)]
    assert [answers[n]().glyphs for n in (2, 0, 1)] == [{3: []}, {1: []}, {2: []}]


def test_it_is_ready_before_it_is_asked() -> None:
    """Starting one does not wait until it listens."""
    second = SecondProcess(Limits())
    try:
        began_at = time.perf_counter()
        assert second.start()
        started = time.perf_counter() - began_at
        second.glyphs(GOOD, {1: []})()
        assert started < (time.perf_counter() - began_at) / 2
    finally:
        second.close()
