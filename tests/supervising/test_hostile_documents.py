"""PDFs that are made to do harm: each ends in one coded error or is read, within the limits, and costs only itself."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from pipeline.errors import DamagedPdfError, EncryptedPdfError, TooLargeError
from pipeline.limits import DEFAULT_LIMITS, Limits
from pipeline.options import Options
from pipeline.reading.preflight import preflight
from pipeline.supervising import Job, Supervisor
from tests import hostile_pdfs as hostile
from tests.at_hand import DECKS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

INFLATED = "--limit page-inflated-bytes="
READ = "PD006"
"""The trap does not matter: the page was read, and its one line of text is no deck."""

CASES: dict[str, tuple[Callable[[], bytes], str, str]] = {
    "content": (
        hostile.content_bomb,
        "PD020",
        f"page 1: what it draws and its fonts inflate to more than 256 MB|{INFLATED}",
    ),
    "content compressed thrice": (hostile.small_content_bomb, "PD003", "page 1|compressed twice"),
    "content drawn thirty times": (hostile.many_contents, "PD020", f"page 1|{INFLATED}"),
    "content in LZW": (hostile.lzw_bomb, "PD020", f"page 1|{INFLATED}"),
    "object stream": (hostile.object_stream_bomb, "PD020", f"tables of objects|{INFLATED}"),
    "object stream with an escape": (hostile.escaped_object_stream_bomb, "PD020", f"tables of objects|{INFLATED}"),
    "cross-reference stream": (hostile.xref_stream_bomb, "PD020", f"tables of objects|{INFLATED}"),
    "columns of a predictor": (hostile.xref_predictor, "PD020", f"tables of objects|{INFLATED}"),
    "font": (hostile.font_bomb, "PD020", f"page 1: what it draws and its fonts|{INFLATED}"),
    "map to Unicode": (hostile.unicode_map_bomb, "PD020", f"page 1|{INFLATED}"),
    "picture": (hostile.picture_bomb, "PD020", f"page 1: a picture decodes to 30,000 MB|{INFLATED}30000MB"),
    "JPEG 2000": (hostile.jpx_bomb, "PD020", f"page 1: a picture decodes to 24,300 MB|{INFLATED}25000MB"),
    "picture in the content": (hostile.inline_picture, READ, ""),
    "forms ten deep": (hostile.laughing_forms, "PD020", f"page 1: with each drawing in its place|{INFLATED}"),
    "form in itself": (hostile.form_in_itself, READ, ""),
    "characters": (
        lambda: hostile.many_characters(300_000),
        "PD020",
        "page 1|300,000|200,000|--limit page-characters=300000",
    ),
    "rules": (lambda: hostile.many_rules(150_000), "PD020", "page 1|100,000|--limit page-rules="),
    "pages": (hostile.many_pages, "PD020", "50,000|2,000|--limit pages=50000"),
    "claimed pages": (hostile.claimed_pages, "PD020", "2,000,000,000|--limit pages="),
    "pages in a loop": (hostile.looping_pages, READ, ""),
    "nesting": (hostile.deep_nesting, READ, ""),
    "nesting in the content": (hostile.deep_content, READ, ""),
    "metadata": (hostile.metadata_bomb, "PD020", f"its metadata inflate to more than 256 MB|{INFLATED}"),
}


@pytest.fixture(scope="module")
def supervisor() -> Iterator[Supervisor]:
    """One process for all of them, as in a run."""
    with Supervisor() as supervisor:
        yield supervisor


@pytest.mark.parametrize("case", CASES)
def test_a_trap_is_one_error_or_is_read(
    case: str, supervisor: Supervisor, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The error says what is too large, where, and which option raises the limit; no file is written or left."""
    made, code, said = CASES[case]
    monkeypatch.chdir(tmp_path)
    Path("trap.pdf").write_bytes(made())
    outcome = supervisor.do(Job("run", Path("trap.pdf")))
    assert (outcome.status, outcome.exit_code) == ("failed", 2)
    assert outcome.failure is not None
    assert outcome.failure.code == code, outcome.failure
    assert outcome.failure.message.startswith("trap.pdf")
    for part in said.split("|"):
        assert part in str(outcome.failure)
    assert [p.name for p in Path().iterdir()] == ["trap.pdf"]


