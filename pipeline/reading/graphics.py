"""Drawn paths into rules, panels and curves.

Programs draw the same thing in many ways: a rule as a line or as a thin filled rectangle, a frame as one rectangle or as a
path with rounded corners, the fill and the outline of one box as two paths. What comes out of here is what a reader sees.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from pipeline.model import Box, Curve, Panel, Rule
from pipeline.reading.dashes import join_dashes
from pipeline.reading.shown import settled
from pipeline.tolerances import Tolerance

THIN = Tolerance(0.006, "thickness of a rule", in_reading=True)
"""A rectangle thinner than this part of the page's shorter side, and at least four times as long, is a rule."""

EDGE = Tolerance(0.002, "edge of a drawing", in_reading=True)
"""A path's point this near to the box's edge (as a part of the page's shorter side) lies on it."""

ROUNDED = Tolerance(0.5, "rounded of graphics", in_reading=True)
"""A corner is rounded by at most this part of the shorter side, where the box is a pill."""

STRAIGHT = Tolerance(0.5, "straight of graphics", in_reading=True)
"""Two opposite sides of a rounded box are straight for at least this part of their length."""

Path = Mapping[str, Any]


def colour_of(value: object) -> str | None:
    """A PDF colour (grey, RGB or CMYK components from 0 to 1) as `#rrggbb`; None for a pattern or nothing.

    What is a colour in that form already stays.
    """
    if isinstance(value, str) and value.startswith("#"):
        return value
    if isinstance(value, int | float):
        value = (value,)
    if not isinstance(value, Sequence) or isinstance(value, str) or not all(isinstance(v, int | float) for v in value):
        return None
    parts = [min(1.0, max(0.0, float(v))) for v in value]
    if len(parts) == 1:
        parts *= 3
    elif len(parts) == 4:
        parts = [(1 - p) * (1 - parts[3]) for p in parts[:3]]
    if len(parts) != 3:
        return None
    return "#" + "".join(f"{round(p * 255):02x}" for p in parts)


def sort_paths(
    paths: Iterable[Path], shift: tuple[float, float], page: Box
) -> tuple[tuple[Rule, ...], tuple[Panel, ...], tuple[Curve, ...]]:
    """Paths (in pdfplumber's terms) as rules, panels and curves, moved by `shift` into the page's frame.

    What covers the whole page is its background and is left out; so is what lies wholly outside it.
    """
    rules: dict[tuple[Box, bool], Rule] = {}
    panels: dict[Box, Panel] = {}
    curves: dict[Box, Curve] = {}
    side = min(page.width, page.height)
    thin, edge = THIN * side, EDGE * side
    for path in paths:
        box = Box(
            settled(path["x0"] + shift[0]),
            settled(path["top"] + shift[1]),
            settled(path["x1"] + shift[0]),
            settled(path["bottom"] + shift[1]),
        )
        if box.overlap_x(page) < 0 or box.overlap_y(page) < 0 or _covers(box, page):
            continue
        fill = colour_of(path.get("non_stroking_color")) if path.get("fill") else None
        stroke = colour_of(path.get("stroking_color")) if path.get("stroke") else None
        narrow, long = sorted((box.width, box.height))
        if narrow <= thin and long >= 4 * max(narrow, 1e-6) and long > 0:
            horizontal = box.width >= box.height
            rules.setdefault((box, horizontal), Rule(box, horizontal, stroke or fill))
        elif _is_box(path, edge):
            known = panels.get(_near(panels, box, edge))
            panels[known.box if known else box] = Panel(
                known.box if known else box,
                (fill or known.fill) if known else fill,
                (stroke or known.stroke) if known else stroke,
            )
        else:
            points = tuple((settled(x + shift[0]), settled(y + shift[1])) for x, y in path.get("pts") or ())
            curves.setdefault(box, Curve(box, points))
    panels, dashed = join_dashes(panels, thin)
    rules.update({(rule.box, rule.horizontal): rule for rule in dashed})
    return (
        tuple(sorted(rules.values(), key=lambda r: (r.box.top, r.box.x0, r.box.bottom, r.box.x1))),
        tuple(sorted(panels.values(), key=lambda p: (p.box.top, p.box.x0, p.box.bottom, p.box.x1))),
        tuple(sorted(curves.values(), key=lambda c: (c.box.top, c.box.x0, c.box.bottom, c.box.x1))),
    )


def _covers(box: Box, page: Box) -> bool:
    return box.width >= 0.98 * page.width and box.height >= 0.98 * page.height


def _near(panels: Mapping[Box, Panel], box: Box, edge: float) -> Box:
    """The panel already known at this place (its fill and its outline are often two paths), or `box` itself."""
    if box in panels:
        return box
    for other in panels:
        if (
            abs(other.x0 - box.x0) <= edge
            and abs(other.top - box.top) <= edge
            and abs(other.x1 - box.x1) <= edge
            and abs(other.bottom - box.bottom) <= edge
        ):
            return other
    return box


def _is_box(path: Path, edge: float) -> bool:
    """Whether every corner of the path lies on its bounding box: a rectangle, rounded or not, or an ellipse."""
    if path.get("object_type") == "rect":
        return True
    points = path.get("pts") or ()
    if len(set(points)) < 4:
        return False  # a line or a triangle
    x0, x1, top, bottom = path["x0"], path["x1"], path["top"], path["bottom"]
    rounded = [
        (x, y) for x, y in points if min(abs(x - x0), abs(x - x1)) > edge and min(abs(y - top), abs(y - bottom)) > edge
    ]
    if not _closes(points, edge):
        return False
    return not rounded or _rounds_corners(rounded, points, Box(x0, top, x1, bottom), edge)


def _rounds_corners(
    rounded: Sequence[tuple[float, float]], points: Sequence[tuple[float, float]], box: Box, edge: float
) -> bool:
    """Whether points off the box's sides only round its corners, and two opposite sides are straight for most of it.

    Programs draw a rounded corner as one curve or as many.
    """
    radius = ROUNDED * min(box.width, box.height) + edge
    if any(min(x - box.x0, box.x1 - x) > radius or min(y - box.top, box.bottom - y) > radius for x, y in rounded):
        return False

    def straight(along: Sequence[float], length: float) -> bool:
        return len(along) > 1 and max(along) - min(along) >= STRAIGHT * length

    across = [[x for x, y in points if abs(y - side) <= edge] for side in (box.top, box.bottom)]
    upright = [[y for x, y in points if abs(x - side) <= edge] for side in (box.x0, box.x1)]
    return all(straight(s, box.width) for s in across) or all(straight(s, box.height) for s in upright)


def _closes(points: Sequence[tuple[float, float]], edge: float) -> bool:
    (ax, ay), (bx, by) = points[0], points[-1]
    # A filled path is closed even where its last point is not repeated: then the first and last share a side.
    return abs(ax - bx) <= edge or abs(ay - by) <= edge
