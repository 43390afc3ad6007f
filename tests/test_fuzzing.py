"""Inputs that nobody meant end in a package or in one coded error: what fuzzing found, and mutations by seed.

The real search needs atheris and hours: `python -m tests.fuzzing reading FOLDER`. This needs neither.
"""

from __future__ import annotations

import random
from dataclasses import replace
from functools import cache

import pytest

from pipeline.language.amounts import find_amounts, load_vocabulary
from pipeline.table_schemas import schemas_folder
from tests.deck_generator import english_fonts_available
from tests.fuzzing import CORPUS
from tests.fuzzing.mutating import mutated
from tests.fuzzing.seeds import seeds
from tests.fuzzing.targets import amounts, reading
from tests.fuzzing.texts import TEXTS
from tests.unknown_documents import document, prose

needs_fonts = pytest.mark.skipif(
    not english_fonts_available(),
    reason="needs DejaVu and Liberation fonts (Debian: fonts-dejavu-core, fonts-liberation)",
)
MUTATIONS = 16
"""So many mutated decks are read in an ordinary run."""

_SIGNS = "0123456789.,[](（）【】$¥円億万兆百千 　-–△約~十百元R年度\u00ad\u200b"


@cache
def _seeds() -> dict[str, bytes]:
    return seeds()


@pytest.mark.parametrize("name", sorted(path.name for path in CORPUS.glob("*.pdf")))
def test_a_document_that_fuzzing_found_is_read_or_refused(name: str) -> None:
    """It ends in a whole package or in one coded error, and leaves nothing behind."""
    reading((CORPUS / name).read_bytes())


@needs_fonts
def test_every_seed_is_read() -> None:
    """What mutations start from is read whole, so a mutation that is refused was refused for its mutation."""
    assert {name: reading(data) for name, data in _seeds().items()} == dict.fromkeys(_seeds(), "read")


@needs_fonts
@pytest.mark.parametrize("seed", range(MUTATIONS))
def test_a_mutated_deck_is_read_or_refused(seed: int) -> None:
    """Objects exchanged, entries and operators changed, bytes lost: a package or a coded error, nothing left behind."""
    names = sorted(_seeds())
    reading(mutated(_seeds()[names[seed % len(names)]], seed, tuple(_seeds().values())))


@needs_fonts
def test_a_mutation_is_the_same_each_time_and_changes_what_is_drawn() -> None:
    """The same seed gives the same bytes; of a hundred mutations most differ, and most keep a sound table of objects."""
    pdf = _seeds()["chart"]
    once, again = ([mutated(pdf, seed) for seed in range(100)] for _ in range(2))
    assert once == again
    assert len(set(once)) > 80
    assert sum(b"startxref" in made and made.startswith(b"%PDF") for made in once) > 80


@pytest.mark.parametrize("seed", range(4))
def test_a_mutated_text_holds_amounts_within_their_intervals(seed: int) -> None:
    """Texts cut and run into each other, with digits, units and brackets strewn in, by the hundred."""
    dice = random.Random(seed)  # noqa: S311 - a seed is what makes it repeatable
    found = 0
    for _ in range(250):
        text = dice.choice(TEXTS)
        for _ in range(dice.randint(1, 6)):
            place = dice.randint(0, len(text))
            text = (
                text[:place]
                + dice.choice((dice.choice(_SIGNS), dice.choice(TEXTS)))
                + text[place + dice.choice((0, 1)) :]
            )
        found += amounts(text.encode())
    assert found > 250


def test_a_broken_promise_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    """An amount outside its interval, and an exception of the pipeline, are findings and not passed over."""
    (one,) = find_amounts("4.0 million dollar", load_vocabulary(schemas_folder()))
    broken = replace(one, amount=replace(one.amount, upper=one.amount.lower))
    monkeypatch.setattr("tests.fuzzing.targets.find_amounts", lambda *_: (broken,))
    with pytest.raises(AssertionError, match="outside its interval"):
        amounts(b"4.0 million dollar")
    monkeypatch.setattr("pipeline.run.read_edition", lambda *_, **__: {}["no such key"])
    with pytest.raises(KeyError):
        reading(document(prose))
