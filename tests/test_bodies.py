"""Bodies printed with an item, in brackets of every make."""

from __future__ import annotations

import pytest

from pipeline.extractors.bodies import closing_bracket, listed_bodies, opening_bracket, parts_of_list
from pipeline.organizations import load_organizations

REGISTRY = load_organizations()


@pytest.mark.parametrize(
    ("text", "bodies", "carried"),
    [
        ("施策（文）", ["文"], None),
        ("施策（経・農）", ["経", "農"], None),
        ("施策（文：40億円の内数）", ["文"], "40億円の内数"),
        ("施策（文科省、40億円）", ["文科省"], "40億円"),
        ("施策（総・経　1.2億円［3億円］）", ["総", "経"], "1.2億円［3億円］"),
        ("施策（内（科）・総：3億円）", ["内（科）", "総"], "3億円"),
        ("量子計算基盤（QAIC）", None, None),
        ("施策（一部、3か所）", None, None),
        ("施策（130億円の内数）", None, None),
    ],
)
def test_a_bracket_behind_a_name_holds_bodies_and_what_they_carry(
    text: str, bodies: list[str] | None, carried: str | None
) -> None:
    """Every part in front of the colon or the number is a known body, or the bracket is none of bodies."""
    found = closing_bracket(text, REGISTRY)
    assert (None if found is None else [text[a:b].strip() for a, b in found.bodies]) == bodies
    if found is not None:
        assert (text[slice(*found.carried)].strip() if found.carried else None) == carried


def test_a_bracket_in_front_opens_an_item_only_with_bodies() -> None:
    """【総】 and 【内（経）】 are bodies, 【研究基盤の整備】 is a heading."""
    assert opening_bracket("【内（経）】施策", "【", REGISTRY) is not None
    assert opening_bracket("【研究基盤の整備】", "【", REGISTRY) is None


def test_a_cell_of_bodies_lists_nothing_else() -> None:
    """A table's column of ministries is recognised whole, and no name is taken for one."""
    assert len(listed_bodies("総務省・経産省", REGISTRY)) == 2
    assert listed_bodies("総務省の施策", REGISTRY) == ()


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        (
            "National Security Secretariat, National Cybersecurity Office (NCO), Digital Agency",
            ["National Security Secretariat", "National Cybersecurity Office (NCO)", "Digital Agency"],
        ),
        (
            "RIKEN and Ministry of Economy, Trade and Industry (METI)",
            ["RIKEN", "Ministry of Economy, Trade and Industry (METI)"],
        ),
    ],
)
def test_a_list_is_cut_in_front_of_a_name_with_its_abbreviation(text: str, parts: list[str]) -> None:
    """An abbreviation behind the last of several names makes no one name of them; a name keeps the commas that are its own."""
    assert [text[a:b] for a, b in parts_of_list(text, 0, len(text), REGISTRY)] == parts
