"""Rosters of an institute: which bodies are listed under which heading, on pages typed for the purpose."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from pipeline.extractors import roster
from pipeline.extractors.harvest import Context
from pipeline.layout.slide import read_slides, with_title
from pipeline.model import Box, Document, Panel
from pipeline.run import Options, Workshop
from tests.typed_pages import SIZE, SPACE, Typed, page_of

if TYPE_CHECKING:
    from pathlib import Path

    from pipeline.records import Printed, SlideReading

MINISTRY, ORGANIZATION = "relevant ministry", "related organization"
LEFT, RIGHT, STEP = 40.0, 400.0, 14.0


@pytest.fixture
def context(tmp_path: Path) -> Context:
    """What the slide of the institute is read with."""
    workshop = Workshop(Options(out=tmp_path / "no editions", sources=tmp_path / "no sources"))
    profile = next(p for p in workshop.profiles if p.deck == "japan-ai-policy")
    kind = next(k for k in profile.slides if k.shape == "roster")
    return Context(profile, kind, workshop.vocabulary, workshop.organizations)


def read(lines: list[Typed], context: Context, panels: tuple[Panel, ...] = ()) -> SlideReading:
    """What is read from a slide with these lines under a title."""
    title = Typed(LEFT, 20, "AI Safety Institute", bold=True, size=2 * SIZE)
    (slide,) = read_slides(Document("typed.pdf", "", (page_of([title, *lines], panels),), "", "", ""))
    (heading,) = (s for s in slide.body if s.text == title.text)
    return roster.extract(with_title(slide, (heading,)), context)


def bodies(reading: SlideReading) -> list[tuple[str, str]]:
    """The bodies read, each with its role, in their order."""
    found = []
    for record in reading.records:
        if record.table == "institute_organizations":
            role, printed = record.fields["role"], record.fields["printed"]
            found.append((_printed(role), _printed(printed)))
    return found


def _printed(content: object) -> str:
    field: Printed = content  # type: ignore[assignment]
    return str(field.value or field.passage.text)


def lists(*columns: tuple[float, float, str, list[str]], bold: bool = True) -> list[Typed]:
    """Lists, each of a left end, a top, a heading and names under each other."""
    return [
        line
        for x, top, heading, names in columns
        for line in (
            Typed(x, top, heading, bold=bold),
            *(Typed(x, top + STEP * n, name) for n, name in enumerate(names, start=1)),
        )
    ]


MINISTRIES = ["National Police Agency", "Digital Agency", "Ministry of Defense"]
INSTITUTES = ["RIKEN", "National Institute of Informatics"]


@pytest.mark.parametrize("bold", [True, False])
@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("Member ministries", "Cooperating organizations"),
        ("Participating ministries and agencies", "Related research institutes"),
        ("Related Ministries and Agencies (10)", "Related Organizations (4 bodies)"),
        ("Relevant ministries", "Collaborating organisations"),
        ("<Government ministries>", "Partner institutes:"),
    ],
)
def test_a_heading_in_other_words_opens_its_list(first: str, second: str, bold: bool, context: Context) -> None:
    """The word that a heading ends with says what it lists, whatever stands before it and how many it says there are."""
    reading = read(lists((LEFT, 80, first, MINISTRIES), (LEFT, 160, second, INSTITUTES), bold=bold), context)
    assert bodies(reading) == [*((MINISTRY, m) for m in MINISTRIES), *((ORGANIZATION, i) for i in INSTITUTES)]
    assert reading.doubts == ()


def test_a_heading_in_other_words_is_known_by_any_column_under_it(context: Context) -> None:
    """Where the first names of a list are wrapped and unknown, those of its other column show that it is one."""
    column = [
        Typed(LEFT, 80, "Cooperating institutes", bold=True),
        *(Typed(LEFT, 94 + 28 * n, name) for n, name in enumerate(["Centre for Tides", "Institute of Snow"])),
        Typed(RIGHT, 94, "National Institute of"),
        Typed(RIGHT, 105, "Informatics"),
        Typed(RIGHT, 122, "RIKEN"),
    ]
    names = ["Centre for Tides", "National Institute of Informatics", "Institute of Snow", "RIKEN"]
    assert bodies(read(column, context)) == [(ORGANIZATION, name) for name in names]


def test_prose_that_ends_like_a_heading_opens_no_list(context: Context) -> None:
    """A heading over prose, and a body that is called like one, list nothing."""
    lines = lists(
        (LEFT, 80, "Work with partner institutes", ["Experts of RIKEN join the work on methods every spring."]),
        (LEFT, 160, "Relevant ministries", [*MINISTRIES, "Conference of Environmental Institutes", "Cabinet Office"]),
    )
    reading = read(lines, context)
    assert bodies(reading) == [
        (MINISTRY, n) for n in [*MINISTRIES, "Conference of Environmental Institutes", "Cabinet Office"]
    ]


def test_a_heading_nobody_knows_ends_the_list_above_and_is_named(context: Context) -> None:
    """What stands under a heading set like the first, whose words mean nothing here, has no role; a doubt says so."""
    reading = read(lists((LEFT, 80, "Relevant ministries", MINISTRIES), (LEFT, 160, "Observers", INSTITUTES)), context)
    assert bodies(reading) == [(MINISTRY, m) for m in MINISTRIES]
    assert [(d.kind, d.subject, d.settled) for d in reading.doubts] == [("rosters", "RIKEN", False)]


def test_a_name_in_bold_does_not_end_its_list(context: Context) -> None:
    """A name that is set like the heading, as far from its neighbours as the others, is one of the list."""
    lines = lists((LEFT, 80, "Related organizations", ["RIKEN", "", "National Institute of Informatics"]))
    lines = [line for line in lines if line.text] + [Typed(LEFT, 80 + 2 * STEP, "Institute of Tides", bold=True)]
    reading = read(lines, context)
    names = ["RIKEN", "Institute of Tides", "National Institute of Informatics"]
    assert bodies(reading) == [(ORGANIZATION, name) for name in names]


def test_a_roster_slide_without_a_body_is_never_silent(context: Context) -> None:
    """Where no heading opens a list, the edition says that this slide's bodies were not read."""
    reading = read(lists((LEFT, 80, "Who takes part", MINISTRIES)), context)
    assert bodies(reading) == []
    assert [(d.kind, d.subject, d.settled) for d in reading.doubts] == [("rosters", "AI Safety Institute", False)]


