"""What travels between the coordinator and a worker that does not share its disk: all that a document needs, and back.

A worker that sees the coordinator's folders is sent paths only. Another one says so, and is then sent files, by their
path below one of three folders; it works in a temporary folder and sends back the files of the edition.
"""

from __future__ import annotations

import shutil
import tempfile
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.manifest import MANIFEST_NAME

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from pipeline.editions import EarlierEdition
    from pipeline.many.tasks import Answer, Task
    from pipeline.options import Options
    from pipeline.supervising import Outcome

_DOCUMENT, _OUT, _SOURCES = "document", "out", "sources"


def packed(task: Task, earlier: Iterable[EarlierEdition]) -> Task:
    """The task with its document, what is noted of the documents, and the `earlier` editions of its deck, as files."""
    files: dict[str, bytes] = {}
    document = Path(task.place)
    if not task.is_remote and document.is_file():
        files[f"{_DOCUMENT}/{task.name}"] = document.read_bytes()
    sources, root = task.options.sources, task.options.out
    for path in (sources / MANIFEST_NAME, *sorted((sources / "corrections").rglob("*"))):
        if path.is_file():
            files[f"{_SOURCES}/{path.relative_to(sources).as_posix()}"] = path.read_bytes()
    for edition in earlier:
        for path in sorted(edition.path.rglob("*")):
            if path.suffix in (".csv", ".json"):
                files[f"{_OUT}/{path.absolute().relative_to(root).as_posix()}"] = path.read_bytes()
    return replace(task, shipped=files)


def apart(task: Task, shipped: Mapping[str, bytes], read: Callable[[Task, Path], Answer]) -> Answer:
    """What `read` answers, given the files that were shipped in a folder of this machine; the edition comes as files."""
    with tempfile.TemporaryDirectory(prefix="policydeck-") as name:
        folder = Path(name)
        _write(folder, shipped)
        options = replace(task.options, out=folder / _OUT, sources=folder / _SOURCES)
        there = replace(task, options=options)
        if not task.is_remote:
            there = replace(there, place=str(folder / _DOCUMENT / task.name))
        answer = read(there, folder)
        said = _as_asked(answer.outcome, options, task.options)
        return replace(answer, staged=None, files=_files_in(answer.staged), outcome=said)


def unpacked(answer: Answer, workplace: Path) -> Answer:
    """The answer with the files that came with it in a folder inside `workplace`."""
    if answer.files is None:
        return answer
    staged = workplace / f"{answer.number}-shipped"
    shutil.rmtree(staged, ignore_errors=True)
    _write(staged, answer.files)
    return replace(answer, files=None, staged=str(staged))


def _write(folder: Path, files: Mapping[str, bytes]) -> None:
    for name, content in files.items():
        path = folder / name
        if ".." not in path.parts:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)


def _files_in(staged: str | None) -> dict[str, bytes] | None:
    if staged is None:
        return None
    folder = Path(staged)
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}


def _as_asked(outcome: Outcome, there: Options, asked: Options) -> Outcome:
    """The outcome with the folder that was asked for in its message, and not the worker's own."""
    if outcome.failure is None:
        return outcome
    message = outcome.failure.message.replace(there.out.as_posix(), asked.out.as_posix())
    return replace(outcome, failure=replace(outcome.failure, message=message))
