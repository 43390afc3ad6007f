"""What is known of documents before they are read decides when they are, so that none is read twice."""

from __future__ import annotations

import hashlib
import shutil
from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from pipeline import editions
from pipeline.many import find_documents, run_many
from pipeline.many.ordering import known_order
from pipeline.many.tasks import read_document
from pipeline.options import Options
from pipeline.standing import StandingEditions
from pipeline.workshop import Workshop, file_sha256
from tests.many.small_decks import CHART_SEEDS, generic, package_bytes, write_decks, write_editions

if TYPE_CHECKING:
    from pathlib import Path

    from pipeline.many import DocumentResult
    from pipeline.many.tasks import Answer, Task

DECK = "japan-ai-policy"


@pytest.fixture
def read(monkeypatch: pytest.MonkeyPatch) -> Counter[str]:
    """How often each document was given to a reading process, by its file's name."""
    counted: Counter[str] = Counter()

    def reading(task: Task) -> Answer:
        counted[task.name] += 1
        return read_document(task)

    monkeypatch.setattr("pipeline.many.engines.read_document", reading)
    return counted


def write_manifest(sources: Path, decks: list[Path]) -> None:
    """Write a manifest that names the editions of the chart decks."""
    lines = ["sources:"]
    for edition, path in zip(CHART_SEEDS, decks, strict=True):
        lines += [f"  - file: {path.name}", f"    deck: {DECK}", f"    edition: '{edition}'", "    title: The chart"]
        lines += ["    language: en", f"    sha256: {hashlib.sha256(path.read_bytes()).hexdigest()}"]
    sources.mkdir(exist_ok=True)
    (sources / "sources.yaml").write_text("\n".join(lines) + "\n", encoding="utf-8")


@pytest.mark.slow
@pytest.mark.parametrize("jobs", [1, 2])
def test_editions_that_the_manifest_knows_are_read_once_in_any_order(
    jobs: int, tmp_path: Path, read: Counter[str]
) -> None:
    """Whichever comes first, however many are read at a time: each is read once, and the bytes are those of the oldest first."""
    oldest, middle, newest = decks = write_editions(tmp_path / "decks")
    write_manifest(tmp_path / "decks", decks)
    others = write_decks(tmp_path / "others", 2)
    expected = None
    for name, places in {
        "in order": [oldest, others[0], middle, newest, others[1]],
        "newest first": [newest, middle, oldest, *others],
        "mixed": [others[0], middle, oldest, newest, others[1]],
    }.items():
        read.clear()
        heard: list[DocumentResult] = []
        options = Options(out=tmp_path / name, sources=tmp_path / "decks")
        results = run_many(places, options, engine="threads", jobs=jobs, on_result=heard.append)
        assert [r.outcome for r in results] == ["written"] * 5
        assert set(read.values()) == {1}, name
        assert len(heard) == 5
        assert not any(r.again for r in heard)
        expected = expected or package_bytes(options.out)
        assert package_bytes(options.out) == expected
        again = run_many(places, options, engine="threads", jobs=jobs)
        assert [r.outcome for r in again] == ["unchanged"] * 5
        assert set(read.values()) == {1}


@pytest.mark.slow
def test_editions_that_stand_are_known_by_their_bytes(tmp_path: Path, read: Counter[str]) -> None:
    """Without a manifest, an earlier run's editions say what the documents are: where all change, each is read once."""
    decks = write_editions(tmp_path / "decks")
    options = Options(out=tmp_path / "out", sources=tmp_path / "none")
    run_many(decks, replace(options, out=tmp_path / "expected"), engine="threads", jobs=1)
    run_many(decks, replace(options, thorough=True), engine="threads", jobs=1)
    read.clear()
    results = run_many(decks[::-1], options, engine="threads", jobs=2)
    assert [(r.outcome, r.edition) for r in results] == [("written", edition) for edition in [*CHART_SEEDS][::-1]]
    assert set(read.values()) == {1}
    assert package_bytes(options.out) == package_bytes(tmp_path / "expected")


