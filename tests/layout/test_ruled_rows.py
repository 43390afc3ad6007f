"""Rules between rows: a row is an entry, however its wrapped lines begin."""

from __future__ import annotations

from pipeline.layout.column_lines import Line, make_lines
from pipeline.layout.lines import segments_of
from pipeline.layout.outline import read_entries
from pipeline.model import Box, Glyph, Page, Rule, Word
from tests.typed_pages import Typed, page_of

_ROWS = (
    ("Strategic Basic Research Programs on Information", "Sciences (CRONOS)"),
    ("Smart agriculture",),
    ("Digital infrastructure",),
    ("Research on unmanned vehicles", "Powered by learned models"),
    ("Post-5G systems", "Development of computing resources"),
)


def _page(*, ruled: bool) -> Page:
    """The rows' lines one below the other, all from one left edge, with a rule above and below each row if `ruled`."""
    words, rules, top = [], [Rule(Box(20, 48, 320, 48.5), True, "#888888")], 50.0
    for row in _ROWS:
        for text in row:
            x = 24.0
            for n, part in enumerate(text.split()):
                glyphs = tuple(Glyph(c, Box(x + 5 * i, top, x + 5 * i + 5, top + 10)) for i, c in enumerate(part))
                box = Box(x, top, glyphs[-1].box.x1, top + 10)
                words.append(Word(len(words), part, box, glyphs, "Sans", 10, False, "#000000", top + 8, n > 0))
                x = box.x1 + 3
            top += 12
        rules.append(Rule(Box(20, top, 320, top + 0.5), True, "#888888"))
        top += 3
    return Page(1, 720, 540, tuple(words), tuple(rules) if ruled else ())


def _entries(page: Page) -> list[str]:
    lines = make_lines(segments_of(page), page, ())
    return [entry.text for entry in read_entries(lines, 320, rules=page.rules)]


def test_a_row_between_rules_is_one_entry() -> None:
    """Wrapped lines that begin with a capital at the cell's left edge belong to their row, the first and last row's too."""
    assert _entries(_page(ruled=True)) == [" ".join(row) for row in _ROWS]


def test_without_rules_such_lines_stay_apart() -> None:
    """The same lines without rules are lines that would have fitted on the one above: entries of their own."""
    assert _entries(_page(ruled=False)) == [line for row in _ROWS for line in row]


def test_a_name_that_goes_on_set_in_is_no_sub_entry_of_its_row() -> None:
    """A hanging indent wider than the bullet sets a wrap in; where the words go on, or the cell was full, it is one."""
    for last, text, limit, whole in (
        ("bridging to", "society", None, True),
        ("bridging", "Society", None, False),
        ("bridging", "Society", 140.0, True),
    ):
        rows = [[f"• Programs {last}"], ["• Agriculture"], ["• Research"], ["• Systems"]]
        lines, rules, top = [], [Rule(Box(20, 48, 320, 48.5), True, "#888888")], 50.0
        for row in rows:
            lines.append(Typed(24, top, row[0]))
            if row is rows[0]:
                top += 12
                lines.append(Typed(40, top, text))
            top += 12
            rules.append(Rule(Box(20, top, 320, top + 0.5), True, "#888888"))
            top += 3
        page = page_of(lines, rules=tuple(rules))
        made = [
            Line(line.segments, line.frame, line.underlined, limit) for line in make_lines(segments_of(page), page, ())
        ]
        entries = [entry.text for entry in read_entries(made, 320, rules=page.rules)]
        expected = [f"Programs {last} {text}"] if whole else [f"Programs {last}", text]
        assert entries == [*expected, "Agriculture", "Research", "Systems"]
