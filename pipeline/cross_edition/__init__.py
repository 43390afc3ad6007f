"""What several editions state of one budget: side by side, the exchange rates implied, and whether it fits together.

This joins whole editions with the arithmetic of the checks, so it stands above the stages. Of all this an edition's own
package has only the chart of `charting`: what a later edition or another deck states must not change the bytes of an
edition that did not change.
"""

from __future__ import annotations

from pipeline.cross_edition.charting import charts_of
from pipeline.cross_edition.rendering import FORMATS, render
from pipeline.cross_edition.series import Series, series, series_of
from pipeline.cross_edition.statements import EditionName, EditionTables, FigureName

__all__ = [
    "FORMATS",
    "EditionName",
    "EditionTables",
    "FigureName",
    "Series",
    "charts_of",
    "render",
    "series",
    "series_of",
]
