"""The manifest: what it says is read exactly, what it must not say is refused by line, what people wrote stays."""

from __future__ import annotations

import hashlib
import re
from decimal import Decimal
from pathlib import Path

import pytest

from pipeline.errors import ManifestError
from pipeline.manifest import Manifest, SourceEntry, load_manifest, with_entry, with_file

SOURCES = Path(__file__).parents[1] / "source_pdfs"
SHARED = Path(__file__).parents[1].parent / "shared"
OFFICIAL_SLIDE = "cao-ai-budget-fy2025-supplementary-ja.pdf"

ONE = "1" * 64
TWO = "2" * 64

WRITTEN = f"""\
# What stands here.
sources:
  - file: one.pdf   # the first
    deck: deck
    edition: 2025
    title: "The first: quoted"
    language: en
    sha256: {ONE}
    figures:
      # pinned by hand
      - {{fiscal_year: 2025, budget: initial, value: 1300000000, currency: USD}} # 1.3 billion
    # checked in spring

# What is known.
known: []
"""

NEW = SourceEntry(
    file="資料 2.pdf",
    deck="deck",
    edition="2026",
    title="A title: with a colon, # a hash, and " + "enough words to be broken over several lines, " * 4 + "and an end",
    language="ja",
    sha256=TWO,
    note="yes",
)


def manifest_of(text: str, folder: Path) -> Manifest:
    """Load the manifest with this text."""
    path = folder / "sources.yaml"
    path.write_bytes(text.encode())
    return load_manifest(path)


def error_of(text: str, folder: Path) -> ManifestError:
    """Give the error that loading this text ends with."""
    with pytest.raises(ManifestError) as caught:
        manifest_of(text, folder)
    return caught.value


def test_shipped_manifest_names_the_shipped_files_with_their_bytes() -> None:
    """Every shipped document is in the folder with the SHA-256 of its entry."""
    manifest = load_manifest(SOURCES / "sources.yaml")
    shipped = [e for e in manifest.sources if e.status == "shipped"]
    assert shipped
    for entry in shipped:
        assert hashlib.sha256((SOURCES / entry.file).read_bytes()).hexdigest() == entry.sha256


def test_shipped_manifest_pins_what_the_2025_slides_state() -> None:
    """FY2025 initial (draft) USD 1.3 billion, FY2024 supplementary 1.1 and FY2024 initial 0.8 are pinned."""
    entry = load_manifest(SOURCES / "sources.yaml").entry_for(deck="japan-ai-policy", edition="2025")
    assert entry is not None
    pinned = {(p.fiscal_year, p.budget, p.value, p.currency) for p in entry.pinned}
    assert pinned == {
        (2025, "initial", Decimal("1.3") * 10**9, "USD"),
        (2024, "supplementary", Decimal("1.1") * 10**9, "USD"),
        (2024, "initial", Decimal("0.8") * 10**9, "USD"),
    }


def test_shipped_manifest_says_that_the_2025_file_is_a_facsimile() -> None:
    """Nobody can take the reconstruction for the official PDF: title and note say what it is."""
    entry = load_manifest(SOURCES / "sources.yaml").entry_for(file="japan-ai-policy-2025.pdf")
    assert entry is not None
    assert "facsimile" in entry.title
    assert "not the official PDF" in entry.note


def test_official_slide_is_known_by_its_bytes() -> None:
    """The real Japanese slide is found by its SHA-256, as deck cao-ai-budget-ja, and is not among the shipped files."""
    path = SHARED / "realdocs" / OFFICIAL_SLIDE
    if not path.exists():
        pytest.skip("the official slide is not redistributed; it is looked for in a folder beside the project")
    sha256 = hashlib.sha256(path.read_bytes()).hexdigest()
    manifest = load_manifest(SOURCES / "sources.yaml")
    known = manifest.known_document(sha256)
    assert known is not None
    assert (known.deck, known.edition) == ("cao-ai-budget-ja", "fy2025-supplementary")
    assert manifest.entry_for(sha256=sha256) is None


@pytest.mark.parametrize("text", [None, "", "# only a comment\n", "sources:\n", "sources: []\nknown:\n"])
def test_missing_or_empty_manifest_is_an_empty_one(text: str | None, tmp_path: Path) -> None:
    """No file, an empty one and an empty list are a manifest without documents, not an error."""
    manifest = load_manifest(tmp_path / "sources.yaml") if text is None else manifest_of(text, tmp_path)
    assert manifest == Manifest()


