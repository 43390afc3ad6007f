"""Which real body a printed name means: METI, 経済産業省 and 経 are one ministry.

The bodies stand in `schemas/organizations.csv`, with every form in which slides print them. A form that is not there
resolves to nothing: what key an unknown body gets is for the caller to say.
"""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from pipeline.errors import SchemaError
from pipeline.table_schemas import schemas_folder

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

_COLUMNS = ("organization_id", "name", "abbreviation", "kind", "name_ja", "abbreviation_ja", "aliases")
_WITH_BRACKET = re.compile(r"(.+?)\s*\(([^()]+)\)")


@dataclass(frozen=True, slots=True)
class Organization:
    """One real body. What it does not have is empty."""

    organization_id: str
    name: str
    abbreviation: str
    kind: str
    name_ja: str
    abbreviation_ja: str
    aliases: tuple[str, ...]


@dataclass(frozen=True, slots=True, eq=False)
class OrganizationRegistry:
    """The known bodies, in the order of their file, and each folded form of a name with the body it means.

    Compared by identity, so that what was asked of one can be kept with it.
    """

    organizations: tuple[Organization, ...]
    forms: Mapping[str, Organization]

    def resolve(self, printed: str) -> Organization | None:
        """Find the body that `printed` names, or None where none is known by that name.

        Names, abbreviations, Japanese names and aliases count, whatever their case, spaces, width and punctuation. Of
        "Name (ABBR)" and "ABBR (Name)" both halves must mean the same body, or one half be known and the other its
        abbreviation by initials. "Ministry (Bureau)" is not the ministry, and several bodies in one text are none.
        """
        found = self.forms.get(_folded(printed))
        if found is not None:
            return found
        halves = _WITH_BRACKET.fullmatch(unicodedata.normalize("NFKC", printed).strip())
        if halves is None:
            return None
        outer, inner = halves.groups()
        one, other = self.forms.get(_folded(outer)), self.forms.get(_folded(inner))
        if one is not None and other is not None:
            return one if one is other else None
        if one is not None:
            return one if _is_abbreviation(inner) else None
        return other if other is not None and _abbreviates(inner, outer) else None

    def piece_of(self, printed: str) -> Organization | None:
        """Find a body in whose name `printed` stands, as whole words that do not begin it ("Affairs and").

        Such words name no body: they are what is left of a name that was cut. Those that a name begins with may be short
        for it.
        """
        words = re.findall(r"\w+", printed)
        if not words:
            return None
        piece = re.compile(r"\b" + r"\W+".join(map(re.escape, words)) + r"\b", re.IGNORECASE)
        for body in self.organizations:
            found = piece.search(body.name)
            if found is not None and _folded(body.name[: found.start()]):
                return body
        return None

    def resolve_holder(self, printed: str) -> Organization | None:
        """Find the body that a budget line is printed with; of 「内（経）」 the one whose budget it is in, the outer.

        A bracket behind a Japanese abbreviation says who carries the line out. Behind a name it makes another body of it,
        as `resolve` has it.
        """
        found = self.resolve(printed)
        if found is not None:
            return found
        halves = _WITH_BRACKET.fullmatch(unicodedata.normalize("NFKC", printed).strip())
        outer = self.forms.get(_folded(halves[1])) if halves else None
        if outer is None or halves is None or _folded(halves[1]) != _folded(outer.abbreviation_ja):
            return None
        return outer


def load_organizations(path: Path | None = None) -> OrganizationRegistry:
    """Load the bodies of a file such as `schemas/organizations.csv` (the shipped one by default).

    Raises SchemaError naming the file and the line where the file is missing, a column is missing or unknown, a key
    stands twice, or two bodies share one form of a name.
    """
    place = path if path is not None else schemas_folder() / "organizations.csv"
    if not place.is_file():
        raise _wrong(place, 1, "the file is missing")
    rows = csv.reader(io.StringIO(place.read_text(encoding="utf-8"), newline=""), strict=True)
    if tuple(next(rows, ())) != _COLUMNS:
        raise _wrong(place, 1, f"the columns are not {', '.join(_COLUMNS)}")
    organizations: dict[str, Organization] = {}
    forms: dict[str, Organization] = {}
    for row in rows:
        if len(row) != len(_COLUMNS) or not row[0] or not row[1]:
            raise _wrong(place, rows.line_num, f"a row needs {len(_COLUMNS)} cells, the first two not empty")
        key, name, abbreviation, kind, name_ja, abbreviation_ja, printed = row
        aliases = tuple(a for a in printed.split("|") if a)
        body = Organization(key, name, abbreviation, kind, name_ja, abbreviation_ja, aliases)
        if body.organization_id in organizations:
            raise _wrong(place, rows.line_num, f"the key {body.organization_id} stands twice")
        organizations[body.organization_id] = body
        for form in (body.name, body.abbreviation, body.name_ja, body.abbreviation_ja, *body.aliases):
            if form and forms.setdefault(_folded(form), body) is not body:
                raise _wrong(place, rows.line_num, f"{form!r} already means {forms[_folded(form)].name}")
    return OrganizationRegistry(tuple(organizations.values()), forms)


@lru_cache(maxsize=4096)
def _folded(text: str) -> str:
    """Fold a name to what does not differ between its spellings: letters and digits, in one case and width."""
    letters = unicodedata.normalize("NFKC", text).casefold().replace("&", " and ")
    return "".join(c for c in re.sub(r"^\s*the\s", "", letters) if c.isalnum())


def _is_abbreviation(text: str) -> bool:
    return re.fullmatch(r"[A-Z][A-Za-z0-9-]*[A-Z0-9]", text.strip()) is not None


def _abbreviates(short: str, name: str) -> bool:
    """Whether the letters of `short` are, in order, among the initials of `name`."""
    initials = iter(w[0].casefold() for w in re.findall(r"\w+", name))
    return _is_abbreviation(short) and all(letter in initials for letter in short.strip().casefold())


def _wrong(path: Path, line: int, what: str) -> SchemaError:
    return SchemaError(
        f"{path.name}, line {line}: {what}.", "Correct the file, or restore the one that the release ships."
    )
