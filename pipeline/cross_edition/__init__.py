"""What several editions state of one budget: side by side, the exchange rates implied, and whether it fits together.

This joins whole editions with the arithmetic of the checks and stands above the stages, as `run` does. An edition's own
package says nothing of it: what other decks state must not change the bytes of an edition that did not change.
"""

from __future__ import annotations

from pipeline.cross_edition.rendering import FORMATS, render
from pipeline.cross_edition.series import Series, series, series_of
from pipeline.cross_edition.statements import EditionName, EditionTables, FigureName

__all__ = ["FORMATS", "EditionName", "EditionTables", "FigureName", "Series", "render", "series", "series_of"]
