"""Where entries begin and end: what hangs, what stands under a bullet, what a slide's other columns show."""

from __future__ import annotations

from dataclasses import replace

from pipeline.layout.column_lines import make_lines
from pipeline.layout.entry_habits import hanging_indent, leading_of, wrapped_entries
from pipeline.layout.lines import segments_of
from pipeline.layout.outline import read_entries
from pipeline.layout.panels import frames_of
from pipeline.model import Box, Page, Panel
from tests.typed_pages import Typed, page_of


def _entries(page: Page, right: float = 300, **more: float) -> list[str]:
    lines = make_lines(segments_of(page), page, frames_of(page))
    return [entry.text for entry in read_entries(lines, right, **more)]  # type: ignore[arg-type]


_HANGING = [
    Typed(20, 50, "Promotion of research on"),
    Typed(30, 62, "large models in Japan"),
    Typed(20, 74, "Support for students in"),
    Typed(30, 86, "every prefecture"),
]


def test_a_wrap_that_hangs_is_one_however_it_is_centred() -> None:
    """A short wrapped line may have its middle right under that of the line above, and is no centred line for it."""
    above, below = "Network for federated work", "(building up the network)"
    page = page_of([*_HANGING, Typed(20, 98, above), Typed(24, 110, below)])
    lines = make_lines(segments_of(page), page, ())
    assert abs(lines[-1].box.centre - lines[-2].box.centre) < 5
    page = page_of([*_HANGING, Typed(20, 98, above), Typed(30, 110, below[:-4] + ")")])
    lines = make_lines(segments_of(page), page, ())
    assert abs(lines[-1].box.centre - lines[-2].box.centre) < 5
    assert _entries(page)[-1] == f"{above} {below[:-4]})"


def test_a_wrap_under_a_sub_entry_with_a_bullet_is_no_entry() -> None:
    """Where entries have no bullets and hang, what stands under the text behind a bullet, further right, goes on with it."""
    page = page_of(
        [*_HANGING, Typed(34, 98, "•"), Typed(42, 98, "Northern centre for snow"), Typed(42, 110, "Hokkaido")]
    )
    assert _entries(page)[-1] == "Northern centre for snow Hokkaido"


def test_a_column_without_enough_wraps_is_read_as_the_others_are() -> None:
    """One wrapped line shows nothing by itself; where it hangs as far as those of another column, it is a wrap."""
    other = page_of(_HANGING)
    hang = hanging_indent(make_lines(segments_of(other), other, ()), lambda _line: False)
    assert hang == 1.0
    column = [
        Typed(20, 50, "Support for the labels of images in the news of every day in"),
        Typed(30, 62, "all languages"),
        Typed(20, 74, "Knowledge for the administration of all regions (from 2026)"),
        Typed(20, 86, "Pension plan"),
    ]
    joined = " ".join(line.text for line in column[:2])
    assert _entries(page_of(column), hang=hang) == [joined, column[2].text, column[3].text]


def test_a_heading_with_a_bullet_goes_on_in_a_line_that_begins_at_the_bullet() -> None:
    """All headings have a bullet, so a bold line without one is the rest of the heading above it, though it would have fitted."""
    page = page_of(
        [
            Typed(20, 50, "◆ Research foundations", bold=True),
            Typed(24, 62, "• one thing that is done here"),
            Typed(20, 80, "◆ Computing and", bold=True),
            Typed(20, 92, "infrastructure", bold=True),
            Typed(24, 104, "• another thing that is done here"),
        ]
    )
    assert _entries(page)[2] == "Computing and infrastructure"


def test_two_lines_on_one_band_are_one_heading() -> None:
    """Whatever would have fitted: what is set alike on one filled strip is one heading."""
    band = Panel(Box(15, 46, 305, 76), "#1f3864", "fill")
    lines = [
        Typed(20, 50, "Cooperation", bold=True, colour="#ffffff"),
        Typed(20, 62, "Elsewhere", bold=True, colour="#ffffff"),
    ]
    below = [Typed(24, 90 + 12 * n, "• a thing that is done in that field") for n in range(3)]
    assert _entries(page_of([*lines, *below], panels=(band,)))[0] == "Cooperation Elsewhere"
    assert _entries(page_of([*lines, *below]))[0] == "Cooperation"


