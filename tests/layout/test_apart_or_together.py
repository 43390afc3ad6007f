"""What stands on one line: one text or several, bullets, dots of a leader, words that a line's end broke."""

from __future__ import annotations

from pipeline.layout.columns import cut_at_columns, split_columns
from pipeline.layout.hyphens import mark_broken_words
from pipeline.layout.leaders import take_leaders
from pipeline.layout.lines import segments_of
from pipeline.model import Box, Document, Page, Panel
from tests.typed_pages import Typed, page_of


def _texts(page: Page) -> list[str]:
    return [s.text for s in segments_of(page)]


def test_bullets_of_two_columns_are_no_leader() -> None:
    """Single dots that stand far apart, left of each other on lines that are nearly level, lead to nothing."""
    page = page_of([Typed(20, 50.1, "·"), Typed(30, 50, "One"), Typed(320, 50, "·"), Typed(330, 50, "Two")])
    leaders, words = take_leaders(page.words)
    assert leaders == []
    assert len(words) == 4


def test_a_justified_line_is_one_text() -> None:
    """Its spaces are equally wide, however wide, and the next line of its paragraph begins where it does."""
    wide, end = Typed(20, 50, "shared by all universities", space=12), Typed(20, 62, "and institutes")
    assert _texts(page_of([wide, end])) == ["shared by all universities", "and institutes"]
    assert _texts(page_of([wide])) == ["shared", "by", "all", "universities"]


def test_heads_over_columns_are_no_justified_line() -> None:
    """Words equally far apart that begin where others do, above or below them, stand in columns; so do figures and years."""
    heads = [
        Typed(20, 50, "money people plans", space=12),
        Typed(20, 62, "ten"),
        Typed(57, 62, "six"),
        Typed(99, 62, "two"),
    ]
    assert _texts(page_of(heads))[:3] == ["money", "people", "plans"]
    years = [Typed(20, 50, "FY2025 FY2026 FY2027", space=12), Typed(20, 62, "of a budget")]
    assert _texts(page_of(years))[:3] == ["FY2025", "FY2026", "FY2027"]


def test_two_bullets_that_justification_set_apart_are_bullets() -> None:
    """The outer one is the entry's, the inner one a mark in its text."""
    page = page_of([Typed(20, 50, "✓ ▶"), Typed(42, 50, "Research on simulation"), Typed(32, 62, "of crowds")])
    first = segments_of(page)[0]
    assert (first.marker.text if first.marker else None, first.text.replace(" ", "")) == ("✓", "▶Researchonsimulation")


def test_the_dots_of_a_drawn_line_are_no_bullets() -> None:
    """Small shapes side by side lead to an amount; one alone before a text is its bullet."""
    dots = tuple(Panel(Box(60 + 4 * n, 55, 61.5 + 4 * n, 56), "#333333", "fill") for n in range(3))
    page = page_of([Typed(20, 50, "Name"), Typed(80, 50, "amount")], panels=dots)
    assert [s.marker for s in segments_of(page)] == [None, None]
    page = page_of([Typed(80, 50, "amount")], panels=dots[-1:])
    assert segments_of(page)[0].marker is not None


def test_an_amount_that_nearly_touches_the_next_column_is_cut_from_it() -> None:
    """A gap wider than the other spaces, before a word that begins where a frame does, is the one between two columns."""
    line = page_of([Typed(20, 50, "Security $64M [$36M]"), Typed(122, 50, "Promotion of innovation")])
    frame = Panel(Box(122, 70, 300, 200), None, "stroke")
    (segment,) = segments_of(line)
    assert [s.text for s in cut_at_columns([segment], [frame])] == ["Security $64M [$36M]", "Promotion of innovation"]
    assert cut_at_columns([segment], []) == [segment]
    even = page_of([Typed(20, 50, "Security $64M [$36M] Promotion of innovation")])
    (segment,) = segments_of(even)
    assert cut_at_columns([segment], [Panel(Box(segment.words[3].box.x0, 70, 300, 200), None, "stroke")]) == [segment]


def test_a_line_above_two_columns_does_not_say_where_the_second_begins() -> None:
    """Where one line of a title begins, nearer than the columns are apart, nothing else does: the gutter is where most begin."""
    title = [Typed(160, 20, "A budget for this year and the next one")]
    left = [Typed(20, 50 + 12 * n, "a programme at the left") for n in range(8)]
    wide = [Typed(20, 146 + 12 * n, "a programme of the left one, wide") for n in range(2)]
    right = [Typed(180, 50 + 12 * n, "and one of the right") for n in range(7)]
    found = split_columns(segments_of(page_of([*title, *left, *wide, *right])), 720, lambda _segment: False)
    assert [len(column.segments) for column in found.columns] == [10, 7]
    assert len(found.outside) == 1


def _read(lines: list[Typed]) -> list[str]:
    document = Document("deck.pdf", "", (page_of(lines),), "", "", "")
    return [word.text for word in mark_broken_words(document).pages[0].words if word.broken]


def test_a_broken_word_goes_on_in_its_own_column() -> None:
    """A line of another column that stands a little nearer below is not its rest."""
    lines = [
        Typed(20, 61, "international plans"),
        Typed(300, 50, "with local govern-"),
        Typed(300, 62, "ments of Japan"),
    ]
    assert _read(lines) == ["govern-"]


def test_a_compound_whose_halves_are_words_keeps_its_hyphen() -> None:
    """It does ("start-" / "ups") unless the deck breaks words that can be nothing else, or the whole word is commoner."""
    compound = [Typed(20, 50, "support of start-"), Typed(20, 62, "ups and schools")]
    assert _read(compound) == []
    broken = [Typed(20, 90, "with the govern-"), Typed(20, 102, "ments of Japan")]
    assert _read([*compound, *broken]) == ["start-", "govern-"]
    assert _read([Typed(20, 50, "standards of inter-"), Typed(20, 62, "national use")]) == ["inter-"]


def test_a_compound_that_stands_elsewhere_keeps_its_hyphen_in_the_plural() -> None:
    """The deck itself prints "start-up", so its plural is none of the words that it breaks."""
    lines = [Typed(20, 20, "a start-up company"), Typed(20, 50, "support of start-"), Typed(20, 62, "ups and schools")]
    broken = [Typed(20, 90, "with the govern-"), Typed(20, 102, "ments of Japan")]
    assert _read([*lines, *broken]) == ["govern-"]
