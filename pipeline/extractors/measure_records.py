"""Measures as records: each with the bodies that carry it out, from the brackets in its text or from a column beside it."""

from __future__ import annotations

import re
from collections import defaultdict
from typing import TYPE_CHECKING

from pipeline.extractors.bodies import end_of_list, parts_of_list
from pipeline.extractors.body_column import AND_OTHERS, bodies_of_cell
from pipeline.model import union
from pipeline.passage import Passage, join
from pipeline.records import Printed, Reference
from pipeline.tolerances import Tolerance

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from pipeline.extractors.harvest import Context, Harvest
    from pipeline.layout.lines import Segment
    from pipeline.layout.outline import Entry

LEVEL_WITH = Tolerance(0.35, "height of bodies beside a measure")
"""Bodies stand beside a measure whose lines begin and end within this part of a font size of their middle."""

_BRACKETS = re.compile(r"[(（]([^()（）]*)[)）]")


class MeasureRecords:
    """Writes the measures of one slide, in order."""

    def __init__(self, harvest: Harvest, context: Context) -> None:
        self._harvest = harvest
        self._context = context
        self._position = 0
        self._beside: dict[int, Passage] = {}
        self._parent: int | None = None

    def place_bodies(self, entries: Iterable[Entry], lists: Iterable[Sequence[Segment]]) -> None:
        """Give each list of bodies in a column of their own to the measure beside it: the nearest one that is level with it.

        The words of a list that stands beside none are left over.
        """
        measures = list(entries)
        owned: dict[int, list[Segment]] = defaultdict(list)
        for lines in lists:
            box = union(s.box for s in lines)
            level = [
                (max(box.x0 - e.box.x1, e.box.x0 - box.x1), n)
                for n, e in enumerate(measures)
                if e.box.top - LEVEL_WITH * e.style.size <= box.middle <= e.box.bottom + LEVEL_WITH * e.style.size
            ]
            if level:
                owned[id(measures[min(level)[1]])] += lines
        self._beside = {key: join(s.passage for s in lines) for key, lines in owned.items()}

    def end_measure(self) -> None:
        """What is set in next is no part of the measure before: a heading or another cell comes between."""
        self._parent = None

    def write(self, entry: Entry, pillar: Printed | None, group: Printed | None, *, is_set_in: bool) -> None:
        """One measure, under a pillar and a group where it has them; one that is set in is part of the last that is not.

        Bodies in brackets belong to its text, also where a space sets them apart.
        """
        self._position += 1
        passage, cell = entry.passage, self._beside.get(id(entry))
        if cell is not None and _BRACKETS.fullmatch(cell.raw):
            passage, cell = join([passage, cell]), None
        self._harvest.discard_marker(entry)
        number = self._harvest.add(
            "policy_measures",
            {
                "page": self._harvest.page,
                "pillar": pillar,
                "group": group,
                "parent_measure_id": Reference(self._parent) if is_set_in and self._parent is not None else None,
                "text": Printed(passage),
                "position": self._position,
            },
        )
        self._write_bodies(number, passage, cell)
        if not is_set_in or self._parent is None:
            self._parent = number

    def _write_bodies(self, measure: int, text: Passage, cell: Passage | None) -> None:
        """The bodies in brackets in a measure and those in the cell beside it; "etc." at their end says that there are others."""
        seen: set[str] = set()
        for match in _BRACKETS.finditer(text.raw):
            start, end = match.span(1)
            stop = start + end_of_list(text.raw[start:end], self._context.profile.marks.and_others)
            parts = parts_of_list(text.raw, start, stop, self._context.organizations)
            self._write_each(measure, [text[a:b] for a, b in parts], seen, and_others=stop < end, is_own=False)
        if cell is not None:
            bodies, rest = bodies_of_cell(cell, self._context)
            for piece, reason in rest:
                self._harvest.discard(piece, reason)
            others = any(reason == AND_OTHERS for _, reason in rest)
            self._write_each(measure, bodies, seen, and_others=others, is_own=True)

    def _write_each(
        self, measure: int, printed: Iterable[Passage], seen: set[str], *, and_others: bool, is_own: bool
    ) -> None:
        """The known ones among printed bodies, each once; `is_own` says that their words are no part of the measure's text."""
        for part in printed:
            body = self._context.organizations.resolve(part.text)
            if body is None or body.organization_id in seen:
                if is_own:
                    self._harvest.discard(part, "body named twice")
                continue
            seen.add(body.organization_id)
            self._harvest.add(
                "measure_organizations",
                {
                    "measure_id": Reference(measure),
                    "organization_id": body.organization_id,
                    "printed": Printed(part, inherited=not is_own),
                    "and_others": and_others,
                },
            )
