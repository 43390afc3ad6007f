"""Damaged files, by the hundred kinds that happen: each ends in a package or in one coded error, in time, leaving nothing.

`tests/benchmarks/corpora.py` does the same with the test suites of others, and prints the table.
"""

from __future__ import annotations

import random
import re
from typing import TYPE_CHECKING

import pytest
from pypdf import PdfReader, PdfWriter
from pypdf.generic import NameObject, StreamObject

from pipeline.errors import DamagedPdfError
from pipeline.reading.pdf import read_document
from tests.at_hand import DATA, DECKS, SHARED
from tests.benchmarks.corpora import table
from tests.damaging import DAMAGES, damaged
from tests.fuzzing.seeds import uncompressed
from tests.guarded import Guard, Outcome, read_guarded

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

SECONDS = 120.0
"""So long a document may take before it counts as hung; none takes a tenth of that."""

SMALL = DATA / "producers" / "bars-labelled-with-units.pdf"
"""The smallest deck at hand, so that a damaged version costs little."""

CODED = re.compile(r"PD\d{3}")


def _assert_each_ended_well(outcomes: Sequence[Outcome]) -> None:
    bad = [(o.path.name, o.ending, o.says, o.left) for o in outcomes if o.ending not in ("read", "refused") or o.left]
    assert bad == []
    assert all(CODED.fullmatch(o.code) for o in outcomes if o.ending == "refused")


def test_damaged_decks_are_read_or_refused(tmp_path: Path) -> None:
    """Cut short, bits flipped, blocks lost, objects exchanged: whatever it was, it is one coded error or a package."""
    for name, pdf in (("packed", SMALL.read_bytes()), ("plain", uncompressed(SMALL.read_bytes()))):
        for damage, data in damaged(pdf, len(DAMAGES), seed=name):
            (tmp_path / f"{name} {damage}.pdf").write_bytes(data)
    outcomes = list(read_guarded(sorted(tmp_path.iterdir()), SECONDS))
    _assert_each_ended_well(outcomes)
    assert {"read", "refused"} <= {o.ending for o in outcomes}, "damage that is always or never fatal shows nothing"


def test_a_deck_cut_anywhere_is_never_read_in_part(tmp_path: Path) -> None:
    """Of a file that breaks off, at any place, nothing is written unless every page is there."""
    pdf = DECKS["2026"][0].read_bytes()
    dice = random.Random(7)  # noqa: S311 - a seed is what makes it repeatable
    for place in sorted(dice.randrange(len(pdf)) for _ in range(12)):
        (tmp_path / f"cut at {place:06}.pdf").write_bytes(pdf[:place])
    outcomes = list(read_guarded(sorted(tmp_path.iterdir()), SECONDS))
    _assert_each_ended_well(outcomes)
    assert {o.ending for o in outcomes} == {"refused"}


@pytest.mark.parametrize(
    ("filtered", "data"),
    [
        ("/PlateDecode", b"BT ET"),
        ("/DCTDecode", b"BT ET"),
        ("/LZWDecode", b"\xff\xff\xff\xff\xff"),
        ("/RunLengthDecode", b"\x7fBT"),
        ("/ASCII85Decode", b"\x01{{{{~>"),
    ],
)
def test_a_page_that_no_filter_gives_is_not_read_as_empty(filtered: str, data: bytes, tmp_path: Path) -> None:
    """Where one of five pages cannot be decoded the deck is refused: it must not look as if the page had no words."""
    writer = PdfWriter(clone_from=PdfReader(DECKS["2026"][0]))
    stream = StreamObject()
    stream._data = data
    stream[NameObject("/Filter")] = NameObject(filtered)
    writer.pages[0][NameObject("/Contents")] = writer._add_object(stream)
    writer.write(tmp_path / "deck.pdf")
    with pytest.raises(DamagedPdfError, match="page 1"):
        read_document(tmp_path / "deck.pdf")


@pytest.mark.skipif(
    not (SHARED / "realdocs").is_dir(), reason="the real documents are not redistributed and not beside the project"
)
def test_real_documents_damaged_are_read_or_refused(tmp_path: Path) -> None:
    """The same of documents that nobody here drew: the text that is rubbish as it is, and a small one damaged."""
    folder = SHARED / "realdocs"
    for source in ("tabula-12s0324.pdf",):
        for damage, data in damaged((folder / source).read_bytes(), len(DAMAGES), seed=source):
            (tmp_path / f"{source} {damage}.pdf").write_bytes(data)
    outcomes = list(read_guarded([folder / "phl-qcmr-cash-fy23q4-badtext.pdf", *sorted(tmp_path.iterdir())], SECONDS))
    _assert_each_ended_well(outcomes)
    assert outcomes[0].code == "PD011"


def test_a_document_that_hangs_or_kills_its_process_is_seen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The guard itself: a process that sleeps, one that is killed and one that raises are told apart, and the next is read."""
    (tmp_path / "stub.py").write_text(
        "import os, time\n"
        "import tests.guarded as guarded\n"
        "def read(path, out, supervisor):\n"
        "    what = path.read_text()\n"
        "    if what == 'sleep': time.sleep(60)\n"
        "    if what == 'die': os._exit(9)\n"
        "    if what == 'litter': out.mkdir(); (out / 'half').write_text('x'); return 'refused', 'PD003', ''\n"
        "    return ('crashed', '', 'KeyError') if what == 'raise' else ('read', '', '')\n"
        "guarded._read = read\n",
        encoding="utf-8",
    )
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setattr("tests.guarded._serve", _serve_stub)
    endings = {}
    with Guard(tmp_path / "scratch", seconds=15.0) as guard:
        for what in ("fine", "die", "raise", "litter", "fine again"):
            path = tmp_path / what
            path.write_text(what, encoding="utf-8")
            endings[what] = guard.read(path)
    with Guard(tmp_path / "scratch", seconds=1.0) as guard:
        path = tmp_path / "sleep"
        path.write_text("sleep", encoding="utf-8")
        endings["sleep"] = guard.read(path)
    assert {what: outcome.ending for what, outcome in endings.items()} == {
        "fine": "read",
        "die": "crashed",
        "raise": "crashed",
        "litter": "refused",
        "fine again": "read",
        "sleep": "hung",
    }
    assert [what for what, outcome in endings.items() if outcome.left] == ["litter"]
    assert "| stubs | 6 | 2 | 1 (PD003 1) | 2 | 1 | 1 |" in table({"stubs": list(endings.values())})


def _serve_stub(pipe, scratch) -> None:
    """The guard's process with a reader that does what its document says."""
    import stub  # noqa: F401 - it puts itself in the reader's place

    import tests.guarded as guarded

    guarded._serve(pipe, scratch)
