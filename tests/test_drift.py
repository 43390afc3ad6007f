"""What drifted between editions is told, as information and never as an error."""

from __future__ import annotations

import copy
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from pipeline.drift import drift_checks, newest_earlier
from pipeline.model import Box, Glyph, Word
from pipeline.passage import of_words
from pipeline.profiles import BudgetWords, Marks, Profile, SlideKind
from pipeline.records import Furniture, SlideReading
from pipeline.run import Options, Workshop, read_edition
from tests.at_hand import DECKS

if TYPE_CHECKING:
    from pipeline.model import Check, Edition, Row

Tables = dict[str, list["Row"]]

PROFILE = Profile(
    deck="a-deck",
    title="A deck",
    language="en",
    currency="USD",
    slides=(
        SlideKind(kind="plan", shape="bulleted_groups", titles=("The Plan",)),
        SlideKind(kind="money", shape="column_budget", titles=("The Money",)),
        SlideKind(kind="trend", shape="bar_chart", titles=("The Trend",)),
    ),
    marks=Marks(is_new=("[New]",), is_ai_safety=("▶",)),
    budgets=BudgetWords(initial=("budget",), supplementary=("supplementary budget",), approximate=("about", "or so")),
)


def _item(key: str, group: str, category: str = "Safety", *, new: bool = False) -> Row:
    return {
        "item_id": key, "category_id": category.lower(), "category": category, "group": group,
        "parent_item_id": None, "name": key.replace("-", " "), "is_new": new, "is_ai_safety": False, "page": 2,
    }  # fmt: skip


def _amount(key: str, printed: str) -> Row:
    return {
        "subject_type": "item", "subject_id": key, "budget": "initial", "fiscal_year": 2030,
        "printed": printed, "currency": "USD", "is_part_of": False,
    }  # fmt: skip


def _slide(page: int, kind: str, title: str) -> Row:
    return {"page": page, "kind": kind, "title": title, "furniture": "title"}


@pytest.fixture
def old() -> Tables:
    """A small edition with everything that can drift."""
    return {
        "editions": [{"edition": "2030"}],
        "slides": [_slide(1, "plan", "The Plan"), _slide(2, "money", "The Money"), _slide(3, "trend", "The Trend")],
        "policy_measures": [
            {"measure_id": "m1", "pillar": "Mitigating Risks", "group": "General", "text": "Watch models"},
            {"measure_id": "m2", "pillar": "Mitigating Risks", "group": "General", "text": "Test models"},
            {"measure_id": "m3", "pillar": "Optimal Use", "group": "Farms", "text": "Drive tractors"},
        ],
        "bill_provisions": [{"provision_id": "p1", "part": None, "section": "Purpose", "text": "To promote."}],
        "statements": [{"statement_id": "s1", "heading": "Budget of FY2030", "text": "It grows."}],
        "institute_organizations": [{"organization_id": "a", "role": "ministry"}],
        "budget_items": [
            _item("red-robots", "Robots", new=True), _item("blue-robots", "Robots"), _item("green-robots", "Robots"),
            _item("open-data", "Data", "Growth"),
        ],
        "budget_amounts": [
            _amount("red-robots", "1.0 million dollar"), _amount("blue-robots", "2.0 million dollar"),
            _amount("green-robots", "3.0 million dollar"), _amount("open-data", "0.4 billion dollar"),
        ],
        "stated_figures": [],
        "budget_trend": [{"series": "Initial budget", "budget": "initial"}],
        "evidence": [
            {"table": "institute_organizations", "key": "a/ministry", "field": "role", "printed": "Ministries"},
            {"table": "budget_items", "key": "red-robots", "field": "is_new", "printed": "[New]"},
        ],
    }  # fmt: skip


@pytest.fixture
def new(old: Tables) -> Tables:
    """The next edition, in which nothing drifted; each test changes one thing in it."""
    tables: Tables = copy.deepcopy(old)
    tables["editions"][0]["edition"] = "2031"
    tables["statements"][0]["heading"] = "Budget of FY2031"
    return tables


def _word(text: str) -> Word:
    glyphs = tuple(Glyph(letter, Box(6.0 * i, 100, 6.0 * i + 6, 110)) for i, letter in enumerate(text))
    box = Box(0, 100, 6.0 * len(text), 110)
    return Word(0, text, box, glyphs, "Font", 10.0, bold=True, colour=None, baseline=108, spaced=True)


