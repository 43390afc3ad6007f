"""One module a slide shape: a slide in, records with their evidence out. No module here knows a deck."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pipeline.extractors import bar_chart, bulleted_groups, column_budget, prose, prose_and_tables, roster, ruled_table

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from pipeline.extractors.harvest import Context
    from pipeline.layout.slide import Slide
    from pipeline.profiles import Shape
    from pipeline.records import SlideReading

EXTRACTORS: Mapping[Shape, Callable[[Slide, Context], SlideReading]] = {
    "bulleted_groups": bulleted_groups.extract,
    "ruled_table": ruled_table.extract,
    "roster": roster.extract,
    "column_budget": column_budget.extract,
    "bar_chart": bar_chart.extract,
    "prose": prose.extract,
    "prose_and_tables": prose_and_tables.extract,
}
"""The extractor of each shape that a profile can name."""
