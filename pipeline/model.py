"""The values that flow through the pipeline: small, frozen, without the behaviour of any stage.

Lengths are PDF points. Boxes are measured from the top left corner of the upright page (after `/Rotate` and the
crop box), x to the right and y downwards. Money is `decimal.Decimal` throughout, in units of its currency.
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Sequence
from dataclasses import field
from decimal import Decimal
from typing import TYPE_CHECKING, Literal

from pipeline.values import value

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

Value = str | int | bool | Decimal | None
"""What a cell of a table can hold. `None` is "no value" and becomes an empty cell."""

Row = dict[str, Value]
"""One row of a table, its columns in the order of the table's schema."""

Verdict = Literal["consistent", "inconsistent", "undetermined"]


@value()
class Box:
    """A rectangle on a page: `x0 <= x1`, `top <= bottom`."""

    x0: float
    top: float
    x1: float
    bottom: float

    @property
    def width(self) -> float:
        """The horizontal length."""
        return self.x1 - self.x0

    @property
    def height(self) -> float:
        """The vertical length."""
        return self.bottom - self.top

    @property
    def middle(self) -> float:
        """The vertical centre."""
        return (self.top + self.bottom) / 2

    @property
    def centre(self) -> float:
        """The horizontal centre."""
        return (self.x0 + self.x1) / 2

    def contains(self, other: Box, slack: float = 0.0) -> bool:
        """Whether `other` lies inside this box, give or take `slack` points on every side."""
        return (
            other.x0 >= self.x0 - slack
            and other.x1 <= self.x1 + slack
            and other.top >= self.top - slack
            and other.bottom <= self.bottom + slack
        )

    def overlap_x(self, other: Box) -> float:
        """The length that both boxes cover horizontally; negative is the gap between them."""
        # Asked more often than anything else of a page: without calls of min and max.
        right = self.x1 if self.x1 < other.x1 else other.x1  # noqa: FURB136
        return right - (self.x0 if self.x0 > other.x0 else other.x0)  # noqa: FURB136

    def overlap_y(self, other: Box) -> float:
        """The length that both boxes cover vertically; negative is the gap between them."""
        lower = self.bottom if self.bottom < other.bottom else other.bottom  # noqa: FURB136
        return lower - (self.top if self.top > other.top else other.top)  # noqa: FURB136


def union(boxes: Iterable[Box]) -> Box:
    """The smallest box around `boxes` (at least one)."""
    listed = list(boxes)
    if len(listed) == 1:
        return listed[0]
    return Box(
        min([b.x0 for b in listed]),
        min([b.top for b in listed]),
        max([b.x1 for b in listed]),
        max([b.bottom for b in listed]),
    )


@value()
class Glyph:
    """One drawn character: usually one code point, several where the font maps a ligature to them."""

    text: str
    box: Box


class Glyphs(Sequence[Glyph]):
    """Glyphs of which none need be made to know the box around some of them."""

    __slots__ = ()

    @abstractmethod
    def box_of(self, start: int, stop: int) -> Box:
        """The smallest box around the glyphs from `start` up to `stop`. Raises IndexError where there are none or not so many."""


@value()
class Word:
    """Glyphs that stand together on one line without a space, in one style.

    `number` is the word's place on its page, line by line from the top, and is unique on the page. `spaced` says
    whether a space stands before it: two words without one touch, and differ in style. `broken` says that the hyphen
    at its end only breaks a word over two lines. `baseline` is measured from the top of the page. `colour` is
    `#rrggbb`, or None where the colour space is not a plain one.
    """

    number: int
    text: str
    box: Box
    glyphs: tuple[Glyph, ...] | Glyphs
    font: str
    size: float
    bold: bool
    colour: str | None
    baseline: float
    spaced: bool
    broken: bool = False

    def box_of(self, start: int, stop: int) -> Box:
        """The smallest box around its glyphs from `start` up to `stop`. Raises IndexError where there are none or not so many."""
        glyphs = self.glyphs
        if not isinstance(glyphs, tuple):
            return glyphs.box_of(start, stop)
        if not 0 <= start < stop <= len(glyphs):
            raise IndexError(f"glyphs {start} to {stop} of {len(glyphs)}")
        return union([glyph.box for glyph in glyphs[start:stop]])


@value()
class Rule:
    """A straight line, or a filled rectangle so thin that it is one."""

    box: Box
    horizontal: bool
    colour: str | None

    @property
    def length(self) -> float:
        """How long the rule is."""
        return self.box.width if self.horizontal else self.box.height


@value()
class Panel:
    """A rectangle with an area: filled, framed or both; its corners may be rounded."""

    box: Box
    fill: str | None
    stroke: str | None


@value()
class Curve:
    """A drawn path that is neither a line nor a rectangle, such as a curly brace."""

    box: Box
    points: tuple[tuple[float, float], ...]


@value()
class Image:
    """A picture placed on the page. Its inside is not read."""

    box: Box


@value()
class Page:
    """One page as it was read: upright, immutable, in points from its top left corner."""

    number: int
    width: float
    height: float
    words: tuple[Word, ...]
    rules: tuple[Rule, ...] = ()
    panels: tuple[Panel, ...] = ()
    curves: tuple[Curve, ...] = ()
    images: tuple[Image, ...] = ()


@value()
class Document:
    """One PDF as it was read. `name` is the file's name without its folder."""

    name: str
    sha256: str
    pages: tuple[Page, ...]
    title: str
    producer: str
    created: str


@value()
class Amount:
    """A sum of money as printed, and what that admits.

    The true value lies in the closed interval [`lower`, `upper`] that rounding to the last printed digit leaves
    (XBRL Calculations 1.1, section on rounding). Of "a part of X" only (0, upper of X] is known: `value` is X and
    `lower` is 0. `unit` is the worth of one step of the last printed digit.
    """

    value: Decimal
    lower: Decimal
    upper: Decimal
    currency: str
    printed: str
    unit: Decimal
    is_part_of: bool = False
    is_approximate: bool = False


@value()
class Place:
    """A row that a check looked at, and why it is named."""

    table: str
    key: str
    reason: str = ""


@value()
class Check:
    """The verdict on one claim, with the numbers that led to it.

    `stated` is what the deck says and `stated_lower` and `stated_upper` what that admits; `lower` and `upper` are what its
    parts (or another place) admit. `slack` is how far
    apart (negative) or how deep the overlap is, in steps of the stated figure's last printed digit; `noise` is the
    rounding noise to expect of n parts, the square root of n/12, in the same steps. Suspects are ordered, likeliest
    first.
    """

    check_id: str
    kind: str
    subject: str
    verdict: Verdict
    message: str
    stated: Decimal | None = None
    lower: Decimal | None = None
    upper: Decimal | None = None
    slack: Decimal | None = None
    noise: Decimal | None = None
    rows: tuple[Place, ...] = ()
    suspects: tuple[Place, ...] = ()
    stated_lower: Decimal | None = None
    stated_upper: Decimal | None = None


@value(slots=False)
class Edition:
    """One extracted edition: its tables, each in reading order, and its checks.

    `tables` holds every table of the contract that has a schema, the empty ones too. `sources` and `title` describe the
    document it was read from.
    """

    deck: str
    edition: str
    title: str
    tables: Mapping[str, list[Row]]
    checks: tuple[Check, ...] = field(default=())