def _only(checks: tuple[Check, ...]) -> Check:
    assert len(checks) == 1, [c.message for c in checks]
    assert checks[0].kind == "drift"
    return checks[0]


def test_where_nothing_drifted_one_check_says_so(new: Tables, old: Tables) -> None:
    """A year that moved along is no drift, and the check names the edition that was compared with."""
    check = _only(drift_checks(new, old, PROFILE))
    assert (check.check_id, check.verdict) == ("drift/none", "consistent")
    assert "edition 2030" in check.message


def test_a_first_edition_is_held_against_the_profile(new: Tables) -> None:
    """Without an earlier edition what the profile expects and is not there is told, and nothing else."""
    assert "no earlier edition" in _only(drift_checks(new, None, PROFILE)).message
    del new["slides"][2]
    check = _only(drift_checks(new, None, PROFILE))
    assert check.check_id == "drift/slide-gone/trend-1"
    assert "profile" in check.message


def test_a_slide_that_is_gone_is_named(new: Tables, old: Tables) -> None:
    """Its title and the edition that had it are in the message; the reading of the rest is sure."""
    del new["slides"][2]
    check = _only(drift_checks(new, old, PROFILE))
    assert (check.check_id, check.verdict) == ("drift/slide-gone/trend-1", "consistent")
    assert "The Trend" in check.message
    assert "dition 2030" in check.message


def test_a_slide_gone_beside_an_unknown_one_is_undetermined(new: Tables, old: Tables) -> None:
    """The unknown slide may be the one that is missed, so neither is sure."""
    new["slides"][2] = _slide(3, "unrecognised", "Spending at a Glance")
    checks = drift_checks(new, old, PROFILE)
    assert {c.subject for c in checks} == {"slide of an unknown kind", "slide gone"}
    assert {c.verdict for c in checks} == {"undetermined"}
    assert "page 3" in next(c.message for c in checks if c.subject == "slide gone")


def test_an_unknown_slide_that_was_there_before_is_no_drift(new: Tables, old: Tables) -> None:
    """It is known from the earlier edition, whatever its page."""
    for tables in (new, old):
        tables["slides"].append(_slide(4, "unrecognised", "Timetable"))
    assert _only(drift_checks(new, old, PROFILE)).check_id == "drift/none"


def test_the_fewest_slides_are_told_to_have_moved(new: Tables, old: Tables) -> None:
    """When the last slide comes first, that one moved, not the others by one page each."""
    new["slides"] = [_slide(1, "trend", "The Trend"), _slide(2, "plan", "The Plan"), _slide(3, "money", "The Money")]
    check = _only(drift_checks(new, old, PROFILE))
    assert check.check_id == "drift/moved-slide/trend-1"
    assert "page 3" in check.message
    assert "page 1" in check.message


def test_a_slide_of_a_kind_the_earlier_edition_lacks_is_new(new: Tables, old: Tables) -> None:
    """It is recognised, so the reading is sure."""
    del old["slides"][1]
    check = _only(drift_checks(new, old, PROFILE))
    assert (check.subject, check.verdict) == ("new slide", "consistent")


def test_a_reworded_title_is_told_with_both_wordings(new: Tables, old: Tables) -> None:
    """The new title and the old one are in the message."""
    new["slides"][1]["title"] = "The Money of the Ministries"
    check = _only(drift_checks(new, old, PROFILE))
    assert check.subject == "reworded title"
    assert "'The Money of the Ministries'" in check.message
    assert "'The Money'" in check.message


def test_a_title_is_held_against_the_earlier_edition_first(new: Tables, old: Tables) -> None:
    """A wording that the profile does not list is no drift where it was there last year."""
    for tables in (new, old):
        tables["slides"][1]["title"] = "The Money of the Ministries"
    assert _only(drift_checks(new, old, PROFILE)).check_id == "drift/none"


