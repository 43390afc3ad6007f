"""What changed between two editions: rows paired, differences classified, and drawn in five formats."""

from __future__ import annotations

from pipeline.diffing.changes import diff_editions
from pipeline.diffing.decisions import NO_DECISIONS, Decision, PairDecisions, read_pairs
from pipeline.diffing.edition_diff import EditionDiff, EditionRows, apply_diff
from pipeline.diffing.rendering import FORMATS, render
from pipeline.diffing.rendering.printed import PrintedEdition

__all__ = [
    "FORMATS",
    "NO_DECISIONS",
    "Decision",
    "EditionDiff",
    "EditionRows",
    "PairDecisions",
    "PrintedEdition",
    "apply_diff",
    "diff_editions",
    "read_pairs",
    "render",
]
