"""Writing one extracted edition: data package, CSV, Parquet and checks, swapped in as a whole."""

from pipeline.publishing.package import write_edition

__all__ = ["write_edition"]