def test_an_arrow_between_lists_is_no_body(context: Context) -> None:
    """A sign without a letter or a digit is set aside and kept, with the reason."""
    lines = lists((LEFT, 80, "Relevant ministries", MINISTRIES), (RIGHT, 80, "Related organizations", INSTITUTES))
    reading = read([*lines, Typed(RIGHT - 30, 80 + 2 * STEP, "⇔")], context)
    assert bodies(reading) == [*((MINISTRY, m) for m in MINISTRIES), *((ORGANIZATION, i) for i in INSTITUTES)]
    assert [f.passage.text for f in reading.furniture if f.reason == "sign without words"] == ["⇔"]


def test_a_number_by_itself_is_no_body(context: Context) -> None:
    """What has digits and no letter is set aside and kept, with the reason."""
    names = ["RIKEN", "12", "National Institute of Informatics"]
    reading = read(lists((LEFT, 80, "Related organizations", names)), context)
    assert bodies(reading) == [(ORGANIZATION, names[0]), (ORGANIZATION, names[2])]
    assert [f.passage.text for f in reading.furniture if f.reason == "number without a name"] == ["12"]


def test_a_list_that_runs_over_lines_is_cut_at_its_commas(context: Context) -> None:
    """Lines of one paragraph are put together before they are cut, so that a name may break between them."""
    lines = lists(
        (
            LEFT,
            80,
            "Relevant ministries",
            [
                "Cabinet Office (Secretariat for Science, Technology and Innovation), National Security",
                "Secretariat, National Cybersecurity Office (NCO), National Police Agency, Digital Agency,",
                "Ministry of Foreign Affairs",
            ],
        ),
    )
    assert [name for _, name in bodies(read(lines, context))] == [
        "Cabinet Office (Secretariat for Science, Technology and Innovation)",
        "National Security Secretariat",
        "National Cybersecurity Office (NCO)",
        "National Police Agency",
        "Digital Agency",
        "Ministry of Foreign Affairs",
    ]


def test_names_of_several_lines_in_frames_of_their_own_are_bodies(context: Context) -> None:
    """A frame that is higher than its neighbours above and below for a wrapped name holds a body as they do."""
    names = [
        ["National Institute of Information", "and Communications Technology (NICT)"],
        ["RIKEN"],
        ["National Institute of Informatics"],
        ["AIST"],
        ["National Institute of Advanced Industrial", "Science and Technology"],
    ]
    wide, top, lines, panels = 240.0, 100.0, [Typed(LEFT, 80, "Related organizations", bold=True)], []
    for name in names:
        height = STEP * len(name) + 4
        panels.append(Panel(Box(LEFT, top, LEFT + wide, top + height), None, "#000000"))
        for n, text in enumerate(name):
            words = text.split()
            width = SIZE / 2 * sum(map(len, words)) + SPACE * (len(words) - 1)
            lines.append(Typed(LEFT + (wide - width) / 2, top + 4 + STEP * n, text))
        top += height + 6
    reading = read(lines, context, tuple(panels))
    assert bodies(reading) == [(ORGANIZATION, " ".join(name)) for name in names]
