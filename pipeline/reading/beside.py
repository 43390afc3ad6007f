"""What of a document's work needs nothing but the file: its pictures, and what other libraries read in it.

It is asked for as soon as it can be and taken when it is needed. Between the two somebody else may do it:
`supervising.second_process` does, where a second core is free.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    from pipeline.model import Box
    from pipeline.page_image import PageImage
    from pipeline.reading.lattice import LatticeCell
    from pipeline.reading.second_reader import SecondReading


class Beside(Protocol):
    """Takes questions and gives for each what answers it when called, once."""

    def pictures(self, path: Path, pages: int, password: str | None = None) -> Callable[[], Sequence[PageImage]]:
        """As `rendering.render_pages`, of a document with so many pages."""

    def cells(
        self, path: Path, page: int, height: float, password: str | None = None
    ) -> Callable[[], Sequence[LatticeCell]]:
        """As `lattice.lattice_cells`."""

    def glyphs(
        self, path: Path, boxes: Mapping[int, Sequence[Box]], password: str | None = None, *, thorough: bool = False
    ) -> Callable[[], SecondReading]:
        """As `second_reader.second_reading`."""


class _InTurn:
    """Done by whoever asks, at the moment when it is needed."""

    def pictures(
        self,
        path: Path,
        pages: int,  # noqa: ARG002 - of interest to whoever limits the time
        password: str | None = None,
    ) -> Callable[[], Sequence[PageImage]]:
        from pipeline.reading import rendering

        return partial(rendering.render_pages, path, password=password)

    def cells(
        self, path: Path, page: int, height: float, password: str | None = None
    ) -> Callable[[], Sequence[LatticeCell]]:
        from pipeline.reading import lattice

        return partial(lattice.lattice_cells, path, page, height, password)

    def glyphs(
        self, path: Path, boxes: Mapping[int, Sequence[Box]], password: str | None = None, *, thorough: bool = False
    ) -> Callable[[], SecondReading]:
        from pipeline.reading import second_reader

        return partial(second_reader.second_reading, path, boxes, password, thorough=thorough)


IN_TURN: Beside = _InTurn()
"""Nobody else does it."""
