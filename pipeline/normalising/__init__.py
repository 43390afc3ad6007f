"""Records to tables: stable keys, real bodies, evidence for every value, and every printed word accounted for."""

from __future__ import annotations

from pipeline.normalising.tables import Normalised, normalise

__all__ = ["Normalised", "normalise"]