def test_edition_that_looks_like_a_number_is_a_name(tmp_path: Path) -> None:
    """`edition: 2025` without quotes is the name 2025."""
    assert manifest_of(WRITTEN, tmp_path).sources[0].edition == "2025"


@pytest.mark.parametrize(
    ("old", "new", "line", "key"),
    [
        ("language: en", "language: en\n    licences: []", 8, "licences"),
        ("value: 1300000000", "stag: draft, value: 1300000000", 11, "stag"),
        ("file: one.pdf", "file: ../one.pdf", 3, "file"),
        ("file: one.pdf", "file: /tmp/one.pdf", 3, "file"),
        ("file: one.pdf", "file: a\\one.pdf", 3, "file"),
        ("file: one.pdf", "file: C:one.pdf", 3, "file"),
        ("file: one.pdf", "file: ..", 3, "file"),
        ("file: one.pdf", "file: Sources.yaml", 3, "file"),
        ("deck: deck", "deck: a/b", 4, "deck"),
        ("edition: 2025", "edition: ..", 5, "edition"),
        (ONE, "12ab", 8, "sha256"),
        ("known: []", "knwon: []", 15, "knwon"),
    ],
)
def test_wrong_entry_is_named_by_file_line_and_key(old: str, new: str, line: int, key: str, tmp_path: Path) -> None:
    """A misspelt key, a path instead of a name, and a value that cannot hold are found at their line."""
    assert old in WRITTEN
    error = error_of(WRITTEN.replace(old, new), tmp_path)
    assert error.code == "PD008"
    assert f"sources.yaml, line {line}: " in error.message
    assert key in error.message


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("language: en", "langauge: en", "line (3|7): sources.0.(language|langauge): "),
        ("budget: initial", "budgett: initial", "line 11: sources.0.figures.0.budgett?: "),
    ],
)
def test_misspelt_required_key_is_named_by_file_line_and_key(old: str, new: str, says: str, tmp_path: Path) -> None:
    """Misspelling a required key is reported in its entry: as the key that is missing, or as the one nobody knows."""
    assert re.search(f"sources.yaml, {says}", error_of(WRITTEN.replace(old, new), tmp_path).message)


@pytest.mark.parametrize(
    ("second", "key", "line"),
    [
        ({"file": "ONE.pdf", "edition": "2026", "sha256": TWO}, "file", 13),
        ({"file": "two.pdf", "edition": "2025", "sha256": TWO}, "edition", 15),
        ({"file": "two.pdf", "edition": "2026", "sha256": ONE}, "sha256", 18),
    ],
)
def test_doubles_are_refused(second: dict[str, str], key: str, line: int, tmp_path: Path) -> None:
    """Two entries with one file, one edition of a deck or the same bytes are refused at the second one's line."""
    entry = NEW.model_copy(update={**second, "title": "short", "note": ""})
    lines = [f"    {name}: '{getattr(entry, name)}'" for name in ("deck", "edition", "title", "language", "sha256")]
    text = WRITTEN.replace("\n# What is known", "\n".join([f"  - file: {entry.file}", *lines, "", "# What is known"]))
    error = error_of(text, tmp_path)
    assert f"line {line}: {key}: " in error.message


def test_editions_that_share_a_file_of_corrections_are_refused(tmp_path: Path) -> None:
    """Deck a-b, edition c and deck a, edition b-c would both be corrected by a-b-c.yaml."""
    texts = [
        f"- {{file: {n}.pdf, deck: {deck}, edition: {edition}, title: t, language: en, sha256: '{n * 64}'}}"
        for n, deck, edition in (("1", "a-b", "c"), ("2", "a", "b-c"))
    ]
    assert "line 3: edition: " in error_of("\n".join(["sources:", *texts]), tmp_path).message


def test_entry_is_found_by_all_that_is_given(tmp_path: Path) -> None:
    """An entry is found by SHA-256, by file, by both, and not where one of them differs; nothing asked is an error."""
    manifest = manifest_of(WRITTEN, tmp_path)
    assert manifest.entry_for(sha256=ONE) is manifest.sources[0]
    assert manifest.entry_for(file="one.pdf", sha256=ONE) is manifest.sources[0]
    assert manifest.entry_for(file="one.pdf", sha256=TWO) is None
    with pytest.raises(TypeError):
        manifest.entry_for()


