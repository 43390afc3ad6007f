"""The known bodies: each printed form means one of them, and what is no body means none."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from pipeline.errors import SchemaError
from pipeline.organizations import load_organizations

REGISTRY = load_organizations()
TRUTH = Path(__file__).parents[2].parent / "shared" / "truth" / "japan-2025.truth.json"
HEADER = "organization_id,name,abbreviation,kind,name_ja,abbreviation_ja,aliases\n"


@pytest.mark.parametrize(
    ("forms", "expected"),
    [
        (["METI", "ＭＥＴＩ", "meti", "経", "経産", "経済産業省"], "ministry-of-economy-trade-and-industry"),
        (
            ["Ministry of Economy, Trade & Industry", "the Ministry of Economy, Trade, and  Industry"],
            "ministry-of-economy-trade-and-industry",
        ),
        (["CAO", "内閣府", "内", "内府", "Cabinet Office"], "cabinet-office"),
        (["NISC", "Cabinet Cyber Security Center (NISC)"], "national-cybersecurity-office"),
        (
            ["PPC (Personal Information Protection Commission)", "個人情報保護委員会"],
            "personal-information-protection-commission",
        ),
        (["厚", "厚労", "MHLW"], "ministry-of-health-labour-and-welfare"),
        (["国", "国交", "MLIT"], "ministry-of-land-infrastructure-transport-and-tourism"),
        (["デジタル庁", "ﾃﾞｼﾞﾀﾙ庁", "デ", "Digital Agency"], "digital-agency"),
        (["National Security Bureau", "National Security Secretariat"], "national-security-secretariat"),
        (
            ["Nat'l Inst. of Info & Comm. Tech. (NICT)", "NICT"],
            "national-institute-of-information-and-communications-technology",
        ),
        (["国立研究開発法人理化学研究所", "理研", "RIKEN"], "riken"),
    ],
)
def test_all_forms_of_a_name_mean_one_body(forms: list[str], expected: str) -> None:
    """Name, abbreviation, Japanese name and alias lead to the same key, whatever case, width, spaces and commas."""
    for form in forms:
        body = REGISTRY.resolve(form)
        assert body is not None, form
        assert body.organization_id == expected, form


@pytest.mark.parametrize(
    "printed",
    [
        "relevant ministries",
        "etc.",
        "",
        "(",
        "METI (MIC)",
        "Fugaku office (MEXT)",
        "Cabinet Office (Bureau of Piers)",
        "METI, MIC",
    ],
)
def test_what_is_not_one_known_body_is_none(printed: str) -> None:
    """A group of bodies, two bodies, an unknown office of a ministry and nothing at all resolve to nothing."""
    assert REGISTRY.resolve(printed) is None


def test_the_abbreviations_used_on_slides_are_known() -> None:
    """Every single character that Japanese budget slides set before an item is a body."""
    for mark in "内デ総外財文厚農経国環防警法金消復こ個公":
        assert REGISTRY.resolve(mark) is not None, mark


def test_the_bodies_of_the_real_deck_are_known_and_different() -> None:
    """Each body listed on the institute's slide resolves, and no two of them to the same."""
    if not TRUTH.is_file():
        pytest.skip("the truth tables are not beside the project")
    names = [o["name"] for o in json.loads(TRUTH.read_text(encoding="utf-8"))["organizations"]]
    found = [REGISTRY.resolve(name) for name in names]
    assert None not in found
    assert len({body.organization_id for body in found if body}) == len(names)


def test_keys_are_slugs_and_names_are_there() -> None:
    """Each body has a stable key in lower case, a name and a kind."""
    for body in REGISTRY.organizations:
        assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", body.organization_id)
        assert body.name
        assert body.kind


@pytest.mark.parametrize(
    ("printed", "holder"),
    [
        ("総", "ministry-of-internal-affairs-and-communications"),
        ("内（経）", "cabinet-office"),
        ("内(金)", "cabinet-office"),
        ("文部科学省（原子力規制庁）", None),
        ("Ministry of Piers (Bureau)", None),
        ("何（経）", None),
    ],
)
def test_a_budget_line_is_held_by_the_outer_body(printed: str, holder: str | None) -> None:
    """Of 「内（経）」 the budget is the Cabinet Office's; a bracket behind a whole name, or an unknown body, is none."""
    found = REGISTRY.resolve_holder(printed)
    assert (found.organization_id if found else None) == holder


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("id,name\n", "line 1: the columns"),
        (HEADER + "piers,Ministry of Piers,MoP\n", "line 2: a row needs 7 cells"),
        (HEADER + "p,Piers,MoP,,,,\np,Ports,,,,,\n", "line 3: the key p stands twice"),
        (HEADER + "p,Piers,MoP,,,,\nq,Ports,mop,,,,\n", "line 3: 'mop' already means Piers"),
    ],
)
def test_a_wrong_file_is_refused_by_line(tmp_path: Path, text: str, said: str) -> None:
    """A missing column, a doubled key and a form that would mean two bodies are errors with the line."""
    path = tmp_path / "organizations.csv"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(SchemaError, match=said):
        load_organizations(path)
    with pytest.raises(SchemaError, match="missing"):
        load_organizations(tmp_path / "none.csv")


@pytest.mark.parametrize("cut", ["Affairs and", "Affairs and Communications", "communications", "Police Agency"])
def test_words_out_of_a_name_are_a_piece_of_it(cut: str) -> None:
    """Whole words that do not begin the name are what is left of one that was cut."""
    assert REGISTRY.piece_of(cut) is not None


@pytest.mark.parametrize(
    "whole", ["Ministry of Internal", "Cabinet", "Institute for Public Software", "ommunication", "(", ""]
)
def test_other_words_are_no_piece_of_a_name(whole: str) -> None:
    """What a name begins with may be short for it, and parts of words, or no words, are nothing."""
    assert REGISTRY.piece_of(whole) is None
