"""pdfium is not safe in several threads at once: whoever asks it for anything holds this lock meanwhile."""

from __future__ import annotations

from threading import RLock

PDFIUM_LOCK = RLock()