@pytest.mark.parametrize(
    ("table", "column", "was", "now", "subject"),
    [
        ("policy_measures", "pillar", "Mitigating Risks", "Mitigation of Risks", "reworded pillar"),
        ("policy_measures", "group", "General", "All Domains", "reworded group of measures"),
        ("budget_items", "group", "Robots", "Machines that Help", "reworded group of items"),
        ("bill_provisions", "section", "Purpose", "The Purpose", "reworded section of the bill"),
        ("statements", "heading", "Budget of FY2031", "The Budget of FY2031", "reworded heading"),
    ],
)
def test_a_reworded_heading_is_told_with_both_wordings(
    new: Tables, old: Tables, table: str, column: str, was: str, now: str, subject: str
) -> None:
    """Headings are known again by their words or by what stands under them, and are no error."""
    for row in new[table]:
        if row[column] == was:
            row[column] = now
    check = _only(drift_checks(new, old, PROFILE))
    assert (check.subject, check.verdict) == (subject, "consistent")
    assert repr(now) in check.message


def test_case_and_typography_are_no_rewording(new: Tables, old: Tables) -> None:
    """The same words in capitals, or with another apostrophe, are the same heading."""
    for row in new["policy_measures"]:
        row["pillar"] = str(row["pillar"]).upper()
    assert _only(drift_checks(new, old, PROFILE)).check_id == "drift/none"


def test_a_pillar_that_comes_and_one_that_goes_are_told_apart(new: Tables, old: Tables) -> None:
    """Without words or measures in common they are two pillars, not one reworded."""
    new["policy_measures"][2] |= {"pillar": "Skills", "group": "Schools", "text": "Teach teachers"}
    subjects = {c.subject for c in drift_checks(new, old, PROFILE)}
    assert subjects == {"new pillar", "pillar gone"}


def test_groups_of_programmes_that_come_and_go_are_left_to_the_comparison(new: Tables, old: Tables) -> None:
    """A programme ends and another begins every year; that is what the government changed, not drift."""
    new["budget_items"][3] = _item("quantum-chips", "Chips", "Growth")
    assert _only(drift_checks(new, old, PROFILE)).check_id == "drift/none"


def test_a_roster_heading_is_known_by_its_role(new: Tables, old: Tables) -> None:
    """However much its words changed, the same bodies' role tells which heading it is."""
    new["evidence"][0]["printed"] = "Who takes part"
    check = _only(drift_checks(new, old, PROFILE))
    assert check.subject == "reworded roster heading"
    assert "'Ministries'" in check.message


def test_a_mark_that_the_profile_does_not_know_is_told(new: Tables, old: Tables) -> None:
    """What "[Priority]" means nobody said, so the reading is undetermined; brackets inside a name are no mark."""
    new["budget_items"][1]["name"] = "[Priority] blue robots"
    new["budget_items"][2]["name"] = "green [or teal] robots"
    new["budget_items"][0]["name"] = "red robots (RR)"
    new["budget_items"][3]["name"] = "open data [New]"
    check = _only(drift_checks(new, old, PROFILE))
    assert (check.subject, check.verdict) == ("mark never seen", "undetermined")
    assert [place.key for place in check.rows] == ["blue-robots"]


def test_a_mark_that_stands_nowhere_any_more_is_told(new: Tables, old: Tables) -> None:
    """Perhaps nothing is new, perhaps the mark looks different: it is not known which."""
    new["budget_items"][0]["is_new"] = False
    new["evidence"].pop()
    check = _only(drift_checks(new, old, PROFILE))
    assert (check.check_id, check.verdict) == ("drift/mark-gone/is_new", "undetermined")
    assert "[New]" in check.message


def test_a_known_mark_printed_otherwise_is_told(new: Tables, old: Tables) -> None:
    """The profile knows it, so the reading is sure."""
    new["evidence"][1]["printed"] = "(New)"
    check = _only(drift_checks(new, old, PROFILE))
    assert (check.subject, check.verdict) == ("mark printed otherwise", "consistent")


def test_a_unit_never_seen_is_told_once(new: Tables, old: Tables) -> None:
    """A unit is what follows the number, and "or so" is none."""
    new["budget_amounts"][0]["printed"] = "900 thousand dollar"
    new["budget_amounts"][1]["printed"] = "around 800 thousand dollar"
    new["budget_amounts"][2]["printed"] = "3.0 million dollar or so"
    check = _only(drift_checks(new, old, PROFILE))
    assert check.check_id == "drift/unit-never-seen/thousand-dollar"
    assert "'900 thousand dollar'" in check.message


