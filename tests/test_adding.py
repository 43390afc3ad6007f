"""Adding a document: the folder is whole at any moment, nothing is lost, and what was cut off is completed."""

from __future__ import annotations

import hashlib
import os
import random
import signal
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from pipeline.adding import Added, Identified, add_source, recover
from pipeline.errors import (
    EditionExistsError,
    ManifestError,
    OutputError,
    PolicydeckError,
    SourceNotFoundError,
    UnknownDeckError,
)
from pipeline.manifest import Manifest, load_manifest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

OLD = b"%PDF-1.7 the old one"
NEW = b"%PDF-1.7 the new one"
KILLS = 20
MAX_STEPS = 60

HEAD = """\
# Documents, by hand.
sources:
  - file: first.pdf # the first
    deck: deck
    edition: "2025"
    title: The first
    language: en
    sha256: {sha256}
    note: looked at

# Official ones.
known:
  - {{title: 公式, publisher: 内閣府, deck: official-ja, edition: r7, language: ja, sha256: {known}, note: published}}
"""


def sha256(content: bytes) -> str:
    """Compute the SHA-256 as the manifest writes it."""
    return hashlib.sha256(content).hexdigest()


OFFICIAL = b"%PDF-1.7 the official one"


class Place:
    """A folder of documents with one entry, and files outside of it to add."""

    def __init__(self, root: Path) -> None:
        self.outside = root / "outside"
        self.folder = root / "source_pdfs"
        self.outside.mkdir(parents=True)
        self.folder.mkdir()
        (self.folder / "first.pdf").write_bytes(OLD)
        text = HEAD.format(sha256=sha256(OLD), known=sha256(OFFICIAL))
        self.manifest_path.write_text(text, encoding="utf-8")

    @property
    def manifest_path(self) -> Path:
        """Where the manifest stands."""
        return self.folder / "sources.yaml"

    def manifest(self) -> Manifest:
        """Read the manifest as it is now."""
        return load_manifest(self.manifest_path)

    def file(self, name: str, content: bytes = NEW) -> Path:
        """Put a file outside of the folder."""
        (self.outside / name).write_bytes(content)
        return self.outside / name

    def add(self, pdf: Path, edition: str = "2026", **options: Any) -> Added:
        """Add `pdf`, which is recognised as that edition of the deck."""
        return add_source(pdf, self.folder, recognise=recognised(edition), **options)

    def content(self) -> dict[str, bytes]:
        """All files of the folder, hidden ones too."""
        return {p.name: p.read_bytes() for p in self.folder.iterdir()}


def recognised(edition: str) -> Callable[[Path], Identified]:
    """Make a recogniser that always finds this edition."""
    return lambda _pdf: Identified("deck", edition, f"The slides of {edition}", "en")


def unrecognised(pdf: Path) -> Identified:
    """Recognise nothing."""
    raise UnknownDeckError(f"{pdf.name} is of no known deck.", "Write a profile.")


def assert_whole(folder: Path) -> None:
    """Fail unless the manifest reads and every file it names is there with its bytes."""
    entries = load_manifest(folder / "sources.yaml").sources
    for entry in entries:
        assert sha256((folder / entry.file).read_bytes()) == entry.sha256, entry.file
    assert {"2025"} <= {e.edition for e in entries}


@pytest.fixture
def place(tmp_path: Path) -> Place:
    """Make a folder of documents."""
    return Place(tmp_path)


def test_new_document_is_copied_and_listed(place: Place) -> None:
    """The bytes stand in the folder, the entry says what was recognised, and every line of the manifest is kept."""
    before = place.manifest_path.read_text(encoding="utf-8")
    added = place.add(place.file("slides.pdf"))
    assert (added.outcome, added.path, added.is_known) == ("added", place.folder / "slides.pdf", False)
    assert added.path.read_bytes() == NEW
    entry = place.manifest().entry_for(sha256=sha256(NEW))
    assert entry == added.entry
    assert (entry.file, entry.name, entry.title) == ("slides.pdf", "deck/2026", "The slides of 2026")
    after = iter(place.manifest_path.read_text(encoding="utf-8").splitlines())
    assert [line for line in before.splitlines() if line not in after] == []
    assert set(place.content()) == {"first.pdf", "slides.pdf", "sources.yaml"}


