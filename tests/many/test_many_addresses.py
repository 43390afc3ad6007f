"""Documents and editions behind URLs: read and written like those of a folder, within the limits, and nothing else is asked."""

from __future__ import annotations

import functools
import http.server
import os
import threading
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from pipeline.errors import AddressError
from pipeline.limits import Limits
from pipeline.many import run_many, write_summary
from pipeline.many.addresses import is_url, name_in, shown_url
from pipeline.workshop import Options
from tests.many.small_decks import generic, package_bytes, small_deck, write_decks, write_editions

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.at_hand import Called

fsspec = pytest.importorskip("fsspec")


@pytest.fixture
def memory() -> Iterator[object]:
    """A store in this process's memory, empty again afterwards."""
    store = fsspec.filesystem("memory")
    store.store.clear()
    yield store
    store.store.clear()


class Server(http.server.SimpleHTTPRequestHandler):
    """Serves a folder, and besides a file of four megabytes that does not announce its size, and one that it refuses."""

    asked: list[str]

    def do_GET(self) -> None:
        """Answer, and note what was asked."""
        self.asked.append(self.path)
        if self.path.startswith("/unannounced"):
            self.send_response(200)
            self.send_header("Content-Type", "application/pdf")
            self.end_headers()
            for _ in range(64):
                self.wfile.write(bytes(2**16))
        elif self.path.startswith("/forbidden"):
            self.send_error(403)
        else:
            super().do_GET()

    def do_HEAD(self) -> None:
        """Answer without a body."""
        if self.path.startswith("/unannounced"):
            self.send_response(200)
            self.end_headers()
        elif self.path.startswith("/forbidden"):
            self.send_error(403)
        else:
            super().do_HEAD()

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def web(tmp_path: Path) -> Iterator[tuple[str, Path, list[str]]]:
    """A web server's address, the folder it serves, and what it was asked for."""
    pytest.importorskip("aiohttp")
    folder, asked = tmp_path / "served", []
    folder.mkdir()
    handler = type("Noting", (Server,), {"asked": asked})
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(handler, directory=str(folder))) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.server_address[1]}", folder, asked
        server.shutdown()
        thread.join()


def read_as_files(tmp_path: Path, places: list[Path]) -> dict[str, str]:
    """The bytes that the same documents give from a folder."""
    run_many(places, generic(tmp_path / "as-files"), engine="threads", jobs=1)
    return dict(package_bytes(tmp_path / "as-files"))


def test_documents_of_the_web_give_the_bytes_of_files(web: tuple[str, Path, list[str]], tmp_path: Path) -> None:
    """A page that lists PDFs is a folder, an address one document; a missing and a refused one are named, with the rest read."""
    address, folder, _ = web
    paths = write_decks(folder / "decks", 2)
    nobody = "http://127.0.0.1:9/deck.pdf"
    places = [f"{address}/decks/", f"{address}/absent.pdf", f"{address}/forbidden.pdf", nobody]
    results = run_many(places, generic(tmp_path / "out"), engine="threads", jobs=2)
    assert [(r.name, r.outcome) for r in results] == [
        ("deck-000.pdf", "written"),
        ("deck-001.pdf", "written"),
        ("absent.pdf", "failed"),
        ("forbidden.pdf", "failed"),
        ("deck.pdf", "failed"),
    ]
    absent, forbidden, unreachable = (r.error for r in results if r.error is not None)
    assert (absent.code, forbidden.code, unreachable.code) == ("PD001", "PD027", "PD027")
    assert "refused" in str(forbidden)
    assert nobody in str(unreachable)
    assert package_bytes(tmp_path / "out") == read_as_files(tmp_path, paths)


def test_the_limit_on_a_files_size_holds_for_what_is_announced_and_for_what_comes(
    web: tuple[str, Path, list[str]], tmp_path: Path
) -> None:
    """What says that it is too large is not fetched, what does not say is cut off. Both name the option; nothing is left."""
    address, folder, asked = web
    (folder / "announced.pdf").write_bytes(bytes(3_000_000))
    options = replace(generic(tmp_path / "out"), limits=Limits(file_bytes=1_000_000))
    results = run_many([f"{address}/announced.pdf", f"{address}/unannounced.pdf"], options, engine="threads", jobs=1)
    for result in results:
        assert result.error is not None
        assert result.error.code == "PD020"
        assert "--limit file-bytes=" in str(result.error)
    assert "/announced.pdf" not in asked
    assert not (tmp_path / "out").exists()