def test_a_currency_never_seen_is_told(new: Tables, old: Tables) -> None:
    """Amounts in another currency cannot be compared with those before."""
    new["budget_amounts"][0]["currency"] = "EUR"
    assert _only(drift_checks(new, old, PROFILE)).check_id == "drift/currency-never-seen/eur"


def test_a_heading_with_nothing_under_it_is_named(new: Tables, old: Tables) -> None:
    """From the slides' readings; from the tables alone at least its page is known."""
    heading = of_words(2, [_word("Quantum")])
    readings = (SlideReading(2, "money", "The Money", furniture=(Furniture(heading, "heading without items"),)),)
    check = _only(drift_checks(new, old, PROFILE, readings))
    assert (check.verdict, "'Quantum'" in check.message) == ("undetermined", True)
    new["slides"][1]["furniture"] = "heading without items; title"
    check = _only(drift_checks(new, old, PROFILE))
    assert (check.verdict, "Page 2" in check.message) == ("undetermined", True)


def test_an_item_that_lost_its_amount_is_told_unless_it_became_an_umbrella(new: Tables, old: Tables) -> None:
    """An amount that was there last year and is not read this year may have been overlooked."""
    new["budget_amounts"] = [a for a in new["budget_amounts"] if a["subject_id"] != "blue-robots"]
    check = _only(drift_checks(new, old, PROFILE))
    assert (check.check_id, check.verdict) == ("drift/amount-without-a-reading/blue-robots", "undetermined")
    assert "2.0 million dollar" in check.message
    new["budget_items"][2]["parent_item_id"] = "blue-robots"
    assert _only(drift_checks(new, old, PROFILE)).check_id == "drift/none"


def test_a_name_that_still_holds_an_amount_is_told(new: Tables, old: Tables) -> None:
    """In a name, "5.0 million" is money that nobody read; "2.0" alone is not."""
    new["budget_items"][1]["name"] = "blue robots 5.0 million dollars"
    new["budget_items"][2]["name"] = "green robots 2.0"
    check = _only(drift_checks(new, old, PROFILE))
    assert check.check_id == "drift/amount-without-a-reading/blue-robots"


def test_no_drift_is_ever_inconsistent(new: Tables, old: Tables) -> None:
    """Even an edition that has nothing of the earlier one does not make a run fail."""
    bare: Tables = {name: [] for name in new} | {"editions": new["editions"]}
    checks = drift_checks(bare, old, PROFILE)
    assert checks
    assert "inconsistent" not in {c.verdict for c in checks}
    assert len({c.check_id for c in checks}) == len(checks)


@pytest.mark.parametrize(
    ("editions", "edition", "expected"),
    [
        (["2024", "2025", "2027"], "2026", "2025"),
        (["2026"], "2026", None),
        (["9"], "10", "9"),
        (["fy2025-initial", "fy2026-initial"], "fy2025-supplementary", "fy2025-initial"),
        ([], "2026", None),
    ],
)
def test_the_newest_earlier_edition_is_found(editions: list[str], edition: str, expected: str | None) -> None:
    """Numbers in names count as numbers, and an edition is not earlier than itself."""
    assert newest_earlier(editions, edition) == expected


@pytest.fixture(scope="module")
def extracted() -> dict[str, Edition]:
    """The three decks at hand."""
    workshop = Workshop(Options(out=Path("no editions"), sources=Path("no sources")))
    for path, _ in DECKS.values():
        if not path.is_file():
            pytest.skip(f"{path.name} is not here")
    return {name: read_edition(path, workshop).edition for name, (path, _) in DECKS.items()}


def test_the_decks_at_hand_drift_as_a_person_sees_it(extracted: dict[str, Edition]) -> None:
    """2026 is drawn like 2025; 2027 moves two slides, has one more and drops the bill's outer heading."""
    (profile,) = (p for p in Workshop(Options()).profiles if p.deck == "japan-ai-policy")

    def drifted(old: str, new: str) -> list[tuple[Any, ...]]:
        checks = drift_checks(extracted[new].tables, extracted[old].tables, profile)
        return sorted((c.subject, c.verdict) for c in checks)

    assert drifted("2025", "2026") == [("edition", "consistent")]
    assert drifted("2026", "2027") == [
        ("moved slide", "consistent"),
        ("moved slide", "consistent"),
        ("part of the bill gone", "consistent"),
        ("slide of an unknown kind", "undetermined"),
    ]