def test_same_file_twice_changes_nothing(place: Place) -> None:
    """The second time nothing is written, recognised or renamed, whatever the file is called then."""
    place.add(place.file("slides.pdf"))
    before = {p.name: (p.read_bytes(), p.stat().st_mtime_ns) for p in place.folder.iterdir()}
    again = add_source(place.file("other name.pdf"), place.folder, recognise=unrecognised)
    assert (again.outcome, again.entry.file) == ("unchanged", "slides.pdf")
    assert {p.name: (p.read_bytes(), p.stat().st_mtime_ns) for p in place.folder.iterdir()} == before


def test_same_edition_with_other_bytes_needs_replace(place: Place) -> None:
    """Without `replace` it is refused and nothing changes; the error names the edition and its file."""
    before = place.content()
    with pytest.raises(EditionExistsError, match=r"PD016 .*deck/2025.*first\.pdf.*--replace"):
        place.add(place.file("second.pdf"), "2025")
    assert place.content() == before


def test_replace_puts_the_new_file_in_the_old_ones_place(place: Place) -> None:
    """The entry has the new file and SHA-256 and keeps the rest; the old file is gone; nothing else changed."""
    before = place.manifest_path.read_text(encoding="utf-8")
    added = place.add(place.file("second.pdf"), "2025", replace=True)
    assert (added.outcome, added.replaced_file) == ("replaced", "first.pdf")
    assert added.entry.note == "looked at"
    expected = before.replace("first.pdf", "second.pdf").replace(sha256(OLD), sha256(NEW))
    assert place.manifest_path.read_text(encoding="utf-8") == expected
    assert set(place.content()) == {"second.pdf", "sources.yaml"}


def test_replace_with_a_file_of_the_same_name(place: Place) -> None:
    """The old file stands until the manifest names the new one, so the new one gets a free name."""
    added = place.add(place.file("first.pdf"), "2025", replace=True)
    assert added.entry.file == "first-2.pdf"
    assert set(place.content()) == {"first-2.pdf", "sources.yaml"}


def test_document_already_in_the_folder_is_taken_where_it_is(place: Place) -> None:
    """A file put there by hand is listed under its name; one laid over a listed file replaces that with `replace`."""
    (place.folder / "by hand.pdf").write_bytes(NEW)
    assert place.add(place.folder / "by hand.pdf").entry.file == "by hand.pdf"
    (place.folder / "first.pdf").write_bytes(OFFICIAL + b"2")
    assert place.add(place.folder / "first.pdf", "2025", replace=True).entry.file == "first.pdf"
    assert_whole(place.folder)
    assert set(place.content()) == {"first.pdf", "by hand.pdf", "sources.yaml"}


def test_taken_names_stay_what_they_are(place: Place) -> None:
    """A file of that name, in any case, listed or not, keeps its bytes; the new one gets a number."""
    (place.folder / "stray.pdf").write_bytes(b"somebody's")
    assert place.add(place.file("first.pdf")).entry.file == "first-2.pdf"
    assert place.add(place.file("stray.pdf", NEW + b"2"), "2027").entry.file == "stray-2.pdf"
    assert place.add(place.file("FIRST.pdf", NEW + b"3"), "2028").entry.file == "FIRST-3.pdf"
    assert (place.folder / "first.pdf").read_bytes() == OLD
    assert (place.folder / "stray.pdf").read_bytes() == b"somebody's"
    assert_whole(place.folder)


@pytest.mark.parametrize(
    ("name", "plain"),
    [("a:b?.PDF", "a-b-.PDF"), (".hidden.pdf", "hidden.pdf"), ("no suffix", "no suffix.pdf"), ("資料.pdf", "資料.pdf")],
)
def test_names_become_ones_that_every_system_takes(name: str, plain: str, place: Place) -> None:
    """Reserved characters and leading dots go, the script stays."""
    assert place.add(place.file(name)).entry.file == plain


def test_known_official_document_is_recognised_by_its_bytes(place: Place) -> None:
    """Deck, edition, title and publisher come from the manifest's list of known ones, without reading the document."""
    added = add_source(place.file("download(1).pdf", OFFICIAL), place.folder, recognise=unrecognised)
    assert added.is_known
    entry = added.entry
    assert (entry.name, entry.title, entry.publisher) == ("official-ja/r7", "公式", "内閣府")
    assert (entry.language, entry.note, entry.status) == ("ja", "published", "not shipped")


