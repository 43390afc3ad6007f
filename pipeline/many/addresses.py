"""Files behind URLs, through fsspec: listed, fetched and written. Nothing here is used unless a URL was asked for.

fsspec and what speaks each protocol are extras; a URL that needs one which is not installed says which.
"""

from __future__ import annotations

import importlib
import re
from contextlib import contextmanager
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote, urlsplit

from pipeline.errors import AddressError, PolicydeckError, SourceNotFoundError
from pipeline.limits import refuse_beyond
from pipeline.manifest import is_plain_name

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from pipeline.limits import Limits

_URL = re.compile(r"[A-Za-z][A-Za-z0-9+.-]+://")
_WEB, _S3, _GCS = ("http", "https"), ("s3", "s3a"), ("gs", "gcs")
_EXTRAS = {**dict.fromkeys(_WEB, "https"), **dict.fromkeys(_S3, "s3"), **dict.fromkeys(_GCS, "gcs")}
"""By protocol: the extra of this project that speaks it. What needs fsspec alone has that of the web."""

_GLOB = re.compile(r"[*?\[]")
_CHUNK = 2**20


def is_url(place: str) -> bool:
    """Whether a place is a URL (`s3://bucket/deck.pdf`) and not a path."""
    return _URL.match(place) is not None


def shown_url(url: str) -> str:
    """A URL as it may be printed: without the name, password and signature that may stand in it."""
    parts = urlsplit(url)
    host = parts.netloc.rpartition("@")[2]
    is_web = parts.scheme in _WEB
    return f"{parts.scheme}://{host}{parts.path}{'?…' if parts.query and is_web else ''}"


def name_in(url: str) -> str:
    """The file's name in a URL: its last part, where that names a file on every system."""
    path = urlsplit(url).path if url.partition("://")[0] in _WEB else url.partition("://")[2]
    name = PurePosixPath(unquote(path)).name
    return name if is_plain_name(name) else "document.pdf"


def pdfs_at(url: str) -> list[str]:
    """The URLs of the documents that a URL means, sorted: itself, all PDFs below a folder, or what a pattern matches.

    A web address is a folder where it ends with a slash; elsewhere the store is asked. Raises AddressError where it
    cannot be asked, and SourceNotFoundError where a folder or a pattern has no PDF.
    """
    protocol = url.partition("://")[0].lower()
    pattern = _GLOB.search(url) is not None and not (protocol in _WEB and "?" in url)
    if not pattern and url.lower().endswith(".pdf"):
        return [url]
    if not pattern and protocol in _WEB and not url.endswith("/"):
        return [url]
    with _answered(url):
        files, path = _store(url)
        if pattern:
            found = files.glob(path)
        elif files.isdir(path):
            found = [p for p in files.find(path) if p.lower().endswith(".pdf")]
        else:
            return [url]
        found = [str(p) for p in found if not PurePosixPath(p).name.startswith(".")]
        urls = sorted(files.unstrip_protocol(p) for p in found)
    if not urls:
        raise SourceNotFoundError(
            f"{shown_url(url)}: there is no PDF.", "Name a file, a folder or a pattern with PDFs."
        )
    return urls


def fetch(url: str, target: Path, limits: Limits) -> None:
    """Copy the file at `url` into the new file `target`, as long as it is within the limit on its size.

    What the server says its size is is checked first, and what comes is counted. Raises TooLargeError,
    SourceNotFoundError and AddressError; then `target` may hold a part of it.
    """
    with _answered(url):
        files, path = _store(url)
        announced = files.info(path).get("size")
        if isinstance(announced, int):
            refuse_beyond(limits, "file_bytes", announced, name_in(url), "the file has")
        arrived = 0
        with files.open(path, "rb", block_size=_CHUNK) as coming, target.open("xb") as file:
            while chunk := coming.read(_CHUNK):
                arrived += len(chunk)
                refuse_beyond(limits, "file_bytes", arrived, name_in(url), "the file has", at_least=True)
                file.write(chunk)