def test_after_all_of_them_a_deck_is_read(supervisor: Supervisor, tmp_path: Path) -> None:
    """The same Supervisor reads a deck after every trap."""
    outcome = supervisor.do(Job("run", DECKS["2026"][0], Options(out=tmp_path)))
    assert (outcome.status, outcome.exit_code) == ("written", 0)


@pytest.mark.parametrize(
    "case", ["content", "content in LZW", "font", "picture", "JPEG 2000", "pages", "claimed pages"]
)
def test_a_raised_limit_admits_what_it_names(case: str) -> None:
    """With the limits raised the preflight has nothing to say: what it refuses, it refuses for the limit alone."""
    preflight("trap.pdf", CASES[case][0](), None, Limits(pages=3 * 10**9, page_inflated_bytes=10**11))


def test_a_file_beyond_the_limit_is_not_read(supervisor: Supervisor, tmp_path: Path) -> None:
    """A file of 300 MB, of which the disk holds none, is refused by its size."""
    path = tmp_path / "large.pdf"
    with path.open("wb") as file:
        file.write(b"%PDF-1.7\n")
        file.truncate(300 * 10**6)
    outcome = supervisor.do(Job("run", path, Options(out=tmp_path / "out")))
    assert str(outcome.failure) == (
        "PD020 large.pdf: the file has 300 MB, and the limit file-bytes is 200 MB. "
        "If it must be read all the same, raise the limit: --limit file-bytes=300MB."
    )


def test_a_limit_can_be_raised_and_lowered(tmp_path: Path) -> None:
    """The value in force decides, not the default: the same page is read with one limit and refused with another."""
    (tmp_path / "deck.pdf").write_bytes(hostile.many_characters(3_000))
    for limits, code in ((Limits(page_characters=2_999), "PD020"), (Limits(page_characters=3_000), READ)):
        with Supervisor(limits) as supervisor:
            outcome = supervisor.do(Job("run", tmp_path / "deck.pdf", Options(out=tmp_path / "out")))
        assert outcome.failure is not None
        assert outcome.failure.code == code, outcome.failure


@pytest.mark.parametrize("deck", [*DECKS])
def test_a_deck_passes_and_is_seen(deck: str) -> None:
    """The preflight finds every page of a deck, lets it pass, and counts: a limit just below its content refuses it."""
    path, _ = DECKS[deck]
    seen: list[int] = []
    preflight(path.name, path.read_bytes(), None, DEFAULT_LIMITS, seen.append)
    assert seen == list(range(1, len(seen) + 1))
    assert len(seen) >= 5
    with pytest.raises(TooLargeError, match=r"page 1: what it draws"):
        preflight(path.name, path.read_bytes(), None, Limits(page_inflated_bytes=10_000))


def test_a_dictionary_stays_a_mapping() -> None:
    """Playa's compiled classes do not share the memory of the abstract class `Mapping`: see `reading.playa_classes`."""
    from collections.abc import Mapping

    from playa.pdftypes import ContentStream

    class New(dict[str, int]):
        pass

    assert not isinstance(New(), ContentStream)
    assert isinstance(New(), Mapping)
    assert not isinstance(New(), ContentStream)
    assert isinstance(ContentStream({}), ContentStream)


def test_damage_and_protection_are_told_apart() -> None:
    """A stream that breaks off is damage, named with its page and object; a document behind a password needs it."""
    cut = hostile.flate(hostile.TEXT * 50)
    start = cut.index(b"stream\n") + len(b"stream\n")
    broken = cut[: start + 20] + bytes(len(cut) - start - 20 - len(b"\nendstream")) + b"\nendstream"
    with pytest.raises(DamagedPdfError, match=r"deck\.pdf, page 1: .*object 4"):
        preflight("deck.pdf", hostile.slide(contents=broken), None, DEFAULT_LIMITS)
    from tests.test_bad_input import PASSWORD, protected

    data = protected()
    with pytest.raises(EncryptedPdfError, match=r"deck\.pdf"):
        preflight("deck.pdf", data, "wrong", DEFAULT_LIMITS)
    preflight("deck.pdf", data, PASSWORD, DEFAULT_LIMITS)
    with pytest.raises(TooLargeError):
        preflight("deck.pdf", data, PASSWORD, Limits(page_inflated_bytes=10_000))
