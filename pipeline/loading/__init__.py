"""Putting extracted editions somewhere else: a database, a workbook, a folder of files. One file a kind of target."""

from pipeline.loading.load import Loaded, load_edition, load_editions

__all__ = ["Loaded", "load_edition", "load_editions"]