class RemoteFolder:
    """A folder behind a URL that packages are written into and read from. Every method raises AddressError."""

    def __init__(self, url: str) -> None:
        self.url = url.rstrip("/")
        with _answered(url):
            self._files, self._path = _store(self.url)

    def sizes(self) -> dict[str, int]:
        """Every file below, by its path inside the folder, with its size in bytes."""
        with _answered(self.url):
            self._files.invalidate_cache()
            try:
                found = self._files.find(self._path, detail=True)
            except FileNotFoundError:
                return {}
        start = len(self._path.rstrip("/")) + 1
        return {path[start:]: int(about.get("size") or 0) for path, about in found.items()}

    def read(self, names: list[str]) -> dict[str, bytes]:
        """The bytes of files by their path inside the folder; those that are not there are left out."""
        if not names:
            return {}
        places = {f"{self._path}/{name}": name for name in names}
        with _answered(self.url):
            found = self._files.cat(list(places), on_error="return")
            wrong = next((e for e in found.values() if isinstance(e, Exception) and not _is_absent(e)), None)
            if wrong is not None:
                raise wrong
        return {places[p]: bytes(c) for p, c in found.items() if p in places and not isinstance(c, Exception)}

    def write(self, name: str, content: bytes) -> None:
        """Write one file, by its path inside the folder."""
        with _answered(self.url):
            place = f"{self._path}/{name}"
            # Stores of objects have no folders; where there are some, they are made.
            self._files.makedirs(place.rpartition("/")[0], exist_ok=True)
            self._files.pipe_file(place, content)

    def remove(self, name: str) -> None:
        """Remove one file, by its path inside the folder, if it is there."""
        with _answered(self.url):
            try:
                self._files.rm_file(f"{self._path}/{name}")
            except FileNotFoundError:
                return


def _store(url: str) -> tuple[Any, str]:
    """What speaks the URL's protocol, and the path in it."""
    protocol = url.partition("://")[0].lower()
    extra = _EXTRAS.get(protocol, "https")
    fsspec = library("fsspec", extra, shown_url(url))
    if protocol in _WEB:
        library("aiohttp", extra, shown_url(url))
    elif protocol in _S3:
        library("s3fs", extra, shown_url(url))
    elif protocol in _GCS:
        library("gcsfs", extra, shown_url(url))
    elif protocol not in fsspec.available_protocols():
        known = ", ".join(f"{p}://" for p in _EXTRAS)
        raise AddressError(f"{shown_url(url)}: the protocol {protocol} is unknown.", f"Known are {known} and paths.")
    files, path = fsspec.core.url_to_fs(url)
    return files, path


def library(name: str, extra: str, what: str, error: type[PolicydeckError] = AddressError) -> Any:
    """Import the library `name` of the optional extra `extra`; raises `error` about `what` where it is not installed."""
    try:
        return importlib.import_module(name)
    except ModuleNotFoundError as missing:
        if missing.name != name.partition(".")[0]:
            raise
        raise error(
            f"{what}: this needs {name}, which is not installed.",
            f"Install the extra, in the project's folder: pip install '.[{extra}]'",
        ) from missing


def _is_absent(error: BaseException) -> bool:
    return isinstance(error, FileNotFoundError) or type(error).__name__ == "NoSuchKey"


@contextmanager
def _answered(url: str) -> Iterator[None]:
    """Whatever a store raises becomes one error that names the URL."""
    try:
        yield
    except PolicydeckError:
        raise
    except Exception as error:  # each backend has its own kinds
        raise _as_said(url, error) from error


_GONE = (404, 410)
_REFUSED = (401, 403)
"""Answers of web servers (RFC 9110)."""


def _as_said(url: str, error: Exception) -> PolicydeckError:
    """The error for a person. fsspec calls whatever a web server answers a missing file; its cause says what it was."""
    cause = error.__cause__
    status = getattr(cause, "status", None)
    if status is not None or (isinstance(cause, OSError) and not isinstance(cause, FileNotFoundError)):
        error = cause if isinstance(cause, Exception) else error
    if status in _GONE or isinstance(error, FileNotFoundError):
        return SourceNotFoundError(f"{shown_url(url)}: this is not there.", "Check its spelling.")
    if status in _REFUSED or isinstance(error, PermissionError):
        return AddressError(
            f"{shown_url(url)}: access is refused ({_brief(error, url)}).", "Log in to the store, or get permission."
        )
    return AddressError(
        f"{shown_url(url)}: it cannot be reached ({_brief(error, url)}).",
        "Check the address and the network, and run again: what is done stays.",
    )


def _brief(error: Exception, url: str) -> str:
    """What an error says, without what a URL may hold of passwords and signatures."""
    status = getattr(error, "status", None)
    if status is not None:
        return f"status {status}"
    said = " ".join(str(error).split())
    return f"{type(error).__name__}: {said[:120]}" if said and url not in said else type(error).__name__