@pytest.mark.slow
def test_a_document_that_is_not_what_it_was_known_as_is_taken_for_what_it_is(tmp_path: Path) -> None:
    """Where somebody renamed an edition's folder, its document is written under its own name, and later ones know it."""
    decks = write_editions(tmp_path / "decks")
    options = Options(out=tmp_path / "out", sources=tmp_path / "none")
    run_many(decks, options, engine="threads", jobs=1)
    expected = package_bytes(options.out)
    (options.out / DECK / "2027").rename(options.out / DECK / "2029")
    results = run_many(decks[::-1], options, engine="threads", jobs=2)
    assert [r.edition for r in results] == ["2028", "2027", "2026"]
    assert all(r.error is None for r in results)
    shutil.rmtree(options.out / DECK / "2029")
    assert package_bytes(options.out) == expected


@pytest.mark.slow
def test_the_same_bytes_twice_are_one_edition_that_is_read_at_the_end(tmp_path: Path, read: Counter[str]) -> None:
    """A copy of a document that waits for an earlier edition is not read, and no other document of that edition."""
    oldest, newer, _ = decks = write_editions(tmp_path / "decks")
    write_manifest(tmp_path / "decks", decks)
    (tmp_path / "copies").mkdir()
    copy = shutil.copy(newer, tmp_path / "copies")
    for force in (False, True):
        options = Options(out=tmp_path / f"out-{force}", sources=tmp_path / "decks", force=force)
        results = run_many([newer, copy, oldest], options, engine="threads", jobs=2)
        assert [(r.outcome, r.edition) for r in results] == [
            ("written", "2027"),
            ("unchanged", "2027"),
            ("written", "2026"),
        ]
    assert set(read.values()) == {2}


def test_what_is_known_says_who_waits_for_whom(tmp_path: Path) -> None:
    """Each waits for the last of the earlier editions before it; where one comes later, it and all after it are at the end."""
    decks = write_editions(tmp_path / "decks")
    write_manifest(tmp_path / "decks", decks)
    others = write_decks(tmp_path / "others", 1)
    options = Options(out=tmp_path / "none", sources=tmp_path / "decks")

    def order(*places: Path) -> tuple[dict[int, int], set[int]]:
        found = known_order(find_documents(places), Workshop(options), StandingEditions(options.out))
        assert set(found.keys) == set(found.digests) == {n for n, place in enumerate(places) if place in decks}
        return dict(found.after), set(found.at_the_end)

    oldest, middle, newest = decks
    assert order(oldest, *others, middle, newest) == ({2: 0, 3: 2}, set())
    assert order(newest, middle, oldest) == ({}, {0, 1})
    assert order(middle, oldest, newest) == ({}, {0, 2})
    assert order(oldest, newest, middle) == ({2: 0}, {1})
    assert order(*others, newest) == ({}, set())


def test_only_documents_with_a_known_name_are_looked_at_beforehand(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A run over many documents begins before all of them are read through."""
    decks = write_editions(tmp_path / "decks")
    write_manifest(tmp_path / "decks", decks)
    looked: list[str] = []

    def looking(path: Path) -> str:
        looked.append(path.name)
        return file_sha256(path)

    monkeypatch.setattr("pipeline.many.ordering.file_sha256", looking)
    documents = find_documents([*write_decks(tmp_path / "others", 3), *decks])
    options = Options(out=tmp_path / "none", sources=tmp_path / "decks")
    known_order(documents, Workshop(options), StandingEditions(options.out))
    assert looked == [path.name for path in decks]


def test_an_unchanged_edition_is_hashed_once_and_opened_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What has not changed costs one look at the document and one at each file of its edition."""
    places = write_decks(tmp_path / "decks", 3)
    options = generic(tmp_path / "out")
    run_many(places, options, engine="threads", jobs=1)
    hashed: Counter[str] = Counter()
    opened: Counter[str] = Counter()
    package = editions._package

    def hashing(path: Path) -> str:
        hashed[path.name] += 1
        return file_sha256(path)

    def opening(path: Path, *, verify: bool) -> object:
        opened[path.name] += verify
        return package(path, verify=verify)

    monkeypatch.setattr("pipeline.many.coordinating.file_sha256", hashing)
    monkeypatch.setattr("pipeline.editions._package", opening)
    assert [r.outcome for r in run_many(places, options, jobs=2)] == ["unchanged"] * 3
    assert hashed == dict.fromkeys((path.name for path in places), 1)
    assert opened == dict.fromkeys((path.stem for path in places), 1)
