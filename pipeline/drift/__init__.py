"""What drifted between two editions of a deck, as checks."""

from pipeline.drift.checks import KIND, drift_checks, newest_earlier

__all__ = ["KIND", "drift_checks", "newest_earlier"]
