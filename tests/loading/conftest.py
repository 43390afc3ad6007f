"""What the tests of loading share: a PostgreSQL server for the session, and an empty place of each kind."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING

import pytest
from postgresql_server import NoServerError, running_server
from reading_back import Place

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

_numbers = itertools.count()


@pytest.fixture(scope="session")
def server() -> Iterator[str]:
    """Give the address of a real PostgreSQL database."""
    pytest.importorskip("psycopg", reason="psycopg is not installed: pip install '.[postgresql]'")
    running = running_server()
    try:
        address = running.__enter__()
    except NoServerError as error:
        pytest.skip(f"no PostgreSQL server here: {error}")
    yield address
    running.__exit__(None, None, None)


@pytest.fixture
def make_place(tmp_path: Path, request: pytest.FixtureRequest) -> Callable[[str], Place]:
    """Give a new, empty target of a kind."""

    def make(kind: str) -> Place:
        number = next(_numbers)
        if kind in ("duckdb", "sqlite"):
            return Place(kind, f"{kind}:///{tmp_path}/editions-{number}.{kind}")
        if kind == "postgresql":
            # A name that must be quoted, and that would do harm if it were not.
            return Place(kind, request.getfixturevalue("server"), f'decks "{number}"; --')
        return Place(kind, f"{kind}:{tmp_path}/editions-{number}" + (".xlsx" if kind == "excel" else ""))

    return make
