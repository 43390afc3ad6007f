"""Dask's cluster of our own: nobody else can ask it, and it ends without a word."""

from __future__ import annotations

import logging
import threading
from typing import Any

import psutil
import pytest

from pipeline.many.engines import Dask

pytest.importorskip("distributed")
pytestmark = pytest.mark.slow


def started() -> tuple[Dask, Any]:
    """An engine with one worker, and its client."""
    engine = Dask(1, None)
    engine._started()
    return engine, engine._client


def test_it_listens_to_this_machine_only() -> None:
    """Its web servers, which cannot be left out, are at an address that no other machine reaches, and have nothing to show."""
    before = {connection.laddr for connection in psutil.Process().net_connections()}
    engine, client = started()
    try:
        opened = [c.laddr for c in psutil.Process().net_connections() if c.laddr not in before]
        assert opened, "look at what it is then, and drop this test's excuse"
        assert {address.ip for address in opened} == {"127.0.0.1"}
        shown = client.cluster.scheduler.http_application.applications
        assert [rule for application in shown for rule in application.wildcard_router.rules] == []
    finally:
        engine.close(abort=False)


def test_it_says_nothing_of_what_is_cut_off(caplog: pytest.LogCaptureFixture) -> None:
    """What goes wrong in its event loop while it is ended is not told; afterwards such things are told again."""
    engine, client = started()
    told = logging.getLogger("tornado.application")
    close, level = client.close, told.level
    has_told = threading.Event()

    def fail() -> None:
        client.loop.add_callback(has_told.set)
        raise KeyError("a task that is gone")

    def fail_and_close() -> None:
        client.loop.add_callback(fail)
        assert has_told.wait(20)
        close()

    client.close = fail_and_close
    engine.close(abort=True)
    assert has_told.is_set()
    assert [record.getMessage() for record in caplog.records if record.levelno > logging.INFO] == []
    assert told.level == level