def test_named_deck_and_edition_come_before_what_was_recognised(place: Place) -> None:
    """`deck` and `edition` override; the same bytes under another name are refused instead of ignored."""
    pdf = place.file("slides.pdf")
    assert place.add(pdf, deck="other", edition="special").outcome == "added"
    assert place.manifest().entry_for(deck="other", edition="special") is not None
    with pytest.raises(EditionExistsError, match="other/special"):
        add_source(pdf, place.folder, recognise=unrecognised, edition="2030")


def test_missing_file_of_an_entry_is_put_back(place: Place) -> None:
    """In a clone without the file, adding it restores it under its listed name and leaves the manifest alone."""
    before = place.content()
    (place.folder / "first.pdf").unlink()
    assert place.add(place.file("download.pdf", OLD)).outcome == "restored"
    assert place.content() == before


def test_listed_file_with_other_bytes_is_not_overwritten_silently(place: Place) -> None:
    """Where somebody changed a listed file, putting back the listed bytes needs `replace`."""
    (place.folder / "first.pdf").write_bytes(b"changed")
    pdf = place.file("download.pdf", OLD)
    with pytest.raises(EditionExistsError):
        place.add(pdf)
    assert (place.folder / "first.pdf").read_bytes() == b"changed"
    assert place.add(pdf, replace=True).outcome == "restored"
    assert_whole(place.folder)


def test_folder_and_manifest_are_made_where_there_are_none(tmp_path: Path) -> None:
    """The first document of all makes the folder and a manifest that reads."""
    pdf = tmp_path / "a.pdf"
    pdf.write_bytes(NEW)
    added = add_source(pdf, tmp_path / "new" / "source_pdfs", recognise=recognised("2026"))
    assert load_manifest(tmp_path / "new" / "source_pdfs" / "sources.yaml").sources == (added.entry,)


def test_what_cannot_be_added_leaves_the_folder_as_it_was(place: Place) -> None:
    """A missing file, a folder, an unknown deck, an impossible edition and a broken manifest change nothing."""
    pdf = place.file("slides.pdf")
    before = place.content()
    with pytest.raises(SourceNotFoundError, match="is not there"):
        place.add(place.outside / "nothing.pdf")
    with pytest.raises(SourceNotFoundError, match="is a folder"):
        place.add(place.outside)
    with pytest.raises(UnknownDeckError):
        add_source(pdf, place.folder, recognise=unrecognised)
    with pytest.raises(ManifestError, match="edition"):
        place.add(pdf, "../2026")
    assert place.content() == before
    place.manifest_path.write_text("sources: 1", encoding="utf-8")
    with pytest.raises(ManifestError):
        place.add(pdf)
    assert set(place.content()) == set(before)
    with pytest.raises(UnknownDeckError):
        add_source(pdf, place.outside / "not made", recognise=unrecognised)
    assert not (place.outside / "not made").exists()


def test_recovery_clears_what_was_half_written_or_half_replaced(place: Place) -> None:
    """A half-written file goes, and so does a replaced one, unless it is listed or has other bytes by now."""
    before = place.content()
    place.file("../source_pdfs/.adding.part", b"%PDF half")
    place.file("../source_pdfs/gone.pdf", NEW)
    place.file("../source_pdfs/.replaced", f"{sha256(NEW)}  gone.pdf\n".encode())
    recover(place.folder)
    assert place.content() == before
    place.file("../source_pdfs/.replaced", f"{sha256(OLD)}  first.pdf\n".encode())
    recover(place.folder)
    assert place.content() == before
    place.file("../source_pdfs/gone.pdf", b"somebody's")
    place.file("../source_pdfs/.replaced", f"{sha256(NEW)}  gone.pdf\n".encode())
    recover(place.folder)
    assert place.content() == {**before, "gone.pdf": b"somebody's"}


def test_result_is_said_in_one_sentence_each(place: Place) -> None:
    """The summary names the file and the edition; after a replacement it says what to look at."""
    pdf = place.file("slides.pdf")
    added, again = place.add(pdf), place.add(pdf)
    replaced = place.add(place.file("third.pdf", NEW + b"3"), replace=True)
    assert added.summary == "slides.pdf was added as deck/2026 (The slides of 2026)."
    assert "nothing to do" in again.summary
    assert replaced.summary.startswith("third.pdf took the place of slides.pdf")
    assert "pinned figures" in replaced.summary


class FaultError(Exception):
    """What a step is made to fail with."""


