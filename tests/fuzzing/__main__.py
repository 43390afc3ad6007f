"""Fuzz with atheris: `python -m tests.fuzzing reading|amounts FOLDER [libFuzzer options]`.

FOLDER keeps the inputs that reached something new; it is filled with the seeds where it is empty. Useful options:
`-max_total_time=600`, `-runs=10000`, `-timeout=60`, `-rss_limit_mb=3000`, `-artifact_prefix=FOLDER-findings/`. A finding is
written to a file, and put into `tests/fuzzing/corpus/` once it is small. Needs the extra `fuzz`.
"""

from __future__ import annotations

import importlib
import pkgutil
import sys
from pathlib import Path

import atheris

with atheris.instrument_imports(include=["pipeline", "pdfminer", "pdfplumber", "playa"], enable_loader_override=False):
    import pipeline

    # The stages are imported when they are needed; here they must be before the instruments are put away.
    for module in pkgutil.walk_packages(pipeline.__path__, "pipeline."):
        importlib.import_module(module.name)
    import camelot  # noqa: F401 - it brings playa

    from tests.fuzzing.mutating import mutated
    from tests.fuzzing.seeds import seeds
    from tests.fuzzing.targets import amounts, reading
    from tests.fuzzing.texts import TEXTS

LARGEST = 300_000
"""So many bytes an input may have."""


def _mutator(known: list[bytes]):
    def mutate(data: bytes, max_size: int, seed: int) -> bytes:
        if seed % 8 == 0:
            return atheris.Mutate(data, len(data))
        return mutated(data, seed, known)[:max_size]

    return mutate


def main() -> None:
    """Fuzz until stopped."""
    name, folder, *options = sys.argv[1:]
    corpus = Path(folder)
    corpus.mkdir(parents=True, exist_ok=True)
    starting = seeds() if name == "reading" else {f"text-{n}": text.encode() for n, text in enumerate(TEXTS)}
    if not any(corpus.iterdir()):
        for seed, data in starting.items():
            (corpus / seed).write_bytes(data)
    target = {"reading": reading, "amounts": amounts}[name]
    arguments = [sys.argv[0], str(corpus), f"-max_len={LARGEST if name == 'reading' else 400}", *options]
    known = list(starting.values())
    extra = {"custom_mutator": _mutator(known)} if name == "reading" else {}
    atheris.Setup(arguments, target, **extra)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
