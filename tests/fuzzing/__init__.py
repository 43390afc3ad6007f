"""Inputs that nobody meant: mutated PDFs through the whole pipeline, mutated texts through the grammar of amounts.

`python -m tests.fuzzing reading` and `python -m tests.fuzzing amounts` run atheris (the extra `fuzz`); the ordinary tests
need none of it: they replay `corpus/`, what fuzzing found, and a few hundred mutations by seed.
"""

from __future__ import annotations

from pathlib import Path

CORPUS = Path(__file__).parent / "corpus"
"""What fuzzing found, one small file a finding."""
