"""Many documents at once: nothing that one of them does, and nobody who reads them, changes what is written of the others."""

from __future__ import annotations

import concurrent.futures
import csv
import multiprocessing
import os
import re
import shutil
import signal
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from pipeline.errors import EngineError
from pipeline.many import find_documents, run_many
from pipeline.many.engines import engine_of
from pipeline.workshop import Options
from tests.at_hand import call
from tests.many.small_decks import (
    CHART_SEEDS,
    OTHER_SEED,
    bad_decks,
    generic,
    package_bytes,
    small_deck,
    write_chart_deck,
    write_decks,
    write_editions,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from pipeline.many import DocumentResult
    from tests.at_hand import Called

MISBEHAVING = Path(__file__).parent / "misbehaving"


@pytest.fixture
def misbehaving(monkeypatch: pytest.MonkeyPatch) -> None:
    """Processes that are killed or stopped by the names of documents."""
    monkeypatch.setenv("PYTHONPATH", str(MISBEHAVING))
    monkeypatch.setenv("SPARED_PARENT", "0")


def rows(path: Path) -> list[dict[str, str]]:
    """The rows of a CSV file."""
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def facts(results: list[DocumentResult]) -> list[tuple[object, ...]]:
    """What is the same of results in every run."""
    return [(r.document, r.outcome, r.exit_code, r.deck, r.edition, str(r.error), r.pages, r.words) for r in results]


@pytest.mark.slow
def test_the_bytes_are_the_same_whatever_the_engine_and_the_jobs(tmp_path: Path) -> None:
    """One thread, two processes and two workers of Dask write the same bytes and say the same of each document.

    Among the documents are three editions of one deck, which depend on one another, in an order that is not theirs.
    """
    pytest.importorskip("distributed")
    newest, *others = write_editions(tmp_path / "editions")[::-1]
    places = [*write_decks(tmp_path / "decks", 2), newest, *others]
    written, said = [], []
    for engine, jobs in (("threads", 1), ("processes", 2), ("dask", 2)):
        out = tmp_path / engine / "extracted"
        results = run_many(places, Options(out=out, sources=tmp_path / "none"), engine=engine, jobs=jobs)
        assert [r.outcome for r in results] == ["written"] * 5
        written.append(package_bytes(out))
        said.append(str(facts(results)).replace(engine, "engine"))
    assert len(written[0]) > 5 * 40
    assert written[0] == written[1] == written[2]
    assert said[0] == said[1] == said[2]


@pytest.mark.slow
def test_the_order_of_the_arguments_does_not_matter_to_an_edition(tmp_path: Path) -> None:
    """An edition knows the earlier ones of its deck although they came later in the same run; a second run changes nothing."""
    decks = write_editions(tmp_path / "editions")
    bytes_of = []
    for name, places in (("forwards", decks), ("backwards", decks[::-1])):
        options = Options(out=tmp_path / name, sources=tmp_path / "none")
        heard: list[DocumentResult] = []
        run_many(places, options, jobs=1, on_result=heard.append)
        bytes_of.append(package_bytes(options.out))
        assert [r.edition for r in heard if r.again] == ([] if name == "forwards" else ["2027", "2028"])
    assert bytes_of[0] == bytes_of[1]
    results = run_many(decks[::-1], options, jobs=1)
    assert [r.outcome for r in results] == ["unchanged"] * 3
    assert package_bytes(options.out) == bytes_of[1]


@pytest.mark.slow
def test_of_two_documents_of_one_edition_the_first_has_it(tmp_path: Path) -> None:
    """Whichever is read faster: the one that is named first is published, and the error of the other names it."""
    one, other = (write_chart_deck(tmp_path / "decks", seed) for seed in (CHART_SEEDS["2026"], OTHER_SEED))
    for jobs, (first, second) in ((1, (one, other)), (2, (other, one))):
        options = Options(out=tmp_path / first.stem, sources=tmp_path / "none")
        had, refused = run_many([first, second], options, engine="threads", jobs=jobs)
        assert (had.outcome, had.edition) == ("written", "2026")
        assert (refused.outcome, refused.exit_code) == ("failed", 2)
        assert refused.error is not None
        assert refused.error.code == "PD009"
        assert first.name in str(refused.error)
        assert rows(options.out / had.deck / "2026" / "data" / "editions.csv")[0]["source_file"] == first.name
    forced = run_many([second, first], replace(options, force=True), engine="threads", jobs=2)
    assert [r.outcome for r in forced] == ["written", "failed"], "not even --force gives one edition to two"


def test_copies_of_a_document_are_read_once(tmp_path: Path) -> None:
    """The same bytes under another name are no document of their own, and no error."""
    first, *_ = write_decks(tmp_path / "a", 1)
    (tmp_path / "b").mkdir()
    shutil.copy(first, tmp_path / "b" / "copy.pdf")
    results = run_many([tmp_path / "b", tmp_path / "a", first], generic(tmp_path / "out"), engine="threads", jobs=2)
    assert [(r.name, r.outcome, r.edition) for r in results] == [
        ("copy.pdf", "written", "copy"),
        ("deck-000.pdf", "unchanged", "copy"),
    ]


@pytest.mark.slow
@pytest.mark.usefixtures("misbehaving")
def test_bad_documents_and_lost_processes_cost_only_themselves(tmp_path: Path) -> None:
    """Of 200 documents 20 are bad, two have the process that reads them killed, and one stops it: 177 are read, 23 named."""
    decks = tmp_path / "decks"
    write_decks(decks, 177)
    expected = dict.fromkeys((path.name for path in decks.iterdir()), "")
    for name, (content, code) in bad_decks().items():
        (decks / name).write_bytes(content)
        expected[name] = code
    for name, code in (("kills-reader-1.pdf", "PD024"), ("kills-reader-2.pdf", "PD024"), ("stops-reader.pdf", "PD022")):
        (decks / name).write_bytes(small_deck(8000 + len(expected)))
        expected[name] = code
    assert len(expected) == 200
    called = call(
        *("run", "decks", "--deck", "unrecognised", "--jobs", "2", "--limit", "page-seconds=10"),
        *("--summary", "summary.csv", "--sources", "none"),
        cwd=tmp_path,
    )
    listed = rows(tmp_path / "summary.csv")
    assert [row["document"] for row in listed] == sorted(f"decks/{name}" for name in expected)
    assert {row["document"].removeprefix("decks/"): row["code"] for row in listed} == expected
    assert [row["outcome"] for row in listed].count("written") == 177
    assert len(list((tmp_path / "extracted" / "unrecognised").iterdir())) == 177
    assert called.code == 2
    bad = sorted(name for name, code in expected.items() if code)
    complaints = [line for line in called.err.splitlines() if line.startswith("PD")]
    assert sorted(line.split()[1].rstrip(":,") for line in complaints) == bad
    assert all(name in called.out for name in bad), "the table at the end names them too"
    assert "Traceback" not in called.err
    assert package_bytes(tmp_path / "extracted").keys() == {
        path for path in package_bytes(tmp_path / "extracted") if not Path(path).name.startswith(".")
    }


@pytest.mark.slow
def test_a_worker_of_the_pool_that_is_killed_costs_no_document(tmp_path: Path) -> None:
    """Whoever kills a process of the pool breaks the pool; its documents are read again by a new one."""
    places = write_decks(tmp_path / "decks", 6)
    killed: list[int] = []

    def kill_one(_result: DocumentResult) -> None:
        workers = [child.pid for child in multiprocessing.active_children() if child.pid is not None]
        if not killed and workers:
            killed.append(workers[0])
            os.kill(workers[0], signal.SIGKILL)

    results = run_many(places, generic(tmp_path / "out"), jobs=2, on_result=kill_one)
    assert len(killed) == 1
    assert [r.outcome for r in results] == ["written"] * 6
    assert multiprocessing.active_children() == []


@pytest.mark.slow
@pytest.mark.usefixtures("misbehaving")
def test_a_document_that_kills_its_worker_twice_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is tried again alone, once; the others, which the broken pool lost with it, are read."""
    pytest.importorskip("fsspec")
    monkeypatch.setenv("SPARED_PARENT", str(os.getppid()))
    paths = write_decks(tmp_path / "decks", 4)
    killer = tmp_path / "decks" / "kills-worker.pdf"
    killer.write_bytes(small_deck(7000))
    places = [path.as_uri() for path in (*paths[:2], killer, *paths[2:])]
    results = run_many(places, generic(tmp_path / "out"), jobs=2)
    assert [r.outcome for r in results] == ["written", "written", "failed", "written", "written"]
    assert results[2].error is not None
    assert (results[2].error.code, "kills-worker.pdf" in str(results[2].error)) == ("PD024", True)


def test_any_executor_will_do(tmp_path: Path) -> None:
    """An executor of the caller does the work and is left alone."""
    with concurrent.futures.ThreadPoolExecutor(2) as executor:
        places = write_decks(tmp_path / "decks", 3)
        results = run_many(places, generic(tmp_path / "out"), executor=executor, jobs=2)
        assert [r.outcome for r in results] == ["written"] * 3
        assert executor.submit(len, "abc").result() == 3


def test_what_an_engine_cannot_do_is_said() -> None:
    """A wrong engine, number or scheduler is one coded error with what to do about it."""
    for name, jobs, scheduler in (("ray", 2, None), ("threads", 0, None), ("processes", 2, "tcp://nowhere:1")):
        with pytest.raises(EngineError) as raised:
            engine_of(name, jobs, scheduler)
        assert raised.value.code == "PD026"
        assert raised.value.advice


@pytest.mark.slow
def test_a_scheduler_that_does_not_answer_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """One coded error that names the address, and nothing is written."""
    pytest.importorskip("distributed")
    monkeypatch.setattr("pipeline.many.engines._SECONDS_TO_REACH", 2)
    places = write_decks(tmp_path / "decks", 1)
    with pytest.raises(EngineError, match=re.escape("tcp://127.0.0.1:9")):
        run_many(places, generic(tmp_path / "out"), engine="dask", scheduler="tcp://127.0.0.1:9")
    assert not (tmp_path / "out").exists()


class TestFinding:
    """Which documents the arguments mean."""

    def test_folders_and_patterns_give_their_documents_sorted_and_once(self, tmp_path: Path) -> None:
        """In any case of the suffix, at any depth, without hidden files, in the order of the arguments."""
        for name in (
            "b/2.PDF",
            "b/1.pdf",
            "b/deep/er/3.Pdf",
            "a.pdf",
            "b/notes.txt",
            "b/._1.pdf",
            "b/.git/x.pdf",
            "c [1].pdf",
        ):
            (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / name).write_bytes(b"")

        def found(*places: str) -> list[str]:
            documents = find_documents([tmp_path / place for place in places])
            assert all(d.error is None for d in documents)
            return [Path(d.place).relative_to(tmp_path).as_posix() for d in documents]

        assert found("b") == ["b/1.pdf", "b/2.PDF", "b/deep/er/3.Pdf"]
        assert found("b/2.PDF", "b", "a.pdf") == ["b/2.PDF", "b/1.pdf", "b/deep/er/3.Pdf", "a.pdf"]
        assert found("b/*.pdf", "b/../a.pdf", "a.pdf") == ["b/1.pdf", "b/../a.pdf"]
        assert found("**/*.[pP]*") == ["a.pdf", "b/1.pdf", "b/2.PDF", "b/deep/er/3.Pdf", "c [1].pdf"]
        assert found("c [1].pdf") == ["c [1].pdf"], "a name with brackets that is there is no pattern"

    def test_a_place_without_documents_is_one_that_failed(self, tmp_path: Path) -> None:
        """An empty folder and a pattern that matches nothing are named; the other places are read."""
        (tmp_path / "empty").mkdir()
        documents = find_documents([tmp_path / "empty", tmp_path / "*.pdf", tmp_path / "a.pdf"])
        assert [d.error is not None and d.error.code == "PD001" for d in documents] == [True, True, False]


class TestCommand:
    """`policydeck run` on many documents."""

    def test_many_documents_are_a_line_each_and_a_table(
        self, tmp_path: Path, policydeck: Callable[..., Called]
    ) -> None:
        """Above ten, each document is one line of standard output, and what failed is named at the end as well."""
        write_decks(tmp_path / "decks", 11)
        (tmp_path / "decks" / "bad.pdf").write_bytes(b"nothing")
        called = policydeck("run", "decks", "--deck", "unrecognised")
        lines = called.out.splitlines()
        assert [line for line in lines if line.startswith("✓ unrecognised/deck-0")] == lines[:11]
        assert re.search(r"✓ written, consistent +11 +11$", called.out, re.MULTILINE)
        assert called.out.count("bad.pdf") == 1
        assert [line.split(":")[0] for line in called.err.splitlines() if " done, " not in line] == ["PD002 bad.pdf"]
        assert called.code == 2
        again = policydeck("run", "decks", "--deck", "unrecognised")
        assert again.out.count("= unrecognised/deck-0") == 11

    def test_unknown_decks_among_many_exit_with_2_and_are_counted(
        self, tmp_path: Path, policydeck: Callable[..., Called]
    ) -> None:
        """What no profile knows is written as prose and tables; the code says so once a line and once in the table."""
        write_decks(tmp_path / "decks", 11)
        called = policydeck("run", "decks")
        assert (called.code, "PD006" in called.err) == (2, False)
        assert called.out.count("PD006") == 12
        assert policydeck("run", "decks").code == 2, "an unchanged one is as unknown as before"

    def test_edition_names_one_document_and_no_folder_of_several(
        self, tmp_path: Path, policydeck: Callable[..., Called]
    ) -> None:
        """A folder with two PDFs is no one PDF; a folder with one is."""
        write_decks(tmp_path / "decks", 2)
        assert policydeck("run", "decks", "--edition", "x").code == 2
        assert not (tmp_path / "extracted").exists()
        (tmp_path / "decks" / "deck-001.pdf").unlink()
        assert policydeck("run", "decks", "--edition", "x", "--deck", "unrecognised").code == 0
        assert (tmp_path / "extracted" / "unrecognised" / "x").is_dir()
