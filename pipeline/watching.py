"""Saying what is being done, so that somebody else can see when it takes too long.

Whoever reads a document tells a `Watch` of each page and step before it begins. In a process that reads for a
`supervising.Supervisor` this is what its time is measured by; elsewhere nobody listens.
"""

from __future__ import annotations

from typing import Protocol


class Watch(Protocol):
    """Hears of each step as it begins. No method may raise or take long."""

    def page(self, number: int) -> None:
        """What the last stage is about is now done to page `number` (from 1): `Limits.page_seconds` are allowed for it."""

    def stage(self, name: str, pages: int) -> None:
        """A step begins, named by a present participle, on the document as a whole until a page is named.

        The document has `pages` pages; 0 where that is not known yet.
        """

    def writing(self, deck: str, edition: str) -> None:
        """An edition is about to be written; what is left of it where that is cut off can be removed."""


class _Nobody:
    def page(self, number: int) -> None:
        pass

    def stage(self, name: str, pages: int) -> None:
        pass

    def writing(self, deck: str, edition: str) -> None:
        pass


UNWATCHED: Watch = _Nobody()
"""Nobody listens."""
