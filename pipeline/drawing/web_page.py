"""Titled tables as one HTML page that opens offline: no script, no request, light and dark."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pipeline.drawing.sections import Cell, Section, Track, View

_STYLE = """
:root { color-scheme: light dark; --ink: #1c2430; --faint: #5d6877; --paper: #fff; --line: #dfe4ea; --head: #f4f6f8;
  --added: #10683a; --removed: #a4262c; --changed: #7a4b00; --bar: #9db4dd; }
@media (prefers-color-scheme: dark) {
  :root { --ink: #e6e9ee; --faint: #9aa5b4; --paper: #14181e; --line: #303844; --head: #1d232b;
    --added: #6fd39a; --removed: #ff9a94; --changed: #f0c069; --bar: #3d5f9c; } }
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 76rem; padding: 2rem 1.25rem 4rem; background: var(--paper); color: var(--ink);
  font: 15px/1.5 system-ui, "Segoe UI", "Hiragino Sans", "Noto Sans CJK JP", sans-serif; }
h1 { font-size: 1.5rem; margin: 0 0 .25rem; } h2 { font-size: 1.1rem; margin: 2.25rem 0 .5rem; }
p { margin: 0 0 .75rem; color: var(--faint); }
nav ul { display: flex; flex-wrap: wrap; gap: .25rem 1rem; list-style: none; margin: 1rem 0 0; padding: 0; }
a { color: inherit; }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; }
th, td { border-bottom: 1px solid var(--line); padding: .4rem .75rem .4rem 0; text-align: left; vertical-align: top; }
th { background: var(--head); font-weight: 600; } th:first-child, td:first-child { padding-left: .5rem; }
td { white-space: pre-line; overflow-wrap: anywhere; min-width: 4rem; }
.number { text-align: right; white-space: nowrap; } .whole { white-space: pre; }
.added { color: var(--added); } .removed { color: var(--removed); } .changed { color: var(--changed); }
.faint { color: var(--faint); }
.track { display: block; width: 14rem; height: 1.1rem; overflow: visible; color: var(--ink); }
.track .axis { stroke: var(--line); } .track .range { fill: var(--bar); stroke: var(--bar); }
.track .tentative { fill: var(--paper); stroke: currentColor; stroke-dasharray: 3 2; }
.track .mark { stroke: currentColor; stroke-width: 2; }
@media print { body { max-width: none; padding: 0; } tr { break-inside: avoid; } }
"""


_LEAST_WIDTH = 0.4
"""Per cent of a line: so long an interval is drawn at least, to be seen."""


def draw_web_page(shown: View) -> str:
    """`shown` as a self-contained HTML page. Every text from the slides is escaped."""
    title = escape(shown.title)
    links = "".join(f'<li><a href="#s{n}">{escape(s.title)}</a></li>' for n, s in enumerate(shown.sections))
    parts = [
        "<!doctype html>",
        '<html lang="en">',
        '<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">',
        f"<title>{title}</title><style>{_STYLE}</style></head>",
        f"<body><header><h1>{title}</h1><p>{escape(shown.summary)}</p>",
        f'<nav aria-label="Sections"><ul>{links}</ul></nav></header><main>' if links else "</header><main>",
        *(draw_section(f"s{n}", section) for n, section in enumerate(shown.sections)),
        "</main></body></html>",
    ]
    return "\n".join(parts) + "\n"


def draw_section(name: str, section: Section, level: int = 2) -> str:
    """One titled table as HTML, to be linked to as `#name`, under a heading of this level."""
    heads = "".join(
        f'<th scope="col"{_number(n, section)}>{escape(column)}</th>' for n, column in enumerate(section.columns)
    )
    rows = "\n".join(
        "<tr>" + "".join(_cell(n, cell, section) for n, cell in enumerate(row)) + "</tr>" for row in section.rows
    )
    note = f"<p>{escape(section.note)}</p>" if section.note else ""
    return (
        f'<section id="{name}"><h{level}>{escape(section.title)}</h{level}>{note}<div class="scroll"><table>'
        f"<thead><tr>{heads}</tr></thead><tbody>\n{rows}\n</tbody></table></div></section>"
    )


def _number(column: int, section: Section) -> str:
    return ' class="number"' if column in section.numeric else ""


def _cell(column: int, cell: Cell, section: Section) -> str:
    classes: list[str] = [cell.tone] if cell.tone != "plain" else []
    classes += ["number"] if column in section.numeric else []
    classes += ["whole"] if column in section.whole else []
    attribute = f' class="{" ".join(classes)}"' if classes else ""
    # The sign of an addition or a removal is in the words or the section too: colour alone says nothing.
    return f"<td{attribute}>{_track(cell.track) if cell.track else ''}{escape(cell.text)}</td>"


def _track(track: Track) -> str:
    """The interval as a bar on a line of the same length everywhere; what it says stands in the row as text too."""
    tentative = " tentative" if track.is_tentative else ""
    width = max(track.upper - track.lower, _LEAST_WIDTH)
    return (
        '<svg class="track" viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true">'
        '<path class="axis" vector-effect="non-scaling-stroke" d="M0 1V9M0 5H100"/>'
        f'<rect class="range{tentative}" vector-effect="non-scaling-stroke" '
        f'x="{track.lower:g}" y="2" width="{width:g}" height="6"/>'
        f'<path class="mark" vector-effect="non-scaling-stroke" d="M{track.mark:g} 0V10"/></svg>'
    )