LAYOUTS = {
    "written by hand": WRITTEN,
    "list at the margin": WRITTEN.replace("\n  ", "\n"),
    "windows line ends": WRITTEN.replace("\n", "\r\n"),
    "no last line end": WRITTEN.split("\n\n", maxsplit=1)[0],
    "known first": "known: []\n" + WRITTEN.removesuffix("known: []\n"),
    "last value folded over lines": WRITTEN.replace(
        "    # checked in spring\n", "    note: >-\n      first\n      second\n\n"
    ),
    "last value empty": WRITTEN.replace("    # checked in spring\n", "    note:   # to be written\n").replace(
        "note:  ", "note: ''"
    ),
    "entries in braces": "sources:\n"
    f"- {{file: one.pdf, deck: d, edition: e, title: t, language: en, sha256: '{ONE}'}} # one\n# end\n",
    "empty list": "# head\nsources: []  # none yet\n\n# tail\nknown: []\n",
    "nothing listed": "sources:\n# tail\nknown: []\n",
    "null listed": "sources: null\nknown: []",
    "other key only": "known: []\n",
    "comment only": "# head",
    "no text": "",
}


@pytest.mark.parametrize("layout", LAYOUTS)
def test_new_entry_leaves_every_line_as_it_was(layout: str, tmp_path: Path) -> None:
    """After an entry was written in, taking its lines out again gives the text as it was; it reads as old plus new."""
    text = LAYOUTS[layout]
    before = manifest_of(text, tmp_path)
    after = with_entry(text, before, NEW)
    assert manifest_of(after, tmp_path).sources == (*before.sources, NEW)
    assert manifest_of(after, tmp_path).known == before.known
    # What an empty list is written as has to go; `sources:` may have to come.
    expected = text.replace("sources: []", "sources:").replace("sources: null", "sources:").split("\n")
    kept = iter(after.split("\n"))
    missing = [line for line in expected if line not in kept]
    assert missing == []
    ends = after.count("\r\n")
    assert ends == (after.count("\n") if "\r\n" in text else 0)


@pytest.mark.parametrize(
    ("layout", "last"),
    [("written by hand", "    # checked in spring"), ("last value folded over lines", "      second")],
)
def test_new_entry_stands_before_the_comment_of_what_follows(layout: str, last: str, tmp_path: Path) -> None:
    """What belongs to the last entry, a comment inside it too, stays in it; one about the next key stays with that."""
    text = LAYOUTS[layout]
    lines = with_entry(text, manifest_of(text, tmp_path), NEW).splitlines()
    new = next(n for n, line in enumerate(lines) if "資料 2.pdf" in line)
    assert lines.index(last) < new < lines.index("# What is known.")


@pytest.mark.parametrize(
    "text",
    [
        f"sources: [{{file: one.pdf, deck: d, edition: e, title: t, language: en, sha256: '{ONE}'}}]\n",
        "{}\n",
        "known: []\n...\n",
    ],
)
def test_layout_that_cannot_be_edited_is_refused(text: str, tmp_path: Path) -> None:
    """Where an entry cannot be written in safely there is an error instead of a text that says something else."""
    with pytest.raises(ManifestError, match="laid out"):
        with_entry(text, manifest_of(text, tmp_path), NEW)


def test_replacing_a_file_changes_its_name_and_hash_only(tmp_path: Path) -> None:
    """The new file and SHA-256 stand where the old ones stood; every other character is as it was."""
    before = manifest_of(WRITTEN, tmp_path)
    entry = NEW.model_copy(update={"edition": "2025"})
    after = with_file(WRITTEN, before, entry)
    assert after == WRITTEN.replace("one.pdf", '"資料 2.pdf"').replace(ONE, f'"{TWO}"')
    assert manifest_of(after, tmp_path).sources[0].title == "The first: quoted"


def test_replacing_the_file_of_an_unknown_edition_is_an_error(tmp_path: Path) -> None:
    """An edition that the manifest does not have cannot be replaced."""
    with pytest.raises(LookupError):
        with_file(WRITTEN, manifest_of(WRITTEN, tmp_path), NEW)
