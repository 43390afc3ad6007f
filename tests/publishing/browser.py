"""A real browser without a window, and what a page did in it: complained, asked for, or looked like.

The browser is Debian's `chromium` or what the environment's `CHROME` names; nothing is downloaded. Each one starts with
an empty profile of its own.
"""

from __future__ import annotations

import os
import shutil
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")

# Nothing that the browser does by itself may look like something the page asked for.
ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


@dataclass
class Visit:
    """One page in the browser. `complaints` are its errors and warnings, `requests` all it asked for but itself."""

    page: Any
    complaints: list[str] = field(default_factory=list)
    requests: list[str] = field(default_factory=list)


def browser_path() -> str | None:
    """Find the browser's program; None where there is none."""
    return os.environ.get("CHROME") or next((path for name in NAMES if (path := shutil.which(name))), None)


@contextmanager
def started_browser() -> Iterator[Any]:
    """Start a browser, and stop it at the end. Skips the test where there is none."""
    driver = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    program = browser_path()
    if program is None:
        pytest.skip("no Chromium: install Debian's chromium, or name one in CHROME")
    with driver.sync_playwright() as play:
        browser = play.chromium.launch(executable_path=program, args=list(ARGUMENTS))
        yield browser
        browser.close()


@contextmanager
def visit(browser: Any, path: Path, *, width: int = 1440, height: int = 900, **options: Any) -> Iterator[Visit]:
    """Open the file `path`, anchor and all, in a window of that size, and watch it from its first moment."""
    context = browser.new_context(viewport={"width": width, "height": height}, offline=True, **options)
    page = context.new_page()
    seen = Visit(page)
    page.on("console", lambda message: seen.complaints.append(f"{message.type}: {message.text}"))
    page.on("pageerror", lambda error: seen.complaints.append(str(error)))
    address = path.resolve().as_uri()
    page.on(
        "request",
        lambda r: (
            None if r.url.partition("#")[0] == address or r.url.startswith("data:") else seen.requests.append(r.url)
        ),
    )
    page.goto(address)
    yield seen
    context.close()