def test_a_line_that_ends_with_a_preposition_goes_on() -> None:
    """Whatever would have fitted: no name ends with such a word, and one that ends otherwise is whole."""
    for last, expected in (("by", "Innovation by AI"), ("By", "Innovation By")):
        lines = [Typed(20, 50, f"Innovation {last}", bold=True), Typed(20, 62, "AI", bold=True)]
        assert _entries(page_of([*lines, Typed(24, 90, "• a thing that is done in that field")]))[0] == expected


def test_entries_without_bullets_are_told_by_the_space_between_them() -> None:
    """Lines as near as those of one entry elsewhere go on, those farther apart begin one, though nothing more fitted above."""
    full = "Joint calls together with the agencies of all partner co"
    page = page_of(
        [Typed(20, 50, full), Typed(20, 65, "Regular publication"), Typed(20, 80, full), Typed(20, 92, "countries")]
    )
    assert _entries(page) == [full, "Regular publication", f"{full} countries"]
    alone = page_of([Typed(20, 50, full), Typed(20, 65, "Regular publication")])
    assert _entries(alone) == [f"{full} Regular publication"]
    assert _entries(alone, leading=0.2) == [full, "Regular publication"]


def test_the_space_between_lines_is_that_of_the_nearest_two() -> None:
    """In font sizes; no lines have none."""
    page = page_of([Typed(20, 50, "one"), Typed(20, 65, "two"), Typed(20, 77, "three")])
    assert leading_of(make_lines(segments_of(page), page, ())) == 0.2
    assert leading_of(()) == float("inf")


def test_wrapped_entries_are_those_whose_lines_stand_under_their_text() -> None:
    """A line set in further, or one without a bullet above it, is in none."""
    page = page_of(
        [
            Typed(20, 50, "• one thing"),
            Typed(28, 62, "and more of it"),
            Typed(20, 74, "• another"),
            Typed(40, 86, "below it"),
        ]
    )
    found = wrapped_entries(make_lines(segments_of(page), page, ()))
    assert [[line.passage.text for line in lines] for lines in found] == [["one thing", "and more of it"]]


def test_what_is_all_in_brackets_ends_before_the_next_bracket() -> None:
    """Two lines that each are one text in brackets are two entries; one that opens in the line above goes on."""
    page = page_of([Typed(20, 50, "(Public infrastructure)"), Typed(20, 62, "(Development bank)")])
    assert _entries(page, right=140) == ["(Public infrastructure)", "(Development bank)"]
    page = page_of([Typed(20, 50, "(Public infrastructure and"), Typed(20, 62, "(partly) development banks)")])
    assert _entries(page, right=140) == ["(Public infrastructure and (partly) development banks)"]


def test_a_line_without_the_bullet_that_all_entries_have_is_a_wrap() -> None:
    """It may stand flush with the bullet and leave room above it; where one entry has no bullet, it may be another."""
    listed = [
        Typed(20, 50, "• Support for students"),
        Typed(20, 62, "• Flagship supercomputer"),
        Typed(20, 74, "Science and operation"),
        Typed(20, 86, "• Data spaces"),
    ]
    assert _entries(page_of(listed))[1] == "Flagship supercomputer Science and operation"
    assert "Science and operation" in _entries(page_of([Typed(20, 38, "Review of the plan"), *listed]))


def _under_bullets(below: Typed) -> Page:
    first = Typed(20, 50, "• Research on large models in Japan")
    return page_of([first, Typed(20, 62, "• Watermarks of media"), below, Typed(20, 86, "• Rules for all")])


def test_a_line_in_another_colour_below_a_bullet_is_a_heading() -> None:
    """It would go on with the entry above, were it set alike; in brackets, or within a sentence, it does in any colour."""
    assert "Watermarks of media Government" in _entries(_under_bullets(Typed(20, 74, "Government")))
    assert "Government" in _entries(_under_bullets(Typed(20, 74, "Government", colour="#cc0000")))
    for remark in ("(MIC)", "and of news"):
        entries = _entries(_under_bullets(Typed(20, 74, remark, colour="#cc0000")))
        assert f"Watermarks of media {remark}" in entries


def test_a_line_in_italics_below_a_bullet_is_a_heading() -> None:
    """Italics set it apart, as a colour would."""
    page = _under_bullets(Typed(20, 74, "Government"))
    words = [replace(w, font="Sans-Italic") if w.text == "Government" else w for w in page.words]
    assert "Government" in _entries(replace(page, words=tuple(words)))