STEPS = ((os, "replace"), (os, "fsync"), (os, "open"), (Path, "unlink"), (Path, "open"), (Path, "mkdir"))


def fail_at(number: int, *, done: bool, error: Exception, monkeypatch: pytest.MonkeyPatch) -> Iterator[int]:
    """Make the step `number` on the disk fail, before or after it was `done`; yields the steps so far."""
    count = [0]

    def failing(original: Callable[..., Any]) -> Callable[..., Any]:
        def step(*args: Any, **options: Any) -> Any:
            count[0] += 1
            if count[0] != number:
                return original(*args, **options)
            if done:
                result = original(*args, **options)
                if hasattr(result, "close"):
                    result.close()
            raise error

        return step

    with monkeypatch.context() as patch:
        for owner, name in STEPS:
            patch.setattr(owner, name, failing(getattr(owner, name)))
        yield count[0]
    yield count[0]


@pytest.mark.parametrize("replace", [False, True])
@pytest.mark.parametrize("done", [False, True])
@pytest.mark.parametrize("error", [FaultError(), OSError(28, "No space left on device")])
def test_failure_at_any_step_leaves_a_whole_folder(
    replace: bool, done: bool, error: Exception, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whichever step fails, no listed file is missing, and the next try gives what an undisturbed one gives."""
    edition = "2025" if replace else "2026"
    undisturbed = Place(tmp_path / "undisturbed")
    undisturbed.add(undisturbed.file("slides.pdf"), edition, replace=replace)
    for number in range(1, MAX_STEPS):
        place = Place(tmp_path / str(number))
        pdf = place.file("slides.pdf")
        steps = fail_at(number, done=done, error=error, monkeypatch=monkeypatch)
        next(steps)
        failed = None
        try:
            place.add(pdf, edition, replace=replace)
        except (FaultError, PolicydeckError) as caught:
            failed = caught
        taken = next(steps)
        assert_whole(place.folder)
        if taken < number:
            assert failed is None
            break
        if isinstance(error, OSError) and failed is not None:
            assert isinstance(failed, (ManifestError, OutputError, SourceNotFoundError))
            assert "No space left on device" in str(failed)
        place.add(pdf, edition, replace=replace)
        recover(place.folder)
        assert place.content() == undisturbed.content(), number
    else:
        pytest.fail("the steps do not end")


@pytest.mark.skipif(sys.platform == "win32", reason="needs fork and SIGKILL")
def test_killed_at_a_random_moment_the_next_try_completes_it(tmp_path: Path) -> None:
    """Twenty processes are killed while they replace a file: each time the folder is whole and the next try does it."""
    content = random.Random(1).randbytes(4_000_000)  # noqa: S311 - the same bytes every time
    timed = Place(tmp_path / "timed")
    pdf = timed.file("slides.pdf", content)
    start = time.perf_counter()
    timed.add(pdf, "2025", replace=True)
    longest = time.perf_counter() - start
    wanted = timed.content()
    moments = random.Random(2)  # noqa: S311 - nothing secret
    killed = 0
    for number in range(KILLS):
        place = Place(tmp_path / str(number))
        child = os.fork()
        if child == 0:
            try:
                place.add(pdf, "2025", replace=True)
            finally:
                os._exit(0)
        time.sleep(moments.uniform(0, longest))
        os.kill(child, signal.SIGKILL)
        killed += os.WIFSIGNALED(os.waitpid(child, 0)[1])
        assert_whole(place.folder)
        place.add(pdf, "2025", replace=True)
        assert place.content() == wanted, number
    assert killed > 0


@pytest.mark.skipif(sys.platform == "win32", reason="needs fork")
def test_documents_added_at_the_same_time_are_all_listed(place: Place) -> None:
    """Processes that add to one folder take turns: no entry is lost, no name is taken twice."""
    children = []
    for number in range(6):
        pdf = place.file("slides.pdf", NEW) if number == 0 else place.outside / f"{number}" / "slides.pdf"
        pdf.parent.mkdir(exist_ok=True)
        pdf.write_bytes(NEW + bytes([number]))
        child = os.fork()
        if child == 0:
            try:
                place.add(pdf, f"20{30 + number}")
            finally:
                os._exit(0)
        children.append(child)
    for child in children:
        os.waitpid(child, 0)
    assert len(place.manifest().sources) == 7
    assert_whole(place.folder)
