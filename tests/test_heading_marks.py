"""What heads others among entries with bullets: a bullet of its own, or a colour of its own."""

from __future__ import annotations

from pipeline.extractors.heading_marks import headed_by_bullets, headed_by_ink
from pipeline.layout.column_lines import body_style, make_lines
from pipeline.layout.lines import segments_of
from pipeline.layout.outline import Entry, read_entries
from tests.typed_pages import Typed, page_of

_RED = "#cc0000"


def _entries(lines: list[Typed]) -> list[Entry]:
    page = page_of(lines)
    return read_entries(make_lines(segments_of(page), page, ()), 300)


def _by_bullets(lines: list[Typed], marks: tuple[str, ...] = ()) -> list[str]:
    entries = _entries(lines)
    body = body_style([line for e in entries for line in e.lines])
    found = headed_by_bullets(entries, body, marks)
    return [e.text for e in entries if e in found]


def _by_ink(lines: list[Typed]) -> list[str]:
    entries = _entries(lines)
    found = headed_by_ink(entries, body_style([line for e in entries for line in e.lines]))
    return [e.text for e in entries if e in found]


_LIST = [
    Typed(20, 50, "■ General", bold=True),
    Typed(24, 62, "• Incident reporting scheme"),
    Typed(24, 74, "• Handbook of the ministries"),
    Typed(20, 86, "■ Government", bold=True),
    Typed(24, 98, "• Common rules for ministries"),
]


def test_a_bullet_that_is_mostly_bold_above_others_heads_them() -> None:
    """Wherever it stands; a single bold entry among those with its bullet, or a known mark, heads none."""
    assert _by_bullets(_LIST) == ["General", "Government"]
    assert _by_bullets(_LIST, ("■",)) == []
    one = [Typed(20, 50, "• General", bold=True), *_LIST[1:3]]
    assert _by_bullets(one) == []


def test_bold_bullets_with_nothing_under_them_head_nothing() -> None:
    """A heading stands above something: the last of a column, and one above another like it, are entries."""
    assert _by_bullets([*_LIST, Typed(20, 110, "■ Outlook", bold=True)]) == []
    assert _by_bullets([_LIST[0], Typed(20, 62, "■ Outlook", bold=True), *_LIST[1:3]]) == []


def test_a_line_in_a_colour_of_its_own_above_a_bullet_is_a_heading() -> None:
    """Not where it is set in behind the bullet below it, has several colours, or is set like what it stands above."""
    below = [Typed(24, 62, "• Incident reporting scheme"), Typed(24, 74, "• Handbook of the ministries")]
    assert _by_ink([Typed(20, 50, "General", colour=_RED), *below]) == ["General"]
    assert _by_ink([Typed(20, 50, "General"), *below]) == []
    assert _by_ink([Typed(40, 50, "General", colour=_RED), *below]) == []
    assert _by_ink([Typed(20, 50, "General", colour=_RED), Typed(58, 50, "rules"), *below]) == []
    assert _by_ink([*below, Typed(20, 86, "General", colour=_RED)]) == []
