"""The generator of fictional decks and the disturbances: what leans on them leans on these tests."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from decimal import Decimal
from functools import cache
from io import BytesIO
from itertools import pairwise
from pathlib import Path
from typing import Any

import pdfplumber
import pypdfium2
import pytest

from tests.deck_generator import (
    JAPANESE_PRESETS,
    PRESETS,
    english_fonts_available,
    japanese_font_available,
    make_budget_slide_ja,
    make_deck,
    random_style,
)
from tests.deck_generator.content import truth as deck_truth
from tests.deck_generator.inventing import invent
from tests.disturbing import DISTURBANCES, Disturbance, rotate

english = pytest.mark.skipif(
    not english_fonts_available(),
    reason="needs DejaVu and Liberation fonts (Debian: fonts-dejavu-core, fonts-liberation)",
)
japanese = pytest.mark.skipif(
    not japanese_font_available(), reason="needs a Japanese font (Debian: fonts-ipafont-gothic)"
)
_PRESETS = sorted(PRESETS) if english_fonts_available() else []
_JAPANESE = sorted(JAPANESE_PRESETS) if japanese_font_available() else []
_SEEDS = range(3)
_SHARED_FOLDER = Path(__file__).parents[1].parent / "shared"
_SHARED = [
    pytest.param(
        path,
        marks=pytest.mark.skipif(not path.is_file(), reason=f"the folder shared beside the project has no {path.name}"),
    )
    for path in (
        _SHARED_FOLDER / "data" / "japan-ai-policy-2025.pdf",
        _SHARED_FOLDER / "data" / "sample-2027.pdf",
        _SHARED_FOLDER / "realdocs" / "cao-ai-budget-fy2025-supplementary-ja.pdf",
    )
]


@cache
def _preset(name: str) -> tuple[bytes, dict[str, Any]]:
    return make_deck(sorted(PRESETS).index(name), PRESETS[name])


@cache
def _japanese(name: str) -> tuple[bytes, dict[str, Any]]:
    return make_budget_slide_ja(sorted(JAPANESE_PRESETS).index(name), JAPANESE_PRESETS[name])


def _pages(pdf: bytes) -> list[list[dict[str, Any]]]:
    """Read the visible characters of each page."""
    with pdfplumber.open(BytesIO(pdf)) as document:
        return [[c for c in page.chars if c["text"].strip()] for page in document.pages]


def _core(char: dict[str, Any]) -> tuple[float, float, float, float]:
    """Give the middle of a character's box, which no other character may touch."""
    wide, high = char["x1"] - char["x0"], char["bottom"] - char["top"]
    return char["x0"] + wide * 0.2, char["top"] + high * 0.1, char["x1"] - wide * 0.2, char["bottom"] - high * 0.1


def _collisions(chars: list[dict[str, Any]]) -> list[str]:
    cores = sorted((_core(c), c["text"]) for c in chars)
    found = []
    for place, (one, text) in enumerate(cores):
        for other, beside in cores[place + 1 :]:
            if other[0] >= one[2]:
                break
            if other[1] < one[3] and other[3] > one[1]:
                found.append(f"{text} and {beside} at {one[0]:.0f}, {one[1]:.0f}")
    return found


def _interval(amount: dict[str, Any]) -> tuple[Decimal, Decimal]:
    """Give what the printed digits of an amount admit."""
    digits = next(word for word in amount["printed"].split() if word[0].isdigit())
    step = Decimal(amount["value"]) / Decimal(digits) * Decimal(1).scaleb(Decimal(digits).as_tuple().exponent)  # type: ignore[arg-type]
    if amount["is_part_of"]:
        return Decimal(0), Decimal(amount["value"]) + step / 2
    return Decimal(amount["value"]) - step / 2, Decimal(amount["value"]) + step / 2


@english
@pytest.mark.parametrize("name", _PRESETS)
def test_every_preset_can_be_read_by_a_person(name: str) -> None:
    """No character lies outside its page, and no two characters lie on each other."""
    pdf, _ = _preset(name)
    with pdfplumber.open(BytesIO(pdf)) as document:
        for page in document.pages:
            chars = [c for c in page.chars if c["text"].strip()]
            assert all(
                c["x0"] >= 0 and c["x1"] <= page.width and c["top"] >= 0 and c["bottom"] <= page.height for c in chars
            )
            assert _collisions(chars) == []


