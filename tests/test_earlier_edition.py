"""What an edition is compared with is one of the things that it is made from."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest

from pipeline.editions import package_sha256, read_checks
from pipeline.errors import DamagedEditionError
from pipeline.manifest import Manifest, SourceEntry
from pipeline.run import Options, Workshop, documents_listed, run
from tests.at_hand import DECKS

if TYPE_CHECKING:
    from pathlib import Path

    from tests.at_hand import Editions


def _drift(path: Path) -> str:
    return " ".join(c.message for c in read_checks(path) if c.kind == "drift")


@pytest.mark.slow
def test_an_edition_is_read_again_when_an_earlier_one_comes_goes_or_changes(editions: Editions, tmp_path: Path) -> None:
    """Drift is told since the edition that stands there now: a skipped edition never shows what an old one said."""
    options = Options(out=tmp_path / "extracted", sources=tmp_path)

    def again() -> tuple[str, str]:
        (result,) = run([DECKS["2026"][0]], options)
        assert result.path is not None
        return result.outcome, _drift(result.path)

    deck = options.out / "japan-ai-policy"
    outcome, drift = again()
    assert outcome == "written"
    assert "no earlier edition" in drift
    assert again() == ("unchanged", drift)
    shutil.copytree(editions.path("2025"), deck / "2025")
    outcome, drift = again()
    assert outcome == "written"
    assert "edition 2025" in drift
    assert again() == ("unchanged", drift)
    with (deck / "2025" / "data" / "slides.csv").open("a", encoding="utf-8") as file:
        file.write("damage")
    outcome, drift = again()
    assert outcome == "written"
    assert "no earlier edition" in drift, "a damaged edition is no witness"
    shutil.rmtree(deck / "2025")
    assert again() == ("unchanged", drift), "none and a damaged one are the same"


def test_the_digest_of_an_edition_is_of_what_it_says(editions: Editions, tmp_path: Path) -> None:
    """A page of pictures that is gone changes nothing, a table with one byte more is refused."""
    path = tmp_path / "2025"
    shutil.copytree(editions.path("2025"), path)
    digest = package_sha256(path)
    (path / "report.html").unlink()
    assert package_sha256(path) == digest
    for name in ("data/stated_figures.csv", "checks.json"):
        content = (path / name).read_bytes()
        (path / name).write_bytes(content + b" ")
        with pytest.raises(DamagedEditionError):
            package_sha256(path)
        (path / name).write_bytes(content)


def test_a_run_reads_the_oldest_edition_of_a_deck_first(tmp_path: Path) -> None:
    """Whatever the order of the manifest, the edition that another one is compared with is written before it."""
    listed = [("b", "2027"), ("a", "fy2025-supplementary"), ("b", "2026"), ("a", "fy2025-initial"), ("b", "2025")]
    sources = tuple(
        SourceEntry(file=f"{deck}-{name}.pdf", deck=deck, edition=name, title="A", language="en", sha256="0" * 64)
        for deck, name in listed
    )
    workshop = Workshop(Options(sources=tmp_path))
    workshop.__dict__["manifest"] = Manifest(sources=sources)
    assert [path.stem for path in documents_listed(workshop)] == [
        "b-2025",
        "b-2026",
        "b-2027",
        "a-fy2025-initial",
        "a-fy2025-supplementary",
    ]
