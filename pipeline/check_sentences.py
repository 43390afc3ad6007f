"""What a deck profile can claim about its figures: the sentences under `checks:` in `schemas/decks/*.yaml`.

A sentence says which rows must agree with which; it holds no number. The models forbid unknown keys, so that a misspelt
one is found at its place (pydantic's error location is the path of the key). What a sentence means is in
`pipeline.validation`; this module only gives it a shape, and lies below the stages so that profiles can be read without
them.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter

FigureTable = Literal["budget_amounts", "stated_figures", "budget_trend"]
"""The tables whose rows are amounts of money."""

SubjectType = Literal["category", "item", "note"]

GroupColumn = Literal["fiscal_year", "budget", "stage"]

Name = Annotated[str, Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")]
"""A slug; it stands in the check's id, so renaming a sentence renames its checks."""

Text = Annotated[str, Field(min_length=1)]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class FigureSelector(_Strict):
    """Rows of one table of amounts.

    `slide` keeps rows on slides of that kind, `subject_type` (of `budget_amounts`) those of that kind of subject,
    `budget` those of that budget.
    """

    table: FigureTable
    slide: Text | None = None
    subject_type: SubjectType | None = None
    budget: Literal["initial", "supplementary"] | None = None


class PartSelector(FigureSelector):
    """Rows that go into a sum, each multiplied by `weight`, which may be negative (a deduction)."""

    weight: int = 1


class SaidWhen(_Strict):
    """What the slide says of its own figures.

    A text in `table` (of `slides` the title), on the total's slide, says one of the phrases `says`, or the name of an
    entry of the list ends with one of `items_end` (「…ほか」). Compared without regard to case, width and spacing.
    """

    table: Literal["notes", "statements", "slides"] = "notes"
    says: Annotated[tuple[Text, ...], Field(min_length=1)]
    items_end: tuple[Text, ...] = ()


class SumSentence(_Strict):
    """The total is the sum of the parts, for each combination of the columns in `by`.

    With a total of subject type `category` and parts of subject type `item`, the parts of a total are the items of that
    category, and there is one check a category; an item with amounts of its own is checked against its sub-items
    likewise. `partial_when` says where the slide calls the list of parts partial. `exact` claims that the figures add up
    as printed, digit for digit, not only to within rounding; `rounded_when` says where the slide itself takes that back.
    """

    kind: Literal["sum"]
    name: Name
    title: Text
    total: FigureSelector
    parts: Annotated[tuple[PartSelector, ...], Field(min_length=1)]
    by: Annotated[tuple[GroupColumn, ...], Field(min_length=1)] = ("fiscal_year", "budget")
    partial_when: tuple[SaidWhen, ...] = ()
    exact: bool = False
    rounded_when: tuple[SaidWhen, ...] = ()


class SameFigureSentence(_Strict):
    """What stands in several places for the same columns in `by` is the same figure."""

    kind: Literal["same_figure"]
    name: Name
    title: str = ""
    places: Annotated[tuple[FigureSelector, ...], Field(min_length=1)]
    by: Annotated[tuple[GroupColumn, ...], Field(min_length=1)] = ("fiscal_year", "budget")


class BarHeightSentence(_Strict):
    """A bar is as high as its label says."""

    kind: Literal["bar_height"]
    name: Name
    title: str = ""


class PinnedSentence(_Strict):
    """The figures pinned for this edition in the manifest are the ones that the deck states."""

    kind: Literal["pinned"]
    name: Name
    title: str = ""


CheckSentence = Annotated[
    SumSentence | SameFigureSentence | BarHeightSentence | PinnedSentence,
    Field(discriminator="kind"),
]

CHECK_SENTENCES: TypeAdapter[tuple[CheckSentence, ...]] = TypeAdapter(tuple[CheckSentence, ...])
"""Validates the list under `checks:`; raises pydantic's ValidationError with the location of each wrong key."""


class PinnedFigure(_Strict):
    """A figure that an edition must state, from the manifest: `value` in units of `currency` (ISO 4217)."""

    fiscal_year: int
    budget: Literal["initial", "supplementary"]
    value: Decimal
    currency: Annotated[str, Field(pattern=r"^[A-Z]{3}$")]
    stage: str | None = None