@pytest.mark.usefixtures("memory")
def test_editions_go_behind_a_url_and_come_back(tmp_path: Path, memory: object) -> None:
    """Read from a store and written to one: the same bytes as on a disk, unchanged the next time, and nothing here is left."""
    paths = write_editions(tmp_path / "editions")
    for path in paths:
        fsspec.filesystem("memory").pipe(f"/in/deep/{path.name}", path.read_bytes())
    options = Options(sources=tmp_path / "none")
    before = set(Path("/tmp").glob("policydeck-*"))  # noqa: S108 - where Python puts temporary folders
    newest_first = [f"memory://in/deep/{path.name}" for path in paths[::-1]]
    results = run_many(newest_first, options, out="memory://out/extracted", engine="threads", jobs=2)
    assert [(r.edition, r.where) for r in results] == [
        (year, f"memory://out/extracted/japan-ai-policy/{year}") for year in ("2028", "2027", "2026")
    ]
    run_many(paths, Options(out=tmp_path / "here", sources=tmp_path / "none"), engine="threads", jobs=1)
    store = fsspec.filesystem("memory")
    store.get("/out/extracted/", str(tmp_path / "fetched/"), recursive=True)
    assert package_bytes(tmp_path / "fetched") == package_bytes(tmp_path / "here")
    again = run_many(["memory://in/"], options, out="memory://out/extracted/", engine="threads", jobs=2)
    assert [r.outcome for r in again] == ["unchanged"] * 3
    store.rm("/out/extracted/japan-ai-policy/2027/data/slides.csv")
    mended = run_many(["memory://in/**/*.pdf"], options, out="memory://out/extracted", engine="threads", jobs=1)
    assert [r.outcome for r in mended].count("written") >= 1
    store.get("/out/extracted/", str(tmp_path / "mended/"), recursive=True)
    assert package_bytes(tmp_path / "mended") == package_bytes(tmp_path / "here")
    assert set(Path("/tmp").glob("policydeck-*")) == before  # noqa: S108


@pytest.mark.slow
def test_a_real_s3_api_serves_and_keeps(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """`s3://` documents are read into an `s3://` folder, by processes, through the protocol itself (moto's server)."""
    server_module = pytest.importorskip("moto.server")
    s3fs = pytest.importorskip("s3fs")
    for name, value in (("KEY_ID", "test"), ("REGION", "us-east-1")):
        monkeypatch.setenv(f"AWS_{'ACCESS_' if name == 'KEY_ID' else 'DEFAULT_'}{name}", value)
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "test")
    server = server_module.ThreadedMotoServer(port=0)
    server.start()
    try:
        host, port = server.get_host_and_port()
        monkeypatch.setenv("AWS_ENDPOINT_URL", f"http://{host}:{port}")
        store = s3fs.S3FileSystem(skip_instance_cache=True)
        store.mkdir("ministry")
        paths = write_decks(tmp_path / "decks", 3)
        for path in paths:
            store.pipe(f"ministry/2025/{path.name}", path.read_bytes())
        places, out = ["s3://ministry/2025"], "s3://ministry/extracted"
        results = run_many([*places, "s3://ministry/absent.pdf"], generic(tmp_path / "x"), out=out, jobs=2)
        assert [r.outcome for r in results] == ["written", "written", "written", "failed"]
        store.invalidate_cache()
        store.get("ministry/extracted/", str(tmp_path / "fetched"), recursive=True)
        assert package_bytes(tmp_path / "fetched") == read_as_files(tmp_path, paths)
        again = run_many(places, generic(tmp_path / "x"), out=out, jobs=1)
        assert [r.outcome for r in again] == ["unchanged"] * 3
    finally:
        server.stop()


