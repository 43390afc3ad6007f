"""Deck profiles: what is particular to a deck family, as data (`schemas/decks/*.yaml`).

A profile says how a deck and its slides are recognised, which shape reads which slide, what the deck's marks and words
mean, and what must add up to what. Extractors know shapes and take the rest from here.
"""

from __future__ import annotations

import hashlib
import re
from functools import cached_property
from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator

from pipeline import yaml_files
from pipeline.check_sentences import CheckSentence
from pipeline.errors import ProfileError

if TYPE_CHECKING:
    from pathlib import Path

Text = Annotated[str, Field(min_length=1)]
Texts = tuple[Text, ...]

Shape = Literal["bulleted_groups", "ruled_table", "roster", "column_budget", "bar_chart", "prose", "prose_and_tables"]
"""The slide shapes there is an extractor for."""


_EDITION = r"^([A-Za-z0-9]|\{fiscal_year\}|\{budget\})+([._-]([A-Za-z0-9]|\{fiscal_year\}|\{budget\})+)*$"
"""An edition names a folder: a name as the manifest admits it, with places to fill in."""


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Roster(_Strict):
    """A list of bodies on a roster slide: the headings it may stand under, and the role its bodies have.

    `headings` are wordings, compared fuzzily. A heading in other words opens the roster whose `heads` has its last word.
    """

    headings: Texts
    role: Text
    heads: Texts = ()


class SlideKind(_Strict):
    """One kind of slide.

    `titles` are wordings of its title, `keywords` phrases to expect on it when the title was reworded; both are compared
    fuzzily. A title must have one of the words `title_has`, where there are any. The remaining keys are read by the shape's
    extractor: `pillars` and `headings` are wordings of headings that tell a bulleted group from a box of prose where the
    layout leaves it open.
    """

    kind: Text
    shape: Shape
    titles: Texts
    keywords: Texts = ()
    title_has: Texts = ()
    pillars: Texts = ()
    headings: Texts = ()
    rosters: tuple[Roster, ...] = ()


class Explanations(_Strict):
    """How a note says what a mark on budget items means ("★ indicates …"): the verbs, and the words of each meaning."""

    verbs: Texts = ()
    is_new: Texts = ()
    is_ai_safety: Texts = ()


class Marks(_Strict):
    """Printed marks on budget items, by what they mean."""

    is_new: Texts = ()
    is_ai_safety: Texts = ()
    and_others: Texts = ()
    explained: Explanations = Explanations()

    @property
    def of_items(self) -> tuple[str, ...]:
        """Every mark that an item may bear, whatever it means."""
        return (*self.is_new, *self.is_ai_safety)


class Notes(_Strict):
    """How notes are printed: a pattern with the group `number`, and marks that open an unnumbered one."""

    numbered: Text = r"\(Note\s*(?P<number>\d+)\)"
    marks: Texts = ("※",)

    @field_validator("numbered")
    @classmethod
    def _is_pattern(cls, value: str) -> str:
        try:
            pattern = re.compile(value)
        except re.error as error:
            raise ValueError(f"not a regular expression: {error}") from error
        if "number" not in pattern.groupindex:
            raise ValueError("the pattern needs a group called number")
        return value

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        """`numbered`, compiled."""
        return re.compile(self.numbered)


class BudgetWords(_Strict):
    """Words that say which budget and which stage a figure belongs to; longer ones are tried first."""

    initial: Texts
    supplementary: Texts
    draft: Texts = ()
    approximate: Texts = ()
    initial_heads: Texts = ()
    """What names the initial budget in a column's head or a legend, where "budget" is left out; so do the words of a draft."""
    totals: Texts = ()
    """What the row of a table is called that is the sum of its categories."""
    subtotals: Texts = ()
    """What the row below a category's items is called that is their sum."""


class Profile(_Strict):
    """One deck family. `sha256` is of the file it was read from."""

    deck: Annotated[str, Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")]
    title: Text
    language: Literal["en", "ja", "und"]
    """As a BCP 47 tag; `und` (undetermined) where the profile is for documents in any language."""
    currency: Annotated[str, Field(pattern=r"^[A-Z]{3}$")]
    slides: tuple[SlideKind, ...]
    """Its kinds of slide; none in a profile that any document can be read with, which recognises none by itself."""
    marks: Marks = Marks()
    notes: Notes = Notes()
    budgets: BudgetWords
    ministries: Text | None = None
    """Opening brackets in front of an item that hold the bodies it is printed with, such as 【; none: items have no bodies."""
    edition: Annotated[str, Field(pattern=_EDITION)] = "{fiscal_year}"
    """How an edition is named where nothing else names it; `{fiscal_year}` and `{budget}` are filled in."""
    checks: tuple[CheckSentence, ...] = ()
    sha256: str = ""

    @property
    def is_generic(self) -> bool:
        """Whether it is for documents that no profile recognises: it knows no kind of slide."""
        return not self.slides

    @field_validator("slides")
    @classmethod
    def _kinds_are_unique(cls, value: tuple[SlideKind, ...]) -> tuple[SlideKind, ...]:
        kinds = [s.kind for s in value]
        twice = {k for k in kinds if kinds.count(k) > 1}
        if twice:
            raise ValueError(f"the kind {min(twice)} stands twice")
        return value

    def slide(self, kind: str) -> SlideKind | None:
        """The kind of slide called `kind`, or None."""
        return next((s for s in self.slides if s.kind == kind), None)


def load_profile(path: Path) -> Profile:
    """The profile in `path`. Raises ProfileError with the file, the line and the key of what is wrong."""
    data, lines = yaml_files.load(path, ProfileError)
    profile = yaml_files.validated(Profile, data, lines, path, ProfileError)
    if profile.deck != path.stem:
        raise ProfileError(
            f"{path.name}, line {lines.get(('deck',), 1)}: deck: {profile.deck} is not the file's name.",
            f"Name the deck {path.stem}, or the file {profile.deck}.yaml.",
        )
    return profile.model_copy(update={"sha256": hashlib.sha256(path.read_bytes()).hexdigest()})


def load_profiles(folder: Path) -> tuple[Profile, ...]:
    """Every profile in `folder`, by deck name. Raises ProfileError where one is wrong, or where there is none."""
    paths = sorted(folder.glob("*.yaml"))
    if not paths:
        raise ProfileError(f"{folder.name}: there is no deck profile.", "Put a profile into schemas/decks/.")
    return tuple(load_profile(path) for path in paths)