@japanese
@pytest.mark.parametrize("name", _JAPANESE)
def test_every_japanese_preset_can_be_read_by_a_person(name: str) -> None:
    """No character lies outside its page, and no two characters lie on each other."""
    for chars in _pages(_japanese(name)[0]):
        assert chars
        assert _collisions(chars) == []


@english
@pytest.mark.parametrize("seed", _SEEDS)
def test_a_seed_always_gives_the_same_bytes(seed: int) -> None:
    """A deck that a test failed on can be made again."""
    assert make_deck(seed) == make_deck(seed)
    assert make_deck(seed)[0] != make_deck(seed + 1)[0]


@english
@pytest.mark.parametrize("name", _PRESETS)
def test_every_character_of_the_truth_stands_on_the_page(name: str) -> None:
    """The truth says nothing that the deck does not print: each name's letters are among the printed ones."""
    pdf, truth = _preset(name)
    printed = Counter("".join(c["text"] for chars in _pages(pdf) for c in chars).replace("ﬁ", "fi").replace("ﬂ", "fl"))
    said = (
        [i["name"] for i in truth["items"]]
        + [m["text"] for m in truth["measures"]]
        + [p["text"] for p in truth["provisions"]]
    )
    said += (
        [o["name"] for o in truth["organizations"]]
        + [s["text"] for s in truth["statements"]]
        + [n["text"] for n in truth["notes"]]
    )
    said += [a["printed"] for i in truth["items"] for a in (i["initial"], i["supplementary"]) if a]
    assert not Counter("".join("".join(said).split())) - printed


@english
@pytest.mark.parametrize("seed", range(12))
@pytest.mark.parametrize("budget", ["initial", "supplementary"])
def test_stated_totals_admit_their_parts(seed: int, budget: str) -> None:
    """Total = categories + Note 3 to rounding, and a category's items leave it at least what they are sure of."""
    truth = deck_truth(invent(seed, pillars=2, other_wording=False, extra=False, size=6))
    parts = [c[budget] for c in truth["categories"]] + [truth["infrastructure_note"][budget]]
    stated = next(s["value"] for s in truth["stated"] if s["budget"] == budget)
    lower, upper = (sum(bound) for bound in zip(*(_interval(p) for p in parts), strict=True))
    assert lower - 50_000_000 <= Decimal(stated) <= upper + 50_000_000
    for category in truth["categories"]:
        sure = [_interval(i[budget])[0] for i in truth["items"] if i["category"] == category["category"] and i[budget]]
        assert sum(sure) <= _interval(category[budget])[1]


@japanese
@pytest.mark.parametrize("name", _JAPANESE)
def test_japanese_totals_admit_their_parts(name: str) -> None:
    """The stated figure of the slide's own year is the sum of its categories and its note's amount, to rounding."""
    truth = _japanese(name)[1]
    stated = truth["stated"][0]
    parts = [c[stated["budget"]]["value"] for c in truth["categories"]]
    aside = truth["infrastructure_note"][stated["budget"]]
    parts += [aside["value"]] if aside else []
    assert abs(sum(parts) - stated["value"]) <= 50_000_000 * (len(parts) + 1)


@english
def test_names_of_a_deck_are_unique() -> None:
    """No two programmes of one deck share a name, so a wrong pairing cannot pass for a right one."""
    for seed in range(30):
        items = deck_truth(invent(seed, pillars=3, other_wording=False, extra=True, size=7))["items"]
        names = [item["name"] for item in items]
        assert len(names) == len(set(names))


@english
def test_the_truth_is_plain_json() -> None:
    """The truth can be written for the scorer and comes back the same."""
    truth = make_deck(1)[1]
    assert json.loads(json.dumps(truth, ensure_ascii=False)) == truth