def test_a_worker_that_does_not_share_the_disk_is_sent_what_it_needs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It gets the document and the earlier editions and sends the edition back; the bytes are those of one that does."""
    places = write_editions(tmp_path / "editions")[::-1]
    near = Options(out=tmp_path / "near", sources=tmp_path / "none")
    run_many(places, near, engine="threads", jobs=1)
    monkeypatch.setattr("pipeline.many.tasks._sees_workplace", lambda _task: False)
    far = Options(out=tmp_path / "far", sources=tmp_path / "none")
    results = run_many(places, far, engine="threads", jobs=2)
    assert [r.outcome for r in results] == ["written"] * 3
    assert package_bytes(far.out) == package_bytes(near.out)


@pytest.mark.parametrize(
    ("place", "library", "extra"),
    [
        ("https://example.invalid/a.pdf", "fsspec", "https"),
        ("https://example.invalid/a.pdf", "aiohttp", "https"),
        ("s3://bucket/a.pdf", "s3fs", "s3"),
        ("gs://bucket/a.pdf", "gcsfs", "gcs"),
    ],
)
def test_an_extra_that_is_missing_is_named(
    place: str, library: str, extra: str, tmp_path: Path, policydeck: Callable[..., Called]
) -> None:
    """Without the library, the error says which extra to install; no network is asked."""
    (tmp_path / "without" / library).mkdir(parents=True)
    blocked = tmp_path / "without" / library / "__init__.py"
    blocked.write_text(f"raise ModuleNotFoundError('no', name={library!r})\n", encoding="utf-8")
    called = policydeck("run", place, environment={"PYTHONPATH": os.fspath(tmp_path / "without")})
    assert called.code == 2
    assert called.err.startswith(f"PD027 {place}: this needs {library}")
    assert f"'.[{extra}]'" in called.err
    called = policydeck("run", "a.pdf", "--out", place, environment={"PYTHONPATH": os.fspath(tmp_path / "without")})
    assert f"'.[{extra}]'" in called.err


def test_an_unknown_protocol_is_one_error(tmp_path: Path, policydeck: Callable[..., Called]) -> None:
    """It names the protocol and those that are known."""
    called = policydeck("run", "gopher://example.invalid/a.pdf")
    assert called.code == 2
    assert "PD027 gopher://example.invalid/a.pdf: the protocol gopher is unknown. Known are http://" in called.err
    with pytest.raises(AddressError):
        run_many(["a.pdf"], Options(), out="gopher://example.invalid/out")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("url", "name", "shown"),
    [
        ("https://user:pass@example.org/a/deck%202.pdf?sig=x", "deck 2.pdf", "https://example.org/a/deck%202.pdf?…"),
        ("s3://bucket/2025/deck.pdf", "deck.pdf", "s3://bucket/2025/deck.pdf"),
        ("https://example.org/download?id=3", "download", "https://example.org/download?…"),
        ("https://example.org/..%2F..%2Fetc%2Fpasswd", "passwd", "https://example.org/..%2F..%2Fetc%2Fpasswd"),
        ("https://example.org/.hidden.pdf", "document.pdf", "https://example.org/.hidden.pdf"),
        ("https://example.org/", "document.pdf", "https://example.org/"),
    ],
)
def test_a_url_gives_a_plain_name_and_no_secret(url: str, name: str, shown: str) -> None:
    """What becomes a file's name is one name inside its folder; what is printed has no password and no signature."""
    assert is_url(url)
    assert (name_in(url), shown_url(url)) == (name, shown)
    assert not is_url("C:/decks/a.pdf")
    assert not is_url("decks/a.pdf")


def test_the_summary_has_a_row_for_each_and_no_formula(tmp_path: Path) -> None:
    """A file's name that a spreadsheet would run is a text in it, and no secret of a URL is in it."""
    (tmp_path / "=cmd.pdf").write_bytes(b"nothing")
    places = [tmp_path / "=cmd.pdf", *write_decks(tmp_path / "decks", 1)]
    results = [replace(r, document=Path(r.document).name) for r in run_many(places, generic(tmp_path / "out"), jobs=1)]
    write_summary(results, tmp_path / "deep" / "summary.csv")
    header, bad, good = (tmp_path / "deep" / "summary.csv").read_text(encoding="utf-8").splitlines()
    assert header == "document,outcome,exit_code,code,message,advice,deck,edition,pages,words,seconds"
    assert bad.startswith("'=cmd.pdf,failed,2,PD002,")
    assert good.startswith("deck-000.pdf,written,0,,,,unrecognised,deck-000,1,19,")
    assert len(small_deck(0)) > 500
