"""The fixtures that tests of several folders share; what they give is in `at_hand`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.at_hand import SHARED, Called, Editions, call

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path


@pytest.fixture(scope="session")
def editions(tmp_path_factory: pytest.TempPathFactory) -> Editions:
    """The three decks as extracted, by edition."""
    return Editions(tmp_path_factory.mktemp("extracted"))


@pytest.fixture
def policydeck(tmp_path: Path) -> Callable[..., Called]:
    """Call the command in an empty folder."""

    def in_folder(*arguments: str | Path, cwd: Path = tmp_path, environment: Mapping[str, str] | None = None) -> Called:
        return call(*arguments, cwd=cwd, environment=environment)

    return in_folder


@pytest.fixture
def shared() -> Path:
    """The folder of documents and tools beside the project; the test is skipped where it is absent."""
    if not SHARED.is_dir():
        pytest.skip("the folder ../shared is not beside this project")
    return SHARED