def test_random_styles_differ() -> None:
    """Seeds reach every value of a choice, so that a hundred seeds are a hundred looks."""
    styles = [random_style(seed) for seed in range(100)]
    assert {s.amounts for s in styles} == {"right", "columns", "leaders", "inline"}
    assert {s.roster_columns for s in styles} == {1, 2, 3, 4}
    assert {s.columns for s in styles} == {2, 3}
    assert all(one != two for one, two in pairwise(styles))


def _pictures(pdf: bytes, size: float) -> list[Any]:
    document = pypdfium2.PdfDocument(pdf)
    return [page.render(scale=size).to_numpy().astype(int)[..., :3] for page in document]


def _displaced(before: list[dict[str, Any]], after: list[dict[str, Any]], right: float = 0.0) -> list[str]:
    """Name the characters of `before` that `after` has not at the same place, or `right` points beside it."""
    places = defaultdict(list)
    for c in after:
        places[c["text"]].append((c["x0"] - right, c["top"]))
    return [
        c["text"]
        for c in before
        if not any(abs(x - c["x0"]) < 0.01 and abs(top - c["top"]) < 0.01 for x, top in places[c["text"]])
    ]


def _share_of_other_pixels(one: Any, two: Any) -> float:
    high, wide = min(one.shape[0], two.shape[0]), min(one.shape[1], two.shape[1])
    assert abs(one.shape[0] - two.shape[0]) <= 2
    assert abs(one.shape[1] - two.shape[1]) <= 2
    return float((abs(one[:high, :wide] - two[:high, :wide]).max(axis=2) > 128).mean())


@english
@pytest.mark.parametrize("disturbance", DISTURBANCES, ids=lambda d: d.name)
def test_a_disturbed_deck_looks_the_same(disturbance: Disturbance) -> None:
    """Pixel by pixel, apart from the edges of glyphs, a person sees the original on the page that `map_page` names."""
    pdf, _ = _preset("frameless")
    factor = disturbance.map_box((0, 0, 1, 1))[2]
    before, after = _pictures(pdf, 1.4), _pictures(disturbance.apply(pdf), 1.4 / factor)
    for number, picture in enumerate(before, 1):
        moved = after[disturbance.map_page(number, len(before)) - 1]
        assert _share_of_other_pixels(picture, moved) < 0.01


@pytest.mark.parametrize("path", _SHARED, ids=lambda path: path.stem)
@pytest.mark.parametrize("name", ["characters shuffled", "text drawn twice", "rotated by 270"])
def test_a_disturbed_document_looks_the_same(path: Path, name: str) -> None:
    """What other programs wrote (spacing, scaling, two-byte fonts, pictures) comes out as it was."""
    pdf = path.read_bytes()
    disturbance = next(d for d in DISTURBANCES if d.name == name)
    for before, after in zip(_pictures(pdf, 1.4), _pictures(disturbance.apply(pdf), 1.4), strict=True):
        assert _share_of_other_pixels(before, after) < 0.01


@english
def test_shuffling_scatters_the_order_and_keeps_the_places() -> None:
    """The characters stand where they stood, and neighbours in the file are no longer neighbours on the page."""
    pdf, _ = _preset("small-page")
    shuffle = next(d for d in DISTURBANCES if d.name == "characters shuffled")
    for before, after in zip(_pages(pdf), _pages(shuffle.apply(pdf)), strict=True):
        assert len(before) == len(after)
        assert _displaced(before, after) == []
        neighbours = sum(abs(a["x1"] - b["x0"]) < 1 and abs(a["top"] - b["top"]) < 1 for a, b in pairwise(after))
        assert neighbours < len(after) / 20


@english
def test_drawing_twice_doubles_every_character() -> None:
    """Each character stands there twice, 0.2 points apart."""
    pdf, _ = _preset("house-like")
    twice = next(d for d in DISTURBANCES if d.name == "text drawn twice")
    for before, after in zip(_pages(pdf), _pages(twice.apply(pdf)), strict=True):
        assert len(after) == 2 * len(before)
        assert _displaced(before, after) == []
        assert _displaced(before, after, right=0.2) == []


@english
def test_only_right_angles_turn_a_page() -> None:
    """A page can be stored upright or lying, nothing between."""
    with pytest.raises(ValueError, match="not 45"):
        rotate(make_deck(1)[0], 45)
